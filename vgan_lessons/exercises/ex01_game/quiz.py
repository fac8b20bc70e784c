"""The exit quiz of lesson 01."""

from vgan_lessons.checking import Question, Quiz

# fmt: off
QUIZ = Quiz(
    lesson=1,
    questions=(  # question, options, answer, why it is right, where to look while it is not
        Question("At some x the real density is 0.6 and the generator's 0.2. What does the best D say there, as a probability?", (), 0.75,
                 "D* = p / (p + q) = 0.6 / 0.8, whatever the densities are elsewhere.",
                 "Only the two densities at this x enter."),
        Question("D says 1/2 for every sample, real or fake. What follows?",
                 ("the generator has matched the data",
                  "either that, or D is too weak to see the difference",
                  "D has been trained for too long"), "b",
                 "The best D says 1/2 when p = q, and so does a D that has learned nothing.",
                 "What does an untrained D with all logits 0 say?"),
        Question("Two densities that do not overlap are moved from 1 apart to 3 apart. What does the Jensen-Shannon divergence do?",
                 ("it triples", "it stays at log 2", "it falls"), "b",
                 "Disjoint is as far as JS can count; W1 grows from 1 to 3 instead.",
                 "Compare the two numbers of exercise 1.5."),
        Question("The value of the game at the best D reads -0.9. What is the Jensen-Shannon divergence, in nats?", (), 0.2431,
                 "V = -log 4 + 2 JS, so JS = (1.3863 - 0.9) / 2.",
                 "The value is -log 4 = -1.386 when nothing differs.", tolerance=0.005),
        Question("Your estimate of V from samples prints -inf. Where do you look first?",
                 ("at the size of the batch", "at a logarithm taken of a sigmoid", "at the learning rate"), "b",
                 "sigmoid(-200) is 0 in float32; logsigmoid and softplus never form it.",
                 "Which number has the logarithm -inf?"),
    ),
)
