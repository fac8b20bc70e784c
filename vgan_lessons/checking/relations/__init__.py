"""Naming without a catalogue: what relates a wrong answer to the right one.

A relation is what holds between the numbers of an answer and the right ones on every probe:
"twice too large", "wrong sign", "no gradient". It claims no more than the numbers show, and
where they show too little, nothing is said. Answers that draw random numbers are left alone.

`find_relation` asks the kinds in turn: `causes` (NaN, and inputs of one kind only), `outputs`
(one result or several), `slopes` (their gradients), `changes` (what is moved in place),
`arguments` (what was put in, and the code), `refusals` (what must raise), `troubles` (what an
exception says), `events` (the order of a training), `by_hand` (worked cases, where no inputs
are drawn). `evidence` lays an
answer's numbers beside those of the reference, `numbers` looks at one result by itself.
"""

from typing import Any

from vgan_lessons.checking.exercise import Exercise
from vgan_lessons.checking.probes import PROBES
from vgan_lessons.checking.relations.arguments import (
    Reading,
    other_arguments,
    read_code,
    unused_argument,
)
from vgan_lessons.checking.relations.by_hand import relation_by_case, relation_by_hand
from vgan_lessons.checking.relations.causes import (
    cause_of,
    falls_short,
    is_lost,
    only_there,
    sizes_must_agree,
)
from vgan_lessons.checking.relations.changes import relation_of_changes
from vgan_lessons.checking.relations.events import relation_of_events
from vgan_lessons.checking.relations.evidence import Compared, compared
from vgan_lessons.checking.relations.outputs import relation_of_results, which_are_right
from vgan_lessons.checking.relations.refusals import relation_of_own_raise
from vgan_lessons.checking.relations.slopes import relation_of_slopes
from vgan_lessons.checking.relations.troubles import relation_of_rule, relation_of_trouble
from vgan_lessons.checking.results import THE_CALL, Finding, Record, Relation

_PROBED = {probe.name for probe in PROBES}


def find_relation(
    exercise: Exercise,
    record: Record,
    right: Record,
    finding: Finding,
    answer: Any,
    seed: int = 0,
) -> Relation | None:
    """What relates a wrong answer to the right one, on everything that was seen of it.

    Args:
        exercise: what was asked.
        record: of the answer.
        right: of the reference.
        finding: what was found.
        answer: only its code is read; it is not called again.
        seed: the one the records were made with.

    Returns:
        The relation that says most, or None.
    """
    if THE_CALL in record.seen:
        return None
    if exercise.random:
        return relation_of_rule(finding) or _on_the_case(exercise, record, finding)
    if finding.rule == "tensors":
        what = "The number is right, but it comes as a plain one, as .item() makes it"
        return Relation("plain number for a tensor", f"{what}: its graph is lost with it.")
    if finding.rule not in (None, "inputs untouched"):
        return relation_of_rule(finding)
    code = read_code(answer)
    if not code.returns and read_code(exercise.reference).returns:
        what = "Your function computes and then ends without handing anything back"
        return Relation("no return", f"{what}: the last line needs a `return`.")
    if relation := cause_of(exercise, record, right, finding, code.words, seed):
        return relation
    if is_lost(record, right, finding.trial) and finding.trial not in _PROBED:
        return None
    if relation := relation_of_events(record.events, right.events):
        return relation
    relation = _on_all_probes(exercise, record, right, finding, code, seed)
    return relation or _on_the_case(exercise, record, finding)


def _on_the_case(exercise: Exercise, record: Record, finding: Finding) -> Relation | None:
    """What the failed case says by itself: an exception, or numbers worked by hand."""
    trouble = record.seen[finding.trial].trouble if finding.trial in record.seen else None
    network = isinstance(exercise.reference, type)
    if relation := relation_of_own_raise(trouble):
        return relation
    if relation := relation_of_trouble(trouble, network=network):
        return relation
    if relation := relation_by_case(exercise, record, finding.trial):
        return relation
    return None if exercise.inputs else relation_by_hand(exercise, record, finding.trial)


def _on_all_probes(
    exercise: Exercise,
    record: Record,
    right: Record,
    finding: Finding,
    code: Reading,
    seed: int,
) -> Relation | None:
    """What holds on every probe, from what says most to what says least."""
    probes = compared(record, right)
    if not probes:
        return None
    if "inputs untouched" not in exercise.waived and (changed := _changed(probes)):
        return changed
    if any(one.got.trouble for one in probes):
        return sizes_must_agree(finding, probes) or only_there(
            exercise, record, right, probes, seed
        )
    if all(one.is_right(exercise.tolerance) for one in probes):
        return (
            relation_of_changes(probes, exercise.tolerance)
            or relation_of_slopes(exercise, probes, values_right=True)
            or falls_short(exercise, record, right)
        )
    if finding.kind == "side effects":
        return None
    return (
        relation_of_results(exercise, record, right, probes)
        or only_there(exercise, record, right, probes, seed)
        or other_arguments(exercise, probes, seed)
        or which_are_right(exercise, record, right, probes)
        or relation_of_slopes(exercise, probes, values_right=False)
        or unused_argument(exercise, probes, code)
    )


def _changed(probes: tuple[Compared, ...]) -> Relation | None:
    for name in probes[0].got.changed:
        if all(name in one.got.changed and name not in one.right.changed for one in probes):
            what = (
                f"The caller's {name} is changed, too, and the statement does not ask for that"
            )
            return Relation("input changed", f"{what}.")
    return None
