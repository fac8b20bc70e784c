"""2.15: each fake against its own real, G's side."""

import torch
from torch.nn import functional as F

from vgan_lessons import losses
from vgan_lessons.checking import Case, Exercise, Mistake
from vgan_lessons.exercises.ex02_objectives.pairing import REFUSAL, paired, reversed_fakes
from vgan_lessons.exercises.score_pairs import at, equal_batches, pull_on_fakes

RELATIVISTIC_G_LOSS = Exercise(
    name="relativistic_g_loss",
    number="2.15",
    minutes=3,
    difficulty="medium",
    contract=(
        "Return one number: the mean of softplus(-(fake - real)) over the pairs, entry by "
        "entry.",
        "If the shapes differ, raise ValueError.",
        "Gradient reaches the fake logits; whether it reaches the real ones is left open.",
    ),
    reference=losses.relativistic_g_loss,
    inputs=equal_batches,
    free_gradients=("real_logits",),
    cases=(
        Case(
            name="two pairs",
            run=at([2.0, 0.0], [1.0, -1.0]),
            expect=1.313262,  # softplus(1), twice
            nudge="Each fake is 1 below its real: softplus(1) = 1.313.",
        ),
        Case(
            name="partners changed, and a constant added",
            run=reversed_fakes,
            # softplus(3) and softplus(-1); softplus(1) again
            expect=(1.313262, 1.680925, 1.313262),
            nudge="Another order of the fakes is another game; a constant on all is not.",
        ),
        Case(
            name="the pulls",
            run=pull_on_fakes([0.0, 5.0], [0.0, 0.0]),
            expect=torch.tensor([-0.25, -0.496654]),  # sigmoid(0) / 2, sigmoid(5) / 2
            nudge="A fake is pulled up the harder, the further it is below its own real.",
        ),
        REFUSAL,
    ),
    hints=(
        "G plays D's game with the roles exchanged: the fake should lead.",
        "One difference inside the softplus, the other way round than in exercise 2.14.",
        "Compare the shapes, then `F.softplus(...).mean()`.",
    ),
    mistakes=(
        Mistake(
            "D's loss",
            paired(lambda real, fake: F.softplus(fake - real).mean()),
            "This rewards reals above their fakes: it is D's side of the game.",
        ),
        Mistake(
            "minus D's loss",
            paired(lambda real, fake: -F.softplus(fake - real).mean()),
            "The negative of D's loss saturates; G has a softplus of its own.",
        ),
        Mistake(
            "reals ignored",
            paired(lambda real, fake: F.softplus(-fake).mean()),
            "This is the non-saturating loss; here each fake is compared with its real.",
        ),
        Mistake(
            "compared with the mean real",
            paired(lambda real, fake: F.softplus(real.mean() - fake).mean()),
            "Each fake has its own partner here; the mean belongs to the average game.",
            "axes",
        ),
        Mistake(
            "difference of the means",
            paired(lambda real, fake: F.softplus(real.mean() - fake.mean())),
            "softplus first, mean afterwards: every pair is judged by itself.",
            "axes",
        ),
        Mistake(
            "summed, not averaged",
            paired(lambda real, fake: F.softplus(real - fake).sum()),
            "A sum over the pairs grows with their number; take the mean.",
            "axes",
        ),
        Mistake(
            "fake logits detached",
            paired(lambda real, fake: F.softplus(real - fake.detach()).mean()),
            "In G's step the fake logits are the only road to G; detach the reals instead.",
            "gradients",
        ),
        Mistake(
            "shapes not compared",
            lambda real, fake: F.softplus(real - fake).mean(),
            "Broadcasting turns (4,) and (4, 1) into 16 pairs without a word.",
            "axes",
        ),
        Mistake(
            "cast to float32",
            paired(lambda real, fake: F.softplus(real.float() - fake.float()).mean()),
            "The loss must keep the dtype of the logits, float64 included.",
            "dtype/device/seed",
        ),
    ),
    alternatives={
        "reals detached": paired(lambda real, fake: F.softplus(real.detach() - fake).mean()),
        "logsigmoid": paired(lambda real, fake: -F.logsigmoid(fake - real).mean()),
        "softmax of each pair": paired(
            lambda real, fake: -torch.stack([real, fake]).log_softmax(0)[1].mean()
        ),
    },
)
