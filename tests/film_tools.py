"""Small films whose content says which frame is which."""

import subprocess
from fractions import Fraction
from pathlib import Path

import av
import imageio_ffmpeg
import numpy as np
from PIL import Image

from vgan_lessons.datasets import load_videos
from vgan_lessons.datasets.cards import files_of

N_FRAMES = 18


def film(n_frames=N_FRAMES, height=48, width=64, red=200):
    """A white bar that walks to the right over colour; frame t's bar begins at 2 t."""
    frames = np.zeros((n_frames, height, width, 3), np.uint8)
    frames[..., 0] = red
    for t in range(n_frames):
        frames[t, :, 2 * t : 2 * t + 6] = 255
    return frames


def write_strip(path, frames, axis=1):
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(np.concatenate(list(frames), axis=axis)).save(path)


def ffmpeg(*words, stdin=b""):
    """What an ffmpeg other than PyAV's own answers."""
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-y", "-v", "error", *map(str, words)]
    done = subprocess.run(command, input=stdin, capture_output=True)
    assert not done.returncode, f"{done.returncode} {done.stderr.decode()}"
    return done.stdout


def raw_input(frames, fps=10):
    """How ffmpeg is told of frames (T, H, W, C) that come as bytes."""
    H, W, C = frames.shape[1:]
    kind = {3: "rgb24", 4: "rgba"}[C]
    return ["-f", "rawvideo", "-pix_fmt", kind, "-s", f"{W}x{H}", "-r", fps, "-i", "-"]


def write_film(path, frames, *, times=None, aspect=None, turn=None):
    """A film without loss, each frame at its time in seconds (ten a second without times)."""
    codec, form = {".mov": ("png", "rgb24"), ".mkv": ("ffv1", "bgr0")}[path.suffix]
    with av.open(str(path), "w") as film:
        stream = film.add_stream(codec, 1000)
        stream.height, stream.width, stream.pix_fmt = *frames.shape[1:3], form
        stream.codec_context.time_base = Fraction(1, 1000)
        if aspect:
            stream.codec_context.sample_aspect_ratio = aspect
        if turn:
            stream.set_display_rotation(**turn)
        for t, pixels in enumerate(frames):
            frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(pixels))
            frame.pts = round(1000 * (times[t] if times is not None else t / 10))
            frame.time_base = Fraction(1, 1000)
            film.mux(stream.encode(frame))
        film.mux(stream.encode(None))


def load(path, **numbers):
    return load_videos(f"folder:{path}", **{"image_size": 32, "n_frames": 16, **numbers})


def bar(bank, place=0):
    """Left end of the white bar in every frame of one video, in pixels of the stored frame."""
    begin, length = bank.first_frames[place], bank.lengths[place]
    green = bank.frames[begin : begin + length, 1].float().mean(1)  # (T, W): 0 off the bar
    return (green > 127).float().argmax(1)


def write_weizmann(data, n_frames=18):
    """Strips in the published form, RGBA PNG named .jpg; red is the number, blue the time."""
    for file in files_of("weizmann"):
        number = int(Path(file.path).stem)
        long = n_frames + number % 5
        strip = np.zeros((64, 64 * long, 4), np.uint8)
        strip[..., 0], strip[..., 3] = number, 255
        strip[..., 2] = np.repeat(np.arange(long), 64)
        path = data / "weizmann" / file.path
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(strip).save(path, format="PNG")
