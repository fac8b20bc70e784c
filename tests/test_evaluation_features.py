"""The shipped eye of the metrics: small, whole, deterministic, and stills are stills."""

import json
import shutil
import sys
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file

from vgan_lessons.evaluation.features import (
    WEIGHTS,
    FeatureNetwork,
    features_card,
    in_batches,
    load_features,
    still_features,
)
from vgan_lessons.layout import from_uint8
from vgan_lessons.runtime import new_rng

SCRIPTS = Path(__file__).parents[1] / "data_scripts"


@pytest.fixture(scope="module")
def network():
    return load_features()


@pytest.fixture(scope="module")
def clips():
    return torch.randint(0, 256, (5, 16, 3, 32, 32), generator=new_rng(0), dtype=torch.uint8)


def test_the_weights_are_small_half_precision_and_described():
    assert WEIGHTS.stat().st_size < 1_000_000
    weights = load_file(WEIGHTS)
    assert {w.dtype for w in weights.values()} == {torch.float16, torch.int64}
    card = features_card()
    for field in ("data", "recipe", "seed", "steps", "cpu_minutes", "device", "sha256"):
        assert card[field] not in (None, ""), field
    assert card["parameters"] == sum(p.numel() for p in FeatureNetwork().parameters())
    assert card["parameters"] == pytest.approx(450_000, rel=0.05)


def test_the_network_comes_ready_without_touching_the_global_random_numbers(network):
    before = torch.get_rng_state()
    again = load_features()
    assert torch.equal(torch.get_rng_state(), before)
    assert not again.training and not any(p.requires_grad for p in again.parameters())
    assert {p.dtype for p in again.parameters()} == {torch.float32}
    for name, value in network.state_dict().items():
        assert torch.equal(again.state_dict()[name], value), name


def test_weights_that_are_not_on_the_card_are_refused(tmp_path):
    path = tmp_path / "features.safetensors"
    shutil.copy(WEIGHTS.with_suffix(".json"), path.with_suffix(".json"))
    damaged = bytearray(WEIGHTS.read_bytes())
    damaged[-1] ^= 1
    path.write_bytes(damaged)
    with pytest.raises(ValueError, match=r"features\.safetensors is not the file on its card"):
        load_features(path)


def test_features_are_read_before_any_activation(network, clips):
    features = in_batches(network, clips)
    assert features.shape == (5, 64)
    assert features.min() < 0 < features.max()


def test_a_clip_has_the_same_features_alone_in_a_batch_and_as_floats(network, clips):
    together = in_batches(network, clips)
    alone = torch.cat([in_batches(network, clip[None]) for clip in clips])
    assert torch.allclose(together, alone, atol=1e-4)
    assert torch.equal(in_batches(network, from_uint8(clips)), together)
    assert not together.is_inference()


def test_one_frame_has_the_features_of_that_frame_held_for_any_length(network, clips):
    frame = from_uint8(clips[:, 3:4])
    for n_frames in (2, 16, 21):
        held = frame.expand(-1, n_frames, -1, -1, -1)
        assert torch.allclose(network(frame), network(held), atol=1e-4), n_frames


def test_stills_are_the_frames_asked_for(network, clips):
    times = torch.tensor([[0, 15], [3, 3], [7, 1], [2, 4], [9, 8]])
    found = still_features(network, clips, times)
    assert found.shape == (5, 2, 64)
    for video, n in ((0, 1), (2, 0), (4, 1)):
        frame = clips[video : video + 1, times[video, n]][:, None]
        assert torch.allclose(found[video, n], in_batches(network, frame)[0], atol=1e-4)


def test_the_order_of_frames_matters_to_clips_and_a_frame_of_another_clip_does_not(
    network, clips
):
    backwards = in_batches(network, clips.flip(1))
    assert not torch.allclose(backwards, in_batches(network, clips), atol=0.1)
    changed = clips.clone()
    changed[1] = 0
    found = in_batches(network, changed)
    assert torch.allclose(
        found[[0, 2, 3, 4]], in_batches(network, clips)[[0, 2, 3, 4]], atol=1e-4
    )


def test_a_wrong_layout_is_named(network):
    with pytest.raises(ValueError, match=r"\(B, T, 3, H, W\), got \(2, 3, 16, 32, 32\)"):
        network(torch.zeros(2, 3, 16, 32, 32))


def test_the_training_script_writes_what_load_features_reads(tmp_path, monkeypatch, capsys):
    monkeypatch.syspath_prepend(SCRIPTS)
    import feature_clips
    import train_features

    for module in (feature_clips, train_features):
        monkeypatch.setattr(module, "N_CLIPS", 64)
    monkeypatch.setattr(
        sys, "argv", ["train_features.py", "--steps", "2", "--out", str(tmp_path)]
    )
    before = torch.get_rng_state()
    train_features.main()
    torch.set_rng_state(before)
    path = tmp_path / WEIGHTS.name
    made = load_features(path)
    assert json.loads(path.with_suffix(".json").read_text())["steps"] == 2
    assert torch.isfinite(made(torch.zeros(1, 16, 3, 32, 32))).all()


def test_what_is_called_sound_in_training_is_untouched(monkeypatch):
    monkeypatch.syspath_prepend(SCRIPTS)
    from feature_clips import draw_scenes
    from train_features import spoil

    scenes = draw_scenes(32, new_rng(0))
    assert scenes.videos.shape == (32, 16, 3, 32, 32) and scenes.videos.abs().max() <= 1
    assert (
        scenes.videos.diff(dim=1).abs().amax(dim=(1, 2, 3, 4)).min() > 0.1
    )  # all of them wave
    spoiled, severities = spoil(scenes.videos, new_rng(1))
    same = (spoiled == scenes.videos).flatten(1).all(1)
    assert 0 < same.sum() < 32
    assert same[(severities == 0).all(1)].all()
