"""2.17: each score against the mean of the other side, G's side."""

import torch
from torch.nn import functional as F

from vgan_lessons import losses
from vgan_lessons.checking import Case, Exercise, Mistake
from vgan_lessons.exercises.ex02_objectives.average_game import (
    above,
    average_slips,
    labelled,
    logsigmoids,
)
from vgan_lessons.exercises.score_pairs import SILENT, at, pull_on_fakes, unequal_batches

RELATIVISTIC_AVERAGE_G_LOSS = Exercise(
    name="relativistic_average_g_loss",
    number="2.17",
    minutes=4,
    difficulty="medium",
    importance="extra",
    contract=(
        "Return one number, the sum of two means: of softplus(real - mean of all fakes) over "
        "the reals, and of softplus(-(fake - mean of all reals)) over the fakes.",
        "The two batches may have different sizes, and more axes than one.",
        "Gradient reaches the fakes through both halves; whether it reaches the reals is open.",
    ),
    reference=losses.relativistic_average_g_loss,
    inputs=unequal_batches,
    free_gradients=("real_logits",),
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
            expect=2.820075,  # mean(2.126928, 0.693147), twice
            nudge="The mean fake is 0 and the mean real is 1; now every lead of a real costs.",
        ),
        Case(
            name="pulled through the mean",
            run=pull_on_fakes([0.0], [60.0, -60.0]),
            # half a pull on the second, and half of the real's sigmoid(0) on each
            expect=torch.tensor([-0.25, -0.75]),
            nudge="A fake far above the reals is still pulled, as a part of the mean fake.",
        ),
        Case(
            name="sure and right",
            run=at([100.0], [-100.0]),
            expect=400.0,  # 200 and 200
            nudge="sigmoid(-200) is 0 in float32; its logarithm is not to be taken.",
        ),
        Case(
            name="one score for each patch",
            run=at([[0.0, 4.0]], [[0.0, 2.0], [0.0, 2.0]]),
            # leads of the reals -1 and 3, of the fakes -2 and 0
            expect=3.090962,  # mean(0.313262, 3.048587) + mean(2.126928, 0.693147)
            nudge="The mean fake is 1 and the mean real is 2, over every axis.",
        ),
    ),
    hints=(
        "The same game with the roles exchanged: which labels does G give to both leads?",
        "Turn the sign inside both softplus terms of exercise 2.16.",
        "`F.softplus(...).mean() + F.softplus(-(...)).mean()`, with `.mean()` inside as well.",
    ),
    mistakes=(
        *average_slips(lambda build: lambda real, fake: build(fake, real)),
        Mistake(
            "D's loss",
            above,
            "This rewards reals above the mean fake: it is D's side of the game.",
        ),
        Mistake(
            "minus D's loss",
            lambda real, fake: -above(real, fake),
            "The negative of D's loss saturates; G turns the labels, not the sign.",
        ),
        Mistake(
            "mean of the fakes detached",
            lambda real, fake: (
                F.softplus(real - fake.mean().detach()).mean()
                + F.softplus(real.mean() - fake).mean()
            ),
            "The value is right, but the first half pulls on G only through the mean fake.",
            "gradients",
        ),
        Mistake(
            "cut off from the graph",
            lambda real, fake: above(fake.detach(), real),
            "In G's step the fake logits are the only road to G: no detach, .item() or "
            "no_grad.",
            "gradients",
        ),
        Mistake(
            "reals ignored",
            lambda real, fake: F.softplus(-fake).mean(),
            "This is the non-saturating loss; here both sides are compared.",
        ),
    ),
    alternatives={
        "cross entropy with labels": lambda real, fake: labelled(fake, real),
        "logsigmoid": lambda real, fake: logsigmoids(fake, real),
        "reals detached": lambda real, fake: above(fake, real.detach()),
    },
)
