"""The two-number game with every setting of a training loop, played and predicted."""

from collections.abc import Mapping
from dataclasses import dataclass

import torch
from torch import Tensor

from vgan_lessons.dynamics.dirac import (
    Field,
    dirac_field,
    non_saturating_dirac_field,
    wasserstein_dirac_field,
)
from vgan_lessons.dynamics.linear import in_order, slopes_at

FIELDS: Mapping[str, Field] = {  # games by the name a page shows
    "logistic": dirac_field,
    "non-saturating": non_saturating_dirac_field,
    "Wasserstein": wasserstein_dirac_field,
}


@dataclass(frozen=True, kw_only=True)
class GameSettings:
    """How the two players move; every field is read by `play_game`."""

    game: str = "logistic"  # a key of FIELDS
    step_size: float = 0.2  # h, the learning rate of both players; 0.01 to 5
    gamma: float = 0.0  # weight of R1 on D: psi' gets -gamma * psi; 0 is off
    n_d: int = 1  # D's steps for one step of G; 1 to 10
    beta1: float = 0.0  # averaging of velocities, as Adam's first moment; 0 is off, below 1
    alternating: bool = True  # G sees D's last step; False: both look, then both move


def play_game(
    start: tuple[float, float] | Tensor, settings: GameSettings, n_rounds: int
) -> Tensor:
    r"""Play the game and keep the place after every round.

    A round is n_d steps of D and one step of G. Alternating, G moves last and sees the new
    D. Simultaneous, G takes its step together with D's last one: both look at the same
    place. With beta1 each player keeps an average of its own velocities and moves by it,

    .. math:: m \leftarrow \beta_1 m + (1 - \beta_1) v, \quad x \leftarrow x + h m

    starting from m = 0. This is the first half of Adam. Adam also divides m by the root of
    an average of v^2, which makes its steps about h long however small v is, so that it
    cannot settle as this one can, and it scales m up in the first steps, which start from 0.

    Args:
        start: (theta, psi), or several starts as a tensor (..., 2).
        settings: the game and how it is played.
        n_rounds: how many rounds.

    Returns:
        (n_rounds + 1, ..., 2) float64, the start first. A game that runs away ends in inf
        or NaN.

    Raises:
        ValueError: if the game is not in FIELDS, n_d is below 1 or beta1 not in [0, 1).

    Example:
        >>> settings = GameSettings(game="Wasserstein", step_size=1.0)
        >>> play_game((1.0, 1.0), settings, 6)[[0, 1, 6]].tolist()
        [[1.0, 1.0], [-1.0, 2.0], [1.0, 1.0]]
    """
    _require_playable(settings)
    place = torch.as_tensor(start, dtype=torch.float64)
    state = torch.cat([place, torch.zeros_like(place)], dim=-1)
    places = [place]
    for _ in range(n_rounds):
        state = _play_round(state, settings)
        places.append(state[..., :2])
    return torch.stack(places)


def round_eigenvalues(settings: GameSettings) -> Tensor:
    """Eigenvalues of one round, linearised at the equilibrium (0, 0), momentum included.

    The largest modulus is the factor by which a small distance grows from round to round, its
    angle the turn; `motion_of` reads both off, and `measured_motion` finds them on a path.

    Args:
        settings: the game and how it is played.

    Returns:
        Complex128, the largest modulus first, of a pair the positive imaginary part first:
        (2,) without momentum; (4,) with it, because the state is then theta, psi and both
        averages. Modulus 1 for the logistic game in alternating steps up to 4, and 4 and
        0.25 at steps of 5.

    Raises:
        ValueError: as `play_game`.

    Example:
        >>> round_eigenvalues(GameSettings(step_size=5.0)).abs().tolist()
        [4.0, 0.25]
    """
    _require_playable(settings)
    n_numbers = 4 if settings.beta1 else 2
    rest = torch.zeros(4 - n_numbers, dtype=torch.float64)

    def one_round(numbers: Tensor) -> Tensor:
        return _play_round(torch.cat([numbers, rest]), settings)[:n_numbers]

    matrix = slopes_at(one_round, torch.zeros(n_numbers, dtype=torch.float64))
    found = torch.linalg.eigvals(matrix)
    return in_order(found, found.abs())


def _play_round(state: Tensor, settings: GameSettings) -> Tensor:
    """(theta, psi, average of theta's velocities, of psi's), (..., 4), one round later."""
    theta, psi, theta_mean, psi_mean = state.unbind(-1)
    h, keep = settings.step_size, settings.beta1
    for _ in range(settings.n_d):
        seen = psi  # what a simultaneous G will have looked at
        velocity = FIELDS[settings.game](theta, psi)[1] - settings.gamma * psi
        psi_mean = keep * psi_mean + (1 - keep) * velocity
        psi = psi + h * psi_mean
    faced = psi if settings.alternating else seen
    theta_mean = keep * theta_mean + (1 - keep) * FIELDS[settings.game](theta, faced)[0]
    return torch.stack([theta + h * theta_mean, psi, theta_mean, psi_mean], dim=-1)


def _require_playable(settings: GameSettings) -> None:
    if settings.game not in FIELDS:
        raise ValueError(f"game must be one of {', '.join(FIELDS)}, got {settings.game!r}")
    if settings.n_d < 1:
        raise ValueError(f"n_d must be at least 1, got {settings.n_d}")
    if not 0 <= settings.beta1 < 1:
        raise ValueError(f"beta1 must be in [0, 1), got {settings.beta1}")
