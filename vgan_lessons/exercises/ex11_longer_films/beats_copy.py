"""11.6: is going on better than standing still?"""

import torch
from torch import Tensor

from vgan_lessons import metrics
from vgan_lessons.checking import Case, Exercise, Mistake


def _last(clips: Tensor) -> Tensor:
    """What a clip comes to, and nothing of the way there."""
    return clips[:, -1].flatten(1)


def _of(futures: list, real: list, see=_last):
    """Two numbers, as a dict."""

    def run(answer) -> dict[str, float]:
        typical, best = answer(torch.tensor(futures), torch.tensor(real), see)
        return {"typical": float(typical), "best": float(best)}

    return run


def _refused(answer) -> dict[str, str]:
    told = {}
    for name, shape in (("another length", (2, 4, 5, 1)), ("other films", (3, 4, 6, 1))):
        try:
            answer(torch.zeros(shape), torch.zeros(2, 6, 1), _last)
        except ValueError:
            told[name] = "ValueError"
        else:
            told[name] = "no error"
    return told


def _ends(*ends: float) -> list:
    """Films of three frames that begin at 0 and end there; what is between does not count."""
    return [[[0.0], [50.0 * (-1) ** place], [end]] for place, end in enumerate(ends)]


_FOUR = [_ends(3.0, 5.0), _ends(10.5, 3.0), _ends(9.0, 9.5), _ends(20.0, 5.0)]


_STILL = "still = real[:, :1].expand_as(real)"
_COPY = "of_copy = (see(still) - wanted).norm(dim=1)"
_ERRORS = "errors = (seen - wanted[:, None]).norm(dim=2)"
_TYPICAL = "typical = (errors.mean(1) < of_copy).double().mean()"
_BEST = "best = (errors.amin(1) < of_copy).double().mean()"
_SEEN = "seen = see(futures.flatten(0, 1)).unflatten(0, (B, S))"

# fmt: off
BEATS_COPY = Exercise(
    name="beats_copy",
    number="11.6",
    minutes=11,
    difficulty="medium",
    contract=(
        "futures is (B, S, T, ...): S continuations of each of B first frames. real is (B, T, ...), what happened; the copy of a film is its frame real[:, 0], repeated T times.",
        "see turns clips (n, T, ...) into features (n, d). A distance of two clips is the Euclidean one of their features. Every distance here is to the features of what happened.",
        "Return (typical, best), two numbers: scalars of torch or plain ones. typical: the share of films of which the mean of the S distances is smaller than the distance of the copy. best: the share of which the smallest of the S is.",
        "If futures and real are not of the same films, length and size of frames, raise `ValueError`. No gradient is asked for.",
    ),
    reference=metrics.beats_copy,
    cases=(
        # ends: real 4, copy 0 is 4 off; futures 3 and 9 are 1 and 5 off, mean 3. Second: real 1, copy 1 off; futures 6 and 7 are 5 and 6 off
        Case("two films", _of([[[[0.0], [3.0]], [[0.0], [9.0]]], [[[0.0], [6.0]], [[0.0], [7.0]]]], [[[0.0], [4.0]], [[0.0], [1.0]]]), {"typical": 0.5, "best": 0.5},
             "First film: the copy is 4 off, the futures 1 and 5, on average 3. Second: the copy is 1 off, the futures 5 and 6."),
        # real 2, copy 2 off; futures 1 and 7: 1 and 5 off, mean 3
        Case("one of two is near", _of([[[[0.0], [1.0]], [[0.0], [7.0]]]], [[[0.0], [2.0]]]), {"typical": 0.0, "best": 1.0},
             "The copy is 2 off, the futures 1 and 5: on average 3 loses, the best one wins."),
        # copy (3, 4) off: 5. Both futures are 6 off in x: 6, and 6 along the axes against 7
        Case("a length of two numbers", _of([[[[1.0, 1.0], [10.0, 5.0]], [[1.0, 1.0], [-2.0, 5.0]]]], [[[1.0, 1.0], [4.0, 5.0]]]), {"typical": 0.0, "best": 0.0},
             "From (1, 1) to (4, 5) the copy is 5 off, both futures 6."),
        # what came ends at 4, 4 from the copy; the futures are 1 1, 6.5 1, 5 5.5 and 16 1 off
        Case("four films, seen by their ends", _of(_FOUR, [[[0.0], [0.0], [4.0]]] * 4), {"typical": 0.5, "best": 0.75},
             "All end at 4, the copies at 0. The futures are 1 and 1, 6.5 and 1, 5 and 5.5, 16 and 1 off: means 1, 3.75, 5.25, 8.5."),
        # real ends at 1, copies are 1 off; two futures end at 2, 1 off, and one at 3, which began at 9
        Case("no better than the copy", _of([[[[0.0], [2.0]]], [[[0.0], [2.0]]], [[[9.0], [3.0]]]], [[[0.0], [1.0]]] * 3), {"typical": 0.0, "best": 0.0},
             "All copies are 1 off. So are two futures: that is not nearer. The third is 2 off: the copy is that of real, wherever a future began."),
        # copies are 2 off; futures 1, 3, 3.5 off, mean 2.5, and 1, 1, 9, mean 3.67
        Case("three futures each", _of([[[[0.0], [3.0]], [[0.0], [5.0]], [[0.0], [5.5]]], [[[0.0], [3.0]], [[0.0], [3.0]], [[0.0], [11.0]]]], [[[0.0], [2.0]]] * 2), {"typical": 0.0, "best": 1.0},
             "The copies are 2 off, the futures 1, 3 and 3.5, then 1, 1 and 9: means of 2.5 and 3.67."),
        Case("other films and lengths", _refused, {"another length": "ValueError", "other films": "ValueError"}, "Compare the shapes, without the axis S, before anything else.", "side effects"),
    ),
    hints=(
        "Three sets of clips are looked at: what happened, the copies, the futures. Every distance is to what happened to the same film.",
        "`real[:, :1].expand_as(real)` are the copies. `see` takes (n, T, ...): fold B and S together before, and unfold after: `futures.flatten(0, 1)`, `.unflatten(0, (B, S))`.",
        "errors (B, S) = `(seen - wanted[:, None]).norm(dim=2)`; compare `errors.mean(1)` and `errors.amin(1)` with of_copy (B,), and average what is True.",
    ),
    mistakes=(
        Mistake("an equal one wins", {_TYPICAL: _TYPICAL.replace("<", "<="), _BEST: _BEST.replace("<", "<=")}, "A future that is as far as the copy counts as nearer: it has to be smaller."),
        Mistake("the median", {_TYPICAL: _TYPICAL.replace("errors.mean(1)", "errors.quantile(0.5, dim=1)")}, "The middle one of the S distances is compared: the typical one is their mean."),
        Mistake("the lower middle one", {_TYPICAL: _TYPICAL.replace("errors.mean(1)", "errors.median(1).values")}, "The middle one of the S distances, of two the smaller, is compared: the typical one is their mean."),
        Mistake("the copy of a future's first frame", {_STILL: "still = futures[:, 0, :1].expand_as(real)"}, "The first frame of a future is repeated: the copy is that of real[:, 0]."),
        Mistake("the mean future", {_ERRORS: "errors = (seen.mean(1, keepdim=True) - wanted[:, None]).norm(dim=2)"}, "The features of the S futures are averaged first: the mean of all futures is no future."),
        Mistake("the last frame copied", {_STILL: "still = real[:, -1:].expand_as(real)"}, "The last frame is repeated: nobody knows it yet. The copy is the first."),
        Mistake("the mean frame copied", {_STILL: "still = real.mean(1, keepdim=True).expand_as(real)"}, "The mean of the frames is repeated: the copy is the first one."),
        Mistake("the farthest", {_BEST: "best = (errors.amax(1) < of_copy).double().mean()"}, "The farthest of the S is compared: the best one is the nearest."),
        Mistake("both the best", {_TYPICAL: "typical = (errors.amin(1) < of_copy).double().mean()"}, "Both numbers are of the best future: the typical one is a mean."),
        Mistake("the first future", {_TYPICAL: "typical = (errors[:, 0] < of_copy).double().mean()"}, "Only the first of the S counts: take the mean of all."),
        Mistake("share of the futures", {_TYPICAL: "typical = (errors < of_copy[:, None]).double().mean()"}, "This is the share of futures that win: films are counted, by the mean of their S."),
        Mistake("on average over the films", {_TYPICAL: "typical = (errors.mean() < of_copy.mean()).double()"}, "The films are averaged before they are compared: count them one by one."),
        Mistake("the copy of another film", {_COPY: "of_copy = (see(still) - wanted.roll(1, 0)).norm(dim=1)"}, "The copy is compared with what happened to another film."),
        Mistake("the copy's share", {_TYPICAL: "typical = (errors.mean(1) > of_copy).double().mean()", _BEST: "best = (errors.amin(1) > of_copy).double().mean()"}, "This is the share of films in which the copy wins."),
        Mistake("along the axes", {_COPY: "of_copy = (see(still) - wanted).abs().sum(1)", _ERRORS: "errors = (seen - wanted[:, None]).abs().sum(2)"}, "The differences are added: a Euclidean distance is the root of squares."),
        Mistake("squared distances", {_COPY: "of_copy = (see(still) - wanted).square().sum(1)", _ERRORS: "errors = (seen - wanted[:, None]).square().sum(2)"}, "The distances are squared before they are averaged: far futures count for too much."),
        Mistake("S and B exchanged", {_SEEN: "seen = see(futures.transpose(0, 1).flatten(0, 1)).unflatten(0, (B, S))"}, "Films and futures are exchanged before they are folded together.", "axes"),
        Mistake("pixels", {_SEEN: "see = lambda clips: clips.flatten(1)\n    wanted, of_copy = see(real), (see(still) - see(real)).norm(dim=1)\n    seen = see(futures.flatten(0, 1)).unflatten(0, (B, S))"}, "The pixels are compared: `see` says what counts."),
        Mistake("best first", {"return typical, best": "return best, typical"}, "The two come in the other order: typical, best."),
        Mistake("counts", {_TYPICAL: "typical = (errors.mean(1) < of_copy).double().sum()", _BEST: "best = (errors.amin(1) < of_copy).double().sum()"}, "The films are counted: a share is asked for."),
        Mistake("any shapes", {"futures.shape[:1] + futures.shape[2:] != real.shape": "False"}, "Shapes that do not fit are let through: raise ValueError.", "side effects"),
    ),
    waived=("graph cut", "dtype", "device", "tensors"),
)
