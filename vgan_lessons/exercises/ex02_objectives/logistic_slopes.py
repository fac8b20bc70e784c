"""2.1d: how hard each logistic generator loss pulls, and where the pull dies."""

import torch

from vgan_lessons import divergences
from vgan_lessons.checking import Case, Exercise, Mistake


def _slopes_at(logits):
    return lambda answer: answer(torch.tensor(logits))


# fmt: off
G_GRAD_WRT_LOGIT = Exercise(
    name="g_grad_wrt_logit",
    number="2.1d",
    minutes=5,
    difficulty="medium",
    contract=(
        "Return two tensors of the logits' shape, whatever it is, `(saturating, non_saturating)`: the derivative "
        "of log(1 - D) and of -log D by the logit, for each logit by itself, D = "
        "sigmoid(logit).",
        "Keep small slopes: at logit 30 the second one is about -1e-13, not 0.",
        "No gradient of the slopes is asked for.",
    ),
    reference=divergences.g_grad_wrt_logit,
    inputs=lambda draw: {"fake_logits": draw.normal("F K")},
    free_gradients=("fake_logits",),
    waived=("graph cut", "device", "default dtype"),
    cases=(
        Case("logit 0", _slopes_at(0.0), (-0.5, -0.5),
             "At logit 0 both pull with force 1/2, and minimising raises the logit."),
        Case("D is sure of a fake", _slopes_at([-5.0]), (torch.tensor([-0.006693]), torch.tensor([-0.993307])),
             "At logit -5 one of the two has died; it is the one that comes first."),
        Case("several fakes", _slopes_at([[0.0, -5.0, 5.0]]),
             (torch.tensor([[-0.5, -0.006693, -0.993307]]), torch.tensor([[-0.5, -0.993307, -0.006693]])),
             "One slope for each logit, not divided by their number."),
        Case("their ratio far out", lambda answer: [torch.log(b / a) for a, b in [answer(torch.tensor([-30.0, 30.0]))]],
             (torch.tensor([30.0, -30.0]),),  # the ratio is e^-l
             "The ratio of the two is e^-l. 1 - sigmoid(30) is 0 in float32, sigmoid(-30) is not."),
    ),
    hints=(
        "What is the slope of softplus? Write both losses with it first.",
        "softplus'(l) = sigmoid(l); minus log D is softplus(-l), so its slope has a minus from "
        "inside.",
        "`return -torch.sigmoid(...), -torch.sigmoid(...)`.",
    ),
    mistakes=(
        Mistake("results in the other order", {"(fake_logits)": "(-fake_logits)", "(-fake_logits)": "(fake_logits)"},
                "Both slopes are right, but the saturating one comes first."),
        Mistake("signs lost", {"return -": "return ", ", -": ", "},
                "Both losses fall as the logit rises, so both slopes are below 0."),
        Mistake("slope by the probability",
                {"-torch.sigmoid(fake_logits)": "-1 / (1 - torch.sigmoid(fake_logits))",
                 "-torch.sigmoid(-fake_logits)": "-1 / torch.sigmoid(fake_logits)"},
                "This is the derivative by D; one factor D (1 - D) of the chain rule is missing."),
        Mistake("slope of the mean loss",
                {"(fake_logits)": "(fake_logits) / fake_logits.numel()",
                 "(-fake_logits)": "(-fake_logits) / fake_logits.numel()"},
                "This divides by the number of logits; each logit is asked for by itself.", "axes"),
        Mistake("averaged over the fakes", {"(fake_logits)": "(fake_logits).mean()", "(-fake_logits)": "(-fake_logits).mean()"},
                "One slope for each fake: nothing is averaged.", "axes"),
        Mistake("one minus the sigmoid", {"-torch.sigmoid(-fake_logits)": "torch.sigmoid(fake_logits) - 1"},
                "1 - sigmoid(l) loses its digits where sigmoid(l) is near 1; sigmoid(-l) keeps them.", "dtype/device/seed"),
        Mistake("slope of the sigmoid",
                {"(fake_logits)": "(fake_logits) * torch.sigmoid(-fake_logits)",
                 "(-fake_logits)": "(-fake_logits) * torch.sigmoid(fake_logits)"},
                "This is the derivative of D itself; the logarithm is missing."),
        Mistake("losses instead of slopes",
                {"-torch.sigmoid(fake_logits)": "-F.softplus(fake_logits)",
                 "-torch.sigmoid(-fake_logits)": "F.softplus(-fake_logits)"},
                "These are the two losses; the exercise asks for their derivatives."),
        Mistake("negated in place", {"-torch.sigmoid(-fake_logits)": "-fake_logits.neg_().sigmoid()"},
                "An operation ending in _ rewrote the caller's logits.", "side effects"),
    ),
)
