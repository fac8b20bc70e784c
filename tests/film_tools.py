"""Small films whose content says which frame is which."""

from pathlib import Path

import numpy as np
from PIL import Image

from vgan_lessons.datasets import load_videos
from vgan_lessons.datasets.manifests import files_of

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


def load(path, **numbers):
    return load_videos(f"folder:{path}", **{"image_size": 32, "n_frames": 16, **numbers})


def bar(bank, place=0):
    """Left end of the white bar in every frame of one video, in pixels of the stored frame."""
    begin, length = bank.first_frames[place], bank.lengths[place]
    green = bank.frames[begin : begin + length, 1].float().mean(1)  # (T, W): 0 off the bar
    return (green > 127).float().argmax(1)


def write_weizmann(data):
    """Strips in the published form, RGBA PNG named .jpg; red is the number, blue the time."""
    for file in files_of("weizmann"):
        number = int(Path(file.path).stem)
        strip = np.zeros((64, 64 * (18 + number % 5), 4), np.uint8)
        strip[..., 0], strip[..., 3] = number, 255
        strip[..., 2] = np.repeat(np.arange(18 + number % 5), 64)
        path = data / "weizmann" / file.path
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(strip).save(path, format="PNG")
