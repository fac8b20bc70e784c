"""What the rules look at: the project's files, read once, as text and as syntax trees."""

import ast
import subprocess
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = "vgan_lessons"
TEXT = (".py", ".md", ".toml", ".txt", ".yml", ".json", ".ipynb", ".csv", ".html", ".sha256")
FUNCTION = ast.FunctionDef | ast.AsyncFunctionDef


def part_of(name: str) -> str:
    """The library's module a dotted name belongs to: "losses" for vgan_lessons.losses.hinge."""
    return [*name.split("."), ""][1]


@dataclass(frozen=True)
class Source:
    """One Python file: its name (a dotted module or a path) and its text."""

    name: str
    text: str
    is_package: bool = False

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text, self.name)

    @property
    def part(self) -> str:
        return part_of(self.name)


def none_of(complaints: list[str]) -> None:
    """Fail with one complaint a line."""
    assert not complaints, "\n" + "\n".join(complaints)


def project_files() -> list[Path]:
    """Every file that is, or would be, committed."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode == 0:
        files = [ROOT / line for line in listed.stdout.splitlines()]
    else:  # an unpacked archive instead of a clone
        hidden = (".venv", "__pycache__", ".pytest_cache", ".ruff_cache", ".ipynb_checkpoints")
        files = [file for file in ROOT.rglob("*") if not set(hidden) & set(file.parts)]
    return sorted(file for file in files if file.is_file())


def read_text(file: Path) -> str:
    return file.read_text(encoding="utf-8")


def is_text(file: Path) -> bool:
    return file.suffix in TEXT or file.name in ("run", "LICENSE", ".gitignore")


def module_name(file: Path) -> str:
    """The dotted name by which a file of the library is imported."""
    parts = file.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@cache
def library() -> list[Source]:
    """Every module of the package, under its dotted name."""
    files = [f for f in project_files() if f.suffix == ".py" and ROOT / PACKAGE in f.parents]
    return [Source(module_name(f), read_text(f), f.name == "__init__.py") for f in files]


@cache
def programs() -> list[Source]:
    """Every Python file we keep small, under its path; lessons have rules of their own."""
    files = [file for file in project_files() if file.suffix == ".py"]
    sources = [Source(str(f.relative_to(ROOT).as_posix()), read_text(f)) for f in files]
    return [source for source in sources if not source.name.startswith("notebooks/source/")]


def functions(tree: ast.AST) -> list[FUNCTION]:
    return [node for node in ast.walk(tree) if isinstance(node, FUNCTION)]


def docstring_lines(node: FUNCTION) -> int:
    """Lines a docstring takes up in its file; 0 without one."""
    if ast.get_docstring(node, clean=False) is None:
        return 0
    return node.body[0].end_lineno - node.body[0].lineno + 1
