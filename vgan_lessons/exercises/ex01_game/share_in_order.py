"""1.6: a linear discriminator of clips, and what it knows of clips it has not seen."""

from collections.abc import Callable

import torch

from vgan_lessons import divergences
from vgan_lessons.checking import Case, Draw, Exercise, Mistake


def _inputs(draw: Draw) -> dict:
    return {
        "real": draw.normal("B T K"),
        "fake": draw.normal("M T K"),
        "n_train": 2,
        "n_steps": 2 + int(draw.integers("", 0, 2)),
        "step_size": draw.number(0.2, 0.6),
    }


def _clips(*clips: list[float]) -> torch.Tensor:
    """Clips of frames of one number each, (B, T, 1)."""
    return torch.tensor(clips).unsqueeze(-1)


def _sorted_after(real, fake, n_steps: int, step_size: float) -> Callable:
    """A case body: weights and share after training on the first clip of each side."""
    return lambda answer: tuple(answer(real.clone(), fake.clone(), 1, n_steps, step_size))


_W, _B = "w = (w + step_size * slope_w).detach()", "b = (b + step_size * slope_b).detach()"
_SHARE = "((lead > 0).to(w) + (lead == 0).to(w) / 2).mean()"
_OF_REAL, _OF_FAKE = (
    "F.logsigmoid(real[:n_train] @ w + b)",
    "F.logsigmoid(-(fake[:n_train] @ w + b))",
)

# fmt: off
SHARE_IN_ORDER = Exercise(
    name="share_in_order",
    number="1.6",
    minutes=10,
    difficulty="medium",
    contract=(
        "real is (B, T, K) and fake is (M, T, K): clips of T frames of K numbers. D is linear, "
        "l = w · x + b for one frame x, and begins with w = 0 and b = 0.",
        "Make n_steps steps of gradient ascent on V over all frames of the first `n_train` clips "
        "of each side: in each, w and b both move by `step_size` times V's slope at the old w "
        "and b.",
        "The others are unseen. A clip's score is its mean logit. Compare every unseen real clip "
        "with every unseen fake one: the share of pairs with the real one above, a tie counting "
        "half.",
        "Return (w, share): (K,), and a number (a float, or a tensor without axes). No gradient "
        "is asked for.",
    ),
    reference=divergences.share_in_order,
    inputs=_inputs,
    sizes={"B": (5, 4, 6), "M": (6, 3, 4)},
    scales=(1.0, 0.3, 2.0),
    free_gradients=("real", "fake"),
    waived=("tensors", "graph cut", "global randomness"),  # nn.Linear draws before it is set to 0
    cases=(  # situation, what is seen, by hand, where to look
        # w = 0.5 * (1 + 3) / 2 = 1; unseen scores -1, 1 against 0, 0.5, -2
        Case("two reals against three fakes",
             _sorted_after(_clips([1.0, 3.0], [4.0, -6.0], [1.0, 1.0]),
                           _clips([0.0, 0.0], [0.0, 0.0], [0.5, 0.5], [2.0, -6.0]), 1, 1.0),
             (torch.tensor([1.0]), 0.666667),  # (1 + 3) / 6
             "Scores are -1 and 1 against 0, 0.5 and -2: four of six pairs are in order."),
        Case("D has not learned anything", _sorted_after(torch.ones(2, 1, 2), torch.zeros(3, 1, 2), 0, 0.5),
             (torch.tensor([0.0, 0.0]), 0.5),
             "Without a step all logits are 0: every pair is a tie and counts half."),
        # D(2) = 0.880797, D(0) = 0.5 after the first step, then l = 1.238406 x - 0.380797
        Case("four steps by hand, and the unseen clips the other way round",
             _sorted_after(_clips([2.0], [1.0]), _clips([0.0], [3.0]), 4, 1.0),
             (torch.tensor([1.650241]), 0.0),  # 1 + 0.238406 + 0.218970 + 2 * sigmoid(-2.237504)
             "On the training pair D finds w > 0; the unseen real is smaller than the unseen fake. Does b move, too?"),
        Case("a step of a quarter, two numbers a frame",
             _sorted_after(torch.tensor([[[2.0, 0.0]], [[0.0, 8.0]]]), torch.tensor([[[0.0, 4.0]], [[8.0, 1.0]]]), 1, 0.25),
             (torch.tensor([0.25, -0.5]), 0.0),  # (0.5 * 2, -0.5 * 4) / 4; scores -4 and 1.5
             "V's slope at 0 is half the mean real minus half the mean fake: (1, -2), times step_size."),
    ),
    hints=(
        "It is `fit_line_d` with K weights, and a second half that compares scores.",
        "`x @ w + b` turns (B, T, K) into (B, T); autograd gives both slopes, at fresh leaves "
        "in each step. Scores are means over the last axis.",
        "After the loop `lead = real_scores[:, None] - fake_scores`, (B', M'): count lead > 0 as "
        "1 and lead == 0 as 1/2, and take the mean.",
    ),
    mistakes=(  # name, edits of the reference, diagnosis, kind
        Mistake("downhill", {_W: _W.replace("+", "-"), _B: _B.replace("+", "-")},
                "D climbs V; this descends, as one does with a loss."),
        Mistake("labels swapped", {_OF_REAL: "F.logsigmoid(-(real[:n_train] @ w + b))", _OF_FAKE: "F.logsigmoid(fake[:n_train] @ w + b)"},
                "log D belongs to the reals and log(1 - D) to the fakes."),
        Mistake("trained on all clips", {_OF_REAL: "F.logsigmoid(real @ w + b)", _OF_FAKE: "F.logsigmoid(-(fake @ w + b))"},
                "Only the first n_train clips are trained on: the others have to stay unseen."),
        Mistake("measured on the clips it was trained on", {"real[n_train:]": "real[:n_train]", "fake[n_train:]": "fake[:n_train]"},
                "What D knows by heart proves nothing: compare the clips from n_train on."),
        Mistake("measured on all clips", {"real[n_train:]": "real", "fake[n_train:]": "fake"},
                "Leave the training clips out of the comparison."),
        Mistake("ties lost", {_SHARE: "(lead > 0).to(w).mean()"},
                "A tie counts half: a D that says 0 to everything has a share of 0.5, not 0."),
        Mistake("ties counted in full", {_SHARE: "(lead >= 0).to(w).mean()"},
                "A tie counts half: a D that says 0 to everything has a share of 0.5, not 1."),
        Mistake("share of fakes above", {"real_scores.unsqueeze(1) - fake_scores": "fake_scores.unsqueeze(1) - real_scores"},
                "In order means: the real clip above the fake one."),
        Mistake("each real with one fake", {"lead = real_scores.unsqueeze(1) - fake_scores": "n = min(len(real_scores), len(fake_scores)); lead = real_scores[:n] - fake_scores[:n]"},
                "Every unseen real clip meets every unseen fake one.", "axes"),
        Mistake("frames compared", {"(real[n_train:] @ w).mean(dim=1)": "(real[n_train:] @ w).flatten()", "(fake[n_train:] @ w).mean(dim=1)": "(fake[n_train:] @ w).flatten()"},
                "A clip has one score, the mean logit of its frames; average before you compare.", "axes"),
        Mistake("first frame only", {"(real[n_train:] @ w).mean(dim=1)": "(real[n_train:] @ w)[:, 0]", "(fake[n_train:] @ w).mean(dim=1)": "(fake[n_train:] @ w)[:, 0]"},
                "A clip's score is the mean over all its frames.", "axes"),
        Mistake("b stays at 0", {_B: "pass"},
                "The offset learns, too, from the second step on."),
        Mistake("step_size left out", {"step_size * slope_w": "slope_w", "step_size * slope_b": "slope_b"},
                "Every step is 1 times the slope here; it should be step_size times."),
        Mistake("one step only", {"range(n_steps)": "range(min(1, n_steps))"},
                "The steps have to be repeated, each from where the last one ended."),
        Mistake("sum for the mean", {f"{_OF_REAL}.mean()": f"{_OF_REAL}.sum()", f"{_OF_FAKE}.mean()": f"{_OF_FAKE}.sum()"},
                "V is made of means over the frames of each side."),
        Mistake("fakes forgotten", {"of_real + of_fake": "of_real"},
                "Half of V is missing: the mean of log(1 - D) over the fakes."),
        Mistake("share first", {"return w, " + _SHARE: "return " + _SHARE + ", w"},
                "Both are right, but the weights come first."),
    ),
)
