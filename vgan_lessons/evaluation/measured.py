"""What studies measured once, and later pages show."""

from functools import cache

from vgan_lessons.evaluation.recorded import read_recording, stored_clips


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


@cache
def measured_rivals() -> dict[str, object]:
    """What a GAN, a VAE and a diffusion model gave on `shapes` at equal time, seed by seed.

    Written by `data_scripts/measure_rivals.py`.

    Returns:
        data, n (clips measured), seconds (of training), machine; runs: arm, model, seed,
        steps, weights, fvd_small, floor, motion, named, one_object; sampling: arm -> CPU
        seconds of one clip, round by round; clips: arm -> (3, 16, 3, 32, 32) uint8.
    """
    stored = read_recording("rivals.json")
    return stored | {
        "clips": {arm: stored_clips(kept) for arm, kept in stored["clips"].items()}
    }
