"""Where the fetched data sets are published, and the way from there into the data folder."""

from pathlib import Path

from vgan_lessons import storage
from vgan_lessons.datasets.cards import DataError, files_of
from vgan_lessons.datasets.download import fetch_files
from vgan_lessons.datasets.transfer import Progress

ADDRESSES = {
    "weizmann": (
        "https://raw.githubusercontent.com/sergeytulyakov/mocogan/"
        "937a99de73a3385fe0c0d1cde65dfa8a2c4177ec/data/actions",
    ),
    "mnist": (
        "https://ossci-datasets.s3.amazonaws.com/mnist",
        "https://storage.googleapis.com/cvdf-datasets/mnist",
        "https://raw.githubusercontent.com/fgnt/mnist/master",
    ),
}


def fetch(
    name: str,
    *,
    source: str | None = None,
    to: str | Path | None = None,
    progress: Progress = lambda n_bytes: None,
    timeout: float = 30,
) -> tuple[Path, int]:
    """Bring a public data set into the data folder, from its publisher or from a copy.

    Args:
        name: a key of ADDRESSES.
        source: another base address, or a local folder that holds the files as published
            (or holds them in a sub-folder `name` or `data/actions`); None: the publisher.
        to: the data folder; None: `storage.data_folder()`.
        progress: told the bytes gained.
        timeout: seconds without a byte after which a line counts as stalled.

    Returns:
        The folder of the data set, and how many of its files are new.

    Raises:
        DataError: unknown name, or a file that cannot be had or written.
    """
    if name not in ADDRESSES:
        raise DataError(f"{name!r} cannot be fetched; these can: {', '.join(ADDRESSES)}")
    addresses = ADDRESSES[name] if source is None else (_address(name, source),)
    folder = Path(to or storage.data_folder()) / name
    n_new = fetch_files(files_of(name), addresses, folder, progress=progress, timeout=timeout)
    return folder, n_new


def n_bytes(name: str) -> int:
    """How many bytes a fetched data set has on disk.

    Example:
        >>> n_bytes("mnist")
        1653419
    """
    return sum(file.size for file in files_of(name))


def _address(name: str, source: str) -> str:
    """The base address that a local folder or an address given by the user stands for."""
    if "://" in source:
        return source
    folder = Path(source).expanduser()
    if not folder.is_dir():
        raise DataError(f"there is no folder {folder} to fetch from")
    first = files_of(name)[0].path
    for place in (folder, folder / name, folder / "data" / "actions", folder / "actions"):
        if any((place / file.path).exists() for file in files_of(name)):
            return place.resolve().as_uri()
    raise DataError(f"{folder} holds no file of {name}: expected {first} in it or in {name}/")
