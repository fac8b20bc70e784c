"""A stand-in for a machine: start.py in a folder of its own, pip and venv as recorders."""

import importlib.util
import os
from collections import namedtuple
from pathlib import Path

import pytest

SCRIPT = Path(__file__).resolve().parents[1] / "start.py"
Usage = namedtuple("Usage", "total used free")


class Handover(BaseException):
    """Where the real start.py stops being itself."""


class Machine:
    """Calls start.py and remembers what it asked for; without pip, venv, network or disk."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        if os.name != "posix":
            pytest.skip("the recorder stands in for execve")
        monkeypatch.chdir(folder)
        monkeypatch.delenv("OMP_NUM_THREADS", raising=False)
        monkeypatch.delenv("VGAN_DATA", raising=False)
        (folder / "start.py").write_text(SCRIPT.read_text(encoding="utf-8"))
        (folder / "pyproject.toml").write_text("[project]")
        (folder / "constraints.txt").write_text("# tested\nnumpy==2.1.0\ntorch==2.13.0\n")
        spec = importlib.util.spec_from_file_location("start_copy", folder / "start.py")
        self.start = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(self.start)
        self.calls: list[list[str]] = []
        self.answers = {"--no-index": 0, "--index-url": 0, "-e": 0}  # exit codes of pip
        self.made = 0
        self.become: tuple[list[str], dict[str, str]] | None = None
        self.has = monkeypatch.setattr
        self.has(self.start, "NVIDIA", None)
        self.has(self.start.sys, "platform", "linux")
        self.has(self.start.subprocess, "call", self._pip)
        self.has(self.start.venv, "create", self.make_venv)
        self.has(self.start.os, "execve", self._execve)
        self.has(self.start.shutil, "disk_usage", lambda path: Usage(9e9, 0, 9e9))

    def _pip(self, command: list, **_: object) -> int:
        words = [str(word) for word in command]
        if words[-1] != "pip":  # not the question whether pip is there
            self.calls.append(words[words.index("install") + 1 :])
        return next((code for word, code in self.answers.items() if word in words), 0)

    def make_venv(self, folder: Path, **_: object) -> None:
        self.made += 1
        self.start.PYTHON.parent.mkdir(parents=True)
        self.start.PYTHON.touch()

    def _execve(self, path: Path, command: list, environment: dict[str, str]) -> None:
        assert path == self.start.PYTHON
        self.become = [str(word) for word in command[2:]], environment
        raise Handover

    def run(self, *words: str) -> list[str]:
        """Call the script; gives back the module it becomes, and its arguments."""
        self.calls, self.become = [], None
        with pytest.raises(Handover):
            self.start.main(list(words))
        return self.become[0]

    def kinds(self) -> list[str]:
        """What pip was asked for, in order: a wheel it knows, the CPU index, the course."""
        return [word for call in self.calls for word in self.answers if word in call]
