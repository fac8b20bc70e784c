"""How many bytes a training step must remember: predicted from a layer table, and measured.

Autograd keeps, from the forward to the backward pass, the tensors that a layer needs for its
gradient. The table below says which ones, layer by layer, from the configuration alone; the
measurement asks autograd itself and counts every block of memory once.
"""

import itertools
from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from vgan_lessons.training import VideoGan, VideoTrainConfig

BYTES = 4  # of a float32
HIDDEN_DIM, MOTION_DIM, STYLE_DIM = 64, 16, 128  # VideoGenerator's own sizes


@dataclass(frozen=True)
class LayerRow:
    """What one layer keeps for each sample that passes it."""

    layer: str
    kept: int  # numbers kept per frame (generator) or per picture (judge)


def generator_table(config: VideoTrainConfig) -> list[LayerRow]:
    """The layer table of the LSTM generator, per rendered frame.

    Args:
        config: sizes; `moving_grid` chooses the first layer.

    Returns:
        A row a layer; what belongs to the whole path is in `path_numbers`.
    """
    channels = config.generator_channels
    size = config.image_size // 2 ** len(channels)
    first = channels[0] * size**2
    # a moving grid keeps the phases, and the waves that the amounts multiply
    kept = first // 2 + first + channels[0] if config.moving_grid else STYLE_DIM
    rows = [LayerRow("first features", kept)]
    rows.append(LayerRow("style", config.content_dim + MOTION_DIM + 2 * STYLE_DIM))
    for number, (before, after) in enumerate(itertools.pairwise(channels), 1):
        raised = after * (2 * size) ** 2
        # kept: what is convolved, what is normalised, what is scaled, what meets the slope
        rows.append(LayerRow(f"styled upsampling {number}", before * size**2 + 3 * raised))
        size *= 2
    painted = 3 * (2 * size) ** 2
    rows.append(LayerRow("to colour, tanh", channels[-1] * size**2 + painted))
    return rows


def path_numbers(config: VideoTrainConfig) -> int:
    """What the LSTM keeps for each frame of a path, rendered or not.

    Args:
        config: the size of the noise.

    Returns:
        Numbers per frame: on the CPU the library's workspace is 16 states wide; the states
        that come out are kept once more, and the noise and the emitted codes.
    """
    return 17 * HIDDEN_DIM + config.noise_dim + MOTION_DIM


def judge_table(in_channels: int, base_channels: int, image_size: int) -> list[LayerRow]:
    """The layer table of a judge, per picture it scores.

    Args:
        in_channels: channels of the picture.
        base_channels: channels after the first layer.
        image_size: height and width.

    Returns:
        A row a layer.
    """
    rows, channels, size = [], base_channels, image_size
    while size > 4:
        made = channels * (size // 2) ** 2
        rows.append(LayerRow(f"{size} to {size // 2}", in_channels * size**2 + made))
        in_channels, channels, size = channels, 2 * channels, size // 2
    rows.append(LayerRow("score", in_channels * size**2))
    return rows


def predicted_bytes(config: VideoTrainConfig) -> dict[str, int]:
    """What the table says one step keeps, by the network that keeps it.

    Args:
        config: sizes, batch, and frames rendered per step.

    Returns:
        Bytes for the generator's pass (B clips of K frames) and for one pass of each judge
        over reals and fakes together (2 B).
    """
    batch, frames = config.batch_size, config.window_frames
    tables = {
        "generator": (generator_table(config), batch * frames),
        "clip judge": (
            judge_table(3 * frames + 1, config.clip_channels, config.image_size),
            2 * batch,
        ),
        "frame judge": (judge_table(3, config.frame_channels, config.image_size), 2 * batch),
    }
    predicted = {
        name: BYTES * times * sum(row.kept for row in table)
        for name, (table, times) in tables.items()
    }
    predicted["generator"] += BYTES * batch * config.n_frames * path_numbers(config)
    return predicted


def measured_bytes(gan: VideoGan, config: VideoTrainConfig) -> dict[str, int]:
    """What autograd keeps in the same three passes.

    Args:
        gan: its networks run on inputs of the step's sizes; nothing is updated.
        config: sizes, batch, and frames rendered per step.

    Returns:
        Bytes by network, each block of memory counted once, weights not counted.
    """
    batch, frames, size = config.batch_size, config.window_frames, config.image_size
    clips = torch.zeros(2 * batch, frames, 3, size, size, device=gan.rng.device)
    index = torch.arange(frames, device=clips.device).expand(batch, -1)
    latents = gan.generator.draw_latents(batch, config.n_frames, gan.rng)
    passes: dict[str, tuple[nn.Module, Callable[[], Tensor]]] = {
        "generator": (gan.generator, lambda: gan.generator(latents, index)),
        "clip judge": (gan.clip_discriminator, lambda: gan.clip_discriminator(clips)),
        "frame judge": (
            gan.frame_discriminator,
            lambda: gan.frame_discriminator(clips[:, 0].contiguous()),
        ),
    }
    return {name: _kept_by(network, run) for name, (network, run) in passes.items()}


def _kept_by(network: nn.Module, run: Callable[[], Tensor]) -> int:
    weights = {weight.untyped_storage().data_ptr() for weight in network.parameters()}
    blocks: dict[int, int] = {}
    held = []  # while they are held, no block is given out twice

    def keep(tensor: Tensor) -> Tensor:
        storage = tensor.untyped_storage()
        if storage.data_ptr() not in weights:
            blocks[storage.data_ptr()] = storage.nbytes()
            held.append(tensor)
        return tensor

    with torch.autograd.graph.saved_tensors_hooks(keep, lambda tensor: tensor):
        made = run()
    del made
    return sum(blocks.values())
