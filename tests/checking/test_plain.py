"""Tolerant equality, and the words for what differs."""

import math

import pytest
import torch

from vgan_lessons.checking.plain import (
    Other,
    difference,
    plain,
    same_state,
    say,
    state_of,
    tensors_in,
)

T = torch.tensor


@pytest.mark.parametrize(
    "expected, got",
    [
        (1.25, T(1.25)),
        (T(3), 3.0),
        (1, True),
        (T([1.0, 2.0]), T([1.0, 2.0001])),
        ((1, T(2.0)), (T(1), 2)),
        (math.nan, T(math.nan)),
        (math.inf, math.inf),
        ("a", "a"),
        (None, None),
        (T([0.0]), T([9e-7])),
        (T([1e6, 1.0]), T([1e6, 1.5])),
        (1 - 2j, T(1 - 2j)),
        (T([0.5j, 2.0]), T([1e-7 + 0.5j, 2 + 1e-5j])),
        (T([1.0, 2.0]), T([1 + 0j, 2 + 0j])),
        (complex("nan"), T(complex("nan"))),
    ],
)
def test_same_things_do_not_differ(expected, got):
    assert difference(expected, got, 1e-4) is None


@pytest.mark.parametrize(
    "expected, got, words",
    [
        (1.25, T(1.1), "expected 1.25, got 1.1"),
        (1.0, T(1.00099), "expected 1, got 1.00099"),
        (1e6, 1e6 + 500, "expected 1e+06, got 1.0005e+06"),
        (T([1.0, 2.0]), T([1.0, 2.5]), "expected [1, 2], got [1, 2.5]"),
        (T(1.0), T([1.0]), "expected one number, got shape (1,)"),
        (torch.zeros(3, 5), torch.zeros(5, 3), "expected shape (3, 5), got shape (5, 3)"),
        (torch.zeros(3, 5), torch.eye(3, 5) * 2, "at [0, 0]: expected 0, got 2"),
        (1.0, math.nan, "expected 1, got nan"),
        (1.0, -math.inf, "expected 1, got -inf"),
        (1.0, None, "expected one number, got None"),
        (1.0, "1", "expected one number, got '1'"),
        ((1, 2), (1, 2, 3), "expected (1, 2), got (1, 2, 3)"),
        ((3,), (), "expected (3,), got ()"),
        ((1.0, 2.0), (1.0,), "expected 2 results (a tuple), got 1 result (a tuple)"),
        ((1.0, 2.0), (), "expected 2 results (a tuple), got nothing (an empty tuple)"),
        ({"a": 1}, {"b": 1}, "expected a dict with the keys a, got a dict with the keys b"),
        ({"a": (1, 2)}, {"a": (1, 3)}, "a: expected (1, 2), got (1, 3)"),
        ((1.0, 2.0), (1.0, 3.0), "the 2nd of 2: expected 2, got 3"),
        (tuple(range(21)), (*range(20), 9), "the 21st of 21: expected 20, got 9"),
        ("ValueError", "no error", "expected ValueError, none was raised"),
        ("ValueError", T(1.0), "expected ValueError, got one number"),
        (
            ("ValueError",) * 2,
            ("ValueError", "no error"),
            "the 2nd of 2: expected ValueError, none was raised",
        ),
        ("healthy", "nan", "expected 'healthy', got 'nan'"),
        (T(1.0), Other("A"), "expected one number, got a A"),
        (True, False, "expected yes, got no"),
        (T([0.0]), T([2e-6]), "expected [0], got [2e-06]"),
        (T([0.5j, -0.5j]), T([0.0, 0.0]), "expected [0+0.5j, 0-0.5j], got [0+0j, 0+0j]"),
        (T([1 + 1j]), T([1 + 1.01j]), "expected [1+1j], got [1+1.01j]"),
        (T([1.0]), T([1 + 0.5j]), "expected [1+0j], got [1+0.5j]"),
        (2j, T([2j]), "expected one number, got shape (1,)"),
        (2j, None, "expected one number, got None"),
        (0.5j, complex("nan"), "expected 0+0.5j, got nan+0j"),
    ],
)
def test_differences_are_said_in_few_words(expected, got, words):
    assert difference(expected, got, 1e-4) == words


def test_two_numbers_that_look_alike_get_more_digits():
    assert difference(1.0, 1.0000001, 1e-9) == "expected 1, got 1.0000001"


def test_what_a_learner_returns_loses_its_disguise():
    class Tricky(torch.Tensor):
        def __eq__(self, other):
            return True

    class Liar(float):
        __hash__ = None

        def __eq__(self, other):
            return True

    assert plain(torch.ones(2).as_subclass(Tricky)) == Other("Tricky")
    assert plain(Liar(3)) == Other("Liar")
    assert plain([torch.nn.Parameter(torch.ones(1)), 2])[0].requires_grad is False
    endless = []
    endless.append(endless)
    assert "list" in repr(plain(endless))


def test_a_state_is_the_same_only_to_the_last_digit_and_the_dtype():
    kept = {"a": (T([1.0, math.nan]), 2, None), "b": {"c": T([True])}}
    assert same_state(kept, {"a": (T([1.0, math.nan]), 2, None), "b": {"c": T([True])}})
    for other in (
        {"a": (T([1.0, 2.0]), 2, None), "b": {"c": T([True])}},
        {"a": (T([1.0, math.nan]).double(), 2, None), "b": {"c": T([True])}},
        {"a": (T([1.0, math.nan]), 2.0, None), "b": {"c": T([True])}},
        {"a": (T([1.0, math.nan]), 2, None), "b": {"d": T([True])}},
        {"a": (T([1.0, math.nan]), 2), "b": {"c": T([True])}},
    ):
        assert not same_state(kept, other)


def test_two_lists_of_tensors_of_different_lengths_are_two_states():
    assert not same_state((T([1.0, 2.0]),), (T([1.0, 2.0]), T([1.0, 2.0])))


def test_the_state_of_a_module_holds_what_a_call_can_change():
    net = torch.nn.BatchNorm1d(2)
    for change in (
        lambda: net.running_mean.add_(1),
        net.eval,
        lambda: net.weight.requires_grad_(False),
        lambda: setattr(net.bias, "grad", torch.ones(2)),
    ):
        before = state_of(net)
        assert same_state(before, state_of(net))
        change()
        assert not same_state(before, state_of(net))


def test_tensors_are_found_in_everything_that_holds_them():
    held = {"net": torch.nn.Linear(1, 1), "pair": [T(1.0), (T(2.0), "no")], "one": T(3.0)}
    names = [name for name, _ in tensors_in(held)]
    assert names == ["net.weight", "net.bias", "pair[0]", "pair[1][0]", "one"]


def test_values_are_shown_short():
    assert say(-0.0) == "0" and say(T(1 / 3)) == "0.333333"
    assert say((1, T([1.0, 2.0]), None)) == "(1, [1, 2], None)"
    assert say(Other("ellipsis")) == "..."
