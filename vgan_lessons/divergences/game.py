"""The value of the logistic game: at the best discriminator, at any other, from samples."""

import torch
from torch import Tensor
from torch.nn import functional as F


def optimal_logit(log_p: Tensor, log_q: Tensor) -> Tensor:
    r"""The logit of the best discriminator: the log of the density ratio.

    .. math:: l^* = \log p - \log q, \quad D^* = \mathrm{sigmoid}(l^*) = \frac{p}{p + q}

    Args:
        log_p: log density of the real data at some points, any shape.
        log_q: log density of the generator's at the same points.

    Returns:
        Logits of that shape: 0 where p = q, log 3 = 1.099 where p is three times q; finite
        far out in the tails, where p and q themselves are 0 in floating point.

    Example:
        >>> optimal_logit(torch.tensor([-2.0, -5000.0]), torch.tensor([-3.0, -4900.0])).tolist()
        [1.0, -100.0]

    Lesson 01. Goodfellow et al. 2014, Generative Adversarial Nets, arXiv:1406.2661.
    """
    return log_p - log_q


def optimal_d_prior(p: Tensor, q: Tensor, pi: float) -> Tensor:
    r"""The best discriminator's probability when reals and fakes are not shown half and half.

    .. math:: D^* = \frac{\pi p}{\pi p + (1 - \pi) q}

    Args:
        p: density of the real data at some points, any shape; p + q > 0 there.
        q: density of the generator's at the same points.
        pi: share of reals among everything D is shown, in (0, 1).

    Returns:
        Probabilities of that shape in [0, 1]: pi where p = q, p / (p + q) if pi is 1/2.

    Example:
        >>> optimal_d_prior(torch.tensor([1.0, 3.0]), torch.tensor([1.0, 1.0]), 0.25).tolist()
        [0.25, 0.5]

    Lesson 01.
    """
    real = pi * p
    return real / (real + (1 - pi) * q)


def game_value(p: Tensor, q: Tensor, x: Tensor) -> Tensor:
    r"""The value of the game when D is the best there is.

    .. math:: V(D^*) = \int p \log\frac{p}{p + q} + q \log\frac{q}{p + q} \, dx
                     = -\log 4 + 2\,JS(p, q)

    Args:
        p: density of the real data on the grid, (n,), >= 0.
        q: density of the generator's on the grid, (n,), >= 0.
        x: the grid, (n,), increasing; its spacing may vary.

    Returns:
        Scalar in [-log 4, 0], in nats: -log 4 = -1.386 for p = q, 0 for disjoint supports.

    Example:
        >>> x = torch.linspace(-8, 10, 901)
        >>> p = torch.exp(-(x**2) / 2) / (2 * torch.pi) ** 0.5
        >>> q = torch.exp(-((x - 2) ** 2) / 2) / (2 * torch.pi) ** 0.5
        >>> round(game_value(p, q, x).item(), 4)
        -0.7126

    Lesson 01. Goodfellow et al. 2014, Generative Adversarial Nets, arXiv:1406.2661.
    """
    both = p + q
    real_part = torch.xlogy(p, p) - torch.xlogy(p, both)  # xlogy(0, 0) is 0, 0 * log(0) is nan
    fake_part = torch.xlogy(q, q) - torch.xlogy(q, both)
    return torch.trapezoid(real_part + fake_part, x)


def value_by_batch_size(real_logits: Tensor, fake_logits: Tensor, sizes: list[int]) -> Tensor:
    r"""How far a batch may err about the value of the game, for several sizes of batches.

    .. math:: \text{error} \approx
              \sqrt{\frac{\mathrm{var}(\log D) + \mathrm{var}(\log(1 - D))}{n}}

    Args:
        real_logits: (N,), many scores of reals.
        fake_logits: (N,), as many of fakes.
        sizes: numbers n of reals, and of fakes, in a batch; each at most N / 2.

    Returns:
        (len(sizes), 4), a row a size: the mean of V over the N // n whole batches, its
        standard error, the standard deviation of V from batch to batch, and what the
        equation predicts for that. Four times the size, half of the last two.

    Example:
        >>> logits = torch.tensor([0.0, 2.0, 0.0, 2.0])
        >>> value_by_batch_size(logits, logits, [2])[0, 1:3].tolist()
        [0.0, 0.0]

    Lesson 01.
    """
    of_real, of_fake = F.logsigmoid(real_logits), F.logsigmoid(-fake_logits)
    error_of_one = (of_real.var() + of_fake.var()).sqrt()
    rows = []
    for n in sizes:
        n_batches = len(of_real) // n
        real_means = of_real[: n_batches * n].view(n_batches, n).mean(dim=1)
        fake_means = of_fake[: n_batches * n].view(n_batches, n).mean(dim=1)
        values = real_means + fake_means
        error = values.std()
        predicted = error_of_one / n**0.5
        rows.append(torch.stack([values.mean(), error / n_batches**0.5, error, predicted]))
    return torch.stack(rows)


def value_of_any_d(logits: Tensor, p: Tensor, q: Tensor, x: Tensor) -> Tensor:
    r"""The value of the game for a discriminator that need not be the best one.

    .. math:: V(D) = \int p \log D + q \log(1 - D) \, dx, \quad D = \mathrm{sigmoid}(l(x))

    Args:
        logits: the discriminator's logits on the grid, (n,); any finite values.
        p: density of the real data on the grid, (n,), >= 0.
        q: density of the generator's on the grid, (n,), >= 0.
        x: the grid, (n,), increasing; its spacing may vary.

    Returns:
        Scalar <= `game_value(p, q, x)`, in nats: -log 4 = -1.386 for a silent D (all logits
        0), the bound itself at `optimal_logit`.

    Example:
        >>> x = torch.tensor([0.0, 1.0])
        >>> value = value_of_any_d(torch.zeros(2), torch.ones(2), torch.ones(2), x)
        >>> round(value.item(), 6)
        -1.386294

    Lesson 01. Goodfellow et al. 2014, Generative Adversarial Nets, arXiv:1406.2661.
    """
    return torch.trapezoid(p * F.logsigmoid(logits) + q * F.logsigmoid(-logits), x)


def mc_game_value(real_logits: Tensor, fake_logits: Tensor) -> Tensor:
    r"""The value of the game estimated from samples, as a training loop sees it.

    .. math:: V \approx \frac1N \sum_i \log D(x_i) + \frac1M \sum_j \log(1 - D(G(z_j)))

    Args:
        real_logits: D's logits at N samples of p, (N,) or (N, ...).
        fake_logits: D's logits at M samples of q, (M,) or (M, ...).

    Returns:
        Scalar < 0, in nats, right on average: -log 4 = -1.386 for a silent D, near 0 for one
        that is sure and right; -200 for one that is wrong with logits of 100, never -inf.

    Example:
        >>> mc_game_value(torch.tensor([-100.0]), torch.tensor([100.0])).item()
        -200.0

    Lesson 01. Goodfellow et al. 2014, Generative Adversarial Nets, arXiv:1406.2661.
    """
    return F.logsigmoid(real_logits).mean() + F.logsigmoid(-fake_logits).mean()


def fit_line_d(
    real: Tensor, fake: Tensor, n_steps: int, step_size: float
) -> tuple[Tensor, Tensor]:
    r"""Train the straight-line discriminator l(x) = a + b x on samples, by gradient ascent.

    .. math:: a \leftarrow a + h \frac{\partial V}{\partial a}, \quad
        b \leftarrow b + h \frac{\partial V}{\partial b}

    Args:
        real: N samples of p, (N,).
        fake: M samples of q, (M,).
        n_steps: 0 leaves D silent.
        step_size: h; small enough for the largest samples, or the steps overshoot.

    Returns:
        a and b, scalars: 0 and 0 before the first step; near 2 and -2, the line log p - log q,
        after many steps on N(0, 1) and N(2, 1).

    Example:
        >>> a, b = fit_line_d(torch.tensor([2.0]), torch.tensor([0.0]), 1, 0.5)
        >>> a.item(), b.item()
        (0.0, 0.5)

    Lesson 01. Logistic regression, with reals as one class and fakes as the other.
    """
    a = b = real.new_zeros(())
    for _ in range(n_steps):
        real_logits, fake_logits = a + b * real, a + b * fake
        on_reals = torch.sigmoid(-real_logits)  # slope of log D by the logit
        on_fakes = torch.sigmoid(fake_logits)  # and of -log(1 - D)
        slope_a = on_reals.mean() - on_fakes.mean()
        slope_b = (on_reals * real).mean() - (on_fakes * fake).mean()
        a = a + step_size * slope_a
        b = b + step_size * slope_b
    return a, b
