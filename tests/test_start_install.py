"""start.py installs once, in the right order, and picks up after whatever went wrong."""

import subprocess

import pytest

from start_machine import Machine, Usage

CPU_INDEX = "https://download.pytorch.org/whl/cpu"


@pytest.fixture
def machine(tmp_path, monkeypatch) -> Machine:
    return Machine(tmp_path, monkeypatch)


def test_a_wheel_that_pip_knows_is_taken_before_any_index_is_asked(machine):
    machine.run()
    assert machine.kinds() == ["--no-index", "-e"]
    assert machine.calls[0][-1] == "torch==2.13.0"
    assert machine.calls[1][-1].endswith("[lab]") and "-c" in machine.calls[1]


def test_linux_without_a_driver_asks_the_cpu_index_and_no_other_for_torch(machine):
    machine.answers["--no-index"] = 1
    machine.run()
    assert machine.kinds() == ["--no-index", "--index-url", "-e"]
    assert machine.calls[1][-3:] == ["--index-url", CPU_INDEX, "torch==2.13.0"]


@pytest.mark.parametrize(
    "place, value", [("NVIDIA", "/usr/bin/nvidia-smi"), ("platform", "darwin")]
)
def test_elsewhere_the_default_build_is_right(machine, place, value):
    owner = machine.start if place == "NVIDIA" else machine.start.sys
    machine.has(owner, place, value)
    machine.answers["--no-index"] = 1
    machine.run()
    assert machine.kinds() == ["--no-index", "-e"]


def test_without_a_cpu_build_it_stops_before_cuda_could_come_in(machine):
    machine.answers |= {"--no-index": 1, "--index-url": 1}
    with pytest.raises(SystemExit, match=r"could not install torch==2\.13\.0"):
        machine.run()
    assert "-e" not in machine.kinds() and machine.become is None


def test_the_second_call_installs_nothing(machine):
    machine.run()
    machine.run("train")
    assert machine.calls == [] and machine.made == 1


def test_the_test_tools_come_with_the_first_test_and_stay(machine):
    machine.run()
    machine.run("test")
    assert machine.calls[-1][-1].endswith("[dev]") and machine.made == 1
    machine.run("test")
    machine.run()
    assert machine.calls == []


@pytest.mark.parametrize("name", ["pyproject.toml", "constraints.txt"])
def test_a_changed_list_is_installed_on_top(machine, name):
    machine.run()
    with open(machine.start.ROOT / name, "a") as file:
        file.write("# changed\n")
    machine.run()
    assert machine.kinds() == ["--no-index", "-e"] and machine.made == 1


def test_a_moved_folder_is_installed_again(machine, tmp_path_factory, monkeypatch):
    machine.run()
    stamp = machine.start.STAMP.read_text()
    other = Machine(tmp_path_factory.mktemp("moved"), monkeypatch)
    other.run()
    assert other.start.STAMP.read_text() != stamp


def test_a_killed_install_is_begun_again_from_nothing(machine):
    machine.answers["-e"] = 1
    with pytest.raises(SystemExit):
        machine.run()
    leftover = machine.start.VENV / "half-written.py"
    leftover.touch()
    machine.answers["-e"] = 0
    assert machine.run("doctor") == ["vgan_lessons", "doctor"]
    assert machine.made == 2 and not leftover.exists()


def test_an_environment_that_somebody_else_made_is_kept(machine):
    machine.make_venv(machine.start.VENV)
    machine.run()
    assert machine.made == 1 and machine.kinds() == ["--no-index", "-e"]


def test_a_full_disk_is_said_before_anything_is_written(machine):
    machine.has(machine.start.shutil, "disk_usage", lambda path: Usage(9e9, 8e9, 1e9))
    with pytest.raises(SystemExit, match=r"Disk full: 1\.0 GB are free"):
        machine.run()
    assert not machine.start.VENV.exists()


def test_a_python_without_ensurepip_says_what_to_install(machine):
    def fail(*_: object, **__: object) -> None:
        raise subprocess.CalledProcessError(1, "ensurepip")

    machine.has(machine.start.venv, "create", fail)
    with pytest.raises(SystemExit, match="apt install python3-venv"):
        machine.run()
