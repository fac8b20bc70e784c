"""Ready-made cases for open architectures: what a network must do, not how it is built.

They note facts that networks of every size share, so that a mistake is known by them. Each
function makes one `Case`. `build` takes the learner's class and returns a module, `inputs`
draws fresh inputs for it.

The last three ask of a network that looks at clips whether the frames, and their order, count.
"""

from collections.abc import Callable, Iterable
from typing import Any

import torch
from torch import Tensor, nn

from vgan_lessons.checking.exercise import Case
from vgan_lessons.checking.plain import which_of

_Build = Callable[[Any], nn.Module]
_Inputs = Callable[[], tuple[Tensor, ...]]
_BuildSome = Callable[[Any], nn.Module | Iterable[nn.Module]]
_SEEN = 1e-5  # of the size of the outputs; float32 rounds to about 1e-7 of it
_MORE_DRAWS = 3  # of the weights, where the first leaves something unreached
_NETWORKS = 2  # with weights of their own: one could be blind by chance


def range_is_reached(build: _Build, inputs: _Inputs, low: float, high: float) -> Case:
    """With large weights the output comes near both ends of its range, and never leaves it.

    Args:
        build: makes the network from the answer; its weights are replaced by seeded ones, so
            that an initialisation of zeros hides nothing.
        inputs: draws fresh inputs for it, samples along the first axis.
        low: the lower end.
        high: the upper end.
    """
    margin = 0.1 * (high - low)

    def run(answer: Any) -> dict[str, bool]:
        modules = [_seeded(build(answer), seed) for seed in range(8)]
        made = torch.cat([module(*inputs()).detach().flatten() for module in modules])
        least, most = made.min().item(), made.max().item()
        return {
            f"never below {low:g}": least >= low,
            f"near {low:g} somewhere": least < low + margin,
            f"near {high:g} somewhere": most > high - margin,
            f"never above {high:g}": most <= high,
        }

    right = (f"never below {low:g}", f"near {low:g} somewhere")
    right += (f"near {high:g} somewhere", f"never above {high:g}")
    return Case(
        name=f"outputs fill [{low:g}, {high:g}]",
        run=run,
        expect=dict.fromkeys(right, True),
        tells=lambda seen: _out_of_range(list(seen.values()), low, high),
        nudge="Look at the last activation.",
        kind="architecture",
    )


def gradient_arrives(build: _Build, inputs: _Inputs) -> Case:
    """Every parameter, and every number of the inputs, gets a gradient from the output.

    The gradient is that of the squared output, so that a linear sum hides nothing; a number
    counts as reached if it is in some sample, with some draw of the weights: a ReLU may be
    silent by chance.

    Args:
        build: makes the network from the answer, with the weights it draws itself.
        inputs: draws fresh inputs for it, several samples along the first axis.
    """

    def run(answer: Any) -> dict[str, Any]:
        missed, idle, n_weights = _unreached(build(answer), inputs())
        for _ in range(_MORE_DRAWS):
            if not idle and not any(mask.any() for mask in missed):
                break
            others, still_idle, _ = _unreached(build(answer), inputs())
            missed = [one & other for one, other in zip(missed, others, strict=True)]
            idle &= still_idle
        reached = [1 - mask.double().mean().item() for mask in missed]
        return {
            "of the input counts": _share(min(reached)),
            "of the parameters get a gradient": _share(1 - len(idle) / max(1, n_weights)),
            "parameters": n_weights > 0,
            "these do not count": next(filter("none".__ne__, map(which_of, missed)), "none"),
        }

    return Case(
        name="a gradient for every parameter and every number of the input",
        run=run,
        expect={
            "of the input counts": "all",
            "of the parameters get a gradient": "all",
            "parameters": True,
            "these do not count": "none",
        },
        tells=_cut_off,
        nudge="Follow the output back: a detach, a part of the input that is never read, or a "
        "layer that forward does not use stands in the way.",
        kind="architecture",
    )


def _unreached(
    module: nn.Module, given: tuple[Tensor, ...]
) -> tuple[list[Tensor], set[str], int]:
    """Masks of what no gradient reaches in any sample, idle parameters, and how many in all."""
    given = tuple(part.requires_grad_() for part in given)
    weights = dict(module.named_parameters())
    out = (module(*given) + 0.5).square().sum()
    slopes = torch.autograd.grad(out, [*given, *weights.values()], allow_unused=True)
    missed = [
        torch.ones(part.shape[1:], dtype=torch.bool) if g is None else ~(g != 0).any(dim=0)
        for part, g in zip(given, slopes[: len(given)], strict=True)
    ]
    idle = {
        name
        for name, slope in zip(weights, slopes[len(given) :], strict=True)
        if slope is None or not slope.any() or not slope.isfinite().all()
    }
    return missed, idle, len(weights)


def _out_of_range(seen: list[bool], low: float, high: float) -> tuple[str, str]:
    """What the ends of the outputs say of the last activation."""
    above_low, near_low, near_high, below_high = seen
    if not above_low or not below_high:
        what = f"The outputs leave [{low:g}, {high:g}]: what squashes them is missing"
        return "nothing squashes", f"{what}, or something comes after it."
    side = f"the half towards {low:g}" if near_high else f"the half towards {high:g}"
    side = side if near_low != near_high else f"what lies near {low:g} and {high:g}"
    what = f"With every parameter made large, {side} is never reached: the last activation, or"
    return "a part of the range", f"{what} layers in a plain list, which are not parameters."


def _cut_off(seen: dict[str, Any]) -> tuple[str, str]:
    """What a gradient that does not arrive everywhere says of a network."""
    if not seen["parameters"]:
        what = "The module has no parameters: layers in a plain list, or made in forward"
        return "no parameters", f"{what}, are none that an optimiser finds."
    if seen["of the input counts"] == "nothing":
        what = "No gradient reaches the input: a detach, no_grad, .data or a new tensor"
        return "input cut off", f"{what} stands between it and the output."
    if seen["of the input counts"] != "all":
        what = "Some numbers of the input never count, for no gradient reaches them"
        return "a part of the input", f"{what}: {seen['these do not count']}."
    what = (
        "Some parameters get no gradient: of a layer that is built and not used, or one whose"
    )
    return "idle parameters", f"{what} result is detached, or cancels out."


def code_reaches(build: _Build, inputs: _Inputs) -> Case:
    """Every number of a code moves every pixel that is made of it.

    Args:
        build: makes the generator from the answer.
        inputs: codes z (B, latent_dim), several.
    """

    def run(answer: Any) -> dict[str, Any]:
        module, (codes, *rest) = build(answer), inputs()
        with torch.no_grad():
            before, moved = module(codes, *rest), []
            for place in range(codes.shape[1]):
                other = codes.clone()
                other[:, place] += torch.linspace(0.5, 1.5, len(codes))  # not alike for all
                moved.append((module(other, *rest) != before).any(dim=0))
        pairs = torch.stack(moved).flatten(1)  # (latent_dim, pixels)
        return {
            "of the pairs of a number and a pixel belong together": _share(
                pairs.double().mean().item()
            ),
            "numbers of z that move nothing": which_of(~pairs.any(dim=1)),
            "pixels that nothing moves": _share((~pairs.any(dim=0)).double().mean().item()),
        }

    return Case(
        name="every number of z reaches every pixel",
        run=run,
        expect={
            "of the pairs of a number and a pixel belong together": "all",
            "numbers of z that move nothing": "none",
            "pixels that nothing moves": "nothing",
        },
        tells=_of_codes,
        nudge="Which kind of layer connects everything with everything? It comes before the "
        "convolutions.",
        kind="architecture",
    )


def _of_codes(seen: dict[str, str]) -> tuple[str, str]:
    """What it says of a generator that some numbers move some pixels not at all."""
    _, numbers, pixels = seen.values()
    if numbers == "all":
        what = "The frames are the same whatever z is: your generator ignores z"
        return "z ignored", f"{what}, or replaces it by something else."
    if numbers != "none":
        what = f"A part of z moves no pixel: {numbers}"
        return "a part of z ignored", f"{what}. It is cut off, masked or never read."
    if pixels != "nothing":
        what = "Every number of z has an effect, but some pixels are the same whatever z is"
        return "pixels without z", f"{what}: an activation that is 0 there, a mask, or padding."
    what = "Every number of z moves some pixels, and none moves all of them that it should"
    return "z in one place", f"{what}: a dense layer spreads each over the whole picture."


def _share(part: float) -> str:
    """A share in a word, which networks of every size have in common."""
    if part in (0, 1):
        return "all" if part else "nothing"
    return "half or more" if part >= 0.5 else "less than half"


def option_has_effect(small: _BuildSome, large: _BuildSome, option: str) -> Case:
    """A larger value of an option makes a larger network, or each of several larger.

    Args:
        small: builds the network, or a list of networks, with the smaller value.
        large: builds it with the larger one.
        option: its name, for the message.
    """

    def run(answer: Any) -> str:
        networks = [
            [built] if isinstance(built, nn.Module) else list(built)
            for built in (small(answer), large(answer))
        ]
        grown = [_size(before) < _size(after) for before, after in zip(*networks, strict=True)]
        if all(grown):
            return "larger"
        if not any(grown):
            return "not larger"
        return f"larger but for number {grown.index(False) + 1} of {len(grown)}"

    return Case(
        name=f"{option} has an effect",
        run=run,
        expect="larger",
        tells=lambda seen: (
            f"{option} ignored",
            f"{option} changes no size: the number is written down somewhere, or never used."
            if seen == "not larger"
            else f"{option} reaches only a part of what is built.",
        ),
        nudge=f"Two networks of different {option} have equally many parameters.",
        kind="architecture",
    )


def _size(network: nn.Module) -> int:
    return sum(parameter.numel() for parameter in network.parameters())


def _seeded(module: nn.Module, seed: int) -> nn.Module:
    """Replace every weight by a seeded normal one, thirty times the size that keeps signals."""
    rng = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for parameter in module.parameters():
            fan_in = max(1, parameter[0].numel()) if parameter.ndim > 1 else 4
            drawn = torch.randn(parameter.shape, generator=rng, dtype=parameter.dtype)
            parameter.copy_(drawn * 30.0 / fan_in**0.5)
    return module


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
