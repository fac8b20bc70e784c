"""Centrepiece of notebook 04: a GAN on the plane, played one step at a time."""

from collections.abc import Sequence
from typing import Any

import ipywidgets
import torch
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from vgan_lessons.display.drawing import COLOURS, name_lines_below, new_figure, put_on_page
from vgan_lessons.display.words import number
from vgan_lessons.plane.duel import GAMES, PointDuel, Standing
from vgan_lessons.widgets.arena import KEY, REACH, draw_arena
from vgan_lessons.widgets.explorer import Explorer, choice, counter

_R1 = {"none": 0.0, "gamma 0.1": 0.1, "gamma 1": 1.0}
_NO_FIXED_ZERO = ("Wasserstein", "relativistic pairs", "relativistic average")
_TICK = 700  # milliseconds between two pictures of a running game
_N_ARROWS = 16
_LONGEST, _SHORTEST = 0.8, 0.08  # of an arrow, in units of the plane


class DuelPanel(Explorer):
    """Buttons that move one player or both, and the picture that follows them.

    The game is `duel`: what the buttons do can be done from a cell as well. Objective and R1
    may be changed while it is played; "start again" returns to the first picture.

    Args:
        duel: the game; it is played in place.
    """

    def __init__(self, duel: PointDuel) -> None:
        self.duel = duel
        self.history = [duel.standing()]
        controls = {
            "objective": choice("objective", {name: name for name in GAMES}),
            "r1": choice("R1 on D", {words: str(gamma) for words, gamma in _R1.items()}),
            "speed": counter("rounds a picture", 5, lowest=1, highest=50),
        }
        controls["objective"].value = duel.objective
        super().__init__(self._drawn, controls, title="a live GAN on the plane")
        self.buttons = {
            "D's step": lambda: duel.move_d(),
            "G's step": lambda: duel.move_g(),
            "a round: both": lambda: self.play_rounds(1),
            "start again": self._start_again,
        }
        row = [self._button(words, move) for words, move in self.buttons.items()]
        self.run = ipywidgets.Play(min=0, max=10_000, interval=_TICK, description="run")
        self.run.observe(self._tick, names="value")
        objective, r1, speed = self.controls.values()
        wrap = ipywidgets.Layout(flex_flow="row wrap")
        self.box.children = [
            ipywidgets.HBox(row, layout=wrap),
            ipywidgets.HBox([self.run, speed], layout=wrap),
            ipywidgets.HBox([objective, r1], layout=wrap),
            self.picture,
        ]

    def play_rounds(self, n: int) -> None:
        """Play n rounds, D first in each; the picture stays as it is.

        Args:
            n: how many.
        """
        for _ in range(n):
            self.duel.move_d()
            self.duel.move_g()

    def _button(self, words: str, move: Any) -> ipywidgets.Button:
        button = ipywidgets.Button(description=words, tooltip=words)
        button.on_click(lambda _: self._after(move))
        return button

    def _after(self, move: Any) -> None:
        move()
        self.history.append(self.duel.standing())
        self._draw_again()

    def _tick(self, change: Any) -> None:
        if change["new"] > change["old"]:  # its stop button goes back to 0
            self._after(lambda: self.play_rounds(self.controls["speed"].value))

    def _start_again(self) -> None:
        self.duel.reset()
        self.history.clear()

    def _redraw(self, change: Any) -> None:
        self.duel.objective = self.controls["objective"].value
        self.duel.r1_gamma = float(self.controls["r1"].value)
        self.history[-1] = self.duel.standing()  # the same players, measured by the new rules
        super()._redraw(change)

    def _html(self, caption: str) -> str:
        return super()._html(f"{KEY} {caption}")

    def _drawn(self, **_: Any) -> tuple[list[Figure], str]:
        plane, (arena,) = new_figure(width=3.8, height=4.1)
        losses, (curves,) = new_figure(width=3.8, height=3.8)
        draw_duel(arena, self.duel, arrows=True)
        now = self.history[-1]
        arena.set_title(f"D moved {now.d_steps} times, G {now.g_steps} times")
        _draw_losses(curves, self.history)
        name_lines_below(losses, curves)
        return [plane, losses], standing_in_words(self.duel, now)


def live_duel(*, seed: int = 0) -> DuelPanel:
    """A fresh game with its buttons.

    Args:
        seed: of the weights, the data and the latents.
    """
    return DuelPanel(PointDuel(seed=seed))


def show_duel(
    rounds: Sequence[int], *, objective: str = "non-saturating", r1_gamma: float = 0.0
) -> None:
    """Play a game and draw it at a few moments side by side: the panel as a film strip.

    Args:
        rounds: after how many rounds, growing; each is one step of D and one of G.
        objective: a key of `training.duel.GAMES`.
        r1_gamma: weight of R1 on D.
    """
    duel = PointDuel(objective=objective, r1_gamma=r1_gamma)
    figures, words = [], []
    for until in rounds:
        figure, (panel,) = new_figure(width=2.4, height=2.7)
        figures.append(figure)
        while duel.g_steps < until:
            duel.move_d()
            duel.move_g()
        draw_duel(panel, duel, arrows=False)
        panel.set_title(f"round {until}")
        words.append(standing_in_words(duel, duel.standing()))
    put_on_page(*figures, alt=words, caption=KEY)


def draw_duel(axes: Axes, duel: PointDuel, *, arrows: bool) -> None:
    """Draw the players as they are now.

    Args:
        axes: to draw on.
        duel: the game.
        arrows: with G's pull on some of the fakes.
    """
    fake = duel.shown_fake()
    middle = 0.5 if duel.objective == "least squares" else 0.0
    if duel.objective in _NO_FIXED_ZERO:
        with torch.no_grad():
            sides = [duel.discriminator(points).mean() for points in (duel.shown_real, fake)]
        middle = (sum(sides) / 2).item()
    draw_arena(axes, duel.shown_real, fake, duel.discriminator, middle=middle)
    if not arrows:
        return
    places, pulls = duel.arrows(_N_ARROWS)
    strength = pulls.norm(dim=1, keepdim=True)
    ends = _LONGEST * torch.tanh(strength) * pulls / strength.clamp(min=1e-12)
    seen = (places.abs() < REACH).all(dim=1) & (ends.norm(dim=1) > _SHORTEST)
    style = {"arrowstyle": "-|>", "mutation_scale": 6, "shrinkA": 0, "shrinkB": 0}
    for place, end in zip(places[seen].tolist(), ends[seen].tolist(), strict=True):
        tip = (place[0] + end[0], place[1] + end[1])
        axes.annotate("", tip, place, arrowprops=style, annotation_clip=True)


def standing_in_words(duel: PointDuel, now: Standing) -> str:
    """Say where a game stands, with its counters, losses, pairs in order and modes."""
    damped = f", R1 {number(duel.r1_gamma)}" if duel.r1_gamma else ""
    return (
        f"{duel.objective}{damped}, after {now.d_steps} steps of D and {now.g_steps} of G: "
        f"D loss {number(now.d_loss)}, G loss {number(now.g_loss)}, "
        f"pairs in order {number(now.in_order)}, {now.coverage.n_modes} of 8 modes, "
        f"quality {number(now.coverage.quality)}."
    )


def _draw_losses(axes: Axes, history: Sequence[Standing]) -> None:
    moves = [now.d_steps + now.g_steps for now in history]
    now = history[-1]
    d_losses, g_losses = [s.d_loss for s in history], [s.g_loss for s in history]
    shape = "" if len(history) > 1 else "o"
    axes.plot(moves, d_losses, shape + "-", color=COLOURS[2], label=f"D loss {now.d_loss:.3f}")
    axes.plot(moves, g_losses, shape + "--", color=COLOURS[3], label=f"G loss {now.g_loss:.3f}")
    axes.set(xlabel="steps of both players", ylabel="loss")
    found = now.coverage
    axes.set_title(
        f"{found.n_modes} of 8 modes, quality {found.quality:.2f}\n"
        f"{now.in_order:.0%} of pairs in order"
    )
