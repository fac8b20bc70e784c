"""Relations of refusals: what must be refused and is not, and what is refused without need.

A case that tries what must be refused shows "ValueError" or "no error" for each input; an
answer's own `raise` shows where nothing was to be refused.
"""

from typing import Any

from vgan_lessons.checking.results import Relation, Trouble

_REFUSED, _LET_THROUGH = "ValueError", "no error"


def relation_of_refusals(wanted: Any, got: Any) -> Relation | None:
    """What the inputs that an answer refuses say about its condition.

    Args:
        wanted: of each input "ValueError" or "no error", as a tuple, a dict or one of them.
        got: the same of the answer.
    """
    pairs = list(zip(_words(wanted), _words(got), strict=False))
    if not pairs or len(_words(wanted)) != len(_words(got)):
        return None
    if any(right not in (_REFUSED, _LET_THROUGH) for right, _ in pairs):
        return None
    if any(right == _LET_THROUGH and said == _REFUSED for right, said in pairs):
        return Relation("refused without need", "An input is refused that is allowed.")
    due = [said for right, said in pairs if right == _REFUSED]
    if _LET_THROUGH not in due:
        return None
    if _REFUSED in due:
        what = "One input that must be refused is refused, and another one is let through"
        return Relation("refused in part", f"{what}: the condition has to hold for each.")
    return Relation(
        "not refused", "What must be refused is let through: raise ValueError before anything."
    )


def relation_of_own_raise(trouble: Trouble | None) -> Relation | None:
    """What it says that an answer raised by itself where a result was to come.

    Args:
        trouble: what ended the call.
    """
    if trouble is None or not trouble.line.startswith("raise"):
        return None
    if trouble.kind == _REFUSED:
        what = "Your own `raise` refuses an input that is allowed"
        return Relation("refused without need", f"{what}: look at its condition.")
    what = f"Your own line raises {trouble.kind}: what must be refused raises ValueError"
    return Relation("another exception", f"{what}, and everything else is allowed.")


def _words(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return list(value.values())
    return list(value) if isinstance(value, tuple | list) else [value]
