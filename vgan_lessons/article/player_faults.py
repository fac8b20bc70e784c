"""The faults of the published networks, each found by running them."""

import torch
from torch import Tensor, nn

from vgan_lessons.article.probing import (
    first_that_fits,
    is_affine,
    reweighed,
    share_reached,
)
from vgan_lessons.article.program import Fault, Program

_SIZES = {"n_frames": 3, "frame_size": 12, "latent_dim": 5, "width": 4}
_SQUARE = (3, _SIZES["frame_size"], _SIZES["frame_size"])
_CLIP = (_SIZES["n_frames"], *_SQUARE)
_SATURATING = 30.0  # weights this large drive a tanh to both of its ends


def _frames_are_one_pixel(program: Program) -> bool:
    """Whether G's pictures are smaller, or larger, than the frames they are to be."""
    generator, noise = _generator(program)
    return generator(noise).shape[-2:] != _SQUARE[-2:]


def _generator_is_affine(program: Program) -> bool:
    """Whether G, up to its last squashing, is one affine map."""
    return is_affine(*_generator(program))


def _discriminator_is_affine(program: Program) -> bool:
    """Whether D, up to its sigmoid, is one affine map."""
    discriminator = reweighed(program.build_players(**_SIZES)[1])
    inputs = [_normal(6, *_CLIP), _normal(6, *_SQUARE)]
    return is_affine(discriminator, first_that_fits(discriminator, inputs))


def _range_is_not_the_data_s(program: Program) -> bool:
    """Whether pixels leave [-1, 1], or never come near its ends."""
    generator, noise = _generator(program, scale=_SATURATING)
    made = generator(noise).detach()
    return bool(made.abs().max() > 1 or made.min() > -0.9 or made.max() < 0.9)


def _no_layer_is_fully_connected(program: Program) -> bool:
    """Whether G cannot start from a code without layout, or lets a number miss a pixel."""
    generator, noise = _generator(program)
    return noise.ndim != 2 or share_reached(generator, noise) < 1


def _time_axis_is_missing(program: Program) -> bool:
    """Whether what G makes is no clip: no axis of n_frames, or one frame repeated."""
    generator, noise = _generator(program)
    made = generator(noise).detach()
    if made.ndim != 5 or made.shape[1] != _SIZES["n_frames"]:
        return True
    return torch.equal(made, made[:, :1].expand_as(made))


def _generator(program: Program, *, scale: float = 1.0) -> tuple[nn.Module, Tensor]:
    """G with known weights, and noise that it takes: a code, or else a picture of noise."""
    generator = reweighed(program.build_players(**_SIZES)[0], scale=scale)
    inputs = [_normal(16, _SIZES["latent_dim"]), _normal(16, *_SQUARE)]
    return generator, first_that_fits(generator, inputs)


def _normal(*shape: int) -> Tensor:
    rng = torch.Generator().manual_seed(len(shape))
    return torch.randn(shape, generator=rng, dtype=torch.float64)


# fmt: off
PLAYER_FAULTS = (  # name, detector, what is done and what comes of it
    Fault("frames of one pixel", _frames_are_one_pixel,
          "G only ever halves: 100 pixels become 50, 25, 13, 7, 4, 2 and 1, and three more "
          "halvings of that 1 do nothing."),
    Fault("no activation in G", _generator_is_affine,
          "Convolutions with nothing between them are one affine map, however many they are."),
    Fault("no activation in D", _discriminator_is_affine,
          "Up to its last sigmoid D is affine: it can tell two clouds apart by a straight cut, "
          "and nothing else."),
    Fault("no tanh", _range_is_not_the_data_s,
          "G's pixels may be any number, the data's lie in [-1, 1]: D needs no more than "
          "that."),
    Fault("no fully connected layer", _no_layer_is_fully_connected,
          "The text promises one in G and the code has none, so G cannot start from a plain "
          "code: its noise must already have the layout of a picture."),
    Fault("no time axis", _time_axis_is_missing,
          "G makes single pictures and D scores single pictures: nothing in the program is a "
          "video."),
)
