"""Right answers to lesson 03: sweeps of step sizes."""

import torch


def _swept_by_columns(field, step, step_sizes, n_rounds):
    """Jacobian from two forward derivatives, largest modulus by trace and determinant."""
    zero, one = torch.zeros((), dtype=torch.float64), torch.ones((), dtype=torch.float64)
    predicted = torch.empty(len(step_sizes), dtype=torch.float64)
    measured = torch.empty_like(predicted)
    for i, h in enumerate(step_sizes):

        def new_place(theta, psi, h=h):
            return tuple(step(field, theta, psi, h))

        (a, c), (b, d) = (
            torch.func.jvp(new_place, (zero, zero), along)[1]
            for along in ((one, zero), (zero, one))
        )
        root = torch.sqrt(((a - d) ** 2 / 4 + b * c) + 0j)
        predicted[i] = torch.maximum(((a + d) / 2 + root).abs(), ((a + d) / 2 - root).abs())
        theta = psi = 1e-30 * one
        for _ in range(n_rounds):
            theta, psi = new_place(theta, psi)
        growth = torch.log(torch.hypot(theta, psi)) - torch.log(
            torch.hypot(1e-30 * one, 1e-30 * one)
        )
        measured[i] = torch.exp(growth / n_rounds)
    return predicted, measured


def _swept_all_at_once(field, step, step_sizes, n_rounds):
    h = torch.tensor(step_sizes, dtype=torch.float64)
    theta = torch.zeros_like(h, requires_grad=True)
    psi = torch.zeros_like(h, requires_grad=True)
    rows = [
        torch.stack(torch.autograd.grad(new.sum(), (theta, psi), retain_graph=True), dim=-1)
        for new in step(field, theta, psi, h)
    ]
    predicted = torch.linalg.eigvals(torch.stack(rows, dim=-2)).abs().amax(dim=-1)
    with torch.no_grad():
        place = torch.full_like(h, 1e-30), torch.full_like(h, 1e-30)
        for _ in range(n_rounds):
            place = step(field, *place, h)
        ratio = torch.stack(tuple(place)).norm(dim=0) / (1e-30 * 2**0.5)
    return predicted, ratio ** (1 / n_rounds)


def _swept_by_comprehension(field, step, step_sizes, n_rounds):
    def one_round(h):
        return lambda place: torch.stack(tuple(step(field, *place.unbind(), h)))

    def predicted(h):
        at = torch.zeros(2, dtype=torch.float64)
        return max(abs(mu) for mu in torch.linalg.eigvals(torch.func.jacrev(one_round(h))(at)))

    def measured(h):
        place = torch.tensor([1e-30, 1e-30], dtype=torch.float64)
        begun, go = place.norm(), one_round(h)
        for _ in range(n_rounds):
            place = go(place)
        return (place.norm() / begun).pow(1 / n_rounds)

    pairs = [(predicted(h), measured(h)) for h in step_sizes]
    return [torch.stack(column) for column in zip(*pairs, strict=True)]


ANSWERS = {
    "stability_map": {
        "columns and a quadratic equation": _swept_by_columns,
        "all step sizes in one tensor": _swept_all_at_once,
        "func.jacrev in comprehensions": _swept_by_comprehension,
    },
}
