"""Generators: who depends on what, how long they run, what they refuse."""

from dataclasses import replace

import pytest
import torch

from small_gan import SMALL
from vgan_lessons.models.clips import StridedClipDiscriminator
from vgan_lessons.models.generators import MODELS, build, generate
from vgan_lessons.models.lstm_gan import VideoLatents
from vgan_lessons.runtime import new_rng
from vgan_lessons.training import new_generator

SIZES = SMALL.generator_sizes()


OF_THEIR_OWN_KIND = ("diffusion", "vae", "continuation")  # they draw other latents

CHANGES = {
    **{model: {"model": model} for model in MODELS if model not in OF_THEIR_OWN_KIND},
    "object": {"painter": "object"},
    "scene": {"painter": "scene"},
    "told": {"painter": "scene", "n_classes": (1, 1)},
}


@pytest.fixture(params=CHANGES)
def generator(request):
    torch.manual_seed(0)
    return new_generator(replace(SMALL, **CHANGES[request.param]))


def scene():
    torch.manual_seed(0)
    return build("lstm", **SIZES | {"painter": "dense"})


def test_videos_have_the_shape_and_range_of_the_data(generator):
    videos = generator(generator.draw_latents(3, 8, new_rng(0)))
    assert videos.shape == (3, 8, 3, 16, 16)
    assert videos.abs().max() <= 1


def test_painting_some_frames_is_picking_them_from_all(generator):
    latents = generator.draw_latents(2, 8, new_rng(0))
    index = torch.tensor([[0, 3, 6], [1, 2, 7]])
    whole, some = generator(latents), generator(latents, index)
    assert torch.allclose(some[0], whole[0, [0, 3, 6]], atol=1e-5)
    assert torch.allclose(some[1], whole[1, [1, 2, 7]], atol=1e-5)


def test_every_weight_and_every_latent_gets_a_gradient(generator):
    latents = generator.draw_latents(2, 8, new_rng(0))
    z_content, noise = (z.clone().requires_grad_() for z in latents[:2])
    latents = latents._replace(z_content=z_content, noise=noise)
    (generator(latents) * torch.randn(2, 8, 3, 16, 16)).sum().backward()
    silent = [n for n, p in generator.named_parameters() if p.grad is None or not p.grad.any()]
    assert not silent
    assert latents.z_content.grad.any() and latents.noise.grad.any()


def test_a_video_does_not_depend_on_the_others_in_its_batch(generator):
    latents = generator.draw_latents(3, 8, new_rng(0))
    alone = generator(type(latents)(*(part[1:2] for part in latents)))
    assert torch.allclose(generator(latents)[1:2], alone, atol=1e-5)


def test_the_same_seed_draws_the_same_clips_and_another_seed_others(generator):
    one = generate(generator, 5, n_frames=8, rng=new_rng(3))
    again = generate(generator, 5, n_frames=8, rng=new_rng(3))
    assert one.dtype == torch.uint8 and torch.equal(one, again)
    assert not torch.equal(one, generate(generator, 5, n_frames=8, rng=new_rng(4)))


def test_noise_after_a_frame_leaves_the_frames_up_to_it_alone():
    generator = scene()
    latents = generator.draw_latents(2, 6, new_rng(0))
    other = latents.noise.clone()
    other[:, 4:] += 1
    before, after = generator(latents), generator(VideoLatents(latents.z_content, other))
    assert torch.allclose(before[:, :4], after[:, :4], atol=1e-6)
    assert not torch.allclose(before[:, 4:], after[:, 4:], atol=1e-3)


def test_with_memory_the_noise_is_one_draw_and_without_it_one_a_frame():
    with_memory, without = build("lstm", **SIZES), build("independent", **SIZES)
    noise = with_memory.draw_latents(2, 5, new_rng(0)).noise
    assert torch.equal(noise[:, 0], noise[:, 4])
    noise = without.draw_latents(2, 5, new_rng(0)).noise
    assert not torch.equal(noise[:, 0], noise[:, 4])


def test_a_path_runs_on_past_the_trained_length():
    assert generate(scene(), 2, n_frames=40, rng=new_rng(0)).shape == (2, 40, 3, 16, 16)


def test_the_3d_generator_says_that_its_length_is_fixed():
    with pytest.raises(ValueError, match="8 frames, not 9"):
        generate(new_generator(replace(SMALL, model="conv3d")), 1, n_frames=9, rng=new_rng(0))
    with pytest.raises(ValueError, match="power of two from 4 to image_size=16, got 12"):
        build("conv3d", image_size=16, n_frames=12)


def test_an_unknown_model_is_answered_with_the_known_ones():
    with pytest.raises(ValueError, match="lstm, independent, conv3d"):
        build("gru")
    with pytest.raises(ValueError, match="unknown painter 'pencil': expected object, moving"):
        build("lstm", painter="pencil")


def test_too_many_layers_for_the_picture_are_refused():
    with pytest.raises(ValueError, match="image_size of at least 32, got 16"):
        build("lstm", image_size=16, channels_per_layer=(8, 8, 8, 8))


def test_the_clip_discriminator_sees_the_order_of_frames_and_their_distance():
    torch.manual_seed(0)
    scores, clips = (
        StridedClipDiscriminator(n_frames=4, image_size=16),
        torch.randn(3, 4, 3, 16, 16),
    )
    logits = scores(clips, stride=1)
    assert logits.shape == (3,)
    assert not torch.allclose(logits, scores(clips.flip(1), stride=1))
    assert not torch.allclose(logits, scores(clips, stride=2))
    with pytest.raises(ValueError, match="4 frames expected, got 5"):
        scores(torch.zeros(1, 5, 3, 16, 16))
