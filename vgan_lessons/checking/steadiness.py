"""Ready-made cases for networks that must mix nothing up: samples, calls, modes, axes.

Each function makes one `Case`, as those of `architecture` do: `build` takes the learner's class
and returns a module, `inputs` draws fresh inputs for it, samples along the first axis.
"""

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn
from torch.overrides import TorchFunctionMode

from vgan_lessons.checking.exercise import Case

_Build = Callable[[Any], nn.Module]
_Inputs = Callable[[], tuple[Tensor, ...]]
_CLOSE = 1e-4  # a batch of another size may be summed in another order
_SAME = (
    "the same twice in train()",
    "the same twice in eval()",
    "the same in train() and eval()",
    "the same twice from one seed",
)
_OTHERS = "another result, by every other sample"
_PLACE = "another result: that of another sample"
_FIRST = "another result, by one sample for all"
_SOME = "another result, by some other samples"
_NUMBER = "another result, by how many there are"


def samples_stay_apart(build: _Build, inputs: _Inputs, sample: str) -> Case:
    """What becomes of one sample does not depend on the others, in training mode either.

    Args:
        build: makes the network from the answer.
        inputs: at least three samples.
        sample: what one of them is called, for the message.
    """

    def run(answer: Any) -> str:
        module, given = build(answer).train(), inputs()
        with torch.no_grad():
            together = module(*given)
            alone = module(*(part[1:3] for part in given))
            if _apart(together[1:3], alone) < _CLOSE:
                return "the same"
            return _who_changes_whom(module, given, together)

    return Case(
        name=f"one {sample} beside others",
        run=run,
        expect="the same",
        tells=lambda seen: _of_neighbours(seen, sample),
        nudge=f"The same {sample} gives another result when its neighbours change: which layer "
        "looks along the batch?",
        kind="architecture",
    )


def modes_agree(build: _Build, inputs: _Inputs) -> Case:
    """Training and evaluation mode give the same, call after call: nothing is drawn inside.

    Args:
        build: makes the network from the answer.
        inputs: fresh inputs.
    """

    def run(answer: Any) -> dict[str, bool]:
        module, given = build(answer), inputs()
        with torch.no_grad():
            fifth, sixth = (_from_one_seed(module.train(), given) for _ in range(2))
            first, second = (module.train()(*given) for _ in range(2))
            third, fourth = (module.eval()(*given) for _ in range(2))
        pairs = (first, second), (third, fourth), (first, third), (fifth, sixth)
        return dict(zip(_SAME, (_apart(*pair) < _CLOSE for pair in pairs), strict=True))

    return Case(
        name="two calls, and both modes",
        run=run,
        expect=dict.fromkeys(_SAME, True),
        tells=_unsteady,
        nudge="The same input must give the same output in every call, in train() and in "
        "eval(): is something drawn inside, or does a layer change its behaviour?",
        kind="architecture",
    )


def state_travels(build: _Build, inputs: _Inputs) -> Case:
    """Two networks with other weights do the same after one has loaded the other's state.

    Args:
        build: makes the network from the answer; every call draws other weights.
        inputs: fresh inputs.
    """

    def run(answer: Any) -> dict[str, Any]:
        one, other, given = build(answer), build(answer), inputs()
        with torch.no_grad():
            before = _apart(one(*given), other(*given))
            other.load_state_dict(one.state_dict())
            after = _apart(one(*given), other(*given))
        return {"weights of its own": before > 1e-6, "the same afterwards": after < _CLOSE}

    return Case(
        name="saved and loaded",
        run=run,
        expect="both to be true",
        holds=lambda seen: seen["weights of its own"] and seen["the same afterwards"],
        tells=lambda seen: (
            "not in the state dict",
            "Two networks with one state dict differ: a part is not in it. Layers in a plain "
            "list, a tensor that is no parameter or buffer, weights that forward makes?"
            if seen["weights of its own"]
            else "Two networks that were built one after the other are the same: each needs "
            "weights of its own, drawn when it is built.",
        ),
        nudge="After load_state_dict a second network must do what the first does: layers in a "
        "plain list are not part of a module, and neither is what forward makes.",
        kind="architecture",
    )


class _Reshapes(TorchFunctionMode):
    """Notices a view or reshape that exchanges two sizes of four axes or more."""

    mixed = False

    def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None):
        made = func(*args, **(kwargs or {}))
        if getattr(func, "__name__", "") in ("view", "reshape") and isinstance(made, Tensor):
            was, now = tuple(args[0].shape), tuple(made.shape)
            self.mixed |= len(was) > 3 and was != now and sorted(was) == sorted(now)
        return made


def axes_are_turned(build: _Build, inputs: _Inputs) -> Case:
    """Axes change places by permute or by name, and not by cutting the numbers anew.

    Args:
        build: makes the network from the answer.
        inputs: clips (B, T, C, H, W) first, with B, T and C all different.
    """

    def run(answer: Any) -> bool:
        with torch.no_grad(), _Reshapes() as seen:
            build(answer)(*inputs())
        return seen.mixed

    said = "A view or reshape exchanges two sizes and turns no axis: numbers of one frame and"
    return Case(
        name="two sizes exchanged by view",
        run=run,
        expect=False,
        tells=lambda _: ("view for permute", f"{said} colour come to stand for others."),
        nudge="permute, transpose and einops turn axes; view and reshape only cut anew.",
        kind="axes",
    )


def _unsteady(seen: dict[str, bool]) -> tuple[str, str]:
    """What two calls and two modes say of a network."""
    in_train, in_eval, _, from_one_seed = seen.values()
    if not from_one_seed:
        what = "Two calls with one input differ, from one seed as well: it keeps something from"
        return "kept between calls", f"{what} one call to the next, or has a source of its own."
    if in_train and in_eval:
        what = (
            "It does one thing in train(), another in eval(): a layer keeps running statistics"
        )
        return "two modes", f"{what}, as batch norm does."
    if in_eval:
        what = "In train() two calls differ, in eval() they do not: that is dropout"
        return "dropout", f"{what}, or a draw that asks for self.training."
    what = "Two calls with one input differ in eval(), too, and agree from one seed"
    return "two calls", f"{what}: something is drawn inside."


def _from_one_seed(module: nn.Module, given: tuple[Tensor, ...]) -> Tensor:
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        return module(*given)


def _who_changes_whom(module: nn.Module, given: tuple[Tensor, ...], before: Tensor) -> str:
    """Exchange one sample after another, and see whose results change."""
    n = min(len(before), 4)
    given = tuple(part[:n] for part in given)
    before = module(*given)
    touched = torch.zeros(n, n, dtype=torch.bool)  # [whose result, by whom]
    for j in range(n):
        others = []
        for part in given:
            other = part.clone()
            other[j] = 0.5 - part[j]
            others.append(other)
        after = module(*others)
        if len(after) != n:
            return _SOME
        moved = (after - before).reshape(n, -1).abs().amax(dim=1)
        touched[:, j] = moved > _CLOSE * before.abs().max().clamp(min=1e-6)
    if touched.all():
        return _OTHERS
    if not (touched & ~torch.eye(n, dtype=torch.bool)).any():
        return _NUMBER
    if touched.all(dim=0).sum() == 1 and touched.sum() == n:
        return _FIRST
    alone = (touched.sum(dim=0) == 1).all() and (touched.sum(dim=1) == 1).all()
    return _PLACE if alone else _SOME


def _of_neighbours(seen: str, sample: str) -> tuple[str, str]:
    """What it says of a network whose results hang on other samples."""
    if seen == _OTHERS:
        what = f"Every {sample} of the batch changes every result: something is taken over axis"
        return "statistics of the batch", f"{what} 0, as batch norm, a mean or a sum does."
    if seen == _PLACE:
        what = f"Each result belongs to another {sample} than the one at its place"
        return "results at other places", f"{what}: a flip, or a view that mixes axis 0 up."
    if seen == _FIRST:
        what = f"One {sample} alone decides all results"
        return "one sample for all", f"{what}: an index where the whole batch is meant."
    if seen == _NUMBER:
        what = f"No {sample} changes another's result, but the number of them changes all"
        return (
            "the size of the batch",
            f"{what}: a division by it, or its shape.",
        )
    what = f"A {sample} changes results of some others: axis 0 is mixed up with another by view"
    return "samples mixed up", f"{what} or reshape, or something is picked along it."


def _apart(one: Tensor, other: Tensor) -> float:
    """Largest difference, as a share of the size of the numbers."""
    size = one.abs().max().clamp(min=1e-6)
    return ((one - other).abs().max() / size).item()
