"""The exit quiz of lesson 02."""

from vgan_lessons.checking import Question, Quiz

QUIZ = Quiz(
    lesson=2,
    questions=(
        Question(
            "D gives a fake the logit -5. Which loss leaves G almost no gradient there?",
            ("minimax", "non-saturating", "hinge"),
            "a",
            why="Its slope is -sigmoid(-5) = -0.0067; the other two pull with about 1.",
            nudge="Compare the slopes of exercise 2.4, and remember that G's hinge has no "
            "margin.",
        ),
        Question(
            "A hinge D scores a real at 1.5. How large is the gradient of its loss there?",
            (),
            0,
            why="The score has cleared the margin of 1, and the hinge lets go.",
            nudge="max(0, 1 - 1.5) is flat.",
            tolerance=0.001,
        ),
        Question(
            "The last layer of D ends in a sigmoid and the loss is a cross entropy 'with "
            "logits'. What do you see?",
            (
                "an error message",
                "nothing: training is a little slower but right",
                "D's loss cannot come near 0 and the gradients are small",
            ),
            "c",
            why="A probability in (0, 1) taken for a logit is squeezed once more: D can never "
            "say more than sigmoid(1) = 0.73.",
            nudge="What is sigmoid(sigmoid(100))?",
        ),
        Question(
            "You add 3 to every logit of D. Which loss of D does not notice?",
            ("least squares", "hinge", "relativistic paired"),
            "c",
            why="Only differences within a pair enter; least squares and hinge have targets.",
            nudge="In which loss does every real score stand beside minus a fake score?",
        ),
        Question(
            "Fakes are shifted by theta = 4 against the reals and the minimax gradient is "
            "0.137. What is the non-saturating one?",
            (),
            3.863,
            why="The two always add to theta: with weights D and 1 - D they share the pull.",
            nudge="Look at what the two gradients of exercise 2.5 add to.",
            tolerance=0.005,
        ),
    ),
)
