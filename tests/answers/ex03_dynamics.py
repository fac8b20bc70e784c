"""Right answers to lesson 03."""

import torch
from torch.nn import functional as F

from vgan_lessons import penalties


def _dirac_by_autograd(theta, psi):
    def climbed_by_d(theta, psi):
        return F.logsigmoid(psi * theta).sum()

    down, up = torch.func.grad(climbed_by_d, argnums=(0, 1))(theta, psi)
    return -down, up


def _kept_apart(field, theta, psi, step_size):
    old_theta, old_psi = theta, psi
    new_theta = old_theta + step_size * field(old_theta, old_psi)[0]
    return new_theta, old_psi + step_size * field(old_theta, old_psi)[1]


def _stacked(field, theta, psi, step_size):
    moved = torch.stack([theta, psi]) + step_size * torch.stack(field(theta, psi))
    return moved[0], moved[1]


def _velocity_kept(field, theta, psi, step_size):
    d_velocity = field(theta, psi)[1]
    g_velocity = field(theta, psi + step_size * d_velocity)[0]
    return theta + step_size * g_velocity, psi + step_size * d_velocity


def _added_out_of_place(field, theta, psi, step_size):
    psi = torch.add(psi, field(theta, psi)[1], alpha=step_size)
    theta = torch.add(theta, field(theta, psi)[0], alpha=step_size)
    return theta, psi


def _on_copies(field, theta, psi, step_size):
    theta, psi = theta.clone(), psi.clone()
    psi = psi + field(theta, psi)[1].mul(step_size)
    theta = theta + field(theta, psi)[0].mul(step_size)
    return [theta, psi]


def _free(theta, psi):
    slope = torch.sigmoid(-psi * theta)
    return -psi * slope, theta * slope


def _penalised_by_autograd(theta, psi, gamma):
    def d_goal(psi):
        return (F.logsigmoid(psi * theta) - gamma / 2 * psi.square()).sum()

    return _free(theta, psi)[0], torch.func.grad(d_goal)(psi)


def _in_two_lines(theta, psi, gamma):
    theta_velocity, psi_velocity = _free(theta, psi)
    psi_velocity -= gamma * psi
    return theta_velocity, psi_velocity


def _by_cases(gamma):
    size = torch.sqrt((gamma**2 - 1).abs()) / 2
    decay = torch.where(gamma > 1, size, torch.zeros_like(size))
    turn = torch.where(gamma > 1, torch.zeros_like(size), size)
    real = torch.stack([-gamma / 2 + decay, -gamma / 2 - decay], dim=-1)
    return torch.complex(real, torch.stack([turn, -turn], dim=-1))


def _by_matrix(gamma):
    rows = [torch.zeros_like(gamma), -torch.ones_like(gamma) / 2]
    rows += [torch.ones_like(gamma) / 2, -gamma]
    slopes = torch.stack(rows, dim=-1).reshape(*gamma.shape, 2, 2)
    found = torch.linalg.eigvals(slopes)
    places = (found.real + found.imag).argsort(dim=-1, descending=True)
    return found.gather(-1, places)


def _by_vieta(gamma):
    """Only the smaller one by its root; the product of both is 1/4."""
    root = (gamma.square() - 1 + 0j).sqrt()
    far = -(gamma + root) / 2
    return torch.stack([0.25 / far, far], dim=-1)


def _slope(critic, at):
    return torch.autograd.grad(critic(at).sum(), at, create_graph=True)[0]


def _slope_by_ones(critic, at):
    logits = critic(at)
    ones = torch.ones_like(logits)
    return torch.autograd.grad(logits, at, grad_outputs=ones, create_graph=True)[0]


def _length(slope):
    return (slope.flatten(1).square().sum(1) + 1e-12).sqrt()


def _guarded_root(slope):
    squares = slope.pow(2).flatten(1).sum(1)
    steep = squares > 0
    return torch.where(steep, torch.where(steep, squares, 1).sqrt(), 0)


def _between(slope_of=_slope, length_of=_length):
    """A gradient penalty with its own way to the slope, and from there to the length."""

    def answer(critic, real, fake, mix, gp_weight):
        _compare_shapes(real, fake, mix)
        m = mix.reshape(-1, *[1] * (real.ndim - 1))
        at = (m * real + (1 - m) * fake).detach().requires_grad_()
        return gp_weight * (length_of(slope_of(critic, at)) - 1).square().mean()

    return answer


def _between_one_by_one(critic, real, fake, mix, gp_weight):
    _compare_shapes(real, fake, mix)
    costs = []
    for x, y, m in zip(real.detach(), fake.detach(), mix.detach(), strict=True):
        at = torch.lerp(y, x, m)[None].requires_grad_()
        costs.append((_length(_slope(critic, at)) - 1) ** 2)
    return gp_weight * torch.cat(costs).mean()


def _compare_shapes(real, fake, mix):
    if real.shape != fake.shape or tuple(mix.shape) != (len(real),):
        raise ValueError("real and fake must be of one shape, mix (B,)")


def _flat(score, slope_of=_slope):
    """R1 or R2 with its own way from the slope to half of its mean squared length."""

    def answer(critic, points, gamma):
        at = points.detach().clone().requires_grad_(True)
        return gamma * score(slope_of(critic, at))

    return answer


def _flat_one_by_one(critic, real, gamma):
    steep = []
    for x in real.detach():
        slope = _slope(critic, x[None].requires_grad_())
        steep.append((slope * slope).sum())
    return gamma * torch.stack(steep).mean() / 2


def _divmod(penalty, step, every):
    _, since = divmod(step, every)
    return torch.zeros(()) if since else penalty() * every


def _added_up(penalty, step, every):
    paid = torch.tensor(0.0)
    if step // every * every == step:
        paid = paid + every * penalty()
    return paid


def _by_normalize(weight, u, n_iterations):
    matrix = weight.reshape(len(weight), -1)
    with torch.no_grad():
        for _ in range(n_iterations):
            turned = matrix @ F.normalize(matrix.T @ u, dim=0)
            u = F.normalize(turned, dim=0) if turned.any() else u
        u = u.detach()
        v = F.normalize(matrix.T @ u, dim=0)
    return u @ matrix @ v, u


def _by_gram_matrix(weight, u, n_iterations):
    rows = weight.detach().reshape(len(weight), -1)
    gram, u = rows @ rows.T, u.detach().clone()
    for _ in range(n_iterations):
        turned = torch.mv(gram, u)
        u = torch.where(turned.norm() > 0, turned / turned.norm().clamp(min=1e-30), u)
    v = rows.T.mv(u)
    v = v / v.norm().clamp(min=1e-30)
    return torch.dot(u, weight.reshape(len(weight), -1).mv(v)), u


def _by_einsum(weight, u, n_iterations):
    still, u = weight.detach(), u.detach()
    for _ in range(n_iterations):
        back = torch.einsum("o...,o->...", still, u)
        turned = (still * back).flatten(1).sum(1)
        u = turned / turned.square().sum().sqrt() if turned.any() else u
    back = torch.einsum("o...,o->...", still, u)
    length = back.square().sum().sqrt()
    v = back / length if length > 0 else back
    return torch.einsum("o,o...,...->", u, weight, v), u


def _as_in_the_paper(weight, u, n_iterations):
    """v first, then u, and sigma from the two that the last iteration made."""
    matrix, u = weight.flatten(1), u.detach()
    with torch.no_grad():
        v = F.normalize(matrix.T @ u, dim=0)
        for step in range(n_iterations):
            if step > 0:
                v = F.normalize(matrix.T @ u, dim=0)
            turned = matrix @ v
            if turned.norm() > 0:
                u = turned / turned.norm()
    return u @ matrix @ v, u


def _in_the_papers_letters(weight, u, n_iterations):
    still, u = weight.detach().reshape(len(weight), -1), u.clone().detach()
    v = still.T.mv(u) / still.T.mv(u).norm().clamp(min=1e-30)
    for _ in range(n_iterations):
        v = still.T.mv(u) / still.T.mv(u).norm().clamp(min=1e-30)
        new_u = still.mv(v) / still.mv(v).norm().clamp(min=1e-30)
        u = new_u if still.any() else u
    return torch.dot(u, weight.reshape(len(weight), -1).mv(v)), u


def _non_saturating_by_autograd(theta, psi):
    down = torch.func.grad(lambda theta: F.softplus(psi * theta).sum())(theta)
    up = torch.func.grad(lambda psi: F.logsigmoid(psi * theta).sum())(psi)
    return -down, up


def _wide_by_autograd(theta, psi, noise):
    def climbed_by_d(theta, psi):
        fakes = F.logsigmoid(psi[..., None] * (theta[..., None] + noise)).mean(-1)
        return (fakes + F.logsigmoid(-psi[..., None] * noise).mean(-1)).sum()

    down, up = torch.func.grad(climbed_by_d, argnums=(0, 1))(theta, psi)
    return -down, up


def _wide_point_by_point(theta, psi, noise):
    theta_velocity, psi_velocity = 0, 0
    for point in noise:
        fake = theta + point
        of_fake = torch.sigmoid(-psi * fake)
        theta_velocity = theta_velocity - psi * of_fake / len(noise)
        of_real = torch.sigmoid(psi * point)
        psi_velocity = psi_velocity + (fake * of_fake - point * of_real) / len(noise)
    return theta_velocity, psi_velocity


def _wide_by_einsum(theta, psi, noise):
    scores = torch.einsum("...,n->...n", psi, noise)
    of_reals = 1 - torch.sigmoid(-scores)
    of_fakes = 1 - torch.sigmoid(scores + (psi * theta).unsqueeze(-1))
    by_noise = torch.einsum("n,...n->...", noise, of_fakes - of_reals) / noise.numel()
    mean = of_fakes.mean(-1)
    return -psi * mean, theta * mean + by_noise


ANSWERS = {
    "dirac_field": {
        "func.grad": _dirac_by_autograd,
        "one over one plus": lambda theta, psi: (
            -psi / (1 + torch.exp(psi * theta)),
            theta / (1 + torch.exp(psi * theta)),
        ),
        "one minus the sigmoid": lambda theta, psi: (
            psi * (torch.sigmoid(theta * psi) - 1),
            theta - theta * torch.sigmoid(theta * psi),
        ),
        "hyperbolic tangent": lambda theta, psi: (
            -psi * (1 - torch.tanh(psi * theta / 2)) / 2,
            theta * (1 - torch.tanh(psi * theta / 2)) / 2,
        ),
    },
    "simultaneous_step": {
        "old place kept by name": _kept_apart,
        "both in one tensor": _stacked,
        "zip": lambda field, theta, psi, step_size: tuple(
            x + step_size * v for x, v in zip((theta, psi), field(theta, psi), strict=True)
        ),
        "torch.add": lambda field, theta, psi, step_size: (
            torch.add(theta, field(theta, psi)[0], alpha=step_size),
            torch.add(psi, field(theta, psi)[1], alpha=step_size),
        ),
    },
    "alternating_step": {
        "velocities kept by name": _velocity_kept,
        "torch.add": _added_out_of_place,
        "copies and a list": _on_copies,
    },
    "r1_dirac_field": {
        "func.grad of D's goal": _penalised_by_autograd,
        "subtracted in place": _in_two_lines,
        "all at once": lambda theta, psi, gamma: (
            -psi / (1 + torch.exp(psi * theta)),
            theta / (1 + torch.exp(psi * theta)) - gamma * psi,
        ),
    },
    "r1_dirac_eigenvalues": {
        "by cases": _by_cases,
        "eigenvalues of the matrix": _by_matrix,
        "one by the product": _by_vieta,
        "plus 0j": lambda gamma: torch.stack(
            [-gamma / 2 + sign * torch.sqrt(gamma**2 / 4 - 0.25 + 0j) for sign in (1, -1)],
            dim=-1,
        ),
    },
    "gradient_penalty": {
        "grad_outputs of ones": _between(slope_of=_slope_by_ones),
        "one sample after the other": _between_one_by_one,
        "torch's norm, which is 0 / 0 = 0 at 0": _between(
            length_of=lambda slope: slope.flatten(1).norm(dim=1)
        ),
        "the root guarded by where": _between(length_of=_guarded_root),
    },
    "r1_penalty": {
        "grad_outputs of ones": _flat(
            lambda slope: 0.5 * slope.pow(2).flatten(1).sum(1).mean(), _slope_by_ones
        ),
        "one sample after the other": _flat_one_by_one,
        "sum over the batch size": _flat(lambda slope: slope.square().sum() / len(slope) / 2),
    },
    "r2_penalty": {
        "R1 at the fakes": lambda critic, fake, gamma: penalties.r1_penalty(
            critic, fake, gamma
        ),
        "written out": _flat(lambda slope: slope.flatten(1).square().sum(1).mean() / 2),
        "lengths by einsum": _flat(
            lambda slope: (
                torch.einsum("bi,bi->b", slope.flatten(1), slope.flatten(1)).mean() / 2
            )
        ),
    },
    "lazy_penalty": {
        "divmod": _divmod,
        "added to a zero": _added_up,
        "an empty sum between": lambda penalty, step, every: (
            torch.tensor([]).sum() if step % every else every * penalty()
        ),
    },
    "spectral_norm": {
        "with torch's normalize": _by_normalize,
        "by W W^T": _by_gram_matrix,
        "v, then u, as in the paper": _as_in_the_paper,
        "v, then u, by mv": _in_the_papers_letters,
        "without a matrix": _by_einsum,
    },
    "non_saturating_dirac_field": {
        "func.grad": _non_saturating_by_autograd,
        "one minus the sigmoid": lambda theta, psi: (
            psi * (torch.sigmoid(-theta * psi) - 1),
            theta - theta * torch.sigmoid(theta * psi),
        ),
        "from dirac_field": lambda theta, psi: (
            -psi + psi * torch.sigmoid(-psi * theta),
            theta * torch.sigmoid(-psi * theta),
        ),
    },
    "wide_dirac_field": {
        "func.grad": _wide_by_autograd,
        "point by point": _wide_point_by_point,
        "means by einsum": _wide_by_einsum,
    },
}
