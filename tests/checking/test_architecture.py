"""Open architectures are judged by what they do; every ready-made case can fail."""

import pytest
from torch import nn

from checking.toys import CRITIC
from vgan_lessons.checking import mark, solved_source, typed
from vgan_lessons.checking.architecture import option_has_effect


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
