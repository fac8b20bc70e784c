"""Right answers to lesson 01."""

import math

import torch
from torch import nn
from torch.nn import functional as F


def by_hand(heights, x):
    """The trapezoid rule spelled out for heights (n,) on a grid (n,): strip by strip."""
    return ((heights[1:] + heights[:-1]) / 2 * x.diff()).sum()


def _through_logaddexp(log_p, log_q):
    both = torch.logaddexp(log_p, log_q)
    return (log_p - both) - (log_q - both)


def _v_where_alive(p, q, x):
    from_p = torch.where(p > 0, p * torch.log(p / (p + q)), 0.0)
    from_q = torch.where(q > 0, q * torch.log(q / (p + q)), 0.0)
    return torch.trapezoid(from_p, x) + torch.trapezoid(from_q, x)


def _v_from_js(p, q, x):
    entropy = torch.special.entr
    js = (entropy((p + q) / 2) * 2 - entropy(p) - entropy(q)) / 2
    return 2 * torch.trapezoid(js, x) - math.log(2) * torch.trapezoid(p + q, x)


def _v_strip_by_strip(p, q, x):
    both = torch.where(p + q > 0, p + q, 1.0)
    return by_hand(torch.special.xlogy(p, p / both) + torch.special.xlogy(q, q / both), x)


def _v_by_cross_entropy(real, fake):
    on_reals = F.binary_cross_entropy_with_logits(real, torch.ones_like(real))
    return -on_reals - F.binary_cross_entropy_with_logits(fake, torch.zeros_like(fake))


def _cdf(density, x):
    strips = (density[1:] + density[:-1]) / 2 * x.diff()
    return F.pad(strips.cumsum(0), (1, 0))


def _w1(p, q, x):
    return torch.trapezoid((_cdf(p, x) - _cdf(q, x)).abs(), x)


def _js_from_entropies(p, q, x):
    """Entropy of the middle minus the mean of the entropies."""
    entropy = torch.special.entr
    js = torch.trapezoid(entropy((p + q) / 2) - (entropy(p) + entropy(q)) / 2, x)
    return js, _w1(p, q, x)


def _js_with_a_zero_of_its_own(p, q, x):
    """The running integral starts at a zero that lives on the CPU."""
    strips = ((p - q)[1:] + (p - q)[:-1]) / 2 * x.diff()
    carried = torch.cat([torch.zeros(1), strips.cumsum(0)])
    return _js_from_entropies(p, q, x)[0], torch.trapezoid(carried.abs(), x)


def _js_by_numpy(p, q, x):
    js, w1 = _js_from_entropies(*map(torch.tensor, (p.numpy(), q.numpy(), x.numpy())))
    return js, w1


def _js_where_alive(p, q, x):
    middle = (p + q) / 2
    halves = [torch.where(d > 0, d * torch.log(d / middle), 0.0) / 2 for d in (p, q)]
    return torch.trapezoid(halves[0] + halves[1], x), _w1(p, q, x)


def _js_from_the_value(p, q, x):
    heights = torch.xlogy(p, 2 * p) + torch.xlogy(q, 2 * q) - torch.xlogy(p + q, p + q)
    return torch.trapezoid(heights / 2, x), by_hand((_cdf(p, x) - _cdf(q, x)).abs(), x)


def _published_by_cross_entropy(real, fake):
    taken_for_fakes = F.binary_cross_entropy_with_logits(real, torch.zeros_like(real))
    return -taken_for_fakes - F.binary_cross_entropy_with_logits(fake, torch.ones_like(fake))


def _line_by_autograd(real, fake, n_steps, step_size):
    a, b = torch.zeros(2, dtype=real.dtype, device=real.device).unbind()
    for _ in range(n_steps):
        a, b = a.detach().requires_grad_(), b.detach().requires_grad_()
        value = F.logsigmoid(a + b * real).mean() + F.logsigmoid(-a - b * fake).mean()
        slope_a, slope_b = torch.autograd.grad(value, (a, b))
        a, b = a + step_size * slope_a, b + step_size * slope_b
    return a.detach(), b.detach()


def _line_by_an_optimiser(real, fake, n_steps, step_size):
    a, b = (torch.zeros((), dtype=real.dtype, device=real.device) for _ in range(2))
    a.requires_grad_()
    b.requires_grad_()
    optim = torch.optim.SGD([a, b], lr=step_size)
    for _ in range(n_steps):
        loss = _d_loss_by_cross_entropy(a + b * real.detach(), a + b * fake.detach())
        optim.zero_grad()
        loss.backward()
        optim.step()
    return a.detach(), b.detach()


def _d_loss_by_cross_entropy(real_logits, fake_logits):
    return -_v_by_cross_entropy(real_logits, fake_logits)


def _line_by_a_matrix(real, fake, n_steps, step_size):
    both = [torch.stack([torch.ones_like(x), x]) for x in (real.detach(), fake.detach())]
    line = both[0].new_zeros(2)
    for _ in range(n_steps):
        pulls = [(1 - torch.sigmoid(line @ both[0])), -torch.sigmoid(line @ both[1])]
        line = line + step_size * sum(
            (x * pull).mean(dim=1) for x, pull in zip(both, pulls, strict=True)
        )
    return line[0], line[1]


def _values_by_unfold(real_logits, fake_logits, sizes):
    terms = torch.stack([F.logsigmoid(real_logits), F.logsigmoid(-fake_logits)])
    of_one = terms.var(dim=1).sum()
    rows = []
    for n in sizes:
        values = terms.unfold(1, n, n).mean(dim=-1).sum(dim=0)
        spread = values.std()
        error = spread / len(values) ** 0.5
        rows += [values.mean(), error, spread, (of_one / n).sqrt()]
    return torch.stack(rows).view(-1, 4)


def _values_one_by_one(real_logits, fake_logits, sizes):
    table = real_logits.new_empty(len(sizes), 4)
    for row, n in zip(table, sizes, strict=True):
        values = []
        for k in range(len(real_logits) // n):
            batch = slice(k * n, (k + 1) * n)
            log_d = -F.softplus(-real_logits[batch])
            values.append(log_d.mean() - F.softplus(fake_logits[batch]).mean())
        values = torch.stack(values).detach()
        row[0], row[2] = values.mean(), values.std()
        row[1] = row[2] / math.sqrt(len(values))
        variance = F.softplus(-real_logits).var() + F.softplus(fake_logits).var()
        row[3] = torch.sqrt(variance.detach() / n)
    return table


def _values_by_chunks(real_logits, fake_logits, sizes):
    of_real, of_fake = F.logsigmoid(real_logits), F.logsigmoid(-fake_logits)
    columns = [], [], [], []
    for n in sizes:
        whole = [
            torch.stack([part for part in terms.split(n) if len(part) == n])
            for terms in (of_real, of_fake)
        ]
        values = whole[0].mean(1) + whole[1].mean(1)
        columns[0].append(values.mean())
        columns[1].append(values.std() / len(values) ** 0.5)
        columns[2].append(values.std())
        columns[3].append(((of_real.var() + of_fake.var()) / n) ** 0.5)
    return torch.stack([torch.stack(column) for column in columns], dim=1)


def _sorted_by_formula(real, fake, n_train, n_steps, step_size):
    real, fake = real.detach(), fake.detach()
    seen_real, seen_fake = real[:n_train].flatten(0, 1), fake[:n_train].flatten(0, 1)
    w, b = real.new_zeros(real.shape[-1]), 0.0
    for _ in range(n_steps):
        on_real = torch.sigmoid(-(seen_real @ w + b))
        on_fake = torch.sigmoid(seen_fake @ w + b)
        slope_w = (on_real @ seen_real) / len(seen_real) - (on_fake @ seen_fake) / len(
            seen_fake
        )
        w = w + step_size * slope_w
        b = b + step_size * (on_real.mean() - on_fake.mean())
    r, f = ((side[n_train:] @ w + b).mean(1) for side in (real, fake))
    wins = [(a > c).item() + (a == c).item() / 2 for a in r for c in f]
    return w, sum(wins) / len(wins)


def _sorted_by_an_optimiser(real, fake, n_train, n_steps, step_size):
    real, fake = real.detach(), fake.detach()
    D = nn.Linear(real.shape[-1], 1, dtype=real.dtype, device=real.device)
    for weights in D.parameters():
        nn.init.zeros_(weights)
    optim = torch.optim.SGD(D.parameters(), lr=step_size)
    for _ in range(n_steps):
        loss = F.softplus(-D(real[:n_train])).mean() + F.softplus(D(fake[:n_train])).mean()
        optim.zero_grad()
        loss.backward()
        optim.step()
    with torch.no_grad():
        r, f = (D(side[n_train:]).mean(dim=(1, 2)) for side in (real, fake))
    lead = r[:, None] - f[None]
    return D.weight.detach().squeeze(0), (lead.sign() + 1).mean() / 2


def _sorted_with_a_column_of_ones(real, fake, n_train, n_steps, step_size):
    real, fake = (F.pad(side.detach(), (0, 1), value=1.0) for side in (real, fake))
    weights = torch.zeros_like(real[0, 0])

    def value(weights):
        on_real = F.logsigmoid(real[:n_train] @ weights).mean()
        return on_real + F.logsigmoid(-fake[:n_train] @ weights).mean()

    for _ in range(n_steps):
        weights = weights + step_size * torch.func.grad(value)(weights)
    scores = [torch.einsum("btk,k->b", side[n_train:], weights) for side in (real, fake)]
    lead = torch.sub(*torch.meshgrid(*scores, indexing="ij"))
    return weights[:-1], torch.heaviside(lead, lead.new_tensor(0.5)).mean()


ANSWERS = {
    "value_by_batch_size": {
        "unfold": _values_by_unfold,
        "batch by batch": _values_one_by_one,
        "split, and the last one left out": _values_by_chunks,
    },
    "share_in_order": {
        "slopes by formula": _sorted_by_formula,
        "nn.Linear and an optimiser": _sorted_by_an_optimiser,
        "a column of ones": _sorted_with_a_column_of_ones,
    },
    "optimal_logit": {
        "without a graph": lambda log_p, log_q: (log_p - log_q).detach(),
        "numpy": lambda log_p, log_q: torch.tensor(log_p.numpy() - log_q.numpy()),
        "torch.sub": lambda log_p, log_q: torch.sub(log_p, log_q),
        "add with a factor": lambda log_p, log_q: torch.add(log_p, log_q, alpha=-1),
        "stacked and summed": lambda log_p, log_q: torch.stack([log_p, -log_q]).sum(0),
        "log D minus log(1 - D)": _through_logaddexp,
    },
    "game_value": {
        "where alive": _v_where_alive,
        "minus log 4 plus twice JS": _v_from_js,
        "the empty points mended afterwards": lambda p, q, x: torch.trapezoid(
            (p * torch.log(p / (p + q))).nan_to_num() + (q * (q / (p + q)).log()).nan_to_num(),
            x,
        ),
        "strips by hand": _v_strip_by_strip,
    },
    "mc_game_value": {
        "softplus": lambda real, fake: -F.softplus(-real).mean() - F.softplus(fake).mean(),
        "cross entropy with labels": _v_by_cross_entropy,
        "logaddexp": lambda real, fake: (
            -torch.logaddexp(-real, torch.zeros_like(real)).mean()
            - torch.logaddexp(fake, torch.zeros_like(fake)).mean()
        ),
        "sums over counts": lambda real, fake: (
            F.logsigmoid(real).sum() / real.numel() + F.logsigmoid(-fake).sum() / fake.numel()
        ),
    },
    "value_of_any_d": {
        "softplus": lambda logits, p, q, x: (
            -torch.trapezoid(p * F.softplus(-logits) + q * F.softplus(logits), x)
        ),
        "one softplus": lambda logits, p, q, x: torch.trapezoid(
            p * logits - (p + q) * F.softplus(logits), x
        ),
        "two integrals": lambda logits, p, q, x: (
            torch.trapezoid(p * F.logsigmoid(logits), x)
            + torch.trapezoid(q * F.logsigmoid(-logits), x)
        ),
        "strips by hand": lambda logits, p, q, x: by_hand(
            p * F.logsigmoid(logits) + q * F.logsigmoid(-logits), x
        ),
    },
    "fit_line_d": {
        "autograd on fresh leaves": _line_by_autograd,
        "an optimiser and cross entropy": _line_by_an_optimiser,
        "a column of ones": _line_by_a_matrix,
    },
    "js_vs_w1": {
        "entropies": _js_from_entropies,
        "torch.zeros(1) in front": _js_with_a_zero_of_its_own,
        "through numpy": _js_by_numpy,
        "where alive": _js_where_alive,
        "from the value of the game": _js_from_the_value,
    },
    "optimal_d_prior": {
        "one over one plus the odds against": lambda p, q, pi: (
            1 / (1 + (1 - pi) / pi * (q / p))
        ),
        "sigmoid of the shifted logit": lambda p, q, pi: torch.sigmoid(
            p.log() - q.log() + math.log(pi / (1 - pi))
        ),
        "softmax over the two rates": lambda p, q, pi: torch.stack(
            [(pi * p).log(), ((1 - pi) * q).log()]
        ).softmax(0)[0],
        "one minus the fake's share": lambda p, q, pi: (
            1 - torch.div((1 - pi) * q, torch.lerp(q, p, pi))
        ),
    },
    "article_d_loss": {
        "logsigmoid": lambda real, fake: F.logsigmoid(-real).mean() + F.logsigmoid(fake).mean(),
        "cross entropy with the wrong labels": _published_by_cross_entropy,
        "logits taken out": lambda real, fake: (
            F.logsigmoid(real).mean() - real.mean() + fake.mean() + F.logsigmoid(-fake).mean()
        ),
    },
}
