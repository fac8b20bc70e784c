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
            nudge="Compare the good run of 4.5 with the slow D of 4.8.",
        ),
        Question(
            "`fake = G(z); d_loss = loss(D(real), D(fake)); d_loss.backward(); d_optim.step(); "
            "g_optim.step()`. Every `.grad` was cleared before. What does the last call do?",
            (
                "nothing: G has no gradient",
                "it moves G so that D can tell its fakes better",
                "it moves G so that its fakes fool D",
            ),
            "b",
            why="The fakes were not cut off, so G's `.grad` holds the slope of D's loss, and a "
            "step makes that loss smaller.",
            nudge="Whose loss was differentiated, and which tensors did the gradient pass?",
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
            "A video GAN logs D loss 1.31, G loss 0.74, frame margin 0.35, clip margin 0.01, "
            "and its clips stand still. Which test do you run first?",
            (
                "score real clips and the same clips shuffled in time with the clip discriminator",
                "train for another hour",
                "give G a wider layer",
            ),
            "a",
            why="A clip discriminator that scores both alike sees no order, and asks for none; "
            "no G will move for it.",
            nudge="Which of the two discriminators could ask for motion, and does its margin "
            "say that it sees any difference?",
        ),
    ),
)
