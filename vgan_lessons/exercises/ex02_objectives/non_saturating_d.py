"""2.1: the logistic game, D's side."""

import torch
from torch.nn import functional as F

from vgan_lessons import losses
from vgan_lessons.checking import Case, Exercise, Mistake
from vgan_lessons.exercises.score_pairs import (
    SILENT,
    at,
    pulls_at,
    unequal_batches,
)
from vgan_lessons.exercises.usual_slips import d_side_slips


def _cross_entropy(logits, label):
    return F.binary_cross_entropy_with_logits(logits, torch.full_like(logits, label))


def _log_share(logits):
    return torch.stack([logits, torch.zeros_like(logits)]).log_softmax(0)[0]


def _with_labels_of_its_own(real, fake):
    on_reals = F.binary_cross_entropy_with_logits(real, torch.ones(real.shape, device="cpu"))
    return on_reals + F.softplus(fake).mean()


NON_SATURATING_D_LOSS = Exercise(
    name="non_saturating_d_loss",
    number="2.1",
    minutes=4,
    contract=(
        "Return one number: minus the mean of log D over the real logits, minus the mean of "
        "log(1 - D) over the fake ones, D = sigmoid(logit).",
        "The two batches may have different sizes, and more axes than one.",
        "Value and gradient stay finite at any logit, 200 included.",
    ),
    reference=losses.non_saturating_d_loss,
    inputs=unequal_batches,
    cases=(
        Case(
            name="a silent discriminator",
            run=at(SILENT, SILENT),
            expect=1.386294,  # log 2 + log 2
            nudge="Logit 0 is D = 1/2: log 2 for the reals and log 2 for the fakes.",
        ),
        Case(
            name="four scores",
            run=at([2.0, 0.0], [1.0, -1.0]),
            expect=1.223299,  # mean(0.126928, 0.693147) + mean(1.313262, 0.313262)
            nudge="A real with logit 2 costs little (0.127), a fake with logit 1 much (1.313).",
        ),
        Case(
            name="unequal batches",
            run=at([0.0], [0.0, 2.0, -2.0]),
            expect=1.675481,  # 0.693147 + mean(0.693147, 2.126928, 0.126928)
            nudge="Average the real and the fake terms separately, then add.",
        ),
        Case(
            name="sure and wrong",
            run=at([-200.0], [200.0]),
            expect=400.0,  # softplus(200) is 200 to many digits
            nudge="sigmoid(-200) is 0 in float32; its logarithm is not to be taken.",
        ),
        Case(
            name="who pulls which way",
            run=pulls_at([0.0], [0.0]),
            expect=(torch.tensor([-0.5]), torch.tensor([0.5])),
            nudge="D pushes a real up and a fake down, each with force 1/2 at logit 0.",
        ),
        Case(
            name="one score for each patch",
            run=at([[0.0, 0.0], [0.0, 0.0]], [[0.0, 0.0]]),
            expect=1.386294,
            nudge="However many axes the logits have, one number comes out.",
        ),
    ),
    hints=(
        "-log sigmoid(l) is a function you met in lesson 01, of the logit alone.",
        "Minus log D for the reals, minus log(1 - D) for the fakes: the same function of minus "
        "and of plus the logit.",
        "`F.softplus(...).mean() + F.softplus(...).mean()`.",
    ),
    mistakes=(
        *d_side_slips(lambda real: F.softplus(-real), F.softplus),
        Mistake(
            "sigmoid before a loss with logits",
            lambda real, fake: (
                _cross_entropy(torch.sigmoid(real), 1.0)
                + _cross_entropy(torch.sigmoid(fake), 0.0)
            ),
            "A loss 'with logits' takes the sigmoid itself: here it is taken twice.",
        ),
        Mistake(
            "log of the sigmoid",
            lambda real, fake: (
                -torch.log(torch.sigmoid(real)).mean()
                - torch.log(1 - torch.sigmoid(fake)).mean()
            ),
            "sigmoid reaches 0 and 1 in floats and log 0 is -inf: use F.softplus.",
        ),
        Mistake(
            "a small number added before the log",
            lambda real, fake: (
                -(torch.sigmoid(real) + 1e-8).log().mean()
                - (1 - torch.sigmoid(fake) + 1e-8).log().mean()
            ),
            "The epsilon caps the loss at 37 and kills the gradient where D is most wrong.",
        ),
        Mistake(
            "smoothed labels",
            lambda real, fake: _cross_entropy(real, 0.9) + _cross_entropy(fake, 0.0),
            "A target of 0.9 for reals is another objective; the label here is 1.",
        ),
        Mistake(
            "all labels real",
            lambda real, fake: _cross_entropy(real, 1.0) + _cross_entropy(fake, 1.0),
            "The fakes carry the label of the reals: D would be rewarded for being fooled.",
        ),
        Mistake(
            "labels made on the CPU",
            _with_labels_of_its_own,
            "The numbers are right, but labels have to be made on the device of the logits: "
            "ones_like does it.",
            "dtype/device/seed",
        ),
    ),
    alternatives={
        "logsigmoid": lambda real, fake: (
            -F.logsigmoid(real).mean() - F.logsigmoid(-fake).mean()
        ),
        "cross entropy with labels": lambda real, fake: (
            _cross_entropy(real, 1.0) + _cross_entropy(fake, 0.0)
        ),
        "logaddexp": lambda real, fake: (
            torch.logaddexp(-real, torch.zeros_like(real)).mean()
            + torch.logaddexp(fake, torch.zeros_like(fake)).mean()
        ),
        "softmax over the two labels": lambda real, fake: (
            -_log_share(real).mean() - _log_share(-fake).mean()
        ),
    },
)
