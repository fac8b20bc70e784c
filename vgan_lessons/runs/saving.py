"""Checkpoints: the whole state of a game, in a folder that is there or is not."""

import dataclasses
import hashlib
import json
import os
import shutil
import warnings
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from io import BytesIO
from pathlib import Path

import torch
from safetensors.torch import load, save
from torch import Tensor, nn

from vgan_lessons.runs.folder import RunConfig, RunError, RunWarning, read_config
from vgan_lessons.runs.weights import fit_weights, named_today
from vgan_lessons.training import new_generator

_KEPT = 2  # the newest checkpoint, and one to fall back on
_CARD = "checkpoint.json"  # beside the weights: their checksums, and the settings of the run
AVERAGED = "generator_ema"  # the network a run is sampled from


def save_checkpoint(
    folder: Path,
    step: int,
    networks: Mapping[str, nn.Module],
    state: Mapping[str, object],
    config: RunConfig | None = None,
) -> Path:
    """Write the state of a game as `folder/checkpoints/step-NNNNNNNN`.

    The folder is filled under another name and then renamed; older ones go last.

    Args:
        folder: a run folder.
        step: how far the game is.
        networks: by name; each becomes NAME.safetensors.
        state: all else: optimisers, random states; tensors, numbers, strings and
            containers of them.
        config: what is trained; kept beside the weights, so that a later change is seen.

    Returns:
        The checkpoint's folder.

    Raises:
        OSError: if it cannot be written; those before are untouched.
    """
    home = folder / "checkpoints"
    final = home / step_name(step)
    draft = home / f".draft-{final.name}"
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(parents=True)
    try:  # as bytes first: a full disk is then an OSError, whatever library made them
        sums = {}
        for name, network in networks.items():
            sums[f"{name}.safetensors"] = _write(
                draft / f"{name}.safetensors", save(_plain(network))
            )
        store = BytesIO()
        torch.save(dict(state), store)
        sums["state.pt"] = _write(draft / "state.pt", store.getvalue())
        settings = dataclasses.asdict(config) if config else {}
        card = json.dumps({"step": step, "sha256": sums, "config": settings}, indent=2)
        _write(draft / _CARD, card.encode())
        shutil.rmtree(final, ignore_errors=True)  # only ever the same step, written again
        os.replace(draft, final)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    for old in checkpoints(folder)[:-_KEPT]:
        shutil.rmtree(old)
    return final


def step_name(step: int) -> str:
    """What a step's checkpoint and clips are called: names that sort up to 99,999,999."""
    return f"step-{step:08d}"


def checkpoints(folder: str | Path) -> list[Path]:
    """The whole checkpoints of a run, oldest first.

    Args:
        folder: a run folder.
    """
    found = (Path(folder) / "checkpoints").glob("step-*")
    return sorted(
        (path for path in found if path.name[5:].isdecimal()), key=lambda p: int(p.name[5:])
    )


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
        RunError: if there are checkpoints and none of them can be read, or what they hold
            is of another architecture.

    Warns:
        RunWarning: names the damaged checkpoints that were passed over.
    """
    found = _newest_readable(folder, networks, _read_state)
    if found is None:
        return None
    path, weights, state = found
    for name, network in networks.items():
        fit_weights(network, weights[name], path)
    return state


def load_generator(folder: str | Path) -> tuple[nn.Module, RunConfig]:
    """The averaged generator of a run, ready to sample from.

    Args:
        folder: a run folder.

    Returns:
        The generator on the CPU, frozen, and the run's configuration.

    Raises:
        RunError: if there is no run, no checkpoint in it yet, none that can be read, or one
            of another architecture than the run's configuration says.

    Warns:
        RunWarning: names the damaged checkpoints that were passed over.
    """
    config = read_config(folder)
    found = _newest_readable(folder, [AVERAGED])
    if found is None:
        raise RunError(
            f"{folder} has no checkpoint yet: its training is at its beginning, or was stopped "
            "before it saved"
        )
    path, weights, _ = found
    try:
        generator = new_generator(config.train)
    except ValueError as error:
        raise RunError(f"{folder}/config.json was changed: {error}") from error
    fit_weights(generator, weights[AVERAGED], path)
    return generator.requires_grad_(False).eval(), config


def saved_config(folder: str | Path) -> dict[str, object]:
    """The configuration that the newest checkpoint was trained with, as JSON has it.

    Args:
        folder: a run folder.

    Returns:
        Values by the names in RunConfig; empty before the first checkpoint, and where an
        older version saved it or the file is damaged.
    """
    for path in reversed(checkpoints(folder)):
        with suppress(OSError, ValueError, AttributeError):
            return json.loads((path / _CARD).read_text(encoding="utf-8")).get("config", {})
    return {}


def _newest_readable(
    folder: str | Path,
    names: Iterable[str],
    read_rest: Callable[[Path, dict[str, str]], dict[str, object]] = lambda path, sums: {},
) -> tuple[Path, dict[str, dict[str, Tensor]], dict[str, object]] | None:
    """A checkpoint, its weights by network, and the rest; None if there is no checkpoint."""
    damage = []
    for path in reversed(checkpoints(folder)):
        try:
            sums = _checksums(path)
            weights = {
                name: named_today(load(_verified(path / f"{name}.safetensors", sums)))
                for name in names
            }
            found = path, weights, read_rest(path, sums)
        except Exception as error:  # safetensors and torch raise many kinds for a torn file
            why = str(error).split("\n")[0] or type(error).__name__
            damage.append(f"{path.name}: {why}")
            continue
        if damage:
            warnings.warn(
                f"{folder}: going on from {path.name}, since a newer checkpoint is damaged "
                f"({'; '.join(damage)})",
                RunWarning,
                stacklevel=3,
            )
        return found
    if damage:
        raise RunError(f"no checkpoint of {folder} can be read ({'; '.join(damage)})")
    return None


def _checksums(path: Path) -> dict[str, str]:
    card = path / _CARD
    return json.loads(card.read_text(encoding="utf-8"))["sha256"] if card.exists() else {}


def _verified(path: Path, sums: Mapping[str, str]) -> bytes:
    content = path.read_bytes()
    if path.name in sums and hashlib.sha256(content).hexdigest() != sums[path.name]:
        raise RunError(f"{path.name} is not the file that was saved: its checksum is another")
    return content


def _read_state(path: Path, sums: Mapping[str, str]) -> dict[str, object]:
    content = BytesIO(_verified(path / "state.pt", sums))
    try:
        state = torch.load(content, weights_only=True, map_location="cpu")
    except Exception as error:  # its own words speak of pickles and advise to trust the file
        raise RunError("state.pt is not what a training saved") from error
    if not isinstance(state, dict) or not isinstance(state.get("step"), int):
        raise RunError("state.pt is not what a training saved")
    return state


def _plain(network: nn.Module) -> dict[str, Tensor]:
    return {name: value.contiguous() for name, value in network.state_dict().items()}


def _write(path: Path, content: bytes) -> str:
    """Write bytes that reach the disk before the name does; their SHA-256."""
    with open(path, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    return hashlib.sha256(content).hexdigest()
