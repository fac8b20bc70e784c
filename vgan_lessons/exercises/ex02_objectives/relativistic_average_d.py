"""2.16: each score against the mean of the other side, D's side."""

import torch
from torch.nn import functional as F

from vgan_lessons import losses
from vgan_lessons.checking import Case, Exercise, Mistake
from vgan_lessons.exercises.ex02_objectives.average_game import (
    above,
    average_slips,
    labelled,
    logaddexps,
    logsigmoids,
)
from vgan_lessons.exercises.score_pairs import SILENT, at, pulls_at, unequal_batches

RELATIVISTIC_AVERAGE_D_LOSS = Exercise(
    name="relativistic_average_d_loss",
    number="2.16",
    minutes=5,
    difficulty="medium",
    importance="extra",
    contract=(
        "Return one number, the sum of two means: of softplus(-(real - mean of all fakes)) "
        "over the reals, and of softplus(fake - mean of all reals) over the fakes.",
        "The two batches may have different sizes, and more axes than one.",
        "Gradient reaches every logit, through the two means as well.",
    ),
    reference=losses.relativistic_average_d_loss,
    inputs=unequal_batches,
    cases=(
        Case(
            name="a silent discriminator",
            run=at(SILENT, SILENT),
            expect=1.386294,  # log 2 + log 2
            nudge="All leads are 0: log 2 from the reals and log 2 from the fakes.",
        ),
        Case(
            name="four scores",
            run=at([2.0, 0.0], [1.0, -1.0]),
            # leads of the reals 2 and 0, of the fakes 0 and -2
            expect=0.820075,  # mean(0.126928, 0.693147), twice
            nudge="The mean fake is 0 and the mean real is 1.",
        ),
        Case(
            name="pulled through the mean",
            run=pulls_at([60.0, -60.0], [0.0]),
            # reals: half a pull on the second, and half of the fake's sigmoid(0) on each
            expect=(torch.tensor([-0.25, -0.75]), torch.tensor([1.0])),
            nudge="A real far above the fakes is still pulled, as a part of the mean real.",
        ),
        Case(
            name="sure and wrong",
            run=at([-100.0], [100.0]),
            expect=400.0,  # 200 and 200
            nudge="sigmoid(-200) is 0 in float32; its logarithm is not to be taken.",
        ),
        Case(
            name="one score for each patch",
            run=at([[0.0, 4.0]], [[0.0, 2.0], [0.0, 2.0]]),
            # leads of the reals -1 and 3, of the fakes -2 and 0
            expect=1.090962,  # mean(1.313262, 0.048587) + mean(0.126928, 0.693147)
            nudge="The mean fake is 1 and the mean real is 2, over every axis.",
        ),
    ),
    hints=(
        "A score is compared with the average opponent: by how much does this real lead it?",
        "Two leads: reals minus the mean fake, fakes minus the mean real; each a logistic "
        "term.",
        "`F.softplus(-(...)).mean() + F.softplus(...).mean()`, with `.mean()` inside as well.",
    ),
    mistakes=(
        *average_slips(lambda build: build),
        Mistake(
            "G's loss",
            lambda real, fake: above(fake, real),
            "This rewards fakes above the mean real: it is G's side of the game.",
        ),
        Mistake(
            "means detached",
            lambda real, fake: (
                F.softplus(fake.mean().detach() - real).mean()
                + F.softplus(fake - real.mean().detach()).mean()
            ),
            "The value is right, but the means must carry gradient: they are D's scores, too.",
            "gradients",
        ),
        Mistake(
            "plain logistic loss",
            lambda real, fake: F.softplus(-real).mean() + F.softplus(fake).mean(),
            "This is the non-saturating loss: nothing is compared with the other side's mean.",
        ),
        Mistake(
            "summed, not averaged",
            lambda real, fake: (
                F.softplus(fake.mean() - real).sum() + F.softplus(fake - real.mean()).sum()
            ),
            "A sum over the batch grows with its size; take the mean of each half.",
            "axes",
        ),
        Mistake(
            "difference of the means",
            lambda real, fake: 2 * F.softplus(fake.mean() - real.mean()),
            "Only the opponent is averaged first; each score goes through softplus by itself.",
            "axes",
        ),
    ),
    alternatives={
        "cross entropy with labels": labelled,
        "logsigmoid": logsigmoids,
        "logaddexp": logaddexps,
    },
)
