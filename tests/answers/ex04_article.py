"""Right answers to 4.9 and 4.10, where a published program is mended."""

import torch
from torch import nn
from torch.nn import functional as F

from vgan_lessons.losses import non_saturating_d_loss, non_saturating_g_loss
from vgan_lessons.training import d_step, g_step


def _with_the_steps_of_before(G, D, g_optim, d_optim, reals, sample):
    for real in reals:
        z = sample(len(real))
        d_loss = d_step(G, D, d_optim, non_saturating_d_loss, real, z)
        z = sample(len(real))
        yield d_loss.item(), g_step(G, D, g_optim, non_saturating_g_loss, real, z).item()


def _with_labels_and_two_backwards(G, D, g_optim, d_optim, reals, sample):
    loss_fn = F.binary_cross_entropy_with_logits
    for real in reals:
        D.zero_grad()
        on_real = D(real)
        loss_real = loss_fn(on_real, torch.ones_like(on_real))
        loss_real.backward()
        on_fake = D(G(sample(real.shape[0])).detach())
        loss_fake = loss_fn(on_fake, torch.zeros_like(on_fake))
        loss_fake.backward()
        d_optim.step()
        G.zero_grad()
        on_fake = D(G(sample(real.shape[0])))
        g_loss = loss_fn(on_fake, torch.ones_like(on_fake))
        g_loss.backward()
        g_optim.step()
        yield (loss_real + loss_fake).item(), g_loss.item()


def _with_d_frozen(G, D, g_optim, d_optim, reals, sample):
    history = []
    for real in reals:
        with torch.no_grad():
            fake = G(sample(len(real)))
        on_real, on_fake = D(torch.cat([real, fake])).split(len(real))
        d_loss = -(F.logsigmoid(on_real).mean() + F.logsigmoid(-on_fake).mean())
        d_loss.backward()
        d_optim.step()
        d_optim.zero_grad()
        D.requires_grad_(False)
        g_loss = -F.logsigmoid(D(G(sample(len(real))))).mean()
        g_loss.backward()
        g_optim.step()
        g_optim.zero_grad()
        D.requires_grad_(True)
        history.append([float(d_loss), float(g_loss)])
    return history


def _with_closures(G, D, g_optim, d_optim, reals, sample):
    """As LBFGS would want it; each optimiser is asked what it owns."""
    for real in reals:
        fake, losses = G(sample(len(real))).detach(), []

        def d_closure(real=real, fake=fake, losses=losses):
            d_optim.zero_grad()
            losses.append(non_saturating_d_loss(D(real), D(fake)))
            losses[-1].backward()
            return losses[-1]

        def g_closure(z, losses=losses):
            for weight in g_optim.param_groups[0]["params"]:
                weight.grad = None
            losses.append(non_saturating_g_loss(None, D(G(z))))
            losses[-1].backward()
            return losses[-1]

        d_optim.step(d_closure)
        z = sample(len(real))
        g_optim.step(lambda z=z, step=g_closure: step(z))
        yield tuple(loss.item() for loss in losses)


class _Then(nn.Module):
    """A function of tensors as a layer."""

    def __init__(self, function):
        super().__init__()
        self.function = function

    def forward(self, x):
        return self.function(x)


def _by_transposed_convolution(*, n_frames, frame_size, latent_dim, width):
    """A dense seed of a picture, enlarged; T frames of 3 channels; D in 3-D."""
    side = (frame_size + 1) // 2
    G = nn.Sequential(
        nn.Linear(latent_dim, 2 * width * side * side),
        nn.Unflatten(1, (2 * width, side, side)),
        nn.LeakyReLU(0.2),
        nn.ConvTranspose2d(2 * width, n_frames * 3, 4, stride=2, padding=1),
        nn.Tanh(),
        nn.Unflatten(1, (n_frames, 3)),
        _Then(lambda clips: clips[..., :frame_size, :frame_size]),
    )
    D = nn.Sequential(
        _Then(lambda clips: clips.transpose(1, 2)),
        nn.Conv3d(3, width, 3, stride=(1, 2, 2), padding=1),
        nn.LeakyReLU(0.2),
        nn.Flatten(),
        nn.Linear(width * n_frames * side * side, 1),
        nn.Flatten(0),
    )
    return G, D


def _deeper(*, n_frames, frame_size, latent_dim, width):
    """Three hidden layers each, other activations, the shapes by hand."""
    clip = (n_frames, 3, frame_size, frame_size)
    n_pixels = n_frames * 3 * frame_size**2
    G, D = [nn.Linear(latent_dim, width)], [nn.Linear(n_pixels, width)]
    for _ in range(2):
        G += [nn.GELU(), nn.Linear(width, width)]
        D += [nn.LeakyReLU(0.2), nn.Linear(width, width)]
    G += [nn.GELU(), nn.Linear(width, n_pixels), nn.Tanh()]
    D += [nn.LeakyReLU(0.2), nn.Linear(width, 1)]
    return (
        nn.Sequential(*G, _Then(lambda x: x.view(len(x), *clip))),
        nn.Sequential(nn.Flatten(1), *D, _Then(lambda x: x[:, 0])),
    )


class _RollingGenerator(nn.Module):
    def __init__(self, n_frames, frame_size, latent_dim, width):
        super().__init__()
        self.n_frames, self.frame_size = n_frames, frame_size
        self.rnn = nn.GRU(latent_dim, width, batch_first=True)
        self.paint = nn.Linear(width, 3 * frame_size * frame_size)

    def forward(self, z):
        states, _ = self.rnn(z[:, None].expand(-1, self.n_frames, -1))
        return torch.tanh(self.paint(states)).unflatten(2, (3, *[self.frame_size] * 2))


def _rolling(*, n_frames, frame_size, latent_dim, width):
    """A recurrent G that paints one state after the other."""
    n_pixels = n_frames * 3 * frame_size * frame_size
    D = nn.Sequential(
        *(nn.Flatten(), nn.Linear(n_pixels, width), nn.ReLU(), nn.Linear(width, 1)),
        nn.Flatten(0),
    )
    return _RollingGenerator(n_frames, frame_size, latent_dim, width), D


ANSWERS = {
    "repair_the_article": {
        "closures": _with_closures,
        "the steps of 4.1 and 4.2": _with_the_steps_of_before,
        "labels, and one backward for each half": _with_labels_and_two_backwards,
        "D frozen in G's turn, a list at the end": _with_d_frozen,
    },
    "repair_the_players": {
        "a dense seed, then a transposed convolution": _by_transposed_convolution,
        "three hidden layers, other activations": _deeper,
        "a recurrent generator": _rolling,
    },
}
