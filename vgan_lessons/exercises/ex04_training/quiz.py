"""The exit quiz of lesson 04."""

from vgan_lessons.checking import Question, Quiz

QUIZ = Quiz(
    lesson=4,
    questions=(
        Question(
            "A logistic GAN has trained for an hour: D loss 1.39, G loss 0.69, both calm. What "
            "do you know?",
            (
                "both players are at their best",
                "D scores reals and fakes about alike; why, you cannot tell",
                "G has collapsed",
            ),
            "b",
            why="A perfect G, an ignorant D and a chase all read 2 ln 2 and ln 2: look at the "
            "fakes.",
            nudge="Compare the good run of 4.4 with the slow D of 4.9.",
        ),
        Question(
            "In G's turn the fakes are detached before D scores them. What happens?",
            ("G gets no gradient", "D moves in G's place", "G learns more slowly"),
            "a",
            why="The only way from G's loss to G's weights leads through the fakes.",
            nudge="Which tensors does the gradient pass on its way from the loss to G?",
        ),
        Question(
            "A moving average with decay 0.99 follows a G that stands still. After 69 steps, "
            "what share of the first distance is left?",
            (),
            0.5,
            why="0.99 to the power 69 is 0.4998.",
            nudge="Each step leaves 0.99 of what was left.",
            tolerance=0.01,
        ),
        Question(
            "All points of a G lie on one of eight modes, perfectly. Quality and KL to uniform "
            "are ...",
            ("1 and 0", "0.125 and 2.08", "1 and 2.08"),
            "c",
            why="Every point is good, and log 8 = 2.079 is the furthest that shares can be "
            "from even.",
            nudge="One share is 1 and seven are 0: what is 1 log (8 x 1)?",
        ),
        Question(
            "Reals are read from PNG files, fakes are floats, and D is never wrong from step "
            "50 on. What do you try first?",
            (
                "a smaller learning rate for D",
                "quantise and crop both sides alike, then look again",
                "quantise the reals once more",
            ),
            "b",
            why="D may be reading the storage; only what both sides pass through removes the "
            "difference.",
            nudge="In 4.12, which of the three rows came down to guessing?",
        ),
    ),
)
