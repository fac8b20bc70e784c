"""10.4: which augmentations leak."""

import torch
from torch import Tensor

from vgan_lessons import augment
from vgan_lessons.checking import Case, Draw, Exercise, Mistake


def _of(*shares: float):
    def run(answer) -> dict:
        least, safe = answer(torch.tensor(shares))
        return {"least": torch.as_tensor(least), "invertible": bool(safe)}

    return run


def _quarters(answer) -> dict[str, float]:
    """A turn drawn for a share d of the clips, evenly from no turn and three quarter turns."""
    found = {}
    for d in (0.0, 0.4, 0.9, 1.0):
        shares = torch.full((4,), d / 4)
        shares[0] += 1 - d
        least, safe = answer(shares)
        found[f"d = {d}"] = (round(float(least), 4) + 0.0, bool(safe))
    return found


_OTHER_NUMBERS = (  # with drawn shares of 0, 0.4, 0.9 and 1
    (
        (0.0, 0.4, 0.9, 1.0),
        "how far from 1",
        "1 minus the smallest comes back: give the smallest itself.",
    ),
    (
        (1.0, 0.7, 0.325, 0.25),
        "the share that stays",
        "This is the share that is not turned: build M.",
    ),
    ((4, 4, 4, 1), "how many are not 0", "This counts eigenvalues that are not 0."),
)


def _of_sign(seen: dict) -> tuple[str, str] | None:
    """What a smallest eigenvalue of -0.8 shows."""
    if abs(float(seen["least"]) + 0.8) > 1e-3:
        return None
    what = "Eigenvalues are compared with their signs"
    return "the smallest with its sign", f"{what}: -0.8 is far from 0, so take absolute values."


def _of_quarters(seen: dict[str, tuple[float, bool]]) -> tuple[str, str] | None:
    """What is shown by four numbers that are right, or all wrong in one way."""
    found = [float(least) for least, _ in seen.values()]
    for numbers, name, sentence in _OTHER_NUMBERS:
        if all(abs(got - n) < 1e-3 for got, n in zip(found, numbers, strict=True)):
            return name, sentence
    right = (1.0, 0.6, 0.1, 0.0)
    factor = found[0]
    if not factor or any(
        abs(got / factor - n) > 2e-3 for got, n in zip(found, right, strict=True)
    ):
        return None
    if abs(factor - 1) > 1e-3:
        return f"{factor:.3g} times", f"Every number is {factor:.3g} times the right one."
    if seen["d = 1.0"][1]:
        return "safe at 0", "What comes second counts as true where the smallest is 0: a bool."
    return "another limit", "The limit is 1e-5: a small eigenvalue is slow, and no leak."


def _inputs(draw: Draw) -> dict[str, Tensor]:
    shares = draw.uniform("N", 0.05, 1.0)
    return {"shares": shares / shares.sum()}


_ALL = "torch.linalg.eigvals(mixing_matrix(shares)).abs().min()"
_RETURN = "return least, bool(least > _NEAR_0)"

# fmt: off
IS_INVERTIBLE = Exercise(
    name="is_invertible",
    number="10.4",
    minutes=10,
    difficulty="medium",
    contract=(
        "shares is (n,), n from 1 on: of all clips, how many are turned by 0, 1, ... n - 1 nth parts of a full turn. None is below 0, and their sum is 1.",
        "The mixing matrix M is (n, n): M[i, j] is how often a clip that stands at turn j is seen at turn i, so it is shares[(i - j) % n].",
        "Return least, a scalar: of the absolute values of M's n eigenvalues, which may be complex, the smallest. And whether M is invertible, a bool: whether least is above 1e-5. Tensors or plain numbers, as you like.",
        "No gradient is asked for, and any dtype will do.",
    ),
    reference=augment.is_invertible,
    inputs=_inputs,
    sizes={"N": (4, 1, 6)},
    waived=("graph cut", "dtype", "default dtype"),
    free_gradients=("shares",),
    tolerance=1e-3,
    cases=(
        Case("quarter turns", _quarters, {"d = 0.0": (1.0, True), "d = 0.4": (0.6, True), "d = 0.9": (0.1, True), "d = 1.0": (0.0, False)},
             "With a drawn share d, M is (1 - d) times the identity plus d/4 everywhere: eigenvalues 1, and 1 - d three times.", tells=_of_quarters),
        # eigenvalues 1 and 1 - 2 t with a turned share t
        Case("upside down, half of the time", _of(0.5, 0.5), {"least": 0.0, "invertible": False}, "M = [[0.5, 0.5], [0.5, 0.5]] has the eigenvalues 1 and 0."),
        Case("upside down, nine times in ten", _of(0.1, 0.9), {"least": 0.8, "invertible": True}, "M = [[0.1, 0.9], [0.9, 0.1]] has the eigenvalues 1 and -0.8: what counts is how far from 0.", tells=_of_sign),
        # 0.5 + 0.5 i
        Case("one quarter turn, half of the time", _of(0.5, 0.5, 0.0, 0.0), {"least": 0.0, "invertible": False}, "The eigenvalues are 1, 0 and (1 + i)/2, (1 - i)/2."),
        # 0.8 + 0.2 w with w = -1/2 + i sqrt(3)/2: 0.7 + 0.1732 i, of size 0.7211
        Case("a third of a turn, one time in five", _of(0.8, 0.2, 0.0), {"least": 0.7211103, "invertible": True}, "Two eigenvalues are complex, 0.7 + 0.173 i and its mirror image: of each take the absolute value."),
        # eigenvalues 1 and, 23 times, 0.5: the determinant is 1.2e-7
        Case("24 turns, even for half of the clips", _of(0.5 + 0.5 / 24, *[0.5 / 24] * 23), {"least": 0.5, "invertible": True},
             "The eigenvalues are 1 and, 23 times, 0.5: each is far from 0, although their product is not."),
    ),
    hints=(
        "A matrix can be undone if no eigenvalue is 0. How far from 0 the smallest lies says how much of a difference survives.",
        "An index table (i - j) % n looks the shares up: `shares[table]`. `torch.linalg.eigvals` gives complex numbers, and `.abs()` their sizes.",
        "`i = torch.arange(n)`; `M = shares[(i[:, None] - i) % n]`; `least = torch.linalg.eigvals(M).abs().min()`; return least, bool(least > 1e-5).",
    ),
    mistakes=(
        Mistake("the largest", {_ALL: "torch.linalg.eigvals(mixing_matrix(shares)).abs().max()"}, "The largest eigenvalue is 1 for every augmentation: the smallest decides."),
        Mistake("the smallest with its sign", {_ALL: "torch.linalg.eigvals(mixing_matrix(shares)).real.min()"}, "Eigenvalues are compared with their signs: -0.8 is far from 0, so take absolute values."),
        Mistake("the real parts", {_ALL: "torch.linalg.eigvals(mixing_matrix(shares)).real.abs().min()"}, "Only real parts are looked at: the absolute value of a complex number needs both."),
        Mistake("as if symmetric", {_ALL: "torch.linalg.eigvalsh(mixing_matrix(shares)).abs().min()"}, "This is right where M is symmetric, which it is only where left and right turns are equally frequent: no `eigvalsh`, and no |i - j|."),
        Mistake("the determinant", {_ALL: "torch.linalg.det(mixing_matrix(shares)).abs()"}, "This is the determinant, the product of all eigenvalues: the smallest one is asked for."),
        Mistake("the determinant decides", {_RETURN: "return least, bool(torch.linalg.det(mixing_matrix(shares)).abs() > _NEAR_0)"}, "The bool looks at the determinant: a product of many eigenvalues is small where none of them is."),
        Mistake("a half has to stay", {_RETURN: "return least, bool(shares[0] > 0.5)"}, "The bool looks at the share that is not turned: it is least that decides."),
        Mistake("below 0.8", {_RETURN: "return least, bool(1 - shares[0] < 0.8)"}, "The bool looks whether fewer than 0.8 are turned: it is least that decides."),
        Mistake("the next to largest", {_ALL: "torch.linalg.eigvals(mixing_matrix(shares)).abs().sort(descending=True).values[:2][-1]"}, "This is the second largest eigenvalue: the smallest decides."),
        Mistake("their mean", {_ALL: "torch.linalg.eigvals(mixing_matrix(shares)).abs().mean()"}, "This is the mean of the eigenvalues' sizes: one that is 0 is enough to leak."),
        Mistake("all of them", {_ALL: "torch.linalg.eigvals(mixing_matrix(shares)).abs()", _RETURN: "return least, bool((least > _NEAR_0).all())"}, "All n sizes come back: the smallest is asked for."),
        Mistake("a complex number", {_ALL: "min(torch.linalg.eigvals(mixing_matrix(shares)), key=abs)", _RETURN: "return least, bool(least.abs() > _NEAR_0)"}, "The eigenvalue itself comes back, a complex number: its absolute value is asked for."),
        Mistake("the place of the smallest", {_ALL: "torch.linalg.eigvals(mixing_matrix(shares)).abs().argmin()", _RETURN: "return least, True"}, "argmin says where the smallest stands: `.min()` says how large it is."),
        Mistake("the condition number", {_ALL: "torch.linalg.cond(mixing_matrix(shares))"}, "This is the condition number, the largest divided by the smallest."),
        Mistake("the rank", {_ALL: "torch.linalg.matrix_rank(mixing_matrix(shares)).float()"}, "This is the rank: it says whether an eigenvalue is 0, not how near."),
        Mistake("what stays minus the others", {_ALL: "shares[0] - shares[1:].sum() / max(1, len(shares) - 1)"}, "This is right where all turns are equally frequent: build the matrix, and take its eigenvalues."),
        Mistake("the imaginary parts", {_ALL: "torch.linalg.eigvals(mixing_matrix(shares)).imag.abs().min()"}, "Only imaginary parts are looked at: the absolute value of a complex number needs both."),
        Mistake("both parts added", {_ALL: "torch.view_as_real(torch.linalg.eigvals(mixing_matrix(shares))).abs().sum(1).min()"}, "The sizes of both parts are added: the absolute value is the root of the sum of their squares."),
        Mistake("four turns, whatever n", {_ALL: "torch.linalg.eigvals(torch.stack([shares[(i - torch.arange(4)) % 4] for i in range(4)])).abs().min()"}, "The matrix is made for four turns: n is the length of shares."),
        Mistake("how far from 1", {_RETURN: "return 1 - least, bool(least > _NEAR_0)"}, "1 minus the smallest comes back: the smallest itself is asked for."),
        Mistake("the smallest share", {_ALL: "shares.min()"}, "This is the rarest turn: build the matrix, and take its eigenvalues."),
        Mistake("the smallest entry squared", {_ALL: "torch.linalg.eigvals(mixing_matrix(shares)).abs().square().min()"}, "The absolute value comes squared."),
        Mistake("as for two turns", {_ALL: "(2 * shares[0] - 1).abs()"}, "This is right for two turns only: build the matrix, and take its eigenvalues."),
        Mistake("the share that stays", {_ALL: "shares[0]"}, "This is the share of unturned clips: a leak can come with half of them unturned."),
        Mistake("turned round", {_RETURN: "return least, bool(least <= _NEAR_0)"}, "True comes where M cannot be undone: it is asked whether it can."),
        Mistake("always safe", {_RETURN: "return least, True"}, "It says True whatever least is."),
        Mistake("rounding taken for safe", {_RETURN: "return least, bool(least != 0)"}, "Rounding leaves 1e-8 where 0 belongs: the limit is 1e-5."),
        Mistake("safe below a half", {_RETURN: "return least, bool(least > 0.5)"}, "The limit is 0.5: a small eigenvalue is slow, and no leak."),
        Mistake("in the other order", {_RETURN: "return bool(least > _NEAR_0), least"}, "least comes first, then the bool.", "axes"),
    ),
)
