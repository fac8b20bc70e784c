"""2.5: each real against its own fake."""

import torch

from vgan_lessons import losses
from vgan_lessons.checking import Case, Exercise, Mistake
from vgan_lessons.exercises.score_pairs import (
    at,
    equal_batches,
    pull_on_fakes,
    pulls_at,
    reversed_fakes,
)
from vgan_lessons.exercises.usual_slips import overflow_slip, softplus_by_where


def _unequal_shapes(loss):
    """Whether a column of fakes beside a row of reals is refused."""
    try:
        loss(torch.zeros(4), torch.zeros(4, 1))
    except ValueError:
        return "ValueError"
    return "no error"


def _paired(game):
    def loss(real, fake):
        if real.shape != fake.shape:
            raise ValueError
        return game(real, fake)

    return loss


# fmt: off
_REFUSAL = Case("scores that do not pair", _unequal_shapes, "ValueError",
                "(4,) beside (4, 1) broadcasts to 16 pairs without a word: compare the shapes first and raise ValueError.")

RELATIVISTIC_D_LOSS = Exercise(
    name="relativistic_d_loss",
    number="2.5a",
    minutes=4,
    difficulty="medium",
    contract=(
        "Return one number: the mean of softplus(-(real - fake)) over the pairs, entry by "
        "entry.",
        "If the shapes differ, raise `ValueError`.",
        "Gradient reaches both: in D's step real and fake logits come from the same D.",
        "Value and gradient stay finite at any logit, 200 included.",
    ),
    reference=losses.relativistic_d_loss,
    inputs=equal_batches,
    stays_finite=True,
    cases=(
        Case("two pairs", at([2.0, 0.0], [1.0, -1.0]), 0.313262,  # softplus(-1), twice
             "Each real leads its fake by 1: softplus(-1) = 0.313."),
        Case("partners changed, and a constant added", reversed_fakes,
             (0.313262, 0.680925, 0.313262),  # softplus(-3) and softplus(1); softplus(-1) again
             "Another order of the fakes is another game; a constant on all is not."),
        Case("who pulls which way", pulls_at([0.0, 1.0], [0.0, 1.0]),
             (torch.tensor([-0.25, -0.25]), torch.tensor([0.25, 0.25])),
             "In a tie the real is pushed up and its fake down, by 1/2 over 2 pairs."),
        Case("sure and wrong", at([-100.0], [100.0]), 200.0,
             "sigmoid(-200) is 0 in float32; its logarithm is not to be taken."),
        _REFUSAL,
    ),
    hints=(
        "D's question here: is this real more real than this fake? One logit: the difference.",
        "It is the logistic loss of the differences, with the label 'real' for each.",
        "Compare the shapes, then `F.softplus(...).mean()` of one difference.",
    ),
    mistakes=(
        Mistake("G's loss", {"fake_logits - real_logits": "real_logits - fake_logits"},
                "This rewards fakes above their reals: it is G's side of the game."),
        Mistake("each logit by itself",
                {"fake_logits - real_logits": "-real_logits", ".mean()": ".mean() + F.softplus(fake_logits).mean()"},
                "This is the non-saturating loss; here only the difference within a pair counts."),
        Mistake("difference of the means", {"fake_logits - real_logits).mean()": "fake_logits.mean() - real_logits.mean())"},
                "softplus first, mean afterwards: every pair counts by itself.", "axes"),
        Mistake("compared with the mean fake", {"fake_logits -": "fake_logits.mean() -"},
                "Each real has its own partner here; the mean belongs to the average game.", "axes"),
        Mistake("pairs broken by sorting",
                {"fake_logits - real_logits": "fake_logits.flatten().sort().values - real_logits.flatten().sort().values"},
                "Sorting gives every real another partner: entry i belongs to entry i.", "axes"),
        Mistake("summed, not averaged", {".mean()": ".sum()"},
                "A sum over the pairs grows with their number; take the mean.", "axes"),
        Mistake("averaged over the batch axis only", {".mean()": ".mean(0)"},
                "A mean over axis 0 alone leaves one number per patch; every axis must go.", "axes"),
        Mistake("infinite far out", {"F.softplus(fake_logits - real_logits)": "-torch.log(torch.sigmoid(real_logits - fake_logits))"},
                "Taken step by step the logarithm is infinite far out, where sigmoid rounds to 0 and exp to inf: use F.softplus."),
        overflow_slip(_paired(lambda real, fake: softplus_by_where(fake - real).mean())),
        Mistake("real logits detached", {"- real_logits": "- real_logits.detach()"},
                "In D's step the reals must pull, too; only G's step may detach them.", "gradients"),
        Mistake("fake logits detached", {"fake_logits -": "fake_logits.detach() -"},
                "Detached logits teach D nothing about fakes: what D's step detaches is the fake image, before D sees it.",
                "gradients"),
        Mistake("shapes not compared", {"_require_pairs(real_logits, fake_logits)": "pass"},
                "Broadcasting turns (4,) and (4, 1) into 16 pairs without a word.", "axes"),
        Mistake("subtracted in place",
                {"return F": "real_logits -= fake_logits\n    return F", "fake_logits - real_logits": "-real_logits"},
                "`real -= fake` rewrites the caller's logits; write a new tensor.", "side effects"),
        Mistake("partners drawn anew",
                {"fake_logits - real_logits": "fake_logits.flatten()[torch.randperm(fake_logits.numel())] - real_logits.flatten()"},
                "A permutation inside the loss uses up global randomness and makes it noisy.", "dtype/device/seed"),
    ),
)

RELATIVISTIC_G_LOSS = Exercise(
    name="relativistic_g_loss",
    number="2.5b",
    minutes=3,
    difficulty="medium",
    contract=(
        "Return one number: the mean of softplus(-(fake - real)) over the pairs, entry by "
        "entry.",
        "If the shapes differ, raise `ValueError`.",
        "Gradient reaches the fake logits; whether it reaches the real ones is left open.",
        "Value and gradient stay finite at any logit, 200 included.",
    ),
    reference=losses.relativistic_g_loss,
    inputs=equal_batches,
    stays_finite=True,
    free_gradients=("real_logits",),
    cases=(
        Case("two pairs", at([2.0, 0.0], [1.0, -1.0]), 1.313262,  # softplus(1), twice
             "Each fake is 1 below its real: softplus(1) = 1.313."),
        Case("partners changed, and a constant added", reversed_fakes,
             (1.313262, 1.680925, 1.313262),  # softplus(3) and softplus(-1); softplus(1) again
             "Another order of the fakes is another game; a constant on all is not."),
        Case("the pulls", pull_on_fakes([0.0, 5.0], [0.0, 0.0]),
             torch.tensor([-0.25, -0.496654]),  # sigmoid(0) / 2, sigmoid(5) / 2
             "A fake is pulled up the harder, the further it is below its own real."),
        _REFUSAL,
    ),
    hints=(
        "G plays D's game with the roles exchanged: the fake should lead.",
        "One difference inside the softplus, the other way round than in D's loss.",
        "Compare the shapes, then `F.softplus(...).mean()`.",
    ),
    mistakes=(
        Mistake("D's loss", {"real_logits - fake_logits": "fake_logits - real_logits"},
                "This rewards reals above their fakes: it is D's side of the game."),
        Mistake("minus D's loss", {"F.softplus(real_logits - fake_logits)": "-F.softplus(fake_logits - real_logits)"},
                "The negative of D's loss saturates; G has a softplus of its own."),
        Mistake("reals ignored", {"real_logits - fake_logits": "-fake_logits"},
                "This is the non-saturating loss; here each fake is compared with its real."),
        Mistake("compared with the mean real", {"real_logits -": "real_logits.mean() -"},
                "Each fake has its own partner here; the mean belongs to the average game.", "axes"),
        Mistake("difference of the means", {"real_logits - fake_logits).mean()": "real_logits.mean() - fake_logits.mean())"},
                "softplus first, mean afterwards: every pair counts by itself.", "axes"),
        Mistake("summed, not averaged", {".mean()": ".sum()"},
                "A sum over the pairs grows with their number; take the mean.", "axes"),
        overflow_slip(_paired(lambda real, fake: softplus_by_where(real - fake).mean())),
        Mistake("fake logits detached", {"- fake_logits": "- fake_logits.detach()"},
                "In G's step the fake logits are the only road to G; detach the reals instead.", "gradients"),
        Mistake("shapes not compared", {"_require_pairs(real_logits, fake_logits)": "pass"},
                "Broadcasting turns (4,) and (4, 1) into 16 pairs without a word.", "axes"),
        Mistake("cast to float32", {"real_logits - fake_logits": "real_logits.float() - fake_logits.float()"},
                "The loss must keep the dtype of the logits, float64 included.", "dtype/device/seed"),
    ),
)
