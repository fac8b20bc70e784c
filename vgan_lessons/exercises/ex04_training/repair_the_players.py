"""4.10: published networks that make single pixels, and the smallest pair that makes clips."""

import torch
from torch import Tensor, nn

from vgan_lessons.article import mended, published
from vgan_lessons.article.probing import is_affine, reweighed, share_reached
from vgan_lessons.checking import Case, Exercise, Mistake
from vgan_lessons.checking.architecture import option_has_effect, range_is_reached
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
        "a number of the code moves every pixel": share_reached(G, *_codes()) == 1,
        "frames of one clip differ": not torch.equal(clips, clips[:, :1].expand_as(clips)),
        "one code makes one clip": torch.equal(G(*_codes()), clips),
    }


def _is_straight(network: nn.Module, given: Tensor) -> bool:
    """Whether an output is one affine map of (B, ...) up to what is applied to it at the end.

    Its slopes then point in one direction, wherever they are taken.
    """
    given = given.double().requires_grad_()
    outputs = reweighed(network)(given).reshape(len(given), -1)
    for place in (0, -1):
        (slopes,) = torch.autograd.grad(outputs[:, place].sum(), given, retain_graph=True)
        lengths = slopes.flatten(1).norm(dim=1)
        ways = slopes.flatten(1)[lengths > 0] / lengths[lengths > 0, None]
        if len(ways) and (ways @ ways[0]).abs().min() < 1 - 1e-9:
            return False
    return True


def _bends(network: nn.Module, given: Tensor) -> str:
    if is_affine(network, given):
        return "no, it is one affine map"
    return "only behind its last layer" if _is_straight(network, given) else "yes"


def _what_d_can_say(build) -> dict:
    D, clips = build(**_SIZES)[1], _normal(16, 4, 3, 6, 6)
    many = range(16)  # draws of the weights: the bias of one could hide one end
    said = [reweighed(D, scale=30.0, seed=n, dtype=torch.float32)(30 * clips) for n in many]
    scores, D = torch.cat(said), reweighed(D, dtype=torch.float32)
    return {
        "bends": _bends(D, clips),
        "scores below 0": bool(scores.min() < 0),
        "scores far below 0": bool(scores.min() < -20),
        "scores far above 0": bool(scores.max() > 20),
        "every frame counts": _frames_that_count(D.float().eval(), clips) == clips.shape[1],
        "a score is its own clip's": torch.allclose(D(clips[:3]), D(clips)[:3], atol=1e-5),
    }


@torch.no_grad()
def _frames_that_count(D: nn.Module, clips: Tensor) -> int:
    """How many frames of clips (B, T, C, H, W) move some score when they go black."""
    scores, count = D(clips), 0
    for frame in range(clips.shape[1]):
        darker = clips.clone()
        darker[:, frame] = -1
        count += not torch.equal(D(darker), scores)
    return count


# fmt: off
REPAIR_THE_PLAYERS = Exercise(
    name="repair_the_players",
    number="4.10",
    minutes=12,
    difficulty="medium",
    importance="extra",
    contract=(
        "Return two modules, G and D, built for the sizes you are given by keyword.",
        "G: codes `(B, latent_dim)` -> clips `(B, n_frames, 3, frame_size, frame_size)`. Every "
        "number of the code reaches every pixel, the frames of a clip differ, and the same code "
        "makes the same clip.",
        "Pixels fill [-1, 1] and never leave it: that is the range of the data.",
        "D: clips -> one logit for each, (B,), any real number: the sigmoid is in the losses. "
        "Every frame of a clip counts, and no other clip does.",
        "Neither player is one affine map, not even up to what is applied to it at the end.",
        "A larger `width` makes both networks larger.",
    ),
    reference=mended.build_players,
    stub=as_published(
        published.build_players,
        "my_repair_the_players",
        "Mend these players: G takes a picture of noise and makes pictures of one pixel.",
    ),
    cases=(  # situation, what is seen, by hand, where to look, kind
        Case("a code in, a clip out, a score for each clip", _shapes, ((2, 4, 3, 6, 6), (2,)),
             "Two codes of 5 numbers; clips of 4 frames, 6x6, three colours; two scores.", "axes"),
        Case("every number of the code reaches every pixel", _what_a_code_reaches,
             {"a number of the code moves every pixel": True, "frames of one clip differ": True, "one code makes one clip": True},
             "Which kind of layer connects everything with everything? The code alone decides: no noise is drawn inside.", "architecture"),
        range_is_reached(lambda build: build(**_SIZES)[0], _codes, -1, 1),
        Case("G bends, and not only at its last squashing", lambda build: _bends(_players(build)[0], *_codes()), "yes",
             "Layers without an activation between them are one layer.", "architecture"),
        Case("D bends, and its scores are any real numbers", _what_d_can_say,
             {"bends": "yes", "scores below 0": True, "scores far below 0": True, "scores far above 0": True, "every frame counts": True, "a score is its own clip's": True},
             "Between D's layers something is missing; behind its last, one is too many. D looks at one whole clip.", "architecture"),
        option_has_effect(lambda build: build(**_SIZES), lambda build: build(**_SIZES | {"width": 20}), "width"),
    ),
    hints=(
        "A video is a block of n_frames * 3 * frame_size * frame_size numbers. Forget the "
        "convolutions for now: lesson 05 is about them.",
        "Both players can be `nn.Sequential`s of two linear layers with an activation between "
        "them; G ends in the range of the data, D in one number.",
        "G: Linear, ReLU, Linear, Tanh, `nn.Unflatten(1, (...))`. D: Flatten, Linear, ReLU, "
        "Linear, `nn.Flatten(0)`.",
    ),
    mistakes=(  # name, edits of the reference, diagnosis, kind
        Mistake("frames of one pixel", {"(width, n_pixels)": "(width, n_frames * 3)", "(1, clip_shape)": "(1, (n_frames, 3, 1, 1))"},
                "The frames are 1x1: nothing in G makes a picture larger again.", "axes"),
        Mistake("no time axis", {"clip_shape = (n_frames, 3": "clip_shape = (3", "n_pixels = n_frames * 3": "n_pixels = 3"},
                "This G makes single frames: ask for all frames of a clip at once.", "axes"),
        Mistake("channels before time", {"clip_shape = (n_frames, 3": "clip_shape = (3, n_frames"},
                "Clips are (B, T, C, H, W): time comes before the colours.", "axes"),
        Mistake("a column of scores", {"nn.Flatten(0),": ""},
                "D's scores are (B, 1), and a loss may spread them over (B, B): flatten them to (B,).", "axes"),
        Mistake("no fully connected layer",  # the code as a strip of pixels, enlarged; convolutions see neighbours only
                {"nn.Linear(latent_dim, width)":
                     "nn.Unflatten(1, (1, 1, -1)), nn.Upsample((frame_size, frame_size)), nn.Conv2d(1, width, 3, padding=1)",
                 "nn.Linear(width, n_pixels)": "nn.Conv2d(width, n_frames * 3, 3, padding=1)", "(1, clip_shape)": "(1, (n_frames, 3))"},
                "The code is laid out as a picture and a pixel sees its neighbourhood only: let a "
                "linear layer connect each number of the code with everything.", "architecture"),
        Mistake("one frame shown again and again",  # one frame as a row of pixels, stretched over time
                {"(width, n_pixels)": "(width, n_pixels // n_frames)",
                 "nn.Tanh()": "nn.Tanh(), nn.Unflatten(1, (1, 1, -1)), nn.Upsample((n_frames, n_pixels // n_frames)), nn.Flatten()"},
                "All frames of a clip are one and the same: a time axis along which nothing happens.", "architecture"),
        Mistake("no tanh", {"nn.Tanh(),": ""},
                "The pixels are unbounded, the data's lie in [-1, 1]: D needs no more than that to tell them apart.", "architecture"),
        Mistake("sigmoid for tanh", {"nn.Tanh()": "nn.Sigmoid()"},
                "The pixels lie in [0, 1]: half of the data's range is never reached.", "architecture"),
        Mistake("no activation in G", {"nn.ReLU(),\n        nn.Linear(width, n_pixels)": "nn.Linear(width, n_pixels)"},
                "G's two linear layers are one: put an activation between them.", "architecture"),
        Mistake("no activation in D", {"nn.ReLU(),\n        nn.Linear(width, 1)": "nn.Linear(width, 1)"},
                "D is affine: it can only cut with a straight plane; put an activation between its layers.", "architecture"),
        Mistake("sigmoid left on D", {"nn.Flatten(0)": "nn.Sigmoid(), nn.Flatten(0)"},
                "D returns probabilities, and the losses take a sigmoid of them again: return logits.", "architecture"),
        Mistake("tanh on D", {"nn.Flatten(0)": "nn.Tanh(), nn.Flatten(0)"},
                "D's scores end at -1 and 1, and a logit may be any number: leave the last layer linear.", "architecture"),
        Mistake("activation behind D's last layer",
                {"nn.ReLU(),\n        nn.Linear(width, 1),": "nn.Linear(width, 1),\n        nn.LeakyReLU(0.2),"},
                "D's two linear layers are still one, for the activation comes after them: it belongs between.", "architecture"),
        Mistake("a G that draws its own noise", {"nn.Linear(latent_dim, width),": "nn.Linear(latent_dim, width), nn.Dropout(0.5),"},
                "G draws random numbers inside: the same code makes another clip each time, and z no longer decides.", "architecture"),
        Mistake("width reaches G alone", {"(n_pixels, width)": "(n_pixels, 8)", "(width, 1)": "(8, 1)"},
                "D has one size whatever `width` says: both networks have to grow with it.", "architecture"),
        Mistake("width ignored", {"clip_shape = (": "width = 8\n    clip_shape = ("},
                "The networks have one size whatever `width` says.", "architecture"),
    ),
)
