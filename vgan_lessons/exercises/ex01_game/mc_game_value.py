"""1.3a: the value of the game from samples, finite at any logit."""

import math

import torch
from torch.nn import functional as F

from vgan_lessons import divergences
from vgan_lessons.checking import Case, Exercise, Mistake
from vgan_lessons.exercises.score_pairs import SILENT, at, pulls_at, unequal_batches
from vgan_lessons.exercises.usual_slips import d_side_slips, overflow_slip, softplus_by_where

# fmt: off
MC_GAME_VALUE = Exercise(
    name="mc_game_value",
    number="1.3a",
    minutes=5,
    contract=(
        "Return one number, in nats: the mean of log D over the real logits plus the mean of "
        "log(1 - D) over the fake ones, D = sigmoid(logit).",
        "The two batches may have different sizes, and more axes than one.",
        "Value and gradient stay finite at any logit, 200 included.",
    ),
    reference=divergences.mc_game_value,
    inputs=unequal_batches,
    stays_finite=True,
    cases=(  # situation, what is seen, by hand, where to look
        Case("a silent discriminator", at(SILENT, SILENT), -1.386294,  # log(1/2) + log(1/2)
             "Logit 0 is D = 1/2 on both sides: two halves of log(1/2) each."),
        Case("four scores", at([2.0, 0.0], [1.0, -1.0]), -1.223299,  # mean(-0.126928, -0.693147) + mean(-1.313262, -0.313262)
             "A real with logit 2 counts log sigmoid(2) = -0.127."),
        Case("unequal batches", at([0.0], [0.0, 2.0, -2.0]), -1.675481,  # -0.693147 + mean(-0.693147, -2.126928, -0.126928)
             "Average the real and the fake terms separately, then add."),
        Case("sure and wrong", at([-200.0], [200.0]), -400.0,  # log sigmoid(-200) is -200 to many digits
             "sigmoid(-200) is 0 in float32; its logarithm is not to be taken."),
        Case("who pulls which way", pulls_at([0.0], [0.0]), (torch.tensor([0.5]), torch.tensor([-0.5])),
             "V grows when real logits rise and fake ones fall; both need their gradient."),
        Case("one score for each patch", at([[0.0, 0.0], [0.0, 0.0]], [[0.0, 0.0]]), -1.386294,
             "However many axes the logits have, one number comes out."),
    ),
    hints=(
        "log sigmoid(l) has a name of its own, and 1 - sigmoid(l) is sigmoid(-l).",
        "Never form D: go from the logit to the logarithm in one step, then average each "
        "batch.",
        "`F.logsigmoid(...)` or `-F.softplus(...)`, two means, one plus sign.",
    ),
    mistakes=(  # name, edits of the reference or another expression, diagnosis, kind
        *d_side_slips(F.logsigmoid, lambda fake: F.logsigmoid(-fake)),
        Mistake("D's loss instead of the value", {"return F": "return -F", " + F": " - F"},
                "This is what D minimises; the value of the game is its negative."),
        Mistake("bits", lambda real, fake: (F.logsigmoid(real).mean() + F.logsigmoid(-fake).mean()) / math.log(2),
                "This counts in bits (log to base 2); the course counts in nats throughout."),
        Mistake("log D on the fakes too", {"-fake_logits": "fake_logits"},
                "The fakes count with log(1 - D): turn the sign of their logits."),
        Mistake("infinite far out", lambda real, fake: torch.sigmoid(real).log().mean() + torch.sigmoid(-fake).log().mean(),
                "Taken step by step the logarithm is infinite far out, where sigmoid rounds to 0 and exp to inf: use F.logsigmoid or F.softplus."),
        Mistake("a small number added before the log",
                lambda real, fake: (torch.sigmoid(real) + 1e-8).log().mean() + (1 - torch.sigmoid(fake) + 1e-8).log().mean(),
                "An epsilon stops the value at log(1e-8) = -18 and kills the gradient there."),
        overflow_slip(lambda real, fake: -softplus_by_where(-real).mean() - softplus_by_where(fake).mean()),
        Mistake("no logarithm", {"F.logsigmoid(real": "torch.sigmoid(real", "F.logsigmoid(-fake": "torch.sigmoid(-fake"},
                "These are mean probabilities; the game is about their logarithms."),
        Mistake("sigmoid of a sigmoid", {"(real_logits)": "(torch.sigmoid(real_logits))", "(-fake_logits)": "(-torch.sigmoid(fake_logits))"},
                "logsigmoid takes the logit itself; here it got a probability."),
    ),
)
