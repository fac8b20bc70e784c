"""Right answers to lesson 08, continued: the round and the loop in other hands."""

import math

import torch
from torch import nn
from torch.nn import functional as F

from vgan_lessons.losses import relativistic_d_loss, relativistic_g_loss
from vgan_lessons.penalties import r1_penalty, r2_penalty, squared_gradient_norm
from vgan_lessons.training import StepLog, ema_decay_at, ema_update, video_gan_round
from vgan_lessons.training.windows import draw_window


def _round_by_functions(gan, config, real, latents, window):
    """The penalties of lesson 03, the game written by hand."""

    def score(clips):
        frames = window.pick(clips)
        return (
            gan.clip_discriminator(clips, stride=window.stride),
            gan.frame_discriminator(frames),
        )

    fake = gan.generator(latents, window.index)
    cut = fake.detach()
    on_real, on_fake = score(real), score(cut)
    d_loss = sum(map(relativistic_d_loss, on_real, on_fake))
    objective = d_loss
    if gan.step % config.penalty_every == 0:
        for judge, given in (
            (lambda c: gan.clip_discriminator(c, stride=window.stride), lambda c: c),
            (gan.frame_discriminator, window.pick),
        ):
            slope = r1_penalty(judge, given(real), config.r1_gamma)
            slope = slope + r2_penalty(judge, given(cut), config.r2_gamma)
            objective = objective + config.penalty_every * slope
    gan.d_optim.zero_grad()
    objective.backward()
    gan.d_optim.step()
    margins = torch.stack([r.mean() - f.mean() for r, f in zip(on_real, on_fake, strict=True)])
    g_loss = sum(
        relativistic_g_loss(r.detach(), f)
        for r, f in zip(score(real), score(fake), strict=True)
    )
    gan.g_optim.zero_grad()
    g_loss.backward(inputs=list(gan.generator.parameters()))
    gan.g_optim.step()
    ema_update(gan.generator_ema, gan.generator, ema_decay_at(gan.step, config.ema_decay))
    return d_loss.detach(), g_loss.detach(), margins.detach()


def _round_by_freezing(gan, config, real, latents, window):
    """Fakes made anew for each turn, discriminators frozen for G's."""
    judges = nn.ModuleList([gan.clip_discriminator, gan.frame_discriminator])

    def views(clips):
        return clips, window.pick(clips)

    def logits(clips, frames):
        return judges[0](clips, stride=window.stride), judges[1](frames)

    with torch.no_grad():
        fake = gan.generator(latents, window.index)
    seen = [part.clone().requires_grad_() for part in (*views(real), *views(fake))]
    real_logits, fake_logits = logits(*seen[:2]), logits(*seen[2:])
    d_loss = margins = 0
    for r, f in zip(real_logits, fake_logits, strict=True):
        d_loss = d_loss + F.softplus(f - r).mean()
    margins = [
        (r.mean() - f.mean()).item() for r, f in zip(real_logits, fake_logits, strict=True)
    ]
    penalty = torch.zeros(())
    if gan.step % config.penalty_every == 0:
        gammas = [config.r1_gamma] * 2 + [config.r2_gamma] * 2
        for out, at, gamma in zip((*real_logits, *fake_logits), seen, gammas, strict=True):
            penalty = penalty + gamma / 2 * squared_gradient_norm(out, at).mean()
    gan.d_optim.zero_grad()
    (d_loss + config.penalty_every * penalty).backward()
    gan.d_optim.step()

    judges.requires_grad_(False)
    fake = gan.generator(latents, window.index)
    pairs = zip(logits(*views(real)), logits(*views(fake)), strict=True)
    g_loss = sum(F.softplus(r - f).mean() for r, f in pairs)
    gan.g_optim.zero_grad()
    g_loss.backward()
    gan.g_optim.step()
    judges.requires_grad_(True)
    ema_update(gan.generator_ema, gan.generator, ema_decay_at(gan.step, config.ema_decay))
    return d_loss.item(), g_loss.item(), torch.tensor(margins)


def _round_by_autograd(gan, config, real, latents, window):
    """Gradients asked for and put in place."""
    fake = gan.generator(latents, window.index)
    everything = torch.cat([real, fake.detach()]).requires_grad_()
    singles = torch.cat([window.pick(real), window.pick(fake.detach())]).requires_grad_()
    clip_logits = gan.clip_discriminator(everything, stride=window.stride)
    frame_logits = gan.frame_discriminator(singles)
    objective, d_loss, margins = 0, 0, []
    due = config.penalty_every if gan.step % config.penalty_every == 0 else 0
    for logits, inputs in ((clip_logits, everything), (frame_logits, singles)):
        r, f = logits.chunk(2)
        d_loss = d_loss + torch.nn.functional.softplus(f - r).mean()
        margins.append(r.detach().mean() - f.detach().mean())
        if due:
            (slope,) = torch.autograd.grad(logits.sum(), inputs, create_graph=True)
            at_real, at_fake = slope.square().flatten(1).sum(1).chunk(2)
            objective = objective + due / 2 * (
                config.r1_gamma * at_real.mean() + config.r2_gamma * at_fake.mean()
            )
    weights = [w for group in gan.d_optim.param_groups for w in group["params"]]
    for w, g in zip(weights, torch.autograd.grad(d_loss + objective, weights), strict=True):
        w.grad = g
    gan.d_optim.step()
    with torch.no_grad():
        reals = (
            gan.clip_discriminator(real, stride=window.stride),
            gan.frame_discriminator(window.pick(real)),
        )
    g_loss = relativistic_g_loss(
        reals[0], gan.clip_discriminator(fake, stride=window.stride)
    ) + relativistic_g_loss(reals[1], gan.frame_discriminator(window.pick(fake)))
    weights = list(gan.generator.parameters())
    for w, g in zip(weights, torch.autograd.grad(g_loss, weights), strict=True):
        w.grad = g
    gan.g_optim.step()
    ema_update(gan.generator_ema, gan.generator, ema_decay_at(gan.step, config.ema_decay))
    return d_loss.detach(), g_loss.detach(), torch.stack(margins)


def _train_for(gan, bank, config):
    if bank.image_size != config.image_size:
        raise ValueError("another size")
    for step in range(gan.step + 1, config.n_steps + 1):
        gan.step = step
        rate = config.rate_at(step)
        gan.g_optim.param_groups[0]["lr"] = config.g_lr * rate
        gan.d_optim.param_groups[0]["lr"] = config.d_lr * rate
        window = draw_window(config, step, config.batch_size, gan.rng)
        clips = {"n_frames": config.window_frames, "stride": window.stride, "rng": gan.rng}
        real = bank.sample_clips(config.batch_size, **clips)
        latents = gan.generator.draw_latents(config.batch_size, config.n_frames, gan.rng)
        d_loss, g_loss, margins = video_gan_round(gan, config, real, latents, window)
        if step % config.log_every == 0 or step == config.n_steps:
            yield StepLog(step, float(d_loss), float(g_loss), *map(float, margins))


class _Training:
    """An iterator by class: each `next` plays on to the next log."""

    def __init__(self, gan, bank, config):
        if config.image_size != bank.image_size:
            raise ValueError(f"{bank.image_size} pixels")
        self.gan, self.bank, self.config = gan, bank, config

    def __iter__(self):
        return self

    def __next__(self):
        gan, config = self.gan, self.config
        if gan.step >= config.n_steps:
            raise StopIteration
        every = config.log_every
        until = min(config.n_steps, math.floor(gan.step / every) * every + every)
        while gan.step < until:
            seen = self._round()
        return StepLog(gan.step, seen[0].item(), seen[1].item(), *seen[2].tolist())

    def _round(self):
        gan, config, n = self.gan, self.config, self.config.batch_size
        gan.step += 1
        for side in ("g", "d"):
            lr = getattr(config, f"{side}_lr") * config.rate_at(gan.step)
            getattr(gan, f"{side}_optim").param_groups[0]["lr"] = lr
        window = draw_window(config, gan.step, n, gan.rng)
        latents = gan.generator.draw_latents(n, config.n_frames, gan.rng)
        K = config.window_frames
        real = self.bank.sample_clips(n, n_frames=K, stride=window.stride, rng=gan.rng)
        with torch.no_grad():  # a round may ask its discriminators as often as it likes
            gan.clip_discriminator(real, stride=window.stride)
        return video_gan_round(gan, config, real, latents, window)


def _train_in_stretches(gan, bank, config):
    if bank.image_size != config.image_size:
        raise ValueError("clips of another size")

    def play():
        gan.step += 1
        rate, n = config.rate_at(gan.step), config.batch_size
        for optim, lr in ((gan.d_optim, config.d_lr), (gan.g_optim, config.g_lr)):
            for group in optim.param_groups:
                group["lr"] = rate * lr
        window = draw_window(config, gan.step, n, gan.rng)
        real = bank.sample_clips(
            n, n_frames=config.window_frames, stride=window.stride, rng=gan.rng
        )
        latents = gan.generator.draw_latents(n, config.n_frames, gan.rng)
        return video_gan_round(gan, config, real, latents, window)

    while gan.step < config.n_steps:
        d_loss, g_loss, (clip_margin, frame_margin) = play()
        last = gan.step == config.n_steps
        if last or not gan.step % config.log_every:
            numbers = (n.item() for n in (d_loss, g_loss, clip_margin, frame_margin))
            yield StepLog(gan.step, *numbers)


ANSWERS = {
    "video_gan_round": {
        "penalties of lesson 03": _round_by_functions,
        "fakes made twice": _round_by_freezing,
        "gradients asked for": _round_by_autograd,
    },
    "train_video": {
        "a for loop": _train_for,
        "an iterator by class": _Training,
        "in stretches": _train_in_stretches,
    },
}
