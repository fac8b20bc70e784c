"""Does each metric see what the table says it sees? Measured on real clips, cell by cell."""

import os
from pathlib import Path

import pytest
import torch

from vgan_lessons.datasets import load_videos
from vgan_lessons.evaluation import prepare, sight_table
from vgan_lessons.evaluation.features import features_card, load_features
from vgan_lessons.evaluation.measures import measure_rows, read_clips
from vgan_lessons.evaluation.real_clips import draw_real
from vgan_lessons.layout import from_uint8
from vgan_lessons.metrics import CORRUPTIONS, TABLE, corrupt, verdict
from vgan_lessons.runtime import new_rng

BLIND = {"played backwards"}  # the laws of `shapes` look the same in reverse: nothing to see
NEIGHBOUR = Path(__file__).parents[2] / "shared" / "data"


@pytest.fixture(scope="module")
def table():
    """Fourteen seconds of work: what asks for it is slow."""
    return sight_table(load_videos("shapes"), seed=0)


@pytest.mark.slow
def test_the_table_has_a_word_for_every_metric_and_corruption(table):
    assert list(TABLE) == list(table.untouched)
    for metric in TABLE:
        assert list(TABLE[metric]) == list(CORRUPTIONS)


@pytest.mark.slow
@pytest.mark.parametrize("corruption", CORRUPTIONS)
@pytest.mark.parametrize("metric", TABLE)
def test_each_metric_does_what_the_table_says(table, metric, corruption):
    real, spoiled = table.untouched[metric], table.spoiled[corruption][metric]
    assert table.word(metric, corruption) == TABLE[metric][corruption], (real, spoiled)


@pytest.mark.slow
def test_every_fault_is_seen_by_some_metric_and_every_metric_is_blind_to_some(table):
    for name in CORRUPTIONS:
        seen = {TABLE[metric][name] for metric in TABLE} != {"stays"}
        assert seen != (name in BLIND)
    for metric in TABLE:
        assert "stays" in TABLE[metric].values()


@pytest.mark.slow
def test_the_printed_table_marks_what_was_not_declared(table):
    assert not table.surprises
    assert " !" not in table.text().split("!")[0]
    table.spoiled["frozen"]["speed"], kept = 9.0, table.spoiled["frozen"]["speed"]
    try:
        (surprise,) = table.surprises
        assert surprise.startswith("speed of frozen clips: declared falls")
        assert "9 + !" in table.text()
    finally:
        table.spoiled["frozen"]["speed"] = kept


def test_a_change_between_two_words_is_called_unclear():
    assert verdict("precision", 0.9, 0.79) == "unclear"
    assert verdict("speed", 1.0, float("nan")) == "unclear"


class Scale:
    """Measures FVD-small of ever more spoiled clips of one bank."""

    def __init__(self, bank, n=128):
        self.network, self.n = load_features(), n
        first, self.second = draw_real(bank, n, seed=0)
        (self.pool,) = draw_real(bank, 5 * n, seed=1, n_samples=1)
        self.real = self.read(first)
        self.untouched = self.measure(self.second)

    def read(self, clips):
        return read_clips(clips, self.network, quick=True)

    def measure(self, clips):
        rows = measure_rows(self.real, self.read(clips), rng=new_rng(0), n_resamples=0)
        return rows["fvd_small"].value

    def spoiled(self, name, level):
        clips = from_uint8(self.pool if name == "modes dropped" else self.second)
        return self.measure(prepare(corrupt(name, clips, level, new_rng(0))[: self.n]))

    def grows_with(self, name):
        """Level 1 of some faults drowns in the floor at this n; level 3 must not."""
        levels = [self.spoiled(name, level) for level in (1, 3, 5)]
        return levels == sorted(levels) and self.untouched < levels[1]


@pytest.fixture(scope="module")
def shapes_scale():
    return Scale(load_videos("shapes", n_videos=1280, seed=9))


@pytest.fixture(scope="module")
def people_scale():
    folder = Path(os.environ.get("VGAN_REAL_DATA", NEIGHBOUR))
    if not (folder / "weizmann").exists():
        pytest.skip("the weizmann clips are not here; VGAN_REAL_DATA names their folder")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("VGAN_DATA", str(folder))
        return Scale(load_videos("weizmann"))


@pytest.mark.slow
@pytest.mark.parametrize("name", [name for name in CORRUPTIONS if name not in BLIND])
def test_fvd_small_grows_with_severity_on_shapes(shapes_scale, name):
    assert shapes_scale.grows_with(name)


@pytest.mark.slow
@pytest.mark.parametrize("name", [name for name in CORRUPTIONS if name not in BLIND])
def test_fvd_small_grows_with_severity_on_people(people_scale, name):
    assert people_scale.grows_with(name)


def test_four_of_the_corruptions_were_never_shown_to_the_network():
    shown = set(features_card()["corruptions_shown"])
    assert shown < set(CORRUPTIONS)
    assert {"slowed", "flickering", "identity switched", "modes dropped"}.isdisjoint(shown)
    assert torch.tensor([TABLE["fvd_small"][n] == "rises" for n in CORRUPTIONS]).sum() == 9
