"""The leak lab: two sides that differ in storage alone, a probe, and what closes the leak."""

import pytest
import torch
from sklearn.linear_model import LogisticRegression

from vgan_lessons import layout
from vgan_lessons.datasets import draw_shapes
from vgan_lessons.datasets.digits import bundled_digits
from vgan_lessons.metrics import leaks

RING = 2


def frames(source: str, n: int = 600) -> torch.Tensor:
    if source == "digits":
        return bundled_digits()[0][:n, None] * 2 - 1
    rng = torch.Generator().manual_seed(1)
    return layout.from_uint8(draw_shapes(n, n_frames=1, image_size=16, rng=rng).frames)


def sides(source: str = "shapes", seed: int = 0) -> tuple[torch.Tensor, torch.Tensor]:
    return leaks.leaky_pair(frames(source), RING, torch.Generator().manual_seed(seed))


def probe(pair, columns=slice(None)) -> float:
    return leaks.probe_accuracy(*(leaks.leak_features(side)[:, columns] for side in pair))


def level_by_hand(value: float) -> float:
    """The nearest of the 256 values that bytes have, searched one by one."""
    return min((k / 127.5 - 1 for k in range(256)), key=lambda level: abs(level - value))


def test_every_pixel_goes_to_the_nearest_byte_and_the_ring_goes():
    rng = torch.Generator().manual_seed(3)
    images = 2 * torch.rand(2, 3, 6, 7, generator=rng) - 1
    made = leaks.shared_preprocessing(images, 2)
    assert made.shape == (2, 3, 2, 3)
    for b, c, row, column in torch.cartesian_prod(*map(torch.arange, made.shape)).tolist():
        wanted = level_by_hand(images[b, c, row + 2, column + 2].item())
        assert made[b, c, row, column].item() == pytest.approx(wanted, abs=1e-6)


def test_the_shared_preprocessing_does_nothing_twice_and_stays_in_range():
    fake = sides()[1]
    once = leaks.shared_preprocessing(fake, RING)
    assert torch.equal(leaks.shared_preprocessing(once, 0), once)
    assert once.min() >= -1 and once.max() <= 1


def test_the_gradient_passes_the_rounding_by_and_the_ring_gets_none():
    images = torch.full((1, 1, 4, 5), 0.3, requires_grad=True)
    leaks.shared_preprocessing(images, 1).square().sum().backward()
    level = level_by_hand(0.3)
    inside = images.grad[:, :, 1:3, 1:4]
    assert inside.unique().item() == pytest.approx(2 * level)
    assert images.grad.sum().item() == pytest.approx(inside.sum().item())


@pytest.mark.parametrize("source", ["shapes", "digits"])
@pytest.mark.parametrize("seed", range(3))
def test_the_probe_tells_the_sides_apart_until_both_are_preprocessed_alike(source, seed):
    pair = sides(source, seed)
    assert probe(pair) > 0.99
    assert probe([leaks.shared_preprocessing(side, RING) for side in pair]) <= 0.6


def test_either_leak_alone_is_enough_and_content_is_not():
    pair = sides()
    cut = [side[:, :, RING:-RING, RING:-RING] for side in pair]
    rounded = [leaks.shared_preprocessing(side, 0) for side in pair]
    assert probe(cut) > 0.99 and probe(rounded) > 0.99
    assert probe([leaks.shared_preprocessing(side, RING - 1) for side in pair]) > 0.99
    assert probe(cut, slice(3, 5)) < 0.6  # mean and spread of what is inside the ring


def test_a_probe_on_every_pixel_finds_nothing_afterwards():
    pair = [leaks.shared_preprocessing(side, RING).flatten(1) for side in sides()]
    assert 0.4 < leaks.probe_accuracy(*pair) < 0.6


def test_both_sides_hold_the_same_images_so_that_nothing_at_all_is_left():
    """After the preprocessing the two halves are the shuffled bytes, exactly."""
    images = frames("digits", 60)
    pair = leaks.leaky_pair(images, RING, torch.Generator().manual_seed(5))
    left = torch.cat([leaks.shared_preprocessing(side, RING) for side in pair])
    wanted = layout.from_uint8(layout.to_uint8(images))
    for one, other in ((left, wanted), (wanted, left)):
        distance = (one[:, None] - other[None]).abs().flatten(2).amax(2)
        assert (distance.amin(1) < 1e-6).all()


def test_reals_are_bytes_in_an_exact_ring_and_fakes_are_neither():
    real, fake = sides()
    levels = (real.double() + 1) * 127.5
    assert (levels - levels.round()).abs().max() < 1e-4
    assert (real[:, :, :RING] == -1).all() and (real[..., -RING:] == -1).all()
    assert (fake[:, :, :RING] > -1).float().mean() > 0.99
    assert fake.min() >= -1 and fake.max() <= 1
    assert not torch.equal(fake, sides(seed=1)[1])


def test_the_features_are_what_their_names_say():
    image = torch.tensor([[0.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]])
    levels = torch.tensor([10.0, 10.25]).view(2, 1, 1, 1) * torch.ones(2, 1, 4, 4)
    byte, between = leaks.leak_features(levels / 127.5 - 1)[:, 0].tolist()
    assert byte == 0 and between == pytest.approx(0.25, abs=1e-4)
    numbers = dict(
        zip(
            ("off_grid", "ring_mean", "ring_spread", "mean", "spread"),
            leaks.leak_features(image[None, None])[0].tolist(),
            strict=True,
        )
    )
    assert numbers["ring_mean"] == pytest.approx(1 / 8)  # eight pixels, one of them 1
    assert numbers["ring_spread"] == pytest.approx((1 / 8 - 1 / 64) ** 0.5)
    assert numbers["mean"] == pytest.approx(2 / 9)
    assert numbers["spread"] == pytest.approx((2 / 9 - 4 / 81) ** 0.5)


@pytest.mark.parametrize("n_features", [2, 80])
def test_the_probe_agrees_with_a_library_that_does_nothing_else(n_features):
    rng = torch.Generator().manual_seed(n_features)
    real, fake = torch.randn(2, 120, n_features, generator=rng).double()
    real[:, 0] += 1
    train = torch.cat([real[::2], fake[::2]])
    centre, scale = train.mean(0), train.std(0, correction=0)
    peer = LogisticRegression(C=1.0, max_iter=5000, tol=1e-9)
    peer.fit((train - centre) / scale, [1] * 60 + [0] * 60)
    held = torch.cat([real[1::2], fake[1::2]])
    accuracy = peer.score((held - centre) / scale, [1] * 60 + [0] * 60)
    assert leaks.probe_accuracy(real, fake) == pytest.approx(accuracy, abs=1e-9)


def test_the_probe_draws_nothing_and_is_blind_to_equal_sides():
    same = torch.ones(10, 3)
    assert leaks.probe_accuracy(same, same) == 0.5
    real, fake = (leaks.leak_features(side) for side in sides())
    assert leaks.probe_accuracy(real, fake) == leaks.probe_accuracy(real, fake)
    assert leaks.probe_accuracy(real[:, :1], fake[:100, :1]) > 0.99  # unequal sides
