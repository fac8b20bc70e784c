"""A penalty paid every k steps: when it is computed, what it weighs, that the average stays."""

import pytest
import torch

from vgan_lessons.penalties import lazy_penalty, r1_penalty


@pytest.mark.parametrize("every", [1, 2, 4, 16])
def test_the_average_over_a_period_is_the_penalty_itself(every):
    weights = torch.tensor([3.0, 4.0])
    real = torch.zeros(3, 2)
    payments = [
        lazy_penalty(lambda: r1_penalty(lambda x: x @ weights, real, 10.0), step, every).item()
        for step in range(3 * every)
    ]
    assert sum(payments) / len(payments) == pytest.approx(125)


@pytest.mark.parametrize("first", [0, 1, 7])
def test_it_is_computed_only_on_steps_that_the_period_divides(first):
    due = []
    for step in range(first, first + 12):
        lazy_penalty(lambda step=step: due.append(step) or torch.ones(()), step, 4)
    assert due == [step for step in range(first, first + 12) if step in (0, 4, 8, 12, 16)]


def test_the_average_pull_on_the_discriminator_is_the_same_too():
    weights, real = torch.tensor([3.0, 4.0], requires_grad=True), torch.zeros(3, 2)

    def penalty():
        return r1_penalty(lambda x: x @ weights, real, 2.0)

    (each,) = torch.autograd.grad(penalty(), weights)
    for step in range(4):
        (lazy_penalty(penalty, step, 4) + 0 * weights.sum()).backward()
    assert torch.allclose(weights.grad / 4, each)


def test_between_two_payments_there_is_a_zero_that_any_loss_can_add():
    nothing = lazy_penalty(lambda: torch.ones(()), step=3, every=4)
    assert nothing.shape == () and nothing.item() == 0 and not nothing.requires_grad
    for dtype in (torch.float16, torch.float32, torch.float64):
        loss = torch.ones((), dtype=dtype, requires_grad=True)
        assert (loss + nothing).item() == 1 and (loss + nothing).requires_grad
