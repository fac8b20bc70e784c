"""Right answers to lesson 02."""

import torch
from torch.nn import functional as F

from vgan_lessons.exercises.densities import bell


def _cross_entropy(logits, label):
    return F.binary_cross_entropy_with_logits(logits, torch.full_like(logits, label))


def _log_share(logits):
    return torch.stack([logits, torch.zeros_like(logits)]).log_softmax(0)[0]


def _strips(heights, x):
    """The trapezoid rule spelled out for heights (n,) on a grid (n,): strip by strip."""
    return ((heights[1:] + heights[:-1]) / 2 * x.diff()).sum()


def _slopes_by_autograd(fake_logits):
    with torch.enable_grad():
        logits = fake_logits.detach().clone().requires_grad_()
        summed = (-F.softplus(logits).sum(), F.softplus(-logits).sum())
        return tuple(torch.autograd.grad(loss, logits)[0] for loss in summed)


def _best_logits(theta, x):
    return theta * (theta / 2 - x)


def _the_density_moves(theta, x):
    """Only the density moves: d q / d theta = q (x - theta)."""
    moving, logits = bell(x, theta) * (x - theta), _best_logits(theta, x)
    return (
        torch.trapezoid(moving * F.logsigmoid(-logits), x),
        torch.trapezoid(-moving * F.logsigmoid(logits), x),
    )


def _autograd_through_g(theta, x):
    """G(z) = z + theta on a grid of z; D* is built from a detached theta."""
    with torch.enable_grad():
        moved = theta.detach().clone().requires_grad_()
        z = torch.linspace(-9, 9, 601, dtype=x.dtype, device=x.device)
        logits = _best_logits(theta.detach(), z + moved)
        games = F.logsigmoid(-logits), -F.logsigmoid(logits)
        values = [torch.trapezoid(bell(z, 0) * game, z) for game in games]
        return tuple(
            torch.autograd.grad(value, moved, retain_graph=True)[0] for value in values
        )


def _d_from_the_densities(theta, x):
    p, q = bell(x, 0), bell(x, theta)
    best_d = p / (p + q)
    return theta * _strips(q * best_d, x), theta * _strips(q * (1 - best_d), x)


def _second_as_the_rest(theta, x):
    q = bell(x, theta)
    minimax = theta * torch.trapezoid(q * torch.sigmoid(_best_logits(theta, x)), x)
    return minimax, theta * torch.trapezoid(q, x) - minimax


def _through_the_best_d(p, q, x):
    best_d = ((p - q) / (p + q)).nan_to_num()
    return torch.trapezoid(p * best_d.square(), x) + torch.trapezoid(q * best_d.square(), x)


def _worst_of_two(real, fake):
    on_reals = torch.maximum(1 - real, torch.zeros_like(real))
    return on_reals.mean() + torch.maximum(1 + fake, torch.zeros_like(fake)).mean()


def _embedding(real, fake):
    """torch's hinge embedding: relu(1 - x) for label -1."""
    on_reals = F.hinge_embedding_loss(real, -torch.ones_like(real))
    return on_reals + F.hinge_embedding_loss(-fake, -torch.ones_like(fake))


def _paired(game):
    """A loss of pairs, guarded as a learner would guard it."""

    def answer(real, fake):
        if real.shape != fake.shape:
            raise ValueError(f"shapes {tuple(real.shape)} and {tuple(fake.shape)} do not pair")
        return game(real, fake)

    return answer


def _leads(winner, loser):
    return winner - loser.mean(), loser - winner.mean()


def _above(winner, loser):
    """The average loss of whoever wants `winner` above `loser`."""
    ours, theirs = _leads(winner, loser)
    return F.softplus(-ours).mean() + F.softplus(theirs).mean()


def _above_by_labels(winner, loser):
    ours, theirs = _leads(winner, loser)
    return _cross_entropy(ours, 1.0) + _cross_entropy(theirs, 0.0)


def _above_by_logsigmoids(winner, loser):
    ours, theirs = _leads(winner, loser)
    return -(F.logsigmoid(ours).mean() + F.logsigmoid(-theirs).mean())


def _above_by_logaddexps(winner, loser):
    ours = torch.logaddexp(loser.mean() - winner, torch.zeros_like(winner))
    return ours.mean() + torch.logaddexp(loser - winner.mean(), torch.zeros_like(loser)).mean()


def _one_loop(real, fake):
    return sum(F.softplus(f - real).mean() for f in fake.flatten()) / fake.numel()


def _by_repeating(real, fake):
    reals = real.flatten().repeat_interleave(fake.numel())
    return -F.logsigmoid(reals - fake.flatten().repeat(real.numel())).mean()


def _table_by_backward(objectives, real_logits, fake_logits):
    rows = {}
    for name in objectives:
        d_loss_fn, g_loss_fn = objectives[name]
        leaves = [
            side.detach().clone().requires_grad_(True) for side in (real_logits, fake_logits)
        ]
        d_loss = d_loss_fn(*leaves)
        d_loss.backward()
        resting = sum(int((leaf.grad == 0).sum()) for leaf in leaves)
        fake = fake_logits.detach().clone().requires_grad_(True)
        g_loss = g_loss_fn(real_logits.detach(), fake)
        g_loss.backward()
        rows[name] = {
            "D loss": float(d_loss),
            "G loss": float(g_loss),
            "D at rest": resting / (len(real_logits) + len(fake_logits)),
            "pull on G": -float(fake.grad.sum()),
        }
    return rows


def _table_by_func(objectives, real_logits, fake_logits):
    given = real_logits.detach(), fake_logits.detach()

    def row(d_loss_fn, g_loss_fn):
        slopes, d_loss = torch.func.grad_and_value(d_loss_fn, argnums=(0, 1))(*given)
        slope, g_loss = torch.func.grad_and_value(g_loss_fn, argnums=1)(*given)
        rest = torch.cat(slopes).eq(0).float().mean()
        columns = ("D loss", "G loss", "D at rest", "pull on G")
        return dict(zip(columns, (d_loss, g_loss, rest, -slope.sum()), strict=True))

    return {name: row(*pair) for name, pair in objectives.items()}


def _table_column_by_column(objectives, real_logits, fake_logits):
    n = len(real_logits)
    table = {name: {} for name in objectives}
    for name, (d_loss_fn, g_loss_fn) in objectives.items():
        for who, loss_fn in (("D", d_loss_fn), ("G", g_loss_fn)):
            scores = torch.cat([real_logits, fake_logits]).detach().requires_grad_()
            loss = loss_fn(scores[:n], scores[n:])
            loss.backward()
            table[name][f"{who} loss"] = loss.item()
            if who == "D":
                at_rest = scores.grad.eq(0).double().mean().item()
            else:
                pull = scores.grad[n:].neg().sum().item()
        table[name] |= {"D at rest": at_rest, "pull on G": pull}
    return table


ANSWERS = {
    "objective_table": {
        "backward on leaves": _table_by_backward,
        "func.grad_and_value": _table_by_func,
        "one tensor of scores": _table_column_by_column,
    },
    "non_saturating_d_loss": {
        "logsigmoid": lambda real, fake: (
            -F.logsigmoid(real).mean() - F.logsigmoid(-fake).mean()
        ),
        "cross entropy with labels": lambda real, fake: (
            _cross_entropy(real, 1.0) + _cross_entropy(fake, 0.0)
        ),
        "logaddexp": lambda real, fake: (
            torch.logaddexp(-real, torch.zeros_like(real)).mean()
            + torch.logaddexp(fake, torch.zeros_like(fake)).mean()
        ),
        "softmax over the two labels": lambda real, fake: (
            -_log_share(real).mean() - _log_share(-fake).mean()
        ),
    },
    "non_saturating_g_loss": {
        "logsigmoid": lambda real, fake: -F.logsigmoid(fake).mean(),
        "cross entropy with labels": lambda real, fake: _cross_entropy(fake, 1.0),
        "softplus the other way round": lambda real, fake: (F.softplus(fake) - fake).mean(),
        "logaddexp": lambda real, fake: torch.logaddexp(-fake, torch.zeros_like(fake)).mean(),
    },
    "minimax_g_loss": {
        "logsigmoid": lambda real, fake: F.logsigmoid(-fake).mean(),
        "minus cross entropy": lambda real, fake: -_cross_entropy(fake, 0.0),
        "logit taken out": lambda real, fake: (F.logsigmoid(fake) - fake).mean(),
    },
    "g_grad_wrt_logit": {
        "autograd": _slopes_by_autograd,
        "exponentials": lambda fake_logits: (
            -1 / (1 + torch.exp(-fake_logits)),
            -1 / (1 + torch.exp(fake_logits)),
        ),
        "softmax of two": lambda fake_logits: tuple(
            -torch.stack([torch.zeros_like(fake_logits), sign * fake_logits]).softmax(0)[1]
            for sign in (1, -1)
        ),
    },
    "implied_gradient": {
        "the density moves": _the_density_moves,
        "autograd through G": _autograd_through_g,
        "D from the densities": _d_from_the_densities,
        "second as the rest": _second_as_the_rest,
    },
    "least_squares_d_loss": {
        "mse_loss": lambda real, fake: (
            (F.mse_loss(real, torch.ones_like(real)) + F.mse_loss(fake, torch.zeros_like(fake)))
            / 2
        ),
        "half a power": lambda real, fake: (
            0.5 * ((real - 1) ** 2).mean() + 0.5 * (fake**2).mean()
        ),
        "multiplied out": lambda real, fake: (
            (real * real).mean() / 2 - real.mean() + 0.5 + (fake * fake).mean() / 2
        ),
    },
    "least_squares_g_loss": {
        "mse_loss": lambda real, fake: F.mse_loss(fake, torch.ones_like(fake)) / 2,
        "half a power": lambda real, fake: 0.5 * ((1 - fake) ** 2).mean(),
        "multiplied out": lambda real, fake: (fake * fake / 2 - fake).mean() + 0.5,
    },
    "lsgan_value": {
        "through D*": _through_the_best_d,
        "small number below the line": lambda p, q, x: torch.trapezoid(
            (p - q) ** 2 / (p + q + 1e-20), x
        ),
        "area minus overlap": lambda p, q, x: (
            torch.trapezoid(p + q, x) - torch.trapezoid((4 * p * q / (p + q)).nan_to_num(), x)
        ),
        "strips by hand": lambda p, q, x: _strips(
            (p - q).square() / torch.where(p + q > 0, p + q, 1.0), x
        ),
    },
    "hinge_d_loss": {
        "clamp": lambda real, fake: (
            (1 - real).clamp(min=0).mean() + (1 + fake).clamp(min=0).mean()
        ),
        "maximum": _worst_of_two,
        "minus min(0, .)": lambda real, fake: (
            -(real - 1).clamp(max=0).mean() - (-fake - 1).clamp(max=0).mean()
        ),
        "hinge embedding": _embedding,
    },
    "hinge_g_loss": {
        "mean of the negative": lambda real, fake: (-fake).mean(),
        "sum over count": lambda real, fake: -fake.sum() / fake.numel(),
        "distance to zero": lambda real, fake: (0 - fake).flatten().mean(dim=0),
    },
    "hinge_value": {
        "twice the overlap": lambda p, q, x: torch.trapezoid(2 * torch.minimum(p, q), x),
        "two minus the total variation": lambda p, q, x: (
            2 * (1 - torch.trapezoid((p - q).abs(), x) / 2)
        ),
        "where": lambda p, q, x: torch.trapezoid(torch.where(p > q, 2 * q, 2 * p), x),
        "strips by hand": lambda p, q, x: _strips(p + q - (p - q).abs(), x),
    },
    "wasserstein_d_loss": {
        "minus the lead": lambda real, fake: -(real.mean() - fake.mean()),
        "sums over counts": lambda real, fake: (
            fake.sum() / fake.numel() - real.sum() / real.numel()
        ),
        "one weighted sum": lambda real, fake: torch.cat(
            [fake.flatten() / fake.numel(), -real.flatten() / real.numel()]
        ).sum(),
    },
    "wasserstein_g_loss": {
        "mean of the negative": lambda real, fake: (-fake).mean(),
        "sum over count": lambda real, fake: -fake.sum() / fake.numel(),
        "from zero": lambda real, fake: (torch.zeros_like(fake) - fake).mean(),
    },
    "relativistic_d_loss": {
        "logsigmoid": _paired(lambda real, fake: -F.logsigmoid(real - fake).mean()),
        "cross entropy of the differences": _paired(
            lambda real, fake: _cross_entropy(real - fake, 1.0)
        ),
        "softmax of each pair": _paired(
            lambda real, fake: -torch.stack([real, fake]).log_softmax(0)[0].mean()
        ),
        "logaddexp": _paired(lambda real, fake: (torch.logaddexp(real, fake) - real).mean()),
    },
    "relativistic_g_loss": {
        "reals detached": _paired(lambda real, fake: F.softplus(real.detach() - fake).mean()),
        "logsigmoid": _paired(lambda real, fake: -F.logsigmoid(fake - real).mean()),
        "softmax of each pair": _paired(
            lambda real, fake: -torch.stack([real, fake]).log_softmax(0)[1].mean()
        ),
    },
    "relativistic_average_d_loss": {
        "cross entropy with labels": _above_by_labels,
        "logsigmoid": _above_by_logsigmoids,
        "logaddexp": _above_by_logaddexps,
    },
    "relativistic_average_g_loss": {
        "cross entropy with labels": lambda real, fake: _above_by_labels(fake, real),
        "logsigmoid": lambda real, fake: _above_by_logsigmoids(fake, real),
        "reals detached": lambda real, fake: _above(fake, real.detach()),
    },
    "all_pairs_d_loss": {
        "one loop": _one_loop,
        "cartesian product": lambda real, fake: F.softplus(
            torch.cartesian_prod(fake.flatten(), -real.flatten()).sum(1)
        ).mean(),
        "repeated": _by_repeating,
    },
}
