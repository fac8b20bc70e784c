"""Content and motion exchanged: which clip is where, and what the scores say."""

import pytest
import torch

from vgan_lessons.evaluation.symptoms import looks
from vgan_lessons.models.lstm_gan import VideoLatents
from vgan_lessons.models.swapping import crossed, swap_test
from vgan_lessons.runs import load_shipped
from vgan_lessons.runtime import new_rng


def latents(n, n_frames=3):
    content = torch.arange(n * 2.0).view(n, 2)
    return VideoLatents(content, content[:, :1, None].expand(-1, n_frames, 4) + 100)


def test_row_r_times_m_plus_m_has_content_r_and_motion_m():
    contents, motions = latents(2), latents(3)
    both = crossed(contents, motions)
    assert both.z_content.shape == (6, 2) and both.noise.shape == (6, 3, 4)
    for r in range(2):
        for m in range(3):
            assert torch.equal(both.z_content[r * 3 + m], contents.z_content[r])
            assert torch.equal(both.noise[r * 3 + m], motions.noise[m])


@pytest.mark.parametrize(("n_labels", "moved"), [(1, []), (2, [0])])
def test_of_several_labels_the_first_goes_with_the_motion(n_labels, moved):
    who, how = load_shipped("digits" if n_labels == 1 else "weizmann"), new_rng(0)
    contents, motions = (who.draw_latents(4, 16, how) for _ in range(2))
    wanted = contents.labels.repeat_interleave(4, dim=0)
    for column in moved:
        wanted[:, column] = motions.labels[:, column].repeat(4)
    assert wanted.shape == (16, n_labels)
    assert torch.equal(crossed(contents, motions).labels, wanted)


def test_a_generator_that_ignores_its_content_has_content_score_0():
    def generator(both):
        return both.noise[..., None, None]

    scores = swap_test(
        generator, latents(3), latents(5), lambda v: v[:, 0, :, 0, 0], lambda v: v.flatten(1)
    )
    assert scores.content == pytest.approx(0, abs=1e-6)
    assert scores.motion == pytest.approx(1)


def test_looks_do_not_see_where_an_object_is_and_see_its_colour_size_and_form():
    """A square moved by five pixels, dyed, enlarged, cut to a triangle."""
    videos = torch.full((5, 2, 3, 24, 24), -1.0)
    videos[0, :, :, 4:10, 4:10] = 1
    videos[1, :, :, 9:15, 9:15] = 1
    videos[2, :, 0, 4:10, 4:10] = 1
    videos[3, :, :, 4:14, 4:14] = 1
    videos[4, :, :, 4:10, 4:10] = torch.ones(6, 6).tril() * 2 - 1
    seen = looks(videos)
    assert seen.shape == (5, 8)
    apart = (seen[1:] - seen[0]).norm(dim=1)
    assert apart[0] < 1e-4 and apart[1:].min() > 0.05


def test_the_shipped_generator_of_shapes_keeps_content_and_motion_apart():
    generator = load_shipped("shapes")
    rng = new_rng(0)
    pair = generator.draw_latents(4, 8, rng), generator.draw_latents(4, 8, rng)
    middle = (torch.arange(32.0) - 15.5) / 16

    def path(videos):
        light = (videos + 1).amax(2)
        return (light.sum(-2) @ middle / light.sum((-2, -1))).diff(dim=1)

    scores = swap_test(generator, *pair, looks, path)
    assert min(scores) > 0.9
