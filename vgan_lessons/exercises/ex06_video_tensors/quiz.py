"""The exit quiz of lesson 06."""

from vgan_lessons.checking import Question, Quiz

QUIZ = Quiz(
    lesson=6,
    questions=(
        Question(
            "Frames were folded by (b t), and a colleague unfolds the logits by "
            "`logits.view(T, B).mean(0)`. What does each of the B numbers average?",
            (
                "the frames of one clip",
                "frames of several clips, unless T or B is 1",
                "frame t of every clip",
            ),
            "b",
            why="the rows of one clip stand side by side; (T, B) deals them out like cards.",
            nudge="Write down the rows for B = 2 and T = 3, and cut them into three pairs.",
        ),
        Question(
            "A film of one pixel goes black, white, black, white (-1, 1, -1, 1). What is its "
            "motion energy?",
            (),
            4,
            why="every change is 2 in size, and 2 squared is 4: the largest energy there is.",
            nudge="How large is one change, and its square?",
        ),
        Question(
            "A D adds up f(x_t, x_{t+1}) over all neighbours, with f(a, b) = f(b, a). Which "
            "films can it never tell from the real ones?",
            ("shuffled ones", "frozen ones", "the real ones played backwards"),
            "c",
            why="backwards the same pairs are neighbours, and f does not know which came first.",
            nudge="In which of the three are the same pairs of frames neighbours?",
        ),
        Question(
            "Three convolutions with kernel 3 in time and strides 2, 2 and 1. How many frames "
            "can reach one output?",
            (),
            15,
            why="1 + 2 * 1 + 2 * 2 + 2 * 4: behind a stride of 2 each step is twice as wide.",
            nudge="The second layer's neighbours are 2 frames apart, the third's 4.",
        ),
        Question(
            "A run's log: the frame distance falls from 0.9 to 0.02, the clip distance from 3.1 "
            "to 1.4 and stays, the motion energy ends at 0.002; real films have 0.065. What "
            "would a strip show?",
            (
                "sharp frames that hardly change",
                "blurred frames that move well",
                "frames in random order",
            ),
            "a",
            why="the frames are good and next to nothing moves; a random order has more energy.",
            nudge="What did freezing and what did shuffling do to the energy?",
        ),
    ),
)
