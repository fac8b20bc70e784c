"""Ways to walk down a gradient, right and wrong: what the slips of both steps share."""

from torch import Tensor

from vgan_lessons.exercises.tiny_players import Descent


def walk(optim: Descent, objective: Tensor) -> None:
    """Clear, differentiate a scalar objective, step: the right way."""
    optim.zero_grad()
    objective.backward()
    optim.step()


def walk_uphill(optim: Descent, objective: Tensor) -> None:
    """Walk up a scalar objective: the sign is turned."""
    walk(optim, -objective)


def walk_uncleared(optim: Descent, objective: Tensor) -> None:
    """Walk down a scalar objective without zero_grad."""
    objective.backward()
    optim.step()


def walk_cleared_late(optim: Descent, objective: Tensor) -> None:
    """Walk down a scalar objective with zero_grad after backward."""
    objective.backward()
    optim.zero_grad()
    optim.step()


def walk_cleared_again(optim: Descent, objective: Tensor) -> None:
    """Walk down a scalar objective with zero_grad at both ends."""
    walk(optim, objective)
    optim.zero_grad()


def step_first(optim: Descent, objective: Tensor) -> None:
    """Step before the gradient of the scalar objective is there."""
    optim.zero_grad()
    optim.step()
    objective.backward()
