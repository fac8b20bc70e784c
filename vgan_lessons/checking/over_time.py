"""Ready-made cases for networks that look at clips: do the frames, and their order, count?

Each function makes one `Case`, as those of `architecture` do: `build` takes the learner's class
and returns a module, `inputs` draws fresh inputs for it, of which the first are clips
(B, T, ...). The verdict is on what the network does, whatever it is made of.
"""

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn

from vgan_lessons.checking.exercise import Case

_Build = Callable[[Any], nn.Module]
_Inputs = Callable[[], tuple[Tensor, ...]]
_SEEN = 1e-5  # of the size of the outputs; float32 rounds to about 1e-7 of it
_NETWORKS = 2  # with weights of their own: one could be blind by chance


def every_frame_counts(build: _Build, inputs: _Inputs) -> Case:
    """The receptive field in time covers the clip: a gradient reaches every frame.

    A frame counts if any number of it, in any sample, gets a gradient from the outputs.

    Args:
        build: makes the network from the answer.
        inputs: clips (B, T, ...) first.
    """

    def run(answer: Any) -> str:
        given = inputs()
        clips = given[0].requires_grad_()
        out = (build(answer)(*given) + 0.5).square().sum()
        (slope,) = torch.autograd.grad(out, [clips], allow_unused=True, materialize_grads=True)
        reached = (slope.transpose(0, 1).flatten(1) != 0).any(dim=1)
        return _listed(~reached)

    return Case(
        name="frames that do not count",
        run=run,
        expect="none",
        tells=_unseen_frames,
        nudge="A gradient from the output has to reach every frame of the clip: these it does "
        "not reach.",
        kind="architecture",
    )


def order_matters(build: _Build, inputs: _Inputs) -> Case:
    """The output changes when two neighbouring frames are exchanged, whichever they are.

    Args:
        build: makes the network from the answer.
        inputs: clips (B, T, ...) first, all frames different.
    """

    def run(answer: Any) -> bool:
        clips, *rest = inputs()
        T = clips.shape[1]
        changed = torch.zeros(T - 1)
        for module in (build(answer) for _ in range(_NETWORKS)):
            with torch.no_grad():
                before = module(clips, *rest)
                size = before.abs().max().clamp(min=1e-6)
                for t in range(T - 1):
                    order = [*range(t), t + 1, t, *range(t + 2, T)]
                    moved = (module(clips[:, order], *rest) - before).abs().max() / size
                    changed[t] = torch.maximum(changed[t], moved)
        return bool((changed > _SEEN).all())

    return Case(
        name="two frames exchanged",
        run=run,
        expect=True,
        tells=lambda seen: (
            "order forgotten",
            "Some neighbouring frames can change places unnoticed: a mean, a sum, a maximum or "
            "a sort over the frames forgets their order.",
        ),
        nudge="Exchange two neighbouring frames of a clip and the output has to change: a mean "
        "or a sum over the frames forgets their order.",
        kind="architecture",
    )


def frames_are_compared(build: _Build, inputs: _Inputs) -> Case:
    """No frame has a term to itself: what it adds to the output hangs on the other frames.

    A network of the form f(frame t) + g(the other frames) may know the order, and cannot see
    motion all the same: exchanging its frame t with another clip's leaves the sum of both
    outputs as it was. Here it has to change, for every t.

    Args:
        build: makes the network from the answer.
        inputs: clips (B, T, ...) first, B >= 2; the network scores each sample by itself.
    """

    def run(answer: Any) -> str:
        clips, *rest = inputs()
        other, T = clips.flip(0), clips.shape[1]
        bent = torch.zeros(T)
        for module in (build(answer) for _ in range(_NETWORKS)):
            with torch.no_grad():
                before = module(clips, *rest) + module(other, *rest)
                size = before.abs().max().clamp(min=1e-6)
                for t in range(T):
                    one, two = clips.clone(), other.clone()
                    one[:, t], two[:, t] = other[:, t], clips[:, t]
                    after = module(one, *rest) + module(two, *rest)
                    bent[t] = torch.maximum(bent[t], (after - before).abs().max() / size)
        return _listed(bent <= _SEEN)

    return Case(
        name="frames that are compared with none",
        run=run,
        expect="none",
        tells=lambda seen: (
            "a sum over frames",
            "The output is a sum in which a frame has a term to itself: it asks of each frame "
            "whether it is likely at its time, and never whether it follows from another.",
        ),
        nudge="These frames each add a term of their own, whatever the others show: a layer "
        "that sees several frames, and an activation after it, compares them.",
        kind="architecture",
    )


def _unseen_frames(seen: str) -> tuple[str, str]:
    """What frames without a gradient say of a network."""
    frames = [int(t) for t in seen.split(", ")]
    if frames == list(range(len(frames))) and len(frames) > 1:
        what = (
            "The first frames have no effect: either a gradient is cut off on its way, or only"
        )
        return (
            "frames unseen",
            f"{what} the last are read, as when time is taken for the batch.",
        )
    what = "These frames have no effect: a kernel or a stride in time that ends before the clip"
    return "frames unseen", f"{what} does, or an index that leaves them out."


def _listed(frames: Tensor) -> str:
    """Which of (T,) flags are up, in words: "0, 4", or "none"."""
    return ", ".join(str(t) for t in frames.nonzero().flatten().tolist()) or "none"
