"""Real people: 72 clips of four actions, the training set of the MoCoGAN paper."""

from pathlib import Path

import torch

from vgan_lessons import storage
from vgan_lessons.datasets.bank import VideoBank
from vgan_lessons.datasets.cards import Card, DataError
from vgan_lessons.datasets.folder import bank_from_clips
from vgan_lessons.datasets.manifests import files_of
from vgan_lessons.datasets.reading import ClipFiles

ACTIONS = ("one-hand wave", "two-hand wave", "jumping jack", "bend")
_FOLDERS = ("0", "1", "3", "4")  # where the publisher keeps them, in the order of ACTIONS
CARD = Card(
    name="weizmann",
    what="nine people wave with one hand, with both, do jumping jacks and bend",
    source="GitHub sergeytulyakov/mocogan, commit 937a99d, data/actions; fetched",
    licence="research and teaching; not to be passed on, so not part of this project",
    size="72 clips of 51 to 146 frames: 4 actions x 9 people x 2 (each and its mirror image)",
    shape="RGB, published at 64 x 64, resized to any square size",
    how_made=(
        "cut by the MoCoGAN authors from the Weizmann 'Actions as Space-Time Shapes' videos; "
        "a PNG strip per clip, decoded once"
    ),
    citation=(
        "Gorelick et al. 2005, Actions as Space-Time Shapes, ICCV; "
        "Tulyakov et al. 2018, MoCoGAN, arXiv:1707.04993"
    ),
    notes=(
        "truth: action (place in ACTIONS), scene (0 to 35, a clip and its mirror image share "
        "one), person (0 to 8)",
        "action is the publisher's folder; scene was verified pixel by pixel; person is read "
        "from the file numbers (eight in a row each) and agrees by eye, though some people "
        "changed clothes between actions",
    ),
)


def load_weizmann(*, image_size: int, n_frames: int, strict: bool = False) -> VideoBank:
    """Read the fetched clips.

    Args:
        image_size: H and W in pixels; published are 64.
        n_frames: clips shorter than this are left out (the shortest has 51 frames).
        strict: a damaged or too short clip is an error instead of a warning.

    Returns:
        A bank with truth: action, scene, person, each (N,) int64.

    Raises:
        DataError: if files are missing; the message has the command that brings them.
    """
    folder = storage.data_folder() / "weizmann"
    paths = [folder / file.path for file in files_of("weizmann")]
    missing = [path for path in paths if not path.exists()]
    if missing:
        raise DataError(
            f"weizmann is not here: {len(missing)} of {len(paths)} files are missing from "
            f"{folder}; run `vgan-lessons data fetch weizmann`"
        )
    bank, kept = bank_from_clips(
        [ClipFiles(f"{path.parent.name}/{path.name}", (path,)) for path in paths],
        card=CARD,
        label="weizmann",
        image_size=image_size,
        n_frames=n_frames,
        strict=strict,
    )
    bank.truth.update(_truth([clip.paths[0] for clip in kept]))
    return bank


def _truth(paths: list[Path]) -> dict[str, torch.Tensor]:
    numbers = torch.tensor([int(path.stem) for path in paths])
    return {
        "action": torch.tensor([_FOLDERS.index(path.parent.name) for path in paths]),
        "scene": numbers // 2,
        "person": numbers // 8,
    }
