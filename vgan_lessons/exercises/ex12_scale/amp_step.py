"""12.2: D's step in half precision."""

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from vgan_lessons.checking import Case, Exercise, Mistake
from vgan_lessons.exercises.tiny_players import Descent
from vgan_lessons.training import precision


class _TwoWeights(nn.Module):
    """D(x) = a x_0 + b x_1, from layers of two weights and of one; notes the type of its logits."""

    def __init__(self, a: float = 0.0, b: float = 0.0) -> None:
        super().__init__()
        self.a, self.b = (
            nn.Parameter(torch.tensor([[a, 0.0]])),
            nn.Parameter(torch.tensor([[b]])),
        )
        self.seen: list[str] = []

    def forward(self, x: Tensor) -> Tensor:
        """(B, 2) -> (B,)."""
        first = F.pad(x[:, :1], (0, 1))  # and a column of zeros
        logits = (F.linear(first, self.a) + F.linear(x[:, 1:], self.b)).squeeze(1)
        self.seen.append(str(logits.dtype))
        return logits

    def weights(self, times: float = 1.0) -> Tensor:
        return times * torch.cat([self.a[:, :1], self.b]).detach().flatten()


def _difference(real_logits: Tensor, fake_logits: Tensor) -> Tensor:
    return fake_logits.mean() - real_logits.mean()


def _tiny(real_logits: Tensor, fake_logits: Tensor) -> Tensor:
    return 1e-8 * _difference(real_logits, fake_logits)


def _free(D: nn.Module, real: Tensor, fake: Tensor) -> Tensor:
    return 0 * sum(weight.sum() for weight in D.parameters())


def _step(answer, D, fake, scale, *, real=((0.0, 0.0),), loss=_difference, pay=_free, most=1e6):
    real, fake = torch.tensor(real), torch.tensor(fake)
    told, scale = answer(D, Descent(D), loss, pay, real, fake, scale, most)
    return told, float(scale)


def _small(answer) -> tuple:
    D = _TwoWeights()
    real, fake = ((1.0, 0.0),) * 2, ((0.0, 1.0),) * 2
    _, scale = _step(answer, D, fake, 65536.0, real=real, loss=_tiny)
    return D.weights(1e8), scale


def _long(answer) -> tuple:
    moved = []
    for most in (1.0, 10.0):
        D = _TwoWeights()
        _step(answer, D, ((3.0, 4.0),), 1024.0, most=most)
        moved.append(D.weights())
    return tuple(moved)


def _overflow(answer) -> tuple:
    D, scale, found = _TwoWeights(1.0), 65536.0, []
    for _ in range(2):
        told, scale = _step(answer, D, ((0.75, 1.0),) * 2, scale, real=((0.0, 0.0),) * 2)
        found += [D.weights(), scale, float(told)]
    return tuple(found)


def _precisions(answer) -> dict[str, str]:
    D, found = _TwoWeights(1.0, 1.0), {}

    def loss(real_logits: Tensor, fake_logits: Tensor) -> Tensor:
        kinds = {str(logits.dtype) for logits in (real_logits, fake_logits)}
        found["the loss is given"] = " ".join(sorted(kinds))
        product = real_logits[:1, None] @ real_logits[None, :1]  # float16 under autocast
        found["a product in the loss"] = str(product.dtype)
        return _difference(real_logits, fake_logits)

    def pay(D: nn.Module, real: Tensor, fake: Tensor) -> Tensor:
        found["logits outside the penalty"] = " ".join(sorted(set(D.seen)) or ["none yet"])
        found["logits in the penalty"] = str(D(real).dtype)
        D.seen.clear()
        return D(fake).square().mean()

    _step(answer, D, ((1.0, 1.0),), 8.0, loss=loss, pay=pay)
    rest = {seen for seen in D.seen if seen != "torch.float32"}
    if found["logits outside the penalty"] == "none yet" and rest:
        found["logits outside the penalty"] = " ".join(sorted(rest))
    return found


def _with_penalty(answer) -> tuple:
    D = _TwoWeights(1.0, 0.0)
    for weight in D.parameters():
        weight.grad = torch.full_like(weight, 7.0)
    told, _ = _step(
        answer,
        D,
        ((0.0, 1.0),),
        64.0,
        real=((1.0, 0.0),),
        pay=lambda D, real, fake: (D(real) - D(fake)).square().mean(),
    )
    return float(told), bool(getattr(told, "requires_grad", False)), D.weights()


_SCALED = "(scale * objective).backward()"
_UNSCALE = "torch._foreach_div_(gradients, scale)"
_HALF = "dtype=torch.float16"
_LOSS = "d_loss_fn(real_logits.float(), fake_logits.float())"
_OBJECTIVE = "objective = d_loss + penalty(discriminator, real, fake)"
_CLIP = "if norm > max_norm:"
_FINITE = "if not norm.isfinite():"
_END = "d_optim.step()\n    return d_loss.detach(), scale"

_STUB = '''def my_amp_step(
    discriminator,
    d_optim,
    d_loss_fn,
    penalty,
    real,
    fake,
    scale,
    max_norm,
):
    """D's step in mixed precision, with a scaled loss and a clipped gradient."""
    ...  # your code
'''

# fmt: off
AMP_STEP = Exercise(
    name="amp_step",
    number="12.2",
    minutes=15,
    difficulty="medium",
    contract=(
        "Only D's scores for the loss are taken under `torch.autocast(real.device.type, dtype=torch.float16)`. `d_loss_fn` gets them as float32, and "
        "`penalty(discriminator, real, fake)` is called outside of autocast.",
        "`.grad` of D's weights becomes the gradient of loss plus penalty, whatever it was before. `scale` times their sum goes backward, "
        "and the gradients are divided by `scale`.",
        "If then any entry is not finite, no weight moves and the new scale is `scale / 2`. If all are finite, it stays `scale`, and the next line holds.",
        "Where the gradient of all weights together is longer than `max_norm`, it is shortened to `max_norm`; then `d_optim` steps.",
        "Return the loss without the penalty, detached, and the new scale. Every weight of D gets a gradient.",
    ),
    reference=precision.amp_step,
    stub=_STUB,
    tolerance=2e-3,
    cases=(
        Case("a gradient of 1e-8", _small, (torch.tensor([0.5, -0.5]), 65536.0),  # 1e8 times the weights after a step of 0.5
             "In float16 1e-8 is 0. Times 65,536 it is 6.6e-4, which stays; divided again in float32 it is 1e-8."),
        Case("a gradient of length 5", _long, (torch.tensor([-0.3, -0.4]), torch.tensor([-1.5, -2.0])),
             "The gradient is (3, 4). With max_norm 1 it becomes (0.6, 0.8), and a step of 0.5 moves by half of that; with max_norm 10 it stays (3, 4)."),
        Case("a gradient that overflows", _overflow, (torch.tensor([1.0, 0.0]), 32768.0, 0.75, torch.tensor([0.625, -0.5]), 32768.0, 0.75),
             "The gradient is (0.75, 1), and 65,536 times 1 is more than float16 holds: no weight moves, and the scale is halved. At 32,768 it fits."),
        Case("which numbers are coarse", _precisions,
             {"the loss is given": "torch.float32", "a product in the loss": "torch.float32", "logits outside the penalty": "torch.float16", "logits in the penalty": "torch.float32"},
             "Under autocast D scores reals and fakes, and nothing else happens there.", "dtype/device/seed"),
        # D(real) = 1, D(fake) = 0: loss -1; gradient (-1, 1), of the penalty (2, -2)
        Case("with a penalty and an old gradient", _with_penalty, (-1.0, False, torch.tensor([0.5, 0.5])),
             "The loss has the gradient (-1, 1), the penalty (2, -2): a step of 0.5 down (1, -1). The loss is -1, without the penalty; the old gradient of 7 is gone."),
    ),
    hints=(
        "Six moves: score coarsely; loss and penalty finely; scale and go backward; unscale; look whether all is finite; clip and step.",
        "`with torch.autocast(...)` holds the two calls of D and no more. `max_norm` is about the true gradient: unscale before you measure its length.",
        "`(scale * (d_loss + penalty(...))).backward()`; for each weight `weight.grad /= scale`; `norm = torch.stack([weight.grad.norm() for weight in D.parameters()]).norm()`; "
        "`if not all(weight.grad.isfinite().all() for weight in D.parameters()): return d_loss.detach(), scale / 2`; if norm > max_norm multiply each by `max_norm / norm`; `d_optim.step()`.",
    ),
    mistakes=(
        Mistake("the loss under autocast", {_LOSS: _LOSS + "\n    with torch.autocast(real.device.type, dtype=torch.float16):\n        d_loss = " + _LOSS}, "The loss is computed under autocast: D's scores alone are.", "dtype/device/seed"),
        Mistake("not scaled", {_SCALED: "objective.backward()", _UNSCALE: "pass"}, "Nothing is scaled: a gradient of 1e-8 is 0 in float16."),
        Mistake("not unscaled", {_UNSCALE: "pass"}, "The gradients are still multiplied by the scale when the step is taken."),
        Mistake("unscaled, never scaled", {_SCALED: "objective.backward()"}, "The gradients are divided by a scale that nothing was multiplied by."),
        Mistake("unscaled after clipping", {_UNSCALE: "pass", _END: _UNSCALE + "\n    " + _END},
                "The scaled gradient is clipped: max_norm is about the true one, so unscale first."),
        Mistake("clipped one by one", {_CLIP: "for one in gradients:\n        one *= min(1.0, max_norm / (one.norm().item() + 1e-30))\n    if False:"},
                "Each weight, or each entry, is clipped by itself, which turns the direction: take the length over all weights together."),
        Mistake("never clipped", {_CLIP: "if False:"}, "A gradient that is longer than max_norm stays longer: it is shortened to max_norm."),
        Mistake("always of length max_norm", {_CLIP: "if norm > 0:"}, "Short gradients are stretched to max_norm: leave them as they are."),
        Mistake("the step is taken all the same", {_FINITE: "if False:"}, "A gradient with inf in it moves the weights to inf: leave that step out."),
        Mistake("inf taken for 0", {"norm = torch.stack": "[one.nan_to_num_(0.0, 0.0, 0.0) for one in gradients]\n    norm = torch.stack"},
                "Where the gradient overflowed it is taken for 0 and the rest moves: leave the whole step out."),
        Mistake("a scale that never falls", {"scale / 2": "scale"}, "After an overflow the scale stays: the next step overflows as well."),
        Mistake("a scale that grows", {"scale / 2": "scale * 2"}, "After an overflow the scale grows: halve it."),
        Mistake("halved after a good step", {_END: "d_optim.step()\n    return d_loss.detach(), scale / 2"}, "The scale is halved after a step that went well: it stays."),
        Mistake("the loss in float16", {_LOSS: "d_loss_fn(real_logits, fake_logits)"}, "The loss is computed in float16: hand it `.float()` scores.", "dtype/device/seed"),
        Mistake("the penalty under autocast", {_OBJECTIVE: "with torch.autocast(real.device.type, dtype=torch.float16):\n        " + _OBJECTIVE},
                "The penalty squares small slopes in float16: call it outside of autocast.", "dtype/device/seed"),
        Mistake("all in float32", {_HALF: _HALF + ", enabled=False"}, "Nothing is computed in float16: D scores under autocast.", "dtype/device/seed"),
        Mistake("bfloat16", {_HALF: "dtype=torch.bfloat16"}, "D scores in bfloat16: float16 is asked for.", "dtype/device/seed"),
        Mistake("no penalty", {_OBJECTIVE: "objective = d_loss"}, "The penalty is missing."),
        Mistake("the penalty is not scaled", {_SCALED: "(scale * d_loss + penalty(discriminator, real, fake)).backward()"}, "Only the loss is scaled, and the gradient of both is divided."),
        Mistake("an old gradient", {"d_optim.zero_grad()": "pass"}, "The gradient is added to that of the step before: clear it."),
        Mistake("the loss with the penalty", {_END: "d_optim.step()\n    return objective.detach(), scale"}, "The loss that is returned holds the penalty: leave it out."),
        Mistake("the loss with its graph", {_END: "d_optim.step()\n    return d_loss, scale"}, "The loss still carries its graph: detach it.", "side effects"),
    ),
)
