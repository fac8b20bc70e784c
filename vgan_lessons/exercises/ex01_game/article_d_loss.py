"""1.7: a published slip: flipped labels and a flipped sign, and why no D can be best."""

import torch
from torch.nn import functional as F

from vgan_lessons import losses
from vgan_lessons.checking import Case, Exercise, Mistake
from vgan_lessons.exercises.score_pairs import (
    SILENT,
    at,
    pulls_at,
    unequal_batches,
)
from vgan_lessons.exercises.usual_slips import d_side_slips


def _by_cross_entropy(real, fake):
    taken_for_fakes = F.binary_cross_entropy_with_logits(real, torch.zeros_like(real))
    return -taken_for_fakes - F.binary_cross_entropy_with_logits(fake, torch.ones_like(fake))


_SLIPS = d_side_slips(lambda real: -F.softplus(real), lambda fake: -F.softplus(-fake))

ARTICLE_D_LOSS = Exercise(
    name="article_d_loss",
    number="1.7",
    minutes=5,
    difficulty="medium",
    importance="extra",
    contract=(
        "Return the loss exactly as it was published, for D to minimise: the mean of log(1 - "
        "D) over the real logits plus the mean of log D over the fake ones, D = "
        "sigmoid(logit).",
        "The two batches may have different sizes, and more axes than one.",
        "Value and gradient stay finite at any logit, 200 included.",
    ),
    reference=losses.article_d_loss,
    inputs=unequal_batches,
    cases=(
        Case(
            name="a silent discriminator",
            run=at(SILENT, SILENT),
            expect=-1.386294,  # log(1/2) + log(1/2)
            nudge="Logit 0 is D = 1/2 on both sides: two halves of log(1/2) each.",
        ),
        Case(
            name="a better and better D",
            run=lambda loss: torch.stack(
                [loss(torch.tensor([s]), torch.tensor([-s])) for s in (0.0, 3.0, 30.0, 200.0)]
            ),
            expect=torch.tensor([-1.386294, -6.097174, -60.0, -400.0]),
            nudge="The surer D is, and right, the lower this loss: there is no floor.",
        ),
        Case(
            name="unequal batches",
            run=at([0.0], [0.0, 2.0, -2.0]),
            expect=-1.675481,  # -0.693147 + mean(-0.693147, -0.126928, -2.126928)
            nudge="Average the real and the fake terms separately, then add.",
        ),
        Case(
            name="who pulls which way",
            run=pulls_at([2.0], [-2.0]),
            expect=(torch.tensor([-0.880797]), torch.tensor([0.880797])),
            nudge="Minimising pushes reals up and fakes down, as it should, and the harder the "
            "better D already is: the slope is sigmoid(2).",
        ),
        Case(
            name="one score for each patch",
            run=at([[0.0, 0.0], [0.0, 0.0]], [[0.0, 0.0]]),
            expect=-1.386294,
            nudge="However many axes the logits have, one number comes out.",
        ),
    ),
    hints=(
        "Write what is printed, not what is meant: which side gets log D, which log(1 - D)?",
        "log(1 - D) belongs to the reals here; both logarithms exist in terms of the logit.",
        "`F.logsigmoid(...)` twice, one of them of minus the logits; means; one plus sign.",
    ),
    mistakes=(
        *(slip for slip in _SLIPS if slip.name != "labels swapped"),
        Mistake(
            "repaired without being asked",
            lambda real, fake: F.softplus(-real).mean() + F.softplus(fake).mean(),
            "This is the right loss for D; here you write the published one, to see it fail.",
        ),
        Mistake(
            "labels right, sign wrong",
            lambda real, fake: F.logsigmoid(real).mean() + F.logsigmoid(-fake).mean(),
            "This is the true value of the game, which D maximises; here log(1 - D) goes with "
            "the reals.",
        ),
        Mistake(
            "labels wrong, sign right",
            lambda real, fake: F.softplus(real).mean() + F.softplus(-fake).mean(),
            "A minus too many: the published loss is the sum of two logarithms, below 0.",
        ),
        Mistake(
            "log of the sigmoid",
            lambda real, fake: (
                torch.log(1 - torch.sigmoid(real)).mean()
                + torch.log(torch.sigmoid(fake)).mean()
            ),
            "sigmoid reaches 0 and 1 in floats and log 0 is -inf: use F.logsigmoid.",
        ),
        Mistake(
            "a small number added before the log",
            lambda real, fake: (
                (1 - torch.sigmoid(real) + 1e-8).log().mean()
                + (torch.sigmoid(fake) + 1e-8).log().mean()
            ),
            "The epsilon builds a floor at 2 log(1e-8) = -37 that the loss does not have.",
        ),
    ),
    alternatives={
        "logsigmoid": lambda real, fake: F.logsigmoid(-real).mean() + F.logsigmoid(fake).mean(),
        "cross entropy with the wrong labels": _by_cross_entropy,
        "logits taken out": lambda real, fake: (
            F.logsigmoid(real).mean() - real.mean() + fake.mean() + F.logsigmoid(-fake).mean()
        ),
    },
)
