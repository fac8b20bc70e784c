"""2.9 and 2.10: a margin for D, none for G."""

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


def _worst_of_two(real, fake):
    on_reals = torch.maximum(1 - real, torch.zeros_like(real))
    return on_reals.mean() + torch.maximum(1 + fake, torch.zeros_like(fake)).mean()


def _embedding(real, fake):
    """torch's hinge embedding: relu(1 - x) for label -1."""
    on_reals = F.hinge_embedding_loss(real, -torch.ones_like(real))
    return on_reals + F.hinge_embedding_loss(-fake, -torch.ones_like(fake))


HINGE_D_LOSS = Exercise(
    name="hinge_d_loss",
    number="2.9",
    minutes=4,
    contract=(
        "Return one number: the mean of max(0, 1 - score) over the real scores plus the mean "
        "of max(0, 1 + score) over the fake ones.",
        "The two batches may have different sizes, and more axes than one.",
    ),
    reference=losses.hinge_d_loss,
    inputs=unequal_batches,
    cases=(
        Case(
            name="a silent discriminator",
            run=at(SILENT, SILENT),
            expect=2.0,  # max(0, 1 - 0) + max(0, 1 + 0)
            nudge="With all scores 0 both terms are 1.",
        ),
        Case(
            name="four scores",
            run=at([2.0, 0.0], [1.0, -1.0]),
            expect=1.5,  # mean(0, 1) + mean(2, 0)
            nudge="The real of 2 and the fake of -1 have cleared their margins: they cost 0.",
        ),
        Case(
            name="unequal batches",
            run=at([2.0, 0.5], [-3.0, 0.0, 1.0]),
            expect=1.25,  # mean(0, 0.5) + mean(0, 1, 2)
            nudge="Average the real and the fake terms separately, then add.",
        ),
        Case(
            name="no pull beyond the margin",
            run=pulls_at([2.0, 0.0], [-2.0, 0.0]),
            expect=(torch.tensor([0.0, -0.5]), torch.tensor([0.0, 0.5])),
            nudge="A real above 1 or a fake below -1 gets gradient 0, the others 1 / n each.",
        ),
        Case(
            name="one score for each patch",
            run=at([[0.0, 2.0], [0.0, 2.0]], [[-2.0, 0.0]]),
            expect=1.0,  # mean(1, 0, 1, 0) + mean(0, 1)
            nudge="However many axes the scores have, one number comes out.",
        ),
    ),
    hints=(
        "Which side of the margin is a real score of 1.5 on? What should D gain by raising it?",
        "Two terms, each averaged over its own batch; in the fake term the sign is turned.",
        "max(0, a) of a tensor is `F.relu(a)`: `F.relu(...).mean() + F.relu(...).mean()`.",
    ),
    mistakes=(
        *d_side_slips(lambda real: F.relu(1 - real), lambda fake: F.relu(1 + fake)),
        Mistake(
            "no margin",
            lambda real, fake: (1 - real).mean() + (1 + fake).mean(),
            "Without max(0, .) this is the Wasserstein loss plus 2: nothing ever lets go.",
        ),
        Mistake(
            "margin at 0",
            lambda real, fake: F.relu(-real).mean() + F.relu(fake).mean(),
            "The margin is 1 wide: a real has to reach 1, not just 0.",
        ),
        Mistake(
            "max after the mean",
            lambda real, fake: F.relu(1 - real.mean()) + F.relu(1 + fake.mean()),
            "Cut each score at its own margin first, then average.",
            "axes",
        ),
        Mistake(
            "sum of both under one max",
            lambda real, fake: F.relu(2 - real.mean() + fake.mean()),
            "Each side has a margin of its own: two max, not one.",
            "axes",
        ),
        Mistake(
            "soft hinge",
            lambda real, fake: F.softplus(1 - real).mean() + F.softplus(1 + fake).mean(),
            "softplus rounds the corner and never lets go; here it is a sharp max(0, .).",
        ),
        Mistake(
            "squared hinge",
            lambda real, fake: (
                F.relu(1 - real).square().mean() + F.relu(1 + fake).square().mean()
            ),
            "The hinge is straight up to its margin, not squared.",
        ),
    ),
    alternatives={
        "clamp": lambda real, fake: (
            (1 - real).clamp(min=0).mean() + (1 + fake).clamp(min=0).mean()
        ),
        "maximum": _worst_of_two,
        "minus min(0, .)": lambda real, fake: (
            -(real - 1).clamp(max=0).mean() - (-fake - 1).clamp(max=0).mean()
        ),
        "hinge embedding": _embedding,
    },
)

HINGE_G_LOSS = Exercise(
    name="hinge_g_loss",
    number="2.10",
    minutes=2,
    contract=(
        "Return one number: minus the mean of the fake scores, without any margin.",
        "real_logits is ignored.",
    ),
    reference=losses.hinge_g_loss,
    inputs=unequal_batches,
    cases=(
        Case(
            name="two fakes that cancel",
            run=at([2.0, 0.0], [1.0, -1.0]),
            expect=0.0,
            nudge="A gain of 1 and a loss of 1: nothing is cut off on G's side.",
        ),
        Case(
            name="fakes that D rejects",
            run=at([0.0], [-5.0, -3.0, -1.0]),
            expect=3.0,
            nudge="D scores them -3 on average; G's loss is minus that.",
        ),
        Case(
            name="the pull on a fake beyond the margin",
            run=pull_on_fakes([0.0], [4.0, -4.0]),
            expect=torch.tensor([-0.5, -0.5]),
            nudge="G is pulled equally everywhere, however high or low the score.",
        ),
        Case(
            name="one score for each patch",
            run=at([0.0], [[1.0, -3.0], [1.0, 5.0]]),
            expect=-1.0,
            nudge="However many axes the scores have, one number comes out.",
        ),
    ),
    hints=(
        "D stops at a margin. Would G gain anything by stopping, too?",
        "Only the fake scores enter; minimising must raise them.",
        "A minus sign and a mean.",
    ),
    mistakes=(
        *g_side_slips(lambda fake: -fake),
        Mistake(
            "a margin on G's side",
            lambda real, fake: F.relu(1 - fake).mean(),
            "The margin is D's alone: with it G gets no gradient from fakes scored above 1.",
        ),
        Mistake(
            "D's own term turned round",
            lambda real, fake: -F.relu(1 + fake).mean(),
            "Minus D's hinge gives G no gradient where D scores below -1: the fakes that need "
            "it.",
        ),
        Mistake(
            "logistic term",
            lambda real, fake: F.softplus(-fake).mean(),
            "This is the non-saturating loss; the hinge game's G is linear.",
        ),
        Mistake(
            "sigmoid first",
            lambda real, fake: -torch.sigmoid(fake).mean(),
            "Raw scores, no probability: a sigmoid brings saturation back.",
        ),
    ),
    alternatives={
        "mean of the negative": lambda real, fake: (-fake).mean(),
        "sum over count": lambda real, fake: -fake.sum() / fake.numel(),
        "distance to zero": lambda real, fake: (0 - fake).flatten().mean(dim=0),
    },
)
