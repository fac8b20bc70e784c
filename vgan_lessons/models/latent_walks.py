"""Ways through latent space: where a straight line would leave the places G knows."""

import torch
from torch import Tensor


def latent_walk(start: Tensor, end: Tensor, n_steps: int) -> Tensor:
    r"""Walk from one latent to another along an arc, at constant speed.

    With :math:`\omega` the angle between them and t from 0 to 1:

    .. math:: z_t = \frac{\sin((1 - t) \omega)}{\sin \omega} a
        + \frac{\sin(t \omega)}{\sin \omega} b

    Normal latents of d numbers lie near a sphere of radius sqrt(d); the straight line between
    two of them dips to 0.71 of that, where G was never trained.

    Args:
        start: a, (d,), not zero.
        end: b, (d,), not zero and not opposite to a.
        n_steps: latents on the way, both ends included; at least 2.

    Returns:
        (n_steps, d): the first is `start`, the last `end`, equal angles between neighbours.
        Of (1, 0) and (0, 1) the middle is (0.7071, 0.7071). Where both point the same way, the
        straight line between them.

    Lesson 05. Shoemake 1985, slerp; White 2016, Sampling generative networks,
    arXiv:1609.04468.
    """
    t = torch.linspace(0, 1, n_steps, dtype=start.dtype, device=start.device)
    t = t.unsqueeze(1)  # (n_steps, 1), beside (d,)
    cosine = (start * end).sum() / (start.norm() * end.norm())
    angle = cosine.clamp(-1, 1).acos()
    if angle < 1e-3:  # sin(angle) is as good as 0, and the arc as good as straight
        return (1 - t) * start + t * end
    return (((1 - t) * angle).sin() * start + (t * angle).sin() * end) / angle.sin()
