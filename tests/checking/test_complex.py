"""Answers made of complex numbers: compared in the plane, with their dtype and gradients."""

import torch

from checking.toys import toy
from vgan_lessons.checking import mark


def turned(x):
    """Each number on the unit circle. (N,) in, (N,) out."""
    return torch.complex(x.cos(), x.sin())


TURNED = toy(turned, inputs=lambda draw: {"x": draw.normal("N")})


def test_a_right_answer_may_find_its_complex_numbers_another_way():
    verdict = mark(TURNED, lambda x: torch.polar(torch.ones_like(x), x))
    assert verdict.state == "passed", verdict.finding


def test_a_part_that_is_missing_is_seen():
    conjugate = mark(TURNED, lambda x: torch.complex(x.cos(), -x.sin())).finding
    assert conjugate.what.startswith("expected [") and "j" in conjugate.what
    assert mark(TURNED, lambda x: x.cos()).state == "failed"


def test_the_dtype_follows_the_inputs():
    wide = mark(TURNED, lambda x: torch.complex(x.double().cos(), x.double().sin())).finding
    assert wide.what == "expected a result in complex64, got complex128"


def test_gradients_pass_through_both_parts():
    def half_cut(x):
        return torch.complex(x.cos(), x.sin().detach())

    assert mark(TURNED, half_cut).finding.what.startswith("gradient for x")
