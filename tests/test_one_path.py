"""The fast loop is the taught one: ten rounds of both in float64 end in the same weights."""

import sys
from dataclasses import replace

import pytest
import torch

from small_gan import SMALL
from vgan_lessons.datasets import load_videos
from vgan_lessons.exercises.ex08_video_gan.taught_round import taught_round
from vgan_lessons.training import new_video_gan, video_gan_round
from vgan_lessons.training.windows import draw_window

CONFIG = replace(SMALL, penalty_every=3, r1_gamma=2.0, r2_gamma=0.5)


OBJECT = {
    "painter": "object",
    "frame_pooling": True,
    "black_is_zero": True,
    "single_frames": 2,
}


SCENE = {"painter": "scene", "background_channels": (8, 8)}
TOLD = SCENE | {"n_classes": (3, 6), "single_frames": 2}


def doubled(latents):
    parts = latents._asdict().items()
    return {name: part.double() for name, part in parts if part.is_floating_point()}


def in_float64(config):
    gan = new_video_gan(config, on=torch.device("cpu"))
    for network in gan.networks().values():
        network.double()
    return gan


@pytest.mark.parametrize(
    "changes",
    [{}, {"painter": "dense"}, {"model": "conv3d"}, OBJECT, SCENE, TOLD],
    ids=["moving", "dense", "3-d", "object", "scene", "told"],
)
def test_ten_rounds_of_the_fast_loop_and_of_the_taught_steps_end_in_the_same_weights(changes):
    config = replace(CONFIG, **changes)
    bank = load_videos("shapes", image_size=16, n_frames=8, n_videos=32)
    fast, taught = in_float64(config), in_float64(config)
    start = {name: p.clone() for name, p in fast.generator.named_parameters()}
    for step in range(1, 11):
        fast.step = taught.step = step
        window = draw_window(config, step, 4, fast.rng)
        clip = {"n_frames": 3, "stride": window.stride, "rng": fast.rng}
        real, labels = bank.sample_labelled(4, **clip)
        told = {"labels": labels} if config.n_classes else {}
        drawn = fast.generator.draw_latents(4, config.n_frames, fast.rng, **told)
        real, latents = real.double(), drawn._replace(**doubled(drawn))
        players = fast.told(labels, config.single_frames) if told else fast
        d_loss, g_loss, _ = video_gan_round(players, config, real, latents, window)
        taught_losses = torch.stack(taught_round(taught, config, real, latents, window))
        assert torch.allclose(torch.stack([d_loss, g_loss]), taught_losses, rtol=1e-9)
    for name, network in fast.networks().items():
        twin = taught.networks()[name].state_dict()
        for key, value in network.state_dict().items():
            assert torch.allclose(value, twin[key], rtol=1e-9, atol=1e-9), f"{name}.{key}"
    moved = [(p - start[n]).abs().max() for n, p in fast.generator.named_parameters()]
    assert min(moved) > 1e-4  # what never moved would also agree


def depth_of(run):
    """How many functions of the library stand on one another at most while `run` runs."""
    deepest = 0

    def count(frame, event, argument):
        nonlocal deepest
        ours = 0
        while frame is not None:
            ours += frame.f_globals["__name__"].startswith("vgan_lessons.")
            frame = frame.f_back
        deepest = max(deepest, ours)

    sys.setprofile(count)
    try:
        run()
    finally:
        sys.setprofile(None)
    return deepest


@pytest.mark.parametrize(
    "changes, telling",
    [
        ({}, 0),
        ({"painter": "dense"}, 0),
        ({"model": "conv3d"}, 0),
        (OBJECT, 0),
        (SCENE, 0),
        (TOLD, 1),
    ],
    ids=["moving", "dense", "3-d", "object", "scene", "told"],
)
def test_the_way_from_latents_to_pixels_is_four_calls_deep_and_to_a_logit_three(
    changes, telling
):
    """What a reader has to follow; labels are told by one more on either way."""
    gan = new_video_gan(replace(CONFIG, **changes), on=torch.device("cpu"))
    latents = gan.generator.draw_latents(2, CONFIG.n_frames, torch.Generator())
    assert depth_of(lambda: gan.generator(latents)) <= 4 + telling
    clips, labels = torch.zeros(2, 3, 3, 16, 16), getattr(latents, "labels", None)
    told = () if labels is None else (labels,)
    assert depth_of(lambda: gan.clip_discriminator(clips, *told)) <= 3 + telling
    assert depth_of(lambda: gan.frame_discriminator(clips[:, 0], *told)) <= 3 + telling
