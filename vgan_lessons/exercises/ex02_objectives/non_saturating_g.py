"""2.2: the logistic game, G's side as it is played."""

import torch
from torch.nn import functional as F

from vgan_lessons import losses
from vgan_lessons.checking import Case, Exercise, Mistake
from vgan_lessons.exercises.score_pairs import (
    SILENT,
    at,
    pull_on_fakes,
    unequal_batches,
)
from vgan_lessons.exercises.usual_slips import g_side_slips


def _cross_entropy(logits, label):
    return F.binary_cross_entropy_with_logits(logits, torch.full_like(logits, label))


NON_SATURATING_G_LOSS = Exercise(
    name="non_saturating_g_loss",
    number="2.2",
    minutes=3,
    contract=(
        "Return one number: minus the mean of log D over the fake logits, D = sigmoid(logit).",
        "real_logits is ignored: it is there because later games need it.",
        "Value and gradient stay finite at any logit, -200 included.",
    ),
    reference=losses.non_saturating_g_loss,
    inputs=unequal_batches,
    cases=(
        Case(
            name="a silent discriminator",
            run=at([0.0], SILENT),
            expect=0.693147,  # log 2
            nudge="Logit 0 is D = 1/2, and -log(1/2) = log 2.",
        ),
        Case(
            name="two fakes",
            run=at([2.0, 0.0], [1.0, -1.0]),
            expect=0.813262,  # mean(0.313262, 1.313262)
            nudge="The fake with logit -1 costs more (1.313): D has caught it.",
        ),
        Case(
            name="the pull where D is sure",
            run=pull_on_fakes([0.0], [-5.0, 5.0]),
            expect=torch.tensor([-0.496654, -0.003346]),  # half of -0.993307 and -0.006693
            nudge="G is pulled hardest at the fakes that D rejects: that is the point of it.",
        ),
        Case(
            name="sure and right about the fakes",
            run=at([0.0], [-200.0]),
            expect=200.0,
            nudge="sigmoid(-200) is 0 in float32; its logarithm is not to be taken.",
        ),
        Case(
            name="one score for each patch",
            run=at([0.0], [[0.0, 0.0], [0.0, 0.0]]),
            expect=0.693147,
            nudge="However many axes the logits have, one number comes out.",
        ),
    ),
    hints=(
        "G wants D to say 'real' of a fake: which label would D's loss give to that?",
        "One term, on the fake logits, with the function that D's loss uses for reals.",
        "`F.softplus(...).mean()`.",
    ),
    mistakes=(
        *g_side_slips(lambda fake: F.softplus(-fake)),
        Mistake(
            "the saturating loss",
            lambda real, fake: -F.softplus(fake).mean(),
            "This is the minimax loss: it points the same way, but dies where D is sure.",
        ),
        Mistake(
            "D's label for the fakes",
            lambda real, fake: F.softplus(fake).mean(),
            "This is D's own term for the fakes: minimising it teaches G to be caught.",
        ),
        Mistake(
            "sigmoid before a loss with logits",
            lambda real, fake: _cross_entropy(torch.sigmoid(fake), 1.0),
            "A loss 'with logits' takes the sigmoid itself: here it is taken twice.",
        ),
        Mistake(
            "log of the sigmoid",
            lambda real, fake: -torch.log(torch.sigmoid(fake)).mean(),
            "sigmoid(-200) is 0 in floats and log 0 is -inf: use F.softplus.",
        ),
        Mistake(
            "log of the mean",
            lambda real, fake: -torch.log(torch.sigmoid(fake).mean()),
            "Take the logarithm of each probability first, and the mean after it.",
        ),
    ),
    alternatives={
        "logsigmoid": lambda real, fake: -F.logsigmoid(fake).mean(),
        "cross entropy with labels": lambda real, fake: _cross_entropy(fake, 1.0),
        "softplus the other way round": lambda real, fake: (F.softplus(fake) - fake).mean(),
        "logaddexp": lambda real, fake: torch.logaddexp(-fake, torch.zeros_like(fake)).mean(),
    },
)
