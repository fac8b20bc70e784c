"""The leak lab: what tells real images from generated ones although neither is better.

Real images come out of files: whole bytes, often inside a frame of one exact colour. A
generator paints floats and hits neither. A discriminator that sees the difference wins
without ever looking at the content, so both sides must go through one function first.
"""

import torch
from torch import Tensor
from torch.nn import functional as F

_BELOW_THE_GRID = 0.45  # of a level: floats this near to a byte still round to it
_RING_LEVELS = 1.5  # how far, in levels, the lab's fakes miss the exact ring
_DUST = 1e-3  # of a level: float32's own rounding is no trace of anything
_RIDGE = 1.0  # of the probe's weights; keeps them finite where the sides part exactly
_NEWTON_STEPS = 25


def shared_preprocessing(images: Tensor, border: int) -> Tensor:
    r"""Cut off the ring at the border and put every pixel on the 8-bit grid.

    .. math:: level(x) = \mathrm{round}(127.5\,(x + 1)) / 127.5 - 1

    To be applied to real and generated images alike. Rounding is flat, so its gradient is 0
    and would tell G nothing: the gradient passes it by, as if nothing had been rounded.

    Args:
        images: (B, C, H, W) in [-1, 1]; what lies beyond goes to the nearer end.
        border: width of the ring in pixels; 0 cuts nothing. Twice as much is below H and W.

    Returns:
        (B, C, H - 2 border, W - 2 border) in [-1, 1], each value one of 256 levels: -1, 0 or
        0.01 becomes -1, 0.00392 or 0.01177. The gradient for a pixel that stays is 1.

    Example:
        >>> shared_preprocessing(torch.full((1, 1, 4, 5), 0.01), border=1)
        tensor([[[[0.0118, 0.0118, 0.0118],
                  [0.0118, 0.0118, 0.0118]]]])

    Lesson 04.
    """
    _, _, H, W = images.shape
    kept = images[:, :, border : H - border, border : W - border]
    level = ((kept + 1) * 127.5).round().clamp(0, 255) / 127.5 - 1
    return kept + (level - kept).detach()  # the value of level, the gradient of kept


def leaky_pair(images: Tensor, border: int, rng: torch.Generator) -> tuple[Tensor, Tensor]:
    """Split images into two sides that differ in their storage and in nothing else.

    Both sides show images of one kind, shuffled, so that content cannot tell them apart. The
    "real" side is made of exact bytes inside a black ring. The "fake" side is what a
    generator might paint at its very best: floats less than half a level away from a byte,
    and a ring that is almost black.

    Args:
        images: (2 N, C, H, W) in [-1, 1]; they are rounded to bytes first.
        border: width of the ring that is laid around them, in pixels.
        rng: shuffles, and draws what the fake side misses the bytes by.

    Returns:
        real and fake, each (N, C, H + 2 border, W + 2 border) in [-1, 1].
    """
    order = torch.randperm(len(images), generator=rng)
    levels = ((images[order] + 1) * 127.5).round()
    framed = F.pad(levels, (border, border, border, border))  # 0 is black
    real, fake = framed.chunk(2)
    ring = F.pad(torch.zeros_like(levels[:1, :1]), (border, border, border, border), value=1)
    missed = _BELOW_THE_GRID * (2 * torch.rand(fake.shape, generator=rng) - 1)
    grey = _RING_LEVELS * torch.randn(fake.shape, generator=rng).abs()
    painted = fake + torch.where(ring > 0, grey.to(fake), missed.to(fake))
    return real / 127.5 - 1, painted.clamp(0, 255) / 127.5 - 1


def leak_features(images: Tensor) -> Tensor:
    """Five numbers an image: two that see the storage's grid or ring, and plain content.

    Args:
        images: (B, C, H, W) in [-1, 1].

    Returns:
        (B, 5) float64, in this order: off_grid, the mean distance to the nearest byte, in
        levels (0 for stored images, 0.25 for floats that know nothing of bytes); ring_mean and
        ring_spread, mean and standard deviation over the outermost ring of pixels; mean and
        spread of the whole image.

    Example:
        >>> leak_features(torch.tensor([-1.0, 0.0, 1.0, 0.0]).view(1, 1, 2, 2))[0].tolist()
        [0.25, 0.0, 0.7071067811865476, 0.0, 0.7071067811865476]
    """
    images = images.double()
    levels = (images + 1) * 127.5
    distance = (levels - levels.round()).abs()
    off_grid = torch.where(distance > _DUST, distance, 0.0)
    rows = images[:, :, [0, -1]].flatten(1)
    columns = images[:, :, 1:-1][..., [0, -1]].flatten(1)
    ring = torch.cat([rows, columns], dim=1)
    whole = images.flatten(1)
    numbers = [off_grid.flatten(1).mean(1)]
    for pixels in (ring, whole):
        numbers += [pixels.mean(1), pixels.std(1, correction=0)]
    return torch.stack(numbers, dim=1)


def probe_accuracy(real_features: Tensor, fake_features: Tensor) -> float:
    """How well a straight line tells two sides apart on samples it has not seen.

    A logistic regression, fitted to every second sample of each side and tried on the
    others. It draws nothing: the same features give the same number.

    Args:
        real_features: (N, F), one row a sample; N at least 2.
        fake_features: (M, F).

    Returns:
        Share of right answers among the held-out samples, each side counting half: 0.5 where
        the features say nothing, 1 where they give the sides away.

    Example:
        >>> line = torch.arange(6.0)[:, None]
        >>> probe_accuracy(line, line + 6), probe_accuracy(line, line)
        (1.0, 0.5)
    """
    sides = [real_features.double(), fake_features.double()]
    fitted, held_out = ([side[start::2] for side in sides] for start in (0, 1))
    labels = torch.cat([torch.full((len(s),), 1.0 - k).double() for k, s in enumerate(fitted)])
    seen = torch.cat(fitted)
    centre, scale = seen.mean(0), seen.std(0, correction=0)
    scale = torch.where(scale > 0, scale, 1.0)  # a feature that never changes says nothing
    seen = (seen - centre) / scale
    axes = torch.linalg.svd(seen, full_matrices=False).Vh  # more features than samples: fewer
    weights = _logistic_weights(_with_offset(seen @ axes.T), labels)
    scores = [_with_offset((side - centre) / scale @ axes.T) @ weights for side in held_out]
    right = [_share_above(scores[0]), 1 - _share_above(scores[1])]
    return sum(right) / 2


def _with_offset(features: Tensor) -> Tensor:
    return torch.cat([features, torch.ones(len(features), 1).to(features)], dim=1)


def _share_above(scores: Tensor) -> float:
    """The share of scores above 0; a score of exactly 0 counts half."""
    return torch.sign(scores).mean().item() / 2 + 0.5


def _logistic_weights(features: Tensor, labels: Tensor) -> Tensor:
    """Newton's method on the logistic loss; (N, F + 1) and (N,) -> (F + 1,)."""
    ridge = torch.full((features.shape[1],), _RIDGE).to(features)
    ridge[-1] = 1e-9  # the offset is free
    weights = torch.zeros_like(ridge)
    for _ in range(_NEWTON_STEPS):
        probs = torch.sigmoid(features @ weights)
        slope = features.T @ (probs - labels) + ridge * weights
        bend = features.T @ (features * (probs * (1 - probs))[:, None]) + ridge.diag()
        weights = weights - torch.linalg.solve(bend, slope)
    return weights
