r"""Differentiable augmentation: both sides are altered alike, so that few films last longer.

A discriminator that has seen every film a thousand times knows them by heart, and its gradient
says nothing more. Alter what it sees, a new alteration each time, and it has to look at what
stays the same. Three rules make that safe:

- **reals and fakes, in D's turn and in G's**: altered reals alone teach G to paint alterations;
- **one draw a clip, the same on all its frames**: a draw a frame is flicker, and small motion
  is hard to see beneath it (altered reals alone would teach G to flicker);
- **differentiable**: G's gradient runs back through the alteration.

What may still leak into G's clips: an alteration is safe as long as only one law of clips
gives these altered clips, for then G has to match it. Where a share of the clips stays as it
is, that is so. Where all are altered, it need not be: if every film is turned by 0, 90, 180 or
270 degrees, the altered clips are the same whether G's own stand upright or on their heads.
Hence a probability, and a value below 1.

Zhao et al. 2020, Differentiable augmentation for data-efficient GAN training,
arXiv:2006.10738; Karras et al. 2020, Training GANs with limited data, arXiv:2006.06676 (leaks).
"""

from vgan_lessons.augment.alterations import (
    cut_out,
    mirror_half,
    scale_contrast,
    scale_saturation,
    shift_brightness,
    translate,
)
from vgan_lessons.augment.both_sides import augment_both, diff_augment
from vgan_lessons.augment.how_much import ada_update
from vgan_lessons.augment.mixing import is_invertible, mixing_matrix

__all__ = [
    "ada_update",
    "augment_both",
    "cut_out",
    "diff_augment",
    "is_invertible",
    "mirror_half",
    "mixing_matrix",
    "scale_contrast",
    "scale_saturation",
    "shift_brightness",
    "translate",
]
