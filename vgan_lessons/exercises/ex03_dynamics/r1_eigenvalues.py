"""3.6: decay and turning of the penalised game, in closed form."""

import torch

from vgan_lessons import dynamics
from vgan_lessons.checking import Case, Draw, Exercise, Mistake


def _inputs(draw: Draw) -> dict:
    """Both sides of gamma = 1 and none at it, where a root loses half of its digits."""
    under, over = draw.uniform("B", 0.1, 0.8), draw.uniform("B", 1.3, 4.0)
    return {"gamma": torch.stack([under, over], dim=-1)}


_TO_COMPLEX = ".to(gamma.dtype.to_complex())"

# fmt: off
R1_DIRAC_EIGENVALUES = Exercise(
    name="r1_dirac_eigenvalues",
    number="3.6",
    minutes=8,
    importance="extra",
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
    waived=("graph cut", "device", "default dtype"),
    cases=(  # situation, what is seen, by hand, where to look
        Case("gamma 2, a strong penalty", lambda answer: answer(torch.tensor(2.0)),
             torch.tensor([-0.133975, -1.866025]),  # -1 +- sqrt(3) / 2
             "The root is of gamma^2 / 4 - 1/4 = 0.75, and both decay without turning."),
        Case("gamma 0.5, a weak penalty", lambda answer: answer(torch.tensor(0.5)),
             torch.tensor([-0.25 + 0.433013j, -0.25 - 0.433013j]),  # root of -0.1875
             "Under the root stands -0.1875: the root is 0.433 i, and the game turns."),
        Case("several gammas at once", lambda answer: answer(torch.tensor([[0.0, 0.6, 1.0]])),
             torch.tensor([[[0.5j, -0.5j], [-0.3 + 0.4j, -0.3 - 0.4j], [-0.5, -0.5]]]),
             "Shape (1, 3) becomes (1, 3, 2): each gamma keeps its place and its pair stands last.", "axes",
             tolerance=2e-3),  # a double root is known to half of the digits only
    ),
    hints=(
        "The eigenvalues x of a 2 x 2 matrix solve x^2 - trace * x + determinant = 0.",
        "The trace is -gamma, the determinant 1/4. `torch.sqrt` of a negative real number is "
        "NaN, of a complex one it is not.",
        "`root = torch.sqrt(torch.complex(..., torch.zeros_like(gamma)))`, then a "
        "`torch.stack` along the last axis.",
    ),
    mistakes=(  # name, edits of the reference, diagnosis, kind
        Mistake("root of a negative real number", {_TO_COMPLEX: ""},
                "The root of a negative float is NaN: make what stands under it complex first."),
        Mistake("negative root set to 0", {_TO_COMPLEX: ".clamp(min=0)"},
                "Below gamma = 1 the root is imaginary, not 0: the turning got lost."),
        Mistake("size of the root as a real number", {_TO_COMPLEX: ".abs()"},
                "Below gamma = 1 the root belongs to the imaginary part."),
        Mistake("imaginary for every gamma", {"torch.sqrt(": "1j * torch.sqrt(", _TO_COMPLEX: ".abs()"},
                "Above gamma = 1 the root is real: nothing turns any more."),
        Mistake("minus sign first", {"-half + root, -half - root": "-half - root, -half + root"},
                "Both are right, but the one with the plus sign comes first."),
        Mistake("growth instead of decay", {"-half + root, -half - root": "half + root, half - root"},
                "The trace is -gamma: the penalty damps, so the real part is below 0."),
        Mistake("gamma not halved", {"gamma / 2": "gamma"},
                "Half of the trace is -gamma / 2, and its square is gamma^2 / 4."),
        Mistake("gamma squared not quartered", {"half.square()": "gamma.square()"},
                "Under the root stands (gamma / 2)^2 - 1/4."),
        Mistake("the Wasserstein game's", {"- 0.25": "- 1"},
                "The determinant is f'(0)^2 = 1/4; 1 is that of f(t) = t."),
        Mistake("discriminant not halved", {"half.square() - 0.25": "gamma.square() - 1"},
                "The 2 of the denominator divides the root, too."),
        Mistake("plus under the root", {"- 0.25": "+ 0.25"},
                "The determinant is +1/4 and is subtracted under the root."),
        Mistake("pair along the first axis", {"dim=-1": "dim=0"},
                "The two eigenvalues of one gamma belong along the last axis.", "axes"),
        Mistake("one of the two", {"torch.stack([-half + root, -half - root], dim=-1)": "-half + root"},
                "A 2 x 2 matrix has two eigenvalues; both are asked for.", "axes"),
        Mistake("always complex64", {"gamma / 2": "gamma.float() / 2", "gamma.dtype.to_complex()": "torch.complex64"},
                "float64 gammas give complex128 eigenvalues.", "dtype/device/seed"),
    ),
)
