"""Drawn shapes: what the truth says is what the pixels show."""

import math
import time

import pytest
import torch

from machine_speed import quick_enough
from pixel_tools import as_videos, centroids
from vgan_lessons.datasets import (
    COLOURS,
    MOTIONS,
    SHAPES,
    draw_shapes,
    load_videos,
    render_shapes,
)
from vgan_lessons.datasets.paths import fold


@pytest.fixture(scope="module")
def bank():
    return load_videos("shapes", n_videos=400, seed=3)


def test_the_stated_position_is_where_the_shape_is(bank):
    error = (centroids(as_videos(bank)) - bank.truth["positions"]).norm(dim=-1)
    assert error.max() < 0.15  # pixels


def test_the_stated_size_is_the_area_whatever_the_shape(bank):
    colour = torch.tensor(list(COLOURS.values())).float().sum(1)[bank.truth["colour"]]
    area = as_videos(bank).float().sum((2, 3, 4)) / colour[:, None]  # (N, T) pixels
    expected = math.pi * bank.truth["size"].square()
    assert (area / expected[:, None] - 1).abs().max() < 0.06


def test_the_stated_colour_fills_the_middle(bank):
    videos, where = as_videos(bank), bank.truth["positions"].round().long()
    n, t = torch.arange(bank.n_videos)[:, None], torch.arange(16)[None]
    middle = videos[n, t, :, where[..., 1], where[..., 0]]  # (N, T, 3)
    palette = torch.tensor(list(COLOURS.values()), dtype=torch.uint8)[bank.truth["colour"]]
    assert (middle == palette[:, None]).all()


def test_shapes_differ_as_their_names_say():
    truth = {
        "shape": torch.arange(3),
        "colour": torch.zeros(3, dtype=torch.long),
        "size": torch.full((3,), 8.0),
        "positions": torch.full((3, 1, 2), 16.0),
    }
    red = render_shapes(truth, image_size=32)[:, 0, 0] > 60  # of 255
    square, circle, triangle = red[SHAPES.index("square")], red[1], red[2]
    assert square[9:24, 9:24].all() and square.sum() == 15 * 15
    assert torch.equal(circle, circle.T) and not circle[10, 10] and circle[16, 9]
    widths = triangle.sum(1)
    rows = widths.nonzero().flatten()
    assert (widths[rows].diff() >= 0).all() and widths[rows[0]] <= 2 and widths[rows[-1]] >= 20
    assert torch.equal(triangle[:, 1:], triangle[:, 1:].flip(1))


def test_nothing_is_ever_cut_by_the_frame():
    rng = torch.Generator().manual_seed(0)
    drawn = draw_shapes(120, n_frames=100, rng=rng)
    areas = as_videos(drawn).float().sum((2, 3, 4))
    assert (areas.amin(1) / areas.amax(1)).min() > 0.93  # a cut object would lose pixels


def test_speed_is_kept_between_turns(bank):
    steps = bank.truth["positions"].diff(dim=1).norm(dim=-1)
    speed = bank.truth["speed"][:, None]
    assert (steps <= speed + 1e-3).all()
    straight = bank.truth["motion"] != MOTIONS.index("circle")
    at_full_speed = ((steps - speed).abs() < 1e-3)[straight].float().mean(1)
    assert at_full_speed.median() > 0.7 and at_full_speed.min() > 0


def test_speeds_and_sizes_are_those_of_the_card(bank):
    speed, size = bank.truth["speed"], bank.truth["size"]
    assert 1 <= speed.min() < 1.1 and 2.4 < speed.max() <= 2.5
    assert 5.5 <= size.min() < 5.6 and 7.9 < size.max() <= 8


def test_every_law_moves_as_its_name_says(bank):
    positions, motion = bank.truth["positions"], bank.truth["motion"]
    line, bounce, circle, zigzag = (positions[motion == m] for m in range(len(MOTIONS)))
    centred = line - line.mean(1, keepdim=True)
    assert torch.linalg.svdvals(centred)[:, 1].max() < 1e-3  # a line has no second direction
    turns = circle.diff(dim=1)
    cross = turns[:, :-1, 0] * turns[:, 1:, 1] - turns[:, :-1, 1] * turns[:, 1:, 0]
    assert (cross.sign() == cross.sign()[:, :1]).all()  # a circle always turns the same way
    assert (cross.std(1) / cross.abs().mean(1)).max() < 1e-2
    steps = bounce.diff(dim=1).abs()
    same = (steps - steps.median(dim=1, keepdim=True).values).abs() < 1e-3
    assert same.float().mean() > 0.75  # off a wall only signs change
    reversals = (zigzag.diff(dim=1).sign().diff(dim=1) != 0).sum(1).amax(1)
    assert reversals.float().mean() > 2


def test_folding_is_a_bounce_simulated_step_by_step():
    place, velocity, room = 2.0, 1.7, 5.0
    walked = []
    for _ in range(40):
        walked.append(place)
        place += velocity
        while not 0 <= place <= room:
            place, velocity = (-place if place < 0 else 2 * room - place), -velocity
    free = 2.0 + 1.7 * torch.arange(40)
    assert torch.allclose(fold(free, room), torch.tensor(walked), atol=1e-4)


def test_all_contents_and_motions_occur_about_equally_often():
    truth = load_videos("shapes", n_videos=3000, n_frames=1).truth
    for name, n_kinds in (("shape", 3), ("colour", 6), ("motion", 4)):
        share = torch.bincount(truth[name], minlength=n_kinds) / 3000
        assert len(share) == n_kinds and (share * n_kinds - 1).abs().max() < 0.15


def test_a_longer_clip_begins_with_the_shorter_one(bank):
    longer = load_videos("shapes", n_videos=5, n_frames=128, seed=3)
    assert torch.equal(as_videos(longer)[:, :16], as_videos(bank)[:5])
    assert longer.truth["positions"].shape == (5, 128, 2)


def test_a_full_bank_is_drawn_in_seconds():
    begin = time.process_time()
    full = load_videos("shapes")
    assert full.n_videos == 3072 and full.frames.shape == (3072 * 16, 3, 32, 32)
    assert quick_enough(time.process_time() - begin, 4)
