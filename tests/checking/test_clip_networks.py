"""Networks for clips: the cases that ask whether frames and their order count can fail."""

import pytest
import torch
from torch import nn

from vgan_lessons.checking.architecture import (
    every_frame_counts,
    frames_are_compared,
    order_matters,
)


class Clips(nn.Module):
    """(B, 5, 3) -> (B,), by the way that `how` names."""

    def __init__(self, how):
        super().__init__()
        self.how = how
        self.single = nn.Sequential(nn.Linear(3, 8), nn.Tanh(), nn.Linear(8, 1))
        self.joint = nn.Sequential(nn.Linear(15, 8), nn.Tanh(), nn.Linear(8, 1))
        self.weights = nn.Parameter(torch.randn(5))

    def forward(self, clips):
        alone = self.single(clips).squeeze(2)  # (B, 5)
        return {
            "joint": lambda: self.joint(clips.flatten(1)).squeeze(1),
            "the mean over the frames": lambda: alone.mean(1),
            "a weight for each frame": lambda: alone @ self.weights,
            "the last frame is left out": lambda: self.joint(
                torch.cat([clips[:, :4], torch.zeros_like(clips[:, :1])], 1).flatten(1)
            ).squeeze(1),
            "the sorted frames": lambda: self.joint(clips.sort(dim=1).values.flatten(1))[:, 0],
            "the first frame on its own": lambda: (
                alone[:, 0]
                + self.joint((clips * (torch.arange(5) > 0)[:, None]).flatten(1))[:, 0]
            ),
        }[self.how]()


def clips():
    return (torch.randn(4, 5, 3, generator=torch.Generator().manual_seed(0)),)


CASES = {
    "reach": every_frame_counts(lambda how: Clips(how), clips),
    "order": order_matters(lambda how: Clips(how), clips),
    "compared": frames_are_compared(lambda how: Clips(how), clips),
}
FOUND = {  # how -> what the cases see: frames not reached, order noticed, frames not compared
    "joint": ("none", True, "none"),
    "the mean over the frames": ("none", False, "0, 1, 2, 3, 4"),
    "a weight for each frame": ("none", True, "0, 1, 2, 3, 4"),
    "the last frame is left out": ("4", True, "4"),
    "the sorted frames": ("none", False, "none"),
    "the first frame on its own": ("none", True, "0"),
}


@pytest.mark.parametrize("how", FOUND)
def test_frames_and_their_order_are_seen_to_count_or_not(how):
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        assert tuple(case.run(how) for case in CASES.values()) == FOUND[how]
