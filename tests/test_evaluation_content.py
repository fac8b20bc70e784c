"""What the card reads off the pictures: shapes by name, colours, digits, and their faults."""

import pytest
import torch

from vgan_lessons import evaluation
from vgan_lessons.datasets import COLOURS, SHAPES, load_videos, render_shapes
from vgan_lessons.evaluation.content import read_content
from vgan_lessons.evaluation.digits_seen import largest_share, n_classes, see_digits
from vgan_lessons.evaluation.shapes_seen import rarest_share, see_shapes
from vgan_lessons.runtime import new_rng

N = 24


@pytest.fixture(scope="module")
def shapes():
    return load_videos("shapes", n_videos=N, seed=11)


@pytest.fixture(scope="module")
def digits():
    return load_videos("digits", n_videos=60, seed=11)


def clips(bank):
    return bank.frames.view(bank.n_videos, 16, 3, 32, 32)


def test_every_real_shape_is_named_as_what_it_is(shapes):
    seen = see_shapes(clips(shapes))
    assert seen["named"].all() and seen["one_object"].all() and seen["colour"].all()
    assert torch.equal(seen["rarest_shape"], shapes.truth["shape"])


def test_a_shape_between_two_shapes_has_no_name(shapes):
    """Half square, half triangle, drawn over one another at half strength."""
    square, triangle = (
        render_shapes(shapes.truth | {"shape": torch.full((N,), shape)}, image_size=32)
        for shape in (SHAPES.index("square"), SHAPES.index("triangle"))
    )
    hybrid = ((square.float() + triangle.float()) / 2).to(torch.uint8)
    seen = see_shapes(hybrid)
    assert seen["named"].float().mean() < 0.1
    assert (seen["rarest_shape"][~seen["named"]] == -1).all()


def test_a_clip_that_changes_its_shape_half_way_has_no_name(shapes):
    turned = shapes.truth | {"shape": (shapes.truth["shape"] + 1) % 3}
    mixed = clips(shapes).clone()
    mixed[:, 8:] = render_shapes(turned, image_size=32)[:, 8:]
    assert not see_shapes(mixed)["named"].any()


def test_two_objects_or_none_are_not_one_and_specks_do_not_count(shapes):
    two, empty, speck = clips(shapes).clone(), clips(shapes).clone(), clips(shapes).clone()
    two[:, 5] = torch.maximum(two[:, 5], two[:, 5].flip(2).flip(3))
    corner = torch.zeros(32, 32, dtype=torch.bool)
    corner[:3, :3] = corner[-3:, -3:] = True
    two[:, 5, :, corner] = 200
    empty[:, 5] = 0
    far = clips(shapes)[:, 5].amax(1)[:, :2, :2].flatten(1).amax(1) == 0
    speck[:, 5, :, 0, 0] = 200
    assert not see_shapes(two)["one_object"].any()
    assert not see_shapes(empty)["one_object"].any() and not see_shapes(empty)["named"].any()
    assert see_shapes(speck)["one_object"][far].all() and far.any()


def test_an_orange_that_no_real_clip_has_is_seen(shapes):
    grey = clips(shapes).float().amax(2, keepdim=True) / 255
    orange = (grey * torch.tensor([255.0, 140.0, 0.0]).view(3, 1, 1)).to(torch.uint8)
    seen = see_shapes(orange)
    assert not seen["colour"].any() and seen["named"].all()
    assert [255, 140, 0] not in map(list, COLOURS.values())


def test_the_rarest_shape_is_counted_among_all_clips():
    assert rarest_share(torch.tensor([0, 0, 1, 2, -1])) == pytest.approx(0.2)
    assert rarest_share(torch.tensor([0, 1, 1, -1])) == 0


def test_real_digits_are_read_as_labelled_and_keep_their_identity(digits):
    seen = see_digits(clips(digits))
    right = seen["classes"] == digits.truth["label"]
    assert right.float().mean() > 0.95 and seen["identity"].float().mean() > 0.95


def test_a_digit_that_becomes_another_loses_its_identity(digits):
    seen = see_digits(clips(digits))["classes"]
    mixed = clips(digits).clone()
    mixed[:, 12:] = clips(digits).roll(1, 0)[:, 12:]
    changed = seen != seen.roll(1)
    assert changed.sum() > 30
    assert not see_digits(mixed)["identity"][changed].any()


def test_a_generator_of_a_single_digit_is_found_out():
    assert n_classes(torch.tensor([2, 2, 2])) == 1
    assert largest_share(torch.tensor([2, 2, 7, 2])) == 0.75


def test_the_card_of_digits_has_their_rows_and_other_data_have_none(digits):
    real = load_videos("digits", n_videos=96, seed=12)
    card = evaluation.metric_card(clips(digits), real, n=48, n_resamples=20)
    assert card["classes"].value == 10 and card["classes"].floor == 10
    assert card["identity"].value > 0.9 and card["largest_share"].value < 0.4
    assert "named" not in [row.metric for row in card.rows]
    noise = torch.randint(0, 256, (4, 16, 3, 32, 32), generator=new_rng(0), dtype=torch.uint8)
    assert read_content("weizmann", noise) == {}
