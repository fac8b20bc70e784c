"""3.9: a penalty that is computed now and then, and weighs as much on average."""

import torch

from vgan_lessons import penalties
from vgan_lessons.checking import Case, Draw, Exercise, Mistake
from vgan_lessons.exercises.critics import CountingPenalty, pull_on_weights


def _inputs(draw: Draw) -> dict:
    """Due on the first and the third table of sizes, not due on the second."""
    every = 2 + int(draw.integers("", 1, 4))
    late = draw.size("L") - 1
    step = every * int(draw.integers("", 1, 6)) + late
    return {"penalty": CountingPenalty(draw.normal("N")), "step": step, "every": every}


def _half():
    return torch.tensor(0.5)


def _payments(steps: range, every: int):
    return lambda answer: tuple(answer(_half, step, every) for step in steps)


def _when_computed(answer):
    asked = []
    for step in range(1, 13):
        answer(lambda step=step: asked.append(step) or _half(), step, 4)
    return tuple(asked)


def _pull_when_due(answer):
    def penalty_of(critic):
        return answer(lambda: critic(torch.ones(1, 2)).sum(), 6, 3)

    return pull_on_weights([3.0, 4.0], penalty_of)


def _lazy(due, pay=lambda penalty, every: every * penalty(), rest=0.0):
    """An answer from its parts: when to pay, how much, and what comes back between."""

    def answer(penalty, step, every):
        if due(step, every):
            return pay(penalty, every)
        return rest if rest is None else torch.tensor(rest)

    return answer


def _divides(step, every):
    return step % every == 0


def _always_computed(penalty, step, every):
    paid = penalty()
    return every * paid if step % every == 0 else torch.zeros(())


def _computed_twice(penalty, step, every):
    due = step % every == 0
    return every * penalty() if due and penalty() is not None else torch.zeros(())


def _pay_backwards(penalty, every):
    paid = every * penalty()
    if paid.requires_grad:
        paid.backward(retain_graph=True)
    return paid


def _divmod(penalty, step, every):
    _, since = divmod(step, every)
    return torch.zeros(()) if since else penalty() * every


def _added_up(penalty, step, every):
    paid = torch.tensor(0.0)
    if step // every * every == step:
        paid = paid + every * penalty()
    return paid


LAZY_PENALTY = Exercise(
    name="lazy_penalty",
    number="3.9",
    minutes=4,
    contract=(
        "penalty is called without arguments and returns a scalar. On steps that `every` "
        "divides (0 is one of them), return `every` times what it returns; gradient flows "
        "through.",
        "On all other steps return 0, and do not call penalty at all: saving that work is the "
        "point.",
    ),
    reference=penalties.lazy_penalty,
    inputs=_inputs,
    sizes={"L": (1, 2, 1)},
    waived=("graph cut", "dtype", "device"),
    cases=(
        Case(
            name="two periods of 4",
            run=_payments(range(8), 4),
            expect=(2.0, 0.0, 0.0, 0.0, 2.0, 0.0, 0.0, 0.0),  # 4 * 0.5, then nothing
            nudge="A penalty of 0.5, paid on steps 0 and 4 for four steps at once.",
        ),
        Case(
            name="when it is computed",
            run=_when_computed,
            expect=(4, 8, 12),
            nudge="In steps 1 to 12 it has to be called on 4, 8 and 12, once each.",
        ),
        Case(
            name="the pull when it is due",
            run=_pull_when_due,
            expect=(21.0, torch.tensor([3.0, 3.0])),  # 3 * (3 + 4), and 3 * 1
            nudge="What is paid three-fold pulls three-fold: keep the graph.",
            kind="gradients",
        ),
    ),
    hints=(
        "Paying k-fold every k-th step is as much on average, and k times as cheap.",
        "The remainder of step by every says whether it is due; call penalty inside the "
        "branch only.",
        "`if step % every == 0: return every * penalty()`, and a zero below.",
    ),
    mistakes=(
        Mistake(
            "weight forgotten",
            _lazy(_divides, lambda penalty, every: penalty()),
            "Paid every k-th step at its plain weight, the penalty is k times too weak.",
        ),
        Mistake(
            "divided by every",
            _lazy(_divides, lambda penalty, every: penalty() / every),
            "The rare payment has to be the larger one: multiply.",
        ),
        Mistake(
            "paid at every step",
            _lazy(lambda step, every: True),
            "It is paid at every step and k-fold: k times too strong, and nothing is saved.",
        ),
        Mistake(
            "due on the last step of a period",
            _lazy(lambda step, every: step % every == every - 1),
            "It is due where the remainder is 0, step 0 included.",
        ),
        Mistake(
            "due when it should rest",
            _lazy(lambda step, every: step % every),
            "The remainder is 0, which counts as false, exactly when it is due.",
        ),
        Mistake(
            "step 0 left out",
            _lazy(lambda step, every: step and step % every == 0),
            "Every number divides 0: the first step pays, too.",
        ),
        Mistake(
            "remainder the wrong way round",
            _lazy(lambda step, every: every % max(step, 1) == 0),
            "step % every, not every % step.",
        ),
        Mistake(
            "None between",
            _lazy(_divides, rest=None),
            "The loss adds what comes back at every step: return a zero.",
        ),
        Mistake(
            "computed and thrown away",
            _always_computed,
            "The sums are right, but the double backward runs at every step: call penalty "
            "only when it is due.",
            "side effects",
        ),
        Mistake(
            "computed twice",
            _computed_twice,
            "One call when it is due: each costs a double backward.",
            "side effects",
        ),
        Mistake(
            "cut off from the graph",
            _lazy(_divides, lambda penalty, every: every * penalty().detach()),
            "The value is right, but a detach lets no gradient reach D.",
            "gradients",
        ),
        Mistake(
            "backward inside",
            _lazy(_divides, _pay_backwards),
            "What comes back is a value that D adds to its loss; backward belongs to the step.",
            "side effects",
        ),
    ),
    alternatives={
        "divmod": _divmod,
        "added to a zero": _added_up,
        "a plain 0 between": lambda penalty, step, every: (
            0.0 if step % every else every * penalty()
        ),
    },
)
