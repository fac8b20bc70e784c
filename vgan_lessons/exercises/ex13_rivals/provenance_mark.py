"""13.5: bits that say who made a clip."""

from functools import cache

import torch
from torch import Tensor

from vgan_lessons.checking import Case, Exercise, Mistake
from vgan_lessons.datasets import draw_shapes
from vgan_lessons.evaluation import provenance
from vgan_lessons.layout import from_uint8, to_uint8

_N, _K, _KEY = 32, 16, 7
_FEW = 12  # clips that are encoded anew


@cache
def _clips_and_bits() -> tuple[Tensor, Tensor]:
    rng = torch.Generator().manual_seed(3)
    clips = from_uint8(draw_shapes(_N, rng=rng).frames).unflatten(0, (_N, 16))
    return clips, torch.randint(2, (_N, _K), generator=rng)


def _share(read: Tensor, bits: Tensor) -> float:
    """Of bits that come back right; 0 where they are not bits or not in that shape."""
    if tuple(read.shape) != tuple(bits.shape):
        return 0.0
    return round((read.long() == bits).double().mean().item(), 3)


def _marked(answer, n: int = _N) -> Tensor:
    clips, bits = _clips_and_bits()
    return answer(_KEY).embed(clips[:n].clone(), bits[:n].clone())


def _as_bytes(answer) -> dict[str, float]:
    """Another instance of the same key reads what bytes keep of the marked clips."""
    bits, made = _clips_and_bits()[1], from_uint8(to_uint8(_marked(answer)))
    few = answer(_KEY).read(made[:5], _K)
    return {"all": _share(answer(_KEY).read(made, _K), bits), "five": _share(few, bits[:5])}


def _on_its_way(answer) -> float:
    rng = torch.Generator().manual_seed(4)
    made = provenance.reencode(_marked(answer, _FEW), quality=50, grain=0.02, rng=rng)
    return _share(answer(_KEY).read(made, _K), _clips_and_bits()[1][:_FEW])


def _without(answer) -> dict[str, float]:
    """Agreement where there is nothing to read."""
    clips, bits = _clips_and_bits()
    made = _marked(answer)  # first, so that whoever keeps the bits elsewhere finds them
    return {
        "unmarked": _share(answer(_KEY).read(clips.clone(), _K), bits),
        "another key": _share(answer(8).read(made, _K), bits),
    }


def _seen(answer) -> dict[str, object]:
    clips, _ = _clips_and_bits()
    made = _marked(answer)
    moved = (made - clips).abs().max().item()
    fits = made.shape == clips.shape and made.min() >= -1 and made.max() <= 1
    again = torch.equal(made, _marked(answer))
    return {"fits": bool(fits), "faint": moved <= 0.1 + 1e-6, "again": again}


def _other_sizes(answer) -> Tensor:
    clips, bits = _clips_and_bits()
    made = answer(_KEY).embed(clips[:3, :8], bits[:3, :4])
    return torch.tensor([*made.shape, *answer(_KEY).read(made, 4).shape])


_SAID = "said = signed[:, owners] * signs"
_VOTES = "votes = (odd_ones_out.clamp(-0.1, 0.1) * signs).flatten(1)"
_OUT = "return room + self.strength * pattern[:, :, None]"
_READ = "return (sums.index_add(1, owners.flatten(), votes) > 0).long()"
_RNG = "rng = torch.Generator().manual_seed(self.key)"
_STRENGTH = "self.key, self.strength = key, strength"
_STRONG = "let a bit own more pixels, a larger block, or move them further, up to 0.1"

_STUB = '''\
class my_ProvenanceMark:
    """Write bits into clips, and read them: a faint pattern that only the key
    knows.
    """

    def __init__(self, key):
        """Keep the key."""
        ...  # your code

    def embed(self, videos, bits):
        """Mark clips."""
        ...  # your code

    def read(self, videos, n_bits):
        """Find the bits."""
        ...  # your code
'''

# fmt: off
PROVENANCE_MARK = Exercise(
    name="ProvenanceMark",
    number="13.5",
    minutes=14,
    difficulty="hard",
    contract=(
        "A class, built with key, a whole number. embed(videos, bits) takes videos (B, T, 3, H, W) in [-1, 1] and bits (B, K) of 0 and 1, int64, and returns marked videos: "
        "same shape, in [-1, 1], no pixel moved by more than 0.1. read(videos, n_bits) returns the bits it finds, (B, n_bits). Sides are multiples of 8.",
        "It is tried on 32 clips of `shapes`, 16 frames of 32x32, with 16 random bits each. What embed made is rounded to bytes, as every clip is, and read by another instance "
        "with the same key: at least 99 % of the bits are right; also when five of the clips are read by themselves.",
        "After `reencode(quality=50, grain=0.02)`, as on the page, at least 90 % are right.",
        "On clips without a mark at most 55 % agree with the bits; in marked clips read with another key at most 58 %.",
        "embed does the same whenever it is called with the same arguments. Other numbers of clips, frames and bits work, too.",
    ),
    reference=provenance.ProvenanceMark,
    stub=_STUB,
    cases=(
        Case("shape, range, and how much it shows", _seen, {"fits": True, "faint": True, "again": True},
             "Black is -1: leave room before something is subtracted from it. A pixel may move by 0.1 at most, and the same arguments give the same clip."),
        Case("rounded to bytes", _as_bytes, "at least 0.99 of all, and of five alone", f"Too few bits come back: {_STRONG}.",
             holds=lambda seen: min(seen.values()) >= 0.9875),
        Case("on its way", _on_its_way, "at least 0.90", "JPEG throws fine detail away: give neighbouring pixels the same sign, in blocks of 4x4 for example.",
             holds=lambda share: share >= 0.90),
        Case("nothing to read", _without, "unmarked at most 0.55, another key at most 0.58",
             "The bits must not be found where they are not: does the pattern follow from the key alone?", holds=lambda seen: seen["unmarked"] <= 0.55 and seen["another key"] <= 0.58),
        Case("other sizes", _other_sizes, torch.tensor([3, 8, 3, 32, 32, 3, 4]), "8 frames and 4 bits: take all sizes from the arguments.", "axes"),
    ),
    hints=(
        "Spread every bit over many pixels: a pattern of signs that only the key knows, added for 1 and subtracted for 0. One pixel says nothing, a thousand do.",
        "`torch.Generator().manual_seed(key)` makes the same pattern in embed and in read. The object is far brighter than the mark: before you add up, take away what most frames show "
        "(the median over time), and clamp what is left.",
        "owners: for each block of 4x4 pixels of each frame, which bit it carries; signs: +1 or -1 for each. embed: (1 - s) * videos + s * (2 * bit - 1)[owners] * signs, each block enlarged to 4x4. "
        "read: average blocks, subtract the median over frames, times signs, add up by owner: above 0 is a 1.",
    ),
    mistakes=(
        Mistake("no room below black", {"room = (1 - self.strength) * videos": "room = videos"}, "Clips leave [-1, 1]: black has no room below it. Shrink the range first.", "axes"),
        Mistake("a mark that everybody sees", {_STRENGTH: "self.key, self.strength = key, 5 * strength"}, "Pixels move by more than 0.1: the mark is seen."),
        Mistake("too faint", {_STRENGTH: "self.key, self.strength = key, strength / 40"}, "The mark is fainter than rounding to bytes: it does not survive."),
        Mistake("a pattern of the clips", {_RNG: "rng = torch.Generator().manual_seed(self.key + int(videos.abs().sum()))"}, "The pattern follows from the clips, which the mark has changed: let it follow from the key alone."),
        Mistake("the same pattern for every key", {_RNG: "rng = torch.Generator().manual_seed(0)"}, "Every key has the same pattern: whoever has the code reads the bits."),
        Mistake("zeros say nothing", {"signed = 2 * bits.to(videos) - 1": "signed = bits.to(videos)"}, "A 0 leaves the clip as it was: the reader cannot tell it from noise. Move the pixels the other way."),
        Mistake("turned round", {_READ: "return (sums.index_add(1, owners.flatten(), votes) < 0).long()"}, "Every bit comes back as its opposite."),
        Mistake("sums for bits", {_READ: "return sums.index_add(1, owners.flatten(), votes)"}, "These are sums: a bit is 1 where its sum is above 0."),
        Mistake("the object shouts", {_VOTES: "votes = (grey * signs).flatten(1)"}, "The clip's own brightness is added up with the mark: take the median over time away and clamp the rest."),
        Mistake("one list for all clips", {_READ: "return (sums.index_add(1, owners.flatten(), votes).mean(0, keepdim=True) > 0).long().expand(len(videos), -1)"}, "All clips get the same bits: each carries its own.", "axes"),
        Mistake("too fine and too faint", {"pattern = said.repeat_interleave(_BLOCK, -1).repeat_interleave(_BLOCK, -2)": "pattern = said", "F.avg_pool2d(videos.mean(2), _BLOCK)": "videos.mean(2)",
                                           "shape = n_frames, height // _BLOCK, width // _BLOCK": "shape = n_frames, height, width", _STRENGTH: "self.key, self.strength = key, strength / 3"},
                "Every pixel has a sign of its own and moves by one hundredth: JPEG throws such detail away. Give blocks of pixels one sign."),
        Mistake("sixteen frames", {"n_frames, _, height, width = videos.shape[1:]": "n_frames, height, width = 16, 32, 32"}, "The pattern has 16 frames whatever comes: take the sizes from the videos.", "axes"),
        Mistake("one frame only", {_OUT: "only = torch.arange(videos.shape[1]) == 0\n        return room + self.strength * pattern[:, :, None] * only.view(1, -1, 1, 1, 1)"}, "Only the first frame carries the mark: too few pixels a bit."),
    ),
)
