"""13.1: noise added at once."""

import torch
from torch import Tensor

from vgan_lessons.checking import Case, Draw, Exercise, Mistake
from vgan_lessons.models import diffusion


def _inputs(draw: Draw) -> dict[str, Tensor]:
    return {
        "clean": draw.normal("B T C H"),
        "abar": draw.uniform("B", 0.05, 0.95),
        "noise": draw.normal("B T C H"),
    }


def _of(clean: float, abars: list[float], noise: float):
    """One pixel a clip -> a case body."""

    def run(answer) -> Tensor:
        shape = len(abars), 1, 1
        parts = torch.full(shape, clean), torch.tensor(abars), torch.full(shape, noise)
        return answer(*parts).flatten()

    return run


def _rows(answer) -> Tensor:
    clean, noise = torch.tensor([[1.0, 2.0], [3.0, 4.0]]), torch.full((2, 2), 5.0)
    return answer(clean, torch.tensor([1.0, 0.0]), noise)


_RETURN = "return abar.sqrt() * clean + (1 - abar).sqrt() * noise"
_VIEW = "abar = abar.view(-1, *[1] * (clean.ndim - 1))"

# fmt: off
Q_SAMPLE = Exercise(
    name="q_sample",
    number="13.1",
    minutes=4,
    difficulty="easy",
    contract=(
        "clean and noise have one shape, (B, ...), with any number of axes. abar is (B,): one number from 0 to 1 for each sample, the share of the "
        "clean sample's variance that is left.",
        "Return sqrt(abar) * clean + sqrt(1 - abar) * noise, in the shape of clean; each sample with its own abar.",
    ),
    reference=diffusion.q_sample,
    inputs=_inputs,
    cases=(
        Case("one sample", _of(3.0, [0.36], -1.0), torch.tensor([1.0]), "0.6 * 3 - 0.8: the weights are the roots of 0.36 and 0.64."),
        Case("three levels at once", _of(3.0, [1.0, 0.36, 0.0], -1.0), torch.tensor([3.0, 1.0, -1.0]),
             "abar 1 leaves the clean sample, 0 the noise alone: each sample has its own."),
        Case("samples that are rows", _rows, torch.tensor([[1.0, 2.0], [5.0, 5.0]]), "Any number of axes may come: give abar as many axes of length 1 as clean has beyond its first.", "axes"),
    ),
    hints=(
        "Two weights whose squares add up to 1: the variance of data with variance 1 stays 1.",
        "abar has one axis, clean has more: it needs an axis of length 1 for each of the others.",
        "`a = abar.view(-1, *[1] * (clean.ndim - 1))`, then `a.sqrt() * clean + (1 - a).sqrt() * noise`.",
    ),
    mistakes=(
        Mistake("one level for all", {_VIEW: "abar = abar[0]"}, "All samples have the level of the first: each has its own abar."),
        Mistake("squares for roots", {_RETURN: "return abar.square() * clean + (1 - abar.square()) * noise"}, "abar is squared: the weights are the roots of abar and of 1 - abar."),
        Mistake("no roots", {_RETURN: "return abar * clean + (1 - abar) * noise"}, "The weights are abar and 1 - abar: take their roots, so that the variances add up to 1."),
        Mistake("noise without a root", {"(1 - abar).sqrt() * noise": "(1 - abar) * noise"}, "The noise's weight is 1 - abar: its root is asked for."),
        Mistake("one minus the root", {"(1 - abar).sqrt()": "(1 - abar.sqrt())"}, "The noise's weight is 1 - sqrt(abar): it is sqrt(1 - abar)."),
        Mistake("clean and noise exchanged", {_RETURN: "return abar.sqrt() * noise + (1 - abar).sqrt() * clean"}, "abar is what is left of the clean sample: at 1 there is no noise."),
        Mistake("noise subtracted", {"* clean + (1": "* clean - (1"}, "The noise is subtracted: its law is the same, this sample is not."),
        Mistake("the clean one stays whole", {"abar.sqrt() * clean": "clean"}, "The clean sample keeps its full size: the variance grows above 1."),
        Mistake("one level for all", {_VIEW: "abar = abar.mean()"}, "All samples get the same level: each has its own abar.", "axes"),
        Mistake("three axes only", {_VIEW: "abar = abar[:, None, None] if clean.ndim == 2 else abar.view(-1, *[1] * (clean.ndim - 1))"}, "abar gets a fixed number of axes: samples with fewer or more of them come out wrong.", "axes"),
        Mistake("roots of roots", {"abar.sqrt() * clean": "abar.sqrt().sqrt() * clean"}, "The clean sample's weight is a root too often."),
    ),
)
