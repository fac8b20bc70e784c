"""Bad usage answered with what was probably meant."""

import argparse
import difflib
import math
from pathlib import Path
from typing import NoReturn

from vgan_lessons.calling import typed

_MEANT = {  # what other programs call it, and what it is called here
    "--epochs": "the length is told in steps: --steps N (one step is one update of G)",
    "--epoch": "the length is told in steps: --steps N (one step is one update of G)",
    "--iterations": "the length is told in steps: --steps N",
    "--lr": "each side has its own learning rate: --set g_lr=RATE --set d_lr=RATE",
    "--learning-rate": "each side has its own learning rate: --set g_lr=RATE --set d_lr=RATE",
    "--size": "it is --image-size PIXELS",
    "--resolution": "it is --image-size PIXELS",
    "--batch": "it is --batch-size CLIPS",
    "--bs": "it is --batch-size CLIPS",
    "--model": "the model is the word after train, as in: train conv3d",
    "--dataset": "it is --data NAME_OR_FOLDER",
    "--dataroot": "it is --data NAME_OR_FOLDER",
    "--gpu": "it is --device cuda, or --device cuda:N",
    "--gpus": "it is --processes N, one a GPU",
    "--output": "it is --out",
    "-o": "it is --out",
    "--outdir": "it is --out",
    "--num": "it is --n",
    "--n-frames": "it is --frames",
    "--workers": "the clips lie in memory: there are no workers to count",
    "--no-cuda": "it is --device cpu",
    "--checkpoint": "give the run folder: its newest checkpoint is taken",
}


class Parser(argparse.ArgumentParser):
    """An argument parser that looks at the whole line before it complains of one word."""

    words: tuple[str, ...] = ()  # of this parse

    def parse_known_args(
        self, args: list[str] | None = None, namespace: argparse.Namespace | None = None
    ) -> tuple[argparse.Namespace, list[str]]:
        """As its base does; remembers the words and refuses empty ones and what is no number.

        Args:
            args: the words.
            namespace: filled and returned.
        """
        self.words = tuple(args or ())
        found, rest = super().parse_known_args(args, namespace)
        if unknown := [word for word in rest if word.startswith("-")]:
            self.error(f"unrecognized arguments: {unknown[0]}")
        for name, value in vars(found).items():
            option = name if name in self._positional() else f"--{name.replace('_', '-')}"
            if value == "":
                self.error(f"{option} is empty: is a variable of your script not set?")
            if isinstance(value, float) and not math.isfinite(value):
                self.error(f"{option} must be a finite number, got {value}")
        return found, rest

    def error(self, message: str) -> NoReturn:
        """Show the usage, and the likeliest cause on the last line; exit code 2.

        Args:
            message: of argparse, which names the first word that did not fit.
        """
        super().error(self._advice(message) or message)

    def _advice(self, message: str) -> str:
        for word in () if self._subparsers else self.words:
            option = word.split("=")[0]
            if option.startswith("-") and len(option) > 1 and not self._knows(option):
                return f"there is no {option}{self._near(option)}"
        command = next((word for word in self.words if word in self._commands()), None)
        if command and "invalid choice" in message:
            rest = [word for word in self.words if word != command]
            return f"the command comes first: {typed(command, *rest)}"
        for action in self._actions:
            for word in self.words:
                if action.choices and f"invalid choice: {word!r}" in message:
                    return self._instead_of(word, action)
        return ""

    def _knows(self, option: str) -> bool:
        if option.lstrip("-.").replace(".", "").isdecimal():  # a negative number
            return True
        known = self._option_string_actions
        return option in known or (
            option.startswith("--") and any(name.startswith(option) for name in known)
        )

    def _near(self, option: str) -> str:
        if option in _MEANT:
            return f": {_MEANT[option]}"
        near = difflib.get_close_matches(option, self._option_string_actions, n=1)
        return f"; did you mean {near[0]}?" if near else f"; {self.prog} --help lists all"

    def _instead_of(self, word: str, action: argparse.Action) -> str:
        """What a word is that stands where one of a few was wanted."""
        if word in action.choices:  # the complaint is about another argument
            return ""
        if action.dest == "model" and (_is_data(word) or Path(word).exists()):
            return f"{word} is no model but data: {typed('train', '--data', word)}"
        near = difflib.get_close_matches(word, list(action.choices), n=1)
        return f"there is no {word!r}; did you mean {near[0]}?" if near else ""

    def _commands(self) -> dict[str, argparse.ArgumentParser]:
        """The parsers below this one, by the word that calls them."""
        below = [a for a in self._actions if isinstance(a, argparse._SubParsersAction)]
        return dict(below[0].choices) if below else {}

    def _positional(self) -> set[str]:
        return {action.dest for action in self._actions if not action.option_strings}


def seed(word: str) -> int:
    """A seed as the command line takes it: from 0 to 10^15.

    Args:
        word: as typed.

    Raises:
        argparse.ArgumentTypeError: if it is none.
    """
    try:
        number = int(word)
    except ValueError:
        number = -1
    if not 0 <= number <= 10**15:
        raise argparse.ArgumentTypeError(
            f"a seed is a whole number from 0 to 10^15, got {word!r}"
        )
    return number


def _is_data(word: str) -> bool:
    from vgan_lessons.datasets import data_names  # not before it is asked: it loads torch

    return word in data_names()
