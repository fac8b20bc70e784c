"""Lesson 11, written differently."""

import numpy as np
import torch
from torch.nn import functional as F


def _projection_by_einsum(logits, features, labels, tables):
    rows = torch.stack([table[labels[:, k]] for k, table in enumerate(tables)])
    return logits + torch.einsum("kbd,bd->b", rows, features)


def _projection_by_one_hot(logits, features, labels, tables):
    said = logits
    for k, table in enumerate(tables):
        chosen = F.one_hot(labels[:, k], len(table)).to(features.dtype)  # (B, n_k)
        said = said + (chosen * (features @ table.T)).sum(1)
    return said


def _projection_sample_by_sample(logits, features, labels, tables):
    said = []
    for logit, phi, classes in zip(logits, features, labels, strict=True):
        fits = [phi @ table[c] for table, c in zip(tables, classes, strict=True)]
        said.append(logit + sum(fits))
    return torch.stack(said)


def _carry_by_split(motion, noise, n_each, state=None):
    if n_each <= 0:
        raise ValueError("a piece has one frame at least")
    for piece in noise.split(n_each, dim=1):
        z_motion, state = motion(piece, state)
        yield z_motion, state


class _Walk:
    def __init__(self, motion, noise, n_each, state):
        self.motion, self.left, self.n_each, self.state = motion, noise, n_each, state

    def __iter__(self):
        return self

    def __next__(self):
        if not self.left.shape[1]:
            raise StopIteration
        piece, self.left = self.left[:, : self.n_each], self.left[:, self.n_each :]
        path, self.state = self.motion(piece, self.state)
        return path, self.state


def _carry_by_a_class(motion, noise, n_each, state=None):
    if not n_each >= 1:
        raise ValueError(n_each)
    return _Walk(motion, noise, n_each, state)


def _carry_with_while(motion, noise, n_each, state=None):
    if n_each < 1:
        raise ValueError
    done, T = 0, noise.size(1)
    while done < T:
        end = min(done + n_each, T)
        result = motion(noise.narrow(1, done, end - done), state)
        state, done = result[1], end
        yield result


def _drift_by_split(films, reference, see, distance, window):
    if reference.shape[1] != window or films.shape[1] < window:
        raise ValueError((films.shape, reference.shape))
    known = see(reference)
    pieces = [piece for piece in films.split(window, dim=1) if piece.shape[1] == window]
    return torch.stack([distance(known, see(piece)) for piece in pieces])


def _drift_by_folding(films, reference, see, distance, window):
    n = films.shape[1] // window
    if n == 0 or reference.shape[1] != window:
        raise ValueError("lengths")
    folded = films[:, : n * window].unflatten(1, (n, window))
    return torch.stack([distance(see(reference), see(folded[:, i])) for i in range(n)])


def _drift_by_unfold(films, reference, see, distance, window):
    if len(reference[0]) != window or len(films[0]) < window:
        raise ValueError(window)
    stretches = films.unfold(1, window, window).movedim(-1, 2)
    base = see(reference)
    values = [distance(base, see(part))[None] for part in stretches.unbind(1)]
    return torch.cat(values)


def _repetition_by_numpy(path):
    x = np.array(path.detach().cpu().double().tolist())
    if x.ndim != 2 or len(x) < 6:
        raise ValueError(x.shape)
    x = x - x.mean(axis=0)
    r = [0.0]
    for k in range(1, len(x) // 2 + 1):
        a, b = x[:-k].ravel(), x[k:].ravel()
        size = np.linalg.norm(a) * np.linalg.norm(b)
        r.append(float(a @ b / size) if size > 1e-12 else 0.0)
    peaks = [k for k in range(2, len(x) // 2) if r[k] > r[k - 1] and r[k] > r[k + 1]]
    good = [k for k in peaks if r[k] >= 0.5]
    return (good[0] if good else 0), max([0.0, *(r[k] for k in peaks)])


def _repetition_by_cosine(path):
    T = path.shape[0]
    if T < 6:
        raise ValueError(T)
    centred = (path - path.mean(dim=0, keepdim=True)).double()
    lags = list(range(1, T // 2 + 1))
    alike = [
        F.cosine_similarity(centred[k:].flatten(), centred[: T - k].flatten(), dim=0).item()
        for k in lags
    ]
    period, index = 0, 0.0
    for before, lag, here, after in zip(
        alike[:-2], lags[1:-1], alike[1:-1], alike[2:], strict=True
    ):
        if here > before and here > after:
            index = max(index, here)
            if not period and here >= 0.5:
                period = lag
    return period, index


def _repetition_by_table(path):
    if len(path) < 6:
        raise ValueError("too short")
    x = path.double()
    x = x - x.sum(0) / len(x)
    products = x @ x.T  # (T, T), lags are its diagonals
    powers = products.diagonal()
    T, values = len(x), {}
    for k in range(1, T // 2 + 1):
        size = torch.sqrt(powers[: T - k].sum() * powers[k:].sum())
        values[k] = float(products.diagonal(k).sum() / size) if size > 1e-12 else 0.0
    peaks = {
        k: r
        for k, r in values.items()
        if 1 < k < T // 2 and r > values[k - 1] and r > values[k + 1]
    }
    period = min((k for k, r in peaks.items() if r >= 0.5), default=0)
    return period, max(0.0, *peaks.values()) if peaks else 0.0


def _prediction_by_autograd(generator, discriminator, g_optim, first, future, noise, weight):
    weights = [w for w in generator.parameters() if w.requires_grad]
    made = generator(first, noise)
    losses = F.mse_loss(made, future), F.softplus(-discriminator(first, made)).mean()
    total = weight * losses[0] + (1 - weight) * losses[1]
    for part, slope in zip(weights, torch.autograd.grad(total, weights), strict=True):
        part.grad = slope
    g_optim.step()
    return tuple(loss.detach() for loss in losses)


def _prediction_with_a_frozen_d(
    generator, discriminator, g_optim, first, future, noise, weight
):
    thawed = [w for w in discriminator.parameters() if w.requires_grad]
    for part in thawed:
        part.requires_grad_(False)
    g_optim.zero_grad()
    made = generator(first, noise)
    error = ((future - made) ** 2).mean()
    doubt = -F.logsigmoid(discriminator(first, made)).mean()
    (weight * error + (1 - weight) * doubt).backward()
    for part in thawed:
        part.requires_grad_(True)
    g_optim.step()
    return error.detach(), doubt.detach()


def _prediction_by_cross_entropy(
    generator, discriminator, g_optim, first, future, noise, weight
):
    kept = [(w, w.grad) for w in discriminator.parameters()]
    guess = generator(first, noise)
    said = discriminator(first, guess)
    error = torch.mean(torch.pow(guess - future, 2))
    doubt = F.binary_cross_entropy_with_logits(said, torch.ones_like(said))
    g_optim.zero_grad()
    for part, _ in kept:
        part.grad = None
    torch.lerp(doubt, error, weight).backward()
    for part, before in kept:
        part.grad = before
    g_optim.step()
    return [error.detach(), doubt.detach()]


def _beats_film_by_film(futures, real, see):
    if futures.shape[0] != real.shape[0] or futures.shape[2:] != real.shape[1:]:
        raise ValueError("shapes")
    typical = best = 0
    for made, came in zip(futures, real, strict=True):
        wanted = see(came[None])[0]
        copy = torch.stack([came[0]] * len(came))[None]
        reach = torch.dist(see(copy)[0], wanted)
        errors = torch.stack([torch.dist(row, wanted) for row in see(made)])
        typical += bool(errors.mean() < reach)
        best += bool(errors.min() < reach)
    return typical / len(real), best / len(real)


def _beats_with_the_copy_as_one_more(futures, real, see):
    B, S, T = futures.shape[:3]
    if real.shape != (B, T, *futures.shape[3:]):
        raise ValueError(real.shape)
    still = real[:, 0].unsqueeze(1).repeat_interleave(T, dim=1)
    everything = torch.cat([futures, still[:, None], real[:, None]], dim=1)
    rows = see(everything.reshape(B * (S + 2), T, *real.shape[2:])).view(B, S + 2, -1)
    off = (rows[:, :-1] - rows[:, -1:]).square().sum(-1).sqrt()
    made, copy = off[:, :-1], off[:, -1]
    return (made.mean(1) < copy).float().mean(), (made.min(1).values < copy).float().mean()


def _beats_future_by_future(futures, real, see):
    if list(futures.shape[:1] + futures.shape[2:]) != list(real.shape):
        raise ValueError
    came = see(real)
    errors = torch.stack(
        [torch.linalg.norm(see(made) - came, dim=1) for made in futures.unbind(1)]
    )
    stays = torch.linalg.norm(see(real[:, [0] * real.shape[1]]) - came, dim=1)
    wins = [(errors.mean(0) < stays).tolist(), (errors.amin(0) < stays).tolist()]
    return tuple(sum(row) / len(row) for row in wins)


ANSWERS = {
    "projection_logit": {
        "einsum": _projection_by_einsum,
        "one-hot": _projection_by_one_hot,
        "sample by sample": _projection_sample_by_sample,
    },
    "carry_state": {
        "split": _carry_by_split,
        "a class": _carry_by_a_class,
        "while": _carry_with_while,
    },
    "rollout_drift": {
        "split": _drift_by_split,
        "folding": _drift_by_folding,
        "unfold": _drift_by_unfold,
    },
    "repetition": {
        "numpy": _repetition_by_numpy,
        "cosine": _repetition_by_cosine,
        "one table": _repetition_by_table,
    },
    "prediction_step": {
        "autograd": _prediction_by_autograd,
        "a frozen D": _prediction_with_a_frozen_d,
        "cross entropy": _prediction_by_cross_entropy,
    },
    "beats_copy": {
        "film by film": _beats_film_by_film,
        "the copy as one more": _beats_with_the_copy_as_one_more,
        "future by future": _beats_future_by_future,
    },
}
