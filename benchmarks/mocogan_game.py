"""How MoCoGAN is trained: as the paper has it, and the same networks without the waste."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from benchmarks.mocogan import MocoClipCritic, MocoFrameCritic, MocoGenerator
from vgan_lessons.runtime import new_rng

ADAM = {"lr": 2e-4, "betas": (0.5, 0.999), "weight_decay": 1e-5}


class RealBatch(NamedTuple):
    """What one step sees of the data."""

    frames: Tensor  # (B, 3, H, W) float32 in [-1, 1], each of another clip
    clips: Tensor  # (B, T, 3, H, W)


@dataclass(kw_only=True)
class MocoGame:
    """Three networks, an optimiser each, and the source of every draw."""

    generator: MocoGenerator
    frame_critic: MocoFrameCritic
    clip_critic: MocoClipCritic
    optims: dict[str, torch.optim.Optimizer]  # generator, frame_critic, clip_critic
    rng: torch.Generator


Step = Callable[[MocoGame, RealBatch], None]


def new_mocogan(
    *, image_size: int, width: int, seed: int, on: torch.device, fused: bool = False
) -> MocoGame:
    """Set up a game before its first move.

    Args:
        image_size: H and W.
        width: channels of the outermost layers; the paper's are 64.
        seed: of weights and draws.
        on: the device of the networks.
        fused: let one kernel update all weights, as our loop does.
    """
    with torch.random.fork_rng(devices=[]):  # initial weights come from the global source
        torch.manual_seed(seed)
        sizes = {"image_size": image_size, "width": width}
        networks = {
            "generator": MocoGenerator(**sizes),
            "frame_critic": MocoFrameCritic(**sizes),
            "clip_critic": MocoClipCritic(**sizes),
        }
    for network in networks.values():
        network.to(on)
    optims = {
        name: torch.optim.Adam(network.parameters(), **ADAM, fused=fused or None)
        for name, network in networks.items()
    }
    return MocoGame(**networks, optims=optims, rng=new_rng(seed, on))


def step_as_published(game: MocoGame, real: RealBatch) -> None:
    """Frame critic, clip critic, generator: each update draws fakes of its own.

    Args:
        game: changed in place.
        real: B frames and B clips.
    """
    B, T = real.clips.shape[:2]
    fakes = _lone_frames(game, B, T)
    loss = _critic_loss(game.frame_critic(real.frames), game.frame_critic(fakes.detach()))
    _update(game.optims["frame_critic"], loss)

    latents = game.generator.draw_latents(B, T, game.rng)
    fake_clips = game.generator(latents).detach()
    real_logits, _ = game.clip_critic(real.clips)
    fake_logits, guess = game.clip_critic(fake_clips)
    loss = _critic_loss(real_logits, fake_logits) + F.cross_entropy(guess, latents.action)
    _update(game.optims["clip_critic"], loss)

    fakes = _lone_frames(game, B, T)
    latents = game.generator.draw_latents(B, T, game.rng)
    fake_logits, guess = game.clip_critic(game.generator(latents))
    loss = _fool(game.frame_critic(fakes)) + _fool(fake_logits)
    _update(game.optims["generator"], loss + F.cross_entropy(guess, latents.action))


def step_lean(game: MocoGame, real: RealBatch) -> None:
    """The same games in our loop's manner: nothing is drawn, painted or derived twice.

    One batch of fakes serves all three updates, its frames are picked from its clips, and the
    critics get no gradient in the generator's turn.

    Args:
        game: changed in place.
        real: B clips, and a frame of each.
    """
    B, T = real.clips.shape[:2]
    latents = game.generator.draw_latents(B, T, game.rng)
    fake_clips = game.generator(latents)
    picked = torch.randint(T, (B,), generator=game.rng, device=game.rng.device)
    fake_frames = fake_clips[torch.arange(B, device=picked.device), picked]

    logits = game.frame_critic(real.frames), game.frame_critic(fake_frames.detach())
    _update(game.optims["frame_critic"], _critic_loss(*logits))
    real_logits, _ = game.clip_critic(real.clips)
    fake_logits, guess = game.clip_critic(fake_clips.detach())
    loss = _critic_loss(real_logits, fake_logits) + F.cross_entropy(guess, latents.action)
    _update(game.optims["clip_critic"], loss)

    critics: tuple[nn.Module, ...] = (game.frame_critic, game.clip_critic)
    for critic in critics:
        critic.requires_grad_(False)
    fake_logits, guess = game.clip_critic(fake_clips)
    loss = _fool(game.frame_critic(fake_frames)) + _fool(fake_logits)
    _update(game.optims["generator"], loss + F.cross_entropy(guess, latents.action))
    for critic in critics:
        critic.requires_grad_(True)


def _lone_frames(game: MocoGame, n: int, n_frames: int) -> Tensor:
    """One frame each of n clips of their own, (n, 3, H, W)."""
    latents = game.generator.draw_latents(n, n_frames, game.rng)
    index = torch.randint(n_frames, (n, 1), generator=game.rng, device=game.rng.device)
    return game.generator(latents, index)[:, 0]


def _critic_loss(real_logits: Tensor, fake_logits: Tensor) -> Tensor:
    """Cross-entropy over patches: real ones are 1, fakes are 0."""
    real, fake = real_logits.float(), fake_logits.float()
    return F.softplus(-real).mean() + F.softplus(fake).mean()


def _fool(fake_logits: Tensor) -> Tensor:
    return F.softplus(-fake_logits.float()).mean()


def _update(optim: torch.optim.Optimizer, loss: Tensor) -> None:
    optim.zero_grad(set_to_none=True)
    loss.backward()
    optim.step()
