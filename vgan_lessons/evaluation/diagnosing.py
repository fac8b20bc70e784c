"""From the log of a video GAN's training to the name of its trouble."""

from vgan_lessons.evaluation.recorded import VideoCurves

LATE = 5  # logs at the end that say how a training ends
STILL = 0.35  # motion below which clips count as frozen
ALIKE = 0.25  # variety below which all clips are one
AGAIN = 0.6  # a change over several frames that is smaller than this share of one frame's
NOISE = 0.8  # restlessness above which neighbours are no closer than strangers
ANOTHER = 0.2  # change of colour from which an object counts as another one


def diagnose_video(run: VideoCurves) -> str:
    """Name what happened to a training, by what its last logs say.

    Args:
        run: its curves, at least five logs.

    Returns:
        A word of VIDEO_LABELS.

    Lesson 08.
    """

    def late(column):
        return column[-LATE:].median()

    if late(run.variety) < ALIKE:
        return "collapse"
    if late(run.motion) < STILL:
        return "frozen"
    if late(run.comes_back) < AGAIN:
        return "loop"
    if late(run.restless) > NOISE:
        return "flicker"
    if late(run.content_change) > ANOTHER:
        return "drift"
    return "healthy"
