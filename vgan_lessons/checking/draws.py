"""Seeded probe inputs: an exercise says which axes exist, the engine says how long they are."""

from collections.abc import Mapping

import torch
from torch import Tensor

SIZE_TABLES = (  # by order of first use; never two axes of one length, never square
    (3, 5, 2, 7, 4, 6),
    (1, 4, 3, 2, 6, 5),  # a batch of one
    (6, 3, 4, 5, 2, 7),
)


class Draw:
    """Draws the inputs of one probe; the same arguments draw the same numbers.

    Everything comes in float64 without gradients: the engine casts, transposes, moves and
    attaches the graph afterwards, so an exercise may compute with what it drew.

    Args:
        seed: of this probe.
        table: which row of sizes, counted round.
        scale: multiplies `normal`.
        sizes: axis letter -> the lengths it may take, where the engine's do not fit.

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
    ) -> None:
        self._source = torch.Generator().manual_seed(seed)
        self._table = table
        self._scale = scale
        self._sizes = sizes or {}
        self._chosen: dict[str, int] = {}

    def size(self, axis: str) -> int:
        """Length of an axis by its letter; the same letter, the same length. "3" is 3."""
        if axis.isdigit():
            return int(axis)
        if axis not in self._chosen:
            row = self._sizes.get(axis)
            free = SIZE_TABLES[self._table % len(SIZE_TABLES)][len(self._chosen) % 6]
            self._chosen[axis] = row[self._table % len(row)] if row else free
        return self._chosen[axis]

    def normal(self, shape: str, scale: float = 1.0) -> Tensor:
        """Normal numbers at the probe's scale, of both signs wherever there are two.

        Args:
            shape: axis letters or numbers: "B T 3 H W"; "" for one number.
            scale: an extra factor of the exercise's own.
        """
        drawn = torch.randn(self._shape(shape), generator=self._source, dtype=torch.float64)
        if drawn.numel() > 1 and (drawn.min() > 0 or drawn.max() < 0):
            drawn.flatten()[0].neg_()
        return drawn * scale * self._scale

    def uniform(self, shape: str, low: float = 0.0, high: float = 1.0) -> Tensor:
        """Uniform numbers in [low, high), untouched by the probe's scale."""
        drawn = torch.rand(self._shape(shape), generator=self._source, dtype=torch.float64)
        return low + (high - low) * drawn

    def integers(self, shape: str, low: int, high: int) -> Tensor:
        """Whole numbers from low to high - 1, int64."""
        return torch.randint(low, high, self._shape(shape), generator=self._source)

    def number(self, low: float = 0.0, high: float = 1.0) -> float:
        """One plain Python number in [low, high)."""
        return self.uniform("", low, high).item()

    def rng(self) -> torch.Generator:
        """A seeded random source, for answers that take one."""
        return torch.Generator().manual_seed(int(self.integers("", 0, 2**31)))

    def _shape(self, shape: str) -> tuple[int, ...]:
        return tuple(self.size(axis) for axis in shape.split())
