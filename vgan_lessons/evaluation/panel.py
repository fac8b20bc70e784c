"""From clips to card: measure the real side once, then hold any number of fakes against it."""

from dataclasses import dataclass, replace

import torch
from torch import Tensor

from vgan_lessons import runtime
from vgan_lessons.datasets import VideoBank
from vgan_lessons.evaluation.card import DIRECTIONS, MetricCard, Row, plain
from vgan_lessons.evaluation.copies import TrainingFilms, read_training_films
from vgan_lessons.evaluation.features import FeatureNetwork, in_batches, load_features
from vgan_lessons.evaluation.measures import Reading, measure_rows, read_clips
from vgan_lessons.evaluation.protocol import (
    N_FRAMES,
    SIZE,
    make_protocol,
    prepare,
)
from vgan_lessons.evaluation.real_clips import as_bank, cut_real, draw_real
from vgan_lessons.layout import to_uint8
from vgan_lessons.metrics import Interval


@dataclass(frozen=True, kw_only=True)
class RealSide:
    """Two readings of real clips and how they were taken: kept while a model trains."""

    first: Reading  # what fakes are compared with
    floor: dict[str, float]  # every metric of a second real sample against the first
    protocol: dict
    network: FeatureNetwork
    oracle: bool
    quick: bool
    own_size: int = 0  # pixels of the clips where that exceeds the 32 of the protocol
    trained: TrainingFilms | None = None  # where films were held out


def measure_real(
    real: VideoBank | Tensor,
    *,
    n: int = 1024,
    seed: int = 0,
    stride: int = 1,
    oracle: bool | None = None,
    quick: bool = False,
    device: torch.device | str = "cpu",
    trained_on: VideoBank | None = None,
) -> RealSide:
    """Measure the real data, and what a perfect generator would score at this sample size.

    Args:
        real: a bank, or clips (N, T, C, H, W); 2 n videos give two disjoint samples. Where
            films were held out, those.
        n: clips in each sample; every distance shrinks with n, so it is part of the protocol.
        seed: of the choice of clips.
        stride: take every stride-th frame of the real videos.
        oracle: whether to track the object; None does so for `shapes`.
        quick: clip features and motion energy only, for use while training.
        device: where the features are computed.
        trained_on: the films that were trained on, where `real` are others. The second sample
            is then theirs: the column of real clips says what copying them scores.

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
    drawn = {"stride": stride, "seed": seed}
    own_size = 0 if quick or bank.image_size <= SIZE else bank.image_size
    how = {"oracle": oracle, "data": bank.card.name, "quick": quick}
    both = tuple(read_clips(c, network, **how) for c in _samples(bank, trained_on, n, drawn))
    if own_size:
        both = _at_full_size(both, network, bank, trained_on, drawn)
    floor = measure_rows(*both, rng=runtime.new_rng(seed), n_resamples=0)
    trained = None
    if trained_on is not None and not quick:
        trained = read_training_films(trained_on, bank, network, both, **drawn)
    return RealSide(
        first=both[0],
        floor={k: row.value for k, row in floor.items()} | (trained.floor if trained else {}),
        protocol=make_protocol(bank.card.name, n=n, **drawn, own_size=own_size)
        | _films(bank, trained_on),
        network=network,
        oracle=oracle,
        quick=quick,
        own_size=own_size,
        trained=trained,
    )


def _films(bank: VideoBank, trained_on: VideoBank | None) -> dict[str, int]:
    if trained_on is None:
        return {}
    return {"films_held_out": bank.n_films, "films_trained_on": trained_on.n_films}


def _samples(
    bank: VideoBank, trained_on: VideoBank | None, n: int, drawn: dict[str, int]
) -> tuple[Tensor, ...]:
    """What fakes are compared with, and the second sample that shows what real clips score."""
    if trained_on is None:
        return draw_real(bank, n, **drawn)
    return tuple(draw_real(side, n, **drawn, n_samples=1)[0] for side in (bank, trained_on))


def _at_full_size(
    both: tuple[Reading, Reading],
    network: FeatureNetwork,
    bank: VideoBank,
    trained_on: VideoBank | None,
    drawn: dict[str, int],
) -> tuple[Reading, ...]:
    """The same readings, with what the network sees of the clips as large as they are."""
    n, on = len(both[0].energy), next(network.parameters()).device
    sides = (bank,) if trained_on is None else (bank, trained_on)
    cuts = (
        cut for side in sides for cut in cut_real(side, n, **drawn, n_samples=2 // len(sides))
    )
    seen = torch.cat([in_batches(network, to_uint8(cut).to(on)).cpu() for cut in cuts])
    parts = zip(both, seen.split(n), strict=True)
    return tuple(replace(reading, full_size=part) for reading, part in parts)


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
    values = _measure(fake, real, rng=rng, n_resamples=n_resamples)
    other = {} if untrained is None else _measure(untrained, real, rng=rng, n_resamples=0)
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
        for metric in DIRECTIONS
        if (found := values.get(metric))
    )
    notes = [real.trained.verdict(values["memorisation"].value)] if real.trained else []
    return MetricCard(name=name, rows=rows, protocol=real.protocol, notes=tuple(notes))


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


def _measure(
    clips: Tensor, real: RealSide, *, rng: torch.Generator, n_resamples: int
) -> dict[str, Interval]:
    reading = _read(clips, real)
    rows = measure_rows(real.first, reading, rng=rng, n_resamples=n_resamples)
    if real.trained:
        seen = reading.clip_features, reading.coarse
        rows |= real.trained.rows(*seen, rng=rng, n_resamples=n_resamples)
    return rows


def _read(clips: Tensor, real: RealSide) -> Reading:
    n = real.protocol["n"]
    if len(clips) < n:
        raise ValueError(f"the protocol compares {n} clips on each side, got {len(clips)}")
    ready = prepare(clips[:n], rng=runtime.new_rng(real.protocol["seed"]))
    reading = read_clips(
        ready, real.network, oracle=real.oracle, data=real.protocol["data"], quick=real.quick
    )
    if not real.own_size or clips.shape[-1] != real.own_size:
        return reading
    on = next(real.network.parameters()).device
    seen = in_batches(real.network, clips[:n, :N_FRAMES].to(on)).cpu()
    return replace(reading, full_size=seen)
