"""Whether a learner has begun."""

import pytest
import torch
from torch import nn

from checking.toys import CRITIC, HINGE, hinge, toy
from vgan_lessons.checking import mark, solved_source, stub_source, typed

STUBS = {
    "as published": stub_source(HINGE),
    "pass": "def my_hinge(real_logits, fake_logits):\n    pass\n",
    "annotated": "def my_hinge(real: list, fake: list) -> float:\n    '''Mine.'''\n    ...\n",
    "not implemented": "def my_hinge(a, b):\n    raise NotImplementedError('later')\n",
    "none returned": "def my_hinge(a, b):\n    return None\n",
    "a comment": "def my_hinge(a, b):\n    # mean of what?\n    ...  # your code\n",
    "a lambda": "my_hinge = lambda a, b: ...\n",
    "no definition": "my_hinge = None\n",
}


@pytest.mark.parametrize("source", STUBS.values(), ids=STUBS.keys())
def test_a_stub_in_any_form_is_not_attempted(source):
    assert mark(HINGE, typed(source, "my_hinge")).state == "not_attempted"


def test_a_stub_without_its_source_is_known_by_its_byte_code():
    space = {}
    exec("def stub(a, b):\n    ...\ndef begun(a, b):\n    return 2.0\n", space)
    assert mark(HINGE, space["stub"]).state == "not_attempted"
    assert mark(HINGE, space["begun"]).state == "failed"


def test_a_placeholder_reached_on_the_way_is_not_attempted():
    cell = "def my_hinge(a, b):\n    m = a.mean()\n    raise NotImplementedError\n"
    assert mark(HINGE, typed(cell, "my_hinge")).state == "not_attempted"
    assert mark(HINGE, lambda a, b: (a.mean(), ...)[1]).state == "not_attempted"


def test_whoever_has_begun_and_forgot_the_return_is_told():
    verdict = mark(HINGE, typed("def my_hinge(a, b):\n    loss = a.mean()\n", "my_hinge"))
    assert verdict.state == "failed"
    assert verdict.finding.what == "expected one number, got None"


def test_a_stub_with_a_scaffold_is_compared_with_the_published_one():
    stub = (
        "def my_hinge(real, fake):\n    both = torch.cat([real, fake])\n    ...  # your code\n"
    )
    scaffolded = toy(hinge, inputs=HINGE.inputs, cases=HINGE.cases, stub=stub)
    same = stub.replace("):", ") -> 'Tensor':").replace("...  # your code", "pass")
    assert mark(scaffolded, typed(same, "my_hinge")).state == "not_attempted"
    begun = typed("import torch\n" + stub.replace("...", "return both.mean()"), "my_hinge")
    assert mark(scaffolded, begun).state == "failed"


def test_a_stub_is_the_signature_and_the_first_sentence_of_the_reference():
    assert stub_source(HINGE) == (
        "def my_hinge(real_logits, fake_logits):\n"
        '    """Mean hinge of the reals plus mean hinge of the fakes. Scalars in, a scalar\n'
        "    out.\n"
        '    """\n'
        "    ...  # your code\n"
    )


def test_a_class_has_a_stub_too():
    source = stub_source(CRITIC)
    assert "def __init__(self, *, channels=2, width=4):\n        super().__init__()" in source
    stub = typed(f"from torch import nn\n{source}", "my_Critic")
    assert issubclass(stub, nn.Module)
    assert mark(CRITIC, stub).state == "not_attempted"
    assert mark(CRITIC, typed(solved_source(CRITIC), "my_Critic")).state == "passed"


def test_the_solved_cell_runs_by_itself():
    source = solved_source(HINGE)
    assert source.startswith("from checking.toys import F, Tensor\n")
    assert typed(source, "my_hinge")(torch.zeros(2), torch.zeros(3)).item() == 2.0
