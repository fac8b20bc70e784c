"""Films of many containers and codecs, frame by frame against a second decoder."""

import numpy as np
import pytest

from film_tools import ffmpeg, raw_input
from vgan_lessons.datasets.films import read_film

T, H, W = 8, 32, 48
FPS = 25
FULL, HALF = "yuv444p", "yuv420p"  # a colour for each pixel, or one for four
FILMS = {  # name -> how it is made, and how much the two decoders may differ on average
    "h264.mp4": (["libx264", "-bf", 2, "-pix_fmt", HALF], 1.5),  # frames stored out of order
    "H264-BIG.MP4": (["libx264", "-bf", 2, "-pix_fmt", FULL], 0),
    "hevc.mp4": (["libx265", "-x265-params", "log-level=0", "-pix_fmt", HALF], 1.5),
    "av1.mkv": (["libaom-av1", "-cpu-used", 8, "-pix_fmt", FULL], 0),
    "mpeg4.m4v": (["mpeg4", "-bf", 2], 1.5),
    "prores.mov": (["prores_ks", "-pix_fmt", "yuv422p10le"], 1.5),  # of 10 bits
    "lossless.mkv": (["ffv1", "-pix_fmt", "bgr0"], 0),
    "vp8.webm": (["libvpx"], 1.5),
    "vp9.webm": (["libvpx-vp9", "-pix_fmt", FULL], 0),
    "mjpeg.avi": (["mjpeg", "-pix_fmt", "yuvj444p"], 0),
    "huffyuv.avi": (["huffyuv", "-pix_fmt", "rgb24"], 0),
    "wmv2.wmv": (["wmv2"], 1.5),
    "mpeg2.ts": (["mpeg2video", "-bf", 2], 1.5),
    "h264.mts": (["libx264", "-pix_fmt", FULL], 0),
    "flv1.flv": (["flv"], 1.5),
    "theora.ogv": (["libtheora", "-q:v", 8, "-pix_fmt", FULL], 0),
    "h263.3gp": (["h263", "-s", "128x96"], 1.5),
    "mpeg1.mpg": (["mpeg1video"], 1.5),
    "mpeg2.vob": (["mpeg2video"], 1.5),
    "mpeg2.mxf": (["mpeg2video"], 1.5),
    "raw.y4m": (["rawvideo", "-pix_fmt", FULL], 0),
}  # fmt: skip


def pictures():
    """A white square on a slope of colours; blue says which frame it is."""
    frames = np.zeros((T, H, W, 3), np.uint8)
    frames[..., 0], frames[..., 1] = np.arange(W) * 5, np.arange(H)[:, None] * 7
    for t in range(T):
        frames[t, ..., 2] = 30 * t
        frames[t, 8:24, 4 * t : 4 * t + 16] = 255
    return frames


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """All films from two runs of ffmpeg, and what a third reads in them."""
    folder, back = tmp_path_factory.mktemp("films"), []
    for names in (["hevc.mp4"], FILMS.keys() - {"hevc.mp4"}):  # x265 crashes beside others
        words = raw_input(pictures(), FPS)
        for name in sorted(names):
            words += ["-threads", 1, "-c:v", *FILMS[name][0], "-r", FPS, folder / name]
        ffmpeg(*words, stdin=pictures().tobytes())
    careful = ["-pix_fmt", "rgb24", "-sws_flags", "bicubic+accurate_rnd+full_chroma_int"]
    for k, name in enumerate(FILMS):
        back += ["-map", f"{k}:v:0", "-fps_mode", "passthrough", *careful]
        back += ["-f", "rawvideo", folder / f"{name}.pixels"]
    ffmpeg(*(word for name in FILMS for word in ("-i", folder / name)), *back)
    return folder


@pytest.mark.parametrize("name", FILMS)
def test_every_frame_is_the_one_that_a_second_decoder_reads(made, name):
    frames = list(read_film(made / name))
    found = np.stack([frame.pixels for frame in frames]).astype(int)
    other = np.fromfile(made / f"{name}.pixels", np.uint8).reshape(-1, *found.shape[1:])
    assert len(found) == len(other) == T
    assert np.abs(found - other).mean((1, 2, 3)).max() <= FILMS[name][1]
    wanted = np.stack([frame.begin for frame in frames])
    assert np.abs(wanted - np.arange(T) / FPS).max() < 0.0015  # some keep milliseconds
    if found.shape == pictures().shape:  # and it is the one that was written
        apart = np.abs(found[:, None] - pictures()[None].astype(int)).mean((2, 3, 4))
        assert apart.argmin(1).tolist() == list(range(T)) and apart.min(1).max() < 8
