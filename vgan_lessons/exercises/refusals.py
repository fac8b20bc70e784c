"""What an answer does with arguments that it must refuse."""

from collections.abc import Callable, Iterable
from typing import Any


def what_is_raised(answer: Callable[..., Any], calls: Iterable[tuple[Any, ...]]) -> list[str]:
    """The kind of exception of each call, by name.

    Args:
        answer: the learner's function.
        calls: the arguments of each.

    Returns:
        "ValueError", another kind that came from somewhere inside, or "no error".
    """
    said = []
    for arguments in calls:
        try:
            answer(*arguments)
        except Exception as error:
            said.append("ValueError" if isinstance(error, ValueError) else type(error).__name__)
        else:
            said.append("no error")
    return said
