"""From clips to card: measure the real side once, then hold any number of fakes against it."""

from dataclasses import dataclass

import torch
from torch import Tensor

from vgan_lessons import runtime
from vgan_lessons.datasets import VideoBank
from vgan_lessons.evaluation.card import DIRECTIONS, MetricCard, Row, plain
from vgan_lessons.evaluation.features import FeatureNetwork, load_features
from vgan_lessons.evaluation.measures import Reading, measure_rows, read_clips
from vgan_lessons.evaluation.protocol import as_bank, draw_real, make_protocol, prepare


@dataclass(frozen=True, kw_only=True)
class RealSide:
    """Two readings of real clips and how they were taken: kept while a model trains."""

    first: Reading  # what fakes are compared with
    floor: dict[str, float]  # every metric of a second real sample against the first
    protocol: dict
    network: FeatureNetwork
    oracle: bool
    quick: bool


def measure_real(
    real: VideoBank | Tensor,
    *,
    n: int = 1024,
    seed: int = 0,
    stride: int = 1,
    oracle: bool | None = None,
    quick: bool = False,
    device: torch.device | str = "cpu",
) -> RealSide:
    """Measure the real data, and what a perfect generator would score at this sample size.

    Args:
        real: a bank, or clips (N, T, C, H, W); 2 n videos give two disjoint samples.
        n: clips in each sample; every distance shrinks with n, so it is part of the protocol.
        seed: of the choice of clips.
        stride: take every stride-th frame of the real videos.
        oracle: whether to track the object; None does so for `shapes`.
        quick: clip features and motion energy only, for use while training.
        device: where the features are computed.

    Returns:
        RealSide, for `metric_card` and `quick_card`.

    Raises:
        ValueError: if n is below 16 or no real video is long enough.

    Lesson 09 opens this box.
    """
    if n < 16:
        raise ValueError(f"n must be at least 16, got {n}: below, intervals mean nothing")
    bank = real if isinstance(real, VideoBank) else as_bank(real)
    oracle = bank.card.name == "shapes" if oracle is None else oracle
    network = load_features().to(device)
    samples = draw_real(bank, n, stride=stride, seed=seed)
    how = {"oracle": oracle, "data": bank.card.name, "quick": quick}
    first, second = (read_clips(sample, network, **how) for sample in samples)
    floor = measure_rows(first, second, rng=runtime.new_rng(seed), n_resamples=0)
    return RealSide(
        first=first,
        floor={metric: interval.value for metric, interval in floor.items()},
        protocol=make_protocol(bank.card.name, n=n, seed=seed, stride=stride),
        network=network,
        oracle=oracle,
        quick=quick,
    )


def metric_card(
    fake: Tensor,
    real: RealSide | VideoBank | Tensor,
    *,
    name: str = "generated clips",
    n: int = 1024,
    seed: int = 0,
    untrained: Tensor | None = None,
    oracle: bool | None = None,
    n_resamples: int = 200,
) -> MetricCard:
    """Measure generated clips by a panel of metrics.

    Beside every value stand its interval, the value of a second real sample (the floor: no
    model can be asked for better) and that of an untrained generator.

    Args:
        fake: (N, T, C, H, W) with N >= n, float in [-1, 1] or uint8; the first n are used.
        real: what `measure_real` gave, else a bank or clips that are measured now.
        name: title of the card.
        n: clips on each side; taken from `real` where it is measured already, as the seed.
        seed: of windows and intervals.
        untrained: clips of a generator before training, as fake.
        oracle: whether to track the object; None does so for `shapes`.
        n_resamples: bootstrap resamples behind each interval; 0 for none.

    Returns:
        MetricCard.

    Raises:
        ValueError: if there are fewer than n clips, or their shape does not fit.

    Lesson 09.
    """
    if not isinstance(real, RealSide):
        real = measure_real(real, n=n, seed=seed, oracle=oracle)
    rng = runtime.new_rng(real.protocol["seed"])
    values = measure_rows(real.first, _read(fake, real), rng=rng, n_resamples=n_resamples)
    other = {}
    if untrained is not None:
        reading = _read(untrained, real)
        other = measure_rows(real.first, reading, rng=rng, n_resamples=0)
    rows = tuple(
        Row(
            metric=metric,
            value=plain(found.value),
            low=plain(found.low),
            high=plain(found.high),
            floor=plain(real.floor[metric]),
            untrained=plain(other[metric].value) if metric in other else None,
            direction=DIRECTIONS[metric],
        )
        for metric, found in values.items()
    )
    return MetricCard(name=name, rows=rows, protocol=real.protocol)


def quick_card(
    fake: Tensor,
    real: RealSide | VideoBank | Tensor,
    *,
    name: str = "generated clips",
    n: int = 256,
    seed: int = 0,
) -> MetricCard:
    """FVD-small and motion energy only, cheap enough to run every few hundred steps.

    Args:
        fake: (N, T, C, H, W) with N >= n.
        real: `measure_real(bank, n=256, quick=True)`, measured once before training; or a
            bank or clips.
        name: title of the card.
        n: clips on each side.
        seed: of the choice of real clips.

    Returns:
        MetricCard of two rows without intervals; not comparable with a card of another n.

    Lesson 09 opens this box.
    """
    if not isinstance(real, RealSide):
        real = measure_real(real, n=n, seed=seed, quick=True)
    if not real.quick:
        raise ValueError("quick_card needs measure_real(..., quick=True)")
    return metric_card(fake, real, name=name, n_resamples=0)


def _read(clips: Tensor, real: RealSide) -> Reading:
    n = real.protocol["n"]
    if len(clips) < n:
        raise ValueError(f"the protocol compares {n} clips on each side, got {len(clips)}")
    ready = prepare(clips[:n], rng=runtime.new_rng(real.protocol["seed"]))
    return read_clips(
        ready, real.network, oracle=real.oracle, data=real.protocol["data"], quick=real.quick
    )
