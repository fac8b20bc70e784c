"""The panels of the phase portrait: the plane, the unit circle, the distance over rounds."""

import math

import torch
from matplotlib.axes import Axes
from matplotlib.patches import Circle
from torch import Tensor

from vgan_lessons.display.drawing import COLOURS
from vgan_lessons.dynamics import FIELDS, GameSettings

_WINDOW = 3.2  # of theta and psi, both ways
_FAR = 20.0  # places of the path beyond this are not drawn
_ON_CIRCLE = 1e-6  # a modulus this close to 1 counts as 1


def draw_plane(axes: Axes, settings: GameSettings, path: Tensor) -> None:
    """Draw the velocity at each place as an arrow, the path, and the equilibrium.

    Args:
        axes: where.
        settings: the game whose velocities are shown, and gamma.
        path: (n, 2) places (theta, psi), the start first; far ones are left out.
    """
    places = torch.linspace(-_WINDOW, _WINDOW, 12, dtype=torch.float64)
    psi, theta = torch.meshgrid(places, places, indexing="ij")
    theta_pull, psi_pull = FIELDS[settings.game](theta, psi)
    psi_pull = psi_pull - settings.gamma * psi
    speed = torch.hypot(theta_pull, psi_pull).clamp(min=1e-9)
    shrink = speed**0.6  # or the fast places would hide the slow ones
    axes.quiver(
        theta,
        psi,
        theta_pull / shrink,
        psi_pull / shrink,
        color="#a8a8a8",
        angles="xy",
        width=0.007,
        scale=18,
    )
    near = path[path.norm(dim=1) < _FAR]
    axes.plot(near[:, 0], near[:, 1], color=COLOURS[0], lw=1, marker=".", ms=3)
    axes.plot(*path[0].tolist(), "o", color=COLOURS[1], ms=6)
    axes.plot(0, 0, "+", color="black", ms=10, mew=1.8)
    axes.set(xlim=(-_WINDOW, _WINDOW), ylim=(-_WINDOW, _WINDOW), aspect="equal")
    axes.set(xlabel=r"$\theta$: where G's fakes are", ylabel=r"$\psi$: D's slope")


def draw_circle(axes: Axes, eigenvalues: Tensor) -> None:
    """Draw the eigenvalues of one round against the unit circle, the largest magnified.

    Args:
        axes: where.
        eigenvalues: complex, (n,), the largest modulus first.
    """
    first = eigenvalues[0].item()
    reach = max(1.6, 1.15 * abs(first))
    glass = axes.inset_axes([0.0, 0.0, 0.28, 0.28])
    glass.set_in_layout(False)
    glass.text(0.5, 1.03, "zoom", fontsize=7, ha="center", transform=glass.transAxes)
    for panel in (axes, glass):
        panel.add_patch(Circle((0, 0), 1, facecolor="#eeeeee", edgecolor="black", lw=1.2))
        for value in eigenvalues.tolist():
            outside = abs(value) > 1 + _ON_CIRCLE
            mark, colour = ("X", COLOURS[1]) if outside else ("o", COLOURS[0])
            panel.plot(value.real, value.imag, mark, color=colour, ms=7)
        panel.set_aspect("equal")
        panel.grid(False)
    half = max(4 * abs(abs(first) - 1), 0.02)
    glass.set(xlim=(first.real - half, first.real + half), xticks=[], yticks=[])
    glass.set(ylim=(first.imag - half, first.imag + half))
    axes.set(xlim=(-reach, reach), ylim=(-reach, reach), xlabel="real part")
    axes.set_ylabel("imaginary part")


def draw_distance(axes: Axes, radius: Tensor) -> None:
    """Draw the distance from the equilibrium, round by round, on a logarithmic axis.

    Args:
        axes: where.
        radius: (n,), the start first; inf and NaN are not drawn.
    """
    shown = radius.clamp(min=1e-9)
    axes.plot(range(len(shown)), shown, color=COLOURS[0])
    finite = shown[shown.isfinite()].clamp(max=1e9)
    lowest = 10.0 ** math.floor(finite.min().log10())
    highest = 10.0 ** math.ceil(finite.max().log10())
    axes.set(yscale="log", ylim=(min(lowest, 0.1), max(highest, 10.0)))
    axes.minorticks_off()
    axes.set_box_aspect(1)
    axes.set(xlabel="round", ylabel="distance from the equilibrium")
    axes.set_title(f"from {radius[0]:.3g} to {radius[-1]:.3g}")
