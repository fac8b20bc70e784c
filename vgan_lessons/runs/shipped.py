"""Checkpoints that come with the package: an averaged generator and a card, per data set."""

import dataclasses
import hashlib
import json
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path

from safetensors.torch import save_file
from torch import nn

from vgan_lessons.runs.folder import RunError, train_config
from vgan_lessons.runs.saving import load_generator
from vgan_lessons.runs.weights import read_weights
from vgan_lessons.storage import whole_file, write_json
from vgan_lessons.training import new_generator

_SHELF = Path(str(files("vgan_lessons"))) / "weights"
_MOST_BYTES = 4 * 2**20
_FEATURES = "features"  # the network of the metric card lies on the same shelf


def shipped_names() -> list[str]:
    """The generators that come with the package, by name.

    Example:
        >>> "shapes" in shipped_names()
        True
    """
    return sorted(p.stem for p in _SHELF.glob("*.json") if p.stem != _FEATURES)


def shipped_card(name: str) -> dict[str, object]:
    """What is known of a shipped generator: data, recipe, seed, steps, minutes, metrics, hash.

    Args:
        name: one of `shipped_names()`.

    Raises:
        RunError: if there is no such generator.
    """
    if name not in shipped_names():
        raise RunError(
            f"no generator named {name!r} is shipped; there are {', '.join(shipped_names())}"
        )
    return json.loads((_SHELF / f"{name}.json").read_text(encoding="utf-8"))


def load_shipped(name: str) -> nn.Module:
    """A trained generator without a training and without a download.

    Args:
        name: one of `shipped_names()`.

    Returns:
        The generator on the CPU in float32, frozen.

    Raises:
        RunError: if there is none of that name, or its file is not the one its card states.

    Example:
        >>> import torch
        >>> rng = torch.Generator().manual_seed(0)
        >>> generator = load_shipped("shapes")
        >>> generator(generator.draw_latents(1, 20, rng)).shape
        torch.Size([1, 20, 3, 32, 32])
    """
    card = shipped_card(name)
    path = _SHELF / f"{name}.safetensors"
    if not path.exists() or _sha256(path) != card["sha256"]:
        raise RunError(f"{path} is missing or damaged: install the package again")
    generator = new_generator(train_config(card["recipe"]))
    generator.load_state_dict(read_weights(path))
    return generator.requires_grad_(False).eval()


def ship(run: str | Path, name: str, facts: Mapping[str, object], shelf: Path = _SHELF) -> Path:
    """Put a run's averaged generator on the shelf, in half precision, with its card.

    Args:
        run: a finished run folder.
        name: what it will be loaded by.
        facts: what the card adds to the recipe: minutes, machine, metrics.
        shelf: the folder of the package's weights.

    Returns:
        The weights file.

    Raises:
        RunError: if the file would be larger than 4 MB.
    """
    generator, config = load_generator(run)
    half = {key: value.half().contiguous() for key, value in generator.state_dict().items()}
    path = shelf / f"{name}.safetensors"
    with whole_file(path) as draft:
        save_file(half, draft)
        if draft.stat().st_size > _MOST_BYTES:
            raise RunError(
                f"{name} takes {draft.stat().st_size} bytes; at most {_MOST_BYTES} ship"
            )
    write_json(
        shelf / f"{name}.json",
        {
            "data": config.data,
            "recipe": dataclasses.asdict(config.train),
            "labels": config.labels,
            "device": config.device,
            "versions": config.versions,
            "sha256": _sha256(path),
            **facts,
        },
    )
    return path


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
