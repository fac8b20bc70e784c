"""Public names of the library that nothing calls: no lesson, loop, command, script or bench."""

import ast
from collections import Counter

from house.sizes import public_names
from house.tree import PACKAGE, Source


def mentions(source: Source) -> Counter[str]:
    """How often each identifier is read, called or looked up; an import alone is no use.

    A string counts where it may name an attribute: `getattr(x, "name")`, a table of names. What
    a function or a variable of the source itself is called, is another thing of that name.
    """
    found: Counter[str] = Counter()
    at_home = public_names(source) if source.name.startswith(PACKAGE) else ()
    own = _bound(source) - set(at_home)
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
            found[node.id] += node.id not in own
        elif isinstance(node, ast.Attribute):
            found[node.attr] += 1
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            found[node.value] += 1
        elif isinstance(node, ast.ImportFrom):
            found.update(f"{alias.name} as" for alias in node.names if alias.asname)
    return found


def _bound(source: Source) -> set[str]:
    """Names that a source gives to functions, classes, arguments and variables of its own."""
    names = set()
    for node in ast.walk(source.tree):
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            names.add(node.name)
        elif isinstance(node, ast.arg):
            names.add(node.arg)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            names.add(node.id)
    return names


def exported(source: Source) -> set[str]:
    """The names in `__all__`: said to be public, which is no use of them."""
    for node in source.tree.body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__":
            return set(ast.literal_eval(node.value))
    return set()


def methods(source: Source) -> list[str]:
    """Public methods and properties of the classes at the top of a module."""
    return [
        part.name
        for node in source.tree.body
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_")
        for part in node.body
        if isinstance(part, ast.FunctionDef) and not part.name.startswith("_")
    ]


def unused_names(library: list[Source], users: list[Source], called: set[str]) -> list[str]:
    """Public functions, classes, constants and methods that nobody mentions.

    Args:
        library: where the names are defined.
        users: everything that may use them, the library included and tests left out.
        called: names that a framework calls: `forward`, `run`.
    """
    used: Counter[str] = Counter()
    for source in users:
        used += mentions(source)
        used.subtract(exported(source))
    return [
        f"{source.name}: nobody calls {name}"
        for source in library
        for name in [*public_names(source), *methods(source)]
        if used[name] + used[f"{name} as"] < 1 and name not in called
    ]
