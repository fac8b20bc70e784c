"""Relations between the numbers of an answer and the right ones: twice, a sign, a sum, ...

Each `_Rule` takes a column, which is one result on every probe, right beside got, and says
what holds on all of it: a `Said`, the relation's name and words that finish the sentence "Your
result is ...". The first rule that holds is taken; the order goes from plain to far-fetched.
"""

import itertools
import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

import torch
from torch import Tensor

from vgan_lessons.checking.plain import say
from vgan_lessons.checking.relations.evidence import Beside, close, enough, finite

Column = Sequence[Beside]
_EXACT = 1e-4  # relative, of a known constant
_ROUNDING = 3e-6  # of float32, relative to the largest number of a tensor
_LOG2 = math.log(2)
_FACTORS = {
    2.0: ("twice too large", "twice the right one"),
    0.5: ("half", "half of the right one"),
    1 / _LOG2: ("bits for nats", "1.4427 (1 / log 2) times the right one: bits for nats"),
    _LOG2: ("nats for bits", "0.6931 (log 2) times the right one: nats for bits"),
    1 / math.log(10): ("log10 for log", "0.4343 times the right one: log10 for log"),
}
SCALED_BY_ITSELF = "scaled by what is in the input"
SUM_FOR_MEAN = "{} times the right one: a sum for a mean"
_OFFSETS = {_LOG2: "log 2", 2 * _LOG2: "2 log 2", 4 * _LOG2: "4 log 2"}
_FUNCTIONS: dict[str, tuple[str, Callable[[Tensor], Tensor]]] = {
    "sign lost": ("the right one without its sign", torch.abs),
    "one minus": ("1 minus the right one", lambda x: 1 - x),
    "squared": ("the square of the right one", torch.square),
    "square root": ("the square root of the right one", torch.sqrt),
    "upside down": ("1 divided by the right one", torch.reciprocal),
    "log of it": ("the logarithm of the right one", torch.log),
    "exp of it": ("exp of the right one", torch.exp),
    "sigmoid of it": ("the sigmoid of the right one", torch.sigmoid),
    "logit of it": ("the logit (sigmoid undone) of the right one", torch.logit),
    "tanh of it": ("the tanh of the right one", torch.tanh),
    "cut off at 0": ("the right one with everything below 0 set to 0", torch.relu),
    "cut off at 0 and 1": ("the right one cut off at 0 and 1", lambda x: x.clamp(0, 1)),
}


@dataclass(frozen=True)
class Said:
    """What holds of a column.

    Args:
        name: short.
        words: the end of "Your result is ...".
        predict: what the answer returns, computed from the right number; None where that
            takes more than the number.
    """

    name: str
    words: str
    predict: Callable[[Tensor], Tensor] | None = field(default=None, compare=False)


_Rule = Callable[[Column, float], Said | None]


def relation_of(column: Column, tolerance: float) -> Said | None:
    """What relates the numbers of a column, on every probe of it, to the right ones.

    Args:
        column: one result on every probe; at least one number of it is wrong.
        tolerance: relative.

    Returns:
        The first relation that holds, or None; never one that few numbers support.
    """
    if not column or not all(finite(one.right) for one in column):
        return None
    alike = all(one.right.shape == one.got.shape for one in column)
    if not enough(column, tolerance):
        return _counted_factor(column, tolerance) if alike else None
    for rule in _OF_ONE_SHAPE if alike else _OF_TWO_SHAPES:
        if said := rule(column, tolerance):
            return said
    return None


def factor_of(column: Column, tolerance: float) -> Said | None:
    """One factor on every probe, or the length of an axis: the rules that fit gradients."""
    if not all(one.right.shape == one.got.shape and finite(one.right) for one in column):
        return None
    constant = _constant_factor(column, tolerance) if enough(column, tolerance) else None
    return constant or _counted_factor(column, tolerance)


def shares_one_mean(column: Column, name: str, tolerance: float, times: float = 1) -> bool:
    """Whether each factor is twice the share of an input among all elements.

    Args:
        column: the gradient for that input on every probe.
        name: of the input.
        tolerance: relative.
        times: 0.5 asks for the share itself.
    """
    if not all(one.right.shape == one.got.shape and finite(one.right) for one in column):
        return False
    ratios, shares = (
        list(_ratios(column, tolerance)),
        [times * one.share.get(name, 0) for one in column],
    )
    if len(ratios) < len(column) or len(set(shares)) < 2 or not enough(column, tolerance):
        return False
    return _all_close(ratios, shares)


def _constant_factor(column: Column, tolerance: float) -> Said | None:
    ratios = list(_ratios(column, tolerance))
    if len(ratios) < len(column) or max(ratios) - min(ratios) > 1e-3 * abs(ratios[0]):
        return None
    ratio = _most_precise(column, ratios)
    if not all(close(ratio * one.right, one.got, 2 * tolerance) for one in column):
        return None
    if math.isclose(ratio, -1, rel_tol=_EXACT):
        return Said("wrong sign", "the right one with the other sign", torch.neg)
    for known, (name, words) in _FACTORS.items():
        if math.isclose(abs(ratio), known, rel_tol=_EXACT):
            turned = ratio < 0
            words = f"{words}, and of the other sign" if turned else words
            name = f"{name}, wrong sign" if turned else name
            return Said(name, words, lambda x: ratio * x)
    return Said(
        f"{say(ratio, 4)} times", f"{say(ratio, 5)} times the right one", lambda x: ratio * x
    )


def _ratios(column: Column, tolerance: float) -> Iterator[float]:
    """Got divided by right on each probe where that is one number."""
    for one in column:
        if not one.right.numel() or not finite(one.got):
            return
        place = one.right.abs().argmax()
        largest = one.right.flatten()[place].item()
        if largest == 0:
            return
        ratio = one.got.flatten()[place].item() / largest
        if abs(ratio) < 1e-6 or not close(ratio * one.right, one.got, tolerance):
            return
        yield ratio


def _most_precise(column: Column, ratios: Sequence[float]) -> float:
    """The median, rounded where it is nearly a short number."""
    ratio = sorted(ratios)[len(ratios) // 2]
    short = round(ratio, 3)
    return short if short and math.isclose(ratio, short, rel_tol=1e-5) else ratio


def _counted_factor(column: Column, tolerance: float) -> Said | None:
    """A sum for a mean or a mean for a sum: the factor is a length of an input.

    Two wrong numbers are enough: where there is one item, the sum has to be the mean.
    """
    ratios = list(_ratios(column, tolerance))
    if len(ratios) < len(column) or not enough(column, tolerance, fewest=2):
        return None
    for words in column[0].sizes:
        counts = [one.sizes.get(words, 0) for one in column]
        if len(set(counts)) < 2:
            continue
        if _all_close(ratios, counts):
            return Said("sum for mean", SUM_FOR_MEAN.format(words))
        if _all_close(ratios, [1 / n if n else 0.0 for n in counts]):
            return Said("mean for sum", f"the right one divided by {words}: a mean for a sum")
    return _whole_factor(column, ratios)


def _whole_factor(column: Column, ratios: Sequence[float]) -> Said | None:
    """A whole number of times too large, as many times as the input has parts."""
    whole = [round(ratio) for ratio in ratios]
    if len(set(whole)) < 3 or min(whole) < 1 or not _all_close(ratios, whole):
        return None
    what = "a whole number of times the right one, more for larger inputs: a sum for a mean"
    return Said("sum for mean", what)


def _all_close(found: Sequence[float], wanted: Sequence[float]) -> bool:
    pairs = zip(found, wanted, strict=True)
    return all(math.isclose(f, w, rel_tol=2 * _EXACT) for f, w in pairs)


def _n_minus_one(column: Column, tolerance: float) -> Said | None:
    """Variance or standard deviation with n - 1 for n, or the other way round."""
    large = {"n / (n - 1)": 1.0, "the square root of n / (n - 1)": 0.5}
    for words, power in large.items():
        for size in column[0].sizes:
            counts = [one.sizes.get(size, 0) for one in column]
            fit = [
                _corrected(one, n, power, tolerance)
                for one, n in zip(column, counts, strict=True)
            ]
            if all(fit) and len({n for n in counts if n > 1}) >= 2:
                return Said("n - 1 for n", f"{words} times the right one, n {size}")
    return None


def _corrected(one: Beside, n: int, power: float, tolerance: float) -> bool:
    if n < 2:
        return not finite(one.got)
    return close((n / (n - 1)) ** power * one.right, one.got, tolerance)


def _offset(column: Column, tolerance: float) -> Said | None:
    every = torch.cat([one.right.flatten() for one in column])
    if (every.max() - every.min()) < 1e-2 * every.abs().max():
        return None  # of equal numbers nobody knows whether they were added to or multiplied
    gaps = [(one.got - one.right).flatten() for one in column]
    if not all(gap.numel() and finite(gap) for gap in gaps):
        return None
    offset = torch.cat(gaps).median().item()
    for one, gap in zip(column, gaps, strict=True):
        noise = _ROUNDING * max(one.right.abs().max().item(), abs(offset))
        if abs(offset) < 100 * noise or (gap - offset).abs().max() > 1e-4 * abs(offset) + noise:
            return None
    size = next(
        (
            f" ({w})"
            for v, w in _OFFSETS.items()
            if math.isclose(abs(offset), v, rel_tol=_EXACT)
        ),
        "",
    )
    side = "large" if offset > 0 else "small"
    return Said(
        f"{say(abs(offset), 4)} too {side}",
        f"{say(abs(offset), 5)}{size} too {side}",
        lambda x: x + offset,
    )


def _function(column: Column, tolerance: float) -> Said | None:
    for name, (words, function) in _FUNCTIONS.items():
        if all(close(function(one.right), one.got, tolerance) for one in column):
            return Said(name, words, function)
    return None


def _line(column: Column, tolerance: float, fewest: int = 8) -> Said | None:
    """A factor and an offset at once; needs more numbers than either."""
    right, got = (
        torch.cat([getattr(one, s).flatten() for one in column]) for s in ("right", "got")
    )
    if len(right) < fewest * len(column) or not finite(got):
        return None
    low, high = right.argmin(), right.argmax()
    if right[high] - right[low] < 1e-2 * right.abs().max():
        return None
    factor = ((got[high] - got[low]) / (right[high] - right[low])).item()
    offset = (got[high] - factor * right[high]).item()
    if abs(factor) < 1e-4 or abs(offset) < 1e-4:
        return None
    if not close(factor * right + offset, got, tolerance):
        return None
    sign = "plus" if offset > 0 else "minus"
    words = f"{say(factor, 5)} times the right one {sign} {say(abs(offset), 5)}"
    return Said("stretched and shifted", words, lambda x: factor * x + offset)


def _lines_of_their_own(column: Column, tolerance: float) -> Said | None:
    """Stretched and shifted on every probe, and on each by other amounts."""
    lines = [_line([one], tolerance, fewest=4) for one in column]
    if not all(lines) or len({said.words for said in lines}) < 3:
        return None
    what = "the right one stretched and shifted, by other amounts on every input"
    return Said(SCALED_BY_ITSELF, f"{what}: it depends on what else is there")


def _cut_off(column: Column, tolerance: float) -> Said | None:
    """Equal between two ends, and at an end beyond it."""
    low, high = (
        getattr(torch.cat([n.got.flatten() for n in column]), f)() for f in ("min", "max")
    )
    if not all(close(one.right.clamp(low, high), one.got, tolerance) for one in column):
        return None
    every = torch.cat([one.right.flatten() for one in column])
    parts = [("below", low)] * bool(every.min() < low) + [("above", high)] * bool(
        every.max() > high
    )
    where = " and ".join(f"{side} {say(end.item(), 3)}" for side, end in parts)
    return Said("cut off", f"the right one, cut off {where}", lambda x: x.clamp(low, high))


def _reversed(column: Column, tolerance: float) -> Said | None:
    for axis in range(max(one.right.ndim for one in column)):
        if all(
            one.right.ndim > axis and close(one.right.flip(axis), one.got, tolerance)
            for one in column
        ):
            return Said("axis reversed", f"the right one with axis {axis} in reverse order")
    return None


def _axes_moved(column: Column, tolerance: float) -> Said | None:
    n_axes = column[0].right.ndim
    if n_axes < 2 or any(one.got.ndim != n_axes for one in column):
        return None
    for order in itertools.permutations(range(n_axes)):
        if all(close(one.right.permute(order), one.got, tolerance) for one in column):
            if sorted(order) == list(order):
                return None
            return Said(
                "axes in another order", f"the right one with its axes in the order {order}"
            )
    return None


def _not_reduced(column: Column, tolerance: float) -> Said | None:
    """The mean or the sum of what came back is right: the last step is missing."""
    for axes in _axes(min(one.got.ndim for one in column)):
        for how in ("mean", "sum"):
            if all(_reduces(one.got, one.right, axes, how, tolerance) for one in column):
                where = _named_axes(axes, column, of_got=True)
                words = f"not one number yet; its {how}{where} is right"
                if column[0].right.ndim:
                    words = f"right once its {how}{where} is taken"
                return Said(f"{how} missing", words)
    return None


def _reduced_too_far(column: Column, tolerance: float) -> Said | None:
    for axes in _axes(min(one.right.ndim for one in column)):
        for how in ("mean", "sum"):
            if all(_reduces(one.right, one.got, axes, how, tolerance) for one in column):
                where = _named_axes(axes, column, of_got=False)
                return Said(f"{how} too many", f"the {how} of the right one{where}")
    return None


def _axes(n_axes: int) -> Iterator[tuple[int, ...]]:
    """Every choice of axes, all of them first."""
    for n in range(n_axes, 0, -1):
        yield from itertools.combinations(range(n_axes), n)


def _reduces(
    more: Tensor, less: Tensor, axes: tuple[int, ...], how: str, tolerance: float
) -> bool:
    if more.ndim <= less.ndim and more.shape == less.shape:
        return False
    reduced = getattr(more, how)(axes)
    kept = getattr(more, how)(axes, keepdim=True)
    return close(less, reduced, tolerance) or (
        kept.shape == less.shape and close(less, kept, tolerance)
    )


def _named_axes(axes: tuple[int, ...], column: Column, *, of_got: bool) -> str:
    n_axes = min((one.got if of_got else one.right).ndim for one in column)
    if len(axes) == n_axes:
        return ""
    return f" over ax{'is' if len(axes) == 1 else 'es'} {', '.join(map(str, axes))}"


def _other_shape(column: Column, tolerance: float) -> Said | None:
    """The right numbers in the right order, in another shape."""
    for one in column:
        if one.got.numel() != one.right.numel():
            return None
        if not close(one.right.flatten(), one.got.flatten(), tolerance):
            return None
    shapes = [
        "one number" if not t.ndim else str(tuple(t.shape))
        for t in (column[0].got, column[0].right)
    ]
    return Said(
        "another shape",
        f"right in its numbers, but of shape {shapes[0]} instead of {shapes[1]}",
    )


_OF_ONE_SHAPE: tuple[_Rule, ...] = (
    _constant_factor,
    _counted_factor,
    _n_minus_one,
    _function,
    _offset,
    _line,
    _cut_off,
    _lines_of_their_own,
    _reversed,
    _axes_moved,
)
_OF_TWO_SHAPES: tuple[_Rule, ...] = (
    _other_shape,
    _axes_moved,
    _not_reduced,
    _reduced_too_far,
)
