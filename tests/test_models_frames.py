"""The two players for frames, the even upsampling, and walks between latents."""

import pytest
import torch
from torch.nn import functional as F

from vgan_lessons.article.frames import build_frame_players
from vgan_lessons.models.frames import FrameDiscriminator, FrameGenerator
from vgan_lessons.models.latent_walks import latent_walk
from vgan_lessons.models.upsampling import overlap_map, raising_convolution


@pytest.mark.parametrize("size", [8, 16, 64])
def test_a_generator_paints_the_size_it_is_built_for_and_d_scores_it(size):
    G = FrameGenerator(latent_dim=6, image_size=size, channels=2, base_channels=4)
    D = FrameDiscriminator(image_size=size, channels=2, base_channels=4)
    frames = G(torch.randn(3, 6, generator=torch.Generator().manual_seed(0)))
    assert frames.shape == (3, 2, size, size) and D(frames).shape == (3,)
    assert frames.abs().max() <= 1


@pytest.mark.parametrize("size", [4, 20])
def test_a_size_that_no_doubling_reaches_is_refused(size):
    with pytest.raises(ValueError, match=f"power of two of at least 8, got {size}"):
        FrameGenerator(image_size=size)


def test_a_frame_does_not_depend_on_the_others_of_its_batch():
    G = FrameGenerator(latent_dim=6, image_size=16, base_channels=4).train()
    z = torch.randn(5, 6, generator=torch.Generator().manual_seed(1))
    torch.testing.assert_close(G(z)[:2], G(z[:2]))


@pytest.mark.parametrize("kernel, stride", [(1, 1), (3, 2), (4, 2), (2, 3), (5, 3)])
def test_overlaps_are_what_a_transposed_convolution_of_ones_adds_up(kernel, stride):
    added = F.conv_transpose1d(torch.ones(1, 1, 5), torch.ones(1, 1, kernel), stride=stride)
    assert overlap_map(kernel, stride, 5).tolist() == added[0, 0].tolist()


def test_the_upsampling_of_the_course_overlaps_evenly():
    layer = raising_convolution(1, 1)
    torch.nn.init.ones_(layer.weight)
    inner = layer(torch.ones(1, 1, 5, 5))[0, 0, 1:-1, 1:-1]
    assert inner.shape == (8, 8) and (inner == inner[0, 0]).all()


def test_a_walk_turns_by_equal_angles_and_keeps_a_common_length():
    rng = torch.Generator().manual_seed(2)
    start, end = torch.randn(2, 40, generator=rng, dtype=torch.float64)
    end = end * start.norm() / end.norm()
    path = latent_walk(start, end, 7)
    torch.testing.assert_close(path[[0, -1]], torch.stack([start, end]))
    torch.testing.assert_close(path.norm(dim=1), start.norm().expand(7))
    turns = F.cosine_similarity(path[1:], path[:-1], dim=1)
    torch.testing.assert_close(turns, turns[:1].expand(6))


def test_a_walk_between_equals_stands_still():
    start = torch.tensor([0.3, -2.0])
    assert torch.equal(latent_walk(start, start, 4), start.expand(4, 2))


@pytest.mark.parametrize("size", [16, 33, 100])
def test_the_mended_pair_makes_frames_of_any_size(size):
    G, D = build_frame_players(frame_size=size, latent_dim=4, width=2)
    frames = G(torch.randn(2, 4, generator=torch.Generator().manual_seed(3)))
    assert frames.shape == (2, 3, size, size) and D(frames).shape == (2,)
    assert (frames[0] != frames[1]).double().mean() > 0.99  # none painted by the borders alone
