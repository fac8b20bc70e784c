"""`vgan-lessons evaluate`: from a run folder to its card, and clear words where it fails."""

import json
from types import SimpleNamespace

import pytest
import torch

from small_gan import SMALL
from vgan_lessons import runs
from vgan_lessons.cli import evaluate, main
from vgan_lessons.training import new_generator


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """A run folder with a checkpoint of a generator that has learned nothing."""
    config = runs.RunConfig(data="shapes", budget="cpu", device="cpu", train=SMALL)
    folder = runs.create_run(tmp_path_factory.mktemp("evaluate") / "my-run", config)
    with torch.random.fork_rng():
        torch.manual_seed(1)
        runs.save_checkpoint(folder, 1, {"generator_ema": new_generator(SMALL)}, {})
    return folder


def test_a_run_gets_its_card_on_screen_and_in_its_folder(run, capsys):
    assert main(["evaluate", str(run), "--n", "16", "--device", "cpu"]) == 0
    shown = capsys.readouterr().out
    written = json.loads((run / "metrics.json").read_text())
    rows = {row["metric"]: row for row in written["rows"]}
    assert shown.startswith("my-run: 16 clips") and written["protocol"]["data"] == "shapes"
    for name, row in rows.items():
        (line,) = [line for line in shown.splitlines() if line.split()[0] == name]
        assert row["value"] is None or f"{row['value']:.3g}" in line
    assert rows["fvd_small"]["untrained"] > 5 * rows["fvd_small"]["floor"]
    assert "speed" in rows


@pytest.mark.slow
def test_json_asks_for_the_same_card_and_another_data_set_for_another(run, capsys):
    words = ["evaluate", str(run), "--n", "16", "--device", "cpu", "--json", "--data", "digits"]
    assert main(words) == 0
    card = json.loads(capsys.readouterr().out)
    assert card["protocol"]["data"] == "digits" and card["protocol"]["n"] == 16
    assert "speed" not in [row["metric"] for row in card["rows"]]
    assert main(words) == 0
    assert json.loads(capsys.readouterr().out) == card


def test_a_shipped_name_is_measured_and_nothing_is_written(capsys, monkeypatch, tmp_path):
    def card_of(generator, config, bank, *, name, n, **_):
        asked = {"name": name, "data": bank.card.name, "size": config.image_size, "n": n}
        return SimpleNamespace(text=lambda: asked, to_json=lambda: asked)

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(evaluate, "card_of", card_of)
    assert main(["evaluate", "shapes", "--n", "16", "--json", "--device", "cpu"]) == 0
    asked = json.loads(capsys.readouterr().out)
    assert asked == {"name": "shapes", "data": "shapes", "size": 32, "n": 16}
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    "words, complaint",
    [
        (["evaluate"], "name a run folder, or ask for --table"),
        (["evaluate", "nowhere"], "nowhere"),
        (["evaluate", "RUN", "--n", "3"], "n must be at least 16"),
        (["evaluate", "RUN", "--data", "nothing"], "unknown data set 'nothing'"),
    ],
)
def test_a_users_mistake_is_one_line_and_exit_code_1(run, capsys, words, complaint):
    assert main([str(run) if word == "RUN" else word for word in words]) == 1
    said = capsys.readouterr().err
    assert complaint in said and len(said.splitlines()) == 1


def test_the_table_is_shown_without_a_run_and_its_surprises_set_the_exit_code(capsys):
    code = main(["evaluate", "--table", "--n", "24"])  # too few for the table to hold
    shown = capsys.readouterr().out
    assert "fvd_small" in shown and "+ rises, . stays, - falls" in shown
    assert code == (1 if " !" in shown.split("+ rises")[0] else 0)
