"""One writer a run folder: who it is, whether it still lives, and what it left behind."""

import json
import os
import re
import shutil
import socket
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TextIO

from vgan_lessons.runs.folder import RunError

try:
    import fcntl
except ImportError:  # Windows: there the sign of life alone decides
    fcntl = None

_LOCK = "writer.lock"
_BEAT = 15.0  # seconds between two signs of life
_DRAFT = re.compile(r"\..*-[a-z0-9_]{8}(\.(json|csv|png|webp|gif))?")  # as tempfile names them
_SILENT = 180.0  # a writer on another machine that was silent for so long is gone


@contextmanager
def sole_writer(folder: Path) -> Iterator[None]:
    """Be the only process that writes a run folder, until the block ends.

    The lock is a file that names its holder. On one machine the system takes it from a process
    that ends, however it ends; across machines the file's time is the holder's sign of life.
    What a killed writer left half-written is removed.

    Args:
        folder: a run folder; made if missing.

    Raises:
        RunError: if another process writes it, with its machine and number, or it cannot be
            written at all.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        file = _own(folder / _LOCK)
    except OSError as error:
        raise RunError(f"cannot write the run folder {folder}: {error.strerror}") from error
    over = threading.Event()
    threading.Thread(target=_live, args=(folder / _LOCK, over), daemon=True).start()
    try:
        _remove_drafts(folder)
        yield
    finally:
        over.set()
        with suppress(OSError):
            file.truncate(0)  # Windows removes no open file: an empty one is nobody's
            (folder / _LOCK).unlink()
        file.close()


def _own(path: Path) -> TextIO:
    """The lock file, open, locked and signed by this process."""
    while True:
        file = open(path, "a+", encoding="utf-8")  # noqa: SIM115  (it stays open: that is the lock)
        try:
            _refuse_if_held(file, path)
            if not (path.exists() and os.path.samestat(os.fstat(file.fileno()), path.stat())):
                file.close()  # its holder left in this very moment: begin again
                continue
            file.truncate(0)
            me = {"host": socket.gethostname(), "pid": os.getpid()}
            json.dump(me | {"since": time.strftime("%Y-%m-%d %H:%M:%S %z")}, file)
            file.flush()
            return file
        except BaseException:
            file.close()
            raise


def _refuse_if_held(file: TextIO, path: Path) -> None:
    held = False
    if fcntl:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            held = True
        except OSError:  # a file system without locks: as on Windows
            pass
    file.seek(0)
    try:
        holder = json.loads(file.read())
        host, pid, since = (holder[key] for key in ("host", "pid", "since"))
    except (ValueError, KeyError, TypeError):
        host, pid, since = "", "?", "?"  # empty: ours, or killed before it could sign
    elsewhere = host not in ("", socket.gethostname()) or not fcntl
    silence = _now_there(path.parent) - os.fstat(file.fileno()).st_mtime
    if held or (host and elsewhere and silence < _SILENT):
        raise RunError(
            f"{path.parent} is being written by process {pid} on {host or 'this machine'} "
            f"since {since}: stop that one first"
            + ("" if held else f" (if it is gone: in {_SILENT - silence:.0f} s this is seen)")
        )


def _now_there(folder: Path) -> float:
    """The time by the clock of the file server, which may not be this machine's."""
    with tempfile.NamedTemporaryFile(dir=folder, prefix=".clock-") as file:
        return os.fstat(file.fileno()).st_mtime


def _live(path: Path, over: threading.Event) -> None:
    while not over.wait(_BEAT):
        with suppress(OSError):
            os.utime(path)


def _remove_drafts(folder: Path) -> None:
    """Files and checkpoints under the names they have until they are whole."""
    for draft in (folder / "checkpoints").glob(".draft-*"):
        shutil.rmtree(draft, ignore_errors=True)
    for place in (folder, folder / "samples"):
        for draft in place.glob(".*-*"):
            if _DRAFT.fullmatch(draft.name):
                draft.unlink(missing_ok=True)
