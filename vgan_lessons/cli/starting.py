"""`train --init-from`: a new run that begins with the weights of an older one."""

from collections.abc import Mapping
from pathlib import Path

from vgan_lessons.runs import (
    RunError,
    load_checkpoint,
    load_shipped,
    read_config,
    shipped_card,
)
from vgan_lessons.runs.folder import train_config
from vgan_lessons.training import VideoGan, VideoTrainConfig

_OF_DISCRIMINATORS = (
    *("image_size", "window_frames", "frame_channels", "frame_pooling", "clip_channels"),
    *("black_is_zero", "n_classes"),
)


def start_from(gan: VideoGan, config: VideoTrainConfig, source: str) -> None:
    """Give a game before its first move the weights of another; its optimisers stay fresh.

    Args:
        gan: changed in place: all four networks, or G and its average alone.
        config: that `gan` was built with.
        source: a run folder, which goes before a shipped generator of that name. What ships
            is an averaged generator alone: both G and its average begin with it, the
            discriminators from nothing.

    Raises:
        ValueError: if the networks are built otherwise; the message says what to set.
        RunError: if there is neither, or the run has no checkpoint.
    """
    if not Path(source).exists():
        old = train_config(shipped_card(source)["recipe"])
        _refuse_other_build(source, _g_build(old), _g_build(config))
        weights = load_shipped(source).state_dict()
        for network in (gan.generator, gan.generator_ema):
            network.load_state_dict(weights)
        return
    old = read_config(source).train
    _refuse_other_build(source, _build(old), _build(config))
    if load_checkpoint(Path(source), gan.networks()) is None:
        raise RunError(f"{source} has no checkpoint to begin from yet")


def _g_build(config: VideoTrainConfig) -> dict[str, object]:
    names = {"channels_per_layer": "generator_channels", "base_channels": "generator_channels"}
    sizes = config.generator_sizes() | {"model": config.model, "n_classes": config.n_classes}
    return {
        name: getattr(config, name) for name in sorted(names.get(name, name) for name in sizes)
    }


def _build(config: VideoTrainConfig) -> dict[str, object]:
    return _g_build(config) | {name: getattr(config, name) for name in _OF_DISCRIMINATORS}


def _refuse_other_build(
    source: str, old: Mapping[str, object], new: Mapping[str, object]
) -> None:
    other = [name for name in {**old, **new} if old.get(name) != new.get(name)]
    if "n_classes" in other:
        way = "its data must have as many" if old["n_classes"] else "add --unconditional"
        raise ValueError(
            f"--init-from {source}: it was told {_classes(old['n_classes'])}, this run is told "
            f"{_classes(new['n_classes'])}: {way}"
        )
    if other:
        there = ", ".join(f"{name}={_word(old.get(name))}" for name in other)
        here = ", ".join(f"{name}={_word(new.get(name))}" for name in other)
        words = " ".join(f"--set {name}={_word(old[name])}" for name in other if name in old)
        raise ValueError(
            f"--init-from {source}: its networks were built with {there}, this run's with "
            f"{here}: add {words}"
        )


def _classes(counts: tuple[int, ...]) -> str:
    return f"labels of {' and '.join(map(str, counts))} classes" if counts else "no labels"


def _word(value: object) -> str:
    return ",".join(map(str, value)) if isinstance(value, tuple) else str(value)
