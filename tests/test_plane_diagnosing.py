"""The recorded games are what they claim to be, and `diagnose` reads them off their curves."""

import ast
import dataclasses
import math

import pytest
import torch

from vgan_lessons.datasets.points import SIGMA, ring_centres
from vgan_lessons.metrics import mode_coverage
from vgan_lessons.plane.diagnosing import LATE, diagnose
from vgan_lessons.plane.recorded import (
    LABELS,
    RecordedRun,
    RunCurves,
    held_out_curves,
    recorded_runs,
)

RUNS = recorded_runs()
BY_LABEL = {run.label: run for run in RUNS.values()}
HELD_OUT = held_out_curves()


def columns(curves: RunCurves) -> dict[str, torch.Tensor]:
    return {field.name: getattr(curves, field.name) for field in dataclasses.fields(curves)}


def late(column: torch.Tensor) -> torch.Tensor:
    return column[-LATE:]


@pytest.mark.parametrize("run", RUNS.values(), ids=RUNS)
def test_the_six_games_get_their_names(run):
    assert diagnose(run.curves) == run.label


@pytest.mark.parametrize("label, curves", HELD_OUT)
def test_games_of_other_seeds_speeds_and_lengths_get_theirs(label, curves):
    assert diagnose(curves) == label


def test_each_label_occurs_once_on_the_page_and_three_times_off_it():
    assert set(BY_LABEL) == set(LABELS) and len(RUNS) == len(LABELS)
    named = [label for label, _ in HELD_OUT]
    assert all(named.count(label) >= 3 for label in LABELS)


def test_no_game_off_the_page_is_one_of_the_page():
    for run in RUNS.values():
        for _, curves in HELD_OUT:
            n = min(len(run.curves.step), len(curves.step))
            assert not torch.equal(run.curves.g_grad_norm[:n], curves.g_grad_norm[:n])
    assert len({len(curves.step) for _, curves in HELD_OUT}) > 3


@pytest.mark.parametrize(
    "curves", [run.curves for run in RUNS.values()] + [curves for _, curves in HELD_OUT]
)
def test_columns_are_of_one_length_and_in_their_ranges(curves):
    assert {len(column) for column in columns(curves).values()} == {len(curves.step)}
    assert len(curves.step) >= 2 * LATE
    assert (curves.step.diff() > 0).all()
    assert ((curves.modes >= 0) & (curves.modes <= 8)).all()
    assert ((curves.quality >= 0) & (curves.quality <= 1)).all()
    norms = torch.cat([curves.d_grad_norm, curves.g_grad_norm])
    assert (norms[norms.isfinite()] >= 0).all()


def test_a_loss_near_2_ln_2_is_shared_by_the_healthy_and_by_two_of_the_broken():
    """What makes the exercise worth while: the losses alone cannot tell these three apart."""
    for label in ("healthy", "mode_collapse", "double_sigmoid"):
        curves = BY_LABEL[label].curves
        assert late(curves.d_loss).mean().item() == pytest.approx(2 * math.log(2), abs=0.15)
    assert (late(BY_LABEL["healthy"].curves.modes) == 8).all()
    assert (late(BY_LABEL["mode_collapse"].curves.modes) <= 2).all()


def test_two_sigmoids_keep_ds_loss_between_its_bounds_and_its_scores_in_0_to_1():
    lowest = math.log(1 + math.exp(-1)) + math.log(2)
    assert lowest == pytest.approx(1.0064, abs=1e-4)
    squashed = [curves for label, curves in HELD_OUT if label == "double_sigmoid"]
    for curves in (BY_LABEL["double_sigmoid"].curves, *squashed):
        assert curves.d_loss.min() > lowest - 1e-4
        assert curves.d_loss.max() < lowest + 1 + 1e-4
        scores = torch.cat([curves.real_logit, curves.fake_logit])
        assert scores.min() >= 0 and scores.max() <= 1


def test_a_d_that_won_has_a_loss_near_0_and_g_a_large_one():
    curves = BY_LABEL["d_won"].curves
    assert late(curves.d_loss).max() < 0.01 and late(curves.g_loss).min() > 5
    assert late(curves.modes).max() == 0


def test_gradients_that_are_never_cleared_are_hundreds_and_all_others_small():
    piles = [curves for label, curves in HELD_OUT if label == "no_zero_grad"]
    others = [c for label, c in HELD_OUT if label not in ("no_zero_grad", "nan")]
    for curves in (BY_LABEL["no_zero_grad"].curves, *piles):
        assert max(late(curves.d_grad_norm).min(), late(curves.g_grad_norm).min()) > 100
    for curves in others:
        assert max(curves.d_grad_norm.max(), curves.g_grad_norm.max()) < 40


def test_the_nan_game_starts_with_numbers_and_never_gets_them_back():
    curves = BY_LABEL["nan"].curves
    lost = ~curves.d_loss.isfinite()
    assert not lost[0] and lost[-1]
    assert (lost.int().diff() >= 0).all()


def kept(run: RecordedRun) -> list[int]:
    """Places of the kept moments in the columns."""
    return [run.curves.step.tolist().index(moment) for moment in run.moments]


@pytest.mark.parametrize("run", RUNS.values(), ids=RUNS)
def test_the_points_are_the_fakes_that_the_curves_speak_of(run):
    assert run.points.shape == (len(run.moments), 200, 2)
    for points, place in zip(run.points, kept(run), strict=True):
        if not points.isfinite().all():
            assert run.label == "nan" and not run.curves.d_loss[place].isfinite()
            continue
        seen = mode_coverage(points, ring_centres(), SIGMA)
        # 200 of the 1000 points that were counted, to two decimals
        assert seen.quality == pytest.approx(run.curves.quality[place].item(), abs=0.12)
        assert seen.n_modes <= run.curves.modes[place] + 1


@pytest.mark.parametrize("run", RUNS.values(), ids=RUNS)
def test_each_broken_game_shows_code_and_how_it_should_read(run):
    if run.label == "healthy":
        assert run.slip == run.mended == ""
        return
    for code in (run.slip, run.mended):
        ast.parse(code)
    assert run.slip != run.mended


def test_the_healthy_rule_holds_for_a_log_at_the_silent_point():
    n = 2 * LATE
    flat = {name: torch.ones(n) for name in columns(BY_LABEL["healthy"].curves)}
    silent = {"d_loss": 2 * math.log(2), "g_loss": math.log(2), "real_logit": 0.05}
    silent |= {"fake_logit": -0.05, "modes": 8.0}
    curves = RunCurves(**(flat | {k: torch.full((n,), v) for k, v in silent.items()}))
    assert diagnose(curves) == "healthy"
    lost = dataclasses.replace(curves, g_loss=torch.full((n,), math.inf))
    assert diagnose(lost) == "nan"


def test_the_recordings_are_small():
    from importlib.resources import files

    folder = files("vgan_lessons.plane") / "recordings"
    sizes = {f.name: len(f.read_bytes()) for f in folder.iterdir() if f.name.endswith("json")}
    assert set(sizes) == {"six_runs.json", "held_out_runs.json"}
    assert sizes["six_runs.json"] < 180_000 and sizes["held_out_runs.json"] < 80_000
