"""A training function on the ring of Gaussians: what it is worth, in numbers."""

from itertools import islice
from typing import NamedTuple

import torch
from torch import Tensor

from vgan_lessons.article.program import Train
from vgan_lessons.article.published import lend_batch_size
from vgan_lessons.datasets.points import SIGMA, ring_batches, ring_centres
from vgan_lessons.metrics.modes import ModeCoverage, mode_coverage
from vgan_lessons.models.points import new_point_players

BATCH_SIZE, WIDTH, LR, BETAS = 256, 64, 2e-3, (0.5, 0.999)


class RingResult(NamedTuple):
    """What came out of one training on the ring."""

    points: Tensor  # (n_points, 2), G's, after the last round
    coverage: ModeCoverage  # of the eight modes by these points
    moved: bool  # whether any weight of either player is another than at the start


def train_on_the_ring(
    train: Train, *, n_rounds: int = 1000, n_points: int = 2000, seed: int = 0
) -> RingResult:
    """Train two small players on eight Gaussians in a ring, with the loop that is given.

    The mended loop covers all eight modes within 1000 rounds, about five CPU-seconds. A loop
    that looks for a batch size in vain is lent the one of the real batches, so that it runs
    at all.

    Args:
        train: as `program.Train`; its pairs of losses are passed over.
        n_rounds: real batches, of 256 points each.
        n_points: drawn from G at the end.
        seed: of the weights, the data and the latents; global random state is left alone.

    Returns:
        RingResult.
    """
    rng = torch.Generator().manual_seed(seed)
    players = new_point_players(seed, width=WIDTH)
    generator = players[0]
    before = [p.detach().clone() for player in players for p in player.parameters()]
    adam = {"lr": LR, "betas": BETAS, "fused": True}
    optims = [torch.optim.Adam(player.parameters(), **adam) for player in players]

    def sample_latents(n: int) -> Tensor:
        return generator.draw_latents(n, rng)

    batches = islice(ring_batches(BATCH_SIZE, rng=rng), n_rounds)
    for _ in lend_batch_size(train, BATCH_SIZE)(*players, *optims, batches, sample_latents):
        pass
    after = [p.detach() for player in players for p in player.parameters()]
    moved = any(not torch.equal(old, new) for old, new in zip(before, after, strict=True))
    with torch.no_grad():
        points = generator(sample_latents(n_points))
    return RingResult(points, mode_coverage(points, ring_centres(), SIGMA), moved)
