"""8.2: a motion path and a painter along it, judged by what the network does."""

import torch
from torch import Tensor, nn

from vgan_lessons import layout
from vgan_lessons.checking import Case, Exercise, Mistake
from vgan_lessons.checking.architecture import gradient_arrives
from vgan_lessons.checking.steadiness import modes_agree
from vgan_lessons.models import lstm_gan
from vgan_lessons.models.lstm_gan import VideoLatents

B, T, NOISE, CONTENT, MOTION = 4, 7, 3, 5, 6  # all different, so that no axis hides


class _Painter(nn.Module):
    """Paints tiny frames, and counts them."""

    def __init__(self, motion_dim: int = MOTION) -> None:
        super().__init__()
        self.paint = nn.Linear(CONTENT + motion_dim, 24)
        self.n_painted = 0

    def draw_content(self, n: int, rng: torch.Generator) -> Tensor:
        """(n, CONTENT)."""
        return torch.randn(n, CONTENT, generator=rng, device=rng.device)

    def forward(self, z_content: Tensor, z_motion: Tensor) -> Tensor:
        """(N, CONTENT) and (N, K, motion_dim) -> (N, K, 3, 2, 4)."""
        N, K, _ = z_motion.shape
        if z_content.shape != (N, CONTENT):
            raise ValueError(
                f"z_content must be ({N}, {CONTENT}), got {tuple(z_content.shape)}"
            )
        self.n_painted += N * K
        z = torch.cat([z_content[:, None].expand(-1, K, -1), z_motion], dim=2)
        frames = torch.tanh(self.paint(z.flatten(0, 1))).unflatten(1, (3, 2, 4))
        return layout.videos_from_frames(frames, K)


class _OnTensors(nn.Module):
    """The answer's module, called with its two latents as tensors."""

    def __init__(self, module: nn.Module) -> None:
        super().__init__()
        self.module = module

    def forward(self, z_content: Tensor, noise: Tensor) -> Tensor:
        """(B, CONTENT) and (B, T, NOISE) -> videos."""
        return self.module(VideoLatents(z_content, noise))


def _made(answer, *, memory: bool = True, seed: int = 0) -> nn.Module:
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        return answer(_Painter(), noise_dim=NOISE, motion_dim=MOTION, memory=memory)


def _built(answer) -> nn.Module:
    """With weights that the engine may not fix: each call draws others."""
    return _OnTensors(answer(_Painter(), noise_dim=NOISE, motion_dim=MOTION))


def _latents(n_frames: int = T, n: int = B) -> VideoLatents:
    rng = torch.Generator().manual_seed(n_frames)
    draw = {"generator": rng}
    return VideoLatents(
        torch.randn(n, CONTENT, **draw), torch.randn(n, n_frames, NOISE, **draw)
    )


def _inputs() -> tuple[Tensor, Tensor]:
    return tuple(_latents())


def _index(n: int = B, seed: int = 3) -> Tensor:
    """(n, 5): frames out of order, one of them twice."""
    rng = torch.Generator().manual_seed(seed)
    drawn = torch.rand(n, T, generator=rng).argsort(1)[:, :4]
    return torch.cat([drawn, drawn[:, :1]], dim=1)


def _shapes(answer) -> tuple:
    module = _made(answer)
    sizes = ((B, T), (2, 1), (1, 30))
    whole = [tuple(module(_latents(t, n)).shape) for n, t in sizes]
    return (*whole, tuple(module(_latents(), _index()).shape))


def _off(made: Tensor, right: Tensor) -> float | str:
    if made.shape != right.shape:
        return f"shape {tuple(made.shape)}"
    return (made - right).abs().max().item()


def _by_loop(module: nn.Module, latents: VideoLatents) -> Tensor:
    """Frame by frame: a motion code each, painted by itself."""
    z_motion, _ = module.motion(latents.noise)
    videos = []
    for b in range(len(z_motion)):
        frames = [
            module.painter(latents.z_content[b : b + 1], z_motion[b : b + 1, t : t + 1])[0, 0]
            for t in range(z_motion.shape[1])
        ]
        videos.append(torch.stack(frames))
    return torch.stack(videos)


def _frame_by_frame(answer) -> dict[str, float | str]:
    """How far off all frames are, and what each of them follows."""
    seen = {}
    for word, memory in (("with memory", True), ("without", False)):
        module = _made(answer, memory=memory)
        seen[word] = _off(module(_latents()), _by_loop(module, _latents()))
    module, (z_content, noise) = _made(answer), _latents()
    other = z_content.clone()
    other[1] += 1
    seen["content 1 changes"] = _moved(module, (z_content, noise), (other, noise))
    other = noise.clone()
    other[1] += 1
    seen["noise 1 changes"] = _moved(module, (z_content, noise), (z_content, other))
    other = noise.clone()
    other[:, 4] += 1
    seen["noise at frame 4 changes"] = _moved(module, (z_content, noise), (z_content, other), 1)
    return seen


@torch.no_grad()
def _moved(module: nn.Module, before: tuple, after: tuple, axis: int = 0) -> str:
    """Which videos, or which frames, change with latents: "1", "0, 2", "none"."""
    videos = [module(VideoLatents(*latents)) for latents in (before, after)]
    if videos[0].shape != (B, T, 3, 2, 4):
        return "another shape"
    moved = (videos[1] - videos[0]).transpose(0, axis).flatten(1).abs().amax(1) > 1e-6
    return ", ".join(map(str, moved.nonzero().flatten().tolist())) or "none"


def _told_by_changes(seen: dict) -> tuple[str, str] | None:
    """What wrong frames follow, where that is not what it should be."""
    wanted = {"content": "1", "noise": "1"}
    for word, right in wanted.items():
        moved = seen[f"{word} 1 changes"]
        if moved == "none":
            return f"{word} ignored", f"The videos are the same whatever the {word} is."
        if moved not in (right, "another shape"):
            what = f"Another {word} for video 1 changes these videos: {moved}"
            return f"{word} of another video", f"{what}. Each follows its own alone."
    moved = seen["noise at frame 4 changes"]
    if moved not in ("4, 5, 6", "another shape"):
        what = f"Other noise at frame 4 changes these frames of 0 to 6: {moved}"
        return "noise of another frame", f"{what}. It should be that frame and those after it."
    return None


def _some_frames(answer) -> dict:
    """A window against the same frames of the whole; and what was painted for it."""
    module, index = _made(answer), _index()
    right = _by_loop(module, _latents())[torch.arange(B)[:, None], index]
    module.painter.n_painted = 0
    some = module(_latents(), index)
    return {"off": _off(some, right), "frames painted": module.painter.n_painted}


def _told_of_frames(seen: dict) -> tuple[str, str] | None:
    if seen["frames painted"] != 20:
        what = f"{seen['frames painted']} frames are painted, and 20 are asked for"
        return "another number painted", f"{what}: painting is what costs."
    if isinstance(seen["off"], float):
        what = "As many frames come back as are asked for, and they are others: of other times"
        return "other frames", f"{what}, of another path, or of a path that is not whole."
    return None


def _gradient_of_a_window(answer) -> dict[str, bool]:
    """Which noise reaches a window that ends at frame 3."""
    z_content, noise = _latents()
    noise.requires_grad_()
    module = _made(answer)
    videos = module(VideoLatents(z_content, noise), torch.tensor([[2, 3]] * B))
    (slope,) = torch.autograd.grad(videos.square().sum(), noise, materialize_grads=True)
    reached = slope.abs().sum((0, 2)) > 0
    return {
        "noise up to the window": bool(reached[:4].all()),
        "noise after it": bool(reached[4:].any()),
    }


def _told_of_window(seen: dict[str, bool]) -> tuple[str, str]:
    if not seen["noise up to the window"]:
        what = "No gradient reaches all of the noise before a window: the path is cut off"
        return "window cut off", f"{what}, by a detach or no_grad, or begins inside the window."
    return "later noise counts", "A gradient reaches noise after the window: it comes too late."


def _linked(answer) -> dict[str, bool]:
    """Whether frame 6 hears of the noise of frame 2; of memory that is the test."""
    seen = {}
    for word, memory in (("with memory", True), ("without", False)):
        module, (z_content, noise) = _made(answer, memory=memory), _latents()
        other = noise.clone()
        other[:, 2] += 1
        with torch.no_grad():
            first, second = (module(VideoLatents(z_content, n)) for n in (noise, other))
        changed = (first - second).abs().amax((0, 2, 3, 4))
        seen[f"{word}: frame 6 remembers frame 2"] = bool(changed[6] > 0)
        seen[f"{word}: frame 1 foresees it"] = bool(changed[1] > 0)
    return seen


def _drawn(answer) -> dict:
    seen = {}
    for word, memory in (("with memory", True), ("without", False)):
        module = _made(answer, memory=memory)
        z_content, noise = module.draw_latents(3, 8, torch.Generator().manual_seed(1))
        seen[f"{word}: sizes"] = (tuple(z_content.shape), tuple(noise.shape))
        seen[f"{word}: one draw a video"] = bool((noise == noise[:, :1]).all())
    plain = answer(_Painter(motion_dim=16))
    names = {name.split(".")[0] for name, _ in plain.named_parameters()}
    seen["weights of"] = tuple(sorted(names))
    latents = plain.draw_latents(2, 4, torch.Generator().manual_seed(1))
    seen["built without keywords"] = (
        *latents.noise.shape,
        *plain(latents).shape,
        bool((latents.noise == latents.noise[:, :1]).all()),
    )
    return seen


def _told_by_draws(seen: dict) -> tuple[str, str] | None:
    """What latents of its own say of how they are drawn."""
    with_memory, without = (seen[f"{w}: one draw a video"] for w in ("with memory", "without"))
    if not with_memory and without:
        what = (
            "With memory each frame has noise of its own, and without it one draw is repeated"
        )
        return "fresh the other way round", f"{what}: it should be the other way round."
    if not with_memory:
        what = "With memory each frame has noise of its own"
        return "always fresh", f"{what}: one draw a video, repeated, is asked for."
    if without:
        what = "Without memory one draw is repeated at every frame"
        return "never fresh", f"{what}, so that no video could move: noise is fresh there."
    return None


# what the mistakes exchange in the reference
_PAINT = "return self.painter(latents.z_content, z_motion)"
_PICK = "z_motion = z_motion[rows, frame_index]"
_PATH = "z_motion, _ = self.motion(latents.noise)"

_STUB = '''class my_VideoGenerator(nn.Module):
    """Paint every frame from one content code and that frame's place on a motion
    path.
    """

    def __init__(self, painter, *, noise_dim=16, motion_dim=16, memory=True):
        super().__init__()
        ...  # your code

    def draw_latents(self, n, n_frames, rng):
        """Draw what n videos are made from."""
        ...  # your code

    def forward(self, latents, frame_index=None):
        """Make videos, or only the frames asked for of each."""
        ...  # your code
'''

# fmt: off
VIDEO_GENERATOR = Exercise(
    name="VideoGenerator",
    number="8.2",
    minutes=12,
    difficulty="medium",
    contract=(
        "Built with a painter, and by keyword noise_dim, motion_dim and memory; without them 16, 16 and True. Keep the painter as `self.painter` and "
        "as `self.motion` a `MotionLSTM(noise_dim=..., motion_dim=...)`; with memory=False an `IndependentMotion`, built the same way. It has no weights but theirs.",
        "`painter(z_content, z_motion)`, of (N, content_dim) and (N, K, motion_dim), returns videos (N, K, C, H, W): "
        "N and K are any numbers, and each frame depends on its own codes alone.",
        "Called with latents, (z_content, noise), it returns videos (B, T, C, H, W): the motion runs over all of the "
        "noise, (B, T, noise_dim), and frame t is painted from z_content and the motion's code t.",
        "With frame_index (B, K) int64 it returns only those frames of each path, in this order, (B, K, C, H, W). "
        "No other frame is painted, and the path is that of all frames.",
        "draw_latents(n, n_frames, rng) returns what `sample_latents` draws with `self.painter.draw_content`: noise is "
        "fresh at every frame without memory, else one draw a video.",
        "The same latents give the same videos, in train() and in eval(); a video does not depend on the others of the "
        "batch; all that is learned is in the state dict; a gradient reaches all latents and every parameter.",
    ),
    reference=lstm_gan.VideoGenerator,
    stub=_STUB,
    cases=(
        Case("sizes, all of them different", _shapes, ((4, 7, 3, 2, 4), (2, 1, 3, 2, 4), (1, 30, 3, 2, 4), (4, 5, 3, 2, 4)),
             "Videos are (B, T, C, H, W), and with frame_index (B, K, C, H, W).", "axes"),
        Case("against a loop that paints frame by frame", _frame_by_frame, "no difference",
             holds=lambda seen: all(isinstance(seen[w], float) and seen[w] < 1e-5 for w in ("with memory", "without")),
             tells=_told_by_changes,
             nudge="Code t of path b belongs into frame t of video b, with that video's content.", kind="architecture"),
        Case("a few frames, out of order", _some_frames, "no difference, and 20 frames painted",
             holds=lambda seen: isinstance(seen["off"], float) and seen["off"] < 1e-5 and seen["frames painted"] == 20,
             tells=_told_of_frames,
             nudge="Walk the whole path first, then pick its codes by row and frame, then paint only those.", kind="architecture"),
        Case("what reaches a window", _gradient_of_a_window, {"noise up to the window": True, "noise after it": False},
             "The window's codes follow from all the noise before them.", "gradients", tells=_told_of_window),
        Case("what a frame remembers", _linked,
             {"with memory: frame 6 remembers frame 2": True, "with memory: frame 1 foresees it": False,
              "without: frame 6 remembers frame 2": False, "without: frame 1 foresees it": False},
             "MotionLSTM links the frames; with memory=False nothing does.", "architecture"),
        Case("latents of its own", _drawn,
             {"with memory: sizes": ((3, 5), (3, 8, 3)), "with memory: one draw a video": True,
              "without: sizes": ((3, 5), (3, 8, 3)), "without: one draw a video": False,
              "weights of": ("motion", "painter"), "built without keywords": (2, 4, 16, 2, 4, 3, 2, 4, True)},
             "Fresh noise exactly where there is no memory.", tells=_told_by_draws),
        gradient_arrives(_built, _inputs),
        modes_agree(_built, _inputs),
    ),
    hints=(
        "Noise becomes a path, a code a frame; the painter paints along it; a window is a choice of codes made before anything is painted.",
        "`self.motion(noise)` returns the codes (B, T, motion_dim) and a state. To pick frame_index (B, K) of them, index with a "
        "column of rows: `codes[torch.arange(B)[:, None], frame_index]`.",
        "forward: `codes, _ = self.motion(latents.noise)`; if frame_index is given, pick; `return self.painter(latents.z_content, codes)`. "
        "draw_latents: `sample_latents(self.painter.draw_content, n, n_frames, self.noise_dim, rng, not self.memory)`.",
    ),
    mistakes=(  # name, edits of the reference, diagnosis, kind
        Mistake("time and batch exchanged", {_PATH: "z_motion = self.motion(latents.noise.transpose(0, 1))[0].transpose(0, 1)"},
                "The LSTM runs along the batch: its axes are batch, time, features.", "architecture"),
        Mistake("folded in the wrong order", {_PAINT: "N, K, d = z_motion.shape\n        return self.painter(latents.z_content, z_motion.reshape(K, N, d).transpose(0, 1))"},
                "A reshape mixes the videos: frames of one path end up in several. Fold and unfold in one order.", "architecture"),
        Mistake("always frame 0", {_PICK: "z_motion = z_motion[rows, 0 * frame_index]"},
                "Every frame of the window is painted from the first code: nothing could ever learn to move.", "architecture"),
        Mistake("the window of the first clip for all", {_PICK: "z_motion = z_motion[:, frame_index[0]]"},
                "All videos get the window of the first: pick by row and frame.", "architecture"),
        Mistake("painted first, picked afterwards", {_PICK: "pass", _PAINT: "videos = self.painter(latents.z_content, z_motion)\n        return videos if frame_index is None else videos[rows, frame_index]"},
                "All frames are painted and most thrown away: pick codes before painting, for painting is what costs.", "architecture"),
        Mistake("a path of the window alone", {_PATH: "noise = latents.noise if frame_index is None else latents.noise[torch.arange(len(frame_index))[:, None], frame_index]\n        z_motion, _ = self.motion(noise)", _PICK: "pass"},
                "The LSTM walks the noise of the window alone: every window would be the beginning of a path.", "architecture"),
        Mistake("sorted frames", {_PICK: "z_motion = z_motion[rows, frame_index.sort(dim=1).values]"},
                "The frames come back in the order of time, not in the order asked for.", "architecture"),
        Mistake("the code of the frame before", {_PAINT: "return self.painter(latents.z_content, z_motion.roll(1, 1))"},
                "Frame t has the code of frame t - 1.", "architecture"),
        Mistake("another clip's content", {_PAINT: "return self.painter(latents.z_content.flip(0), z_motion)"},
                "The contents are in another order than the paths.", "architecture"),
        Mistake("content averaged over the batch", {_PAINT: "return self.painter(0.5 * latents.z_content + 0.5 * latents.z_content.mean(0), z_motion)"},
                "A mean over the batch goes into the content: a video looks different in other company.", "architecture"),
        Mistake("frames before videos", {_PAINT: "return self.painter(latents.z_content, z_motion).transpose(0, 1)"},
                "Time comes first: videos are (B, T, C, H, W).", "axes"),
        Mistake("no way back to the content", {_PAINT: "return self.painter(latents.z_content.detach(), z_motion)"},
                "No gradient reaches z_content: something detaches it.", "gradients"),
        Mistake("other videos in eval()", {_PAINT: "return self.painter(latents.z_content * (1.0 if self.training else 0.8), z_motion)"},
                "eval() makes other videos than train() from the same latents.", "architecture"),
        Mistake("noise drawn inside", {_PATH: "z_motion, _ = self.motion(torch.randn_like(latents.noise))"},
                "The motion does not follow the noise that was handed in: it is drawn again inside.", "architecture"),
        Mistake("noise of the first frame only", {_PATH: "z_motion, _ = self.motion(latents.noise[:, :1].expand_as(latents.noise))"},
                "The first frame's noise is repeated inside: that is draw_latents' choice, and here noise may be fresh.", "architecture"),
        Mistake("no way back to the noise", {_PATH: "z_motion, _ = self.motion(latents.noise.detach())"},
                "No gradient reaches the noise: something detaches it.", "gradients"),
        Mistake("memory ignored", {"MotionLSTM if memory else IndependentMotion": "MotionLSTM"},
                "There is an LSTM although memory=False: the baseline would not be one.", "architecture"),
        Mistake("memory exchanged", {"MotionLSTM if memory else IndependentMotion": "IndependentMotion if memory else MotionLSTM"},
                "Memory and its absence are exchanged.", "architecture"),
        Mistake("fresh noise for the LSTM", {"not self.memory": "True"},
                "The noise is fresh at every frame even with memory: one draw a video was asked for."),
        Mistake("one draw without memory", {"not self.memory": "False"},
                "Without memory all frames have the same noise: nothing would move at all."),
        Mistake("a motion that is no part of it", {"self.motion = motion(noise_dim=noise_dim, motion_dim=motion_dim)": "made = motion(noise_dim=noise_dim, motion_dim=motion_dim)\n        self.__dict__['motion'] = lambda noise: made(noise)"},
                "The LSTM is not registered as a module: no optimiser finds its weights, and no checkpoint keeps them.", "architecture"),
        Mistake("frame_index ignored", {_PICK: "pass"},
                "All frames come back whatever frame_index says.", "axes"),
    ),
)
