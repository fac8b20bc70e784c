"""The seeded inputs: no two axes of one length, both signs, and every way of dressing them."""

from typing import NamedTuple

import pytest
import torch
from torch import nn

from checking.toys import HINGE, hinge, toy
from vgan_lessons.checking import Draw
from vgan_lessons.checking.probes import PROBES, Probe, dress, probes_of

PLAIN = PROBES[0]
BARE = Probe("no graph", graph=False)


@pytest.mark.parametrize("table", range(3))
def test_no_two_axes_have_one_length_and_a_letter_keeps_its_own(table):
    shape = Draw(0, table=table).normal("B T C H W B").shape
    assert len(set(shape[:5])) == 5 and shape[5] == shape[0]


def test_one_table_has_a_batch_of_one_and_a_number_is_itself():
    assert Draw(0, table=1).normal("B 3").shape == (1, 3)


def test_an_exercise_may_say_how_long_its_axes_are():
    lengths = [Draw(0, table=n, sizes={"B": (8, 2)}).size("B") for n in range(3)]
    assert lengths == [8, 2, 8]


@pytest.mark.parametrize("seed", range(20))
def test_normal_numbers_have_both_signs(seed):
    drawn = Draw(seed, table=0).normal("2")
    assert drawn.min() < 0 < drawn.max()


def test_the_scale_reaches_normal_numbers_only():
    one, eight = (Draw(0, table=0, scale=scale) for scale in (1.0, 8.0))
    assert torch.equal(one.normal("B") * 8, eight.normal("B"))
    assert torch.equal(one.uniform("B", 2, 3), eight.uniform("B", 2, 3))
    assert one.number(2, 3) == eight.number(2, 3)
    assert torch.equal(one.integers("B", 0, 9), eight.integers("B", 0, 9))
    assert torch.equal(
        *(torch.rand(3, generator=draw.rng(), dtype=torch.float64) for draw in (one, eight))
    )


@pytest.mark.parametrize("seed", range(20))
def test_extreme_numbers_are_large_and_of_both_signs(seed):
    drawn = Draw(seed, table=0, extreme=True).normal("2 2")
    assert drawn.abs().min() >= 100 and drawn.min() < 0 < drawn.max()


def test_very_large_numbers_are_drawn_only_where_a_statement_speaks_of_them():
    promised = toy(hinge, inputs=HINGE.inputs, stays_finite=True)
    assert set(probes_of(promised)) - set(probes_of(HINGE)) == {p for p in PROBES if p.extreme}
    assert not probes_of(toy(hinge, stays_finite=True))


def test_inputs_whose_gradient_nobody_asks_for_come_without_a_graph():
    inputs, leaves = dress({"x": torch.ones(3), "p": [torch.ones(2)]}, PLAIN, free=("p",))
    assert inputs["x"].requires_grad and not inputs["p"][0].requires_grad
    assert leaves.keys() == {"x"}


def test_floating_inputs_hang_on_a_graph_and_may_be_changed_in_place():
    inputs, leaves = dress({"x": torch.ones(3), "n": torch.tensor(2)}, PLAIN)
    assert leaves.keys() == {"x"} and inputs["n"].dtype is torch.int64
    (3 * inputs["x"].mul_(2)).sum().backward()
    assert leaves["x"].grad.tolist() == [6, 6, 6]


def test_leaves_inside_modules_and_containers_have_names():
    drawn = {"net": nn.Linear(2, 1), "pair": [torch.ones(1), {"b": torch.ones(1)}]}
    assert dress(drawn, PLAIN)[1].keys() == {"net.weight", "net.bias", "pair[0]", "pair[1][b]"}
    assert not dress(drawn, BARE)[1]


def test_every_floating_tensor_gets_the_dtype_of_the_probe():
    class Pair(NamedTuple):
        first: torch.Tensor
        second: torch.Tensor

    drawn = {"net": nn.Linear(2, 1), "pair": Pair(torch.ones(2), torch.ones(2))}
    inputs, _ = dress(drawn, Probe("wide", dtype=torch.float64))
    assert inputs["net"].weight.dtype is inputs["pair"].second.dtype is torch.float64


@pytest.mark.parametrize("shape", [(4,), (2, 3), (2, 3, 4, 5)])
def test_a_transposed_input_has_its_numbers_in_another_order_of_memory(shape):
    x = torch.rand(shape)
    inputs, _ = dress({"x": x}, Probe("turned", transposed=True, graph=False))
    assert torch.equal(inputs["x"], x) and not inputs["x"].is_contiguous()
