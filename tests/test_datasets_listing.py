"""Which files are a clip together, and what is told of those that are none."""

import os

import numpy as np
import pytest
from PIL import Image

from film_tools import film, load, write_film, write_strip
from vgan_lessons.datasets import DataError, DataWarning
from vgan_lessons.datasets.listing import list_clips


def stills(folder, names):
    """Stills of rising red in the order in which they are named."""
    folder.mkdir(parents=True, exist_ok=True)
    for t, name in enumerate(names):
        Image.new("RGB", (32, 32), (10 * t, 0, 0)).save(folder / name)


def reds(bank, place=0):
    return (bank.video(place)[:, 0, 0, 0] // 10).tolist()


def test_two_cameras_in_one_folder_are_two_clips(tmp_path):
    stills(tmp_path, [f"left_{t:03}.png" for t in range(16)])
    for t in range(16):
        Image.new("RGB", (32, 32), (0, 0, 200)).save(tmp_path / f"right_{t:03}.png")
    bank = load(tmp_path)
    assert bank.lengths.tolist() == [16, 16] and bank.n_films == 2
    assert reds(bank) == list(range(16)) and (bank.video(1)[:, 2] == 200).all()


@pytest.mark.parametrize(
    "pattern", ["cam{c}_{t:04}.png", "{t:04}_cam{c}.png", "take{c}/{t}.png", "{c}-{t}.JPG"]
)
def test_the_number_with_most_values_is_the_time(tmp_path, pattern):
    for camera in (1, 2):
        for t in range(16):
            path = tmp_path / pattern.format(c=camera, t=t)
            path.parent.mkdir(exist_ok=True)
            Image.new("RGB", (32, 32), (10 * t, 0, 100 * camera)).save(path)
    bank = load(tmp_path)
    assert bank.lengths.tolist() == [16, 16] and bank.label_names == {}
    for place in range(2):
        video = bank.video(place)[..., 0, 0].numpy().astype(int)
        assert np.abs(video[:, 0] - 10 * np.arange(16)).max() <= 3
        assert video[:, 2].std() < 3


def test_a_damaged_still_is_named_and_the_clip_ends_before_it(tmp_path):
    stills(tmp_path / "walk", [f"{t:02}.png" for t in range(25)])
    whole = (tmp_path / "walk" / "17.png").read_bytes()
    (tmp_path / "walk" / "17.png").write_bytes(whole[:40])
    with pytest.warns(DataWarning, match=r"^Damaged stills.*: walk/17\.png \(") as warned:
        bank = load(tmp_path)
    assert bank.lengths.tolist() == [17] and reds(bank) == list(range(17))
    assert "Parts too short for a clip: walk (7 frames, 16 wanted)." in str(warned[0].message)
    with pytest.warns(DataWarning, match=r"walk/17\.png"):
        bank = load(tmp_path, n_frames=7)
    assert bank.lengths.tolist() == [17, 7] and bank.n_films == 1
    assert reds(bank, 1) == list(range(18, 25))
    with pytest.raises(DataError, match=r"walk/17\.png cannot be read"):
        load(tmp_path, n_frames=7, strict=True)


def test_missing_numbers_part_a_clip_and_are_told_of(tmp_path):
    numbers = [*range(16), *range(20, 40)]
    stills(tmp_path, [f"f{n}.png" for n in numbers])
    with pytest.warns(DataWarning, match="Numbers of stills are missing.*4 missing after f15"):
        bank = load(tmp_path)
    assert bank.lengths.tolist() == [16, 20] and bank.films.tolist() == [0, 0]


@pytest.mark.parametrize("step", [5, 40])
def test_every_fifth_number_is_no_gap(tmp_path, step):
    stills(tmp_path, [f"f{n}.png" for n in range(0, 16 * step, step)])
    assert load(tmp_path).lengths.tolist() == [16]


def test_numbers_without_a_rule_only_tell_the_order(tmp_path):
    numbers = np.random.default_rng(0).permutation(10**6)[:16]
    stills(tmp_path, [f"{n}.png" for n in sorted(numbers)])
    assert reds(load(tmp_path)) == list(range(16))


def test_photos_without_numbers_are_no_clip(tmp_path):
    write_strip(tmp_path / "good.png", film(16, 32, 32))
    stills(tmp_path, ["me.png", "you.png"])
    with pytest.warns(DataWarning, match=r"me\.png \(1 frames, 16 wanted\); you\.png"):
        assert load(tmp_path).n_videos == 1


def test_what_is_no_clip_is_named_and_counted(tmp_path):
    write_strip(tmp_path / "good.png", film(16, 32, 32))
    (tmp_path / "notes.txt").write_text("")
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "model.safetensors").write_text("")
    os.symlink(tmp_path / "gone.mp4", tmp_path / "dead.mp4")
    os.symlink(tmp_path / "deep", tmp_path / "round")
    with pytest.warns(DataWarning) as warned:
        load(tmp_path)
    told = str(warned[0].message)
    assert told.startswith("4 left alone: ")
    for line in (
        "notes.txt (of unknown kind)",
        "deep/model.safetensors (of unknown kind)",
        "dead.mp4 (a link to nothing)",
        "round (a link to a folder)",
    ):
        assert line in told
    with pytest.raises(DataError, match=r"(round|dead\.mp4) is no clip: a link"):
        load(tmp_path, strict=True)


def test_hidden_files_and_our_own_notes_are_left_alone_silently(tmp_path):
    write_strip(tmp_path / "good.png", film(16, 32, 32))
    (tmp_path / "._good.png").write_bytes(b"\0\5\x16\7")  # what macOS leaves on a USB stick
    (tmp_path / ".DS_Store").write_bytes(b"")
    for name in ("card.json", "truth.csv"):
        (tmp_path / name).write_text("")
    assert load(tmp_path, strict=True).n_videos == 1


def test_links_to_files_are_followed(tmp_path):
    write_strip(tmp_path / "store" / "a.png", film(16, 32, 32))
    (tmp_path / "set").mkdir()
    os.symlink(tmp_path / "store" / "a.png", tmp_path / "set" / "b.png")
    assert load(tmp_path / "set", strict=True).n_videos == 1


def test_capitals_other_alphabets_and_depth_are_no_obstacle(tmp_path):
    (tmp_path / "Città" / "走").mkdir(parents=True)
    write_film(tmp_path / "Città" / "走" / "фильм 1.mov", film(16, 32, 32))
    (tmp_path / "Città" / "走" / "фильм 1.mov").rename(
        tmp_path / "Città" / "走" / "фильм 1.MOV"
    )
    stills(tmp_path / "b", [f"Bild ({t}).PNG" for t in range(16)])
    bank = load(tmp_path, strict=True)
    assert bank.lengths.tolist() == [16, 16]


def test_folders_of_stills_are_clips_not_classes(tmp_path):
    for k in range(4):
        stills(tmp_path / f"clip{k}", [f"{t}.png" for t in range(16)])
    assert load(tmp_path).label_names == {}
    for k in range(4):
        (tmp_path / f"clip{k}").rename(tmp_path / f"kind{k % 2}-{k}")
        (tmp_path / f"kind{k % 2}").mkdir(exist_ok=True)
        (tmp_path / f"kind{k % 2}-{k}").rename(tmp_path / f"kind{k % 2}" / f"clip{k}")
    bank = load(tmp_path)
    assert bank.label_names == {"folder": ("kind0", "kind1")}
    assert bank.truth["folder"].tolist() == [0, 0, 1, 1]


def test_a_folder_of_other_things_says_what_it_holds(tmp_path):
    (tmp_path / "letter.docx").write_text("")
    with pytest.raises(DataError, match=r"holds no clip \(letter\.docx \(of unknown kind\)\)"):
        load(tmp_path)


def test_names_are_in_the_order_in_which_people_count(tmp_path):
    for k in (10, 9, 1):
        write_strip(tmp_path / f"film{k}.png", film(16, 32, 32))
    names = [clip.name for clip in list_clips(tmp_path).clips]
    assert names == ["film1.png", "film9.png", "film10.png"]
