"""Small exercises of every shape the engine must know, and bad answers, for its own tests."""

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from vgan_lessons.checking import Case, Exercise, Mistake, Question, Quiz
from vgan_lessons.checking.architecture import option_has_effect, range_is_reached

HINTS = ("the idea", "the place", "the shape")


def toy(reference, **fields) -> Exercise:
    """An exercise with the least that is needed around what a test is about."""
    basics = {
        "name": getattr(reference, "__name__", "toy"),
        "number": "99.1",
        "minutes": 1,
        "contract": ("Do what the reference does.",),
        "cases": (),
        "hints": HINTS,
        "mistakes": (),
    }
    return Exercise(reference=reference, **(basics | fields))


def hinge(real_logits: Tensor, fake_logits: Tensor) -> Tensor:
    """Mean hinge of the reals plus mean hinge of the fakes. Scalars in, a scalar out."""
    return F.relu(1 - real_logits).mean() + F.relu(1 + fake_logits).mean()


HINGE = toy(
    hinge,
    inputs=lambda draw: {"real_logits": draw.normal("R"), "fake_logits": draw.normal("F")},
    cases=(
        Case(
            name="a silent discriminator",
            run=lambda answer: answer(torch.zeros(4), torch.zeros(4)),
            expect=2.0,
            nudge="Both terms are 1.",
        ),
        Case(
            name="unequal batch sizes",
            run=lambda answer: answer(torch.tensor([2.0, 0.5]), torch.tensor([-3.0, 0.0, 1.0])),
            expect=1.25,
            nudge="Average the real and the fake terms separately, then add.",
        ),
    ),
    mistakes=(
        Mistake(
            "labels swapped",
            lambda real, fake: F.relu(1 + real).mean() + F.relu(1 - fake).mean(),
            "These are the numbers you get when real and fake trade places.",
        ),
        Mistake(
            "one mean over both",
            lambda real, fake: torch.cat([F.relu(1 - real), F.relu(1 + fake)]).mean() * 2,
            "The larger batch counts more.",
            "axes",
        ),
        Mistake(
            "cut off from the graph",
            lambda real, fake: hinge(real, fake).detach(),
            "The value is right, but no gradient flows.",
            "gradients",
        ),
    ),
)


def right(real, fake):
    return (1 - real).clamp(min=0).mean() + (1 + fake).clamp(min=0).mean()


def swapped(real, fake):
    return (1 + real).clamp(min=0).mean() + (1 - fake).clamp(min=0).mean()


def unlisted(real, fake):
    return (right(real, fake) * 0.88) if len(real) != len(fake) else right(real, fake)


def half(score):
    return F.relu(1 + score).mean()


def reseeding(real, fake):
    torch.manual_seed(0)
    return half(-real) + half(fake)


def drawing(real, fake):
    np.random.rand()
    return half(-real) + half(fake)


def leaving_gradients_off(real, fake):
    loss = half(-real) + half(fake)
    torch.set_grad_enabled(False)
    return loss


def noisy(videos: Tensor, *, rng: torch.Generator) -> Tensor:
    """Add noise drawn from rng to videos of shape (B, T)."""
    return videos + torch.randn(videos.shape, generator=rng, dtype=videos.dtype)


NOISY = toy(
    noisy, random=True, inputs=lambda draw: {"videos": draw.normal("B T"), "rng": draw.rng()}
)


def penalty(critic: nn.Module, real: Tensor) -> Tensor:
    """Half the mean squared slope of a critic at real, (B, D)."""
    x = real.detach().requires_grad_()
    (slope,) = torch.autograd.grad(critic(x).sum(), x, create_graph=True)
    return slope.square().sum(1).mean() / 2


PENALTY = toy(
    penalty,
    second_order=True,
    inputs=lambda draw: {
        "critic": nn.Sequential(nn.Linear(4, 3), nn.Tanh(), nn.Linear(3, 1)),
        "real": draw.normal("B 4"),
    },
)


@torch.no_grad()
def ema(average: nn.Module, model: nn.Module, decay: float) -> None:
    """Move the average towards the model, in place. The weights are of any shape."""
    for old, new in zip(average.parameters(), model.parameters(), strict=True):
        old.mul_(decay).add_(new, alpha=1 - decay)


EMA = toy(
    ema,
    inputs=lambda draw: {
        "average": nn.Linear(2, 3),
        "model": nn.Linear(2, 3),
        "decay": draw.number(0.5, 0.9),
    },
)


class Critic(nn.Module):
    """Score images of shape (B, C, 8, 8)."""

    def __init__(self, *, channels: int = 2, width: int = 4) -> None:
        super().__init__()
        self.layers = nn.Sequential(
            nn.Conv2d(channels, width, 4, 2, 1),
            nn.LeakyReLU(0.2),
            nn.Conv2d(width, 1, 4),
            nn.Tanh(),
        )

    def forward(self, images: Tensor) -> Tensor:
        return self.layers(images).flatten()


def _images() -> tuple[Tensor]:
    return (torch.randn(3, 2, 8, 8, generator=torch.Generator().manual_seed(3)),)


CRITIC = toy(
    Critic,
    cases=(
        Case(
            name="one score an image",
            run=lambda answer: answer(channels=2)(*_images()).shape,
            expect=(3,),
            nudge="Flatten what the last layer returns.",
        ),
        range_is_reached(lambda answer: answer(channels=2), _images, -1, 1),
        option_has_effect(lambda a: a(width=2), lambda a: a(width=5), "width"),
    ),
)

QUIZ = Quiz(
    lesson=99,
    questions=(
        Question("Which?", ("this", "that"), "b", why="That it is.", nudge="Not this."),
        Question("How much?", (), 0.25, why="A quarter.", nudge="Less than a half."),
    ),
)
