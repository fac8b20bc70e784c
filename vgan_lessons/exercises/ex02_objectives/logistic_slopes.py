"""2.4: how hard each logistic generator loss pulls, and where the pull dies."""

import torch
from torch.nn import functional as F

from vgan_lessons import divergences
from vgan_lessons.checking import Case, Exercise, Mistake


def _by_autograd(fake_logits):
    with torch.enable_grad():
        logits = fake_logits.detach().clone().requires_grad_()
        summed = (-F.softplus(logits).sum(), F.softplus(-logits).sum())
        return tuple(torch.autograd.grad(loss, logits)[0] for loss in summed)


def _of_means(fake_logits):
    share = 1 / fake_logits.numel()
    return -torch.sigmoid(fake_logits) * share, -torch.sigmoid(-fake_logits) * share


def _by_probabilities(fake_logits):
    d = torch.sigmoid(fake_logits)
    return -1 / (1 - d), -1 / d


def _in_place(fake_logits):
    saturating = -torch.sigmoid(fake_logits)
    return saturating, -fake_logits.neg_().sigmoid()


G_GRAD_WRT_LOGIT = Exercise(
    name="g_grad_wrt_logit",
    number="2.4",
    minutes=5,
    difficulty="medium",
    contract=(
        "Return two tensors of the logits' shape, (saturating, non_saturating): the derivative "
        "of log(1 - D) and of -log D by the logit, for each logit by itself, D = "
        "sigmoid(logit).",
        "Keep small slopes: at logit 30 the second one is about -1e-13, not 0.",
        "No gradient of the slopes is asked for.",
    ),
    reference=divergences.g_grad_wrt_logit,
    inputs=lambda draw: {"fake_logits": draw.normal("F K")},
    free_gradients=("fake_logits",),
    cases=(
        Case(
            name="logit 0",
            run=lambda answer: answer(torch.tensor([0.0])),
            expect=(torch.tensor([-0.5]), torch.tensor([-0.5])),
            nudge="At logit 0 both pull with force 1/2, and minimising raises the logit.",
        ),
        Case(
            name="D is sure of a fake",
            run=lambda answer: answer(torch.tensor([-5.0])),
            expect=(torch.tensor([-0.006693]), torch.tensor([-0.993307])),
            nudge="At logit -5 one of the two has died; it is the one that comes first.",
        ),
        Case(
            name="several fakes",
            run=lambda answer: answer(torch.tensor([[0.0, -5.0, 5.0]])),
            expect=(
                torch.tensor([[-0.5, -0.006693, -0.993307]]),
                torch.tensor([[-0.5, -0.993307, -0.006693]]),
            ),
            nudge="One slope for each logit, not divided by their number.",
        ),
        Case(
            name="their ratio far out",
            run=lambda answer: [
                torch.log(b / a) for a, b in [answer(torch.tensor([-30.0, 30.0]))]
            ],
            expect=(torch.tensor([30.0, -30.0]),),  # the ratio is e^-l
            nudge="The ratio of the two is e^-l. 1 - sigmoid(30) is 0 in float32, sigmoid(-30) "
            "is not.",
        ),
    ),
    hints=(
        "What is the slope of softplus? Write both losses with it first.",
        "softplus'(l) = sigmoid(l); minus log D is softplus(-l), so its slope has a minus from "
        "inside.",
        "`return -torch.sigmoid(...), -torch.sigmoid(...)`.",
    ),
    mistakes=(
        Mistake(
            "results in the other order",
            lambda fake_logits: (-torch.sigmoid(-fake_logits), -torch.sigmoid(fake_logits)),
            "Both slopes are right, but the saturating one comes first.",
        ),
        Mistake(
            "signs lost",
            lambda fake_logits: (torch.sigmoid(fake_logits), torch.sigmoid(-fake_logits)),
            "Both losses fall as the logit rises, so both slopes are below 0.",
        ),
        Mistake(
            "slope by the probability",
            _by_probabilities,
            "This is the derivative by D; one factor D (1 - D) of the chain rule is missing.",
        ),
        Mistake(
            "slope of the mean loss",
            _of_means,
            "This divides by the number of logits; each logit is asked for by itself.",
            "axes",
        ),
        Mistake(
            "averaged over the fakes",
            lambda fake_logits: (
                -torch.sigmoid(fake_logits).mean(),
                -torch.sigmoid(-fake_logits).mean(),
            ),
            "One slope for each fake: nothing is averaged.",
            "axes",
        ),
        Mistake(
            "one minus the sigmoid",
            lambda fake_logits: (-torch.sigmoid(fake_logits), torch.sigmoid(fake_logits) - 1),
            "1 - sigmoid(l) loses its digits where sigmoid(l) is near 1; sigmoid(-l) keeps "
            "them.",
            "dtype/device/seed",
        ),
        Mistake(
            "slope of the sigmoid",
            lambda fake_logits: (
                -torch.sigmoid(fake_logits) * torch.sigmoid(-fake_logits),
                -torch.sigmoid(fake_logits) * torch.sigmoid(-fake_logits),
            ),
            "This is the derivative of D itself; the logarithm is missing.",
        ),
        Mistake(
            "losses instead of slopes",
            lambda fake_logits: (-F.softplus(fake_logits), F.softplus(-fake_logits)),
            "These are the two losses; the exercise asks for their derivatives.",
        ),
        Mistake(
            "negated in place",
            _in_place,
            "An operation ending in _ rewrote the caller's logits.",
            "side effects",
        ),
    ),
    alternatives={
        "autograd": _by_autograd,
        "exponentials": lambda fake_logits: (
            -1 / (1 + torch.exp(-fake_logits)),
            -1 / (1 + torch.exp(fake_logits)),
        ),
        "softmax of two": lambda fake_logits: tuple(
            -torch.stack([torch.zeros_like(fake_logits), sign * fake_logits]).softmax(0)[1]
            for sign in (1, -1)
        ),
    },
)
