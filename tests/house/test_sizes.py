"""Files, functions and modules stay small; and the rules that say so can say no."""

from house import sizes
from house.tree import Source, library, none_of, programs


def lines(n: int) -> Source:
    return Source("long.py", "x = 1\n" * n)


def test_no_program_is_longer_than_one_sitting():
    none_of([line for line in sizes.long_files(programs()) if not line.startswith("median")])


def test_the_usual_file_of_the_library_is_short():
    none_of(sizes.long_files(library()))


def test_no_function_is_longer_than_one_screen():
    none_of(sizes.long_functions(programs()))


def test_no_module_defines_more_names_than_a_reader_keeps_apart():
    none_of(sizes.crowded_modules(library()))


def test_one_line_too_many_is_seen():
    short = [lines(3)] * 3
    assert not sizes.long_files([lines(400), *short])
    assert len(sizes.long_files([lines(401), *short])) == 1


def test_a_heavy_median_is_seen_though_every_file_is_allowed():
    assert sizes.long_files([lines(121)] * 3) == ["median file 121 lines, at most 120"]


def test_a_long_function_is_seen_but_a_long_docstring_is_welcome():
    body = "\n    x = 1" * 39
    docstring = '\n    """' + "\n    word" * 50 + '"""'
    assert not sizes.long_functions([Source("a.py", f"def f():{docstring}{body}")])
    complaints = sizes.long_functions([Source("a.py", f"def f():{body}\n    return x")])
    assert complaints == ["a.py:1 f: 41 lines, at most 40"]


def test_a_long_method_is_seen_too():
    method = "class A:\n    def f(self):" + "\n        x = 1" * 40
    assert len(sizes.long_functions([Source("a.py", method)])) == 1


def test_nine_public_names_are_one_too_many_however_they_are_made():
    text = "A = 1\nB: int = 2\nC = D = 3\nclass E: ...\ndef f(): ...\nasync def g(): ...\n"
    text += "from torch import nn\n_private = 1\ndef h():\n    inner = 2\n"
    assert sizes.public_names(Source("m", text)) == ["A", "B", "C", "D", "E", "f", "g", "h"]
    assert not sizes.crowded_modules([Source("m", text)])
    assert len(sizes.crowded_modules([Source("m", text + "I = 1")])) == 1
