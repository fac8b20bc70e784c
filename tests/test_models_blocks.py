"""The bricks: samples stay apart, a moved grid is a moved picture, scores keep their digits."""

import pytest
import torch

from vgan_lessons.models.first_features import DenseFeatures, MovingGrid, VideoCodes
from vgan_lessons.models.trunk import DiscriminatorTrunk, check_image_size
from vgan_lessons.models.upsampling import StyledUpsample


def test_upsampling_doubles_the_picture_and_keeps_samples_apart():
    torch.manual_seed(0)
    layer = StyledUpsample(4, 6, style_dim=5)
    features, style = torch.randn(3, 4, 2, 3), torch.randn(3, 5)
    raised = layer(features, style)
    assert raised.shape == (3, 6, 4, 6)
    features[1] += 5
    assert torch.allclose(raised[[0, 2]], layer(features, style)[[0, 2]], atol=1e-6)


def test_the_style_changes_what_is_drawn_and_gets_a_gradient():
    torch.manual_seed(0)
    layer, features = StyledUpsample(4, 6, style_dim=5), torch.randn(2, 4, 2, 2)
    style = torch.randn(2, 5, requires_grad=True)
    layer(features, style).square().sum().backward()
    assert style.grad.abs().min() > 0


def test_the_features_keep_their_scale_whatever_comes_in():
    torch.manual_seed(0)
    layer, features = StyledUpsample(4, 6, style_dim=5), torch.randn(2, 4, 8, 8)
    no_style = torch.zeros(2, 5)
    assert torch.allclose(layer(features, no_style), layer(9 * features, no_style), atol=1e-2)


def test_a_shift_by_one_cell_moves_the_waves_by_one_cell():
    torch.manual_seed(0)
    grid = MovingGrid(size=8, n_features=6, motion_dim=2, style_dim=3, reach=1.0)
    with torch.no_grad():
        grid.shift.weight.copy_(torch.eye(2))
        grid.shift.bias.zero_()
    right_by_one = torch.atanh(torch.tensor([[[2 / 8, 0.0]]]))  # a cell is 2 / size wide
    style = torch.randn(1, 3)

    def waves(place):
        return grid(VideoCodes(place, style))

    still, moved = waves(torch.zeros(1, 1, 2)), waves(right_by_one)
    assert torch.allclose(moved[..., 1:], still[..., :-1], atol=1e-5)  # x moves columns
    down_by_one = right_by_one.flip(2)
    assert torch.allclose(waves(down_by_one)[..., 1:, :], still[..., :-1, :], atol=1e-5)


def test_each_frame_of_each_video_gets_its_own_waves():
    """Rows are frames, video by video; the style is the video's, the place the frame's."""
    torch.manual_seed(0)
    grid = MovingGrid(size=8, n_features=6, motion_dim=2, style_dim=3)
    motion, style = torch.randn(2, 5, 2), torch.randn(2, 3)
    made = grid(VideoCodes(motion, style))
    for b, t in ((0, 0), (0, 4), (1, 2)):
        alone = VideoCodes(motion[b : b + 1, t : t + 1], style[b : b + 1])
        assert torch.allclose(made[b * 5 + t], grid(alone)[0], atol=1e-6)


def test_the_dense_features_see_every_number_of_the_codes():
    torch.manual_seed(0)
    dense = DenseFeatures(size=4, n_features=3, code_dim=5, hidden_dim=7)
    z = torch.randn(2, 4, 5).requires_grad_()
    made = dense(VideoCodes(z, torch.zeros(2, 0)))
    made.square().sum().backward()
    assert made.shape == (8, 3, 4, 4)
    assert z.grad.abs().min() > 0


def test_a_discriminator_scores_each_picture_by_itself():
    torch.manual_seed(0)
    trunk, pictures = DiscriminatorTrunk(3, 8, 16), torch.randn(4, 3, 16, 16)
    logits = trunk(pictures)
    assert logits.shape == (4,)
    pictures[2] += 1
    changed = trunk(pictures)
    assert torch.allclose(logits[[0, 1, 3]], changed[[0, 1, 3]], atol=1e-6)
    assert logits[2] != changed[2]


def test_scores_are_float32_even_where_the_features_are_bfloat16():
    trunk = DiscriminatorTrunk(3, 8, 16)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        assert trunk(torch.randn(2, 3, 16, 16)).dtype == torch.float32


@pytest.mark.parametrize("size", [0, 4, 20, 100])
def test_a_picture_that_cannot_be_halved_to_4x4_is_refused(size):
    with pytest.raises(ValueError, match=f"power of two of at least 8, got {size}"):
        check_image_size(size)
