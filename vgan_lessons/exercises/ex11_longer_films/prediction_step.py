"""11.5: a generator that is told what came, and one that is told what could have come."""

import math

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from vgan_lessons.checking import Case, Draw, Exercise, Mistake
from vgan_lessons.exercises.tiny_players import Descent, stays_thawed, with_stale_gradient
from vgan_lessons.training import prediction


class _Sum(nn.Module):
    """Slope times (first + noise): a generator of two inputs."""

    def __init__(self, slope: float, stale: float | None = None) -> None:
        super().__init__()
        self.slope = nn.Parameter(torch.tensor(slope))
        if stale is not None:
            self.slope.grad = torch.tensor(stale)

    def forward(self, first: Tensor, noise: Tensor) -> Tensor:
        """(B,) and (B,) -> (B,)."""
        return self.slope * (first + noise)


class _OfOne(nn.Module):
    """A player of one input, called with first and noise added."""

    def __init__(self, player: nn.Module) -> None:
        super().__init__()
        self.player = player

    def forward(self, first: Tensor, noise: Tensor) -> Tensor:
        """(B,) and (B,) -> (B,)."""
        return self.player(first + noise)


class _Pair(nn.Module):
    """A discriminator: weight times (first + 3 future)."""

    def __init__(self, weight: float) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.tensor(weight))

    def forward(self, first: Tensor, future: Tensor) -> Tensor:
        """(B,) and (B,) -> (B,)."""
        return self.weight * (first + 3 * future)


class _Bilinear(nn.Module):
    """Two inputs, (B, 2) and (B, 3), to (B, 2), or (B,) if one is asked for."""

    def __init__(self, left: Tensor, right: Tensor, scores: bool = False) -> None:
        super().__init__()
        self.left, self.right, self.scores = nn.Parameter(left), nn.Parameter(right), scores

    def forward(self, first: Tensor, other: Tensor) -> Tensor:
        """The tanh of both, added."""
        mixed = torch.tanh(first @ self.left + other @ self.right)
        return mixed.sum(1) if self.scores else mixed


def _step(answer, G: nn.Module, D: nn.Module, weight: float) -> tuple:
    """One step from first 1 and 2 and noise 0 and 1, to futures 0 and 5."""
    first, noise = torch.tensor([1.0, 2.0]), torch.tensor([0.0, 1.0])
    return answer(G, D, Descent(G), first, torch.tensor([0.0, 5.0]), noise, weight)


def _losses_and_slope(weight: float, stale: float | None = None, d_weight: float = 0.0):
    def run(answer) -> dict[str, float]:
        G = _Sum(1.0, stale)
        l2, adversarial = _step(answer, G, _Pair(d_weight), weight)
        return {"l2": l2, "adversarial": adversarial, "slope of G": G.slope}

    return run


def _sure(answer) -> dict[str, float]:
    """With a D that is sure of itself: logits of -400 and of -1100."""
    l2, adversarial = _step(answer, _Sum(1.0), _Pair(-100.0), 0.25)
    return {"l2": l2, "adversarial": adversarial}


def _what_became_of_d(answer) -> dict:
    D = _Pair(0.5)
    _step(answer, _Sum(1.0), D, 0.3)
    pull = 0.0 if D.weight.grad is None else D.weight.grad
    return {"weight": D.weight, ".grad": pull, "requires_grad": D.weight.requires_grad}


def _what_is_left(answer) -> dict:
    G = _Sum(1.0)
    losses = _step(answer, G, _Pair(0.0), 1.0)
    frozen = stays_thawed(
        lambda player: answer(
            _OfOne(player),
            _Pair(0.5),
            Descent(player),
            *(torch.tensor([1.0, 2.0]) for _ in range(3)),
            0.5,
        )
    )
    return {
        "tensors": all(isinstance(loss, Tensor) for loss in losses),
        "graph behind them": any(getattr(loss, "requires_grad", False) for loss in losses),
        ".grad of G": G.slope.grad,
        "a frozen weight thawed": frozen,
    }


def _inputs(draw: Draw) -> dict:
    generator = _Bilinear(draw.uniform("2 2", -1, 1), draw.uniform("3 2", -1, 1))
    discriminator = _Bilinear(draw.uniform("2 4", -1, 1), draw.uniform("2 4", -1, 1), True)
    return {
        "generator": with_stale_gradient(generator),
        "discriminator": discriminator,
        "g_optim": Descent(generator),
        "first": draw.normal("B 2"),
        "future": draw.normal("B 2"),
        "noise": draw.normal("B 3"),
        "weight": 0.3,
    }


_MADE = "made = generator(first, noise)"
_L2 = "l2 = (made - future).square().mean()"
_ADV = "adversarial = F.softplus(-discriminator(first, made)).mean()"
_LOSS = "loss = weight * l2 + (1 - weight) * adversarial"
_RETURN = "return l2.detach(), adversarial.detach()"
_LN2 = math.log(2.0)
_AT = F.softplus(torch.tensor([-2.0, -5.5])).mean().item()  # logits 0.5 (1 + 3), 0.5 (2 + 9)
_DOUBT = torch.sigmoid(torch.tensor([-2.0, -5.5]))
_AFTER_D = 1 + 0.75 * (_DOUBT * torch.tensor([1.0, 3.0])).mean().item()

# fmt: off
PREDICTION_STEP = Exercise(
    name="prediction_step",
    number="11.5",
    minutes=12,
    difficulty="medium",
    contract=(
        "Move G once with `g_optim`. It makes futures as generator(first, noise); future is what came. The discriminator is called as discriminator(first, made) and returns logits (B,).",
        "The squared error is the mean, over all numbers, of (made - future) squared. The adversarial loss is the mean of ln(1 + exp(-logit)) over the batch. G minimises weight times the first plus (1 - weight) times the second.",
        "What G carries in `.grad` when the step begins must not count; afterwards `.grad` holds this step's gradient. D stands still: weights and requires_grad stay, and no gradient of this step is left in its `.grad`. What is frozen in G stays frozen.",
        "Return (squared error, adversarial loss), both unweighted, as they were before the step, tensors without a graph.",
    ),
    reference=prediction.prediction_step,
    inputs=_inputs,
    free_gradients=("first", "future", "noise"),
    cases=(
        # made 1, 3; errors 1, -2: (1 + 4) / 2; slope of it 2 (1 * 1 - 2 * 3) / 2 = -5; 1 + 0.5 * 5
        Case("the squared error alone", _losses_and_slope(1.0), {"l2": 2.5, "adversarial": _LN2, "slope of G": 3.5},
             "Made 1 and 3, came 0 and 5: (1 + 4) / 2. Its slope is -5, the step size 0.5. A silent D gives ln 2."),
        # d/ds mean softplus(-0.5 (f + 3 s m)) = -1.5 mean(m sigmoid(-logit)), m = 1, 3
        Case("D alone", _losses_and_slope(0.0, d_weight=0.5), {"l2": 2.5, "adversarial": _AT, "slope of G": _AFTER_D},
             "D says 0.5 (first + 3 made): 2 and 5.5. G moves so that D says more."),
        Case("a quarter of the squared error", _losses_and_slope(0.25, d_weight=0.5), {"l2": 2.5, "adversarial": _AT, "slope of G": 1 + 0.625 + 0.75 * (_AFTER_D - 1)},
             "A quarter of the first step and three quarters of the second; the losses come back unweighted."),
        Case("a D that is sure", _sure, {"l2": 2.5, "adversarial": 750.0}, "exp(400) is more than a float holds: softplus copes. Its mean is that of 400 and 1,100."),
        Case("a gradient left from before", _losses_and_slope(1.0, stale=10.0), {"l2": 2.5, "adversarial": _LN2, "slope of G": 3.5},
             "G carries a gradient of 10 from an earlier step: clear it before backward."),
        Case("D stands still", _what_became_of_d, {"weight": 0.5, ".grad": 0.0, "requires_grad": True},
             "The gradient runs through D on its way to G; nothing of it may stay there.", "side effects"),
        Case("what is left behind", _what_is_left, {"tensors": True, "graph behind them": False, ".grad of G": -5.0, "a frozen weight thawed": False},
             "Two tensors without graph, this step's gradient on G, and what was frozen stays frozen.", "side effects"),
    ),
    hints=(
        "It is G's step of lesson 04 with a second loss: what came, beside what D believes.",
        "`F.softplus(-logits)` is ln(1 + exp(-logit)). Both losses are means; weigh them only in the sum that is differentiated.",
        "made, l2, adversarial, loss; `g_optim.zero_grad()`; `loss.backward(inputs=[p for p in generator.parameters() if p.requires_grad])`; `g_optim.step()`; return both `.detach()`.",
    ),
    mistakes=(
        Mistake("exp overflows", {_ADV: "adversarial = (1 + (-discriminator(first, made)).exp()).log().mean()"}, "Where D is sure, exp(-logit) is more than a float holds: use softplus."),
        Mistake("weights exchanged", {_LOSS: "loss = (1 - weight) * l2 + weight * adversarial"}, "The weights are exchanged: weight belongs to the squared error."),
        Mistake("both in full", {_LOSS: "loss = l2 + adversarial"}, "Both losses count in full: weigh them."),
        Mistake("D's loss in full", {_LOSS: "loss = weight * l2 + adversarial"}, "The adversarial loss is not weighed by 1 - weight."),
        Mistake("weighted losses returned", {_RETURN: "return (weight * l2).detach(), ((1 - weight) * adversarial).detach()"}, "The losses come back weighted: they are asked for as they are."),
        Mistake("summed over the batch", {_L2: "l2 = (made - future).square().sum()"}, "The squared error is summed: take the mean."),
        Mistake("an absolute error", {_L2: "l2 = (made - future).abs().mean()"}, "The error is made positive, not squared."),
        Mistake("D believed the wrong way", {_ADV: "adversarial = F.softplus(discriminator(first, made)).mean()"}, "G is rewarded where D does not believe it: the sign of the logit is turned."),
        Mistake("D shown what came", {_ADV: "adversarial = F.softplus(-discriminator(first, future)).mean()"}, "D is shown what came, not what was made: no gradient reaches G.", "gradients"),
        Mistake("made and first exchanged", {_ADV: "adversarial = F.softplus(-discriminator(made, first)).mean()"}, "D is called with the future first: what was shown comes first."),
        Mistake("forgotten zero_grad", {"g_optim.zero_grad()": "pass"}, "backward adds to what .grad already holds: clear it before."),
        Mistake("gradient left on D", {"inputs=moving": ""}, "backward left a gradient on D's weights, which a D step without zero_grad would walk along.", "side effects"),
        Mistake("cleared after the step", {"g_optim.step()": "g_optim.step(); g_optim.zero_grad()"}, "After the step .grad is empty: it was to hold this step's gradient.", "side effects"),
        Mistake("losses with their graph", {_RETURN: "return l2, adversarial"}, "The losses still hold the graph of the step: detach them.", "gradients"),
        Mistake("plain numbers", {_RETURN: "return l2.item(), adversarial.item()"}, "The losses are plain numbers: tensors are asked for."),
        Mistake("the other order", {_RETURN: "return adversarial.detach(), l2.detach()"}, "The squared error comes first."),
        Mistake("measured after the step", {_RETURN: "made = generator(first, noise).detach()\n    return (made - future).square().mean(), F.softplus(-discriminator(first, made)).mean().detach()"}, "These are the losses of the G that has moved: return those that were differentiated."),
        Mistake("noise of its own", {_MADE: "made = generator(first, torch.randn_like(noise))"}, "The noise must be the one that is handed in, or no step can be repeated.", "dtype/device/seed"),
        Mistake("the saturating loss", {_ADV: "adversarial = -F.softplus(discriminator(first, made)).mean()"}, "This is ln(1 - D), whose slope vanishes where D does not believe: ln(1 + exp(-logit)) is asked for."),
    ),
    waived=("device",),
)
