"""2.12 and 2.13: a difference of means, and nothing else."""

import torch

from vgan_lessons import losses
from vgan_lessons.checking import Case, Exercise, Mistake
from vgan_lessons.exercises.score_pairs import (
    at,
    pull_on_fakes,
    pulls_at,
    unequal_batches,
)
from vgan_lessons.exercises.usual_slips import d_side_slips, g_side_slips

WASSERSTEIN_D_LOSS = Exercise(
    name="wasserstein_d_loss",
    number="2.12",
    minutes=3,
    contract=(
        "Return one number for D to minimise, so that it widens the gap: the mean of the fake "
        "scores minus the mean of the real ones.",
        "The two batches may have different sizes, and more axes than one.",
    ),
    reference=losses.wasserstein_d_loss,
    inputs=unequal_batches,
    cases=(
        Case(
            name="four scores",
            run=at([2.0, 0.0], [1.0, -1.0]),
            expect=-1.0,  # 0 - 1
            nudge="The reals lead by 1 on average; D's loss is minus its lead.",
        ),
        Case(
            name="a D that is wrong",
            run=at([-3.0, -1.0], [4.0, 0.0]),
            expect=4.0,  # 2 + 2
            nudge="Here the fakes lead by 4, and D has to pay for it.",
        ),
        Case(
            name="unequal batches",
            run=at([1.0], [0.0, 3.0, 0.0]),
            expect=0.0,
            nudge="Average the real and the fake scores separately, then subtract.",
        ),
        Case(
            name="the pulls never change",
            run=pulls_at([9.0, 0.0], [-9.0]),
            expect=(torch.tensor([-0.5, -0.5]), torch.tensor([1.0])),
            nudge="Every score is pulled alike however far it is: 1 / n, and the graph is "
            "kept.",
        ),
        Case(
            name="one score for each patch",
            run=at([[1.0, 3.0], [0.0, 0.0]], [[0.0, 0.0]]),
            expect=-1.0,
            nudge="However many axes the scores have, one number comes out.",
        ),
    ),
    hints=(
        "D wants reals high and fakes low. It minimises: which mean carries the minus?",
        "Two means, each over all entries of its own batch.",
        "`... .mean() - ... .mean()`.",
    ),
    mistakes=(
        *(
            slip
            for slip in d_side_slips(lambda real: -real, lambda fake: fake)
            if slip.name != "labels swapped"
        ),
        Mistake(
            "sign turned",
            lambda real, fake: real.mean() - fake.mean(),
            "This is what D maximises: minimised, it would teach D to prefer fakes.",
        ),
        Mistake(
            "minus the distance",
            lambda real, fake: -(real.mean() - fake.mean()).abs(),
            "An absolute value rewards D for a gap of either sign; the sign must stay.",
        ),
        Mistake(
            "sigmoid first",
            lambda real, fake: torch.sigmoid(fake).mean() - torch.sigmoid(real).mean(),
            "Raw scores, no probability: this game has no sigmoid.",
        ),
        Mistake(
            "subtracted pair by pair",
            lambda real, fake: (fake - real).mean(),
            "Nothing pairs a real with a fake here, and the batches may differ in size.",
            "axes",
        ),
        Mistake(
            "cut at 0",
            lambda real, fake: torch.relu(fake.mean() - real.mean()),
            "There is no hinge in this game: D may widen the gap for ever.",
        ),
        Mistake(
            "scores clamped",
            lambda real, fake: fake.clamp(-1, 1).mean() - real.clamp(-1, 1).mean(),
            "The paper clips D's weights, never its scores.",
        ),
    ),
    alternatives={
        "minus the lead": lambda real, fake: -(real.mean() - fake.mean()),
        "sums over counts": lambda real, fake: (
            fake.sum() / fake.numel() - real.sum() / real.numel()
        ),
        "one weighted sum": lambda real, fake: torch.cat(
            [fake.flatten() / fake.numel(), -real.flatten() / real.numel()]
        ).sum(),
    },
)

WASSERSTEIN_G_LOSS = Exercise(
    name="wasserstein_g_loss",
    number="2.13",
    minutes=2,
    contract=(
        "Return one number for G to minimise: minus the mean of the fake scores.",
        "real_logits is ignored: the reals' mean does not depend on G.",
    ),
    reference=losses.wasserstein_g_loss,
    inputs=unequal_batches,
    cases=(
        Case(
            name="two fakes that cancel",
            run=at([2.0, 0.0], [1.0, -1.0]),
            expect=0.0,
            nudge="Their mean is 0, whatever the reals score.",
        ),
        Case(
            name="two fakes below 0",
            run=at([0.0], [-5.0, -3.0]),
            expect=4.0,
            nudge="The mean is -4; G's loss is minus that.",
        ),
        Case(
            name="the pull is the same everywhere",
            run=pull_on_fakes([0.0], [30.0, -30.0]),
            expect=torch.tensor([-0.5, -0.5]),
            nudge="No score is too high or too low to be pulled; the graph must be kept.",
        ),
        Case(
            name="one score for each patch",
            run=at([0.0], [[1.0, -3.0], [1.0, 5.0]]),
            expect=-1.0,
            nudge="However many axes the scores have, one number comes out.",
        ),
    ),
    hints=(
        "Which of the two means can G move, and which way?",
        "Only the fake scores enter; minimising must raise them.",
        "A minus sign and a mean.",
    ),
    mistakes=(
        *g_side_slips(lambda fake: -fake),
        Mistake(
            "the whole gap",
            lambda real, fake: real.mean() - fake.mean(),
            "The reals' mean adds a number that G cannot move; leave it out.",
        ),
        Mistake(
            "the gap without its sign",
            lambda real, fake: (real.mean() - fake.mean()).abs(),
            "An absolute value would stop G at the level of the reals and turn it round there.",
        ),
        Mistake(
            "sigmoid first",
            lambda real, fake: -torch.sigmoid(fake).mean(),
            "Raw scores, no probability: this game has no sigmoid.",
        ),
        Mistake(
            "scores clamped",
            lambda real, fake: -fake.clamp(-10, 10).mean(),
            "The paper clips D's weights, never its scores: clamped scores pull on nothing.",
        ),
    ),
    alternatives={
        "mean of the negative": lambda real, fake: (-fake).mean(),
        "sum over count": lambda real, fake: -fake.sum() / fake.numel(),
        "from zero": lambda real, fake: (torch.zeros_like(fake) - fake).mean(),
    },
)
