"""Where an answer is wrong only on certain inputs, what is special about them.

Infinities and NaN are traced to a likely cause, but only where the inputs show it and the
answer's code has the function in it that does it.
"""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from typing import Any

from torch import Tensor

from vgan_lessons.checking.exercise import Exercise
from vgan_lessons.checking.feedback import failing_call
from vgan_lessons.checking.plain import difference, state_of
from vgan_lessons.checking.relations.evidence import Compared, as_numbers, finite
from vgan_lessons.checking.results import Finding, Observation, Record, Relation
from vgan_lessons.checking.surroundings.session import quietly, session_untouched

_ROUNDS_TO_1 = 16.7  # sigmoid(x) is 1 in float32 from here on
_OVERFLOWS = 88.8  # exp(x) is inf in float32 from here on
_LOGS = {"log", "log2", "log10", "log1p", "kl_div", "logit", "binary_cross_entropy", "BCELoss"}
_SQUASHES = {"sigmoid", "tanh", "softmax"}
_ROOTS = {"sqrt", "norm", "std", "vector_norm", "rsqrt", "std_mean"}


def cause_of(
    exercise: Exercise,
    record: Record,
    right: Record,
    finding: Finding,
    words: frozenset[str],
    seed: int,
) -> Relation | None:
    """Why an infinity or NaN stands where a number belongs, if the inputs show it.

    Args:
        exercise: what was asked.
        record: of the answer.
        right: of the reference.
        finding: where it was found.
        words: the names in the answer's code.
        seed: of the check.
    """
    if not is_lost(record, right, finding.trial):
        return None
    got, wanted = record.seen[finding.trial], right.seen[finding.trial]
    calls = [list(_given(call)) for call in _calls(exercise, finding, seed)]
    given = [numbers for call in calls for numbers in call]
    large = max(map(_farthest, given), key=abs, default=0.0)
    holes = [numbers for numbers in given if _has_holes(numbers)]
    if abs(large) > _ROUNDS_TO_1 and holes:
        return None  # two suspects
    if abs(large) > _ROUNDS_TO_1:
        return _of_large_inputs(large, words)
    if holes and _lost(wanted.value, got.value):
        return _of_zeros(calls, words)
    if words & _LOGS and any(_reaches_1(numbers) for numbers in given):
        what = "An input is exactly 1 here, so 1 - D is 0, and log(0) is -inf"
        return Relation("log of 1 - 1", f"{what}: instead of log(1 - D), work with logits.")
    if _at_zero(wanted, got) and words & _ROOTS:
        what = "The root of 0 is 0, but its slope is infinite, and infinity times 0 is NaN"
        return Relation("slope of a root at 0", f"{what}: add a small number under the root.")
    return None


def falls_short(exercise: Exercise, record: Record, right: Record) -> Relation | None:
    """Whether large numbers of hand-worked cases come out too small, and all else is right.

    Args:
        exercise: says how exactly.
        record: of an answer that is right on every probe.
        right: of the reference.
    """
    short = 0
    for case in exercise.cases:
        wanted, got = right.seen[case.name], record.seen[case.name]
        if got.trouble or wanted.trouble:
            return None
        if not difference(wanted.value, got.value, exercise.tolerance):
            continue
        pairs = _leaves(wanted.value, got.value)
        wrong = [pair for pair in pairs if difference(*pair, exercise.tolerance)]
        if not wrong or not all(_far_off(*pair, exercise.tolerance) for pair in wrong):
            return None
        short += 1
    if not short:
        return None
    what = "Your numbers are right as long as they are small, and large ones fall short"
    return Relation("cut off", f"{what}: a clamp, or a small number added before a log.")


def _far_off(wanted: Tensor, got: Tensor, tolerance: float) -> bool:
    """Whether what is wrong has the right sign, is too small, and should be large."""
    if not finite(wanted) or not finite(got):
        return False
    slack = tolerance / 100 * max(1.0, _largest(wanted))
    wrong = (wanted - got).abs() > tolerance * wanted.abs() + slack
    right, found = wanted[wrong], got[wrong]
    return bool(((right * found >= 0) & (found.abs() < right.abs()) & (right.abs() > 10)).all())


def is_lost(record: Record, right: Record, trial: str) -> bool:
    """Whether in a case or probe something infinite or NaN stands in a number's place.

    Args:
        record: of the answer.
        right: of the reference.
        trial: the name of the case or probe.
    """
    got, wanted = record.seen.get(trial), right.seen.get(trial)
    if got is None or wanted is None or got.trouble or wanted.trouble:
        return False
    return _lost(wanted.value, got.value) or _lost(wanted.gradients, got.gradients)


def _calls(exercise: Exercise, finding: Finding, seed: int) -> list[list[Any]]:
    """The arguments of every call in a case or probe."""
    case = next((case for case in exercise.cases if case.name == finding.trial), None)
    if case is None or isinstance(exercise.reference, type):
        return [list((failing_call(exercise, finding, seed) or {}).values())]
    seen: list[list[Any]] = []

    def listening(*args: Any, **kwargs: Any) -> Any:
        seen.append([*args, *kwargs.values()])
        return exercise.reference(*args, **kwargs)

    with suppress(Exception), session_untouched(), quietly():
        case.run(listening)
    return seen


def _of_large_inputs(large: float, words: frozenset[str]) -> Relation | None:
    reach = f"An input reaches {large:.4g}"
    if "where" in words and abs(large) > _OVERFLOWS and "exp" in words:
        what = (
            "torch.where computes both sides, and inf in the unused one gives a gradient of NaN"
        )
        return Relation(
            "torch.where over an overflow", f"{reach}: exp overflows there; {what}."
        )
    if words & _SQUASHES and words & _LOGS:
        what = "there the sigmoid is rounded to 1 or 0, and log(0) is -inf"
        more = "F.softplus and F.logsigmoid take the logit itself"
        return Relation("log of a rounded sigmoid", f"{reach}: {what}; {more}.")
    if "exp" in words and abs(large) > _OVERFLOWS:
        what = "in float32, exp is inf beyond 89 and 0 below -104"
        return Relation(
            "exp beyond its range", f"{reach}; {what}: stay with logarithms as long as you can."
        )
    return None


def _of_zeros(calls: Sequence[Sequence[Tensor]], words: frozenset[str]) -> Relation | None:
    if words & _LOGS and "xlogy" not in words:
        what = "An input is 0 at some place, log(0) is -inf, and 0 * log(0) is NaN"
        return Relation("0 * log(0)", f"{what}: torch.xlogy(a, b) is 0 where a is 0.")
    if not words & {"/", "div", "true_divide"}:
        return None
    if any(_share_a_hole([n for n in call if _has_holes(n)]) for call in calls):
        what = "Two inputs are 0 at the same place, and dividing by 0 gives inf or NaN"
        return Relation(
            "division by 0", f"{what}: avoid the quotient, or say what it is there."
        )
    return None


def _given(values: Any) -> Iterator[Tensor]:
    """The numbers among the inputs, as float64."""
    for value in values:
        if isinstance(value, Tensor) and value.is_floating_point():
            yield value.detach().double()
        elif isinstance(value, list | tuple):
            yield from _given(value)
        elif isinstance(value, dict):
            yield from _given(value.values())


def _has_holes(numbers: Tensor) -> bool:
    """Whether these may be densities that are 0 at some places."""
    some = bool((numbers == 0).any()) and bool(numbers.any()) and bool((numbers >= 0).all())
    return some and _largest(numbers) <= _ROUNDS_TO_1


def _share_a_hole(densities: Sequence[Tensor]) -> bool:
    """Whether the first two are 0 at one place."""
    if len(densities) < 2 or densities[0].shape != densities[1].shape:
        return False
    return bool(((densities[0] == 0) & (densities[1] == 0)).any())


def _reaches_1(numbers: Tensor) -> bool:
    """Whether these may be probabilities, one of them exactly 1."""
    return numbers.numel() > 0 and float(numbers.min()) >= 0 and float(numbers.max()) == 1


def _farthest(numbers: Tensor) -> float:
    """The number farthest from 0, with its sign."""
    return numbers.flatten()[numbers.abs().argmax()].item() if numbers.numel() else 0.0


def _largest(numbers: Tensor) -> float:
    return numbers.abs().max().item() if numbers.numel() else 0.0


def _leaves(wanted: Any, got: Any) -> Iterator[tuple[Tensor, Tensor]]:
    """Right numbers beside those that came, wherever both are numbers of one shape."""
    if isinstance(wanted, tuple) and isinstance(got, tuple):
        for pair in zip(wanted, got, strict=False):
            yield from _leaves(*pair)
    elif isinstance(wanted, dict) and isinstance(got, dict):
        for key in wanted:
            yield from _leaves(wanted[key], got.get(key))
    else:
        right, found = as_numbers(wanted), as_numbers(got)
        if right is not None and found is not None and right.shape == found.shape:
            yield right, found


def _lost(wanted: Any, got: Any) -> bool:
    """Whether somewhere a finite number is right, and another thing came."""
    return any(finite(right) and not finite(found) for right, found in _leaves(wanted, got))


def _at_zero(wanted: Observation, got: Observation) -> bool:
    """Whether NaN stands only where 0 is right."""
    pairs = [*_leaves(wanted.value, got.value), *_leaves(wanted.gradients, got.gradients)]
    places = [right[found.isnan()] for right, found in pairs if bool(found.isnan().any())]
    return bool(places) and not any(bool(numbers.any()) for numbers in places)


def only_there(
    exercise: Exercise, record: Record, right: Record, probes: Sequence[Compared], seed: int
) -> Relation | None:
    """Whether an answer is right on every case and probe but those of one kind.

    Args:
        exercise: says how exactly.
        record: of the answer.
        right: of the reference.
        probes: what was seen on each.
        seed: of the check.
    """
    wrong = [one for one in probes if not one.is_right(exercise.tolerance)]
    others = [one for one in probes if one not in wrong]
    cases = [
        case.name for case in exercise.cases if _is_wrong(case.name, exercise, record, right)
    ]
    if not wrong or not others:
        return None
    if all(_wants_order(one) for one in wrong) and not cases:
        what = "Your result is right, except where an input is not contiguous in memory"
        return Relation(
            "not contiguous", f"{what}: `reshape` takes any tensor, `view` does not."
        )
    if all(_wants_graph(one) for one in wrong) and not cases:
        what = "Your code works only while its inputs require a gradient"
        return Relation(
            "a graph needed", f"{what}: it asks for one itself, and not always can."
        )
    if any(_batch(one.right.after) != 1 for one in wrong):
        return None
    if (
        any(_batch(one.right.after) < 2 for one in others)
        or len({o.probe.table for o in others}) < 2
    ):
        return None
    calls = [failing_call(exercise, Finding("", trial=name), seed) for name in cases]
    if all(call and _batch({n: state_of(v) for n, v in call.items()}) == 1 for call in calls):
        what = "Your result is right on every input but those with a batch of 1."
        return Relation("a batch of 1", what)
    return None


def sizes_must_agree(finding: Finding, probes: Sequence[Compared]) -> Relation | None:
    """Whether an answer joins entry by entry what need not be of one size.

    Args:
        finding: a call that raised for it.
        probes: what was seen on each.
    """
    raised = [one for one in probes if one.got.trouble]
    if "must match the size" not in finding.what or len(raised) < 2:
        return None
    for one in raised:
        shapes = _shapes_of(one.right.after)
        if "must match the size" not in one.got.trouble.message or len(set(shapes)) < 2:
            return None
    what = "Your code joins tensors of different sizes entry by entry"
    return Relation("sizes must agree", f"{what}, and here they may differ in size.")


def _is_wrong(name: str, exercise: Exercise, record: Record, right: Record) -> bool:
    wanted, got = right.seen[name], record.seen[name]
    return (
        bool(got.trouble) or difference(wanted.value, got.value, exercise.tolerance) is not None
    )


def _wants_order(one: Compared) -> bool:
    """Whether a call failed for the memory order of an input."""
    said = one.got.trouble.message if one.got.trouble else ""
    return one.probe.transposed and any(w in said for w in ("memory", "stride", "contiguous"))


def _wants_graph(one: Compared) -> bool:
    """Whether a call failed because its inputs need no gradient."""
    trouble = one.got.trouble
    return not one.probe.graph and trouble is not None and "cut off" in trouble.message


def _batch(inputs: dict[str, Any]) -> int:
    """The length of axis 0, if all inputs with axes agree on it; otherwise 0."""
    lengths = {shape[0] for shape in _shapes_of(inputs) if shape}
    return lengths.pop() if len(lengths) == 1 else 0


def _shapes_of(inputs: dict[str, Any]) -> list[Any]:
    """The shapes of the tensors among the inputs."""
    return [
        state["values"].shape
        for state in inputs.values()
        if isinstance(state, dict) and isinstance(state.get("values"), Tensor)
    ]
