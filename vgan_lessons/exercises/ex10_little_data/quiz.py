"""The exit quiz of lesson 10."""

from vgan_lessons.checking import Question, Quiz

QUIZ = Quiz(
    lesson=10,
    questions=(
        Question(
            "A logistic D gives its training films 2.0 on average, new films 0.5, fakes -1.0. "
            "What is the overfitting gap?",
            (),
            0.5,
            why="(2.0 - 0.5) / (2.0 + 1.0) = 0.5: new films have gone half of the way to the "
            "fakes.",
            nudge="Of the way from 2.0 down to -1.0, how much have new films gone?",
        ),
        Question(
            "Clips of street signs. Which of these may be applied to reals alone?",
            (
                "a change of colour",
                "mirroring, if mirrored writing in G's clips does no harm",
                "a hole of a quarter of the frame",
            ),
            "b",
            why="what is done to reals alone becomes what G learns: only what may appear in "
            "its clips is allowed.",
            nudge="What does G learn to paint when only the reals are altered?",
        ),
        Question(
            "Reals and fakes alike are played backwards with probability 1/2, in both turns. "
            "In the films balls fall. In G's clips half of them rise. How can that be?",
            (
                "it cannot: both sides are altered alike",
                "rising balls give the same altered clips as falling ones",
                "D overfits",
            ),
            "b",
            why="the mixing matrix has 1/2 everywhere and cannot be undone: D never sees "
            "which way a ball went. With probability 0.3 it would.",
            nudge="What are the eigenvalues of [[1/2, 1/2], [1/2, 1/2]]?",
        ),
        Question(
            "Clips are turned by a third or by two thirds of a full turn, with probability 1/3 "
            "each, otherwise left. What is the smallest eigenvalue of the mixing matrix?",
            (),
            0.0,
            why="all entries are 1/3: every law of orientations becomes the even one.",
            nudge="Write the 3 x 3 matrix: what is its rank?",
        ),
        Question(
            "Two runs. A: a training clip scores above a fake in 90 of 100 pairs, and the gap is "
            "0.5. B: in 60 of 100 pairs, and the gap is 0.1. What may you say of B's D?",
            (
                "it knows fewer films by heart, and that is why its gap is smaller",
                "its gap is smaller, and part of that may be that it tells little apart at all",
                "it overfits more: it tells fewer pairs",
            ),
            "b",
            why="0.5 is guessing. A D that hardly tells films from fakes cannot score its own "
            "films far above new ones: report its skill beside its gap.",
            nudge="In how many of 100 pairs would a D that only guesses be right?",
        ),
        Question(
            "Three seeds: with augmentation the distance changes by -0.30, -0.02 and -0.25. "
            "t = 4.303. What do you report?",
            (
                "it helps: all three are better",
                "-0.19 on average, and not told apart from 0 by these three seeds",
                "it does nothing",
            ),
            "b",
            why="s = 0.15, so the interval is -0.19 minus and plus 0.37. Not told apart is not "
            "the same as no effect: more seeds may tell.",
            nudge="s is about 0.15: how wide is t s / sqrt(3)?",
        ),
    ),
)
