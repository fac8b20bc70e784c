"""Ready-made cases for open architectures: what a network must do, not how it is built.

Each function makes one `Case`. `build` takes the learner's class and returns a module.
"""

from collections.abc import Callable, Iterable
from typing import Any

import torch
from torch import Tensor, nn

from vgan_lessons.checking.exercise import Case

_Build = Callable[[Any], nn.Module]
_BuildSome = Callable[[Any], nn.Module | Iterable[nn.Module]]


def range_is_reached(
    build: _Build, inputs: Callable[[], tuple[Tensor, ...]], low: float, high: float
) -> Case:
    """With large weights the output comes near both ends of its range, and never leaves it.

    Args:
        build: makes the network from the answer; its weights are replaced by seeded ones, so
            that an initialisation of zeros hides nothing.
        inputs: draws fresh inputs for it, samples along the first axis.
        low: the lower end.
        high: the upper end.
    """

    def run(answer: Any) -> tuple[float, float]:
        modules = [_seeded(build(answer), seed) for seed in range(8)]
        made = torch.cat([module(*inputs()).detach().flatten() for module in modules])
        return made.min().item(), made.max().item()

    margin = 0.1 * (high - low)
    return Case(
        name=f"outputs fill [{low:g}, {high:g}]",
        run=run,
        holds=lambda seen: low <= seen[0] < low + margin and high - margin < seen[1] <= high,
        nudge="Look at the last activation.",
        kind="architecture",
    )


def option_has_effect(small: _BuildSome, large: _BuildSome, option: str) -> Case:
    """A larger value of an option makes a larger network, or each of several larger.

    Args:
        small: builds the network, or a list of networks, with the smaller value.
        large: builds it with the larger one.
        option: its name, for the message.
    """

    def run(answer: Any) -> list[tuple[int, ...]]:
        networks = [
            [built] if isinstance(built, nn.Module) else list(built)
            for built in (small(answer), large(answer))
        ]
        return [tuple(map(_size, pair)) for pair in zip(*networks, strict=True)]

    return Case(
        name=f"{option} has an effect",
        run=run,
        holds=lambda seen: all(before < after for before, after in seen),
        nudge=f"Two networks of different {option} have equally many parameters.",
        kind="architecture",
    )


def _size(network: nn.Module) -> int:
    return sum(parameter.numel() for parameter in network.parameters())


def _seeded(module: nn.Module, seed: int) -> nn.Module:
    """Replace every weight by a seeded normal one, thirty times the size that keeps signals."""
    rng = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for parameter in module.parameters():
            fan_in = max(1, parameter[0].numel()) if parameter.ndim > 1 else 4
            drawn = torch.randn(parameter.shape, generator=rng, dtype=parameter.dtype)
            parameter.copy_(drawn * 30.0 / fan_in**0.5)
    return module
