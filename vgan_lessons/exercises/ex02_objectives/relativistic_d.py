"""2.14: each real against its own fake, D's side."""

import torch
from torch.nn import functional as F

from vgan_lessons import losses
from vgan_lessons.checking import Case, Exercise, Mistake
from vgan_lessons.exercises.ex02_objectives.pairing import REFUSAL, paired, reversed_fakes
from vgan_lessons.exercises.score_pairs import at, equal_batches, pulls_at


def _sorted_pairs(real, fake):
    return real.flatten().sort().values, fake.flatten().sort().values


def _in_place(real, fake):
    real -= fake
    return F.softplus(-real).mean()


def _logistic(real, fake):
    return F.softplus(-real).mean() + F.softplus(fake).mean()


RELATIVISTIC_D_LOSS = Exercise(
    name="relativistic_d_loss",
    number="2.14",
    minutes=4,
    difficulty="medium",
    contract=(
        "Return one number: the mean of softplus(-(real - fake)) over the pairs, entry by "
        "entry.",
        "If the shapes differ, raise ValueError.",
        "Gradient reaches both: in D's step real and fake logits come from the same D.",
    ),
    reference=losses.relativistic_d_loss,
    inputs=equal_batches,
    cases=(
        Case(
            name="two pairs",
            run=at([2.0, 0.0], [1.0, -1.0]),
            expect=0.313262,  # softplus(-1), twice
            nudge="Each real leads its fake by 1: softplus(-1) = 0.313.",
        ),
        Case(
            name="partners changed, and a constant added",
            run=reversed_fakes,
            # softplus(-3) and softplus(1); softplus(-1) again
            expect=(0.313262, 0.680925, 0.313262),
            nudge="Another order of the fakes is another game; a constant on all is not.",
        ),
        Case(
            name="who pulls which way",
            run=pulls_at([0.0, 1.0], [0.0, 1.0]),
            expect=(torch.tensor([-0.25, -0.25]), torch.tensor([0.25, 0.25])),
            nudge="In a tie the real is pushed up and its fake down, by 1/2 over 2 pairs.",
        ),
        Case(
            name="sure and wrong",
            run=at([-100.0], [100.0]),
            expect=200.0,
            nudge="sigmoid(-200) is 0 in float32; its logarithm is not to be taken.",
        ),
        REFUSAL,
    ),
    hints=(
        "D's question here: is this real more real than this fake? One logit: the difference.",
        "It is the logistic loss of the differences, with the label 'real' for each.",
        "Compare the shapes, then `F.softplus(...).mean()` of one difference.",
    ),
    mistakes=(
        Mistake(
            "G's loss",
            paired(lambda real, fake: F.softplus(real - fake).mean()),
            "This rewards fakes above their reals: it is G's side of the game.",
        ),
        Mistake(
            "each logit by itself",
            paired(_logistic),
            "This is the non-saturating loss; here only the difference within a pair counts.",
        ),
        Mistake(
            "difference of the means",
            paired(lambda real, fake: F.softplus(fake.mean() - real.mean())),
            "softplus first, mean afterwards: every pair is judged by itself.",
            "axes",
        ),
        Mistake(
            "compared with the mean fake",
            paired(lambda real, fake: F.softplus(fake.mean() - real).mean()),
            "Each real has its own partner here; the mean belongs to the average game.",
            "axes",
        ),
        Mistake(
            "pairs broken by sorting",
            paired(
                lambda real, fake: F.softplus(
                    _sorted_pairs(real, fake)[1] - _sorted_pairs(real, fake)[0]
                ).mean()
            ),
            "Sorting gives every real another partner: entry i belongs to entry i.",
            "axes",
        ),
        Mistake(
            "summed, not averaged",
            paired(lambda real, fake: F.softplus(fake - real).sum()),
            "A sum over the pairs grows with their number; take the mean.",
            "axes",
        ),
        Mistake(
            "averaged over the batch axis only",
            paired(lambda real, fake: F.softplus(fake - real).mean(0)),
            "A mean over axis 0 alone leaves one number per patch; every axis must go.",
            "axes",
        ),
        Mistake(
            "log of the sigmoid",
            paired(lambda real, fake: -torch.log(torch.sigmoid(real - fake)).mean()),
            "sigmoid(-200) is 0 in floats and log 0 is -inf: use F.softplus.",
        ),
        Mistake(
            "real logits detached",
            paired(lambda real, fake: F.softplus(fake - real.detach()).mean()),
            "In D's step the reals must pull, too; only G's step may detach them.",
            "gradients",
        ),
        Mistake(
            "fake logits detached",
            paired(lambda real, fake: F.softplus(fake.detach() - real).mean()),
            "Detached logits teach D nothing about fakes: what D's step detaches is the fake "
            "image, before D sees it.",
            "gradients",
        ),
        Mistake(
            "shapes not compared",
            lambda real, fake: F.softplus(fake - real).mean(),
            "Broadcasting turns (4,) and (4, 1) into 16 pairs without a word.",
            "axes",
        ),
        Mistake(
            "subtracted in place",
            paired(_in_place),
            "`real -= fake` rewrites the caller's logits; write a new tensor.",
            "side effects",
        ),
        Mistake(
            "partners drawn anew",
            paired(
                lambda real, fake: F.softplus(
                    fake.flatten()[torch.randperm(fake.numel())] - real.flatten()
                ).mean()
            ),
            "A permutation inside the loss uses up global randomness and makes it noisy.",
            "dtype/device/seed",
        ),
    ),
    alternatives={
        "logsigmoid": paired(lambda real, fake: -F.logsigmoid(real - fake).mean()),
        "cross entropy of the differences": paired(
            lambda real, fake: F.binary_cross_entropy_with_logits(
                real - fake, torch.ones_like(real)
            )
        ),
        "softmax of each pair": paired(
            lambda real, fake: -torch.stack([real, fake]).log_softmax(0)[0].mean()
        ),
        "logaddexp": paired(lambda real, fake: (torch.logaddexp(real, fake) - real).mean()),
    },
)
