"""11.1: how a discriminator is told the class."""

import torch
from torch import Tensor

from vgan_lessons.checking import Case, Draw, Exercise, Mistake
from vgan_lessons.models import conditional


def _of(logits: list, features: list, labels: list, *tables: list):
    def run(answer) -> Tensor:
        return answer(
            torch.tensor(logits),
            torch.tensor(features),
            torch.tensor(labels),
            [torch.tensor(table) for table in tables],
        )

    return run


def _inputs(draw: Draw) -> dict:
    return {
        "logits": draw.normal("B"),
        "features": draw.normal("B D"),
        "labels": torch.stack([draw.integers("B", 0, 3), draw.integers("B", 0, 4)], dim=1),
        "tables": [draw.normal("3 D"), draw.normal("4 D")],
    }


_TOLD = "told = told + table[labels[:, k]]"
_RETURN = "return logits + (told * features).sum(dim=1)"

# fmt: off
PROJECTION_LOGIT = Exercise(
    name="projection_logit",
    number="11.1",
    minutes=7,
    contract=(
        "logits is (B,), what D says without labels; features is (B, d); labels is (B, K) int64; tables is a list of K tensors, the k-th (n_k, d).",
        "Of each sample take row labels[:, k] of the k-th table, for every k, and add these K vectors up. Their inner product with the sample's features is added to its logit.",
        "Return (B,). K is 1 or more, and the tables may have different numbers of rows.",
    ),
    reference=conditional.projection_logit,
    inputs=_inputs,
    cases=(
        Case("one label", _of([0.5], [[3.0, 5.0]], [[1]], [[1.0, 0.0], [0.0, 2.0]]), torch.tensor([10.5]),
             "Class 1 has the row (0, 2): times (3, 5) that is 10, and D's own 0.5."),
        Case("two labels", _of([0.0], [[1.0, 2.0, 3.0]], [[0, 1]], [[1.0, 0.0, 0.0]], [[0.0, 0.0, 10.0], [0.0, 4.0, 0.0]]), torch.tensor([9.0]),
             "Rows (1, 0, 0) and (0, 4, 0) add up to (1, 4, 0); times (1, 2, 3) that is 1 + 8."),
        Case("two samples", _of([0.5, -1.0], [[3.0, 5.0], [2.0, 7.0]], [[1], [0]], [[1.0, 0.0], [0.0, 2.0]]), torch.tensor([10.5, 1.0]),
             "The first is of class 1: 10 and 0.5. The second is of class 0: 2 - 1."),
    ),
    hints=(
        "Each label names a row of its table; an inner product with the features says how well they fit.",
        "`tables[k][labels[:, k]]` is (B, d): a row for every sample. Multiply by features, sum over d, not over B.",
        "`told = sum(table[labels[:, k]] for k, table in enumerate(tables))`; `logits + (told * features).sum(1)`.",
    ),
    mistakes=(
        Mistake("the labels' product", lambda logits, features, labels, tables: logits + torch.stack([t[labels[:, k]] for k, t in enumerate(tables)]).prod(0).mul(features).sum(1),
                "The rows of the labels are multiplied: they are added."),
        Mistake("without D's own logit", {_RETURN: "return (told * features).sum(dim=1)"}, "D's own logit is missing: whether it is real at all counts as well."),
        Mistake("only the first label", lambda logits, features, labels, tables: logits + (tables[0][labels[:, 0]] * features).sum(1), "Only the first label counts: add the rows of all K."),
        Mistake("only the last label", {_TOLD: "told = table[labels[:, k]]"}, "Each table replaces the one before: add the rows up."),
        Mistake("subtracted", {_RETURN: "return logits - (told * features).sum(dim=1)"}, "The fit is subtracted: features that fit their class make D surer."),
        Mistake("averaged over the features", {_RETURN: "return logits + (told * features).mean(dim=1)"}, "The products are averaged: an inner product adds them."),
        Mistake("one fit for the batch", {_RETURN: "return logits + (told * features).sum()"}, "The products of all samples are added together: each sample has its own.", "axes"),
        Mistake("averaged over the labels", {_RETURN: "return logits + (told * features).sum(dim=1) / len(tables)"}, "The rows of the labels are averaged: they are added."),
        Mistake("a cosine", {_RETURN: "return logits + torch.cosine_similarity(told, features)"}, "This is the cosine: the inner product keeps the lengths."),
        Mistake("the features left out", {_RETURN: "return logits + told.sum(dim=1)"}, "The features have no influence: every sample of a class would get the same."),
        Mistake("the class as a number", lambda logits, features, labels, tables: logits + (labels.sum(1, keepdim=True) * features).sum(1),
                "The number of the class multiplies the features: it is a place in a table, no quantity."),
        Mistake("all classes' vectors", lambda logits, features, labels, tables: logits + (sum(t.sum(0) for t in tables) * features).sum(1),
                "The rows of all classes are added: take that of the sample's class."),
    ),
)
