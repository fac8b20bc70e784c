"""8.1: who is in a video, and what drives its motion."""

import torch
from torch import Tensor

from vgan_lessons.checking import Case, Exercise, Mistake
from vgan_lessons.models import lstm_gan


def _rng(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def _content(n: int, rng: torch.Generator) -> Tensor:
    return torch.randn(n, 3, generator=rng, device=rng.device)


def _shapes(answer) -> tuple:
    sizes = (
        (4, 7, 5, False),
        (4, 7, 5, True),
        (2, 1, 3, False),
        (3, 2, 4, False),
        (1, 40, 2, True),
    )
    made = [answer(_content, n, t, d, _rng(), fresh) for n, t, d, fresh in sizes]
    return tuple((tuple(one.z_content.shape), tuple(one.noise.shape)) for one in made)


def _over_time(answer) -> dict[str, bool]:
    """Whether noise differs between frames and between videos, one draw and fresh draws."""
    seen = {}
    for word, fresh in (("one draw", False), ("fresh", True)):
        _, noise = answer(_content, 6, 5, 4, _rng(1), fresh)
        frames_apart = (noise[:, 1:] - noise[:, :1]).abs().amin()
        seen[f"{word}: differs from frame to frame"] = bool(frames_apart > 0)
        seen[f"{word}: differs from video to video"] = bool((noise[1:] != noise[:1]).all())
    return seen


def _asked(answer) -> dict:
    calls, rng = [], _rng()

    def content(n, given):
        calls.append((n, given is rng))
        return torch.full((n, 2), 7.0)

    z_content, _ = answer(content, 3, 4, 5, rng)
    return {"calls of draw_content": tuple(calls), "z_content": z_content}


def _spread(answer) -> dict[str, float]:
    _, noise = answer(_content, 200, 30, 10, _rng(2), True)
    return {
        "mean": round(noise.mean().item(), 1) + 0.0,
        "spread": round(noise.std().item(), 1),
        "beyond 2": round((noise.abs() > 2).double().mean().item(), 2),
    }


def _drawn_from(answer) -> dict[str, bool]:
    """Which random source decides, with fresh noise and without."""
    seen = {"same source, same noise": True, "other source, other noise": True}
    for fresh in (True, False):
        first, again, other = (answer(_content, 3, 4, 5, _rng(s), fresh)[1] for s in (0, 0, 1))
        seen["same source, same noise"] &= torch.equal(first, again)
        seen["other source, other noise"] &= not torch.equal(first, other)
    return seen


def _longer(answer) -> bool:
    short, long = (answer(_content, 3, t, 5, _rng())[1] for t in (4, 9))
    return torch.equal(short, long[:, :4])


_NOISE = "torch.randn(n, n_draws, noise_dim, generator=rng, device=rng.device)"

# fmt: off
SAMPLE_LATENTS = Exercise(
    name="sample_latents",
    number="8.1",
    minutes=5,
    contract=(
        "Return `VideoLatents(z_content, noise)`.",
        "z_content, (n, content_dim): what `draw_content(n, rng)` returns; call it once.",
        "noise, (n, n_frames, noise_dim), standard normal, drawn from rng. n_frames is any number from 1 on.",
        "With `fresh` every frame of every video has noise of its own. Without it, which is the default, each "
        "video has one draw that is repeated at all of its frames: a longer path begins as the shorter one of the same rng.",
    ),
    reference=lstm_gan.sample_latents,
    cases=(
        Case("sizes, all of them different", _shapes,
             (((4, 3), (4, 7, 5)), ((4, 3), (4, 7, 5)), ((2, 3), (2, 1, 3)), ((3, 3), (3, 2, 4)), ((1, 3), (1, 40, 2))),
             "Content has no axis of time; noise is (n, n_frames, noise_dim).", "axes"),
        Case("what differs from what", _over_time,
             {"one draw: differs from frame to frame": False, "one draw: differs from video to video": True,
              "fresh: differs from frame to frame": True, "fresh: differs from video to video": True},
             "How many numbers are drawn for a video, and over which axis are they repeated?"),
        Case("draw_content", _asked, {"calls of draw_content": ((3, True),), "z_content": torch.full((3, 2), 7.0)},
             "Content is drawn once for a whole batch, by draw_content(n, rng).", "side effects"),
        Case("standard normal", _spread, {"mean": 0.0, "spread": 1.0, "beyond 2": 0.05},
             "Of 60,000 normal numbers the mean is 0, the spread 1, and one in twenty lies beyond 2.", tolerance=0.3),
        Case("the random source", _drawn_from, {"same source, same noise": True, "other source, other noise": True},
             "Every draw names `generator=rng`.", "dtype/device/seed"),
        Case("a longer path", _longer, True, "Without `fresh` the number of frames must not change what is drawn."),
    ),
    hints=(
        "A video has one content. What drives its motion has an axis of time, even where the same draw stands at every frame.",
        "Draw (n, 1, noise_dim) or (n, n_frames, noise_dim), and let the axis of size 1 grow to n_frames.",
        "`noise = torch.randn(n, n_frames if fresh else 1, noise_dim, generator=rng, device=rng.device)`, then "
        "`noise.expand(n, n_frames, noise_dim)`.",
    ),
    mistakes=(  # name, edits of the reference, diagnosis, kind
        Mistake("content at every frame", {"VideoLatents(z_content,": "VideoLatents(z_content[:, None].expand(-1, n_frames, -1),"},
                "z_content has an axis of time: it is one row a video, and the generator repeats it.", "axes"),
        Mistake("time before batch", {"noise.expand(n, n_frames, noise_dim)": "noise.expand(n, n_frames, noise_dim).transpose(0, 1)"},
                "Time comes first here; the course's axes are batch, then time.", "axes"),
        Mistake("fresh exchanged", {"n_frames if fresh else 1": "1 if fresh else n_frames"},
                "`fresh` and its opposite are exchanged: fresh noise is drawn for every frame."),
        Mistake("fresh ignored", {"n_frames if fresh else 1": "1"},
                "One draw is repeated whatever `fresh` says."),
        Mistake("always fresh", {"n_frames if fresh else 1": "n_frames"},
                "Every frame has other noise although one draw a video was asked for."),
        Mistake("one motion for all videos", {_NOISE: _NOISE.replace("torch.randn(n,", "torch.randn(1,")},
                "All videos of the batch have the same noise: they would all move alike."),
        Mistake("drawn anew for each length", {"z_content = draw_content(n, rng)": "z_content = draw_content(n, rng)\n    torch.randn(n_frames, generator=rng)"},
                "The noise changes with n_frames: something more is drawn for a longer path."),
        Mistake("content drawn at every frame", {"z_content = draw_content(n, rng)": "z_content = torch.stack([draw_content(n, rng) for _ in range(n_frames)])[0]"},
                "draw_content is called for every frame: content belongs to the video.", "side effects"),
        Mistake("content of one video", {"z_content = draw_content(n, rng)": "z_content = draw_content(1, rng).expand(n, -1)"},
                "One content is drawn and shared: all videos would show the same thing."),
        Mistake("uniform noise", {"torch.randn(": "torch.rand("},
                "The noise lies in [0, 1): it is uniform, and standard normal was asked for."),
        Mistake("the global source", {"generator=rng, ": ""},
                "The noise comes from torch's global source: pass `generator=rng`.", "dtype/device/seed"),
        Mistake("a source of its own", {"generator=rng, ": "generator=torch.Generator().manual_seed(0), "},
                "The noise is the same whatever rng is: a new source is seeded inside.", "dtype/device/seed"),
        Mistake("content and noise exchanged", {"VideoLatents(z_content, noise.expand(n, n_frames, noise_dim))": "VideoLatents(noise.expand(n, n_frames, noise_dim), z_content)"},
                "z_content comes first, then noise.", "axes"),
        Mistake("content for every frame", {"z_content = draw_content(n, rng)": "z_content = torch.stack([draw_content(n, rng) for _ in range(n_frames)], dim=1)"},
                "A content is drawn for every frame, (n, n_frames, content_dim): content belongs to the video.", "axes"),
        Mistake("not repeated", {"noise.expand(n, n_frames, noise_dim)": "noise"},
                "The one draw stands alone, (n, 1, noise_dim): repeat it at all frames.", "axes"),
    ),
)
