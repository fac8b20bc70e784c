"""The metric card: what it holds, what it refuses, and that it cannot be misread."""

import json

import pytest
import torch

from vgan_lessons import evaluation
from vgan_lessons.datasets import load_videos
from vgan_lessons.evaluation import card as cards
from vgan_lessons.runtime import new_rng

N = 48


@pytest.fixture(scope="module")
def bank():
    return load_videos("shapes", n_videos=3 * N, seed=3)


@pytest.fixture(scope="module")
def real(bank):
    return evaluation.measure_real(bank, n=N, seed=0)


@pytest.fixture(scope="module")
def noise():
    return torch.randint(0, 256, (N, 16, 3, 32, 32), generator=new_rng(0), dtype=torch.uint8)


@pytest.fixture(scope="module")
def others():
    """Real clips that the bank does not hold: the perfect generator."""
    bank = load_videos("shapes", n_videos=N, seed=4)
    return bank.frames.view(N, 16, 3, 32, 32)


@pytest.fixture(scope="module")
def card(others, real, noise):
    return evaluation.metric_card(others, real, name="a & b", untrained=noise, n_resamples=40)


# --- the card -------------------------------------------------------------------------------


@pytest.mark.slow
def test_the_card_has_every_metric_with_interval_floor_and_untrained_value(card):
    of_others = {"identity", "classes", "largest_share"}  # digits
    of_others |= {
        "fvd_full_size",
        "fvd_trained",
        "memorisation",
    }  # larger clips, films held out
    expected = [metric for metric in cards.DIRECTIONS if metric not in of_others]
    assert [row.metric for row in card.rows] == expected
    for row in card.rows:
        assert row.low <= row.value <= row.high, row.metric
        assert row.floor is not None, row.metric


def test_a_perfect_generator_scores_like_a_second_real_sample_and_noise_does_not(card):
    for metric in ("fvd_small", "frame_distance"):
        row = card[metric]
        assert row.value < 2 * row.floor
        assert row.untrained > 20 * row.floor
    assert card["coverage"].value > 0.8 and card["coverage"].untrained == 0
    assert card["motion_energy"].value == pytest.approx(card["motion_energy"].floor, rel=0.3)


def test_what_cannot_be_measured_is_empty_not_zero(real, noise):
    found = evaluation.metric_card(noise, real, n_resamples=0)
    assert found["lost"].value == 1.0
    assert found["speed"].value is None and found["residual"].value is None
    assert found["fvd_small"].low is None and found["fvd_small"].untrained is None
    json.dumps(found.to_json(), allow_nan=False)


def test_a_card_is_written_as_json_number_for_number(card):
    written = json.dumps(card.to_json(), allow_nan=False)
    rows = {row["metric"]: row["value"] for row in json.loads(written)["rows"]}
    assert rows == {row.metric: row.value for row in card.rows}
    assert json.loads(written)["rows"][0]["metric"] == "fvd_small"
    assert json.loads(written)["protocol"]["n"] == N


def test_the_text_names_protocol_metric_value_and_direction(card):
    title, head, first, *_ = card.text().splitlines()
    assert title == f"a & b: {N} clips of 16 frames at 32x32 against shapes, seed 0"
    assert head.split()[:2] == ["metric", "value"]
    assert first.startswith("fvd_small") and first.endswith("lower")
    assert f"{card['fvd_small'].value:.3g}" in first


def test_the_page_shows_an_accessible_table_with_the_name_escaped(card):
    html = card._repr_html_()
    assert "<caption>a &amp; b: " in html
    assert html.count('scope="row"') == len(card.rows)
    assert html.count('scope="col"') == 6


def test_a_metric_that_is_not_there_is_named_with_those_that_are(card):
    with pytest.raises(KeyError, match="sharpness: this card has fvd_small"):
        card["sharpness"]


def test_too_few_fakes_or_too_small_a_sample_are_refused(real, others, bank):
    with pytest.raises(ValueError, match=f"compares {N} clips on each side, got 10"):
        evaluation.metric_card(others[:10], real)
    with pytest.raises(ValueError, match="at least 16, got 8"):
        evaluation.measure_real(bank, n=8)


# --- while training -------------------------------------------------------------------------


def test_the_quick_card_has_two_rows_and_agrees_with_the_full_one(bank, others, card):
    real = evaluation.measure_real(bank, n=N, quick=True)
    quick = evaluation.quick_card(others, real)
    assert [row.metric for row in quick.rows] == ["fvd_small", "motion_energy"]
    assert quick["fvd_small"].value == pytest.approx(card["fvd_small"].value, rel=1e-6)
    assert quick["motion_energy"].value == pytest.approx(card["motion_energy"].value)


def test_the_quick_card_refuses_a_full_real_side(real, others):
    with pytest.raises(ValueError, match="quick=True"):
        evaluation.quick_card(others, real)


def test_clips_can_stand_in_for_a_bank(others, noise):
    clips = torch.cat([others, others.flip(1)])
    found = evaluation.metric_card(noise, clips, n=N, oracle=False, n_resamples=0)
    assert found.protocol["data"] == "clips"
    assert "speed" not in [row.metric for row in found.rows]
