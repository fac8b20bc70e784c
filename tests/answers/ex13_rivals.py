"""Lesson 13, written differently."""

import math

import torch
from torch.nn import functional as F


def _noised_by_einsum(clean, abar, noise):
    weights = torch.stack([abar, 1 - abar]).sqrt()
    return torch.einsum("kb,kb...->b...", weights, torch.stack([clean, noise]))


def _noised_one_by_one(clean, abar, noise):
    pairs = zip(clean, abar, noise, strict=True)
    return torch.stack([a**0.5 * x + (1 - a) ** 0.5 * e for x, a, e in pairs])


def _noised_by_lengths(clean, abar, noise):
    a = abar.reshape([len(abar)] + [1] * (clean.dim() - 1))
    return torch.sqrt(a) * clean + torch.sqrt(1 - a) * noise


def _mean_one_by_one(noisy, abar, centres, variance):
    found = []
    for x, a in zip(noisy, abar, strict=True):
        v = a * variance + 1 - a
        gaps = x - a.sqrt() * centres  # (K, ...)
        d = gaps.flatten(1).pow(2).sum(1)
        w = torch.exp(-(d - d.min()) / (2 * v))
        w = w / w.sum()
        guesses = centres + a.sqrt() * variance / v * gaps
        found.append((w.view(-1, *[1] * x.ndim) * guesses).sum(0))
    return torch.stack(found)


def _mean_by_products(noisy, abar, centres, variance):
    """The centre's weight in each guess and the sample's, taken apart."""
    x, c, a = noisy.flatten(1), centres.flatten(1), abar.unsqueeze(1)
    v = a * variance + (1 - a)
    d = x.square().sum(1, keepdim=True) - 2 * a.sqrt() * x @ c.T + a * c.square().sum(1)
    w = torch.softmax(-d / (2 * v), dim=-1)
    gain = a.sqrt() * variance / v
    return ((1 - gain * a.sqrt()) * (w @ c) + gain * x).reshape(noisy.shape)


def _mean_by_logsumexp(noisy, abar, centres, variance):
    a = abar.view(-1, *[1] * (noisy.ndim - 1)).unsqueeze(1)
    v = a * variance + 1 - a
    gaps = noisy.unsqueeze(1) - a.sqrt() * centres.unsqueeze(0)
    logits = -(gaps**2 / (2 * v)).flatten(2).sum(2)
    w = (logits - logits.logsumexp(1, keepdim=True)).exp()
    w = w.view(*w.shape, *[1] * (noisy.ndim - 1))
    return (w * (centres + a.sqrt() * variance / v * gaps)).sum(dim=1)


def _ddim_by_index(denoise, noise, n_steps):
    if n_steps < 1:
        raise ValueError("steps")
    x = noise
    for k in range(n_steps):
        t, s = 1 - k / n_steps, 1 - (k + 1) / n_steps
        a, b = (math.cos(math.pi / 2 * u) ** 2 for u in (t, s))
        guess = denoise(x, torch.full((len(x),), t, device=x.device, dtype=x.dtype))
        e = (x - math.sqrt(a) * guess) / math.sqrt(1 - a)
        x = math.sqrt(b) * guess + math.sqrt(1 - b) * e
    return x


def _ddim_as_a_mix(denoise, noise, n_steps):
    """The next state as a mix of state and guess: the noise never written down."""
    if n_steps <= 0:
        raise ValueError(n_steps)
    state, times = noise, torch.linspace(1, 0, n_steps + 1).to(noise)
    angles = torch.pi / 2 * times
    for k in range(n_steps):
        guess = denoise(state, times[k].repeat(len(state)))
        ratio = angles[k + 1].sin() / angles[k].sin()
        state = ratio * state + (angles[k + 1].cos() - ratio * angles[k].cos()) * guess
    return state


def _ddim_by_recursion(denoise, noise, n_steps):
    if not n_steps >= 1:
        raise ValueError("at least one step")

    def abar(t):
        return torch.cos(torch.as_tensor(t).to(noise) * torch.pi / 2) ** 2

    def go_on(state, k):
        if k == n_steps:
            return state
        a, b = abar(1 - k / n_steps), abar(1 - (k + 1) / n_steps)
        guess = denoise(state, torch.ones(len(state)).to(state) * (1 - k / n_steps))
        added = (state - a.sqrt() * guess) / (1 - a).sqrt()
        return go_on(b.sqrt() * guess + (1 - b).sqrt() * added, k + 1)

    return go_on(noise, 0)


def _front_by_loops(distances, costs, quantile=4.303):
    K, S = distances.shape
    if S < 2:
        raise ValueError("seeds")
    low, high = [], []
    for row in distances:
        centre = row.sum() / S
        s = torch.sqrt(((row - centre) ** 2).sum() / (S - 1))
        low.append(centre - quantile * s / math.sqrt(S))
        high.append(centre + quantile * s / math.sqrt(S))
    beaten = [
        any(bool(high[k] < low[j]) and bool(costs[k] <= costs[j]) for k in range(K))
        for j in range(K)
    ]
    front = ~torch.tensor(beaten, device=distances.device)
    return torch.stack(low), torch.stack(high), front


def _front_by_least_high(distances, costs, quantile=4.303):
    """Beaten: the lowest high end among those that cost no more lies below."""
    if distances.shape[1] < 2:
        raise ValueError(distances.shape)
    reach = quantile * distances.var(dim=1).sqrt() / math.sqrt(distances.shape[1])
    low, high = distances.mean(1) - reach, distances.mean(1) + reach
    allowed = costs[None] <= costs[:, None]  # (j, k)
    rivals = torch.where(allowed, high[None], torch.inf)
    return low, high, rivals.min(1).values >= low


def _front_in_one_table(distances, costs, quantile=4.303):
    n = distances.size(1)
    if n == 1:
        raise ValueError("one seed")
    std, mean = torch.std_mean(distances, dim=1)
    ends = torch.stack([mean - quantile * std / n**0.5, mean + quantile * std / n**0.5])
    beats = torch.logical_and(ends[1][:, None] < ends[0], costs[:, None] <= costs)
    return [ends[0], ends[1], torch.logical_not(beats.any(dim=0))]


class _MarkByStripes:
    """Every bit has a sign for each block of each frame: all bits share all blocks."""

    def __init__(self, key):
        self.key = key

    def pattern(self, videos, n_bits):
        T, _, H, W = videos.shape[1:]
        g = torch.Generator().manual_seed(1000 + self.key)
        return torch.randn(n_bits, T, H // 4, W // 4, generator=g).sign()

    def embed(self, videos, bits):
        chips = self.pattern(videos, bits.shape[1])
        total = torch.einsum("bk,kthw->bthw", 2.0 * bits - 1, chips)
        total = (total / bits.shape[1] ** 0.5).clamp(-1.2, 1.2)
        total = F.interpolate(total, scale_factor=4, mode="nearest")
        return 0.95 * videos + 0.04 * total[:, :, None]

    def read(self, videos, n_bits):
        chips = self.pattern(videos, n_bits)
        grey = F.avg_pool2d(videos.mean(2), 4)
        rest = grey - grey.median(1, keepdim=True).values
        rest = rest.clamp(-0.08, 0.08)
        return (torch.einsum("bthw,kthw->bk", rest, chips) > 0).long()


class _MarkByFrames:
    """A bit is told by pairs of neighbouring frames: which of the two is lighter, by blocks."""

    def __init__(self, key):
        self.g = key

    def chips(self, n_frames, H, W, n_bits):
        rng = torch.Generator().manual_seed(self.g * 31 + 5)
        cells = n_frames // 2 * (H // 8) * (W // 8) * 4
        owner = torch.randperm(cells, generator=rng) % n_bits
        sign = torch.randint(0, 2, (cells,), generator=rng) * 2.0 - 1
        return owner, sign

    def embed(self, videos, bits):
        _, T, _, H, W = videos.shape
        owner, sign = self.chips(T, H, W, bits.shape[1])
        told = (2.0 * bits - 1)[:, owner] * sign
        told = told.view(len(videos), T // 2, 1, H // 4, W // 4)
        both = torch.cat([told, -told], dim=2).flatten(1, 2)
        both = both.repeat_interleave(4, 2).repeat_interleave(4, 3)
        return videos * 0.95 + 0.05 * both.unsqueeze(2)

    def read(self, videos, n_bits):
        _, T, _, H, W = videos.shape
        owner, sign = self.chips(T, H, W, n_bits)
        grey = F.avg_pool2d(videos.mean(dim=2), 4)[:, : T // 2 * 2]
        pairs = grey.unflatten(1, (-1, 2))
        told = (pairs[:, :, 0] - pairs[:, :, 1]).clamp(-0.12, 0.12).flatten(1) * sign
        one_hot = F.one_hot(owner, n_bits).to(told)
        return ((told @ one_hot) > 0).int()


class _MarkBySigns:
    """As the course's, but the reader counts votes and keeps its pattern in a table."""

    def __init__(self, key):
        self.seed = int(key)

    def _draw(self, shape, n_bits):
        rng = torch.Generator().manual_seed(self.seed)
        signs = torch.rand(shape, generator=rng) < 0.5
        return torch.rand(shape, generator=rng).mul(n_bits).long(), signs

    def embed(self, videos, bits):
        B, T, _, H, W = videos.shape
        owners, signs = self._draw((T, H // 4, W // 4), bits.shape[1])
        up = bits.bool()[:, owners] ^ signs
        up = torch.kron(up.float(), torch.ones(1, 1, 4, 4)).view(B, T, 1, H, W)
        return 0.95 * videos + 0.05 * (2 * up - 1)

    def read(self, videos, n_bits):
        _, T, _, H, W = videos.shape
        owners, signs = self._draw((T, H // 4, W // 4), n_bits)
        grey = videos.mean(2).unflatten(3, (-1, 4)).unflatten(2, (-1, 4)).mean((3, 5))
        lighter = (grey - grey.median(1, keepdim=True).values).clamp(-0.1, 0.1)
        lighter = torch.where(signs, -lighter, lighter)
        found = [lighter[:, owners == k].sum(1) > 0 for k in range(n_bits)]
        return torch.stack(found, dim=1).long()


def _text(value):
    return isinstance(value, str) and value.strip() != ""


def _report_by_a_table(report):
    prediction = report.get("prediction") or {}
    protocol = report.get("protocol") or {}
    results, intervals = report.get("results") or {}, report.get("intervals") or {}
    seeds = report.get("seeds") or []
    written, measured = prediction.get("written_on"), report.get("measured_on")
    holds = {
        "question": _text(report.get("question")),
        "change": _text(report.get("change")),
        "prediction.direction": prediction.get("direction") in {"lower", "higher"},
        "prediction.written_on": _text(written) and _text(measured) and written <= measured,
    }
    for name in ("data", "metric", "n", "budget", "machine"):
        value = protocol.get(name)
        holds[f"protocol.{name}"] = _text(value) or isinstance(value, int | float)
    holds["seeds"] = len(seeds) >= 3 and len(seeds) == len(set(seeds))
    for arm in ("baseline", "changed", "ablation"):
        values, ends = results.get(arm) or [], intervals.get(arm) or []
        fits = len(values) == len(seeds) > 0 and all(
            isinstance(v, int | float) and math.isfinite(v) for v in values
        )
        holds[f"results.{arm}"] = fits
        if fits:
            centre = sum(values) / len(values)
            holds[f"intervals.{arm}"] = len(ends) == 2 and ends[0] <= centre <= ends[1]
    holds["licence"] = _text(report.get("licence"))
    holds["intended_use"] = _text(report.get("intended_use"))
    return [name for name, fine in holds.items() if not fine]


def _report_by_questions(report):
    missing = []

    def demand(name, fine):
        if not fine:
            missing.append(name)

    def at(*path):
        found = report
        for part in path:
            found = found.get(part) if isinstance(found, dict) else None
        return found

    def numbers(values):
        try:
            return len(values) > 0 and all(math.isfinite(value) for value in values)
        except TypeError:
            return False

    for name in ("question", "change"):
        demand(name, str(at(name) or "").strip())
    demand("prediction.direction", at("prediction", "direction") in ["lower", "higher"])
    dates = at("prediction", "written_on"), at("measured_on")
    demand("prediction.written_on", all(dates) and sorted(dates) == list(dates))
    for name in ["data", "metric", "n", "budget", "machine"]:
        demand("protocol." + name, str(at("protocol", name) or "").strip())
    seeds = at("seeds") or []
    demand("seeds", len(seeds) > 2 and len({*seeds}) == len(seeds))
    for arm in ["baseline", "changed", "ablation"]:
        values, ends = at("results", arm), at("intervals", arm)
        if not numbers(values) or len(values) != len(seeds):
            missing.append("results." + arm)
            continue
        inside = numbers(ends) and len(ends) == 2
        demand("intervals." + arm, inside and ends[0] <= sum(values) / len(values) <= ends[1])
    for name in ("licence", "intended_use"):
        demand(name, str(at(name) or "").strip())
    return missing


def _text_at(*path):
    def there(report, wrong):
        for part in path:
            report = report[part]
        return _text(report) or type(report) in (int, float)

    return there


def _day(report, wrong):
    first, second = report["prediction"]["written_on"], report["measured_on"]
    return _text(first) and _text(second) and not first > second


def _result_of(arm):
    def there(report, wrong):
        values = report["results"][arm]
        return len(values) == len(report["seeds"]) and all(map(math.isfinite, values))

    return there


def _interval_of(arm):
    def there(report, wrong):
        if f"results.{arm}" in wrong:
            return True
        (low, high), values = report["intervals"][arm], report["results"][arm]
        return low <= math.fsum(values) / len(values) <= high

    return there


_TESTS = {
    "question": _text_at("question"),
    "change": _text_at("change"),
    "prediction.direction": lambda r, _: r["prediction"]["direction"] in ("lower", "higher"),
    "prediction.written_on": _day,
    **{
        f"protocol.{name}": _text_at("protocol", name)
        for name in ("data", "metric", "n", "budget", "machine")
    },
    "seeds": lambda r, _: 3 <= len(r["seeds"]) == len(set(r["seeds"])),
    **{
        f"{part}.{arm}": test(arm)
        for arm in ("baseline", "changed", "ablation")
        for part, test in (("results", _result_of), ("intervals", _interval_of))
    },
    "licence": _text_at("licence"),
    "intended_use": _text_at("intended_use"),
}


def _report_by_walking(report):
    """Every name with its test, in order; what a test trips over does not hold."""
    wrong = []
    for name, holds in _TESTS.items():
        try:
            fine = holds(report, wrong)
        except (KeyError, TypeError, ValueError):
            fine = False
        if not fine:
            wrong.append(name)
    return wrong


ANSWERS = {
    "q_sample": {
        "einsum": _noised_by_einsum,
        "one by one": _noised_one_by_one,
        "reshape": _noised_by_lengths,
    },
    "posterior_mean": {
        "one by one": _mean_one_by_one,
        "products": _mean_by_products,
        "logsumexp": _mean_by_logsumexp,
    },
    "ddim": {
        "index": _ddim_by_index,
        "a mix": _ddim_as_a_mix,
        "recursion": _ddim_by_recursion,
    },
    "pareto": {
        "loops": _front_by_loops,
        "least high end": _front_by_least_high,
        "one table": _front_in_one_table,
    },
    "ProvenanceMark": {
        "all bits everywhere": _MarkByStripes,
        "pairs of frames": _MarkByFrames,
        "kron": _MarkBySigns,
    },
    "validate_report": {
        "a table": _report_by_a_table,
        "questions": _report_by_questions,
        "walking": _report_by_walking,
    },
}
