"""The faults of the published loop, each found by running three small rounds.

The players are lines whose numbers are known, so that a fault of a program's own networks
hides none of its loop. Where nothing moves, what a turn asks, sees and reports still shows
whose turn it was meant to be and what it was after.
"""

from collections.abc import Callable

import torch
from torch import Tensor

from vgan_lessons.article.program import Fault, Program
from vgan_lessons.article.published import UNDEFINED, lend_batch_size
from vgan_lessons.article.watching import Line, Watched, watch_training

_ONE, _ZERO = torch.ones(1, 1), torch.zeros(1)


def _noise_is_drawn_once(program: Program) -> bool:
    """Whether G is fed the same noise in every round."""
    fed = _watch(program).latents
    return all(torch.equal(one, fed[0]) for one in fed)


def _batch_size_is_undefined(program: Program) -> bool:
    """Whether the loop asks for a batch size that nothing defines."""
    try:
        _watch(program, lent=False)
    except NameError as error:
        return error.name == UNDEFINED
    return False


def _losses_leave_the_graph(program: Program) -> bool:
    """Whether every gradient is None at every step."""
    return all(gradient is None for gradient in _watch(program).gradients)


def _updates_are_swapped(program: Program) -> bool:
    """Whether the first turn, which is D's, moves G."""
    return _watch(program).movers[:1] == ["G"]


def _real_data_never_appear(program: Program) -> bool:
    """Whether D's loss is the same number whatever the real data are."""
    some, others = (_watch(program, reals=_reals(shift)).losses for shift in (0.0, 1.0))
    return float(some[0][0]) == float(others[0][0])


def _raw_score_is_minimised(program: Program) -> bool:
    """Whether G's loss rises when D believes the fakes more."""
    doubtful, believing = (_watch(program, d_bias=bias).losses for bias in (-1.0, 1.0))
    return float(believing[0][1]) > float(doubtful[0][1])


def _text_and_code_disagree(program: Program) -> bool:
    """Whether the losses of the code are other numbers than the objectives of the text."""
    seen = _watch(program)
    for number, (real, (d_loss, g_loss)) in enumerate(zip(_reals(), seen.losses, strict=True)):
        rounds = len(seen.latents) // len(seen.losses)  # how often G is asked in a round
        fed = seen.latents[number * rounds : (number + 1) * rounds]
        scores = real.squeeze(1), fed[0].squeeze(1), fed[-1].squeeze(1)  # lines of slope 1
        said = (
            program.d_objective(scores[0], scores[1]),
            program.g_objective(scores[0], scores[2]),
        )
        done = torch.tensor([float(d_loss), float(g_loss)])
        if not torch.allclose(torch.stack(said), done, rtol=1e-4, atol=1e-5):
            return True
    return False


def _reals(shift: float = 0.0) -> list[Tensor]:
    """Three batches of four."""
    batch = torch.tensor([[2.0], [0.5], [-1.0], [3.0]]) + shift
    return [batch + 0.125 * n for n in range(3)]


def _fresh_noise() -> Callable[[int], Tensor]:
    calls = []

    def sample(n: int) -> Tensor:
        calls.append(n)
        return torch.linspace(-1.0, 1.0, n)[:, None] + 0.01 * len(calls)

    return sample


def _watch(
    program: Program,
    *,
    lent: bool = True,
    d_bias: float = 0.0,
    reals: list[Tensor] | None = None,
) -> Watched:
    """Run the loop with players that stand still: G(z) = z and D(x) = x + d_bias."""
    train = lend_batch_size(program.train, 4) if lent else program.train
    generator = Line(_ONE, _ZERO)
    discriminator = Line(_ONE, _ZERO + d_bias, scores=True)
    return watch_training(train, generator, discriminator, reals or _reals(), _fresh_noise())


# fmt: off
LOOP_FAULTS = (  # name, detector, what is done and what comes of it
    Fault("noise drawn once", _noise_is_drawn_once,
          "The noise is drawn before the loop: whatever the number of rounds, G is only ever "
          "asked about one batch."),
    Fault("batch size undefined", _batch_size_is_undefined,
          "The noise is drawn for a batch size that is defined nowhere: the program stops "
          "before its first round."),
    Fault("losses leave the graph", _losses_leave_the_graph,
          "A loss is turned into a plain number before the gradient is asked for: every "
          "gradient is None, and an optimiser passes over None without a word."),
    Fault("updates swapped", _updates_are_swapped,
          "What is called D's turn moves G, and the other way round: each player follows the "
          "other's loss."),
    Fault("no real data", _real_data_never_appear,
          "No real sample has a say in any loss, so nobody can know what G is to imitate."),
    Fault("both minimise the score", _raw_score_is_minimised,
          "Both players minimise D's raw score of the fakes: they agree, and G learns to be "
          "caught."),
    Fault("text and code disagree", _text_and_code_disagree,
          "The text gives both players expectations of logarithms, the code gives them the "
          "bare score: whoever checks one has not checked the other."),
)
