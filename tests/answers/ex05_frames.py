"""Right answers to lesson 05: networks of other styles, and the same loop in other hands."""

import copy
import math
from itertools import count

import torch
from einops import rearrange, repeat
from torch import nn
from torch.nn import functional as F

from vgan_lessons.losses import relativistic_d_loss, relativistic_g_loss
from vgan_lessons.penalties import r1_penalty, r2_penalty
from vgan_lessons.training import d_step, ema_decay_at, ema_update, g_step


class FunctionalGenerator(nn.Module):
    """Nearest neighbours and convolutions, written out in forward."""

    def __init__(self, *, latent_dim=64, image_size=32, channels=3, base_channels=24):
        super().__init__()
        self.image_size, self.width = image_size, base_channels
        self.seed = nn.Linear(latent_dim, base_channels * 16)
        n_layers = int(math.log2(image_size // 4))
        self.convs = nn.ModuleList(
            nn.Conv2d(base_channels, base_channels, 3, padding=1) for _ in range(n_layers)
        )
        self.colours = nn.Conv2d(base_channels, channels, 1)

    def forward(self, z):
        features = F.silu(self.seed(z)).view(len(z), self.width, 4, 4)
        for conv in self.convs:
            features = F.silu(conv(F.interpolate(features, scale_factor=2)))
        return torch.tanh(self.colours(features))


class ResidualGenerator(nn.Module):
    """Residual blocks with a norm over the channels of each pixel."""

    def __init__(self, *, latent_dim=64, image_size=32, channels=3, base_channels=24):
        super().__init__()
        self.image_size, self.width = image_size, base_channels
        self.dense = nn.Linear(latent_dim, base_channels * 16)
        self.blocks = nn.ModuleDict()
        while image_size > 4:
            self.blocks[str(image_size)] = nn.Conv2d(base_channels, base_channels, 3, 1, 1)
            image_size //= 2
        self.last = nn.Conv2d(base_channels, channels, 3, padding=1)

    def forward(self, z):
        features = self.dense(z).unflatten(1, (self.width, 4, 4))
        for conv in self.blocks.values():
            features = nn.functional.interpolate(features, scale_factor=2.0, mode="bilinear")
            norm = features.square().mean(1, keepdim=True).add(1e-8).rsqrt()
            features = features + conv(F.leaky_relu(features * norm, 0.2))
        return self.last(F.leaky_relu(features, 0.2)).tanh()


class EinopsGenerator(nn.Module):
    """Channels become pixels: depth to space by pattern."""

    def __init__(self, *, latent_dim=64, image_size=32, channels=3, base_channels=24):
        super().__init__()
        self.times, self.channels = image_size // 4, channels
        self.dense = nn.Linear(latent_dim, 16 * base_channels)
        self.mix = nn.Conv2d(base_channels, base_channels, 3, padding=1)
        self.paint = nn.Conv2d(base_channels, channels * self.times**2, 3, padding=1)

    def forward(self, z):
        features = rearrange(self.dense(z).relu(), "b (c h w) -> b c h w", h=4, w=4)
        pixels = self.paint(self.mix(features).relu())
        times = self.times
        return rearrange(pixels.tanh(), "b (c i j) h w -> b c (h i) (w j)", i=times, j=times)


def sequential_generator(*, latent_dim=64, image_size=32, channels=3, base_channels=24):
    """One Sequential, its first layer a transposed convolution of a 1x1 picture."""
    layers = [nn.Unflatten(1, (latent_dim, 1, 1))]
    layers += [nn.ConvTranspose2d(latent_dim, base_channels, 4), nn.GELU()]
    for _ in range(int(math.log2(image_size)) - 2):
        layers += [nn.ConvTranspose2d(base_channels, base_channels, 4, 2, 1), nn.GELU()]
    return nn.Sequential(*layers, nn.Conv2d(base_channels, channels, 3, 1, 1), nn.Tanh())


class FunctionalDiscriminator(nn.Module):
    """Convolutions, and average pooling between them."""

    def __init__(self, *, image_size=32, channels=3, base_channels=24):
        super().__init__()
        self.first = nn.Conv2d(channels, base_channels, 3, padding=1)
        self.second = nn.Conv2d(base_channels, 2 * base_channels, 3, padding=1)
        self.weights = nn.Parameter(torch.randn(2 * base_channels, 4, 4) / base_channels)

    def forward(self, frames):
        features = F.avg_pool2d(F.leaky_relu(self.first(frames), 0.1), 2)
        features = F.leaky_relu(self.second(features), 0.1)
        return (F.adaptive_avg_pool2d(features, 4) * self.weights).flatten(1).sum(1)


class ResidualDiscriminator(nn.Module):
    """Residual blocks with GroupNorm."""

    def __init__(self, *, image_size=32, channels=3, base_channels=24):
        super().__init__()
        self.enter = nn.Conv2d(channels, base_channels, 3, padding=1)
        self.blocks = nn.ModuleList()
        while image_size > 4:
            norm = nn.GroupNorm(1, base_channels)
            conv = nn.Conv2d(base_channels, base_channels, 3, padding=1)
            self.blocks.append(nn.Sequential(norm, nn.SiLU(), conv))
            image_size //= 2
        self.leave = nn.Linear(base_channels * 16, 1)

    def forward(self, frames):
        features = self.enter(frames)
        for block in self.blocks:
            features = F.avg_pool2d(features + block(features), 2)
        return self.leave(features.flatten(1))[:, 0]


class EinopsDiscriminator(nn.Module):
    """Patches of 4x4 as rows of numbers, scored together."""

    def __init__(self, *, image_size=32, channels=3, base_channels=24):
        super().__init__()
        self.patch = nn.Linear(channels * 16, base_channels)
        self.place = nn.Parameter(torch.randn((image_size // 4) ** 2, base_channels) * 0.1)
        self.score = nn.Sequential(
            nn.Linear(base_channels, base_channels), nn.GELU(), nn.Linear(base_channels, 1)
        )

    def forward(self, frames):
        rows = rearrange(frames, "b c (h i) (w j) -> b (h w) (c i j)", i=4, j=4)
        place = repeat(self.place, "n d -> b n d", b=len(frames))
        return self.score(F.gelu(self.patch(rows) + place)).mean((1, 2))


def sequential_discriminator(*, image_size=32, channels=3, base_channels=24):
    layers, n_in, n_out = [], channels, base_channels
    for _ in range(int(math.log2(image_size)) - 2):
        layers += [nn.Conv2d(n_in, n_out, 4, 2, 1), nn.ELU()]
        n_in, n_out = n_out, min(2 * n_out, 256)
    return nn.Sequential(*layers, nn.Conv2d(n_in, 1, 4), nn.Flatten(0))


def _overlap_by_convolution(kernel, stride, n_in):
    ones = torch.ones(1, 1, n_in, dtype=torch.float64)
    weight = torch.ones(1, 1, kernel, dtype=torch.float64)
    return F.conv_transpose1d(ones, weight, stride=stride)[0, 0].round().long()


def _overlap_by_comparison(kernel, stride, n_in):
    places = torch.arange((n_in - 1) * stride + kernel)
    firsts = torch.arange(n_in)[:, None] * stride
    return ((places >= firsts) & (places < firsts + kernel)).sum(0)


def _overlap_by_counting(kernel, stride, n_in):
    reached = [i * stride + k for i in range(n_in) for k in range(kernel)]
    length = (n_in - 1) * stride + kernel
    return torch.tensor([reached.count(place) for place in range(length)])


def _both(gamma):
    return lambda D, real, fake: r1_penalty(D, real, gamma) + r2_penalty(D, fake, gamma)


def _frames_while(G, D, g_optim, d_optim, draw_real, draw_z, n_rounds, gamma, decay):
    kept, step = copy.deepcopy(G), 0
    while step < n_rounds:
        step += 1
        real = draw_real()
        d_loss = d_step(G, D, d_optim, relativistic_d_loss, real, draw_z(), _both(gamma))
        g_loss = g_step(G, D, g_optim, relativistic_g_loss, real, draw_z())
        ema_update(kept, G, ema_decay_at(step, decay))
        yield float(d_loss), float(g_loss), kept


def _frames_by_hand(G, D, g_optim, d_optim, draw_real, draw_z, n_rounds, gamma, decay):
    """Without the steps of lesson 04."""
    average = copy.deepcopy(G).requires_grad_(False)
    for step in range(n_rounds):
        real, fake = draw_real(), G(draw_z()).detach()
        d_loss = F.softplus(D(fake) - D(real)).mean()
        d_optim.zero_grad()
        (d_loss + _both(gamma)(D, real, fake)).backward()
        d_optim.step()
        g_loss = F.softplus(D(real).detach() - D(G(draw_z()))).mean()
        g_optim.zero_grad()
        g_loss.backward()
        g_optim.step()
        ema_update(average, G, ema_decay_at(step + 1, decay))
        yield (d_loss.item(), g_loss.item(), average)


class _Frames:
    """An iterator by class."""

    def __init__(self, G, D, g_optim, d_optim, draw_real, draw_z, n_rounds, gamma, decay):
        self.average = copy.deepcopy(G)
        self.players, self.optims = (G, D), (d_optim, g_optim)
        self.draws, self.gamma, self.decay = (draw_real, draw_z), gamma, decay
        self.steps, self.last = count(1), n_rounds

    def __iter__(self):
        return self

    def __next__(self):
        step = next(self.steps)
        if step > self.last:
            raise StopIteration
        real, draw_z = self.draws[0](), self.draws[1]
        losses = (relativistic_d_loss, relativistic_g_loss)
        d_loss = d_step(
            *self.players, self.optims[0], losses[0], real, draw_z(), _both(self.gamma)
        )
        g_loss = g_step(*self.players, self.optims[1], losses[1], real, draw_z())
        ema_update(self.average, self.players[0], ema_decay_at(step, self.decay))
        return d_loss.item(), g_loss.item(), self.average


class _Resized(nn.Module):
    def __init__(self, size):
        super().__init__()
        self.size = size

    def forward(self, pictures):
        return F.interpolate(pictures, size=self.size, mode="bilinear")


def _by_resizing(*, frame_size, latent_dim, width):
    """Grow to 16, resize to the frame, then paint."""
    G = nn.Sequential(
        *(nn.Linear(latent_dim, 16 * width), nn.Unflatten(1, (width, 4, 4)), nn.SiLU()),
        *(nn.ConvTranspose2d(width, width, 4, 4), nn.SiLU(), _Resized(frame_size)),
        *(nn.Conv2d(width, 3, 3, padding=1), nn.Tanh()),
    )
    D = nn.Sequential(
        *(nn.Conv2d(3, width, 4, 2, 1), nn.SiLU(), nn.Conv2d(width, 1, 3, padding=1)),
        *(nn.Flatten(), nn.LazyLinear(1), nn.Flatten(0)),
    )
    D(torch.zeros(1, 3, frame_size, frame_size))
    return G, D


def _from_a_quarter(*, frame_size, latent_dim, width):
    """A quarter of the frame from a thin dense layer, doubled twice, resized to fit."""
    side = -(-frame_size // 4)
    G = nn.Sequential(
        *(nn.Linear(latent_dim, 8), nn.SiLU(), nn.Linear(8, width * side * side)),
        *(nn.SiLU(), nn.Unflatten(1, (width, side, side))),
        *(nn.Upsample(scale_factor=2), nn.Conv2d(width, width, 3, padding=1), nn.SiLU()),
        *(nn.Upsample(size=frame_size), nn.Conv2d(width, 3, 5, padding=2), nn.Tanh()),
    )
    D = nn.Sequential(
        *(nn.Conv2d(3, width, 7, 4, 3), nn.ELU(), nn.AdaptiveAvgPool2d(4), nn.Flatten()),
        *(nn.Linear(16 * width, 1), nn.Flatten(0)),
    )
    return G, D


class _Painter(nn.Module):
    """Each pixel from its place and the latent."""

    def __init__(self, frame_size, latent_dim, width):
        super().__init__()
        self.frame_size = frame_size
        self.layers = nn.Sequential(
            *(nn.Linear(latent_dim + 2, 8 * width), nn.Softplus(), nn.Linear(8 * width, 3))
        )

    def forward(self, z):
        way = torch.linspace(-1, 1, self.frame_size, dtype=z.dtype, device=z.device)
        places = torch.cartesian_prod(way, way)
        z = repeat(z, "b d -> b n d", n=len(places))
        both = torch.cat([z, repeat(places, "n d -> b n d", b=len(z))], dim=2)
        return rearrange(self.layers(both).tanh(), "b (h w) c -> b c h w", h=self.frame_size)


def _by_coordinates(*, frame_size, latent_dim, width):
    D = nn.Sequential(
        *(nn.Conv2d(3, width, 3, padding=1), nn.GELU(), nn.Conv2d(width, 1, 3, padding=1)),
        *(nn.AdaptiveAvgPool2d(1), nn.Flatten(0)),
    )
    return _Painter(frame_size, latent_dim, width), D


def _walk_in_its_plane(start, end, n_steps):
    """By an orthonormal pair, turned; lengths put back by the formula's own weights."""
    a, b = start / start.norm(), end / end.norm()
    angle = torch.arccos(torch.clamp(torch.dot(a, b), -1, 1))
    rows = []
    for i in range(n_steps):
        t = i / (n_steps - 1)
        if angle < 1e-3:
            rows.append((1 - t) * start + t * end)
        else:
            left = torch.sin((1 - t) * angle) / torch.sin(angle)
            rows.append(left * start + torch.sin(t * angle) / torch.sin(angle) * end)
    return torch.stack(rows)


def _walk_by_where(start, end, n_steps):
    t = torch.arange(n_steps, dtype=start.dtype, device=start.device) / (n_steps - 1)
    cosine = F.cosine_similarity(start, end, dim=0)
    angle = cosine.clamp(-1 + 1e-7, 1 - 1e-7).acos()
    weights = torch.stack([torch.sin((1 - t) * angle), torch.sin(t * angle)], dim=1)
    weights = torch.stack([1 - t, t], dim=1) if angle < 1e-3 else weights / angle.sin()
    return weights @ torch.stack([start, end])


def _walk_by_outer(start, end, n_steps):
    t = torch.linspace(0, 1, n_steps).to(start)
    lengths = torch.linalg.vector_norm(start) * torch.linalg.vector_norm(end)
    angle = ((start @ end) / lengths).clip(min=-1, max=1).arccos()
    if angle.item() < 1e-3:
        return torch.lerp(start[None], end[None], t[:, None])
    left, right = torch.sin(angle - t * angle), torch.sin(t * angle)
    return (torch.outer(left, start) + torch.outer(right, end)) / torch.sin(angle)


class _DepthToSpace(nn.Module):
    """Four times the channels, one for each pixel of a square of two."""

    def __init__(self, in_channels, out_channels):
        super().__init__()
        self.conv = nn.Conv2d(in_channels, 4 * out_channels, 3, padding=1)

    def forward(self, features):
        pattern = "b (c i j) h w -> b c (h i) (w j)"
        return rearrange(self.conv(features), pattern, i=2, j=2)


class _RepeatedThenConvolved(nn.Module):
    """Every pixel four times, then a functional convolution."""

    def __init__(self, in_channels, out_channels):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(out_channels, in_channels, 3, 3) / 9)

    def forward(self, features):
        large = features.repeat_interleave(2, dim=2).repeat_interleave(2, dim=3)
        return F.conv2d(large, self.weight, padding="same")


def _enlarged_residual(in_channels, out_channels):
    return nn.Sequential(
        nn.Upsample(scale_factor=2, mode="nearest"),
        nn.Conv2d(in_channels, out_channels, 1),
        nn.LeakyReLU(0.2),
        nn.Conv2d(out_channels, out_channels, 3, padding=1),
    )


ANSWERS = {
    "FrameGenerator": {
        "functional, nearest neighbours": FunctionalGenerator,
        "residual": ResidualGenerator,
        "einops": EinopsGenerator,
        "one Sequential": sequential_generator,
    },
    "FrameDiscriminator": {
        "functional, pooling": FunctionalDiscriminator,
        "residual": ResidualDiscriminator,
        "einops": EinopsDiscriminator,
        "one Sequential": sequential_discriminator,
    },
    "overlap_map": {
        "a transposed convolution of ones": _overlap_by_convolution,
        "by comparison": _overlap_by_comparison,
        "counted one by one": _overlap_by_counting,
    },
    "raising_convolution": {
        "side by side": lambda n_in, n_out: nn.ConvTranspose2d(n_in, n_out, 2, stride=2),
        "a wider even kernel": lambda n_in, n_out: nn.ConvTranspose2d(n_in, n_out, 6, 2, 2),
        "depth to space": _DepthToSpace,
        "repeated pixels, functional": _RepeatedThenConvolved,
        "enlarged, two convolutions": _enlarged_residual,
    },
    "train_frames": {
        "while": _frames_while,
        "without the steps of lesson 04": _frames_by_hand,
        "an iterator by class": _Frames,
    },
    "article_frames": {
        "resized": _by_resizing,
        "from a quarter": _from_a_quarter,
        "by coordinates": _by_coordinates,
    },
    "walk_in_latent_space": {
        "step by step": _walk_in_its_plane,
        "weights": _walk_by_where,
        "outer products": _walk_by_outer,
    },
}
