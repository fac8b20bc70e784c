"""Whole files: whatever goes wrong while writing, the earlier file stands."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from vgan_lessons import storage

KILLED_WHILE_WRITING = """
import os, signal, sys
from vgan_lessons.storage import whole_file
with whole_file(sys.argv[1]) as draft:
    draft.write_text("half of the n")
    os.kill(os.getpid(), signal.SIGKILL)
"""


def test_a_failed_write_leaves_the_earlier_file_and_no_litter(tmp_path):
    target = tmp_path / "note.txt"
    target.write_text("before")
    with pytest.raises(RuntimeError), storage.whole_file(target) as draft:
        draft.write_text("half of the n")
        raise RuntimeError
    assert target.read_text() == "before"
    assert os.listdir(tmp_path) == ["note.txt"]


@pytest.mark.skipif(os.name != "posix", reason="needs SIGKILL")
def test_a_killed_writer_leaves_the_earlier_file(tmp_path):
    target = tmp_path / "note.txt"
    target.write_text("before")
    killed = subprocess.run([sys.executable, "-c", KILLED_WHILE_WRITING, target], check=False)
    assert killed.returncode == -9
    assert target.read_text() == "before"


def test_a_finished_write_replaces_the_file_in_one_step(tmp_path):
    target = tmp_path / "new" / "folder" / "note.txt"
    with storage.whole_file(target) as draft:
        draft.write_text("after")
        assert draft.parent == target.parent and draft.suffix == ".txt"
        assert not target.exists()
    assert target.read_text() == "after"
    assert os.listdir(target.parent) == ["note.txt"]


@pytest.mark.skipif(os.name != "posix", reason="needs POSIX file modes")
def test_a_written_file_is_as_readable_as_any_other(tmp_path):
    storage.write_json(tmp_path / "a.json", {})
    (tmp_path / "b.json").write_text("{}")
    modes = [(tmp_path / name).stat().st_mode for name in ("a.json", "b.json")]
    assert modes[0] == modes[1]


def test_json_reads_back_as_written(tmp_path):
    content = {"steps": [1, 2], "name": "Schritt für Schritt"}
    storage.write_json(tmp_path / "log.json", content)
    text = (tmp_path / "log.json").read_text(encoding="utf-8")
    assert json.loads(text) == content and text.endswith("}\n")


def test_what_json_cannot_hold_leaves_the_earlier_file(tmp_path):
    storage.write_json(tmp_path / "log.json", [1])
    with pytest.raises(TypeError):
        storage.write_json(tmp_path / "log.json", {"file": tmp_path})
    assert json.loads((tmp_path / "log.json").read_text()) == [1]


def test_the_data_folder_is_the_one_named_else_beside_the_work(tmp_path, monkeypatch):
    monkeypatch.setenv("VGAN_DATA", str(tmp_path))
    assert storage.data_folder() == tmp_path
    monkeypatch.delenv("VGAN_DATA")
    assert storage.data_folder() == Path("data")
