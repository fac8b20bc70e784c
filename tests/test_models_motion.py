"""A motion path is causal, can be continued, and forgets nothing on the way."""

import pytest
import torch

from vgan_lessons.models.motion import IndependentMotion, MotionLSTM, join_content_and_motion


@pytest.fixture
def path():
    torch.manual_seed(0)
    return MotionLSTM(noise_dim=4, hidden_dim=6, motion_dim=3)


def test_noise_after_a_frame_does_not_change_the_path_up_to_it(path):
    noise = torch.randn(2, 9, 4)
    other = noise.clone()
    other[:, 5:] += 1
    before, after = path(noise)[0], path(other)[0]
    assert torch.equal(before[:, :5], after[:, :5])
    assert not torch.allclose(before[:, 5:], after[:, 5:])


def test_two_half_paths_equal_one_whole(path):
    noise = torch.randn(2, 9, 4)
    first, state = path(noise[:, :4])
    second, _ = path(noise[:, 4:], state)
    assert torch.allclose(torch.cat([first, second], dim=1), path(noise)[0], atol=1e-6)


def test_a_path_dropped_and_started_anew_is_another_path(path):
    noise = torch.randn(2, 9, 4)
    assert not torch.allclose(path(noise[:, 4:])[0], path(noise)[0][:, 4:], atol=1e-3)


def test_the_first_noise_chooses_the_state_the_path_starts_from(path):
    noise = torch.randn(1, 4)
    h, c = path.initial_state(noise)
    assert h.shape == c.shape == (1, 1, 6)
    assert h.abs().max() < 1 and not torch.equal(h, path.initial_state(noise + 1)[0])


def test_the_forget_gate_starts_open(path):
    gates = path.lstm.bias_ih_l0.detach().split(6)  # i, f, g, o
    assert (gates[1].mean() - gates[0].mean()).item() == pytest.approx(1.0, abs=0.5)
    assert gates[1].min() > 0.5


def test_videos_of_a_batch_do_not_mix(path):
    noise = torch.randn(3, 5, 4)
    other = noise.clone()
    other[1] += 1
    assert torch.allclose(path(noise)[0][[0, 2]], path(other)[0][[0, 2]])


def test_noise_of_another_size_is_refused_with_both_sizes(path):
    with pytest.raises(ValueError, match=r"\(B, T, 4\), got \(2, 5\)"):
        path(torch.zeros(2, 5))


def test_independent_motion_knows_nothing_of_the_other_frames():
    torch.manual_seed(0)
    motion = IndependentMotion(noise_dim=4, motion_dim=3)
    noise = torch.randn(2, 5, 4)
    shuffled = noise[:, [3, 1, 4, 0, 2]]
    assert torch.allclose(motion(noise)[0][:, [3, 1, 4, 0, 2]], motion(shuffled)[0])


def test_content_stands_before_motion_and_is_the_same_at_every_frame():
    z_content = torch.arange(2.0).view(2, 1)
    z_motion = 10 + torch.arange(6.0).view(2, 3, 1)
    joined = join_content_and_motion(z_content, z_motion)
    assert joined[1].tolist() == [[1, 13], [1, 14], [1, 15]]
