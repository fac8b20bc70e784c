"""The painter of scenes: what may move, what cannot, and how the two are laid together."""

from dataclasses import replace

import pytest
import torch

from small_gan import SMALL
from vgan_lessons.models.scenes import ScenePainter, SceneParts, scene_parts
from vgan_lessons.runtime import new_rng
from vgan_lessons.training import new_generator

SIZES = {"image_size": 16, "channels_per_layer": (8, 6), "background_channels": (5, 4)}


@pytest.fixture
def painter():
    torch.manual_seed(0)
    return ScenePainter(content_dim=6, motion_dim=4, style_dim=12, **SIZES).double()


def codes(seed=0, n=3, n_frames=5):
    rng = torch.Generator().manual_seed(seed)
    drawn = torch.randn(n, 6, generator=rng), torch.randn(n, n_frames, 4, generator=rng)
    return tuple(part.double() for part in drawn)


def test_the_mask_says_pixel_by_pixel_what_covers_the_background():
    parts = SceneParts(
        background=torch.full((1, 3, 1, 3), -1.0),
        mask=torch.tensor([[[[[0.0, 0.25, 1.0]]], [[[1.0, 0.0, 0.0]]]]]),
        foreground=torch.full((1, 2, 3, 1, 3), 1.0),
    )
    videos = parts.videos()
    assert videos[0, 0, 1, 0].tolist() == [-1, -0.5, 1]
    assert videos[0, 1, 2, 0].tolist() == [1, -1, -1]


def test_a_painted_video_is_its_parts_laid_together(painter):
    parts = painter.parts(*codes())
    assert parts.background.shape == (3, 3, 16, 16)
    assert parts.mask.shape == (3, 5, 1, 16, 16)
    assert parts.foreground.shape == (3, 5, 3, 16, 16)
    still = parts.background[:, None]
    expect = parts.mask * parts.foreground + (1 - parts.mask) * still
    assert torch.allclose(painter(*codes()), expect)
    assert parts.mask.min() > 0 and parts.mask.max() < 1


def test_motion_reaches_mask_and_foreground_and_never_the_background(painter):
    z_content, z_motion = codes()
    one, other = painter.parts(z_content, z_motion), painter.parts(z_content, z_motion + 1)
    assert torch.equal(one.background, other.background)
    assert not torch.allclose(one.mask, other.mask)
    assert not torch.allclose(one.foreground, other.foreground)


def test_content_reaches_all_three_and_no_neighbour(painter):
    z_content, z_motion = codes()
    changed = z_content.clone()
    changed[1] += 1
    pairs = zip(
        painter.parts(z_content, z_motion), painter.parts(changed, z_motion), strict=True
    )
    for one, other in pairs:
        assert torch.allclose(one[[0, 2]], other[[0, 2]])
        assert not torch.allclose(one[1], other[1])


def test_each_frame_is_painted_from_its_own_motion(painter):
    z_content, z_motion = codes()
    backwards = painter(z_content, z_motion.flip(1))
    assert torch.allclose(backwards.flip(1), painter(z_content, z_motion))


@pytest.mark.parametrize("n_classes", [(), (2, 3)], ids=["plain", "told"])
def test_a_generators_videos_come_apart_and_together_again(n_classes):
    torch.manual_seed(0)
    generator = new_generator(replace(SMALL, painter="scene", n_classes=n_classes))
    latents = generator.draw_latents(2, 8, new_rng(0))
    parts = scene_parts(generator, latents)
    assert torch.allclose(parts.videos(), generator(latents), atol=1e-6)
    with pytest.raises(ValueError, match="a FramePainter has none"):
        scene_parts(new_generator(SMALL), latents)


def test_layers_that_do_not_fit_the_picture_are_refused():
    with pytest.raises(ValueError, match="power of two"):
        ScenePainter(image_size=20)
    with pytest.raises(ValueError, match="3 upsampling layers need image_size of at least 16"):
        ScenePainter(image_size=8, background_channels=(4, 4, 4))
