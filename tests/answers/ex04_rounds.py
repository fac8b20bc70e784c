"""Right answers to 4.4: the whole loop in other hands."""

import copy
from itertools import repeat

from vgan_lessons.training import d_step, ema_update, g_step


def _while(G, D, g_optim, d_optim, *given, n_critic=1, penalty=None, decay=0.99):
    d_loss_fn, g_loss_fn, draw_real, draw_z, n_rounds = given
    kept, played = copy.deepcopy(G), 0
    while played < n_rounds:
        turns = n_critic
        while turns > 0:
            real, z, turns = draw_real(), draw_z(), turns - 1
            d_loss = d_step(G, D, d_optim, d_loss_fn, real, z, penalty=penalty)
        g_loss = g_step(G, D, g_optim, g_loss_fn, real, draw_z())
        ema_update(kept, G, decay)
        yield [float(d_loss), float(g_loss), kept]
        played += 1


def _by_hand(
    generator,
    discriminator,
    g_optim,
    d_optim,
    d_loss_fn,
    g_loss_fn,
    draw_real,
    draw_z,
    n_rounds,
    n_critic=1,
    penalty=None,
    decay=0.99,
):
    """Without the steps of 4.1 and 4.2."""
    G, D = generator, discriminator
    average = copy.deepcopy(G).requires_grad_(False)
    for _ in range(n_rounds):
        for _ in range(n_critic):
            real, fake = draw_real(), G(draw_z()).detach()
            d_loss = d_loss_fn(D(real), D(fake))
            d_optim.zero_grad()
            (d_loss + (penalty(D, real, fake) if penalty else 0)).backward()
            d_optim.step()
        g_loss = g_loss_fn(D(real).detach(), D(G(draw_z())))
        g_optim.zero_grad()
        g_loss.backward()
        g_optim.step()
        ema_update(average, G, decay)
        yield d_loss.item(), g_loss.item(), average


class _Rounds:
    """An iterator by class."""

    def __init__(
        self,
        G,
        D,
        g_optim,
        d_optim,
        d_loss_fn,
        g_loss_fn,
        draw_real,
        draw_z,
        n_rounds,
        n_critic=1,
        penalty=None,
        decay=0.99,
    ):
        self.players, self.average = (G, D), copy.deepcopy(G)
        self.d_turn, self.g_turn = (d_optim, d_loss_fn), (g_optim, g_loss_fn)
        self.draw_real, self.draw_z = draw_real, draw_z
        self.penalty, self.n_critic, self.decay = penalty, n_critic, decay
        self.left = repeat(None, n_rounds)

    def __iter__(self):
        return self

    def __next__(self):
        next(self.left)  # stops when no round is left
        for _ in range(self.n_critic):
            real = self.draw_real()
            drawn = (real, self.draw_z(), self.penalty)
            d_loss = d_step(*self.players, *self.d_turn, *drawn)
        g_loss = g_step(*self.players, *self.g_turn, real, self.draw_z())
        ema_update(self.average, self.players[0], self.decay)
        return d_loss.item(), g_loss.item(), self.average


ANSWERS = {
    "play": {"while": _while, "without the steps": _by_hand, "an iterator by class": _Rounds}
}
