# ruff: noqa: F821
"""A published video GAN, written again in PyTorch with all of its faults.

Nothing here is a model to follow. `faults` says what is wrong and finds it, `mended` is the
same program in working order. One name below is defined nowhere: that is one of the faults.
"""

from collections.abc import Callable, Iterable, Iterator
from types import FunctionType

import torch
from torch import Tensor, nn

from vgan_lessons.article.program import Program, Train
from vgan_lessons.losses import article_d_loss, non_saturating_g_loss

UNDEFINED = "batch_size"  # the name that `train` uses and nobody defines


def build_players(
    *, n_frames: int, frame_size: int, latent_dim: int, width: int
) -> tuple[nn.Module, nn.Module]:
    """Build both players as published: halvings only, and nothing between the convolutions.

    Args:
        n_frames: ignored, there is no time axis.
        frame_size: height and width of D's frames; published: 100.
        latent_dim: ignored, G takes noise with the layout of a picture.
        width: channels of the first layer; published: 64, which grows to 1024.

    Returns:
        generator: noise (B, 3, frame_size, frame_size) -> (B, 3, 1, 1) for up to 1024 pixels.
        discriminator: frames (B, 3, frame_size, frame_size) -> probabilities (B,).
    """

    def halving(n_in, n_out):
        same = nn.Conv2d(n_in, n_out, 3, padding=1)
        return [same, nn.Conv2d(n_out, n_out, 3, stride=2, padding=1)]

    g_layers, d_layers, n_in = [], [], 3
    for stage, times in enumerate([1, 2, 4, 8, 16, 16, 8, 4, 2, 1]):
        g_layers += halving(n_in, times * width)
        if stage < 5:
            d_layers += halving(n_in, times * width)
        n_in = times * width
    g_layers += [nn.Conv2d(n_in, 3, 3, padding=1), nn.Conv2d(3, 3, 3, padding=1)]
    side = (frame_size + 31) // 32  # what five halvings leave
    d_layers += [nn.Flatten(), nn.Linear(16 * width * side * side, 1)]
    d_layers += [nn.Sigmoid(), nn.Flatten(0)]
    return nn.Sequential(*g_layers), nn.Sequential(*d_layers)


def train(
    generator: nn.Module,
    discriminator: nn.Module,
    g_optim: torch.optim.Optimizer,
    d_optim: torch.optim.Optimizer,
    real_batches: Iterable[Tensor],
    sample_latents: Callable[[int], Tensor],
) -> Iterator[tuple[float, float]]:
    """Train as published: nobody moves, and nobody says so.

    Args:
        generator: noise -> fakes.
        discriminator: samples -> scores.
        g_optim: over the generator's parameters.
        d_optim: over the discriminator's parameters.
        real_batches: only counted; what is in them, (B, ...), is never looked at.
        sample_latents: batch size -> noise; asked once, for a size that is defined nowhere.

    Yields:
        (d_loss, g_loss), the same number twice.

    Raises:
        NameError: before the first round.
    """
    noise = sample_latents(batch_size)
    for _ in real_batches:
        # the discriminator's turn
        score = discriminator(generator(noise)).mean().item()
        d_loss = torch.tensor(score, requires_grad=True)
        g_optim.zero_grad()
        d_loss.backward()
        g_optim.step()

        # the generator's turn
        score = discriminator(generator(noise)).mean().item()
        g_loss = torch.tensor(score, requires_grad=True)
        d_optim.zero_grad()
        g_loss.backward()
        d_optim.step()
        yield d_loss.item(), g_loss.item()


PUBLISHED = Program(
    build_players=build_players,
    train=train,
    d_objective=article_d_loss,
    g_objective=non_saturating_g_loss,
)


def lend_batch_size(train: Train, batch_size: int) -> Train:
    """Give a training function the name it looks for in vain, so that its other faults show.

    Args:
        train: its own code stays as it is.
        batch_size: what the name is to stand for where nothing else defines it.

    Returns:
        The same code with one more global name; the function itself if it needs none.
    """
    code = getattr(train, "__code__", None)
    if code is None or UNDEFINED not in code.co_names or UNDEFINED in train.__globals__:
        return train
    lent = {**train.__globals__, UNDEFINED: batch_size}
    return FunctionType(code, lent, train.__name__, train.__defaults__, train.__closure__)
