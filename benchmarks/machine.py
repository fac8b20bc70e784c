"""Whose numbers these are: processor, cores, threads, memory, GPU, versions."""

import os
import platform
import time
from pathlib import Path

import numpy
import torch

import vgan_lessons
from vgan_lessons.runtime import has_fast_bfloat16


def machine(on: torch.device) -> dict[str, object]:
    """What a reader has to know of the machine that trains on this device."""
    linux = platform.system() == "Linux"
    facts: dict[str, object] = {
        "processor": _processor(),
        "instructions": torch.backends.cpu.get_cpu_capability(),
        "cores": len(os.sched_getaffinity(0)) if linux else os.cpu_count(),
        "torch threads": torch.get_num_threads(),
        # processes that wanted a core in the last minute, this one included
        "load at the start": f"{os.getloadavg()[0]:.2f}" if linux else "unknown",
        "native bfloat16": "yes" if has_fast_bfloat16(on) else "no",
        "GPU": "none",
    }
    if on.type == "cuda":
        card = torch.cuda.get_device_properties(on)
        facts["GPU"] = f"{card.name}, {card.total_memory / 2**30:.0f} GiB"
        facts["TF32 in convolutions"] = str(torch.backends.cudnn.allow_tf32)
    return facts


def versions() -> dict[str, object]:
    """What ran, and on which day."""
    return {
        "date": time.strftime("%Y-%m-%d", time.gmtime()),
        "vgan_lessons": vgan_lessons.__version__,
        "torch": torch.__version__,
        "numpy": numpy.__version__,
        "CUDA": torch.version.cuda or "none",
        "Python": platform.python_version(),
        "system": f"{platform.system()} {platform.machine()}",
    }


def _processor() -> str:
    info = Path("/proc/cpuinfo")
    lines = info.read_text(encoding="utf-8").splitlines() if info.exists() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor() or platform.machine()
