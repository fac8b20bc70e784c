"""12.3: a large batch in small parts."""

import torch
from torch import Tensor, nn

from vgan_lessons.checking import Case, Exercise, Mistake
from vgan_lessons.exercises.tiny_players import Bent, Line
from vgan_lessons.losses import relativistic_d_loss
from vgan_lessons.penalties import r1_penalty
from vgan_lessons.training import accumulation


def _pairs(real_logits: Tensor, fake_logits: Tensor) -> Tensor:
    return (real_logits - fake_logits).square().mean()


def _mean_score(D: nn.Module, real: Tensor, fake: Tensor) -> Tensor:
    return D(real).mean()


def _steepness(D: nn.Module, real: Tensor, fake: Tensor) -> Tensor:
    return r1_penalty(D, real, 3.0)


def _by_hand(k: int, real: tuple[float, ...], fake: tuple[float, ...]):
    def run(answer) -> tuple:
        D = Line(1.0, stale=7.0)
        told = answer(D, _pairs, _mean_score, torch.tensor(real), torch.tensor(fake), k)
        graph = bool(getattr(told, "requires_grad", False))
        said = told if isinstance(told, Tensor) else "a plain number"
        return said, float(D.slope.grad), graph

    return run


def _in_parts(answer) -> dict[str, object]:
    """Seven samples in three parts: what D is shown at once, and when gradients arrive."""
    D, diary, sizes = Line(1.0), [], []
    D.register_forward_pre_hook(lambda _, inputs: diary.append(len(inputs[0])))
    D.slope.register_hook(lambda _: diary.append("gradient"))

    def loss(real_logits: Tensor, fake_logits: Tensor) -> Tensor:
        sizes.append(len(real_logits))
        return _pairs(real_logits, fake_logits)

    answer(D, loss, _mean_score, torch.arange(7.0), torch.ones(7), 3)
    arrived = [here == "gradient" for here in diary]
    runs = sum(
        now and not before for before, now in zip([False, *arrived], arrived, strict=False)
    )
    shown = [entry for entry in diary if entry != "gradient"]
    return {
        "at most three pairs at once": max(shown) <= 6 and (max(shown) <= 3 or len(shown) >= 3),
        "a gradient after each part": runs >= 3,
        "pairs in each loss": tuple(sorted(sizes)),
    }


def _against_at_once(answer) -> float:
    """Largest difference to the gradient of the whole batch, in float64, for k from 1 to 5."""
    rng, off = torch.Generator().manual_seed(0), 0.0

    def normal(*shape: int) -> Tensor:
        return torch.randn(shape, generator=rng, dtype=torch.float64)

    real, fake, inner, outer = normal(5, 3), normal(5, 3), normal(4, 3), normal(4)
    for k in range(1, 6):
        D, whole = (Bent(inner.clone(), outer.clone()) for _ in range(2))
        told = answer(D, relativistic_d_loss, _steepness, real, fake, k)
        loss = relativistic_d_loss(whole(real), whole(fake))
        (loss + _steepness(whole, real, fake)).backward()
        off = max(off, abs(float(told) - float(loss)))
        for mine, right in zip(D.parameters(), whole.parameters(), strict=True):
            off = max(off, float((mine.grad - right.grad).abs().max()))
    return off


_SPLIT = "zip(real.tensor_split(k), fake.tensor_split(k), strict=True)"
_SHARE = "share = len(reals) / len(real)"
_PENALTY = "share * penalty(discriminator, reals, fakes)"
_WHOLE = "whole += d_loss.detach()"
_BEFORE = "for weight in discriminator.parameters():"

# fmt: off
ACCUMULATE = Exercise(
    name="accumulate",
    number="12.3",
    minutes=13,
    difficulty="medium",
    contract=(
        "real and fake are (B, ...), and 1 <= k <= B. Cut both into k parts whose sizes differ by at most 1. Pair b, real b and fake b, stays in one part.",
        "`d_loss_fn(real_logits, fake_logits)` and `penalty(discriminator, real, fake)` are means over samples or pairs. Leave in `.grad` of D's weights the gradient of loss plus penalty "
        "of the *whole* batch, whatever was there before.",
        "One part at a time: `d_loss_fn` is called once for it, its backward comes before D sees the next part, and D sees no more than one part's reals and fakes in one call.",
        "Return the loss of the whole batch without the penalty, detached, shape ().",
    ),
    reference=accumulation.accumulate,
    cases=(
        # differences 1, 2, 2: loss (1 + 4 + 4) / 3, slope 6; the mean score adds 2
        Case("three pairs in two parts", _by_hand(2, (1.0, 2.0, 3.0), (0.0, 0.0, 1.0)), (torch.tensor(3.0), 8.0, False),
             "D(x) = x. The loss is the mean of 1, 4, 4, and its gradient 6; the penalty, the mean score of the reals, adds 2. The parts hold two pairs and one. An old gradient of 7 is gone."),
        Case("what is there at one time", _in_parts, {"at most three pairs at once": True, "a gradient after each part": True, "pairs in each loss": (2, 2, 3)},
             "Seven pairs in three parts are 3, 2 and 2. Score a part, go backward, then take the next.", "side effects"),
        Case("a real D, and a penalty that differentiates twice", _against_at_once, "at most 1e-9 from the gradient at once",
             "Relativistic pairs and R1, B = 5, k from 1 to 5: each part weighs as much as it has samples.", "gradients", holds=lambda off: off < 1e-9),
    ),
    hints=(
        "The mean over the batch is a sum of the parts' means, each times its share of the batch. Gradients add up by themselves in `.grad`.",
        "`tensor_split(k)` cuts along axis 0, and copes with a rest. A part's share is its length divided by B, for the loss and for the penalty.",
        "for weight in D.parameters(): weight.grad = None; `for r, f in zip(real.tensor_split(k), fake.tensor_split(k)):` `share = len(r) / len(real)`; "
        "`loss = share * d_loss_fn(D(r), D(f))`; `(loss + share * penalty(D, r, f)).backward()`; add up `loss.detach()`.",
    ),
    mistakes=(
        Mistake("parts weigh alike", {_SHARE: "share = 1 / k"}, "Each part weighs 1 / k, and a smaller one too much: weigh it by its share of the batch."),
        Mistake("no weights", {_SHARE: "share = 1"}, "The parts' means are added as they are: k times too much."),
        Mistake("only the last part", {_SHARE: "discriminator.zero_grad()\n        " + _SHARE}, "The gradient is cleared in every part: only the last one is left."),
        Mistake("an old gradient", {_BEFORE: "for weight in ():"}, "What was in .grad before is still there: clear it first."),
        Mistake("pairs broken", {_SPLIT: "zip(real.tensor_split(k), fake.flip(0).tensor_split(k), strict=True)"}, "Reals meet other fakes than theirs: cut both in the same order."),
        Mistake("the penalty of each part in full", {_PENALTY: "penalty(discriminator, reals, fakes)"}, "The penalty of each part counts in full: weigh it as you weigh the loss."),
        Mistake("no penalty", {_PENALTY: "0"}, "The penalty is missing."),
        Mistake("the penalty at the first part alone", {_PENALTY: "(share * penalty(discriminator, reals, fakes) if reals.data_ptr() == real.data_ptr() else 0)"}, "The penalty is taken of the first part alone."),
        Mistake("the loss of the last part", {_WHOLE: "whole = d_loss.detach()"}, "The loss is that of the last part: add the parts up."),
        Mistake("the loss with the penalty", {_WHOLE: "whole += part.detach()"}, "The loss that is returned holds the penalty: leave it out."),
        Mistake("the loss with its graph", {_WHOLE: "whole = whole + d_loss"}, "The loss carries the graphs of all parts, which keeps their memory: detach it.", "side effects"),
        Mistake("the rest is lost", {_SPLIT: "list(zip(real.split(len(real) // k), fake.split(len(real) // k), strict=True))[:k]"}, "B // k samples a part leave a rest, and it is lost."),
        Mistake("k samples a part", {_SPLIT: "list(zip(real.split(k), fake.split(k), strict=True))[:k]"}, "split(k) makes parts of k samples; k parts are asked for."),
        Mistake("chunk", {_SPLIT: "zip(real.chunk(k), fake.chunk(k), strict=True)"}, "chunk(3) cuts seven into 3, 3 and 1: use tensor_split, whose parts differ by 1 at most.", "side effects"),
        Mistake("one sample a part", {_SPLIT: "zip(real.split(1), fake.split(1), strict=True)"}, "Each sample is a part by itself: k parts are asked for.", "side effects"),
        Mistake("the whole batch at once", {_SPLIT: "[(real, fake)]"}, "D sees the whole batch in one call: nothing is saved.", "side effects"),
        Mistake("one backward at the end", {"whole = real.new_zeros(())": "whole, held = real.new_zeros(()), 0", "part.backward()": "held = held + part", "return whole": "held.backward()\n    return whole"},
                "All graphs are held until one backward at the end: go backward after each part.", "side effects"),
        Mistake("only the first weight", {"part.backward()": "part.backward()\n        [weight.grad.zero_() for weight in [*discriminator.parameters()][1:]]"}, "Only the first of D's weights keeps a gradient: all of them need one.", "gradients"),
        Mistake("the wrong way", {"part.backward()": "(-part).backward()"}, "The gradient has the other sign."),
    ),
)
