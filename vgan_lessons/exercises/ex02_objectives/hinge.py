"""2.4a and 2.4b: a margin for D, none for G."""

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

# fmt: off
HINGE_D_LOSS = Exercise(
    name="hinge_d_loss",
    number="2.4a",
    minutes=4,
    contract=(
        "Return one number: the mean of max(0, 1 - score) over the real scores plus the mean "
        "of max(0, 1 + score) over the fake ones.",
        "The two batches may have different sizes, and more axes than one.",
        "Gradient reaches every logit.",
    ),
    reference=losses.hinge_d_loss,
    inputs=unequal_batches,
    cases=(  # situation, what is seen, by hand, where to look
        Case("a silent discriminator", at(SILENT, SILENT), 2.0,  # max(0, 1 - 0) + max(0, 1 + 0)
             "With all scores 0 both terms are 1."),
        Case("four scores", at([2.0, 0.0], [1.0, -1.0]), 1.5,  # mean(0, 1) + mean(2, 0)
             "The real of 2 and the fake of -1 have cleared their margins: they cost 0."),
        Case("unequal batches", at([2.0, 0.5], [-3.0, 0.0, 1.0]), 1.25,  # mean(0, 0.5) + mean(0, 1, 2)
             "Average the real and the fake terms separately, then add."),
        Case("no pull beyond the margin", pulls_at([2.0, 0.0], [-2.0, 0.0]),
             (torch.tensor([0.0, -0.5]), torch.tensor([0.0, 0.5])),
             "A real above 1 or a fake below -1 gets gradient 0, the others 1 / n each."),
        Case("one score for each patch", at([[0.0, 2.0], [0.0, 2.0]], [[-2.0, 0.0]]), 1.0,  # mean(1, 0, 1, 0) + mean(0, 1)
             "However many axes the scores have, one number comes out."),
    ),
    hints=(
        "Which side of the margin is a real score of 1.5 on? What should D gain by raising it?",
        "Two terms, each averaged over its own batch; in the fake term the sign is turned.",
        "max(0, a) of a tensor is `F.relu(a)`: `F.relu(...).mean() + F.relu(...).mean()`.",
    ),
    mistakes=(  # name, edits of the reference or another algorithm, diagnosis, kind
        *d_side_slips(lambda real: F.relu(1 - real), lambda fake: F.relu(1 + fake)),
        Mistake("no margin", {"F.relu(1 - real_logits)": "(1 - real_logits)", "F.relu(1 + fake_logits)": "(1 + fake_logits)"},
                "Without max(0, .) this is the Wasserstein loss plus 2: nothing ever lets go."),
        Mistake("margin at 0", {"1 - real_logits": "-real_logits", "1 + fake_logits": "fake_logits"},
                "The margin is 1 wide: a real has to reach 1, not just 0."),
        Mistake("max after the mean", lambda real, fake: F.relu(1 - real.mean()) + F.relu(1 + fake.mean()),
                "Cut each score at its own margin first, then average.", "axes"),
        Mistake("sum of both under one max", lambda real, fake: F.relu(2 - real.mean() + fake.mean()),
                "Each side has a margin of its own: two max, not one.", "axes"),
        Mistake("soft hinge",
                {"F.relu(1 - real_logits)": "F.softplus(1 - real_logits)", "F.relu(1 + fake_logits)": "F.softplus(1 + fake_logits)"},
                "softplus rounds the corner and never lets go; here it is a sharp max(0, .)."),
        Mistake("squared hinge", lambda real, fake: F.relu(1 - real).square().mean() + F.relu(1 + fake).square().mean(),
                "The hinge is straight up to its margin, not squared."),
    ),
)

HINGE_G_LOSS = Exercise(
    name="hinge_g_loss",
    number="2.4b",
    minutes=2,
    contract=(
        "Return one number: minus the mean of the fake scores, without any margin.",
        "`real_logits` is ignored and may be `None`.",
        "Gradient reaches the fake logits.",
    ),
    reference=losses.hinge_g_loss,
    inputs=unequal_batches,
    cases=(
        Case("two fakes that cancel", at([2.0, 0.0], [1.0, -1.0]), 0.0,
             "A gain of 1 and a loss of 1: nothing is cut off on G's side."),
        Case("fakes that D rejects", at([0.0], [-5.0, -3.0, -1.0]), 3.0,
             "D scores them -3 on average; G's loss is minus that."),
        Case("the pull on a fake beyond the margin", pull_on_fakes([0.0], [4.0, -4.0]), torch.tensor([-0.5, -0.5]),
             "G is pulled equally everywhere, however high or low the score."),
        Case("no reals at all", at(None, [1.0, -1.0]), 0.0,
             "real_logits may be None: nothing of it is needed."),
        Case("one score for each patch", at([0.0], [[1.0, -3.0], [1.0, 5.0]]), -1.0,
             "However many axes the scores have, one number comes out."),
    ),
    hints=(
        "D stops at a margin. Would G gain anything by stopping, too?",
        "Only the fake scores enter; minimising must raise them.",
        "A minus sign and a mean.",
    ),
    mistakes=(
        *g_side_slips(lambda fake: -fake),
        Mistake("a margin on G's side", lambda real, fake: F.relu(1 - fake).mean(),
                "The margin is D's alone: with it G gets no gradient from fakes scored above 1."),
        Mistake("D's own term turned round", lambda real, fake: -F.relu(1 + fake).mean(),
                "Minus D's hinge gives G no gradient where D scores below -1: the fakes that need it."),
        Mistake("logistic term", lambda real, fake: F.softplus(-fake).mean(),
                "This is the non-saturating loss; the hinge game's G is linear."),
        Mistake("sigmoid first", lambda real, fake: -torch.sigmoid(fake).mean(),
                "Raw scores, no probability: a sigmoid brings saturation back."),
    ),
)
