"""What the two sides of the paired game share: a guarded answer, and two cases."""

import torch

from vgan_lessons.checking import Case


def _refuse_unequal(real, fake):
    if real.shape != fake.shape:
        raise ValueError(f"shapes {tuple(real.shape)} and {tuple(fake.shape)} do not pair")


def paired(game):
    """A right or wrong loss, guarded as a learner would guard it."""

    def answer(real, fake):
        _refuse_unequal(real, fake)
        return game(real, fake)

    return answer


def _unequal_shapes(loss):
    """Whether a column of fakes beside a row of reals is refused."""
    try:
        loss(torch.zeros(4), torch.zeros(4, 1))
    except ValueError:
        return "ValueError"
    return "no error"


def reversed_fakes(loss):
    """A case body: two pairs, the same with partners exchanged, the same with 7 added."""
    real, fake = torch.tensor([2.0, 0.0]), torch.tensor([1.0, -1.0])
    return loss(real, fake), loss(real, fake.flip(0)), loss(real + 7, fake + 7)


REFUSAL = Case(
    name="scores that do not pair",
    run=_unequal_shapes,
    expect="ValueError",
    nudge="(4,) beside (4, 1) broadcasts to 16 pairs without a word: compare the shapes first "
    "and raise ValueError.",
)
