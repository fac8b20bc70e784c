"""What an exercise is: data that the engine marks by, written by whoever writes a lesson.

Read one file of `vgan_lessons/exercises/` beside this one: every field appears there. A
catalogued mistake is a few edits of the reference; `edited` makes a wrong answer of them.
"""

import ast
import inspect
import linecache
import re
import sys
import textwrap
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import count
from typing import Any, Literal

import torch
from torch import nn
from torch.nn import functional as F

from vgan_lessons.checking.probes import Draw, Probe

Kind = Literal[
    "values", "axes", "gradients", "side effects", "dtype/device/seed", "architecture"
]
Rule = Literal[
    "inputs untouched",
    "global randomness",
    "fresh draws",
    "dtype",
    "device",
    "default dtype",
    "graph cut",
    "tensors",
]

_ALWAYS_THERE = {"torch": torch, "nn": nn, "F": F}
_numbers = count()  # of the cells typed so far


@dataclass(frozen=True)
class Case:
    """One hand-worked observation, from the most telling to the most subtle; a row of a table.

    `run` observes and nothing more: it returns numbers, tensors, tuples or dicts of them.
    The verdict is `expect` (worked out by hand, never by calling the reference) or `holds`,
    which sees only what `run` returned.

    Args:
        name: plain words for the situation: "unequal batch sizes".
        run: takes the answer, returns what is to be judged; makes its own fresh tensors.
        expect: the value worked out by hand; a number also accepts a 0-d tensor. With
            `holds`, what it asks for in words: "at most 0.6".
        nudge: where to look, not what to type.
        kind: the class of mistake it is there for.
        holds: instead of `expect`, a predicate on the observed value, for properties.
        tolerance: relative; None takes the exercise's.
        tells: says, of an observed value that is wrong, what it shows: a short name and a
            sentence; None where it shows nothing in particular.
    """

    name: str
    run: Callable[[Any], Any]
    expect: Any = None
    nudge: str = ""
    kind: Kind = "values"
    holds: Callable[[Any], bool] | None = None
    tolerance: float | None = None
    tells: Callable[[Any], tuple[str, str] | None] | None = None

    def __post_init__(self) -> None:
        if not self.nudge:
            raise ValueError(f"the case {self.name!r} needs a nudge: where to look")


@dataclass(frozen=True, eq=False)  # compared by identity
class Mistake:
    """A real slip that the engine recognises by its numbers and calls by its name.

    Args:
        name: how one says it: "labels swapped".
        wrong: edits of the reference, old text -> new text, as `edited` makes them;
            or, where it is another algorithm, a wrong answer in full.
        diagnosis: one sentence a tired person can use.
        kind: the class of mistake under which the report counts it.
    """

    name: str
    wrong: Callable[..., Any] | Mapping[str, str]
    diagnosis: str
    kind: Kind = "values"


@dataclass(frozen=True, kw_only=True, eq=False)  # one of a kind: compared by identity
class Exercise:
    """A contract, its reference, and everything needed to mark an answer against both.

    Args:
        name: the library's name; the learner writes `my_<name>`.
        number: lesson and place, as shown in front of the name: "2.4"; with a letter, "2.4a",
            where several are one task: one cell to write in, one check.
        minutes: honest working time.
        contract: sentences the learner can read; every demand beyond the house rules.
        reference: the library's function or class: there is no other copy.
        cases: 3 to 6.
        inputs: seeded probe inputs by argument name, in the reference's order; the engine
            varies sizes, scale, layout, dtype and device. None: the cases say everything.
        hints: the idea; the place (which axis, which tensor); the shape of the code.
        mistakes: at least 6, each caught and each with its own numbers.
        difficulty: for the learner's planning.
        importance: "core" carries later lessons, "extra" does not.
        call: how the engine uses the answer on the inputs, for answers that are not one
            function call (build a module and run it, exhaust an iterator).
        sizes: axis letter -> the sizes it may take, where the engine's own do not fit.
        scales: multiplies `Draw.normal` in turn; at least two.
        random: draws from an `rng` argument in its own order; shapes are compared, values not.
        second_order: the statement promises that gradients of gradients are right.
        free_gradients: arguments whose gradient the statement leaves open; they come without
            a graph, so that an answer may leave torch with them.
        stays_finite: the statement promises finite values and gradients at any size of the
            inputs: numbers of 100 and more are tried, too.
        waived: house rules that this statement does not demand: breaking them is a note.
        tolerance: relative, for values and gradients; the absolute one is a hundredth.
        stub: the published stub, where it is not signature + docstring + `...`.
        events: what happens while the answer runs, in words and in order, by track; refuses
            nothing, and helps to name what was refused.
    """

    name: str
    number: str
    minutes: int
    contract: tuple[str, ...]
    reference: Any
    cases: tuple[Case, ...]
    hints: tuple[str, str, str]
    mistakes: tuple[Mistake, ...]
    inputs: Callable[[Draw], dict[str, Any]] | None = None
    difficulty: Literal["easy", "medium", "hard"] = "easy"
    importance: Literal["core", "extra"] = "core"
    call: Callable[..., Any] | None = None
    sizes: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    scales: tuple[float, ...] = (1.0, 0.3, 8.0)
    random: bool = False
    second_order: bool = False
    free_gradients: tuple[str, ...] = ()
    stays_finite: bool = False
    waived: tuple[Rule, ...] = ("graph cut",)
    tolerance: float = 1e-4
    stub: str | None = None
    events: Callable[[Any], Mapping[str, tuple[str, ...]]] | None = None

    @cached_property
    def wrong_answers(self) -> dict[Mistake, Any]:
        """Each catalogued mistake as an answer that can be called, like the learner's.

        Raises:
            ValueError: if an edit no longer fits the reference.
        """
        return {
            mistake: edited(self.reference, mistake.wrong)
            if isinstance(mistake.wrong, Mapping)
            else mistake.wrong
            for mistake in self.mistakes
        }

    def drawn(self, probe: Probe, seed: int) -> dict[str, Any]:
        """The bare inputs for one probe by name: float64, contiguous, without a graph.

        Args:
            probe: says how long the axes are and at what scale.
            seed: of the whole check.
        """
        draw = Draw(
            seed * 1009 + probe.table,
            table=probe.table,
            scale=self.scales[probe.table % len(self.scales)],
            sizes=self.sizes,
            extreme=probe.extreme,
        )
        return self.inputs(draw)

    @property
    def title(self) -> str:
        """What every line about this exercise starts with: "2.4 hinge_d_loss"."""
        return f"{self.number} {self.name}"

    @property
    def place(self) -> tuple[int, ...]:
        """Lesson and place in it as numbers, to sort by: (2, 4), and (2, 4, 1) for "2.4a"."""
        lesson, place, letter = re.fullmatch(r"(\d+)\.(\d+)([a-h]?)", self.number).groups()
        return (int(lesson), int(place), *(ord(part) - ord("a") + 1 for part in letter))

    @property
    def task(self) -> str:
        """The number that it shares with those of the same task: "2.4" for "2.4a"."""
        return self.number.rstrip("abcdefgh")

    @property
    def lesson(self) -> int:
        """The lesson it belongs to."""
        return self.place[0]


def edited(reference: Any, edits: Mapping[str, str]) -> Any:
    """The reference with pieces of its source exchanged, all at once.

    The docstring is left out first, so that an edit cannot land there. The result sees what
    the reference's own module sees, and torch, nn and F besides.

    Args:
        reference: a function or class of the library.
        edits: old text -> new text; a line that vanishes is edited to `pass`. The old text
            occurs exactly once in the reference.

    Raises:
        ValueError: if an old text does not occur exactly once, or two of them overlap.

    Example:
        >>> edited(inspect.cleandoc, {"doc.expandtabs()": "doc.upper().expandtabs()"})("a")
        'A'
    """
    source = _without_docstring(reference)
    for old in edits:
        if source.count(old) != 1:
            raise ValueError(
                f"an edit of {reference.__name__} no longer fits: {old!r} occurs "
                f"{source.count(old)} times in its source, and should once"
            )
    longest_first = sorted(edits, key=len, reverse=True)
    pattern = "|".join(map(re.escape, longest_first))
    wrong, n_made = re.subn(pattern, lambda found: edits[found[0]], source)
    if n_made != len(edits):
        raise ValueError(f"two edits of {reference.__name__} overlap: {list(edits)}")
    space = _ALWAYS_THERE | vars(sys.modules[reference.__module__])
    return typed(wrong, reference.__name__, space)


def typed(source: str, name: str, space: Mapping[str, Any] | None = None) -> Any:
    """Run a cell's text and hand back what it called `name`, as if typed by a learner.

    Args:
        source: Python code; tracebacks and `inspect` find its lines again.
        name: the object wanted.
        space: the names that the code sees; not changed. None: those of a fresh session.
    """
    filename = f"<cell {next(_numbers)}>"
    linecache.cache[filename] = (len(source), None, source.splitlines(True), filename)
    names = dict({"__name__": "__learner__"} if space is None else space)
    exec(compile(source, filename, "exec"), names)
    return names[name]


def _without_docstring(reference: Any) -> str:
    source = textwrap.dedent(inspect.getsource(inspect.unwrap(reference)))
    node = ast.parse(source).body[0]
    if ast.get_docstring(node) is None:
        return source
    lines = source.splitlines(keepends=True)
    docstring = node.body[0]
    return "".join(lines[: docstring.lineno - 1] + lines[docstring.end_lineno :])
