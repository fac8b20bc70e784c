"""What a training does beside itself, if asked: it is looked at, and TensorBoard is told."""

import warnings
from pathlib import Path

from vgan_lessons.datasets import VideoBank, load_videos
from vgan_lessons.runs import RunConfig, RunWarning
from vgan_lessons.training import StepLog, VideoGan

_FRESH = 512  # clips that are drawn anew to measure against, where the data are drawn


class Beside:
    """Nothing that the training needs: where it fails, it is left out and the training goes on.

    Args:
        folder: a run folder.
        config: of the run.
        bank: the films it trains on.
        held_out: films it does not, if any.
        gan: the game, where the run goes on from.
        with_watch: whether it is measured.
        with_board: whether TensorBoard's files are written.
    """

    def __init__(
        self,
        folder: Path,
        config: RunConfig,
        bank: VideoBank,
        held_out: VideoBank | None,
        gan: VideoGan,
        *,
        with_watch: bool,
        with_board: bool,
    ) -> None:
        self._step, self._watch, self._board = gan.step, None, None
        if with_board:
            from vgan_lessons.cli.board import Board

            self._board = Board(folder, gan.step)
        if with_watch and gan.step < config.train.n_steps:
            from vgan_lessons.cli.watching import Watch

            real, against = _measured_against(config, bank, held_out)
            how = {"against": against, "step": gan.step, "device": gan.device}
            try:
                self._watch = Watch(folder, config, real, **how)
            except ValueError as error:
                self._give_up("not measured while it trains", error)

    def go_on(self, gan: VideoGan, log: StepLog) -> None:
        """Do what is due after a log.

        Args:
            gan: at that step.
            log: its numbers.
        """
        before, self._step = self._step, gan.step
        try:
            if self._board:
                self._board.add(log)
            if self._watch and self._watch.due(gan.step, before):
                found = self._watch.look(gan.generator_ema, gan.step)
                if self._board:
                    self._board.add_one("fvd_small", found, gan.step)
        except OSError as error:
            self._watch = self._board = None
            self._give_up("no longer measured while it trains", error)

    def finish(self, gan: VideoGan) -> str:
        """Look once more, if the run was ever looked at.

        Args:
            gan: at its last step.

        Returns:
            What was seen, in a line; empty if nothing was.
        """
        return self._watch.summary(gan.generator_ema, gan.step) if self._watch else ""

    @staticmethod
    def _give_up(what: str, error: Exception) -> None:
        warnings.warn(f"the run is {what}: {error}", RunWarning, stacklevel=3)


def _measured_against(
    config: RunConfig, bank: VideoBank, held_out: VideoBank | None
) -> tuple[VideoBank, str]:
    if held_out is not None:
        return held_out, f"{held_out.n_films} films held out"
    if bank.film_names:
        return bank, "the films it trains on"
    fresh = load_videos(
        config.data,
        image_size=config.train.image_size,
        n_frames=max(16, config.train.n_frames),
        n_videos=_FRESH,
        seed=config.train.seed + 1,
    )
    return fresh.to(bank.frames.device), f"new clips of {config.data}"
