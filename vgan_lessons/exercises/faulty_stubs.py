"""The stub of an exercise that begins with a faulty program: its source, in a cell."""

import ast
import inspect
import textwrap
from collections.abc import Callable
from typing import Any

WIDTH = 88  # columns of a notebook cell


def as_published(function: Callable[..., Any], name: str, task: str) -> str:
    """The library's own faulty function as a stub: its code and comments, the task on top.

    Args:
        function: a function with a docstring.
        name: what the learner's copy is called.
        task: one sentence, which takes the docstring's place.

    Returns:
        Source without annotations; what stands below the docstring is the function's own.
    """
    source = textwrap.dedent(inspect.getsource(function))
    node = ast.parse(source).body[0]
    for argument in [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]:
        argument.annotation = None
    arguments = ast.unparse(node.args)
    head = f"def {name}({arguments}):"
    if len(head) > WIDTH:
        head = f"def {name}(\n    {arguments}\n):"
    words = textwrap.wrap(task, WIDTH - 10)
    docstring = '    """' + "\n    ".join(words) + ("\n    " if len(words) > 1 else "") + '"""'
    body = source.splitlines()[node.body[0].end_lineno :]
    return "\n".join([head, docstring, *body]) + "\n"
