"""The exit quiz of lesson 03."""

from vgan_lessons.checking import Question, Quiz

QUIZ = Quiz(
    lesson=3,
    questions=(
        Question(
            "A field has the eigenvalues -0.3 + 0.4i and -0.3 - 0.4i at its equilibrium. Up to "
            "which step size do simultaneous steps converge?",
            (),
            2.4,
            why="h < -2 Re / |eigenvalue|^2 = 0.6 / 0.25, where that modulus is 1.",
            nudge="The modulus of 1 + h (-0.3 + 0.4i), squared, is (1 - 0.3 h)^2 + (0.4 h)^2.",
            tolerance=0.01,
        ),
        Question(
            "One round of a game has determinant 1 and a complex pair of eigenvalues. What "
            "does a point near the equilibrium do?",
            ("it spirals in", "it circles", "it spirals out"),
            "b",
            why="Their product is the squared modulus, so both lie on the unit circle.",
            nudge="Both have the same modulus, and their product is the determinant.",
        ),
        Question(
            "With R1 your run no longer oscillates, but G hardly moves any more. What do you "
            "try first?",
            ("a larger gamma", "a smaller gamma", "a larger beta1"),
            "b",
            why="Beyond critical damping the slow rate is about -1 / (4 gamma): D is held too "
            "tight to tell G anything.",
            nudge="Compare gamma 1 and gamma 5 in section 3.5.",
        ),
        Question(
            "Clips have the axes (B, T, C, H, W) = (2, 4, 3, 6, 6). Someone takes the norm of "
            "the gradient over C only and pulls it to 1. How long may the whole gradient get?",
            (),
            12,
            why="Each of the 4 * 6 * 6 = 144 places may have length 1 of its own.",
            nudge="How many places have a slope of their own, and how do lengths at right "
            "angles add?",
            tolerance=0.01,
        ),
        Question(
            "Every layer of D is divided by its largest singular value, with ReLUs between. A "
            "fake stands 2 away from a real. By how much can their logits differ?",
            ("by any amount", "by at most 2", "by at most 1"),
            "b",
            why="D's slope is at most 1, so its logit changes by no more than the distance.",
            nudge="|D(x) - D(y)| <= |x - y|.",
        ),
    ),
)
