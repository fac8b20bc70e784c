"""The minibatch standard deviation: one channel that says how alike a group is."""

import math
import statistics

import pytest
import torch

from vgan_lessons.models.minibatch import minibatch_std


def spread_oracle(features: torch.Tensor, group_size: int) -> list[float]:
    """One number a sample, in plain Python: population deviation at each place, then a mean."""
    samples = features.flatten(1).tolist()
    found = []
    for start in range(0, len(samples), group_size):
        places = zip(*samples[start : start + group_size], strict=True)
        roots = [math.sqrt(statistics.pvariance(place) + 1e-8) for place in places]
        found += [statistics.fmean(roots)] * group_size
    return found


@pytest.mark.parametrize(
    "shape, group_size", [((6, 3, 4, 5), 3), ((8, 5), 4), ((4, 2, 3, 2, 2), 4)]
)
def test_the_new_channel_is_the_mean_deviation_of_the_group(shape, group_size):
    features = torch.randn(shape, generator=torch.Generator().manual_seed(0))
    seen = minibatch_std(features, group_size)
    B, C, *places = shape
    assert seen.shape == (B, C + 1, *places)
    assert torch.equal(seen[:, :C], features)
    for sample, wanted in zip(seen[:, C], spread_oracle(features, group_size), strict=True):
        assert torch.allclose(sample, torch.tensor(wanted), rtol=1e-4)


def test_equal_samples_give_next_to_nothing_and_a_finite_slope():
    features = torch.ones(4, 2, 3, 3, requires_grad=True)
    seen = minibatch_std(features, 4)[:, 2]
    assert seen.max().item() == pytest.approx(1e-4)
    (slope,) = torch.autograd.grad(seen.sum(), features, create_graph=True)
    assert slope.isfinite().all()
    slope.square().sum().backward()  # as under a gradient penalty
    assert features.grad.isfinite().all()


def test_neighbours_form_a_group_and_their_order_does_not_matter():
    features = torch.tensor([[1.0], [-1.0], [30.0], [50.0]])
    channel = minibatch_std(features, 2)[:, 1]
    assert channel.tolist() == pytest.approx([1.0, 1.0, 10.0, 10.0], rel=1e-5)
    turned = minibatch_std(features[[1, 0, 3, 2]], 2)[:, 1]
    assert torch.equal(turned, channel)


def test_groups_know_nothing_of_each_other():
    rng = torch.Generator().manual_seed(1)
    features = torch.randn(6, 2, 3, 3, generator=rng)
    changed = features.clone()
    changed[3:] += torch.randn(3, 2, 3, 3, generator=rng)
    before, after = minibatch_std(features, 3), minibatch_std(changed, 3)
    assert torch.equal(before[:3], after[:3]) and not torch.equal(before[3:], after[3:])


def test_d_can_pull_on_every_sample_through_the_channel():
    features = torch.randn(4, 2, 3, 3, generator=torch.Generator().manual_seed(2))
    features.requires_grad_()
    minibatch_std(features, 2)[:, 2].sum().backward()
    assert features.grad.abs().flatten(1).max(dim=1).values.min() > 0


@pytest.mark.parametrize("group_size", [0, 4, 12])
def test_a_group_size_that_does_not_divide_the_batch_is_refused(group_size):
    with pytest.raises(ValueError, match=f"got {group_size} and B=6"):
        minibatch_std(torch.zeros(6, 1), group_size)
