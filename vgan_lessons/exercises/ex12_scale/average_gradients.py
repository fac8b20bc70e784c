"""12.5: the mean gradient of several processes, with ranks that are played one after another."""

import copy

import torch
from torch import Tensor

from vgan_lessons.checking import Case, Exercise, Mistake
from vgan_lessons.exercises.tiny_players import Bent
from vgan_lessons.losses import relativistic_d_loss
from vgan_lessons.penalties import r1_penalty
from vgan_lessons.training import averaging


class _Group:
    """Ranks without processes: all hand in first, then each gets the sums.

    In the first round `all_reduce` only notes what a rank hands in; in the second the n-th call
    of a rank gets the sum of all ranks' n-th.
    """

    def __init__(self, of_ranks: list[list[Tensor]]) -> None:
        self.of_ranks, self.n, self.moved = of_ranks, len(of_ranks), False
        self.returned: object = None
        self.noted: list[list[Tensor]] = [[] for _ in of_ranks]

    def average(self, answer) -> list[list[Tensor]]:
        """What every rank has afterwards."""
        for rank, gradients in enumerate(self.of_ranks):
            noted = self.noted[rank]
            answer(
                copy.deepcopy(gradients), lambda t, noted=noted: noted.append(t.clone()), self.n
            )
        after = copy.deepcopy(self.of_ranks)
        places = [[one.data_ptr() for one in gradients] for gradients in after]
        for gradients in after:
            calls = iter(range(max(map(len, self.noted)) + 1))

            def all_reduce(tensor: Tensor, calls=calls) -> None:
                place = next(calls)
                tensor.copy_(sum(noted[place] for noted in self.noted))

            self.returned = answer([*gradients], all_reduce, self.n)
        self.moved = places != [[one.data_ptr() for one in gradients] for gradients in after]
        return after


def _ranks(*of_ranks: tuple) -> list[list[Tensor]]:
    return [[torch.tensor(one) for one in gradients] for gradients in of_ranks]


def _means(*of_ranks: tuple):
    def run(answer) -> tuple:
        after = _Group(_ranks(*of_ranks)).average(answer)
        return tuple(tuple(gradients) for gradients in after)

    return run


def _calls(answer) -> dict[str, object]:
    group = _Group(
        _ranks(([[1.0, 2.0], [3.0, 4.0]], [5.0], 6.0), ([[0.0] * 2] * 2, [0.0], 0.0))
    )
    group.average(answer)
    return {
        "calls": len(group.noted[0]),
        "shapes": tuple(tuple(one.shape) for one in group.noted[0]),
        "in the same memory": not group.moved,
        "nothing is returned": group.returned is None,
    }


def _turned(answer) -> tuple:
    """A gradient whose rows lie side by side in memory, as channels-last ones do."""
    of_ranks = _ranks(
        ([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]],), ([[3.0, 2.0, 1.0], [0.0, 5.0, 2.0]],)
    )
    turned = [[one.t().contiguous().t() for one in gradients] for gradients in of_ranks]
    after = _Group(turned).average(answer)
    return tuple(gradients[0] for gradients in after)


def _whole_batch(answer) -> float:
    """Two ranks of three pairs against six pairs at once, R1 included, in float64."""
    rng = torch.Generator().manual_seed(1)

    def normal(*shape: int) -> Tensor:
        return torch.randn(shape, generator=rng, dtype=torch.float64)

    real, fake, inner, outer = normal(6, 3), normal(6, 3), normal(4, 3), normal(4)

    def gradients(rows: slice) -> list[Tensor]:
        D = Bent(inner.clone(), outer.clone())
        loss = relativistic_d_loss(D(real[rows]), D(fake[rows]))
        (loss + r1_penalty(D, real[rows], 3.0)).backward()
        return [weight.grad for weight in D.parameters()]

    shares = [gradients(slice(0, 3)), gradients(slice(3, 6))]
    after, whole = _Group(shares).average(answer), gradients(slice(0, 6))
    pairs = (pair for part in after for pair in zip(part, whole, strict=True))
    return max(float((mine - right).abs().max()) for mine, right in pairs)


_FLAT = "flat = torch.cat([gradient.flatten() for gradient in gradients])"
_SUM = "all_reduce(flat)"
_DIVIDE = "flat /= n_processes"
_BACK = "gradient.copy_(mean.view_as(gradient))"

# fmt: off
AVERAGE_GRADIENTS = Exercise(
    name="average_gradients",
    number="12.5",
    minutes=9,
    difficulty="medium",
    contract=(
        "gradients is a list of tensors of any shapes and memory layouts, all of one type; each of the `n_processes` processes calls you with its own.",
        "`all_reduce(tensor)` replaces a tensor, in place, by its sum over all processes, and returns nothing. Call it exactly once, with one tensor of one axis "
        "that holds all gradients end to end.",
        "Afterwards each tensor of the list holds, in place, the mean over the processes. Nothing is returned.",
    ),
    reference=averaging.average_gradients,
    cases=(
        Case("two processes", _means(([1.0, 3.0], [[2.0]], [5.0, 7.0]), ([3.0, 5.0], [[4.0]], [1.0, 1.0])),
             ((torch.tensor([2.0, 4.0]), torch.tensor([[3.0]]), torch.tensor([3.0, 4.0])),) * 2,
             "The mean of (1, 3) and (3, 5) is (2, 4), that of 2 and 4 is 3, that of (5, 7) and (1, 1) is (3, 4), on both processes and in place."),
        Case("three processes", _means(([[6.0, 0.0]],), ([[0.0, 3.0]],), ([[3.0, 3.0]],)), ((torch.tensor([[3.0, 2.0]]),),) * 3,
             "A sum of 9 and 6 over three processes."),
        Case("what goes over the wire", _calls, {"calls": 1, "shapes": ((6,),), "in the same memory": True, "nothing is returned": True},
             "Gradients of 4, 1 and 1 numbers: one call, with 6 numbers in a row.", "side effects"),
        Case("laid out by columns", _turned, (torch.tensor([[2.0, 2.0, 2.0], [2.0, 5.0, 4.0]]),) * 2,
             "A convolution's gradient may be channels-last: neighbours in a row are none in memory. `flatten` copes, `view(-1)` does not.", "axes"),
        Case("the gradient of the whole batch", _whole_batch, "at most 1e-9 from it",
             "Each of two processes has three of six pairs, relativistic loss and R1: the mean of their gradients is that of all six.", "gradients", holds=lambda off: off < 1e-9),
    ),
    hints=(
        "Pack, sum, divide, unpack: each process ends with the same numbers.",
        "`torch.cat` of flattened gradients packs; `flat.split([g.numel() for g in gradients])` unpacks. A tensor is changed in place by `copy_`.",
        "`flat = torch.cat([g.flatten() for g in gradients])`; `all_reduce(flat)`; `flat /= n_processes`; `for g, part in zip(gradients, flat.split(sizes)):` `g.copy_(part.view_as(g))`.",
    ),
    mistakes=(
        Mistake("returned as well", {_BACK: _BACK + "\n    return gradients"}, "The list is returned: the means stand in it already, and nothing is asked for.", "side effects"),
        Mistake("the sum", {_DIVIDE: "pass"}, "This is the sum over the processes: divide by how many there are, or the learning rate grows with them."),
        Mistake("always two", {_DIVIDE: "flat /= 2"}, "The sum is divided by 2, whatever n_processes is."),
        Mistake("divided by the gradients", {_DIVIDE: "flat /= len(gradients)"}, "The sum is divided by the number of gradients: divide by that of processes."),
        Mistake("divided twice", {_FLAT: _FLAT + " / n_processes"}, "The mean is divided by the number of processes once more."),
        Mistake("never summed", {_SUM: "pass"}, "all_reduce is never called: every process keeps its own gradient, and they drift apart."),
        Mistake("a copy is summed", {_SUM: "all_reduce(flat.clone())"}, "all_reduce changes the tensor that it is given, and that was a copy."),
        Mistake("what all_reduce returns", {_SUM: "flat = all_reduce(flat)"}, "all_reduce works in place and returns nothing: do not take its result."),
        Mistake("not written back", {_BACK: "pass"}, "The means are computed and the gradients stay as they were."),
        Mistake("through float32", {_FLAT: "flat = torch.cat([gradient.flatten().float() for gradient in gradients])"}, "The gradients pass through float32: keep the type that they have.", "dtype/device/seed"),
        Mistake("one call a tensor", {_FLAT: "for gradient in gradients:\n        all_reduce(gradient)\n    " + _FLAT, _SUM: "pass"},
                "One call for every tensor: each waits for all processes; lay them end to end and call once.", "side effects"),
        Mistake("only the first", {_FLAT: "gradients = gradients[:1]\n    " + _FLAT}, "Only the first gradient is averaged."),
        Mistake("as stored", {"gradient.flatten()": "gradient.as_strided((gradient.numel(),), (1,))"}, "The numbers are read in the order in which they lie in memory and written back in that of the axes.", "axes"),
        Mistake("one mean for all", {_BACK: "gradient.fill_(mean.mean())"}, "Every entry becomes the mean over the tensor: average over processes only."),
        Mistake("new memory", {_BACK: "gradient.data = mean.view_as(gradient)"}, "The gradients lie in new memory: write into that which is there, with copy_.", "side effects"),
        Mistake("the other order", {_BACK: "gradient.copy_(mean.flip(0).view_as(gradient))"}, "The numbers come back in the opposite order.", "axes"),
        Mistake("half of it own", {_BACK: "gradient.add_(mean.view_as(gradient)).div_(2)"}, "The mean is mixed with the process's own gradient: replace that."),
    ),
)
