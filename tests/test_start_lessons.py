"""The learner works on copies: an update of the course loses no answer."""

import pytest

from start_machine import Machine


@pytest.fixture
def machine(tmp_path, monkeypatch) -> Machine:
    machine = Machine(tmp_path, monkeypatch)
    ship(machine, "00_start_here", "first")
    machine.run()
    return machine


def ship(machine: Machine, name: str, text: str) -> None:
    folder = machine.start.ROOT / "notebooks"
    folder.mkdir(exist_ok=True)
    (folder / f"{name}.ipynb").write_text(text)


def mine(machine: Machine) -> dict[str, str]:
    return {path.name: path.read_text() for path in machine.start.MINE.glob("*.ipynb")}


def test_the_first_start_copies_the_lessons(machine):
    assert mine(machine) == {"00_start_here.ipynb": "first"}


def test_an_untouched_lesson_follows_an_update(machine):
    ship(machine, "00_start_here", "second")
    ship(machine, "01_the_game", "new lesson")
    machine.run()
    assert mine(machine) == {"00_start_here.ipynb": "second", "01_the_game.ipynb": "new lesson"}


def test_a_changed_lesson_stays_and_the_new_version_lies_beside_it(machine, capsys):
    (machine.start.MINE / "00_start_here.ipynb").write_text("my answers")
    machine.run()
    assert mine(machine) == {"00_start_here.ipynb": "my answers"}
    ship(machine, "00_start_here", "second")
    machine.run()
    beside = {"00_start_here.ipynb": "my answers", "00_start_here.new.ipynb": "second"}
    assert mine(machine) == beside
    assert "yours stays, the new one is 00_start_here.new.ipynb" in capsys.readouterr().out
    machine.run()  # said once
    assert mine(machine) == beside and "yours stays" not in capsys.readouterr().out


def test_a_lesson_that_was_deleted_or_renamed_comes_again(machine):
    (machine.start.MINE / "00_start_here.ipynb").rename(machine.start.MINE / "old.ipynb")
    machine.run()
    assert mine(machine) == {"00_start_here.ipynb": "first", "old.ipynb": "first"}


def test_other_commands_copy_nothing(tmp_path, monkeypatch):
    machine = Machine(tmp_path, monkeypatch)
    ship(machine, "00_start_here", "first")
    machine.run("train")
    assert not machine.start.MINE.exists()
