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
    """A share p of the clips turned evenly by the four quarter turns."""
    found = {}
    for p in (0.0, 0.4, 0.9, 1.0):
        shares = torch.full((4,), p / 4)
        shares[0] += 1 - p
        least, safe = answer(shares)
        found[f"p = {p}"] = (round(float(least), 4) + 0.0, bool(safe))
    return found


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
        Case("quarter turns", _quarters, {"p = 0.0": (1.0, True), "p = 0.4": (0.6, True), "p = 0.9": (0.1, True), "p = 1.0": (0.0, False)},
             "M is (1 - p) times the identity plus p/4 everywhere: eigenvalues 1, and 1 - p three times."),
        # eigenvalues 1 and 1 - 2p
        Case("upside down, half of the time", _of(0.5, 0.5), {"least": 0.0, "invertible": False}, "M = [[0.5, 0.5], [0.5, 0.5]] has the eigenvalues 1 and 0."),
        Case("upside down, nine times in ten", _of(0.1, 0.9), {"least": 0.8, "invertible": True}, "M = [[0.1, 0.9], [0.9, 0.1]] has the eigenvalues 1 and -0.8: what counts is how far from 0."),
        # 0.5 + 0.5 i
        Case("one quarter turn, half of the time", _of(0.5, 0.5, 0.0, 0.0), {"least": 0.0, "invertible": False}, "The eigenvalues are 1, 0 and (1 + i)/2, (1 - i)/2."),
        # 0.8 + 0.2 w with w = -1/2 + i sqrt(3)/2: 0.7 + 0.1732 i, of size 0.7211
        Case("a third of a turn, one time in five", _of(0.8, 0.2, 0.0), {"least": 0.7211103, "invertible": True}, "Two eigenvalues are complex, 0.7 + 0.173 i and its mirror image: of each take the absolute value."),
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
        Mistake("as if symmetric", {_ALL: "torch.linalg.eigvalsh(mixing_matrix(shares)).abs().min()"}, "`eigvalsh` is for symmetric matrices; M is one only where left and right turns are equally frequent."),
        Mistake("the determinant", {_ALL: "torch.linalg.det(mixing_matrix(shares)).abs()"}, "This is the determinant, the product of all eigenvalues: the smallest one is asked for."),
        Mistake("the smallest share", {_ALL: "shares.min()"}, "This is the rarest turn: build the matrix, and take its eigenvalues."),
        Mistake("the smallest entry squared", {_ALL: "torch.linalg.eigvals(mixing_matrix(shares)).abs().square().min()"}, "The absolute value comes squared."),
        Mistake("1 minus p, always", {_ALL: "(2 * shares[0] - 1).abs()"}, "This is right for two turns only: build the matrix, and take its eigenvalues."),
        Mistake("the share that stays", {_ALL: "shares[0]"}, "This is the share of unturned clips: a leak can come with half of them unturned."),
        Mistake("turned round", {_RETURN: "return least, bool(least <= _NEAR_0)"}, "True comes where M cannot be undone: it is asked whether it can."),
        Mistake("always safe", {_RETURN: "return least, True"}, "It says True whatever least is."),
        Mistake("rounding taken for safe", {_RETURN: "return least, bool(least != 0)"}, "Rounding leaves 1e-8 where 0 belongs: the limit is 1e-5."),
        Mistake("safe below a half", {_RETURN: "return least, bool(least > 0.5)"}, "The limit is 0.5: a small eigenvalue is slow, and no leak."),
        Mistake("in the other order", {_RETURN: "return bool(least > _NEAR_0), least"}, "least comes first, then the bool.", "axes"),
    ),
)
