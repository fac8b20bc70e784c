"""5.3: where the kernels of a transposed convolution overlap."""

import torch
from torch import Tensor

from vgan_lessons.checking import Case, Exercise, Mistake
from vgan_lessons.models import upsampling


def _counts(kernel: int, stride: int, n_in: int):
    return lambda answer: answer(kernel, stride, n_in)


def _whole(*counts: int) -> Tensor:
    return torch.tensor(counts)


_ADD = "counts[first : first + kernel] += 1"
_SIZE = "(n_in - 1) * stride + kernel"

# fmt: off
OVERLAP_MAP = Exercise(
    name="overlap_map",
    number="5.3",
    minutes=8,
    contract=(
        "One axis, no padding: input place i is laid over the `kernel` output places from "
        "i * stride on.",
        "Return how many input places are laid over each output place: int64, "
        "`((n_in - 1) * stride + kernel,)`.",
        "Places between two kernels that nothing reaches count 0.",
    ),
    reference=upsampling.overlap_map,
    cases=(
        Case("kernel 3, stride 2, four places", _counts(3, 2, 4), _whole(1, 1, 2, 1, 2, 1, 2, 1, 1),
             "Draw it: the kernels lie over places 0-2, 2-4, 4-6 and 6-8."),
        Case("kernel 4, stride 2, three places", _counts(4, 2, 3), _whole(1, 1, 2, 2, 2, 2, 1, 1),
             "Two neighbours share two places: 0-3, 2-5 and 4-7."),
        Case("kernel 2, stride 3: a gap", _counts(2, 3, 3), _whole(1, 1, 0, 1, 1, 0, 1, 1),
             "A stride wider than the kernel leaves places that nothing reaches."),
        Case("whole numbers", lambda answer: str(answer(3, 2, 4).dtype), "torch.int64", "Counts are int64.", "dtype/device/seed"),
    ),
    hints=(
        "Lay the kernel down once for each input place, and count how often every output place is covered.",
        "Input place i covers the output places from `i * stride` up to, not including, `i * stride + kernel`.",
        "Zeros of the right length in int64; a loop over the input places; in it add 1 to a slice.",
    ),
    mistakes=(  # name, edits of the reference, diagnosis, kind
        Mistake("stride of a plain convolution", {_SIZE: "max((n_in - kernel) // stride + 1, 1)"},
                "This is the length after an ordinary convolution, which shrinks; a transposed one grows.", "axes"),
        Mistake("places side by side", {"range(0, n_in * stride, stride)": "range(n_in)"},
                "The kernels lie one place apart: neighbouring inputs are `stride` places apart on the output."),
        Mistake("no overlap", {_ADD: "counts[first : first + kernel] = 1"},
                "A place covered twice counts once here: add, do not assign."),
        Mistake("a kernel too narrow", {_ADD: "counts[first : first + stride] += 1"},
                "Each input covers `kernel` places, not `stride`."),
        Mistake("the last place forgotten", {"range(0, n_in * stride, stride)": "range(0, (n_in - 1) * stride, stride)"},
                "The last input place is never laid down: there are n_in of them, not n_in - 1."),
        Mistake("steps as wide as kernel - 1", {"range(0, n_in * stride, stride)": "range(0, n_in * (kernel - 1), kernel - 1)"},
                "The kernels overlap in one place whatever `stride` says: neighbours lie `stride` places apart."),
        Mistake("gaps closed", {"return counts": "return counts.clamp(min=1)"},
                "Where the stride is wider than the kernel there are places that nothing reaches: they count 0."),
        Mistake("one place too many", {_SIZE: "n_in * stride + kernel"},
                "The length is (n_in - 1) * stride + kernel: the first kernel needs no step.", "axes"),
        Mistake("counted in floats", {", dtype=torch.int64": ""},
                "The counts are right and come as floats: make the zeros in int64.", "dtype/device/seed"),
        Mistake("a share of the sum", {"return counts": "return counts / counts.sum()"},
                "These are shares of the sum; asked is how many."),
        Mistake("the end cut off", {_SIZE: "n_in * stride"},
                "The map is n_in * stride long: the last kernel reaches kernel places from where it begins.", "axes"),
        Mistake("steps over the inputs", {"range(0, n_in * stride, stride)": "range(0, n_in, stride)"},
                "The loop jumps over inputs: every one of the n_in lays a kernel, and the kernels begin `stride` apart."),
    ),
)
