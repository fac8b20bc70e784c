"""Whether the scores of a discriminator are free at both ends, as logits are."""

from collections.abc import Callable

import torch
from torch import Tensor, nn

from vgan_lessons.article.probing import reweighed


def what_it_can_say(build: Callable[[], nn.Module], inputs: Tensor) -> dict[str, bool]:
    """Whether some large weights bring scores below 0, and some above 1.

    Args:
        build: makes the discriminator.
        inputs: (B, ...) what it scores.
    """
    many = range(8)  # draws of the weights: the bias of one could hide one end
    said = [reweighed(build(), scale=3.0, seed=n, dtype=torch.float32) for n in many]
    scores = torch.cat([module(inputs).detach().flatten() for module in said])
    return {"below 0": bool(scores.min() < 0), "above 1": bool(scores.max() > 1)}


def told_of_ends(seen: dict[str, bool]) -> tuple[str, str]:
    """A name and a sentence for scores that `what_it_can_say` found held.

    Args:
        seen: its answer, with one end out of reach at least.
    """
    below, above = seen.values()
    if not below and not above:
        what = "With large weights no score leaves [0, 1]"
        return (
            "scores in [0, 1]",
            f"{what}: a sigmoid, or what else keeps them there, has to go.",
        )
    if not below:
        what = "With large weights no score is negative"
        return "no score below 0", f"{what}: an activation after the last layer cuts them off."
    return "no score above 1", "With large weights no score is above 1: what holds them down?"
