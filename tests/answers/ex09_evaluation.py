"""Lesson 09, written differently."""

import math

import numpy as np
import torch
from torch.nn import functional as F


def _fit(mean_1, cov_1, mean_2, cov_2):
    d = mean_1.shape[0]
    if mean_2.shape != (d,) or cov_1.shape != (d, d) or cov_2.shape != (d, d):
        raise ValueError("shapes")


def _frechet_by_general_eigenvalues(mean_1, cov_1, mean_2, cov_2):
    """The eigenvalues of cov_1 cov_2 are those of the symmetric matrix in the middle."""
    _fit(mean_1, cov_1, mean_2, cov_2)
    first, second = cov_1.double(), cov_2.double()
    values = torch.linalg.eigvals(first @ second).real.clamp(min=0)
    gap = mean_1.double() - mean_2.double()
    return gap @ gap + torch.trace(first + second) - 2 * torch.sqrt(values).sum()


def _frechet_by_singular_values(mean_1, cov_1, mean_2, cov_2):
    """The trace of the root is the nuclear norm of the product of both roots."""
    _fit(mean_1, cov_1, mean_2, cov_2)

    def root(matrix):
        U, s, _ = torch.linalg.svd(matrix.to(torch.float64))
        return U * s.sqrt()

    product = root(cov_1).T @ root(cov_2)
    overlap = torch.linalg.svdvals(product).sum()
    total = cov_1.double().diagonal().sum() + cov_2.double().diagonal().sum()
    return F.mse_loss(mean_1.double(), mean_2.double(), reduction="sum") + total - 2 * overlap


def _frechet_by_numpy(mean_1, cov_1, mean_2, cov_2):
    shapes = {tuple(mean_1.shape), tuple(mean_2.shape)}
    squares = {tuple(cov_1.shape), tuple(cov_2.shape)}
    if len(shapes) > 1 or squares != {(len(mean_1),) * 2}:
        raise ValueError(shapes)
    m1, s1, m2, s2 = (
        np.asarray(part.detach().cpu().tolist(), dtype=np.float64)
        for part in (mean_1, cov_1, mean_2, cov_2)
    )
    w, V = np.linalg.eigh(s2)
    half = V @ np.diag(np.sqrt(np.maximum(w, 0))) @ V.T
    middle = half @ s1 @ half
    inner = np.linalg.eigvalsh((middle + middle.T) / 2)
    result = ((m1 - m2) ** 2).sum() + np.trace(s1) + np.trace(s2)
    result -= 2 * np.sqrt(np.clip(inner, 0, None)).sum()
    return torch.tensor(result, dtype=torch.float64, device=mean_1.device)


def _bias_by_loops(variances, sizes, distances):
    total = 0
    for v in variances:
        total = total + 2 * v + v / 2
        for other in variances:
            total = total + v * other / (v + other)
    x = 1.0 / sizes.to(distances.dtype)
    n = len(x)
    steep = (n * (x * distances).sum() - x.sum() * distances.sum()) / (
        n * (x * x).sum() - x.sum() ** 2
    )
    return total / sizes, (distances.sum() - steep * x.sum()) / n


def _bias_by_lstsq(variances, sizes, distances):
    x = 1 / sizes.double()
    design = torch.stack([torch.ones_like(x), x], dim=1)
    weights = torch.linalg.pinv(design)[0].to(distances)
    table = 1 / (1 / variances[None] + 1 / variances[:, None])
    predicted = (2.5 * variances.sum() + table.sum()) / sizes
    return predicted, weights @ distances


def _bias_by_moments(variances, sizes, distances):
    x = sizes.to(variances).reciprocal()
    both = torch.cov(torch.stack([x, distances.to(x)]))
    limit = distances.mean() - both[0, 1] / both[0, 0] * x.mean()
    v = variances.unsqueeze(1)
    harmonic = torch.einsum("ij->", (v @ v.T) / (v + v.T))
    return [(v.sum() * 2 + harmonic + v.sum() / 2) * x, limit]


def _mmd_by_masks(real, fake, kernel):
    if len(real) < 2 or len(fake) < 2:
        raise ValueError("two at least")

    def within(cloud):
        others = ~torch.eye(len(cloud), dtype=torch.bool)
        return kernel(cloud, cloud)[others.to(cloud.device)].mean()

    return within(real) + within(fake) - 2 * kernel(real, fake).mean()


def _mmd_in_one_table(real, fake, kernel):
    n, m = len(real), len(fake)
    if n == 1 or m == 1:
        raise ValueError((n, m))
    everyone = torch.cat([real, fake])
    table = kernel(everyone, everyone)
    table = table - torch.diag(table.diagonal())
    within = table[:n, :n].sum() / n / (n - 1) + table[n:, n:].sum() / m / (m - 1)
    return within - table[:n, n:].mean() - table[n:, :n].mean()


def _mmd_pair_by_pair(real, fake, kernel):
    if min(real.shape[0], fake.shape[0]) <= 1:
        raise ValueError

    def upper(cloud):
        rows, columns = torch.triu_indices(len(cloud), len(cloud), 1)
        return kernel(cloud, cloud)[rows, columns].mean()

    across = torch.stack([kernel(x[None], fake).mean() for x in real]).mean()
    return upper(real) - 2 * across + upper(fake)


def _votes_by_sorting(real, fake, k=5):
    if len(real) <= k or len(fake) <= k:
        raise ValueError("too few")
    radii = [torch.cdist(cloud, cloud).sort(dim=1).values[:, k] for cloud in (real, fake)]
    between = torch.cdist(real, fake)
    near_real = (between <= radii[0].unsqueeze(1)).float()
    near_fake = (between <= radii[1]).float()
    return (
        near_real.amax(0),
        near_fake.amax(1),
        near_real.sum(0) / k,
        near_real.amax(1),
    )


def _votes_by_loops(real, fake, k=5):
    real, fake = real.detach().double(), fake.detach().double()
    n, m = len(real), len(fake)
    if k >= min(n, m):
        raise ValueError(k)

    def far(a, b):
        return (a - b).square().sum().sqrt()

    def reach(cloud):
        ways = [sorted(far(a, b) for b in cloud) for a in cloud]
        return [way[k] for way in ways]

    of_real, of_fake = reach(real), reach(fake)
    inside = [[far(r, f) <= of_real[i] for f in fake] for i, r in enumerate(real)]
    other = [[far(r, f) <= of_fake[j] for j, f in enumerate(fake)] for r in real]
    votes = (
        [any(inside[i][j] for i in range(n)) for j in range(m)],
        [any(row) for row in other],
        [sum(inside[i][j] for i in range(n)) / k for j in range(m)],
        [any(row) for row in inside],
    )
    return tuple(torch.tensor([float(v) for v in vote], device=real.device) for vote in votes)


def _votes_by_topk(real, fake, k=5):
    for cloud in (real, fake):
        if cloud.shape[0] < k + 1:
            raise ValueError(cloud.shape)
    squared = (real[:, None] - fake[None]).square().sum(-1)

    def radius(cloud):
        own = (cloud[:, None] - cloud[None]).square().sum(-1)
        own = own + torch.diag(torch.full((len(cloud),), math.inf)).to(own)
        return own.topk(k, largest=False).values[:, -1]

    a = squared <= radius(real)[:, None]
    b = squared <= radius(fake)[None]
    return [a.any(0).double(), b.any(1).double(), a.double().sum(0).div(k), a.any(1).double()]


def _memory_by_where(train, held_out, clips):
    exact = {"compute_mode": "donot_use_mm_for_euclid_dist"}
    near = torch.cdist(clips, train, **exact).min(dim=1).values
    far = torch.cdist(clips, held_out, **exact).min(dim=1).values
    return torch.where(near == 0, torch.zeros_like(near), near / far)


def _memory_by_squares(train, held_out, clips):
    def least(films):
        return (clips[:, None] - films[None]).pow(2).sum(-1).amin(1)

    return (least(train) / (least(held_out) + 1e-30)).sqrt()


def _memory_clip_by_clip(train, held_out, clips):
    ratios = []
    for clip in clips.double():
        near, far = ((films.double() - clip).norm(dim=1).min() for films in (train, held_out))
        ratios.append(near / far if near > 0 else 0 * near)
    return torch.stack(ratios)


def _motion_by_comparing(real, fake, distance, edges):
    """Bins by comparing with every edge, shares as differences of cumulative ones."""
    low = torch.cat([torch.tensor([-math.inf]).to(edges), edges])
    high = torch.cat([edges, torch.tensor([math.inf]).to(edges)])

    def rows(places):
        halves = []
        step = places
        for _ in range(2):
            step = step[:, 1:] - step[:, :-1]
            size = step.square().sum(-1).sqrt()[..., None]
            votes = ((size > low) & (size <= high)).to(places)
            n = (~size.isnan()).sum(1).clamp(min=1)
            halves.append(votes.sum(1) / n)
        return torch.hstack(halves)

    return distance(rows(real), rows(fake))


def _motion_film_by_film(real, fake, distance, edges):
    def row(film):
        parts = []
        for order in (1, 2):
            size = film.diff(n=order, dim=0).norm(dim=-1)
            size = size[~size.isnan()]
            counts = torch.bincount(torch.searchsorted(edges, size), minlength=len(edges) + 1)
            parts.append(counts / max(1, len(size)))
        return torch.cat(parts).to(film)

    return distance(*(torch.stack([row(film) for film in films]) for films in (real, fake)))


def _motion_by_scatter(real, fake, distance, edges):
    def half(vectors):
        size = torch.hypot(vectors[..., 0], vectors[..., 1])
        known = torch.isfinite(size)
        bins = (size[..., None] > edges).sum(-1)
        table = torch.zeros(len(size), len(edges) + 1).to(size)
        table = table.scatter_add(1, bins, known.to(size))
        return table / known.sum(1, keepdim=True).clamp(min=1)

    clouds = []
    for places in (real.detach(), fake.detach()):
        velocity = places.diff(dim=1)
        clouds.append(torch.cat([half(velocity), half(velocity.diff(dim=1))], dim=-1))
    return distance(clouds[0], clouds[1])


ANSWERS = {
    "frechet_distance": {
        "eigenvalues of the product": _frechet_by_general_eigenvalues,
        "singular values": _frechet_by_singular_values,
        "numpy": _frechet_by_numpy,
    },
    "frechet_bias": {
        "loops": _bias_by_loops,
        "pseudo-inverse": _bias_by_lstsq,
        "moments": _bias_by_moments,
    },
    "squared_mmd": {
        "masks": _mmd_by_masks,
        "one table": _mmd_in_one_table,
        "upper triangles": _mmd_pair_by_pair,
    },
    "neighbour_votes": {
        "sorting": _votes_by_sorting,
        "loops": _votes_by_loops,
        "topk": _votes_by_topk,
    },
    "memorisation": {
        "where": _memory_by_where,
        "squares": _memory_by_squares,
        "clip by clip": _memory_clip_by_clip,
    },
    "motion_distance": {
        "comparing": _motion_by_comparing,
        "film by film": _motion_film_by_film,
        "scatter": _motion_by_scatter,
    },
}
