"""The wish to stop, from a keyboard or from a cluster: Ctrl-C and SIGTERM."""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress

_SIGNALS = (signal.SIGINT, signal.SIGTERM)


class Stop:
    """Whether somebody asked, and the exit code that tells who."""

    code = 0  # 130 after Ctrl-C, 143 after SIGTERM, as shells count signals

    def ask(self, number: int, _: object) -> None:
        """Note the wish; a second Ctrl-C does not wait for it.

        Args:
            number: of the signal.
        """
        launched = "TORCHELASTIC_RUN_ID" in os.environ  # torchrun passes each signal on again
        if self.code == 130 and number == signal.SIGINT and not launched:
            raise KeyboardInterrupt
        if not self.code and os.environ.get("RANK", "0") == "0":
            again = " (Ctrl-C again stops at once)" if number == signal.SIGINT else ""
            with suppress(OSError):  # nobody may be there to read it
                os.write(2, f"\nstopping: saving a checkpoint first{again}\n".encode())
        self.code = self.code or 128 + number


@contextmanager
def stop_signals() -> Iterator[Stop]:
    """Turn the first Ctrl-C, and every SIGTERM, into a wish to stop after the current step.

    SIGTERM is what Slurm, `docker stop` and machines that are taken back send first.
    """
    stop = Stop()
    before = [signal.signal(number, stop.ask) for number in _SIGNALS]
    try:
        yield stop
    finally:
        for number, handler in zip(_SIGNALS, before, strict=True):
            signal.signal(number, handler)


@contextmanager
def sigterm_unwinds() -> Iterator[None]:
    """Let SIGTERM leave by way of every `finally`: locks and drafts are then removed."""

    def leave(*_: object) -> None:
        raise SystemExit(143)

    try:
        before = signal.signal(signal.SIGTERM, leave)
    except ValueError:  # not the main thread: signals are somebody else's
        yield
        return
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
