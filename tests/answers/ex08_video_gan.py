"""Right answers to lesson 08: other ways to draw, paint, choose and measure."""

import torch
from einops import rearrange, repeat
from torch import nn
from torch.nn import functional as F

from vgan_lessons.models.lstm_gan import VideoLatents, sample_latents
from vgan_lessons.models.motion import IndependentMotion, MotionLSTM
from vgan_lessons.training.windows import Window


def _latents_by_repeat(draw_content, n, n_frames, noise_dim, rng, fresh=False):
    content = draw_content(n, rng)
    if fresh:
        noise = torch.randn((n, n_frames, noise_dim), generator=rng, device=rng.device)
        return VideoLatents(content, noise)
    name = torch.randn((n, noise_dim), generator=rng, device=rng.device)
    return VideoLatents(content, repeat(name, "b d -> b t d", t=n_frames))


def _latents_in_place(draw_content, n, n_frames, noise_dim, rng, fresh=False):
    """Fresh noise; without it, the first frame's is copied over the others."""
    content = draw_content(n, rng)
    noise = torch.empty(n, n_frames if fresh else 1, noise_dim, device=rng.device)
    noise.normal_(generator=rng)
    return VideoLatents(content, noise if fresh else noise.repeat(1, n_frames, 1))


def _latents_frame_by_frame(draw_content, n, n_frames, noise_dim, rng, fresh=False):
    content, frames = draw_content(n, rng), []
    for t in range(n_frames):
        if fresh or t == 0:
            frames.append(torch.randn(n, noise_dim, generator=rng, device=rng.device))
        else:
            frames.append(frames[0])
    return VideoLatents(z_content=content, noise=torch.stack(frames, dim=1))


class _Base(nn.Module):
    """What the styles below share."""

    def __init__(self, painter, *, noise_dim=16, motion_dim=16, memory=True):
        super().__init__()
        self.painter, self.noise_dim, self.memory = painter, noise_dim, memory
        kind = MotionLSTM if memory else IndependentMotion
        self.motion = kind(noise_dim=noise_dim, motion_dim=motion_dim)

    def draw_latents(self, n, n_frames, rng):
        draw = self.painter.draw_content
        return sample_latents(draw, n, n_frames, self.noise_dim, rng, not self.memory)


class _FoldedGenerator(_Base):
    """Time folded into the batch before anything is painted."""

    def forward(self, latents, frame_index=None):
        content, noise = latents
        codes = self.motion(noise)[0]
        if frame_index is not None:
            index = repeat(frame_index, "b k -> b k d", d=codes.shape[2])
            codes = codes.gather(1, index)
        K = codes.shape[1]
        rows = rearrange(codes, "b k d -> (b k) 1 d")
        frames = self.painter(content.repeat_interleave(K, dim=0), rows)
        return rearrange(frames, "(b k) 1 c h w -> b k c h w", k=K)


class _LoopingGenerator(_Base):
    """A loop over time, a frame of every clip at once."""

    def forward(self, latents, frame_index=None):
        codes, _ = self.motion(latents.noise)
        if frame_index is None:
            frame_index = torch.arange(codes.shape[1]).expand(len(codes), -1)
        frames = []
        for place in frame_index.unbind(1):
            chosen = codes[torch.arange(len(codes)), place].unsqueeze(1)
            frames.append(self.painter(latents.z_content, chosen))
        return torch.cat(frames, dim=1)


class _StackedGenerator(_Base):
    """One clip after another; the path by torch.take_along_dim."""

    def forward(self, latents, frame_index=None):
        z_content, noise = latents[0], latents[1]
        path, _ = self.motion(noise)
        if frame_index is not None:
            path = torch.take_along_dim(path, frame_index.unsqueeze(2), dim=1)
        pairs = zip(z_content.split(1), path.split(1), strict=True)
        return torch.cat([self.painter(content, codes) for content, codes in pairs])


class _SelectingGenerator(_Base):
    """Chooses by a one-hot product."""

    def forward(self, latents, frame_index=None):
        path = self.motion(latents.noise)[0]
        if frame_index is not None:
            chosen = F.one_hot(frame_index, path.shape[1]).to(path)
            path = chosen @ path
        return self.painter(latents.z_content, path)


def _windows_by_rand(config, step, n_clips, rng):
    stride = step % config.max_stride + 1
    room = config.n_frames - (config.window_frames - 1) * stride
    start = (torch.rand(n_clips, generator=rng, device=rng.device) * room).long()
    index = start[:, None] + stride * torch.arange(config.window_frames, device=rng.device)
    order = torch.rand(n_clips, config.window_frames, generator=rng, device=rng.device)
    return Window(stride, index, order.topk(config.single_frames, dim=1).indices)


def _windows_clip_by_clip(config, step, n_clips, rng):
    K, stride = config.window_frames, 1 + step % config.max_stride
    last = config.n_frames - 1 - (K - 1) * stride
    index, picked = [], []
    for _ in range(n_clips):
        first = int(torch.randint(last + 1, (), generator=rng))
        index.append([first + k * stride for k in range(K)])
        picked.append(torch.randperm(K, generator=rng)[: config.single_frames])
    return Window(stride, torch.tensor(index), torch.stack(picked))


def _windows_by_multinomial(config, step, n_clips, rng):
    stride = 1 + step % config.max_stride
    span = 1 + stride * (config.window_frames - 1)
    places = torch.ones(n_clips, config.n_frames - span + 1)
    start = torch.multinomial(places, 1, generator=rng)
    offsets = torch.arange(0, span, stride)
    frames = torch.ones(n_clips, config.window_frames)
    picked = torch.multinomial(frames, config.single_frames, generator=rng)
    return Window(stride, start + offsets, picked)


def _share(values):
    """(groups, members, d): by loops over groups."""
    middle = values.flatten(0, 1).mean(0)
    within = sum(float(((rows - rows.mean(0)) ** 2).sum()) for rows in values)
    total = sum(float(((rows - middle) ** 2).sum()) for rows in values)
    return 1 - within / total


def _swap_by_grid(generator, contents, motions, look, path):
    rows, columns = torch.meshgrid(
        torch.arange(len(contents.z_content)), torch.arange(len(motions.noise)), indexing="ij"
    )
    latents = VideoLatents(contents.z_content[rows.flatten()], motions.noise[columns.flatten()])
    with torch.no_grad():
        videos = generator(latents)
    looks = look(videos).reshape(*rows.shape, -1)
    paths = path(videos).reshape(*rows.shape, -1)
    return _share(looks), _share(paths.permute(1, 0, 2))


def _swap_one_content_at_a_time(generator, contents, motions, look, path):
    looks, paths = [], []
    with torch.inference_mode():
        for content in contents.z_content:
            same = content.expand(len(motions.noise), -1)
            videos = generator(VideoLatents(same, motions.noise))
            looks.append(look(videos))
            paths.append(path(videos))
    return _share(torch.stack(looks)), _share(torch.stack(paths, dim=1))


@torch.no_grad()
def _swap_by_variances(generator, contents, motions, look, path):
    R, M = len(contents.z_content), len(motions.noise)
    z_content = repeat(contents.z_content, "r d -> (r m) d", m=M)
    noise = repeat(motions.noise, "m t d -> (r m) t d", r=R)
    videos = generator(VideoLatents(z_content, noise))
    scores = []
    for measure, pattern in ((look, "(r m) d -> r m d"), (path, "(r m) d -> m r d")):
        values = rearrange(measure(videos), pattern, r=R, m=M)
        between = values.mean(1).var(0, correction=0).sum()
        total = values.flatten(0, 1).var(0, correction=0).sum()
        scores.append(between / total)
    return tuple(scores)


def _diagnose_by_table(run):
    rules = (
        ("collapse", run.variety, lambda v: v < 0.3),
        ("frozen", run.motion, lambda v: v < 0.3),
        ("loop", run.comes_back, lambda v: v < 0.5),
        ("flicker", run.restless, lambda v: v > 0.85),
        ("drift", run.content_change, lambda v: v > 0.25),
    )
    for word, column, rule in rules:
        if rule(float(column[-5:].median())):
            return word
    return "healthy"


def _diagnose_by_votes(run):
    def says(flags):
        return int(flags[-5:].sum()) >= 3

    if says(run.variety < 0.2):
        return "collapse"
    if says(run.motion < 0.4):
        return "frozen"
    if says(run.comes_back < 0.7):
        return "loop"
    if says(run.restless > 0.75):
        return "flicker"
    return "drift" if says(run.content_change > 0.3) else "healthy"


def _diagnose_by_sorting(run):
    middle = {
        name: sorted(getattr(run, name)[-5:].tolist())[2]
        for name in ("motion", "restless", "comes_back", "content_change", "variety")
    }
    word = "drift" if middle["content_change"] > 0.15 else "healthy"
    if middle["restless"] > 0.8:
        word = "flicker"
    if middle["comes_back"] < 0.65:
        word = "loop"
    if middle["motion"] < 0.32:
        word = "frozen"
    return "collapse" if middle["variety"] < 0.25 else word


ANSWERS = {
    "sample_latents": {
        "repeated by einops": _latents_by_repeat,
        "normal_ in place": _latents_in_place,
        "frame by frame": _latents_frame_by_frame,
    },
    "VideoGenerator": {
        "time folded into the batch": _FoldedGenerator,
        "a loop over time": _LoopingGenerator,
        "clip by clip": _StackedGenerator,
        "one-hot choice": _SelectingGenerator,
    },
    "windows": {
        "by uniform numbers": _windows_by_rand,
        "clip by clip": _windows_clip_by_clip,
        "by multinomial": _windows_by_multinomial,
    },
    "swap_test": {
        "by a grid of indices": _swap_by_grid,
        "one content at a time": _swap_one_content_at_a_time,
        "by variances": _swap_by_variances,
    },
    "diagnose_video": {
        "a table of rules": _diagnose_by_table,
        "by votes": _diagnose_by_votes,
        "by sorting": _diagnose_by_sorting,
    },
}
