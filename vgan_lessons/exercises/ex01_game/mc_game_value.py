"""1.3: the value of the game from samples, finite at any logit."""

import math

import torch
from torch.nn import functional as F

from vgan_lessons import divergences
from vgan_lessons.checking import Case, Exercise, Mistake
from vgan_lessons.exercises.score_pairs import (
    SILENT,
    at,
    pulls_at,
    unequal_batches,
)
from vgan_lessons.exercises.usual_slips import d_side_slips


def _by_cross_entropy(real, fake):
    on_reals = F.binary_cross_entropy_with_logits(real, torch.ones_like(real))
    return -on_reals - F.binary_cross_entropy_with_logits(fake, torch.zeros_like(fake))


def _log_d(logits):
    return torch.log(torch.sigmoid(logits))


MC_GAME_VALUE = Exercise(
    name="mc_game_value",
    number="1.3",
    minutes=5,
    contract=(
        "Return one number, in nats: the mean of log D over the real logits plus the mean of "
        "log(1 - D) over the fake ones, D = sigmoid(logit).",
        "The two batches may have different sizes, and more axes than one.",
        "Value and gradient stay finite at any logit, 200 included.",
    ),
    reference=divergences.mc_game_value,
    inputs=unequal_batches,
    cases=(
        Case(
            name="a silent discriminator",
            run=at(SILENT, SILENT),
            expect=-1.386294,  # log(1/2) + log(1/2)
            nudge="Logit 0 is D = 1/2 on both sides: two halves of log(1/2) each.",
        ),
        Case(
            name="four scores",
            run=at([2.0, 0.0], [1.0, -1.0]),
            expect=-1.223299,  # mean(-0.126928, -0.693147) + mean(-1.313262, -0.313262)
            nudge="A real with logit 2 counts log sigmoid(2) = -0.127.",
        ),
        Case(
            name="unequal batches",
            run=at([0.0], [0.0, 2.0, -2.0]),
            expect=-1.675481,  # -0.693147 + mean(-0.693147, -2.126928, -0.126928)
            nudge="Average the real and the fake terms separately, then add.",
        ),
        Case(
            name="sure and wrong",
            run=at([-200.0], [200.0]),
            expect=-400.0,  # log sigmoid(-200) is -200 to many digits
            nudge="sigmoid(-200) is 0 in float32; its logarithm is not to be taken.",
        ),
        Case(
            name="who pulls which way",
            run=pulls_at([0.0], [0.0]),
            expect=(torch.tensor([0.5]), torch.tensor([-0.5])),
            nudge="V grows when real logits rise and fake ones fall; both need their gradient.",
        ),
        Case(
            name="one score for each patch",
            run=at([[0.0, 0.0], [0.0, 0.0]], [[0.0, 0.0]]),
            expect=-1.386294,
            nudge="However many axes the logits have, one number comes out.",
        ),
    ),
    hints=(
        "log sigmoid(l) has a name of its own, and 1 - sigmoid(l) is sigmoid(-l).",
        "Never form D: go from the logit to the logarithm in one step, then average each "
        "batch.",
        "`F.logsigmoid(...)` or `-F.softplus(...)`, two means, one plus sign.",
    ),
    mistakes=(
        *d_side_slips(F.logsigmoid, lambda fake: F.logsigmoid(-fake)),
        Mistake(
            "D's loss instead of the value",
            lambda real, fake: F.softplus(-real).mean() + F.softplus(fake).mean(),
            "This is what D minimises; the value of the game is its negative.",
        ),
        Mistake(
            "bits",
            lambda real, fake: (
                (F.logsigmoid(real).mean() + F.logsigmoid(-fake).mean()) / math.log(2)
            ),
            "This counts in bits (log to base 2); the course counts in nats throughout.",
        ),
        Mistake(
            "log D on the fakes too",
            lambda real, fake: F.logsigmoid(real).mean() + F.logsigmoid(fake).mean(),
            "The fakes count with log(1 - D): turn the sign of their logits.",
        ),
        Mistake(
            "log of the sigmoid",
            lambda real, fake: _log_d(real).mean() + _log_d(-fake).mean(),
            "sigmoid underflows to 0 and log 0 is -inf: use F.logsigmoid or F.softplus.",
        ),
        Mistake(
            "a small number added before the log",
            lambda real, fake: (
                (torch.sigmoid(real) + 1e-8).log().mean()
                + (1 - torch.sigmoid(fake) + 1e-8).log().mean()
            ),
            "An epsilon stops the value at log(1e-8) = -18 and kills the gradient there.",
        ),
        Mistake(
            "no logarithm",
            lambda real, fake: torch.sigmoid(real).mean() + torch.sigmoid(-fake).mean(),
            "These are mean probabilities; the game is about their logarithms.",
        ),
        Mistake(
            "sigmoid of a sigmoid",
            lambda real, fake: (
                F.logsigmoid(torch.sigmoid(real)).mean()
                + F.logsigmoid(-torch.sigmoid(fake)).mean()
            ),
            "logsigmoid takes the logit itself; here it got a probability.",
        ),
    ),
    alternatives={
        "softplus": lambda real, fake: -F.softplus(-real).mean() - F.softplus(fake).mean(),
        "cross entropy with labels": _by_cross_entropy,
        "logaddexp": lambda real, fake: (
            -torch.logaddexp(-real, torch.zeros_like(real)).mean()
            - torch.logaddexp(fake, torch.zeros_like(fake)).mean()
        ),
        "sums over counts": lambda real, fake: (
            F.logsigmoid(real).sum() / real.numel() + F.logsigmoid(-fake).sum() / fake.numel()
        ),
    },
)
