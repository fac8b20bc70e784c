"""Centrepiece of notebook 03: the plane of both players, and what one round does near rest."""

import math
from collections.abc import Mapping
from typing import NamedTuple

from matplotlib.figure import Figure
from torch import Tensor

from vgan_lessons.display.drawing import new_figure, put_on_page
from vgan_lessons.display.words import number
from vgan_lessons.dynamics import (
    FIELDS,
    GameSettings,
    motion_of,
    play_game,
    round_eigenvalues,
)
from vgan_lessons.widgets.explorer import Explorer, choice, counter, slider
from vgan_lessons.widgets.phase_panels import draw_circle, draw_distance, draw_plane

START = (1.0, 1.0)
N_ROUNDS = 200
_NEUTRAL = 1e-6  # a growth this close to 1 is no growth
_STRAIGHT = 1e-3  # radians: less than this is no turn
_ORDERS = {"D first, then G": "alternating", "both at once": "simultaneous"}


class PhaseNumbers(NamedTuple):
    """Everything the picture shows, for one way of playing."""

    path: Tensor  # (N_ROUNDS + 1, 2) from START; inf or NaN once it ran away
    radius: Tensor  # (N_ROUNDS + 1,) distance from the equilibrium
    eigenvalues: Tensor  # complex, (2,) or (4,): one round near the equilibrium
    growth: float  # their largest modulus: factor on a small distance each round
    rotation: float  # radians each round
    verdict: str  # what the equilibrium does to a point beside it


def phase_numbers(settings: GameSettings) -> PhaseNumbers:
    """Play the game from (1, 1), and test its equilibrium by the eigenvalues of one round.

    Args:
        settings: the game and how it is played.

    Returns:
        The numbers; for the logistic game at step size 0.2 growth is 1.004988 if both move at
        once ("spirals out") and 1 if they take turns ("circles").
    """
    path = play_game(START, settings, N_ROUNDS)
    eigenvalues = round_eigenvalues(settings)
    growth, rotation = motion_of(eigenvalues)
    verdict = _verdict(growth, rotation)
    return PhaseNumbers(path, path.norm(dim=1), eigenvalues, growth, rotation, verdict)


def phase_explorer() -> Explorer:
    """The game, who moves when, and sliders for h, gamma, D's steps and beta1."""
    controls = {
        "game": choice("game", {name: name for name in FIELDS}),
        "order": choice("who moves", _ORDERS),
        "step_size": slider("step size h", 0.2, lowest=0.1, highest=5, step=0.1),
        "gamma": slider("R1 weight gamma", 0.0, lowest=0, highest=5, step=0.1),
        "n_d": counter("D steps for one G step", 1, lowest=1, highest=10),
        "beta1": slider("Adam's beta1", 0.0, lowest=0, highest=0.9, step=0.1),
    }
    return Explorer(_explored, controls, title="phase explorer")


def show_phase(settings: Mapping[str, GameSettings]) -> None:
    """Draw the explorer's plane and unit circle for a few settings side by side.

    Args:
        settings: title of a column -> how the game is played there; two to four of them.
    """
    figures, words = [], []
    for title, played in settings.items():
        numbers = phase_numbers(played)
        figure, (plane, circle) = new_figure(1, 2, width=2.75, height=5.4)
        draw_plane(plane, played, numbers.path)
        draw_circle(circle, numbers.eigenvalues)
        plane.set_title(title)
        circle.set_title(f"{numbers.verdict}\nlargest modulus {numbers.growth:.4f}")
        figures.append(figure)
        words.append(_in_words(played, numbers))
    put_on_page(*figures, alt=words)


def _explored(
    game: str, order: str, step_size: float, gamma: float, n_d: int, beta1: float
) -> tuple[list[Figure], str]:
    settings = GameSettings(
        game=game,
        alternating=order == "alternating",
        step_size=step_size,
        gamma=gamma,
        n_d=n_d,
        beta1=beta1,
    )
    numbers = phase_numbers(settings)
    panels = [new_figure(width=3.1, height=3.5) for _ in range(3)]
    figures, (plane, circle, distance) = zip(*((f, axes[0]) for f, axes in panels), strict=True)
    draw_plane(plane, settings, numbers.path)
    draw_circle(circle, numbers.eigenvalues)
    draw_distance(distance, numbers.radius)
    circle.set_title(f"largest modulus {numbers.growth:.4f}")
    plane.set_title(f"near the equilibrium:\n{numbers.verdict}")
    return list(figures), _in_words(settings, numbers)


def _verdict(growth: float, rotation: float) -> str:
    turns = _STRAIGHT < rotation < math.pi - _STRAIGHT
    if growth > 1 + _NEUTRAL:
        return "spirals out" if turns else "runs away"
    if growth < 1 - _NEUTRAL:
        return "spirals in" if turns else "converges"
    return "circles" if turns else "on the edge"


def _in_words(settings: GameSettings, numbers: PhaseNumbers) -> str:
    order = "D first, then G" if settings.alternating else "both at once"
    values = " and ".join(f"{value:.3f}" for value in numbers.eigenvalues.tolist())
    first, last = (f"{numbers.radius[i]:.3g}" for i in (0, -1))
    return (
        f"{settings.game} game, {order}, h {number(settings.step_size)}, gamma "
        f"{number(settings.gamma)}, D steps {settings.n_d}, beta1 {number(settings.beta1)}: "
        f"a round has eigenvalues {values}, largest modulus {numbers.growth:.4f}, so near the "
        f"equilibrium the game {numbers.verdict}; the path from (1, 1) is at distance {first} "
        f"and, after {N_ROUNDS} rounds, {last}."
    )
