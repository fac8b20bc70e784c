"""Slips of 4.9 by name: the faults as published, one at a time, and slips of the mending."""

from torch import nn

from vgan_lessons.checking import Mistake
from vgan_lessons.exercises.ex04_training.article_players import (
    channels_before_time,
    frames_only,
    players,
    without_a_full_connection,
)

MISTAKES = (
    Mistake(
        "frames of one pixel",
        players(one_pixel=True),
        "The frames are 1x1: nothing in G makes a picture larger again.",
        "axes",
    ),
    Mistake(
        "no time axis",
        frames_only,
        "This G makes single frames: ask for all frames of a clip at once.",
        "axes",
    ),
    Mistake(
        "channels before time",
        channels_before_time,
        "Clips are (B, T, C, H, W): time comes before the colours.",
        "axes",
    ),
    Mistake(
        "a column of scores",
        players(score=()),
        "D's scores are (B, 1), and a loss may spread them over (B, B): flatten them to (B,).",
        "axes",
    ),
    Mistake(
        "no fully connected layer",
        without_a_full_connection,
        "The code is laid out as a picture and a pixel sees its neighbourhood only: let a "
        "linear layer connect each number of the code with everything.",
        "architecture",
    ),
    Mistake(
        "one frame shown again and again",
        players(drawn_frames=1),
        "All frames of a clip are one and the same: a time axis along which nothing happens.",
        "architecture",
    ),
    Mistake(
        "no tanh",
        players(squash=nn.Identity),
        "The pixels are unbounded, the data's lie in [-1, 1]: D needs no more than that to "
        "tell them apart.",
        "architecture",
    ),
    Mistake(
        "sigmoid for tanh",
        players(squash=nn.Sigmoid),
        "The pixels lie in [0, 1]: half of the data's range is never reached.",
        "architecture",
    ),
    Mistake(
        "no activation in G",
        players(g_bend=nn.Identity),
        "G's two linear layers are one: put an activation between them.",
        "architecture",
    ),
    Mistake(
        "no activation in D",
        players(d_bend=nn.Identity),
        "D is affine: it can only cut with a straight plane; put an activation between its "
        "layers.",
        "architecture",
    ),
    Mistake(
        "sigmoid left on D",
        players(score=(nn.Sigmoid(), nn.Flatten(0))),
        "D returns probabilities, and the losses take a sigmoid of them again: return logits.",
        "architecture",
    ),
    Mistake(
        "width ignored",
        players(own_width=8),
        "The networks have one size whatever `width` says.",
        "architecture",
    ),
)
