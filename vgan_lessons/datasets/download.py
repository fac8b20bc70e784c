"""Known files brought into a folder: from whoever has them, checked, whole or not at all."""

import errno
import hashlib
import shutil
import urllib.parse
from collections.abc import Iterable
from pathlib import Path

from vgan_lessons.datasets.cards import DataError, KnownFile
from vgan_lessons.datasets.transfer import Progress, SourceFails, Transfer


def fetch_files(
    files: Iterable[KnownFile],
    addresses: Iterable[str],
    folder: Path,
    *,
    progress: Progress = lambda n_bytes: None,
    timeout: float = 30,
    attempts: int = 4,
) -> int:
    """Bring files into a folder; what is there already and intact is not brought again.

    Bytes go to `NAME.part`, which survives a broken line, Ctrl-C or kill, so that the next call
    goes on where the last one ended. A file gets its own name once its SHA-256 is right.

    Args:
        files: what to bring, with size and SHA-256.
        addresses: tried in order; each is a base to which a file's path is added.
        folder: where to; made if missing.
        progress: called with the bytes gained, those that were here included.
        timeout: seconds without a byte after which a line counts as stalled.
        attempts: how often in a row a line may fail without a new byte.

    Returns:
        How many files were not here before.

    Raises:
        DataError: if a file cannot be had from any address, or not be written.
    """
    files, addresses = list(files), list(addresses)
    wanted = [file for file in files if not _is_intact(folder / file.path, file)]
    n_missing = sum(file.size for file in wanted)
    progress(sum(file.size for file in files) - n_missing)
    _demand_room(folder, n_missing)
    for file in wanted:
        transfer = Transfer(
            part=folder / f"{file.path}.part",
            size=file.size,
            progress=progress,
            timeout=timeout,
            attempts=attempts,
        )
        progress(transfer.have())
        _bring_from_any(file, addresses, transfer)
        transfer.part.replace(folder / file.path)
    return len(wanted)


def _bring_from_any(file: KnownFile, addresses: list[str], transfer: Transfer) -> None:
    failures = []
    for address in tuple(addresses):
        try:
            _bring(file, address, transfer)
        except SourceFails as failure:
            failures.append(f"{address}: {failure}")
            continue
        addresses.remove(address)  # ask the one that delivers first from now on
        addresses.insert(0, address)
        return
    kept = f"; {transfer.have()} bytes are kept" if transfer.have() else ""
    raise DataError(
        f"cannot fetch {file.path}: {'; '.join(failures)}{kept}; "
        "the same command goes on from here"
    )


def _bring(file: KnownFile, address: str, transfer: Transfer) -> None:
    """Fill the part with the right bytes from one address."""
    url = f"{address.rstrip('/')}/{urllib.parse.quote(file.path)}"
    resumed = transfer.have() > 0
    try:
        transfer.part.parent.mkdir(parents=True, exist_ok=True)
        transfer.run(url)
        if resumed and not _is_intact(transfer.part, file):  # the old part was of another file
            transfer.forget()
            transfer.run(url)
    except OSError as error:
        raise _cannot_write(transfer.part, error) from error
    if not _is_intact(transfer.part, file):
        found = _sha256(transfer.part)
        transfer.forget()
        raise SourceFails(
            f"sends wrong content (SHA-256 {found[:12]}..., not {file.sha256[:12]}...), deleted"
        )


def _is_intact(path: Path, file: KnownFile) -> bool:
    return path.is_file() and path.stat().st_size == file.size and _sha256(path) == file.sha256


def _sha256(path: Path) -> str:
    with open(path, "rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def _cannot_write(part: Path, error: OSError) -> DataError:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return DataError(
            f"the disk is full: cannot go on writing {part}; "
            "free some space, then the same command goes on from here"
        )
    return DataError(f"cannot write {part}: {error.strerror or error}")


def _demand_room(folder: Path, n_bytes: int) -> None:
    """Refuse before the first byte what the disk cannot hold."""
    place = folder.absolute()
    while not place.exists():
        place = place.parent
    free = shutil.disk_usage(place).free
    if n_bytes > free:
        raise DataError(
            f"the disk is too full: {n_bytes / 1e6:.0f} MB are needed in {folder}, "
            f"{free / 1e6:.0f} MB are free"
        )
