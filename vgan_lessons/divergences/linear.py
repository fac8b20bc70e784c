"""A linear discriminator of clips, and what it knows of clips it has not seen."""

import torch
from torch import Tensor
from torch.nn import functional as F


def share_in_order(
    real: Tensor, fake: Tensor, n_train: int, n_steps: int, step_size: float
) -> tuple[Tensor, Tensor]:
    r"""Train a linear discriminator on some clips and let it sort the others.

    .. math:: l(x) = w \cdot x + b, \qquad (w, b) \leftarrow (w, b) + h \nabla V

    The share of pairs of a real and a fake clip in which the real one scores higher is the
    area under D's ROC curve (AUC). D can only know what it is shown: K numbers at a time.

    Args:
        real: (B, T, K), B clips of T frames, or pairs of frames, of K numbers each.
        fake: (M, T, K), M clips.
        n_train: so many clips of each side, the first, are trained on; fewer than B and M.
        n_steps: steps of gradient ascent on V, of all training clips at once.
        step_size: h.

    Returns:
        w: (K,), the weights, which began at 0; no gradient.
        share: of pairs of unseen clips that are in order by their mean logits, ties counting
            half: scalar, 0.5 for a D that cannot tell, 1 for one that always can.

    Example:
        >>> up, down = torch.ones(3, 1, 1), -torch.ones(3, 1, 1)
        >>> w, share = share_in_order(up, down, n_train=2, n_steps=1, step_size=0.5)
        >>> w.tolist(), share.item()
        ([0.5], 1.0)

    Lesson 01.
    """
    w, b = real.new_zeros(real.shape[-1]), real.new_zeros(())
    for _ in range(n_steps):
        w, b = w.requires_grad_(), b.requires_grad_()
        of_real = F.logsigmoid(real[:n_train] @ w + b).mean()
        of_fake = F.logsigmoid(-(fake[:n_train] @ w + b)).mean()
        slope_w, slope_b = torch.autograd.grad(of_real + of_fake, (w, b))
        w = (w + step_size * slope_w).detach()
        b = (b + step_size * slope_b).detach()
    real_scores = (real[n_train:] @ w).mean(dim=1)
    fake_scores = (fake[n_train:] @ w).mean(dim=1)
    lead = real_scores.unsqueeze(1) - fake_scores
    return w, ((lead > 0).to(w) + (lead == 0).to(w) / 2).mean()
