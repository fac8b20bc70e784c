"""What exercises about losses of (real_logits, fake_logits) share: probe inputs and views."""

from collections.abc import Callable

import torch
from torch import Tensor

from vgan_lessons.checking import Draw

SILENT = [0.0, 0.0, 0.0, 0.0]
CUT_OFF = "no gradient: the result is cut off from the logits"


def unequal_batches(draw: Draw) -> dict[str, Tensor]:
    """Probe inputs: scores with a second axis, fewer or more fakes than reals."""
    return {"real_logits": draw.normal("R K"), "fake_logits": draw.normal("F K")}


def equal_batches(draw: Draw) -> dict[str, Tensor]:
    """Probe inputs: one shape for both, so that entry can be compared with entry."""
    return {"real_logits": draw.normal("B K"), "fake_logits": draw.normal("B K")}


def at(real: list | None, fake: list) -> Callable[[Callable], object]:
    """A case body: the loss at these logits; None where nobody has scored any reals."""
    return lambda loss: loss(None if real is None else torch.tensor(real), torch.tensor(fake))


def pulls_at(real: list, fake: list) -> Callable[[Callable], object]:
    """A case body: the gradient of the loss at each logit, (reals, fakes); 0 where none."""

    def run(loss: Callable) -> object:
        logits = [
            torch.tensor(real, requires_grad=True),
            torch.tensor(fake, requires_grad=True),
        ]
        value = loss(*logits)
        if not isinstance(value, Tensor) or not value.requires_grad:
            return CUT_OFF
        total = value.sum()
        return torch.autograd.grad(total, logits, allow_unused=True, materialize_grads=True)

    return run


def pull_on_fakes(real: list, fake: list) -> Callable[[Callable], object]:
    """A case body: the gradient at each fake logit alone."""

    def run(loss: Callable) -> object:
        pulls = pulls_at(real, fake)(loss)
        return pulls if pulls == CUT_OFF else pulls[1]

    return run


def reversed_fakes(loss: Callable) -> object:
    """A case body: two pairs, the same with partners exchanged, the same with 7 added."""
    real, fake = torch.tensor([2.0, 0.0]), torch.tensor([1.0, -1.0])
    return loss(real, fake), loss(real, fake.flip(0)), loss(real + 7, fake + 7)
