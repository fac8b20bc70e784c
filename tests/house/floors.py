"""Who may import whom: every module stands on a floor and sees only the floors below."""

import ast
import sys
from collections.abc import Iterator

from house.tree import PACKAGE, Source, part_of

FLOORS = {
    "ground": {"calling", "layout", "runtime", "storage"},
    "maths": {"divergences", "losses", "dynamics", "penalties", "metrics", "augment"},
    "data": {"datasets"},
    "models": {"models"},
    "training": {"training"},
    "games and runs": {"plane", "article", "runs", "evaluation"},
    "display": {"display"},
    "widgets": {"widgets"},
    "checking": {"checking"},
    "exercises": {"exercises"},
    "cli": {"cli"},
    "door": {"__main__"},
}
LEVEL = {part: level for level, parts in enumerate(FLOORS.values()) for part in parts}
FLOOR_OF = {part: floor for floor, parts in FLOORS.items() for part in parts}

ONLY_IN = {  # third-party names and the rooms that may use them
    "matplotlib": {"display", "widgets"},
    "ipywidgets": {"widgets"},
    "anywidget": {"widgets"},
    "torch.optim": {
        "training",
        "plane",
        "article",
    },  # the type `Optimizer` is free
}
DISTRIBUTION = {  # import names that differ from the names pip knows
    "PIL": "pillow",
    "sklearn": "scikit-learn",
    "IPython": "ipython",
    "imageio_ffmpeg": "imageio-ffmpeg",
    "markdown_it": "markdown-it-py",
    "xdist": "pytest-xdist",
}


def imported(source: Source) -> Iterator[tuple[int, str]]:
    """Line and full dotted name of everything imported, at the top or inside a function."""
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                here = source.name.split(".")
                up = node.level - source.is_package
                base = ".".join([*here[: len(here) - up], *filter(None, [node.module])])
            yield from ((node.lineno, f"{base}.{alias.name}") for alias in node.names)


def own_imports(source: Source, modules: set[str]) -> Iterator[tuple[int, str]]:
    """Line and module for each import from the library itself."""
    for line, name in imported(source):
        if name.split(".")[0] == PACKAGE:
            while name not in modules and "." in name:
                name = name.rpartition(".")[0]  # a name inside a module: the module counts
            yield line, name


def upward_imports(sources: list[Source]) -> list[str]:
    """Imports from the same floor or a higher one, and modules that stand on no floor."""
    modules = {source.name for source in sources} | {f"{PACKAGE}.{part}" for part in LEVEL}
    complaints = []
    for source in sources:
        if source.part and source.part not in LEVEL:
            complaints.append(f"{source.name} stands on no floor")
            continue
        for line, name in own_imports(source, modules):
            part, own_level = part_of(name), LEVEL.get(source.part, -1)
            if part and part != source.part and LEVEL.get(part, -1) >= own_level:
                complaints.append(f"{source.name}:{line} imports {name}, not below it")
    return complaints


def cycles(sources: list[Source]) -> list[str]:
    """Modules that, by way of their imports, import themselves."""
    modules = {source.name for source in sources}
    arrows = {s.name: {name for _, name in own_imports(s, modules)} for s in sources}

    def reachable(start: str) -> set[str]:
        seen, todo = set(), list(arrows[start])
        while todo:
            name = todo.pop()
            if name not in seen:
                seen.add(name)
                todo.extend(arrows.get(name, ()))
        return seen

    return [f"{name} imports itself in a circle" for name in arrows if name in reachable(name)]


def names_used(source: Source) -> Iterator[tuple[int, str]]:
    """Imports, and dotted uses such as `torch.optim.Adam`, each in full length only."""
    yield from imported(source)
    dotted = [node for node in ast.walk(source.tree) if isinstance(node, ast.Attribute)]
    inner = {id(node.value) for node in dotted}
    yield from ((node.lineno, ast.unparse(node)) for node in dotted if id(node) not in inner)


def misplaced_names(sources: list[Source]) -> list[str]:
    """Third-party names in a room that is not theirs."""
    return sorted(
        {
            f"{source.name}:{line} uses {name}: only in {', '.join(sorted(rooms))}"
            for source in sources
            for line, used in names_used(source)
            for name, rooms in ONLY_IN.items()
            if f"{used}.".startswith(f"{name}.")
            and used != "torch.optim.Optimizer"
            and source.part not in rooms
        }
    )


def hidden_imports(sources: list[Source]) -> list[str]:
    """Modules of ours imported by a computed name, where no reader and no rule sees them."""
    calls = [
        (source, node)
        for source in sources
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Call)
        and ast.unparse(node.func).split(".")[-1] in ("import_module", "__import__")
    ]
    return [
        f"{source.name}:{call.lineno} imports by a computed name"
        for source, call in calls
        if FLOOR_OF.get(source.part) not in ("exercises", "cli")  # they list what they import
        and not (
            isinstance(call.args[0], ast.Constant)
            and not call.args[0].value.startswith(PACKAGE)
        )
    ]


def undeclared_libraries(sources: list[Source], declared: set[str]) -> list[str]:
    """Third-party imports that pyproject.toml does not list."""
    ours = {*sys.stdlib_module_names, PACKAGE}
    return [
        f"{source.name}:{line} imports {name}, which pyproject.toml does not list"
        for source in sources
        for line, name in imported(source)
        if (top := name.split(".")[0]) not in ours
        and DISTRIBUTION.get(top, top) not in declared
    ]
