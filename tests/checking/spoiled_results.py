"""Wrong answers whose result is wrong: in its numbers, its axes or its gradients.

Written from what goes wrong in practice, not from what the engine looks at: each wraps a right
answer and spoils one thing.
"""

import torch
from torch import Tensor

from checking.spoiling import after, before, on_tensors, wrong


@wrong("values")
def one_percent_too_large(right):
    return after(lambda y: y * 1.01)(right)


@wrong("values")
def wrong_sign(right):
    return after(lambda y: -y)(right)


@wrong("values")
def a_small_constant_added(right):
    return after(lambda y: y + 0.01)(right)


@wrong("values")
def nothing_returned(right):
    def answer(*args):
        right(*args)

    return answer


@wrong("values")
def always_the_same_number(right):
    return lambda *args: on_tensors(lambda y: y * 0 + 1.25, right(*args))


@wrong("values")
def not_a_number(right):
    return after(lambda y: y * float("nan"))(right)


@wrong("values")
def equal_to_everything(right):
    class Agreeable:
        def __eq__(self, other):
            return True

        __hash__ = None

        def __getattr__(self, name):
            return self

        def __call__(self, *args, **kwargs):
            return self

    return lambda *args: Agreeable()


@wrong("axes")
def one_axis_too_many(right):
    return after(lambda y: y.unsqueeze(0))(right)


@wrong("axes")
def axes_turned_round(right):
    return after(lambda y: y.permute(*reversed(range(y.ndim))))(right)


@wrong("axes")
def flattened(right):
    return after(lambda y: y.reshape(-1))(right)


@wrong("axes")
def the_first_input_reversed(right):
    return lambda first, *rest: right(first.flip(0) if first.ndim else first, *rest)


@wrong("axes")
def only_the_first_of_the_batch(right):
    return lambda first, *rest: right(first[:1] if first.ndim else first, *rest)


@wrong("axes")
def inputs_in_the_other_order(right):
    return lambda *args: right(*reversed(args))


@wrong("gradients")
def detached(right):
    return after(Tensor.detach)(right)


@wrong("gradients")
def through_item(right):
    def again(y):
        made = torch.tensor(y.tolist(), dtype=y.dtype, device=y.device)
        return made.requires_grad_(y.requires_grad)  # hangs on a graph, but not on the inputs'

    return after(again)(right)


@wrong("gradients")
def under_no_grad(right):
    def answer(*args):
        with torch.no_grad():
            return right(*args)

    return answer


@wrong("gradients")
def twice_the_gradient(right):
    return after(lambda y: 2 * y - y.detach())(right)


@wrong("gradients")
def the_gradient_turned_round(right):
    return after(lambda y: 2 * y.detach() - y)(right)


@wrong("gradients")
def a_gradient_clipped(right):
    def clip(y):
        if y.requires_grad:
            y = y.clone()
            y.register_hook(lambda g: g.clamp(-1e-2, 1e-2))
        return y

    return before(clip)(right)
