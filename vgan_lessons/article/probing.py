"""Ask a network what it does, without looking at how it is built."""

from collections.abc import Sequence

import torch
from torch import Tensor, nn


def reweighed(
    module: nn.Module,
    *,
    scale: float = 1.0,
    seed: int = 7,
    dtype: torch.dtype = torch.float64,
) -> nn.Module:
    """Draw every weight anew, of a size that keeps signals alive.

    Args:
        module: changed in place.
        scale: 1 keeps the size of a signal about the same from layer to layer.
        seed: of the draws; the global random state is left alone.
        dtype: of the weights afterwards; twenty linear layers need float64 to look linear.

    Returns:
        The module.
    """
    rng = torch.Generator().manual_seed(seed)
    module.to(dtype)
    with torch.no_grad():
        for parameter in module.parameters():
            fan_in = parameter[0].numel() if parameter.ndim > 1 else 4
            drawn = torch.randn(parameter.shape, generator=rng, dtype=dtype)
            parameter.copy_(drawn * scale / max(1, fan_in) ** 0.5)
    return module


def first_that_fits(module: nn.Module, inputs: Sequence[Tensor]) -> Tensor:
    """Find the input that a module takes.

    Args:
        module: any.
        inputs: of different layouts, (B, ...), tried in turn.

    Returns:
        The first that it does not refuse.

    Raises:
        ValueError: if it takes none of them.
    """
    for given in inputs:
        try:
            with torch.no_grad():
                module(given)
        except Exception:  # whatever a network says to an input of the wrong layout
            continue
        return given
    shapes = ", ".join(str(tuple(given.shape)) for given in inputs)
    raise ValueError(f"the network takes none of these shapes: {shapes}")


@torch.no_grad()
def is_affine(module: nn.Module, given: Tensor) -> bool:
    """Whether a network is one affine map, up to a last tanh or sigmoid.

    An affine map has f(x) + f(-x) = 2 f(0). A tanh or a sigmoid at the end is undone first,
    where the values allow it.

    Args:
        module: any, with weights that matter.
        given: (B, ...), an input it takes.
    """
    three = torch.stack([module(x) for x in (given, -given, torch.zeros_like(given))])
    undone = [three]
    if three.abs().max() < 1:
        undone.append(three.atanh())
    if three.min() > 0 and three.max() < 1:
        undone.append(three.logit())
    return any(_bend(there, back, middle) < 1e-3 for there, back, middle in undone)


def _bend(there: Tensor, back: Tensor, middle: Tensor) -> float:
    reach = (there - middle).abs().max()
    if not reach.isfinite():
        return float("inf")  # nothing is known, and nothing claimed
    return ((there + back - 2 * middle).abs().max() / reach).item() if reach > 0 else 0.0


@torch.no_grad()
def share_reached(module: nn.Module, codes: Tensor) -> float:
    """How many of all pairs (number of the code, output) belong together.

    Args:
        module: (B, latent_dim) -> (B, ...).
        codes: (B, latent_dim).

    Returns:
        1 if each number of the code moves each output for at least one of the B codes.
    """
    before, reached = module(codes), []
    for place in range(codes.shape[1]):
        other = codes.clone()
        other[:, place] += 1
        reached.append((module(other) != before).any(dim=0).double().mean())
    return torch.stack(reached).mean().item()
