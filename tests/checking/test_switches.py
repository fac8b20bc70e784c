"""Global switches that an answer turns: noticed, named, and turned back."""

import warnings

import numpy as np
import pytest
import torch

from checking.toys import HINGE, half
from vgan_lessons.checking import mark


def anomalies(real, fake):
    torch.autograd.set_detect_anomaly(True)
    return half(-real) + half(fake)


def in_order(real, fake):
    torch._C._set_deterministic_algorithms(True)
    return half(-real) + half(fake)


def loud_numpy(real, fake):
    np.seterr(all="raise")
    return half(-real) + half(fake)


@pytest.mark.parametrize(
    "answer, switch",
    [
        (anomalies, "torch's anomaly mode"),
        (in_order, "torch's deterministic algorithms"),
        (loud_numpy, "numpy's handling of errors"),
    ],
)
def test_a_switch_that_is_left_turned_is_noticed_and_turned_back(answer, switch):
    before = torch.is_anomaly_enabled(), np.geterr()
    verdict = mark(HINGE, answer)
    assert verdict.finding.what == f"it leaves {switch} changed"
    assert verdict.finding.kind == "side effects"
    assert (torch.is_anomaly_enabled(), np.geterr()) == before
    assert not torch.are_deterministic_algorithms_enabled()
    assert mark(HINGE, lambda real, fake: half(-real) + half(fake)).state == "passed"


def test_a_learners_own_anomaly_mode_refuses_no_right_answer():
    with torch.autograd.set_detect_anomaly(True):
        verdict = mark(HINGE, lambda real, fake: half(-real) + half(fake))
        assert verdict.state == "passed" and torch.is_anomaly_enabled()


def test_warning_filters_are_put_back_and_noted():
    def hushed(real, fake):
        warnings.simplefilter("ignore")
        return half(-real) + half(fake)

    before = warnings.filters[:]
    verdict = mark(HINGE, hushed)
    assert verdict.state == "passed" and warnings.filters == before
    assert verdict.notes == (
        "it changes the warning filters, which are put back after a check",
    )
