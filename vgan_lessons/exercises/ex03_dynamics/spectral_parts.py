"""The power iteration of exercise 3.10 taken apart, so that one part can be exchanged."""

from collections.abc import Callable

import torch
from torch import Tensor
from torch.nn import functional as F


def rows_of(weight: Tensor) -> Tensor:
    """A weight as a matrix, (out, ...) -> (out, rest)."""
    return weight.reshape(len(weight), -1)


def unit(vector: Tensor) -> Tensor:
    """The same direction with length 1, shape (n,)."""
    return F.normalize(vector, dim=0)


def turn(matrix: Tensor, u: Tensor) -> Tensor:
    """One iteration of u, (out,), under a matrix (out, rest); zeros leave u alone."""
    turned = matrix @ unit(matrix.T @ u)
    return unit(turned) if turned.any() else u


def variant(
    rows: Callable = rows_of,
    turn: Callable = turn,
    n_of: Callable = lambda n: n,
    sigma: Callable = lambda matrix, u, v: u @ matrix @ v,
) -> Callable:
    """The right answer with one part exchanged for another."""

    def answer(weight, u, n_iterations):
        matrix = rows(weight)
        with torch.no_grad():
            for _ in range(n_of(n_iterations)):
                u = turn(matrix, u)
            u = u.detach()
            v = unit(matrix.T @ u)
        return sigma(matrix, u, v), u

    return answer


def _by_gram_matrix(weight, u, n_iterations):
    rows = rows_of(weight.detach())
    gram, u = rows @ rows.T, u.detach().clone()
    for _ in range(n_iterations):
        turned = torch.mv(gram, u)
        u = torch.where(turned.norm() > 0, turned / turned.norm().clamp(min=1e-30), u)
    v = rows.T.mv(u)
    v = v / v.norm().clamp(min=1e-30)
    return torch.dot(u, rows_of(weight).mv(v)), u


def _by_einsum(weight, u, n_iterations):
    still, u = weight.detach(), u.detach()
    for _ in range(n_iterations):
        back = torch.einsum("o...,o->...", still, u)
        turned = (still * back).flatten(1).sum(1)
        u = turned / turned.square().sum().sqrt() if turned.any() else u
    back = torch.einsum("o...,o->...", still, u)
    length = back.square().sum().sqrt()
    v = back / length if length > 0 else back
    return torch.einsum("o,o...,...->", u, weight, v), u


SPECTRAL_NORM_WAYS = {
    "with torch's normalize": variant(),
    "by W W^T": _by_gram_matrix,
    "without a matrix": _by_einsum,
}
