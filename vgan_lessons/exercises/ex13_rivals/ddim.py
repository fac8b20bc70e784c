"""13.3: noise taken away, step by step."""

import torch
from torch import Tensor

from vgan_lessons.checking import Case, Draw, Exercise, Mistake
from vgan_lessons.exercises.refusals import what_is_raised
from vgan_lessons.models import diffusion


def _bent(noisy: Tensor, time: Tensor) -> Tensor:
    """A denoiser whose guess depends on everything that it is given."""
    return (noisy * (1 - time.view(-1, *[1] * (noisy.ndim - 1)))).tanh() + 0.1


def _normal(noisy: Tensor, time: Tensor) -> Tensor:
    """The exact denoiser of normal data of variance 4: 13.2 with one centre."""
    abar = torch.cos(torch.pi / 2 * time).square().view(-1, 1)
    return abar.sqrt() * 4 / (abar * 4 + 1 - abar) * noisy


def _inputs(draw: Draw) -> dict:
    return {"denoise": _bent, "noise": draw.normal("B T C"), "n_steps": draw.size("N")}


def _made(n_steps: int):
    noise = torch.tensor([[1.0], [-2.0]], dtype=torch.float64)
    return lambda answer: answer(_normal, noise.clone(), n_steps).flatten()


def _asked(answer) -> dict:
    """When the denoiser is asked, in which shape, and whether a second time gives the same."""
    seen = []

    def constant(noisy: Tensor, time: Tensor) -> Tensor:
        seen.append(time.clone())
        return torch.full_like(noisy, 0.25)

    noise = torch.randn(2, 3, generator=torch.Generator().manual_seed(0))
    made = answer(constant, noise, 4)
    times = [float(time.flatten()[0]) for time in seen]
    shapes = {str(tuple(time.shape)) for time in seen}
    return {"times": torch.tensor(times), "shapes": " ".join(sorted(shapes)), "made": made}


_BACK = "noisy = q_sample(clean, alpha_bar(then)[None], added)"
_ADDED = "added = (noisy - abar.sqrt() * clean) / (1 - abar).sqrt()"
_TIMES = "torch.linspace(1, 0, n_steps + 1, dtype=noise.dtype, device=noise.device)"
_CLEAN = "clean = denoise(noisy, now.expand(len(noisy)))"
_RAISE = 'raise ValueError(f"n_steps must be at least 1, got {n_steps}")'

# fmt: off
DDIM = Exercise(
    name="ddim",
    number="13.3",
    minutes=11,
    difficulty="medium",
    contract=(
        "noise is (B, ...), the state at time 1. denoise(noisy, time) takes a state and its time as a (B,) tensor of the same dtype and returns a guess of the clean samples. "
        "abar of a time t is cos(pi t / 2) squared: the page's `alpha_bar`.",
        "Go from time 1 to time 0 in n_steps equal steps. In each, ask denoise once, at the state and time where the step begins. Work out the noise that must have been "
        "added: (state - sqrt(abar) * guess) / sqrt(1 - abar). Make the next state from the guess and that noise, by 13.1 with abar of the time where the step ends.",
        "Return the state at time 0. Nothing is drawn: the same noise gives the same samples. No gradient is asked for.",
        "n_steps below 1: raise `ValueError`.",
    ),
    reference=diffusion.ddim,
    inputs=_inputs,
    sizes={"N": (3, 1, 5)},
    scales=(1.0, 0.3, 2.0),
    free_gradients=("noise",),
    cases=(
        # t 1: guess 0; t 0.5: state sqrt(0.5), guess sqrt(0.5) * 4 / 2.5 * sqrt(0.5)
        Case("two steps, normal data", _made(2), torch.tensor([0.8, -1.6]), "At time 1 the guess is 0. At 0.5 the state is sqrt(0.5) * noise, and the guess 0.5 * 4 / 2.5 * noise."),
        Case("three steps, normal data", _made(3), torch.tensor([1.142012, -2.284023]),
             "abar is 0, 0.25, 0.75 at times 1, 2/3, 1/3. The guesses for noise 1 are 0, 0.989743, 1.142012; the last one is returned."),
        Case("when it is asked", _asked, {"times": torch.tensor([1.0, 0.75, 0.5, 0.25]), "shapes": "(2,)", "made": torch.full((2, 3), 0.25)},
             "With 4 steps denoise is asked at 1, 0.75, 0.5 and 0.25, each as a (B,) tensor; a guess that is always 0.25 ends there."),
        Case("no step", lambda answer: what_is_raised(answer, [(_bent, torch.ones(2, 3), 0)]), ("ValueError",), "Refuse n_steps below 1.", "side effects"),
    ),
    hints=(
        "A step is: guess the clean sample, say which noise explains the state, put less of that same noise back.",
        "`torch.linspace(1, 0, n_steps + 1)` holds all times; a step goes from one to the next. `alpha_bar(time)` gives abar; at the last time it is 1, and only the guess is left.",
        "for now, then in pairs of times: `clean = denoise(state, now.expand(len(state)))`; `a = alpha_bar(now)`; `added = (state - a.sqrt() * clean) / (1 - a).sqrt()`; "
        "`b = alpha_bar(then)`; `state = b.sqrt() * clean + (1 - b).sqrt() * added`.",
    ),
    mistakes=(
        Mistake("time for abar", {"abar = alpha_bar(now)": "abar = 1 - now", "alpha_bar(then)[None]": "(1 - then)[None]"}, "abar is 1 minus the time here: it is cos(pi t / 2) squared."),
        Mistake("the cosine itself", {"abar = alpha_bar(now)": "abar = alpha_bar(now).sqrt()", "alpha_bar(then)[None]": "alpha_bar(then).sqrt()[None]"}, "abar is the cosine here: it is the cosine squared."),
        Mistake("guesses cut off", {_CLEAN: _CLEAN + ".clamp(-1, 1)"}, "The guesses are cut off below -1 and above 1: they are taken as they come."),
        Mistake("asked twice a step", {_CLEAN: _CLEAN + "\n        " + _CLEAN}, "denoise is asked twice in a step: once, at the state and time where it begins."),
        Mistake("fresh noise", {_BACK: "noisy = q_sample(clean, alpha_bar(then)[None], torch.randn_like(noisy))"}, "Fresh noise is drawn in every step: DDIM puts the same noise back."),
        Mistake("the first noise", {_BACK: "noisy = q_sample(clean, alpha_bar(then)[None], noise)"}, "The noise of the beginning is put back: work out in every step which noise the guess implies."),
        Mistake("the noise is not rescaled", {_ADDED: "added = noisy - abar.sqrt() * clean"}, "The noise is not divided by sqrt(1 - abar): what is left of the state has that size."),
        Mistake("the guess is not shrunk", {"noisy - abar.sqrt() * clean": "noisy - clean"}, "The whole guess is subtracted: sqrt(abar) of it is in the state."),
        Mistake("abar without a root", {"noisy - abar.sqrt() * clean": "noisy - abar * clean"}, "abar stands where its root belongs."),
        Mistake("back to the same level", {"alpha_bar(then)[None]": "alpha_bar(now)[None]"}, "The noise is put back as strong as before: use abar of the time where the step ends."),
        Mistake("asked at the end of the step", {_CLEAN: "clean = denoise(noisy, then.expand(len(noisy)))"}, "The denoiser is told the time where the step ends: tell it the state's own."),
        Mistake("one step too few", {"n_steps + 1": "n_steps if n_steps > 1 else 2"}, "There is one step too few: n steps have n + 1 times."),
        Mistake("stops before 0", {_TIMES: "torch.linspace(1, 0, n_steps + 2).to(noise)[:-1]"}, "The last step does not reach time 0: some noise is left."),
        Mistake("from clean to noise", {_TIMES: "torch.linspace(0.01, 1, n_steps + 1).to(noise)"}, "The times run from clean to noise: begin at 1."),
        Mistake("asked only once", {_CLEAN: "clean = denoise(noise, times[0].expand(len(noisy)))"}, "The first guess is used in every step: ask again at each state."),
        Mistake("one step", {_TIMES: "torch.tensor([1.0, 0.0]).to(noise)"}, "Everything is done in one step, whatever n_steps says."),
        Mistake("zero steps let through", {_RAISE: "return noise"}, "With no step the noise comes back as if it were a sample: raise ValueError.", "side effects"),
        Mistake("time as one number", {"now.expand(len(noisy))": "now"}, "The time is one number: the denoiser wants one for each sample, (B,).", "axes"),
    ),
)
