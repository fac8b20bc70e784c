"""The doctor: says ok only of what is, names what is wrong, and fails only where it must."""

import hashlib
import json
import sys
from collections import namedtuple
from importlib import metadata
from pathlib import Path

import pytest
import torch

from vgan_lessons import cli, runtime
from vgan_lessons.cli import doctor, machine

Usage = namedtuple("Usage", "total used free")


def only(findings, check: str) -> machine.Finding:
    (found,) = [finding for finding in findings if finding.check == check]
    return found


@pytest.fixture
def shelf(tmp_path, monkeypatch) -> Path:
    """A folder of shipped weights with one checkpoint as on its card."""
    (tmp_path / "small.safetensors").write_bytes(b"weights")
    sha = hashlib.sha256(b"weights").hexdigest()
    (tmp_path / "small.json").write_text(json.dumps({"sha256": sha}))
    monkeypatch.setattr(doctor, "WEIGHTS", tmp_path)
    return tmp_path


def test_a_sound_machine_is_ready(shelf, capsys):
    assert cli.main(["doctor"]) == 0
    told = capsys.readouterr().out.splitlines()
    assert told[-1] == "This machine is ready."
    assert all(line.split()[0] in ("ok", "warn") for line in told[:-1])
    assert f"{sys.version_info[0]}.{sys.version_info[1]}" in told[0]


def test_programs_read_the_same_findings_as_json(shelf, capsys):
    assert cli.main(["doctor", "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert report["ready"] is True
    checks = [finding["check"] for finding in report["findings"]]
    assert len(set(checks)) == len(checks)
    assert {"python", "torch", "device", "threads", "here", "data", "weights"} <= set(checks)


def test_one_failure_makes_the_machine_not_ready(shelf, capsys):
    (shelf / "small.safetensors").write_bytes(b"other")
    assert cli.main(["doctor", "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["ready"] is False


@pytest.mark.parametrize("harm", ["changed", "no weights", "no card"])
def test_a_damaged_checkpoint_is_named(shelf, harm):
    if harm == "changed":
        (shelf / "small.safetensors").write_bytes(b"weightz")
    else:
        (shelf / ("small.json" if harm == "no card" else "small.safetensors")).unlink()
    found = only(doctor.examine(), "weights")
    assert found.state == "fail" and "damaged: small;" in found.says


def test_an_empty_shelf_is_a_failure(shelf):
    for path in shelf.iterdir():
        path.unlink()
    assert only(doctor.examine(), "weights").state == "fail"


def test_the_weights_in_this_checkout_are_as_on_their_cards():
    assert only(doctor.examine(), "weights").state == "ok"


def test_an_old_and_a_missing_library_are_named_with_what_is_needed(monkeypatch):
    monkeypatch.setattr(
        metadata, "requires", lambda name: ["einops>=0.8", "imageio>=2.37", "tqdm>=4"]
    )
    versions = {"einops": "0.7.9", "tqdm": "4.67.1"}

    def version(name: str) -> str:
        if name not in versions:
            raise metadata.PackageNotFoundError(name)
        return versions[name]

    monkeypatch.setattr(metadata, "version", version)
    found = only(doctor.examine(), "libraries")
    assert found.state == "fail"
    assert (
        found.says == "einops 0.7.9, needs 0.8 or newer, imageio missing, needs 2.37 or newer"
    )


def test_torch_that_cannot_be_loaded_is_a_failure_not_a_traceback(monkeypatch, shelf):
    monkeypatch.setitem(sys.modules, "torch", None)
    findings = doctor.examine()
    assert only(findings, "torch").state == "fail"
    assert not [finding for finding in findings if finding.check == "device"]


def test_a_driver_that_torch_cannot_use_is_a_warning(monkeypatch):
    monkeypatch.setattr(runtime, "device", lambda: torch.device("cpu"))
    monkeypatch.setattr(machine.shutil, "which", lambda name: "/usr/bin/nvidia-smi")
    found = machine.device()
    assert found.state == "warn" and "NVIDIA driver" in found.says


@pytest.mark.skipif(torch.cuda.is_available(), reason="needs a machine without a GPU")
def test_a_gpu_that_does_not_compute_is_a_failure(monkeypatch):
    monkeypatch.setattr(runtime, "device", lambda: torch.device("cuda"))
    monkeypatch.setattr(runtime, "has_fast_bfloat16", lambda on: True)
    found = machine.device()
    assert found.state == "fail" and "does not compute" in found.says


@pytest.mark.gpu
def test_a_gpu_is_named_with_its_memory():
    found = machine.device()
    assert found.state == "ok" and torch.cuda.get_device_name() in found.says
    assert "GB" in found.says


def test_more_threads_than_cores_are_a_warning_with_the_cure(monkeypatch):
    monkeypatch.setattr(torch, "get_num_threads", lambda: 1000)
    found = machine.threads()
    assert found.state == "warn" and "OMP_NUM_THREADS=" in found.says


@pytest.mark.parametrize("free, state", [(1e8, "fail"), (1e9, "warn"), (5e9, "ok")])
def test_little_room_is_a_warning_and_none_a_failure(monkeypatch, tmp_path, free, state):
    monkeypatch.setattr(machine.shutil, "disk_usage", lambda path: Usage(9e9, 0, free))
    assert machine.place("data", tmp_path).state == state


def test_a_folder_that_does_not_exist_yet_is_judged_by_where_it_will_be(tmp_path):
    found = machine.place("data", tmp_path / "not" / "yet")
    assert found.state == "ok" and str(tmp_path / "not" / "yet") in found.says
    assert not (tmp_path / "not").exists()


def test_a_folder_nobody_may_write_to_is_a_failure(monkeypatch, tmp_path):
    def refuse(**_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(machine.tempfile, "TemporaryFile", refuse)
    found = machine.place("data", tmp_path)
    assert found.state == "fail" and found.says.endswith(f"{tmp_path}: Permission denied")
