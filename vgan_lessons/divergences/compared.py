"""Objectives side by side: what each says of the same scores, and where it still pushes."""

from collections.abc import Callable, Mapping

import torch
from torch import Tensor

Loss = Callable[[Tensor, Tensor], Tensor]


def objective_table(
    objectives: Mapping[str, tuple[Loss, Loss]], real_logits: Tensor, fake_logits: Tensor
) -> dict[str, dict[str, Tensor]]:
    """Compare objectives on one batch of scores: their losses, and who is still pushed.

    Args:
        objectives: name -> (D's loss, G's loss), functions of (real_logits, fake_logits).
        real_logits: (N,), no gradient reaches them.
        fake_logits: (M,), likewise; paired objectives need M = N.

    Returns:
        By name a row of four tensors without axes. "D loss" and "G loss"; "D at rest", the
        share of all scores that D's loss no longer pushes: 0 for a silent D in the logistic
        game, 1 in the hinge game once every score clears its margin; "pull on G", minus the
        slope of G's loss summed over the fakes, above 0 where it raises their scores.

    Example:
        >>> gap = lambda real, fake: fake.mean() - real.mean()
        >>> raised = lambda real, fake: -fake.mean()
        >>> rows = objective_table({"W": (gap, raised)}, torch.ones(2), torch.zeros(3))
        >>> [round(number.item(), 4) for number in rows["W"].values()]
        [-1.0, -0.0, 0.0, 1.0]

    Lesson 02.
    """
    table = {}
    for name, (d_loss_fn, g_loss_fn) in objectives.items():
        real = real_logits.detach().requires_grad_()
        fake = fake_logits.detach().requires_grad_()
        d_loss = d_loss_fn(real, fake)
        d_slopes = torch.cat(torch.autograd.grad(d_loss, (real, fake)))
        g_loss = g_loss_fn(real, fake)
        (g_slope,) = torch.autograd.grad(g_loss, fake)
        table[name] = {
            "D loss": d_loss.detach(),
            "G loss": g_loss.detach(),
            "D at rest": (d_slopes == 0).double().mean(),
            "pull on G": -g_slope.sum(),
        }
    return table
