"""Two processes on one machine: the gradient of the whole batch, and one run folder."""

import os
import socket
import subprocess
import sys

import pytest

_TWO_PROCESSES = """
import torch
from vgan_lessons.training import processes
from vgan_lessons.runtime import new_rng
torch.set_num_threads(1)
with processes.joined_processes("cpu") as me:
    weight = torch.tensor([1.0, 2.0], requires_grad=True)
    whole = torch.arange(8.0).view(4, 2)
    mine = whole[2 * me.rank : 2 * me.rank + 2]
    mine.matmul(weight).square().mean().backward()
    processes.average_gradients([weight.grad])
    alone = weight.detach().requires_grad_()
    whole.matmul(alone).square().mean().backward()
    assert torch.allclose(weight.grad, alone.grad), (weight.grad, alone.grad)
    states = processes.gather_rng_states(new_rng(me.rank))
    assert torch.equal(states[1], new_rng(1).get_state()), "rank 1's state is the second"
    assert processes.any_process(me.rank == 1) and not processes.any_process(False)
    assert processes.slowest(0.5 - me.rank) == 0.5
    assert me.count == 2 and me.local_rank == me.rank
print("ok")
"""


def free_port():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return str(free.getsockname()[1])


def torchrun(*words, cwd):
    command = [sys.executable, "-m", "torch.distributed.run", "--nproc-per-node", "2"]
    command += ["--master-addr", "127.0.0.1", "--master-port", free_port(), *words]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, cwd=cwd)


def test_two_processes_average_to_the_gradient_of_the_whole_batch(tmp_path):
    """Started with the words that torchrun gives its children, without torchrun itself."""
    told = {"WORLD_SIZE": "2", "MASTER_ADDR": "127.0.0.1", "MASTER_PORT": free_port()}
    both = [
        subprocess.Popen(
            [sys.executable, "-c", _TWO_PROCESSES],
            env={**os.environ, **told, "RANK": rank, "LOCAL_RANK": rank},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for rank in ("0", "1")
    ]
    for process in both:
        out, err = process.communicate(timeout=120)
        assert process.returncode == 0 and out == "ok\n", err[-2000:]


@pytest.mark.slow
def test_the_train_command_runs_in_two_processes_and_can_be_resumed(tmp_path):
    words = ["-m", "vgan_lessons", "train", "--data", "shapes", "--image-size", "16"]
    words += ["--batch-size", "4", "--log-every", "1", "--no-card", "--checkpoint-every", "2"]
    done = torchrun(*words, "--steps", "4", "--out", "run", cwd=tmp_path)
    assert done.returncode == 0, done.stderr[-2000:]
    rows = (tmp_path / "run" / "log.csv").read_text().splitlines()
    assert len(rows) == 5, "one process writes the log"
    again = torchrun("-m", "vgan_lessons", "train", "--resume", "run", cwd=tmp_path)
    assert again.returncode == 0, again.stderr[-2000:]
    assert (tmp_path / "run" / "log.csv").read_text().splitlines() == rows


def test_alone_nothing_is_joined_and_the_answers_are_ones_own():
    from vgan_lessons.runtime import new_rng
    from vgan_lessons.training import processes

    with processes.joined_processes("cpu") as me:
        assert me == processes.Processes(rank=0, count=1, local_rank=0)
        assert len(processes.gather_rng_states(new_rng(0))) == 1
        assert processes.any_process(True) and not processes.any_process(False)
