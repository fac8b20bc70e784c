"""All that the next step of a training depends on, taken down and put back."""

import copy
from collections.abc import Mapping
from typing import Any

import torch
from torch import nn


def take_checkpoint(
    networks: Mapping[str, nn.Module],
    optims: Mapping[str, torch.optim.Optimizer],
    rng: torch.Generator,
    step: int,
) -> dict[str, Any]:
    """Take down everything that the next step depends on, as it is now.

    Args:
        networks: by name; the moving average is one of them.
        optims: by name.
        rng: the source of every draw.
        step: updates made so far.

    Returns:
        "networks" and "optims", by name a state dict each; "rng", a tensor; "step". A copy:
        training on does not change it. Tensors, numbers and containers of them alone.

    Lesson 12.
    """
    return copy.deepcopy(
        {
            "networks": {name: network.state_dict() for name, network in networks.items()},
            "optims": {name: optim.state_dict() for name, optim in optims.items()},
            "rng": rng.get_state(),
            "step": step,
        }
    )


def restore_checkpoint(
    checkpoint: Mapping[str, Any],
    networks: Mapping[str, nn.Module],
    optims: Mapping[str, torch.optim.Optimizer],
    rng: torch.Generator,
) -> int:
    """Put everything back as it was taken down; what the checkpoint lacks stays as it is.

    Args:
        checkpoint: from `take_checkpoint`.
        networks: of the same names and shapes; changed in place.
        optims: likewise.
        rng: changed in place.

    Returns:
        The step; 0 where the checkpoint has none.

    Used in lesson 12.
    """
    for kind, parts in (("networks", networks), ("optims", optims)):
        for name, state in checkpoint[kind].items():
            parts[name].load_state_dict(copy.deepcopy(state))
    if "rng" in checkpoint:
        rng.set_state(checkpoint["rng"])
    return int(checkpoint.get("step", 0))
