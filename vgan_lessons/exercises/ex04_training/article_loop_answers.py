"""Right loops for 4.8, written differently: accepted answers."""

import torch
from torch.nn import functional as F

from vgan_lessons.article.program import Train
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


RIGHT_LOOPS: dict[str, Train] = {
    "the steps of 4.1 and 4.2": _with_the_steps_of_before,
    "labels, and one backward for each half": _with_labels_and_two_backwards,
    "D frozen in G's turn, a list at the end": _with_d_frozen,
}
