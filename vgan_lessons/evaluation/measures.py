"""What is read off a set of clips once, and how each row of the card follows from it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from vgan_lessons import metrics, runtime
from vgan_lessons.evaluation.content import CONTENT_ROWS, read_content
from vgan_lessons.evaluation.features import in_batches, still_features
from vgan_lessons.layout import from_uint8
from vgan_lessons.metrics import Interval, bootstrap_interval

N_STILLS = 4  # frames of each clip looked at singly


@dataclass(frozen=True, kw_only=True)
class Reading:
    """Everything the rows need of one set of N clips; small enough to keep. Lesson 09."""

    clip_features: Tensor  # (N, d)
    energy: Tensor  # (N,)
    coarse: Tensor | None = None  # (N, p); see `coarse_pixels`
    full_size: Tensor | None = None  # (N, d) of the clips as large as they are, beyond 32x32
    still_features: Tensor | None = None  # (N, 4, d)
    flicker: Tensor | None = None  # (N,)
    residual: Tensor | None = None  # (N,) from here on: with the motion oracle only
    speed: Tensor | None = None
    acceleration: Tensor | None = None
    lost: Tensor | None = None
    content: dict[str, Tensor] = field(default_factory=dict)  # (200,) each; see `read_content`


def read_clips(
    clips: Tensor,
    network: nn.Module,
    *,
    oracle: bool = False,
    data: str = "",
    quick: bool = False,
) -> Reading:
    """Look at clips once.

    Args:
        clips: (N, 16, 3, 32, 32) uint8, as `prepare` makes them.
        network: the feature network, on the device that should compute.
        oracle: also track the object; for data such as `shapes`.
        data: name of the real data, whose reader also says what the clips show; "" for none.
        quick: clip features and motion energy only.

    Returns:
        A Reading on the CPU.

    Lesson 09.
    """
    on = next(network.parameters()).device
    seen = in_batches(network, clips.to(on)).cpu()
    energy = _per_clip(metrics.motion_energy, clips)
    if quick:
        return Reading(clip_features=seen, energy=energy)
    N, T = clips.shape[:2]
    # At random, for frames that stand at fixed times would notice the order of the others.
    times = torch.rand(N, T, generator=runtime.new_rng(N)).argsort(1)[:, :N_STILLS]
    path = _per_clip(lambda part: metrics.track(part).positions, clips) if oracle else None
    return Reading(
        clip_features=seen,
        energy=energy,
        coarse=coarse_pixels(clips),
        still_features=still_features(network, clips.to(on), times).cpu(),
        flicker=_per_clip(metrics.flicker, clips),
        residual=metrics.motion_residual(path) if oracle else None,
        speed=metrics.speed(path) if oracle else None,
        acceleration=metrics.acceleration(path) if oracle else None,
        lost=path[..., 0].isnan().double().mean(1) if oracle else None,
        content=read_content(data, clips),
    )


def coarse_pixels(clips: Tensor) -> Tensor:
    """Clips as a glance sees them: every fourth frame, colours averaged over 4x4 pixels.

    Args:
        clips: (N, 16, 3, 32, 32) uint8.

    Returns:
        (N, 768), each 0 to 255; softness and grain hardly change them.
    """
    frames = clips[:, ::4].cpu().flatten(0, 1).float()
    return F.avg_pool2d(frames, 4).view(len(clips), -1)


def _per_clip(measure: Callable[[Tensor], Tensor], clips: Tensor) -> Tensor:
    return torch.cat([measure(from_uint8(part)) for part in clips.cpu().split(128)])


def measure_rows(
    real: Reading, fake: Reading, *, rng: torch.Generator, n_resamples: int = 200
) -> dict[str, Interval]:
    """Every metric of the fakes that the two readings allow.

    Args:
        real: of the real clips.
        fake: of the generated clips.
        rng: for the intervals.
        n_resamples: 0 leaves the intervals out (low and high are NaN).

    Returns:
        metric -> Interval, in the order of the card; NaN where nothing could be measured.

    Lesson 09.
    """
    about = partial(interval_about, rng=rng, n_resamples=n_resamples)

    def mean(values: Tensor) -> Interval:
        known = values[~values.isnan()].double()
        return (
            about(torch.mean, known)
            if len(known)
            else Interval(torch.nan, torch.nan, torch.nan)
        )

    clips = in_real_units(real.clip_features, fake.clip_features)
    rows = {"fvd_small": about(metrics.feature_frechet, *clips)}
    if fake.still_features is not None:
        stills = in_real_units(real.still_features, fake.still_features)
        rows["frame_distance"] = about(metrics.feature_frechet, *map(_one_still_each, stills))
        votes = metrics.neighbour_votes(*clips)
        rows |= {name: mean(value) for name, value in votes._asdict().items()}
        content = map(metrics.content_consistency, stills)
        rows["content_distance"] = about(metrics.wasserstein_1d, *content)
    rows["motion_energy"] = mean(fake.energy)
    for name in ("flicker", "residual", "speed", "acceleration", "lost"):
        if (values := getattr(fake, name)) is not None:
            rows[name] = mean(values)
    for name, seen in fake.content.items():
        rows[name] = about(CONTENT_ROWS[name], seen)
    # Last, so that the rows above draw their intervals as on the cards of earlier versions.
    if fake.full_size is not None and real.full_size is not None:
        full_size = in_real_units(real.full_size, fake.full_size)
        rows["fvd_full_size"] = about(metrics.feature_frechet, *full_size)
    if fake.still_features is not None:
        everyone = (torch.arange(len(side)) for side in clips)
        rows["kid"] = about(metrics.kid_of_rows(*clips), *everyone, least=-torch.inf)
    return rows


def interval_about(
    statistic: Callable[..., Tensor],
    *samples: Tensor,
    rng: torch.Generator,
    n_resamples: int,
    least: float = 0.0,
) -> Interval:
    """A row of the card: the value of a statistic and where it may lie.

    Args:
        statistic: (*samples) -> scalar.
        samples: each (N, ...).
        rng: for the interval.
        n_resamples: 0 leaves the interval out (low and high are NaN).
        least: no value can be below; the interval ends there.
    """
    if n_resamples == 0:
        return Interval(float(statistic(*samples)), torch.nan, torch.nan)
    found = bootstrap_interval(statistic, *samples, rng=rng, n_resamples=n_resamples)
    return found._replace(low=max(found.low, least))


def in_real_units(real: Tensor, fake: Tensor) -> tuple[Tensor, Tensor]:
    """Each feature as so many standard deviations from its mean, both of the real sample.

    Data sets then share a scale: people, who differ little from one another in the eye of the
    network, are told apart as finely as shapes.

    Args:
        real: (N, ..., d).
        fake: (M, ..., d).

    Returns:
        Both in float64.
    """
    together = real.flatten(0, -2).double()
    mean, spread = together.mean(0), together.std(0).clamp(min=0.01)  # of 1 in training
    return (real.double() - mean) / spread, (fake.double() - mean) / spread


def _one_still_each(stills: Tensor) -> Tensor:
    """(N, n, d) -> (N, d): a single frame of each clip, so that samples are independent."""
    N, n = stills.shape[:2]
    return stills[torch.arange(N), torch.arange(N) % n]
