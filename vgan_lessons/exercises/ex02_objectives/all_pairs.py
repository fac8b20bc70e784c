"""2.9c: what random pairing estimates: the mean over every pair."""

import torch

from vgan_lessons import losses
from vgan_lessons.checking import Case, Exercise, Mistake
from vgan_lessons.exercises.score_pairs import at, pulls_at, reversed_fakes, unequal_batches
from vgan_lessons.exercises.usual_slips import overflow_slip, softplus_by_where

# fmt: off
ALL_PAIRS_D_LOSS = Exercise(
    name="all_pairs_d_loss",
    number="2.9c",
    minutes=6,
    difficulty="medium",
    importance="extra",
    contract=(
        "Return one number: the mean of softplus(-(real - fake)) over all pairs of one real "
        "with one fake.",
        "The two batches may have different sizes, and more axes than one: every entry pairs "
        "with every entry.",
        "Gradient reaches both.",
        "Value and gradient stay finite at any logit, 200 included.",
    ),
    reference=losses.all_pairs_d_loss,
    inputs=unequal_batches,
    stays_finite=True,
    cases=(
        Case("four pairs, in any order", reversed_fakes,
             (0.497093, 0.497093, 0.497093),  # gaps 1, 3, -1, 1: mean(0.313262, 0.048587, 1.313262, 0.313262)
             "Two reals and two fakes make four pairs, and their order cannot matter."),
        Case("one real, three fakes", at([0.0], [0.0, 3.0, -1.0]), 1.351665,  # mean(0.693147, 3.048587, 0.313262)
             "One real makes three pairs: none is left over."),
        # gaps 0, 0, -2, -4 and 2, 2, 0, -2
        Case("one score for each patch", at([[0.0, 2.0]], [[0.0, 0.0], [2.0, 4.0]]),
             1.325663,  # (3 * 0.693147 + 2 * 2.126928 + 4.018150 + 2 * 0.126928) / 8
             "Two scores and four scores: eight pairs, whatever axis they stand on."),
        Case("who pulls which way", pulls_at([0.0, 0.0], [0.0]), (torch.tensor([-0.25, -0.25]), torch.tensor([0.5])),
             "Every entry is in some pairs, and each pair pulls on both of its ends."),
    ),
    hints=(
        "A table with one row for each real and one column for each fake: what stands in a "
        "cell?",
        "Broadcasting makes the table from a column and a row; flatten both first.",
        "`F.softplus(...)` of `fake.reshape(1, -1) - real.reshape(-1, 1)`, then one mean.",
    ),
    mistakes=(
        Mistake("own partners only",
                {"real_logits.reshape(-1, 1)": "real_logits.flatten()[: fake_logits.numel()]",
                 "fake_logits.reshape(1, -1)": "fake_logits.flatten()[: real_logits.numel()]"},
                "This is the paired loss: entry i with entry i, and the others never meet.", "axes"),
        Mistake("G's side", {"-gaps": "gaps"},
                "This rewards fakes above the reals; D wants every gap real - fake wide."),
        Mistake("average game", {"fake_logits.reshape(1, -1)": "fake_logits.mean()"},
                "Softplus of a mean is not the mean of softplus: build the table first.", "axes"),
        Mistake("summed over the fakes", {".mean()": ".sum(1).mean()"},
                "Take the mean over all pairs, not a sum over one of the two sides.", "axes"),
        Mistake("divided by the square of one batch", {".mean()": ".sum() / real_logits.numel() ** 2"},
                "There are as many pairs as reals times fakes, not as reals times reals.", "axes"),
        Mistake("all fakes in one logarithm", {"F.softplus(-gaps)": "torch.logsumexp(F.pad(-gaps, (1, 0)), dim=1)"},
                "This is a contrastive loss: each real against all fakes at once, not pair by pair."),
        Mistake("paired along the batch only",
                {"real_logits.reshape(-1, 1)": "real_logits.unsqueeze(1)",
                 "fake_logits.reshape(1, -1)": "fake_logits"},
                "With more axes than one, patch k meets only patch k: flatten both first.", "axes"),
        Mistake("no softplus", {"F.softplus(-gaps)": "(-gaps)"},
                "Without softplus the mean over pairs is the Wasserstein loss."),
        overflow_slip(lambda real, fake: softplus_by_where(fake.reshape(1, -1) - real.reshape(-1, 1)).mean()),
        Mistake("real logits detached", {"real_logits.reshape": "real_logits.detach().reshape"},
                "In D's step the reals must pull, too; only G's step may detach them.", "gradients"),
        Mistake("cut off from the graph", {".mean()": ".mean().detach()"},
                "The value is right, but a detach, .item() or no_grad lets no gradient through.", "gradients"),
        Mistake("negated in place", {"real_logits.reshape(-1, 1) -": "real_logits.neg_().reshape(-1, 1) +", "-gaps": "gaps"},
                "An operation ending in _ rewrote the caller's logits.", "side effects"),
        Mistake("table made on the CPU",  # softplus of a table of zeros is log 2
                {".mean()": ".mean() + F.softplus(torch.zeros(real_logits.numel(), fake_logits.numel())).mean() - 0.6931471805599453"},
                "A table made by torch.zeros lives on the CPU and in float32; let broadcasting make it.", "dtype/device/seed"),
    ),
)
