"""What every answer promises about its result, and what breaking it looks like.

Each function compares one observation of an answer with the reference's on the same probe
and yields findings. What the reference does is right: a probe on which it cannot run is not
asked of anybody. `conduct` holds the promises about everything but the result.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from vgan_lessons.checking.comparing import difference
from vgan_lessons.checking.exercise import Exercise, Kind, Rule
from vgan_lessons.checking.far_device import WrongDevice
from vgan_lessons.checking.probes import Probe
from vgan_lessons.checking.running import Observation

_CUT = "A .detach(), .item(), .numpy(), torch.no_grad() or a new torch.tensor(...) cuts it."
_UNCUT = "Detach it, or compute it under torch.no_grad()."
_DEVICE = "Make new tensors on the inputs' device, for example with torch.zeros_like(x)."
_DTYPE = "Make new tensors in the inputs' dtype, for example with torch.zeros_like(x)."
_FOREIGN: Kind = "dtype/device/seed"


@dataclass(frozen=True)
class Finding:
    """One broken promise.

    Args:
        what: what was expected and what came, without a full stop at the end.
        advice: where to look, a full sentence.
        kind: the class of mistake it points at.
        rule: the house rule it breaks, if it is one that a statement may waive.
        trial: the case or probe that shows it.
        shapes: of the inputs, where the engine drew them: " (shapes (3,), (5,))".
    """

    what: str
    advice: str = ""
    kind: Kind = "values"
    rule: Rule | None = None
    trial: str = ""
    shapes: str = ""


def same_values(
    exercise: Exercise, probe: Probe, got: Observation, right: Observation
) -> Iterator[Finding]:
    """The result has the reference's type, shape and numbers, on every kind of input."""
    rule = _rule_of(probe)
    if got.trouble:
        if rule == "device" and got.trouble.kind != WrongDevice.__name__:
            return  # a trouble of the pretended device, not of the answer
        advice = {"device": _DEVICE, "dtype": _DTYPE}.get(rule or "", "")
        kind: Kind = "gradients" if got.trouble.during == "backward" else "values"
        yield Finding(str(got.trouble).rstrip("."), advice, _FOREIGN if rule else kind, rule)
        return
    if probe.again:
        return
    wanted, found = right.value, got.value
    if exercise.random:
        wanted, found = _shapes(wanted), _shapes(found)
    said = difference(wanted, found, exercise.tolerance)
    if said:
        kind = "axes" if "shape" in said else "values"
        yield Finding(said, exercise.contract[0], _FOREIGN if rule else kind, rule)


def same_kinds(
    exercise: Exercise, probe: Probe, got: Observation, right: Observation
) -> Iterator[Finding]:
    """Results live on the device and in the dtype of the inputs."""
    if got.trouble or len(got.dtypes) != len(right.dtypes):
        return
    for wanted, found in zip(right.devices, got.devices, strict=False):
        if wanted != found:
            where = {"far": "that device", "cpu": "the CPU"}
            what = f"expected the result on {where[wanted]}, got it on {where[found]}"
            yield Finding(what, _DEVICE, _FOREIGN, "device")
    for wanted, found in zip(right.dtypes, got.dtypes, strict=True):
        if wanted != found:
            what = f"expected a result in {wanted}, got {found}"
            yield Finding(what, _DTYPE, _FOREIGN, "dtype")


def same_gradients(
    exercise: Exercise, probe: Probe, got: Observation, right: Observation
) -> Iterator[Finding]:
    """The same gradient reaches every input and every parameter; none where none belongs."""
    if got.trouble or probe.again or probe.far:
        return
    asked = [name for name in right.gradients if not _is_free(name, exercise)]
    if right.attached and not got.attached and asked:
        yield Finding("the result is cut off from the graph", _CUT, "gradients")
    if got.attached and not right.attached:
        yield Finding("the result still hangs on the graph", _UNCUT, "gradients", "graph cut")
        return
    pairs = (
        ("gradient", right.gradients, got.gradients),
        ("gradient of the gradient", right.second, got.second),
    )
    for word, wanted, found in pairs:
        for name, slope in wanted.items():
            if not _is_free(name, exercise):
                close = None if exercise.random else exercise.tolerance
                said = _slope_difference(slope, found.get(name), close)
                advice = f"Follow {name} through your code to the result."
                if said:
                    yield Finding(f"{word} for {name}: {said}", advice, "gradients")


def _is_free(name: str, exercise: Exercise) -> bool:
    """Whether the statement leaves the gradient for this input, or a part of it, open."""
    return name.split(".")[0].split("[")[0] in exercise.free_gradients


def _rule_of(probe: Probe) -> Rule | None:
    """What a probe is there for, where it differs from a plain one in nothing else."""
    if probe.far:
        return "device"
    on_dtype = probe.dtype is torch.float64 or probe.default_dtype is torch.float64
    return "dtype" if on_dtype else None


def _slope_difference(
    wanted: Tensor | None, found: Tensor | None, tolerance: float | None
) -> str | None:
    """Compare two gradients; none is as good as zero. No tolerance: only whether it arrives."""
    if found is None:
        return "none arrives" if wanted is not None and bool(wanted.any()) else None
    if wanted is None:
        return "it must get none, and gets some" if bool(found.any()) else None
    return None if tolerance is None else difference(wanted, found, tolerance)


def _shapes(value: Any) -> Any:
    """A result with every number dropped: what is left to compare where answers are random."""
    if isinstance(value, Tensor):
        return torch.zeros(value.shape)
    if isinstance(value, tuple):
        return tuple(_shapes(item) for item in value)
    if isinstance(value, dict):
        return {key: _shapes(item) for key, item in value.items()}
    return 0.0 if isinstance(value, bool | int | float) else value
