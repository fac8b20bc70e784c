"""One run of an answer: call it on one case or probe and write down what happened."""

from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from typing import Any

import torch
from torch import Tensor

from vgan_lessons.checking.calling import caller
from vgan_lessons.checking.exercise import Case, Exercise
from vgan_lessons.checking.far_device import FarDevice
from vgan_lessons.checking.plain import plain, same_state, state_of, tensors_in
from vgan_lessons.checking.probes import Probe, draw_inputs, dress
from vgan_lessons.checking.randomness import (
    global_settings,
    random_states,
    restore_settings,
    seed_everything,
)
from vgan_lessons.checking.troubles import Trouble, trouble_from


@dataclass(frozen=True)
class Observation:
    """What happened when an answer met one case or probe, as plain data.

    Args:
        value: what came back; for a second call both results.
        gradients: by input name; None where none arrived.
        second: gradients of the gradients, where the exercise promises them.
        after: state of every input afterwards.
        changed: names of the inputs whose state is not what it was.
        dtypes: of every tensor that came back.
        devices: of every tensor that came back.
        attached: whether the result hangs on a graph.
        moved: global random sources that were used, with a fingerprint of their new state.
        settings_kept: whether torch's global switches are as they were.
        trouble: the exception, if there was one.
    """

    value: Any = None
    gradients: dict[str, Tensor | None] = field(default_factory=dict)
    second: dict[str, Tensor | None] = field(default_factory=dict)
    after: dict[str, Any] = field(default_factory=dict)
    changed: tuple[str, ...] = ()
    dtypes: tuple[str, ...] = ()
    devices: tuple[str, ...] = ()
    attached: bool = False
    moved: dict[str, int] = field(default_factory=dict)
    settings_kept: bool = True
    trouble: Trouble | None = None


def run_case(case: Case, answer: Any, seed: int) -> Observation:
    """Run one hand-worked case; `seed` sets the global sources, whose use is noted."""

    def run() -> Observation:
        return Observation(value=plain(case.run(answer)))

    return _watched(run, answer, seed)


def run_probe(
    exercise: Exercise, probe: Probe, answer: Any, *, drawn_by: int, seed: int
) -> Observation:
    """Call the answer on one probe, and differentiate what comes back.

    Args:
        exercise: says what the inputs are.
        probe: says how they are dressed.
        answer: a learner's object, the reference or a mistake.
        drawn_by: seed of the inputs.
        seed: sets the global sources, whose use is noted.
    """

    def run() -> Observation:
        leaves: dict[str, Tensor] = {}
        drawn = draw_inputs(exercise, probe, drawn_by)
        inputs = {name: dress(value, probe, leaves, name) for name, value in drawn.items()}
        seen, returned = _call(exercise, probe, answer, inputs)
        if probe.again or probe.far or not leaves:
            return seen
        try:
            first, second = _slopes(returned, leaves, twice=exercise.second_order)
        except Exception as error:
            return replace(seen, trouble=trouble_from(error, answer, during="backward"))
        return replace(seen, gradients=first, second=second)

    return _watched(run, answer, seed, default_dtype=probe.default_dtype)


def _call(
    exercise: Exercise, probe: Probe, answer: Any, inputs: dict[str, Any]
) -> tuple[Observation, list[Tensor]]:
    """Call the answer; note what came back and what became of the inputs."""
    call, far = caller(exercise), FarDevice()
    if probe.far:
        for _, tensor in tensors_in(inputs):
            far.mark(tensor)
    before = {name: state_of(value) for name, value in inputs.items()}
    with far if probe.far else nullcontext():
        result = call(answer, inputs)
    after = {name: state_of(value) for name, value in inputs.items()}
    if probe.again:
        result = (result, call(answer, inputs))
    returned = [tensor for _, tensor in tensors_in(result)]
    seen = Observation(
        value=plain(result),
        after=after,
        changed=tuple(name for name in inputs if not same_state(before[name], after[name])),
        dtypes=tuple(str(tensor.dtype).removeprefix("torch.") for tensor in returned),
        devices=tuple("far" if far.marked(t) else "cpu" for t in returned if far.watched),
        attached=any(tensor.requires_grad for tensor in returned),
    )
    return seen, returned


@torch.enable_grad()  # whatever the answer left switched off
def _slopes(
    returned: list[Tensor], leaves: dict[str, Tensor], *, twice: bool
) -> tuple[dict[str, Tensor | None], dict[str, Tensor | None]]:
    """Gradients of what came back by every leaf, and the gradients of those."""
    first = _pull(returned, leaves, keep=twice)
    pulled = [gradient for gradient in first.values() if gradient is not None]
    second = _pull(pulled, leaves) if twice else {}
    return {name: plain(gradient) for name, gradient in first.items()}, second


def _watched(
    run: Callable[[], Observation],
    answer: Any,
    seed: int,
    default_dtype: torch.dtype = torch.float32,
) -> Observation:
    """Note what a run did to global random sources and switches, and undo the switches."""
    restore_settings((default_dtype, True))
    before = seed_everything(seed)
    try:
        seen = run()
    except (Exception, SystemExit) as error:
        seen = Observation(trouble=trouble_from(error, answer))
    kept = global_settings() == (default_dtype, True)
    after = random_states()
    moved = {name: after[name] for name in after if after[name] != before[name]}
    return replace(seen, moved=moved, settings_kept=kept)


def _pull(
    outputs: list[Tensor], leaves: dict[str, Tensor], *, keep: bool = False
) -> dict[str, Tensor | None]:
    """Differentiate one fixed mixture of all the outputs by every leaf."""
    outputs = [torch.view_as_real(t) if t.is_complex() else t for t in outputs]
    outputs = [tensor for tensor in outputs if tensor.requires_grad]
    if not outputs:
        return dict.fromkeys(leaves)
    mixture = 0
    for tensor in outputs:
        weights = torch.linspace(0.5, 1.5, tensor.numel(), dtype=tensor.dtype)
        mixture = mixture + (tensor.reshape(-1) * weights).sum()
    found = torch.autograd.grad(
        mixture, list(leaves.values()), allow_unused=True, create_graph=keep, retain_graph=True
    )
    return dict(zip(leaves, found, strict=True))
