"""2.9: each score against the mean of the other side."""

from dataclasses import replace

import torch
from torch.nn import functional as F

from vgan_lessons import losses
from vgan_lessons.checking import Case, Exercise, Mistake, edited
from vgan_lessons.exercises.score_pairs import (
    SILENT,
    at,
    pull_on_fakes,
    pulls_at,
    unequal_batches,
)
from vgan_lessons.exercises.usual_slips import overflow_slip, softplus_by_where


def _above_with_overflow(winner, loser):
    ours, theirs = winner - loser.mean(), loser - winner.mean()
    return softplus_by_where(-ours).mean() + softplus_by_where(theirs).mean()


# fmt: off
# Slips of both sides, as edits of D's loss; G's is the same with the sides exchanged.
_D_SLIPS = (
    Mistake("one half overwritten", {"F.softplus(-reals_above).mean() + ": ""},
            "The second line overwrites the first half of the loss instead of adding to it."),
    Mistake("halved",
            {"(-reals_above).mean()": "(-reals_above).mean() / 2", "(fakes_above).mean()": "(fakes_above).mean() / 2"},
            "This is half of the loss: the two means are added here, as in the paper."),
    Mistake("mean of its own side", {"fake_logits.mean()": "real_logits.mean()", "real_logits.mean()": "fake_logits.mean()"},
            "Each score is compared with the mean of the other side, not of its own."),
    Mistake("means of the batch axis only", {"fake_logits.mean()": "fake_logits.mean(0)", "real_logits.mean()": "real_logits.mean(0)"},
            "The mean that scores are compared with is one number, over every axis.", "axes"),
    Mistake("infinite far out",
            {"F.softplus(-reals_above)": "-torch.log(torch.sigmoid(reals_above))",
             "F.softplus(fakes_above)": "-torch.log(1 - torch.sigmoid(fakes_above))"},
            "Taken step by step the logarithm is infinite far out, where sigmoid rounds to 0 and exp to inf: use F.softplus."),
    Mistake("centred in place",
            {"reals_above = real_logits -": "real_mean = real_logits.mean()\n    real_logits -=",
             "- real_logits.mean()": "- real_mean", "-reals_above": "-real_logits"},
            "`-=` rewrites the caller's logits; write a new tensor.", "side effects"),
    Mistake("cast to float32",
            {"reals_above = ": "real_logits, fake_logits = real_logits.float(), fake_logits.float()\n    reals_above = "},
            "The loss must keep the dtype of the logits, float64 included.", "dtype/device/seed"),
)
_EXCHANGED = {"real_logits: Tensor, fake_logits: Tensor": "fake_logits: Tensor, real_logits: Tensor"}
_G_SLIPS = tuple(replace(slip, wrong=edited(losses.relativistic_average_d_loss, slip.wrong | _EXCHANGED)) for slip in _D_SLIPS)

RELATIVISTIC_AVERAGE_D_LOSS = Exercise(
    name="relativistic_average_d_loss",
    number="2.9a",
    minutes=5,
    difficulty="medium",
    importance="extra",
    contract=(
        "Return one number, the sum of two means: of softplus(-(real - mean of all fakes)) "
        "over the reals, and of softplus(fake - mean of all reals) over the fakes.",
        "The two batches may have different sizes, and more axes than one.",
        "Gradient reaches every logit, through the two means as well.",
        "Value and gradient stay finite at any logit, 200 included.",
    ),
    reference=losses.relativistic_average_d_loss,
    inputs=unequal_batches,
    stays_finite=True,
    cases=(
        Case("a silent discriminator", at(SILENT, SILENT), 1.386294,  # log 2 + log 2
             "All leads are 0: log 2 from the reals and log 2 from the fakes."),
        # leads of the reals 2 and 0, of the fakes 0 and -2
        Case("four scores", at([2.0, 0.0], [1.0, -1.0]), 0.820075,  # mean(0.126928, 0.693147), twice
             "The mean fake is 0 and the mean real is 1."),
        # reals: half a pull on the second, and half of the fake's sigmoid(0) on each
        Case("pulled through the mean", pulls_at([60.0, -60.0], [0.0]), (torch.tensor([-0.25, -0.75]), torch.tensor([1.0])),
             "A real far above the fakes is still pulled, as a part of the mean real."),
        Case("sure and wrong", at([-100.0], [100.0]), 400.0,  # 200 and 200
             "sigmoid(-200) is 0 in float32; its logarithm is not to be taken."),
        # leads of the reals -1 and 3, of the fakes -2 and 0
        Case("one score for each patch", at([[0.0, 4.0]], [[0.0, 2.0], [0.0, 2.0]]),
             1.090962,  # mean(1.313262, 0.048587) + mean(0.126928, 0.693147)
             "The mean fake is 1 and the mean real is 2, over every axis."),
    ),
    hints=(
        "A score is compared with the average opponent: by how much does this real lead it?",
        "Two leads: reals minus the mean fake, fakes minus the mean real; each a logistic "
        "term.",
        "`F.softplus(-(...)).mean() + F.softplus(...).mean()`, with `.mean()` inside as well.",
    ),
    mistakes=(
        *_D_SLIPS,
        Mistake("G's loss", {"-reals_above": "reals_above", "(fakes_above": "(-fakes_above"},
                "This rewards fakes above the mean real: it is G's side of the game."),
        Mistake("means detached",
                {"fake_logits.mean()": "fake_logits.mean().detach()", "real_logits.mean()": "real_logits.mean().detach()"},
                "The value is right, but the means must carry gradient: they are D's scores, too.", "gradients"),
        overflow_slip(lambda real, fake: _above_with_overflow(real, fake)),
        Mistake("plain logistic loss", {" - fake_logits.mean()": "", " - real_logits.mean()": ""},
                "This is the non-saturating loss: nothing is compared with the other side's mean."),
        Mistake("summed, not averaged",
                {"(-reals_above).mean()": "(-reals_above).sum()", "(fakes_above).mean()": "(fakes_above).sum()"},
                "A sum over the batch grows with its size; take the mean of each half.", "axes"),
        Mistake("difference of the means", lambda real, fake: 2 * F.softplus(fake.mean() - real.mean()),
                "Only the opponent is averaged first; each score goes through softplus by itself.", "axes"),
    ),
)

RELATIVISTIC_AVERAGE_G_LOSS = Exercise(
    name="relativistic_average_g_loss",
    number="2.9b",
    minutes=4,
    difficulty="medium",
    importance="extra",
    contract=(
        "Return one number, the sum of two means: of softplus(real - mean of all fakes) over "
        "the reals, and of softplus(-(fake - mean of all reals)) over the fakes.",
        "The two batches may have different sizes, and more axes than one.",
        "Gradient reaches the fakes through both halves; whether it reaches the reals is open.",
        "Value and gradient stay finite at any logit, 200 included.",
    ),
    reference=losses.relativistic_average_g_loss,
    inputs=unequal_batches,
    stays_finite=True,
    free_gradients=("real_logits",),
    cases=(
        Case("a silent discriminator", at(SILENT, SILENT), 1.386294,  # log 2 + log 2
             "All leads are 0: log 2 from the reals and log 2 from the fakes."),
        # leads of the reals 2 and 0, of the fakes 0 and -2
        Case("four scores", at([2.0, 0.0], [1.0, -1.0]), 2.820075,  # mean(2.126928, 0.693147), twice
             "The mean fake is 0 and the mean real is 1; now every lead of a real costs."),
        # half a pull on the second, and half of the real's sigmoid(0) on each
        Case("pulled through the mean", pull_on_fakes([0.0], [60.0, -60.0]), torch.tensor([-0.25, -0.75]),
             "A fake far above the reals is still pulled, as a part of the mean fake."),
        Case("sure and right", at([100.0], [-100.0]), 400.0,  # 200 and 200
             "sigmoid(-200) is 0 in float32; its logarithm is not to be taken."),
        # leads of the reals -1 and 3, of the fakes -2 and 0
        Case("one score for each patch", at([[0.0, 4.0]], [[0.0, 2.0], [0.0, 2.0]]),
             3.090962,  # mean(0.313262, 3.048587) + mean(2.126928, 0.693147)
             "The mean fake is 1 and the mean real is 2, over every axis."),
    ),
    hints=(
        "The same game with the roles exchanged: which labels does G give to both leads?",
        "Turn the sign inside both softplus terms of D's loss.",
        "`F.softplus(...).mean() + F.softplus(-(...)).mean()`, with `.mean()` inside as well.",
    ),
    mistakes=(
        *_G_SLIPS,
        Mistake("D's loss", {"fake_logits, real_logits": "real_logits, fake_logits"},
                "This rewards reals above the mean fake: it is D's side of the game."),
        Mistake("minus D's loss", lambda real, fake: -losses.relativistic_average_d_loss(real, fake),
                "The negative of D's loss saturates; G turns the labels, not the sign."),
        overflow_slip(lambda real, fake: _above_with_overflow(fake, real)),
        Mistake("mean of the fakes detached",
                lambda real, fake: F.softplus(real - fake.mean().detach()).mean() + F.softplus(real.mean() - fake).mean(),
                "The value is right, but the first half pulls on G only through the mean fake.", "gradients"),
        Mistake("cut off from the graph", {"(fake_logits,": "(fake_logits.detach(),"},
                "In G's step the fake logits are the only road to G: no detach, .item() or no_grad.", "gradients"),
        Mistake("reals ignored", lambda real, fake: F.softplus(-fake).mean(),
                "This is the non-saturating loss; here both sides are compared."),
    ),
)
