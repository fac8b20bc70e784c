"""`vgan-lessons data`: what is printed, what is written, how failures end."""

import csv
import hashlib
import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from moody_server import serving
from vgan_lessons import storage
from vgan_lessons.calling import typed
from vgan_lessons.cli import main
from vgan_lessons.datasets import load_videos, sources
from vgan_lessons.datasets.cards import KnownFile

CONTENT = {"0/one.jpg": b"1" * 5000, "1/two.jpg": b"2" * 3000}


@pytest.fixture
def data(tmp_path, monkeypatch):
    monkeypatch.setenv("VGAN_DATA", str(tmp_path / "data"))
    return tmp_path / "data"


@pytest.fixture
def small_weizmann(monkeypatch):
    """Two small files stand for the 72; the address to fetch them from is a local server's."""
    files = tuple(
        KnownFile(path, len(content), hashlib.sha256(content).hexdigest())
        for path, content in CONTENT.items()
    )
    monkeypatch.setattr(sources, "files_of", lambda name: files)


def said(capsys):
    out, err = capsys.readouterr()
    return out, err.splitlines()[-1] if err else ""


def test_list_shows_every_data_set_and_whether_it_is_here(data, capsys):
    assert main(["data", "list"]) == 0
    out, _ = said(capsys)
    lines = {line.split()[0]: line for line in out.splitlines() if line}
    assert "drawn" in lines["shapes"] and "drawn" in lines["digits"]
    assert "to fetch" in lines["mnist"] and "to fetch" in lines["weizmann"]
    assert "your files" in lines["folder:PATH"] and str(data) in out


def test_list_with_a_name_shows_its_card(data, capsys):
    assert main(["data", "list", "weizmann"]) == 0
    out, _ = said(capsys)
    for words in ("licence: research and teaching", "commit 937a99d", "Gorelick", "person"):
        assert words in out


def test_an_unknown_name_is_answered_with_the_names_there_are(data, capsys):
    assert main(["data", "list", "cifar"]) == 1
    assert "unknown data set 'cifar'; there are shapes, digits" in said(capsys)[1]
    for verb in ("make", "fetch"):
        with pytest.raises(SystemExit) as left:
            main(["data", verb, "cifar"])
        assert left.value.code == 2


@pytest.mark.parametrize("name, n_frames", [("shapes", 18), ("digits", 18), ("shapes", 3)])
def test_make_writes_strips_that_the_folder_reader_reads_bit_for_bit(
    data, capsys, name, n_frames
):
    words = ["data", "make", name, "--n", "5", "--n-frames", str(n_frames), "--seed", "7"]
    assert main(words) == 0
    out, progress = said(capsys)
    folder = data / f"{name}-5x{n_frames}-32px-seed7"
    assert f"5 film strips in {folder}, 5 of them new" in out and "100%" in progress
    bank, drawn = (
        load_videos(f"folder:{folder}", n_frames=n_frames),
        load_videos(name, n_videos=5, n_frames=n_frames, seed=7),
    )
    assert bank.frames.equal(drawn.frames) and bank.lengths.tolist() == [n_frames] * 5
    assert json.loads((folder / "card.json").read_text())["name"] == name
    rows = list(csv.DictReader((folder / "truth.csv").read_text().splitlines()))
    assert [row["file"] for row in rows] == [path.name for path in sorted(folder.glob("*.png"))]
    last = drawn.truth["positions"][3, -1, 1]
    assert float(rows[3][f"positions_y{n_frames - 1}"]) == pytest.approx(last)
    assert float(rows[2]["speed"]) == pytest.approx(drawn.truth["speed"][2].item())


def test_make_goes_on_where_it_was_broken_off_and_mends_what_is_damaged(data, capsys):
    words = ["data", "make", "shapes", "--n", "4"]
    main(words)
    folder = next(data.glob("shapes-*"))
    before = (folder / "00001.png").stat().st_mtime_ns
    (folder / "00000.png").unlink()
    (folder / "00002.png").write_bytes(b"half a strip")
    Image.fromarray(np.zeros((32, 32 * 16, 3), np.uint8)).save(folder / "00003.png")
    capsys.readouterr()
    assert main(words) == 0
    assert "4 film strips in" in (out := said(capsys)[0]) and "3 of them new" in out
    assert (folder / "00001.png").stat().st_mtime_ns == before
    drawn = load_videos("shapes", n_videos=4)
    assert load_videos(f"folder:{folder}").frames.equal(drawn.frames)


@pytest.mark.parametrize(
    "words",
    [["--n", "0"], ["--n", "many"], ["--n-frames", "-1"], ["--image-size", "0"]],
)
def test_impossible_numbers_are_bad_usage(data, words):
    with pytest.raises(SystemExit) as left:
        main(["data", "make", "shapes", *words])
    assert left.value.code == 2


def test_a_frame_too_small_fails_in_one_line(data, capsys):
    assert main(["data", "make", "shapes", "--image-size", "8"]) == 1
    assert said(capsys)[1] == "vgan-lessons data: image_size must be at least 16, got 8"


def test_fetch_from_an_address_shows_progress_and_says_where(data, capsys, small_weizmann):
    with serving(CONTENT, "breaks off", "fine") as server:
        assert main(["data", "fetch", "weizmann", "--from", server.address]) == 0
    out, progress = said(capsys)
    assert f"complete in {data / 'weizmann'}, 2 files new" in out and "100%" in progress
    assert {p.name: p.read_bytes() for p in data.rglob("*.*")} == {
        Path(path).name: content for path, content in CONTENT.items()
    }
    assert server.asked[1] == ("0/one.jpg", "bytes=2500-")


@pytest.mark.parametrize("below", ["", "weizmann", "data/actions"])
def test_fetch_from_a_folder_finds_the_files_in_the_usual_places(
    data, tmp_path, capsys, small_weizmann, below
):
    for path, content in CONTENT.items():
        place = tmp_path / "copy" / below / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content)
    words = ["data", "fetch", "weizmann", "--from", str(tmp_path / "copy")]
    assert main([*words, "--to", str(tmp_path / "else")]) == 0
    out, _ = said(capsys)
    assert (tmp_path / "else" / "weizmann" / "1" / "two.jpg").read_bytes() == b"2" * 3000
    assert f"export VGAN_DATA={tmp_path / 'else'}" in out


def test_fetch_fails_in_one_line_that_names_file_and_reason(data, capsys, small_weizmann):
    with serving(CONTENT, "lies") as server:
        assert main(["data", "fetch", "weizmann", "--from", server.address]) == 1
    _, last = said(capsys)
    assert last.startswith("vgan-lessons data: cannot fetch 0/one.jpg:") and "SHA-256" in last
    assert not list(data.rglob("*.jpg*"))


def test_fetch_gives_a_silent_line_up_after_the_timeout(data, capsys, small_weizmann):
    with serving(CONTENT, "silent") as server:
        words = ["data", "fetch", "weizmann", "--from", server.address, "--timeout", "0.1"]
        assert main(words) == 1
    assert "stalled: no byte for 0.1 s, 4 times in a row" in said(capsys)[1]


def test_fetch_from_a_folder_without_the_files_says_what_it_looked_for(data, tmp_path, capsys):
    assert main(["data", "fetch", "mnist", "--from", str(tmp_path)]) == 1
    assert "holds no file of mnist: expected t10k-images" in said(capsys)[1]
    assert main(["data", "fetch", "mnist", "--from", str(tmp_path / "no")]) == 1
    assert "there is no folder" in said(capsys)[1]


def test_a_fetched_set_is_listed_as_here(data, capsys):
    real = Path(__file__).parents[2] / "shared" / "data"
    if not real.is_dir():
        pytest.skip("needs the real files beside the clone")
    assert main(["data", "fetch", "mnist", "--from", str(real)]) == 0
    assert storage.data_folder() == data
    capsys.readouterr()
    main(["data", "list"])
    assert any(line.split()[:2] == ["mnist", "here"] for line in said(capsys)[0].splitlines())


@pytest.mark.parametrize("words", [[], ["list"], ["make"], ["fetch"]])
def test_help_explains_every_verb(capsys, words):
    with pytest.raises(SystemExit) as left:
        main(["data", *words, "--help"])
    assert left.value.code == 0 and f"usage: {typed('data')}" in capsys.readouterr().out


def test_the_publishers_addresses_are_pinned_and_encrypted():
    for addresses in sources.ADDRESSES.values():
        assert all(address.startswith("https://") for address in addresses)
    (weizmann,) = sources.ADDRESSES["weizmann"]
    assert weizmann.endswith("/937a99de73a3385fe0c0d1cde65dfa8a2c4177ec/data/actions")
    assert len(sources.ADDRESSES["mnist"]) == 3
