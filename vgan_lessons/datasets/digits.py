"""Where the bouncing digits come from: bundled with the course, or fetched (MNIST)."""

import gzip
import struct
import zlib
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from vgan_lessons.calling import typed
from vgan_lessons.datasets.cards import DataError

MNIST_FILES = ("t10k-images-idx3-ubyte.gz", "t10k-labels-idx1-ubyte.gz")


def bundled_digits() -> tuple[Tensor, Tensor]:
    """The handwritten digits that come with the course: 8 x 8 pixels of 17 greys.

    Returns:
        images (1797, 8, 8) float32 in [0, 1] and labels (1797,) int64.

    Alpaydin and Kaynak 1998, UCI machine learning repository no. 80, CC BY 4.0; the part that
    scikit-learn's `load_digits` holds.
    """
    with np.load(Path(__file__).with_name("uci_digits.npz")) as bundle:
        images, labels = torch.from_numpy(bundle["images"]), torch.from_numpy(bundle["labels"])
    return images.float() / 16, labels.long()


def mnist_digits(folder: Path) -> tuple[Tensor, Tensor]:
    """Read the fetched MNIST test digits.

    Args:
        folder: holds the two files of MNIST_FILES.

    Returns:
        images (10000, 28, 28) float32 in [0, 1] and labels (10000,) int64.

    Raises:
        DataError: if a file is missing or damaged.
    """
    images, labels = (read_idx(folder / name) for name in MNIST_FILES)
    if images.ndim != 3 or labels.shape != images.shape[:1]:
        raise DataError(
            f"{folder} holds {images.shape} images but {labels.shape} labels; "
            f"run `{typed('data', 'fetch', 'mnist')}` again"
        )
    return torch.from_numpy(images).float() / 255, torch.from_numpy(labels).long()


def read_idx(path: Path) -> np.ndarray:
    """Read one gzipped file of MNIST's own format, IDX.

    Args:
        path: a `.gz` file: two zero bytes, type 8 (bytes), the number of axes, their lengths
            as big-endian int32, then the bytes.

    Returns:
        uint8 array of the stated shape.

    Raises:
        DataError: if the file is missing, or is not what it says.
    """
    remedy = f"run `{typed('data', 'fetch', 'mnist')}`"
    try:
        with gzip.open(path, "rb") as packed:
            content = packed.read()
    except FileNotFoundError as error:
        raise DataError(f"{path} is not there; {remedy}") from error
    except (OSError, EOFError, zlib.error) as error:
        raise DataError(f"{path} is damaged ({error}); {remedy}") from error
    n_axes = content[3] if content[:3] == b"\0\0\x08" and len(content) > 3 else 0
    begin = 4 + 4 * n_axes
    if n_axes == 0 or len(content) < begin:
        raise DataError(f"{path} is not an IDX file of bytes; {remedy}")
    shape = struct.unpack(f">{n_axes}i", content[4:begin])
    pixels = np.frombuffer(content, np.uint8, offset=begin)
    if pixels.size != np.prod(shape):
        raise DataError(f"{path} promises {shape} but holds {pixels.size} bytes; {remedy}")
    return pixels.reshape(shape).copy()
