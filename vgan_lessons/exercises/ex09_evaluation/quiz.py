"""The exit quiz of lesson 09."""

from vgan_lessons.checking import Question, Quiz

QUIZ = Quiz(
    lesson=9,
    questions=(
        Question(
            "Paper A reports an FVD of 120 from 2,048 clips, paper B one of 150 from 256, on the "
            "same films and features. Which model is better?",
            ("A's", "B's", "nobody can say from this"),
            "c",
            why="B's 256 clips add a bias eight times that of A's: it may be most of the 150.",
            nudge="What do 256 clips add to a distance that 2,048 do not?",
        ),
        Question(
            "100 features, independent, each of variance 1. Two samples of 1,000 of the same "
            "law: what Fréchet distance do you expect?",
            (),
            5.25,
            why="2 * 100 / 1000 + (100 * 100 + 100) / 2000 = 0.2 + 5.05.",
            nudge="2 d / n + (d^2 + d) / (2 n).",
        ),
        Question(
            "A card: precision 0.98, recall 0.97, coverage 0.22. What happened?",
            (
                "the fakes are grainy",
                "most of the fakes lie on a few reals, and some lie far out",
                "the generator copies its training films",
            ),
            "b",
            why="far fakes make huge balls, so recall believes them; coverage asks the reals' "
            "balls, and most of those are empty.",
            nudge="Which of recall and coverage can one far fake deceive?",
        ),
        Question(
            "A generator plays each training film mirrored, and the features tell left from "
            "right. No film is its own mirror image. What does the ratio of exercise 9.5 say?",
            ("near 0: copies", "about 1: no copies", "far above 1"),
            "b",
            why="a mirrored film lies near no film of either set: put mirror images among the "
            "training films to find it.",
            nudge="To which set does a mirrored film lie nearer, in features that see sides?",
        ),
        Question(
            "A ball falls, faster and faster, in every real film; in the fakes it rises, slower "
            "and slower. What does the motion distance of exercise 9.6 come to?",
            ("the value of two sets of real films", "far more", "infinity"),
            "a",
            why="the fakes are the reals backwards: the same sizes of velocity and of "
            "acceleration. Directions are not in the histograms.",
            nudge="List the sizes of its velocities, and those of the film played backwards.",
        ),
        Question(
            "MMD of two sets of 200 clips comes out as -0.003. What do you do?",
            (
                "look for the bug: a square cannot be negative",
                "report 0",
                "report it with its interval: such draws are normal for equal laws",
            ),
            "c",
            why="the estimate is unbiased, so around 0 about half of the draws are negative; "
            "cutting them off brings a bias back.",
            nudge="What would the mean over many draws be if you cut them off?",
        ),
    ),
)
