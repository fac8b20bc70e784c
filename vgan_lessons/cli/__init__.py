"""The command line: one module a command, imported only when its command is called.

A command module has `SUMMARY`, `add_arguments(parser)` and `run(args) -> exit code`. Exit codes
are 0 (done), 1 (it failed, one line says why) and 2 (bad usage). A user's mistake never shows a
traceback; VGAN_DEBUG=1 shows it to whoever looks for a fault in the course itself.
"""

import importlib
import os
import signal
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType

from vgan_lessons import __version__
from vgan_lessons.calling import typed
from vgan_lessons.cli.advice import Parser

COMMANDS = {
    "data": "list, draw or download data sets",
    "train": "train a video GAN and keep everything in a run folder",
    "sample": "make clips with a trained generator, as long as you like",
    "evaluate": "measure a run: the metric card",
    "check": "mark one exercise, or list them all",
    "progress": "what is solved so far",
    "bench": "measure speed and quality against rivals (in a checkout)",
    "doctor": "whether this machine is ready",
}


def main(words: list[str] | None = None) -> int:
    """Run one command.

    Args:
        words: the command and its arguments; None takes them from the command line.

    Returns:
        The exit code; bad usage, `--help` and `--version` leave through SystemExit.
    """
    words = sys.argv[1:] if words is None else words
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")  # a console without our characters is no error
    command = ""
    try:
        os.getcwd()  # before torch is loaded: it ends the process where there is none
        with warnings.catch_warnings(), _sigterm_unwinds():
            warnings.showwarning = _show_warning
            try:
                args = _parser(words).parse_args(words)
                args.words, command = words, f"{args.command}: "
                return args.module.run(args)
            finally:
                sys.stdout.flush()  # here, where a reader who left can still be answered
    except KeyboardInterrupt:
        return _fail("stopped", 130)
    except BrokenPipeError:  # the reader of our output left early, as `head` does
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except Exception as error:
        if os.environ.get("VGAN_DEBUG") == "1" or not (sentence := _sentence(error)):
            raise
        return _fail(f"{command}{sentence}", 1)


def command_module(name: str) -> ModuleType:
    """Import the module behind a command; the only import of any command.

    Args:
        name: a key of `COMMANDS`.
    """
    return importlib.import_module(f"vgan_lessons.cli.{name}")


def _parser(words: list[str]) -> Parser:
    parser = Parser(
        prog=typed(),
        description="Video GAN Lessons on the command line.",
        epilog=f"{typed()} COMMAND --help explains one command.",
    )
    parser.add_argument("--version", action="version", version=f"vgan-lessons {__version__}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    called = next((word for word in words if not word.startswith("-")), None)
    for name, summary in COMMANDS.items():
        subparser = commands.add_parser(name, help=summary, description=f"{summary}.")
        if name == called:  # the others stay bare, so that --help does not wait for torch
            module = command_module(name)
            module.add_arguments(subparser)
            subparser.set_defaults(module=module)
    return parser


def _sentence(error: Exception) -> str:
    """The error in one line for the user; empty if it is a fault of ours."""
    text = " ".join(str(error).split())
    if isinstance(error, MemoryError) or "out of memory" in text or "allocate memory" in text:
        return "out of memory: ask for less (batch size, image size, frames, clips)"
    if isinstance(error, OSError) and error.strerror:
        return f"{error.strerror}: {error.filename}" if error.filename else error.strerror
    ours = type(error).__module__.startswith("vgan_lessons.")
    return text if ours or isinstance(error, ValueError | OSError) else ""


def _show_warning(message: Warning | str, *_: object) -> None:
    print(f"vgan-lessons warns: {message}", file=sys.stderr)


def _fail(why: str, code: int) -> int:
    print(f"vgan-lessons {why}", file=sys.stderr)
    return code


@contextmanager
def _sigterm_unwinds() -> Iterator[None]:
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
