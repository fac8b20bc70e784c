"""start.py: two commands and the rest of the command line, for any Python that tries it."""

import ast
import json
import os
import sys
from pathlib import Path

import pytest

from start_machine import SCRIPT, Machine
from vgan_lessons.cli import COMMANDS


@pytest.fixture
def machine(tmp_path, monkeypatch) -> Machine:
    return Machine(tmp_path, monkeypatch)


def test_it_is_short_and_needs_only_the_standard_library():
    text = SCRIPT.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 155
    imports = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Import)]
    assert {alias.name for node in imports for alias in node.names} < sys.stdlib_module_names
    assert "ImportFrom" not in ast.dump(ast.parse(text.replace("from pathlib import Path", "")))


def test_an_old_python_says_so(machine):
    machine.has(machine.start.sys, "version_info", (3, 10, 4))
    with pytest.raises(SystemExit, match=r"needs 3\.11 or newer"):
        machine.run()


def test_no_words_or_options_open_the_first_lesson(machine):
    module = machine.run("--no-browser", "--port", "8889")
    assert module[0] == "jupyterlab" and module[-3:] == ["--no-browser", "--port", "8889"]
    assert "--LabApp.default_url=/lab/tree/my_lessons/00_start_here.ipynb" in module
    assert ("--allow-root" in module) == (os.geteuid() == 0)


def test_jupyterlab_asks_about_no_news_and_saves_the_state_of_widgets(machine):
    machine.run()
    written = {path.name: path for path in (machine.start.VENV / "etc").rglob("*.json")}
    page = json.loads(written["page_config.json"].read_text())
    defaults = json.loads(written["default_setting_overrides.json"].read_text())
    assert page["disabledExtensions"] == {"@jupyterlab/apputils-extension:announcements": True}
    assert defaults == {"@jupyter-widgets/jupyterlab-manager:plugin": {"saveState": True}}


def test_an_older_environment_learns_new_settings_of_jupyterlab(machine):
    machine.run()
    for path in (machine.start.VENV / "etc").rglob("*.json"):
        path.unlink()
    machine.run()
    assert machine.calls == [] and len(list((machine.start.VENV / "etc").rglob("*.json"))) == 2


def test_test_runs_pytest_in_the_project_whatever_the_folder(machine, tmp_path_factory):
    os.chdir(tmp_path_factory.mktemp("elsewhere"))
    words = ["pytest", "-n", "auto", "-k", "losses"]  # a later -n0 or --pdb overrules auto
    assert machine.run("test", "-k", "losses") == words
    assert Path.cwd() == machine.start.ROOT


def test_torch_is_compiled_once_and_not_in_every_process(machine, monkeypatch):
    """Importing it takes 2 s with compiled files and 4 s without: many machines forbid them."""
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    machine.run("train")
    assert machine.become[1]["PYTHONDONTWRITEBYTECODE"] == ""
    assert Path(machine.become[1]["PYTHONPYCACHEPREFIX"]).parent == machine.start.VENV


def test_other_words_are_commands_of_the_course_in_the_callers_folder(
    machine, tmp_path_factory
):
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    os.chdir(elsewhere)
    assert machine.run("train", "--data", "my clips") == [
        "vgan_lessons",
        "train",
        "--data",
        "my clips",
    ]
    assert Path.cwd() == elsewhere


def test_children_get_threads_that_do_not_spin_and_one_data_folder(machine, monkeypatch):
    for cores, threads in ((1, "1"), (2, "1"), (4, "2"), (32, "4")):
        machine.has(machine.start.os, "cpu_count", lambda cores=cores: cores)
        machine.run("train")
        settings = machine.become[1]
        assert (settings["OMP_NUM_THREADS"], settings["OMP_WAIT_POLICY"]) == (
            threads,
            "PASSIVE",
        )
    assert settings["VGAN_DATA"] == str(machine.start.ROOT / "data")
    monkeypatch.setenv("OMP_NUM_THREADS", "3")
    machine.run("train")
    assert machine.become[1]["OMP_NUM_THREADS"] == "3"


def test_commands_know_how_they_were_called(machine, monkeypatch):
    monkeypatch.setattr(sys, "argv", ["../course/start.py", "train"])
    machine.run("train")
    assert machine.become[1]["VGAN_COMMAND"] == "python3 ../course/start.py"


def test_help_is_printed_without_installing(machine, capsys):
    with pytest.raises(SystemExit) as left:
        machine.run("--help")
    told = capsys.readouterr().out
    assert not left.value.code and "start.py test" in told
    assert [name for name in COMMANDS if name not in told] == []
    assert not machine.start.VENV.exists()
