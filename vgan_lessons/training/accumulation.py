"""A large batch in small parts: the same gradient, a part's memory."""

from torch import Tensor, nn

from vgan_lessons.training.steps import Loss, Penalty


def accumulate(
    discriminator: nn.Module,
    d_loss_fn: Loss,
    penalty: Penalty,
    real: Tensor,
    fake: Tensor,
    k: int,
) -> Tensor:
    """D's gradient of a whole batch, from k parts that are differentiated one by one.

    The same as at once wherever the objective is a mean over samples or pairs. A relativistic
    average, batch norm and minibatch statistics look at the whole batch: there the parts give
    another gradient.

    Args:
        discriminator: samples -> logits; what was in `.grad` does not count.
        d_loss_fn: (real_logits, fake_logits) -> scalar, a mean over samples or pairs.
        penalty: (discriminator, real, fake) -> scalar, a mean over samples.
        real: (B, ...), a batch of data.
        fake: (B, ...), generated samples without a graph; pair b is (real b, fake b).
        k: how many parts, from 1 to B; of sizes that differ by 1 at most.

    Returns:
        The loss of the whole batch, detached, without the penalty; `.grad` holds its
        gradient together with that of the penalty.

    Lesson 12.
    """
    for weight in discriminator.parameters():
        weight.grad = None
    whole = real.new_zeros(())
    for reals, fakes in zip(real.tensor_split(k), fake.tensor_split(k), strict=True):
        share = len(reals) / len(real)
        d_loss = share * d_loss_fn(discriminator(reals), discriminator(fakes))
        part = d_loss + share * penalty(discriminator, reals, fakes)
        part.backward()  # and with it this part's activations go
        whole += d_loss.detach()
    return whole
