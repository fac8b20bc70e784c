"""One adversarial loop, handed out step by step so that the caller keeps the wheel."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from vgan_lessons.training.ema import ema_update
from vgan_lessons.training.steps import Loss, Penalty, d_step, g_step


@dataclass(frozen=True, kw_only=True)
class GanTrainConfig:
    """Every number the loop uses; a field that the loop does not read may not exist."""

    n_steps: int = 1000  # generator updates
    n_critic: int = 1  # discriminator updates per generator update; the WGAN paper uses 5
    d_lr: float = 4e-3  # Adam step size of D
    g_lr: float = 4e-3  # Adam step size of G
    betas: tuple[float, float] = (0.5, 0.9)  # Adam moments of both; 0.5 is the GAN habit
    ema_decay: float = 0.995  # per step; how slowly generator_ema follows, if there is one
    log_every: int = 50  # generator updates between two logs; reading makes a GPU wait

    def __post_init__(self) -> None:
        for name in ("n_steps", "n_critic", "log_every"):
            if getattr(self, name) < 1:
                raise ValueError(f"{name} must be at least 1, got {getattr(self, name)}")


@dataclass(frozen=True)
class GanLog:
    """The state of the game after `step` updates of G, as plain floats."""

    step: int
    d_loss: float  # D's last loss, without the penalty
    g_loss: float
    real_logit: float  # means over the batch that G was updated on
    fake_logit: float
    d_grad_norm: float  # length of the gradient of each player's last step
    g_grad_norm: float


def train_gan(
    generator: nn.Module,
    discriminator: nn.Module,
    real_batches: Iterable[Tensor],
    sample_latents: Callable[[int], Tensor],
    *,
    d_loss_fn: Loss,
    g_loss_fn: Loss,
    config: GanTrainConfig,
    penalty: Penalty | None = None,
    generator_ema: nn.Module | None = None,
) -> Iterator[GanLog]:
    """Alternate D and G updates, handing a log back every `log_every` of them.

    The caller iterates, so plots, checkpoints and early stops are ordinary loop code.

    Args:
        generator: latents -> fakes, in the shape and range of the real batches.
        discriminator: samples -> logits, (B,) or (B, ...).
        real_batches: float32 on the models' device; n_critic are drawn per step.
        sample_latents: batch size -> latents on the generator's device; every update of
            either player draws its own.
        d_loss_fn: (real_logits, fake_logits) -> scalar that D minimises.
        g_loss_fn: (real_logits, fake_logits) -> scalar that G minimises.
        config: the numbers.
        penalty: (discriminator, real, fake) -> scalar, added to what D minimises.
        generator_ema: a copy of the generator that follows it as a moving average.

    Yields:
        GanLog every log_every steps, and at the last; fewer if real_batches runs out.

    Lesson 04. Goodfellow et al. 2014, arXiv:1406.2661, algorithm 1 (n_critic is its k).
    """
    adam = {"betas": config.betas, "fused": True}
    d_optim = torch.optim.Adam(discriminator.parameters(), lr=config.d_lr, **adam)
    g_optim = torch.optim.Adam(generator.parameters(), lr=config.g_lr, **adam)
    batches, g_loss_heard = iter(real_batches), _Overheard(g_loss_fn)
    players = (generator, discriminator)

    for step in range(1, config.n_steps + 1):
        for _ in range(config.n_critic):
            real = next(batches, None)
            if real is None:
                return
            d_loss = d_step(
                *players, d_optim, d_loss_fn, real, sample_latents(len(real)), penalty
            )
        g_loss = g_step(*players, g_optim, g_loss_heard, real, sample_latents(len(real)))
        if generator_ema is not None:
            ema_update(generator_ema, generator, config.ema_decay)
        if step % config.log_every == 0 or step == config.n_steps:
            scalars = (
                d_loss,
                g_loss,
                *g_loss_heard.means(),
                *map(_gradient_norm, players[::-1]),
            )
            yield GanLog(step, *(scalar.item() for scalar in scalars))


class _Overheard:
    """A loss that remembers the logits it was last shown, so that a log can name them."""

    def __init__(self, loss_fn: Loss) -> None:
        self._loss_fn = loss_fn

    def __call__(self, real_logits: Tensor, fake_logits: Tensor) -> Tensor:
        self._logits = real_logits.detach(), fake_logits.detach()
        return self._loss_fn(real_logits, fake_logits)

    def means(self) -> tuple[Tensor, Tensor]:
        real_logits, fake_logits = self._logits
        return real_logits.mean(), fake_logits.mean()


def _gradient_norm(player: nn.Module) -> Tensor:
    gradients = [p.grad for p in player.parameters() if p.grad is not None]
    return torch.linalg.vector_norm(torch.stack(torch._foreach_norm(gradients)))
