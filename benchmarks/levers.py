"""What each trick of the training loop is worth: a step with it against a step without.

A lever undoes one thing. With and without take turns in one process, on the same data and
sizes. What does not pay on a machine does not belong into the loop there.
"""

import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field, replace
from pathlib import Path
from statistics import median
from unittest import mock

import torch
from torch import Tensor

from benchmarks.growth import BLOCK, in_turns
from benchmarks.strips import StripItems, write_strips
from vgan_lessons import runtime
from vgan_lessons.datasets import VideoBank
from vgan_lessons.models.lstm_gan import VideoGenerator
from vgan_lessons.models.motion import MotionLSTM, State
from vgan_lessons.training import (
    VideoGan,
    VideoTrainConfig,
    new_video_gan,
    train_video_gan,
    video,
)

Undone = Callable[[Path], AbstractContextManager]  # entered while a game is set up and played


@dataclass(frozen=True)
class Lever:
    """One trick, and how to do without it."""

    name: str
    undone: Undone = lambda scratch: nullcontext()  # gets a folder that it may write to
    changes: Mapping[str, object] = field(default_factory=dict)  # to the configuration


def levers(config: VideoTrainConfig, bank: VideoBank) -> list[Lever]:
    """Every trick of the loop that this device can do without.

    Args:
        config: the sizes, for those that need them.
        bank: the data, on the device.
    """
    on = bank.frames.device
    found = [
        Lever("bytes in memory, not a file a clip", lambda scratch: _decoding(bank, scratch)),
        Lever("frames folded into the batch", lambda _: _frame_by_frame()),
        Lever("one LSTM call over time", lambda _: _step_by_step()),
        Lever(
            "channels last", lambda _: _swap(torch, "channels_last", torch.contiguous_format)
        ),
        Lever("one generator pass for both updates", lambda _: _second_pass(config)),
        Lever("one judge pass over reals and fakes", lambda _: _two_passes(config)),
        Lever("fused Adam", lambda _: _swap(torch.optim, "Adam", _PlainAdam)),
        Lever("6 of 16 frames a step", changes={"window_frames": 16, "max_stride": 1}),
        Lever("a penalty every 4th step", changes={"penalty_every": 1}),
    ]
    if on.type == "cuda":
        found.append(Lever("losses read every 20th step", changes={"log_every": 1}))
    if runtime.has_fast_bfloat16(on):
        found.append(
            Lever("bfloat16", lambda _: _swap(video, "autocast", lambda _: nullcontext()))
        )
    return found


def measure_lever(
    lever: Lever, config: VideoTrainConfig, bank: VideoBank, *, seconds: float
) -> dict[str, object]:
    """Time a step with a trick and without it, in turns.

    Args:
        lever: what to undo.
        config: sizes of both.
        bank: the data, on the device.
        seconds: for both together; one round is always timed.

    Returns:
        Seconds per step of both, one number a round, and the median of their ratios: above 1
        the trick pays.
    """
    with tempfile.TemporaryDirectory() as scratch:
        games = {"with": _blocks(Lever(lever.name), config, bank, Path(scratch))}
        games["without"] = _blocks(lever, config, bank, Path(scratch))
        spent = in_turns(games, seconds)
    pairs = zip(spent["without"], spent["with"], strict=True)
    return {**spent, "gain": median(slow / fast for slow, fast in pairs)}


def _blocks(
    lever: Lever, config: VideoTrainConfig, bank: VideoBank, scratch: Path
) -> Iterator[None]:
    """Twelve steps at a time; a trick is undone only while its own game moves."""
    config = replace(config, **{"log_every": BLOCK, **lever.changes})
    with lever.undone(scratch):
        gan = new_video_gan(config, on=bank.frames.device)
    logs = train_video_gan(gan, bank, config)
    while True:
        with lever.undone(scratch):
            for _ in range(BLOCK // config.log_every):
                next(logs)
        yield


def _swap(owner: object, name: str, other: object) -> AbstractContextManager:
    return mock.patch.object(owner, name, other)


def _decoding(bank: VideoBank, scratch: Path) -> AbstractContextManager:
    """Clips come out of files, each opened and decoded by itself, as is usual."""
    paths = sorted(scratch.glob("*.png")) or write_strips(bank, scratch)

    def sample_clips(
        self: VideoBank, n: int, *, n_frames: int, stride: int = 1, rng: torch.Generator
    ) -> Tensor:
        items = StripItems(paths, (n_frames - 1) * stride + 1)
        draws = torch.rand(n, 2, generator=rng, device=rng.device).tolist()
        clips = [items[int(which * len(paths)), place][::stride] for which, place in draws]
        return torch.stack(clips).to(self.frames.device)

    return _swap(VideoBank, "sample_clips", sample_clips)


def _frame_by_frame() -> AbstractContextManager:
    paint = VideoGenerator.paint

    def one_by_one(self: VideoGenerator, z_content: Tensor, z_motion: Tensor) -> Tensor:
        frames = [paint(self, z_content, code) for code in z_motion.split(1, dim=1)]
        return torch.cat(frames, dim=1)

    return _swap(VideoGenerator, "paint", one_by_one)


def _step_by_step() -> AbstractContextManager:
    walk = MotionLSTM.forward

    def frame_after_frame(self: MotionLSTM, noise: Tensor, state: State | None = None) -> tuple:
        codes = []
        for step in noise.split(1, dim=1):
            code, state = walk(self, step, state)
            codes.append(code)
        return torch.cat(codes, dim=1), state

    return _swap(MotionLSTM, "forward", frame_after_frame)


def _second_pass(config: VideoTrainConfig) -> AbstractContextManager:
    update = video._update_generator

    def with_fakes_of_its_own(
        gan: VideoGan, real: Tensor, fake: Tensor, *rest: object
    ) -> Tensor:
        return update(gan, real, video._generate(gan, config, rest[0]), *rest)

    return _swap(video, "_update_generator", with_fakes_of_its_own)


def _two_passes(config: VideoTrainConfig) -> AbstractContextManager:
    judge = video._judge

    def each_side(gan: VideoGan, clips: Tensor, frames: Tensor, stride: int) -> tuple:
        if len(clips) == config.batch_size:
            return judge(gan, clips, frames, stride)
        halves = zip(clips.chunk(2), frames.chunk(2), strict=True)
        real, fake = (judge(gan, *half, stride) for half in halves)
        return tuple(torch.cat(pair) for pair in zip(real, fake, strict=True))

    return _swap(video, "_judge", each_side)


class _PlainAdam(torch.optim.Adam):
    """One small kernel after another, weight by weight."""

    def __init__(self, params: object, **settings: object) -> None:
        super().__init__(params, **settings | {"fused": False, "foreach": False})
