"""Numbers that the pages of lessons 01 to 03 rests on, each computed without the pages."""

import math

import pytest
import torch

X = torch.linspace(-20, 25, 45_001, dtype=torch.float64)


def bell(mean):
    return torch.exp(-((X - mean) ** 2) / 2) / math.sqrt(2 * math.pi)


def area(values):
    return torch.trapezoid(values, X).item()


def logistic_round(theta, psi, h):
    """D first, then G, on the logistic Dirac-GAN with the data at 0."""
    psi += h * theta / (1 + math.exp(psi * theta))
    return theta - h * psi / (1 + math.exp(psi * theta)), psi


def farthest(h, n_rounds):
    theta, psi, far = 1.0, 1.0, 0.0
    for _ in range(n_rounds):
        theta, psi = logistic_round(theta, psi, h)
        far = max(far, math.hypot(theta, psi))
    return far


def test_one_batch_of_32_reads_the_game_to_a_seventh_of_a_nat():
    """01: the sampled value of the best D has error 0.796 / sqrt(n)."""
    on_reals, on_fakes = (-torch.log1p(torch.exp(sign * (2 * X - 2))) for sign in (1, -1))
    variance = sum(
        area(p * log_d**2) - area(p * log_d) ** 2
        for p, log_d in ((bell(0), on_reals), (bell(2), on_fakes))
    )
    assert math.sqrt(variance) == pytest.approx(0.796, abs=5e-4)
    assert math.sqrt(variance / 32) == pytest.approx(0.141, abs=5e-4)


def test_a_frozen_least_squares_d_gives_g_little_of_the_distance_s_slope():
    """02: at a shift of 0.5, 0.0125 where half of Pearson's chi squared has 0.2228."""

    def half_chi_squared(shift):
        p, q = bell(0), bell(shift)
        return area((p - q) ** 2 / (p + q)) / 2

    p, q = bell(0), bell(0.5)
    frozen = area((X - 0.5) * q * ((p - q) / (p + q)) ** 2) / 2
    foreseen = (half_chi_squared(0.5 + 1e-5) - half_chi_squared(0.5 - 1e-5)) / 2e-5
    assert frozen == pytest.approx(0.0125, abs=5e-5)
    assert foreseen == pytest.approx(0.2228, abs=5e-5)


def test_alternating_steps_stay_near_only_when_they_start_near():
    """03: at h = 1 a start at (1, 1) passes radius 4 within 4,000 rounds, at 0.2 it stays.

    The path is chaotic: a change of 1e-12 in the start moves the farthest point by 0.5.
    """
    assert farthest(0.2, 2000) < 1.5
    assert 4 < farthest(1.0, 4000) < 6


def test_at_a_step_of_four_errors_grow_linearly():
    """03: both eigenvalues are -1, and they share one direction."""
    h = 4.0
    one_round = torch.tensor([[1 - h * h / 4, -h / 2], [h / 2, 1]], dtype=torch.float64)
    grown = [torch.linalg.matrix_power(one_round, n).norm().item() for n in (100, 200)]
    assert grown[1] / grown[0] == pytest.approx(2, abs=0.02)


@pytest.mark.parametrize("weight", [0.1, 0.25])
@pytest.mark.parametrize("slowing", [0.0, 1 / 30])
def test_wgan_gp_never_rests_on_the_dirac_game(weight, slowing):
    """03: neither small steps nor falling ones: the flow has a closed orbit."""
    theta, psi, distances = 1.0, 1.0, []
    for n in range(20_000):
        h = 0.02 / math.sqrt(1 + n * slowing)
        psi += h * (theta - 2 * weight * (abs(psi) - 1) * math.copysign(1, psi))
        theta -= h * psi
        distances.append(math.hypot(theta, psi))
    assert min(distances[10_000:]) > 1.1


def test_the_step_to_beat_in_the_open_task_of_03_reaches_what_the_page_says():
    """03: a hundred looks ahead by 0.8, two calls of the field each."""

    def after_200_calls(slope):
        theta, psi = 1.0, 1.0
        for _ in range(100):
            f = slope(psi * theta)
            ahead = theta - 0.8 * psi * f, psi + 0.8 * theta * f
            f = slope(ahead[0] * ahead[1])
            theta, psi = theta - 0.8 * ahead[1] * f, psi + 0.8 * ahead[0] * f
        return math.hypot(theta, psi)

    assert after_200_calls(lambda t: 1 / (1 + math.exp(t))) == pytest.approx(0.0012, abs=5e-5)
    assert after_200_calls(lambda t: 1.0) == pytest.approx(2.9e-6, abs=5e-8)
