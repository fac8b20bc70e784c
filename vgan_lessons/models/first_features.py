"""The first features of every frame: waves on coordinates that move, or features made whole."""

import math
from typing import NamedTuple

import torch
from torch import Tensor, nn


class VideoCodes(NamedTuple):
    """What the frames of B videos are painted from."""

    z: Tensor  # (B, T, content_dim + motion_dim), content first
    style: Tensor  # (B, style_dim), made of the content once per video


class MovingGrid(nn.Module):
    """Waves over the picture plane whose origin the motion code shifts.

    An object drawn from these features moves because its coordinates move: the network has
    to learn what it looks like once, not once per place. The style says how much of each
    wave there is, so that every content has a form of its own before the first convolution.

    Args:
        size: height and width of the grid.
        n_features: waves times two (a sine and a cosine each); must be even.
        motion_dim: size of the motion code.
        style_dim: size of the style vector.
        reach: how far the origin may go; 1 is the border of the picture.

    Lesson 08. The wave features are those of Tancik et al. 2020, arXiv:2006.10739.
    """

    def __init__(
        self,
        *,
        size: int,
        n_features: int,
        motion_dim: int,
        style_dim: int,
        reach: float = 0.75,
    ) -> None:
        super().__init__()
        self.reach, self.motion_dim = reach, motion_dim
        self.shift = nn.Linear(motion_dim, 2)
        self.amount = nn.Linear(style_dim, n_features)
        nn.init.ones_(self.amount.bias)
        places = (torch.arange(size) + 0.5) / size * 2 - 1  # pixel centres in (-1, 1)
        self.register_buffer("places", places)
        self.register_buffer("waves", torch.randn(2, n_features // 2) * 0.8 * math.pi)

    def forward(self, codes: VideoCodes) -> Tensor:
        """Draw the waves around the origin each motion code asks for.

        Args:
            codes: the motion in z moves the waves, the style weighs them.

        Returns:
            (B * T, n_features, size, size).
        """
        return self.draw(*self.coordinates(codes), codes.style).flatten(0, 1)

    def coordinates(self, codes: VideoCodes) -> tuple[Tensor, Tensor]:
        """Where the cells lie as seen from the moving origin.

        Args:
            codes: the motion in z says where the origin is.

        Returns:
            Of the columns and of the rows, (B, T, size) each; 0 is the origin, 1 half a
            picture from it.
        """
        z_motion = codes.z[..., -self.motion_dim :]
        origin = self.reach * torch.tanh(self.shift(z_motion))  # (B, T, 2), x then y
        return self.places - origin[..., :1], self.places - origin[..., 1:]

    def draw(self, columns: Tensor, rows: Tensor, style: Tensor) -> Tensor:
        """The waves at these coordinates, each as strong as the style asks for.

        Args:
            columns: (B, T, size).
            rows: (B, T, size).
            style: (B, style_dim).

        Returns:
            (B, T, n_features, size, size).
        """
        phase_x = self.waves[0, :, None] * columns[..., None, :]  # (B, T, n_waves, size)
        phase_y = self.waves[1, :, None] * rows[..., None, :]
        phase = phase_y[..., :, None] + phase_x[..., None, :]  # (B, T, n_waves, size, size)
        waves = torch.cat([phase.sin(), phase.cos()], dim=2)
        return waves * self.amount(style)[:, None, :, None, None]


class WindowedGrid(MovingGrid):
    """The moving waves, seen through a soft window around their origin, at a zoom of its own.

    Waves repeat: without the window the same form may appear a second time elsewhere in the
    picture. The style sets the zoom, which makes objects large or small; it is bounded, for
    waves that are shorter than two cells of the grid would flicker as they move.

    Args:
        sizes: what `MovingGrid` takes.

    Lesson 08.
    """

    def __init__(self, *, style_dim: int, **sizes: float) -> None:
        super().__init__(style_dim=style_dim, **sizes)
        nn.init.normal_(self.amount.weight, std=style_dim**-0.5)
        self.zoom = nn.Linear(style_dim, 1)
        nn.init.normal_(self.zoom.weight, std=0.02)
        nn.init.zeros_(self.zoom.bias)
        self.log_width = nn.Parameter(torch.tensor(math.log(0.5)))  # of the window, learned

    def forward(self, codes: VideoCodes) -> Tensor:
        """Draw the waves through the window.

        Args:
            codes: as in `MovingGrid`; the style also sets the zoom.

        Returns:
            (B * T, n_features, size, size), close to 0 far from the origin.
        """
        columns, rows = self.coordinates(codes)
        zoom = torch.exp(0.5 * torch.tanh(self.zoom(codes.style)))[:, None]  # 0.6 to 1.65
        waves = self.draw(columns * zoom, rows * zoom, codes.style)
        squared = columns.square()[..., None, :] + rows.square()[..., :, None]
        window = torch.exp(-0.5 * squared * torch.exp(-2 * self.log_width))
        return (waves * window[:, :, None]).flatten(0, 1)


class DenseFeatures(nn.Module):
    """The first features of a scene, made whole from content and motion by dense layers.

    Args:
        size: height and width of the grid.
        n_features: channels.
        code_dim: size of the joined content and motion code.
        hidden_dim: width of the layer between.

    Lesson 08. Radford et al. 2016, DCGAN, arXiv:1511.06434, its first layer.
    """

    def __init__(self, *, size: int, n_features: int, code_dim: int, hidden_dim: int) -> None:
        super().__init__()
        self.shape = (n_features, size, size)
        self.net = nn.Sequential(
            nn.Linear(code_dim, hidden_dim),
            nn.LeakyReLU(0.2),
            nn.Linear(hidden_dim, n_features * size * size),
        )

    def forward(self, codes: VideoCodes) -> Tensor:
        """Make the features.

        Args:
            codes: every frame's z.

        Returns:
            (B * T, n_features, size, size).
        """
        return self.net(codes.z).view(-1, *self.shape)
