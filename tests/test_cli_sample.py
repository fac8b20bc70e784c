"""`vgan-lessons sample`: what cannot be held is refused before the work; suffixes, names."""

import sys

import pytest
from PIL import Image

from vgan_lessons.cli import main, sample


@pytest.fixture
def no_work(monkeypatch):
    """Drawing fails the test: what is refused is refused before it."""

    def draw(*_: object, **__: object) -> None:
        pytest.fail("clips were drawn")

    monkeypatch.setattr(sample, "generate", draw)


@pytest.mark.parametrize(
    "words, complaint",
    [
        (["--n", "100000", "--out", "c.webp"], "and .webp holds 16383: make fewer"),
        (["--n", "100000", "--out", "c.MP4"], "and .mp4 holds 16384: make fewer"),
        (["--n", "2000000", "--out", "c.gif"], "and .gif holds 65535: make fewer"),
        (["--frames", "100000000", "--out", "c.gif"], "GB of memory, and this machine has"),
        (["--n", "1" + "0" * 30, "--out", "c.png"], "GB of memory, and this machine has"),
        (["--out", "c.txt"], "must end in .webp, .gif or .mp4, got 'c.txt'"),
        (["--fps", "99", "--out", "c.gif"], "fps must be between 1 and 50"),
        (["--frames", "100000000", "--out", "clips"], "GB of memory, and this machine has"),
        (["--out", "file/c.gif"], "file"),
        (["--class", "bend", "--out", "c.gif"], "leave out --class"),
    ],
)
def test_what_cannot_be_written_is_refused_before_the_work(
    tmp_path, monkeypatch, capsys, no_work, words, complaint
):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "file").write_text("")
    assert main(["sample", "shapes", *words]) == 1
    said = capsys.readouterr().err
    assert complaint in said and len(said.splitlines()) == 1
    assert len(list(tmp_path.iterdir())) == 1


def test_mp4_without_its_coder_is_refused_before_the_work(
    tmp_path, monkeypatch, capsys, no_work
):
    monkeypatch.setitem(sys.modules, "av", None)
    assert main(["sample", "shapes", "--out", str(tmp_path / "c.mp4")]) == 1
    assert "pip install av" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["c.WEBP", "c.GIF", "c.PNG", "c.MP4"])
def test_suffixes_in_capitals_work(tmp_path, name):
    out = tmp_path / "new" / name
    assert main(["sample", "shapes", "--n", "1", "--frames", "3", "--out", str(out)]) == 0
    assert out.stat().st_size > 100


def test_a_thousand_clips_make_a_square_that_a_webp_holds(tmp_path):
    out = tmp_path / "many.webp"
    words = ["--n", "1000", "--frames", "1", "--out", str(out)]
    assert main(["sample", "shapes", *words]) == 0
    with Image.open(out) as picture:
        assert picture.width == picture.height == 32 * 33 * 2 - 2
    out = tmp_path / "few.webp"
    assert main(["sample", "shapes", "--n", "16", "--frames", "1", "--out", str(out)]) == 0
    with Image.open(out) as picture:
        assert picture.width == 4 * 33 * 2 - 2


def test_a_name_that_is_nothing_is_answered_with_what_there_is(tmp_path, capsys):
    (tmp_path / "config.json").mkdir()
    for word in ("shapez", str(tmp_path)):
        assert main(["sample", word]) == 1
        assert "is not a run folder" in capsys.readouterr().err
    assert main(["sample", "shapez"]) == 1
    assert "ready-made ones: continuation, digits, shapes, weizmann" in capsys.readouterr().err
