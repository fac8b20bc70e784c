"""Ctrl-C, SIGTERM and a full disk in the middle of a training: saved, said, gone on from."""

import errno
import os
import shutil
import signal
from types import SimpleNamespace

import pytest

from vgan_lessons import runs
from vgan_lessons.calling import typed
from vgan_lessons.cli import main, session

pytestmark = pytest.mark.slow  # trainings

WORDS = ["--image-size", "16", "--batch-size", "4"]
for setting in ("generator_channels=8,8", "frame_channels=4", "clip_channels=4"):
    WORDS += ["--set", setting]
WORDS += ["--threads", "1", "--no-card", "--log-every", "2", "--steps", "6"]


def rows(run):
    lines = (run / "log.csv").read_text().splitlines()
    return [line.rsplit(",", 1)[0] for line in lines]  # without clips/s


@pytest.fixture(scope="module")
def words(tmp_path_factory):
    """What a short training on six clips is asked for by."""
    clips = str(tmp_path_factory.mktemp("clips"))
    make = ["data", "make", "digits", "--n", "6", "--image-size", "16", "--to", clips]
    assert main(make) == 0
    return ["train", "--data", clips, *WORDS]


@pytest.fixture(scope="module")
def whole(tmp_path_factory, words):
    """A run that nobody disturbed."""
    run = tmp_path_factory.mktemp("whole") / "run"
    assert main([*words, "--out", str(run)]) == 0
    return run


def weights(run):
    return (runs.checkpoints(run)[-1] / "generator_ema.safetensors").read_bytes()


def in_the_third_step(monkeypatch, *signals):
    """Send signals to this process while the loop is in step 3, which is not logged."""
    real = session.processes.any_process
    steps = []

    def asked(stop):
        steps.append(1)
        if len(steps) == 3:  # asked once after each step
            for number in signals:
                os.kill(os.getpid(), number)
            stop = True  # as the handler has noted by now
        return real(stop)

    monkeypatch.setattr(session.processes, "any_process", asked)


@pytest.mark.parametrize(
    "signals, code",
    [
        ([signal.SIGINT], 130),
        ([signal.SIGTERM], 143),
        ([signal.SIGTERM, signal.SIGTERM, signal.SIGINT], 143),
    ],
)
def test_a_signal_saves_at_once_and_the_run_goes_on_bit_for_bit(
    tmp_path, monkeypatch, capfd, whole, signals, code, words
):
    run = tmp_path / "run"
    with monkeypatch.context() as patched:
        in_the_third_step(patched, *signals)
        assert main([*words, "--out", str(run)]) == code
    out, err = capfd.readouterr()
    assert f"stopped at step 3; go on with {typed('train', '--resume', run)}" in out
    assert "Traceback" not in err and err.count("saving a checkpoint first") == 1
    assert [path.name for path in runs.checkpoints(run)] == ["step-00000003"]
    assert not (run / "writer.lock").exists()
    assert main(["train", "--resume", str(run), "--no-card"]) == 0
    assert rows(run) == rows(whole) and weights(run) == weights(whole)


def test_a_second_ctrl_c_stops_at_once(tmp_path, monkeypatch, capfd, words):
    in_the_third_step(monkeypatch, signal.SIGINT, signal.SIGINT)
    assert main([*words, "--out", str(tmp_path / "run")]) == 130
    assert capfd.readouterr().err.endswith("vgan-lessons stopped\n")
    assert not runs.checkpoints(tmp_path / "run")


@pytest.mark.parametrize("number, code", [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_while_clips_are_read_leaves_nothing(
    tmp_path, monkeypatch, capfd, number, code, words
):
    monkeypatch.setattr(
        "vgan_lessons.cli.train.load_videos", lambda *a, **k: os.kill(os.getpid(), number)
    )
    try:
        left = main([*words, "--out", str(tmp_path / "run")])
    except SystemExit as ended:
        left = ended.code
    assert left == code and not (tmp_path / "run").exists()
    assert "Traceback" not in capfd.readouterr().err


def test_a_signal_at_the_card_says_that_the_run_is_complete(
    tmp_path, monkeypatch, capfd, words
):
    words = [word for word in words if word != "--no-card"]
    beside = SimpleNamespace(go_on=lambda *_: None, finish=lambda *_: "")
    monkeypatch.setattr(session, "_beside", lambda *_: beside)
    monkeypatch.setattr(
        "vgan_lessons.cli.evaluate.card_of",
        lambda *a, **k: os.kill(os.getpid(), signal.SIGINT),
    )
    assert main([*words, "--out", str(tmp_path / "run")]) == 130
    assert f"trained and saved; measure it with {typed('evaluate')}" in capfd.readouterr().out


@pytest.mark.parametrize("fault", [errno.ENOSPC, errno.EDQUOT])
def test_a_full_disk_at_a_checkpoint_says_what_was_kept_and_how_to_go_on(
    tmp_path, monkeypatch, capsys, whole, fault, words
):
    run = tmp_path / "run"
    real = runs.saving._write

    def write(path, content):
        if "step-00000004" in str(path) and path.name == "state.pt":
            path.write_bytes(content[:9])
            raise OSError(fault, os.strerror(fault))
        return real(path, content)

    with monkeypatch.context() as patched:
        patched.setattr(runs.saving, "_write", write)
        assert main([*words, "--checkpoint-every", "2", "--out", str(run)]) == 1
    (said,) = [x for x in capsys.readouterr().err.splitlines() if x.startswith("vgan-lessons")]
    assert said.startswith(f"vgan-lessons train: stopped at step 4: {os.strerror(fault)} in ")
    assert "Kept: step-00000002." in said and typed("train", "--resume", run) in said
    assert [path.name for path in (run / "checkpoints").iterdir()] == ["step-00000002"]
    assert main(["train", "--resume", str(run), "--no-card"]) == 0
    assert rows(run) == rows(whole) and weights(run) == weights(whole)


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="needs a small file system")
def test_a_disk_that_is_really_full(tmp_path, capsys, words):
    """On 2 MB of memory that stand for a disk, where this user may mount them."""
    disk = tmp_path / "disk"
    disk.mkdir()
    if os.geteuid() or os.system(f"mount -t tmpfs -o size=2m none {disk} 2>/dev/null"):
        pytest.skip("needs the right to mount")
    try:
        assert main([*words, "--checkpoint-every", "2", "--out", str(disk / "run")]) == 1
        said = capsys.readouterr().err
        assert "No space left on device" in said and "Traceback" not in said
    finally:
        os.system(f"umount {disk}")
        shutil.rmtree(disk, ignore_errors=True)
