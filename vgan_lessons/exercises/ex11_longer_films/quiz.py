"""The exit quiz of lesson 11."""

from vgan_lessons.checking import Question, Quiz

QUIZ = Quiz(
    lesson=11,
    questions=(
        Question(
            "A projection D has D's logit 1 and features (2, -1). The rows of its only table are "
            "(0, 3), (1, 1), (2, 0). For which class does it say most, counted from 0?",
            (),
            2,
            why="the inner products are -3, 1 and 4: class 2 gets 1 + 4.",
            nudge="Take the inner product of (2, -1) with each row.",
        ),
        Question(
            "A film of 120 frames has autocorrelation peaks of 0.62 at lag 9, 0.97 at lag 18 and "
            "0.58 at lag 27. What is most likely?",
            (
                "a period of 9, and noise",
                "a movement of 18 frames whose halves look alike, such as left arm, right arm",
                "no period",
            ),
            "b",
            why="the exact repeat is at 18; at 9 frames it is only similar. The exercise's period, "
            "the first peak of at least 0.5, says 9: look at the heights, too.",
            nudge="At which lag is the film most like itself?",
        ),
        Question(
            "From one first frame an object goes left in seven of ten films, to -1, and right in "
            "three, to +1. What does a predictor end at that minimises the squared error?",
            (),
            -0.4,
            why="at the mean of the futures, 0.7 * -1 + 0.3 * 1. No film ever went there.",
            nudge="Which one number has the least mean squared distance to -1 (7 times) and +1 (3)?",
        ),
        Question(
            "A model reads its own last frame to paint the next. In training it always reads the "
            "real one. What is the usual fault of its long films?",
            (
                "they repeat exactly",
                "small errors make the next frame worse, and that one the next",
                "they come out too short",
            ),
            "b",
            why="in training it never saw its own errors (teacher forcing, exposure bias); what it "
            "reads drifts away from what it was trained on.",
            nudge="What does it read at frame 50, and did it ever read such frames in training?",
        ),
        Question(
            "A model was trained on windows that end at frame 15. Its films drift after frame "
            "40. Which measurement can see that?",
            (
                "FVD of the first 16 frames",
                "FVD of frames 48 to 63 against real clips of 16 frames",
                "the loss of the discriminators",
            ),
            "b",
            why="nothing in training ever looked at frame 40; a stretch of the rollout has to be "
            "measured by itself.",
            nudge="Which of the three ever looks at frame 40?",
        ),
        Question(
            "Copying the first frame has the smaller squared error in pixels in 90 % of films. "
            "What does that say of the model?",
            (
                "that it predicts badly",
                "little: of two films that move differently a still picture is often nearer",
                "that it copies",
            ),
            "b",
            why="motion that does not agree with what happened adds an error of its own; a still "
            "picture adds none. Compare in features that see motion.",
            nudge="What does an arm cost that is raised a frame too early? And one that stays down?",
        ),
    ),
)
