"""The models of the course, trained by the loops that `vgan-lessons train` runs."""

import contextlib
import itertools
import math
from contextlib import AbstractContextManager
from unittest import mock

from torch import nn

from benchmarks.contestant import Setting
from vgan_lessons import runtime
from vgan_lessons.datasets import VideoBank
from vgan_lessons.training import VideoTrainConfig, recipe
from vgan_lessons.training.kinds import new_training, train_further


class Ours:
    """A contestant: our networks by the recipe of the setting's data and budget.

    Args:
        setting: data, size, batch, seed, length of the run, and whose budget's recipe.
        bank: real videos on the device.
        model: which of them, by its name in `train`.
        bfloat16: whether products are taken in it, as the loop does where it is native.
        all_frames: render and score every frame of a path instead of a window of six.
    """

    def __init__(
        self,
        setting: Setting,
        bank: VideoBank,
        *,
        model: str = "lstm",
        bfloat16: bool = False,
        all_frames: bool = False,
    ) -> None:
        self.config = _config(setting, model, all_frames=all_frames)
        self.period, self.bfloat16 = self.config.log_every, bfloat16
        self.batch_size = self.config.batch_size
        self.gan = new_training(self.config, on=setting.on)
        self.logs = train_further(self.gan, bank, self.config)

    @property
    def says(self) -> str:
        """What a step renders and scores."""
        c = self.config
        if c.model == "diffusion":
            return (
                f"denoises {c.n_frames} frames of {c.batch_size} clips, each at a noise level "
                f"of its own; a clip is sampled in {c.n_sampling_steps} passes"
            )
        if c.model == "vae":
            return f"encodes and decodes {c.n_frames} frames of {c.batch_size} clips"
        return (
            f"renders and scores {c.window_frames} of {c.n_frames} frames of {c.batch_size} "
            f"clips, one generator pass for both updates; {c.single_frames} of the "
            f"{c.window_frames} frames also alone; gradient penalties every "
            f"{c.penalty_every} steps"
        )

    @property
    def steps(self) -> int:
        """Generator updates made so far."""
        return self.gan.step

    def train(self, n_steps: int) -> None:
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

    def networks(self) -> dict[str, nn.Module]:
        """As the training has them."""
        return self.gan.networks()

    def state(self) -> dict[str, object]:
        """What a checkpoint of `train` holds, in one dictionary."""
        weights = {name: network.state_dict() for name, network in self.networks().items()}
        return self.gan.state([self.gan.rng.get_state()]) | {"weights": weights}

    def restore(self, state: dict[str, object]) -> None:
        """Go back to where `state` was taken."""
        for name, network in self.networks().items():
            network.load_state_dict(state["weights"][name])
        self.gan.restore(state)


def n_weights(networks: dict[str, nn.Module]) -> int:
    """How many numbers are trained; an average of them is not."""
    trained = (network for name, network in networks.items() if name != "generator_ema")
    return sum(weight.numel() for network in trained for weight in network.parameters())


def _config(setting: Setting, model: str, *, all_frames: bool) -> VideoTrainConfig:
    """The recipe at the setting's sizes; another image size takes a layer more or less.

    The painter of objects keeps its layers: its grid is half the picture at every size.
    """
    usual = recipe(setting.data, setting.budget, model=model)
    more = 0
    if usual.painter != "object":
        more = round(math.log2(setting.image_size / usual.image_size))
    channels = usual.generator_channels[:1] * more + usual.generator_channels[max(0, -more) :]
    frame_channels, clip_channels = usual.frame_channels, usual.clip_channels
    if setting.smoke:
        channels, frame_channels, clip_channels = (8, 16), 4, 8
    widths = {
        "generator_channels": channels,
        "frame_channels": frame_channels,
        "clip_channels": clip_channels,
    }
    window = {"window_frames": setting.n_frames, "max_stride": 1} if all_frames else {}
    return recipe(
        setting.data,
        setting.budget,
        model=model,
        image_size=setting.image_size,
        n_frames=setting.n_frames,
        batch_size=setting.batch_size,
        seed=setting.seed,
        n_steps=setting.n_steps,
        # a log makes a GPU wait; four steps hold one penalty, as many as one in the mean
        log_every=4 if setting.on.type == "cpu" else 20,
        **widths | window,
    )


def _precision(bfloat16: bool) -> AbstractContextManager:
    """The loop takes bfloat16 by itself where it is native; a row in float32 must stop it."""
    if bfloat16:
        return contextlib.nullcontext()
    return mock.patch.object(runtime, "has_fast_bfloat16", lambda on: False)
