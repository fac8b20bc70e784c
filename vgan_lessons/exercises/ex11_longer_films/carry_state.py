"""11.2: a path walked in pieces."""

import torch
from torch import Tensor

from vgan_lessons.checking import Case, Exercise, Mistake
from vgan_lessons.models import motion


def _adding(noise: Tensor, state=None):
    """A motion whose path is a running sum; a path begins at the noise of its first frame."""
    start = noise[:, 0] if state is None else state[0]
    path = start[:, None] + noise.cumsum(1)
    return path, (path[:, -1], noise[:, -1])


def _noise(n_frames: int = 7) -> Tensor:
    return torch.arange(1.0, 1 + 2 * n_frames).view(2, n_frames, 1) ** 1.5


def _pieces(answer, n_each: int, n_frames: int = 5, state=None) -> tuple:
    """1, 2, 3, ... as noise; the running sum begins at 1."""
    noise = torch.arange(1.0, 1.0 + n_frames).view(1, n_frames, 1)
    given = () if state is None else (state,)
    return tuple(path.flatten() for path, _ in answer(_adding, noise, n_each, *given))


def _states(answer) -> tuple[Tensor, ...]:
    noise = torch.arange(1.0, 6.0).view(1, 5, 1)
    return tuple(
        torch.stack([part.flatten() for part in state])
        for _, state in answer(_adding, noise, 2)
    )


def _pull(answer) -> Tensor:
    """The slope of the last place by the noise of each frame."""
    noise = torch.ones(1, 4, 1, requires_grad=True)
    *_, (path, _) = answer(_adding, noise, 2)
    (slope,) = torch.autograd.grad(path[:, -1].sum(), noise)
    return slope.flatten()


def _when_walked(answer) -> tuple[int, ...]:
    walked = []

    def watched(noise, state=None):
        walked.append(noise.shape[1])
        return _adding(noise, state)

    pieces = iter(answer(watched, _noise(), 3))
    counts = []
    for _ in range(2):
        next(pieces)
        counts.append(len(walked))
    return tuple(counts)


def _refused(answer) -> dict[str, str]:
    told = {}
    for n_each in (0, -1, 1):
        try:
            list(answer(_adding, _noise(), n_each))
        except ValueError:
            told[f"n_each {n_each}"] = "ValueError"
        else:
            told[f"n_each {n_each}"] = "no error"
    return told


_CALL = "z_motion, state = motion(noise[:, start : start + n_each], state)"
_YIELD = "yield z_motion, state"
_RANGE = "range(0, noise.shape[1], n_each)"
_PIECE = "noise[:, start : start + n_each]"

# fmt: off
CARRY_STATE = Exercise(
    name="carry_state",
    number="11.2",
    minutes=7,
    contract=(
        "motion(noise, state) returns (z_motion, state); noise is (B, T, noise_dim). With None for the state it begins a path.",
        "Cut the noise along time into pieces of n_each frames, in order; the last one is shorter where n_each does not divide T. Walk every piece from the state in which the one before ended; the first from the `state` that comes in, None unless somebody goes on.",
        "Yield (z_motion, state) of each piece, the state being the whole of what motion returned. Call motion once a piece, and only when that piece is asked for.",
        "If n_each is below 1, raise `ValueError`.",
    ),
    reference=motion.carry_state,
    stub='''def my_carry_state(motion, noise, n_each, state=None):
    """Walk a path piece by piece: a film of any length in the memory of a short one."""
    ...  # your code
''',
    cases=(
        # noise 1 2 3 4 5, begun at 1: 2 4 7 11 16
        Case("five frames, two at a time", lambda answer: _pieces(answer, 2), (torch.tensor([2.0, 4.0]), torch.tensor([7.0, 11.0]), torch.tensor([16.0])),
             "The sum starts at 1 and adds 1, 2, then 3, 4, then 5: 2, 4, then 7, 11, then 16. The last piece has one frame."),
        Case("begun from a state", lambda answer: _pieces(answer, 3, 4, (torch.tensor([[10.0]]), None)), (torch.tensor([11.0, 13.0, 16.0]), torch.tensor([20.0])),
             "The state that comes in holds 10: the first piece goes on from there."),
        Case("the state after each piece", _states, (torch.tensor([[4.0], [2.0]]), torch.tensor([[11.0], [4.0]]), torch.tensor([[16.0], [5.0]])),
             "The state after a piece: the sum so far and the last noise, both parts of it."),
        # the path begins at the first noise, which therefore counts twice
        Case("a gradient through the pieces", _pull, torch.tensor([2.0, 1.0, 1.0, 1.0]), "The last place hangs on the noise of all pieces, through the state.", "gradients"),
        Case("walked when asked for", _when_walked, (1, 2), "One call of motion for each piece that was asked for: yield inside the loop.", "side effects"),
        Case("pieces of no frame", _refused, {"n_each 0": "ValueError", "n_each -1": "ValueError", "n_each 1": "no error"}, "Pieces of 0 frames never end: raise ValueError. Those of 1 do.", "side effects"),
    ),
    hints=(
        "A loop over pieces, and a variable that holds the state from one call to the next.",
        "`noise[:, start : start + n_each]` for start in 0, n_each, 2 n_each, ...: slicing past the end gives what is left.",
        "`for start in range(0, noise.shape[1], n_each):` `z_motion, state = motion(noise[:, start : start + n_each], state)`, then `yield z_motion, state`.",
    ),
    mistakes=(
        Mistake("frame by frame", {_RANGE: "range(noise.shape[1])"}, "Pieces begin at every frame and overlap: the next one begins where the last one ended."),
        Mistake("cut between the pieces", {_CALL: _CALL + "\n        state = tuple(part if part is None else part.detach() for part in state)"}, "The state is detached between the pieces: no gradient reaches the noise before.", "gradients"),
        Mistake("the state never carried on", {_CALL: f"z_motion, new = motion({_PIECE}, state)", _YIELD: "yield z_motion, new"}, "Every piece begins where the first one did: hand the new state to the next call."),
        Mistake("begun anew", {_CALL: f"z_motion, state = motion({_PIECE})"}, "Every piece begins a path of its own: the state is not handed in."),
        Mistake("the state that comes in thrown away", {"for start in": "state = None\n    for start in"}, "The state that comes in is thrown away: somebody wants to go on from there."),
        Mistake("the rest left out", {_RANGE: "range(0, noise.shape[1] - n_each + 1, n_each)"}, "The frames that are left at the end are missing: the last piece is shorter."),
        Mistake("pieces that overlap", {_RANGE: "range(0, noise.shape[1], max(1, n_each - 1))"}, "The pieces overlap by a frame: the next one begins where the last ended."),
        Mistake("along the batch", {_RANGE: "range(0, noise.shape[0], n_each)", _PIECE: "noise[start : start + n_each]"}, "The batch is cut into pieces: time is axis 1.", "axes"),
        Mistake("the path alone", {_YIELD: "yield z_motion"}, "Only the path is handed out: without the state nobody can go on."),
        Mistake("half of the state", {_YIELD: "yield z_motion, state[0]"}, "Only the first part of the state is handed out: an LSTM needs both."),
        Mistake("all at once", lambda motion, noise, n_each, state=None: _all_at_once(motion, noise, n_each, state), "All pieces are walked before the first is handed out: that needs the memory of the whole film.", "side effects"),
        Mistake("backwards", {_RANGE: "reversed(range(0, noise.shape[1], n_each))"}, "The pieces come from the end to the beginning."),
        Mistake("any n_each", {"n_each < 1": "False", _RANGE: "range(0, noise.shape[1], n_each or noise.shape[1])"}, "Pieces of no frame are let through: raise ValueError.", "side effects"),
        Mistake("the state before", {_CALL: f"before = state\n        z_motion, state = motion({_PIECE}, state)", _YIELD: "yield z_motion, before"}, "The state that is handed out is the one before the piece: who goes on would walk it twice."),
        Mistake("walked in one go and cut", lambda motion, noise, n_each, state=None: _cut_afterwards(motion, noise, n_each, state), "The whole path is walked at once and cut afterwards: call motion piece by piece.", "side effects"),
    ),
)


def _all_at_once(motion, noise, n_each, state):
    if n_each < 1:
        raise ValueError(n_each)
    pieces = []
    for start in range(0, noise.shape[1], n_each):
        path, state = motion(noise[:, start : start + n_each], state)
        pieces.append((path, state))
    return pieces


def _cut_afterwards(motion, noise, n_each, state):
    if n_each < 1:
        raise ValueError(n_each)
    path, state = motion(noise, state)
    for piece in path.split(n_each, dim=1):
        yield piece, state
