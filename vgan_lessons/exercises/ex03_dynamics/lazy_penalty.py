"""3.5c: a penalty that is computed now and then, and weighs as much on average."""

import torch
from torch import Tensor, nn

from vgan_lessons import penalties
from vgan_lessons.checking import Case, Draw, Exercise, Mistake
from vgan_lessons.exercises.critics import pull_on_weights


class CountingPenalty(nn.Module):
    """A penalty of some weights, (N,), that counts how often it was asked for."""

    def __init__(self, weights: Tensor) -> None:
        super().__init__()
        self.weights = nn.Parameter(weights)
        self.register_buffer("n_calls", torch.tensor(0))

    def forward(self) -> Tensor:
        """Scalar: the mean square of the weights."""
        self.n_calls += 1
        return self.weights.square().mean()


def _inputs(draw: Draw) -> dict:
    """Due on the first and the third table of sizes, not due on the second."""
    every = 2 + int(draw.integers("", 1, 4))
    late = draw.size("L") - 1
    step = every * int(draw.integers("", 1, 6)) + late
    return {"penalty": CountingPenalty(draw.normal("N")), "step": step, "every": every}


def _half():
    return torch.tensor(0.5)


def _when_computed(answer):
    asked = []
    for step in range(1, 13):
        answer(lambda step=step: asked.append(step) or _half(), step, 4)
    return tuple(asked)


def _pull_when_due(answer):
    def penalty_of(critic):
        return answer(lambda: critic(torch.ones(1, 2)).sum(), 6, 3)

    return pull_on_weights([3.0, 4.0], penalty_of)


# fmt: off
LAZY_PENALTY = Exercise(
    name="lazy_penalty",
    number="3.5c",
    minutes=4,
    contract=(
        "penalty is called without arguments and returns a scalar. On steps that `every` "
        "divides (0 is one of them), return `every` times what it returns; gradient flows "
        "through.",
        "On all other steps return a zero tensor without axes (later cells call `.item()` and "
        ".to() on it), and do not call penalty at all: saving that work is the point.",
    ),
    reference=penalties.lazy_penalty,
    inputs=_inputs,
    sizes={"L": (1, 2, 1)},
    waived=("graph cut", "dtype", "device"),
    cases=(  # situation, what is seen, by hand, where to look
        Case("two periods of 4", lambda answer: tuple(answer(_half, step, 4) for step in range(8)),
             (2.0, 0.0, 0.0, 0.0, 2.0, 0.0, 0.0, 0.0),  # 4 * 0.5, then nothing
             "A penalty of 0.5, paid on steps 0 and 4 for four steps at once."),
        Case("what comes back can be read and moved", lambda answer: [isinstance(answer(_half, step, 4), Tensor) for step in (0, 1)],
             (True, True),
             "Later cells call .item() and .to() on it: a plain 0 has neither, a zero tensor has both."),
        Case("when it is computed", _when_computed, (4, 8, 12),
             "In steps 1 to 12 it has to be called on 4, 8 and 12, once each."),
        Case("the pull when it is due", _pull_when_due, (21.0, torch.tensor([3.0, 3.0])),  # 3 * (3 + 4), and 3 * 1
             "What is paid three-fold pulls three-fold: keep the graph.", "gradients"),
    ),
    hints=(
        "Paying k-fold every k-th step is as much on average, and k times as cheap.",
        "The remainder of step by every says whether it is due; call penalty inside the "
        "branch only.",
        "`if step % every == 0: return every * penalty()`, and a zero below.",
    ),
    mistakes=(  # name, edits of the reference, diagnosis, kind
        Mistake("weight forgotten", {"every * penalty()": "penalty()"},
                "Paid every k-th step at its plain weight, the penalty is k times too weak."),
        Mistake("divided by every", {"every * penalty()": "penalty() / every"},
                "The rare payment has to be the larger one: multiply."),
        Mistake("paid at every step", {"step % every == 0": "True"},
                "It is paid at every step and k-fold: k times too strong, and nothing is saved."),
        Mistake("due on the last step of a period", {"step % every == 0": "step % every == every - 1"},
                "It is due where the remainder is 0, step 0 included."),
        Mistake("due when it should rest", {"step % every == 0": "step % every"},
                "The remainder is 0, which counts as false, exactly when it is due."),
        Mistake("step 0 left out", {"step % every == 0": "step and step % every == 0"},
                "Every number divides 0: the first step pays, too."),
        Mistake("remainder the wrong way round", {"step % every": "every % max(step, 1)"},
                "step % every, not every % step."),
        Mistake("a plain 0 between", {"torch.zeros(())": "0.0"},
                "A plain 0 has no .item() and no .to(), which later cells call: return torch.zeros(())."),
        Mistake("None between", {"torch.zeros(())": "None"},
                "The loss adds what comes back at every step: return a zero."),
        Mistake("computed and thrown away", {"if step": "paid = penalty()\n    if step", "every * penalty()": "every * paid"},
                "The sums are right, but the double backward runs at every step: call penalty only when it is due.", "side effects"),
        Mistake("computed twice", {"step % every == 0": "step % every == 0 and penalty() is not None"},
                "One call when it is due: each costs a double backward.", "side effects"),
        Mistake("cut off from the graph", {"every * penalty()": "every * penalty().detach()"},
                "The value is right, but a detach lets no gradient reach D.", "gradients"),
        Mistake("backward inside",
                {"return every * penalty()": "paid = every * penalty()\n        if paid.requires_grad:\n"
                 "            paid.backward(retain_graph=True)\n        return paid"},
                "What comes back is a value that D adds to its loss; backward belongs to the step.", "side effects"),
    ),
)
