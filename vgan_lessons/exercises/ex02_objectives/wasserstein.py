"""2.4c and 2.4d: a difference of means, and nothing else."""

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

# fmt: off
WASSERSTEIN_D_LOSS = Exercise(
    name="wasserstein_d_loss",
    number="2.4c",
    minutes=3,
    contract=(
        "Return one number for D to minimise, so that it widens the gap: the mean of the fake "
        "scores minus the mean of the real ones.",
        "The two batches may have different sizes, and more axes than one.",
        "Gradient reaches every logit.",
    ),
    reference=losses.wasserstein_d_loss,
    inputs=unequal_batches,
    cases=(
        Case("four scores", at([2.0, 0.0], [1.0, -1.0]), -1.0,  # 0 - 1
             "The reals lead by 1 on average; D's loss is minus its lead."),
        Case("a D that is wrong", at([-3.0, -1.0], [4.0, 0.0]), 4.0,  # 2 + 2
             "Here the fakes lead by 4, and D has to pay for it."),
        Case("unequal batches", at([1.0], [0.0, 3.0, 0.0]), 0.0,
             "Average the real and the fake scores separately, then subtract."),
        Case("the pulls never change", pulls_at([9.0, 0.0], [-9.0]), (torch.tensor([-0.5, -0.5]), torch.tensor([1.0])),
             "Every score is pulled alike however far it is: 1 / n, and the graph is kept."),
        Case("one score for each patch", at([[1.0, 3.0], [0.0, 0.0]], [[0.0, 0.0]]), -1.0,
             "However many axes the scores have, one number comes out."),
    ),
    hints=(
        "D wants reals high and fakes low. It minimises: which mean carries the minus?",
        "Two means, each over all entries of its own batch.",
        "`... .mean() - ... .mean()`.",
    ),
    mistakes=(
        *(slip for slip in d_side_slips(lambda real: -real, lambda fake: fake) if slip.name != "labels swapped"),
        Mistake("sign turned", lambda real, fake: real.mean() - fake.mean(),
                "This is what D maximises: minimised, it would teach D to prefer fakes."),
        Mistake("minus the distance", lambda real, fake: -(real.mean() - fake.mean()).abs(),
                "An absolute value rewards D for a gap of either sign; the sign must stay."),
        Mistake("sigmoid first", lambda real, fake: torch.sigmoid(fake).mean() - torch.sigmoid(real).mean(),
                "Raw scores, no probability: this game has no sigmoid."),
        Mistake("subtracted pair by pair", {"fake_logits.mean() - real_logits.mean()": "(fake_logits - real_logits).mean()"},
                "Nothing pairs a real with a fake here, and the batches may differ in size.", "axes"),
        Mistake("cut at 0", lambda real, fake: torch.relu(fake.mean() - real.mean()),
                "There is no hinge in this game: D may widen the gap for ever."),
        Mistake("scores clamped", lambda real, fake: fake.clamp(-1, 1).mean() - real.clamp(-1, 1).mean(),
                "The paper clips D's weights, never its scores."),
    ),
)

WASSERSTEIN_G_LOSS = Exercise(
    name="wasserstein_g_loss",
    number="2.4d",
    minutes=2,
    contract=(
        "Return one number for G to minimise: minus the mean of the fake scores.",
        "`real_logits` is ignored and may be `None`: the reals' mean does not depend on G.",
        "Gradient reaches the fake logits.",
    ),
    reference=losses.wasserstein_g_loss,
    inputs=unequal_batches,
    cases=(
        Case("two fakes that cancel", at([2.0, 0.0], [1.0, -1.0]), 0.0,
             "Their mean is 0, whatever the reals score."),
        Case("two fakes below 0", at([0.0], [-5.0, -3.0]), 4.0,
             "The mean is -4; G's loss is minus that."),
        Case("the pull is the same everywhere", pull_on_fakes([0.0], [30.0, -30.0]), torch.tensor([-0.5, -0.5]),
             "No score is too high or too low to be pulled; the graph must be kept."),
        Case("no reals at all", at(None, [1.0, -1.0]), 0.0,
             "real_logits may be None: nothing of it is needed."),
        Case("one score for each patch", at([0.0], [[1.0, -3.0], [1.0, 5.0]]), -1.0,
             "However many axes the scores have, one number comes out."),
    ),
    hints=(
        "Which of the two means can G move, and which way?",
        "Only the fake scores enter; minimising must raise them.",
        "A minus sign and a mean.",
    ),
    mistakes=(
        *g_side_slips(lambda fake: -fake),
        Mistake("the whole gap", lambda real, fake: real.mean() - fake.mean(),
                "The reals' mean adds a number that G cannot move; leave it out."),
        Mistake("the gap without its sign", lambda real, fake: (real.mean() - fake.mean()).abs(),
                "An absolute value would stop G at the level of the reals and turn it round there."),
        Mistake("sigmoid first", {"-fake_logits": "-torch.sigmoid(fake_logits)"},
                "Raw scores, no probability: this game has no sigmoid."),
        Mistake("scores clamped", {"-fake_logits": "-fake_logits.clamp(-10, 10)"},
                "The paper clips D's weights, never its scores: clamped scores pull on nothing."),
    ),
)
