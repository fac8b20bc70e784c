"""Labels in both players: what they reach, how they are chosen, what is refused."""

from dataclasses import replace

import pytest
import torch

from small_gan import SMALL
from vgan_lessons.datasets import load_videos
from vgan_lessons.models.conditional import (
    ClassProjection,
    ConditionalClipDiscriminator,
    ConditionalFrameDiscriminator,
    choose_labels,
)
from vgan_lessons.models.generators import generate
from vgan_lessons.runtime import new_rng
from vgan_lessons.training import VideoTrainConfig, new_generator, new_video_gan
from vgan_lessons.training.video import train_video_gan

TOLD = replace(SMALL, painter="scene", n_classes=(3, 6))
NAMES = {"action": ("wave", "bend", "run"), "person": ("Ann", "Bob")}


@pytest.fixture
def generator():
    torch.manual_seed(0)
    return new_generator(TOLD)


def test_every_label_changes_its_own_video_and_no_other(generator):
    latents = generator.draw_latents(3, 8, new_rng(0), labels=torch.zeros(3, 2).long())
    before = generator(latents)
    for column in (0, 1):
        labels = latents.labels.clone()
        labels[1, column] = 2
        after = generator(latents._replace(labels=labels))
        assert torch.allclose(before[[0, 2]], after[[0, 2]], atol=1e-6)
        assert not torch.allclose(before[1], after[1], atol=1e-6)


def test_the_first_label_moves_and_the_second_only_looks(generator):
    latents = generator.draw_latents(1, 8, new_rng(0), labels=torch.tensor([[0, 0]]))
    other_action = latents._replace(labels=torch.tensor([[1, 0]]))
    other_person = latents._replace(labels=torch.tensor([[0, 1]]))
    motions = [generator.told(which).noise for which in (latents, other_action, other_person)]
    assert not torch.allclose(motions[0], motions[1])
    assert torch.equal(motions[0], motions[2])


def test_labels_that_nobody_asked_for_are_drawn_evenly(generator):
    labels = generator.draw_latents(600, 1, new_rng(0)).labels
    assert labels[:, 0].bincount().tolist() == pytest.approx([200] * 3, abs=50)
    assert labels[:, 1].bincount().tolist() == pytest.approx([100] * 6, abs=40)


def test_clips_of_wanted_classes_are_the_same_in_batches_of_any_size(generator):
    labels = torch.arange(5)[:, None] % torch.tensor([[3, 6]])
    small, large = (
        generate(generator, 5, n_frames=8, rng=new_rng(0), labels=labels, batch_size=size)
        for size in (5, 5)
    )
    assert torch.equal(small, large)
    split = generate(generator, 5, n_frames=8, rng=new_rng(0), labels=labels, batch_size=2)
    assert split.shape == small.shape


def test_a_projection_is_the_inner_product_with_the_sum_of_the_classes_vectors():
    projection = ClassProjection((2, 2), 3)
    with torch.no_grad():
        projection.classes[0].weight.copy_(torch.tensor([[1.0, 0, 0], [0, 2, 0]]))
        projection.classes[1].weight.copy_(torch.tensor([[0.0, 0, 0], [0, 0, 10]]))
    features = torch.tensor([[1.0, 2, 3], [1, 2, 3], [1, 2, 3]])
    labels = torch.tensor([[0, 0], [1, 0], [1, 1]])
    assert projection(features, labels).tolist() == [1, 4, 34]


@pytest.mark.parametrize("pooled", [False, True])
def test_a_told_discriminator_adds_the_projection_to_the_logit_it_had(pooled):
    frames, labels = torch.randn(3, 3, 16, 16), torch.tensor([[0], [1], [1]])
    sizes = {"image_size": 16, "base_channels": 4, "pooled": pooled, "black_is_zero": True}
    told = ConditionalFrameDiscriminator(n_classes=(2,), **sizes)
    features = told.trunk.read(frames + 1)
    expect = told.trunk(frames + 1) + told.projection(features, labels)
    assert torch.allclose(told(frames, labels), expect)
    for of in told.projection.classes:
        torch.nn.init.zeros_(of.weight)
    assert torch.allclose(told(frames, labels), told.trunk(frames + 1))


def test_a_told_discriminator_of_clips_sees_stride_and_label():
    told = ConditionalClipDiscriminator(
        n_classes=(2, 2), n_frames=3, image_size=16, base_channels=4
    )
    clips, labels = torch.randn(2, 3, 3, 16, 16), torch.tensor([[0, 1], [1, 0]])
    logits = told(clips, labels, stride=1)
    assert logits.shape == (2,)
    assert not torch.allclose(logits, told(clips, labels, stride=2))
    assert not torch.allclose(logits, told(clips, labels.flip(0), stride=1))


def test_named_classes_take_turns_and_those_of_two_labels_go_together():
    chosen = choose_labels(["bend", "wave", "Bob"], NAMES, 5, new_rng(0))
    assert chosen.tolist() == [[1, 1], [0, 1], [1, 1], [0, 1], [1, 1]]
    everyone = choose_labels(["run"], NAMES, 40, new_rng(0))
    assert set(map(tuple, everyone.tolist())) == {(2, 0), (2, 1)}
    pairs = choose_labels(["Ann", "Bob", "wave", "run"], NAMES, 4, new_rng(0))
    assert sorted(pairs.tolist()) == [[0, 0], [0, 1], [2, 0], [2, 1]]


def test_a_class_that_is_not_there_is_answered_with_the_nearest_and_all_names():
    with pytest.raises(ValueError, match=r"no class 'bent'; did you mean 'bend'\?.*Ann, Bob"):
        choose_labels(["bent"], NAMES, 1, new_rng(0))
    with pytest.raises(ValueError, match="'x' is a class of one and of two"):
        choose_labels(["x"], {"one": ("x",), "two": ("x",)}, 1, new_rng(0))


def test_reals_and_fakes_of_a_round_carry_the_same_labels(monkeypatch):
    bank = load_videos("shapes", image_size=16, n_frames=8, n_videos=32)
    gan = new_video_gan(TOLD, on=torch.device("cpu"))
    asked, told = [], []
    draw, score = gan.generator.draw_latents, gan.clip_discriminator.forward

    def drawing(n, n_frames, rng, labels):
        asked.append(labels)
        return draw(n, n_frames, rng, labels)

    def scoring(clips, labels, *, stride):
        told.append(labels)
        return score(clips, labels, stride=stride)

    monkeypatch.setattr(gan.generator, "draw_latents", drawing)
    monkeypatch.setattr(gan.clip_discriminator, "forward", scoring)
    next(train_video_gan(gan, bank, TOLD))
    both, of_reals, of_fakes = told  # D's turn in one pass, then G's turn in two
    assert asked[0].shape == (4, 2)
    assert torch.equal(both, asked[0].repeat(2, 1))
    assert torch.equal(of_reals, asked[0]) and torch.equal(of_fakes, asked[0])


def test_labels_that_do_not_fit_are_refused():
    bank = load_videos("shapes", image_size=16, n_frames=8, n_videos=8)
    wrong = replace(TOLD, n_classes=(4, 9))
    gan = new_video_gan(wrong, on=torch.device("cpu"))
    with pytest.raises(ValueError, match=r"\(4, 9\) classes expected, .* have \(3, 6\)"):
        next(train_video_gan(gan, bank, wrong))
    with pytest.raises(ValueError, match="conv3d cannot be told labels"):
        VideoTrainConfig(model="conv3d", n_classes=(2,))
    with pytest.raises(ValueError, match="a painter of objects cannot be told labels"):
        VideoTrainConfig(painter="object", n_classes=(2,))
