"""How much a layer can stretch: its largest singular value, by power iteration."""

import torch
from torch import Tensor


def spectral_norm(weight: Tensor, u: Tensor, n_iterations: int) -> tuple[Tensor, Tensor]:
    r"""Estimate how much a layer can stretch its input; divided by it, the layer cannot.

    .. math:: u \leftarrow W W^T u / |W W^T u|, \quad v = W^T u / |W^T u|, \quad
        \sigma = u^T W v

    The iteration runs without a graph; sigma is differentiated with u and v standing still,
    which is exact once they have settled. Hand u on from step to step: weights move slowly,
    so one iteration a step is enough.

    Args:
        weight: (out, ...); a convolution kernel (out, in, height, width) is read as the
            matrix (out, in * height * width). Transposed convolutions store (in, out, ...):
            transpose them first.
        u: (out,), length 1, a guess of the direction in which the layer stretches most;
            drawn at random at first. It is not changed.
        n_iterations: 0 measures with u as it stands.

    Returns:
        sigma: scalar >= 0, from below; 4 for diag(3, 4) after enough iterations, 0 for a
            matrix of zeros. The gradient reaches the weight.
        u: (out,), length 1, without a graph; the old one where the matrix is all zeros.

    Example:
        >>> weight, u = torch.diag(torch.tensor([3.0, 4.0])), torch.tensor([0.6, 0.8])
        >>> [f"{spectral_norm(weight, u, n)[0].item():.3f}" for n in (0, 1, 20)]
        ['3.672', '3.866', '4.000']

    Lesson 03. Miyato et al. 2018, arXiv:1802.05957. Their algorithm pairs the new u with the
    v of the step before; ours takes v from the u that it returns, as torch's own does.
    """
    matrix, u = weight.flatten(1), u.detach()  # (out, rest)
    with torch.no_grad():
        for _ in range(n_iterations):
            stretched = _unit(matrix @ _unit(matrix.T @ u))
            u = torch.where(stretched.any(), stretched, u)
        v = _unit(matrix.T @ u)
    return u @ matrix @ v, u


def _unit(vector: Tensor) -> Tensor:
    """The same direction with length 1; zeros stay zeros."""
    return vector / vector.norm().clamp_min(torch.finfo(vector.dtype).tiny)
