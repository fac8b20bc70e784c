"""A learner's own folder: films, pictures, strips and stills become one bank."""

import imageio.v3 as iio
import numpy as np
import pytest
import torch
from PIL import Image

from film_tools import bar, film, load, write_strip
from vgan_lessons.datasets import DataError, DataWarning, load_videos


@pytest.mark.parametrize(
    "name", ["a.mp4", "a.avi", "a.mov", "a.mkv", "A.MP4", "a.gif", "a.webp"]
)
def test_films_and_animated_pictures_are_read_in_order(tmp_path, name):
    rate = {} if name.endswith(("gif", "webp")) else {"fps": 10}
    iio.imwrite(tmp_path / name, film(22, 64, 64), **rate)
    bank = load(tmp_path)
    assert bank.n_videos == 1 and bank.lengths.item() == 22
    steps = bar(bank)[:8].diff()
    assert (steps > 0).sum() >= 6 and (steps >= 0).all()


@pytest.mark.parametrize("name, axis", [("a.png", 1), ("a.png", 0), ("a.jpg", 1), ("a.bmp", 0)])
def test_a_film_strip_is_cut_into_its_squares(tmp_path, name, axis):
    write_strip(tmp_path / name, film(20, 32, 32), axis)
    bank = load(tmp_path)
    assert bank.lengths.tolist() == [20]
    assert bar(bank)[:14].tolist() == list(range(0, 28, 2))


def test_a_strip_of_the_stored_size_comes_back_bit_for_bit(tmp_path):
    frames = np.random.default_rng(0).integers(0, 256, (16, 32, 32, 3), dtype=np.uint8)
    write_strip(tmp_path / "a.png", frames)
    assert np.array_equal(load(tmp_path).frames.numpy(), frames.transpose(0, 3, 1, 2))


def test_numbered_stills_of_a_folder_are_one_clip_in_number_order(tmp_path):
    (tmp_path / "walk").mkdir()
    for t, frame in enumerate(film(18, 36, 50)):
        Image.fromarray(frame).save(tmp_path / "walk" / f"frame{t}.png")  # 10 sorts before 2
    bank = load(tmp_path)
    assert bank.lengths.tolist() == [18]
    assert (bar(bank)[4:].diff() > 0).all()


def test_frames_keep_their_middle_square(tmp_path):
    frames = np.zeros((16, 30, 50, 3), np.uint8)
    frames[:, :, 10:40] = (10, 20, 250)
    for t, frame in enumerate(frames):
        Image.fromarray(frame).save(tmp_path / f"{t}.png")
    stored = load(tmp_path).frames
    assert (stored[:, 2] == 250).all() and (stored[:, 0] == 10).all()


def test_transparent_parts_are_black(tmp_path):
    strip = np.full((32, 32 * 16, 4), 255, np.uint8)
    strip[:16, :, 3] = 0
    Image.fromarray(strip).save(tmp_path / "clear.png")
    stored = load(tmp_path).frames
    assert (stored[:, :, :16] == 0).all() and (stored[:, :, 16:] == 255).all()


def test_mixed_kinds_and_sizes_live_in_one_bank(tmp_path):
    iio.imwrite(tmp_path / "a.mp4", film(20, 48, 80), fps=10)
    write_strip(tmp_path / "deep" / "er" / "b.png", film(17, 24, 24))
    iio.imwrite(tmp_path / "c.gif", film(18, 100, 40))
    (tmp_path / "notes.txt").write_text("not a clip")
    write_strip(tmp_path / ".hidden" / "d.png", film(17, 24, 24))
    with pytest.warns(DataWarning, match=r"^1 left alone: notes\.txt \(of unknown kind\)\.$"):
        bank = load(tmp_path)
    assert bank.frames.shape == (55, 3, 32, 32)
    assert bank.lengths.tolist() == [20, 18, 17] and bank.truth == {}
    assert bank.card.size == "3 clips of 17 to 20 frames"
    clips = bank.sample_clips(4, n_frames=16, rng=torch.Generator().manual_seed(0))
    assert clips.shape == (4, 16, 3, 32, 32)


def test_sub_folders_are_labels_where_every_clip_lies_in_one(tmp_path):
    for k, name in enumerate(["b/1.png", "a/deep/2.png", "b/3.png"]):
        write_strip(tmp_path / name, film(18 + k, 32, 32))
    bank = load(tmp_path)
    assert bank.label_names == {"folder": ("a", "b")}
    assert bank.lengths.tolist() == [19, 18, 20]
    assert bank.labels(torch.arange(3)).tolist() == [[0], [1], [1]]
    write_strip(tmp_path / "outside.png", film(18, 32, 32))
    assert load(tmp_path).n_classes == ()


def test_one_sub_folder_tells_nothing_apart(tmp_path):
    write_strip(tmp_path / "only" / "1.png", film(18, 32, 32))
    assert load(tmp_path).label_names == {}


def test_the_path_of_a_folder_that_exists_is_enough(tmp_path):
    write_strip(tmp_path / "a.png", film(16, 32, 32))
    assert load_videos(str(tmp_path)).n_videos == 1


def test_a_chosen_number_of_clips_is_drawn_by_the_seed(tmp_path):
    for number in range(8):
        write_strip(tmp_path / f"{number}.png", film(16, 32, 32, red=20 * number))
    chosen = [load(tmp_path, n_videos=3, seed=seed) for seed in (0, 0, 1)]
    starts = [bank.first_frames.tolist() for bank in chosen]
    assert starts[0] == starts[1] == sorted(starts[0]) and len(set(starts[0])) == 3
    assert starts[0] != starts[2]
    with pytest.raises(DataError, match="has 8 videos; 9 were asked for"):
        load(tmp_path, n_videos=9)
