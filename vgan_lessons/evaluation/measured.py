"""What studies of people measured once, and later pages show."""

from functools import cache

from vgan_lessons.evaluation.recorded import read_recording


@cache
def measured_people_pairs() -> dict[str, object]:
    """How often clips of people are read as the person and the action that were asked for.

    Written by `data_scripts/store_people_pairs.py`.

    Returns:
        from: what was measured; pairs: row -> action, person, both, lists of shares.
    """
    return read_recording("people_pairs.json")


@cache
def measured_continuation() -> dict[str, object]:
    """How the shipped continuation goes on from frames of films that it never saw.

    Written by `data_scripts/measure_continuation.py`.

    Returns:
        machine, date, and runs, one a seed of the draws: feature_frechet (the Fréchet distance
        of clip features to those of what happened), motion_energy, beats_copy.
    """
    return read_recording("continuation.json")
