"""Right answers, written as learners with other habits would; every check must accept them.

A module a lesson, `exNN_<stem>`, with `ANSWERS`: exercise -> what is different -> the answer.
"""

import importlib
import pkgutil
from typing import Any

from vgan_lessons.checking import Exercise

_ANSWERS: dict[str, dict[str, Any]] = {}
for _found in pkgutil.iter_modules(__path__):
    _ANSWERS |= importlib.import_module(f"{__name__}.{_found.name}").ANSWERS


def right_answers(exercise: Exercise) -> dict[str, Any]:
    """Each alternative to the reference by what is different about it."""
    return _ANSWERS[exercise.name]
