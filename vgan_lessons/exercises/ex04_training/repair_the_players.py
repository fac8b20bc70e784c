"""4.9: published networks that make single pixels, and the smallest pair that makes clips."""

import torch
from torch import Tensor, nn

from vgan_lessons.article import mended, published
from vgan_lessons.article.probing import is_affine, reweighed, share_reached
from vgan_lessons.checking import Case, Exercise
from vgan_lessons.checking.architecture import option_has_effect, range_is_reached
from vgan_lessons.exercises.ex04_training.article_player_slips import MISTAKES
from vgan_lessons.exercises.ex04_training.article_players import (
    by_transposed_convolution,
    deeper,
    rolling,
)
from vgan_lessons.exercises.faulty_stubs import as_published

_SIZES = {"n_frames": 4, "frame_size": 6, "latent_dim": 5, "width": 8}


def _normal(*shape: int) -> Tensor:
    return torch.randn(shape, generator=torch.Generator().manual_seed(len(shape)))


def _codes() -> tuple[Tensor]:
    return (_normal(16, 5),)


def _players(build) -> list[nn.Module]:
    """Both players, with seeded weights."""
    return [reweighed(player, dtype=torch.float32) for player in build(**_SIZES)]


def _shapes(build) -> tuple:
    G, D = _players(build)
    return tuple(G(_normal(2, 5)).shape), tuple(D(_normal(2, 4, 3, 6, 6)).shape)


def _what_a_code_reaches(build) -> dict:
    G, _ = _players(build)
    clips = G(*_codes())
    return {
        "share of pixels that a number of the code moves": share_reached(G, *_codes()),
        "frames of one clip differ": not torch.equal(clips, clips[:, :1].expand_as(clips)),
    }


def _what_d_can_say(build) -> dict:
    D, clips = build(**_SIZES)[1], _normal(16, 4, 3, 6, 6)
    many = range(16)  # draws of the weights: the bias of one could hide one end
    said = [reweighed(D, scale=3.0, seed=n, dtype=torch.float32)(clips) for n in many]
    scores = torch.cat(said)
    return {
        "one affine map": is_affine(reweighed(D, dtype=torch.float32), clips),
        "scores below 0": bool(scores.min() < 0),
        "scores above 1": bool(scores.max() > 1),
    }


REPAIR_THE_PLAYERS = Exercise(
    name="repair_the_players",
    number="4.9",
    minutes=12,
    difficulty="medium",
    importance="extra",
    contract=(
        "Return two modules, G and D, built for the sizes you are given by keyword.",
        "G: codes (B, latent_dim) -> clips (B, n_frames, 3, frame_size, frame_size). Every "
        "number of the code reaches every pixel, and the frames of a clip differ.",
        "Pixels fill [-1, 1] and never leave it: that is the range of the data.",
        "D: clips -> one logit for each, (B,), any real number: the sigmoid is in the losses.",
        "Neither player is one affine map, not even up to its last tanh.",
        "A larger `width` makes larger networks.",
    ),
    reference=mended.build_players,
    stub=as_published(
        published.build_players,
        "my_repair_the_players",
        "Mend these players: G takes a picture of noise and makes pictures of one pixel.",
    ),
    cases=(
        Case(
            name="a code in, a clip out, a score for each clip",
            run=_shapes,
            expect=((2, 4, 3, 6, 6), (2,)),
            nudge="Two codes of 5 numbers; clips of 4 frames, 6x6, three colours; two scores.",
            kind="axes",
        ),
        Case(
            name="every number of the code reaches every pixel",
            run=_what_a_code_reaches,
            expect={
                "share of pixels that a number of the code moves": 1.0,
                "frames of one clip differ": True,
            },
            nudge="Which kind of layer connects everything with everything?",
            kind="architecture",
        ),
        range_is_reached(lambda build: build(**_SIZES)[0], _codes, -1, 1),
        Case(
            name="G bends: up to its last squashing it is not one affine map",
            run=lambda build: is_affine(_players(build)[0], *_codes()),
            expect=False,
            nudge="Layers without an activation between them are one layer.",
            kind="architecture",
        ),
        Case(
            name="D bends, and its scores are any real numbers",
            run=_what_d_can_say,
            expect={"one affine map": False, "scores below 0": True, "scores above 1": True},
            nudge="Between D's layers something is missing; behind its last, one is too many.",
            kind="architecture",
        ),
        option_has_effect(
            lambda build: nn.ModuleList(build(**_SIZES)),
            lambda build: nn.ModuleList(build(**_SIZES | {"width": 20})),
            "width",
        ),
    ),
    hints=(
        "A video is a block of n_frames * 3 * frame_size * frame_size numbers. Forget the "
        "convolutions for now: lesson 05 is about them.",
        "Both players can be `nn.Sequential`s of two linear layers with an activation between "
        "them; G ends in the range of the data, D in one number.",
        "G: Linear, ReLU, Linear, Tanh, `nn.Unflatten(1, (...))`. D: Flatten, Linear, ReLU, "
        "Linear, `nn.Flatten(0)`.",
    ),
    mistakes=MISTAKES,
    alternatives={
        "a dense seed, then a transposed convolution": by_transposed_convolution,
        "three hidden layers, other activations": deeper,
        "a recurrent generator": rolling,
    },
)
