"""The published program in working order, part by part: same signatures, none of its faults.

The players are the smallest that make a clip at all: fully connected, one row of numbers for
every pixel of every frame. They have a time axis and no idea of time, and they grow with the
number of pixels: lesson 05 builds frames from convolutions, lessons 06 to 08 build motion.
"""

from collections.abc import Callable, Iterable, Iterator

import torch
from torch import Tensor, nn
from torch.nn import functional as F


def build_players(
    *, n_frames: int, frame_size: int, latent_dim: int, width: int
) -> tuple[nn.Module, nn.Module]:
    """Build the smallest pair of players for clips in colour.

    Args:
        n_frames: T of the clips.
        frame_size: height and width in pixels.
        latent_dim: size of the code that G starts from.
        width: units of the one hidden layer of each.

    Returns:
        generator: codes (B, latent_dim) -> clips (B, n_frames, 3, frame_size, frame_size) in
            [-1, 1], every pixel a bend of every number of the code.
        discriminator: clips -> logits (B,), any real numbers.

    Example:
        >>> G, D = build_players(n_frames=4, frame_size=10, latent_dim=8, width=16)
        >>> clips = G(torch.zeros(2, 8))
        >>> clips.shape, D(clips).shape
        (torch.Size([2, 4, 3, 10, 10]), torch.Size([2]))

    Lesson 04.
    """
    clip_shape = (n_frames, 3, frame_size, frame_size)
    n_pixels = n_frames * 3 * frame_size * frame_size
    generator = nn.Sequential(
        nn.Linear(latent_dim, width),
        nn.ReLU(),
        nn.Linear(width, n_pixels),
        nn.Tanh(),
        nn.Unflatten(1, clip_shape),
    )
    discriminator = nn.Sequential(
        nn.Flatten(),
        nn.Linear(n_pixels, width),
        nn.ReLU(),
        nn.Linear(width, 1),
        nn.Flatten(0),
    )
    return generator, discriminator


def train(
    generator: nn.Module,
    discriminator: nn.Module,
    g_optim: torch.optim.Optimizer,
    d_optim: torch.optim.Optimizer,
    real_batches: Iterable[Tensor],
    sample_latents: Callable[[int], Tensor],
) -> Iterator[tuple[float, float]]:
    """Play the logistic game, one round for each real batch: first D's turn, then G's.

    Args:
        generator: latents -> fakes.
        discriminator: samples -> logits, (B,) or (B, ...).
        g_optim: over the generator's parameters.
        d_optim: over the discriminator's parameters.
        real_batches: tensors (B, ...), gone through once.
        sample_latents: batch size -> fresh latents; asked in every turn.

    Yields:
        (d_loss, g_loss) of each round as plain numbers, each taken before its player moved:
        2 ln 2 = 1.386 and ln 2 = 0.693 for a silent D.

    Lesson 04. Goodfellow et al. 2014, Generative Adversarial Nets, arXiv:1406.2661.
    """
    for real in real_batches:
        # the discriminator's turn
        fake = generator(sample_latents(len(real))).detach()  # G stands still
        real_logits, fake_logits = discriminator(real), discriminator(fake)
        d_loss = F.softplus(-real_logits).mean() + F.softplus(fake_logits).mean()
        d_optim.zero_grad()
        d_loss.backward()
        d_optim.step()

        # the generator's turn
        fake_logits = discriminator(generator(sample_latents(len(real))))
        g_loss = F.softplus(-fake_logits).mean()  # it falls when D believes the fakes
        g_optim.zero_grad()
        g_loss.backward()  # leaves gradients on D, too: D's own zero_grad clears them
        g_optim.step()
        yield d_loss.item(), g_loss.item()
