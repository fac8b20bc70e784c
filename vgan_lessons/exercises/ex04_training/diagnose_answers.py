"""Right and wrong answers to 4.6: rules by label, in an order, with one of them spoiled."""

import math
from collections.abc import Callable

import torch

from vgan_lessons.checking import Mistake

SILENT = 2 * math.log(2)
Rule = Callable[..., bool]


def _between(column: list[float], low: float, high: float) -> bool:
    return all(low <= number <= high for number in column)


def _late(column: torch.Tensor) -> torch.Tensor:
    return column[-5:]


RULES: dict[str, Rule] = {
    "nan": lambda run: bool(run.d_loss.isnan().any()),
    "no_zero_grad": lambda run: (
        max(_late(run.d_grad_norm).mean(), _late(run.g_grad_norm).mean()) > 80
    ),
    "double_sigmoid": lambda run: _between(
        run.real_logit.tolist() + run.fake_logit.tolist(), 0, 1
    ),
    "d_won": lambda run: _late(run.d_loss).median() < 0.1,
    "mode_collapse": lambda run: _late(run.modes).mean() < 3,
}


def _first_of(rules: dict[str, Rule]) -> Callable:
    """The first label whose rule fires."""
    return lambda run: next((n for n, fires in rules.items() if fires(run)), "healthy")


def _but(**spoiled: Rule) -> Callable:
    return _first_of(RULES | spoiled)


def _asked_first(label: str) -> Callable:
    return _first_of({label: RULES[label], **RULES})


def _without_modes_of_its_own(run):
    """By gaps, ratios and floors."""
    if not all(map(math.isfinite, run.g_loss.tolist() + run.d_loss.tolist())):
        return "nan"
    gradients = torch.maximum(run.d_grad_norm, run.g_grad_norm)
    if min(gradients[-3:].tolist()) > 100:
        return "no_zero_grad"
    if run.fake_logit.min() > -1e-6 and run.real_logit.max() < 1.001:
        return "double_sigmoid"
    if run.d_loss[-4:].mean() < 0.25:
        return "d_won"
    return "healthy" if sum(run.modes[-5:].tolist()) > 5 * 3 else "mode_collapse"


def _by_scores(run):
    """With numpy, column by column."""
    d_loss, modes = run.d_loss.numpy(), run.modes.numpy()
    norms = [run.d_grad_norm.numpy()[-5:].min(), run.g_grad_norm.numpy()[-5:].min()]
    low = min(run.real_logit.numpy().min(), run.fake_logit.numpy().min())
    high = max(run.real_logit.numpy().max(), run.fake_logit.numpy().max())
    checks = (
        ("nan", d_loss[-1] != d_loss[-1]),
        ("no_zero_grad", max(norms) > 60),
        ("double_sigmoid", low >= 0 and high <= 1),
        ("d_won", sorted(d_loss[-5:])[2] < 0.15),
        ("mode_collapse", sorted(modes[-5:])[2] < 5),
    )
    return next((label for label, there in checks if there), "healthy")


MISTAKES = (
    Mistake(
        "everything is healthy",
        lambda run: "healthy",
        "Not one of the troubles is ever named.",
    ),
    Mistake(
        "NaN sought with ==",
        _but(nan=lambda run: bool((run.d_loss == math.nan).any())),
        "NaN equals nothing, not even itself: ask with isnan or isfinite.",
    ),
    Mistake(
        "modes before everything",
        _asked_first("mode_collapse"),
        "A NaN, a pile of gradients or a D that won also lose the modes: ask for causes first.",
    ),
    Mistake(
        "the winner before the pile",
        _asked_first("d_won"),
        "A G that trips over its own old gradients lets D win: ask for the pile first.",
    ),
    Mistake(
        "2 ln 2 taken for a fault",
        _but(double_sigmoid=lambda run: bool((_late(run.d_loss) - SILENT).abs().max() < 0.1)),
        "A D that cannot tell reals from good fakes has this very loss: it is the goal.",
    ),
    Mistake(
        "the floor of 1.0064 alone",
        _but(double_sigmoid=lambda run: run.d_loss.min() > 1.006),
        "A healthy D's loss stays above 1.0064, too; its logits do not stay in [0, 1].",
    ),
    Mistake(
        "one logit in [0, 1] is enough",
        _but(double_sigmoid=lambda run: _between(run.real_logit.tolist(), 0, 1)),
        "A healthy D often scores reals between 0 and 1; under two sigmoids the fakes' scores "
        "lie there as well.",
    ),
    Mistake(
        "a range without an upper end",
        _but(double_sigmoid=lambda run: min(run.real_logit.min(), run.fake_logit.min()) >= 0),
        "A D may like everything and score it above 1; probabilities cannot.",
    ),
    Mistake(
        "a lead taken for a win",
        _but(d_won=lambda run: _late(run.real_logit).mean() > _late(run.fake_logit).mean()),
        "D scores reals above fakes in every sound game; it has won when its loss is near 0.",
    ),
    Mistake(
        "anything below 2 ln 2 is a win",
        _but(d_won=lambda run: _late(run.d_loss).mean() < 1.35),
        "Between 2 ln 2 and 0 lies the whole game; D has won when its loss is near 0.",
    ),
    Mistake(
        "one lucky batch is a win",
        _but(d_won=lambda run: _late(run.d_loss).min() < 0.2),
        "One log is one batch: the last five together say how the game stands.",
    ),
    Mistake(
        "judged by the first logs",
        _but(mode_collapse=lambda run: run.modes[:5].mean() < 3),
        "Every game starts with few modes; what counts is where it ends.",
    ),
    Mistake(
        "a jolt taken for a pile",
        _but(no_zero_grad=lambda run: max(run.d_grad_norm.max(), run.g_grad_norm.max()) > 80),
        "One long gradient can happen to anybody; a pile is never cleared and stays.",
    ),
    Mistake(
        "only D's gradient watched",
        _but(no_zero_grad=lambda run: _late(run.d_grad_norm).mean() > 80),
        "G's step can forget zero_grad as well.",
    ),
    Mistake(
        "collapse is one mode exactly",
        _but(mode_collapse=lambda run: bool((_late(run.modes) == 1).all())),
        "A collapsed cloud wanders: between two modes it holds none, across two it holds both.",
    ),
    Mistake(
        "blurred taken for collapsed",
        _but(mode_collapse=lambda run: _late(run.quality).mean() < 0.5),
        "Low quality says that fakes miss their modes by a little; count the modes.",
    ),
    Mistake(
        "a fixed place instead of the end",
        _but(mode_collapse=lambda run: run.modes[39] < 3),
        "Games have different lengths: count from the end, with [-1] or [-5:].",
    ),
)

ALTERNATIVES = {
    "rules in a table": _first_of(RULES),
    "other thresholds": _without_modes_of_its_own,
    "with numpy": _by_scores,
}
