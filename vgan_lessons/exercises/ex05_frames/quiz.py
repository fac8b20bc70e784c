"""The exit quiz of lesson 05."""

from vgan_lessons.checking import Question, Quiz

QUIZ = Quiz(
    lesson=5,
    questions=(
        Question(
            "`nn.ConvTranspose2d(8, 4, 4, stride=4)` is laid over a picture of 8x8. How wide "
            "is the result?",
            (),
            32,
            why="(8 - 1) * 4 + 4 = 32; kernel and stride are equal, so nothing overlaps.",
            nudge="Your overlap_map says the length: (n_in - 1) * stride + kernel.",
        ),
        Question(
            "A kernel of 6 is to be laid with even overlap, and not side by side. Which stride?",
            ("2", "4", "5"),
            "a",
            why="6 is divisible by 2 (and by 3): every place gets three summands.",
            nudge="When did your overlap map have equal numbers in its interior?",
        ),
        Question(
            "A colleague's D starts with `x = x - x.mean((0, 2, 3), keepdim=True)`. What can G "
            "paint without being caught?",
            (
                "frames of another brightness, if all of them have it",
                "one single frame, again and again",
                "frames with the edges cut off",
            ),
            "a",
            why="the mean over batch and pixels is taken away, and a common shift with it.",
            nudge="What do two batches have in common after the subtraction?",
        ),
        Question(
            "A colleague's digits lie in [0, 1], black is 0, and her G ends in tanh. Both losses "
            "look healthy for 200 rounds. What do its frames look like, shown on [-1, 1]?",
            (
                "like noise: tanh cannot reach such data",
                "like digits on a middle grey",
                "like digits, white and black exchanged",
            ),
            "b",
            why="G learns whatever range D is shown; half of tanh's is never used, and 0 is grey. "
            "No loss tells: look at the range of both sides.",
            nudge="Which grey is 0 on a scale from -1 to 1? Does D ever ask for less than 0?",
        ),
        Question(
            "Two runs differ in one setting and one seed each: distances 0.021 and 0.026. "
            "What follows?",
            (
                "the first setting is better",
                "nothing yet: several seeds of each are needed",
                "the distance is useless",
            ),
            "b",
            why="seeds alone differ by as much; lesson 04 counted them.",
            nudge="How far apart were the seeds of one game in lesson 04?",
        ),
        Question(
            "z is drawn from a normal law of 100 numbers. How long is a typical z, and how long "
            "the middle of the straight line between two of them? Give the second number.",
            (),
            7.07,
            why="both ends have length about 10 and stand at right angles: 10 * 0.7071.",
            nudge="The length of z is about sqrt(100); two draws are nearly at right angles.",
            tolerance=0.1,
        ),
    ),
)
