"""One number for how far generated frames are from real ones."""

from torch import Tensor
from torch.nn import functional as F

from vgan_lessons.evaluation.features import in_batches, load_features
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
    network = load_features()
    stills = []
    for frames in (real, fake):
        resized = F.interpolate(frames, size=(_SEEN, _SEEN), mode="bilinear", antialias=True)
        stills.append(in_batches(network, resized.unsqueeze(1), batch_size=64))
    return feature_frechet(*stills).item()
