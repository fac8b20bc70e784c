"""Weizmann and MNIST: read as published, and missed with the command that brings them."""

import functools
import gzip
import struct
from pathlib import Path

import numpy as np
import pytest
import torch

from film_tools import write_weizmann
from vgan_lessons import storage
from vgan_lessons.calling import typed
from vgan_lessons.datasets import DataError, DataWarning, card, is_present, load_videos
from vgan_lessons.datasets.cards import files_of
from vgan_lessons.datasets.digits import read_idx

REAL = Path(__file__).parents[2] / "shared" / "data"
needs_real = pytest.mark.skipif(
    not REAL.is_dir(), reason="needs the real files beside the clone"
)


@pytest.fixture
def data(tmp_path, monkeypatch):
    monkeypatch.setenv("VGAN_DATA", str(tmp_path))
    return tmp_path


def write_idx(path, array):
    shape = struct.pack(f">{array.ndim}i", *array.shape)
    path.parent.mkdir(parents=True, exist_ok=True)
    with gzip.open(path, "wb") as out:
        out.write(bytes([0, 0, 8, array.ndim]) + shape + array.astype(np.uint8).tobytes())


def write_mnist(data, n=30):
    """Digit number k is a block of brightness 100 + k in the middle; its label is k % 10."""
    images = np.zeros((n, 28, 28), np.uint8)
    images[:, 8:20, 8:20] = 100 + np.arange(n)[:, None, None]
    write_idx(data / "mnist" / "t10k-images-idx3-ubyte.gz", images)
    write_idx(data / "mnist" / "t10k-labels-idx1-ubyte.gz", np.arange(n) % 10)


def test_weizmann_truth_names_the_video_that_is_there(data):
    write_weizmann(data)
    bank = load_videos("weizmann", image_size=64)
    assert bank.n_videos == 72 and bank.frames.shape[1:] == (3, 64, 64)
    number = bank.frames[bank.first_frames, 0, 0, 0].long()
    assert torch.equal(bank.truth["scene"], number // 2)
    assert torch.equal(bank.truth["person"], number // 8)
    assert torch.equal(bank.lengths, 18 + number % 5)
    assert bank.label_names["action"] == ("wave1", "wave2", "jack", "bend")
    assert bank.n_classes == (4, 9)
    folder = dict(zip(number.tolist(), bank.truth["action"].tolist(), strict=True))
    assert folder == {
        int(Path(file.path).stem): ["0", "1", "3", "4"].index(file.path[0])
        for file in files_of("weizmann")
    }
    clips = bank.clips(torch.tensor([5]), torch.tensor([2]), n_frames=4, stride=3)
    blue = ((clips[0, :, 2, 0, 0] + 1) * 127.5).round()
    assert blue.tolist() == [2, 5, 8, 11]


def test_a_broken_weizmann_strip_is_left_out_together_with_its_truth(data):
    write_weizmann(data)
    broken = data / "weizmann" / files_of("weizmann")[3].path
    broken.write_bytes(broken.read_bytes()[:60])
    with pytest.warns(DataWarning, match=r"1 of 72 clips left out: 0/00000011\.jpg"):
        bank = load_videos("weizmann")
    number = bank.frames[bank.first_frames, 0, 0, 0].long()
    assert bank.n_videos == 71 and torch.equal(bank.truth["scene"], number // 2)
    with pytest.raises(DataError, match=r"0/00000011\.jpg cannot be read"):
        load_videos("weizmann", strict=True)


def test_clips_longer_than_any_video_are_refused_with_the_numbers(data):
    write_weizmann(data)
    with pytest.raises(DataError, match=r"no clip can be used.*18 frames, 64 wanted"):
        load_videos("weizmann", n_frames=64)


@pytest.mark.parametrize("name, n_files", [("weizmann", 72), ("mnist", 2)])
def test_missing_data_name_the_command_that_brings_them(data, name, n_files):
    assert not is_present(name)
    with pytest.raises(DataError, match=f"`{typed('data', 'fetch', name)}`"):
        load_videos(name)
    assert len(files_of(name)) == n_files


def test_half_a_data_set_is_not_there(data):
    write_weizmann(data)
    assert is_present("weizmann")
    (data / "weizmann" / "3" / "00000004.jpg").unlink()
    assert not is_present("weizmann")
    with pytest.raises(DataError, match="1 of 72 files are missing"):
        load_videos("weizmann")


def test_mnist_digits_bounce_with_their_labels(data):
    write_mnist(data)
    bank = load_videos("mnist", n_videos=40, image_size=64)
    assert bank.frames.shape == (40 * 16, 3, 64, 64) and is_present("mnist")
    brightest = bank.frames.view(40, -1).amax(1).long()
    assert (brightest - 100 - bank.truth["source"]).abs().max() <= 9  # resizing may overshoot
    assert torch.equal(bank.truth["label"], bank.truth["source"] % 10)
    assert len(bank.truth["source"].unique()) > 15


packed = functools.partial(gzip.compress, mtime=0)  # else the bytes tell the time


@pytest.mark.parametrize(
    "content, complaint",
    [
        (b"not packed", "is damaged"),
        (packed(b"\0\0\x08"), "is not an IDX file"),
        (packed(b"\0\0\x0d\x01\0\0\0\x01\0\0\0\0"), "is not an IDX file"),
        (packed(b"\0\0\x08\x01\0\0"), "is not an IDX file"),
        (packed(b"\0\0\x08\x01\0\0\0\x05abc"), "promises .* but holds 3 bytes"),
        (packed(bytes(range(256)) * 40)[:-20], "is damaged"),
        (packed(b"\0\0\x08\x01")[:10] + bytes(range(255)), "is damaged"),
    ],
    ids=["not packed", "3 bytes", "floats", "a cut head", "a cut body", "cut", "other bytes"],
)
def test_a_damaged_mnist_file_is_named_with_what_to_do(tmp_path, content, complaint):
    path = tmp_path / "t10k.gz"
    path.write_bytes(content)
    with pytest.raises(DataError, match=rf"t10k\.gz {complaint}.*data fetch mnist"):
        read_idx(path)


def test_idx_files_come_back_axis_by_axis(tmp_path):
    array = np.arange(24, dtype=np.uint8).reshape(2, 3, 4)
    write_idx(tmp_path / "a.gz", array)
    assert np.array_equal(read_idx(tmp_path / "a.gz"), array)


def test_an_unknown_name_is_answered_with_the_names_there_are():
    with pytest.raises(DataError, match=r"'mnits'; there are shapes, digits, mnist, weizmann"):
        load_videos("mnits")
    with pytest.raises(DataError, match="unknown data set ''"):
        load_videos("")


@pytest.mark.parametrize("name", ["shapes", "digits", "mnist", "weizmann", "folder:anything"])
def test_every_data_set_has_a_card_with_source_and_licence(name):
    about = card(name)
    for field in ("what", "source", "licence", "size", "shape", "how_made"):
        assert getattr(about, field) and getattr(about, field) in about.text()


@needs_real
def test_the_published_weizmann_clips_load_twice_the_second_time_fast(data, monkeypatch):
    (data / "weizmann").symlink_to(REAL / "weizmann")
    bank = load_videos("weizmann")
    assert bank.n_videos == 72 and len(bank.frames) == 5290
    assert (bank.lengths.min(), bank.lengths.max()) == (51, 146)
    monkeypatch.setattr("vgan_lessons.datasets.clip_cache._read_frames", None)
    assert torch.equal(load_videos("weizmann").frames, bank.frames)


@needs_real
def test_each_weizmann_scene_is_a_clip_and_its_mirror_image(data):
    (data / "weizmann").symlink_to(REAL / "weizmann")
    bank = load_videos("weizmann", image_size=64)
    for scene in range(36):
        first, second = (bank.truth["scene"] == scene).nonzero().flatten().tolist()
        assert bank.truth["action"][first] == bank.truth["action"][second]
        clips = [
            bank.frames[bank.first_frames[k] : bank.first_frames[k] + bank.lengths[k]]
            for k in (first, second)
        ]
        assert torch.equal(clips[0], clips[1].flip(-1))


@needs_real
def test_the_published_mnist_digits_are_read(data):
    (data / "mnist").symlink_to(REAL / "mnist")
    bank = load_videos("mnist", n_videos=100)
    assert bank.truth["source"].max() > 9000 and set(bank.truth["label"].tolist()) == {
        *range(10)
    }
    labels = read_idx(storage.data_folder() / "mnist" / "t10k-labels-idx1-ubyte.gz")
    assert labels[:5].tolist() == [7, 2, 1, 0, 4]  # known to all who met MNIST
