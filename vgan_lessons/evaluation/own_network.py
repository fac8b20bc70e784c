"""Numbers by a feature network of your own, such as the I3D that papers use.

FVD-small is our own scale. To stand beside published values, clips have to be seen by the
network of that paper, at its number of frames, clips and pixels; the protocol on the card says
what was done here, and a comparison is yours to answer for.
"""

import hashlib
import warnings
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import torch
from torch import Tensor

from vgan_lessons import metrics, runtime
from vgan_lessons.datasets import VideoBank
from vgan_lessons.evaluation.card import MetricCard, Row, plain
from vgan_lessons.evaluation.measures import interval_about
from vgan_lessons.evaluation.protocol import N_FRAMES
from vgan_lessons.evaluation.real_clips import cut_real
from vgan_lessons.layout import from_uint8, to_uint8, volumes_from_videos

OwnNetwork = Callable[[Tensor], Tensor]  # (B, 3, T, H, W) in [-1, 1] -> (B, d)
_KNOWN = {  # arguments of the I3D that StyleGAN-V published, where the file has them
    "rescale": False,  # our clips are in [-1, 1] already
    "resize": True,
    "return_features": True,  # before the softmax
}


def load_own_network(path: str | Path, device: torch.device | str = "cpu") -> OwnNetwork:
    """Load a TorchScript network that makes features of clips.

    Args:
        path: of a file that `torch.jit.save` wrote. Its forward takes (B, 3, T, H, W) float32
            in [-1, 1], channels red, green, blue, at the run's own size (it resizes what it
            wants larger), and returns (B, d). Arguments called rescale, resize and
            return_features, as in StyleGAN-V's I3D, are set to False, True and True.
        device: that computes.

    Returns:
        (B, 3, T, H, W) in [-1, 1] -> (B, d) float32.

    Raises:
        ValueError: if the file is not there, or holds no such network.
    """
    path = Path(path)
    if not path.is_file():
        raise ValueError(f"--features: there is no file {path}")
    try:
        with warnings.catch_warnings():  # TorchScript is deprecated, and what papers published
            warnings.simplefilter("ignore", DeprecationWarning)
            network = torch.jit.load(str(path), map_location=device).eval()
        named = {argument.name for argument in network.forward.schema.arguments}
    except (RuntimeError, AttributeError, ValueError) as error:
        raise ValueError(
            f"--features: {path} holds no TorchScript network (torch.jit.save writes one)"
        ) from error
    told = {name: value for name, value in _KNOWN.items() if name in named}

    def features(volumes: Tensor) -> Tensor:
        try:
            found = network(volumes, **told)
        except RuntimeError as error:
            why = str(error).strip().splitlines()[-1]
            raise ValueError(
                f"--features: {path.name} does not take (B, 3, T, H, W) clips of shape "
                f"{tuple(volumes.shape)} ({why})"
            ) from error
        if not isinstance(found, Tensor) or found.ndim != 2 or len(found) != len(volumes):
            shape = tuple(found.shape) if isinstance(found, Tensor) else type(found).__name__
            raise ValueError(f"--features: {path.name} must return (B, d), got {shape}")
        return found.float()

    return features


def own_card(
    fake: Tensor,
    real: VideoBank,
    path: str | Path,
    *,
    name: str,
    n: int,
    seed: int,
    device: torch.device | str = "cpu",
    trained_on: VideoBank | None = None,
    n_resamples: int = 50,
) -> MetricCard:
    """FVD and KID in the features of the user's network, neither scaled nor standardised.

    Args:
        fake: (N, T, C, H, W) uint8 or float in [-1, 1], N >= n, T >= 16: the first n clips and
            16 frames are used.
        real: the real clips; where films were held out, those.
        path: see `load_own_network`.
        name: title of the card.
        n: clips on each side.
        seed: of the choice of real clips.
        device: that computes.
        trained_on: the films that were trained on, where `real` are others.
        n_resamples: bootstrap resamples behind each interval.

    Returns:
        MetricCard of two rows.

    Raises:
        ValueError: if the network does not fit, or there are too few clips.
    """
    if n < 16 or len(fake) < n:
        raise ValueError(f"n must be from 16 to the {len(fake)} clips there are, got {n}")
    see = partial(_features, load_own_network(path, device), device=device)
    drawn = {"stride": 1, "seed": seed}
    if trained_on is None:
        first, second = see(cut_real(real, n, **drawn, n_samples=2)).split(n)
    else:
        sides = (real, trained_on)
        first, second = (see(cut_real(side, n, **drawn, n_samples=1)) for side in sides)
    made = see(iter(fake[:n, :N_FRAMES].split(64)))
    rows = []
    for metric, statistic, least in (("fvd", _fvd, 0.0), ("kid", metrics.kid, -torch.inf)):
        how = {"rng": runtime.new_rng(seed), "n_resamples": n_resamples, "least": least}
        found = interval_about(statistic, first, made, **how)
        value, low, high, floor = map(plain, (*found, float(statistic(first, second))))
        numbers = {"value": value, "low": low, "high": high, "floor": floor}
        rows.append(Row(metric=metric, **numbers, untrained=None, direction="lower"))
    protocol = _protocol(real, Path(path), n=n, seed=seed, d=made.shape[1])
    return MetricCard(name=name, rows=tuple(rows), protocol=protocol)


def _protocol(real: VideoBank, path: Path, *, n: int, seed: int, d: int) -> dict[str, object]:
    return {
        "data": real.card.name,
        "n": n,
        "seed": seed,
        "n_frames": N_FRAMES,
        "stride": 1,
        "image_size": real.image_size,
        "pixels": "uint8 on both sides, not resized by us, in [-1, 1]",
        "features": f"{path.name} {hashlib.sha256(path.read_bytes()).hexdigest()}",
        "layer": f"{d} outputs, as they come",
    }


def _features(
    network: OwnNetwork, clips: Iterator[Tensor], *, device: torch.device | str
) -> Tensor:
    found = []
    with torch.inference_mode():
        for part in clips:
            stored = part if part.dtype == torch.uint8 else to_uint8(part)
            for batch in stored.split(16):
                videos = from_uint8(batch.to(device)).expand(-1, -1, 3, -1, -1)
                found.append(network(volumes_from_videos(videos)).cpu())
    return torch.cat(found).clone()


def _fvd(real: Tensor, fake: Tensor) -> Tensor:
    both = (part for side in (real, fake) for part in metrics.feature_statistics(side))
    return metrics.frechet_distance(*both)
