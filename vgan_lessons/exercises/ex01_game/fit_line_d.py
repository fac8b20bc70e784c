"""1.5: a discriminator of two numbers, trained on samples by gradient ascent."""

import torch

from vgan_lessons import divergences
from vgan_lessons.checking import Case, Draw, Exercise, Mistake


def _inputs(draw: Draw) -> dict:
    samples = {"real": draw.normal("N"), "fake": draw.normal("M")}
    n_steps = 2 + int(draw.integers("", 0, 3))
    return {**samples, "n_steps": n_steps, "step_size": draw.number(0.2, 0.6)}


def _fitted(real: list[float], fake: list[float], n_steps: int, step_size: float):
    return lambda answer: tuple(
        answer(torch.tensor(real), torch.tensor(fake), n_steps, step_size)
    )


def _one_after_the_other(real, fake, n_steps, step_size):
    a = b = real.new_zeros(())
    for _ in range(n_steps):
        lead = torch.sigmoid(-(a + b * real)).mean() - torch.sigmoid(a + b * fake).mean()
        a = a + step_size * lead
        on_reals, on_fakes = torch.sigmoid(-(a + b * real)), torch.sigmoid(a + b * fake)
        b = b + step_size * ((on_reals * real).mean() - (on_fakes * fake).mean())
    return a, b


_A, _B = "a = a + step_size * slope_a", "b = b + step_size * slope_b"
_SLOPE_A = "on_reals.mean() - on_fakes.mean()"
_SLOPE_B = "(on_reals * real).mean() - (on_fakes * fake).mean()"

# fmt: off
FIT_LINE_D = Exercise(
    name="fit_line_d",
    number="1.5",
    minutes=12,
    difficulty="medium",
    contract=(
        "real is (N,) and fake is (M,): samples, and N and M may differ. D is the straight line "
        "l(x) = a + b x, and begins with a = b = 0.",
        "Make n_steps steps of gradient ascent on V, the mean of log D over the reals plus the "
        "mean of log(1 - D) over the fakes: in each, a and b both move by `step_size` times V's "
        "slope at the old a and b.",
        "Return the pair (a, b) after the last step, two tensors without axes. No gradient is "
        "asked for.",
    ),
    reference=divergences.fit_line_d,
    inputs=_inputs,
    scales=(1.0, 0.3, 2.0),
    free_gradients=("real", "fake"),
    cases=(  # situation, what is seen, by hand, where to look
        Case("where D comes to rest", _fitted([0.0, 0.0, 1.0], [0.0, 1.0, 1.0], 150, 2.0),
             (0.693147, -1.386294),  # log(2/3 / (1/3)) at 0, log(1/3 / (2/3)) at 1
             "At 0 two of three are real, so l(0) = log 2; at 1 one of three, so l(1) = -log 2."),
        Case("two steps by hand", _fitted([2.0], [0.0], 2, 1.0), (-0.380797, 1.238406),
             "The first step gives (0, 1). Then D(2) = 0.880797 and D(0) = 0.5; both slopes are taken there."),
        Case("two reals and one fake, half a step", _fitted([1.0, 3.0], [0.0], 1, 0.5), (0.0, 0.5),  # 0.5 * 0.5 * 2
             "Means over each side by itself, times step_size."),
    ),
    hints=(
        "How does V change with one logit? Then the chain rule: the logit moves with a, and x "
        "times as fast with b.",
        "d/dl of log D is sigmoid(-l), of log(1 - D) it is -sigmoid(l). Or let autograd "
        "differentiate V by a and b, and begin each step with fresh leaves.",
        "In a loop: logits, both slopes, then `a = a + step_size * slope_a` and the same for b.",
    ),
    mistakes=(  # name, edits of the reference or another algorithm, diagnosis, kind
        Mistake("downhill", {_A: _A.replace("+", "-"), _B: _B.replace("+", "-")},
                "D climbs V; this descends, as one does with a loss."),
        Mistake("labels swapped", {"torch.sigmoid(-real_logits)": "-torch.sigmoid(real_logits)",
                                   "torch.sigmoid(fake_logits)": "-torch.sigmoid(-fake_logits)"},
                "log D belongs to the reals and log(1 - D) to the fakes."),
        Mistake("b alone learns", {_A: "pass"}, "a stays 0: the line can turn and cannot shift."),
        Mistake("fakes forgotten", {_SLOPE_A: "on_reals.mean()", _SLOPE_B: "(on_reals * real).mean()"},
                "Half of V is missing: the mean of log(1 - D) over the fakes."),
        Mistake("both stay at 0", {_SLOPE_B: "slope_a"},
                "At a = b = 0 V has no slope by a: b has to move first, by the slope of the logit by b, which is x."),
        Mistake("one step only", {"range(n_steps)": "range(min(1, n_steps))"},
                "The steps have to be repeated, each from where the last one ended; is the return inside the loop?"),
        Mistake("b sees the new a", _one_after_the_other,
                "b moved by a slope that was taken after a had moved: take both slopes first."),
        Mistake("sums for means", {_SLOPE_A: "on_reals.sum() - on_fakes.sum()",
                                   _SLOPE_B: "(on_reals * real).sum() - (on_fakes * fake).sum()"},
                "V is made of means: with sums the larger side counts more."),
        Mistake("one mean for both sides",
                {_SLOPE_A: "(on_reals.sum() - on_fakes.sum()) / (len(real) + len(fake))",
                 _SLOPE_B: "((on_reals * real).sum() - (on_fakes * fake).sum()) / (len(real) + len(fake))"},
                "Each side has a mean of its own, over N and over M."),
        Mistake("step_size left out", {"step_size * slope_a": "slope_a", "step_size * slope_b": "slope_b"},
                "Every step is 1 times the slope here; it should be step_size times."),
        Mistake("one tensor for both", {_A: "a += step_size * slope_a", _B: "b += step_size * slope_b"},
                "`a = b = ...` names one tensor twice, and += changes it for both names."),
        Mistake("cast to float32",
                {"return a, b": "return a.float(), b.float()"},
                "The result must keep the dtype of the samples, float64 included.", "dtype/device/seed"),
    ),
)
