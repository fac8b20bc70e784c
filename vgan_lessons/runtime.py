"""What this machine offers and how much of it to spend: device, threads, budget, seeds."""

import os
from contextlib import AbstractContextManager
from typing import Literal, get_args

import torch
from torch import Tensor

BudgetName = Literal["smoke", "cpu", "gpu"]


def device(name: str = "auto") -> torch.device:
    """Choose where tensors live; the only place in the course that guesses.

    Args:
        name: "auto" takes CUDA if there is a GPU, else the CPU; or "cpu", "cuda", "cuda:1",
            "mps" (a Mac's GPU, never taken unasked: the course is not tested on it).

    Returns:
        A device that exists on this machine.

    Raises:
        ValueError: if the name is unknown or names a device that this machine lacks.
    """
    if name == "auto":
        return torch.device("cuda" if torch.cuda.is_available() else "cpu")
    try:
        chosen = torch.device(name)
    except RuntimeError as error:
        raise ValueError(
            f"unknown device {name!r}: expected auto, cpu, cuda, cuda:N or mps"
        ) from error
    if chosen.type not in ("cpu", "cuda", "mps"):
        raise ValueError(f"unknown device {name!r}: expected auto, cpu, cuda, cuda:N or mps")
    if chosen.type == "cuda" and not torch.cuda.is_available():
        raise ValueError(f"device {name!r} was asked for, but torch sees no CUDA GPU here")
    if chosen.type == "cuda" and (chosen.index or 0) >= torch.cuda.device_count():
        raise ValueError(f"there is no {name}: torch sees {torch.cuda.device_count()} CUDA GPU")
    if chosen.type == "mps" and not torch.backends.mps.is_available():
        raise ValueError("device 'mps' was asked for, but torch sees no Apple GPU here")
    return chosen


def budget() -> BudgetName:
    """The budget word that sets the length of every training: $VGAN_BUDGET, else "cpu".

    Returns:
        "cpu" (a laptop, minutes), "gpu" (real sizes) or "smoke" (the laptop's sizes, a few
        steps of every training: enough to see that all lines run, too few to learn anything).

    Raises:
        ValueError: if the variable holds another word.
    """
    word = os.environ.get("VGAN_BUDGET", "cpu")
    if word not in get_args(BudgetName):
        raise ValueError(f"VGAN_BUDGET must be smoke, cpu or gpu, got {word!r}")
    return word


def steps(n: int, word: BudgetName | None = None) -> int:
    """How many steps a training takes that should take n.

    Args:
        n: steps, rounds or epochs, at least 1.
        word: the budget; None asks for this machine's.

    Returns:
        n; at the smoke budget a fiftieth of it, and never less than 1.

    Example:
        >>> steps(300)
        300
    """
    return max(1, n // 50) if (word or budget()) == "smoke" else n


def new_rng(seed: int, on: torch.device | str = "cpu") -> torch.Generator:
    """A random source of its own, so that no global state is touched.

    Args:
        seed: any integer of 64 bits; the same seed gives the same numbers on the same kind of
            device.
        on: the device of the tensors it will draw.

    Raises:
        ValueError: if the seed has more bits.

    Example:
        >>> torch.randn(2, generator=new_rng(0)).tolist() == torch.randn(
        ...     2, generator=new_rng(0)).tolist()
        True
    """
    if not -(2**63) <= seed < 2**64:
        raise ValueError(f"a seed has 64 bits, got {seed}")
    return torch.Generator(device=on).manual_seed(seed)


def autocast(on: torch.device) -> AbstractContextManager:
    """Mixed precision in bfloat16 where the hardware multiplies it fast, else nothing.

    Args:
        on: the device of the tensors inside the block.

    Returns:
        A context: bfloat16 on CUDA and on CPUs with AVX512-BF16 or AMX; disabled elsewhere.
    """
    return torch.autocast(on.type, dtype=torch.bfloat16, enabled=has_fast_bfloat16(on))


def full_precision(values: Tensor) -> Tensor:
    """Lift what autocast made in half precision; float32 and float64 stay as they are.

    Args:
        values: floating point, any shape.
    """
    return values.to(torch.promote_types(values.dtype, torch.float32))


def has_fast_bfloat16(on: torch.device) -> bool:
    """Whether bfloat16 products are native on this device rather than emulated."""
    if on.type == "cuda":
        return torch.cuda.is_bf16_supported(including_emulation=False)
    capabilities = torch.cpu.get_capabilities() if on.type == "cpu" else {}
    return bool(capabilities.get("avx512_bf16") or capabilities.get("amx_bf16"))
