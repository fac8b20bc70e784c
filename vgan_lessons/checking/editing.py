"""A wrong answer as a few edits of the right one."""

import ast
import inspect
import linecache
import re
import sys
import textwrap
from collections.abc import Mapping
from itertools import count
from typing import Any

import torch
from torch import nn
from torch.nn import functional as F

_ALWAYS_THERE = {"torch": torch, "nn": nn, "F": F}
_numbers = count()


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
    return compiled(wrong, reference.__name__, space)


def compiled(source: str, name: str, space: Mapping[str, Any]) -> Any:
    """Run source text and hand back what it called `name`; tracebacks find its lines again.

    Args:
        source: Python code.
        name: of the object wanted.
        space: the names that the code sees; not changed.
    """
    filename = f"<cell {next(_numbers)}>"
    linecache.cache[filename] = (len(source), None, source.splitlines(True), filename)
    names = dict(space)
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
