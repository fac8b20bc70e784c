"""The time-lapse of lesson 05, and the distance that it is read beside."""

import re

import pytest
import torch
from torch import nn

from vgan_lessons import widgets
from vgan_lessons.evaluation import frame_distance
from vgan_lessons.widgets.timelapse import latent_plane


def painter(brightness: float) -> nn.Module:
    """Frames of one grey: the first number of the latent, scaled."""

    class Painter(nn.Module):
        def forward(self, z):
            return (brightness * z[:, :1, None, None]).expand(-1, 3, 8, 8)

    return Painter()


@pytest.fixture
def corners() -> torch.Tensor:
    return torch.randn(3, 16, generator=torch.Generator().manual_seed(0))


def test_the_plane_goes_through_its_three_latents_at_one_length(corners):
    ends = [latent_plane(corners, *at, 0.0)[0] for at in ((0, 0), (1, 0), (0, 1))]
    for found, corner in zip(ends, corners, strict=True):
        same = torch.nn.functional.cosine_similarity(found, corner, dim=0)
        assert same.item() == pytest.approx(1, abs=1e-6)
    plane = latent_plane(corners, 0.3, 0.6, 1.0)
    assert plane.shape == (25, 16)
    torch.testing.assert_close(plane.norm(dim=1), corners[0].norm().expand(25))


def test_across_runs_along_rows_and_down_along_columns(corners):
    plane = latent_plane(corners, 0.35, 0.35, 0.15).unflatten(0, (5, 5))
    along, down = corners[1] / corners[1].norm(), corners[2] / corners[2].norm()
    assert ((plane @ along).diff(dim=1) > 0).all()
    assert ((plane @ down).diff(dim=0) > 0).all()


def test_the_scrubber_shows_the_generator_of_its_moment(corners):
    explorer = widgets.timelapse_explorer({0: painter(0.0), 70: painter(0.5)}, corners)
    said = {}
    for moment in (1, 2):
        explorer.controls["moment"].value = moment
        said[moment], *_ = re.findall(r'alt="([^"]*)"', explorer.picture.value)
    assert "after 0 rounds" in said[1] and "they differ by 0.00" in said[1]
    assert "after 70 rounds" in said[2] and "they differ by 0.00" not in said[2]


def test_a_set_is_at_no_distance_from_itself_and_grows_with_what_is_changed():
    frames = torch.rand(80, 3, 20, 20, generator=torch.Generator().manual_seed(1)) * 2 - 1
    near, far = (frame_distance(frames, frames * share) for share in (0.9, 0.1))
    assert frame_distance(frames, frames) == pytest.approx(0, abs=1e-3)
    assert 0 < near < far
