"""A frame and a clip discriminator, taught on the same films and compared."""

from collections.abc import Iterable

import torch
from torch import Tensor, nn

from vgan_lessons.layout import frames_from_videos
from vgan_lessons.losses import non_saturating_d_loss


def frame_and_clip_auc(
    frame_discriminator: nn.Module,
    clip_discriminator: nn.Module,
    frame_optim: torch.optim.Optimizer,
    clip_optim: torch.optim.Optimizer,
    pairs: Iterable[tuple[Tensor, Tensor]],
    real: Tensor,
    fake: Tensor,
) -> tuple[float, float]:
    """Teach both to tell real clips from fakes, then ask both about clips they never saw.

    The logit that a frame discriminator gives a clip is the mean over its frames. Each takes
    one step a batch in the logistic game.

    Args:
        frame_discriminator: (N, C, H, W) -> (N,) logits.
        clip_discriminator: (N, T, C, H, W) -> (N,) logits.
        frame_optim: over the weights of the first.
        clip_optim: over the weights of the second.
        pairs: real and fake clips (B, T, C, H, W); walked through once.
        real: (N, T, C, H, W), held out.
        fake: (M, T, C, H, W), held out.

    Returns:
        (AUC of frames, AUC of clips): the share of pairs of a real and a fake clip in which
        the real one has the higher logit, a tie counted half. 0.5 for a guess, 1 for no error.

    Lesson 06.
    """

    def by_frames(clips: Tensor) -> Tensor:
        logits = frame_discriminator(frames_from_videos(clips))
        return logits.unflatten(0, clips.shape[:2]).mean(dim=1)  # (B,)

    pair = [(by_frames, frame_optim), (clip_discriminator, clip_optim)]
    for seen_real, seen_fake in pairs:
        for score, optim in pair:
            loss = non_saturating_d_loss(score(seen_real), score(seen_fake))
            optim.zero_grad()
            loss.backward()
            optim.step()
    areas = []
    for score, _ in pair:
        with torch.no_grad():
            apart = score(real)[:, None] - score(fake)  # (N, M), every pair
        areas.append((apart.sign() + 1).mean().item() / 2)
    return areas[0], areas[1]
