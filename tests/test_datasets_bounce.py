"""A sprite that bounces: against a loop that looks at every wall, and its errors."""

import pytest
import torch

from vgan_lessons.datasets.bounce import bounce
from vgan_lessons.layout import from_uint8


def places(start, velocity, room, n_frames):
    """One axis, step by step."""
    place, pace, way = start, velocity, []
    for _ in range(n_frames):
        way.append(place)
        place += pace
        if place > room:
            place, pace = 2 * room - place, -pace
        elif place < 0:
            place, pace = -place, -pace
    return way


@pytest.mark.parametrize("seed", range(5))
def test_a_sprite_goes_where_a_step_by_step_walk_goes(seed):
    rng = torch.Generator().manual_seed(seed)
    start = torch.randint(0, 5, (2,), generator=rng).tolist()
    velocity = torch.randint(-4, 5, (2,), generator=rng).tolist()
    sprite = torch.rand(3, 2, 4, generator=rng) * 1.8 - 0.8  # never as dark as the ground
    film = bounce(sprite, start, velocity, 25, 9)
    ways = places(start[0], velocity[0], 5, 25), places(start[1], velocity[1], 7, 25)
    for frame, x, y in zip(film, *ways, strict=True):
        shown = frame[:, y : y + 2, x : x + 4]
        assert (from_uint8(shown) - sprite).abs().max() <= 0.5 / 127.5 + 1e-6
        assert frame.count_nonzero() == shown.count_nonzero() == 24


def test_black_white_and_grey_are_stored_exactly():
    film = bounce(torch.tensor([[[1.0, 0.0, -1.0]]]), (0, 0), (0, 0), 1, 4)
    assert film.dtype == torch.uint8
    assert film[0, 0, 0].tolist() == [255, 128, 0, 0]


@pytest.mark.parametrize("shape", [(1, 4, 2), (1, 2, 4), (1, 5, 5)])
def test_a_sprite_without_room_is_refused(shape):
    with pytest.raises(ValueError, match="no room in 4 pixels"):
        bounce(torch.ones(shape), (0, 0), (0, 0), 2, 4)
