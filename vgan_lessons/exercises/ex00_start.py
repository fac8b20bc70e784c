"""Exercise of lesson 00: the first one, which shows how all the others work."""

import torch

from vgan_lessons import layout
from vgan_lessons.checking import Case, Exercise, Mistake, Question, Quiz


def _stored(*values: int) -> torch.Tensor:
    return torch.tensor(values, dtype=torch.uint8)


def _in_single_precision(answer, stored):
    """The statement says floats and leaves open which, so there is nothing to note about it."""
    floats = answer(stored)
    return floats.float() if isinstance(floats, torch.Tensor) else floats


# fmt: off
FROM_UINT8 = Exercise(
    name="from_uint8",
    number="0.1",
    minutes=3,
    contract=(
        "Return floats of the same shape: 0 becomes -1, 255 becomes 1, and the whole numbers "
        "between them lie evenly between -1 and 1.",
        "The same byte always gives the same number, whatever else is in the clip.",
    ),
    reference=layout.from_uint8,
    inputs=lambda draw: {"stored": draw.integers("B T C H W", 0, 256).to(torch.uint8)},
    call=_in_single_precision,
    cases=(  # situation, what is seen, by hand, where to look
        Case("black and white", lambda answer: answer(_stored(0, 255)), torch.tensor([-1.0, 1.0]),
             "Black, 0, must become -1, and white, 255, must become 1."),
        Case("two dark grey pixels", lambda answer: answer(_stored(51, 51)),
             torch.tensor([-0.6, -0.6]),  # 51 is a fifth of 255; a fifth of 2 is 0.4
             "51 is a fifth of the way from 0 to 255, so it lies a fifth above -1."),
        Case("a clip of one white pixel", lambda answer: answer(_stored(255).view(1, 1, 1, 1, 1)), torch.ones(1, 1, 1, 1, 1),
             "No axis may come or go: the result has the shape of what went in."),
    ),
    hints=(
        "A straight line takes 0 to -1 and 255 to 1. How steep is it?",
        "The line rises by 2 over 255 steps, and it meets 0 halfway, at 127.5.",
        "Divide the floats by one number, then subtract another: `stored / ... - ...`.",
    ),
    mistakes=(  # name, edits of the reference, diagnosis, kind
        Mistake("0 to 1 instead of -1 to 1", {"/ 127.5 - 1": "/ 255"},
                "These are the numbers you get when black becomes 0: the range is half as wide."),
        Mistake("half the range", {"/ 127.5 - 1": "/ 255 - 0.5"},
                "The middle is right, but the range is one wide and should be two wide."),
        Mistake("divided by 128", {"127.5": "128"},
                "White comes out as 0.992: half of 255 is 127.5, not 128."),
        Mistake("black and white exchanged", {"stored.float() / 127.5 - 1": "1 - stored.float() / 127.5"},
                "The range is right, but it runs backwards: dark pixels come out bright."),
        Mistake("bytes that overflow", {"stored.float() / 127.5": "stored * 2 / 255"},
                "Twice a byte does not fit into a byte: 2 * 255 wraps round to 254, so turn the "
                "bytes into floats before you multiply.", "dtype/device/seed"),
        Mistake("stretched to its own darkest and brightest pixel",
                {"stored.float() / 127.5": "(stored - stored.min()) / (stored.max() - stored.min()) * 2"},
                "This stretches every clip to its own darkest and brightest pixel, so the same byte means something else in every clip."),
        Mistake("rounded to whole numbers", {"stored.float() / 127.5 - 1": "(stored.float() / 127.5 - 1).round()"},
                "Only -1, 0 and 1 come out: rounding throws the greys away."),
        Mistake("an axis lost", {"stored.float()": "stored.float().squeeze()"},
                "The numbers are right, but an axis of length 1 has been squeezed away.", "axes"),
    ),
    waived=("graph cut", "dtype", "device"),
    stub='''def my_from_uint8(stored):
    """Turn bytes 0...255 into floats -1...1."""
    ...  # your code
''',
)

ALL = (FROM_UINT8,)

QUIZ = Quiz(
    lesson=0,
    questions=(  # question, options, answer, why it is right, where to look while it is not
        Question("Videos of shape (8, 16, 3, 32, 32): how many frames has each of them?", (), 16,
                 "The axes are (B, T, C, H, W): 8 videos of 16 frames.",
                 "Which letter of (B, T, C, H, W) stands for time?"),
        Question("Your answer fails its check. What do the later cells of the page use?",
                 ("your answer all the same", "the library's version", "nothing: they stop"), "b",
                 "`check` hands back the library's version until yours passes.",
                 "Read the end of the line that `check` printed."),
        Question("What did the generator of section 0.1 start from?",
                 ("a photograph", "a real clip", "random numbers"), "c",
                 "It turns noise into clips; no real clip is looked up.",
                 "Look at what the cell that made the clips was given."),
    ),
)
