"""The exit quiz of lesson 08."""

from vgan_lessons.checking import Question, Quiz

QUIZ = Quiz(
    lesson=8,
    questions=(
        Question(
            "A window has 4 frames at stride 5. From how many places of a path of 24 frames can "
            "it begin?",
            (),
            9,
            why="it spans (4 - 1) * 5 + 1 = 16 frames: the first is 0 to 8.",
            nudge="How many frames lie between its first and its last, both included?",
        ),
        Question(
            "A colleague cuts reals at strides 1 to 5 and fakes always at stride 1. What does G "
            "learn?",
            (
                "slow motion",
                "motion that is faster than the data's",
                "the right motion, only later",
            ),
            "b",
            why="neighbouring frames of fakes are compared with reals up to 5 frames apart.",
            nudge="Which change between two neighbouring frames would look real to D?",
        ),
        Question(
            "In another course G gets one latent a frame, content and motion in one, through an "
            "LSTM. Its swap test cannot be taken. Why?",
            (
                "an LSTM forgets the content",
                "no part of the latent stands for the content alone",
                "G would have too many weights",
            ),
            "b",
            why="a swap exchanges one code and keeps the other; here there is only one.",
            nudge="What would you exchange?",
        ),
        Question(
            "Clips of a trained generator have as much motion as real ones, come back after no "
            "number of frames, keep their colour, and 64 of them show four colours where the "
            "data have six, as often one as another. What would `diagnose_video` say?",
            ("healthy", "collapse", "drift"),
            "a",
            why="variety is far from 0: a few lost colours are no collapse, and the log is "
            "blind to them. Lesson 09 counts.",
            nudge="Which column would have to be near 0, and is it?",
        ),
        Question(
            "Looks of two contents under two motions are 0, 2 and 4, 6. What is the content "
            "score?",
            (),
            0.8,
            why="within: 4 times 1 squared; in all: 9 + 1 + 1 + 9 = 20; 1 - 4/20.",
            nudge="The groups have means 1 and 5, all rows have mean 3.",
        ),
    ),
)
