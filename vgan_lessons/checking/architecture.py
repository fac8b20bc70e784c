"""Ready-made cases for open architectures: what a network must do, not how it is built.

Each function makes one `Case`. `build` takes the learner's class and returns a module;
`inputs` draws fresh inputs for it, samples along the first axis. Weights are replaced by
seeded ones first, so that an initialisation of zeros hides nothing.
"""

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn

from vgan_lessons.checking.exercise import Case

_Build = Callable[[Any], nn.Module]
_Inputs = Callable[[], tuple[Tensor, ...]]
_TINY = 1e-7  # smaller effects are rounding


def every_parameter_learns(build: _Build, inputs: _Inputs) -> Case:
    """A gradient reaches every parameter: no layer is made and then forgotten."""

    def run(answer: Any) -> dict[str, float]:
        module = _seeded(build(answer))
        _pull(module(*inputs()))
        named = module.named_parameters()
        return {name: _size(p.grad) for name, p in named if p.requires_grad}

    return Case(
        name="every parameter learns",
        run=run,
        holds=lambda seen: bool(seen) and all(size > 0 for size in seen.values()),
        nudge="A parameter whose gradient is 0 is not used on the way to the result.",
        kind="architecture",
    )


def range_is_reached(build: _Build, inputs: _Inputs, low: float, high: float) -> Case:
    """With large weights the output comes near both ends of its range, and never leaves it."""

    def run(answer: Any) -> tuple[float, float]:
        modules = [_seeded(build(answer), seed, scale=30.0) for seed in range(8)]
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


def samples_stay_apart(build: _Build, inputs: _Inputs) -> Case:
    """Changing one sample changes its own output and no other."""

    def run(answer: Any) -> tuple[float, float]:
        module, given = _seeded(build(answer)), inputs()
        before = module(*given)
        changed = [torch.cat([tensor[:1] + 1, tensor[1:]]) for tensor in given]
        moved = (module(*changed) - before).detach().abs()
        return moved[:1].max().item(), moved[1:].max().item()

    return Case(
        name="samples stay apart",
        run=run,
        holds=lambda seen: seen[0] > _TINY and seen[1] < 1e-5,
        nudge="Something mixes the batch: a batch norm, or a reshape over the first axis.",
        kind="architecture",
    )


def every_index_matters(build: _Build, inputs: _Inputs, axis: int, what: str) -> Case:
    """The output depends on every index of one axis of the first input: frames, channels."""

    def run(answer: Any) -> Tensor:
        first, *rest = inputs()
        first.requires_grad_()
        _pull(_seeded(build(answer))(first, *rest))
        others = [a for a in range(first.ndim) if a != axis % first.ndim]
        return torch.zeros(()) if first.grad is None else first.grad.abs().sum(others)

    return Case(
        name=f"every {what} matters",
        run=run,
        holds=lambda seen: seen.ndim == 1 and bool((seen > 0).all()),
        nudge=f"The output ignores at least one {what}.",
        kind="architecture",
    )


def is_not_affine(build: _Build, inputs: _Inputs) -> Case:
    """f(x) + f(-x) is not 2 f(0): there is an activation between the layers."""

    def run(answer: Any) -> float:
        module, given = _seeded(build(answer)), inputs()
        there, back = module(*given), module(*[-tensor for tensor in given])
        middle = module(*[torch.zeros_like(tensor) for tensor in given])
        return ((there + back - 2 * middle).abs().max() / there.abs().max()).item()

    return Case(
        name="more than one straight line",
        run=run,
        holds=lambda seen: seen > 1e-3,
        nudge="Layers without an activation between them are one linear layer.",
        kind="architecture",
    )


def option_has_effect(small: _Build, large: _Build, option: str) -> Case:
    """A larger value of an option makes a larger network."""

    def run(answer: Any) -> tuple[int, int]:
        modules = small(answer), large(answer)
        counts = [sum(p.numel() for p in module.parameters()) for module in modules]
        return counts[0], counts[1]

    return Case(
        name=f"{option} has an effect",
        run=run,
        holds=lambda seen: seen[0] < seen[1],
        nudge=f"Two networks of different {option} have equally many parameters.",
        kind="architecture",
    )


def no_look_ahead(build: _Build, inputs: _Inputs) -> Case:
    """Output (B, T, ...) up to frame t does not change when the input after t does."""

    def run(answer: Any) -> tuple[float, float]:
        module, given = _seeded(build(answer)), inputs()
        half = given[0].shape[1] // 2
        changed = [torch.cat([x[:, :half], x[:, half:] + 1], dim=1) for x in given]
        moved = (module(*changed) - module(*given)).detach().abs()
        return moved[:, :half].max().item(), moved[:, half:].max().item()

    return Case(
        name="no look ahead",
        run=run,
        holds=lambda seen: seen[0] < 1e-5 and seen[1] > _TINY,
        nudge="A frame may depend on earlier frames only.",
        kind="architecture",
    )


def _seeded(module: nn.Module, seed: int = 7, scale: float = 1.0) -> nn.Module:
    """Replace every weight by a seeded normal one of sensible size, biases by small ones."""
    rng = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for parameter in module.parameters():
            fan_in = max(1, parameter[0].numel()) if parameter.ndim > 1 else 4
            drawn = torch.randn(parameter.shape, generator=rng, dtype=parameter.dtype)
            parameter.copy_(drawn * scale / fan_in**0.5)
    return module


def _pull(made: Any) -> None:
    """Send a gradient back from everything that came out, larger outputs weighing more."""
    made = made if isinstance(made, tuple) else (made,)
    sum(
        part.square().sum() + part.sum() for part in made if isinstance(part, Tensor)
    ).backward()


def _size(gradient: Tensor | None) -> float:
    return 0.0 if gradient is None else gradient.abs().max().item()
