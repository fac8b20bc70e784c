"""2.3: squares around targets instead of logarithms."""

import torch

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

_D_SLIPS = d_side_slips(lambda real: (real - 1).square() / 2, lambda fake: fake.square() / 2)

# fmt: off
LEAST_SQUARES_D_LOSS = Exercise(
    name="least_squares_d_loss",
    number="2.3a",
    minutes=3,
    contract=(
        "Return one number: half the mean square distance of the real scores from 1, plus half "
        "the mean square distance of the fake scores from 0.",
        "The scores are used as they are, without a sigmoid.",
        "The two batches may have different sizes, and more axes than one.",
        "Gradient reaches every logit.",
    ),
    reference=losses.least_squares_d_loss,
    inputs=unequal_batches,
    cases=(
        Case("a silent discriminator", at(SILENT, SILENT), 0.5,  # half of (0 - 1)^2, and 0
             "The reals are 1 away from their target, the fakes sit on theirs."),
        Case("four scores", at([2.0, 0.0], [1.0, -1.0]), 1.0,  # mean(1, 1) / 2 + mean(1, 1) / 2
             "All four scores are 1 away from their targets."),
        Case("unequal batches", at([1.0], [0.0, 3.0, 0.0]), 1.5,  # 0 + (9 / 3) / 2
             "Average the real and the fake terms separately, then add."),
        Case("a score beyond its target is pulled back", pulls_at([3.0], [-2.0]), (torch.tensor([2.0]), torch.tensor([-2.0])),
             "A real of 3 has overshot 1 by 2: the pull is down, and the graph is kept."),
        Case("one score for each patch", at([[0.0, 2.0], [0.0, 2.0]], [[0.0, 0.0]]), 0.5,
             "However many axes the scores have, one number comes out."),
    ),
    hints=(
        "Two parabolas: where is the bottom of each?",
        "The reals' parabola has its bottom at 1, the fakes' at 0; each mean counts half.",
        "`(...).square().mean() / 2 + (...).square().mean() / 2`.",
    ),
    mistakes=(
        *(slip for slip in _D_SLIPS if slip.name not in ("halved", "labels swapped")),
        Mistake("targets swapped", {"(real_logits - 1)": "real_logits", "fake_logits.": "(fake_logits - 1)."},
                "Reals are drawn to 0 and fakes to 1 here: D would learn everything backwards."),
        Mistake("factor 1/2 left out", lambda real, fake: (real - 1).square().mean() + fake.square().mean(),
                "Both squares count half, so that their slopes are the plain distances."),
        Mistake("targets 1 and -1", {"fake_logits.": "(fake_logits + 1)."},
                "This is the (-1, 1, 0) version of the game; here the fakes' target is 0."),
        Mistake("sigmoid first", {"real_logits - 1": "torch.sigmoid(real_logits) - 1", "fake_logits.": "torch.sigmoid(fake_logits)."},
                "The squares are taken of the raw scores: a sigmoid brings saturation back."),
        Mistake("square of the mean", lambda real, fake: ((real.mean() - 1).square() + fake.mean().square()) / 2,
                "Square each score's distance first, then average: a mean may hit its target while no score does.", "axes"),
    ),
)

LEAST_SQUARES_G_LOSS = Exercise(
    name="least_squares_g_loss",
    number="2.3b",
    minutes=2,
    contract=(
        "Return one number: half the mean square distance of the fake scores from 1.",
        "`real_logits` is ignored and may be `None`; the scores are used as they are, without a sigmoid.",
        "Gradient reaches the fake logits.",
    ),
    reference=losses.least_squares_g_loss,
    inputs=unequal_batches,
    cases=(
        Case("a silent discriminator", at([0.0], SILENT), 0.5,  # half of (0 - 1)^2
             "G wants a score of 1 for its fakes, and they are 1 away from it."),
        Case("two fakes", at([2.0, 0.0], [1.0, -1.0]), 1.0,  # mean(0, 4) / 2
             "The first fake sits on the target of the reals, the second is 2 away."),
        Case("the pulls", pull_on_fakes([0.0], [3.0, -1.0]), torch.tensor([1.0, -1.0]),  # (3 - 1) / 2 and (-1 - 1) / 2
             "The pull grows with the distance, and a fake beyond 1 is pulled back."),
        Case("no reals at all", at(None, [1.0, -1.0]), 1.0,
             "real_logits may be None: nothing of it is needed."),
        Case("one score for each patch", at([0.0], [[0.0, 2.0], [0.0, 2.0]]), 0.5,
             "However many axes the scores have, one number comes out."),
    ),
    hints=(
        "Where does D want the scores of the reals? G wants its fakes there.",
        "One parabola over the fake scores, with its bottom at 1.",
        "`(...).square().mean() / 2`.",
    ),
    mistakes=(
        *g_side_slips(lambda fake: (fake - 1).square() / 2),
        Mistake("D's target for the fakes", {"(fake_logits - 1)": "fake_logits"},
                "0 is where D wants the fakes; G wants them where the reals are, at 1."),
        Mistake("minus D's term", {"(fake_logits - 1)": "-fake_logits"},
                "G does not maximise D's term here: that would drive scores to either end."),
        Mistake("factor 1/2 left out", {" / 2": ""},
                "The square counts half, so that its slope is the plain distance."),
        Mistake("sigmoid first", {"fake_logits - 1": "torch.sigmoid(fake_logits) - 1"},
                "The squares are taken of the raw scores: a sigmoid brings saturation back."),
        Mistake("square of the mean", lambda real, fake: (fake.mean() - 1).square() / 2,
                "Square each score's distance first, then average.", "axes"),
    ),
)
