"""How many wrong answers are refused, by class of mistake and by who made them up."""

from collections import Counter
from dataclasses import dataclass, field

KINDS = ("values", "axes", "gradients", "side effects", "dtype/device/seed", "architecture")


@dataclass
class Tally:
    """Counts of wrong answers tried and refused."""

    tried: Counter = field(default_factory=Counter)
    refused: Counter = field(default_factory=Counter)
    escaped: list[str] = field(default_factory=list)

    def count(self, kind: str, what: str, *, refused: bool) -> None:
        self.tried[kind] += 1
        self.refused[kind] += refused
        if not refused:
            self.escaped.append(what)

    def share(self) -> float:
        return sum(self.refused.values()) / max(1, sum(self.tried.values()))

    def cell(self, kind: str | None = None) -> str:
        tried, refused = (
            sum(c.values()) if kind is None else c[kind] for c in (self.tried, self.refused)
        )
        return f"{refused:>5} of {tried:<5}{refused / tried:>6.1%}" if tried else f"{'-':>20}"


def table(columns: dict[str, Tally]) -> str:
    """One row a class of mistake, one column a source of wrong answers."""
    lines = [f"{'':<20}" + "".join(f"{name:>24}" for name in columns)]
    for kind in KINDS:
        cells = "".join(f"{tally.cell(kind):>24}" for tally in columns.values())
        lines.append(f"{kind:<20}" + cells)
    lines.append(f"{'all':<20}" + "".join(f"{t.cell():>24}" for t in columns.values()))
    return "\n".join(lines)
