"""Wrong answers whose numbers are right and whose conduct is not.

They change their inputs, remember, cast, stay on the CPU, or use the global random state.
"""

import random

import numpy as np
import torch
from torch import Tensor, nn

from checking.spoiling import after, first_tensor, on_tensors, wrong


@wrong("side effects")
def input_doubled_in_place(right):
    def answer(*args):
        result = right(*[a.clone() if isinstance(a, Tensor) else a for a in args])
        first_tensor(args).data.mul_(2)
        return result

    return answer


@wrong("side effects")
def input_resized(right):
    def answer(*args):
        result = right(*args)
        x = first_tensor(args)
        x.data = x.data.reshape(-1)[:1]
        return result

    return answer


@wrong("side effects")
def gradients_switched_on(right):
    def answer(*args):
        for a in args:
            if isinstance(a, Tensor) and a.is_floating_point():
                a.requires_grad_(True)
        return right(*args)

    return answer


@wrong("side effects")
def gradients_switched_off_for_all(right):
    def answer(*args):
        result = right(*args)
        torch.set_grad_enabled(False)
        return result

    return answer


@wrong("side effects")
def grows_from_call_to_call(right):
    calls = []

    def answer(*args):
        calls.append(args)
        return on_tensors(lambda y: y * len(calls), right(*args))

    return answer


def _shapes(given):
    """Something hashable that two calls of one form have in common."""
    if isinstance(given, tuple):
        return tuple(map(_shapes, given))
    return getattr(given, "shape", given)


@wrong("side effects")
def remembers_the_first_result(right):
    kept = {}

    def answer(*args):
        key = tuple(_shapes(a) for a in args if not isinstance(a, nn.Module))
        return kept.setdefault(key, right(*args))

    return answer


@wrong("dtype/device/seed")
def cast_to_float32(right):
    return after(lambda y: y.cfloat() if y.is_complex() else y.float())(right)


@wrong("dtype/device/seed")
def cast_to_float64(right):
    return after(lambda y: y.cdouble() if y.is_complex() else y.double())(right)


@wrong("dtype/device/seed")
def a_new_tensor_of_the_default_dtype(right):
    return after(lambda y: torch.zeros(y.shape) + y)(right)


@wrong("dtype/device/seed")
def copied_into_a_tensor_on_the_cpu(right):
    def answer(*args):
        made = [
            torch.ones(a.shape) * a if isinstance(a, Tensor) and a.ndim else a for a in args
        ]
        return right(*made)

    return answer


@wrong("dtype/device/seed")
def brought_to_the_cpu(right):
    return after(Tensor.cpu)(right)


@wrong("dtype/device/seed")
def torch_reseeded(right):
    def answer(*args):
        torch.manual_seed(0)
        return right(*args)

    return answer


@wrong("dtype/device/seed")
def numpy_reseeded(right):
    def answer(*args):
        np.random.seed(1)
        return right(*args)

    return answer


@wrong("dtype/device/seed")
def global_numbers_drawn(right):
    def answer(*args):
        torch.rand(3)
        random.random()
        return right(*args)

    return answer
