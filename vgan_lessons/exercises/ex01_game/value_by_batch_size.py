"""1.3b: how far a batch of n samples errs about the value of the game."""

import torch

from vgan_lessons import divergences
from vgan_lessons.checking import Case, Draw, Exercise, Mistake


def _inputs(draw: Draw) -> dict:
    return {
        "real_logits": draw.normal("N"),
        "fake_logits": draw.normal("N"),
        "sizes": [2 + int(draw.integers("", 0, 2)), 4],
    }


def _of(real: list[float], fake: list[float], sizes: list[int]):
    return lambda answer: answer(torch.tensor(real), torch.tensor(fake), sizes)


_REAL, _FAKE = (
    "of_real[: n_batches * n].view(n_batches, n).mean(dim=1)",
    "of_fake[: n_batches * n].view(n_batches, n).mean(dim=1)",
)
_ROW = "[values.mean(), error / n_batches**0.5, error, predicted]"

# fmt: off
VALUE_BY_BATCH_SIZE = Exercise(
    name="value_by_batch_size",
    number="1.3b",
    minutes=8,
    difficulty="medium",
    contract=(
        "real_logits and fake_logits are (N,), N scores each. For each n of the list `sizes` cut "
        "both, in order, into N // n batches of n (at least two; what is left over is dropped) "
        "and estimate V on each pair of batches.",
        "Return a tensor (len(sizes), 4), a row a size: the mean of these values; its standard "
        "error, the next number over the root of N // n; the standard deviation of the values, "
        "as `.std()` gives it; the deviation that theory predicts.",
        "Theory: the variance of log D over all N reals plus that of log(1 - D) over all N "
        "fakes, as `.var()` gives them, divided by n; of that the root.",
        "All four stay finite at any logit, 200 included. No gradient is asked for.",
    ),
    reference=divergences.value_by_batch_size,
    inputs=_inputs,
    sizes={"N": (24, 9, 13)},
    free_gradients=("real_logits", "fake_logits"),
    stays_finite=True,
    cases=(  # situation, what is seen, by hand, where to look
        # two batches: -0.693147 and -0.126928 on the reals, -0.693147 on the fakes
        Case("two batches of two", _of([0.0, 0.0, 2.0, 2.0], [0.0, 0.0, 0.0, 0.0], [2]),
             torch.tensor([[-1.103185, 0.283110, 0.400378, 0.231158]]),
             "V is -1.386 on the first batch and -0.820 on the second; four reals have variance 0.1069."),
        Case("two sizes, one score left over", _of([0.0, 2.0, 0.0, 2.0, 2.0], [0.0] * 5, [1, 2]),
             torch.tensor([[-1.046563, 0.138695, 0.310131, 0.310131],
                           [-1.103185, 0.0, 0.0, 0.219296]]),
             "Batches of two are (0, 2) and (0, 2), which agree; the fifth score belongs to no batch."),
        # -0.693147 - 2.126928 and -0.126928 - 0.126928; variances 0.160302 and 2
        Case("both sides differ", _of([0.0, 2.0], [2.0, -2.0], [1]),
             torch.tensor([[-1.536966, 1.283110, 1.814591, 1.469797]]),
             "A fake with logit 2 counts log(1 - D) = -2.127, one with -2 only -0.127."),
        Case("sure and wrong", _of([200.0, 200.0], [200.0, 0.0], [1]),
             torch.tensor([[-100.346574, 99.653426, 140.931228, 140.931228]]),  # -200 and -0.693147
             "log(1 - sigmoid(200)) is -200, and a logarithm of 0 is not to be taken."),
    ),
    hints=(
        "Each score has one term, log D or log(1 - D). V on a batch is a mean of such terms, and "
        "means of n vary n times less than one does: in variance.",
        "`F.logsigmoid(real_logits)` and `F.logsigmoid(-fake_logits)`; the first n_batches * n of "
        "them, `.view(n_batches, n).mean(dim=1)`, are the batches' means.",
        "Before the loop the terms and the root of the summed variances; in it n_batches, two "
        "means, `values`, and a `torch.stack` of four; `torch.stack(rows)` at the end.",
    ),
    mistakes=(  # name, edits of the reference, diagnosis, kind
        Mistake("labels swapped", {"F.logsigmoid(real_logits), F.logsigmoid(-fake_logits)": "F.logsigmoid(-real_logits), F.logsigmoid(fake_logits)"},
                "log D belongs to the reals and log(1 - D) to the fakes."),
        Mistake("log D on both sides", {"F.logsigmoid(-fake_logits)": "F.logsigmoid(fake_logits)"},
                "Of a fake log(1 - D) counts, which is logsigmoid(-l)."),
        Mistake("fakes forgotten", {"real_means + fake_means": "real_means"},
                "V has a term for each side."),
        Mistake("deviations added", {"(of_real.var() + of_fake.var()).sqrt()": "of_real.std() + of_fake.std()"},
                "Variances of independent terms add, deviations do not."),
        Mistake("divided by n, not by its root", {"error_of_one / n**0.5": "error_of_one / n"},
                "The variance falls as 1/n, so the deviation falls as 1 over the root of n."),
        Mistake("a variance for the deviation", {"(of_real.var() + of_fake.var()).sqrt()": "(of_real.var() + of_fake.var())"},
                "The root of the summed variances is missing."),
        Mistake("reals alone vary", {"of_real.var() + of_fake.var()": "of_real.var()"},
                "The fakes are drawn, too: their variance adds."),
        Mistake("deviation over N", {"values.std()": "values.std(correction=0)"},
                "This divides by the number of batches; .std() divides by one less."),
        Mistake("standard error by n", {"error / n_batches**0.5": "error / n**0.5"},
                "The mean is over the batches: divide by the root of their number, not of their size."),
        Mistake("standard error not rooted", {"error / n_batches**0.5": "error / n_batches"},
                "The standard error of a mean falls with the root of how many there are."),
        Mistake("every n-th score", {_REAL: "of_real[: n_batches * n].view(n, n_batches).mean(dim=0)", _FAKE: "of_fake[: n_batches * n].view(n, n_batches).mean(dim=0)"},
                "A batch is n scores in a row: view(n_batches, n), mean over the last axis.", "axes"),
        Mistake("n batches", {_REAL: "of_real[: n_batches * n].view(n, n_batches).mean(dim=1)", _FAKE: "of_fake[: n_batches * n].view(n, n_batches).mean(dim=1)"},
                "These are n batches, each of N // n scores: it is the other way round.", "axes"),
        Mistake("the last ones", {_REAL: "of_real[-n_batches * n :].view(n_batches, n).mean(dim=1)", _FAKE: "of_fake[-n_batches * n :].view(n_batches, n).mean(dim=1)"},
                "Batches begin with the first score; what is left over stands at the end."),
        Mistake("first size only", {"    return torch.stack(rows)": "        return torch.stack(rows)"},
                "The return stands inside the loop: only the first size gets a row.", "axes"),
        Mistake("columns in another order", {_ROW: "[values.mean(), error, error / n_batches**0.5, predicted]"},
                "The standard error of the mean comes second, the deviation third."),
        Mistake("minus V", {"real_means + fake_means": "-real_means - fake_means"},
                "This is D's loss; the value of the game is asked for, below 0."),
        Mistake("logarithm of a rounded 0", {"F.logsigmoid(-fake_logits)": "torch.log(1 - torch.sigmoid(fake_logits))"},
                "sigmoid(200) is rounded to 1 and log(0) is -inf: use logsigmoid(-l).", "dtype/device/seed"),
    ),
)
