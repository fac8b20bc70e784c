"""The players of the plane: shapes, one sample at a time, and room to bend."""

import torch

from vgan_lessons.models.points import PointDiscriminator, PointGenerator


def test_points_and_logits_have_the_shapes_that_are_promised():
    generator, discriminator = (
        PointGenerator(latent_dim=3, width=8),
        PointDiscriminator(width=8),
    )
    z = generator.draw_latents(5, torch.Generator().manual_seed(0))
    assert z.shape == (5, 3)
    assert generator(z).shape == (5, 2)
    assert discriminator(generator(z)).shape == (5,)
    assert discriminator(generator(z[:1])).shape == (1,)  # a batch of one keeps its axis


def test_each_sample_is_treated_by_itself():
    torch.manual_seed(0)
    generator, discriminator = PointGenerator(width=8), PointDiscriminator(width=8)
    z = torch.randn(6, 2)
    whole = discriminator(generator(z))
    parts = torch.cat([discriminator(generator(z[i : i + 1])) for i in range(6)])
    assert torch.allclose(whole, parts, atol=1e-6)


def test_neither_player_is_a_straight_line():
    torch.manual_seed(0)
    for player in (PointGenerator(width=8), PointDiscriminator(width=8)):
        points = torch.randn(20, 2)
        bend = player(points) + player(-points) - 2 * player(torch.zeros_like(points))
        assert bend.abs().max() > 1e-3


def test_width_and_depth_make_a_larger_network():
    def size(network: torch.nn.Module) -> int:
        return sum(weight.numel() for weight in network.parameters())

    for build in (PointGenerator, PointDiscriminator):
        assert size(build(width=8)) < size(build(width=9)) < size(build(width=9, n_hidden=3))


def test_latents_are_decided_by_the_seed_alone():
    generator = PointGenerator()
    one, other = (generator.draw_latents(4, torch.Generator().manual_seed(1)) for _ in range(2))
    assert torch.equal(one, other)
