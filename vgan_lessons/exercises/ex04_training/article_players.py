"""Players for 4.9: each published fault put back by itself, slips, and right ones."""

from collections.abc import Callable

import torch
from torch import Tensor, nn

Players = tuple[nn.Module, nn.Module]


class _Then(nn.Module):
    """A function of tensors as a layer."""

    def __init__(self, function: Callable[[Tensor], Tensor]) -> None:
        super().__init__()
        self.function = function

    def forward(self, x: Tensor) -> Tensor:
        return self.function(x)


def players(
    *,
    g_bend: type[nn.Module] = nn.ReLU,
    d_bend: type[nn.Module] = nn.ReLU,
    squash: type[nn.Module] = nn.Tanh,
    drawn_frames: int | None = None,
    one_pixel: bool = False,
    score: tuple[nn.Module, ...] = (nn.Flatten(0),),
    own_width: int | None = None,
) -> Callable[..., Players]:
    """The right players with something changed.

    Args:
        g_bend: activation of G; nn.Identity for none.
        d_bend: activation of D.
        squash: last activation of G.
        drawn_frames: frames that G really draws; None for all.
        one_pixel: draw 1x1 frames.
        score: layers after D's last linear one.
        own_width: used in place of the width that is asked for.
    """

    def build(*, n_frames: int, frame_size: int, latent_dim: int, width: int) -> Players:
        width = own_width or width
        side = 1 if one_pixel else frame_size
        drawn = (drawn_frames or n_frames, 3, side, side)
        n_drawn = drawn[0] * 3 * side * side
        G = nn.Sequential(
            *(nn.Linear(latent_dim, width), g_bend(), nn.Linear(width, n_drawn), squash()),
            nn.Unflatten(1, drawn),
        )
        if drawn_frames:
            G.append(_Then(lambda clips: clips.expand(-1, n_frames, -1, -1, -1)))
        n_pixels = n_frames * 3 * frame_size * frame_size
        D = nn.Sequential(
            *(nn.Flatten(), nn.Linear(n_pixels, width), d_bend(), nn.Linear(width, 1)), *score
        )
        return G, D

    return build


def without_a_full_connection(
    *, n_frames: int, frame_size: int, latent_dim: int, width: int
) -> Players:
    """The code is laid out as a strip of pixels, and convolutions see neighbours only."""
    G = nn.Sequential(
        nn.Unflatten(1, (1, 1, latent_dim)),
        nn.Upsample((frame_size, frame_size)),
        nn.Conv2d(1, width, 3, padding=1),
        nn.ReLU(),
        nn.Conv2d(width, n_frames * 3, 3, padding=1),
        nn.Tanh(),
        nn.Unflatten(1, (n_frames, 3)),
    )
    return G, _right_d(n_frames, frame_size, width)


def frames_only(*, n_frames: int, frame_size: int, latent_dim: int, width: int) -> Players:
    """Right players for single frames: no time axis on either side."""
    n_pixels = 3 * frame_size * frame_size
    G = nn.Sequential(
        *(nn.Linear(latent_dim, width), nn.ReLU(), nn.Linear(width, n_pixels), nn.Tanh()),
        nn.Unflatten(1, (3, frame_size, frame_size)),
    )
    return G, _right_d(1, frame_size, width)


def channels_before_time(
    *, n_frames: int, frame_size: int, latent_dim: int, width: int
) -> Players:
    """Right players, but for the order of time and colours."""
    G, D = players()(
        n_frames=n_frames, frame_size=frame_size, latent_dim=latent_dim, width=width
    )
    return nn.Sequential(G, _Then(lambda clips: clips.transpose(1, 2))), D


def by_transposed_convolution(
    *, n_frames: int, frame_size: int, latent_dim: int, width: int
) -> Players:
    """Right: a dense seed of a picture, enlarged; T frames of 3 channels; D in 3-D."""
    side = (frame_size + 1) // 2
    G = nn.Sequential(
        nn.Linear(latent_dim, 2 * width * side * side),
        nn.Unflatten(1, (2 * width, side, side)),
        nn.LeakyReLU(0.2),
        nn.ConvTranspose2d(2 * width, n_frames * 3, 4, stride=2, padding=1),
        nn.Tanh(),
        nn.Unflatten(1, (n_frames, 3)),
        _Then(lambda clips: clips[..., :frame_size, :frame_size]),
    )
    D = nn.Sequential(
        _Then(lambda clips: clips.transpose(1, 2)),
        nn.Conv3d(3, width, 3, stride=(1, 2, 2), padding=1),
        nn.LeakyReLU(0.2),
        nn.Flatten(),
        nn.Linear(width * n_frames * side * side, 1),
        nn.Flatten(0),
    )
    return G, D


def deeper(*, n_frames: int, frame_size: int, latent_dim: int, width: int) -> Players:
    """Right: three hidden layers each, other activations, the shapes by hand."""
    clip = (n_frames, 3, frame_size, frame_size)
    n_pixels = n_frames * 3 * frame_size**2
    G, D = [nn.Linear(latent_dim, width)], [nn.Linear(n_pixels, width)]
    for _ in range(2):
        G += [nn.GELU(), nn.Linear(width, width)]
        D += [nn.LeakyReLU(0.2), nn.Linear(width, width)]
    G += [nn.GELU(), nn.Linear(width, n_pixels), nn.Tanh()]
    D += [nn.LeakyReLU(0.2), nn.Linear(width, 1)]
    return (
        nn.Sequential(*G, _Then(lambda x: x.view(len(x), *clip))),
        nn.Sequential(nn.Flatten(1), *D, _Then(lambda x: x[:, 0])),
    )


class _RollingGenerator(nn.Module):
    def __init__(self, n_frames: int, frame_size: int, latent_dim: int, width: int) -> None:
        super().__init__()
        self.n_frames, self.frame_size = n_frames, frame_size
        self.rnn = nn.GRU(latent_dim, width, batch_first=True)
        self.paint = nn.Linear(width, 3 * frame_size * frame_size)

    def forward(self, z: Tensor) -> Tensor:
        states, _ = self.rnn(z[:, None].expand(-1, self.n_frames, -1))
        return torch.tanh(self.paint(states)).unflatten(2, (3, *[self.frame_size] * 2))


def rolling(*, n_frames: int, frame_size: int, latent_dim: int, width: int) -> Players:
    """Right: a recurrent G that paints one state after the other."""
    G = _RollingGenerator(n_frames, frame_size, latent_dim, width)
    return G, _right_d(n_frames, frame_size, width)


def _right_d(n_frames: int, frame_size: int, width: int) -> nn.Module:
    n_pixels = n_frames * 3 * frame_size * frame_size
    return nn.Sequential(
        *(nn.Flatten(), nn.Linear(n_pixels, width), nn.ReLU(), nn.Linear(width, 1)),
        nn.Flatten(0),
    )
