"""Slow, plain-Python definitions of the objectives and divergences: lists, loops, math.

Written from the equations, sharing nothing with the library: probabilities instead of
logits, sums instead of means of tensors. Good for moderate numbers only.
"""

import math

Floats = list[float]


def sigmoid(logit: float) -> float:
    return 1 / (1 + math.exp(-logit))


def mean(values) -> float:
    values = list(values)
    return sum(values) / len(values)


def non_saturating_d(real: Floats, fake: Floats) -> float:
    says_real = mean(math.log(sigmoid(logit)) for logit in real)
    says_fake = mean(math.log(1 - sigmoid(logit)) for logit in fake)
    return -says_real - says_fake


def non_saturating_g(real: Floats, fake: Floats) -> float:
    return -mean(math.log(sigmoid(logit)) for logit in fake)


def minimax_g(real: Floats, fake: Floats) -> float:
    return mean(math.log(1 - sigmoid(logit)) for logit in fake)


def article_d(real: Floats, fake: Floats) -> float:
    on_reals = mean(math.log(1 - sigmoid(logit)) for logit in real)
    on_fakes = mean(math.log(sigmoid(logit)) for logit in fake)
    return on_reals + on_fakes


def least_squares_d(real: Floats, fake: Floats) -> float:
    return 0.5 * mean((score - 1) ** 2 for score in real) + 0.5 * mean(s**2 for s in fake)


def least_squares_g(real: Floats, fake: Floats) -> float:
    return 0.5 * mean((score - 1) ** 2 for score in fake)


def hinge_d(real: Floats, fake: Floats) -> float:
    return mean(max(0.0, 1 - score) for score in real) + mean(max(0.0, 1 + s) for s in fake)


def hinge_g(real: Floats, fake: Floats) -> float:
    return -mean(fake)


def wasserstein_d(real: Floats, fake: Floats) -> float:
    return mean(fake) - mean(real)


def wasserstein_g(real: Floats, fake: Floats) -> float:
    return -mean(fake)


def relativistic_d(real: Floats, fake: Floats) -> float:
    pairs = zip(real, fake, strict=True)
    return -mean(math.log(sigmoid(one_real - its_fake)) for one_real, its_fake in pairs)


def relativistic_g(real: Floats, fake: Floats) -> float:
    pairs = zip(real, fake, strict=True)
    return -mean(math.log(sigmoid(its_fake - one_real)) for one_real, its_fake in pairs)


def relativistic_average_d(real: Floats, fake: Floats) -> float:
    on_reals = mean(math.log(sigmoid(logit - mean(fake))) for logit in real)
    on_fakes = mean(math.log(1 - sigmoid(logit - mean(real))) for logit in fake)
    return -on_reals - on_fakes


def relativistic_average_g(real: Floats, fake: Floats) -> float:
    on_reals = mean(math.log(1 - sigmoid(logit - mean(fake))) for logit in real)
    on_fakes = mean(math.log(sigmoid(logit - mean(real))) for logit in fake)
    return -on_reals - on_fakes


def all_pairs_d(real: Floats, fake: Floats) -> float:
    total = 0.0
    for one_real in real:
        for one_fake in fake:
            total -= math.log(sigmoid(one_real - one_fake))
    return total / (len(real) * len(fake))


def integral(heights: Floats, x: Floats) -> float:
    """The area under straight lines from point to point."""
    total = 0.0
    for i in range(len(x) - 1):
        total += (x[i + 1] - x[i]) * (heights[i] + heights[i + 1]) / 2
    return total


def p_log_ratio(p: float, below: float) -> float:
    return 0.0 if p == 0 else p * math.log(p / below)


def game_value(p: Floats, q: Floats, x: Floats) -> float:
    heights = [p_log_ratio(a, a + b) + p_log_ratio(b, a + b) for a, b in zip(p, q, strict=True)]
    return integral(heights, x)


def value_of_any_d(logits: Floats, p: Floats, q: Floats, x: Floats) -> float:
    d = [sigmoid(logit) for logit in logits]
    each = zip(d, p, q, strict=True)
    return integral([a * math.log(one) + b * math.log(1 - one) for one, a, b in each], x)


def mc_game_value(real: Floats, fake: Floats) -> float:
    return -non_saturating_d(real, fake)


def js(p: Floats, q: Floats, x: Floats) -> float:
    middle = [(a + b) / 2 for a, b in zip(p, q, strict=True)]
    from_p = integral([p_log_ratio(a, m) for a, m in zip(p, middle, strict=True)], x)
    from_q = integral([p_log_ratio(b, m) for b, m in zip(q, middle, strict=True)], x)
    return from_p / 2 + from_q / 2


def w1(p: Floats, q: Floats, x: Floats) -> float:
    """Carry earth from left to right: what is in hand at each point, times the way."""
    in_hand = [
        integral(p[: i + 1], x[: i + 1]) - integral(q[: i + 1], x[: i + 1])
        for i in range(len(x))
    ]
    return integral([abs(load) for load in in_hand], x)


def lsgan_value(p: Floats, q: Floats, x: Floats) -> float:
    """Twice G's objective, from the two expectations and D* = (b p + a q) / (p + q)."""
    heights = []
    for a, b in zip(p, q, strict=True):
        best = 0.0 if a + b == 0 else (1 * a + -1 * b) / (a + b)
        heights.append(a * (best - 0) ** 2 + b * (best - 0) ** 2)
    return integral(heights, x)


def hinge_value(p: Floats, q: Floats, x: Floats) -> float:
    total_variation = integral([abs(a - b) for a, b in zip(p, q, strict=True)], x) / 2
    return 2 * (1 - total_variation)


def normal(x: float, centre: float) -> float:
    return math.exp(-((x - centre) ** 2) / 2) / math.sqrt(2 * math.pi)
