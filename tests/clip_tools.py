"""Clips to draw and pictures to read back, for the tests of the players."""

import html
import re
import subprocess
from base64 import b64decode
from io import BytesIO

import imageio_ffmpeg
import numpy as np
import torch
from PIL import Image


def index_coded(n_clips, n_frames, height=8, width=10):
    """Grey uint8 clips where every pixel of frame t of clip b has the value b * T + t."""
    codes = torch.arange(n_clips * n_frames, dtype=torch.uint8)
    return codes.view(n_clips, n_frames, 1, 1, 1).expand(-1, -1, 1, height, width)


def sliding_square(n_frames=6, size=32):
    """One white square that moves two pixels to the right in every frame."""
    videos = -torch.ones(1, n_frames, 3, size, size)
    for t in range(n_frames):
        videos[0, t, :, 8:16, 4 + 2 * t : 12 + 2 * t] = 1
    return videos


def images_of(figure):
    """(alt text, picture bytes) of each <img> in the figure."""
    pattern = r'<img alt="([^"]*)".*?base64,([A-Za-z0-9+/=]+)"'
    found = re.findall(pattern, figure._repr_html_())
    return [(html.unescape(alt), b64decode(picture)) for alt, picture in found]


def frames_of(picture):
    """Every frame of an animated picture, as RGB arrays."""
    with Image.open(BytesIO(picture)) as movie:
        found = []
        for frame in range(getattr(movie, "n_frames", 1)):
            movie.seek(frame)
            found.append(np.asarray(movie.convert("RGB")))
    return found


def durations_of(picture):
    """How long each frame of an animated picture is shown, in milliseconds."""
    with Image.open(BytesIO(picture)) as movie:
        found = []
        for frame in range(movie.n_frames):
            movie.seek(frame)
            movie.load()
            found.append(movie.info["duration"])
    return found


def mp4_frames(path, height, width=None):
    """Every frame of an MP4 as ffmpeg itself decodes it, (T, H, W, 3)."""
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-i", path]
    command += ["-f", "rawvideo", "-pix_fmt", "rgb24", "-"]
    raw = subprocess.run(command, capture_output=True, check=True).stdout
    return np.frombuffer(raw, np.uint8).reshape(-1, height, width or height, 3)
