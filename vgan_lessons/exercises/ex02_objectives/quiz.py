"""The exit quiz of lesson 02."""

from vgan_lessons.checking import Question, Quiz

QUIZ = Quiz(
    lesson=2,
    questions=(
        Question(
            "Two discriminators tell clips from shuffled ones. One has a gap of 12 and 0.66 of "
            "the pairs in order, the other a gap of 1.4 and 0.91. Which sees more?",
            ("the one with the larger gap", "the one with more pairs in order", "both alike"),
            "b",
            why="All scores times ten make the gap ten times as large and change no order.",
            nudge="Which of the two numbers grows if every score is multiplied by ten?",
        ),
        Question(
            "`F.softplus(fake_logits - real_logits).mean()`, and `real_logits` has come as (8, 1), "
            "`fake_logits` as (8,). Over how many pairs is the mean taken?",
            (),
            64,
            why="(8,) minus (8, 1) is (8, 8): every fake meets every real, without an error.",
            nudge="What shape has the difference?",
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
            nudge="Look at what the two gradients of `implied_gradient` add to.",
            tolerance=0.005,
        ),
    ),
)
