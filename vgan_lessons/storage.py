"""Files that are whole or not there at all: written under another name, then renamed."""

import json
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def whole_file(path: str | Path) -> Iterator[Path]:
    """Hand out a temporary name beside `path`; rename it to `path` if the block succeeds.

    A kill, a full disk or an exception inside the block leaves an earlier `path` untouched.

    Args:
        path: the final name; missing folders above it are made.

    Yields:
        A name in the same folder with the same suffix, for the block to write to.

    Example:
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     with whole_file(f"{folder}/note.txt") as draft:
        ...         _ = draft.write_text("done")
        ...     os.listdir(folder)
        ['note.txt']
    """
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    prefix = f".{path.stem}-"
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=prefix, suffix=path.suffix)
    os.close(handle)
    draft = Path(name)
    try:
        yield draft
        draft.chmod(0o666 & ~_umask())  # mkstemp makes private files; ours are ordinary ones
        with open(draft, "rb") as written:
            os.fsync(written.fileno())  # the bytes reach the disk before the name does
        os.replace(draft, path)
    finally:
        draft.unlink(missing_ok=True)


def write_json(path: str | Path, content: object) -> None:
    """Write readable JSON as a whole file.

    Args:
        path: the final name.
        content: what `json` can write.
    """
    with whole_file(path) as draft:
        draft.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")


def data_folder() -> Path:
    """Where data sets live: $VGAN_DATA if set, else `data/` in the current folder.

    Returns:
        The folder; it may not exist yet.
    """
    return Path(os.environ.get("VGAN_DATA", "data"))


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
