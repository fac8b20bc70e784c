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
            "Someone logs `variety`: the mean squared distance of the colours of two clips, "
            "divided by that of real clips. A trained generator paints only four of the six "
            "colours of `shapes`, each in a quarter of its clips. What does the log show?",
            (
                "a value near 0: colours are missing",
                "a value between 0.6 and 1.2, as a sound training may have",
                "4/6, the share of the colours that are left",
            ),
            "b",
            why="it is 0.64 to 1.10, whichever four they are: two clips still differ in three "
            "pairs of four. A mean distance does not count colours; lesson 09 does.",
            nudge="In which share of the pairs of clips do the colours still differ?",
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
