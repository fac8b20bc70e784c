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
            "Clips have the axes (B, T, C, H, W) = (2, 8, 3, 6, 6). Someone sums the squared "
            "slope over C, H and W and takes the mean over B and T. By what factor is this R1 "
            "too small?",
            (),
            8,
            why="One clip has one slope, so its squares are summed over all 8 frames; a mean "
            "over them divides by 8.",
            nudge="What belongs to one sample: a frame or a clip?",
            tolerance=0.01,
        ),
        Question(
            "`(slope,) = torch.autograd.grad(D(real).sum(), real); penalty = "
            "slope.square().flatten(1).sum(1).mean()`. It is added to D's loss, and the run "
            "behaves exactly as without. Why?",
            (
                "the weight is too small",
                "without `create_graph` D's weights do not feel it",
                "the mean should be a sum",
            ),
            "b",
            why="The slope comes back as plain numbers: the loss is higher, its gradient by D's "
            "weights the same.",
            nudge="The penalty has to be differentiated once more. By what, and is the way "
            "there still known?",
        ),
    ),
)
