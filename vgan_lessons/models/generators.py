"""The video generators by name, and clips made by them.

A generator draws its latents in `draw_latents(n, n_frames, rng)` and is called as
`generator(latents)`; it returns videos (B, T, C, H, W) in [-1, 1]. Those that play against a
discriminator also take `frame_index`, the frames to make. Only what is built is imported.
"""

from functools import partial

import torch
from torch import Tensor, nn

from vgan_lessons import layout
from vgan_lessons.models.lstm_gan import VideoGenerator


def _frames(*, moving_grid: bool, **sizes: object) -> nn.Module:
    from vgan_lessons.models.painters import FramePainter

    return FramePainter(moving_grid=moving_grid, **sizes)


def _object(**sizes: object) -> nn.Module:
    from vgan_lessons.models.painters import ObjectPainter

    return ObjectPainter(**sizes)


def _scene(**sizes: object) -> nn.Module:
    from vgan_lessons.models.scenes import ScenePainter

    return ScenePainter(**sizes)


PAINTERS = {
    "object": _object,
    "moving": partial(_frames, moving_grid=True),
    "dense": partial(_frames, moving_grid=False),
    "scene": _scene,
}

_CLASS_DIM = 8  # numbers that tell a class
_PAINTED_TOGETHER = 8  # videos, on a CPU: what is computed between fits its cache


def _along_a_path(
    *,
    memory: bool,
    painter: str = "moving",
    noise_dim: int = 16,
    n_classes: tuple[int, ...] = (),
    **sizes: object,
) -> VideoGenerator:
    if painter not in PAINTERS:
        raise ValueError(f"unknown painter {painter!r}: expected {', '.join(PAINTERS)}")
    path = {"noise_dim": noise_dim, "memory": memory}
    if not n_classes:
        return VideoGenerator(PAINTERS[painter](**sizes), **path)
    from vgan_lessons.models.conditional import ConditionalVideoGenerator

    told = {"n_classes": n_classes, "class_dim": _CLASS_DIM}
    sizes["content_dim"] = sizes.get("content_dim", 32) + _CLASS_DIM * len(n_classes)
    return ConditionalVideoGenerator(PAINTERS[painter](**sizes), **told, **path)


def _continuation(**sizes: object) -> nn.Module:
    from vgan_lessons.models.continuation import ContinuationGenerator

    return ContinuationGenerator(**sizes)


def _conv3d(**sizes: object) -> nn.Module:
    from vgan_lessons.models.conv3d import Conv3dGenerator

    return Conv3dGenerator(**sizes)


def _diffusion(**sizes: object) -> nn.Module:
    from vgan_lessons.models.diffusion import DiffusionGenerator

    return DiffusionGenerator(**sizes)


def _vae(**sizes: object) -> nn.Module:
    from vgan_lessons.models.vae import VideoVae

    return VideoVae(**sizes)


MODELS = {
    "lstm": partial(_along_a_path, memory=True),
    "independent": partial(_along_a_path, memory=False),
    "conv3d": _conv3d,
    "diffusion": _diffusion,
    "vae": _vae,
    "continuation": _continuation,
}


def build(model: str, **sizes: object) -> nn.Module:
    """Make a generator by name.

    Args:
        model: "lstm" (the course's), "independent" (i.i.d. frames), "conv3d",
            "diffusion", "vae" or "continuation" (it is shown how a video begins).
        sizes: what the constructor of the generator and of its painter take, n_classes of
            the labels it is told (none by default), and which painter: "object" (one object
            on black, one colour a video), "moving" (any look, on moving coordinates), "dense"
            (any film) or "scene" (a still camera: one background, what moves before it).

    Returns:
        An untrained generator on the CPU; weights from torch's global random source.

    Raises:
        ValueError: if a name is unknown.
    """
    if model not in MODELS:
        raise ValueError(f"unknown model {model!r}: expected one of {', '.join(MODELS)}")
    return MODELS[model](**sizes)


@torch.no_grad()
def generate(
    generator: nn.Module,
    n: int,
    *,
    n_frames: int,
    rng: torch.Generator,
    batch_size: int = 32,
    labels: Tensor | None = None,
    first_frames: Tensor | None = None,
) -> Tensor:
    """Sample videos as they are stored and shown.

    Args:
        generator: from `build`, on any device.
        n: N, how many videos.
        n_frames: T, frames of each; may exceed what was trained on where a path allows it.
        rng: the random source, on the generator's device.
        batch_size: videos drawn at a time, and on a GPU painted at a time.
        labels: (N, K) int64, the classes wanted from a generator that is told them; None
            lets it draw each evenly.
        first_frames: (N, 3, H, W) in [-1, 1], how the videos of a continuation begin.

    Returns:
        (N, T, 3, H, W) uint8 on the CPU.

    Example:
        >>> rng = torch.Generator().manual_seed(0)
        >>> generate(build("lstm"), 3, n_frames=20, rng=rng).shape
        torch.Size([3, 20, 3, 32, 32])

    Used in lesson 08.
    """
    given = {"labels": labels, "first_frames": first_frames}
    made = []
    for first in range(0, n, batch_size):
        some = slice(first, first + batch_size)
        wanted = {name: told[some] for name, told in given.items() if told is not None}
        latents = generator.draw_latents(min(batch_size, n - first), n_frames, rng, **wanted)
        part = _PAINTED_TOGETHER if rng.device.type == "cpu" else batch_size
        for few in zip(*(drawn.split(part) for drawn in latents), strict=True):
            made.append(layout.to_uint8(generator(type(latents)(*few))).cpu())
    return torch.cat(made)
