"""What lies in a folder: which files are one clip together, and which are none."""

import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from vgan_lessons.datasets.clip_cache import FILMS, ClipFiles
from vgan_lessons.datasets.pictures import PICTURES, is_still

OUR_OWN = ("card.json", "truth.csv")  # what `data make` writes beside its strips


class Listing(NamedTuple):
    """Everything found below a folder."""

    clips: list[ClipFiles]
    others: dict[str, str]  # what is no clip -> why


def list_clips(folder: Path) -> Listing:
    """Find the clips below a folder, in the order of their names.

    A film, an animated picture or a film strip is a clip. Stills whose names differ in one
    number are the frames of one clip. Names that begin with a dot are left alone.

    Args:
        folder: searched with all its sub-folders; links to files are followed, links to folders
            are not.
    """
    found, others = [], {}
    for place in _folders(folder, folder, others):
        stills = []
        for path in sorted(place.iterdir(), key=_by_number):
            if path.name.startswith(".") or path.is_dir():
                continue
            name, kind = path.relative_to(folder).as_posix(), path.suffix.lower()
            if why := _no_clip(path, kind):
                if path.name not in OUR_OWN:
                    others[name] = why
            elif kind in PICTURES and is_still(path):
                stills.append(path)
            else:
                found.append(ClipFiles(name, (path,), place=place.relative_to(folder).parts))
        found += _sequences(stills, place, folder)
    return Listing(found, others)


def _folders(place: Path, top: Path, others: dict[str, str]) -> Iterator[Path]:
    """The folder and those below it, in the order of their names."""
    yield place
    for path in sorted(place.iterdir()):
        if path.name.startswith(".") or not path.is_dir():
            continue
        if path.is_symlink():
            others[path.relative_to(top).as_posix()] = "a link to a folder"
        else:
            yield from _folders(path, top, others)


def _no_clip(path: Path, kind: str) -> str:
    """Why a file is no clip; empty if it may be one."""
    if not path.is_file():
        return "a link to nothing" if path.is_symlink() else "not a file"
    return "" if kind in FILMS + PICTURES else "of unknown kind"


def _sequences(stills: list[Path], place: Path, folder: Path) -> Iterator[ClipFiles]:
    """Stills of one folder, sorted into clips."""
    groups = _by_name(stills)
    inside = place.relative_to(folder)
    for numbered in groups:
        numbers, paths = zip(*numbered, strict=True)
        if len(paths) == 1:  # a clip of one frame, too short for any use but told of
            name, where = (inside / paths[0].name).as_posix(), inside.parts
        elif len(groups) == 1:  # the folder is the clip
            name, where = inside.as_posix() if inside.parts else folder.name, inside.parts[:-1]
        else:
            name = (inside / f"{paths[0].stem} to {paths[-1].name}").as_posix()
            where = inside.parts
        yield ClipFiles(name, paths, numbers, where)


def _by_name(stills: list[Path]) -> list[list[tuple[int, Path]]]:
    """Group stills whose names differ in one number, the one with most values; sort by it."""
    alike = defaultdict(list)
    for path in stills:
        words = re.split(r"(\d+)", path.stem.lower())  # text, digits, text, ...
        alike[(*words[::2], path.suffix.lower())].append((words[1::2], path))
    groups = []
    for members in alike.values():
        columns = list(zip(*(digits for digits, _ in members), strict=True))
        if not columns:  # no number in the name: nothing says what comes next
            groups += [[(0, path)] for _, path in members]
            continue
        values = [len(set(column)) for column in columns]
        counting = max(range(len(values)), key=lambda k: (values[k], k))
        same = defaultdict(list)
        for digits, path in members:
            rest = tuple(digits[:counting] + digits[counting + 1 :])
            same[rest].append((int(digits[counting]), path))
        groups += [sorted(group) for group in same.values()]
    return groups


def _by_number(path: Path) -> tuple:
    """Order names as people count: frame2 before frame10."""
    parts = re.split(r"(\d+)", path.name.lower())
    return tuple((int(part), "") if part.isdigit() else (-1, part) for part in parts)
