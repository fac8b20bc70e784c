"""Every exercise of the course, and what a learner types to work on them.

Each `exNN_<stem>` beside this file holds the exercises of lesson NN as `ALL`, and the exit
quiz of the lesson as `QUIZ` if it has one. They are found by their file names.
"""

import importlib
import pkgutil

from vgan_lessons.checking import (
    check,
    explain,
    failing_inputs,
    hint,
    predict,
    progress,
    quiz,
    register,
    solution,
)

__all__ = [
    "check",
    "explain",
    "failing_inputs",
    "hint",
    "predict",
    "progress",
    "quiz",
    "solution",
]

for _found in pkgutil.iter_modules(__path__):
    if _found.name.startswith("ex"):
        _module = importlib.import_module(f"{__name__}.{_found.name}")
        register(_module.ALL, [_module.QUIZ] if hasattr(_module, "QUIZ") else [])
