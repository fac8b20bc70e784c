"""Stills, strips and animated pictures as they are: bits, turns, opacity, durations."""

import numpy as np
import pytest
from PIL import Image

from film_tools import film, load, write_strip
from vgan_lessons.datasets import DataError, framing
from vgan_lessons.datasets.pictures import read_picture


def frames(path):
    return list(read_picture(path))


def only(path):
    (frame,) = read_picture(path)
    return frame.pixels


@pytest.mark.parametrize("name", ["a.png", "a.tif"])
def test_sixteen_bits_are_scaled_to_eight(tmp_path, name):
    greys = np.arange(256, dtype=np.uint16).reshape(16, 16) * 257
    Image.fromarray(greys).save(tmp_path / name)
    wanted = np.arange(256).reshape(16, 16, 1).repeat(3, 2)
    assert np.array_equal(only(tmp_path / name), wanted)


def test_sixteen_bits_of_the_other_byte_order_are_scaled_too(tmp_path):
    greys = (np.arange(256).reshape(16, 16) * 257).astype(">u2")
    Image.frombytes("I;16B", (16, 16), greys.tobytes()).save(tmp_path / "a.tif")
    assert np.array_equal(only(tmp_path / "a.tif")[..., 0], np.arange(256).reshape(16, 16))


def test_sixteen_bit_stills_are_a_clip_that_is_not_white(tmp_path):
    for t in range(16):
        Image.fromarray(np.full((32, 32), 1000 * t, np.uint16)).save(tmp_path / f"{t}.png")
    shown = load(tmp_path).frames[:, 0, 0, 0].tolist()
    assert shown == [round(1000 * t / 257) for t in range(16)]


@pytest.mark.parametrize("kind", [np.float32, np.int32])
def test_numbers_without_a_known_white_are_refused(tmp_path, kind):
    Image.fromarray(np.full((8, 8), 3, kind)).save(tmp_path / "a.tif")
    with pytest.raises(framing.UnreadableClip, match="no known white"):
        only(tmp_path / "a.tif")


@pytest.mark.parametrize("content", [b"hello" * 30, b"GIF89a\x20\x00\x20"])
def test_what_is_no_gif_is_told_without_the_decoders_words(tmp_path, content):
    (tmp_path / "a.gif").write_bytes(content)
    with pytest.raises(framing.UnreadableClip, match=r"^no GIF that can be read: damaged"):
        frames(tmp_path / "a.gif")


TURNS = {  # EXIF orientation -> what makes it upright
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


@pytest.mark.parametrize("orientation", [1, *TURNS])
@pytest.mark.parametrize("name, mode", [("a.png", "RGB"), ("a.jpg", "L"), ("a.tif", "RGBA")])
def test_a_still_is_turned_as_its_camera_was(tmp_path, name, mode, orientation):
    held = np.zeros((24, 40, 3), np.uint8)
    held[:8, :8], held[16:, :8], held[:8, 32:] = 250, 150, 60
    picture, exif = Image.fromarray(held).convert(mode), Image.Exif()
    exif[0x0112] = orientation
    picture.save(tmp_path / name, exif=exif)
    upright = Image.fromarray(held)
    if orientation in TURNS:
        upright = upright.transpose(TURNS[orientation])
    assert np.array_equal(only(tmp_path / name), np.asarray(upright))


def test_every_mode_shows_its_colours_over_black(tmp_path):
    Image.new("LA", (8, 8), (200, 0)).save(tmp_path / "la.png")
    Image.new("RGBA", (8, 8), (200, 100, 0, 128)).save(tmp_path / "rgba.png")
    Image.new("CMYK", (8, 8), (0, 255, 255, 0)).save(tmp_path / "cmyk.jpg")
    Image.new("1", (8, 8), 1).save(tmp_path / "bits.png")
    palette = Image.new("P", (8, 8), 1)
    palette.putpalette([9, 9, 9, 10, 20, 250])
    palette.save(tmp_path / "palette.png")
    palette.save(tmp_path / "clear.png", transparency=1)
    shown = {path.stem: only(path)[4, 4].tolist() for path in tmp_path.iterdir()}
    assert shown.pop("cmyk") in ([254, 0, 0], [255, 0, 0])
    assert shown == {
        "la": [0, 0, 0],
        "rgba": [100, 50, 0],
        "bits": [255, 255, 255],
        "palette": [10, 20, 250],
        "clear": [0, 0, 0],
    }


@pytest.mark.parametrize("size", [(64, 32), (32, 64), (96, 32), (224, 32)])
def test_wide_stills_are_no_strips(tmp_path, size):
    for t in range(16):
        Image.new("RGB", size, (15 * t, 0, 0)).save(tmp_path / f"{t}.png")
    bank = load(tmp_path)
    assert bank.lengths.tolist() == [16]
    assert bank.frames[:, 0, 0, 0].tolist() == [15 * t for t in range(16)]


def test_a_short_strip_is_one_where_its_name_says_so(tmp_path):
    write_strip(tmp_path / "Strip_of_3.png", film(3, 32, 32))
    write_strip(tmp_path / "sure.png", film(8, 32, 32), axis=0)
    assert load(tmp_path, n_frames=3).lengths.tolist() == [3, 8]


def test_a_gif_keeps_its_durations_through_disposal_and_transparency(tmp_path):
    """Three ways of dealing with the frame before; each read as a viewer shows it."""
    parts = []
    for t in range(4):
        picture = Image.new("RGBA", (20, 20), (0, 0, 0, 0))
        picture.paste((250, 40, 40, 255), (4 * t, 4 * t, 4 * t + 4, 4 * t + 4))
        parts.append(picture)
    times = [100, 300, 10, 2000]
    for disposal, squares in ((1, [1, 2, 3, 4]), (2, [1, 1, 1, 1])):
        path = tmp_path / f"{disposal}.gif"
        parts[0].save(path, save_all=True, append_images=parts[1:], duration=times,
                      disposal=disposal, loop=0)  # fmt: skip
        read = frames(path)
        assert [frame.pixels[..., 0].astype(bool).sum() // 16 for frame in read] == squares
        assert all(frame.pixels[..., 2].max() <= 40 for frame in read)
        # 10 ms are what every browser shows for 100
        assert [round(frame.seconds, 3) for frame in read] == [0.1, 0.3, 0.1, 2.0]
        assert [round(frame.begin, 3) for frame in read] == [0, 0.1, 0.4, 0.5]


@pytest.mark.parametrize("name", ["a.apng", "a.png", "a.webp"])
def test_animated_pictures_without_loss_come_back_exactly_at_their_times(tmp_path, name):
    made = np.random.default_rng(0).integers(0, 256, (5, 16, 24, 3), dtype=np.uint8)
    first, *rest = [Image.fromarray(pixels) for pixels in made]
    form = "WEBP" if name == "a.webp" else "PNG"
    first.save(tmp_path / name, form, save_all=True, append_images=rest, lossless=True,
               duration=[40, 80, 40, 120, 40])  # fmt: skip
    read = frames(tmp_path / name)
    assert all(np.array_equal(frame.pixels, made[t]) for t, frame in enumerate(read))
    assert np.allclose([frame.begin for frame in read], [0, 0.04, 0.12, 0.16, 0.28])


def test_the_still_of_an_apng_for_old_viewers_is_no_frame(tmp_path):
    cover, *moving = [Image.new("RGB", (8, 8), (60 * t, 0, 0)) for t in range(4)]
    cover.save(tmp_path / "a.png", save_all=True, append_images=moving, default_image=True,
               duration=50)  # fmt: skip
    read = frames(tmp_path / "a.png")
    assert [int(frame.pixels[0, 0, 0]) for frame in read] == [60, 120, 180]


def test_a_photo_that_holds_a_second_picture_is_one_still(tmp_path):
    """Phones keep a small copy or a depth map beside the photo."""
    photo = Image.new("RGB", (40, 30), (200, 0, 0))
    photo.save(tmp_path / "a.jpg", "MPO", save_all=True, append_images=[photo.resize((20, 15))])
    assert only(tmp_path / "a.jpg").shape == (30, 40, 3)


def test_gifs_are_resampled_by_their_durations(tmp_path):
    first, *rest = [Image.new("RGB", (32, 32), (25 * t, 0, 0)) for t in range(9)]
    first.save(tmp_path / "a.gif", save_all=True, append_images=rest,
               duration=[100] * 4 + [800] + [100] * 4)  # fmt: skip
    assert load(tmp_path, n_frames=9).lengths.tolist() == [9]
    shown = load(tmp_path, fps=10).frames[:, 0, 0, 0].div(25, rounding_mode="floor").tolist()
    assert shown == [0, 1, 2, 3, *[4] * 8, 5, 6, 7, 8]


def test_a_picture_cut_off_is_named_with_the_reason(tmp_path):
    write_strip(tmp_path / "a.png", film(16, 32, 32))
    whole = (tmp_path / "a.png").read_bytes()
    (tmp_path / "a.png").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(DataError, match=r"a\.png cannot be read: .*truncated"):
        load(tmp_path, strict=True)
