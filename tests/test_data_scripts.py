"""The scripts of `data_scripts/` do, by their path, what they say."""

import os
import runpy
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

from moody_server import serving
from vgan_lessons.calling import typed

ROOT = Path(__file__).parents[1]
README_CLIPS = ROOT / "docs" / "clips.webp"
REAL = ROOT.parent / "shared" / "data"


@pytest.fixture
def run_script(tmp_path, monkeypatch, capsys):
    """Run a script in this process, for speed; returns (exit code, stdout, stderr)."""
    monkeypatch.setenv("VGAN_DATA", str(tmp_path))

    def run(name, *words):
        path = str(ROOT / "data_scripts" / name)
        monkeypatch.setattr(sys, "argv", [path, *map(str, words)])
        with pytest.raises(SystemExit) as left:
            runpy.run_path(path, run_name="__main__")
        return left.value.code, *capsys.readouterr()

    return run


def test_the_clips_of_the_readme_are_drawn_from_what_ships(tmp_path, monkeypatch):
    monkeypatch.setattr(sys, "argv", ["draw_readme_clips.py", "--out", str(tmp_path)])
    runpy.run_path(str(ROOT / "data_scripts" / "draw_readme_clips.py"), run_name="__main__")
    with Image.open(tmp_path / "clips.webp") as clips, Image.open(README_CLIPS) as committed:
        assert (clips.size, clips.n_frames) == (committed.size, committed.n_frames)
    with Image.open(tmp_path / "film_strip.png") as strip:
        assert strip.size == (16 * 66 - 2, 9 * 66 - 2)


@pytest.mark.parametrize(
    "name", ["make_shapes.py", "make_digits.py", "fetch_weizmann.py", "fetch_mnist.py"]
)
def test_every_script_explains_itself(run_script, name):
    code, out, err = run_script(name, "--help")
    verb, what = name.removesuffix(".py").split("_")
    assert code == 0 and f"usage: {typed('data', verb)}" in out
    assert what in out and err == ""


def test_a_script_runs_by_its_path_in_a_process_of_its_own(tmp_path):
    environment = {**os.environ, "VGAN_DATA": str(tmp_path), "PYTHONPATH": str(ROOT)}
    command = [sys.executable, ROOT / "data_scripts" / "make_shapes.py", "--n", "3"]
    done = subprocess.run(
        [*command, "--n-frames", "2"],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    strips = sorted(p.name for p in (tmp_path / "shapes-3x2-32px-seed0").iterdir())
    assert strips == ["card.json", *(f"strip_0000{k}.png" for k in range(3)), "truth.csv"]


def test_a_fetch_that_fails_ends_with_1_and_one_line(run_script):
    with serving({}) as server:
        code, _, err = run_script("fetch_mnist.py", "--from", server.address)
    assert code == 1
    assert "cannot fetch t10k-images-idx3-ubyte.gz" in err.splitlines()[-1]


@pytest.mark.skipif(not REAL.is_dir(), reason="needs the real files beside the clone")
@pytest.mark.parametrize("name, n_files", [("weizmann", 72), ("mnist", 2)])
def test_the_real_files_are_fetched_and_verified(run_script, tmp_path, name, n_files):
    code, out, _ = run_script(f"fetch_{name}.py", "--from", REAL)
    assert code == 0 and f"{n_files} files new, every SHA-256 right" in out
    fetched = [p for p in (tmp_path / name).rglob("*") if p.is_file()]
    assert len(fetched) == n_files
    assert all(p.read_bytes() == (REAL / p.relative_to(tmp_path)).read_bytes() for p in fetched)
    assert "0 files new" in run_script(f"fetch_{name}.py", "--from", REAL)[1]
