"""Checkpoints: the whole state of a game, in a folder that is there or is not."""

import os
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file
from torch import Tensor, nn

from vgan_lessons.runs.folder import RunConfig, RunError, read_config
from vgan_lessons.training import new_generator

_KEPT = 2  # the newest checkpoint, and one to fall back on
AVERAGED = "generator_ema"  # the network a run is sampled from
_RENAMED = (  # what parts of the networks were called in older files
    ("ground.", "first_features."),
    ("judge.trunk.", "trunk.features."),
    ("judge.score.", "trunk.score."),
)


def save_checkpoint(
    folder: Path, step: int, networks: Mapping[str, nn.Module], state: Mapping[str, object]
) -> Path:
    """Write the state of a game as `folder/checkpoints/step-NNNNNN`.

    The folder is filled under another name and then renamed; older ones go last.

    Args:
        folder: a run folder.
        step: how far the game is.
        networks: by name; each becomes NAME.safetensors.
        state: all else: optimisers, random states; tensors, numbers, strings and
            containers of them.

    Returns:
        The checkpoint's folder.
    """
    home = folder / "checkpoints"
    home.mkdir(parents=True, exist_ok=True)
    final = home / f"step-{step:06d}"
    draft = Path(tempfile.mkdtemp(dir=home, prefix=".draft-"))
    try:
        for name, network in networks.items():
            save_file(_plain(network), draft / f"{name}.safetensors")
        torch.save(dict(state), draft / "state.pt")
        _sync(draft)
        shutil.rmtree(final, ignore_errors=True)  # only ever the same step, written again
        os.replace(draft, final)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    for old in checkpoints(folder)[:-_KEPT]:
        shutil.rmtree(old)
    return final


def checkpoints(folder: str | Path) -> list[Path]:
    """The whole checkpoints of a run, oldest first.

    Args:
        folder: a run folder.
    """
    return sorted((Path(folder) / "checkpoints").glob("step-*"))


def load_checkpoint(
    folder: str | Path, networks: Mapping[str, nn.Module]
) -> dict[str, object] | None:
    """Put networks where the newest readable checkpoint left them.

    Args:
        folder: a run folder.
        networks: by name, of the architecture that was saved; changed in place.

    Returns:
        The rest of the state, or None if the run has no checkpoint yet.

    Raises:
        RunError: if there are checkpoints and none of them can be read.
    """
    damage = ""
    for path in reversed(checkpoints(folder)):
        try:
            weights = {name: read_weights(path / f"{name}.safetensors") for name in networks}
            state = torch.load(path / "state.pt", weights_only=True, map_location="cpu")
        except Exception as error:  # safetensors and torch raise many kinds for a torn file
            damage = f"{path}: {error}"
            continue
        for name, network in networks.items():
            network.load_state_dict(weights[name])
        return state
    if damage:
        raise RunError(f"no checkpoint of {folder} can be read; the last tried was {damage}")
    return None


def load_generator(folder: str | Path) -> tuple[nn.Module, RunConfig]:
    """The averaged generator of a run, ready to sample from.

    Args:
        folder: a run folder.

    Returns:
        The generator on the CPU, frozen, and the run's configuration.

    Raises:
        RunError: if there is no run, or no readable checkpoint in it yet.
    """
    config = read_config(folder)
    for path in reversed(checkpoints(folder)):
        generator = new_generator(config.train)
        try:
            generator.load_state_dict(read_weights(path / f"{AVERAGED}.safetensors"))
        except Exception:  # a torn file: fall back on the checkpoint before
            continue
        return generator.requires_grad_(False).eval(), config
    raise RunError(f"{folder} has no checkpoint to load yet")


def read_weights(path: Path) -> dict[str, Tensor]:
    """Read a network's weights by the names its parts have today.

    Args:
        path: a safetensors file of this or an earlier version.

    Returns:
        Tensors of any shape, as `load_state_dict` takes them.
    """
    weights = {}
    for name, value in load_file(path).items():
        for old, new in _RENAMED:
            name = new + name.removeprefix(old) if name.startswith(old) else name
        weights[name] = value
    if any(name.startswith("mix.") for name in weights):  # its painter was part of G then
        return {
            name if name.startswith("motion.") else f"painter.{name}": value
            for name, value in weights.items()
        }
    return weights


def _plain(network: nn.Module) -> dict[str, Tensor]:
    return {name: value.contiguous() for name, value in network.state_dict().items()}


def _sync(folder: Path) -> None:
    """The bytes reach the disk before the name does."""
    for path in folder.iterdir():
        with open(path, "rb") as file:
            os.fsync(file.fileno())
