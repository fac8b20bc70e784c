"""2.18: what random pairing estimates: the mean over every pair."""

import torch
from torch.nn import functional as F

from vgan_lessons import losses
from vgan_lessons.checking import Case, Exercise, Mistake
from vgan_lessons.exercises.score_pairs import at, pulls_at, unequal_batches


def _gaps(real, fake):
    return real.reshape(-1, 1) - fake.reshape(1, -1)


def _right(real, fake):
    return F.softplus(-_gaps(real, fake)).mean()


def _one_loop(real, fake):
    return sum(F.softplus(f - real).mean() for f in fake.flatten()) / fake.numel()


def _by_repeating(real, fake):
    reals = real.flatten().repeat_interleave(fake.numel())
    return -F.logsigmoid(reals - fake.flatten().repeat(real.numel())).mean()


def _as_many_as_pair(real, fake):
    n_pairs = min(real.numel(), fake.numel())
    return F.softplus(fake.flatten()[:n_pairs] - real.flatten()[:n_pairs]).mean()


def _contrastive(real, fake):
    """Each real against all fakes at once, as in a contrastive loss."""
    return torch.logsumexp(F.pad(-_gaps(real, fake), (1, 0)), dim=1).mean()


def _negated_in_place(real, fake):
    return F.softplus(_gaps(real.neg_(), -fake)).mean()


def _both_orders(loss):
    real, fake = torch.tensor([2.0, 0.0]), torch.tensor([1.0, -1.0])
    return loss(real, fake), loss(real, fake.flip(0)), loss(real + 7, fake + 7)


ALL_PAIRS_D_LOSS = Exercise(
    name="all_pairs_d_loss",
    number="2.18",
    minutes=6,
    difficulty="medium",
    importance="extra",
    contract=(
        "Return one number: the mean of softplus(-(real - fake)) over all pairs of one real "
        "with one fake.",
        "The two batches may have different sizes, and more axes than one: every entry pairs "
        "with every entry.",
        "Gradient reaches both.",
    ),
    reference=losses.all_pairs_d_loss,
    inputs=unequal_batches,
    cases=(
        Case(
            name="four pairs, in any order",
            run=_both_orders,
            # gaps 1, 3, -1, 1: mean(0.313262, 0.048587, 1.313262, 0.313262)
            expect=(0.497093, 0.497093, 0.497093),
            nudge="Two reals and two fakes make four pairs, and their order cannot matter.",
        ),
        Case(
            name="one real, three fakes",
            run=at([0.0], [0.0, 3.0, -1.0]),
            expect=1.351665,  # mean(0.693147, 3.048587, 0.313262)
            nudge="One real makes three pairs: none is left over.",
        ),
        Case(
            name="one score for each patch",
            run=at([[0.0, 2.0]], [[0.0, 0.0], [2.0, 4.0]]),
            # gaps 0, 0, -2, -4 and 2, 2, 0, -2
            expect=1.325663,  # (3 * 0.693147 + 2 * 2.126928 + 4.018150 + 2 * 0.126928) / 8
            nudge="Two scores and four scores: eight pairs, whatever axis they stand on.",
        ),
        Case(
            name="who pulls which way",
            run=pulls_at([0.0, 0.0], [0.0]),
            expect=(torch.tensor([-0.25, -0.25]), torch.tensor([0.5])),
            nudge="Every entry is in some pairs, and each pair pulls on both of its ends.",
        ),
    ),
    hints=(
        "A table with one row for each real and one column for each fake: what stands in a "
        "cell?",
        "Broadcasting makes the table from a column and a row; flatten both first.",
        "`F.softplus(...)` of `fake.reshape(1, -1) - real.reshape(-1, 1)`, then one mean.",
    ),
    mistakes=(
        Mistake(
            "own partners only",
            _as_many_as_pair,
            "This is exercise 2.14: entry i with entry i, and the others never meet.",
            "axes",
        ),
        Mistake(
            "G's side",
            lambda real, fake: F.softplus(_gaps(real, fake)).mean(),
            "This rewards fakes above the reals; D wants every gap real - fake wide.",
        ),
        Mistake(
            "average game",
            lambda real, fake: F.softplus(fake.mean() - real).mean(),
            "Softplus of a mean is not the mean of softplus: build the table first.",
            "axes",
        ),
        Mistake(
            "summed over the fakes",
            lambda real, fake: F.softplus(-_gaps(real, fake)).sum(1).mean(),
            "Take the mean over all pairs, not a sum over one of the two sides.",
            "axes",
        ),
        Mistake(
            "divided by the square of one batch",
            lambda real, fake: F.softplus(-_gaps(real, fake)).sum() / real.numel() ** 2,
            "There are as many pairs as reals times fakes, not as reals times reals.",
            "axes",
        ),
        Mistake(
            "all fakes in one logarithm",
            _contrastive,
            "This is a contrastive loss: each real against all fakes at once, not pair by "
            "pair.",
        ),
        Mistake(
            "paired along the batch only",
            lambda real, fake: F.softplus(fake.unsqueeze(0) - real.unsqueeze(1)).mean(),
            "With more axes than one, patch k meets only patch k: flatten both first.",
            "axes",
        ),
        Mistake(
            "no softplus",
            lambda real, fake: -_gaps(real, fake).mean(),
            "Without softplus the mean over pairs is the Wasserstein loss.",
        ),
        Mistake(
            "real logits detached",
            lambda real, fake: _right(real.detach(), fake),
            "In D's step the reals must pull, too; only G's step may detach them.",
            "gradients",
        ),
        Mistake(
            "cut off from the graph",
            lambda real, fake: _right(real, fake).detach(),
            "The value is right, but a detach, .item() or no_grad lets no gradient through.",
            "gradients",
        ),
        Mistake(
            "negated in place",
            _negated_in_place,
            "An operation ending in _ rewrote the caller's logits.",
            "side effects",
        ),
        Mistake(
            "table made on the CPU",
            lambda real, fake: (
                _right(real, fake)
                + F.softplus(torch.zeros(real.numel(), fake.numel())).mean()
                - 0.6931471805599453
            ),
            "A table made by torch.zeros lives on the CPU and in float32; let broadcasting "
            "make it.",
            "dtype/device/seed",
        ),
    ),
    alternatives={
        "one loop": _one_loop,
        "cartesian product": lambda real, fake: F.softplus(
            torch.cartesian_prod(fake.flatten(), -real.flatten()).sum(1)
        ).mean(),
        "repeated": _by_repeating,
    },
)
