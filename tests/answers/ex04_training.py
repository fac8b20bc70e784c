"""Right answers to lesson 04, but for its article."""

import math

import numpy as np
import torch
from torch.nn import functional as F

from vgan_lessons.metrics import ModeCoverage


def _d_step_with_detach(G, D, optim, loss_fn, real, z, penalty=None):
    fake = G(z).detach()
    optim.zero_grad(set_to_none=False)
    loss = loss_fn(D(real), D(fake))
    total = loss if penalty is None else loss + penalty(D, real, fake)
    total.backward()
    optim.step()
    return loss.new_tensor(loss.item())


def _d_step_by_closure(G, D, optim, loss_fn, real, z, penalty=None):
    fake, losses = G(z).detach(), []

    def closure():
        optim.zero_grad()
        losses.append(loss_fn(D(real), D(fake)))
        total = losses[0] + (0 if penalty is None else penalty(D, real, fake))
        total.backward()
        return total

    optim.step(closure)
    return losses[0].detach()


def _d_step_through_the_groups(G, D, optim, loss_fn, real, z, penalty=None):
    """Clears what the optimiser owns, and reads its state as a logger would."""
    for group in optim.param_groups:
        for weight in group["params"]:
            optim.state.get(weight)
            weight.grad = None
    fake = G(z).detach()
    loss = loss_fn(D(real), D(fake))
    (loss if penalty is None else loss + penalty(D, real, fake)).backward()
    optim.step()
    return loss.data.clone()


def _d_step_in_one_pass(G, D, optim, loss_fn, real, z, penalty=None):
    with torch.no_grad():
        fake = G(z)
    D.zero_grad()
    real_logits, fake_logits = D(torch.cat([real, fake])).split([len(real), len(fake)])
    loss = loss_fn(real_logits, fake_logits)
    loss.backward()
    if penalty is not None:
        penalty(D, real, fake).backward()
    optim.step()
    return loss.detach()


def _d_step_by_hand(G, D, optim, loss_fn, real, z, penalty=None):
    fake = G(z).detach()
    loss = loss_fn(D(real), D(fake))
    total = loss if penalty is None else loss + penalty(D, real, fake)
    weights = list(D.parameters())
    for weight, slope in zip(weights, torch.autograd.grad(total, weights), strict=True):
        weight.grad = slope
    optim.step()
    return loss.detach()


def _d_step_with_g_frozen(G, D, optim, loss_fn, real, z, penalty=None):
    flags = [weight.requires_grad for weight in G.parameters()]
    G.requires_grad_(False)
    fake = G(z).detach()
    loss = loss_fn(D(real), D(fake))
    optim.zero_grad()
    (loss + (penalty(D, real, fake) if penalty else 0)).backward()
    optim.step()
    for weight, flag in zip(G.parameters(), flags, strict=True):
        weight.requires_grad_(flag)
    return loss.detach()


def _g_step_with_d_frozen(G, D, optim, loss_fn, real, z):
    moving = [weight for weight in D.parameters() if weight.requires_grad]
    for weight in moving:
        weight.requires_grad_(False)
    loss = loss_fn(D(real), D(G(z)))
    optim.zero_grad()
    loss.backward()
    optim.step()
    for weight in moving:
        weight.requires_grad_(True)
    return loss.detach()


def _g_step_by_hand(G, D, optim, loss_fn, real, z):
    loss = loss_fn(D(real).detach(), D(G(z)))
    weights = list(G.parameters())
    for weight, slope in zip(weights, torch.autograd.grad(loss, weights), strict=True):
        weight.grad = slope
    optim.step()
    return loss.detach()


def _g_step_with_d_cleared(G, D, optim, loss_fn, real, z):
    G.zero_grad()
    loss = loss_fn(D(real), D(G(z)))
    loss.backward()
    optim.step()
    D.zero_grad(set_to_none=False)
    return loss.detach().clone()


def _g_step_by_closure(G, D, optim, loss_fn, real, z):
    def closure():
        optim.zero_grad(set_to_none=True)
        loss = loss_fn(D(real).detach(), D(G(z)))
        loss.backward(inputs=list(G.parameters()))
        return loss

    return optim.step(closure).detach()


def _g_step_with_d_put_back(G, D, optim, loss_fn, real, z):
    before = [weight.grad for weight in D.parameters()]
    optim.zero_grad()
    loss = loss_fn(D(real).detach(), D(G(z)))
    D.zero_grad()
    loss.backward()
    for weight, slope in zip(D.parameters(), before, strict=True):
        weight.grad = slope
    optim.step()
    return loss.detach()


@torch.no_grad()
def _ema_from_the_state(average, model, decay):
    kept, current = average.state_dict(), model.state_dict()
    weights = dict(model.named_parameters())
    for name, value in kept.items():
        value.copy_(
            torch.lerp(current[name], value, decay) if name in weights else current[name]
        )


def _ema_by_data(average, model, decay):
    for old, new in zip(average.parameters(), model.parameters(), strict=True):
        old.data = decay * old.data + (1 - decay) * new.data
    for old, new in zip(average.buffers(), model.buffers(), strict=True):
        old.data = new.data.clone()


def _ema_in_place(average, model, decay):
    with torch.no_grad():
        for old, new in zip(average.parameters(), model.parameters(), strict=True):
            old.mul_(decay).add_(new, alpha=1 - decay)
        for old, new in zip(average.buffers(), model.buffers(), strict=True):
            old[...] = new


def _modes_by_loop(points, centres, sigma):
    counts = [0] * len(centres)
    for point in points.tolist():
        ways = [math.dist(point, centre) for centre in centres.tolist()]
        if min(ways) <= 3 * sigma:
            counts[ways.index(min(ways))] += 1
    total = sum(counts)
    if total == 0:
        return 0, math.inf, 0.0
    kl = sum(n / total * math.log(n / total * len(counts)) for n in counts if n)
    return sum(n > 0 for n in counts), kl, total / len(points)


def _modes_by_one_hot(points, centres, sigma):
    ways = torch.linalg.vector_norm(points.unsqueeze(1) - centres.unsqueeze(0), dim=-1)
    nearest = F.one_hot(ways.argmin(1), len(centres))
    counts = (nearest * (ways <= 3 * sigma)).sum(0)
    shares = counts[counts > 0] / counts.sum()
    entropy = -(shares * shares.log()).sum().item()
    kl = math.log(len(centres)) - entropy if counts.any() else math.inf
    return ModeCoverage(int((counts > 0).sum()), kl, (counts.sum() / len(points)).item())


def _modes_by_histogram(points, centres, sigma):
    ways, nearest = torch.cdist(
        points, centres, compute_mode="donot_use_mm_for_euclid_dist"
    ).min(dim=1)
    reached, counts = nearest[ways <= 3 * sigma].unique(return_counts=True)
    if len(reached) == 0:
        return ModeCoverage(n_modes=0, kl_to_uniform=float("inf"), quality=0)
    shares = counts / counts.sum()
    kl = (shares * (shares * len(centres)).log()).sum()
    return ModeCoverage(len(reached), kl.item(), counts.sum().item() / len(points))


def _modes_by_numpy(points, centres, sigma):
    ways = np.linalg.norm(points.numpy()[:, None] - centres.numpy(), axis=2)
    good = ways.min(axis=1) <= 3 * sigma
    counts = np.bincount(ways.argmin(axis=1)[good], minlength=len(centres))
    shares = counts[counts > 0] / max(1, counts.sum())
    kl = (shares * np.log(shares * len(centres))).sum() if good.any() else np.inf
    return [(counts > 0).sum(), kl, good.mean()]


def _spread_group_by_group(features, group_size):
    spread = [
        (group.var(0, unbiased=False) + 1e-8).sqrt().mean()
        for group in features.split(group_size)
    ]
    channel = torch.stack(spread).repeat_interleave(group_size)
    shape = (len(features), 1, *features.shape[2:])
    return torch.cat(
        [features, channel.reshape(-1, *[1] * (features.ndim - 1)).expand(shape)], 1
    )


def _spread_from_the_squares(features, group_size):
    groups = features.reshape(-1, group_size, *features.shape[1:])
    apart = groups - groups.mean(1, keepdim=True)
    spread = (apart.pow(2).mean(1, keepdim=True) + 1e-8).sqrt()
    spread = spread.flatten(1).mean(1).view(-1, 1, *[1] * (features.ndim - 1))
    channel = spread.expand(-1, group_size, *[1] * (features.ndim - 1)).flatten(0, 1)
    channel = channel + torch.zeros_like(features[:, :1])
    return torch.cat([features, channel], dim=1)


def _spread_with_var_mean(features, group_size):
    found = []
    for start in range(0, len(features), group_size):
        group = features[start : start + group_size]
        variance, _ = torch.var_mean(group, dim=0, correction=0)
        value = torch.sqrt(variance + 1e-8).mean()
        found.append(torch.cat([group, value.expand_as(group[:, :1])], dim=1))
    return torch.cat(found)


_TROUBLES = {
    "nan": lambda run: run.d_loss.isnan().any(),
    "no_zero_grad": lambda run: (
        max(run.d_grad_norm[-5:].mean(), run.g_grad_norm[-5:].mean()) > 80
    ),
    "double_sigmoid": lambda run: all(
        0 <= p <= 1 for p in [*run.real_logit.tolist(), *run.fake_logit.tolist()]
    ),
    "d_won": lambda run: run.d_loss[-5:].median() < 0.1,
    "mode_collapse": lambda run: run.modes[-5:].mean() < 3,
}


def _trouble_from_a_table(run):
    """The first label whose rule fires."""
    return next((label for label, fires in _TROUBLES.items() if fires(run)), "healthy")


def _trouble_by_the_longest_gradient(run):
    """The page's table word for word: into the hundreds, at any time."""
    norm = torch.maximum(run.d_grad_norm, run.g_grad_norm)
    if not run.d_loss.isfinite().all():
        return "nan"
    if norm.max() > 100:
        return "no_zero_grad"
    return _trouble_from_a_table(run)


def _trouble_by_other_thresholds(run):
    """By gaps, ratios and floors."""
    if not all(map(math.isfinite, run.g_loss.tolist() + run.d_loss.tolist())):
        return "nan"
    gradients = torch.maximum(run.d_grad_norm, run.g_grad_norm)
    if min(gradients[-3:].tolist()) > 100:
        return "no_zero_grad"
    if run.fake_logit.min() > -1e-6 and run.real_logit.max() < 1.001:
        return "double_sigmoid"
    if run.d_loss[-4:].mean() < 0.25:
        return "d_won"
    return "healthy" if sum(run.modes[-5:].tolist()) > 5 * 3 else "mode_collapse"


def _trouble_with_numpy(run):
    """With numpy, column by column."""
    d_loss, modes = run.d_loss.numpy(), run.modes.numpy()
    norms = [run.d_grad_norm.numpy()[-5:].min(), run.g_grad_norm.numpy()[-5:].min()]
    low = min(run.real_logit.numpy().min(), run.fake_logit.numpy().min())
    high = max(run.real_logit.numpy().max(), run.fake_logit.numpy().max())
    checks = (
        ("nan", d_loss[-1] != d_loss[-1]),
        ("no_zero_grad", max(norms) > 60),
        ("double_sigmoid", low >= 0 and high <= 1),
        ("d_won", sorted(d_loss[-5:])[2] < 0.15),
        ("mode_collapse", sorted(modes[-5:])[2] < 5),
    )
    return next((label for label, there in checks if there), "healthy")


def _cut(images, border):
    _, _, H, W = images.shape
    return images[:, :, border : H - border, border : W - border]


def _nearest(kept):
    return ((kept + 1) * 127.5).round().clamp(0, 255) / 127.5 - 1


def _through(value, kept):
    return kept + (value - kept).detach()


def _on_grid(kept):
    return _through(_nearest(kept), kept)


def _levels_from_a_table(images, border):
    kept = _cut(images, border)
    table = torch.linspace(-1, 1, 256, dtype=images.dtype, device=images.device)
    return _through(table[((kept + 1) * 127.5).round().long().clamp(0, 255)], kept)


def _error_taken_away(images, border):
    H, W = images.shape[-2:]
    levels = (images[..., border : H - border, border : W - border] + 1) / 2 * 255
    error = levels.detach() - levels.detach().round().clip(min=0, max=255)
    return (levels - error) / 255 * 2 - 1


class _Round(torch.autograd.Function):
    @staticmethod
    def forward(ctx, kept):
        return _nearest(kept)

    @staticmethod
    def backward(ctx, slope):
        return slope


ANSWERS = {
    "d_step": {
        "detach": _d_step_with_detach,
        "one pass over both": _d_step_in_one_pass,
        "gradient by hand": _d_step_by_hand,
        "a closure": _d_step_by_closure,
        "cleared through the groups": _d_step_through_the_groups,
        "G frozen for the while": _d_step_with_g_frozen,
    },
    "g_step": {
        "D frozen for the while": _g_step_with_d_frozen,
        "gradient by hand": _g_step_by_hand,
        "a closure": _g_step_by_closure,
        "D cleared afterwards": _g_step_with_d_cleared,
        "D's gradient put back afterwards": _g_step_with_d_put_back,
    },
    "mode_coverage": {
        "a loop over points": _modes_by_loop,
        "one-hot rows and the entropy": _modes_by_one_hot,
        "unique": _modes_by_histogram,
        "numpy and a list": _modes_by_numpy,
    },
    "ema_update": {
        "through the state dict": _ema_from_the_state,
        "by .data": _ema_by_data,
        "mul_ and add_": _ema_in_place,
    },
    "minibatch_std": {
        "group by group": _spread_group_by_group,
        "from the squares": _spread_from_the_squares,
        "var_mean": _spread_with_var_mean,
    },
    "diagnose": {
        "rules in a table": _trouble_from_a_table,
        "other thresholds": _trouble_by_other_thresholds,
        "with numpy": _trouble_with_numpy,
        "a norm above 100 anywhere": _trouble_by_the_longest_gradient,
    },
    "shared_preprocessing": {
        "a table of 256 levels": _levels_from_a_table,
        "the error taken away": _error_taken_away,
        "a rounding of its own": lambda images, border: _Round.apply(_cut(images, border)),
        "rounded first, cut afterwards": lambda images, border: _cut(_on_grid(images), border),
        "narrowed": lambda images, border: _on_grid(
            images.narrow(2, border, images.shape[2] - 2 * border).narrow(
                3, border, images.shape[3] - 2 * border
            )
        ),
    },
}
