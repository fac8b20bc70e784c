"""The diary of a training, and what its first difference from the right one is called."""

import pytest
import torch

import vgan_lessons.exercises  # noqa: F401  fills the registry
from vgan_lessons.checking import edited, find, mark
from vgan_lessons.checking.relations.events import relation_of_events
from vgan_lessons.exercises.diary import Diary
from vgan_lessons.exercises.tiny_players import Descent, Line

_EMA = "ema_update(gan.generator_ema, gan.generator, ema_decay_at(gan.step, config.ema_decay))"
_CLEAR = "gan.g_optim.zero_grad()"
_DRAW = "real, players = draw_real()"
_FOLLOW = "ema_update(average, generator, ema_decay_at(step, decay))"


def test_a_diary_tells_a_fresh_gradient_from_one_on_top_of_an_old_one():
    diary, D = Diary(), Line(1.0, stale=5.0)
    optim = Descent(D)
    diary.watch_gradients("D", D)
    diary.watch_steps("its optimiser", optim, "D")

    def train():
        for _ in range(2):
            D(torch.ones(2)).sum().backward()
            D(torch.ones(2)).mean().backward()  # of one turn: no old gradient
            optim.step()
            optim.zero_grad()
        optim.step()
        raise ValueError("and then this")

    assert diary.read(train) == (
        "a gradient reaches D on top of an old one",
        "its optimiser steps",
        "a gradient reaches D",
        "its optimiser steps",
        "its optimiser steps without a gradient",
        "an exception ends it",
    )


@pytest.mark.parametrize(
    "found, said",
    [
        (("a", "b", "c"), None),
        (("a", "c", "b"), "should happen next: b. What happens is: c."),
        (("a", "c"), "should happen next: b. What happens is: c; the other never does."),
        (("a",), "should happen next: b. Nothing more happens, and it never does."),
        (("a", "b", "c", "d"), "Here one thing more happens: d."),
        (("a", "b twice", "c"), "After this: a, b, as it should, but twice."),
        (("a", "an exception ends it"), None),
    ],
)
def test_the_first_difference_is_told(found, said):
    told = relation_of_events({"": found}, {"": ("a", "b", "c")})
    assert (told is None) if said is None else told.diagnosis.endswith(said)


@pytest.mark.parametrize(
    "name, edits, said",
    [
        ("video_gan_round", {_EMA: "pass", _CLEAR: f"{_EMA}; {_CLEAR}"},
         "What happens is: the average moves."),
        ("video_gan_round", {"_step(gan.g_optim, average)": "_step(gan.d_optim, average)"},
         "this should happen next: g_optim steps."),
        ("train_frames", {_FOLLOW: "pass", _DRAW: f"{_FOLLOW}\n        {_DRAW}"},
         "whose average has not changed."),
        ("two_judges", {"optim.step()": "optim.step(); optim.step()"},
         "What happens is: its optimiser steps."),
    ],
)  # fmt: skip
def test_a_loop_out_of_order_is_told_what_comes_first(name, edits, said):
    exercise = find(name)
    verdict = mark(exercise, edited(exercise.reference, edits))
    assert verdict.state == "failed" and said in verdict.diagnosis.diagnosis
