"""Who takes part: two kinds of training behind one door, so that they are timed alike."""

import contextlib
import itertools
from collections.abc import Iterator
from contextlib import AbstractContextManager
from typing import Protocol
from unittest import mock

import torch
from torch import Tensor, nn

from benchmarks.clock import Watch
from benchmarks.mocogan_game import MocoGame, RealBatch, Step
from vgan_lessons.datasets import VideoBank
from vgan_lessons.training import VideoTrainConfig, new_video_gan, train_video_gan


class Contestant(Protocol):
    """A video GAN in training that can be played on, and sampled from, at any time."""

    period: int  # steps that belong together: `play` takes multiples of it
    says: str  # what a step renders and judges
    steps: int  # made so far
    watch: Watch  # on the drawing of its batches

    def play(self, n_steps: int) -> None:
        """Make steps."""

    def sampled_from(self) -> nn.Module:
        """The generator its clips are drawn from, in the mode for that."""


class Ours:
    """The course's LSTM video GAN, played by the loop that `vgan-lessons train` plays.

    Args:
        bank: real videos on the device.
        config: the numbers; `log_every` steps belong together.
        bfloat16: whether products are taken in it, as the loop does where it is native.
    """

    def __init__(self, bank: VideoBank, config: VideoTrainConfig, *, bfloat16: bool) -> None:
        on = bank.frames.device
        self.period, self.config, self.bfloat16 = config.log_every, config, bfloat16
        self.watch = Watch(on)
        self.gan = new_video_gan(config, on=on)
        self.logs = train_video_gan(self.gan, _WatchedBank(bank, self.watch), config)

    @property
    def says(self) -> str:
        """What a step renders and judges."""
        c = self.config
        return (
            f"renders and judges {c.window_frames} of {c.n_frames} frames of {c.batch_size} "
            f"clips, one generator pass for both updates; one of the {c.window_frames} frames "
            f"also alone; slope penalties every {c.penalty_every} steps"
        )

    @property
    def steps(self) -> int:
        """Generator updates made so far."""
        return self.gan.step

    def play(self, n_steps: int) -> None:
        """Make steps; stops at the end of the configured run.

        Args:
            n_steps: a multiple of the period.
        """
        with _precision(self.bfloat16):
            for _ in itertools.islice(self.logs, n_steps // self.period):
                pass

    def sampled_from(self) -> nn.Module:
        """The moving average."""
        return self.gan.generator_ema


class Moco:
    """MoCoGAN's networks under one of the two loops.

    Args:
        game: the networks.
        step: the loop's body.
        batches: real batches without an end, on the device.
        says: what a step renders and judges.
        bfloat16: whether products are taken in it.
    """

    period = 1

    def __init__(
        self,
        game: MocoGame,
        step: Step,
        batches: Iterator[RealBatch],
        *,
        says: str,
        bfloat16: bool = False,
    ) -> None:
        self.game, self.step, self.batches = game, step, batches
        self.says, self.bfloat16, self.steps = says, bfloat16, 0
        self.watch = Watch(game.rng.device)

    def play(self, n_steps: int) -> None:
        """Make steps.

        Args:
            n_steps: how many.
        """
        kind, to = self.game.rng.device.type, {"dtype": torch.bfloat16}
        self.game.generator.train()
        for _ in range(n_steps):
            real = self.watch(lambda: next(self.batches))
            # no cache: it would hold weights from before the updates inside the step
            with torch.autocast(kind, **to, enabled=self.bfloat16, cache_enabled=False):
                self.step(self.game, real)
            self.steps += 1

    def sampled_from(self) -> nn.Module:
        """The generator itself, with the statistics it gathered: the paper has no average."""
        return self.game.generator.eval()


class _WatchedBank:
    """A bank that lets a watch see each batch being drawn."""

    def __init__(self, bank: VideoBank, watch: Watch) -> None:
        self.bank, self.watch, self.image_size = bank, watch, bank.image_size

    def sample_clips(self, n: int, **how: object) -> Tensor:
        return self.watch(lambda: self.bank.sample_clips(n, **how))


def _precision(bfloat16: bool) -> AbstractContextManager:
    """The loop takes bfloat16 by itself where it is native; a row in float32 must stop it."""
    if bfloat16:
        return contextlib.nullcontext()
    whole = "vgan_lessons.training.video.autocast"
    return mock.patch(whole, lambda on: contextlib.nullcontext())
