"""1.1: what the best discriminator says at a point, as a logit."""

import math

import torch
from torch.nn import functional as F

from vgan_lessons import divergences
from vgan_lessons.checking import Case, Draw, Exercise, Mistake


def _log_densities(draw: Draw) -> dict:
    return {"log_p": draw.normal("N K") - 2, "log_q": draw.normal("N K") - 2}


def _slopes(answer) -> object:
    log_p, log_q = (torch.tensor([-1.0, -3.0], requires_grad=True) for _ in range(2))
    logit = answer(log_p, log_q)
    if not logit.requires_grad:
        return "no gradient: the result is cut off from the densities"
    return torch.autograd.grad(logit.sum(), (log_p, log_q))


def _through_logaddexp(log_p, log_q):
    both = torch.logaddexp(log_p, log_q)
    return (log_p - both) - (log_q - both)


def _subtract_in_place(log_p, log_q):
    log_p -= log_q
    return log_p


OPTIMAL_LOGIT = Exercise(
    name="optimal_logit",
    number="1.1",
    minutes=3,
    contract=(
        "Return the logit of the best discriminator at every point, in the shape that came.",
        "The inputs are natural logarithms of the two densities, and no other function is "
        "needed: the result is finite even where the densities themselves are 0 in floats.",
    ),
    reference=divergences.optimal_logit,
    inputs=_log_densities,
    cases=(
        Case(
            name="as likely under both",
            run=lambda answer: answer(torch.tensor(-1.5), torch.tensor(-1.5)),
            expect=0.0,  # D* = 1/2
            nudge="Where p = q the best D cannot tell: D = 1/2. Which logit says that?",
        ),
        Case(
            name="three times as likely under p",
            run=lambda answer: answer(torch.tensor(0.3).log(), torch.tensor(0.1).log()),
            expect=1.098612,  # log(0.3 / 0.1) = log 3
            nudge="D = 0.3 / (0.3 + 0.1) = 3/4, and the logit of 3/4 is log 3, above 0.",
        ),
        Case(
            name="far out in both tails",
            run=lambda answer: answer(torch.tensor(-5000.0), torch.tensor(-4900.0)),
            expect=-100.0,  # -5000 + 4900
            nudge="exp(-5000) is 0 in floats: stay with the logarithms to the end.",
        ),
        Case(
            name="several points at once",
            run=lambda answer: answer(
                torch.tensor([[-1.0, -2.0]]), torch.tensor([[-3.0, -1.0]])
            ),
            expect=torch.tensor([[2.0, -1.0]]),
            nudge="One logit for each point: nothing is averaged.",
        ),
        Case(
            name="how the logit moves",
            run=_slopes,
            expect=(torch.tensor([1.0, 1.0]), torch.tensor([-1.0, -1.0])),
            nudge="Raising log p by a little raises the logit by as much; the graph must be "
            "kept.",
        ),
    ),
    hints=(
        "D* = p / (p + q). The logit of a probability D is log(D / (1 - D)); what is D / (1 - "
        "D)?",
        "In D* / (1 - D*) the sum p + q cancels: only a ratio of the two inputs' densities "
        "stays.",
        "One line, `return log_p ... log_q`: the logarithm of a ratio, from the two "
        "logarithms.",
    ),
    mistakes=(
        Mistake(
            "probability instead of logit",
            lambda log_p, log_q: torch.sigmoid(log_p - log_q),
            "This is D itself; its logit is what comes before the sigmoid.",
        ),
        Mistake(
            "log-probability instead of logit",
            lambda log_p, log_q: F.logsigmoid(log_p - log_q),
            "This is log D; the logit is log D - log(1 - D).",
        ),
        Mistake(
            "p and q swapped",
            lambda log_p, log_q: log_q - log_p,
            "The sign is turned: a logit above 0 says real, so p has to stand on top.",
        ),
        Mistake(
            "densities subtracted",
            lambda log_p, log_q: log_p.exp() - log_q.exp(),
            "p - q is no ratio: subtract the logarithms, not the densities.",
        ),
        Mistake(
            "bits",
            lambda log_p, log_q: (log_p - log_q) / math.log(2),
            "This counts in bits (log to base 2); the course counts in nats throughout.",
        ),
        Mistake(
            "ratio of densities taken first",
            lambda log_p, log_q: torch.log(log_p.exp() / log_q.exp()),
            "exp underflows to 0 in the tails and 0 / 0 is nan; the inputs are logs already.",
        ),
        Mistake(
            "a small number added before the log",
            lambda log_p, log_q: (log_p.exp() + 1e-8).log() - (log_q.exp() + 1e-8).log(),
            "An epsilon hides the nan and makes every tail look alike: the logit there is 0.",
        ),
        Mistake(
            "averaged over the points",
            lambda log_p, log_q: (log_p - log_q).mean(),
            "The best D answers for each point; there is nothing to average yet.",
            "axes",
        ),
        Mistake(
            "cut off from the graph",
            lambda log_p, log_q: (log_p - log_q).detach(),
            "The value is right, but a detach or .numpy() lets no gradient through.",
            "gradients",
        ),
        Mistake(
            "subtracted in place",
            _subtract_in_place,
            "`log_p -= log_q` rewrites the caller's log_p; write a new tensor.",
            "side effects",
        ),
        Mistake(
            "cast to float32",
            lambda log_p, log_q: log_p.float() - log_q.float(),
            "The result must keep the dtype of the inputs, float64 included.",
            "dtype/device/seed",
        ),
    ),
    alternatives={
        "torch.sub": lambda log_p, log_q: torch.sub(log_p, log_q),
        "add with a factor": lambda log_p, log_q: torch.add(log_p, log_q, alpha=-1),
        "stacked and summed": lambda log_p, log_q: torch.stack([log_p, -log_q]).sum(0),
        "log D minus log(1 - D)": _through_logaddexp,
    },
)
