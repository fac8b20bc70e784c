"""What is said of an answer by its exception, its shape, and the facts of a network."""

import pytest
import torch
from torch import nn

from checking.toys import toy
from vgan_lessons.checking import Case, mark, typed
from vgan_lessons.checking.architecture import gradient_arrives, option_has_effect
from vgan_lessons.checking.steadiness import modes_agree, samples_stay_apart, state_travels


def two(x):
    """The mean of (N, K) over N, and its largest number."""
    return x.mean(0), x.max()


def _both(answer):
    mean, largest = answer(torch.tensor([[1.0, 5.0], [2.0, 7.0]]))
    return float(mean[0]), float(mean[1]), float(largest)


TWO = toy(
    two,
    cases=(
        Case("by hand", _both, (1.5, 6.0, 7.0), "Two rows."),
        Case("its shape", lambda f: f(torch.ones(3, 4, 1))[0], torch.ones(4, 1), "Rows."),
    ),
    inputs=None,
)


ANSWERS = {
    "(x.mean(0), x.max(), x.min())": "another number of results",
    "x.mean()": "one result for several",
    "(x.mean(0), x.max().item().item())": "a plain number for a tensor",
    "(x.mean(5), x.max())": "an axis that is not there",
    "(x.mean(0), x.max() + x[0] + torch.ones(7))": "sizes must agree",
    "(x.mean(0).flip(0), x.max())": "results in another order",
    "(-x.mean(0), -x.max())": "wrong sign",
    "(x.mean(0).squeeze(), x.max())": "an axis too few",
    "(x.mean(0, keepdim=True)[0].T, x.max())": "axes in another order",
    "(x.median(0).values * 1.7 - 0.3, x.max())": None,
}


@pytest.mark.parametrize("answer, said", ANSWERS.items())
def test_a_worked_case_tells_what_is_wrong(answer, said):
    verdict = mark(TWO, typed(f"import torch\ndef my_two(x): return {answer}", "my_two"))
    assert verdict.state == "failed"
    assert (verdict.diagnosis and verdict.diagnosis.name) == said


class Scores(nn.Module):
    """(B, 3) -> (B,), spoilt in one way."""

    how = ""

    def __init__(self, *, width=4):
        super().__init__()
        self.layer = nn.Linear(3, width if self.how != "ignored" else 4)
        self.norm = nn.InstanceNorm1d(1, affine=False, track_running_stats=True)
        self.free = [nn.Linear(3, 1)]

    def forward(self, rows):
        scores = self.layer(rows.detach() if self.how == "cut off" else rows).tanh().sum(1)
        if self.how == "two modes":
            return self.norm(self.layer(rows)[:, None]).mean((1, 2)) + scores
        if self.how == "drawn":
            return scores + torch.randn(())
        if self.how == "dropout":
            return nn.functional.dropout(scores, 0.5, self.training)
        if self.how == "batch":
            return scores - scores.mean()
        return scores + self.free[0](rows).squeeze(1) if self.how == "list" else scores


class Right(nn.Module):
    """(B, 3) -> (B,)."""

    def __init__(self, *, width=4):
        super().__init__()
        self.layer = nn.Linear(3, width)

    def forward(self, rows):
        return self.layer(rows).tanh().sum(1)


def _rows():
    return (torch.randn(5, 3, generator=torch.Generator().manual_seed(0)),)


def _built(answer):
    return answer(width=4)


SCORES = toy(
    Right,
    cases=(
        gradient_arrives(lambda answer: _built(answer), _rows),
        modes_agree(_built, _rows),
        samples_stay_apart(_built, _rows, "row"),
        state_travels(_built, _rows),
        option_has_effect(_built, lambda answer: answer(width=6), "width"),
    ),
    inputs=None,
)


@pytest.mark.parametrize(
    "how, said",
    [
        ("cut off", "input cut off"),
        ("two modes", "two modes"),
        ("drawn", "two calls"),
        ("dropout", "dropout"),
        ("batch", "statistics of the batch"),
        ("list", "not in the state dict"),
        ("ignored", "width ignored"),
    ],
)
def test_a_property_of_a_network_tells_what_is_wrong(how, said):
    class Spoilt(Scores):
        def forward(self, rows):
            return super().forward(rows)

    Spoilt.how = how
    assert mark(SCORES, Spoilt).diagnosis.name == said


def test_a_network_that_does_not_follow_into_another_dtype_has_loose_layers():
    class Listed(nn.Module):
        def __init__(self, *, width=4):
            super().__init__()
            self.one, self.rest = nn.Linear(3, width), [nn.Linear(width, 1)]

        def forward(self, rows):
            return self.rest[0](self.one(rows)).squeeze(1)

    case = Case(
        "in float64", lambda f: f(width=4).double()(torch.ones(2, 3).double()).shape, 0, "?"
    )
    said = mark(toy(Right, cases=(case,), inputs=None), Listed).diagnosis
    assert said.name == "not a part of the module"
