"""The exit quiz of lesson 12."""

from vgan_lessons.checking import Question, Quiz

QUIZ = Quiz(
    lesson=12,
    questions=(
        Question(
            "A run in float16 with a loss scale of 65,536 leaves out its first five steps and "
            "none after that. What happened?",
            (
                "the data begin with damaged clips",
                "the scale was too large and was halved five times",
                "D collapsed and recovered",
            ),
            "b",
            why="each overflow halves the scale: 2,048 was small enough.",
            nudge="What does a step that overflows do to the scale?",
        ),
        Question(
            "Eight processes share a batch of 64; somebody forgets to divide the sum of the "
            "gradients. The optimiser is plain descent. Which learning rate gives the same run?",
            ("8 times as large", "an eighth", "the same"),
            "b",
            why="the gradient is 8 times too long. Adam would hardly notice: it divides by the "
            "gradient's own size.",
            nudge="A step is the rate times the gradient.",
        ),
        Question(
            "`tensor_split` cuts a batch of 10 pairs into 4 parts. By how much is the loss of the first part "
            "multiplied?",
            (),
            0.3,
            why="10 in 4 parts are 3, 3, 2 and 2: the first has 3 of 10.",
            nudge="The first parts take the rest.",
        ),
        Question(
            "A discriminator has ReLU where ours has LeakyReLU, after every convolution. What "
            "does it keep for the way back?",
            ("about half as much", "the same", "twice as much"),
            "a",
            why="a ReLU's output is the next convolution's input, one tensor; before a "
            "LeakyReLU another one of the same size is kept.",
            nudge="Count the tensors that are kept between two convolutions.",
        ),
        Question(
            "Two processes begin with the same seed of everything, data and latents included. "
            "What is their average gradient?",
            (
                "that of a batch twice as large",
                "that of one process alone",
                "zero: they cancel",
            ),
            "b",
            why="two equal halves have the mean of either: twice the work for nothing.",
            nudge="What is the mean of two equal numbers?",
        ),
        Question(
            "A colleague times one call of D on a GPU by the clock before and after: 0.2 ms, for "
            "clips of any size. What is missing?",
            ("a larger batch", "waiting for the device", "the backward pass"),
            "b",
            why="0.2 ms is the time to queue the work; nobody waited for it.",
            nudge="What has happened when the call comes back?",
        ),
    ),
)
