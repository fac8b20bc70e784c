"""The results on an answer's way through the engine; `vgan_lessons.checking` tells the way."""

from dataclasses import dataclass, field
from typing import Any, Literal

from torch import Tensor

from vgan_lessons.checking.exercise import Kind, Mistake, Rule

THE_CALL = "the call"  # the name of what happens before any case
State = Literal["not_attempted", "failed", "passed"]


@dataclass(frozen=True)
class Trouble:
    """Why there is no value: an exception as plain data.

    Args:
        kind: the exception's class, or "too long", "no function", "other arguments";
            "Replaced" is no exception of the answer, but what it did.
        message: its first line, in plain words where we have them.
        line: the learner's own line, "" if none was reached.
        during: what the engine was doing.
    """

    kind: str
    message: str
    line: str = ""
    during: Literal["call", "backward"] = "call"

    def __str__(self) -> str:
        """In words, without a full stop at the end."""
        if self.kind == "too long":
            return "it ran too long and was stopped, as an endless loop would be"
        if self.kind in ("no function", "other arguments", "Replaced"):
            return self.message
        where = f"your line `{self.line}` raised" if self.line else "calling it raised"
        where = "taking its gradient raised" if self.during == "backward" else where
        return f"{where} {self.kind}" + (f": {self.message}" if self.message else "")


@dataclass(frozen=True)
class Observation:
    """What happened when an answer met one case or probe, as plain data.

    Args:
        value: what came back; for a second call both results.
        gradients: by input name; None where none arrived.
        second: gradients of the gradients, where the exercise promises them.
        before: state of every input when the call began.
        after: the same when it was over.
        changed: names of the inputs whose state is not what it was.
        dtypes: of every tensor that came back.
        devices: of every tensor that came back.
        attached: whether the result hangs on a graph.
        moved: global random sources that were used, with a fingerprint of their new state.
        settings_kept: whether torch's default dtype and gradient mode are as they were.
        switched: other global switches that are not as they were: "anomaly mode".
        pulled: names of input tensors on which a gradient was left in .grad.
        trouble: the exception, if there was one.
    """

    value: Any = None
    gradients: dict[str, Tensor | None] = field(default_factory=dict)
    second: dict[str, Tensor | None] = field(default_factory=dict)
    before: dict[str, Any] = field(default_factory=dict)
    after: dict[str, Any] = field(default_factory=dict)
    changed: tuple[str, ...] = ()
    dtypes: tuple[str, ...] = ()
    devices: tuple[str, ...] = ()
    attached: bool = False
    moved: dict[str, int] = field(default_factory=dict)
    settings_kept: bool = True
    switched: tuple[str, ...] = ()
    pulled: tuple[str, ...] = ()
    trouble: Trouble | None = None


@dataclass
class Record:
    """Everything seen of one answer.

    Args:
        seen: observations by case and probe name, in the order of the runs; only `THE_CALL`
            if the answer cannot be called at all.
        borrowed: the library's own code ran.
        printed: how many characters the answer printed.
        warned: warnings it raised.
        events: what happened while it ran, by track; empty if nothing was noted.
    """

    seen: dict[str, Observation] = field(default_factory=dict)
    borrowed: bool = False
    printed: int = 0
    warned: tuple[str, ...] = ()
    events: dict[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class Finding:
    """One broken promise.

    Args:
        what: what was expected and what came, without a full stop at the end.
        advice: where to look, a full sentence.
        kind: the class of mistake it points at.
        rule: the house rule it breaks, if it is one that a statement may waive.
        trial: the case or probe that shows it.
        shapes: of the inputs, where the engine drew them: " (shapes (3,), (5,))".
    """

    what: str
    advice: str = ""
    kind: Kind = "values"
    rule: Rule | None = None
    trial: str = ""
    shapes: str = ""


@dataclass(frozen=True)
class Relation:
    """What relates a wrong answer to the right one on everything that was seen of it.

    Args:
        name: short: "wrong sign".
        diagnosis: a sentence or two that a tired person can use; never more than was seen.
    """

    name: str
    diagnosis: str


@dataclass(frozen=True)
class Verdict:
    """What came out of one check.

    Args:
        state: not_attempted, failed or passed.
        finding: the first broken promise, if it failed.
        diagnosis: the catalogued mistake that leaves the same record, if exactly one does;
            else a relation to the right answer, if one holds.
        notes: true but not demanded by the statement.
        borrowed: the library's own code was handed in, which is never a pass.
        seconds: how long the check took.
    """

    state: State
    finding: Finding | None = None
    diagnosis: Mistake | Relation | None = None
    notes: tuple[str, ...] = ()
    borrowed: bool = False
    seconds: float = 0.0
