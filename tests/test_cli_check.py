"""`vgan-lessons check` and `progress` from the outside: output, JSON, exit codes."""

import json

import pytest

from vgan_lessons.cli import main

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
    ],
)
def test_a_file_that_does_not_run_is_named_with_its_line(answer, capsys, text, words):
    code, said = as_json(capsys, "hinge_d_loss", answer(text))
    assert code == 1 and words in said["finding"]


def test_the_line_is_the_notebooks_line(answer, capsys):
    assert main(["check", "hinge_d_loss", answer(RIGHT)]) == 0
    said = capsys.readouterr()
    assert said.out.startswith("2.9 hinge_d_loss: passed. Going on with yours.")
    assert "a word at import" in said.err and len(said.out.splitlines()) == 1
    assert main(["progress"]) == 0
    assert "2.9 hinge_d_loss                    passed" in capsys.readouterr().out


def test_marking_for_a_program_leaves_the_progress_alone(answer, capsys):
    as_json(capsys, "hinge_d_loss", answer(RIGHT))
    main(["progress"])
    assert "2.9 hinge_d_loss                    not attempted" in capsys.readouterr().out


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
    assert "2.9 hinge_d_loss (lesson 02" in capsys.readouterr().out
