"""The baseline without a path: one latent code blown up into a whole video at once."""

import torch
from torch import Tensor, nn

from vgan_lessons import layout
from vgan_lessons.models.lstm_gan import VideoLatents
from vgan_lessons.models.trunk import check_image_size


class Conv3dGenerator(nn.Module):
    """Grow a video from one code with transposed 3-D convolutions, time as a third axis.

    Its length is fixed when it is built: there is nothing to roll on.

    Args:
        image_size: height and width; a power of two, at least 8.
        n_frames: T; a power of two, at least 4 and at most image_size.
        content_dim: size of the code that stands for content.
        noise_dim: size of the code that stands for motion; both are simply joined.
        base_channels: channels before the last layer; they double at every layer before it.

    Raises:
        ValueError: if a size is not a power of two in its range.

    Lesson 06. Vondrick et al. 2016, VGAN, arXiv:1609.02612, its one-stream network.
    """

    def __init__(
        self,
        *,
        image_size: int = 32,
        n_frames: int = 16,
        content_dim: int = 32,
        noise_dim: int = 16,
        base_channels: int = 32,
    ) -> None:
        super().__init__()
        check_image_size(image_size)
        if n_frames < 4 or n_frames & (n_frames - 1) or n_frames > image_size:
            raise ValueError(
                f"n_frames must be a power of two from 4 to image_size={image_size}, "
                f"got {n_frames}"
            )
        self.n_frames, self.content_dim, self.noise_dim = n_frames, content_dim, noise_dim
        n_layers = (image_size // 4).bit_length() - 1
        widths = [base_channels * 2**k for k in reversed(range(n_layers))]
        n_doublings = (n_frames // 4).bit_length() - 1  # of time; space doubles in every layer
        start_frames = n_frames // 2**n_doublings
        self.start = nn.Linear(content_dim + noise_dim, widths[0] * start_frames * 16)
        self.start_shape = (widths[0], start_frames, 4, 4)
        layers: list[nn.Module] = []
        for k, c_in in enumerate(widths):
            last = k == n_layers - 1
            grows = k < n_doublings
            layers.append(_raising_convolution3d(c_in, 3 if last else widths[k + 1], grows))
            layers += [] if last else [nn.GroupNorm(1, widths[k + 1]), nn.LeakyReLU(0.2)]
        self.layers = nn.Sequential(*layers, nn.Tanh())

    def draw_latents(self, n: int, n_frames: int, rng: torch.Generator) -> VideoLatents:
        """Draw what n videos are made from.

        Args:
            n: B, how many videos.
            n_frames: T, must be the length the network was built for.
            rng: the random source; draws on its own device.

        Returns:
            Latents for `forward`; the noise is one draw, repeated over time.

        Raises:
            ValueError: if another length is asked for.
        """
        if n_frames != self.n_frames:
            raise ValueError(
                f"a 3-D convolution generator makes videos of the length it was built for, "
                f"{self.n_frames} frames, not {n_frames}"
            )
        draw = {"generator": rng, "device": rng.device}
        noise = torch.randn(n, 1, self.noise_dim, **draw).expand(-1, n_frames, -1)
        return VideoLatents(torch.randn(n, self.content_dim, **draw), noise)

    def forward(self, latents: VideoLatents, frame_index: Tensor | None = None) -> Tensor:
        """Make videos.

        Args:
            latents: from `draw_latents`.
            frame_index: (B, K) int64, which frames to hand out; None hands out all.

        Returns:
            (B, T or K, 3, image_size, image_size) in (-1, 1).
        """
        code = torch.cat([latents.z_content, latents.noise[:, 0]], dim=1)
        volumes = self.layers(self.start(code).view(-1, *self.start_shape))
        videos = layout.videos_from_volumes(volumes)
        if frame_index is None:
            return videos
        return videos[torch.arange(len(videos), device=videos.device)[:, None], frame_index]


def _raising_convolution3d(c_in: int, c_out: int, time_too: bool) -> nn.ConvTranspose3d:
    """Double space, and time if asked; kernel 3 and stride 1 leave time as long as it is."""
    kernel, stride = (4, 2) if time_too else (3, 1)
    layer = nn.ConvTranspose3d(c_in, c_out, (kernel, 4, 4), stride=(stride, 2, 2), padding=1)
    nn.init.normal_(layer.weight, std=0.02)
    nn.init.zeros_(layer.bias)
    return layer
