"""The exit quiz of lesson 01."""

from vgan_lessons.checking import Question, Quiz

# fmt: off
QUIZ = Quiz(
    lesson=1,
    questions=(  # question, options, answer, why it is right, where to look while it is not
        Question("At some x the real density is 0.6 and the generator's 0.2. What does the best D say there, as a probability?", (), 0.75,
                 "D* = p / (p + q) = 0.6 / 0.8, whatever the densities are elsewhere.",
                 "Only the two densities at this x enter."),
        Question("Fakes are real clips, each with its own 16 frames shuffled. A D looks at one frame at a time. In what share of pairs, a real frame and a fake one, can it at best score the real one higher?",
                 ("0.5", "about 0.75", "near 1"), "a",
                 "No frame has changed, so both densities are equal for this D, however wild the clips are.",
                 "Which density of *frames* do these fakes have?"),
        Question("Two densities that do not overlap are moved from 1 apart to 3 apart. What does the Jensen-Shannon divergence do?",
                 ("it triples", "it stays at log 2", "it falls"), "b",
                 "Disjoint is as far as JS can count; W1 grows from 1 to 3 instead.",
                 "Compare the two numbers of `js_vs_w1`."),
        Question("The value of the game at the best D reads -0.9. What is the Jensen-Shannon divergence, in nats?", (), 0.2431,
                 "V = -log 4 + 2 JS, so JS = (1.3863 - 0.9) / 2.",
                 "The value is -log 4 = -1.386 when nothing differs.", tolerance=0.005),
        Question("`v = torch.log(D(real)).mean() + torch.log(1 - D(fake)).mean()`, and D ends in a sigmoid. It runs for an hour, then every weight is NaN. What happened?",
                 ("the learning rate was too large", "a logit so large that the sigmoid was exactly 0 or 1", "the batch was too small"), "b",
                 "`log(0)` is `-inf`, its slope NaN, and one such sample writes NaN into every weight.",
                 "Which number has the logarithm `-inf`, and when does a sigmoid return 0 or 1?"),
    ),
)
