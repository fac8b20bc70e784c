"""Open architectures are judged by what they do; every ready-made case can fail."""

import pytest
import torch
from torch import nn

from checking.toys import CRITIC
from vgan_lessons.checking import mark, solved_source, typed
from vgan_lessons.checking.architecture import gradient_arrives, option_has_effect
from vgan_lessons.checking.steadiness import (
    axes_are_turned,
    modes_agree,
    samples_stay_apart,
    state_travels,
)


def critic(*layers, width_used=True, after=lambda scores: scores.flatten()):
    """Make a class of critics; `layers` get the number of channels and the width."""

    class Made(nn.Module):
        def __init__(self, *, channels=2, width=4):
            super().__init__()
            width = width if width_used else 4
            self.layers = nn.Sequential(*(layer(channels, width) for layer in layers))

        def forward(self, images):
            return after(self.layers(images))

    return Made


def down(channels, width):
    return nn.Conv2d(channels, width, 4, 2, 1)


def score(channels, width):
    return nn.Conv2d(width, 1, 4)


def act(channels, width):
    return nn.ReLU()


def tanh(channels, width):
    return nn.Tanh()


WRONG = {
    "one score an image": critic(down, act, score, tanh, after=lambda scores: scores),
    "outputs fill [-1, 1]": critic(down, act, score),
    "width has an effect": critic(down, act, score, tanh, width_used=False),
}


@pytest.mark.parametrize("case", WRONG, ids=str)
def test_each_broken_network_fails_its_own_case(case):
    verdict = mark(CRITIC, WRONG[case])
    assert verdict.state == "failed" and verdict.finding.trial == case


def test_other_architectures_pass():
    def flat(channels, width):
        return nn.Sequential(nn.Flatten(), nn.Linear(64 * channels, width), nn.SiLU())

    dense = critic(flat, lambda channels, width: nn.Linear(width, 1), tanh)
    strided = critic(down, act, score, tanh)
    for answer in (dense, strided, typed(solved_source(CRITIC), "my_Critic")):
        assert mark(CRITIC, answer).state == "passed"


def test_a_built_module_is_no_class():
    verdict = mark(CRITIC, critic(down, act, score)())
    assert "already built" in verdict.finding.what


def test_an_option_has_to_reach_each_of_several_networks():
    def build(width):
        return lambda answer: answer(width)

    case = option_has_effect(build(2), build(5), "width")
    assert case.run(lambda width: (nn.Linear(width, 1), nn.Linear(width, 2))) == case.expect
    one = case.run(lambda width: (nn.Linear(width, 1), nn.Linear(2, 2)))
    assert one == "larger but for number 2 of 2"
    assert case.run(lambda width: nn.Linear(2, 2)) == "not larger"


class Rows(nn.Module):
    """(B, 3) -> (B,), spoilt in one way."""

    def __init__(self, spoilt=""):
        super().__init__()
        self.spoilt = spoilt
        self.scale = torch.rand(()) + 1
        self.layer = nn.Linear(3, 1)
        self.norm = nn.BatchNorm1d(3, affine=False)
        self.bare = nn.BatchNorm1d(3, affine=False, track_running_stats=False)
        self.spare = nn.Linear(1, 1) if spoilt == "a layer that is never called" else None

    def forward(self, rows):
        spoil = {
            "batch norm": self.norm,
            "the statistics of the batch": self.bare,
            "dropout": nn.functional.dropout,
            "a weight outside of the state": lambda rows: rows * self.scale,
            "a detach": torch.detach,
            "a number that is never read": lambda rows: rows * torch.tensor([0.0, 1.0, 1.0]),
        }.get(self.spoilt, lambda rows: rows)
        return self.layer(spoil(rows)).flatten()


def rows():
    return (torch.randn(5, 3, generator=torch.Generator().manual_seed(0)),)


STEADY = {
    "gradient": gradient_arrives(lambda answer: answer, rows),
    "apart": samples_stay_apart(lambda answer: answer, rows, "row"),
    "modes": modes_agree(lambda answer: answer, rows),
}
FOUND = {  # what is spoilt -> which of them see it
    "": set(),
    "batch norm": {"apart", "modes"},
    "the statistics of the batch": {"apart"},
    "dropout": {"apart", "modes"},
    "a detach": {"gradient"},
    "a number that is never read": {"gradient"},
    "a layer that is never called": {"gradient"},
}


@pytest.mark.parametrize("spoilt", FOUND, ids=lambda spoilt: spoilt or "nothing")
def test_what_is_spoilt_in_a_network_is_seen_by_the_cases_that_are_there_for_it(spoilt):
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        network = Rows(spoilt)
        seen = {name for name, case in STEADY.items() if case.run(network) != case.expect}
    assert seen == FOUND[spoilt]


def test_only_what_is_in_the_state_dict_travels():
    case = state_travels(lambda answer: answer(), rows)
    assert case.holds(case.run(Rows))
    assert not case.holds(case.run(lambda: Rows("a weight outside of the state")))
    fixed = Rows()
    assert not case.holds(case.run(lambda: fixed)), "one network is not two"


def mixed_by(join):
    """How a network that joins the samples of a batch is told of it."""

    class Mixing(nn.Module):
        def __init__(self):
            super().__init__()
            self.layer = nn.Linear(4, 2)

        def forward(self, x):
            return join(self.layer(x))

    def build(_):
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(0)
            return Mixing()

    case = samples_stay_apart(build, lambda: (torch.randn(5, 4, generator=seeded()),), "row")
    return case.tells(case.run(None))[0] if case.run(None) != case.expect else None


def seeded():
    return torch.Generator().manual_seed(1)


@pytest.mark.parametrize(
    "join, said",
    [
        (lambda x: x, None),
        (lambda x: x - x.mean(0), "statistics of the batch"),
        (lambda x: x.flip(0), "results at other places"),
        (lambda x: x[:1].expand_as(x), "one sample for all"),
        (lambda x: x / len(x), "the size of the batch"),
        (lambda x: x.t().reshape(x.shape), "samples mixed up"),
    ],
)
def test_samples_that_touch_are_told_how(join, said):
    assert mixed_by(join) == said


@pytest.mark.parametrize(
    "reads, said",
    [
        (lambda x: x[:, :1], "channels 1, 2"),
        (lambda x: x[:, :, ::2, ::2], "rows and columns that are jumped over"),
        (lambda x: x[:, :, 1:-1, 1:-1], "outside rows 1 to 6 and columns 1 to 6"),
        (lambda x: x[:, :, :4], "rows 4 to 7"),
        (lambda x: x * (torch.arange(192).view(3, 8, 8) % 7 > 0), "some here and there"),
    ],
)
def test_numbers_that_do_not_count_are_told_by_their_place(reads, said):
    class Reader(nn.Module):
        def __init__(self):
            super().__init__()
            self.scale = nn.Parameter(torch.ones(()))

        def forward(self, x):
            return self.scale * reads(x).flatten(1).sum(1)

    case = gradient_arrives(lambda _: Reader(), lambda: (torch.ones(2, 3, 8, 8),))
    assert case.run(None)["these do not count"] == said


@pytest.mark.parametrize(
    "turned, seen",
    [
        (lambda x: x.permute(0, 2, 1, 3, 4), False),
        (lambda x: x.flatten(1, 2), False),
        (lambda x: x.reshape(2, 3, 5, 4, 4), True),
    ],
)
def test_two_sizes_exchanged_by_view_are_seen(turned, seen):
    class Turning(nn.Module):
        def forward(self, x):
            return turned(x).flatten(1).sum(1)

    case = axes_are_turned(lambda _: Turning(), lambda: (torch.ones(2, 5, 3, 4, 4),))
    assert case.run(None) is seen
