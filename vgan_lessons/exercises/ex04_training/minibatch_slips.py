"""What goes wrong when a group is told how much it varies."""

import torch

from vgan_lessons.checking import Mistake

EPS = 1e-8


def _append(features, spread):
    """One number a sample, as a channel behind the others."""
    places = features.shape[2:]
    channel = spread.view(-1, 1, *[1] * len(places)).expand(-1, 1, *places)
    return torch.cat([features, channel], dim=1)


def _groups(features, group_size):
    return features.unflatten(0, (-1, group_size))


def _spread(features, group_size, *, correction=0, root=torch.sqrt):
    variance = _groups(features, group_size).var(dim=1, correction=correction)
    return root(variance + EPS).flatten(1).mean(dim=1).repeat_interleave(group_size)


def _strided(features, group_size):
    groups = features.unflatten(0, (group_size, -1))
    spread = (groups.var(dim=0, correction=0) + EPS).sqrt().flatten(1).mean(dim=1)
    return _append(features, spread.repeat(group_size))


def _turns_taken(features, group_size):
    groups = _groups(features, group_size)
    spread = (groups.var(dim=1, correction=0) + EPS).sqrt().flatten(1).mean(dim=1)
    return _append(features, spread.repeat(group_size))


def _over_the_features(features, group_size):
    return _append(features, (features.flatten(1).var(dim=1, correction=0) + EPS).sqrt())


def _over_everything(features, group_size):
    flat = _groups(features, group_size).flatten(1)
    spread = (flat.var(dim=1, correction=0) + EPS).sqrt()
    return _append(features, spread.repeat_interleave(group_size))


def _root_of_the_mean(features, group_size):
    variance = _groups(features, group_size).var(dim=1, correction=0).flatten(1).mean(dim=1)
    return _append(features, (variance + EPS).sqrt().repeat_interleave(group_size))


def _constant_outside(features, group_size):
    variance = _groups(features, group_size).var(dim=1, correction=0)
    spread = (variance.sqrt() + EPS).flatten(1).mean(dim=1)
    return _append(features, spread.repeat_interleave(group_size))


def _a_channel_each(features, group_size):
    spread = (_groups(features, group_size).var(dim=1, correction=0) + EPS).sqrt()
    return torch.cat([features, spread.repeat_interleave(group_size, dim=0)], dim=1)


def _a_map(features, group_size):
    spread = (_groups(features, group_size).var(dim=1, correction=0) + EPS).sqrt()
    channel = spread.mean(dim=1, keepdim=True)
    return torch.cat([features, channel.repeat_interleave(group_size, dim=0)], dim=1)


def _flattened(features, group_size):
    return torch.cat([features.flatten(1), _spread(features, group_size)[:, None]], dim=1)


def _in_front(features, group_size):
    seen = _append(features, _spread(features, group_size))
    return torch.cat([seen[:, -1:], seen[:, :-1]], dim=1)


MISTAKES = (
    Mistake(
        "every k-th sample a group",
        _strided,
        "These groups take every k-th sample; here neighbours belong together.",
    ),
    Mistake(
        "numbers dealt out in turn",
        _turns_taken,
        "The groups are right, but `repeat` deals their numbers out in turn: use "
        "repeat_interleave.",
        "axes",
    ),
    Mistake(
        "whole batch as one group",
        lambda features, group_size: _append(features, _spread(features, len(features))),
        "group_size is ignored: the whole batch was taken for one group.",
    ),
    Mistake(
        "divided by group_size - 1",
        lambda features, group_size: _append(
            features, _spread(features, group_size, correction=1)
        ),
        "torch divides by group_size - 1 unless told otherwise: correction=0.",
    ),
    Mistake(
        "variance instead of deviation",
        lambda features, group_size: _append(
            features, _spread(features, group_size, root=lambda v: v)
        ),
        "The root is missing: this is the variance.",
    ),
    Mistake(
        "deviation within each sample",
        _over_the_features,
        "The deviation was taken over a sample's own features: compare over the group.",
        "axes",
    ),
    Mistake(
        "one deviation over everything",
        _over_everything,
        "Channels and places differ from each other even in equal samples: deviation over the "
        "group first, at each place, then the mean.",
    ),
    Mistake(
        "root after the mean",
        _root_of_the_mean,
        "The mean was taken of the variances, then the root: first the root at each place.",
    ),
    Mistake(
        "constant added after the root",
        _constant_outside,
        "Behind the root 1e-8 does not help: its slope at 0 is infinite, and equal samples "
        "give NaN gradients.",
        "gradients",
    ),
    Mistake(
        "a channel for each channel",
        _a_channel_each,
        "The number of channels doubled: average over the channels, too.",
        "axes",
    ),
    Mistake(
        "a map, not a number",
        _a_map,
        "The new channel differs from place to place: average over the places, too.",
        "axes",
    ),
    Mistake(
        "flattened",
        _flattened,
        "Height and width are gone: the number is spread over a channel of the same places.",
        "axes",
    ),
    Mistake(
        "channel in front",
        _in_front,
        "The new channel comes behind the features, not before them.",
        "axes",
    ),
    Mistake(
        "deviation detached",
        lambda features, group_size: _append(features, _spread(features.detach(), group_size)),
        "The channel is cut off from the graph, so G never hears that its samples are alike.",
        "gradients",
    ),
)
