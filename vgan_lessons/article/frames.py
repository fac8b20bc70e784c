"""The published frame size, 100x100 in three colours, from a pair that does make it."""

from torch import Tensor, nn


class _Cropped(nn.Module):
    """The middle of pictures that came out too large."""

    def __init__(self, side: int) -> None:
        super().__init__()
        self.side = side

    def forward(self, pictures: Tensor) -> Tensor:
        """(B, C, H, W) -> (B, C, side, side)."""
        first = (pictures.shape[-1] - self.side) // 2
        last = first + self.side
        return pictures[..., first:last, first:last]


def build_frame_players(
    *, frame_size: int, latent_dim: int, width: int
) -> tuple[nn.Module, nn.Module]:
    """Build a pair of convolutional players for colour frames of any size.

    G doubles four times from the smallest square that is large enough, and cuts the rest off.

    Args:
        frame_size: height and width in pixels, at least 16; the article says 100.
        latent_dim: size of a latent.
        width: channels at the full size.

    Returns:
        generator: latents (B, latent_dim) -> frames (B, 3, frame_size, frame_size) in [-1, 1].
        discriminator: frames -> logits (B,), any real numbers.

    Example:
        >>> import torch
        >>> G, D = build_frame_players(frame_size=100, latent_dim=8, width=4)
        >>> frames = G(torch.zeros(2, 8))
        >>> frames.shape, D(frames).shape
        (torch.Size([2, 3, 100, 100]), torch.Size([2]))

    Lesson 05.
    """
    side, most = -(-frame_size // 16), 8 * width  # rounded up, so that nothing is missing
    painting: list[nn.Module] = [nn.Linear(latent_dim, most * side**2)]
    painting += [nn.Unflatten(1, (most, side, side))]
    scoring: list[nn.Module] = []
    for n_out in (4 * width, 2 * width, width):
        raised = nn.ConvTranspose2d(2 * n_out, n_out, 4, stride=2, padding=1)
        painting += [nn.GroupNorm(1, 2 * n_out), nn.ReLU(), raised]
    coloured = nn.ConvTranspose2d(width, 3, 4, stride=2, padding=1)
    painting += [nn.GroupNorm(1, width), nn.ReLU(), coloured]
    painting += [_Cropped(frame_size), nn.Tanh()]
    n_in = 3
    for n_out in (width, 2 * width, 4 * width, most):
        scoring += [nn.Conv2d(n_in, n_out, 4, stride=2, padding=1), nn.ReLU()]
        n_in = n_out
    scoring += [nn.Flatten(), nn.Linear(most * (frame_size // 16) ** 2, 1), nn.Flatten(0)]
    return nn.Sequential(*painting), nn.Sequential(*scoring)
