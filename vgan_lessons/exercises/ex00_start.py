"""Exercise of lesson 00: the first one, which shows how all the others work."""

import torch

from vgan_lessons import layout
from vgan_lessons.checking import Case, Exercise, Mistake, Question, Quiz


def _stored(*values: int) -> torch.Tensor:
    return torch.tensor(values, dtype=torch.uint8)


def _stretched(stored):
    lowest, highest = stored.min(), stored.max()
    return (stored - lowest) / (highest - lowest) * 2 - 1


def _in_single_precision(answer, stored):
    """The statement says floats and leaves open which, so there is nothing to note about it."""
    floats = answer(stored)
    return floats.float() if isinstance(floats, torch.Tensor) else floats


FROM_UINT8 = Exercise(
    name="from_uint8",
    number="0.1",
    minutes=3,
    difficulty="easy",
    importance="core",
    contract=(
        "Return floats of the same shape: 0 becomes -1, 255 becomes 1, and the whole numbers "
        "between them lie evenly between -1 and 1.",
        "The same byte always gives the same number, whatever else is in the clip.",
    ),
    reference=layout.from_uint8,
    inputs=lambda draw: {"stored": draw.integers("B T C H W", 0, 256).to(torch.uint8)},
    call=_in_single_precision,
    cases=(
        Case(
            name="black and white",
            run=lambda answer: answer(_stored(0, 255)),
            expect=torch.tensor([-1.0, 1.0]),
            nudge="Black, 0, must become -1, and white, 255, must become 1.",
        ),
        Case(
            name="two dark grey pixels",
            run=lambda answer: answer(_stored(51, 51)),
            expect=torch.tensor([-0.6, -0.6]),  # 51 is a fifth of 255; a fifth of 2 is 0.4
            nudge="51 is a fifth of the way from 0 to 255, so it lies a fifth above -1.",
        ),
        Case(
            name="a clip of one white pixel",
            run=lambda answer: answer(torch.full((1, 1, 1, 1, 1), 255, dtype=torch.uint8)),
            expect=torch.ones(1, 1, 1, 1, 1),
            nudge="No axis may come or go: the result has the shape of what went in.",
        ),
    ),
    hints=(
        "A straight line takes 0 to -1 and 255 to 1. How steep is it?",
        "The line rises by 2 over 255 steps, and it meets 0 halfway, at 127.5.",
        "Divide the floats by one number, then subtract another: `stored / ... - ...`.",
    ),
    mistakes=(
        Mistake(
            "0 to 1 instead of -1 to 1",
            lambda stored: stored / 255,
            "These are the numbers you get when black becomes 0: the range is half as wide.",
        ),
        Mistake(
            "half the range",
            lambda stored: stored / 255 - 0.5,
            "The middle is right, but the range is one wide and should be two wide.",
        ),
        Mistake(
            "divided by 128",
            lambda stored: stored / 128 - 1,
            "White comes out as 0.992: half of 255 is 127.5, not 128.",
        ),
        Mistake(
            "black and white exchanged",
            lambda stored: 1 - stored / 127.5,
            "The range is right, but it runs backwards: dark pixels come out bright.",
        ),
        Mistake(
            "bytes that overflow",
            lambda stored: stored * 2 / 255 - 1,
            "Twice a byte does not fit into a byte: 2 * 255 wraps round to 254, so turn the "
            "bytes into floats before you multiply.",
            "dtype/device/seed",
        ),
        Mistake(
            "stretched to its own darkest and brightest pixel",
            _stretched,
            "This stretches every clip to its own darkest and brightest pixel, so the same "
            "byte means something else in every clip.",
        ),
        Mistake(
            "rounded to whole numbers",
            lambda stored: (stored / 127.5 - 1).round(),
            "Only -1, 0 and 1 come out: rounding throws the greys away.",
        ),
        Mistake(
            "an axis lost",
            lambda stored: (stored / 127.5 - 1).squeeze(),
            "The numbers are right, but an axis of length 1 has been squeezed away.",
            "axes",
        ),
    ),
    alternatives={
        "floats first": lambda stored: stored.float() / 127.5 - 1,
        "middle first": lambda stored: (stored.float() - 127.5) / 127.5,
        "double, then shift": lambda stored: stored / 255 * 2 - 1,
        "a table of 256": lambda stored: torch.linspace(-1, 1, 256, device=stored.device)[
            stored.long()
        ],
    },
    waived=("graph cut", "dtype"),
    stub='''def my_from_uint8(stored):
    """Turn bytes 0...255 into floats -1...1."""
    ...  # your code
''',
)

ALL = (FROM_UINT8,)

QUIZ = Quiz(
    lesson=0,
    questions=(
        Question(
            "Videos of shape (8, 16, 3, 32, 32): how many frames has each of them?",
            (),
            16,
            why="The axes are (B, T, C, H, W): 8 videos of 16 frames.",
            nudge="Which letter of (B, T, C, H, W) stands for time?",
        ),
        Question(
            "Your answer fails its check. What do the later cells of the page use?",
            ("your answer all the same", "the library's version", "nothing: they stop"),
            "b",
            why="`check` hands back the library's version until yours passes.",
            nudge="Read the end of the line that `check` printed.",
        ),
        Question(
            "What did the generator of section 0.1 start from?",
            ("a photograph", "a real clip", "random numbers"),
            "c",
            why="It turns noise into clips; no real clip is looked up.",
            nudge="Look at what the cell that made the clips was given.",
        ),
    ),
)
