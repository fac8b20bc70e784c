"""Axis orders: anchored by values that carry their own index, then taken there and back."""

import pytest
import torch

from vgan_lessons import layout


def coded(*sizes: int) -> torch.Tensor:
    """Each entry is the decimal word of its own index: entry [1, 2, 0, 3, 4] is 12034."""
    index = torch.meshgrid(*[torch.arange(size) for size in sizes], indexing="ij")
    place = 10 ** torch.arange(len(sizes) - 1, -1, -1)
    return (torch.stack(index, -1) * place).sum(-1).float()


def test_frames_of_one_video_stay_together():
    frames = layout.frames_from_videos(coded(2, 3, 4, 5, 6))
    assert frames.shape == (6, 4, 5, 6)
    assert [int(frame[0, 0, 0]) // 1000 for frame in frames] == [0, 1, 2, 10, 11, 12]
    assert frames[1 * 3 + 2, 3, 4, 5].item() == 12345


def test_frames_fold_back_into_the_videos_they_came_from():
    videos = coded(2, 3, 1, 2, 2)
    assert layout.videos_from_frames(layout.frames_from_videos(videos), 3).equal(videos)
    assert layout.videos_from_frames(coded(6, 1, 1, 1), 3)[1, 2].item() == 5000


@pytest.mark.parametrize("n_frames", [0, -1, 4])
def test_frames_that_make_no_whole_videos_are_refused_with_both_numbers(n_frames):
    with pytest.raises(ValueError, match=f"6 frames do not make whole videos of {n_frames}"):
        layout.videos_from_frames(torch.zeros(6, 1, 2, 2), n_frames)


def test_a_volume_keeps_time_beside_height_and_width():
    volumes = layout.volumes_from_videos(coded(2, 3, 4, 5, 6))
    assert volumes.shape == (2, 4, 3, 5, 6)
    assert volumes[1, 3, 2, 4, 5].item() == 12345
    assert layout.videos_from_volumes(volumes).equal(coded(2, 3, 4, 5, 6))


def test_stacked_frames_keep_their_channels_together_and_their_order():
    stacked = layout.stack_frames_as_channels(coded(2, 3, 4, 1, 1))
    assert stacked.shape == (2, 12, 1, 1)
    assert stacked[1, 2 * 4 + 3].item() == 12300


def test_every_stored_byte_comes_back_as_itself():
    stored = torch.arange(256, dtype=torch.uint8)
    assert layout.to_uint8(layout.from_uint8(stored)).equal(stored)


def test_black_grey_and_white_have_their_known_bytes_and_the_rest_is_clipped():
    pixels = torch.tensor([-1.0, 0.0, 1.0, -3.0, 7.0])
    assert layout.to_uint8(pixels).tolist() == [0, 128, 255, 0, 255]
    assert layout.from_uint8(torch.tensor([0, 255], dtype=torch.uint8)).tolist() == [-1, 1]


def test_half_precision_pixels_are_stored_as_the_same_bytes():
    pixels = torch.linspace(-1, 1, 9)
    assert layout.to_uint8(pixels.bfloat16()).equal(layout.to_uint8(pixels.bfloat16().float()))


def test_pixels_that_are_already_floats_are_not_read_as_bytes():
    with pytest.raises(TypeError, match=r"must be uint8, got torch\.float32"):
        layout.from_uint8(torch.zeros(3))


@pytest.mark.parametrize("given", ["videos", "frames", "volumes"])
@pytest.mark.parametrize("wanted", ["videos", "frames", "volumes"])
def test_any_layout_becomes_any_other(given, wanted):
    videos = torch.arange(2 * 3 * 4 * 5 * 6).view(2, 3, 4, 5, 6)
    forms = {
        "videos": videos,
        "frames": torch.stack([videos[b, t] for b in range(2) for t in range(3)]),
        "volumes": torch.stack([videos[:, :, c] for c in range(4)], dim=1),
    }
    assert torch.equal(layout.change_layout(forms[given], given, wanted, 3), forms[wanted])
