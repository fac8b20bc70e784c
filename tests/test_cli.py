"""The frame of the command line: exit codes, one line for a user's mistake, quick help."""

import subprocess
import sys
import warnings
from pathlib import Path
from types import SimpleNamespace

import pytest

from vgan_lessons import __version__, cli
from vgan_lessons.calling import typed


@pytest.fixture
def command(monkeypatch):
    """Put a function in the place of `doctor`'s run; the caller sets what it does."""
    module = SimpleNamespace(add_arguments=lambda parser: None, run=lambda args: 0)
    monkeypatch.setattr(cli, "command_module", lambda name: module)
    monkeypatch.delenv("VGAN_DEBUG", raising=False)
    return module


def raising(error: BaseException):
    def run(args: object) -> int:
        raise error

    return run


class CourseError(Exception):
    """Stands for any error class of the library."""


CourseError.__module__ = "vgan_lessons.datasets.cards"


@pytest.mark.parametrize("words", [[], ["nonsense"], ["doctor", "--nonsense"]])
def test_bad_usage_exits_with_2_and_says_how_to_call(words, capsys):
    with pytest.raises(SystemExit) as left:
        cli.main(words)
    assert left.value.code == 2
    assert capsys.readouterr().err.startswith(f"usage: {typed()}")


def test_help_lists_every_command_with_its_summary(capsys):
    with pytest.raises(SystemExit) as left:
        cli.main(["--help"])
    assert left.value.code == 0
    told = capsys.readouterr().out
    assert all(name in told and summary in told for name, summary in cli.COMMANDS.items())


@pytest.mark.parametrize("name", cli.COMMANDS)
def test_each_command_has_help_and_the_summary_of_its_module(name, capsys):
    assert cli.COMMANDS[name] == cli.command_module(name).SUMMARY
    with pytest.raises(SystemExit) as left:
        cli.main([name, "--help"])
    assert left.value.code == 0
    assert f"{typed()} {name}" in capsys.readouterr().out


def test_the_version_is_the_packages(capsys):
    with pytest.raises(SystemExit):
        cli.main(["--version"])
    assert capsys.readouterr().out == f"vgan-lessons {__version__}\n"


@pytest.mark.parametrize("code", [0, 1])
def test_the_exit_code_is_the_commands(command, code):
    command.run = lambda args: code
    assert cli.main(["doctor"]) == code


@pytest.mark.parametrize(
    "error",
    [
        ValueError("7 is no power of two"),
        OSError("7 is no power of two"),
        CourseError("7 is no power of two"),
    ],
)
def test_a_users_mistake_is_one_line_and_exit_code_1(command, error, capsys):
    command.run = raising(error)
    assert cli.main(["doctor"]) == 1
    assert capsys.readouterr().err == "vgan-lessons doctor: 7 is no power of two\n"


def test_a_missing_file_is_named(command, capsys):
    command.run = lambda args: Path("not-there.csv").read_text()
    assert cli.main(["doctor"]) == 1
    assert "not-there.csv" in capsys.readouterr().err


def test_a_fault_of_ours_keeps_its_traceback(command):
    command.run = raising(KeyError("step"))
    with pytest.raises(KeyError):
        cli.main(["doctor"])


def test_whoever_debugs_sees_every_traceback(command, monkeypatch):
    command.run = raising(ValueError("7 is no power of two"))
    monkeypatch.setenv("VGAN_DEBUG", "1")
    with pytest.raises(ValueError, match="7"):
        cli.main(["doctor"])


def test_control_c_exits_with_130(command, capsys):
    command.run = raising(KeyboardInterrupt())
    assert cli.main(["doctor"]) == 130
    assert capsys.readouterr().err == "vgan-lessons stopped\n"


def test_a_warning_is_one_line_and_does_not_stop_the_command(command, capsys):
    def run(args: object) -> int:
        warnings.warn("2 files were skipped", UserWarning, stacklevel=2)
        return 0

    command.run = run
    with warnings.catch_warnings():
        warnings.simplefilter("default")
        assert cli.main(["doctor"]) == 0
    assert capsys.readouterr().err == "vgan-lessons warns: 2 files were skipped\n"


@pytest.mark.skipif(sys.platform == "win32", reason="needs a pipe that closes as on POSIX")
def test_a_reader_that_leaves_early_sees_no_traceback():
    program = (
        "import sys; from vgan_lessons import cli; from types import SimpleNamespace as N\n"
    )
    program += "cli.command_module = lambda name: N(add_arguments=lambda p: 0, run=lambda a:\n"
    program += (
        "    [print('x' * 99) for _ in range(9999)] and 0)\nsys.exit(cli.main(['doctor']))"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as child:
        child.stdout.readline()
        child.stdout.close()
        told = child.stderr.read()
    assert (child.returncode, told) == (1, b"")


def test_python_dash_m_is_the_same_command():
    command = [sys.executable, "-m", "vgan_lessons", "--version"]
    asked = subprocess.run(command, capture_output=True, text=True, check=True)
    assert asked.stdout == f"vgan-lessons {__version__}\n"
