"""3.5: decay and turning of the penalised game, in closed form."""

import torch

from vgan_lessons import dynamics
from vgan_lessons.checking import Case, Draw, Exercise, Mistake


def _inputs(draw: Draw) -> dict:
    """Both sides of gamma = 1 and none at it, where a root loses half of its digits."""
    under, over = draw.uniform("B", 0.1, 0.8), draw.uniform("B", 1.3, 4.0)
    return {"gamma": torch.stack([under, over], dim=-1)}


def _pair(middle, under_the_root, dim=-1):
    root = torch.sqrt(torch.complex(under_the_root, torch.zeros_like(under_the_root)))
    return torch.stack([middle + root, middle - root], dim=dim)


def _right(gamma):
    return _pair(-gamma / 2, gamma**2 / 4 - 0.25)


def _by_a_real_root(tamed):
    def answer(gamma):
        root = torch.sqrt(tamed(gamma**2 / 4 - 0.25))
        return torch.stack([-gamma / 2 + root, -gamma / 2 - root], dim=-1)

    return answer


def _always_turning(gamma):
    root = torch.sqrt((gamma**2 / 4 - 0.25).abs())
    return torch.complex(
        torch.stack([-gamma / 2, -gamma / 2], dim=-1), torch.stack([root, -root], dim=-1)
    )


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


R1_DIRAC_EIGENVALUES = Exercise(
    name="r1_dirac_eigenvalues",
    number="3.5",
    minutes=8,
    difficulty="medium",
    contract=(
        "Near (0, 0) the penalised field is linear, with slopes [[0, -1/2], [1/2, -gamma]]. "
        "Return its two eigenvalues for each entry of the tensor gamma: gamma's shape with "
        "one more axis of length 2 at the end.",
        "First -gamma/2 plus the root, then -gamma/2 minus it; below gamma = 1 the root is a "
        "positive number times i.",
        "The result is complex for every gamma (complex64 for float32); no gradient is asked "
        "for.",
    ),
    reference=dynamics.r1_dirac_eigenvalues,
    inputs=_inputs,
    free_gradients=("gamma",),
    cases=(
        Case(
            name="gamma 2, a strong penalty",
            run=lambda answer: answer(torch.tensor(2.0)),
            expect=torch.tensor([-0.133975, -1.866025]),  # -1 +- sqrt(3) / 2
            nudge="The root is of gamma^2 / 4 - 1/4 = 0.75, and both decay without turning.",
        ),
        Case(
            name="gamma 0.5, a weak penalty",
            run=lambda answer: answer(torch.tensor(0.5)),
            expect=torch.tensor([-0.25 + 0.433013j, -0.25 - 0.433013j]),  # root of -0.1875
            nudge="Under the root stands -0.1875: the root is 0.433 i, and the game turns.",
        ),
        Case(
            name="several gammas at once",
            run=lambda answer: answer(torch.tensor([[0.0, 0.6, 1.0]])),
            expect=torch.tensor([[[0.5j, -0.5j], [-0.3 + 0.4j, -0.3 - 0.4j], [-0.5, -0.5]]]),
            tolerance=2e-3,  # a double root is known to half of the digits only
            nudge="Shape (1, 3) becomes (1, 3, 2): each gamma keeps its place and its pair "
            "stands last.",
            kind="axes",
        ),
    ),
    hints=(
        "The eigenvalues x of a 2 x 2 matrix solve x^2 - trace * x + determinant = 0.",
        "The trace is -gamma, the determinant 1/4. `torch.sqrt` of a negative real number is "
        "NaN, of a complex one it is not.",
        "`root = torch.sqrt(torch.complex(..., torch.zeros_like(gamma)))`, then a "
        "`torch.stack` along the last axis.",
    ),
    mistakes=(
        Mistake(
            "root of a negative real number",
            _by_a_real_root(lambda inside: inside),
            "The root of a negative float is NaN: make what stands under it complex first.",
        ),
        Mistake(
            "negative root set to 0",
            _by_a_real_root(lambda inside: inside.clamp(min=0)),
            "Below gamma = 1 the root is imaginary, not 0: the turning got lost.",
        ),
        Mistake(
            "size of the root as a real number",
            _by_a_real_root(torch.abs),
            "Below gamma = 1 the root belongs to the imaginary part.",
        ),
        Mistake(
            "imaginary for every gamma",
            _always_turning,
            "Above gamma = 1 the root is real: nothing turns any more.",
        ),
        Mistake(
            "minus sign first",
            lambda gamma: _right(gamma).flip(-1),
            "Both are right, but the one with the plus sign comes first.",
        ),
        Mistake(
            "growth instead of decay",
            lambda gamma: _pair(gamma / 2, gamma**2 / 4 - 0.25),
            "The trace is -gamma: the penalty damps, so the real part is below 0.",
        ),
        Mistake(
            "gamma not halved",
            lambda gamma: _pair(-gamma, gamma**2 - 0.25),
            "Half of the trace is -gamma / 2, and its square is gamma^2 / 4.",
        ),
        Mistake(
            "gamma squared not quartered",
            lambda gamma: _pair(-gamma / 2, gamma**2 - 0.25),
            "Under the root stands (gamma / 2)^2 - 1/4.",
        ),
        Mistake(
            "the Wasserstein game's",
            lambda gamma: _pair(-gamma / 2, gamma**2 / 4 - 1),
            "The determinant is f'(0)^2 = 1/4; 1 is that of f(t) = t.",
        ),
        Mistake(
            "discriminant not halved",
            lambda gamma: _pair(-gamma / 2, gamma**2 - 1),
            "The 2 of the denominator divides the root, too.",
        ),
        Mistake(
            "plus under the root",
            lambda gamma: _pair(-gamma / 2, gamma**2 / 4 + 0.25),
            "The determinant is +1/4 and is subtracted under the root.",
        ),
        Mistake(
            "pair along the first axis",
            lambda gamma: _pair(-gamma / 2, gamma**2 / 4 - 0.25, dim=0),
            "The two eigenvalues of one gamma belong along the last axis.",
            "axes",
        ),
        Mistake(
            "one of the two",
            lambda gamma: _right(gamma)[..., 0],
            "A 2 x 2 matrix has two eigenvalues; both are asked for.",
            "axes",
        ),
        Mistake(
            "always complex64",
            lambda gamma: _right(gamma.float()),
            "float64 gammas give complex128 eigenvalues.",
            "dtype/device/seed",
        ),
    ),
    alternatives={
        "by cases": _by_cases,
        "eigenvalues of the matrix": _by_matrix,
        "one by the product": _by_vieta,
        "plus 0j": lambda gamma: torch.stack(
            [-gamma / 2 + sign * torch.sqrt(gamma**2 / 4 - 0.25 + 0j) for sign in (1, -1)],
            dim=-1,
        ),
    },
)
