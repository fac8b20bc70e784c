"""What the doctor looks at on the machine itself: Python, torch, device, threads, disks."""

import os
import shutil
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

import vgan_lessons

_TIGHT, _FULL = 2e9, 2e8  # bytes free on a disk: worth a warning, not enough to work


class Finding(NamedTuple):
    """One line of the report."""

    check: str
    state: str  # "ok", "warn" (works, with less) or "fail" (mend it first)
    says: str


def python() -> Finding:
    """Whether this Python is new enough."""
    version = ".".join(map(str, sys.version_info[:3]))
    state = "ok" if sys.version_info >= (3, 11) else "fail"
    return Finding(
        "python", state, f"{version} (3.11 or newer), course {vgan_lessons.__version__}"
    )


def torch_build() -> Finding:
    """Whether torch loads, and which build of it this is."""
    try:
        import torch
    except (ImportError, OSError) as error:
        return Finding("torch", "fail", f"cannot be loaded: {error}")
    build = f"CUDA {torch.version.cuda} build" if torch.version.cuda else "CPU build"
    return Finding("torch", "ok", f"{torch.__version__}, {build}")


def device() -> Finding:
    """Name the device that training will use, after one small sum on it."""
    import torch

    from vgan_lessons import runtime

    chosen = runtime.device()
    fast = "fast" if runtime.has_fast_bfloat16(chosen) else "no fast"
    if chosen.type == "cpu":
        if shutil.which("nvidia-smi"):
            cause = "the driver is too old" if torch.version.cuda else "torch is the CPU build"
            return Finding("device", "warn", f"CPU, though an NVIDIA driver is here: {cause}")
        return Finding("device", "ok", f"CPU, {fast} bfloat16; lessons use the cpu budget")
    try:
        assert torch.ones(8, device=chosen).sum().item() == 8
    except (RuntimeError, AssertionError) as error:
        return Finding("device", "fail", f"the GPU does not compute: {error}".split("\n")[0])
    card = torch.cuda.get_device_properties(chosen)
    return Finding("device", "ok", f"{card.name}, {_giga(card.total_memory)}, {fast} bfloat16")


def threads() -> Finding:
    """Whether torch uses no more threads than there are cores."""
    import torch

    n_threads = torch.get_num_threads()
    affinity = getattr(os, "sched_getaffinity", None)
    cores = len(affinity(0)) if affinity else os.cpu_count() or 1
    said = f"{n_threads} for {cores} cores"
    if n_threads > cores:
        return Finding("threads", "warn", f"{said}: set OMP_NUM_THREADS={cores}, or it crawls")
    return Finding("threads", "ok", said)


def place(name: str, folder: Path) -> Finding:
    """Whether files can be written to a folder, or to the one it will be made in.

    Args:
        name: of the finding.
        folder: need not exist yet.
    """
    there = folder.resolve()
    while not there.exists():
        there = there.parent
    try:
        with tempfile.TemporaryFile(dir=there) as file:
            file.write(b"x" * 4096)
    except OSError as error:
        return Finding(name, "fail", f"cannot write to {there}: {error.strerror}")
    free = shutil.disk_usage(there).free
    state = "fail" if free < _FULL else "warn" if free < _TIGHT else "ok"
    return Finding(name, state, f"{_giga(free)} free, writable: {folder.resolve()}")


def _giga(n_bytes: float) -> str:
    return f"{n_bytes / 1e9:.1f} GB"
