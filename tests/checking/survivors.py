"""Syntax slips that change nothing a statement demands, with the reason for each.

By exercise: the slip as `mutants` describes it -> why a right answer may look like that.
"""

_EVEN = "only the square or the absolute value of the difference is used"
_REFUSAL = "the statement does not ask for the error that other pixels raise"
_PAIRED = "_require_pairs(real_logits, fake_logits) -> _require_pairs(fake_logits, real_logits)"
_SYMMETRIC = "equal shapes are equal both ways round"

SURVIVORS: dict[str, dict[str, str]] = {
    "from_uint8": {
        "raise TypeError(f'stored pixels must be uint8, got {stored.dtype}') -> pass": _REFUSAL,
        "TypeError(f'stored pixels must be uint8, got {stored.dtype}')"
        " -> f'stored pixels must be uint8, got {stored.dtype}'": _REFUSAL,
        "stored.float() -> stored": "dividing bytes by a float makes floats by itself",
    },
    "js_vs_w1": {"p - q -> q - p": _EVEN},
    "implied_gradient": {"x - theta -> theta - x": _EVEN},
    "least_squares_d_loss": {"real_logits - 1 -> 1 - real_logits": _EVEN},
    "least_squares_g_loss": {"fake_logits - 1 -> 1 - fake_logits": _EVEN},
    "lsgan_value": {
        "p - q -> q - p": _EVEN,
        "1.0 -> 2.0": "it stands under a 0, where any number does",
        "1.0 -> -1.0": "it stands under a 0, where any number does",
    },
    "hinge_value": {
        "F.relu(1 - best_d) -> 1 - best_d": "the best D is -1, 0 or 1: nothing to cut off",
        "F.relu(1 + best_d) -> 1 + best_d": "the best D is -1, 0 or 1: nothing to cut off",
    },
    "relativistic_d_loss": {_PAIRED: _SYMMETRIC},
    "relativistic_g_loss": {_PAIRED: _SYMMETRIC},
}
