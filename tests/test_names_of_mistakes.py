"""What wrong answers that nobody tuned on are called: never by a name that is not theirs."""

import pytest
import torch
from torch.nn import functional as F

import vgan_lessons.exercises  # noqa: F401  fills the registry
from vgan_lessons.checking import all_exercises, find, mark


def _mass_carried(p, q, x):
    running = torch.cat([torch.zeros_like(x[:1]), torch.cumulative_trapezoid(p - q, x)])
    return torch.trapezoid(running.abs(), x)


def js_with_plain_logs(p, q, x):
    middle = (p + q) / 2
    js = (p * (p / middle).log() + q * (q / middle).log()) / 2
    return torch.trapezoid(js, x), _mass_carried(p, q, x)


def kl_for_js(p, q, x):
    kl = torch.where(p > 0, p * (p / q).log(), torch.zeros_like(p))
    return torch.trapezoid(kl, x), _mass_carried(p, q, x)


def log_of_one_plus_exp(real, fake):
    return -(1 + (-real).exp()).log().mean() - (1 + fake.exp()).log().mean()


def log_of_the_sigmoid(real, fake):
    return torch.sigmoid(real).log().mean() + (1 - torch.sigmoid(fake)).log().mean()


def d_then_its_logit(log_p, log_q):
    return torch.logit(log_p.exp() / (log_p.exp() + log_q.exp()))


def half_cut_off(theta, psi):
    slope = torch.sigmoid(-psi * theta).detach()
    return -psi * slope, theta * slope


def entry_by_entry(real, fake):
    return (F.relu(1 - real) + F.relu(1 + fake)).mean()


@pytest.mark.parametrize(
    "exercise, answer, said",
    [
        ("js_vs_w1", js_with_plain_logs, "0 * log(0)"),
        ("js_vs_w1", kl_for_js, "KL instead of JS"),
        ("mc_game_value", log_of_one_plus_exp, "infinite far out"),
        ("mc_game_value", log_of_the_sigmoid, "infinite far out"),
        ("optimal_logit", d_then_its_logit, "exp beyond its range"),
        ("dirac_field", half_cut_off, "gradient in part"),
        ("hinge_d_loss", entry_by_entry, "sizes must agree"),
    ],
)
def test_a_wrong_answer_has_its_own_name(exercise, answer, said):
    assert mark(find(exercise), answer).diagnosis.name == said


def test_an_exp_of_a_large_negative_number_is_told_with_its_sign():
    told = mark(find("optimal_logit"), d_then_its_logit).diagnosis.diagnosis
    assert told.startswith("An input reaches -5000")


def test_a_property_that_fails_says_what_was_expected():
    verdict = mark(find("value_of_any_d"), lambda logits, p, q, x: torch.trapezoid(p, x))
    assert "this does not hold" not in verdict.finding.what


def test_no_name_claims_what_only_the_code_could_show():
    """Numbers show that a penalty does not count, not that it is never called."""
    said = [m.diagnosis for exercise in all_exercises() for m in exercise.mistakes]
    assert len(said) > 500
    assert [text for text in said if "never calls" in text or "result[" in text] == []


@pytest.mark.parametrize("half", [F.relu(torch.ones(1)), 2, torch.ones(2, 2), None, (1, 2)])
def test_one_number_is_not_called_the_first_of_a_list(half):
    verdict = mark(find("hinge_d_loss"), lambda real, fake: half)
    told = f"{verdict.finding.what} {verdict.diagnosis and verdict.diagnosis.diagnosis}"
    assert "result[" not in told and "[0]" not in told
