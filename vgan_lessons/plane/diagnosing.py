"""From a game's log to its trouble: rules in the order in which one should look."""

import torch

from vgan_lessons.plane.recorded import RunCurves

LATE = 5  # logs at the end that say how a game stands; one log alone is one batch
PILE = 50.0  # a gradient of these small players is of size 1 to 20, a pile of them hundreds
WON = 0.2  # D's loss; 2 ln 2 = 1.386 when it knows nothing, 0 when it is never wrong
FEW_MODES = 2  # of the ring's eight


def diagnose(run: RunCurves) -> str:
    """Name what is wrong with a logistic game on the ring of eight from its curves.

    What is broken comes before what it led to: a NaN or a pile of gradients also loses modes.

    - A number that is not finite never becomes one again.
    - Gradients that nobody clears add up: after hundreds of steps they are hundreds long.
    - Probabilities lie in [0, 1], and logits would not all do so: a healthy D scores fakes
      below 0. A loss that takes them for logits lies between ln(1 + 1/e) + ln 2 = 1.0064, D
      being right every time, and ln(1 + e) + ln 2 = 2.0064, D being wrong every time.
    - D's loss near 0 means that D is sure. A loss near 2 ln 2 does not mean that all is well:
      G may fool D with one mode as well as with eight. Only the modes tell.

    Args:
        run: at least LATE logs, columns (n_logs,).

    Returns:
        One of recorded.LABELS: "nan", "no_zero_grad", "double_sigmoid", "d_won",
        "mode_collapse" or "healthy".

    Example:
        >>> from vgan_lessons.plane.recorded import recorded_runs
        >>> sorted(diagnose(run.curves) for run in recorded_runs().values())[:3]
        ['d_won', 'double_sigmoid', 'healthy']

    Lesson 04.
    """
    logits = torch.stack([run.real_logit, run.fake_logit])
    norms = torch.stack([run.d_grad_norm, run.g_grad_norm])
    if not torch.stack([run.d_loss, run.g_loss]).isfinite().all():
        return "nan"
    if norms[:, -LATE:].max() > PILE:
        return "no_zero_grad"
    if logits.min() >= 0 and logits.max() <= 1:
        return "double_sigmoid"
    if run.d_loss[-LATE:].max() < WON:
        return "d_won"
    if run.modes[-LATE:].median() <= FEW_MODES:
        return "mode_collapse"
    return "healthy"
