"""Augmentation: one draw a clip, both sides alike, and G's gradient runs back through it."""

import inspect
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from small_gan import SMALL
from vgan_lessons import augment
from vgan_lessons.datasets import load_videos
from vgan_lessons.runtime import new_rng
from vgan_lessons.training import VideoTrainConfig, new_video_gan, train_video_gan, video

NOTHING = {
    "shift_brightness": ([0.0],),
    "scale_saturation": ([1.0],),
    "scale_contrast": ([1.0],),
    "translate": ([0], [0]),
    "cut_out": ([3], [2], [0]),
}
SOMETHING = {
    "shift_brightness": ([0.3, -0.2],),
    "scale_saturation": ([0.5, 1.5],),
    "scale_contrast": ([0.5, 1.5],),
    "translate": ([1, -2], [-1, 0]),
    "cut_out": ([-1, 4], [2, 5], [4, 3]),
}


def clips_of(B=2, T=3, C=3, H=8, W=10, seed=0, dtype=torch.float64):
    return 2 * torch.rand(B, T, C, H, W, generator=new_rng(seed), dtype=dtype) - 1


def numbers(table, name, B):
    return [torch.tensor(column * (B // len(column))) for column in table[name]]


@pytest.mark.parametrize("name", NOTHING)
def test_each_alteration_by_nothing_changes_nothing(name):
    clips = clips_of()
    altered = getattr(augment, name)(clips, *numbers(NOTHING, name, 2))
    assert torch.allclose(altered, clips, atol=1e-12)


@pytest.mark.parametrize("name", SOMETHING)
def test_each_alteration_is_the_same_on_all_frames_and_has_a_gradient(name):
    amounts = numbers(SOMETHING, name, 2)
    still = clips_of(T=1).expand(-1, 5, -1, -1, -1)
    altered = getattr(augment, name)(still, *amounts)
    assert not torch.allclose(altered, still) and torch.allclose(altered, altered[:, :1])
    clips = clips_of(H=5, W=4).requires_grad_()
    altering = getattr(augment, name)
    assert torch.autograd.gradcheck(lambda x: altering(x, *amounts), clips, fast_mode=True)


def test_lesson_10_says_which_arguments_each_alteration_takes():
    page = Path(__file__).parents[1] / "notebooks" / "source" / "10_little_data.py"
    text = page.read_text(encoding="utf-8")
    for name in NOTHING:
        arguments = ", ".join(inspect.signature(getattr(augment, name)).parameters)
        assert f"# | `{name}({arguments})` |" in text


def test_a_shift_moves_each_clip_its_own_way_and_a_hole_lies_where_it_should():
    clips = torch.arange(1.0, 21).view(1, 1, 1, 4, 5).repeat(2, 1, 1, 1, 1)
    moved = augment.translate(clips, torch.tensor([1, -2]), torch.tensor([0, 3]))[:, 0, 0]
    assert moved[0, 0].tolist() == [0] * 5 and torch.equal(moved[0, 1:], clips[0, 0, 0, :3])
    assert moved[1].tolist() == [[0, 0, 0, 11, 12], [0, 0, 0, 16, 17], [0] * 5, [0] * 5]
    where = torch.tensor([0, 3]), torch.tensor([1, -1]), torch.tensor([2, 2])
    holes = augment.cut_out(clips, *where)[:, 0, 0] == 0
    assert holes[0].nonzero().tolist() == [[0, 1], [0, 2], [1, 1], [1, 2]]
    assert holes[1].nonzero().tolist() == [[3, 0]]  # what lies outside is not cut


def test_colours_keep_what_they_should_keep():
    clips = clips_of()
    factor = torch.tensor([0.3, 1.7])
    contrast = augment.scale_contrast(clips, factor)
    assert torch.allclose(contrast.mean((1, 2, 3, 4)), clips.mean((1, 2, 3, 4)))
    spread = contrast.flatten(1).std(1) / clips.flatten(1).std(1)
    assert torch.allclose(spread, factor.double())
    colourful = augment.scale_saturation(clips, factor)
    assert torch.allclose(colourful.mean(2), clips.mean(2))


def test_one_draw_a_clip_serves_all_its_frames():
    still = clips_of(B=6, T=1, dtype=torch.float32).expand(-1, 7, -1, -1, -1)
    altered = augment.diff_augment(still, 1.0, new_rng(0))
    assert torch.allclose(altered, altered[:, :1], atol=1e-6)
    same = clips_of(B=1, dtype=torch.float32).expand(6, -1, -1, -1, -1)
    altered = augment.diff_augment(same, 1.0, new_rng(0))
    apart = [(altered[i] - altered[j]).abs().max() > 0.01 for i in range(6) for j in range(i)]
    assert all(apart)  # and each clip has its own


def test_the_probability_is_that_of_each_alteration():
    clips = torch.full((4000, 1, 1, 8, 8), 0.5)
    for probability in (0.0, 0.3, 1.0):
        altered = augment.diff_augment(clips, probability, new_rng(1))
        as_it_was = (altered - clips).abs().flatten(1).amax(1) < 1e-6
        # a shift by less than half a pixel is none, so a little more than (1 - p)^3 stay
        still = (1 / 4) ** 2  # both shifts are uniform in -1...1 and rounded: 1/2 each
        expected = (1 - probability) ** 2 * (1 - probability + probability * 4 * still)
        assert as_it_was.double().mean().item() == pytest.approx(expected, abs=0.03)


def test_float32_and_float64_are_altered_alike_and_the_dtype_stays():
    clips = clips_of(B=5)
    single, double = (
        augment.diff_augment(part, 0.8, new_rng(3)) for part in (clips.float(), clips)
    )
    assert single.dtype == torch.float32 and double.dtype == torch.float64
    assert torch.allclose(single.double(), double, atol=1e-5)


def test_both_sides_are_altered_each_clip_by_itself_and_fakes_get_a_gradient():
    real, fake = clips_of(B=3), clips_of(B=2, seed=1).requires_grad_()
    both = augment.augment_both(real, fake, 1.0, new_rng(2))
    assert [part.shape for part in both] == [real.shape, fake.shape]
    rng = new_rng(2)
    for part, found in zip((real, fake), both, strict=True):
        assert torch.equal(found, augment.diff_augment(part, 1.0, rng))
    assert not both[0].requires_grad
    both[1].square().sum().backward()
    assert (fake.grad.flatten(1).norm(dim=1) > 0).all()


def test_about_half_of_the_clips_are_mirrored_and_all_frames_with_them():
    clips = clips_of(B=400, T=2, C=1, H=2, W=3)
    mirrored = augment.mirror_half(clips, new_rng(0))
    flipped = (mirrored == clips.flip(-1)).flatten(1).all(1)
    kept = (mirrored == clips).flatten(1).all(1)
    assert (flipped ^ kept).all() and 0.4 < flipped.double().mean() < 0.6


def test_bad_input_is_named():
    with pytest.raises(ValueError, match=r"\(B, T, C, H, W\), got \(2, 3, 8, 8\)"):
        augment.diff_augment(torch.zeros(2, 3, 8, 8), 0.5, new_rng(0))
    for wrong in (-0.1, 1.5):
        with pytest.raises(ValueError, match="from 0 to 1"):
            augment.diff_augment(clips_of(), wrong, new_rng(0))
        with pytest.raises(ValueError, match="augment is a probability"):
            VideoTrainConfig(augment=wrong)


# --- in the loop ----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def bank():
    return load_videos("shapes", image_size=16, n_frames=8, n_videos=16)


def play(bank, config):
    gan = new_video_gan(config, on=torch.device("cpu"))
    return [log.d_loss for log in train_video_gan(gan, bank, config)], gan


def test_both_discriminators_see_altered_clips_of_both_sides_in_both_turns(bank, monkeypatch):
    seen, score = [], video._score
    monkeypatch.setattr(video, "_score", lambda *asked: seen.append(asked) or score(*asked))
    altered = {}

    def marked(real, fake, probability, rng):
        altered["real"], altered["fake"] = real * 0 + 0.25, fake * 0.5 + 0.125
        return altered["real"], altered["fake"]

    monkeypatch.setattr("vgan_lessons.augment.augment_both", marked)
    config = replace(SMALL, augment=0.7, n_steps=1)
    play(bank, config)
    d_turn, g_reals, g_fakes = (clips for _, clips, _, _ in seen)
    assert torch.equal(d_turn, torch.cat([altered["real"], altered["fake"]]))
    assert not d_turn.requires_grad and g_fakes.requires_grad
    assert torch.equal(g_reals, altered["real"]) and torch.equal(g_fakes, altered["fake"])


def test_a_run_is_augmented_or_mirrored_on_request_only_and_repeats_itself(bank):
    plain = play(bank, SMALL)[0]
    for change in ({"augment": 0.8}, {"mirror": True}):
        config = replace(SMALL, **change)
        assert play(bank, config)[0] == play(bank, config)[0] != plain
