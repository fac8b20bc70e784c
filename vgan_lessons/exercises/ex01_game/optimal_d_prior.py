"""1.8: the best discriminator when reals and fakes are not shown half and half."""

import torch

from vgan_lessons import divergences
from vgan_lessons.checking import Case, Draw, Exercise, Mistake


def _densities_and_prior(draw: Draw) -> dict:
    p, q = draw.uniform("N K", 0.05, 2.0), draw.uniform("N K", 0.05, 2.0)
    return {"p": p, "q": q, "pi": draw.number(0.1, 0.9)}


def _far_out(answer):
    p, q = torch.tensor([[1e-60, 3e-60], [3e-60, 1e-60]], dtype=torch.float64)
    return answer(p, q, 0.25)


def _prior_at(p: list[float], q: list[float], pi: float):
    return lambda answer: answer(torch.tensor(p), torch.tensor(q), pi)


# fmt: off
OPTIMAL_D_PRIOR = Exercise(
    name="optimal_d_prior",
    number="1.8",
    minutes=4,
    importance="extra",
    contract=(
        "Return the probability of 'real' that the best discriminator gives at every point, in "
        "the shape that came, if the share pi of all it sees is real and 1 - pi is fake.",
        "pi is a plain number between 0 and 1; p and q are not logarithms here, and may be as "
        "small as the smallest normal number of their dtype. No gradient is asked for.",
    ),
    reference=divergences.optimal_d_prior,
    inputs=_densities_and_prior,
    free_gradients=("p", "q"),
    waived=("graph cut", "device", "default dtype"),
    cases=(  # situation, what is seen, by hand, where to look
        Case("equal densities, one real in four", _prior_at([0.5, 2.0], [0.5, 2.0], 0.25), torch.tensor([0.25, 0.25]),
             "Where the densities agree, D knows only how often it is shown a real: pi."),
        Case("half and half", _prior_at([0.3, 1.5], [0.1, 0.5], 0.5), torch.tensor([0.75, 0.75]),  # 0.3 / 0.4
             "With pi = 1/2 it has to be the D* without a prior, p / (p + q)."),
        Case("few reals, but likely ones", _prior_at([6.0, 1.0], [1.0, 6.0], 0.25),
             torch.tensor([0.666667, 0.052632]),  # 1.5 / 2.25 and 0.25 / 4.75
             "Weigh p by pi and q by 1 - pi, above and below the line."),
        Case("only one of the two lives here", _prior_at([2.0, 0.0], [0.0, 0.5], 0.25), torch.tensor([1.0, 0.0]),
             "Where q = 0 every sample is real, whatever pi is; where p = 0 none is."),
        Case("far out in the tails, in float64", _far_out, torch.tensor([0.1, 0.5], dtype=torch.float64),  # 0.25 / 2.5 and 0.75 / 1.5
             "Densities of 1e-60 and 3e-60 still have a quotient: nothing is cut off, added or rounded to float32."),
    ),
    hints=(
        "Bayes: of all the samples that fall at this point, what share came from the reals?",
        "Reals fall here at the rate pi p, fakes at the rate (1 - pi) q.",
        "One fraction: `real / (real + fake)` with the two rates.",
    ),
    mistakes=(  # name, edits of the reference or another expression, diagnosis, kind
        Mistake("prior left out", lambda p, q, pi: p / (p + q),
                "This is D* for half reals and half fakes; pi does not enter it."),
        Mistake("densities left out", lambda p, q, pi: torch.full_like(p, pi),
                "This is what D says before it has looked at the sample."),
        Mistake("prior on the wrong side", {"pi * p": "(1 - pi) * p", "(1 - pi) * q": "pi * q"},
                "pi is the share of the reals, so it weighs p, and 1 - pi weighs q."),
        Mistake("prior above the line only", {"(real + (1 - pi) * q)": "(p + q)"},
                "The weights belong below the line too, or D no longer reaches 1 where q = 0."),
        Mistake("fakes not weighed", {"(1 - pi) * q": "q"},
                "The fakes' rate is (1 - pi) q, not q."),
        Mistake("prior added to D", lambda p, q, pi: p / (p + q) + pi - 0.5,
                "The prior does not add to D: it adds log(pi / (1 - pi)) to D's logit."),
        Mistake("logit returned", {"real / (real + (1 - pi) * q)": "torch.log(real) - torch.log((1 - pi) * q)"},
                "This is the logit; the exercise asks for the probability."),
        Mistake("fake's probability", {"return real": "return (1 - pi) * q"},
                "This is the probability of 'fake', one minus what is asked."),
        Mistake("kept away from 0 and 1", {"real / (real + (1 - pi) * q)": "(real / (real + (1 - pi) * q)).clamp(0.05, 0.95)"},
                "A clamp changes the answer where D may be certain."),
        Mistake("a small number below the line", {"(real + (1 - pi) * q)": "(real + (1 - pi) * q + 1e-8)"},
                "A small number added against a division by 0 is larger than the densities far out in the tails."),
        Mistake("weighed in place", {"real = pi * p": "p *= pi\n    real = p"},
                "`p *= pi` rewrites the caller's p; write a new tensor.", "side effects"),
        Mistake("cast to float32", {"pi * p": "pi * p.float()", "(1 - pi) * q": "(1 - pi) * q.float()"},
                "The result must keep the dtype of the inputs, float64 included.", "dtype/device/seed"),
    ),
)
