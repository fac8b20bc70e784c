"""What a fetched data set must consist of: every file's SHA-256, size and path."""

from pathlib import Path
from typing import NamedTuple


class KnownFile(NamedTuple):
    """A file whose content is known before it is fetched."""

    path: str  # below the data set's folder, with forward slashes
    size: int  # bytes
    sha256: str  # hexadecimal


def files_of(name: str) -> tuple[KnownFile, ...]:
    """The files of a data set, in the order of their paths.

    Args:
        name: of a data set that can be fetched.

    Example:
        >>> len(files_of("weizmann")), files_of("mnist")[0].path
        (72, 't10k-images-idx3-ubyte.gz')
    """
    lines = (Path(__file__).parent / f"{name}.sha256").read_text(encoding="ascii").splitlines()
    rows = (line.split() for line in lines)
    return tuple(KnownFile(path, int(size), sha256) for sha256, size, path in rows)
