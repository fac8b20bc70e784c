"""7.3: how long a memory lasts, read from the forget bias and set by it."""

import math

import torch
from torch import Tensor, nn

from vgan_lessons.checking import Case, Exercise, Mistake
from vgan_lessons.models import recurrence

_FORGET = slice(3, 6)  # of three units: i 0-2, f 3-5, g 6-8, o 9-11


def _lstm() -> nn.LSTM:
    """Three units; their effective forget biases are 0, 1 and 3, their others all different."""
    lstm = nn.LSTM(2, 3)
    with torch.no_grad():
        lstm.bias_ih_l0.copy_(torch.arange(12.0) / 5 - 1)
        lstm.bias_hh_l0.copy_(2 - torch.arange(12.0) / 3)
        lstm.bias_ih_l0[_FORGET] = torch.tensor([0.5, -1.0, 4.0])
        lstm.bias_hh_l0[_FORGET] = torch.tensor([-0.5, 2.0, -1.0])
    return lstm


def _read(answer) -> Tensor:
    return answer(_lstm())


def _wide_open(answer) -> Tensor:
    lstm = _lstm()
    with torch.no_grad():
        lstm.bias_ih_l0[_FORGET] = 20.0
        lstm.bias_hh_l0[_FORGET] = 0.0
    return answer(lstm)


def _set(target: float):
    """The effective forget bias after setting a target."""

    def run(answer) -> Tensor:
        lstm = _lstm()
        answer(lstm, target)
        return (lstm.bias_ih_l0 + lstm.bias_hh_l0).detach()[_FORGET]

    return run


def _returned(answer) -> Tensor:
    return answer(_lstm(), 5.0)


def _left_alone(answer) -> dict[str, bool | str]:
    lstm, before, read = _lstm(), _lstm(), _lstm()
    held = list(lstm.parameters())
    before.load_state_dict(lstm.state_dict())
    read.load_state_dict(lstm.state_dict())
    answer(lstm, 16.0)
    answer(read)
    others = {"input": slice(0, 3), "candidate": slice(6, 9), "output": slice(9, 12)}
    biases = ("bias_ih_l0", "bias_hh_l0")
    return {
        "gates changed besides": " and ".join(
            gate
            for gate, rows in others.items()
            if any(
                not torch.equal(getattr(lstm, b)[rows], getattr(before, b)[rows])
                for b in biases
            )
        )
        or "none",
        "nothing where only read": all(
            torch.equal(getattr(read, name), getattr(before, name)) for name in biases
        ),
        "parameters to be trained": all(
            kept is now and now.is_leaf and now.requires_grad
            for kept, now in zip(held, lstm.parameters(), strict=True)
        ),
    }


_SLICE = "slice(lstm.hidden_size, 2 * lstm.hidden_size)"
_BIAS = "bias = lstm.bias_ih_l0[forget] + lstm.bias_hh_l0[forget]"
_SET = "lstm.bias_ih_l0[forget] = math.log(keep / (1 - keep))"
_ZERO = "lstm.bias_hh_l0[forget] = 0"
_KEEP = "keep = 0.5 ** (1 / target)"
_OUT = "math.log(0.5) / F.logsigmoid(bias)"

# fmt: off
HALF_LIFE = Exercise(
    name="half_life",
    number="7.3",
    minutes=10,
    difficulty="medium",
    contract=(
        "lstm is an nn.LSTM of one layer. With a target, first set the effective forget bias of all its "
        "units so that half of c is left after `target` steps (a number above 0), when each step keeps "
        "sigmoid(b) of it. How you share b among torch's two biases is up to you.",
        "Then, or without a target at once, return the half-life of each unit, (hidden_dim,), by its "
        "effective forget bias: the number n with sigmoid(b) ** n = 1/2.",
        "Half-lives of wide-open gates are exact to 0.1 % up to b = 20.",
        "The biases of the other gates stay as they are, without a target all of them; the biases "
        "stay parameters that can be trained.",
    ),
    reference=recurrence.half_life,
    cases=(  # log(1/2) / log sigmoid(b): 0.693147 / 0.693147, / 0.313262, / 0.048587
        Case("effective biases 0, 1 and 3", _read, torch.tensor([1.0, 2.212680, 14.266000]),
             "b_ih is 0.5, -1, 4 and b_hh -0.5, 2, -1: their sums count. Which rows are the forget gate's?"),
        Case("16 steps", _set(16.0), torch.full((3,), math.log(0.5 ** (1 / 16) / (1 - 0.5 ** (1 / 16)))),
             "The sum of both biases must be 3.117: 0.5 ** (1/16) = 0.9576 is to be kept at each step."),
        Case("half a step", _set(0.5), torch.full((3,), math.log(0.25 / 0.75)),
             "Half of c is left after half a step, so a whole one keeps a quarter: the bias is below 0."),
        Case("what comes back after setting", _returned, torch.full((3,), 5.0),
             "After setting 5 steps, the half-lives are 5, 5 and 5."),
        Case("what else is changed", _left_alone, {"gates changed besides": "none", "nothing where only read": True, "parameters to be trained": True},
             "Change the forget gate's rows in place, under torch.no_grad(), and only if there is a target.", "side effects"),
        Case("a wide-open gate", _wide_open, torch.full((3,), math.log(2) / math.log1p(math.exp(-20.0))),
             "In 32 bits sigmoid(20) is 1 and its logarithm 0. F.logsigmoid keeps the digits.", tolerance=1e-3),
    ),
    hints=(
        "n steps keep sigmoid(b) ** n. Solve sigmoid(b) ** n = 1/2 once for n and once for b.",
        "n = log(1/2) / log sigmoid(b). The other way: keep = 0.5 ** (1/n), b = log(keep / (1 - keep)). The "
        "forget gate has the second block of rows, hidden_size to 2 * hidden_size - 1, in `bias_ih_l0` and in `bias_hh_l0`.",
        "`forget = slice(lstm.hidden_size, 2 * lstm.hidden_size)`; under `torch.no_grad()`, if there is a target, "
        "`lstm.bias_ih_l0[forget] = ...` and `lstm.bias_hh_l0[forget] = 0`; then add both and use `F.logsigmoid`.",
    ),
    mistakes=(
        Mistake("targets from one step on", {"if target is not None:": "if target is not None and target >= 1:"}, "A target below one step sets nothing: any number above 0 is one."),
        Mistake("the input gate's rows", {_SLICE: "slice(0, lstm.hidden_size)"},
                "The first block is the input gate's; the forget gate has the second."),
        Mistake("the candidate's rows", {_SLICE: "slice(2 * lstm.hidden_size, 3 * lstm.hidden_size)"},
                "The third block is the candidate's; the forget gate has the second."),
        Mistake("one of two biases read", {_BIAS: "bias = lstm.bias_ih_l0[forget]"},
                "Only b_ih is read: torch adds b_hh to it, and the sum is what the gate sees."),
        Mistake("both biases set", {_ZERO: "lstm.bias_hh_l0[forget] = math.log(keep / (1 - keep))"},
                "Both biases are set to the target's b, and torch adds them: the gate sees twice as much, and the half-life is many times the target."),
        Mistake("the other bias left in", {_ZERO: "pass"},
                "b_ih is set and b_hh left as it was: the sum is not what you asked for."),
        Mistake("a time constant", {_OUT: "-1 / F.logsigmoid(bias)"},
                "These are the steps until 1/e is left, the time constant; asked is one half."),
        Mistake("set by the time constant", {_KEEP: "keep = math.exp(-1 / target)"},
                "After `target` steps 1/e is left, not one half."),
        Mistake("one over what is lost", {_OUT: "1 / (1 - bias.sigmoid())"},
                "1 / (1 - f) is how many steps a memory lasts on average; asked is when half is left."),
        Mistake("the gate for its bias", {_SET: "lstm.bias_ih_l0[forget] = keep"},
                "The gate's value is written into the bias: b is its logit, log(keep / (1 - keep))."),
        Mistake("target log(n - 1)", {_SET: "lstm.bias_ih_l0[forget] = math.log(abs(target - 1))"},
                "log(n - 1) belongs to 1 / (1 - f) = n; a half-life needs 0.5 ** (1/n)."),
        Mistake("set, and not read again", {_OUT: "math.log(0.5) / F.logsigmoid(bias) if target is None else torch.zeros_like(bias)"},
                "With a target the half-lives are to be returned as well."),
        Mistake("all gates set", {_SET: "lstm.bias_ih_l0[:] = math.log(keep / (1 - keep))"},
                "All four gates get the bias: input and output gate stand open now, too.", "side effects"),
        Mistake("the input gate closed as well", {_SET: _SET + "\n            lstm.bias_ih_l0[: lstm.hidden_size] = -lstm.bias_ih_l0[forget]"},
                "The input gate's bias is set to -b: a known recipe, and not what is asked here.", "side effects"),
        Mistake("new biases instead of the old", {_SET: "lstm.bias_ih_l0 = nn.Parameter(lstm.bias_ih_l0 * 0 + math.log(keep / (1 - keep)))"},
                "The whole bias is replaced: an optimiser that holds the old one trains nothing, and the other gates lost theirs.", "side effects"),
        Mistake("the logarithm of the sigmoid", {_OUT: "math.log(0.5) / bias.sigmoid().log()"},
                "Wide-open gates overflow: in 32 bits sigmoid(20) is 1 and its logarithm 0. F.logsigmoid keeps the digits."),
        Mistake("log of the target", {_SET: "lstm.bias_ih_l0[forget] = math.log(target)"},
                "log(target) is the bias of a gate 1 - 1/(n + 1): half of c is left after n steps where sigmoid(b) = 0.5 ** (1/n)."),
        Mistake("one number for all units", {_OUT: f"({_OUT}).mean()"},
                "The half-lives are averaged: there is one for each unit, (hidden_dim,).", "axes"),
        Mistake("minus", {_OUT: "math.log(2) / F.logsigmoid(bias)"},
                "The half-lives are negative: log(1/2) and log(sigmoid(b)) both are, so their quotient is not."),
        Mistake("2 to the power of minus n", {_KEEP: "keep = 0.5 ** target"},
                "0.5 ** n is what is kept in n steps at a half-life of 1: a step keeps 0.5 ** (1/n)."),
    ),
)
