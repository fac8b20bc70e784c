"""Centrepiece of notebook 10: how D scores films it knows, new films and fakes."""

from collections.abc import Sequence

import ipywidgets
import torch
from matplotlib.figure import Figure

from vgan_lessons.display.drawing import (
    COLOURS,
    DASHES,
    name_lines_below,
    new_figure,
    put_on_page,
)
from vgan_lessons.display.words import number
from vgan_lessons.metrics import overfit_gap
from vgan_lessons.widgets.explorer import Explorer, choice

_SIDES = {"train": "films it is trained on", "held_out": "new films", "fake": "fakes"}
_BINS = 14
_SLIDER = {"width": "38em", "max_width": "100%", "height": "auto", "flex_flow": "row wrap"}


def logits_explorer(runs: Sequence[dict]) -> Explorer:
    """Sliders of the number of films and of the step, over histograms of stored logits.

    Args:
        runs: of `little_data_study`; those whose looks have logits are shown.
    """
    table = _by_films(runs)
    films = sorted({n for n, _ in table})
    steps = [look["step"] for look in next(iter(table.values()))]
    policies = {f"augmented with {p:g}" if p else "not augmented": f"{p}" for _, p in table}
    controls = {
        "films": _slider("films", films, films[-1]),
        "step": _slider("steps of training", steps, steps[-1]),
        "augment": choice("what D saw", policies),
    }

    def draw(films: int, step: int, augment: str) -> tuple[list[Figure], str]:
        look = _look(table, films, float(augment), step)
        return [_drawn(look, films)], _in_words(look, films, float(augment))

    return Explorer(draw, controls, title="logits as data shrink")


def show_logits(runs: Sequence[dict], step: int, augment: float = 0.0) -> None:
    """The same histograms standing still, one for each number of films.

    Args:
        runs: of `little_data_study`.
        step: one that was looked at.
        augment: of the runs that are shown.
    """
    table = _by_films(runs)
    films = sorted({n for n, p in table if p == augment})
    looks = [_look(table, n, augment, step) for n in films]
    pictures = [_drawn(look, n) for look, n in zip(looks, films, strict=True)]
    words = [_in_words(look, n, augment) for look, n in zip(looks, films, strict=True)]
    put_on_page(*pictures, alt=words)


def _by_films(runs: Sequence[dict]) -> dict[tuple[int, float], list[dict]]:
    kept = [run for run in runs if all("logits" in look for look in run["looks"])]
    return {(run["films"], run["augment"]): run["looks"] for run in kept}


def _look(table: dict, films: int, augment: float, step: int) -> dict:
    return next(look for look in table[films, augment] if look["step"] == step)


def _slider(label: str, options: Sequence[int], value: int) -> ipywidgets.SelectionSlider:
    return ipywidgets.SelectionSlider(
        options=options, value=value, description=label, layout=_SLIDER
    )


def _drawn(look: dict, films: int) -> Figure:
    """Shares of clips in bins; 0 lies at the mean of the fakes, for only differences count."""
    sides = {name: torch.tensor(look["logits"][name]) for name in _SIDES}
    zero = sides["fake"].mean()
    everything = torch.cat([*sides.values()]) - zero
    low, high = everything.min().item(), everything.max().item() + 1e-3
    edges = torch.linspace(low, high, _BINS + 1)
    figure, (axes,) = new_figure(width=3.9, height=3.0)
    for row, (name, label) in enumerate(_SIDES.items()):
        shares = torch.histc(sides[name] - zero, _BINS, low, high) / len(sides[name])
        axes.stairs(shares, edges, color=COLOURS[row], ls=DASHES[row], lw=2, label=label)
        axes.axvline((sides[name] - zero).mean(), color=COLOURS[row], ls=DASHES[row], lw=0.9)
    axes.set(xlabel="logit, 0: mean of the fakes", ylabel="share of clips")
    axes.set_title(f"{films} films, step {look['step']}")
    name_lines_below(figure, axes)
    return figure


def _in_words(look: dict, films: int, augment: float) -> str:
    sides = [torch.tensor(look["logits"][name]) for name in _SIDES]
    gap, _ = overfit_gap(*sides)
    zero = sides[-1].mean()
    means = ", ".join(
        f"{label} {number(side.mean() - zero)}"
        for label, side in zip(_SIDES.values(), sides, strict=True)
    )
    seen = f"augmented with {augment:g}" if augment else "not augmented"
    return (
        f"Logits of D after {look['step']} steps on {films} films, {seen}; means above that "
        f"of the fakes: {means}; overfitting gap {number(gap)}."
    )
