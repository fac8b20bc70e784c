"""Small films whose content says which frame is which."""

import numpy as np
from PIL import Image

from vgan_lessons.datasets import load_videos

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
