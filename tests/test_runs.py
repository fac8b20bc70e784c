"""Run folders: whole or not there, resumable after damage, readable years later."""

import hashlib
import json
import os
import stat

import pytest
import torch

from small_gan import SMALL
from vgan_lessons import runs
from vgan_lessons.models.generators import generate
from vgan_lessons.runtime import new_rng
from vgan_lessons.training import new_generator


def a_config(**changes):
    settings = {
        "data": "shapes",
        "budget": "cpu",
        "device": "cpu",
        "train": SMALL,
    }
    return runs.RunConfig(**settings | changes)


@pytest.fixture
def run(tmp_path):
    return runs.create_run(tmp_path / "run", a_config())


def a_generator(seed=0):
    torch.manual_seed(seed)
    return new_generator(SMALL)


def test_a_configuration_is_read_back_as_it_was_written(run):
    assert runs.read_config(run) == a_config()


def test_a_folder_with_a_run_is_not_overwritten(run):
    before = (run / "config.json").read_bytes()
    with pytest.raises(runs.RunError, match="holds a run already: go on with it by"):
        runs.create_run(run, a_config(data="digits"))
    assert (run / "config.json").read_bytes() == before


def test_a_folder_that_cannot_be_written_is_named(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(runs.RunError, match="cannot write the run folder"):
        runs.create_run(tmp_path / "file" / "run", a_config())


def test_no_run_and_a_damaged_run_are_told_apart(run, tmp_path):
    with pytest.raises(runs.RunError, match="is not a run folder"):
        runs.read_config(tmp_path / "elsewhere")
    (run / "config.json").write_text('{"data": "shapes"')
    with pytest.raises(runs.RunError, match=r"config\.json is damaged"):
        runs.read_config(run)


def test_the_log_survives_a_torn_row_and_can_be_trimmed(run):
    for step in (10, 20, 30):
        runs.append_log(run, {"step": step, "d_loss": step / 8})
    with open(run / "log.csv", "a") as file:
        file.write("4")  # killed in the middle of a row
    assert [row["step"] for row in runs.read_log(run)] == [10, 20, 30]
    runs.trim_log(run, 20)
    runs.append_log(run, {"step": 25, "d_loss": 1.0})
    assert runs.read_log(run)[1:] == [{"step": 20, "d_loss": 2.5}, {"step": 25, "d_loss": 1.0}]


def test_a_checkpoint_brings_back_weights_and_state(run):
    generator = a_generator()
    state = {"step": 5, "rng": [new_rng(3).get_state()]}
    runs.save_checkpoint(run, 5, {"generator_ema": generator}, state)
    other = a_generator(seed=1)
    loaded = runs.load_checkpoint(run, {"generator_ema": other})
    assert loaded["step"] == 5 and torch.equal(loaded["rng"][0], state["rng"][0])
    clips = [generate(g, 2, n_frames=8, rng=new_rng(0)) for g in (generator, other)]
    assert torch.equal(*clips)


def test_a_run_without_checkpoint_leaves_the_networks_alone(run):
    generator = a_generator()
    before = {k: v.clone() for k, v in generator.state_dict().items()}
    assert runs.load_checkpoint(run, {"generator": generator}) is None
    assert all(torch.equal(before[k], v) for k, v in generator.state_dict().items())
    with pytest.raises(
        runs.RunError, match="has no checkpoint yet: its training is at its beginning"
    ):
        runs.load_generator(run)


def test_a_torn_checkpoint_falls_back_on_the_one_before(run):
    for step in (5, 10):
        runs.save_checkpoint(run, step, {"generator_ema": a_generator(step)}, {"step": step})
    newest = runs.checkpoints(run)[-1] / "generator_ema.safetensors"
    newest.write_bytes(newest.read_bytes()[:100])
    with pytest.warns(runs.RunWarning, match=r"from step-00000005, since .*\(step-00000010: "):
        state = runs.load_checkpoint(run, {"generator_ema": a_generator()})
    assert state["step"] == 5
    with pytest.warns(runs.RunWarning, match="is not the file that was saved"):
        generator, _ = runs.load_generator(run)
    assert torch.equal(next(generator.parameters()), next(a_generator(5).parameters()))
    older = runs.checkpoints(run)[0] / "state.pt"
    older.write_bytes(b"")
    with pytest.raises(runs.RunError, match=r"no checkpoint of .* can be read"):
        runs.load_checkpoint(run, {"generator_ema": a_generator()})


def test_two_checkpoints_are_kept_and_no_draft_stays(run):
    for step in (5, 10, 15):
        runs.save_checkpoint(run, step, {"generator_ema": a_generator()}, {"step": step})
    names = sorted(p.name for p in (run / "checkpoints").iterdir())
    assert names == ["step-00000010", "step-00000015"]


def test_checkpoints_sort_by_their_step_and_foreign_names_are_left_alone(run):
    home = run / "checkpoints"
    for name in ("step-999999", "step-1000000", "step-00000400", "step-5 copy", "step-x"):
        (home / name).mkdir(parents=True)
    found = [path.name for path in runs.checkpoints(run)]
    assert found == ["step-00000400", "step-999999", "step-1000000"]
    assert runs.step_name(999_999) < runs.step_name(1_000_000)


def test_a_checkpoint_has_ordinary_permissions_and_states_its_checksums(run):
    mask = os.umask(0o022)
    try:
        path = runs.save_checkpoint(
            run, 5, {"generator_ema": a_generator()}, {"step": 5}, a_config()
        )
    finally:
        os.umask(mask)
    assert stat.S_IMODE(path.stat().st_mode) == 0o755
    assert {stat.S_IMODE(file.stat().st_mode) for file in path.iterdir()} == {0o644}
    card = json.loads((path / "checkpoint.json").read_text())
    assert card["step"] == 5 and card["config"]["train"]["batch_size"] == SMALL.batch_size
    for name, checksum in card["sha256"].items():
        assert hashlib.sha256((path / name).read_bytes()).hexdigest() == checksum


def test_one_changed_byte_of_the_weights_is_seen(run):
    path = runs.save_checkpoint(run, 5, {"generator_ema": a_generator()}, {"step": 5})
    weights = path / "generator_ema.safetensors"
    content = bytearray(weights.read_bytes())
    content[-7] ^= 1
    weights.write_bytes(content)
    with pytest.raises(runs.RunError, match=r"generator_ema\.safetensors is not the file that"):
        runs.load_generator(run)


@pytest.mark.filterwarnings("always::vgan_lessons.runs.RunWarning")
def test_foreign_text_in_the_log_is_named_and_stays(run):
    for step in (10, 20, 30):
        runs.append_log(run, {"step": step, "d_loss": step / 8})
    path = run / "log.csv"
    head, ten, twenty, thirty = path.read_text().splitlines(keepends=True)
    mixed = [head, ten, "restarted on node 4, see mail\n", twenty, "\x00\x00\n", thirty]
    path.write_bytes("".join(mixed).encode() + b"\xff\xfe")
    with pytest.warns(runs.RunWarning, match=r"log\.csv: line 3 is no row .* 2 such lines"):
        assert [row["step"] for row in runs.read_log(run)] == [10, 20, 30]
    runs.trim_log(run, 20)
    assert path.read_text() == "".join([*mixed[:5]])


def test_something_else_in_the_place_of_the_log_is_kept_aside(run):
    (run / "log.csv").write_text("my notes\n")
    with pytest.warns(runs.RunWarning, match=r"log\.csv is no log of a run: it is .*foreign"):
        runs.trim_log(run, 20)
    runs.append_log(run, {"step": 21, "d_loss": 1.0})
    assert runs.read_log(run) == [{"step": 21, "d_loss": 1.0}]
    assert (run / "log.foreign.csv").read_text() == "my notes\n"


def test_a_log_of_another_version_keeps_its_columns(run):
    (run / "log.csv").write_text("step,g_loss,old\n1,2.5,7\n")
    runs.append_log(run, {"step": 2, "d_loss": 1.0, "g_loss": 0.5})
    assert (run / "log.csv").read_text() == "step,g_loss,old\n1,2.5,7\n2,0.5,\n"


def test_a_save_that_fails_leaves_the_older_checkpoint(run, monkeypatch):
    runs.save_checkpoint(run, 5, {"generator_ema": a_generator()}, {"step": 5})

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("vgan_lessons.runs.saving._write", full)
    with pytest.raises(OSError, match="No space left"):
        runs.save_checkpoint(run, 10, {"generator_ema": a_generator()}, {"step": 10})
    assert [p.name for p in (run / "checkpoints").iterdir()] == ["step-00000005"]


def test_shipping_halves_the_bytes_and_keeps_the_clips(run, tmp_path):
    generator = a_generator()
    runs.save_checkpoint(run, 5, {"generator_ema": generator}, {"step": 5})
    path = runs.ship(run, "tiny", {"minutes": 4}, shelf=tmp_path)
    card = json.loads((tmp_path / "tiny.json").read_text())
    assert card["minutes"] == 4 and card["recipe"]["generator_channels"] == [8, 8]
    assert path.stat().st_size < 0.7 * sum(p.numel() * 4 for p in generator.parameters())


def test_shipped_generators_load_and_an_unknown_one_is_answered_with_their_names():
    for name in runs.shipped_names():
        generator = runs.load_shipped(name)
        given = {"first_frames": torch.rand(2, 3, 32, 32)} if name == "continuation" else {}
        clips = generate(generator, 2, n_frames=20, rng=new_rng(0), **given)
        assert clips.shape[:3] == (2, 20, 3) and clips.float().std() > 5
        assert runs.shipped_card(name)["data"]
    with pytest.raises(runs.RunError, match="no generator named 'cats' is shipped"):
        runs.load_shipped("cats")


def test_a_shipped_file_that_is_not_the_one_on_its_card_is_refused(run, tmp_path, monkeypatch):
    runs.save_checkpoint(run, 5, {"generator_ema": a_generator()}, {"step": 5})
    path = runs.ship(run, "tiny", {}, shelf=tmp_path)
    monkeypatch.setattr("vgan_lessons.runs.shipped._SHELF", tmp_path)
    runs.load_shipped("tiny")
    path.write_bytes(path.read_bytes()[:-1] + b"?")
    with pytest.raises(runs.RunError, match="missing or damaged"):
        runs.load_shipped("tiny")
