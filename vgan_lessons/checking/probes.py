"""The seeded inputs on which every answer is compared with the reference.

An exercise says which axes its inputs have, by drawing them from a `Draw`. The engine says how
long the axes are, and at what scale: that is the table of a `Probe`. Then it dresses what was
drawn: `dress` casts, transposes and attaches the graph as the probe asks.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any

import torch
from torch import Tensor, nn

_SIZE_TABLES = (  # by order of first use; never two axes of one length, never square
    (3, 5, 2, 7, 4, 6),
    (1, 4, 3, 2, 6, 5),  # a batch of one
    (6, 3, 4, 5, 2, 7),
)
_LARGE = 100.0  # float32 has no e^100; extreme numbers reach 200 and more


class Draw:
    """Draws the inputs of one probe; the same arguments draw the same numbers.

    Everything comes in float64 without gradients: the engine casts, transposes, moves and
    attaches the graph afterwards, so an exercise may compute with what it drew.

    Args:
        seed: of this probe.
        table: which row of sizes, counted round.
        scale: multiplies `normal`.
        sizes: axis letter -> the lengths it may take, where the engine's do not fit.
        extreme: `normal` draws numbers of size 100 and more instead, of both signs.

    Example:
        >>> draw = Draw(0, table=0)
        >>> draw.normal("B T C").shape, draw.normal("B C").shape
        (torch.Size([3, 5, 2]), torch.Size([3, 2]))
    """

    def __init__(
        self,
        seed: int,
        *,
        table: int,
        scale: float = 1.0,
        sizes: Mapping[str, tuple[int, ...]] | None = None,
        extreme: bool = False,
    ) -> None:
        self._rng = torch.Generator().manual_seed(seed)
        self._table = table
        self._scale = scale
        self._extreme = extreme
        self._sizes = sizes or {}
        self._chosen: dict[str, int] = {}

    def size(self, axis: str) -> int:
        """Length of an axis by its letter; the same letter, the same length. "3" is 3."""
        if axis.isdigit():
            return int(axis)
        if axis not in self._chosen:
            row = self._sizes.get(axis)
            free = _SIZE_TABLES[self._table % len(_SIZE_TABLES)][len(self._chosen) % 6]
            self._chosen[axis] = row[self._table % len(row)] if row else free
        return self._chosen[axis]

    def normal(self, shape: str, scale: float = 1.0) -> Tensor:
        """Normal numbers at the probe's scale, of both signs wherever there are two.

        Args:
            shape: axis letters or numbers: "B T 3 H W"; "" for one number.
            scale: an extra factor of the exercise's own.
        """
        drawn = torch.randn(self._shape(shape), generator=self._rng, dtype=torch.float64)
        if drawn.numel() > 1 and (drawn.min() > 0 or drawn.max() < 0):
            drawn.flatten()[0].neg_()
        if self._extreme:
            return drawn.sign() * (_LARGE + _LARGE * drawn.abs())
        return drawn * scale * self._scale

    def uniform(self, shape: str, low: float = 0.0, high: float = 1.0) -> Tensor:
        """Uniform numbers in [low, high), untouched by the probe's scale."""
        drawn = torch.rand(self._shape(shape), generator=self._rng, dtype=torch.float64)
        return low + (high - low) * drawn

    def integers(self, shape: str, low: int, high: int) -> Tensor:
        """Whole numbers from low to high - 1, int64."""
        return torch.randint(low, high, self._shape(shape), generator=self._rng)

    def number(self, low: float = 0.0, high: float = 1.0) -> float:
        """One plain Python number in [low, high)."""
        return self.uniform("", low, high).item()

    def rng(self) -> torch.Generator:
        """A seeded random source, for answers that take one."""
        return torch.Generator().manual_seed(int(self.integers("", 0, 2**31)))

    def _shape(self, shape: str) -> tuple[int, ...]:
        return tuple(self.size(axis) for axis in shape.split())


@dataclass(frozen=True)
class Probe:
    """One way of drawing and dressing the inputs.

    Args:
        name: in plain words; part of what the learner reads.
        table: which sizes and which scale.
        dtype: of all floating inputs.
        far: inputs behave as if they were on another device.
        transposed: memory order reversed, so that `view` fails where `reshape` works.
        graph: floating inputs hang on a graph, and gradients are compared.
        default_dtype: torch's global default while the answer runs.
        again: call a second time, as a later cell would.
        extreme: very large numbers, where values and gradients have to stay finite and no
            more; only for exercises whose statement promises that.
    """

    name: str
    table: int = 0
    dtype: torch.dtype = torch.float32
    far: bool = False
    transposed: bool = False
    graph: bool = True
    default_dtype: torch.dtype = torch.float32
    again: bool = False
    extreme: bool = False


PROBES = (
    Probe("random inputs"),
    Probe("random inputs, a small batch", table=1),
    Probe("random inputs, large numbers", table=2),
    Probe("inputs that are not contiguous and need no gradient", transposed=True, graph=False),
    Probe("float64 inputs", dtype=torch.float64),
    Probe("float32 inputs while torch's default is float64", default_dtype=torch.float64),
    Probe("inputs on another device", far=True),
    Probe("very large numbers", extreme=True),
    Probe("a second call", again=True),
)


def probes_of(exercise: Any) -> tuple[Probe, ...]:
    """The probes that an exercise asks for: none without inputs, large numbers on a promise."""
    if exercise.inputs is None:
        return ()
    return tuple(probe for probe in PROBES if exercise.stays_finite or not probe.extreme)


def dress(
    drawn: dict[str, Any], probe: Probe, free: Collection[str] = ()
) -> tuple[dict[str, Any], dict[str, Tensor]]:
    """Cast, transpose and attach inputs, and collect where gradients are to be read.

    Args:
        drawn: by name, what the exercise drew: tensors, modules, containers, anything else.
        probe: how they are to be dressed.
        free: names of inputs that come without a graph, because no gradient is asked there.

    Returns:
        inputs: by name, as the answer gets them.
        leaves: the tensors to differentiate by, under their names: "real", "critic.weight".
    """
    leaves: dict[str, Tensor] = {}
    bare = replace(probe, graph=False)
    inputs = {
        name: _dressed(value, bare if name in free else probe, leaves, name)
        for name, value in drawn.items()
    }
    return inputs, leaves


def _dressed(value: Any, probe: Probe, leaves: dict[str, Tensor], path: str) -> Any:
    """Dress one input; `leaves` is filled on the way."""
    if isinstance(value, Tensor):
        return _dressed_tensor(value, probe, leaves, path)
    if isinstance(value, nn.Module):
        value.to(dtype=probe.dtype)
        if probe.graph:
            leaves |= {f"{path}.{n}": p for n, p in value.named_parameters() if p.requires_grad}
        return value
    if isinstance(value, list | tuple):
        items = [_dressed(v, probe, leaves, f"{path}[{i}]") for i, v in enumerate(value)]
        return type(value)(*items) if hasattr(value, "_fields") else type(value)(items)
    if isinstance(value, dict):
        return {k: _dressed(v, probe, leaves, f"{path}[{k}]") for k, v in value.items()}
    return value


def _dressed_tensor(
    value: Tensor, probe: Probe, leaves: dict[str, Tensor], path: str
) -> Tensor:
    if value.is_floating_point():
        value = value.to(probe.dtype)
    if probe.transposed and value.ndim == 1:
        value = value.repeat_interleave(2)[::2]
    elif probe.transposed and value.ndim:
        backwards = tuple(reversed(range(value.ndim)))
        value = value.permute(backwards).contiguous().permute(backwards)
    if not (probe.graph and value.is_floating_point()):
        return value
    leaves[path] = value.requires_grad_()
    return value.clone()  # no leaf: changing it in place is seen, not refused
