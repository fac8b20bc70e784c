"""2.3: the logistic game, G's side as it was derived."""

import torch
from torch.nn import functional as F

from vgan_lessons import losses
from vgan_lessons.checking import Case, Exercise, Mistake
from vgan_lessons.exercises.score_pairs import (
    at,
    pull_on_fakes,
    unequal_batches,
)
from vgan_lessons.exercises.usual_slips import g_side_slips


def _cross_entropy(logits, label):
    return F.binary_cross_entropy_with_logits(logits, torch.full_like(logits, label))


MINIMAX_G_LOSS = Exercise(
    name="minimax_g_loss",
    number="2.3",
    minutes=3,
    contract=(
        "Return one number, for G to minimise: the mean of log(1 - D) over the fake logits, "
        "D = sigmoid(logit).",
        "real_logits is ignored: the value of the game has a real term, but G cannot move it.",
        "Value and gradient stay finite at any logit, 200 included.",
    ),
    reference=losses.minimax_g_loss,
    inputs=unequal_batches,
    cases=(
        Case(
            name="a silent discriminator",
            run=at([0.0], [0.0, 0.0, 0.0]),
            expect=-0.693147,  # log(1/2)
            nudge="Logit 0 is D = 1/2, and log(1 - 1/2) = -log 2, below 0.",
        ),
        Case(
            name="two fakes",
            run=at([2.0, 0.0], [1.0, -1.0]),
            expect=-0.813262,  # mean(-1.313262, -0.313262)
            nudge="The better a fake fools D, the further below 0 its term.",
        ),
        Case(
            name="the pull where D is sure",
            run=pull_on_fakes([0.0], [-5.0, 5.0]),
            expect=torch.tensor([-0.003346, -0.496654]),  # half of -sigmoid(l)
            nudge="G is hardly pulled where D rejects its fake: the loss saturates there.",
        ),
        Case(
            name="sure and wrong",
            run=at([0.0], [200.0]),
            expect=-200.0,
            nudge="1 - sigmoid(200) is 0 in float32; its logarithm is not to be taken.",
        ),
        Case(
            name="one score for each patch",
            run=at([0.0], [[0.0, 0.0], [0.0, 0.0]]),
            expect=-0.693147,
            nudge="However many axes the logits have, one number comes out.",
        ),
    ),
    hints=(
        "It is D's own term for the fakes. D makes it large; what is G's sign?",
        "log(1 - sigmoid(l)) is a logsigmoid of something simple.",
        "A minus sign, `F.softplus(...)`, and a mean.",
    ),
    mistakes=(
        *(
            slip
            for slip in g_side_slips(lambda fake: -F.softplus(fake))
            if slip.name != "pushed the wrong way"
        ),
        Mistake(
            "D's loss minimised by G",
            lambda real, fake: F.softplus(fake).mean(),
            "The sign is turned: this is what D minimises, and G would learn to be caught.",
        ),
        Mistake(
            "the non-saturating loss",
            lambda real, fake: F.softplus(-fake).mean(),
            "This is -log D; here log(1 - D) is asked for, the loss that saturates.",
        ),
        Mistake(
            "the whole value of the game",
            lambda real, fake: F.logsigmoid(real).mean() + F.logsigmoid(-fake).mean(),
            "The real term does not depend on G; leave it out.",
        ),
        Mistake(
            "log of one minus the sigmoid",
            lambda real, fake: torch.log(1 - torch.sigmoid(fake)).mean(),
            "1 - sigmoid(l) is 0 in floats for l above 17 and log 0 is -inf: use F.softplus.",
        ),
        Mistake(
            "no logarithm",
            lambda real, fake: torch.sigmoid(-fake).mean(),
            "This is the mean of 1 - D; the game is about its logarithm.",
        ),
        Mistake(
            "sigmoid before a loss with logits",
            lambda real, fake: -_cross_entropy(torch.sigmoid(fake), 0.0),
            "A loss 'with logits' takes the sigmoid itself: here it is taken twice.",
        ),
    ),
    alternatives={
        "logsigmoid": lambda real, fake: F.logsigmoid(-fake).mean(),
        "minus cross entropy": lambda real, fake: -_cross_entropy(fake, 0.0),
        "logit taken out": lambda real, fake: (F.logsigmoid(fake) - fake).mean(),
    },
)
