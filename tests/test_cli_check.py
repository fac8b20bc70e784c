"""`vgan-lessons check` and `progress` from the outside: output, JSON, exit codes."""

import json
import subprocess
import sys

import pytest

from vgan_lessons.cli import check, main

RIGHT = """
import torch
print("a word at import")

def my_hinge_d_loss(real_logits, fake_logits):
    print("a word in the call")
    return (1 - real_logits).clamp(min=0).mean() + (1 + fake_logits).clamp(min=0).mean()
"""


@pytest.fixture(autouse=True)
def progress_of_its_own(monkeypatch, tmp_path):
    monkeypatch.setenv("VGAN_PROGRESS", str(tmp_path / "progress.json"))


@pytest.fixture
def answer(tmp_path):
    def write(text: str):
        path = tmp_path / "answer.py"
        path.write_text(text)
        return str(path)

    return write


def as_json(capsys, *words: str) -> tuple[int, dict]:
    code = main(["check", *words, "--json"])
    return code, json.loads(capsys.readouterr().out)


def test_a_right_answer_exits_with_0(answer, capsys):
    code, said = as_json(capsys, "hinge_d_loss", answer(RIGHT))
    assert code == 0 and said["seconds"] < 20
    assert said | {"seconds": 0} == {
        "exercise": "hinge_d_loss",
        "state": "passed",
        "finding": None,
        "diagnosis": None,
        "notes": ["it prints, and prints are not shown during a check"],
        "seconds": 0,
    }


def test_a_wrong_answer_exits_with_1_and_a_diagnosis(answer, capsys):
    wrong = RIGHT.replace("1 - real", "1 + real").replace("1 + fake", "1 - fake")
    code, said = as_json(capsys, "hinge_d_loss", answer(wrong))
    assert code == 1 and said["state"] == "failed"
    assert said["diagnosis"] is not None and said["diagnosis"] in said["finding"]


def test_a_relation_to_the_right_numbers_is_said_as_on_the_page(answer, capsys):
    wrong = RIGHT.replace("return ", "return 3 * (").rstrip() + ")\n"
    code, said = as_json(capsys, "hinge_d_loss", answer(wrong))
    assert code == 1 and said["diagnosis"] == "3 times"
    assert "3 times the right one" in said["finding"]


def test_a_stub_exits_with_1_and_is_not_attempted(answer, capsys):
    code, said = as_json(
        capsys, "hinge_d_loss", answer("def my_hinge_d_loss(r, f):\n    ...\n")
    )
    assert code == 1
    assert (said["state"], said["finding"], said["diagnosis"]) == ("not_attempted", None, None)


def test_the_librarys_own_function_is_borrowed(answer, capsys):
    text = "from vgan_lessons.losses import hinge_d_loss as my_hinge_d_loss"
    code, said = as_json(capsys, "hinge_d_loss", answer(text))
    assert code == 1 and said["notes"] == ["borrowed"]


@pytest.mark.parametrize(
    "text, words",
    [
        ("def my_hinge_d_loss(:\n", "answer.py, line 1: "),
        ("import torch\n1 / 0\n", "answer.py, line 2: ZeroDivisionError"),
        ("x = 1\n", "answer.py defines no my_hinge_d_loss"),
        ("raise SystemExit(0)\n", "answer.py, line 1: SystemExit"),
        ("import no_such_thing\n", "line 1: ModuleNotFoundError"),
        ("import os\nos._exit(0)\n", "line 2: NotDuringACheck: _exit() is not for a check"),
        ("from os import _exit\n_exit(0)\n", "line 2: NotDuringACheck"),
        ("name = input()\n", "waits for somebody to type"),
        ("def f(): f()\nf()\n", "line 1: RecursionError"),
        ("import torch\ntorch.isclose = torch.eq\n", "answer.py: it replaces torch.isclose"),
    ],
)
def test_a_file_that_does_not_run_is_named_with_its_line(answer, capsys, text, words):
    code, said = as_json(capsys, "hinge_d_loss", answer(text))
    assert code == 1 and words in said["finding"]


def test_an_endless_loop_outside_of_functions_is_stopped(answer, capsys, monkeypatch):
    monkeypatch.setattr(check, "_FILE_SECONDS", 0.2)
    code, said = as_json(capsys, "hinge_d_loss", answer("while True:\n    pass\n"))
    assert code == 1 and said["seconds"] < 30
    assert said["finding"] == "the file: running answer.py took longer than 0.2 s."


def outside(answer: str) -> tuple[int, dict]:
    """Mark a file in a process of its own, as a shell would."""
    words = ["-m", "vgan_lessons", "check", "hinge_d_loss", answer, "--json"]
    ran = subprocess.run([sys.executable, *words], capture_output=True, text=True, timeout=120)
    return ran.returncode, json.loads(ran.stdout)


CRASH = "    import ctypes; ctypes.string_at(0)\n    return"
CRASHES = {
    "import ctypes\nctypes.CDLL(None)._exit(0)\n": "(exit code 0)",
    RIGHT.replace("    return", CRASH): "(signal SIGSEGV)",
}


@pytest.mark.slow  # a Python of its own, which imports torch
@pytest.mark.skipif(sys.platform != "linux", reason="only Linux copies a process safely")
@pytest.mark.parametrize("text", CRASHES, ids=["file exits", "answer crashes"])
def test_an_answer_that_takes_its_process_down_gets_a_verdict(answer, text):
    code, said = outside(answer(text))
    assert code == 1 and said["state"] == "failed"
    assert "it ended the whole process" in said["finding"] and CRASHES[text] in said["finding"]


@pytest.mark.slow
def test_a_child_process_brings_the_same_verdict(answer, capsys):
    wrong = answer(RIGHT.replace("1 - real", "1 + real").replace("1 + fake", "1 - fake"))
    assert outside(wrong)[1] | {"seconds": 0} == as_json(capsys, "hinge_d_loss", wrong)[1] | {
        "seconds": 0
    }


def test_progress_of_one_lesson_is_shown_alone(capsys):
    assert main(["progress", "0"]) == 0
    assert capsys.readouterr().out.startswith("lesson 00: 0 of ")


@pytest.mark.parametrize("word", ["99", "abc"])
def test_progress_of_no_lesson_is_bad_usage_in_one_line(word, capsys):
    assert main(["progress", word]) == 2
    said = capsys.readouterr()
    (told,) = said.err.splitlines()
    assert f"progress: lesson {word} has no exercises; these have some: 0" in told
    assert said.out == ""


def test_the_line_is_the_notebooks_line(answer, capsys):
    assert main(["check", "hinge_d_loss", answer(RIGHT)]) == 0
    said = capsys.readouterr()
    assert said.out.startswith("2.4a hinge_d_loss: passed. Going on with yours.")
    assert "a word at import" in said.err and len(said.out.splitlines()) == 1
    assert main(["progress"]) == 0
    assert "2.4a hinge_d_loss                   passed" in capsys.readouterr().out


def test_marking_for_a_program_leaves_the_progress_alone(answer, capsys):
    as_json(capsys, "hinge_d_loss", answer(RIGHT))
    main(["progress"])
    assert "2.4a hinge_d_loss                   not attempted" in capsys.readouterr().out


@pytest.mark.parametrize(
    "words, said",
    [
        (["hinge_d_lost", "x.py"], "did you mean 'hinge_d_loss'?"),
        (["hinge_d_loss", "no_such_file.py"], "there is no file no_such_file.py"),
        (["hinge_d_loss"], "give an exercise and an answer file, or --list"),
        ([], "give an exercise and an answer file, or --list"),
    ],
)
def test_bad_usage_exits_with_2(words, said, capsys):
    assert main(["check", *words]) == 2
    assert said in capsys.readouterr().err


def test_the_list_names_every_exercise_with_its_contract(capsys):
    assert main(["check", "--list", "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)
    hinge = next(row for row in rows if row["name"] == "hinge_d_loss")
    assert hinge["lesson"] == 2 and hinge["minutes"] > 0 and hinge["contract"]
    assert hinge["cases"] >= 3 and hinge["mistakes"] >= 6
    assert main(["check", "--list"]) == 0
    assert "2.4a hinge_d_loss (lesson 02" in capsys.readouterr().out
