"""Relations of an exception: what its message says about the answer, in a learner's words.

A message of torch names two sizes and no cause. What stands here claims what the message shows
and says where such a thing comes from.
"""

import re
from collections.abc import Sequence

from vgan_lessons.checking.results import Finding, Relation, Trouble

_LATER = "asked for, and the code that uses them cannot take yours apart"
# what a message looks like, the name, the sentences; {0}, {1} are what the pattern caught
_IN_YOUR_LINE: Sequence[tuple[str, str, str]] = (
    (
        r"'(float|int)' object has no attribute '(item|detach|backward|mean)'",
        "a plain number for a tensor",
        "What .{1}() is called on is a plain number, and no tensor: float(...) takes both.",
    ),
    (
        r"'NoneType' object",
        "None",
        "Something in this line is None: what should have handed it back returned nothing.",
    ),
    (
        r"mat1 and mat2 shapes cannot be multiplied \((\d+)x(\d+) and (\d+)x(\d+)\)",
        "sizes of a matrix product",
        "A matrix product or a linear layer gets rows of {1} numbers and is made for {2}: is a "
        "size written down that follows from the arguments, or a transpose missing?",
    ),
    (
        r"expected input\[.*\] to have (\d+) channels, but got (\d+) channels",
        "channels of a convolution",
        "A convolution that is made for {0} channels gets {1}: look which axis of its input is "
        "the second, and whether a number of channels is written down.",
    ),
    (
        r"weight to be at least 1 at dimension 0|Initializing zero-element tensors|"
        r"(in|out)_channels must be|num_channels must be divisible",
        "a width of 0",
        "A layer is built with no channels at all, or with a number that its groups do not "
        "divide: a division rounds a small number down, max(1, n // 4) keeps one.",
    ),
    (
        r"The size of tensor a \((\d+)\) must match the size of tensor b \((\d+)\)",
        "sizes must agree",
        "Tensors of {0} and of {1} entries are joined entry by entry along one axis: only an "
        "axis of length 1 spreads by itself.",
    ),
    (
        r"shape '\[(.*)\]' is invalid for input of size (\d+)",
        "numbers that do not fit a shape",
        "{1} numbers are to be laid out as [{0}], and do not fit: two sizes are taken for each "
        "other, or one is written down.",
    ),
    (
        r"Dimension out of range",
        "an axis that is not there",
        "Your code counts on more axes than this input has: count them from its shape, or fold "
        "those behind with flatten(1).",
    ),
    (
        r"Expected (\w+) .*input to conv(\d)d",
        "axes of a convolution",
        "A {1}-D convolution gets an input with another number of axes: is it what the network "
        "is for, and in the layout that the layer wants?",
    ),
    (
        r"Sizes of tensors must match except in dimension",
        "sizes that cannot be stacked",
        "Tensors of unequal sizes are put together: reals and fakes, for example, that are not "
        "of one length.",
    ),
    (
        r"is a view and (its base|another view)|a view of a leaf Variable",
        "a part changed in place",
        "A part that chunk, split or unbind handed out is changed in place, and torch forbids "
        "that for weights: change the weight by its index, weight[a:b] = ..., under no_grad.",
    ),
    (
        r"`view` needs memory in order",
        "view of turned axes",
        "`view` is asked of a tensor whose axes were turned, or which is a part of another: "
        "reshape takes any.",
    ),
    (
        r"random_ expects 'from' to be less than 'to'",
        "an empty range",
        "randint has nothing to choose from here: its upper end, which is left out, has to "
        "be one more than the last number allowed.",
    ),
    (
        r"zip\(\) argument \d is (longer|shorter)",
        "things of unequal number",
        "Two rows of things that are paired one by one are not equally long here.",
    ),
    (
        r"must be \(.*got \(|positional arguments? but \d+ w\w+ given|must have one shape",
        "handed over otherwise",
        "What is called in this line wants other things than it gets: the message says what it "
        "expected, and what came.",
    ),
    (
        r"object has no attribute 'shape'|must be Tensor, not tuple|but got tuple",
        "a tuple for a tensor",
        "A tuple goes in where a tensor belongs: what returns several things has to be taken "
        "apart first.",
    ),
)
_IN_THEIRS: Sequence[tuple[str, str, str]] = (
    (
        r"non-iterable NoneType|'NoneType' object is not",
        "None",
        "None comes back: on some way through your code no `return` is reached.",
    ),
    (
        r"cannot unpack non-iterable|object is not iterable|iteration over a 0-d tensor",
        "one result for several",
        f"One thing comes back. Several are {_LATER}: hand out all of them, in their order.",
    ),
    (
        r"'(tuple|list)' object has no attribute",
        "a plain tuple for a named one",
        "A plain tuple or list comes back where a thing with names is asked for: build that.",
    ),
    (
        r"not enough values to unpack|too many values to unpack",
        "another number of results",
        f"Another number of results comes back than is {_LATER}.",
    ),
    (
        r"'function' object has no attribute '(named_)?(parameters|modules|state_dict|train)'",
        "a function for a module",
        "A function comes back where a module is asked for: only a module keeps weights from "
        "one call to the next.",
    ),
)
_OTHER_DTYPE = re.compile(
    r"type \(\w+\) and (bias|weight) type|must have the same dtype|same dtype, but got|"
    r"expected scalar type"
)


_OF_A_RULE = {
    "global randomness": "A global random source or switch is changed, and whoever comes later "
    "gets other numbers: no manual_seed, and every draw names its generator.",
    "device": "A tensor that is made inside stays on the CPU: make it with device=x.device, or "
    "with torch.zeros_like(x), x.new_zeros(...) and their like.",
    "dtype": "A tensor that is made inside, or a cast, has another dtype than the inputs: "
    "dtype=x.dtype, or torch.zeros_like(x) and its like.",
}


def relation_of_rule(finding: Finding) -> Relation | None:
    """What a broken house rule says, where numbers are right.

    Args:
        finding: with its rule.
    """
    sentence = _OF_A_RULE.get(finding.rule or "")
    return Relation(finding.rule, sentence) if sentence else None


def relation_of_trouble(trouble: Trouble | None, *, network: bool) -> Relation | None:
    """What an exception says, where its message is one of those that learners meet.

    Args:
        trouble: of the case or probe that failed first.
        network: whether the answer is a network, which a check moves to another dtype.
    """
    if trouble is None:
        return None
    if network and _OTHER_DTYPE.search(trouble.message):
        what = (
            "The whole network was turned to another dtype, and a part of it did not follow: "
            "layers in a plain list or dict, and tensors kept as plain attributes, are no part "
            "of a module. nn.ModuleList and nn.Parameter are"
        )
        return Relation("not a part of the module", f"{what}.")
    for pattern, name, sentence in _IN_YOUR_LINE if trouble.line else _IN_THEIRS:
        if found := re.search(pattern, trouble.message):
            return Relation(name, sentence.format(*found.groups()))
    return None
