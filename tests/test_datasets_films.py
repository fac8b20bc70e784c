"""Films as they are: each stored frame once, at its time, upright, as wide as it is seen."""

from fractions import Fraction

import av
import numpy as np
import pytest
import torch

from clip_tools import sliding_square
from film_tools import bar, ffmpeg, film, load, raw_input, write_film, write_strip
from vgan_lessons.datasets import DataError, DataWarning, framing, load_videos
from vgan_lessons.datasets.films import read_film
from vgan_lessons.datasets.pictures import read_picture
from vgan_lessons.display.files import save_clip

PAUSE = [*(t / 10 for t in range(10)), *(2 + t / 10 for t in range(10, 20))]  # of two seconds


@pytest.mark.parametrize("name", ["a.mov", "a.mkv"])
def test_a_pause_is_no_frame_and_the_stamps_tell_of_it(tmp_path, name):
    write_film(tmp_path / name, film(20, 32, 32), times=PAUSE)
    assert np.allclose([frame.begin for frame in read_film(tmp_path / name)], PAUSE, atol=2e-3)
    bank = load(tmp_path)
    assert bank.lengths.tolist() == [20]  # a reader that fills pauses makes 40 to 80
    assert bar(bank)[:14].tolist() == list(range(0, 28, 2))
    assert "stored at 10 to 10 frames a second, 1 of 1 unevenly" in bank.card.text()


def test_frames_a_second_are_chosen_by_the_stamps(tmp_path):
    write_film(tmp_path / "a.mov", film(20, 32, 32), times=PAUSE)
    bank = load(tmp_path, fps=10)
    assert bank.lengths.tolist() == [40]
    assert bar(bank)[:12].tolist() == [0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 18, 18]
    assert load(tmp_path, fps=5, n_frames=8).lengths.tolist() == [20]
    assert bar(load(tmp_path, fps=5, n_frames=8))[:4].tolist() == [0, 4, 8, 12]
    assert "resampled to 10 frames a second by the time stamps" in bank.card.text()


@pytest.mark.parametrize("fps", [24, 25, 29.97, 30])
def test_stamps_in_whole_milliseconds_neither_repeat_nor_drop_a_frame(tmp_path, fps):
    times = [round(t / fps, 3) for t in range(16)]
    write_film(tmp_path / "a.mkv", film(16, 32, 32), times=times)
    assert bar(load(tmp_path, fps=fps))[:14].tolist() == list(range(0, 28, 2))


def test_films_of_several_rates_are_told_of_and_made_alike_on_request(tmp_path):
    write_film(tmp_path / "slow.mov", film(20, 32, 32), times=[t / 10 for t in range(20)])
    write_film(tmp_path / "fast.mov", film(40, 32, 32), times=[t / 20 for t in range(40)])
    assert "10 to 20 frames a second" in load(tmp_path).card.text()
    bank = load(tmp_path, fps=10)
    assert bank.lengths.tolist() == [20, 20]
    assert bar(bank, 0)[:7].tolist() == list(range(0, 28, 4))  # every second of "fast"
    assert bar(bank, 1)[:14].tolist() == list(range(0, 28, 2))


def test_strips_have_no_time_to_resample_by(tmp_path):
    write_strip(tmp_path / "a.png", film(16, 32, 32))
    with pytest.raises(DataError, match="no clip has time stamps to resample by; use a stride"):
        load(tmp_path, fps=10)
    write_film(tmp_path / "b.mov", film(20, 32, 32))
    bank = load(tmp_path, fps=10)
    assert bank.lengths.tolist() == [16, 20]
    assert "1 clips without time stamps: read as they are" in bank.card.text()
    for name in ("shapes", "weizmann"):
        with pytest.raises(DataError, match="fps"):
            load_videos(name, n_videos=1, fps=8)


def test_a_stride_makes_a_video_of_each_phase_of_a_film(tmp_path):
    write_film(tmp_path / "a.mov", film(17, 32, 32))
    write_strip(tmp_path / "b.png", film(16, 32, 32))
    with pytest.warns(DataWarning, match=r"b\.png \(16 frames, 17 wanted\)"):
        bank = load(tmp_path, n_frames=9, stride=2)
    assert bank.lengths.tolist() == [9] and bank.n_films == 1
    bank = load(tmp_path, n_frames=8, stride=2)
    assert bank.lengths.tolist() == [9, 8, 8, 8] and bank.films.tolist() == [0, 0, 1, 1]
    clip = bank.clips(torch.tensor([1]), torch.tensor([0]), n_frames=6)[0, :, 1].mean(1)
    assert (clip > 0).float().argmax(1).tolist() == [2, 6, 10, 14, 18, 22]
    assert bank.card.size == "4 clips of 8 to 9 frames, from 2 films"
    with pytest.raises(DataError, match="stride must be at least 1"):
        load(tmp_path, stride=0)


@pytest.mark.parametrize(
    "turn, upright",
    [
        ({"degrees": 90}, lambda pixels: np.rot90(pixels, 1)),
        ({"degrees": 180}, lambda pixels: np.rot90(pixels, 2)),
        ({"degrees": -90}, lambda pixels: np.rot90(pixels, -1)),
        ({"degrees": 0, "hflip": True}, lambda pixels: pixels[:, ::-1]),
        ({"degrees": 0, "vflip": True}, lambda pixels: pixels[::-1]),
        ({"degrees": 90, "hflip": True}, None),
    ],
)
def test_a_film_of_a_turned_phone_is_upright(tmp_path, turn, upright):
    held = film(3, 24, 40)
    held[:, :6, :9] = (10, 90, 250)
    write_film(tmp_path / "a.mov", held, turn=turn)
    found = [frame.pixels for frame in read_film(tmp_path / "a.mov")]
    shown = np.frombuffer(
        ffmpeg("-i", tmp_path / "a.mov", "-f", "rawvideo", "-pix_fmt", "rgb24", "-"), np.uint8
    ).reshape(3, *found[0].shape)
    for t in range(3):
        assert np.array_equal(found[t], shown[t])
        if upright:
            assert np.array_equal(found[t], upright(held[t]))


@pytest.mark.parametrize("height, width, aspect", [(32, 16, 2), (16, 32, "1/2"), (32, 32, 1)])
def test_pixels_are_as_wide_as_they_are_seen(tmp_path, height, width, aspect):
    """A round thing fills the frame as seen; in the file it is squeezed."""
    rows, columns = np.mgrid[:height, :width]
    inside = ((rows + 0.5) / height - 0.5) ** 2 + ((columns + 0.5) / width - 0.5) ** 2 < 0.2
    frames = np.repeat(255 * inside[None, ..., None].astype(np.uint8), 3, axis=3)
    write_film(tmp_path / "a.mov", np.repeat(frames, 2, axis=0), aspect=Fraction(aspect))
    (frame, _) = read_film(tmp_path / "a.mov")
    seen = framing.middle_square(frame, 32)[..., 0] > 127
    wide, high = seen.any(0).sum(), seen.any(1).sum()
    assert abs(int(wide) - 29) <= 1 and abs(int(high) - 29) <= 1


@pytest.mark.parametrize(
    "name, codec",
    [
        ("a.mov", ["qtrle", "-pix_fmt", "argb"]),
        ("a.mkv", ["ffv1", "-pix_fmt", "yuva420p"]),
        ("a9.webm", ["libvpx-vp9", "-pix_fmt", "yuva420p"]),
        ("a8.webm", ["libvpx", "-auto-alt-ref", 0, "-pix_fmt", "yuva420p"]),
    ],
)
def test_what_a_film_hides_is_black(tmp_path, name, codec):
    frames = np.full((3, 33, 47, 4), (200, 200, 200, 255), np.uint8)  # odd sizes on purpose
    frames[:, :, :24, 3], frames[:, :, :24, 0] = 0, 255
    ffmpeg(*raw_input(frames), "-c:v", *codec, tmp_path / name, stdin=frames.tobytes())
    for frame in read_film(tmp_path / name):
        assert frame.pixels[:, :20].max() < 6
        assert abs(frame.pixels[:, 28:].astype(int) - 200).max() < 6


def test_a_film_whose_size_changes_and_whose_time_begins_anew_is_one_film(tmp_path):
    for name, side in (("1.ts", 48), ("2.ts", 64)):
        frames = film(18, side, side)
        ffmpeg(*raw_input(frames), "-c:v", "mpeg2video", "-bf", 0, tmp_path / name,
               stdin=frames.tobytes())  # fmt: skip
    parts = [tmp_path / "1.ts", tmp_path / "2.ts"]
    (tmp_path / "joined.ts").write_bytes(b"".join(part.read_bytes() for part in parts))
    frames = list(read_film(tmp_path / "joined.ts"))
    assert len(frames) >= 35 and {len(frame.pixels) for frame in frames} == {48, 64}
    steps = np.diff([frame.begin for frame in frames])
    assert np.allclose(steps, 0.1, atol=0.02)


@pytest.mark.parametrize("name", ["a.avi", "a.mp4", "a.mkv"])
def test_a_title_that_is_no_unicode_is_no_obstacle(tmp_path, name):
    frames = film(4, 32, 32)
    ffmpeg(*raw_input(frames), "-metadata", "title=XXXXXXXX", tmp_path / name,
           stdin=frames.tobytes())  # fmt: skip
    stored = (tmp_path / name).read_bytes()
    assert b"XXXXXXXX" in stored
    (tmp_path / name).write_bytes(
        stored.replace(b"XXXXXXXX", "Città è".encode("cp1252") + b" ")
    )
    assert len(list(read_film(tmp_path / name))) == 4


def test_a_codec_that_nobody_knows_is_told(tmp_path):
    write_film(tmp_path / "a.mov", film(4, 32, 32))
    stored = (tmp_path / "a.mov").read_bytes()
    (tmp_path / "a.mov").write_bytes(stored.replace(b"png ", b"zzzz"))
    with pytest.raises(framing.UnreadableClip, match="its codec is unknown"):
        list(read_film(tmp_path / "a.mov"))


def test_stamps_out_of_order_are_put_in_order(tmp_path):
    """AVI knows no time of display: of frames stored out of order its stamps are wrong."""
    frames = film(12, 32, 32)
    how = ["-c:v", "libx264", "-bf", 2, "-pix_fmt", "yuv444p", tmp_path / "a.avi"]
    ffmpeg(*raw_input(frames), *how, stdin=frames.tobytes())
    begins = [frame.begin for frame in read_film(tmp_path / "a.avi")]
    assert (np.diff(begins) > 0).all() and abs(begins[-1] - 1.1) < 0.25
    assert bar(load(tmp_path, n_frames=12)).tolist() == list(range(0, 24, 2))


@pytest.mark.parametrize(
    "how, oddity",
    [
        (["-flags", "+ildct+ilme", "-vf", "setfield=tff"], "interlaced, so a frame shows two"),
        (["-vf", "setparams=color_trc=arib-std-b67"], "of high dynamic range, so colours"),
    ],
)
def test_a_film_that_a_viewer_would_show_otherwise_is_told_of(tmp_path, how, oddity):
    frames = film(16, 32, 32)
    words = [*raw_input(frames), "-c:v", "mpeg2video", *how, tmp_path / "a.ts"]
    ffmpeg(*words, stdin=frames.tobytes())
    assert f"read as stored: a.ts ({oddity}" in load(tmp_path).card.text()


def test_a_big_film_is_shrunk_on_the_way_without_a_visible_difference(tmp_path):
    big = film(4, 270, 480)
    big[:, ::2] //= 2  # stripes of one line, which must average out
    write_film(tmp_path / "a.mov", big)
    for whole, quick in zip(
        read_film(tmp_path / "a.mov"), read_film(tmp_path / "a.mov", enough=32), strict=True
    ):
        assert quick.pixels.shape == (68, 120, 3) and quick.begin == whole.begin
        squares = [framing.middle_square(frame, 32).astype(int) for frame in (whole, quick)]
        assert np.abs(squares[0] - squares[1]).mean() < 1


def test_a_film_of_one_pixel_is_a_film(tmp_path):
    write_film(tmp_path / "a.mkv", np.full((16, 1, 1, 3), 77, np.uint8))
    assert (load(tmp_path).frames == 77).all()


def sound(path):
    ffmpeg("-f", "lavfi", "-i", "sine=d=0.2", path)


def sound_with_a_cover(path):
    parts = ["-f", "lavfi", "-i", "sine=d=0.2", "-f", "lavfi", "-i", "color=s=32x32"]
    cover = ["-frames:v", 1, "-c:v", "mjpeg", "-disposition:v:0", "attached_pic"]
    ffmpeg(*parts, *cover, path)


@pytest.mark.parametrize(
    "make, why",
    [
        (sound, "no moving pictures"),
        (sound_with_a_cover, "no moving pictures"),
        (lambda path: path.write_bytes(b""), "it is empty"),
        (lambda path: path.write_text("a letter"), "Invalid data"),
    ],
)
def test_a_film_without_pictures_is_named_with_the_reason(tmp_path, make, why):
    make(tmp_path / "broken.mp4")
    with pytest.raises(DataError, match=rf"no clip can be used.*broken\.mp4 \(.*{why}"):
        load(tmp_path)
    with pytest.raises(DataError, match=rf"broken\.mp4 cannot be read: .*{why}"):
        load(tmp_path, strict=True)


@pytest.mark.parametrize(
    "name", ["a.mp4", "a.mov", "a.mkv", "a.webm", "a.avi", "a.flv", "a.wmv"]
)
def test_a_film_that_was_cut_off_is_seen_to_be(tmp_path, name):
    noise = np.random.default_rng(0).integers(0, 256, (30, 32, 32, 3), dtype=np.uint8)
    how = ["-movflags", "faststart"] if name in ("a.mp4", "a.mov") else []
    ffmpeg(*raw_input(noise), *how, tmp_path / name, stdin=noise.tobytes())
    assert len(list(read_film(tmp_path / name))) == 30
    whole = (tmp_path / name).read_bytes()
    (tmp_path / name).write_bytes(whole[: len(whole) * 2 // 3])
    with pytest.raises(framing.UnreadableClip):
        list(read_film(tmp_path / name))


@pytest.mark.parametrize("name", ["a.avi", "a.flv", "a.mkv"])
def test_a_film_that_ends_between_two_pictures_is_told_by_its_header(tmp_path, name):
    noise = np.random.default_rng(0).integers(0, 256, (30, 32, 32, 3), dtype=np.uint8)
    ffmpeg(*raw_input(noise), tmp_path / name, stdin=noise.tobytes())
    whole = (tmp_path / name).read_bytes()
    with av.open(str(tmp_path / name)) as film:
        places = [packet.pos for packet in film.demux(video=0) if packet.size]
    assert len(places) == 30
    (tmp_path / name).write_bytes(whole[: places[20]])
    with pytest.raises(
        framing.UnreadableClip, match=r"cut off: it ends after \d\.\d of 3\.0 s"
    ):
        list(read_film(tmp_path / name))


def test_a_clip_of_this_library_with_a_pause_reads_back_as_it_was(tmp_path):
    clip = sliding_square(6)[:, [0, 1, 2, *[2] * 10, 3, 4, 5]]  # 16 frames, ten of them a pause
    for name in ("a.gif", "a.webp", "a.mp4"):
        save_clip(tmp_path / name, clip, fps=10, scale=1, columns=1)
    bank = load(tmp_path)
    assert bank.lengths.tolist() == [16, 16, 16]
    for place in range(3):
        left = (bank.video(place)[:, 1, 12] > 127).float().argmax(1)
        assert left.tolist() == [4, 6, *[8] * 11, 10, 12, 14]
    for name in ("a.gif", "a.webp"):
        frames = list(read_picture(tmp_path / name))
        assert np.allclose([frame.begin for frame in frames], np.arange(16) / 10)
