"""9.6: a distance that looks at motion alone."""

import torch
from torch import Tensor

from vgan_lessons import metrics
from vgan_lessons.checking import Case, Draw, Exercise, Mistake

_NAN = float("nan")


def _both(real: Tensor, fake: Tensor) -> Tensor:
    """Shows what a distance is given: all rows, one below the other."""
    return torch.cat([real, fake])


def _rows(edges: list[float], *films: list):
    """The rows of the films; the last one is handed in as a fake."""

    def run(answer) -> Tensor:
        places = torch.tensor(films, dtype=torch.float64)
        return answer(places[:-1], places[-1:], _both, torch.tensor(edges, dtype=torch.float64))

    return run


def _along(*places: float) -> list:
    return [[place, 0.0] for place in places]


def _inputs(draw: Draw) -> dict:
    real, fake = draw.normal("N T 2", 3.0), draw.normal("M T 2", 3.0)
    real[0, -1] = torch.nan
    edges = 0.4 * draw.uniform("E", 0.5, 1.5).cumsum(0)
    return {"real_positions": real, "fake_positions": fake, "distance": _both, "edges": edges}


_SIZES = "sizes = positions.diff(n=order, dim=1).norm(dim=-1)"
_VOTES = "votes = votes * seen[..., None]"
_SHARES = "return votes.sum(1) / seen.sum(1, keepdim=True).clamp(min=1)"
_ROW = "torch.cat([shares(positions, 1), shares(positions, 2)], dim=1)"
_RETURN = "return distance(*clouds)"

# fmt: off
MOTION_DISTANCE = Exercise(
    name="motion_distance",
    number="9.6",
    minutes=12,
    difficulty="medium",
    contract=(
        "real_positions is (N, T, 2), fake_positions (M, T, 2), T >= 3: x and y of one object in every frame, NaN where it was lost. Velocities are the "
        "differences of neighbouring places, accelerations the differences of neighbouring velocities, as vectors. Their sizes are Euclidean.",
        "edges is (E,), rising, and cuts the sizes into E + 1 bins: below the first edge, between two neighbours, above the last. No size lies on an edge.",
        "A film becomes one row of 2 E + 2 numbers: the share of its velocities in each bin, then the share of its accelerations in each bin. "
        "A velocity or acceleration that touches a lost place is left out; where none is left, the shares are 0.",
        "distance takes two clouds, (N, 2 E + 2) and (M, 2 E + 2): the reals' rows, then the fakes'. Return what it returns. No gradient is asked for.",
    ),
    reference=metrics.motion_distance,
    inputs=_inputs,
    sizes={"N": (3, 1, 4), "M": (2, 5, 3), "T": (6, 4, 7), "E": (4, 2, 3)},
    scales=(1.0, 0.3, 2.0),
    free_gradients=("real_positions", "fake_positions", "edges"),
    cases=(
        # velocities 0.5, 2, 5; accelerations 1.5, 3
        Case("faster and faster, and standing still", _rows([1.0, 4.0], _along(0.0, 0.5, 2.5, 7.5), _along(3.0, 3.0, 3.0, 3.0)),
             torch.tensor([[1 / 3, 1 / 3, 1 / 3, 0.0, 1.0, 0.0], [1.0, 0.0, 0.0, 1.0, 0.0, 0.0]]),
             "0, 0.5, 2.5, 7.5 has velocities 0.5, 2, 5, one in each bin; accelerations 1.5 and 3, both in the middle one."),
        # speed 5 all the way; the turn changes the velocity by (-6, 0)
        Case("the same speed, another way", _rows([3.5, 5.5], [[0.0, 0.0], [3.0, 4.0], [0.0, 8.0]], _along(0.0, 5.0, 10.0)),
             torch.tensor([[0.0, 1.0, 0.0, 0.0, 0.0, 1.0], [0.0, 1.0, 0.0, 1.0, 0.0, 0.0]]),
             "From (3, 4) to (-3, 4) the speed stays 5 and the velocity changes by 6; straight on it does not change."),
        # of five velocities three are left, 1, 9 and 3; of four accelerations one, -6
        Case("lost on the way", _rows([2.0, 4.0], _along(0.0, 1.0, _NAN, 7.0, 16.0, 19.0), [[_NAN, _NAN]] * 6),
             torch.tensor([[1 / 3, 1 / 3, 1 / 3, 0.0, 0.0, 1.0], [0.0] * 6]),
             "Of 0, 1, lost, 7, 16, 19 three velocities are left, 1, 9 and 3, and one acceleration, -6. A film that is lost all the time has zeros."),
    ),
    hints=(
        "Places, their differences, and the differences of those. Of each: its length, in which bin that falls, and how often each bin comes in a film.",
        "`positions.diff(dim=1)` and `positions.diff(n=2, dim=1)`, then `.norm(dim=-1)`: NaN stays NaN. `torch.bucketize(sizes, edges)` says the bin of each.",
        "seen = ~sizes.isnan(); votes = F.one_hot(torch.bucketize(sizes, edges), len(edges) + 1) * seen[..., None]; shares = votes.sum(1) / seen.sum(1, keepdim=True).clamp(min=1). "
        "Concatenate those of velocities and accelerations along axis 1; `distance(rows_of_reals, rows_of_fakes)`.",
    ),
    mistakes=(
        Mistake("the change of the speed", {_SIZES: "sizes = positions.diff(dim=1).norm(dim=-1)\n        sizes = sizes.diff(dim=1).abs() if order == 2 else sizes"},
                "The acceleration is the change of the speed: a turn at constant speed bends the path, and the change of the vector sees it."),
        Mistake("counts", {_SHARES: "return votes.sum(1)"}, "The votes are counted: divide by how many there are."),
        Mistake("lost steps in the last bin", {"seen = sizes.isfinite()": "seen = torch.ones_like(sizes, dtype=torch.bool)"}, "A size that is not a number lands in the last bin: leave it out."),
        Mistake("divided by all steps", {_SHARES: "return votes.mean(1)"}, "The lost steps are left out above and still counted below: divide by those that are seen."),
        Mistake("lost places taken as 0", {_SIZES: "sizes = positions.nan_to_num().diff(n=order, dim=1).norm(dim=-1)"}, "A lost place is taken for the corner: the object seems to jump there and back."),
        Mistake("0 divided by 0", {".clamp(min=1)": ""}, "A film without any step divides 0 by 0: its shares are 0."),
        Mistake("velocities alone", {_ROW: "torch.cat([shares(positions, 1), shares(positions, 1)], dim=1)"}, "The accelerations are missing: jitter would not be seen."),
        Mistake("accelerations alone", {_ROW: "torch.cat([shares(positions, 2), shares(positions, 2)], dim=1)"}, "The velocities are missing: a film that stands still would look like one that glides."),
        Mistake("accelerations first", {_ROW: "torch.cat([shares(positions, 2), shares(positions, 1)], dim=1)"}, "Velocities come first, accelerations second.", "axes"),
        Mistake("the third difference", {_ROW: "torch.cat([shares(positions, 1), shares(positions, min(3, positions.shape[1] - 1))], dim=1)"}, "The place is differenced three times: twice gives the acceleration."),
        Mistake("a motion apart", {_SIZES: "sizes = (positions[:, order:] - positions[:, :-order]).norm(dim=-1)"}, "The second half compares places two frames apart: an acceleration is a change of velocity."),
        Mistake("squared sizes", {_SIZES: _SIZES + ".square()"}, "The squares are sorted into the bins: sort the sizes themselves."),
        Mistake("sizes along the axes", {_SIZES: "sizes = positions.diff(n=order, dim=1).abs().sum(dim=-1)"}, "The steps along x and y are added: the size of a vector is the root of its squares."),
        Mistake("only x", {_SIZES: "sizes = positions.diff(n=order, dim=1)[..., 0].abs()"}, "Only x is looked at."),
        Mistake("one histogram for all", {_ROW: "torch.cat([shares(positions, 1), shares(positions, 2)], dim=1).mean(0, keepdim=True).expand(len(positions), -1)"},
                "All films share one row: a cloud needs one for each film.", "axes"),
        Mistake("without the last bin", {_ROW: "torch.cat([shares(positions, 1)[:, :-1], shares(positions, 2)[:, :-1]], dim=1)"}, "What lies above the last edge has no bin: E edges make E + 1 of them.", "axes"),
        Mistake("shares of both together", {_ROW: "torch.cat([shares(positions, 1), shares(positions, 2)], dim=1) / 2"}, "The shares of both halves add up to 1 together: each half adds up to 1 by itself."),
        Mistake("present or not", {_SHARES: "return (votes.sum(1) > 0).to(positions)"}, "Each bin says only whether anything fell into it: shares are asked for."),
        Mistake("added up from bin to bin", {_ROW: "torch.cat([shares(positions, 1).cumsum(1), shares(positions, 2).cumsum(1)], dim=1)"}, "The shares are added up from bin to bin: each bin has its own."),
        Mistake("places for velocities", {_SIZES: "sizes = (positions if order == 1 else positions.diff(n=2, dim=1)).norm(dim=-1)"}, "How far the place is from the corner is sorted into the bins: take differences first."),
        Mistake("fakes first", {_RETURN: "return distance(*clouds[::-1])"}, "The fakes' rows go in first: reals, then fakes.", "axes"),
        Mistake("reals twice", {_RETURN: "return distance(clouds[0], clouds[0])"}, "The fakes are not used.", "axes"),
    ),
)
