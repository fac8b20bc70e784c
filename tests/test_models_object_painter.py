"""The painter of one object: a single colour a video, one place, forms and colours to draw."""

import pytest
import torch

from vgan_lessons.models.first_features import VideoCodes, WindowedGrid
from vgan_lessons.models.painters import ObjectPainter, spread_colours
from vgan_lessons.models.upsampling import StyledConvolution
from vgan_lessons.runtime import new_rng


@pytest.fixture
def painter():
    torch.manual_seed(0)
    return ObjectPainter(image_size=16, motion_dim=4, channels_per_layer=(8, 6, 6))


def test_the_content_names_one_form_and_one_colour_beside_normal_numbers(painter):
    content = painter.draw_content(600, new_rng(0))
    form, variation, colour = content.split([6, 8, 6], dim=1)
    assert content.shape == (600, painter.content_dim)
    assert ((form > 0).sum(1) == 1).all() and ((colour > 0).sum(1) == 1).all()
    assert (form > 0).float().mean(0).min() > 0.1 and (colour > 0).float().mean(0).min() > 0.1
    assert variation.std().item() == pytest.approx(1, abs=0.05)


def test_every_pixel_of_a_video_lies_between_black_and_its_one_colour(painter):
    videos = painter(painter.draw_content(5, new_rng(1)), torch.randn(5, 3, 4))
    light = (videos + 1).permute(0, 1, 3, 4, 2).flatten(1, 3)  # (B, pixels, 3), black is 0
    strength = torch.linalg.svdvals(light)
    assert (strength[:, 1] < 1e-4 * strength[:, 0]).all()  # all pixels along one colour


def test_the_form_does_not_change_with_the_colour(painter):
    content = painter.draw_content(1, new_rng(2)).repeat(2, 1)
    content[1, -6:] = content[0, -6:].roll(1)
    one, other = painter(content, torch.randn(1, 3, 4).repeat(2, 1, 1)) + 1
    shares = one.sum(1) / one.sum(), other.sum(1) / other.sum()
    assert torch.allclose(*shares, atol=1e-6)
    assert not torch.allclose(one, other, atol=1e-3)


def test_the_window_closes_far_from_the_origin():
    torch.manual_seed(0)
    grid = WindowedGrid(size=16, n_features=8, motion_dim=2, style_dim=3)
    with torch.no_grad():
        grid.shift.weight.zero_()
        grid.shift.bias.copy_(torch.tensor([-5.0, 0.0]))  # as far left as it reaches
    seen = grid(VideoCodes(torch.zeros(1, 1, 2), torch.randn(1, 3)))[0].abs().amax(0)
    assert seen[:, -1].max() < 0.02 * seen[:, :4].max()


def test_the_zoom_is_bounded_whatever_the_style():
    """Twice the bound would be waves too short for the grid: neighbours would be unlike."""
    torch.manual_seed(0)
    grid = WindowedGrid(size=64, n_features=8, motion_dim=2, style_dim=3)
    with torch.no_grad():
        grid.amount.weight.zero_()
        grid.zoom.weight.fill_(1.0)
    place = torch.zeros(1, 1, 2)
    large, larger = (grid(VideoCodes(place, torch.full((1, 3), s))) for s in (50.0, 500.0))
    assert torch.allclose(large, larger, atol=1e-4)
    small = grid(VideoCodes(place, torch.full((1, 3), -50.0)))
    assert not torch.allclose(large, small, atol=0.1)


def test_a_palette_starts_with_colours_that_differ():
    for seed in range(5):
        torch.manual_seed(seed)
        colours = spread_colours(6)
        apart = torch.cdist(colours, colours) + 9 * torch.eye(6)
        assert colours.abs().max() < 1 and apart.min() > 0.5


def test_a_styled_convolution_keeps_the_size_and_its_samples_apart():
    torch.manual_seed(0)
    layer = StyledConvolution(4, 6, style_dim=5)
    features, style = torch.randn(3, 4, 5, 7), torch.randn(3, 5)
    made = layer(features, style)
    assert made.shape == (3, 6, 5, 7)
    features[1] += 5
    assert torch.allclose(made[[0, 2]], layer(features, style)[[0, 2]], atol=1e-6)
    assert not torch.allclose(made, layer(features, -style), atol=0.1)
