"""The bricks of the generators and discriminators."""

from vgan_lessons.layers.grounds import DenseGround, MovingGrid
from vgan_lessons.layers.judge import Judge, check_image_size
from vgan_lessons.layers.minibatch import minibatch_std
from vgan_lessons.layers.upsampling import StyledUpsample, raising_convolution

__all__ = [
    "DenseGround",
    "Judge",
    "MovingGrid",
    "StyledUpsample",
    "check_image_size",
    "minibatch_std",
    "raising_convolution",
]
