"""An exercise's data, and wrong answers made by editing its reference."""

import inspect

import pytest
import torch
from torch.nn import functional as F

from checking.toys import HINGE, hinge, noisy, toy
from vgan_lessons.checking import Case, Mistake, house_rules, mark, typed
from vgan_lessons.checking.exercise import edited
from vgan_lessons.checking.probes import PROBES

LARGE = PROBES[2]


def doubled(x):
    """Say x + x: a docstring where an edit must not land."""
    y = x + x
    return y


def test_an_edit_changes_the_code_and_never_the_docstring_or_the_reference():
    assert edited(doubled, {"x + x": "x - x"})(3) == 0
    assert edited(doubled, {"return y": "return None"})(3) is None
    assert doubled(3) == 6


def test_edits_are_made_all_at_once():
    swapped = edited(hinge, {"1 - real": "1 + real", "1 + fake": "1 - fake"})
    real, fake = torch.tensor([0.5]), torch.tensor([-0.5])
    assert swapped(real, fake).item() == 3.0 and hinge(real, fake).item() == 1.0


def test_an_edit_sees_the_references_module_and_torch():
    assert edited(hinge, {"F.relu(1 - real_logits)": "half(-real_logits)"})
    assert edited(doubled, {"x + x": "F.relu(torch.tensor(x))"})(-2).item() == 0.0


@pytest.mark.parametrize(
    "edits, complaint",
    [
        ({"x * x": "x"}, r"no longer fits: 'x \* x' occurs 0 times"),
        ({"y": "z"}, "occurs 2 times in its source, and should once"),
        ({"x + x": "x", "y = x": "y = 2 * x"}, "overlap"),
    ],
)
def test_an_edit_that_does_not_fit_is_refused(edits, complaint):
    with pytest.raises(ValueError, match=complaint):
        edited(doubled, edits)


def test_a_mistake_is_an_edit_or_a_function_and_both_are_called_by_name():
    other = Mistake("scores squared", lambda r, f: (r**2).mean() + (f**2).mean(), "No square.")
    edit = Mistake("no margin", {"F.relu(1 - real_logits)": "(1 - real_logits)"}, "Cut it.")
    exercise = toy(hinge, inputs=HINGE.inputs, mistakes=(other, edit))
    assert exercise.wrong_answers[other] is other.wrong
    for mistake, wrong in exercise.wrong_answers.items():
        assert mark(exercise, wrong).diagnosis is mistake


def test_typed_code_keeps_its_lines_and_its_names_to_itself():
    answer = typed("import math\nmy_f = lambda x: math.floor(x)\n", "my_f")
    assert answer(2.5) == 2 and answer.__module__ == "__learner__"
    assert "math.floor" in inspect.getsource(answer)
    space = {"F": F}
    assert typed("def f(x):\n    return F.relu(x)\n", "f", space)(torch.ones(1)).item() == 1
    assert space == {"F": F}


def test_a_case_says_where_to_look():
    with pytest.raises(ValueError, match="'it' needs a nudge"):
        Case("it", lambda answer: answer)


def test_inputs_are_drawn_at_the_scale_and_sizes_of_the_exercise():
    exercise = toy(
        noisy,
        inputs=lambda draw: {"videos": draw.normal("B T")},
        sizes={"B": (2, 3, 40)},
        scales=(1.0, 1.0, 100.0),
    )
    videos = exercise.drawn(LARGE, seed=0)["videos"]
    assert videos.shape == (40, 3) and 50 < videos.std() < 200
    assert torch.equal(videos, exercise.drawn(LARGE, seed=0)["videos"])
    assert not torch.equal(videos, exercise.drawn(LARGE, seed=1)["videos"])


def test_dtype_and_device_are_house_rules_where_an_exercise_demands_them():
    def kept(*exercises):
        rules = house_rules(exercises)
        return [rule for rule in rules if rule.startswith("New tensors, the result included,")]

    assert kept(HINGE)[0].endswith("have the inputs' dtype and device.")
    on_the_cpu = toy(hinge, inputs=HINGE.inputs, waived=("device",))
    assert kept(on_the_cpu)[0].endswith("have the inputs' dtype.")
    assert kept(on_the_cpu, HINGE) == kept(HINGE)
    for lenient in (toy(hinge), toy(hinge, inputs=HINGE.inputs, waived=("dtype", "device"))):
        assert not kept(lenient)


def test_exercises_are_sorted_by_number_and_not_by_letter():
    early, late = toy(hinge, number="2.9"), toy(hinge, number="2.10")
    assert early.place < late.place and late.lesson == 2 and late.title == "2.10 hinge"
