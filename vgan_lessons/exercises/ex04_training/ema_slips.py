"""What goes wrong in a moving average of weights."""

import torch
from torch import nn

from vgan_lessons.checking import Mistake


def _pairs(average, model):
    return list(zip(average.parameters(), model.parameters(), strict=True))


@torch.no_grad()
def _blend(average, model, keep, take, buffers="copy"):
    for old, new in _pairs(average, model):
        old.copy_(keep * old + take * new)
    for old, new in zip(average.buffers(), model.buffers(), strict=True):
        if buffers == "copy":
            old.copy_(new)
        elif buffers == "average":
            old.copy_(keep * old + take * new)


@torch.no_grad()
def _model_moved(average, model, decay):
    for old, new in _pairs(average, model):
        new.lerp_(old, decay)
    for old, new in zip(average.buffers(), model.buffers(), strict=True):
        old.copy_(new)


@torch.no_grad()
def _both_moved(average, model, decay):
    _blend(average, model, decay, 1 - decay)
    for old, new in _pairs(average, model):
        new.copy_(old)


def _graph_kept(average, model, decay):
    for name, new in model.named_parameters():
        old = getattr(average, name)
        delattr(average, name)
        setattr(average, name, decay * old + (1 - decay) * new)
    for old, new in zip(average.buffers(), model.buffers(), strict=True):
        old.copy_(new)


def _new_parameters(average, model, decay):
    for name, new in model.named_parameters():
        old = getattr(average, name)
        setattr(average, name, nn.Parameter((decay * old + (1 - decay) * new).detach()))
    for old, new in zip(average.buffers(), model.buffers(), strict=True):
        old.copy_(new)


def _buffers_shared(average, model, decay):
    _blend(average, model, decay, 1 - decay, buffers="keep")
    for name, new in model.named_buffers():
        setattr(average, name, new)


MISTAKES = (
    Mistake(
        "decay and 1 - decay swapped",
        lambda average, model, decay: _blend(average, model, 1 - decay, decay),
        "The shares are swapped: at 0.999 the average would be the model, one step late.",
    ),
    Mistake(
        "shares that do not add to 1",
        lambda average, model, decay: _blend(average, model, decay, 1.0),
        "All of the model is added to a part of the average: the weights grow and grow.",
    ),
    Mistake(
        "plain mean",
        lambda average, model, decay: _blend(average, model, 0.5, 0.5),
        "Old and new count half each, whatever decay says.",
    ),
    Mistake(
        "model copied",
        lambda average, model, decay: _blend(average, model, 0.0, 1.0),
        "The average is the model itself: nothing of the past is kept.",
    ),
    Mistake(
        "rounded decay",
        lambda average, model, decay: _blend(
            average, model, round(decay, 2), 1 - round(decay, 2)
        ),
        "decay has lost its digits: 0.999 and 1 are a half-life of 693 steps and for ever.",
    ),
    Mistake(
        "buffers averaged",
        lambda average, model, decay: _blend(
            average, model, decay, 1 - decay, buffers="average"
        ),
        "Buffers are blended like weights; a running mean is an average already, and a "
        "count of batches is no number to blend. Copy them.",
    ),
    Mistake(
        "buffers ignored",
        lambda average, model, decay: _blend(average, model, decay, 1 - decay, buffers="keep"),
        "Only parameters are followed: the batch norms of the average keep the statistics "
        "of an untrained network.",
    ),
    Mistake(
        "the model moved",
        _model_moved,
        "It is the model that was moved towards the average, in the middle of its training.",
    ),
    Mistake(
        "both moved",
        _both_moved,
        "The result was written into the model as well: that is a smaller step size, not an "
        "average.",
    ),
    Mistake(
        "graph kept",
        _graph_kept,
        "The average hangs on the model's graph and grows with each step: work under no_grad.",
        "gradients",
    ),
    Mistake(
        "new parameters",
        _new_parameters,
        "The parameters were replaced instead of changed: whoever holds the old ones, an "
        "optimiser for example, no longer sees the average.",
        "side effects",
    ),
    Mistake(
        "buffers shared with the model",
        _buffers_shared,
        "The average now holds the model's own buffers, so they change with the model: copy "
        "the values.",
        "side effects",
    ),
)
