"""The exit quiz of lesson 13."""

from vgan_lessons.checking import Question, Quiz

QUIZ = Quiz(
    lesson=13,
    questions=(
        Question(
            "Data of variance 1, abar = 0.91. What is the variance of `q_sample(clean, abar, "
            "noise)`?",
            (),
            1.0,
            why="the squares of the weights add up to 1: 0.91 + 0.09.",
            nudge="Variances of independent parts add up, each times its weight squared.",
        ),
        Question(
            "A VAE's code has mean 0 and variance 1 in every axis, for every clip. What does "
            "the decoder know of the clip?",
            ("everything", "its motion", "nothing"),
            "c",
            why="the divergence from the prior is 0 nats: all clips send the same code, a "
            "collapsed posterior.",
            nudge="How many nats does the code tell?",
        ),
        Question(
            "You run DDIM twice from the same noise, with 25 steps and with 50. What do you "
            "get?",
            (
                "two clips that have nothing to do with each other",
                "nearly the same clip",
                "a sharp one and a blurred one of different objects",
            ),
            "b",
            why="nothing is drawn on the way: both follow the same path, in smaller or larger "
            "steps.",
            nudge="Where does randomness enter?",
        ),
        Question(
            "A diffusion model reaches loss 0 on its training clips, at all levels of noise. "
            "What does it sample?",
            ("training clips", "new clips of the same kind", "noise"),
            "a",
            why="the exact denoiser of a finite set leads to its members, as on this page; new "
            "clips come from what a network cannot fit.",
            nudge="Whose exact denoiser is that?",
        ),
        Question(
            "Three seeds: model A 1.0, 1.4, 1.2; model B 1.3, 1.5, 1.7 at the same cost. "
            "Quantile 4.303. Is B beaten?",
            ("yes", "no", "only with another metric"),
            "b",
            why="the intervals are 0.70 to 1.70 and 1.00 to 2.00: they overlap. More seeds may "
            "tell them apart.",
            nudge="Both deviations are 0.2; the reach is 4.303 * 0.2 / sqrt(3).",
        ),
        Question(
            "A clip carries no mark that your key can read. Was it made by your model?",
            ("no", "yes", "nobody can say from this"),
            "c",
            why="a mark proves a maker; its absence proves nothing, since marks are washed out "
            "and other makers set none.",
            nudge="What happens to the mark when somebody blurs the clip?",
        ),
    ),
)
