"""Right answers to lesson 06: other ways with clips, and networks of other styles."""

import torch
from einops import rearrange
from torch import nn
from torch.nn import functional as F

from vgan_lessons.losses import non_saturating_d_loss
from vgan_lessons.training import d_step


def _bounce_step_by_step(sprite, start, velocity, n_frames, image_size):
    C, h, w = sprite.shape
    if h >= image_size or w >= image_size:
        raise ValueError("no room")
    (x, y), (vx, vy) = start, velocity
    film = torch.full((n_frames, C, image_size, image_size), -1.0)
    for t in range(n_frames):
        film[t, :, y : y + h, x : x + w] = sprite
        x, y = x + vx, y + vy
        if x < 0 or x > image_size - w:
            x, vx = -x if x < 0 else 2 * (image_size - w) - x, -vx
        if y < 0 or y > image_size - h:
            y, vy = -y if y < 0 else 2 * (image_size - h) - y, -vy
    return ((film + 1) * 127.5).round().to(torch.uint8)


def _bounce_by_padding(sprite, start, velocity, n_frames, image_size):
    """Bytes first, then black added on four sides; places from a list to and fro."""
    stored = torch.round((sprite + 1) * 127.5).byte()
    ways = []
    for axis, size in ((0, sprite.shape[2]), (1, sprite.shape[1])):
        r = image_size - size
        if r <= 0:
            raise ValueError(f"axis {axis}")
        there_and_back = [*range(r + 1), *range(r - 1, 0, -1)]
        ways.append(
            [
                there_and_back[(start[axis] + t * velocity[axis]) % (2 * r)]
                for t in range(n_frames)
            ]
        )
    return torch.stack(
        [
            F.pad(
                stored,
                (x, image_size - sprite.shape[2] - x, y, image_size - sprite.shape[1] - y),
            )
            for x, y in zip(*ways, strict=True)
        ]
    )


def _bounce_by_rolling(sprite, start, velocity, n_frames, image_size):
    """A picture with the sprite in its corner, rolled to its place."""
    C, h, w = sprite.shape
    if max(h, w) >= image_size:
        raise ValueError(image_size)
    corner = torch.zeros(C, image_size, image_size, dtype=torch.uint8)
    corner[:, :h, :w] = (sprite.detach() * 127.5 + 127.5 + 0.5).floor().to(torch.uint8)
    place, pace, frames = [start[1], start[0]], [velocity[1], velocity[0]], []
    for _ in range(n_frames):
        frames.append(corner.roll(tuple(place), dims=(1, 2)))
        for axis, r in enumerate((image_size - h, image_size - w)):
            if not 0 <= place[axis] + pace[axis] <= r:
                wall = r if pace[axis] > 0 else 0
                place[axis] = 2 * wall - place[axis] - pace[axis]
                pace[axis] *= -1
            else:
                place[axis] += pace[axis]
    return torch.stack(frames)


_INTO = {"videos": "b t c h w", "frames": "(b t) c h w", "volumes": "b c t h w"}


def _layouts_by_pattern(clips, given, wanted, n_frames):
    return rearrange(clips, f"{_INTO[given]} -> {_INTO[wanted]}", t=n_frames)


def _layouts_by_permute(clips, given, wanted, n_frames):
    if given == wanted:
        return clips
    if given == "frames":
        clips = (
            clips.view(-1, n_frames, *clips.shape[1:])
            if clips.is_contiguous()
            else (clips.reshape(-1, n_frames, *clips.shape[1:]))
        )
    elif given == "volumes":
        clips = clips.permute(0, 2, 1, 3, 4)
    if wanted == "frames":
        return clips.flatten(0, 1)
    return clips.permute(0, 2, 1, 3, 4) if wanted == "volumes" else clips


def _layouts_by_lists(clips, given, wanted, n_frames):
    """Frame by frame, put together again."""
    if given == "frames":
        films = clips.split(n_frames)
    else:
        films = [film if given == "videos" else film.transpose(0, 1) for film in clips]
    if wanted == "frames":
        return torch.cat([*films])
    axis = 1 if wanted == "volumes" else 0
    return torch.stack([torch.stack([*film], dim=axis) for film in films])


def _energy_by_slices(videos):
    if videos.shape[1] == 1:
        raise ValueError("one frame does not move")
    change = (videos[:, 1:] - videos[:, :-1]) ** 2
    return change.mean(dim=tuple(range(1, change.ndim)))


def _energy_by_loop(videos):
    B, T = videos.shape[:2]
    if T < 2:
        raise ValueError(T)
    total = 0
    for t in range(1, T):
        total = total + (videos[:, t] - videos[:, t - 1]).reshape(B, -1).pow(2).mean(-1)
    return total / (T - 1)


def _energy_by_norm(videos):
    if len(videos[0]) < 2:
        raise ValueError("need two frames")
    flat = videos.flatten(2)
    lengths = torch.einsum("btd,btd->b", flat.diff(dim=1), flat.diff(dim=1))
    return lengths / ((flat.shape[1] - 1) * flat.shape[2])


def _distances_in_turn(real, fake, features, distance):
    T = real.shape[1]
    answers = []
    for length in (1, T):
        clouds = [
            features(rearrange(films, "n (k t) c h w -> (n k) t c h w", t=length))
            for films in (real, fake)
        ]
        answers.append(float(distance(*clouds)))
    return tuple(answers)


def _distances_by_reshape(real, fake, features, distance):
    with torch.no_grad():
        seen = [features(x.reshape(-1, 1, *x.shape[2:])) for x in (real, fake)]
        frame_distance = distance(seen[0], seen[1])
        clip_distance = distance(features(real), features(fake))
    return float(frame_distance), float(clip_distance)


def _distances_frame_by_frame(real, fake, features, distance):
    """Other order of the rows: all first frames, then all second ones."""

    def stills(films):
        return torch.cat([features(films[:, t : t + 1]) for t in range(films.shape[1])])

    return [
        float(distance(stills(real), stills(fake))),
        float(distance(features(real), features(fake))),
    ]


def _area(real_logits, fake_logits):
    wins = [
        (r > f) + 0.5 * (r == f) for r in real_logits.tolist() for f in fake_logits.tolist()
    ]
    return sum(wins) / len(wins)


def _judges_at_length(frame_D, clip_D, frame_optim, clip_optim, batches, real, fake):
    def of_frames(clips):
        return torch.stack([frame_D(clips[:, t]) for t in range(clips.shape[1])]).mean(0)

    for r, f in batches:
        frame_optim.zero_grad()
        non_saturating_d_loss(of_frames(r), of_frames(f)).backward()
        frame_optim.step()
        clip_optim.zero_grad()
        non_saturating_d_loss(clip_D(r), clip_D(f)).backward()
        clip_optim.step()
    return (
        _area(of_frames(real), of_frames(fake)),
        _area(clip_D(real), clip_D(fake)),
    )


def _judges_by_d_step(frame_D, clip_D, frame_optim, clip_optim, batches, real, fake):
    """With lesson 04's step: a generator that hands its latents on."""

    class OfFrames(nn.Module):
        def forward(self, clips):
            logits = frame_D(rearrange(clips, "b t c h w -> (b t) c h w"))
            return rearrange(logits, "(b t) -> b t", b=len(clips)).mean(1)

    handed_on, of_frames = nn.Identity(), OfFrames()
    pair = [(of_frames, frame_optim), (clip_D, clip_optim)]
    for r, f in batches:
        for D, optim in pair:
            d_step(handed_on, D, optim, non_saturating_d_loss, r, f)
    with torch.no_grad():
        return [_area(D(real), D(fake)) for D, _ in pair]


def _judges_from_a_list(frame_D, clip_D, frame_optim, clip_optim, batches, real, fake):
    """All batches kept; one discriminator after the other."""
    kept, areas = [*batches], []

    def of_frames(clips):
        B, T = clips.shape[:2]
        return frame_D(clips.reshape(B * T, *clips.shape[2:])).reshape(B, T).mean(-1)

    for D, optim in ((of_frames, frame_optim), (clip_D, clip_optim)):
        for r, f in kept:
            optim.zero_grad()
            loss = F.softplus(-D(r)).mean() + F.softplus(D(f)).mean()
            loss.backward()
            optim.step()
        with torch.no_grad():
            above = D(real).view(-1, 1) - D(fake).view(1, -1)
        areas.append(((above > 0).float() + (above == 0).float() / 2).mean().item())
    return areas[0], areas[1]


class FactorisedDiscriminator(nn.Module):
    """(2 + 1)-D: space by (1, 4, 4) kernels, time by (3, 1, 1)."""

    def __init__(self, *, n_frames=6, image_size=32, channels=3, base_channels=48):
        super().__init__()
        layers, n_in, n_out = [], channels, base_channels
        while image_size > 4:
            layers += [nn.Conv3d(n_in, n_out, (1, 4, 4), (1, 2, 2), (0, 1, 1)), nn.ELU()]
            layers += [nn.Conv3d(n_out, n_out, (3, 1, 1), padding=(1, 0, 0)), nn.ELU()]
            n_in, n_out, image_size = n_out, n_out * 2, image_size // 2
        self.layers = nn.Sequential(*layers)
        self.score = nn.Linear(n_in * 16, 1)
        self.over_time = nn.Parameter(torch.randn(n_frames))

    def forward(self, clips):
        seen = self.layers(rearrange(clips, "b t c h w -> b c t h w"))
        scores = self.score(rearrange(seen, "b c t h w -> b t (c h w)"))
        return scores.squeeze(2) @ self.over_time


class FunctionalClipDiscriminator(nn.Module):
    """Frames and their differences as channels, pooling between convolutions."""

    def __init__(self, *, n_frames=6, image_size=32, channels=3, base_channels=48):
        super().__init__()
        planes = (2 * n_frames - 1) * channels
        self.first = nn.Conv2d(planes, base_channels, 3, padding=1)
        self.second = nn.Conv2d(base_channels, 2 * base_channels, 3, padding=1)
        self.weights = nn.Parameter(torch.randn(2 * base_channels, 4, 4) / base_channels)

    def forward(self, clips):
        both = torch.cat([clips, clips.diff(dim=1)], dim=1).flatten(1, 2)
        features = F.avg_pool2d(F.leaky_relu(self.first(both), 0.1), 2)
        features = F.leaky_relu(self.second(features), 0.1)
        return (F.adaptive_avg_pool2d(features, 4) * self.weights).flatten(1).sum(1)


class RecurrentDiscriminator(nn.Module):
    """Frames become vectors, a GRU reads them in turn."""

    def __init__(self, *, n_frames=6, image_size=32, channels=3, base_channels=48):
        super().__init__()
        self.look = nn.Conv2d(channels, base_channels, image_size // 4, image_size // 4)
        self.read = nn.GRU(16 * base_channels, base_channels, batch_first=True)
        self.score = nn.Linear(base_channels, 1)

    def forward(self, clips):
        frames = self.look(rearrange(clips, "b t c h w -> (b t) c h w")).tanh()
        rows = rearrange(frames, "(b t) c h w -> b t (c h w)", b=len(clips))
        _, last = self.read(rows)
        return self.score(last[0])[:, 0]


class ResidualClipDiscriminator(nn.Module):
    """Residual 3-D blocks with GroupNorm; averages over space, never over time."""

    def __init__(self, *, n_frames=6, image_size=32, channels=3, base_channels=48):
        super().__init__()
        self.enter = nn.Conv3d(channels, base_channels, (3, 3, 3), padding=1)
        self.blocks = nn.ModuleList()
        while image_size > 4:
            norm = nn.GroupNorm(1, base_channels)
            conv = nn.Conv3d(base_channels, base_channels, 3, padding=1)
            self.blocks.append(nn.Sequential(norm, nn.SiLU(), conv))
            image_size //= 2
        self.leave = nn.Linear(base_channels * 16 * n_frames, 1)

    def forward(self, clips):
        volumes = self.enter(clips.transpose(1, 2))
        for block in self.blocks:
            volumes = F.avg_pool3d(volumes + block(volumes), (1, 2, 2))
        return self.leave(volumes.flatten(1)).flatten()


def sequential_clip_discriminator(*, n_frames=6, image_size=32, channels=3, base_channels=48):
    layers, n_in, n_out = [nn.Flatten(1, 2)], n_frames * channels, base_channels
    while image_size > 4:
        layers += [nn.Conv2d(n_in, n_out, 4, 2, 1), nn.GELU()]
        n_in, n_out, image_size = n_out, min(2 * n_out, 128), image_size // 2
    return nn.Sequential(*layers, nn.Conv2d(n_in, 1, 4), nn.Flatten(0))


ANSWERS = {
    "bounce": {
        "step by step": _bounce_step_by_step,
        "padding, a list to and fro": _bounce_by_padding,
        "rolling": _bounce_by_rolling,
    },
    "video_layouts": {
        "one pattern": _layouts_by_pattern,
        "permute and view": _layouts_by_permute,
        "lists": _layouts_by_lists,
    },
    "motion_energy": {
        "slices": _energy_by_slices,
        "a loop": _energy_by_loop,
        "einsum": _energy_by_norm,
    },
    "frame_and_clip_distance": {
        "by length": _distances_in_turn,
        "reshape": _distances_by_reshape,
        "frame by frame": _distances_frame_by_frame,
    },
    "two_judges": {
        "at length": _judges_at_length,
        "lesson 04's step": _judges_by_d_step,
        "one after the other": _judges_from_a_list,
    },
    "ClipDiscriminator": {
        "factorised": FactorisedDiscriminator,
        "functional, differences": FunctionalClipDiscriminator,
        "recurrent": RecurrentDiscriminator,
        "residual": ResidualClipDiscriminator,
        "one Sequential": sequential_clip_discriminator,
    },
}
