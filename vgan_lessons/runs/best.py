"""The best generator of a run so far, kept beside its newest checkpoints."""

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path

from safetensors.torch import save
from torch import nn

from vgan_lessons.runs.folder import RunConfig, RunError, read_config
from vgan_lessons.runs.saving import AVERAGED
from vgan_lessons.runs.weights import fit_weights, read_weights
from vgan_lessons.storage import whole_file, write_json
from vgan_lessons.training import new_generator

_PLACE, _CARD = "best", "best.json"


def save_best(folder: Path, generator: nn.Module, facts: Mapping[str, object]) -> None:
    """Keep an averaged generator as the best of its run, in place of the one before.

    Args:
        folder: a run folder.
        generator: its weights are written.
        facts: step, value, what it was measured against.
    """
    path = folder / _PLACE / f"{AVERAGED}.safetensors"
    with whole_file(path) as draft:
        weights = {k: v.contiguous() for k, v in generator.state_dict().items()}
        draft.write_bytes(save(weights))  # as bytes first: a full disk is then an OSError
    write_json(path.with_name(_CARD), {**facts, "sha256": _sha256(path)})


def best_card(folder: str | Path) -> dict[str, object]:
    """What is known of the best generator of a run: its step and what it scored.

    Args:
        folder: a run folder.

    Returns:
        The facts it was saved with; empty where none was.
    """
    path = Path(folder) / _PLACE / _CARD
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}


def load_best(folder: str | Path) -> tuple[nn.Module, RunConfig]:
    """The best averaged generator of a run, ready to sample from.

    Args:
        folder: a run folder.

    Returns:
        The generator on the CPU, frozen, and the run's configuration.

    Raises:
        RunError: if there is no run, none was kept, or its file is not the one on its card.
    """
    config, card = read_config(folder), best_card(folder)
    path = Path(folder) / _PLACE / f"{AVERAGED}.safetensors"
    if not card or not path.exists():
        raise RunError(
            f"{folder} has kept no best generator: it was too short to be measured while it "
            "trained, or --no-card was given; leave out --best"
        )
    if _sha256(path) != card.get("sha256"):
        raise RunError(f"{path} is not the file that was saved: its checksum is another")
    generator = new_generator(config.train)
    fit_weights(generator, read_weights(path), path)
    return generator.requires_grad_(False).eval(), config


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
