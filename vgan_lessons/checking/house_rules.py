"""The house rules: what holds for every answer, said once at the top of each page.

A check refuses an answer for a sentence of the exercise's contract or for one of these, and
for nothing else. Both are printed on the page from here and from the exercise, so that what is
asked and what a learner reads cannot differ.
"""

from collections.abc import Iterable

from vgan_lessons.checking.exercise import Exercise

_ALWAYS = (
    "Keep the arguments of the stub. A number that is asked for is a tensor without axes, "
    "because later cells call `.item()` on it; where a plain number will do, the contract says "
    "so.",
    "Nothing else changes: not the inputs and their `.grad`, not a network's weights, buffers, "
    "mode or `requires_grad`, not torch's switches and functions. No global random source is "
    "drawn from or reseeded.",
    "The same inputs give the same result at every call.",
    "Inputs come in several sizes, a batch of one included, small and large, and in any memory "
    "order: where `view` fails, `reshape` works.",
    "Where inputs are floats, the gradient of the result by each of them is compared, too, "
    "unless the contract says that it is not asked for.",
)
_AT_LAST = (
    "Numbers within one part in 10,000 count as equal. A check stops code that runs for more "
    "than 1.5 seconds, waits for the keyboard or would end Python.",
    "An answer that is the library's own function, or only calls it, is borrowed and no pass; "
    "what a page imports, and what you wrote before, may be used.",
    "What an input may be, the check tries; what is left open, you choose. Whatever neither "
    "the contract nor these rules demand is at most a note.",
)


def house_rules(exercises: Iterable[Exercise]) -> tuple[str, ...]:
    """What a page says before its first exercise, in full sentences.

    Args:
        exercises: those of the page; dtype and device are demanded where one of them does.
    """
    exercises = tuple(exercises)
    kinds = [
        kind
        for kind in ("dtype", "device")
        if any(exercise.inputs and kind not in exercise.waived for exercise in exercises)
    ]
    if not kinds:
        return _ALWAYS + _AT_LAST
    kept = f"New tensors, the result included, have the inputs' {' and '.join(kinds)}."
    return (*_ALWAYS, kept, *_AT_LAST)
