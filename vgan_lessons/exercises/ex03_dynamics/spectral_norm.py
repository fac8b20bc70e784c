"""3.8: how much a layer can stretch, by power iteration."""

import torch
from torch.nn import functional as F

from vgan_lessons import penalties
from vgan_lessons.checking import Case, Draw, Exercise, Mistake

CUT_OFF = "no gradient: sigma is cut off from the weight"


def _inputs(draw: Draw) -> dict:
    u = draw.normal("O")
    weight = draw.normal("O I H W")
    return {"weight": weight, "u": u / u.norm(), "n_iterations": draw.size("N")}


def _both_sigmas(weight, u, n_iterations):
    """sigma with the v of the last iteration, as in the paper, and with that of the last u."""
    matrix, u = weight.flatten(1), u.detach()
    with torch.no_grad():
        before = after = F.normalize(matrix.T @ u, dim=0)
        for _ in range(n_iterations):
            before, turned = after, matrix @ after
            u = F.normalize(turned, dim=0) if turned.any() else u
            after = F.normalize(matrix.T @ u, dim=0)
    return u @ matrix @ before, u @ matrix @ after


def _told_alike(answer, weight, u, n_iterations):
    """What an answer returns; a sigma in the paper's order is translated into the other.

    Both orders are right, and differ by what v is. The paper's sigma has the other put in its
    place, value and gradient, so that one set of numbers serves for both.
    """
    result = answer(weight, u, n_iterations)
    if not isinstance(result, tuple | list) or len(result) != 2:
        return result
    sigma, turned = result
    papers, ours = _both_sigmas(weight, u, n_iterations)
    is_papers = (
        isinstance(sigma, torch.Tensor)
        and (sigma.shape, sigma.dtype) == (papers.shape, papers.dtype)
        and sigma.requires_grad == papers.requires_grad
        and bool((sigma - papers).abs() <= 1e-5 * papers.abs())
    )
    return (sigma - papers + ours if is_papers and n_iterations else sigma), turned


def _diagonal(n_iterations: int):
    return lambda answer: _told_alike(
        answer, torch.diag(torch.tensor([3.0, 4.0])), torch.tensor([0.6, 0.8]), n_iterations
    )


def _kernel(answer):
    """Two output channels, the first of them empty; 12 ones in the second."""
    weight = torch.zeros(2, 3, 2, 2)
    weight[1] = 1.0
    return _told_alike(answer, weight, torch.tensor([0.6, 0.8]), 3)


def _pull_on_the_weight(answer):
    weight = torch.diag(torch.tensor([3.0, 4.0])).requires_grad_()
    sigma, u = _told_alike(answer, weight, torch.tensor([0.6, 0.8]), 1)
    if not isinstance(sigma, torch.Tensor) or not sigma.requires_grad:
        return CUT_OFF
    hangs = isinstance(u, torch.Tensor) and u.requires_grad
    (pull,) = torch.autograd.grad(sigma, weight)
    return pull, "u hangs on the graph" if hangs else "u has no graph"


_TURNED = "_unit(matrix @ _unit(matrix.T @ u))"

# fmt: off
SPECTRAL_NORM = Exercise(
    name="spectral_norm",
    number="3.8",
    minutes=12,
    importance="extra",
    difficulty="hard",
    contract=(
        "Read weight (out, ...) as a matrix W of shape (out, rest). One iteration makes v = W^T u, "
        "scaled to length 1, then u = W v, scaled to length 1. After `n_iterations` of them return "
        "sigma = u^T W v and u, in this order.",
        "v may be that of the last iteration, as in the paper, or W^T u of the u that you return, "
        "scaled; with `n_iterations` = 0 there is only the latter.",
        "Gradient reaches the weight through sigma with u and v standing still: it is the "
        "outer product of u and v. The u that comes back has no graph.",
        "A matrix of zeros has sigma 0 and leaves u as it was.",
    ),
    reference=penalties.spectral_norm,
    inputs=_inputs,
    call=_told_alike,
    sizes={"N": (2, 0, 3)},
    cases=(  # situation, what is seen, by hand, where to look
        Case("diag(3, 4), settled", _diagonal(40), (4.0, torch.tensor([0.0, 1.0])),
             "After 40 iterations u points along the second axis, stretched by 4."),
        Case("diag(3, 4), one iteration", _diagonal(1),
             (3.865538, torch.tensor([0.388698, 0.921365])),  # u = (5.4, 12.8) / 13.8924; sigma = |(3, 4) * u|
             "W W^T u is (5.4, 12.8): scale it. With v from before this u, sigma is 3.783858; with v from this u it is 3.865538."),
        Case("diag(3, 4), no iteration", _diagonal(0), (3.671512, torch.tensor([0.6, 0.8])),  # |(1.8, 3.2)|
             "u stays, and sigma is the length of W^T u = (1.8, 3.2)."),
        Case("a kernel", _kernel, (3.464102, torch.tensor([0.0, 1.0])),  # sqrt(12)
             "One row for each output channel: 12 ones in the second, length sqrt(12).", "axes"),
        Case("the pull on the weight", _pull_on_the_weight,  # u v^T with v = (1.166093, 3.685460) / 3.865538
             (torch.tensor([[0.117256, 0.370590], [0.277944, 0.878444]]), "u has no graph"),
             "u and v are constants here: iterate under torch.no_grad(), then multiply.", "gradients"),
        Case("zeros", lambda answer: answer(torch.zeros(2, 3), torch.tensor([0.6, 0.8]), 3), (0.0, torch.tensor([0.6, 0.8])),
             "Zeros have no direction: keep the u you have, or it is lost for good."),
    ),
    hints=(
        "Multiplying by W W^T again and again turns any vector towards the direction that W "
        "stretches most; scaling keeps its length at 1.",
        "`weight.flatten(1)` has one row for each output. Iterate without a graph; only the "
        "last product, u^T W v, is differentiated.",
        "`with torch.no_grad():` a loop over `u = unit(W @ (W.T @ u))`, then v; outside it "
        "`u @ W @ v`.",
    ),
    mistakes=(  # name, edits of the reference, diagnosis, kind
        Mistake("Frobenius norm", {"u @ matrix @ v": "matrix.norm()"},
                "That is the root of all squared singular values together; only the largest counts."),
        Mistake("largest row", {"u @ matrix @ v": "matrix.abs().sum(1).max()"},
                "That measures the largest single coordinate of the output, not the output's length."),
        Mistake("sigma squared", {"u @ matrix @ v": "u @ matrix @ matrix.T @ u"},
                "u^T W W^T u is the square of sigma; use v, or take the root."),
        Mistake("u not scaled", {_TURNED: "matrix @ (matrix.T @ u)"},
                "Without scaling to length 1, u grows with every iteration, and sigma with it."),
        Mistake("exact, whatever u is", {"u @ matrix @ v": "torch.linalg.matrix_norm(matrix, 2)"},
                "The estimate at the given u is asked for; a decomposition at each step is what power iteration avoids."),
        Mistake("one iteration too many", {"range(n_iterations)": "range(n_iterations + 1)"},
                "n_iterations of them, no more: with 0 the u you were given is measured as it is."),
        Mistake("one iteration even for 0", {"range(n_iterations)": "range(max(n_iterations, 1))"},
                "With n_iterations = 0 nothing turns: sigma is measured with the u you were given."),
        Mistake("one iteration too few", {"range(n_iterations)": "range(n_iterations - 1)"},
                "The first iteration counts, too."),
        Mistake("a column for each output", {"weight.flatten(1)": "weight.flatten(1).T.reshape(len(weight), -1)"},
                "This reshape mixes the output channels: flatten the axes behind the first, and transpose nothing.", "axes"),
        Mistake("the first u handed back", {"u.detach()": "(first := u.detach())", " v, u": " v, first"},
                "Hand back the u that has been turned: the next step goes on from there."),
        Mistake("the normalised weight handed back", {"u @ matrix @ v": "weight / (u @ matrix @ v)"},
                "sigma itself is asked for; dividing by it is the layer's affair."),
        Mistake("results in the other order", {"u @ matrix @ v, u": "u, u @ matrix @ v"},
                "sigma comes first, u second."),
        Mistake("u dies at zeros", {"torch.where(stretched.any(), stretched, u)": "stretched"},
                "A matrix of zeros turns u into zeros, and from there no iteration comes back."),
        Mistake("divided by a length of 0", {_TURNED: "(w := matrix @ matrix.T @ u) / w.norm()"},
                "At a matrix of zeros this is 0 / 0, and u is NaN from then on."),
        Mistake("sigma cut off", {"u @ matrix @ v": "(u @ matrix @ v).detach()"},
                "The iteration runs without a graph, the last product with one: else the layer is "
                "divided by a constant.", "gradients"),
        Mistake("graph through the iteration", {"torch.no_grad()": "torch.enable_grad()", " v, u": " v, u.detach()"},
                "u and v are to stand still: iterate under torch.no_grad().", "gradients"),
        Mistake("u keeps its graph",
                {"torch.no_grad()": "torch.enable_grad()", "v = _unit(matrix.T @ u)": "v = _unit(matrix.T @ u).detach()",
                 "u @ matrix @ v": "u.detach() @ matrix @ v"},
                "u goes on to the next step, and drags the graphs of all steps before along.", "gradients"),
        Mistake("written into u", {"u = torch.where(stretched.any(), stretched, u)": "u.copy_(torch.where(stretched.any(), stretched, u))"},
                "The caller's u must stay as it was; hand back a new one.", "side effects"),
        Mistake("u drawn anew", {"u.detach()": "_unit(torch.randn_like(u))"},
                "u is given, so that the estimate goes on from where the last one stopped.", "dtype/device/seed"),
        Mistake("cast to float32", {"weight.flatten(1), u.detach()": "weight.float().flatten(1), u.float().detach()"},
                "The estimate must keep the dtype of the weight, float64 included.", "dtype/device/seed"),
    ),
)
