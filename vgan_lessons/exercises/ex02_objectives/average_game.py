"""What the two sides of the average game share: right and wrong losses of (winner, loser)."""

import torch
from torch.nn import functional as F

from vgan_lessons.checking import Mistake


def above(winner, loser):
    """The loss of whoever wants `winner` above `loser`, from the two sides' leads."""
    ours, theirs = winner - loser.mean(), loser - winner.mean()
    return F.softplus(-ours).mean() + F.softplus(theirs).mean()


def labelled(winner, loser):
    """The same from cross entropies with labels."""
    ours, theirs = winner - loser.mean(), loser - winner.mean()
    return F.binary_cross_entropy_with_logits(
        ours, torch.ones_like(ours)
    ) + F.binary_cross_entropy_with_logits(theirs, torch.zeros_like(theirs))


def _own_side(winner, loser):
    on_winner = F.softplus(-(winner - winner.mean())).mean()
    return on_winner + F.softplus(loser - loser.mean()).mean()


def logsigmoids(winner, loser):
    """The same from logarithms of probabilities, never formed."""
    ours, theirs = winner - loser.mean(), loser - winner.mean()
    return -(F.logsigmoid(ours).mean() + F.logsigmoid(-theirs).mean())


def _logs_of_sigmoids(winner, loser):
    ours, theirs = winner - loser.mean(), loser - winner.mean()
    return -torch.log(torch.sigmoid(ours)).mean() - torch.log(1 - torch.sigmoid(theirs)).mean()


def logaddexps(winner, loser):
    """The same with softplus spelled out."""
    ours = torch.logaddexp(loser.mean() - winner, torch.zeros_like(winner))
    return ours.mean() + torch.logaddexp(loser - winner.mean(), torch.zeros_like(loser)).mean()


def _batch_means(winner, loser):
    """Means over the batch axis alone, one for each patch."""
    ours, theirs = winner - loser.mean(0), loser - winner.mean(0)
    return F.softplus(-ours).mean() + F.softplus(theirs).mean()


def _centre_in_place(winner, loser):
    mean = winner.mean()
    winner -= loser.mean()
    return F.softplus(-winner).mean() + F.softplus(loser - mean).mean()


def _overwritten(winner, loser):
    return F.softplus(loser - winner.mean()).mean()


def average_slips(answer):
    """The slips that D's and G's side share, for `answer(build)`: build is (winner, loser)."""
    return (
        Mistake(
            "one half overwritten",
            answer(_overwritten),
            "The second line overwrites the first half of the loss instead of adding to it.",
        ),
        Mistake(
            "halved",
            answer(lambda winner, loser: above(winner, loser) / 2),
            "This is half of the loss: the two means are added here, as in the paper.",
        ),
        Mistake(
            "mean of its own side",
            answer(_own_side),
            "Each score is compared with the mean of the other side, not of its own.",
        ),
        Mistake(
            "means of the batch axis only",
            answer(_batch_means),
            "The mean that scores are compared with is one number, over every axis.",
            "axes",
        ),
        *_manners(answer),
    )


def _manners(answer):
    return (
        Mistake(
            "log of the sigmoid",
            answer(_logs_of_sigmoids),
            "sigmoid reaches 0 and 1 in floats and log 0 is -inf: use F.softplus.",
        ),
        Mistake(
            "centred in place",
            answer(_centre_in_place),
            "`-=` rewrites the caller's logits; write a new tensor.",
            "side effects",
        ),
        Mistake(
            "cast to float32",
            answer(lambda winner, loser: above(winner.float(), loser.float())),
            "The loss must keep the dtype of the logits, float64 included.",
            "dtype/device/seed",
        ),
    )
