"""One file over one unreliable line: ask, resume where it broke, give up in plain words."""

import time
import urllib.error
import urllib.request
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from http.client import HTTPException
from pathlib import Path
from typing import BinaryIO

CHUNK = 1 << 16  # most bytes between two signs of life of the progress bar
Progress = Callable[[int], object]  # told every step in bytes; negative where bytes were lost


class SourceFails(Exception):
    """This address does not deliver the file; another may. The message says why."""


class _LineBroke(Exception):
    """The line failed in a way that may pass; the message says how."""


@dataclass(frozen=True, kw_only=True)
class Transfer:
    """Bytes from an address into a part file that survives a broken line, Ctrl-C or kill."""

    part: Path  # grows until it has `size` bytes; an earlier one is gone on with
    size: int  # bytes of the whole file
    progress: Progress  # told of every byte gained or lost
    timeout: float  # seconds without a byte after which the line counts as stalled
    attempts: int  # how often in a row the line may fail without a new byte

    def run(self, url: str) -> None:
        """Ask for the missing bytes until the part has its full size.

        Args:
            url: http, https or file; need not be the one the part began with.

        Raises:
            SourceFails: if the address does not deliver; what came so far is kept.
            OSError: if the part cannot be written.
        """
        if self.have() > self.size:  # of another file, whoever left it here
            self.forget()
        longest, failed = self.have(), 0
        while (have := self.have()) != self.size:
            if have > self.size:
                self.forget()
                raise SourceFails(f"sends more than the {self.size} bytes of the file")
            try:
                self._ask_for_rest(url, have)
                reason = f"broke off after {self.have()} of {self.size} bytes"
            except _LineBroke as error:
                reason = str(error)
            failed = 0 if self.have() > longest else failed + 1
            longest = max(longest, self.have())
            if failed >= self.attempts:
                raise SourceFails(f"{reason}, {failed} times in a row")
            if failed:
                time.sleep(min(0.2 * 2**failed, self.timeout))

    def have(self) -> int:
        """How many bytes the part holds."""
        return self.part.stat().st_size if self.part.exists() else 0

    def forget(self) -> None:
        """Delete the part."""
        self.progress(-self.have())
        self.part.unlink(missing_ok=True)

    def _ask_for_rest(self, url: str, have: int) -> None:
        headers = {"User-Agent": "vgan-lessons", "Accept-Encoding": "identity"}
        if have:
            headers["Range"] = f"bytes={have}-"
        request = urllib.request.Request(url, headers=headers)
        try:
            answer = urllib.request.urlopen(request, timeout=self.timeout)
        except urllib.error.HTTPError as error:
            with closing(error):
                raise self._refusal(error) from error
        except (HTTPException, OSError) as error:  # URLError is an OSError
            raise self._silence(error) from error
        with closing(answer):
            begin = have if have and _goes_on_from(have, answer) else 0
            self._demand_size(answer, begin)
            with open(self.part, "ab" if begin else "wb") as out:
                self.progress(begin - have)
                self._copy(answer, out)

    def _demand_size(self, answer: BinaryIO, begin: int) -> None:
        """Refuse another file, an error page for example, before its first byte."""
        coming = answer.headers.get("Content-Length", "")
        if coming.isdigit() and begin + int(coming) != self.size:
            raise SourceFails(f"has {begin + int(coming)} bytes where {self.size} are wanted")

    def _copy(self, answer: BinaryIO, out: BinaryIO) -> None:
        while out.tell() <= self.size:
            try:
                chunk = answer.read1(CHUNK)  # what there is; nothing is lost in a stall
            except (HTTPException, OSError) as error:
                raise self._silence(error) from error
            if not chunk:
                return
            out.write(chunk)
            out.flush()  # a kill loses nothing that was counted
            self.progress(len(chunk))

    def _refusal(self, error: urllib.error.HTTPError) -> Exception:
        if error.code == 416:
            return SourceFails(f"has no more than the {self.have()} bytes that are here")
        passing = error.code in (408, 425, 429) or error.code >= 500
        return (_LineBroke if passing else SourceFails)(f"answers {error.code} {error.reason}")

    def _silence(self, error: Exception) -> Exception:
        cause = getattr(error, "reason", error)
        if isinstance(cause, TimeoutError):
            return _LineBroke(f"stalled: no byte for {self.timeout:g} s")
        if isinstance(cause, FileNotFoundError):  # a local copy without this file
            return SourceFails("there is no such file")
        return _LineBroke(f"cannot be reached ({cause})")


def _goes_on_from(have: int, answer: BinaryIO) -> bool:
    """Whether the server sends the rest only; many ignore the wish and begin anew."""
    span = answer.headers.get("Content-Range", "")
    return answer.status == 206 and span.startswith(f"bytes {have}-")
