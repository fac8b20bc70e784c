"""5.6: a pair of networks for the published frame size, 100x100 in three colours."""

import torch
from torch import Tensor, nn

from vgan_lessons.article import frames
from vgan_lessons.article.probing import is_affine, reweighed, share_reached
from vgan_lessons.checking import Case, Exercise, Mistake
from vgan_lessons.checking.architecture import (
    gradient_arrives,
    option_has_effect,
    range_is_reached,
)
from vgan_lessons.checking.steadiness import modes_agree, samples_stay_apart

_SMALL = {"frame_size": 20, "latent_dim": 4, "width": 2}
_FULL = {"frame_size": 100, "latent_dim": 32, "width": 8}
_MOST = 400_000  # parameters of both at the full size


def _latents(n: int = 6, latent_dim: int = 4) -> Tensor:
    return torch.randn(n, latent_dim, generator=torch.Generator().manual_seed(n))


def _frames(n: int = 4, size: int = 20) -> Tensor:
    return torch.rand(n, 3, size, size, generator=torch.Generator().manual_seed(n)) * 2 - 1


def _g(build) -> nn.Module:
    return build(**_SMALL)[0]


def _d(build) -> nn.Module:
    return build(**_SMALL)[1]


def _shapes(build) -> tuple:
    """At the full size, and of one sample at another one."""
    (G, D), (small_g, small_d) = build(**_FULL), build(**_SMALL | {"frame_size": 37})
    pairs = (
        (G, _latents(2, 32)),
        (D, _frames(2, 100)),
        (small_g, _latents(1)),
        (small_d, _frames(1, 37)),
    )
    return tuple(tuple(player(given).shape) for player, given in pairs)


def _fits(build) -> dict[str, bool]:
    """The pair at the full size, and G at the small one, pixel by pixel."""
    n_parameters = sum(w.numel() for player in build(**_FULL) for w in player.parameters())
    return {
        "every number of a latent reaches every pixel": share_reached(_g(build), _latents())
        == 1,
        f"at most {_MOST:,} parameters": n_parameters <= _MOST,
    }


def _affine(build) -> dict[str, bool]:
    G, D = (reweighed(player) for player in build(**_SMALL))
    return {"G": is_affine(G, _latents().double()), "D": is_affine(D, _frames().double())}


def _what_d_can_say(build) -> dict[str, bool]:
    D, scores = _d(build), []
    for seed in range(8):
        reweighed(D, scale=3.0, seed=seed, dtype=torch.float32)
        scores.append(D(_frames()).detach().flatten())
    scores = torch.cat(scores)
    return {"below 0": bool(scores.min() < 0), "above 1": bool(scores.max() > 1)}


# what the mistakes exchange in the reference
_PAIR = "return nn.Sequential(*painting), nn.Sequential(*scoring)"
_RAISE = "nn.ConvTranspose2d(2 * n_out, n_out, 4, stride=2, padding=1)"

# fmt: off
ARTICLE_FRAMES = Exercise(
    name="article_frames",
    number="5.6",
    minutes=14,
    difficulty="hard",
    contract=(
        "Return two modules, G and D, built for the sizes you are given by keyword: `frame_size`, "
        "`latent_dim` and width. `frame_size` is 100 or another number from 16 on.",
        "G: latents `(B, latent_dim)` -> frames `(B, 3, frame_size, frame_size)`. Every number of a "
        "latent reaches every pixel.",
        "Pixels fill [-1, 1] and never leave it: that is the range of the data.",
        "D: frames -> one logit for each, (B,), any real number. A gradient from it reaches every "
        "pixel and every parameter of D.",
        "Neither is one affine map, not even up to its last tanh.",
        "Both do the same in train() and in eval(), call after call, and nothing that one sample "
        "becomes depends on the others.",
        "At `frame_size` 100, `latent_dim` 32 and width 8 both together have at most 400,000 parameters.",
        "A larger `width` makes both networks larger.",
    ),
    reference=frames.build_frame_players,
    cases=(
        Case("frames of 100x100 and of 37x37, a logit for each frame", _shapes, ((2, 3, 100, 100), (2,), (1, 3, 37, 37), (1,)),
             "100 is no power of two: 7 doubled four times is 112, of which the middle can be kept; 25 doubled twice is 100.", "axes"),
        Case("a whole frame within the budget", _fits, {"every number of a latent reaches every pixel": True, f"at most {_MOST:,} parameters": True},
             "A dense layer at the beginning, where the picture is small, and convolutions from there on.", "architecture"),
        range_is_reached(_g, lambda: (_latents(2),), -1, 1),
        gradient_arrives(_d, lambda: (_frames(),)),
        Case("one affine map", _affine, {"G": False, "D": False}, "Layers without an activation between them are one layer.", "architecture"),
        Case("D's scores are any real numbers", _what_d_can_say, {"below 0": True, "above 1": True}, "Look at D's last layer.", "architecture"),
        modes_agree(_g, lambda: (_latents(),)),
        samples_stay_apart(_d, lambda: (_frames(),), "frame"),
        option_has_effect(lambda build: build(**_SMALL), lambda build: build(**_SMALL | {"width": 5}), "width"),
    ),
    hints=(
        "You wrote both networks today, for powers of two. What is left is to get to 100: which small "
        "square, doubled a few times, gives 100, or more than 100?",
        "Round up: `side = -(-frame_size // 16)` doubled four times is at least frame_size; cut the rest "
        "off before the tanh. D's convolutions (4, 2, 1) halve any size, rounding down: after four, "
        "`frame_size // 16` is left.",
        "G: Linear to `8 * width * side ** 2`, Unflatten, then (GroupNorm, ReLU, ConvTranspose2d) four times "
        "down to 3 channels, crop, Tanh. D: four (Conv2d, ReLU), Flatten, Linear to 1, Flatten(0). Cropping "
        "wants a small module of its own, or `nn.AdaptiveAvgPool2d(frame_size)` in its place.",
    ),
    mistakes=(
        Mistake("112 pixels", {"painting += [_Cropped(frame_size), nn.Tanh()]": "painting += [nn.Tanh()]"},
                "The frames are larger than asked: cut the rest off, or begin with a square that doubles to frame_size.", "axes"),
        Mistake("rounded down", {"-(-frame_size // 16)": "frame_size // 16"},
                "6 doubled four times is 96: round the first square up, then cut.", "axes"),
        Mistake("halvings where doublings belong", {_RAISE: "nn.Conv2d(2 * n_out, n_out, 4, stride=2, padding=1)",
                                                    "side, most = -(-frame_size // 16)": "side, most = 16"},
                "As in the article, a strided convolution makes the picture smaller: G needs transposed ones.", "axes"),
        Mistake("a column of scores", {", nn.Flatten(0)]": "]"},
                "D's scores are (B, 1), and a loss may spread them over (B, B): flatten them to (B,).", "axes"),
        Mistake("too many parameters", {_PAIR: "pixels = 3 * frame_size**2\n    G = nn.Sequential(nn.Linear(latent_dim, width), nn.ReLU(), nn.Linear(width, pixels), nn.Tanh(), nn.Unflatten(1, (3, frame_size, frame_size)))\n    D = nn.Sequential(nn.Flatten(), nn.Linear(pixels, width), nn.ReLU(), nn.Linear(width, 1), nn.Flatten(0))\n    return G, D"},
                "Both networks together are over the budget. What costs: a layer that is dense up to the last pixel, or channels that double at every stage (stop at 8 * width).", "architecture"),
        Mistake("no tanh", {"_Cropped(frame_size), nn.Tanh()": "_Cropped(frame_size)"},
                "The pixels are unbounded, the data's lie in [-1, 1].", "architecture"),
        Mistake("sigmoid for tanh", {"nn.Tanh()": "nn.Sigmoid()"},
                "The pixels lie in [0, 1]: half of the data's range is never reached.", "architecture"),
        Mistake("one pixel painted over the frame", {"_Cropped(frame_size), nn.Tanh()": "nn.AdaptiveAvgPool2d(1), nn.Upsample((frame_size, frame_size)), nn.Tanh()", "nn.GroupNorm(1, width), nn.ReLU()": "nn.Dropout(0.5), nn.ReLU()"},
                "One colour fills the frame, and dropout draws it anew at each call.", "architecture"),
        Mistake("batch norm in G", {"nn.GroupNorm(1, 2 * n_out)": "nn.BatchNorm2d(2 * n_out)"},
                "Batch norm in G behaves one way in train() and another in eval().", "architecture"),
        Mistake("a D that looks along the batch", {"scoring += [nn.Flatten()": "scoring += [nn.BatchNorm2d(most, track_running_stats=False), nn.Flatten()"},
                "Batch norm in D scores a frame by the company it is in.", "architecture"),
        Mistake("pixels that D jumps over", {"nn.Conv2d(n_in, n_out, 4, stride=2, padding=1)": "nn.Conv2d(n_in, n_out, 1, stride=2)", "(frame_size // 16) ** 2": "(-(-frame_size // 16)) ** 2"},
                "Kernels narrower than their stride jump over pixels: G can put there what it likes.", "architecture"),
        Mistake("no activation in D", {"stride=2, padding=1), nn.ReLU()]\n        n_in": "stride=2, padding=1)]\n        n_in"},
                "D is affine, as in the article: put an activation between its layers.", "architecture"),
        Mistake("sigmoid left on D", {"nn.Flatten(0)]": "nn.Flatten(0), nn.Sigmoid()]"},
                "D returns probabilities, and the losses take a sigmoid of them again: return logits.", "architecture"),
        Mistake("width reaches G alone", {"for n_out in (width, 2 * width, 4 * width, most):": "for n_out in (8, 16, 32, 64):", "nn.Linear(most * (frame_size": "nn.Linear(64 * (frame_size"},
                "D has one size whatever `width` says: both networks have to grow with it.", "architecture"),
        Mistake("always 100 pixels", {"side, most = -(-frame_size // 16)": "frame_size = 100\n    side, most = -(-frame_size // 16)"},
                "The pair is built for 100x100 whatever `frame_size` says.", "axes"),
        Mistake("D before G", {_PAIR: "return nn.Sequential(*scoring), nn.Sequential(*painting)"},
                "G comes first, then D: here a latent goes into D.", "axes"),
        Mistake("width ignored", {"side, most = -(-frame_size // 16)": "width = 8\n    side, most = -(-frame_size // 16)"},
                "Both networks have one size whatever `width` says.", "architecture"),
    ),
)
