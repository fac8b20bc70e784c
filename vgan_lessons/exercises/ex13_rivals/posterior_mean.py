"""13.2: the denoiser that nobody can beat."""

import torch
from torch import Tensor

from vgan_lessons.checking import Case, Draw, Exercise, Mistake
from vgan_lessons.models import diffusion


def _inputs(draw: Draw) -> dict:
    return {
        "noisy": draw.normal("B C H"),
        "abar": draw.uniform("B", 0.1, 0.9),
        "centres": draw.normal("K C H"),
        "variance": draw.number(0.1, 2.0),
    }


def _on_a_line(noisy: list[float], abars: list[float], centres: list[float], variance: float):
    """Numbers of one axis -> a case body."""

    def run(answer) -> Tensor:
        column = [torch.tensor(part, dtype=torch.float64)[:, None] for part in (noisy, centres)]
        abar = torch.tensor(abars, dtype=torch.float64)
        return answer(column[0], abar, column[1], variance).flatten()

    return run


def _in_a_plane(answer) -> Tensor:
    """Both axes decide together which centre is near."""
    noisy = torch.tensor([[[0.5, 0.5]]], dtype=torch.float64)
    centres = torch.tensor([[[1.0, 0.0]], [[-1.0, 0.0]]], dtype=torch.float64)
    return answer(noisy, torch.tensor([0.5], dtype=torch.float64), centres, 0.0).flatten()


_SPREAD = "left, spread = abar.sqrt(), abar * variance + 1 - abar"
_WEIGHTS = "weights = (-gaps.square().sum(2) / (2 * spread)).softmax(1)"
_GUESSES = "guesses = centres + (left * variance / spread)[:, None] * gaps"
_GAPS = "gaps = noisy[:, None] - left[:, None] * centres"

# fmt: off
POSTERIOR_MEAN = Exercise(
    name="posterior_mean",
    number="13.2",
    minutes=11,
    difficulty="hard",
    contract=(
        "Clean samples have a known law: pick one of K centres, each as likely as the others, and add normal noise of the given variance to every axis. "
        "noisy is (B, ...), made from clean samples by 13.1. abar is (B,). centres is (K, ...), each of a sample's shape. variance is a number, at least 0. "
        "Where it is 0, abar is below 1.",
        "With v = abar * variance + 1 - abar, the guess of centre c is c + sqrt(abar) * variance / v * (noisy - sqrt(abar) * c).",
        "Its weight is proportional to exp(-d / (2 v)), with d the squared distance, over all axes of the sample, of noisy to sqrt(abar) * c. The weights of a sample add up to 1, "
        "also where every exp(...) would be too small for a float.",
        "Return the weighted sum of the guesses, in the shape of noisy. No gradient by abar is asked for.",
    ),
    reference=diffusion.posterior_mean,
    inputs=_inputs,
    scales=(1.0, 0.3, 0.8),
    free_gradients=("abar",),
    cases=(
        Case("one centre at 0", _on_a_line([1.7], [0.3], [0.0], 4.0), torch.tensor([1.960270]),
             "sqrt(0.3) * 4 / (1.2 + 0.7) * 1.7 = 0.547723 * 4 / 1.9 * 1.7."),
        Case("two points, no spread", _on_a_line([0.5, -0.5], [0.5, 0.5], [1.0, -1.0], 0.0), torch.tensor([0.608859, -0.608859]),
             "The weights differ by the factor exp(2 * 0.5 * sqrt(0.5) / 0.5), so the mean is tanh(0.707107)."),
        Case("each sample its own level", _on_a_line([2.0, 2.0], [0.0, 0.75], [3.0], 1.0), torch.tensor([3.0, 2.482051]),
             "At abar 0 the noisy sample says nothing: 3. At 0.75 v is 1, and 3 + 0.866025 * (2 - 2.598076) = 2.482051."),
        Case("far apart", _on_a_line([10.0, -10.0], [0.5, 0.5], [1000.0, -1000.0], 0.0), torch.tensor([1000.0, -1000.0]),
             "exp(-490,000) is 0 for a float: subtract the largest exponent first, or let softmax do it."),
        Case("distance over all axes", _in_a_plane, torch.tensor([0.608859, 0.0]), "The second axis is equally far for both centres; one weight holds for the whole sample.", "axes"),
    ),
    hints=(
        "Each centre makes its own guess, as if it were the only one; nearer centres have more say.",
        "Flatten all but the first axis. `noisy[:, None] - sqrt(abar) * centres` is (B, K, D): squared and summed over D it is d. Weights that add up to 1 from exponents: softmax over K.",
        "gaps = noisy[:, None] - a * centres; weights = (-gaps.square().sum(2) / (2 * v)).softmax(1); guesses = centres + a * variance / v * gaps; "
        "(weights[:, :, None] * guesses).sum(1), back in the shape of noisy.",
    ),
    mistakes=(
        Mistake("the noise alone", {_SPREAD: "left, spread = abar.sqrt(), 1 - abar + 0 * variance"}, "v is the noise's variance alone: what is left of the centre's own spread, abar * variance, comes on top."),
        Mistake("the spread is not shrunk", {"abar * variance + 1 - abar": "variance + 1 - abar"}, "The centres' variance goes in whole: only the share abar of it is left."),
        Mistake("centres not moved", {_GAPS: "gaps = noisy[:, None] - centres"}, "Noisy samples lie around sqrt(abar) * c, not around c."),
        Mistake("centres moved by abar", {"left[:, None] * centres": "abar[:, None] * centres"}, "Centres move by sqrt(abar), not by abar."),
        Mistake("no root before the gap", {"(left * variance / spread)": "(abar * variance / spread)"}, "The guess takes abar where sqrt(abar) belongs."),
        Mistake("the nearest centre alone", {_WEIGHTS: "weights = torch.nn.functional.one_hot((-gaps.square().sum(2) / spread).argmax(1), len(centres)).to(gaps)"},
                "Only the nearest centre is asked: a mean weighs all of them."),
        Mistake("all centres alike", {_WEIGHTS: "weights = (0 * gaps.sum(2)).softmax(1)"}, "All centres have the same say, near or far."),
        Mistake("distances without squares", {"gaps.square().sum(2)": "gaps.abs().sum(2)"}, "The exponent takes squared distances."),
        Mistake("without the 2", {"(2 * spread)": "spread"}, "The exponent is -d / (2 v): the 2 is missing."),
        Mistake("centres only", {_GUESSES: "guesses = centres + 0 * gaps"}, "The guesses are the centres themselves: right for variance 0 only."),
        Mistake("weights over samples", {"softmax(1)": "softmax(0)"}, "The weights add up to 1 over the samples: over the centres is asked for.", "axes"),
        Mistake("mean distance", {"gaps.square().sum(2)": "gaps.square().mean(2)"}, "The squared distance is averaged over the axes: it is their sum."),
        Mistake("exponents that underflow", {_WEIGHTS: "weights = (-gaps.square().sum(2) / (2 * spread)).exp()\n    weights = weights / weights.sum(1, keepdim=True)"},
                "exp(...) of all centres is 0 for a float, and 0 / 0 no number: use softmax."),
        Mistake("farther is better", {"(-gaps": "(gaps"}, "Farther centres have more say: a sign is lost."),
    ),
)
