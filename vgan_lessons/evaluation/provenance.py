"""A mark that says who made a clip, as long as nobody wants it gone."""

import io

import numpy as np
import torch
from PIL import Image
from torch import Tensor
from torch.nn import functional as F

from vgan_lessons import layout

_BLOCK = 4  # pixels: a coarse pattern outlives what throws fine detail away


class ProvenanceMark:
    """Write bits into clips, and read them: a faint pattern that only the key knows.

    Each bit owns some of the blocks of 4x4 pixels of all frames, chosen by the key, and a sign
    for each of them. A block is made a little lighter where bit and sign agree, darker
    otherwise. The reader asks whether the blocks of a bit are lighter than their neighbours
    along time wherever their sign says so.

    Args:
        key: seed of the pattern; who has another one reads nothing.
        strength: how far a pixel is moved, of a range from -1 to 1.

    It says nothing of clips without it, and does not outlive an attack: averaging many marked
    clips shows the pattern, and a model that copies a marked clip copies the mark.

    Lesson 13. Cox et al. 1997, Secure spread spectrum watermarking for multimedia.
    """

    def __init__(self, key: int, strength: float = 0.04) -> None:
        self.key, self.strength = key, strength

    def embed(self, videos: Tensor, bits: Tensor) -> Tensor:
        """Mark clips.

        Args:
            videos: (B, T, 3, H, W) in [-1, 1]; H and W multiples of 4.
            bits: (B, K), 0 or 1.

        Returns:
            As `videos`, in [-1, 1]; no pixel moved by more than twice the strength.
        """
        owners, signs = self._pattern(videos, bits.shape[1])
        signed = 2 * bits.to(videos) - 1  # (B, K), -1 or 1
        said = signed[:, owners] * signs  # (B, T, H / 4, W / 4)
        pattern = said.repeat_interleave(_BLOCK, -1).repeat_interleave(_BLOCK, -2)
        room = (1 - self.strength) * videos  # so that black can become darker
        return room + self.strength * pattern[:, :, None]

    def read(self, videos: Tensor, n_bits: int) -> Tensor:
        """Read the bits of clips, marked or not.

        Args:
            videos: (B, T, 3, H, W) in [-1, 1].
            n_bits: K.

        Returns:
            (B, K) int64, 0 or 1.
        """
        owners, signs = self._pattern(videos, n_bits)
        grey = F.avg_pool2d(videos.mean(2), _BLOCK)  # (B, T, H / 4, W / 4)
        odd_ones_out = grey - grey.median(dim=1, keepdim=True).values
        votes = (odd_ones_out.clamp(-0.1, 0.1) * signs).flatten(1)
        sums = votes.new_zeros(len(videos), n_bits)
        return (sums.index_add(1, owners.flatten(), votes) > 0).long()

    def _pattern(self, videos: Tensor, n_bits: int) -> tuple[Tensor, Tensor]:
        """Which bit a block belongs to, and its sign: (T, H / 4, W / 4) each."""
        n_frames, _, height, width = videos.shape[1:]
        shape = n_frames, height // _BLOCK, width // _BLOCK
        rng = torch.Generator().manual_seed(self.key)
        owners = torch.randint(n_bits, shape, generator=rng)
        signs = 2 * torch.randint(2, shape, generator=rng) - 1
        return owners.to(videos.device), signs.to(videos)


def reencode(videos: Tensor, *, quality: int, grain: float, rng: torch.Generator) -> Tensor:
    """What happens to a clip on its way: grain, bytes, and JPEG pictures frame by frame.

    Args:
        videos: (B, T, 3, H, W) in [-1, 1].
        quality: of JPEG, 1 to 95.
        grain: standard deviation of the noise that is added first.
        rng: the random source.

    Returns:
        As `videos`, of values that bytes can hold.

    Used in lesson 13.
    """
    noise = torch.randn(videos.shape, generator=rng).to(videos)
    frames = layout.to_uint8(videos + grain * noise).flatten(0, 1).permute(0, 2, 3, 1)
    found = []
    for frame in frames.cpu().numpy():
        store = io.BytesIO()
        Image.fromarray(frame).save(store, "JPEG", quality=quality)
        found.append(torch.from_numpy(np.array(Image.open(store))))
    stacked = torch.stack(found).permute(0, 3, 1, 2).unflatten(0, videos.shape[:2])
    return layout.from_uint8(stacked).to(videos)
