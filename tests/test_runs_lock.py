"""One writer a run folder: seen on this machine, on another, and after it has died."""

import json
import os
import subprocess
import sys
import time

import pytest

from vgan_lessons import runs
from vgan_lessons.runs import lock


@pytest.fixture
def run(tmp_path):
    return tmp_path / "run"


def left_by(run, host, age):
    """The lock of a writer on some machine whose last sign of life is so old."""
    run.mkdir(exist_ok=True)
    path = run / "writer.lock"
    path.write_text(json.dumps({"host": host, "pid": 77, "since": "2026-11-26 10:00:00"}))
    os.utime(path, (time.time() - age, time.time() - age))
    return path


def test_a_folder_is_made_signed_and_left_clean(run):
    with runs.sole_writer(run):
        holder = json.loads((run / "writer.lock").read_text())
        assert holder["pid"] == os.getpid() and holder["host"]
    assert run.is_dir() and not list(run.iterdir())


def test_two_writers_at_once_are_refused_and_the_first_goes_on(run):
    with runs.sole_writer(run):
        for _ in range(2):
            with (
                pytest.raises(runs.RunError, match=rf"by process {os.getpid()} on .* since 2"),
                runs.sole_writer(run),
            ):
                pass
        assert (run / "writer.lock").read_text()
    with runs.sole_writer(run):
        pass


def test_the_lock_of_a_process_that_was_killed_here_is_stale_at_once(run):
    program = (
        "import fcntl, json, socket, sys, time\n"
        "file = open(sys.argv[1], 'a+'); fcntl.flock(file, fcntl.LOCK_EX)\n"
        "json.dump({'host': socket.gethostname(), 'pid': 5, 'since': 'now'}, file)\n"
        "file.flush(); print('held', flush=True); time.sleep(60)\n"
    )
    run.mkdir()
    command = [sys.executable, "-S", "-c", program, str(run / "writer.lock")]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as holder:
        holder.stdout.readline()
        with pytest.raises(runs.RunError, match="by process 5 on "), runs.sole_writer(run):
            pass
        holder.kill()
    with runs.sole_writer(run):
        pass


def test_a_writer_on_another_machine_lives_while_it_gives_signs(run):
    path = left_by(run, "node-17", age=20)
    with (
        pytest.raises(
            runs.RunError, match=r"process 77 on node-17 .*if it is gone: in 1[56]\d s"
        ),
        runs.sole_writer(run),
    ):
        pass
    assert "node-17" in path.read_text()
    left_by(run, "node-17", age=lock._SILENT + 5)
    with runs.sole_writer(run):
        assert "node-17" not in path.read_text()


def test_a_writer_gives_signs_of_life(run, monkeypatch):
    monkeypatch.setattr(lock, "_BEAT", 0.01)
    with runs.sole_writer(run):
        os.utime(run / "writer.lock", (1, 1))
        limit = time.monotonic() + 10
        while (run / "writer.lock").stat().st_mtime < 2:
            assert time.monotonic() < limit
            time.sleep(0.01)


def test_without_locks_of_the_system_the_sign_of_life_decides(run, monkeypatch):
    monkeypatch.setattr(lock, "fcntl", None)  # Windows
    with (
        runs.sole_writer(run),
        pytest.raises(runs.RunError, match="stop that one first"),
        runs.sole_writer(run),
    ):
        pass
    with runs.sole_writer(run):
        pass


@pytest.mark.parametrize("content", ["", "{}", "no json", "[1]"])
def test_a_lock_that_nobody_signed_is_free(run, content):
    run.mkdir()
    (run / "writer.lock").write_text(content)
    with runs.sole_writer(run):
        pass


def test_drafts_of_a_killed_writer_go_and_nothing_else_does(run):
    (run / "samples").mkdir(parents=True)
    (run / "checkpoints" / ".draft-step-00000400").mkdir(parents=True)
    (run / "checkpoints" / ".draft-step-00000400" / "state.pt").write_text("half")
    drafts = [
        ".config-abcd1234.json",
        ".log-a_cd1234.csv",
        "samples/.step-00000400-abcd1234.png",
    ]
    kept = ["notes.txt", ".my-notes.json", "samples/step-00000200.png", ".gitignore"]
    for name in drafts + kept:
        (run / name).write_text("x")
    with runs.sole_writer(run):
        found = {str(path.relative_to(run)) for path in run.rglob("*") if path.is_file()}
        assert found == {*kept, "writer.lock"}
        assert not list((run / "checkpoints").iterdir())


def test_a_folder_that_cannot_be_written_is_one_line(run, monkeypatch):
    run.write_text("a file stands here")
    with pytest.raises(runs.RunError, match="cannot write the run folder"):
        runs.sole_writer(run).__enter__()
    run.unlink()

    def read_only(*_: object, **__: object) -> None:
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr(lock.json, "dump", read_only)
    with pytest.raises(runs.RunError, match="run: Read-only file system"):
        runs.sole_writer(run).__enter__()
