"""The eye of the metric card: a small 3-D network whose features are compared, not its answers.

It was trained (`data_scripts/train_features.py`) to tell what is in a clip, how it moves and
in which ways the clip is spoiled. A distance between its features is called FVD-small, never
FVD: it is another network, other data, another scale.
"""

import hashlib
import json
from collections.abc import Callable
from pathlib import Path

import torch
from safetensors.torch import load_file
from torch import Tensor, nn
from torch.nn import functional as F

from vgan_lessons.layout import from_uint8, volumes_from_videos

WEIGHTS = Path(__file__).parents[1] / "weights" / "features.safetensors"
CLIP_SHAPE = (16, 3, 32, 32)  # (T, C, H, W) that the shipped network was trained on


class FeatureNetwork(nn.Module):
    """Four strided 3-D convolutions, a dense layer, and a batch normalisation without affine.

    The features are read *before* any activation, where nothing is cut off, and stand at mean
    0 and spread 1 over the training clips. Time is padded by repeating the first and last
    frame, so that a single frame gives the features of that frame held for 16.

    Args:
        widths: channels after each convolution.
        feature_dim: d, size of the feature vector.

    Lesson 09.
    """

    def __init__(
        self, *, widths: tuple[int, ...] = (24, 48, 72, 128), feature_dim: int = 64
    ) -> None:
        super().__init__()
        channels = (3, *widths)
        self.convolutions = nn.ModuleList(
            nn.Conv3d(c_in, c_out, 3, stride=(1 if c_in == 3 else 2, 2, 2), padding=(0, 1, 1))
            for c_in, c_out in zip(channels, widths, strict=False)
        )
        self.norms = nn.ModuleList(nn.BatchNorm3d(width) for width in widths)
        self.dense = nn.Linear(widths[-1] * 8, feature_dim, bias=False)
        self.standardise = nn.BatchNorm1d(feature_dim, affine=False)

    def forward(self, videos: Tensor) -> Tensor:
        """Look at clips.

        Args:
            videos: (B, T, 3, H, W) float in [-1, 1]; the shipped weights know 16 frames of
                32x32, and a single frame as a still of any length.

        Returns:
            (B, d) features, any real values.

        Raises:
            ValueError: if videos is not (B, T, 3, H, W).
        """
        if videos.ndim != 5 or videos.shape[2] != 3:
            raise ValueError(f"videos must be (B, T, 3, H, W), got {tuple(videos.shape)}")
        volumes = volumes_from_videos(videos)
        for convolution, norm in zip(self.convolutions, self.norms, strict=True):
            if volumes.shape[2] == 1:  # held: three equal frames, so one kernel, their sum
                kernel = convolution.weight.sum(dim=2, keepdim=True)
                how = {"stride": convolution.stride, "padding": (0, 1, 1)}
                volumes = F.conv3d(volumes, kernel, convolution.bias, **how)
            else:
                held = F.pad(volumes, (0, 0, 0, 0, 1, 1), mode="replicate")  # hold the ends
                volumes = convolution(held)
            volumes = F.leaky_relu(norm(volumes), 0.2)
        corners = F.adaptive_avg_pool3d(volumes, 2)  # (B, width, 2, 2, 2): where, roughly, when
        return self.standardise(self.dense(corners.flatten(1)))


def load_features(path: Path = WEIGHTS) -> FeatureNetwork:
    """Load the shipped network, after checking that its weights are the ones on its card.

    Args:
        path: a safetensors file with its card beside it, under the same name with .json.

    Returns:
        The network in float32 on the CPU, in evaluation mode, without gradients.

    Raises:
        ValueError: if the file's SHA-256 differs from the card's.

    Lesson 09.
    """
    found = hashlib.sha256(path.read_bytes()).hexdigest()
    if found != features_card(path)["sha256"]:
        raise ValueError(f"{path.name} is not the file on its card: SHA-256 {found}")
    state = {
        name: part.float() if part.is_floating_point() else part
        for name, part in load_file(path).items()
    }
    with torch.device("meta"):  # no weights are drawn: nobody's random numbers are used up
        network = FeatureNetwork()
    network.load_state_dict(state, assign=True)
    network = network.to(memory_format=torch.channels_last_3d)  # a third faster on a CPU
    return network.eval().requires_grad_(False)


def features_card(path: Path = WEIGHTS) -> dict:
    """What is known about a trained feature network: data, recipe, seed, steps, SHA-256.

    Args:
        path: the safetensors file.

    Returns:
        The JSON card beside the file.
    """
    return json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))


def in_batches(
    network: Callable[[Tensor], Tensor], videos: Tensor, batch_size: int = 16
) -> Tensor:
    """Features of many clips without holding all intermediate results at once.

    Args:
        network: (B, T, 3, H, W) -> (B, d), such as `load_features()`.
        videos: (N, T, 3, H, W), float in [-1, 1], or uint8 as stored.
        batch_size: clips per pass; small ones stay in a CPU's cache. It alters the last bits
            only.

    Returns:
        (N, d), on the device of the videos.

    Lesson 09.
    """
    with torch.inference_mode():
        parts = [network(_as_pixels(batch)) for batch in videos.split(batch_size)]
    return torch.cat(parts).clone()  # an ordinary tensor, also for those who need gradients


def still_features(
    network: Callable[[Tensor], Tensor], videos: Tensor, times: Tensor, batch_size: int = 256
) -> Tensor:
    """Show the same network stills: single frames, held for the length of a clip.

    Nothing of the motion is left, so a distance on these features is frame-only.

    Args:
        network: as in `in_batches`.
        videos: (N, T, 3, H, W), float or uint8.
        times: (N, n) int64, which frames of each video to show.
        batch_size: stills per pass.

    Returns:
        (N, n, d): the features of frame times[i, j] of video i repeated T times.

    Lesson 09.
    """
    N, n = times.shape
    rows = torch.arange(N, device=videos.device)[:, None]
    frames = videos[rows, times.to(videos.device)]  # (N, n, 3, H, W)
    stills = frames.reshape(N * n, 1, *frames.shape[2:])  # one frame stands for T equal ones
    return in_batches(network, stills, batch_size).view(N, n, -1)


def _as_pixels(videos: Tensor) -> Tensor:
    return from_uint8(videos) if videos.dtype == torch.uint8 else videos
