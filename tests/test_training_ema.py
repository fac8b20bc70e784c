"""The moving average of weights: where it goes, and how fast."""

import pytest
import torch

from vgan_lessons.training import ema_decay_at, ema_update


def test_the_average_of_weights_approaches_a_constant_geometrically():
    model, average = torch.nn.BatchNorm1d(2), torch.nn.BatchNorm1d(2)
    with torch.no_grad():
        average.weight.fill_(2.0)  # the model's is 1
    model.running_mean.fill_(3.0)
    for _ in range(100):
        ema_update(average, model, 0.999)
    assert (average.weight - 1).tolist() == pytest.approx([0.904792] * 2, abs=1e-5)
    assert average.running_mean.tolist() == [3.0, 3.0]  # buffers are copied
    assert average.weight.grad_fn is None


def test_a_young_average_forgets_fast():
    assert ema_decay_at(1, 0.998) == pytest.approx(2 / 11)
    assert ema_decay_at(100_000, 0.998) == 0.998
