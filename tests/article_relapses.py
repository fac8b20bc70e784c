"""The mended program with one published fault put back, each fault by itself."""

from dataclasses import replace

import torch
from torch import nn

from vgan_lessons.article import MENDED, Program
from vgan_lessons.exercises.ex04_training import article_players
from vgan_lessons.exercises.ex04_training.article_loops import WRONG_LOOPS
from vgan_lessons.losses import article_d_loss


def _with_players(build) -> Program:
    return replace(MENDED, build_players=build)


def _with_loop(train) -> Program:
    return replace(MENDED, train=train)


RELAPSES: dict[str, Program] = {
    "frames of one pixel": _with_players(article_players.players(one_pixel=True)),
    "no activation in G": _with_players(article_players.players(g_bend=nn.Identity)),
    "no activation in D": _with_players(article_players.players(d_bend=nn.Identity)),
    "no tanh": _with_players(article_players.players(squash=nn.Identity)),
    "no fully connected layer": _with_players(article_players.without_a_full_connection),
    "no time axis": _with_players(article_players.frames_only),
    "noise drawn once": _with_loop(WRONG_LOOPS["noise drawn once"]),
    "batch size undefined": _with_loop(WRONG_LOOPS["batch size undefined"]),
    "losses leave the graph": _with_loop(WRONG_LOOPS["losses leave the graph"]),
    "updates swapped": _with_loop(WRONG_LOOPS["updates swapped"]),
    # these two say in the text what the code does, so that the two agree
    "no real data": replace(
        _with_loop(WRONG_LOOPS["no real data"]),
        d_objective=lambda real, fake: nn.functional.softplus(fake).mean(),
    ),
    "both minimise the score": replace(
        _with_loop(WRONG_LOOPS["G minimises the score"]),
        g_objective=lambda real, fake: fake.mean(),
    ),
    "text and code disagree": replace(MENDED, d_objective=article_d_loss),
}


def clips_of_a_dot(n_clips: int, rng: torch.Generator) -> torch.Tensor:
    """(B, 3, 3, 6, 6) in [-1, 1]: a white pixel that goes one to the right each frame."""
    clips = torch.full((n_clips, 3, 3, 6, 6), -1.0)
    starts = torch.randint(0, 4, (n_clips,), generator=rng)
    for clip, start in zip(clips, starts.tolist(), strict=True):
        for t in range(3):
            clip[t, :, 2, start + t] = 1.0
    return clips
