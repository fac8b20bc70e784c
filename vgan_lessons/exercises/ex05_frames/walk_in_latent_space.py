"""5.7: a way between two latents that G knows all along."""

import math

import torch
from torch import Tensor

from vgan_lessons.checking import Case, Draw, Exercise, Mistake
from vgan_lessons.models import latent_walks


def _inputs(draw: Draw) -> dict:
    start = draw.normal("D")
    start[0] += 1  # never the zero vector, of which no angle is known
    end = draw.normal("D")
    end[1] += 1
    return {"start": start, "end": end, "n_steps": 2 + draw.size("N")}


def _walk(start: list[float], end: list[float], n: int):
    return lambda answer: answer(torch.tensor(start), torch.tensor(end), n)


def _nearly_parallel(answer) -> Tensor:
    start = torch.tensor([2.0, 0.0], dtype=torch.float64)
    return answer(start, torch.tensor([4.0, 1e-9], dtype=torch.float64), 3)


_HALF = math.sqrt(0.5)
_COS = "(start * end).sum() / (start.norm() * end.norm())"
_ARC = "return (((1 - t) * angle).sin() * start + (t * angle).sin() * end) / angle.sin()"
_GRID = "torch.linspace(0, 1, n_steps, dtype=start.dtype, device=start.device)"

# fmt: off
WALK_IN_LATENT_SPACE = Exercise(
    name="walk_in_latent_space",
    number="5.7",
    minutes=10,
    difficulty="medium",
    importance="extra",
    contract=(
        "Return `n_steps` latents `(n_steps, d)` from start (d,) to end (d,), both included, at "
        "t = 0, 1/(`n_steps` - 1), ..., 1.",
        "The latent at t is (sin((1 - t) w) start + sin(t w) end) / sin(w), where w is the angle "
        "between start and end: equal angles between neighbours.",
        "The angle takes no notice of how long the two are: their cosine is their product over "
        "both lengths.",
        "Where both point the same way (an angle below 0.001) it is the straight line "
        "(1 - t) start + t end.",
    ),
    reference=latent_walks.latent_walk,
    inputs=_inputs,
    sizes={"D": (5, 3, 8), "N": (3, 1, 4)},
    scales=(1.0, 0.3, 3.0),
    cases=(
        Case("a quarter turn in three", _walk([1.0, 0.0], [0.0, 1.0], 3), torch.tensor([[1.0, 0.0], [_HALF, _HALF], [0.0, 1.0]]),
             "The middle of (1, 0) and (0, 1) lies on the circle: (0.7071, 0.7071)."),
        Case("a quarter turn in four", _walk([1.0, 0.0], [0.0, 1.0], 4),
             torch.tensor([[1.0, 0.0], [0.866025, 0.5], [0.5, 0.866025], [0.0, 1.0]]),  # 30 degrees a step
             "Every step turns by 30 degrees."),
        Case("two lengths", _walk([2.0, 0.0], [3.4641016, 2.0], 3), torch.tensor([[2.0, 0.0], [2.828427, 1.035276], [3.4641016, 2.0]]),
             "Lengths 2 and 4, 30 degrees apart: the middle is sin(15) / sin(30) = 0.5176 of their sum. Divide by both lengths before you take the arc cosine."),
        Case("nearly the same direction", _nearly_parallel, torch.tensor([[2.0, 0.0], [3.0, 5e-10], [4.0, 1e-9]], dtype=torch.float64),
             "sin(0) under the fraction: where the angle is as good as 0 take the straight line."),
    ),
    hints=(
        "Both latents span a plane. In it, turn from one to the other by equal angles.",
        "The angle is the arc cosine of the product over both lengths; rounding may push that cosine "
        "past 1, so clamp it. t goes down the rows: (n_steps, 1) beside (d,).",
        "`t = torch.linspace(0, 1, n_steps)[:, None]`, `angle = cosine.clamp(-1, 1).acos()`, an `if` for "
        "small angles, then the formula of the contract.",
    ),
    mistakes=(
        Mistake("a straight line", {_ARC: "return (1 - t) * start + t * end"},
                "This is the straight line: its middle is too short, and G never saw latents like it."),
        Mistake("lengths left in the angle", {_COS: "(start * end).sum()"},
                "The product is no cosine unless both lengths are 1: divide by them."),
        Mistake("walked backwards", {"(1 - t) * angle": "t * angle", "(t * angle)": "((1 - t) * angle)"},
                "The walk begins at the end: t = 0 belongs to start."),
        Mistake("the end left out", {_GRID: "torch.arange(n_steps, dtype=start.dtype, device=start.device) / n_steps"},
                "The last latent is not `end`: both ends are part of the walk."),
        Mistake("every latent of one length", {_ARC: _ARC.replace("return ", "path = ") + "\n    return path / path.norm(dim=1, keepdim=True) * start.norm()"},
                "Every latent is stretched to the length of start: the last one has to be `end` itself."),
        Mistake("no way out for a small angle", {"if angle < 1e-3:": "if angle < -1:"},
                "Where both point the same way sin(angle) is 0, and 0/0 is NaN: take the straight line there."),
        Mistake("never divided", {" / angle.sin()": ""},
                "The division by sin(angle) is missing: the ends come out too short."),
        Mistake("a straight line, stretched onto the arc", {_ARC: "line = (1 - t) * start + t * end\n    length = (1 - t) * start.norm() + t * end.norm()\n    return line / line.norm(dim=1, keepdim=True) * length"},
                "The lengths are right and the steps are not: a straight line stretched to the arc turns faster in the middle."),
        Mistake("ends of length 1", {"((1 - t) * angle).sin() * start + (t * angle).sin() * end": "((1 - t) * angle).sin() * start / start.norm() + (t * angle).sin() * end / end.norm()"},
                "The ends are divided by their lengths: only the angle takes no notice of those."),
    ),
)
