"""2.1: the logistic game: D's side, G's as it is played, G's as it was derived."""

import torch
from torch.nn import functional as F

from vgan_lessons import losses
from vgan_lessons.checking import Case, Exercise, Mistake
from vgan_lessons.exercises.score_pairs import (
    SILENT,
    at,
    pull_on_fakes,
    pulls_at,
    unequal_batches,
)
from vgan_lessons.exercises.usual_slips import (
    d_side_slips,
    g_side_slips,
    overflow_slip,
    softplus_by_where,
)


def _cross_entropy(logits, label):
    return F.binary_cross_entropy_with_logits(logits, torch.full_like(logits, label))


# fmt: off
NON_SATURATING_D_LOSS = Exercise(
    name="non_saturating_d_loss",
    number="2.1a",
    minutes=4,
    contract=(
        "Return one number: minus the mean of log D over the real logits, minus the mean of "
        "log(1 - D) over the fake ones, D = sigmoid(logit).",
        "The two batches may have different sizes, and more axes than one.",
        "Value and gradient stay finite at any logit, 200 included.",
    ),
    reference=losses.non_saturating_d_loss,
    inputs=unequal_batches,
    stays_finite=True,
    cases=(
        Case("a silent discriminator", at(SILENT, SILENT), 1.386294,  # log 2 + log 2
             "Logit 0 is D = 1/2: log 2 for the reals and log 2 for the fakes."),
        Case("four scores", at([2.0, 0.0], [1.0, -1.0]), 1.223299,  # mean(0.126928, 0.693147) + mean(1.313262, 0.313262)
             "A real with logit 2 costs little (0.127), a fake with logit 1 much (1.313)."),
        Case("unequal batches", at([0.0], [0.0, 2.0, -2.0]), 1.675481,  # 0.693147 + mean(0.693147, 2.126928, 0.126928)
             "Average the real and the fake terms separately, then add."),
        Case("sure and wrong", at([-200.0], [200.0]), 400.0,  # softplus(200) is 200 to many digits
             "sigmoid(-200) is 0 in float32; its logarithm is not to be taken."),
        Case("who pulls which way", pulls_at([0.0], [0.0]), (torch.tensor([-0.5]), torch.tensor([0.5])),
             "D pushes a real up and a fake down, each with force 1/2 at logit 0."),
        Case("one score for each patch", at([[0.0, 0.0], [0.0, 0.0]], [[0.0, 0.0]]), 1.386294,
             "However many axes the logits have, one number comes out."),
    ),
    hints=(
        "-log sigmoid(l) is a function you met in lesson 01, of the logit alone.",
        "Minus log D for the reals, minus log(1 - D) for the fakes: the same function of minus "
        "and of plus the logit.",
        "`F.softplus(...).mean() + F.softplus(...).mean()`.",
    ),
    mistakes=(
        *d_side_slips(lambda real: F.softplus(-real), F.softplus),
        overflow_slip(lambda real, fake: softplus_by_where(-real).mean() + softplus_by_where(fake).mean()),
        Mistake("sigmoid before a loss with logits",
                lambda real, fake: _cross_entropy(torch.sigmoid(real), 1.0) + _cross_entropy(torch.sigmoid(fake), 0.0),
                "A loss 'with logits' takes the sigmoid itself: here it is taken twice."),
        Mistake("infinite far out",
                lambda real, fake: -torch.log(torch.sigmoid(real)).mean() - torch.log(1 - torch.sigmoid(fake)).mean(),
                "Taken step by step the logarithm is infinite far out, where sigmoid rounds to 0 and exp to inf: use F.softplus."),
        Mistake("a small number added before the log",
                lambda real, fake: -(torch.sigmoid(real) + 1e-8).log().mean() - (1 - torch.sigmoid(fake) + 1e-8).log().mean(),
                "The epsilon caps the loss at 37 and kills the gradient where D is most wrong."),
        Mistake("smoothed labels", lambda real, fake: _cross_entropy(real, 0.9) + _cross_entropy(fake, 0.0),
                "A target of 0.9 for reals is another objective; the label here is 1."),
        Mistake("all labels real", lambda real, fake: _cross_entropy(real, 1.0) + _cross_entropy(fake, 1.0),
                "The fakes carry the label of the reals: D would be rewarded for being fooled."),
        Mistake("labels made on the CPU",
                {"F.softplus(-real_logits).mean()":
                 "F.binary_cross_entropy_with_logits(real_logits, torch.ones(real_logits.shape, device='cpu'))"},
                "The numbers are right, but labels have to be made on the device of the logits: ones_like does it.",
                "dtype/device/seed"),
    ),
)

NON_SATURATING_G_LOSS = Exercise(
    name="non_saturating_g_loss",
    number="2.1b",
    minutes=3,
    contract=(
        "Return one number: minus the mean of log D over the fake logits, D = sigmoid(logit).",
        "`real_logits` is ignored and may be `None`: it is there because later games need it.",
        "Value and gradient stay finite at any logit, -200 included.",
    ),
    reference=losses.non_saturating_g_loss,
    inputs=unequal_batches,
    stays_finite=True,
    cases=(
        Case("a silent discriminator", at([0.0], SILENT), 0.693147,  # log 2
             "Logit 0 is D = 1/2, and -log(1/2) = log 2."),
        Case("two fakes", at([2.0, 0.0], [1.0, -1.0]), 0.813262,  # mean(0.313262, 1.313262)
             "The fake with logit -1 costs more (1.313): D has caught it."),
        Case("the pull where D is sure", pull_on_fakes([0.0], [-5.0, 5.0]),
             torch.tensor([-0.496654, -0.003346]),  # half of -0.993307 and -0.006693
             "G is pulled hardest at the fakes that D rejects: that is the point of it."),
        Case("sure and right about the fakes", at([0.0], [-200.0]), 200.0,
             "sigmoid(-200) is 0 in float32; its logarithm is not to be taken."),
        Case("no reals at all", at(None, [1.0, -1.0]), 0.813262,
             "real_logits may be None: nothing of it is needed."),
        Case("one score for each patch", at([0.0], [[0.0, 0.0], [0.0, 0.0]]), 0.693147,
             "However many axes the logits have, one number comes out."),
    ),
    hints=(
        "G wants D to say 'real' of a fake: which label would D's loss give to that?",
        "One term, on the fake logits, with the function that D's loss uses for reals.",
        "`F.softplus(...).mean()`.",
    ),
    mistakes=(
        *g_side_slips(lambda fake: F.softplus(-fake)),
        overflow_slip(lambda real, fake: softplus_by_where(-fake).mean()),
        Mistake("the saturating loss", lambda real, fake: -F.softplus(fake).mean(),
                "This is the minimax loss: it points the same way, but dies where D is sure."),
        Mistake("D's label for the fakes", {"-fake_logits": "fake_logits"},
                "This is D's own term for the fakes: minimising it teaches G to be caught."),
        Mistake("sigmoid before a loss with logits", lambda real, fake: _cross_entropy(torch.sigmoid(fake), 1.0),
                "A loss 'with logits' takes the sigmoid itself: here it is taken twice."),
        Mistake("infinite far out", {"F.softplus(-fake_logits)": "-torch.log(torch.sigmoid(fake_logits))"},
                "Taken step by step the logarithm is infinite far out, where sigmoid rounds to 0 and exp to inf: use F.softplus."),
        Mistake("log of the mean", lambda real, fake: -torch.log(torch.sigmoid(fake).mean()),
                "Take the logarithm of each probability first, and the mean after it."),
    ),
)

MINIMAX_G_LOSS = Exercise(
    name="minimax_g_loss",
    number="2.1c",
    minutes=3,
    contract=(
        "Return one number, for G to minimise: the mean of log(1 - D) over the fake logits, "
        "D = sigmoid(logit).",
        "`real_logits` is ignored and may be `None`: the value of the game has a real term, but G "
        "cannot move it.",
        "Value and gradient stay finite at any logit, 200 included.",
    ),
    reference=losses.minimax_g_loss,
    inputs=unequal_batches,
    stays_finite=True,
    cases=(
        Case("a silent discriminator", at([0.0], [0.0, 0.0, 0.0]), -0.693147,  # log(1/2)
             "Logit 0 is D = 1/2, and log(1 - 1/2) = -log 2, below 0."),
        Case("two fakes", at([2.0, 0.0], [1.0, -1.0]), -0.813262,  # mean(-1.313262, -0.313262)
             "The better a fake fools D, the further below 0 its term."),
        Case("the pull where D is sure", pull_on_fakes([0.0], [-5.0, 5.0]),
             torch.tensor([-0.003346, -0.496654]),  # half of -sigmoid(l)
             "G is hardly pulled where D rejects its fake: the loss saturates there."),
        Case("sure and wrong", at([0.0], [200.0]), -200.0,
             "1 - sigmoid(200) is 0 in float32; its logarithm is not to be taken."),
        Case("no reals at all", at(None, [1.0, -1.0]), -0.813262,
             "real_logits may be None: nothing of it is needed."),
        Case("one score for each patch", at([0.0], [[0.0, 0.0], [0.0, 0.0]]), -0.693147,
             "However many axes the logits have, one number comes out."),
    ),
    hints=(
        "It is D's own term for the fakes. D makes it large; what is G's sign?",
        "log(1 - sigmoid(l)) is a logsigmoid of something simple.",
        "A minus sign, `F.softplus(...)`, and a mean.",
    ),
    mistakes=(
        *(slip for slip in g_side_slips(lambda fake: -F.softplus(fake)) if slip.name != "pushed the wrong way"),
        overflow_slip(lambda real, fake: -softplus_by_where(fake).mean()),
        Mistake("D's loss minimised by G", {"-F.softplus": "F.softplus"},
                "The sign is turned: this is what D minimises, and G would learn to be caught."),
        Mistake("the non-saturating loss", {"-F.softplus(fake_logits)": "F.softplus(-fake_logits)"},
                "This is -log D; here log(1 - D) is asked for, the loss that saturates."),
        Mistake("the whole value of the game", lambda real, fake: F.logsigmoid(real).mean() + F.logsigmoid(-fake).mean(),
                "The real term does not depend on G; leave it out."),
        Mistake("infinite far out", {"-F.softplus(fake_logits)": "torch.log(1 - torch.sigmoid(fake_logits))"},
                "Taken step by step the logarithm is infinite far out, where sigmoid rounds to 0 and exp to inf: use F.softplus."),
        Mistake("no logarithm", {"-F.softplus(fake_logits)": "torch.sigmoid(-fake_logits)"},
                "This is the mean of 1 - D; the game is about its logarithm."),
        Mistake("sigmoid before a loss with logits", lambda real, fake: -_cross_entropy(torch.sigmoid(fake), 0.0),
                "A loss 'with logits' takes the sigmoid itself: here it is taken twice."),
    ),
)
