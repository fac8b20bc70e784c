"""Wrong loops for 4.8: each published fault put back by itself, and slips of the mending."""

import torch
from torch.nn import functional as F

from vgan_lessons.article.program import Train
from vgan_lessons.losses import article_d_loss


def _round(G, D, g_optim, d_optim, real, z_d, z_g):
    """One right round."""
    d_loss = _d_loss(D(real), D(G(z_d).detach()))
    _move(d_optim, d_loss)
    g_loss = F.softplus(-D(G(z_g))).mean()
    _move(g_optim, g_loss)
    return d_loss.item(), g_loss.item()


def _d_loss(real_logits, fake_logits):
    return F.softplus(-real_logits).mean() + F.softplus(fake_logits).mean()


def _move(optim, loss):
    optim.zero_grad()
    loss.backward()
    optim.step()


def _with_losses(d_objective, g_objective):
    """The right loop with other losses: of (real_logits, fake_logits) and of fake_logits."""

    def train(G, D, g_optim, d_optim, reals, sample):
        for real in reals:
            d_loss = d_objective(D(real), D(G(sample(len(real))).detach()))
            _move(d_optim, d_loss)
            g_loss = g_objective(D(G(sample(len(real)))))
            _move(g_optim, g_loss)
            yield d_loss.item(), g_loss.item()

    return train


def _g_logistic(fake_logits):
    return F.softplus(-fake_logits).mean()


def _noise_drawn_once(G, D, g_optim, d_optim, reals, sample):
    noise = None
    for real in reals:
        noise = sample(len(real)) if noise is None else noise
        yield _round(G, D, g_optim, d_optim, real, noise, noise)


def _batch_size_undefined(G, D, g_optim, d_optim, reals, sample):
    for real in reals:
        z_d, z_g = sample(batch_size), sample(batch_size)  # noqa: F821
        yield _round(G, D, g_optim, d_optim, real, z_d, z_g)


def _one_draw_for_both_turns(G, D, g_optim, d_optim, reals, sample):
    for real in reals:
        z = sample(len(real))
        yield _round(G, D, g_optim, d_optim, real, z, z)


def _updates_swapped(G, D, g_optim, d_optim, reals, sample):
    for real in reals:
        d_loss = _d_loss(D(real), D(G(sample(len(real)))))
        _move(g_optim, d_loss)
        g_loss = _g_logistic(D(G(sample(len(real)))))
        _move(d_optim, g_loss)
        yield d_loss.item(), g_loss.item()


def _losses_leave_the_graph(G, D, g_optim, d_optim, reals, sample):
    for real in reals:
        d_loss = _d_loss(D(real), D(G(sample(len(real)))))
        d_loss = torch.tensor(d_loss.item(), requires_grad=True)
        _move(d_optim, d_loss)
        g_loss = _g_logistic(D(G(sample(len(real)))))
        g_loss = torch.tensor(g_loss.item(), requires_grad=True)
        _move(g_optim, g_loss)
        yield d_loss.item(), g_loss.item()


def _fakes_detached_in_both_turns(G, D, g_optim, d_optim, reals, sample):
    for real in reals:
        d_loss = _d_loss(D(real), D(G(sample(len(real))).detach()))
        _move(d_optim, d_loss)
        g_loss = _g_logistic(D(G(sample(len(real))).detach()))
        _move(g_optim, g_loss)
        yield d_loss.item(), g_loss.item()


def _both_move_at_once(G, D, g_optim, d_optim, reals, sample):
    for real in reals:
        d_loss = _d_loss(D(real), D(G(sample(len(real))).detach()))
        g_loss = _g_logistic(D(G(sample(len(real)))))
        for optim, loss in ((g_optim, g_loss), (d_optim, d_loss)):
            optim.zero_grad()
            loss.backward()
            if optim is g_optim:
                D.zero_grad()
        d_optim.step()
        g_optim.step()
        yield d_loss.item(), g_loss.item()


def _forgetting(player):
    """The right loop without zero_grad in one player's turn."""

    def train(G, D, g_optim, d_optim, reals, sample):
        for real in reals:
            d_loss = _d_loss(D(real), D(G(sample(len(real))).detach()))
            if player != "D":
                d_optim.zero_grad()
            d_loss.backward()
            d_optim.step()
            g_loss = _g_logistic(D(G(sample(len(real)))))
            if player != "G":
                g_optim.zero_grad()
            g_loss.backward()
            g_optim.step()
            yield d_loss.item(), g_loss.item()

    return train


def _fakes_not_detached(G, D, g_optim, d_optim, reals, sample):
    for real in reals:
        d_loss = _d_loss(D(real), D(G(sample(len(real)))))
        _move(d_optim, d_loss)
        g_loss = _g_logistic(D(G(sample(len(real)))))
        _move(g_optim, g_loss)
        yield d_loss.item(), g_loss.item()


def _graphs_handed_out(G, D, g_optim, d_optim, reals, sample):
    for real in reals:
        d_loss = _d_loss(D(real), D(G(sample(len(real))).detach()))
        _move(d_optim, d_loss)
        g_loss = _g_logistic(D(G(sample(len(real)))))
        _move(g_optim, g_loss)
        yield d_loss, g_loss


WRONG_LOOPS: dict[str, Train] = {
    "batch size undefined": _batch_size_undefined,
    "noise drawn once": _noise_drawn_once,
    "one draw for both turns": _one_draw_for_both_turns,
    "updates swapped": _updates_swapped,
    "losses leave the graph": _losses_leave_the_graph,
    "fakes detached in G's turn, too": _fakes_detached_in_both_turns,
    "no real data": _with_losses(lambda real, fake: F.softplus(fake).mean(), _g_logistic),
    "the printed objective for D": _with_losses(article_d_loss, _g_logistic),
    "raw scores for D": _with_losses(lambda real, fake: fake.mean() - real.mean(), _g_logistic),
    "G minimises the score": _with_losses(_d_loss, lambda fake: fake.mean()),
    "G pushed the wrong way": _with_losses(_d_loss, lambda fake: F.softplus(fake).mean()),
    "minimax loss for G": _with_losses(_d_loss, lambda fake: -F.softplus(fake).mean()),
    "both players move at once": _both_move_at_once,
    "D's zero_grad forgotten": _forgetting("D"),
    "G's zero_grad forgotten": _forgetting("G"),
    "fakes not detached in D's turn": _fakes_not_detached,
    "graphs handed out": _graphs_handed_out,
}
