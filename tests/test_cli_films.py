"""A folder of whatever people have trains by one command, which says what it left out."""

import json

import numpy as np
import pytest
from PIL import Image

from film_tools import ffmpeg, film, raw_input, write_film, write_strip
from vgan_lessons.cli import main

KINDS = ("a.mp4", "b.MOV", "c.webm", "d.avi", "e.wmv", "f.ts", "g.flv", "h.ogv", "i.mkv")


@pytest.fixture
def folder(tmp_path):
    """Nine containers, a GIF, a strip and stills that serve; five things that do not."""
    home = tmp_path / "holiday films"
    home.mkdir()
    frames = film(17, 24, 32)
    words = [word for name in KINDS for word in ("-threads", 1, "-r", 10, home / name)]
    ffmpeg(*raw_input(frames), *words, stdin=frames.tobytes())
    first, *rest = [Image.fromarray(pixels) for pixels in frames]
    first.save(home / "j.gif", save_all=True, append_images=rest, duration=100)
    write_strip(home / "k.png", film(16, 24, 24))
    (home / "walk").mkdir()
    for t, pixels in enumerate(film(16, 24, 24)):
        Image.fromarray(pixels.astype(np.uint16)[..., 1] * 257).save(home / "walk" / f"{t}.tif")
    write_film(home / "short.mov", film(5, 24, 24))
    (home / "empty.mp4").write_bytes(b"")
    whole = (home / "a.mp4").read_bytes()
    (home / "half.mp4").write_bytes(whole[: len(whole) // 2])
    (home / "notes.txt").write_text("")
    (home / "gone.mov").symlink_to(home / "nowhere.mov")
    return home


def train(tmp_path, folder, *words):
    tiny = ["--image-size", "16", "--batch-size", "2", "--steps", "1", "--threads", "1"]
    run = tmp_path / "run"
    return main(["train", "--data", str(folder), "--out", str(run), *tiny, "--no-card", *words])


@pytest.mark.slow
@pytest.mark.filterwarnings("always::vgan_lessons.datasets.DataWarning")
def test_one_command_trains_on_mixed_films_and_says_what_it_left_out(tmp_path, folder, capsys):
    assert train(tmp_path, folder) == 0
    told = capsys.readouterr().err
    assert "3 of 15 clips left out: " in told and "2 left alone: " in told
    for line in (
        "empty.mp4 (it is empty)",
        "half.mp4 (damaged, cut off or no film: Invalid data",
        "short.mov (5 frames, 16 wanted)",
        "gone.mov (a link to nothing)",
        "notes.txt (of unknown kind)",
    ):
        assert line in told
    config = json.loads((tmp_path / "run" / "config.json").read_text())
    assert config["data"] == f"folder:{folder}"


def test_strict_refuses_to_leave_anything_out(tmp_path, folder, capsys):
    assert train(tmp_path, folder, "--strict") == 1
    assert "empty.mp4 cannot be read: it is empty" in capsys.readouterr().err
    assert not (tmp_path / "run").exists()
