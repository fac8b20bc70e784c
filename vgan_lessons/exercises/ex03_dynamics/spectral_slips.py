"""Wrong ways to write the power iteration of exercise 3.10."""

import torch

from vgan_lessons.checking import Mistake
from vgan_lessons.exercises.ex03_dynamics.spectral_parts import rows_of, turn, unit, variant


def _v_of_the_step_before(weight, u, n_iterations):
    matrix, u = rows_of(weight), u.detach()
    with torch.no_grad():
        v = unit(matrix.T @ u)
        for _ in range(n_iterations):
            v = unit(matrix.T @ u)
            u = turn(matrix, u)
    return u @ matrix @ v, u


def _graph_through_the_iteration(weight, u, n_iterations):
    matrix, u = rows_of(weight), u.detach()
    for _ in range(n_iterations):
        u = turn(matrix, u)
    return u @ matrix @ unit(matrix.T @ u), u.detach()


def _graph_on_u(weight, u, n_iterations):
    matrix, u = rows_of(weight), u.detach()
    for _ in range(n_iterations):
        u = turn(matrix, u)
    fixed = u.detach()
    return fixed @ matrix @ unit(matrix.T @ fixed).detach(), u


def _written_into_u(weight, u, n_iterations):
    with torch.no_grad():
        for _ in range(n_iterations):
            u.copy_(turn(rows_of(weight), u))
    return variant()(weight, u, 0)


def _u_drawn_anew(weight, u, n_iterations):
    return variant()(weight, unit(torch.randn_like(u)), n_iterations)


def _exact(weight, u, n_iterations):
    return torch.linalg.matrix_norm(rows_of(weight), 2), variant()(weight, u, n_iterations)[1]


def _first_u_back(weight, u, n_iterations):
    return variant()(weight, u, n_iterations)[0], u.detach()


def _normalised_weight(weight, u, n_iterations):
    sigma, u = variant()(weight, u, n_iterations)
    return weight / sigma, u


SPECTRAL_NORM_SLIPS = (
    Mistake(
        "Frobenius norm",
        variant(sigma=lambda matrix, u, v: matrix.norm()),
        "That is the root of all squared singular values together; only the largest counts.",
    ),
    Mistake(
        "largest row",
        variant(sigma=lambda matrix, u, v: matrix.abs().sum(1).max()),
        "That measures the largest single coordinate of the output, not the output's length.",
    ),
    Mistake(
        "sigma squared",
        variant(sigma=lambda matrix, u, v: u @ matrix @ matrix.T @ u),
        "u^T W W^T u is the square of sigma; use v, or take the root.",
    ),
    Mistake(
        "u not scaled",
        variant(turn=lambda matrix, u: matrix @ (matrix.T @ u) if matrix.any() else u),
        "Without scaling to length 1, u grows with every iteration, and sigma with it.",
    ),
    Mistake(
        "exact, whatever u is",
        _exact,
        "The estimate at the given u is asked for; a decomposition at each step is what power "
        "iteration avoids.",
    ),
    Mistake(
        "v of the step before",
        _v_of_the_step_before,
        "The same in the limit, and how the paper orders it; here v comes from the u that is "
        "returned, so that sigma and u belong together.",
    ),
    Mistake(
        "one iteration too many",
        variant(n_of=lambda n: n + 1),
        "n_iterations of them, no more: with 0 the u you were given is measured as it is.",
    ),
    Mistake(
        "one iteration even for 0",
        variant(n_of=lambda n: max(n, 1)),
        "With n_iterations = 0 nothing turns: sigma is measured with the u you were given.",
    ),
    Mistake(
        "one iteration too few",
        variant(n_of=lambda n: max(n - 1, 0)),
        "The first iteration counts, too.",
    ),
    Mistake(
        "a column for each output",
        variant(rows=lambda weight: rows_of(weight).T.reshape(len(weight), -1)),
        "This reshape mixes the output channels: flatten the axes behind the first, and "
        "transpose nothing.",
        "axes",
    ),
    Mistake(
        "the first u handed back",
        _first_u_back,
        "Hand back the u that has been turned: the next step goes on from there.",
    ),
    Mistake(
        "the normalised weight handed back",
        _normalised_weight,
        "sigma itself is asked for; dividing by it is the layer's affair.",
    ),
    Mistake(
        "results in the other order",
        lambda weight, u, n: variant()(weight, u, n)[::-1],
        "sigma comes first, u second.",
    ),
    Mistake(
        "u dies at zeros",
        variant(turn=lambda matrix, u: unit(matrix @ unit(matrix.T @ u))),
        "A matrix of zeros turns u into zeros, and from there no iteration comes back.",
    ),
    Mistake(
        "divided by a length of 0",
        variant(turn=lambda matrix, u: (w := matrix @ matrix.T @ u) / w.norm()),
        "At a matrix of zeros this is 0 / 0, and u is NaN from then on.",
    ),
    Mistake(
        "sigma cut off",
        variant(sigma=lambda matrix, u, v: (u @ matrix @ v).detach()),
        "The iteration runs without a graph, the last product with one: else the layer is "
        "divided by a constant.",
        "gradients",
    ),
    Mistake(
        "graph through the iteration",
        _graph_through_the_iteration,
        "u and v are to stand still: iterate under torch.no_grad().",
        "gradients",
    ),
    Mistake(
        "u keeps its graph",
        _graph_on_u,
        "u goes on to the next step, and drags the graphs of all steps before along.",
        "gradients",
    ),
    Mistake(
        "written into u",
        _written_into_u,
        "The caller's u must stay as it was; hand back a new one.",
        "side effects",
    ),
    Mistake(
        "u drawn anew",
        _u_drawn_anew,
        "u is given, so that the estimate goes on from where the last one stopped.",
        "dtype/device/seed",
    ),
    Mistake(
        "cast to float32",
        lambda weight, u, n: variant()(weight.float(), u.float(), n),
        "The estimate must keep the dtype of the weight, float64 included.",
        "dtype/device/seed",
    ),
)
