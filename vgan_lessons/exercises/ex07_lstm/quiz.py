"""The exit quiz of lesson 07."""

from vgan_lessons.checking import Question, Quiz

QUIZ = Quiz(
    lesson=7,
    questions=(
        Question(
            "A memory cell stands at c = 6. Its gates are i = 0.5, f = 0.5, and the candidate is "
            "g = -1. What is c'?",
            (),
            2.5,
            why="0.5 * 6 + 0.5 * (-1) = 2.5; the output gate plays no part in c'.",
            nudge="c' = f * c + i * g.",
        ),
        Question(
            "A gated unit (GRU) keeps (1 - z) of its state at each step, with z = sigmoid(b) and nothing "
            "coming in. Which b makes its half-life 16 steps?",
            (),
            -3.117,
            why="1 - sigmoid(b) = sigmoid(-b): the sign turns round (torch's own GRU keeps z instead).",
            nudge="For which b is 1 - sigmoid(b) the 0.9576 that an LSTM keeps at b = 3.117?",
            tolerance=0.01,
        ),
        Question(
            "A colleague trains on clips of 64 frames with truncated backpropagation over 16 "
            "frames, the state carried from piece to piece. Where a shape starts decides "
            "where it is at frame 60. Can training find that?",
            (
                "not by its gradient: it reaches at most 16 frames back, the state reaches further",
                "yes, the state is carried on, and the gradient with it",
                "no, the state is lost at every cut",
            ),
            "a",
            why="detaching cuts the gradient and keeps the value.",
            nudge="What does detach do to the number, and what to the graph?",
        ),
        Question(
            "In a script, one line stands before the loop over batches: "
            "`state = None`; inside: `path, state = model(batch, detached(state))`. The clips of a batch "
            "have nothing to do with those of the batch before. What is wrong?",
            (
                "each clip begins with what another clip left in the memory",
                "the batches must be shuffled",
                "nothing, this is how state is carried",
            ),
            "a",
            why="a state belongs to one clip: begin each batch anew.",
            nudge="Whose memory is it that the second batch begins with?",
        ),
        Question(
            "Someone writes `nn.LSTM(2, 32)` and feeds positions (B, T, 2) = (64, 10, 2). What "
            "does torch take for the number of time steps?",
            (),
            64,
            why="without batch_first=True axis 0 is the time.",
            nudge="What is torch's default order of axes?",
        ),
        Question(
            "Three kinds of film of a dot: in A it jumps anywhere at every frame, in B it follows a "
            "curve fixed by one code, in C it drifts, now here, now there. Two films of one kind "
            "share the first eight frames, and differ in the ninth. Of which kinds can they be?",
            ("A alone", "A and C", "B and C"),
            "b",
            why="with one repeated code the path is fixed; fresh noise leaves the next step open.",
            nudge="Where is the variance of the next step, given the past, above 0?",
        ),
    ),
)
