"""One number for how far generated frames, or clips, are from real ones."""

from torch import Tensor
from torch.nn import functional as F

from vgan_lessons.evaluation.features import in_batches, load_features
from vgan_lessons.layout import frames_from_videos, videos_from_frames
from vgan_lessons.metrics import feature_frechet

_SEEN = 32  # pixels: what the shipped network knows


def frame_distance(real: Tensor, fake: Tensor) -> float:
    """Fréchet distance of two sets of frames in the features of the shipped, frozen network.

    Lesson 09 opens this box; until then read ratios: a trained generator against an untrained
    one, with as many frames of each.

    Args:
        real: (N, 3, H, W) in [-1, 1]; other sizes than 32x32 are resized.
        fake: (M, 3, H, W), likewise; take M = N.

    Returns:
        At least 0, lower is better: 0 for a set against itself.
    """
    return features_apart(clip_features(real.unsqueeze(1)), clip_features(fake.unsqueeze(1)))


def clip_features(clips: Tensor) -> Tensor:
    """What the shipped, frozen network sees in clips; lesson 09 opens this box.

    Args:
        clips: (N, T, C, H, W) in [-1, 1], C of 3 or 1 (grey); other sizes than 32x32 are
            resized. A clip of one frame is seen as that frame held.

    Returns:
        (N, 64), any real values.
    """
    size = (_SEEN, _SEEN)
    T, colours = clips.shape[1], clips.expand(-1, -1, 3, -1, -1)
    frames = frames_from_videos(colours)
    resized = F.interpolate(frames, size=size, mode="bilinear", antialias=True)
    return in_batches(
        load_features(), videos_from_frames(resized, T), batch_size=max(1, 256 // T)
    )


def features_apart(real: Tensor, fake: Tensor) -> float:
    """Fréchet distance of two clouds of features, each taken as a Gaussian.

    Args:
        real: (N, d).
        fake: (M, d); take M = N.

    Returns:
        At least 0, lower is better: 0 for equal means and covariances.
    """
    return feature_frechet(real, fake).item()
