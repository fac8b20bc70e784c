"""Two processes on one machine: the gradient of the whole batch, and one run folder."""

import os
import signal
import socket
import subprocess
import sys
import time

import pytest

from vgan_lessons.cli import main

_TWO_PROCESSES = """
import pathlib
import time
import torch
from vgan_lessons.training import processes
from vgan_lessons.runtime import new_rng
torch.set_num_threads(1)
with processes.joined_processes("cpu") as me:
    weight = torch.tensor([1.0, 2.0], requires_grad=True)
    whole = torch.arange(8.0).view(4, 2)
    mine = whole[2 * me.rank : 2 * me.rank + 2]
    mine.matmul(weight).square().mean().backward()
    processes.average_over_processes([weight.grad])
    alone = weight.detach().requires_grad_()
    whole.matmul(alone).square().mean().backward()
    assert torch.allclose(weight.grad, alone.grad), (weight.grad, alone.grad)
    states = processes.gather_rng_states(new_rng(me.rank))
    assert torch.equal(states[1], new_rng(1).get_state()), "rank 1's state is the second"
    assert processes.any_process(me.rank == 1) and not processes.any_process(False)
    assert processes.slowest(0.5 - me.rank) == 0.5
    assert me.count == 2 and me.local_rank == me.rank
    with processes.one_for_all():
        pass
    def left():
        time.sleep(0.3 * (me.rank == 0))
        found = pathlib.Path("left").exists()
        pathlib.Path("left").touch()
        return found
    assert processes.one_before_the_others(me, left) == (me.rank == 1), "the second finds it"
    try:
        with processes.one_for_all():
            if me.rank == 1:
                raise ValueError("of rank 1")
    except ValueError as error:
        assert me.rank == 1 and str(error) == "of rank 1"
    except SystemExit as left:
        assert me.rank == 0 and left.code == 1, "it ends quietly"
    else:
        raise AssertionError("neither ended")
print("ok")
"""


def free_port():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return str(free.getsockname()[1])


def torchrun(*words, cwd, to):
    command = [sys.executable, "-m", "torch.distributed.run", "--nproc-per-node", "2"]
    command += ["--master-addr", "127.0.0.1", "--master-port", free_port(), *words]
    return subprocess.Popen(command, stdout=to, stderr=to, cwd=cwd)


def wait_for(launcher, path):
    limit = time.monotonic() + 120
    while not path.exists():
        assert launcher.poll() is None and time.monotonic() < limit, f"no {path.name}"
        time.sleep(0.02)


def printed_by_two(program, cwd):
    """A program in two processes, told what torchrun tells its children, without torchrun."""
    told = {"WORLD_SIZE": "2", "MASTER_ADDR": "127.0.0.1", "MASTER_PORT": free_port()}
    both = [
        subprocess.Popen(
            [sys.executable, "-c", program],
            env={**os.environ, **told, "RANK": rank, "LOCAL_RANK": rank},
            cwd=cwd,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for rank in ("0", "1")
    ]
    printed = []
    for process in both:
        out, err = process.communicate(timeout=240)
        assert process.returncode == 0, err[-2000:]
        printed.append(out)
    return printed


@pytest.mark.slow
def test_two_processes_average_to_the_gradient_of_the_whole_batch(tmp_path):
    assert printed_by_two(_TWO_PROCESSES, tmp_path) == ["ok\n", "ok\n"]


def train(*words, cwd, to):
    """The command as a user types it, which starts its own processes."""
    command = [sys.executable, "-m", "vgan_lessons", "train", *words]
    return subprocess.Popen(command, stdout=to, stderr=to, cwd=cwd)


_TINY = ["--data", "shapes", "--image-size", "16", "--batch-size", "4", "--log-every", "1"]


@pytest.mark.slow
def test_a_run_of_two_processes_is_stopped_by_sigterm_and_goes_on_in_two(tmp_path):
    """What `docker stop` and Slurm do; no traceback, one line, and as many go on unasked."""
    words = [*_TINY, "--checkpoint-every", "9999", "--minutes", "30", "--processes", "2"]
    with open(tmp_path / "said", "w") as said:
        launcher = train(*words, "--out", "run", cwd=tmp_path, to=said)
        wait_for(launcher, tmp_path / "run" / "log.csv")
        launcher.send_signal(signal.SIGTERM)
        assert launcher.wait(timeout=120) == 143
    told = (tmp_path / "said").read_text()
    assert "Traceback" not in told and told.count("stopped at step") == 1, told[-2000:]
    assert "train --resume run --processes 2" in told
    assert told.count(" s here: ") == 1, "one speaks for both"
    rows = (tmp_path / "run" / "log.csv").read_text().splitlines()
    step = int(rows[-1].split(",")[0])
    assert [path.name for path in (tmp_path / "run" / "checkpoints").iterdir()] == [
        f"step-{step:08d}"
    ]
    assert main(["train", "--resume", str(tmp_path / "run"), "--processes", "1"]) == 1
    again = ["--resume", "run", "--steps", str(step + 2), "--no-card"]
    with open(tmp_path / "said", "w") as said:
        launcher = train(*again, cwd=tmp_path, to=said)
        assert launcher.wait(timeout=120) == 0, (tmp_path / "said").read_text()[-2000:]
    longer = (tmp_path / "run" / "log.csv").read_text().splitlines()
    assert longer[: len(rows)] == rows and len(longer) == len(rows) + 2, "one writes the log"


@pytest.mark.slow
def test_torchrun_is_stopped_by_sigterm_and_a_killed_process_ends_the_rest(tmp_path):
    """torchrun prints a traceback of its own when it is stopped, none of ours."""
    words = ["-m", "vgan_lessons", "train", *_TINY, "--steps", "9999", "--out", "run"]
    with open(tmp_path / "said", "w") as said:
        launcher = torchrun(*words, cwd=tmp_path, to=said)
        wait_for(launcher, tmp_path / "run" / "log.csv")
        launcher.send_signal(signal.SIGTERM)
        launcher.wait(timeout=120)
    told = (tmp_path / "said").read_text()
    ours = told.split("Traceback (most recent call last):\n")
    assert "stopped at step" in ours[0], told[-2000:]
    assert len(ours) <= 2 and "torch/distributed/run.py" in "".join(ours[1:]), "not torchrun's"
    with open(tmp_path / "said", "w") as said:
        launcher = train("--resume", "run", cwd=tmp_path, to=said)
        rows = len((tmp_path / "run" / "log.csv").read_text().splitlines())
        while len((tmp_path / "run" / "log.csv").read_text().splitlines()) == rows:
            assert launcher.poll() is None, (tmp_path / "said").read_text()
            time.sleep(0.02)
        children = subprocess.run(
            ["ps", "--ppid", str(launcher.pid), "-o", "pid="], capture_output=True, text=True
        ).stdout.split()
        os.kill(int(children[-1]), signal.SIGKILL)
        assert launcher.wait(timeout=60) == 1
    told = (tmp_path / "said").read_text()
    assert "was ended by signal 9" in told and "Traceback" not in told, told


def test_alone_nothing_is_joined_and_the_answers_are_ones_own():
    from vgan_lessons.runtime import new_rng
    from vgan_lessons.training import processes

    with processes.joined_processes("cpu") as me:
        assert me == processes.Processes(rank=0, count=1, local_rank=0)
        assert len(processes.gather_rng_states(new_rng(0))) == 1
        assert processes.any_process(True) and not processes.any_process(False)
