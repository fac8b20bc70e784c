"""1.1: what the best discriminator says at a point, as a logit."""

import math

import torch
from torch.nn import functional as F

from vgan_lessons import divergences
from vgan_lessons.checking import Case, Draw, Exercise, Mistake


def _log_densities(draw: Draw) -> dict:
    return {"log_p": draw.normal("N K") - 2, "log_q": draw.normal("N K") - 2}


def _at(log_p, log_q):
    return lambda answer: answer(torch.tensor(log_p), torch.tensor(log_q))


# fmt: off
OPTIMAL_LOGIT = Exercise(
    name="optimal_logit",
    number="1.1",
    minutes=3,
    contract=(
        "Return the logit of the best discriminator at every point, in the shape that came.",
        "The inputs are natural logarithms of the two densities, and no other function is "
        "needed: the result is finite even where the densities themselves are 0 in floats. No "
        "gradient is asked for.",
    ),
    reference=divergences.optimal_logit,
    inputs=_log_densities,
    free_gradients=("log_p", "log_q"),
    waived=("graph cut", "device", "default dtype"),
    cases=(  # situation, what is seen, by hand, where to look
        Case("as likely under both", _at(-1.5, -1.5), 0.0,  # D* = 1/2
             "Where p = q the best D cannot tell: D = 1/2. Which logit says that?"),
        Case("three times as likely under p", _at(math.log(0.3), math.log(0.1)), 1.098612,  # log(0.3 / 0.1) = log 3
             "D = 0.3 / (0.3 + 0.1) = 3/4, and the logit of 3/4 is log 3, above 0."),
        Case("far out in both tails", _at(-5000.0, -4900.0), -100.0,  # -5000 + 4900
             "exp(-5000) is 0 in floats: stay with the logarithms to the end."),
        Case("several points at once", _at([[-1.0, -2.0]], [[-3.0, -1.0]]), torch.tensor([[2.0, -1.0]]),
             "One logit for each point: nothing is averaged."),
    ),
    hints=(
        "D* = p / (p + q). The logit of a probability D is log(D / (1 - D)); what is D / (1 - "
        "D)?",
        "In D* / (1 - D*) the sum p + q cancels: only a ratio of the two inputs' densities "
        "stays.",
        "One line, `return log_p ... log_q`: the logarithm of a ratio, from the two "
        "logarithms.",
    ),
    mistakes=(  # name, edits of the reference or another expression, diagnosis, kind
        Mistake("probability instead of logit", lambda log_p, log_q: torch.sigmoid(log_p - log_q),
                "This is D itself; its logit is what comes before the sigmoid."),
        Mistake("log-probability instead of logit", lambda log_p, log_q: F.logsigmoid(log_p - log_q),
                "This is log D; the logit is log D - log(1 - D)."),
        Mistake("p and q swapped", {"log_p - log_q": "log_q - log_p"},
                "The sign is turned: a logit above 0 says real, so p has to stand on top."),
        Mistake("densities subtracted", {"log_p - log_q": "log_p.exp() - log_q.exp()"},
                "p - q is no ratio: subtract the logarithms, not the densities."),
        Mistake("bits", lambda log_p, log_q: (log_p - log_q) / math.log(2),
                "This counts in bits (log to base 2); the course counts in nats throughout."),
        Mistake("ratio of densities taken first", lambda log_p, log_q: torch.log(log_p.exp() / log_q.exp()),
                "exp underflows to 0 in the tails and 0 / 0 is nan; the inputs are logs already."),
        Mistake("a small number added before the log", lambda log_p, log_q: (log_p.exp() + 1e-8).log() - (log_q.exp() + 1e-8).log(),
                "An epsilon hides the nan and makes every tail look alike: the logit there is 0."),
        Mistake("averaged over the points", {"log_p - log_q": "(log_p - log_q).mean()"},
                "The best D answers for each point; there is nothing to average yet.", "axes"),
        Mistake("subtracted in place", {"return log_p - log_q": "log_p -= log_q\n    return log_p"},
                "`log_p -= log_q` rewrites the caller's log_p; write a new tensor.", "side effects"),
        Mistake("cast to float32", {"log_p - log_q": "log_p.float() - log_q.float()"},
                "The result must keep the dtype of the inputs, float64 included.", "dtype/device/seed"),
    ),
)
