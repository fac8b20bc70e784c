"""Slips that every loss of (real_logits, fake_logits) invites.

They are built from a loss's halves, functions of the logits before any mean, so that every
loss is held against the same slips in its own numbers.
"""

from collections.abc import Callable

import torch
from torch import Tensor

from vgan_lessons.checking import Mistake

Half = Callable[[Tensor], Tensor]  # logits of any shape -> terms of the same shape


def softplus_by_where(t: Tensor) -> Tensor:
    """softplus of any shape, its overflow mended in the value and not in the gradient."""
    return torch.where(t > 20, t, torch.log1p(torch.exp(t)))


def overflow_slip(loss: Callable[..., Tensor]) -> Mistake:
    """The slip of a loss that takes its softplus from `softplus_by_where`."""
    return Mistake(
        "a softplus that overflows on its way back",
        loss,
        "The value is right, but torch.where differentiates both of its branches, and exp is inf in the one "
        "not taken: 0 times inf is NaN. F.softplus and F.logsigmoid know better.",
        "gradients",
    )


# fmt: off
def d_side_slips(on_real: Half, on_fake: Half) -> tuple[Mistake, ...]:
    """Slips for D's losses: the sum of the two halves' means, a scalar."""

    def right(real: Tensor, fake: Tensor) -> Tensor:
        return on_real(real).mean() + on_fake(fake).mean()

    return (
        Mistake("labels swapped", lambda real, fake: right(fake, real),
                "These are the numbers you get when reals and fakes trade places."),
        Mistake("real half lost", lambda real, fake: on_fake(fake).mean(),
                "Only the fakes count here, as when a second line overwrites the loss of the reals instead of adding to it."),
        Mistake("halved", lambda real, fake: right(real, fake) / 2,
                "This is half of the loss: the two means are added here, not averaged."),
        Mistake("summed, not averaged", lambda real, fake: on_real(real).sum() + on_fake(fake).sum(),
                "A sum over the batch grows with its size; take the mean of each half.", "axes"),
        Mistake("one mean over both batches", lambda real, fake: torch.cat([on_real(real), on_fake(fake)]).mean() * 2,
                "One mean over reals and fakes together gives the larger batch more weight.", "axes"),
        Mistake("averaged over the batch axis only", lambda real, fake: on_real(real).mean(0) + on_fake(fake).mean(0),
                "A mean over axis 0 alone leaves one number per patch; every axis must go.", "axes"),
        Mistake("cut off from the graph", lambda real, fake: right(real, fake).detach(),
                "The value is right, but a detach, .item() or no_grad lets no gradient through.", "gradients"),
        Mistake("fake logits detached", lambda real, fake: right(real, fake.detach()),
                "Detached logits teach D nothing about fakes: what D's step detaches is the fake image, before D sees it.",
                "gradients"),
        Mistake("logits changed in place",
                lambda real, fake: right(real, -fake.neg_()),
                "An operation ending in _ rewrote the caller's logits.", "side effects"),
        Mistake("backward inside the loss",
                lambda real, fake: (loss := right(real, fake)).backward() or loss,
                "A loss is a value; calling backward on it belongs to the training step.", "side effects"),
        Mistake("cast to float32", lambda real, fake: right(real.float(), fake.float()),
                "The loss must keep the dtype of the logits, float64 included.", "dtype/device/seed"),
    )


def g_side_slips(on_fake: Half) -> tuple[Mistake, ...]:
    """Slips for G's losses: the mean of this half, a scalar."""
    return (
        Mistake("pushed the wrong way", lambda real, fake: -on_fake(fake).mean(),
                "The sign is turned: G would learn to be caught."),
        Mistake("reals scored instead", lambda real, fake: on_fake(real).mean(),
                "This is computed from the real logits, which G cannot move."),
        Mistake("reals looked at all the same", lambda real, fake: on_fake(fake.to(real.device)).mean(),
                "real_logits is ignored and may be None: nothing can be read off it, not even its shape or its device."),
        Mistake("reals added", lambda real, fake: on_fake(fake).mean() + on_fake(real).mean(),
                "G's loss has no term for the reals in this game."),
        Mistake("summed, not averaged", lambda real, fake: on_fake(fake).sum(),
                "A sum over the batch grows with its size; take the mean.", "axes"),
        Mistake("averaged over the batch axis only", lambda real, fake: on_fake(fake).mean(0),
                "A mean over axis 0 alone leaves one number per patch; every axis must go.", "axes"),
        Mistake("cut off from the graph", lambda real, fake: on_fake(fake.detach()).mean(),
                "In G's step the fake logits are the only road to G: no detach, .item() or no_grad.", "gradients"),
        Mistake("logits changed in place",
                lambda real, fake: on_fake(-fake.neg_()).mean(),
                "An operation ending in _ rewrote the caller's logits.", "side effects"),
        Mistake("cast to float32", lambda real, fake: on_fake(fake.float()).mean(),
                "The loss must keep the dtype of the logits, float64 included.", "dtype/device/seed"),
    )
