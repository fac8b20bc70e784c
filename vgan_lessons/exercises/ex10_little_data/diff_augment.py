"""10.2: clips altered by one draw each."""

import torch
from torch import Tensor

from vgan_lessons import augment
from vgan_lessons.checking import Case, Draw, Exercise, Mistake
from vgan_lessons.exercises.refusals import what_is_raised


def _rng(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def _stills(answer) -> dict[str, bool]:
    """Six stills of one picture, each repeated seven times."""
    picture = torch.rand(1, 1, 3, 8, 12, generator=_rng(1)) - 0.5
    altered = answer(picture.expand(6, 7, -1, -1, -1), 1.0, _rng())
    pairs = [(altered[i] - altered[j]).abs().max() > 0.01 for i in range(6) for j in range(i)]
    return {
        "a still stays a still": bool((altered - altered[:, :1]).abs().max() < 1e-5),
        "two clips are altered alike": not all(pairs),
    }


def _unaltered(answer) -> Tensor:
    clips = torch.rand(5, 2, 3, 8, 8, generator=_rng(2)) - 0.5
    return (answer(clips, 0.0, _rng()) - clips).abs().max()


def _coins(answer) -> dict[str, float]:
    """500 grey clips at 0.3: how many have another light, and what else they have with it."""
    altered = answer(torch.full((500, 1, 3, 8, 8), 0.6), 0.3, _rng(5)).flatten(1)
    light = altered.max(1).values
    holes = altered.unflatten(1, (3, 8, 8))[:, 0, 3, 3] == 0  # in the middle: one in four
    other = (light - 0.6).abs() > 1e-3
    rows = altered.unflatten(1, (3, 8, 8))[:, 0].abs().amax(2) == 0
    moved = rows[:, 0] | rows[:, -1]  # no hole is 8 wide
    return {
        "other light": round(other.double().mean().item(), 1),
        "both": round((other & holes).double().mean().item(), 2),
        "moved, no other light": round((~other & moved).double().mean().item(), 1),
        "moved, with a hole": round((moved & holes).double().mean().item(), 2),
        "darkest": round(light.min().item(), 1),
        "lightest": round(light.max().item(), 1),
    }


def _colours(answer) -> dict[str, float]:
    """What became of two even frames, in units of what the draws of the contract ask for.

    A median over a frame sees neither the hole nor what came in from outside.
    """
    clip = torch.tensor([[0.4, 0.2, 0.0], [0.8, 0.4, 0.0]]).view(1, 2, 3, 1, 1)
    bright, saturation, contrast = torch.rand(10, 1, generator=_rng(8))[3:6, 0].tolist()
    altered = answer(clip.expand(-1, -1, -1, 16, 16), 1.0, _rng(8))[0].flatten(2)
    seen = altered.median(2).values  # frame by channel
    darker, lighter = seen.mean(1)
    return {
        "brightness": float(seen.mean() - 0.3) / (bright - 0.5),
        "contrast": float(lighter - darker) / (0.2 * (contrast + 0.5)),
        "contrast and colour": float(seen[0, 0] - seen[0, 2])
        / (0.4 * (contrast + 0.5) * 2 * saturation),
    }


def _of_colours(seen: dict[str, float]) -> tuple[str, str] | None:
    """Which of the three is off, if it is one alone."""
    brightness, contrast, colour = (abs(ratio - 1) < 1e-3 for ratio in seen.values())
    if abs(seen["brightness"]) < 1e-3:
        said = "heads is a draw below probability, so all are."
        return "no light at probability 1", f"The brightness does not move: {said}"
    if contrast and colour:
        return "another brightness", "Brightness alone is off: it moves by (2u - 1) / 2, row 3."
    if brightness and contrast:
        return "another saturation", "Saturation alone is off: its factor is 2u, row 4."
    if brightness and abs(seen["contrast"] / seen["contrast and colour"] - 1) < 1e-3:
        return "another contrast", "Contrast alone is off: its factor is 1/2 + u, row 5."
    return None


def _grey_places(answer) -> dict[str, int]:
    """How many even clips of two sizes are 0 at other places at probability 1 than asked for."""
    sides = [_wrong_places(answer, *size) for size in ((8, 20), (20, 8))]
    return {name: sum(side[name] for side in sides) for name in sides[0]}


def _wrong_places(answer, H: int, W: int) -> dict[str, int]:
    altered = answer(torch.full((30, 2, 3, H, W), 0.6), 1.0, _rng(9))
    down, right, top, left = torch.rand(10, 30, generator=_rng(9))[6:]
    wrong = {"moved down": 0, "moved right": 0, "hole": 0}
    for b in range(30):
        zero = (altered[b] == 0).all(1).all(0)
        by = [round(float(2 * u[b] - 1) * n / 8) for u, n in ((down, H), (right, W))]
        moved = _emptied(zero.all(1)), _emptied(zero.all(0))  # no hole is as wide as a clip
        wrong["moved down"] += moved[0] != by[0]
        wrong["moved right"] += moved[1] != by[1]
        hole = torch.zeros(H, W, dtype=torch.bool)
        y, x = (int(u[b] * (n + 1)) - 2 for u, n in ((top, H), (left, W)))
        hole[max(0, y) : max(0, y + 4), max(0, x) : max(0, x + 4)] = True
        inside = ~(zero.all(1)[:, None] | zero.all(0))
        wrong["hole"] += not torch.equal(zero & inside, hole & inside)
    return wrong


def _emptied(lines: Tensor) -> int:
    """How many lines came in empty: at the beginning, or, below 0, at the end."""
    filled = (~lines).nonzero().flatten()
    if not len(filled):
        return len(lines)
    first, last = int(filled[0]), len(lines) - 1 - int(filled[-1])
    return first if first >= last else -last


def _of_places(seen: dict[str, int]) -> tuple[str, str] | None:
    """What is off: the shift, one direction of it, or the hole."""
    down, right, hole = (count > 0 for count in seen.values())
    if hole and not (down or right):
        said = "half of the smaller side; u (H + 1) or u (W + 1) rounded down, minus size // 2."
        return "another hole", f"Shifts are right and the hole is off: side {said}"
    if down and right:
        said = "(2u - 1) H / 8 down and (2u - 1) W / 8 right, rounded, of rows 6 and 7."
        return "another shift", f"The shift is off, down and right: {said}"
    if down:
        return "another way down", "The way down is off: (2u - 1) H / 8, rounded, of row 6."
    return "another way right", "The way right is off: (2u - 1) W / 8, rounded, of row 7."


def _of_coins(seen: dict[str, float]) -> tuple[str, str] | None:
    """What 500 clips show that are altered by coins."""
    if abs(seen["other light"] - 0.3) > 1e-6:
        share = seen["other light"]
        return "another share of heads", f"At probability 0.3 a share of {share:g} is brighter."
    if abs(seen["darkest"] - 0.1) + abs(seen["lightest"] - 1.1) > 0.01:
        what = "As many clips as should have another light, and not from 0.1 to 1.1"
        return "another amount for heads", f"{what}: a coin is 1 or 0."
    return None


def _gradient(answer) -> dict[str, float]:
    """How strongly a sum over altered clips depends on each of twelve clips."""
    clips = (torch.rand(12, 2, 3, 8, 8, generator=_rng(4)) - 0.5).requires_grad_()
    altered = answer(clips, 1.0, _rng(5))
    if not altered.requires_grad:
        return {"clips without a gradient": 12}
    altered.square().sum().backward()
    reached = clips.grad.flatten(1).abs().sum(1) > 0
    return {"clips without a gradient": int((~reached).sum())}


def _sources(answer) -> dict[str, bool]:
    clips = torch.rand(4, 2, 3, 8, 8, generator=_rng(6))
    first, again, other = (answer(clips, 1.0, _rng(seed)) for seed in (0, 0, 1))
    return {
        "same source, same alteration": torch.equal(first, again),
        "other source, other alteration": not torch.equal(first, other),
    }


def _unfit(answer) -> list[str]:
    clips = torch.zeros(1, 1, 3, 8, 8)
    calls = ((clips[0], 0.5, _rng()), (clips, -0.1, _rng()), (clips, 1.1, _rng()))
    return what_is_raised(answer, calls)


def _of_errors(seen: list[str]) -> tuple[str, str] | None:
    """Which other exception came, where one did."""
    other = [name for name in seen if name not in ("ValueError", "no error")]
    if not other:
        return None
    return "another exception", f"{other[0]} is raised where ValueError is asked for."


def _inputs(draw: Draw) -> dict:
    return {
        "clips": draw.uniform("B T 3 H W", -1.0, 1.0),
        "probability": draw.number(0.6, 1.0),
        "seed": int(draw.integers("", 0, 10_000)),
    }


def _called(answer, clips: Tensor, probability: float, seed: int) -> Tensor:
    return answer(clips, probability, _rng(seed))


_DRAWS = "draws = torch.rand(10, B, generator=rng, device=rng.device).to(clips.device)"
_COINS = "(draws[:3] < probability).to(draws)"
_BRIGHT = "colour * _BRIGHTNESS * (2 * bright - 1)"
_SATURATE = "1 + colour * (_between(*_SATURATION, saturation) - 1)"
_CONTRAST = "clips = scale_contrast(clips, 1 + colour * (_between(*_CONTRAST, contrast) - 1))"
_BY = "(shift * (2 * part - 1) * _SHIFT * n).round()"
_TRANSLATE = "clips = translate(clips, *(part.long() for part in by))"
_CORNER = "(part * (n + 1)).long() - size // 2"
_RETURN = "return cut_out(clips, *corner, size)"
_PLACES_FIRST = """size = (hole * _HOLE * min(H, W)).long()
    for_corner = [(part * (n + 1)).long() - size // 2 for part, n in zip((top, left), (H, W))]
    way = [(shift * (2 * part - 1) * n / 8).round().long() for part, n in zip((down, right), (H, W))]
    clips = cut_out(translate(clips, *way), *for_corner, size)
    clips = shift_brightness(clips, colour * (bright - 0.5))"""
_AXES = 'raise ValueError(f"clips must be (B, T, C, H, W), got {tuple(clips.shape)}")'
_SHARE = 'raise ValueError(f"probability must be from 0 to 1, got {probability}")'

# fmt: off
DIFF_AUGMENT = Exercise(
    name="diff_augment",
    number="10.2",
    minutes=15,
    difficulty="medium",
    contract=(
        "clips is (B, T, C, H, W). Anything else, or a probability outside [0, 1]: raise `ValueError`.",
        "Draw once: `torch.rand(10, B, generator=rng, device=rng.device)`; column b belongs to clip b, for all of its frames. Rows 0, 1 and 2 are coins, for colour, shift and "
        "hole: heads where the number is below probability. Rows 3 to 9 are u of brightness, saturation, contrast, down, right, top, left.",
        "Colour, for heads: `shift_brightness` by (2u - 1) / 2, then `scale_saturation` by 2u, then `scale_contrast` by 1/2 + u. For tails the amount is 0 and the factors are 1.",
        "Then the shift, for heads: `translate` by (2u - 1) H / 8 rows down and (2u - 1) W / 8 columns right, rounded (`.round().long()`). For tails by 0.",
        "Then the hole, for heads: `cut_out` of side `size`, half of the smaller of H and W, rounded down; its top is u (H + 1), rounded down, minus size // 2, its left the same with W. For tails `size` is 0, and place it where you like.",
        "Return the altered clips, not clamped, with their gradient. Nothing but rng decides what is drawn.",
    ),
    reference=augment.diff_augment,
    inputs=_inputs,
    call=_called,
    sizes={"B": (3, 1, 4), "T": (2, 3, 1), "H": (8, 11, 9), "W": (12, 9, 8)},
    cases=(
        Case("the random source", _sources, {"same source, same alteration": True, "other source, other alteration": True},
             "Every draw names `generator=rng`.", "dtype/device/seed"),
        Case("stills", _stills, {"a still stays a still": True, "two clips are altered alike": False},
             "One column of draws a clip: every frame of it gets the same numbers, and the next clip others."),
        # mean 0.3, frames 0.2 apart in grey, red and blue 0.4 apart
        Case("colours at probability 1", _colours, {"brightness": 1.0, "contrast": 1.0, "contrast and colour": 1.0},
             "Two even frames: the mean moves by (2u - 1) / 2, their greys part by 1/2 + u, red and blue of a frame by that times 2u.", tolerance=1e-3, tells=_of_colours),
        # of 8 x 20: a shift of at most 1 row and 2 columns, a hole of 4 x 4
        Case("places at probability 1", _grey_places, {"moved down": 0, "moved right": 0, "hole": 0},
             "Counted are clips with a fault. Even clips of 8 x 20 are 0 where grey came in, by at most 1 row and 2 columns, and in a hole of 4 x 4 around (u (H + 1), u (W + 1)), which does not move.", tells=_of_places),
        Case("probability 0", _unaltered, 0.0, "All coins fall tails: amount 0, factors 1, no shift, a hole of side 0."),
        # light is 0.6 + (2u - 1) / 2 for three in ten; 0.3 * 0.3 of the clips have a hole besides, and
        # (4/9)^2 of the holes lie over pixel (3, 3); half of the shifts are rounded to a row,
        # so 0.15 are moved, 0.7 * 0.15 of all in their old light, 0.15 * 0.3 * 0.2 with a hole
        Case("three coins", _coins, {"other light": 0.3, "both": 0.02, "moved, no other light": 0.1, "moved, with a hole": 0.01, "darkest": 0.1, "lightest": 1.1},
             "Of 500 clips of grey 0.6, 30 % get another light, from 0.1 to 1.1, and of these 30 % a hole, one in five of them over pixel (3, 3): each coin falls by itself.", tolerance=0.02, tells=_of_coins),
        Case("the gradient", _gradient, {"clips without a gradient": 0}, "No clamping, no `.data`, no numpy: G learns through what comes back.", "gradients"),
        Case("what does not fit", _unfit, ("ValueError",) * 3, "Four axes, or a probability of -0.1 or 1.1: raise ValueError.", "side effects", tells=_of_errors),
    ),
    hints=(
        "A coin times an amount is an amount of 0 for tails. For a factor that has to be 1 for tails, the coin goes before its distance from 1.",
        "`coins = (draws[:3] < probability).float()`; brightness gets `coins[0] * (2 * draws[3] - 1) / 2`, saturation `1 + coins[0] * (2 * draws[4] - 1)`; the five functions take one number a clip, (B,).",
        "down = (coins[1] * (2 * draws[6] - 1) * H / 8).round().long(); size = (coins[2] * (min(H, W) // 2)).long(); top = (draws[8] * (H + 1)).long() - size // 2; return cut_out(translate(clips, down, right), top, left, size).",
    ),
    mistakes=(
        Mistake("one draw for all clips", {_DRAWS: "draws = torch.rand(10, 1, generator=rng, device=rng.device).expand(10, B).to(clips.device)"},
                "All clips of the batch are altered alike: draw one column for each."),
        Mistake("one coin for all three", {_COINS: "(draws[:1].expand(3, B) < probability).to(draws)"},
                "One coin decides over colour, shift and hole: each has a coin of its own."),
        Mistake("coins turned round", {_COINS: "(draws[:3] > probability).to(draws)"},
                "A coin is heads above the probability: probability 0 alters everything."),
        Mistake("always heads", {_COINS: "torch.ones_like(draws[:3])"}, "Every clip is altered whatever the probability."),
        Mistake("brightness without a sign", {_BRIGHT: "colour * _BRIGHTNESS * bright"}, "Light is only ever added: 2u - 1 runs from -1 to 1."),
        Mistake("brightness twice as strong", {_BRIGHT: "colour * (2 * bright - 1)"}, "Brightness moves by up to 1: half of that."),
        Mistake("grey for tails", {_SATURATE: "colour * _between(*_SATURATION, saturation)"}, "Clips that fell tails lose their colours: a factor that changes nothing is 1, not 0."),
        Mistake("a flat picture for tails", {_CONTRAST: "clips = scale_contrast(clips, colour * _between(*_CONTRAST, contrast))"}, "Clips that fell tails lose their contrast: a factor that changes nothing is 1, not 0."),
        Mistake("contrast left out", {_CONTRAST: "pass"}, "Contrast is never scaled."),
        Mistake("saturation left out", {f"clips = scale_saturation(clips, {_SATURATE})": "pass"}, "Saturation is never scaled."),
        Mistake("brightness left out", {f"clips = shift_brightness(clips, {_BRIGHT})": "pass"}, "Brightness is never moved."),
        Mistake("shifts one way only", {_BY: "(shift * part * _SHIFT * n).round()"}, "Clips move down and right only: 2u - 1 runs from -1 to 1."),
        Mistake("shifts cut off, not rounded", {_BY: "(shift * (2 * part - 1) * _SHIFT * n)"}, "The shift is cut off towards 0: round it, then make it int64."),
        Mistake("down and right exchanged", {"((down, H), (right, W))": "((right, H), (down, W))"}, "Row 7 moves down and row 6 right: it is the other way round.", "axes"),
        Mistake("no shift", {_TRANSLATE: "pass"}, "Clips are never moved."),
        Mistake("no hole", {_RETURN: "return clips"}, "No hole is ever cut."),
        Mistake("holes counted from their corner", {_CORNER: "(part * (n + 1)).long()"}, "u says where the middle of the hole lies: take off size // 2."),
        Mistake("the hole before the shift", {_TRANSLATE: "pass", _RETURN: "return translate(cut_out(clips, *corner, size), *(part.long() for part in by))"},
                "The hole is cut before the clip moves: shift first."),
        Mistake("clamped", {_RETURN: _RETURN + ".clamp(-1, 1)"}, "The result is clamped to [-1, 1]: that cuts the gradient where light was added.", "gradients"),
        Mistake("cut off from the graph", {_RETURN: _RETURN + ".detach()"}, "The result has no gradient: G could not learn through it.", "gradients"),
        Mistake("the global source", {"generator=rng, ": ""}, "Draws come from torch's global source: pass `generator=rng`.", "dtype/device/seed"),
        Mistake("a frame at a time", {_RETURN: "return torch.stack([cut_out(clips, corner[0] + t, corner[1], size)[:, t] for t in range(clips.shape[1])], 1)"},
                "The hole wanders from frame to frame: one place for all frames of a clip."),
        Mistake("a row a clip", {_DRAWS: "draws = torch.rand(B, 10, generator=rng, device=rng.device).T.to(clips.device)"}, "Draws come as (B, 10) and are turned round: (10, B) gives each clip other numbers."),
        Mistake("normal draws", {"torch.rand(": "torch.randn("}, "Draws are normal: u is even from 0 to 1, `torch.rand`."),
        Mistake("u from the coins' rows", {"draws[3:]": "draws[:7]"}, "u begins at row 3: rows 0, 1 and 2 are the coins.", "axes"),
        Mistake("probability for a coin", {_COINS: "torch.full_like(draws[:3], probability)"}, "Every clip is altered a little, by a share of probability: a coin is 1 or 0."),
        Mistake("brightness and saturation exchanged", {"bright, saturation, contrast,": "saturation, bright, contrast,"}, "Row 3 is brightness and row 4 saturation.", "axes"),
        Mistake("saturation and contrast exchanged", {"bright, saturation, contrast,": "bright, contrast, saturation,"}, "Row 4 is saturation and row 5 contrast.", "axes"),
        Mistake("contrast about 0", {_CONTRAST: "clips = clips * (1 + colour * (contrast - 0.5)).view(-1, 1, 1, 1, 1)"}, "Contrast multiplies the clip: it goes about the clip's mean, which stays."),
        Mistake("contrast of each frame", {_CONTRAST: "clips = torch.stack([scale_contrast(clips[:, [t]], 1 + colour * (contrast - 0.5))[:, 0] for t in range(clips.shape[1])], 1)"}, "Contrast goes about the mean of each frame: films that get lighter would not."),
        Mistake("contrast about the batch's mean", {_CONTRAST: "clips = clips.mean() + (clips - clips.mean()) * (1 + colour * (contrast - 0.5)).view(-1, 1, 1, 1, 1)"}, "Contrast goes about the mean of the whole batch: each clip has its own."),
        Mistake("saturation about a colour's mean", {f"clips = scale_saturation(clips, {_SATURATE})": "clips = clips.mean((1, 3, 4), keepdim=True) + (clips - clips.mean((1, 3, 4), keepdim=True)) * (1 + colour * (2 * saturation - 1)).view(-1, 1, 1, 1, 1)"}, "Saturation goes about the mean over pixels: it goes about the grey of each pixel, its mean over colours."),
        Mistake("places before colours", {f"clips = shift_brightness(clips, {_BRIGHT})": _PLACES_FIRST, _TRANSLATE: "pass", _RETURN: "return clips"}, "Shift and hole come first, so the grey that they leave is coloured, too: colour comes first."),
        Mistake("up and left", {_BY: "(shift * (1 - 2 * part) * _SHIFT * n).round()"}, "The shift goes up and left: (2u - 1) down and right."),
        Mistake("height and width exchanged in the shift", {"((down, H), (right, W))": "((down, W), (right, H))"}, "The way down is a share of H, the way right one of W.", "axes"),
        Mistake("one side for both shifts", {"((down, H), (right, W))": "((down, H), (right, H))"}, "Both shifts are a share of H: the way right is one of W.", "axes"),
        Mistake("an eighth rounded down", {_BY: "(shift * (2 * part - 1) * (n // 8)).round()"}, "An eighth of the side is rounded down before it is multiplied: round once, at the end."),
        Mistake("shifts rounded down", {".round() for": ".floor() for"}, "The shift is rounded down: that moves more clips up and left than down and right."),
        Mistake("shifts twice as far", {"* _SHIFT * n": "* 2 * _SHIFT * n"}, "The shift is up to a quarter of the side: an eighth."),
        Mistake("the shift by the coin of colour", {"(shift *": "(colour *"}, "The coin of colour decides over the shift: that one is row 1."),
        Mistake("what leaves comes in again", {_TRANSLATE: "clips = torch.stack([clip.roll((int(y), int(x)), (-2, -1)) for clip, y, x in zip(clips, *by)])"}, "What leaves on one side comes in on the other: `translate` fills with grey."),
        Mistake("half of the larger side", {"min(H, W)": "max(H, W)"}, "The hole is half of the larger side: of the smaller one."),
        Mistake("half of the height", {"min(H, W)": "H"}, "The hole is half of the height: of the smaller of H and W."),
        Mistake("half of the width", {"min(H, W)": "W"}, "The hole is half of the width: of the smaller of H and W."),
        Mistake("a quarter of the side", {"_HOLE * min": "0.5 * _HOLE * min"}, "The hole is a quarter of the side: half of it."),
        Mistake("the hole by the coin of the shift", {"(hole *": "(shift *"}, "The coin of the shift decides over the hole: that one is row 2."),
        Mistake("holes rounded to the nearest", {_CORNER: "(part * (n + 1)).round().long() - size // 2"}, "The place of the hole is rounded to the nearest: u (H + 1) is rounded down."),
        Mistake("no hole in the last row", {_CORNER: "(part * n).long() - size // 2"}, "The place is u H, not u (H + 1)."),
        Mistake("holes kept inside", {_CORNER: "(part * (n - size + 1)).long()"}, "Holes lie wholly inside: here their middle may lie anywhere, from 0 to H."),
        Mistake("top and left exchanged", {"((top, H), (left, W))": "((left, H), (top, W))"}, "Row 8 is the top and row 9 the left: it is the other way round.", "axes"),
        Mistake("height and width exchanged in the hole", {"((top, H), (left, W))": "((top, W), (left, H))"}, "The top is a share of H + 1, the left one of W + 1.", "axes"),
        Mistake("four axes let through", {_AXES: "clips = clips[None]"}, "(T, C, H, W) is let through: raise ValueError.", "side effects"),
        Mistake("any probability", {_SHARE: "pass"}, "A probability outside [0, 1] is let through: raise ValueError.", "side effects"),
    ),
)
