"""No public name of the library is without a caller; and the rule can say no."""

from house.tree import (
    PACKAGE,
    ROOT,
    Source,
    library,
    none_of,
    programs,
    project_files,
    read_text,
)
from house.unused import unused_names

CALLED_BY_FRAMEWORKS = {
    "forward",  # torch
    "SUMMARY", "add_arguments", "run",  # the command line, a module a command
    "ALL", "QUIZ",  # the registry of exercises, a package a lesson
    "explain", "failing_inputs",  # a learner, to whom a check says so
    "stub_source", "solved_source",  # whoever writes a lesson; tests hold pages to them
}  # fmt: skip


def users() -> list[Source]:
    lessons = [f for f in project_files() if f.parent == ROOT / "notebooks" / "source"]
    sources = [Source(str(f.relative_to(ROOT)), read_text(f)) for f in lessons]
    return sources + [s for s in programs() if not s.name.startswith("tests/")]


def test_every_public_name_of_the_library_has_a_caller():
    none_of(unused_names(library(), users(), CALLED_BY_FRAMEWORKS))


def test_a_name_that_only_its_export_mentions_is_seen():
    home = Source(f"{PACKAGE}.losses.a", "def used(): ...\ndef idle(): ...\nLIMIT = 3")
    door = Source(f"{PACKAGE}.losses", "from .a import used, idle\n__all__ = ['used', 'idle']")
    page = Source("notebooks/source/01.py", "from vgan_lessons.losses import used\nused()")
    complaints = unused_names([home], [home, door, page], set())
    assert complaints == [
        f"{PACKAGE}.losses.a: nobody calls idle",
        f"{PACKAGE}.losses.a: nobody calls LIMIT",
    ]


def test_what_a_page_calls_by_the_same_name_is_no_use():
    home = Source(f"{PACKAGE}.evaluation.card", "def compare(): ...")
    page = Source("notebooks/source/03.py", "def compare(): ...\ncompare()\nf(compare=1)")
    complaints = unused_names([home], [home, page], set())
    assert complaints == [f"{PACKAGE}.evaluation.card: nobody calls compare"]


def test_a_method_that_nobody_calls_is_seen():
    text = "class Bank:\n    def clips(self): ...\n    def idle(self): ...\nBank().clips()"
    home = Source(f"{PACKAGE}.datasets", text)
    assert unused_names([home], [home], set()) == [f"{PACKAGE}.datasets: nobody calls idle"]
