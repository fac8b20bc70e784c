"""What cannot be read or used is named, counted and left out, or refused."""

import sys

import imageio.v3 as iio
import numpy as np
import pytest
from PIL import Image

from film_tools import bar, film, load, write_strip
from vgan_lessons.datasets import DataError, DataWarning, load_videos


def spoil(folder):
    """Every kind of damage that a folder of downloads collects, beside one good clip."""
    write_strip(folder / "good.png", film(16, 32, 32))
    iio.imwrite(folder / "a.mp4", film(60, 64, 64)[:, :, ::-1], fps=10)
    whole = (folder / "a.mp4").read_bytes()
    (folder / "a.mp4").write_bytes(whole[: len(whole) // 2])
    noise = np.random.default_rng(0).integers(0, 256, (60, 64, 64, 3), dtype=np.uint8)
    iio.imwrite(folder / "b.mp4", noise, fps=10, output_params=["-movflags", "faststart"])
    whole = (folder / "b.mp4").read_bytes()
    (folder / "b.mp4").write_bytes(whole[: len(whole) // 2])  # still decodes up to the cut
    (folder / "c.mp4").write_bytes(b"")
    (folder / "d.gif").write_bytes(b"GIF89a nonsense")
    write_strip(folder / "e.png", noise[:16])
    whole = (folder / "e.png").read_bytes()
    (folder / "e.png").write_bytes(whole[: len(whole) // 2])
    (folder / "f.webm").write_bytes(noise.tobytes()[:4000])
    return ["a.mp4", "b.mp4", "c.mp4", "d.gif", "e.png", "f.webm"]


def test_damaged_files_are_named_counted_and_left_out(tmp_path):
    damaged = spoil(tmp_path)
    with pytest.warns(DataWarning, match="6 of 7 clips left out") as warned:
        bank = load(tmp_path)
    assert bank.lengths.tolist() == [16]
    assert bar(bank)[:14].tolist() == list(range(0, 28, 2))  # no byte of the damaged ones
    assert all(name in str(warned[0].message) for name in damaged)
    assert "6 of 7 clips left out" in bank.card.text()
    with pytest.warns(DataWarning, match="6 of 7 clips left out"):
        load(tmp_path)  # the cache remembers


def test_strict_makes_a_damaged_file_an_error_cached_or_not(tmp_path):
    spoil(tmp_path)
    with pytest.raises(DataError, match=r"a\.mp4 cannot be read"):
        load(tmp_path, strict=True)
    with pytest.warns(DataWarning):
        load(tmp_path)
    with pytest.raises(DataError, match=r"a\.mp4 cannot be read"):
        load(tmp_path, strict=True)


def test_too_short_clips_are_named_with_both_numbers(tmp_path):
    write_strip(tmp_path / "long.png", film(20, 32, 32))
    write_strip(tmp_path / "short.png", film(9, 32, 32))
    with pytest.warns(DataWarning, match=r"1 of 2 .*short\.png \(9 frames, 16 wanted\)"):
        assert load(tmp_path).lengths.tolist() == [20]
    with pytest.raises(DataError, match=r"short\.png is too short: 9 frames, 16 wanted"):
        load(tmp_path, strict=True)
    assert load(tmp_path, n_frames=9).lengths.tolist() == [20, 9]


def test_a_folder_where_nothing_can_be_used_says_why(tmp_path):
    write_strip(tmp_path / "short.png", film(9, 32, 32))
    Image.fromarray(film(1)[0]).save(tmp_path / "photo.jpg")
    with pytest.raises(DataError, match=r"no clip can be used.*short\.png \(9 frames") as error:
        load(tmp_path)
    assert "photo.jpg (1 frames, 16 wanted)" in str(error.value)


def test_a_wrong_path_is_told_apart_from_an_empty_folder(tmp_path):
    with pytest.raises(DataError, match=r"there is no folder .*nowhere"):
        load(tmp_path / "nowhere")
    with pytest.raises(DataError, match=r"holds no clip; it may hold \.mp4"):
        load(tmp_path)
    (tmp_path / "file.mp4").write_bytes(b"")
    with pytest.raises(DataError, match="is a file; folder:PATH takes a folder"):
        load(tmp_path / "file.mp4")
    with pytest.raises(DataError, match="needs the path of a folder"):
        load_videos("folder:")


def test_a_missing_film_decoder_is_named_with_the_command_that_brings_it(tmp_path, monkeypatch):
    (tmp_path / "a.mp4").write_bytes(b"whatever")
    monkeypatch.setitem(sys.modules, "av", None)  # what a missing one looks like
    with pytest.raises(DataError, match=r"a\.mp4 is a film, which needs PyAV: pip install av"):
        load(tmp_path)
