"""Exceptions as plain data: what went wrong, and on which line of the learner's own."""

import linecache
import traceback
from dataclasses import dataclass
from typing import Any, Literal

from vgan_lessons.checking.sources import codes_of

LONGEST = 200  # characters of a message that still fit on the one line

IN_PLAIN_WORDS = (  # what torch says -> what it means here
    (
        "one of the variables needed for gradient computation has been modified",
        "a tensor that the gradient still needs was changed in place",
    ),
    (
        "Trying to backward through the graph a second time",
        "the graph was already used up by a backward inside your code",
    ),
    (
        "does not require grad and does not have a grad_fn",
        "a gradient was asked of something that is cut off from the graph",
    ),
    (
        "Can't call numpy() on Tensor that requires grad",
        ".numpy() leaves torch, and the gradient with it; stay with torch's functions",
    ),
    (
        "can't convert meta device type tensor to numpy",
        ".numpy() leaves torch, and the gradient with it; stay with torch's functions",
    ),
    (
        "view size is not compatible with input tensor's size and stride",
        "`view` needs memory in order; `reshape` takes any tensor",
    ),
)


@dataclass(frozen=True)
class Trouble:
    """Why there is no result.

    Args:
        kind: the exception's class, or "too long", "no function", "other arguments".
        message: its first line, in plain words where we have them.
        line: the learner's own line, "" if none was reached.
        during: what the engine was doing.
    """

    kind: str
    message: str
    line: str = ""
    during: Literal["call", "backward"] = "call"

    def __str__(self) -> str:
        if self.kind == "too long":
            return "it ran too long and was stopped, as an endless loop would be."
        if self.kind in ("no function", "other arguments"):
            return self.message
        where = f"your line `{self.line}` raised" if self.line else "calling it raised"
        where = "taking its gradient raised" if self.during == "backward" else where
        return f"{where} {self.kind}" + (f": {self.message}." if self.message else ".")


def trouble_from(
    error: BaseException, answer: Any, *, during: Literal["call", "backward"] = "call"
) -> Trouble:
    """Describe an exception from the learner's point of view; the engine's frames are dropped.

    Args:
        error: what was raised.
        answer: the learner's object; the deepest frame in its file is the line to show.
        during: what the engine was doing.
    """
    files = {code.co_filename for code in codes_of(answer)}
    own = [f for f in traceback.extract_tb(error.__traceback__) if f.filename in files]
    line = linecache.getline(own[-1].filename, own[-1].lineno or 0).strip() if own else ""
    message = str(error).strip().split("\n")[0]
    for theirs, ours in IN_PLAIN_WORDS:
        if theirs in message:
            message = ours
    if len(message) > LONGEST:
        message = message[:LONGEST].rstrip() + " ..."
    return Trouble(type(error).__name__, message.rstrip("."), line, during)
