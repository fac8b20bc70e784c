"""6.6: what a frame discriminator and a clip discriminator can tell apart."""

from copy import deepcopy

import torch
from torch import Tensor, nn

from vgan_lessons.checking import Case, Exercise, Mistake
from vgan_lessons.exercises.diary import Diary
from vgan_lessons.exercises.tiny_players import Descent
from vgan_lessons.training import frame_and_clip_auc as judged


class _SeesFrames(nn.Module):
    """slope * (the pixels of a frame, added up)."""

    def __init__(self) -> None:
        super().__init__()
        self.slope = nn.Parameter(torch.tensor(0.0))

    def forward(self, frames: Tensor) -> Tensor:
        """(N, C, H, W) -> (N,)."""
        return self.slope * frames.sum((1, 2, 3))


class _SeesClips(_SeesFrames):
    """slope * (last frame minus first)."""

    def forward(self, clips: Tensor) -> Tensor:
        """(N, T, C, H, W) -> (N,)."""
        return self.slope * (clips[:, -1] - clips[:, 0]).sum((1, 2, 3))


def _films(*values: list[float]) -> Tensor:
    """Films of one pixel: (N, T, 1, 1, 1)."""
    return torch.tensor(values)[:, :, None, None, None]


_BATCHES = (  # of one real and one fake film each
    (_films([2.0, 4.0]), _films([2.0, 0.0])),
    (_films([3.0, -1.0]), _films([-1.0, -1.0])),
)
_HELD_OUT = _films([1.0, 3.0], [2.0, 0.0]), _films([2.0, 1.0], [0.0, 4.0], [-1.0, -1.0])
_LATER = _films([1.0, 5.0], [0.0, 0.0]), _films([2.0, 2.0], [4.0, 0.0], [3.0, 5.0])


class _Lesson:
    """Two discriminators, steps of 0.5, taught on films of one pixel and then examined."""

    def __init__(self, answer, batches, held_out=_HELD_OUT, slope: float = 0.0) -> None:
        self.D = _SeesFrames(), _SeesClips()
        with torch.no_grad():
            for D in self.D:
                D.slope.fill_(slope)
                D.slope.grad = torch.tensor(8.0)  # left over from something else
        optims = [Descent(D) for D in self.D]
        self.areas = answer(*self.D, *optims, iter(deepcopy(batches)), *deepcopy(held_out))

    def slopes(self) -> tuple[float, float]:
        return tuple(D.slope.item() for D in self.D)


def _taught(n: int):
    return lambda answer: _Lesson(answer, _BATCHES[:n]).slopes()


def _examined(answer) -> tuple[float, ...]:
    """On two sets of films; in the first two frames tie, in the second two clips."""
    sets = (_HELD_OUT, _LATER)
    return tuple(float(a) for films in sets for a in _Lesson(answer, (), films, 1.0).areas)


def _events(answer) -> dict[str, tuple[str, ...]]:
    """What happens to each discriminator on two pairs; which of the two begins is free."""
    players, diaries = (_SeesFrames(), _SeesClips()), (Diary(), Diary())
    optims = [Descent(D) for D in players]
    for diary, D, optim in zip(diaries, players, optims, strict=True):
        D.slope.grad = torch.tensor(8.0)
        diary.watch_gradients("it", D)
        diary.watch_steps("its optimiser", optim, "it")
    names = "the frame discriminator", "the clip discriminator"
    noted = diaries[0].read(
        lambda: answer(*players, *optims, iter(deepcopy(_BATCHES)), *deepcopy(_HELD_OUT))
    )
    return dict(zip(names, (noted, diaries[1].flush()), strict=True))


def _as_it_was(answer) -> dict[str, bool]:
    players = _Lesson(answer, _BATCHES).D
    return {
        "in train()": all(D.training for D in players),
        "weights stay trainable": all(D.slope.requires_grad for D in players),
    }


def _kinds(answer) -> list[str]:
    return [type(area).__name__ for area in _Lesson(answer, _BATCHES).areas]


_LOSS = "non_saturating_d_loss(score(seen_real), score(seen_fake))"
_MEAN = "logits.unflatten(0, clips.shape[:2]).mean(dim=1)"
_AREA = "(apart.sign() + 1).mean().item() / 2"
_APART = "score(real)[:, None] - score(fake)"
_RETURN = "return areas[0], areas[1]"

# fmt: off
TWO_JUDGES = Exercise(
    name="two_judges",
    number="6.6",
    minutes=14,
    difficulty="hard",
    contract=(
        "`frame_discriminator` takes frames (N, C, H, W), `clip_discriminator` clips (N, T, C, H, W); both return logits (N,). The logit "
        "that the frame discriminator gives a clip is the mean of its logits of the clip's frames.",
        "pairs yields (real clips, fake clips) and can be walked through only once. On every pair each of the two discriminators takes one step "
        "with its own optimiser: `non_saturating_d_loss` of its logits of the clips, no gradient left over from before.",
        "Afterwards both are asked about real (N, T, C, H, W) and fake (M, T, C, H, W), which are only looked at.",
        "Return (AUC of the frame discriminator, AUC of the clip discriminator), two plain numbers of type float. AUC is the share of all N * M pairs "
        "of a real and a fake clip in which the real one has the higher logit; equal logits count half.",
    ),
    reference=judged.frame_and_clip_auc,
    events=_events,
    cases=(  # by hand: both discriminators have one weight, and begin at 0
        Case("one batch", _taught(1), (0.5, 1.0), "Mean pixels 3 and 1: the frame slope's gradient is (-3 + 1) / 2. Changes 2 and -2: the clip slope's is -2. Steps of 0.5."),
        # frames: 0.5 + 0.5 * 2 sigmoid(-0.5); clips: 1 + 0.5 * (-4) sigmoid(4)
        Case("two batches", _taught(2), (0.877541, -0.964028), "Average the logits of a clip's frames first, then take the loss."),
        # frames: reals 2, 1 against 1.5, 2, -1; clips: 2, -2 against -1, 4, 0
        # then reals 3, 0 against 2, 2, 4, and clips: 4, 0 against 0, -4, 2
        Case("examined twice, with slopes of 1", _examined, (3.5 / 6, 2 / 6, 2 / 6, 4.5 / 6),
             "Six pairs each. Frames: means 2 and 1 against 1.5, 2 and -1. Clips: changes 2 and -2 against -1, 4 and 0. A tie counts half. "
             "Then means 3 and 0 against 2, 2 and 4; changes 4 and 0 against 0, -4 and 2."),
        Case("both as they were", _as_it_was, {"in train()": True, "weights stay trainable": True}, "To look at films takes no eval() and no freezing: torch.no_grad() is enough.", "side effects"),
        Case("plain numbers", _kinds, ("float", "float"), ".item() makes a plain number.", "gradients"),
    ),
    hints=(
        "Two halves: one walk through the pairs, in which both learn, then one examination each. Write the frame discriminator's view of a clip as a small function first.",
        "Frames: fold (B, T) into B * T, score, unfold the logits to (B, T), mean over T. Then both views take clips and give (B,), and all the rest is the same for both.",
        "`for r, f in pairs:` and inside `for view, optim in [...]`: loss, zero_grad, backward, step. At the end, without gradients, "
        "`d = view(real)[:, None] - view(fake)[None]`, and `((d > 0).float() + 0.5 * (d == 0).float()).mean().item()`.",
    ),
    mistakes=(
        Mistake("left in eval()", {"areas = []": "areas = []\n    frame_discriminator.eval()\n    clip_discriminator.eval()"}, "The discriminators are left in eval(): both stay in the mode in which they came.", "side effects"),
        Mistake("frames scored one by one in the loss", {_LOSS: "non_saturating_d_loss(*((frame_discriminator(frames_from_videos(c)) if score is by_frames else score(c)) for c in (seen_real, seen_fake)))"},
                "Each frame has a loss of its own: average the logits of a clip's frames first."),
        Mistake("folded time first", {"frames_from_videos(clips)": "frames_from_videos(clips.transpose(0, 1).contiguous())"},
                "Rows of other clips are averaged: fold (b t) and unfold with the same order."),
        Mistake("the first frame only", {_MEAN: "logits.unflatten(0, clips.shape[:2])[:, 0]"}, "Only the first frame's logit counts: average over all."),
        Mistake("summed over the frames", {_MEAN: "logits.unflatten(0, clips.shape[:2]).sum(dim=1)"}, "The logits of the frames are added: take their mean."),
        Mistake("old gradients stay", {"optim.zero_grad()": "pass"}, "Gradients add up from batch to batch: zero_grad before backward."),
        Mistake("the clips' optimiser never steps", {"optim.step()": "optim.step() if score is by_frames else None"}, "Only the frame discriminator learns: each has its own optimiser, and both take a step a batch."),
        Mistake("never taught", {"optim.step()": "pass"}, "Gradients are computed and no step is taken."),
        Mistake("reals and fakes exchanged", {_LOSS: "non_saturating_d_loss(score(seen_fake), score(seen_real))"}, "The loss takes the reals first: so it learns to call fakes real."),
        Mistake("the second walk is empty", {"in pairs:": "in [pair for n, pair in enumerate(pairs) if n < 1]:"}, "Only the first batch is used: walk through all of them, once, with both."),
        Mistake("the game of G", {_LOSS: "F.softplus(-score(seen_real)).mean() + F.softplus(-score(seen_fake)).mean()"}, "Both logits are raised: a fake's logit has to fall."),
        Mistake("the fakes should win", {_APART: "score(fake)[:, None] - score(real)"}, "The AUC counts pairs in which the fake scores higher: it is 1 minus the one asked for."),
        Mistake("ties lost", {_AREA: "(apart > 0).float().mean().item()"}, "Equal logits count nothing: a D that knows nothing would get 0 instead of 0.5."),
        Mistake("ties won", {_AREA: "(apart >= 0).float().mean().item()"}, "Equal logits count fully: a D that knows nothing would get 1 instead of 0.5."),
        Mistake("accuracy", {_AREA: "((score(real) > 0).float().mean() + (score(fake) < 0).float().mean()).item() / 2"}, "This is the share of right signs. The AUC compares every real with every fake, whatever the threshold."),
        Mistake("only the pairs side by side", {_APART: "(score(real) - score(fake)[: len(real)])"}, "Each real is compared with one fake: all N * M pairs are asked for.", "axes"),
        Mistake("clips first", {_RETURN: "return areas[1], areas[0]"}, "The frame discriminator's AUC comes first.", "axes"),
        Mistake("tensors", {_AREA: "(apart.sign() + 1).mean() / 2"}, "The AUCs are tensors: .item() makes plain numbers.", "gradients"),
        Mistake("unfolded with time first", {_MEAN: "logits.reshape(clips.shape[1], clips.shape[0]).mean(dim=0)"},
                "Logits of other clips are averaged: fold (B, T), and unfold to (B, T) again."),
        Mistake("rounded to yes and no", {_APART: "(score(real) > 0).float()[:, None] - (score(fake) > 0).float()"},
                "The logits are turned into yes and no before they are compared: most pairs become equal."),
        Mistake("two walks", {"in pairs:": "in list(pairs) * 2:"},
                "Every batch is used twice: one walk through the pairs, one step of each on every pair."),
    ),
)
