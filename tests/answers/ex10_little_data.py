"""Lesson 10, written differently."""

import itertools
import math

import numpy as np
import torch
from torch.nn import functional as F

from vgan_lessons.augment import (
    cut_out,
    scale_contrast,
    scale_saturation,
    shift_brightness,
    translate,
)
from vgan_lessons.losses import relativistic_d_loss, relativistic_g_loss


def _fits(clips, probability):
    if clips.dim() != 5 or probability < 0 or probability > 1:
        raise ValueError("clips (B, T, C, H, W), a probability")


def _augment_by_where(clips, probability, rng):
    """Coins as booleans, amounts by torch.where."""
    _fits(clips, probability)
    B, _, _, H, W = clips.shape
    draws = torch.rand(10, B, generator=rng, device=rng.device)
    draws = draws.to(clips.device)
    heads, u = draws[:3] < probability, draws[3:]
    one, nothing = torch.ones_like(u[0]), torch.zeros_like(u[0])
    clips = shift_brightness(clips, torch.where(heads[0], u[0] - 0.5, nothing))
    clips = scale_saturation(clips, torch.where(heads[0], 2 * u[1], one))
    clips = scale_contrast(clips, torch.where(heads[0], 0.5 + u[2], one))
    down = torch.where(heads[1], (2 * u[3] - 1) * H / 8, nothing).round().long()
    right = torch.where(heads[1], (2 * u[4] - 1) * W / 8, nothing).round().long()
    clips = translate(clips, down, right)
    side = min(H, W) // 2
    size = heads[2].long() * side
    top = (u[5] * (H + 1)).floor().long() - side // 2
    left = (u[6] * (W + 1)).floor().long() - side // 2
    return cut_out(clips, top, left, size)


def _augment_by_hand(clips, probability, rng):
    """No function of the library: broadcasting, rolled and masked pixels, clip by clip."""
    _fits(clips, probability)
    H, W = clips.shape[3:]
    B = len(clips)
    table = torch.rand(10, B, generator=rng, device=rng.device).T.to(clips.device)
    made = []
    for clip, (a, b, c, bright, sat, con, down, right, top, left) in zip(
        clips, table, strict=True
    ):
        if a < probability:
            clip = clip + (2 * bright - 1).to(clip) / 2
            grey = clip.mean(1, keepdim=True)
            clip = grey + 2 * sat.to(clip) * (clip - grey)
            clip = clip.mean() + (0.5 + con.to(clip)) * (clip - clip.mean())
        if b < probability:
            dy = int(torch.round((2 * down - 1) * H / 8))
            dx = int(torch.round((2 * right - 1) * W / 8))
            padded = F.pad(clip, (W, W, H, H))
            clip = padded[:, :, H - dy : 2 * H - dy, W - dx : 2 * W - dx]
        if c < probability:
            size = min(H, W) // 2
            y, x = int(top * (H + 1)) - size // 2, int(left * (W + 1)) - size // 2
            keep = torch.ones(H, W, device=clip.device, dtype=clip.dtype)
            keep[max(0, y) : max(0, y + size), max(0, x) : max(0, x + size)] = 0
            clip = clip * keep
        made.append(clip)
    return torch.stack(made)


def _augment_in_one_go(clips, probability, rng):
    """Colour as one affine map of each pixel; coins as numbers."""
    _fits(clips, probability)
    B, _, _, H, W = clips.shape
    coins, u = (
        torch.rand(10, B, generator=rng, device=rng.device).to(clips.device).split([3, 7])
    )
    coins = (coins < probability).to(clips)
    u = u.to(clips)

    def each(amount):
        return amount.reshape(B, 1, 1, 1, 1)

    seen = clips + each(coins[0] * (u[0] - 0.5))
    seen = torch.lerp(seen.mean(2, keepdim=True), seen, each(1 + coins[0] * (2 * u[1] - 1)))
    middle = seen.mean((1, 2, 3, 4), keepdim=True)
    seen = torch.lerp(middle, seen, each(1 + coins[0] * (u[2] - 0.5)))
    by = [(coins[1] * (2 * u[3 + k] - 1) * n / 8).round().long() for k, n in enumerate((H, W))]
    side = min(H, W) // 2
    places = [(u[5 + k] * (n + 1)).long() - side // 2 for k, n in enumerate((H, W))]
    return cut_out(translate(seen, *by), *places, (coins[2] * side).long())


def _round_by_grad(generator, discriminator, g_optim, d_optim, real, z, alter):
    """torch.autograd.grad, written into `.grad` by hand."""
    reals, fakes = alter(real, generator(z))
    d_weights = [w for w in discriminator.parameters() if w.requires_grad]
    g_weights = [w for w in generator.parameters() if w.requires_grad]
    d_loss = relativistic_d_loss(discriminator(reals.detach()), discriminator(fakes.detach()))
    for weight, pull in zip(d_weights, torch.autograd.grad(d_loss, d_weights), strict=True):
        weight.grad = pull
    d_optim.step()
    scores = discriminator(reals.detach()).detach()
    g_loss = relativistic_g_loss(scores, discriminator(fakes))
    for weight, pull in zip(g_weights, torch.autograd.grad(g_loss, g_weights), strict=True):
        weight.grad = pull
    g_optim.step()
    return d_loss.detach(), g_loss.detach()


def _round_by_freezing(generator, discriminator, g_optim, d_optim, real, z, alter):
    """Both optimisers cleared first; D frozen for G's turn and thawed."""
    fake = generator(z)
    real, fake = alter(real, fake)
    d_optim.zero_grad()
    d_loss = F.softplus(discriminator(fake.detach()) - discriminator(real)).mean()
    d_loss.backward()
    d_optim.step()
    frozen = [w for w in discriminator.parameters() if w.requires_grad]
    for weight in frozen:
        weight.requires_grad_(False)
    g_optim.zero_grad()
    g_loss = F.softplus(discriminator(real) - discriminator(fake)).mean()
    g_loss.backward()
    for weight in frozen:
        weight.requires_grad_(True)
    g_optim.step()
    return d_loss.detach(), g_loss.detach()


def _round_together(generator, discriminator, g_optim, d_optim, real, z, alter):
    """Reals and fakes through D in one pass."""
    reals, fakes = alter(real, generator(z))
    n = len(reals)
    logits = discriminator(torch.cat([reals, fakes.detach()]))
    d_loss = relativistic_d_loss(logits[:n], logits[n:])
    d_optim.zero_grad(set_to_none=False)
    d_loss.backward()
    d_optim.step()
    logits = discriminator(torch.cat([reals, fakes]))
    g_loss = relativistic_g_loss(logits[:n].detach(), logits[n:])
    g_optim.zero_grad()
    g_loss.backward(inputs=list(generator.parameters()))
    g_optim.step()
    return d_loss.detach().clone(), g_loss.detach()


def _invertible_by_fourier(shares):
    """The eigenvalues of a circulant are the Fourier transform of its first column."""
    least = torch.fft.fft(shares.double()).abs().min()
    return least, bool(least > 1e-5)


def _invertible_by_singular_values(shares):
    """A circulant is normal: its singular values are the sizes of its eigenvalues."""
    matrix = torch.stack([shares.roll(j) for j in range(len(shares))], dim=1)
    least = torch.linalg.svdvals(matrix.double()).min()
    return least, (least > 1e-5).item()


def _invertible_by_numpy(shares):
    n = shares.shape[0]
    plain = shares.detach().cpu().tolist()
    matrix = np.array([[plain[(i - j) % n] for j in range(n)] for i in range(n)])
    least = np.abs(np.linalg.eigvals(matrix)).min()
    return torch.tensor(least, device=shares.device), bool(least > 1e-5)


def _gap_by_branches(train_logits, held_out_logits, fake_logits):
    top, bottom = train_logits.mean(), fake_logits.mean()
    sign = torch.sign(train_logits).mean()
    if top <= bottom:
        return torch.zeros_like(top), sign
    return (top - held_out_logits.mean()) / (top - bottom), sign


def _gap_by_interpolation(train_logits, held_out_logits, fake_logits):
    new, made = (part.mean() for part in (held_out_logits, fake_logits))
    above = (train_logits > 0).to(train_logits).mean()
    below = (train_logits < 0).to(train_logits).mean()
    margin = train_logits.mean() - made
    kept = (new - made) / margin
    return torch.where(margin > 0, 1 - kept, torch.zeros_like(kept)), above - below


def _gap_by_sums(train_logits, held_out_logits, fake_logits):
    a, b, c = (
        torch.sum(part) / part.numel() for part in (train_logits, held_out_logits, fake_logits)
    )
    signs = torch.clamp(train_logits * 1e30, -1, 1)
    return [(a - b) / (a - c) if bool(a > c) else a * 0, signs.mean()]


def _ada_by_branches(probability, gap, *, target=0.6, n_clips, n_to_full=500_000):
    if math.isnan(gap) or math.isinf(gap):
        return probability
    if gap > target:
        probability += n_clips / n_to_full
    elif gap < target:
        probability -= n_clips / n_to_full
    if probability > 1:
        return 1.0
    return probability if probability > 0 else 0.0


def _ada_by_numpy(probability, gap, target=0.6, n_clips=0, n_to_full=500_000):
    direction = np.sign(gap - target) if np.isfinite(gap) else 0.0
    return float(np.clip(probability + direction * n_clips / n_to_full, 0, 1))


def _ada_by_comparing(probability, gap, *, target=0.6, n_clips, n_to_full=500_000):
    way = (gap > target) - (gap < target) if abs(gap) < math.inf else 0
    return sorted((0.0, probability + way * (n_clips / n_to_full), 1.0))[1]


def _verdict(low, high):
    if high < 0:
        return "helps"
    return "hurts" if low > 0 else "not told apart"


def _sweep_by_numpy(runs, t):
    effects = {}
    for films in np.unique([run["films"] for run in runs]):
        here = [run for run in runs if run["films"] == films]
        without = {r["seed"]: r["distance"] for r in here if r["augment"] == 0}
        given = {r["seed"]: r["distance"] for r in here if r["augment"] > 0}
        change = np.array([given[s] - without[s] for s in without if s in given])
        mean, half = change.mean(), t * change.std(ddof=1) / np.sqrt(len(change))
        sides = [float(np.median(list(side.values()))) for side in (without, given)]
        low, high = float(mean - half), float(mean + half)
        effects[int(films)] = (*sides, float(mean), low, high, _verdict(low, high))
    return effects


def _sweep_by_torch(runs, t):
    found = {}
    for run in runs:
        sides = found.setdefault(run["films"], ({}, {}))
        sides[run["augment"] > 0][run["seed"]] = run["distance"]
    effects = {}
    for films, (plain, augmented) in sorted(found.items()):
        seeds = set(plain) & set(augmented)
        change = torch.tensor([augmented[s] - plain[s] for s in seeds], dtype=torch.float64)
        error = t * change.std() / math.sqrt(len(seeds))
        sides = []
        for side in (plain, augmented):
            values = sorted(side.values())
            n = len(values)
            sides.append((values[(n - 1) // 2] + values[n // 2]) / 2)
        low, high = (change.mean() - error).item(), (change.mean() + error).item()
        effects[films] = [*sides, change.mean().item(), low, high, _verdict(low, high)]
    return effects


def _sweep_by_groups(runs, t):
    def films(run):
        return run["films"]

    effects = {}
    for n, group in itertools.groupby(sorted(runs, key=films), key=films):
        group = list(group)
        with_it = [r for r in group if r["augment"]]
        without = [r for r in group if not r["augment"]]
        changes = [
            b["distance"] - a["distance"]
            for a in without
            for b in with_it
            if a["seed"] == b["seed"]
        ]
        k, mean = len(changes), sum(changes) / len(changes)
        s = math.sqrt(sum((c - mean) ** 2 for c in changes) / (k - 1))
        low, high = mean - t * s / k**0.5, mean + t * s / k**0.5
        middles = [
            float(np.median([r["distance"] for r in side])) for side in (without, with_it)
        ]
        effects[n] = (*middles, mean, low, high, _verdict(low, high))
    return effects


ANSWERS = {
    "overfit_gap": {
        "branches": _gap_by_branches,
        "what is kept": _gap_by_interpolation,
        "sums": _gap_by_sums,
    },
    "diff_augment": {
        "where": _augment_by_where,
        "clip by clip": _augment_by_hand,
        "lerp": _augment_in_one_go,
    },
    "augmented_round": {
        "autograd.grad": _round_by_grad,
        "freezing": _round_by_freezing,
        "one pass": _round_together,
    },
    "is_invertible": {
        "Fourier": _invertible_by_fourier,
        "singular values": _invertible_by_singular_values,
        "numpy": _invertible_by_numpy,
    },
    "ada_update": {
        "branches": _ada_by_branches,
        "numpy": _ada_by_numpy,
        "comparing": _ada_by_comparing,
    },
    "data_sweep": {
        "numpy": _sweep_by_numpy,
        "torch": _sweep_by_torch,
        "groups": _sweep_by_groups,
    },
}
