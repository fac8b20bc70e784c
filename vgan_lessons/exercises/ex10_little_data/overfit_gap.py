"""10.1: whether D knows the training films by heart."""

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

from vgan_lessons import metrics
from vgan_lessons.checking import Case, Draw, Exercise, Mistake


def _of(train: list[float], held_out: list[float], fake: list[float]):
    def run(answer) -> dict[str, Tensor]:
        gap, sign = answer(*map(torch.tensor, (train, held_out, fake)))
        return {"gap": gap, "mean sign": sign}

    return run


def _moved(answer) -> dict[str, Tensor]:
    """The same logits, all of them 10 lower, as a relativistic D may put them."""
    return _of([-7.0, -5.0], [-9.0], [-10.0, -10.0, -9.0, -11.0])(answer)


def _where_gap_is(value: float, name: str, sentence: str) -> Callable[[Any], Any]:
    """Says what another formula that gives this gap is called."""

    def told(seen: dict[str, Any]) -> tuple[str, str] | None:
        gap = torch.as_tensor(seen["gap"])
        if gap.numel() != 1:
            return "one for each clip", "A gap comes back for each clip: take the means first."
        return (name, sentence) if abs(float(gap) - value) < 1e-3 else None

    return told


def _nothing_known(answer) -> dict[str, Any]:
    gap, sign = answer(torch.tensor([0.0, 1.0]), torch.tensor([7.0]), torch.tensor([0.5]))
    tensors = isinstance(gap, Tensor) and isinstance(sign, Tensor)
    return {"gap": gap, "mean sign": sign, "two tensors": tensors}


def _of_no_margin(seen: dict[str, Any]) -> tuple[str, str] | None:
    """What is shown by a D whose train logits and fakes have one mean, and a train logit of 0."""
    if (gap := torch.as_tensor(seen["gap"])).numel() != 1:
        return None
    if float(gap) != 0:
        what = "Train and fakes have the same mean, so there is nothing to divide by"
        return "not 0 for a D that knows nothing", f"{what}: the gap is 0."
    if not seen["two tensors"]:
        what = "Where D knows nothing, a plain number comes"
        return "plain number for a tensor", f"{what}: torch.zeros_like(...) makes a tensor."
    return "the sign of 0", "The sign of 0 is 0: here it counts as 1 or as -1."


def _inputs(draw: Draw) -> dict[str, Tensor]:
    """Train above the fakes on every probe: a gap of 0 has no ratio to the right one."""
    return {
        "train_logits": draw.normal("N"),
        "held_out_logits": draw.normal("M") - 4.0,
        "fake_logits": draw.normal("K") - 12.0,
    }


_GAP = "gap = (train - held_out) / margin.where(known, margin.new_ones(())) * known"
_MARGIN = "margin = train - fake"
_RETURN = "return gap, train_logits.sign().mean()"

# fmt: off
OVERFIT_GAP = Exercise(
    name="overfit_gap",
    number="10.1",
    minutes=6,
    difficulty="easy",
    contract=(
        "train_logits is (N,), held_out_logits (M,), fake_logits (K,): logits of one D for clips of films that it is trained on, of films that it never saw, and of what G makes.",
        "gap, a scalar: (mean of train - mean of held-out) / (mean of train - mean of fake). Where the mean of train is not above that of fake, the gap is 0. Leave it as it is where it comes out below 0 or above 1.",
        "sign, a scalar: the mean sign of the train logits, where the sign is 1, 0 or -1.",
        "Return (gap, sign), as tensors of shape (). No gradient is asked for.",
    ),
    reference=metrics.overfit_gap,
    inputs=_inputs,
    free_gradients=("train_logits", "held_out_logits", "fake_logits"),
    scales=(1.0, 0.5, 2.0),
    cases=(
        Case("new films score like fakes, nearly", _of([3.0, 5.0], [1.0], [0.0, 0.0, 1.0, -1.0]), {"gap": 0.75, "mean sign": 1.0},
             "Means 4, 1 and 0: of the 4 that lie between train and fakes, new films have lost 3.",
             tells=_where_gap_is(0.25, "held-out against fakes", "This is what new films kept, 1 minus the gap: start both differences at train.")),
        Case("the same, 10 lower", _moved, {"gap": 0.75, "mean sign": -1.0},
             "A relativistic loss sees differences only, so all logits may stand anywhere: the gap must not notice.",
             tells=_where_gap_is(-0.5, "divided by train", "Below stands the mean of train, and logits have no 0 of their own: divide by train minus fake.")),
        Case("new films score above train", _of([1.0, -1.0, 3.0], [2.0, 1.0], [0.0]), {"gap": -0.5, "mean sign": 1 / 3},
             "Means 1, 1.5 and 0: -0.5 of 1. A gap below 0 is chance, and stays.",
             tells=_where_gap_is(0.0, "never below 0", "A gap below 0 is cut off: it is chance, and chance has two sides.")),
        Case("new films score below the fakes", _of([2.0], [-1.0], [0.5, -0.5]), {"gap": 1.5, "mean sign": 1.0},
             "Means 2, -1 and 0: 3 of 2. A gap above 1 stays, too."),
        Case("a D that knows nothing", _nothing_known, {"gap": 0.0, "mean sign": 0.5, "two tensors": True},
             "Train and fakes both have mean 0.5: nothing to divide by, so 0. The sign of 0 is 0.", tells=_of_no_margin),
        Case("a D that is wrong", _of([0.0, -1.0], [-2.0], [0.5]), {"gap": 0.0, "mean sign": -0.5},
             "Fakes score above train: 0, whatever the new films get."),
    ),
    hints=(
        "Of the way from the training films down to the fakes, how much have new films gone?",
        "Three means; two differences that begin at train; one division, except where there is nothing to divide by.",
        "`margin = train.mean() - fake.mean()`; `gap = (train.mean() - held_out.mean()) / margin if margin > 0 else torch.zeros_like(margin)`; `train_logits.sign().mean()`.",
    ),
    mistakes=(
        Mistake("upside down", {_GAP: "gap = margin / (train - held_out) * known"}, "The fraction is upside down: what new films lost goes on top."),
        Mistake("not divided", {_GAP: "gap = (train - held_out) * known"}, "The difference is not divided by what lies between train and fakes: logits have no scale of their own."),
        Mistake("held-out against fakes", {_GAP: "gap = (held_out - fake) / margin.where(known, margin.new_ones(())) * known"}, "This is what new films kept, 1 minus the gap: start both differences at train."),
        Mistake("divided by held-out minus fake", {_MARGIN: "margin = held_out - fake"}, "Below stands held-out minus fake: the whole way is train minus fake."),
        Mistake("never below 0", {_RETURN: "return gap.clamp(min=0), train_logits.sign().mean()"}, "A gap below 0 is cut off: it is chance, and chance has two sides."),
        Mistake("never above 1", {_RETURN: "return gap.clamp(max=1), train_logits.sign().mean()"}, "A gap above 1 is cut off: leave it."),
        Mistake("nothing to divide by", {_GAP: "gap = (train - held_out) / margin"}, "A D that knows nothing gives infinity or a number without meaning: 0 is asked for."),
        Mistake("only equal means give 0", {"margin > 0": "margin != 0"}, "Where fakes score above train, the gap is 0 as well."),
        Mistake("the share above 0", {_RETURN: "return gap, (train_logits > 0).to(gap).mean()"}, "This is the share of logits above 0, from 0 to 1: the mean sign runs from -1 to 1."),
        Mistake("the sign of the mean", {_RETURN: "return gap, train_logits.mean().sign()"}, "This is the sign of the mean: take the signs, then their mean."),
        Mistake("the signs of the new films", {_RETURN: "return gap, held_out_logits.sign().mean()"}, "The signs are those of held-out films: those of train are asked for."),
        Mistake("probabilities", {"logits.mean() for logits in": "logits.sigmoid().mean() for logits in"}, "The logits go through a sigmoid first: large ones would all look alike."),
        Mistake("in the other order", {_RETURN: "return train_logits.sign().mean(), gap"}, "The gap comes first, then the sign.", "axes"),
        Mistake("medians", {"logits.mean() for logits in": "logits.median() for logits in"}, "Medians are taken: the statement asks for means."),
        Mistake("held-out minus train", {_GAP: "gap = (held_out - train) / margin.where(known, margin.new_ones(())) * known"}, "The other sign: what new films lost is train minus held-out."),
        Mistake("sums for means", {"logits.mean() for logits in": "logits.sum() for logits in"}, "Sums are taken: with other numbers of clips they would be others, so take means."),
        Mistake("one for each clip", {_GAP: "gap = (train_logits - held_out) / margin.where(known, margin.new_ones(())) * known"}, "A gap comes back for each training clip: take the mean of train first."),
        Mistake("0 by where train stands", {"margin > 0": "train > 0"}, "The gap is 0 where train is below 0: what counts is whether train is above the fakes."),
        Mistake("the margin without its sign", {_GAP: "gap = (train - held_out) / margin.abs()"}, "The difference below loses its sign: where train is not above the fakes, the gap is 0."),
        Mistake("NaN for a D that knows nothing", {_GAP: "gap = ((train - held_out) / margin).where(known, torch.nan)"}, "NaN comes where train is not above the fakes: 0 is asked for."),
        Mistake("equal means let through", {"margin > 0": "margin >= 0"}, "With equal means it divides by 0: there, too, the gap is 0."),
        Mistake("in percent", {_RETURN: "return 100 * gap, train_logits.sign().mean()"}, "The gap comes in percent: 1 is the whole way."),
        Mistake("without a sign", {_RETURN: "return gap.abs(), train_logits.sign().mean()"}, "A gap below 0 loses its sign: leave it."),
    ),
)
