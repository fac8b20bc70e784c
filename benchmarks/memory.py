"""Peak memory of a training step, each contestant in a short process of its own."""

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import torch

from benchmarks.report import Part, Table
from benchmarks.rows import ROWS
from benchmarks.setting import Setting, load_bank

NAMES = ("mocogan", "mocogan-lean", "ours", "ours-all-frames")
ROOT = Path(__file__).resolve().parents[1]


def measure_memory(setting: Setting) -> Part:
    """Start a child per contestant, let it make its first steps and ask for its peak.

    Args:
        setting: size, batch and device.
    """
    table = Table(
        title="Peak memory of a step", columns=["contestant", "MiB", "before it, MiB"]
    )
    part = Part(title=f"Memory at {setting.label}, batch {setting.batch_size}", tables=[table])
    for name in NAMES[2:3] if setting.smoke else NAMES:
        words = [name, json.dumps(setting.to_json()), str(torch.get_num_threads())]
        command = [sys.executable, "-m", "benchmarks.memory", *words]
        child = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
        if child.returncode:
            reason = child.stderr.strip().splitlines()[-1:] or ["no word"]
            part.failures.append(f"the child for `{name}` failed: {reason[0]}")
            continue
        before, peak = json.loads(child.stdout.splitlines()[-1])
        table.rows.append([f"`{name}`: {ROWS[name].title}", peak - before, before])
        part.values[f"MiB {name}"] = peak - before
    where = (
        "torch.cuda.max_memory_allocated"
        if setting.on.type == "cuda"
        else "largest resident set; the interpreter and torch stand in the last column"
    )
    part.notes = [
        f"{where}. Networks, optimisers, activations and gradients count, data do not."
    ]
    return part


def peak_of(name: str, setting: Setting) -> tuple[float, float]:
    """Build a contestant, make its first steps, and look at this process.

    Args:
        name: of the row.
        setting: size, batch and device.

    Returns:
        MiB before the networks were built, and at the peak.
    """
    bank = load_bank(replace(setting, data="shapes"), n_videos=64)  # any few bytes will do
    before = _resident(setting, "VmRSS")
    contestant = ROWS[name].build(setting, bank)
    contestant.play(contestant.period)
    return before, _resident(setting, "VmHWM")


def _resident(setting: Setting, field: str) -> float:
    """MiB held now (VmRSS) or at most so far (VmHWM).

    Linux hands `ru_maxrss` on from the process that started this one, so that a child of a
    large parent looks large; VmHWM begins anew. Elsewhere there is only `ru_maxrss`.
    """
    if setting.on.type == "cuda":
        torch.cuda.synchronize(setting.on)
        ask = {"VmRSS": torch.cuda.memory_allocated, "VmHWM": torch.cuda.max_memory_allocated}
        return ask[field](setting.on) / 2**20
    status = Path("/proc/self/status")
    lines = status.read_text().splitlines() if status.exists() else []
    for line in lines:
        if line.startswith(f"{field}:"):
            return int(line.split()[1]) / 1024
    import resource

    unit = 2**20 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit


if __name__ == "__main__":
    torch.set_num_threads(int(sys.argv[3]))
    print(json.dumps(peak_of(sys.argv[1], Setting(**json.loads(sys.argv[2])))))
