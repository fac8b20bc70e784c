"""What turning does to a law of clips: a matrix, and whether it can be undone.

A generator is safe from what an augmentation does as long as only one law of clips gives the
altered clips that D sees. Turns by equal steps make that a question about a matrix.
"""

import torch
from torch import Tensor

_NEAR_0 = 1e-5  # an eigenvalue below is 0 with rounding


def mixing_matrix(shares: Tensor) -> Tensor:
    """How often a clip that stands at turn j is seen at turn i, after the augmentation.

    Args:
        shares: (n,), of clips that are turned by 0, 1, ... n - 1 nth parts of a full turn; 0
            or more, 1 in all.

    Returns:
        (n, n), circulant: entry (i, j) is `shares[(i - j) % n]`. Times a column of shares of
        orientations before the augmentation, it gives those after it.

    Example:
        >>> mixing_matrix(torch.tensor([0.75, 0.25])).tolist()
        [[0.75, 0.25], [0.25, 0.75]]

    Lesson 10.
    """
    place = torch.arange(len(shares), device=shares.device)
    return shares[(place[:, None] - place) % len(shares)]


def is_invertible(shares: Tensor) -> tuple[Tensor, bool]:
    """Whether the law of the clips can be told from that of the turned clips, and how well.

    Args:
        shares: (n,), of clips that are turned by 0, 1, ... n - 1 nth parts of a full turn; 0
            or more, 1 in all.

    Returns:
        The smallest absolute value of an eigenvalue of the mixing matrix, a scalar from 0 to
        1, and whether it is above 0 (by more than rounding, 1e-5). 1 for clips that stay as
        they are; 1 - d where a turn is drawn for a share d, evenly from all n; 0 leaks.

    Example:
        >>> least, safe = is_invertible(torch.tensor([0.7, 0.1, 0.1, 0.1]))  # d = 0.4
        >>> round(least.item(), 2), safe
        (0.6, True)

    Lesson 10. Karras et al. 2020 (ADA), arXiv:2006.06676, appendix on leaks; Bora et al. 2018,
    AmbientGAN (invertible measurements).
    """
    least = torch.linalg.eigvals(mixing_matrix(shares)).abs().min()
    return least, bool(least > _NEAR_0)
