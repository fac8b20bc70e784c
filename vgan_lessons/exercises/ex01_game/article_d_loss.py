"""1.9: a published slip: flipped labels and a flipped sign, and why no D can be best."""

import torch
from torch.nn import functional as F

from vgan_lessons import losses
from vgan_lessons.checking import Case, Exercise, Mistake
from vgan_lessons.exercises.score_pairs import SILENT, at, pulls_at, unequal_batches
from vgan_lessons.exercises.usual_slips import d_side_slips, overflow_slip, softplus_by_where


def _better_and_better(loss):
    logits = torch.tensor([[0.0], [3.0], [30.0], [200.0]])
    return torch.stack([loss(logit, -logit) for logit in logits])


_SLIPS = d_side_slips(lambda real: -F.softplus(real), lambda fake: -F.softplus(-fake))

# fmt: off
ARTICLE_D_LOSS = Exercise(
    name="article_d_loss",
    number="1.9",
    minutes=5,
    difficulty="medium",
    importance="extra",
    contract=(
        "Return the loss exactly as it was published, for D to minimise: the mean of log(1 - "
        "D) over the real logits plus the mean of log D over the fake ones, D = "
        "sigmoid(logit).",
        "The two batches may have different sizes, and more axes than one.",
        "Value and gradient stay finite at any logit, 200 included.",
    ),
    reference=losses.article_d_loss,
    inputs=unequal_batches,
    stays_finite=True,
    cases=(  # situation, what is seen, by hand, where to look
        Case("a silent discriminator", at(SILENT, SILENT), -1.386294,  # log(1/2) + log(1/2)
             "Logit 0 is D = 1/2 on both sides: two halves of log(1/2) each."),
        Case("a better and better D", _better_and_better, torch.tensor([-1.386294, -6.097174, -60.0, -400.0]),
             "The surer D is, and right, the lower this loss: there is no floor."),
        Case("unequal batches", at([0.0], [0.0, 2.0, -2.0]), -1.675481,  # -0.693147 + mean(-0.693147, -0.126928, -2.126928)
             "Average the real and the fake terms separately, then add."),
        Case("who pulls which way", pulls_at([2.0], [-2.0]), (torch.tensor([-0.880797]), torch.tensor([0.880797])),
             "Minimising pushes reals up and fakes down, as it should, and the harder the better D already is: the slope is sigmoid(2)."),
        Case("one score for each patch", at([[0.0, 0.0], [0.0, 0.0]], [[0.0, 0.0]]), -1.386294,
             "However many axes the logits have, one number comes out."),
    ),
    hints=(
        "Write what is printed, not what is meant: which side gets log D, which log(1 - D)?",
        "log(1 - D) belongs to the reals here; both logarithms exist in terms of the logit.",
        "`F.logsigmoid(...)` twice, one of them of minus the logits; means; one plus sign.",
    ),
    mistakes=(  # name, edits of the reference or another expression, diagnosis, kind
        *(slip for slip in _SLIPS if slip.name != "labels swapped"),
        Mistake("repaired without being asked", lambda real, fake: F.softplus(-real).mean() + F.softplus(fake).mean(),
                "This is the right loss for D; here you write the published one, to see it fail."),
        Mistake("labels right, sign wrong", {"(real_logits)": "(-real_logits)", "(-fake_logits)": "(fake_logits)"},
                "This is the true value of the game, which D maximises; here log(1 - D) goes with the reals."),
        Mistake("labels wrong, sign right", {"return -F": "return F", " - F": " + F"},
                "A minus too many: the published loss is the sum of two logarithms, below 0."),
        overflow_slip(lambda real, fake: -softplus_by_where(real).mean() - softplus_by_where(-fake).mean()),
        Mistake("infinite far out", lambda real, fake: (1 - torch.sigmoid(real)).log().mean() + torch.sigmoid(fake).log().mean(),
                "Taken step by step the logarithm is infinite far out, where sigmoid rounds to 0 and exp to inf: use F.logsigmoid."),
        Mistake("a small number added before the log",
                lambda real, fake: (1 - torch.sigmoid(real) + 1e-8).log().mean() + (torch.sigmoid(fake) + 1e-8).log().mean(),
                "The epsilon builds a floor at 2 log(1e-8) = -37 that the loss does not have."),
    ),
)
