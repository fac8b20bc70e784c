"""Ready-made cases for networks that have to do the same thing whoever is beside them.

Each function makes one `Case`, as those of `architecture` do: `build` takes the learner's class
and returns a module, `inputs` draws fresh inputs for it, samples along the first axis.
"""

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn

from vgan_lessons.checking.exercise import Case

_Build = Callable[[Any], nn.Module]
_Inputs = Callable[[], tuple[Tensor, ...]]
_CLOSE = 1e-4  # a batch of another size may be summed in another order
_SAME = (
    "the same twice in train()",
    "the same twice in eval()",
    "the same in train() and eval()",
)


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
            alone = module(*(part[:2] for part in given))
        return "the same" if _apart(together[:2], alone) < _CLOSE else "another result"

    return Case(
        name=f"one {sample} beside others",
        run=run,
        expect="the same",
        tells=lambda seen: (
            "statistics of the batch",
            f"Something looks along the batch, and one {sample} changes another's result: "
            "batch norm, a mean or a maximum over axis 0, or axis 0 taken for another.",
        ),
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
            first, second = (module.train()(*given) for _ in range(2))
            third, fourth = (module.eval()(*given) for _ in range(2))
        pairs = (first, second), (third, fourth), (first, third)
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


def _unsteady(seen: dict[str, bool]) -> tuple[str, str]:
    """What two calls and two modes say of a network."""
    in_train, in_eval, _ = seen.values()
    if in_train and in_eval:
        what = (
            "It does one thing in train(), another in eval(): a layer keeps running statistics"
        )
        return "two modes", f"{what}, as batch norm does."
    if in_eval:
        what = "In train() two calls differ, in eval() they do not: that is dropout"
        return "dropout", f"{what}, or a draw that asks for self.training."
    what = "Two calls with one input differ in eval(), too: something is drawn inside"
    return "two calls", f"{what}, or kept from one call to the next."


def _apart(one: Tensor, other: Tensor) -> float:
    """Largest difference, as a share of the size of the numbers."""
    size = one.abs().max().clamp(min=1e-6)
    return ((one - other).abs().max() / size).item()
