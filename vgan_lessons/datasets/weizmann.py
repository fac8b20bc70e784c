"""Real people: 72 clips of four actions, the training set of the MoCoGAN paper."""

from dataclasses import replace
from pathlib import Path

import torch

from vgan_lessons import storage
from vgan_lessons.calling import typed
from vgan_lessons.datasets.bank import VideoBank
from vgan_lessons.datasets.cards import CARDS, DataError, files_of
from vgan_lessons.datasets.clip_cache import ClipFiles, Wanted
from vgan_lessons.datasets.reading import bank_from_clips

ACTIONS = {  # name, as in the original videos -> the folder in which the publisher keeps it
    "wave1": "0",  # with one hand
    "wave2": "1",  # with both
    "jack": "3",  # a jumping jack
    "bend": "4",
}
PERSONS = tuple(f"person{n}" for n in range(1, 10))


def load_weizmann(wanted: Wanted) -> VideoBank:
    """Read the fetched clips.

    Args:
        wanted: as what; published are 64 x 64 pixels, and the shortest clip has 51 frames.

    Returns:
        A bank with truth: action, scene, person, each (N,) int64; action and person are its
        labels. A clip and its mirror image are one film.

    Raises:
        DataError: if files are missing; the message has the command that brings them.
    """
    folder = storage.data_folder() / "weizmann"
    paths = [folder / file.path for file in files_of("weizmann")]
    missing = [path for path in paths if not path.exists()]
    if missing:
        raise DataError(
            f"weizmann is not here: {len(missing)} of {len(paths)} files are missing from "
            f"{folder}; run `{typed('data', 'fetch', 'weizmann')}`"
        )
    bank = bank_from_clips(
        [ClipFiles(f"{path.parent.name}/{path.name}", (path,)) for path in paths],
        wanted,
        card=CARDS["weizmann"],
        label="weizmann",
    )
    truth = _truth([paths[film] for film in bank.films.tolist()])
    names = {"action": tuple(ACTIONS), "person": PERSONS}
    shown = zip(*(truth[name].tolist() for name in ("scene", "person", "action")), strict=True)
    called = {scene: f"{PERSONS[p]} {tuple(ACTIONS)[a]}" for scene, p, a in shown}
    films = {"films": truth["scene"], "film_names": tuple(called[k] for k in sorted(called))}
    return replace(bank, **films, truth=truth, label_names=names)


def _truth(paths: list[Path]) -> dict[str, torch.Tensor]:
    folders = list(ACTIONS.values())
    numbers = torch.tensor([int(path.stem) for path in paths])
    return {
        "action": torch.tensor([folders.index(path.parent.name) for path in paths]),
        "scene": numbers // 2,
        "person": numbers // 8,
    }
