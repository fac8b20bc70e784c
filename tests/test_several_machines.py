"""The command of docs/cluster.md, played by two "machines" on this one; and the whole round."""

import csv
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from test_training_processes import free_port, printed_by_two
from vgan_lessons import runs

PAGE = Path(__file__).parents[1] / "docs" / "cluster.md"
TINY = ["--image-size", "16", "--batch-size", "4", "--log-every", "1", "--steps", "2"]
TINY += ["--device", "cpu", "--threads", "1", "--no-card"]

_WHOLE_ROUND = """
import torch
from vgan_lessons.runtime import new_rng
from vgan_lessons.training import new_video_gan, recipe, video_gan_round
from vgan_lessons.training.processes import average_over_processes, joined_processes
from vgan_lessons.training.windows import Window, draw_window
torch.set_num_threads(1)
config = recipe("shapes", "cpu", image_size=16, batch_size=8, generator_channels=(8, 8),
                frame_channels=4, clip_channels=4)

def gradients(rows, average):
    gan = new_video_gan(config, on=torch.device("cpu"))
    for network in gan.networks().values():
        network.double()
    gan.step, rng, found = config.penalty_every, new_rng(3), []
    shape = (8, config.window_frames, 3, 16, 16)
    real = torch.rand(shape, generator=rng, dtype=torch.float64) * 2 - 1
    window = draw_window(config, gan.step, 8, rng)
    latents = gan.generator.draw_latents(8, config.n_frames, rng)
    def noted(both):
        average(both)
        found.extend(one.clone() for one in both)
    mine = type(latents)(*(part[rows].double() for part in latents))
    view = Window(window.stride, window.index[rows], window.picked[rows])
    video_gan_round(gan, config, real[rows], mine, view, noted)
    return found

with joined_processes("cpu") as me:
    shared = gradients(slice(4 * me.rank, 4 * me.rank + 4), average_over_processes)
alone = gradients(slice(0, 8), lambda both: None)
off = max(float((a - b).abs().max()) for a, b in zip(shared, alone, strict=True))
size = max(float(one.abs().max()) for one in alone)
assert len(shared) > 20 and size > 1e-4, (len(shared), size)
print(off)
"""


@pytest.mark.slow
def test_a_whole_round_of_two_processes_has_the_gradients_of_one(tmp_path):
    """Of both discriminators, penalties included, and of G after their step; in float64."""
    for apart in printed_by_two(_WHOLE_ROUND, tmp_path):
        assert float(apart) < 1e-6


def command_of_the_page(port: str) -> list[str]:
    """Its srun line for two machines of one process each, without srun."""
    text = PAGE.read_text(encoding="utf-8")
    block = re.search(r"```\n(#!/bin/bash.*?)```", text, re.DOTALL)[1]
    line = block.replace("\\\n", " ").partition("srun ")[2].strip()
    known = {"$SLURM_JOB_NUM_NODES": "2", "$SLURM_GPUS_ON_NODE": "1", "$SLURM_JOB_ID": "7"}
    known |= {"$head:29500": f"127.0.0.1:{port}"}
    words = [known.get(word, word) for word in shlex.split(line)]
    assert words[0] == ".venv/bin/torchrun" and not any("$" in word for word in words)
    return [sys.executable, "-m", "torch.distributed.run", *words[1:]]


@pytest.mark.slow
def test_the_command_for_slurm_trains_on_two_machines(tmp_path):
    words = [*command_of_the_page(free_port()), *TINY]
    machines = [
        subprocess.Popen(
            words,
            cwd=tmp_path,
            env={**os.environ, "OMP_NUM_THREADS": "1"},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        for _ in range(2)
    ]
    said = [machine.communicate(timeout=240)[0] for machine in machines]
    assert [machine.returncode for machine in machines] == [0, 0], said
    with open(tmp_path / "run" / "log.csv", encoding="utf-8", newline="") as log:
        assert [row["step"] for row in csv.DictReader(log)] == ["1", "2"]
    assert runs.read_config(tmp_path / "run").n_processes == 2
