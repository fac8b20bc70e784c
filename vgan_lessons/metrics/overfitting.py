"""Does D know the training films by heart? Three sets of logits say it."""

from torch import Tensor


def overfit_gap(
    train_logits: Tensor, held_out_logits: Tensor, fake_logits: Tensor
) -> tuple[Tensor, Tensor]:
    r"""Two signs of an overfitting D, of which only one works in every game.

    .. math:: \frac{E[D_{train}] - E[D_{held\,out}]}{E[D_{train}] - E[D_{fake}]}

    Args:
        train_logits: (N,), D's logits of clips of films that it is trained on.
        held_out_logits: (M,), of films that it never saw.
        fake_logits: (K,), of what G makes now.

    Returns:
        The gap, a scalar: 0 where D scores new films like its own, 1 where it takes them for
        fakes; 0, too, where train does not score above the fakes, for then D knows nothing.
        And the mean sign of the train logits, -1 to 1, which needs no held-out films but
        means something only where D's loss fixes where 0 is: a relativistic game does not.

    Example:
        >>> import torch
        >>> train, new, fake = torch.tensor([3.0, 5.0]), torch.tensor([1.0]), torch.zeros(2)
        >>> [part.item() for part in overfit_gap(train, new, fake)]
        [0.75, 1.0]

    Lesson 10. Karras et al. 2020 (ADA), arXiv:2006.06676: r_v and r_t.
    """
    train, held_out, fake = (
        logits.mean() for logits in (train_logits, held_out_logits, fake_logits)
    )
    margin = train - fake
    known = margin > 0
    gap = (train - held_out) / margin.where(known, margin.new_ones(())) * known
    return gap, train_logits.sign().mean()
