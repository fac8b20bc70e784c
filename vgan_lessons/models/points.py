"""The two players for points in the plane: small fully connected networks."""

import torch
from torch import Tensor, nn


def _hidden(n_in: int, width: int, n_hidden: int, slope: float) -> list[nn.Module]:
    layers: list[nn.Module] = []
    for _ in range(n_hidden):
        layers += [nn.Linear(n_in, width), nn.LeakyReLU(slope)]
        n_in = width
    return layers


class PointGenerator(nn.Module):
    """Bend a cloud of normal numbers into a cloud of points.

    Args:
        latent_dim: size of a latent.
        width: units of each hidden layer.
        n_hidden: hidden layers, at least 1.
        point_dim: size of a point; 2 is the plane.
    """

    def __init__(
        self, *, latent_dim: int = 2, width: int = 64, n_hidden: int = 2, point_dim: int = 2
    ) -> None:
        super().__init__()
        self.latent_dim = latent_dim
        self.layers = nn.Sequential(
            *_hidden(latent_dim, width, n_hidden, slope=0.0), nn.Linear(width, point_dim)
        )

    def draw_latents(self, n: int, rng: torch.Generator) -> Tensor:
        """Draw what a generator starts from.

        Args:
            n: how many.
            rng: the random source, on the generator's device.

        Returns:
            (n, latent_dim) standard normal.
        """
        return torch.randn(n, self.latent_dim, generator=rng, device=rng.device)

    def forward(self, z: Tensor) -> Tensor:
        """Turn latents into points.

        Args:
            z: (B, latent_dim).

        Returns:
            Points, (B, point_dim), any real values.
        """
        return self.layers(z)


class PointDiscriminator(nn.Module):
    """Score points, each by itself: is this one of the data?

    Args:
        width: units of each hidden layer.
        n_hidden: hidden layers, at least 1.
        point_dim: size of a point; 2 is the plane.
    """

    def __init__(self, *, width: int = 64, n_hidden: int = 2, point_dim: int = 2) -> None:
        super().__init__()
        self.layers = nn.Sequential(
            *_hidden(point_dim, width, n_hidden, slope=0.2), nn.Linear(width, 1)
        )

    def forward(self, points: Tensor) -> Tensor:
        """Score each point.

        Args:
            points: (B, point_dim).

        Returns:
            Logits, (B,).
        """
        return self.layers(points).squeeze(-1)


def new_point_players(
    seed: int, *, width: int = 64, latent_dim: int = 2
) -> tuple[PointGenerator, PointDiscriminator]:
    """Two fresh players for points of the plane, the same for the same seed everywhere.

    Args:
        seed: of the weights; the global random state is left alone.
        width: units of both hidden layers of both networks.
        latent_dim: size of a latent of G.
    """
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        generator = PointGenerator(width=width, latent_dim=latent_dim)
        return generator, PointDiscriminator(width=width)
