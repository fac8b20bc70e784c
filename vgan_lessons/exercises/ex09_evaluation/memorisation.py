"""9.5: how copies are found out."""

import torch
from torch import Tensor

from vgan_lessons import metrics
from vgan_lessons.checking import Case, Draw, Exercise, Mistake


def _of(train: list, held_out: list, clips: list):
    """Points as lists -> a case body."""

    def run(answer) -> Tensor:
        return answer(
            *(torch.tensor(part).view(len(part), -1) for part in (train, held_out, clips))
        )

    return run


def _large(answer) -> Tensor:
    """Four copies among features around 1,000, where products of them round off."""
    rng = torch.Generator().manual_seed(0)
    train, held_out = (1000 + torch.randn(40, 16, generator=rng) for _ in range(2))
    return answer(train, held_out, train[:4].clone())


def _inputs(draw: Draw) -> dict[str, Tensor]:
    return {
        "train": draw.normal("N D"),
        "held_out": draw.normal("M D"),
        "clips": draw.normal("K D"),
    }


_WAYS = "to_train, to_held_out = (_nearest(clips, known) for known in (train, held_out))"
_RETURN = "return to_train / to_held_out.clamp(min=torch.finfo(torch.float64).tiny)"


def _as_mean(train: Tensor, held_out: Tensor, clips: Tensor) -> Tensor:
    return torch.cdist(clips, train).mean(1) / torch.cdist(clips, held_out).mean(1)


# fmt: off
MEMORISATION = Exercise(
    name="memorisation",
    number="9.5",
    minutes=6,
    difficulty="easy",
    contract=(
        "train is (N, d), held_out (M, d), clips (K, d): features of films that were trained on, of others that were not, and of generated clips.",
        "Return (K,): each clip's Euclidean distance to the nearest film of train, divided by its distance to the nearest film of held_out.",
        "A clip that lies exactly on a film of train gives 0 (`compute_mode=\"donot_use_mm_for_euclid_dist\"` keeps `torch.cdist` from rounding it), even if the same film is in held_out, too. No other clip lies on a film of held_out.",
        "No gradient is asked for, and any floating dtype will do.",
    ),
    reference=metrics.memorisation,
    inputs=_inputs,
    waived=("graph cut", "dtype"),
    free_gradients=("train", "held_out", "clips"),
    cases=(
        Case("a copy, and a clip half-way", _of([0.0, 1.0], [4.0, 5.0], [1.0, 2.5, 3.0]), torch.tensor([0.0, 1.0, 2.0]),
             "1 is a film of train; 2.5 is 1.5 from 1 and from 4; 3 is 2 from 1 and 1 from 4."),
        Case("in a plane", _of([[0.0, 0.0], [50.0, 50.0]], [[3.0, 14.0]], [[3.0, 4.0]]), torch.tensor([0.5]),
             "(3, 4) lies 5 from (0, 0) and 10 from (3, 14)."),
        Case("a film that is in both sets", _of([2.0, 7.0], [2.0, 9.0, 11.0], [2.0, 10.5]), torch.tensor([0.0, 7.0]),
             "0 divided by 0 is not a number: a copy of a training film counts 0. 10.5 is 3.5 from 7 and 0.5 from 11."),
        Case("copies of large features", _large, torch.zeros(4), "Exact copies give 0 whatever their size: `compute_mode`, or differences taken before they are squared."),
    ),
    hints=(
        "Two tables of distances, of each clip from the films of one set; of each row the smallest.",
        "`torch.cdist(clips, train)` is (K, N). Divide minimum by minimum, clip by clip.",
        "`near = torch.cdist(clips, train).amin(1)`, `far = torch.cdist(clips, held_out).amin(1)`; `near / far.clamp(min=1e-30)`.",
    ),
    mistakes=(
        Mistake("distances by products", {_WAYS: "to_train, to_held_out = (torch.cdist(clips, known, compute_mode=\"use_mm_for_euclid_dist\").double().amin(1) for known in (train, held_out))"}, "An exact copy is not at distance 0: `cdist` squares by products, which rounds. Give it the compute_mode of the statement."),
        Mistake("upside down", {_RETURN: "return to_held_out / to_train.clamp(min=torch.finfo(torch.float64).tiny)"}, "Train is divided by held-out: here it is the other way round, and copies are endless."),
        Mistake("squared distances", {_RETURN: "return (to_train / to_held_out.clamp(min=torch.finfo(torch.float64).tiny)) ** 2"}, "The distances are squared: the plain ones are divided."),
        Mistake("the mean distance", lambda train, held_out, clips: _as_mean(train, held_out, clips), "The mean over all films is taken: one near film is enough to copy from, so take the nearest."),
        Mistake("a difference", {_RETURN: "return to_train - to_held_out"}, "The distances are subtracted: a ratio says the same at every scale of the features."),
        Mistake("a share of both", {_RETURN: "return to_train / (to_train + to_held_out).clamp(min=torch.finfo(torch.float64).tiny)"}, "The distance is divided by the sum of both: divide by that to the held-out film."),
        Mistake("the nearest clip of each film", {_WAYS: "to_train, to_held_out = _nearest(train, clips).min(), _nearest(clips, held_out)"}, "The smallest distance in the whole table is used for every clip: take it row by row.", "axes"),
        Mistake("one number", {_RETURN: "return (to_train / to_held_out.clamp(min=torch.finfo(torch.float64).tiny)).median()"}, "This is one number for all: return one for each clip; the median comes later.", "axes"),
        Mistake("distances along the axes", lambda train, held_out, clips: torch.cdist(clips, train, p=1).amin(1) / torch.cdist(clips, held_out, p=1).amin(1).clamp(min=1e-30),
                "The distances are sums along the axes: Euclidean ones are asked for."),
        Mistake("0 divided by 0", {_RETURN: "return to_train / to_held_out"}, "A copy of a film that is in both sets gives 0 / 0: keep the lower distance a little above 0."),
        Mistake("held-out alone", {_RETURN: "return to_held_out"}, "This is the distance to the held-out films alone: divide that to train by it."),
        Mistake("train alone", {_RETURN: "return to_train"}, "This is the distance to the training films alone: without the other set nobody knows what is near."),
        Mistake("the farthest film", lambda train, held_out, clips: torch.cdist(clips, train).amax(1) / torch.cdist(clips, held_out).amax(1), "The farthest film is taken: a copy is near."),
        Mistake("the middle film", lambda train, held_out, clips: torch.cdist(clips, train).median(1).values / torch.cdist(clips, held_out).median(1).values.clamp(min=1e-30),
                "The film in the middle of the distances is taken: a copy is near to one film, so take the nearest."),
        Mistake("yes or no", {_RETURN: "return (to_train < to_held_out).double()"}, "Only which of the two is nearer is said: return the ratio."),
        Mistake("twice the share of both", {_RETURN: "return 2 * to_train / (to_train + to_held_out).clamp(min=torch.finfo(torch.float64).tiny)"}, "The distance is divided by the mean of both: divide by that to the held-out film."),
        Mistake("at most 1", {_RETURN: "return (to_train / to_held_out.clamp(min=torch.finfo(torch.float64).tiny)).clamp(max=1)"}, "What is above 1 is cut off: clips that are nearer to held-out films balance the others."),
    ),
)
