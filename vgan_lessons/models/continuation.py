"""What happens after a frame: a generator that is shown one and goes on from it."""

import itertools
from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from vgan_lessons import layout
from vgan_lessons.models.first_features import DenseFeatures, VideoCodes
from vgan_lessons.models.motion import MotionLSTM, join_content_and_motion
from vgan_lessons.models.trunk import check_grid
from vgan_lessons.models.upsampling import StyledUpsample, raising_convolution

_LEAK = 0.2


class ContinuationLatents(NamedTuple):
    """What a continuation is made from: how it begins, and the name of one of its futures."""

    first_frames: Tensor  # (B, 3, H, W) in [-1, 1]
    noise: Tensor  # (B, T, noise_dim) standard normal, one draw a video, repeated over time


class ContinuationGenerator(nn.Module):
    """Go on from a frame: its pixels are moved, and what they cannot show is added.

    An encoder reads the first frame once: into a content code, and into features at every
    size. The motion LSTM is told the code and the noise and walks on from there. Each of its
    steps paints, with the encoder's features of equal size added on the way, from where in
    the first frame every pixel comes (backward warping, smooth because it is painted at half
    size) and a picture that is added. At first both are small, and G copies. No painted frame
    is ever read again, in training or later: errors do not feed on themselves.

    Args:
        image_size: height and width; a power of two, at least 8.
        content_dim: size of the code of the first frame.
        noise_dim: size of the noise that chooses among the futures.
        motion_dim: size of each frame's z_motion.
        style_dim: width of the style vector of a frame.
        channels_per_layer: channels entering each upsampling layer; the length sets the size
            of the first grid, image_size / 2**length. The encoder has as many.

    Raises:
        ValueError: if image_size is not a power of two, or too small for the layers.

    Lesson 11. Mathieu et al. 2016, Deep multi-scale video prediction beyond mean square
    error, arXiv:1511.05440 (an adversarial loss for prediction); Jaderberg et al. 2015, Spatial
    transformer networks, arXiv:1506.02025 (pixels fetched from where a network says).
    """

    def __init__(
        self,
        *,
        image_size: int = 32,
        content_dim: int = 32,
        noise_dim: int = 16,
        motion_dim: int = 16,
        style_dim: int = 128,
        channels_per_layer: tuple[int, ...] = (128, 64, 32),
    ) -> None:
        super().__init__()
        size = check_grid(image_size, len(channels_per_layer))
        self.noise_dim, self.image_size = noise_dim, image_size
        widths = (3, *reversed(channels_per_layer))
        self.encoder = nn.ModuleList(
            nn.Conv2d(c_in, c_out, 4, stride=2, padding=1)
            for c_in, c_out in itertools.pairwise(widths)
        )
        self.to_content = nn.Linear(channels_per_layer[0] * size**2, content_dim)
        self.motion = MotionLSTM(noise_dim=noise_dim + content_dim, motion_dim=motion_dim)
        code_dim = content_dim + motion_dim
        self.to_style = nn.Sequential(nn.Linear(code_dim, style_dim), nn.LeakyReLU(_LEAK))
        self.first_features = DenseFeatures(
            size=size, n_features=channels_per_layer[0], code_dim=code_dim, hidden_dim=style_dim
        )
        self.layers = nn.ModuleList(
            StyledUpsample(c_in, c_out, style_dim=style_dim)
            for c_in, c_out in itertools.pairwise(channels_per_layer)
        )
        self.to_picture = raising_convolution(channels_per_layer[-1], 3)
        self.to_places = nn.Conv2d(channels_per_layer[-1], 2, 3, padding=1)  # x and y

    def draw_latents(
        self,
        n: int,
        n_frames: int,
        rng: torch.Generator,
        first_frames: Tensor | None = None,
    ) -> ContinuationLatents:
        """Draw which future each of n frames is to have.

        Args:
            n: B, how many videos.
            n_frames: T, frames of each, the first one included.
            rng: the random source; draws on its own device.
            first_frames: (B, 3, H, W) in [-1, 1], what they begin with.

        Returns:
            Latents for `forward`.

        Raises:
            ValueError: if no first frames are given, or not n of this size.
        """
        wanted = n, 3, self.image_size, self.image_size
        if first_frames is None:
            raise ValueError(f"a continuation begins with a frame: give first_frames {wanted}")
        if first_frames.shape != wanted:
            raise ValueError(f"first_frames must be {wanted}, got {tuple(first_frames.shape)}")
        noise = torch.randn(n, 1, self.noise_dim, generator=rng, device=rng.device)
        return ContinuationLatents(first_frames, noise.expand(n, n_frames, self.noise_dim))

    def forward(
        self, latents: ContinuationLatents, frame_index: Tensor | None = None
    ) -> Tensor:
        """Make videos.

        Args:
            latents: from `draw_latents`.
            frame_index: (B, K) int64, which frames of each path to paint; None paints all.

        Returns:
            (B, T or K, 3, H, W) in [-1, 1]; frame 0 is the first frame, pixel by pixel.
        """
        first, noise = latents
        B, T, _ = noise.shape
        content, encoded = self._encode(first)
        told = content.unsqueeze(1).expand(-1, T, -1)  # (B, T, content_dim)
        z_motion, _ = self.motion(torch.cat([noise, told], dim=2))
        if frame_index is None:
            frame_index = torch.arange(T, device=noise.device).expand(B, T)
        rows = torch.arange(B, device=noise.device)[:, None]
        added, places = self._paint(content, z_motion[rows, frame_index], encoded)
        videos = (_fetched(first, places) + added).clamp(-1, 1)
        begins = (frame_index == 0)[:, :, None, None, None]
        return torch.where(begins, first.unsqueeze(1), videos)

    def _encode(self, first: Tensor) -> tuple[Tensor, list[Tensor]]:
        """The content code (B, content_dim), and features from the smallest grid on."""
        features, encoded = first.contiguous(memory_format=torch.channels_last), []
        for layer in self.encoder:
            features = F.leaky_relu(layer(features), _LEAK)
            encoded.insert(0, features)
        return self.to_content(features.flatten(1)), encoded

    def _paint(
        self, content: Tensor, z_motion: Tensor, encoded: list[Tensor]
    ) -> tuple[Tensor, Tensor]:
        """What is added to every frame, (B, K, 3, H, W), and from where the rest comes."""
        K = z_motion.shape[1]
        z = join_content_and_motion(content, z_motion)  # (B, K, code_dim)
        style = self.to_style(z.flatten(0, 1))
        features = self.first_features(VideoCodes(z, style))
        features = features + encoded[0].repeat_interleave(K, dim=0)
        features = features.contiguous(memory_format=torch.channels_last)
        for layer, seen in zip(self.layers, encoded[1:], strict=True):
            features = layer(features, style) + seen.repeat_interleave(K, dim=0)
        places = F.interpolate(self.to_places(features), scale_factor=2, mode="bilinear")
        added = layout.videos_from_frames(self.to_picture(features).contiguous(), K)
        return added, layout.videos_from_frames(places.contiguous(), K)


def _fetched(first: Tensor, places: Tensor) -> Tensor:
    """Every pixel of the frames from elsewhere in the first one, (B, K, 3, H, W).

    `places` (B, K, 2, H, W) says from how far to the right and below, 4 being half a picture.
    """
    B, K, _, H, W = places.shape
    still = torch.eye(2, 3).to(places).expand(B * K, 2, 3)
    own_place = F.affine_grid(still, (B * K, 3, H, W), align_corners=False)
    grid = own_place + 0.25 * places.flatten(0, 1).permute(0, 2, 3, 1)
    frames = first.repeat_interleave(K, dim=0)
    moved = F.grid_sample(frames, grid, padding_mode="border", align_corners=False)
    return layout.videos_from_frames(moved, K)
