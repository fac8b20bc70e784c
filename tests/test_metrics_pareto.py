"""Whom nobody beats in everything, with intervals over seeds."""

import pytest
import scipy.stats
import torch

from vgan_lessons.metrics import pareto


def test_the_interval_is_student_s():
    distances = torch.tensor([[1.0, 1.5, 2.6]], dtype=torch.float64)
    low, high, on_front = pareto(distances, torch.ones(1), scipy.stats.t.ppf(0.975, 2))
    known = scipy.stats.t.interval(0.95, 2, 1.7, scipy.stats.sem([1.0, 1.5, 2.6]))
    assert (low.item(), high.item()) == pytest.approx(known) and on_front.tolist() == [True]
    assert scipy.stats.t.ppf(0.975, 2) == pytest.approx(4.303, abs=1e-3)


def test_only_what_is_surely_worse_at_no_smaller_cost_leaves_the_front():
    distances = torch.tensor([[1.0, 1.1, 1.2], [5.0, 5.1, 5.2], [0.5, 5.0, 9.0], [0.1] * 3])
    costs = torch.tensor([1.0, 1.0, 2.0, 3.0])
    assert pareto(distances, costs)[2].tolist() == [True, False, True, True]
    with pytest.raises(ValueError, match="two seeds at least, got 1"):
        pareto(torch.ones(2, 1), torch.ones(2))
