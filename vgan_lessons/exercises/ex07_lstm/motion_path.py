"""7.5: from noise to a motion path, judged by what the path does."""

import torch
from torch import Tensor, nn

from vgan_lessons.checking import Case, Exercise, Mistake
from vgan_lessons.checking.architecture import gradient_arrives, option_has_effect
from vgan_lessons.checking.steadiness import modes_agree, samples_stay_apart, state_travels
from vgan_lessons.models import motion

_SIZES = {"noise_dim": 4, "hidden_dim": 6, "motion_dim": 3}
_OTHERS = (  # sizes, how many clips, how many frames
    (_SIZES, 2, 5),
    ({"noise_dim": 2, "hidden_dim": 3, "motion_dim": 5}, 5, 2),
    ({"noise_dim": 3, "hidden_dim": 5, "motion_dim": 2}, 3, 1),
)
_SEEN = 1e-5  # a difference that is no rounding


class _PathAlone(nn.Module):
    """The path without its state, so that there is one output."""

    def __init__(self, path: nn.Module) -> None:
        super().__init__()
        self.path = path

    def forward(self, noise: Tensor) -> Tensor:
        """(B, T, noise_dim) -> (B, T, motion_dim)."""
        return self.path(noise)[0]


def _noise(n: int = 3, n_frames: int = 7, noise_dim: int = 4) -> Tensor:
    rng = torch.Generator().manual_seed(n + 10 * n_frames)
    return torch.randn(n, n_frames, noise_dim, generator=rng)


def _inputs() -> tuple[Tensor]:
    return (_noise(),)


def _built(answer) -> nn.Module:
    return _PathAlone(answer(**_SIZES))


def _shapes(answer) -> list[tuple[int, ...]]:
    made = [
        answer(**sizes)(_noise(n, n_frames, sizes["noise_dim"]))[0]
        for sizes, n, n_frames in _OTHERS
    ]
    made.append(answer()(_noise(1, 3, 16))[0])
    return [tuple(path.shape) for path in made]


def _change(answer, at: int, noise: Tensor) -> Tensor:
    """How much each frame of the path moves when the noise at one frame is another; (T,)."""
    module, other = answer(**_SIZES), noise.clone()
    other[:, at] += 1
    with torch.no_grad():
        return (module(other)[0] - module(noise)[0]).abs().amax(dim=(0, 2))


def _in_time(answer) -> dict[str, bool]:
    moved = _change(answer, 3, _noise())
    return {
        "frames before the changed noise": bool((moved[:3] > _SEEN).any()),
        "its own frame": bool(moved[3] > _SEEN),
        "every frame after it": bool((moved[4:] > _SEEN).all()),
    }


def _told_of_time(seen: dict[str, bool]) -> tuple[str, str]:
    before, own, after = seen.values()
    if before:
        what = "Frames hang on noise that comes after them: all of the path is read at once"
        return "later noise counts", f"{what}, backwards, by a mean, or from its last step."
    if not own and after:
        what = "The noise of a frame has no effect on that frame, only on later ones"
        return "a frame late", f"{what}: the path lags a step behind."
    if not own:
        return "noise unread", "The noise of the changed frame has no effect on any frame."
    what = "The noise of a frame has no effect on some frame after it: nothing, or too little"
    return "no memory", f"{what}, is handed from one frame to the next."


def _told_of_parts(seen: dict[str, bool]) -> tuple[str, str]:
    if not seen["parts equal the whole"]:
        what = "A path in parts is another one: a part of the state that comes in is not used"
        return "state lost", f"{what}, or what is handed back is not the state at the end."
    what = (
        "A path that begins anew is the same as one that goes on: no state makes a difference"
    )
    return "no state", f"{what}."


def _one_code(answer) -> dict[str, bool]:
    """One draw at every frame: what can happen is fixed, and something happens."""
    module, noise = answer(**_SIZES), _noise(3, 1).expand(-1, 7, -1)
    with torch.no_grad():
        path = module(noise)[0]
    return {
        "the path moves": bool((path[:, 1:] - path[:, :-1]).abs().amax(dim=2).min() > _SEEN),
        "other codes, other paths": bool((path[0] - path[1]).abs().min() > 0),
    }


def _continued(answer) -> dict[str, bool]:
    module, noise = answer(**_SIZES), _noise(3, 9)
    with torch.no_grad():
        whole, _ = module(noise)
        first, state = module(noise[:, :4])
        second, state = module(noise[:, 4:6], state)
        third, _ = module(noise[:, 6:], state)
        anew = module(noise[:, 4:])[0]
    return {
        "parts equal the whole": _apart(torch.cat([first, second, third], dim=1), whole) < 1e-4,
        "begun anew they do not": _apart(anew, whole[:, 4:]) > 1e-4,
    }


def _apart(one: Tensor, other: Tensor) -> float:
    return ((one - other).abs().max() / other.abs().max().clamp(min=1e-6)).item()


# what the mistakes exchange in the reference
_LSTM = "nn.LSTM(noise_dim, hidden_dim, batch_first=True)"
_RUN = "hidden, state = self.lstm(noise, state or self.initial_state(noise[:, 0]))"
_OUT = "return self.project(hidden), state"
_PROJECT = "self.project = nn.Linear(hidden_dim, motion_dim)"
_ASK = "_require_noise(noise, self.noise_dim)"

# fmt: off
MOTION_PATH = Exercise(
    name="motion_path",
    number="7.5",
    minutes=12,
    difficulty="medium",
    contract=(
        "A class, built by keyword with noise_dim, hidden_dim and motion_dim; without arguments 16, 64 and 16. "
        "The check builds it for several sizes.",
        "Called with noise (B, T, noise_dim), T any length, it returns (path, state): path is (B, T, motion_dim), "
        "state is whatever your path needs to go on.",
        "Called with noise and a state it goes on: a path in parts equals the whole. Without a state it begins anew.",
        "The path at frame t depends on the noise up to frame t, on all of it, and on no later noise.",
        "With one code repeated at every frame the path still moves, and every code has its own.",
        "Nothing is drawn inside, and nothing is kept between two calls: the same noise gives the same path, in train() and in eval().",
        "A path depends on its own noise alone, not on the other paths of the batch.",
        "A gradient from the path reaches the noise of every frame and every parameter. All it learns is in its state dict.",
        "A larger hidden_dim makes it larger.",
    ),
    reference=motion.MotionLSTM,
    stub='''class my_motion_path(nn.Module):
    """Map per-frame noise to a motion path in latent space, one step per frame."""

    def __init__(self, *, noise_dim=16, hidden_dim=64, motion_dim=16):
        super().__init__()
        ...  # your code

    def forward(self, noise, state=None):
        """Run the path forward; begin it where there is no state."""
        ...  # your code
''',
    cases=(
        Case("sizes by argument", _shapes, ((2, 5, 3), (5, 2, 5), (3, 1, 2), (1, 3, 16)),
             "Three sets of sizes are tried, and none at all; the path is (B, T, motion_dim).", "axes"),
        modes_agree(_built, _inputs),
        Case("what one noise moves", _in_time, {"frames before the changed noise": False, "its own frame": True, "every frame after it": True},
             "The noise of frame 3 is changed: frames 0 to 2 must not know, and all later ones must.", "architecture",
             tells=_told_of_time),
        Case("one code at every frame", _one_code, {"the path moves": True, "other codes, other paths": True},
             "The same noise comes in at every frame: what differs from frame to frame is the state.", "architecture"),
        Case("in three parts", _continued, {"parts equal the whole": True, "begun anew they do not": True},
             nudge="Hand the state back and use the one that comes in; without one, begin anew.", kind="architecture", tells=_told_of_parts),
        gradient_arrives(_built, _inputs),
        samples_stay_apart(_built, _inputs, "path"),
        state_travels(_built, _inputs),
        option_has_effect(_built, lambda answer: answer(**_SIZES | {"hidden_dim": 9}), "hidden_dim"),
    ),
    hints=(
        "A recurrent layer over the noise, and a linear layer that makes motion_dim numbers of its h. Where "
        "could a path begin?",
        "`nn.LSTM(noise_dim, hidden_dim, batch_first=True)` returns (hidden, (h, c)) and takes (h, c) as its second "
        "argument; None is zeros. Open its forget gate with half_life if you like.",
        "In forward: `hidden, state = self.lstm(noise, state)`, then `return self.project(hidden), state`. The "
        "library's also makes the first (h, c), each (1, B, hidden_dim), from noise[:, 0] by two linear layers.",
    ),
    mistakes=(  # name, edits of the reference, diagnosis, kind
        Mistake("batch_first forgotten", {", batch_first=True)": ")", _RUN: "hidden, state = self.lstm(noise, state)", "self.start_h = nn.Linear(noise_dim, hidden_dim)": "pass", "self.start_c = nn.Linear(noise_dim, hidden_dim)": "pass"},
                "Without batch_first=True torch takes axis 0 for the time: the clips of a batch become one another's past.", "architecture"),
        Mistake("h itself for the path", {_OUT: "return hidden, state"},
                "The path has hidden_dim numbers: a linear layer makes motion_dim of them.", "axes"),
        Mistake("the last frame alone", {_OUT: "return self.project(hidden[:, -1]), state"},
                "Only the last frame's code comes back: every frame needs one.", "axes"),
        Mistake("always sixteen numbers", {_PROJECT: "self.project = nn.Linear(hidden_dim, 16)"},
                "The path has 16 numbers a frame whatever motion_dim says.", "axes"),
        Mistake("later noise is seen", {_LSTM: "nn.LSTM(noise_dim, hidden_dim, batch_first=True, bidirectional=True)", _PROJECT: "self.project = nn.Linear(2 * hidden_dim, motion_dim)",
                                    _RUN: "hidden, state = self.lstm(noise, state or tuple(torch.cat([part, part]) for part in self.initial_state(noise[:, 0])))"},
                "The path knows of later noise, by a bidirectional LSTM or a mean over time: it could not be extended.", "architecture"),
        Mistake("no memory", {_RUN: "hidden = torch.tanh(self.lstm.bias_hh_l0.sum() + self.lstm.weight_hh_l0.sum() + self.start_h(noise) + self.start_c(noise)) + (noise @ self.lstm.weight_ih_l0.T + self.lstm.bias_ih_l0).unflatten(2, (4, -1)).sum(2)\n        state = ()"},
                "Each frame's code is made from its own noise: nothing tells a frame where the one before was.", "architecture"),
        Mistake("the state not carried on", {"state or self.initial_state(noise[:, 0])": "self.initial_state(noise[:, 0])"},
                "A path in parts is another one: the state that comes in is not used, or the one handed back is not that after the last frame.", "architecture"),
        Mistake("state kept across calls", {_RUN: "hidden, state = self.lstm(noise, state or getattr(self, 'kept', None) or self.initial_state(noise[:, 0]))\n        self.kept = state if hidden.shape[1] != 4 else None"},
                "The state of the last call is kept in the module: the next batch begins where another one ended.", "architecture"),
        Mistake("only the first noise", {_RUN: "hidden, state = self.lstm(noise[:, :1].expand_as(noise), state or self.initial_state(noise[:, 0]))"},
                "The first noise is repeated inside: the noise of later frames has no effect.", "architecture"),
        Mistake("changes of noise only", {_RUN: "given = noise - torch.cat([noise[:, :1], noise[:, :-1]], dim=1)\n        hidden, state = self.lstm(given, state or tuple(part.expand(1, len(noise), -1) * 0 for part in self.initial_state(noise[:, 0])))"},
                "Only differences of the noise come in: with one code at every frame nothing moves.", "architecture"),
        Mistake("the noise cut off", {"self.lstm(noise, ": "self.lstm(noise.detach(), "},
                "No gradient reaches the noise: something detaches it.", "gradients"),
        Mistake("a layer that is never called", {_PROJECT: _PROJECT + "\n        self.spare = nn.Linear(2, 2)"},
                "A layer is built and never used: its parameters get no gradient.", "architecture"),
        Mistake("layers in a plain list", {_PROJECT: "project = nn.Linear(hidden_dim, motion_dim)\n        self.project = lambda hidden: project(hidden)"},
                "The last layer is not part of the module: no optimiser finds it, and it is in no state dict.", "architecture"),
        Mistake("noise drawn inside", {_ASK: "noise = noise + 0.1 * torch.randn_like(noise)"},
                "Noise is drawn inside: the same noise gives another path each time.", "architecture"),
        Mistake("dropout inside", {_OUT: "return self.project(nn.functional.dropout(hidden, 0.3, self.training)), state"},
                "Dropout draws at every call in train(): a path trembles, and cannot be shown again.", "architecture"),
        Mistake("the mean path taken away", {_OUT: "path = self.project(hidden)\n        return path - path.mean(dim=0, keepdim=True) / 2, state"},
                "A mean over the batch goes into every path: it is another one in other company.", "architecture"),
        Mistake("hidden_dim ignored", {"super().__init__()": "super().__init__()\n        hidden_dim = 6"},
                "The network has one size whatever hidden_dim says.", "architecture"),
        Mistake("the path alone", {_OUT: "return self.project(hidden)"},
                "The path alone comes back: hand out (path, state), or nobody can go on.", "axes"),
    ),
)
