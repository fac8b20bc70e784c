"""Weights of a network: read by the names of any version, and put where they fit."""

from collections.abc import Mapping
from pathlib import Path

from safetensors.torch import load_file
from torch import Tensor, nn

from vgan_lessons.runs.folder import RunError

_RENAMED = (  # what parts of the networks were called in older files
    ("ground.", "first_features."),
    ("judge.trunk.", "trunk.features."),
    ("judge.score.", "trunk.score."),
)


def read_weights(path: Path) -> dict[str, Tensor]:
    """Read a network's weights by the names its parts have today.

    Args:
        path: a safetensors file of this or an earlier version.

    Returns:
        Tensors of any shape, as `load_state_dict` takes them.
    """
    return named_today(load_file(path))


def named_today(saved: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Weights by the names that their parts have today.

    Args:
        saved: by the names of this or an earlier version.
    """
    weights = {}
    for name, value in saved.items():
        for old, new in _RENAMED:
            name = new + name.removeprefix(old) if name.startswith(old) else name
        weights[name] = value
    if any(name.startswith("mix.") for name in weights):  # its painter was part of G then
        return {
            name if name.startswith("motion.") else f"painter.{name}": value
            for name, value in weights.items()
        }
    return weights


def fit_weights(network: nn.Module, weights: Mapping[str, Tensor], path: Path) -> None:
    """Put weights into a network that they were saved from.

    Args:
        network: changed in place.
        weights: by name.
        path: where they come from, for the message.

    Raises:
        RunError: if the network is of another build.
    """
    try:
        network.load_state_dict(weights)
    except RuntimeError as error:
        why = " ".join(str(error).split("\n", 1)[-1].split("\n")[0].split())
        raise RunError(
            f"the weights in {path} do not fit the run's configuration: was config.json "
            f"changed? ({why})"
        ) from error
