"""7.1: one step of an LSTM."""

import math

import torch
from torch import Tensor

from vgan_lessons.checking import Case, Draw, Exercise, Mistake
from vgan_lessons.models import recurrence


def _inputs(draw: Draw) -> dict:
    x, h, c = draw.normal("B I"), draw.normal("B H"), draw.normal("B H")
    rows = str(4 * draw.size("H"))
    return {
        "x": x,
        "state": (h, c),
        "weight_ih": draw.normal(f"{rows} I", 0.5),
        "weight_hh": draw.normal(f"{rows} H", 0.5),
        "bias": draw.normal(rows, 0.5),
    }


def _one_unit(bias: list[float], c: float, x: float = 0.7):
    """A step of one unit whose weights are all 0."""

    def run(answer) -> tuple[Tensor, Tensor]:
        state = torch.tensor([[0.4]]), torch.tensor([[c]])
        nothing = torch.zeros(4, 1)
        return answer(torch.tensor([[x]]), state, nothing, nothing, torch.tensor(bias))

    return run


def _two_units(answer) -> tuple[Tensor, Tensor]:
    """Zero weights; the forget gates alone are open, so each block of rows shows."""
    bias = torch.tensor([-100.0, -100.0, 100.0, 100.0, 0.0, 0.0, 0.0, 0.0])
    state = torch.zeros(1, 2), torch.tensor([[1.0, -2.0]])
    return answer(torch.zeros(1, 3), state, torch.zeros(8, 3), torch.zeros(8, 2), bias)


def _with_weights(answer) -> tuple[Tensor, Tensor]:
    x, state = torch.tensor([[1.0, 2.0]]), (torch.tensor([[0.5]]), torch.tensor([[1.0]]))
    weight_ih = torch.tensor([[1.0, 0.0], [0.0, 1.0], [1.0, -1.0], [0.0, -1.0]])
    weight_hh = torch.tensor([[2.0], [-2.0], [4.0], [2.0]])
    return answer(x, state, weight_ih, weight_hh, torch.tensor([-1.0, 0.0, -0.5, 1.0]))


def _by_hand() -> tuple[Tensor, Tensor]:
    """W x + U h + b is 1 + 1 - 1, 2 - 1 + 0, -1 + 2 - 0.5 and -2 + 1 + 1."""
    open_by_one = 1 / (1 + math.exp(-1.0))  # sigmoid(1), of i and of f
    c = open_by_one * 1.0 + open_by_one * math.tanh(0.5)
    return torch.tensor([[0.5 * math.tanh(c)]]), torch.tensor([[c]])


_GATES = "i, f, g, o = "
_CHUNK = ".chunk(4, dim=1)"
_SUM = "x @ weight_ih.T + h @ weight_hh.T + bias"
_MIX = "c = f.sigmoid() * c + i.sigmoid() * g.tanh()"
_OUT = "return o.sigmoid() * c.tanh(), c"

# fmt: off
LSTM_CELL = Exercise(
    name="lstm_cell",
    number="7.1",
    minutes=9,
    contract=(
        "Return (h', c'), each (B, hidden_dim), by the equations above.",
        "weight_ih (4 * hidden_dim, input_dim), weight_hh (4 * hidden_dim, hidden_dim) and bias "
        "(4 * hidden_dim,) hold four blocks of hidden_dim rows, in torch's order i, f, g, o.",
        "Gradients reach x, h, c, both weights and the bias.",
        "The state that comes in is not changed.",
    ),
    reference=recurrence.lstm_cell,
    inputs=_inputs,
    sizes={"H": (5, 2, 7)},
    scales=(1.0, 0.3, 2.0),
    cases=(
        Case("all weights 0, c = 2", _one_unit([0.0] * 4, 2.0), (torch.tensor([[0.380797]]), torch.tensor([[1.0]])),  # 0.5 * 2 + 0.5 * 0, 0.5 * tanh(1)
             "Every gate is 0.5 and g is 0: c' = 0.5 * 2, and h' = 0.5 * tanh(1)."),
        Case("b_f = 100, b_i = -100 copies c", _one_unit([-100.0, 100.0, 0.0, 0.0], 3.0), (torch.tensor([[0.497527]]), torch.tensor([[3.0]])),  # 0.5 * tanh(3)
             "The forget gate is 1 and the input gate 0, so c' is c. Which row is which gate?"),
        Case("nothing but the candidate", _one_unit([100.0, -100.0, 0.549306, 100.0], 5.0), (torch.tensor([[0.462117]]), torch.tensor([[0.5]])),  # tanh(0.549306) = 0.5, tanh(0.5)
             "i and o are 1, f is 0, and g = tanh(0.549) = 0.5: the old c is gone."),
        Case("two units, in blocks", _two_units, (torch.tensor([[0.380797, -0.482014]]), torch.tensor([[1.0, -2.0]])),  # 0.5 * tanh(1), 0.5 * tanh(-2)
             "The first hidden_dim rows are all of i, the next all of f: blocks, not every fourth row."),
        Case("with weights", _with_weights, _by_hand(),
             "W x + U h + b is 1, 1, 0.5 and 0 for i, f, g and o."),
    ),
    hints=(
        "One sum W x + U h + b makes all four; only what is done with each quarter differs.",
        "Rows of weight_ih belong to outputs: `x @ weight_ih.T`. `.chunk(4, dim=1)` cuts the sum into i, f, g, o.",
        "`h, c = state`, the sum in one line, `i, f, g, o = (...).chunk(4, dim=1)`, then c' and h'; sigmoid for "
        "i, f and o, tanh for g and for c'.",
    ),
    mistakes=(  # name, edits of the reference, diagnosis, kind
        Mistake("gates in the order i, f, o, g", {_GATES: "i, f, o, g = "},
                "The third block is the candidate g and the fourth the output gate o: torch's order is i, f, g, o."),
        Mistake("input and forget gate exchanged", {_GATES: "f, i, g, o = "},
                "The first block is the input gate, the second the forget gate."),
        Mistake("every fourth row", {_CHUNK: ".unflatten(1, (-1, 4)).unbind(dim=2)"},
                "These take every fourth row; each gate has a block of hidden_dim rows."),
        Mistake("tanh forgotten on c", {_OUT: "return o.sigmoid() * c, c"},
                "h' is o times tanh(c'): without the tanh h grows with c, and nothing bounds it."),
        Mistake("the old c in h", {_MIX: "new = f.sigmoid() * c + i.sigmoid() * g.tanh()", _OUT: "return o.sigmoid() * c.tanh(), new"},
                "h' shows the old c: take the new one."),
        Mistake("a sigmoid for the candidate", {"g.tanh()": "g.sigmoid()"},
                "g is a tanh: with a sigmoid the memory can only be counted up."),
        Mistake("the candidate as it is", {"g.tanh()": "g"},
                "The candidate has no tanh: one large input fills the memory without bound."),
        Mistake("what is forgotten and what is kept exchanged", {"f.sigmoid() * c": "(1 - f.sigmoid()) * c"},
                "f is the share that is kept, in spite of its name: f * c, not (1 - f) * c."),
        Mistake("no output gate", {"o.sigmoid() * c.tanh()": "c.tanh()"},
                "The output gate is missing: h' is o times tanh(c')."),
        Mistake("no input gate", {"i.sigmoid() * g.tanh()": "g.tanh()"},
                "The input gate is missing: everything that comes in is written."),
        Mistake("nothing from h", {" + h @ weight_hh.T": ""},
                "U h is missing: the gates do not see what the cell showed last."),
        Mistake("no bias", {" + bias": ""},
                "The bias is missing: it is what holds the forget gate open."),
        Mistake("the bias twice", {" + bias": " + 2 * bias"},
                "The bias is added twice: here it is the sum of torch's two already."),
        Mistake("c before h", {_OUT: "return c, o.sigmoid() * c.tanh()"},
                "The state is (h, c), in this order, going in and coming out."),
        Mistake("h and c exchanged on the way in", {"h, c = state": "c, h = state"},
                "The state that comes in is (h, c), in this order."),
        Mistake("c cut off", {"f.sigmoid() * c ": "f.sigmoid() * c.detach() "},
                "The old c is detached: no gradient goes back through time.", "gradients"),
        Mistake("c changed in place", {_MIX: "c.mul_(f.sigmoid()).add_(i.sigmoid() * g.tanh())"},
                "The caller's c is changed: make a new tensor.", "side effects"),
    ),
)
