"""Relations of what happens while an answer runs: the first event that is not the right one.

An exercise may keep a diary of its trainings (`Exercise.events`): tracks of events, in order.
Nothing is refused by it. Where an answer is refused, the first entry that differs from the
reference's says more than a wrong number does.
"""

from collections.abc import Mapping, Sequence

from vgan_lessons.checking.results import Relation

_AN_EXCEPTION = "an exception"
Tracks = Mapping[str, Sequence[str]]


def relation_of_events(got: Tracks, right: Tracks) -> Relation | None:
    """The first event of an answer that the right one has not, or the first that is missing.

    Args:
        got: what happened, by track; empty where nothing was noted.
        right: of the reference.
    """
    for track, wanted in right.items():
        if (found := got.get(track)) is None:
            return None
        if tuple(found) != tuple(wanted):
            return _first_difference(track, tuple(found), tuple(wanted))
    return None


def _first_difference(
    track: str, found: tuple[str, ...], wanted: tuple[str, ...]
) -> Relation | None:
    place = 0
    while place < min(len(found), len(wanted)) and found[place] == wanted[place]:
        place += 1
    here = f"{track}, " if track else ""
    since = f"after this: {wanted[place - 1]}" if place else "at first"
    asked = wanted[place] if place < len(wanted) else None
    came = found[place] if place < len(found) else None
    if came is None:
        never = "" if asked in found else ", and it never does"
        what = f"{here}{since}, this should happen next: {asked}. Nothing more happens{never}"
        return Relation(f"missing: {asked}", _sentence(what))
    if asked is None:
        what = f"{here}{since}, all should be over. Here one thing more happens: {came}"
        return Relation(f"too much: {came}", _sentence(what))
    if came.startswith(_AN_EXCEPTION):
        return None  # which says more
    if came.startswith(asked):  # "... on top of an old one"
        rest = came.removeprefix(asked)
        return Relation(came, _sentence(f"{here}{since}, {asked}, as it should, but{rest}"))
    what = f"{here}{since}, this should happen next: {asked}. What happens is: {came}"
    if asked not in found[place:]:
        return Relation(f"missing: {asked}", _sentence(f"{what}; the other never does"))
    return Relation(f"out of turn: {came}", _sentence(what))


def _sentence(what: str) -> str:
    return f"{what[0].upper()}{what[1:]}."
