"""2.6 and 2.7: squares around targets instead of logarithms."""

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
from vgan_lessons.exercises.usual_slips import d_side_slips, g_side_slips


def _half_square(real, fake, real_target, fake_target):
    return ((real - real_target).square().mean() + (fake - fake_target).square().mean()) / 2


LEAST_SQUARES_D_LOSS = Exercise(
    name="least_squares_d_loss",
    number="2.6",
    minutes=3,
    contract=(
        "Return one number: half the mean square distance of the real scores from 1, plus half "
        "the mean square distance of the fake scores from 0.",
        "The scores are used as they are, without a sigmoid.",
        "The two batches may have different sizes, and more axes than one.",
    ),
    reference=losses.least_squares_d_loss,
    inputs=unequal_batches,
    cases=(
        Case(
            name="a silent discriminator",
            run=at(SILENT, SILENT),
            expect=0.5,  # half of (0 - 1)^2, and 0
            nudge="The reals are 1 away from their target, the fakes sit on theirs.",
        ),
        Case(
            name="four scores",
            run=at([2.0, 0.0], [1.0, -1.0]),
            expect=1.0,  # mean(1, 1) / 2 + mean(1, 1) / 2
            nudge="All four scores are 1 away from their targets.",
        ),
        Case(
            name="unequal batches",
            run=at([1.0], [0.0, 3.0, 0.0]),
            expect=1.5,  # 0 + (9 / 3) / 2
            nudge="Average the real and the fake terms separately, then add.",
        ),
        Case(
            name="a score beyond its target is pulled back",
            run=pulls_at([3.0], [-2.0]),
            expect=(torch.tensor([2.0]), torch.tensor([-2.0])),
            nudge="A real of 3 has overshot 1 by 2: the pull is down, and the graph is kept.",
        ),
        Case(
            name="one score for each patch",
            run=at([[0.0, 2.0], [0.0, 2.0]], [[0.0, 0.0]]),
            expect=0.5,
            nudge="However many axes the scores have, one number comes out.",
        ),
    ),
    hints=(
        "Two parabolas: where is the bottom of each?",
        "The reals' parabola has its bottom at 1, the fakes' at 0; each mean counts half.",
        "`(...).square().mean() / 2 + (...).square().mean() / 2`.",
    ),
    mistakes=(
        *(
            slip
            for slip in d_side_slips(
                lambda real: (real - 1).square() / 2, lambda fake: fake.square() / 2
            )
            if slip.name not in ("halved", "labels swapped")
        ),
        Mistake(
            "targets swapped",
            lambda real, fake: _half_square(real, fake, 0, 1),
            "Reals are drawn to 0 and fakes to 1 here: D would learn everything backwards.",
        ),
        Mistake(
            "factor 1/2 left out",
            lambda real, fake: 2 * _half_square(real, fake, 1, 0),
            "Both squares count half, so that their slopes are the plain distances.",
        ),
        Mistake(
            "targets 1 and -1",
            lambda real, fake: _half_square(real, fake, 1, -1),
            "This is the (-1, 1, 0) version of the game; here the fakes' target is 0.",
        ),
        Mistake(
            "sigmoid first",
            lambda real, fake: _half_square(torch.sigmoid(real), torch.sigmoid(fake), 1, 0),
            "The squares are taken of the raw scores: a sigmoid brings saturation back.",
        ),
        Mistake(
            "square of the mean",
            lambda real, fake: ((real.mean() - 1).square() + fake.mean().square()) / 2,
            "Square each score's distance first, then average: a mean may hit its target while "
            "no score does.",
            "axes",
        ),
    ),
    alternatives={
        "mse_loss": lambda real, fake: (
            (F.mse_loss(real, torch.ones_like(real)) + F.mse_loss(fake, torch.zeros_like(fake)))
            / 2
        ),
        "half a power": lambda real, fake: (
            0.5 * ((real - 1) ** 2).mean() + 0.5 * (fake**2).mean()
        ),
        "multiplied out": lambda real, fake: (
            (real * real).mean() / 2 - real.mean() + 0.5 + (fake * fake).mean() / 2
        ),
    },
)

LEAST_SQUARES_G_LOSS = Exercise(
    name="least_squares_g_loss",
    number="2.7",
    minutes=2,
    contract=(
        "Return one number: half the mean square distance of the fake scores from 1.",
        "real_logits is ignored; the scores are used as they are, without a sigmoid.",
    ),
    reference=losses.least_squares_g_loss,
    inputs=unequal_batches,
    cases=(
        Case(
            name="a silent discriminator",
            run=at([0.0], SILENT),
            expect=0.5,  # half of (0 - 1)^2
            nudge="G wants a score of 1 for its fakes, and they are 1 away from it.",
        ),
        Case(
            name="two fakes",
            run=at([2.0, 0.0], [1.0, -1.0]),
            expect=1.0,  # mean(0, 4) / 2
            nudge="The first fake sits on the target of the reals, the second is 2 away.",
        ),
        Case(
            name="the pulls",
            run=pull_on_fakes([0.0], [3.0, -1.0]),
            expect=torch.tensor([1.0, -1.0]),  # (3 - 1) / 2 and (-1 - 1) / 2
            nudge="The pull grows with the distance, and a fake beyond 1 is pulled back.",
        ),
        Case(
            name="one score for each patch",
            run=at([0.0], [[0.0, 2.0], [0.0, 2.0]]),
            expect=0.5,
            nudge="However many axes the scores have, one number comes out.",
        ),
    ),
    hints=(
        "Where does D want the scores of the reals? G wants its fakes there.",
        "One parabola over the fake scores, with its bottom at 1.",
        "`(...).square().mean() / 2`.",
    ),
    mistakes=(
        *g_side_slips(lambda fake: (fake - 1).square() / 2),
        Mistake(
            "D's target for the fakes",
            lambda real, fake: fake.square().mean() / 2,
            "0 is where D wants the fakes; G wants them where the reals are, at 1.",
        ),
        Mistake(
            "minus D's term",
            lambda real, fake: -fake.square().mean() / 2,
            "G does not maximise D's term here: that would drive scores to either end.",
        ),
        Mistake(
            "factor 1/2 left out",
            lambda real, fake: (fake - 1).square().mean(),
            "The square counts half, so that its slope is the plain distance.",
        ),
        Mistake(
            "sigmoid first",
            lambda real, fake: (torch.sigmoid(fake) - 1).square().mean() / 2,
            "The squares are taken of the raw scores: a sigmoid brings saturation back.",
        ),
        Mistake(
            "square of the mean",
            lambda real, fake: (fake.mean() - 1).square() / 2,
            "Square each score's distance first, then average.",
            "axes",
        ),
    ),
    alternatives={
        "mse_loss": lambda real, fake: F.mse_loss(fake, torch.ones_like(fake)) / 2,
        "half a power": lambda real, fake: 0.5 * ((1 - fake) ** 2).mean(),
        "multiplied out": lambda real, fake: (fake * fake / 2 - fake).mean() + 0.5,
    },
)
