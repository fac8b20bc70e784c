"""Centrepiece of notebook 05: a generator at several moments, over a plane of latents."""

from collections.abc import Mapping

import torch
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from torch import Tensor, nn

from vgan_lessons.display.drawing import new_figure, put_on_page
from vgan_lessons.display.strips import as_pixels, tiled_grid
from vgan_lessons.display.words import number
from vgan_lessons.widgets.explorer import Explorer, counter, slider

_REACH = 1.5  # of the plane's axes, in lengths of a latent
_SIDE = 5  # latents along each axis


def latent_plane(z: Tensor, across: float, down: float, zoom: float) -> Tensor:
    """Latents on a grid around the first of three, towards the two others.

    Args:
        z: (3, latent_dim): the point where the plane begins and the two it is laid through.
        across: middle of the grid on the way from the first to the second, 0 to 1.
        down: the same on the way to the third.
        zoom: half the width of the grid; 0 gives one latent again and again.

    Returns:
        (25, latent_dim), row by row, each as long as the first latent: G knows that shell.
    """
    offsets = torch.linspace(-zoom, zoom, _SIDE)
    v, u = torch.meshgrid(down + offsets, across + offsets, indexing="ij")
    plane = z[0] + u.reshape(-1, 1) * (z[1] - z[0]) + v.reshape(-1, 1) * (z[2] - z[0])
    return plane / plane.norm(dim=1, keepdim=True) * z[0].norm()


def timelapse_explorer(moments: Mapping[int, nn.Module], z: Tensor) -> Explorer:
    """A scrubber over the moments of a training, and two sliders that walk in latent space.

    Args:
        moments: rounds played -> the generator as it stood then; at least one.
        z: (3, latent_dim), the plane's three latents.
    """
    controls = {
        "moment": counter(
            "moment of the training", len(moments), lowest=1, highest=len(moments)
        ),
        "across": slider("towards the second latent", 0.5, lowest=0, highest=1, step=0.05),
        "down": slider("towards the third latent", 0.5, lowest=0, highest=1, step=0.05),
        "zoom": slider("width of the grid", 0.6, lowest=0, highest=_REACH, step=0.05),
    }

    def draw(moment: int, across: float, down: float, zoom: float) -> tuple[list[Figure], str]:
        n_rounds = list(moments)[moment - 1]
        frames = _painted(moments[n_rounds], latent_plane(z, across, down, zoom))
        figure, (axes,) = new_figure(width=4.4, height=4.6)
        _draw_frames(axes, frames, columns=_SIDE)
        axes.set_title(f"after {n_rounds} rounds")
        return [figure], (
            f"{len(frames)} frames on a plane of latents after {n_rounds} rounds, around "
            f"({number(across)}, {number(down)}), half as wide as {number(2 * zoom)}: mean "
            f"{frames.mean():.2f}, they differ by {frames.std(dim=0).mean():.2f}."
        )

    return Explorer(draw, controls, title="time-lapse of a generator")


def show_timelapse(moments: Mapping[int, nn.Module], z: Tensor) -> None:
    """The same latents at every moment, one row a moment: the scrubber standing still.

    Args:
        moments: rounds played -> the generator as it stood then.
        z: (B, latent_dim), up to about twelve.
    """
    figure, axes = new_figure(1, len(moments), width=7.2, height=0.95 * len(moments))
    words = []
    for panel, (n_rounds, generator) in zip(axes, moments.items(), strict=True):
        frames = _painted(generator, z)
        _draw_frames(panel, frames, columns=len(z))
        panel.set_ylabel(f"{n_rounds}", rotation=0, labelpad=16, va="center")
        words.append(f"{n_rounds} rounds: they differ by {frames.std(dim=0).mean():.2f}")
    figure.supylabel("rounds", fontsize=10)
    alt = f"The same {len(z)} latents at {len(moments)} moments; {', '.join(words)}."
    put_on_page(figure, alt=alt)


@torch.no_grad()
def _painted(generator: nn.Module, z: Tensor) -> Tensor:
    return generator(z).clamp(-1, 1)


def _draw_frames(axes: Axes, frames: Tensor, *, columns: int) -> None:
    axes.imshow(tiled_grid(as_pixels(frames[:, None]), columns=columns)[0])
    axes.set(xticks=[], yticks=[])
    axes.grid(visible=False)
