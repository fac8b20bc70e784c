"""The seeded inputs on which every answer is compared with the reference."""

from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn

from vgan_lessons.checking.draws import Draw
from vgan_lessons.checking.exercise import Exercise


@dataclass(frozen=True)
class Probe:
    """One way of drawing and dressing the inputs.

    Args:
        name: in plain words; part of what the learner reads.
        table: which sizes and which scale.
        dtype: of all floating inputs.
        far: inputs behave as if they were on another device.
        transposed: memory order reversed, so that `view` fails where `reshape` works.
        graph: floating inputs hang on a graph, and gradients are compared.
        default_dtype: torch's global default while the answer runs.
        again: call a second time, as a later cell would.
    """

    name: str
    table: int = 0
    dtype: torch.dtype = torch.float32
    far: bool = False
    transposed: bool = False
    graph: bool = True
    default_dtype: torch.dtype = torch.float32
    again: bool = False


PROBES = (
    Probe("random inputs"),
    Probe("random inputs, a small batch", table=1),
    Probe("random inputs, large numbers", table=2),
    Probe("inputs that are not contiguous and need no gradient", transposed=True, graph=False),
    Probe("float64 inputs", dtype=torch.float64),
    Probe("float32 inputs while torch's default is float64", default_dtype=torch.float64),
    Probe("inputs on another device", far=True),
    Probe("a second call", again=True),
)


def draw_inputs(exercise: Exercise, probe: Probe, seed: int) -> dict[str, Any]:
    """Draw the bare inputs of one probe: float64, contiguous, without graph.

    Args:
        exercise: says which inputs there are.
        probe: says how long their axes are and at what scale.
        seed: of the whole check.
    """
    draw = Draw(
        seed * 1009 + probe.table,
        table=probe.table,
        scale=exercise.scales[probe.table % len(exercise.scales)],
        sizes=exercise.sizes,
    )
    return exercise.inputs(draw)


def dress(value: Any, probe: Probe, leaves: dict[str, Tensor], path: str) -> Any:
    """Cast, transpose and attach one input, and collect where gradients are to be read.

    Args:
        value: what the exercise drew: a tensor, a module, a container, or anything else.
        probe: how it is to be dressed.
        leaves: filled with the tensors to differentiate by, under their names.
        path: the input's name.

    Returns:
        The input as the answer gets it.
    """
    if isinstance(value, Tensor):
        return _dress_tensor(value, probe, leaves, path)
    if isinstance(value, nn.Module):
        value.to(dtype=probe.dtype)
        if probe.graph:
            leaves |= {f"{path}.{n}": p for n, p in value.named_parameters() if p.requires_grad}
        return value
    if isinstance(value, list | tuple):
        items = [dress(v, probe, leaves, f"{path}[{i}]") for i, v in enumerate(value)]
        return type(value)(*items) if hasattr(value, "_fields") else type(value)(items)
    if isinstance(value, dict):
        return {k: dress(v, probe, leaves, f"{path}[{k}]") for k, v in value.items()}
    return value


def _dress_tensor(value: Tensor, probe: Probe, leaves: dict[str, Tensor], path: str) -> Tensor:
    if value.is_floating_point():
        value = value.to(probe.dtype)
    if probe.transposed and value.ndim == 1:
        value = value.repeat_interleave(2)[::2]
    elif probe.transposed and value.ndim:
        backwards = tuple(reversed(range(value.ndim)))
        value = value.permute(backwards).contiguous().permute(backwards)
    if not (probe.graph and value.is_floating_point()):
        return value
    leaves[path] = value.requires_grad_()
    return value.clone()  # no leaf: changing it in place is seen, not refused
