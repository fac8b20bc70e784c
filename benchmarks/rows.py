"""The rows of the speed table: what each contestant is, and how it is built."""

import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import torch

from benchmarks.contestants import Contestant, Moco, Ours
from benchmarks.mocogan_game import RealBatch, Step, new_mocogan, step_as_published, step_lean
from benchmarks.setting import Setting
from benchmarks.strips import strip_batches, write_strips
from vgan_lessons.datasets import VideoBank
from vgan_lessons.training import VideoTrainConfig, recipe

_ENDLESS = 10**9  # steps: the learning rates then stay as they begin
_SMALL = {"frame_channels": 4, "clip_channels": 8}  # of a smoke run


@dataclass(frozen=True, kw_only=True)
class Row:
    """One line of the table."""

    title: str
    build: Callable[[Setting, VideoBank], Contestant]
    needs_bfloat16: bool = False


def our_config(setting: Setting, **changes: object) -> VideoTrainConfig:
    """The course's recipe at a setting.

    Args:
        setting: data, size, batch, seed, and whose budget's recipe.
        changes: fields to set otherwise.
    """
    sizes = {
        "image_size": setting.image_size,
        "n_frames": setting.n_frames,
        "batch_size": setting.batch_size,
        "seed": setting.seed,
        "n_steps": _ENDLESS,
        # a log makes a GPU wait; four steps hold one penalty, as many as one in the mean
        "log_every": 4 if setting.on.type == "cpu" else 20,
    }
    if setting.smoke:
        changes = {"generator_channels": (8, 4), **_SMALL} | changes
    return recipe(setting.data, setting.budget, **sizes | changes)


def _ours(
    setting: Setting,
    bank: VideoBank,
    *,
    bfloat16: bool = False,
    widths_of: str | None = None,
    widened: float = 1,
    all_frames: bool = False,
) -> Ours:
    changes: dict[str, object] = {}
    if widths_of:
        small = recipe(setting.data, widths_of)
        for name in ("generator_channels", "frame_channels", "clip_channels"):
            changes[name] = getattr(small, name)
    if widened != 1:
        usual = our_config(setting)
        wide = [4 * round(n * widened / 4) for n in usual.generator_channels]
        changes["generator_channels"] = tuple(wide)
        for name in ("frame_channels", "clip_channels"):
            changes[name] = round(getattr(usual, name) * widened)
    if all_frames:
        changes |= {"window_frames": setting.n_frames, "max_stride": 1}
    return Ours(bank, our_config(setting, **changes), bfloat16=bfloat16)


def _moco(
    setting: Setting,
    bank: VideoBank,
    *,
    step: Step = step_as_published,
    bfloat16: bool = False,
    n_workers: int | None = None,
) -> Moco:
    lean = step is step_lean
    game = new_mocogan(
        image_size=setting.image_size,
        width=4 if setting.smoke else 64,
        seed=setting.seed,
        on=setting.on,
        fused=lean,
    )
    B, T = setting.batch_size, setting.n_frames
    if lean:
        says = f"renders {T} frames of {B} clips once, judges all, and one of each also alone"
    else:
        says = f"renders {T} frames of {B} clips and {B} lone frames, twice; judges all"
    if n_workers is None:
        batches = _from_memory(setting, bank, game.rng, frames_of_clips=lean)
    else:
        batches = _from_strips(setting, bank, n_workers)
    return Moco(game, step, batches, says=says, bfloat16=bfloat16)


def _from_memory(
    setting: Setting, bank: VideoBank, rng: torch.Generator, *, frames_of_clips: bool
) -> Iterator[RealBatch]:
    B, T = setting.batch_size, setting.n_frames
    while True:
        clips = bank.sample_clips(B, n_frames=T, rng=rng)
        if frames_of_clips:
            picked = torch.randint(T, (B,), generator=rng, device=rng.device)
            frames = clips[torch.arange(B, device=clips.device), picked]
        else:
            frames = bank.sample_clips(B, n_frames=1, rng=rng)[:, 0]
        yield RealBatch(frames, clips)


def _from_strips(setting: Setting, bank: VideoBank, n_workers: int) -> Iterator[RealBatch]:
    with tempfile.TemporaryDirectory() as folder:
        batches = strip_batches(
            write_strips(bank, Path(folder)),
            n_frames=setting.n_frames,
            batch_size=setting.batch_size,
            n_workers=n_workers,
            seed=setting.seed,
        )
        for frames, clips in batches:
            yield RealBatch(frames.to(setting.on), clips.to(setting.on))


_LEAN = partial(_moco, step=step_lean)
ROWS = {
    "mocogan": Row(title="MoCoGAN as published, data in memory", build=_moco),
    "mocogan-again": Row(title="the same once more (noise floor)", build=_moco),
    "mocogan-loader": Row(
        title="MoCoGAN as published, each item decoded from its strip",
        build=partial(_moco, n_workers=0),
    ),
    "mocogan-workers": Row(
        title="the same, two processes of each loader decoding ahead",
        build=partial(_moco, n_workers=2),
    ),
    "mocogan-lean": Row(title="MoCoGAN's networks in our loop's manner", build=_LEAN),
    "mocogan-lean-bf16": Row(
        title="the same in bfloat16",
        build=partial(_LEAN, bfloat16=True),
        needs_bfloat16=True,
    ),
    "ours": Row(title="LSTM video GAN, float32", build=_ours),
    "ours-again": Row(title="the same once more (noise floor)", build=_ours),
    "ours-bf16": Row(
        title="LSTM video GAN, bfloat16",
        build=partial(_ours, bfloat16=True),
        needs_bfloat16=True,
    ),
    "ours-small": Row(
        title="LSTM video GAN, as wide as its CPU recipe",
        build=partial(_ours, widths_of="cpu"),
    ),
    "ours-all-frames": Row(
        title="LSTM video GAN, rendering and judging all frames",
        build=partial(_ours, all_frames=True),
    ),
    "ours-wide": Row(
        title="the same widened to about MoCoGAN's operations",
        build=partial(_ours, all_frames=True, widened=3.6),
    ),
}
