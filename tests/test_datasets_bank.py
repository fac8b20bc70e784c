"""A bank of videos: clips come from the right video, at the right time, evenly."""

import time
from dataclasses import replace

import pytest
import torch

from machine_speed import quick_enough
from vgan_lessons import layout
from vgan_lessons.datasets import Card, VideoBank

CARD = Card(
    name="coded", what="numbers", source="here", licence="MIT", size="", shape="", how_made=""
)
LENGTHS = (7, 3, 10)


def coded_bank(lengths=LENGTHS, size=4) -> VideoBank:
    """Frame t of video v has the value 20 v + t in every pixel."""
    values = [20 * video + t for video, length in enumerate(lengths) for t in range(length)]
    frames = torch.tensor(values, dtype=torch.uint8).view(-1, 1, 1, 1).expand(-1, 3, size, size)
    return VideoBank(
        frames=frames.contiguous(),
        lengths=torch.tensor(lengths),
        truth={"number": torch.arange(len(lengths))},
        label_names={"number": tuple("abc"[: len(lengths)])},
        card=CARD,
    )


def codes(clips: torch.Tensor) -> torch.Tensor:
    """(B, T) values of the bytes behind normalised clips; every pixel must agree."""
    stored = layout.to_uint8(clips).flatten(2)
    assert (stored == stored[:, :, :1]).all()
    return stored[:, :, 0].long()


def test_clips_come_from_the_named_video_at_the_named_time():
    clips = coded_bank().clips(torch.tensor([2, 0]), torch.tensor([1, 4]), n_frames=3)
    assert clips.shape == (2, 3, 3, 4, 4) and clips.dtype == torch.float32
    assert codes(clips).tolist() == [[41, 42, 43], [4, 5, 6]]


def test_stride_skips_frames_within_one_video():
    clips = coded_bank().clips(torch.tensor([2]), torch.tensor([1]), n_frames=3, stride=4)
    assert codes(clips).tolist() == [[41, 45, 49]]


def test_every_byte_comes_back_from_minus_one_to_one():
    frames = torch.arange(256, dtype=torch.uint8).view(256, 1, 1, 1).expand(-1, 3, 2, 2)
    bank = VideoBank(frames=frames, lengths=torch.tensor([256]), card=CARD)
    clip = bank.clips(torch.tensor([0]), torch.tensor([0]), n_frames=256)
    assert clip.min() == -1 and clip.max() == 1
    assert codes(clip).tolist() == [list(range(256))]


@pytest.mark.parametrize("index, start", [(1, 1), (0, -1), (2, 8)])
def test_a_clip_that_would_leave_its_video_is_refused(index, start):
    with pytest.raises(ValueError, match=f"a clip of 3 frames from frame {start} does not fit"):
        coded_bank().clips(torch.tensor([2, index]), torch.tensor([0, start]), n_frames=3)


def test_sampled_clips_are_consecutive_and_reach_every_start_that_fits():
    rng = torch.Generator().manual_seed(0)
    drawn = codes(coded_bank().sample_clips(500, n_frames=2, stride=2, rng=rng))
    assert (drawn[:, 1] - drawn[:, 0] == 2).all()
    begun = {divmod(code, 20) for code in drawn[:, 0].tolist()}
    assert begun == {
        (video, t) for video, length in enumerate(LENGTHS) for t in range(length - 2)
    }


def test_videos_and_starts_are_drawn_evenly():
    rng = torch.Generator().manual_seed(1)
    bank = coded_bank((11, 11, 11))
    starts = codes(bank.sample_clips(9000, n_frames=3, rng=rng))[:, 0]
    counts = torch.bincount(starts, minlength=60).view(3, 20)[:, :9].flatten()
    expected = 9000 / 27
    chi_square = ((counts - expected) ** 2 / expected).sum().item()
    assert counts.sum() == 9000
    assert chi_square < 54.1  # 26 degrees of freedom, exceeded once in a thousand


def test_videos_too_short_for_the_span_are_never_chosen():
    rng = torch.Generator().manual_seed(2)
    drawn = codes(coded_bank().sample_clips(200, n_frames=4, stride=2, rng=rng))
    assert set((drawn[:, 0] // 20).tolist()) == {0, 2}


def test_no_video_long_enough_is_an_error_with_the_numbers():
    rng = torch.Generator().manual_seed(0)
    with pytest.raises(
        ValueError, match="no video holds a clip of 16 frames; the longest has 10"
    ):
        coded_bank().sample_clips(1, n_frames=6, stride=3, rng=rng)


@pytest.mark.parametrize("numbers", [{"n_frames": 0}, {"n_frames": 2, "stride": 0}])
def test_impossible_lengths_are_refused(numbers):
    with pytest.raises(ValueError, match="at least 1"):
        coded_bank().sample_clips(1, rng=torch.Generator(), **numbers)


def test_equal_rngs_draw_equal_clips_and_the_global_seed_is_untouched():
    bank, before = coded_bank(), torch.get_rng_state()
    one, two = (
        bank.sample_clips(8, n_frames=3, rng=torch.Generator().manual_seed(5)) for _ in range(2)
    )
    assert torch.equal(one, two)
    assert torch.equal(torch.get_rng_state(), before)


def test_a_selection_shares_the_frames_and_keeps_truth_in_order():
    bank = coded_bank()
    some = bank.select(torch.tensor([2, 1]))
    assert some.n_videos == 2 and some.frames.data_ptr() == bank.frames.data_ptr()
    assert some.truth["number"].tolist() == [2, 1]
    assert some.labels(torch.tensor([1, 1, 0])).tolist() == [[1], [1], [2]]
    clips = some.clips(torch.tensor([0, 1]), torch.tensor([3, 0]), n_frames=2)
    assert codes(clips).tolist() == [[43, 44], [20, 21]]


def test_labels_come_with_the_clips_that_the_same_rng_draws_without_them():
    bank, rngs = coded_bank(), [torch.Generator().manual_seed(3) for _ in range(2)]
    clips, labels = bank.sample_labelled(30, n_frames=3, rng=rngs[0])
    assert torch.equal(clips, bank.sample_clips(30, n_frames=3, rng=rngs[1]))
    assert torch.equal(labels, codes(clips)[:, :1] // 20)
    assert bank.n_classes == (3,)


def test_a_bank_without_labels_has_none_to_give():
    bank = replace(coded_bank(), label_names={})
    assert bank.labels(torch.tensor([0, 2])).shape == (2, 0) and bank.n_classes == ()


def test_a_selection_of_a_sampled_bank_forgets_what_fitted_before():
    rng = torch.Generator().manual_seed(0)
    bank = coded_bank()
    bank.sample_clips(4, n_frames=2, rng=rng)
    drawn = codes(bank.select(torch.tensor([1])).sample_clips(20, n_frames=2, rng=rng))
    assert set((drawn[:, 0] // 20).tolist()) == {1}


def test_moving_a_bank_moves_all_of_it():
    moved = coded_bank().to("meta")
    parts = (moved.frames, moved.lengths, moved.first_frames, moved.films)
    parts += (moved.truth["number"],)
    assert all(part.device.type == "meta" for part in parts)


def test_videos_of_one_film_are_counted_once_and_stay_together():
    bank = replace(coded_bank(), films=torch.tensor([4, 9, 4]))
    assert bank.n_videos == 3 and bank.n_films == 2
    assert bank.select(torch.tensor([2, 0])).n_films == 1
    assert coded_bank().n_films == 3
    with pytest.raises(ValueError, match="films has 2 rows for 3 videos"):
        replace(bank, films=torch.tensor([1, 2]))


def test_a_video_may_be_every_second_frame_of_its_film():
    bank = replace(
        coded_bank((10,)),
        first_frames=torch.tensor([0, 1]),
        lengths=torch.tensor([5, 4]),
        films=torch.tensor([0, 0]),
        step=2,
        truth={},
        label_names={},
    )
    assert bank.video(1)[:, 0, 0, 0].tolist() == [1, 3, 5, 7]
    index, start = torch.tensor([0, 1]), torch.tensor([0, 0])
    assert codes(bank.clips(index, start, n_frames=2, stride=3)).tolist() == [[0, 6], [1, 7]]
    drawn = codes(bank.sample_clips(50, n_frames=4, rng=torch.Generator().manual_seed(0)))
    assert (drawn.diff(dim=1) == 2).all() and drawn.max() == 8


def test_a_fingerprint_tells_one_changed_byte_length_or_label():
    bank = coded_bank()
    mark = bank.fingerprint()
    assert mark == coded_bank().fingerprint() and len(mark) == 16
    assert mark != bank.select(torch.tensor([1, 0, 2])).fingerprint()
    assert mark != replace(bank, lengths=torch.tensor([7, 3, 9])).fingerprint()
    assert mark != replace(bank, label_names={"number": ("a", "b", "d")}).fingerprint()
    bank.frames[19, 2, 3, 3] += 1
    assert mark != bank.fingerprint()


@pytest.mark.gpu
def test_clips_are_gathered_where_the_frames_live():
    bank = coded_bank().to("cuda")
    rng = torch.Generator(device="cuda").manual_seed(0)
    clips = bank.sample_clips(4, n_frames=3, rng=rng)
    assert clips.is_cuda
    assert (codes(clips).diff(dim=1) == 1).all()
    clips = bank.clips(torch.tensor([2]), torch.tensor([1]), n_frames=3)
    assert codes(clips).tolist() == [[41, 42, 43]]


def test_parts_that_do_not_fit_together_are_refused():
    frames, lengths = torch.zeros(5, 3, 4, 4, dtype=torch.uint8), torch.tensor([3, 3])
    with pytest.raises(ValueError, match="videos end at frame 6 of 5"):
        VideoBank(frames=frames, lengths=lengths, card=CARD)
    with pytest.raises(ValueError, match="frames must be uint8"):
        VideoBank(frames=frames.float(), lengths=lengths, card=CARD)
    with pytest.raises(ValueError, match="label has 3 rows for 1 videos"):
        VideoBank(
            frames=frames, lengths=lengths[:1], truth={"label": torch.zeros(3)}, card=CARD
        )
    with pytest.raises(ValueError, match="labels without values in truth: kind"):
        VideoBank(
            frames=frames, lengths=lengths[:1], label_names={"kind": ("a", "b")}, card=CARD
        )


def test_a_batch_is_ready_long_before_a_training_step_ends():
    bank = VideoBank(
        frames=torch.zeros(512 * 16, 3, 32, 32, dtype=torch.uint8),
        lengths=torch.full((512,), 16),
        card=CARD,
    )
    rng = torch.Generator().manual_seed(0)
    spent = []
    for _ in range(20):
        begin = time.process_time()
        bank.sample_clips(64, n_frames=6, stride=2, rng=rng)
        spent.append(time.process_time() - begin)
    assert quick_enough(min(spent), 0.01)  # a training step takes about 0.1 s
