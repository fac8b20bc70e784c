"""Telling both players what is shown: class labels for the generator and the discriminators."""

import difflib
import itertools
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

import torch
from torch import Tensor, nn

from vgan_lessons.models.clips import StridedClipDiscriminator
from vgan_lessons.models.frames import FrameDiscriminator
from vgan_lessons.models.lstm_gan import VideoGenerator, VideoLatents, sample_latents


class LabelledLatents(NamedTuple):
    """What a video of a chosen class is made from."""

    z_content: Tensor  # (B, content_dim) standard normal, one per video
    noise: Tensor  # (B, T, noise_dim) standard normal, what drives the motion
    labels: Tensor  # (B, K) int64, a class of each of the K labels


def choose_labels(
    classes: Sequence[str],
    label_names: Mapping[str, Sequence[str]],
    n: int,
    rng: torch.Generator,
) -> Tensor:
    """Labels for n videos of named classes.

    Classes of one label take turns; those of different labels go together. A label of which
    no class is named is drawn evenly.

    Args:
        classes: any of the names.
        label_names: of each label, the names of its classes.
        n: B.
        rng: the random source; draws on its own device.

    Returns:
        (B, K) int64, places in the names.

    Raises:
        ValueError: for a name of no class, or of classes of two labels.

    Example:
        >>> names = {"action": ("wave", "bend", "run"), "person": ("Ann", "Bob")}
        >>> choose_labels(["bend", "wave", "Bob"], names, 3, torch.Generator()).tolist()
        [[1, 1], [0, 1], [1, 1]]

    Used in lesson 11.
    """
    wanted: dict[str, list[int]] = {}
    for name in classes:
        owners = [label for label, names in label_names.items() if name in names]
        if len(owners) != 1:
            raise ValueError(_not_one_class(name, owners, label_names))
        wanted.setdefault(owners[0], []).append(label_names[owners[0]].index(name))
    turns = list(itertools.islice(itertools.cycle(itertools.product(*wanted.values())), n))
    chosen = dict(zip(wanted, torch.tensor(turns, device=rng.device).T, strict=True))
    draw = {"generator": rng, "device": rng.device}
    for label, names in label_names.items():
        if label not in chosen:
            chosen[label] = torch.randint(len(names), (n,), **draw)
    return torch.stack([chosen[label] for label in label_names], dim=1)


def _not_one_class(
    name: str, owners: Sequence[str], label_names: Mapping[str, Sequence[str]]
) -> str:
    if owners:
        return f"{name!r} is a class of {' and of '.join(owners)}"
    known = [name for names in label_names.values() for name in names]
    near = difflib.get_close_matches(name, known, n=1)
    hint = f"; did you mean {near[0]!r}?" if near else ""
    listed = "; ".join(f"{label}: {', '.join(n)}" for label, n in label_names.items())
    return f"there is no class {name!r}{hint} ({listed or 'no labels'})"


class ConditionalVideoGenerator(VideoGenerator):
    """A video generator that is told the classes of what it should show.

    Every class has a learned vector. Those of all labels are appended to the content code;
    that of the first label, which should be the one that moves, also to the motion's noise.

    Args:
        painter: paints frames; its content_dim has room for class_dim numbers a label.
        n_classes: how many classes each of the K labels has.
        class_dim: size of a class's vector.
        sizes: what `VideoGenerator` takes.

    Lesson 11. Mirza and Osindero 2014, Conditional GANs, arXiv:1411.1784.
    """

    def __init__(
        self,
        painter: nn.Module,
        *,
        n_classes: tuple[int, ...],
        class_dim: int = 8,
        noise_dim: int = 16,
        **sizes: object,
    ) -> None:
        super().__init__(painter, noise_dim=noise_dim + class_dim, **sizes)
        self.noise_dim = noise_dim  # of what is drawn; the motion is also told the class
        self.content_dim = painter.content_dim - class_dim * len(n_classes)
        self.n_classes = n_classes
        self.classes = nn.ModuleList(nn.Embedding(n, class_dim) for n in n_classes)

    def draw_latents(
        self, n: int, n_frames: int, rng: torch.Generator, labels: Tensor | None = None
    ) -> LabelledLatents:
        """Draw what n videos are made from.

        Args:
            n: B, how many videos.
            n_frames: T, frames of each.
            rng: the random source; draws on its own device.
            labels: (B, K) int64, the wanted classes; None draws each evenly.

        Returns:
            Latents for `forward`.
        """
        latents = sample_latents(
            self._draw_content, n, n_frames, self.noise_dim, rng, not self.memory
        )
        if labels is None:
            draw = {"generator": rng, "device": rng.device}
            drawn = [torch.randint(n_classes, (n,), **draw) for n_classes in self.n_classes]
            labels = torch.stack(drawn, dim=1)
        return LabelledLatents(*latents, labels)

    def forward(self, latents: LabelledLatents, frame_index: Tensor | None = None) -> Tensor:
        """Make videos.

        Args:
            latents: from `draw_latents`.
            frame_index: (B, K) int64, which frames of each path to paint; None paints all.

        Returns:
            (B, T or K, 3, image_size, image_size) in (-1, 1).
        """
        return super().forward(self.told(latents), frame_index)

    def told(self, latents: LabelledLatents) -> VideoLatents:
        """Put the classes' vectors where painter and motion find them.

        Args:
            latents: from `draw_latents`.

        Returns:
            z_content (B, content_dim + K * class_dim) and noise (B, T, noise_dim + class_dim).
        """
        told = [of(label) for of, label in zip(self.classes, latents.labels.T, strict=True)]
        z_content = torch.cat([latents.z_content, *told], dim=1)
        moving = told[0].unsqueeze(1).expand(-1, latents.noise.shape[1], -1)
        return VideoLatents(z_content, torch.cat([latents.noise, moving], dim=2))

    def _draw_content(self, n: int, rng: torch.Generator) -> Tensor:
        return torch.randn(n, self.content_dim, generator=rng, device=rng.device)


def with_labels(discriminator: nn.Module, labels: Tensor) -> Callable[..., Tensor]:
    """A discriminator with the labels of one batch in hand: it is called as if it knew none.

    Args:
        discriminator: takes samples and their labels.
        labels: (B, K) int64.

    Returns:
        Samples -> logits; B samples, or several batches of the same labels end to end.
    """

    def score(samples: Tensor, **how: object) -> Tensor:
        n_batches = len(samples) // len(labels)
        return discriminator(samples, labels.repeat(n_batches, 1), **how)

    return score


def projection_logit(
    logits: Tensor, features: Tensor, labels: Tensor, tables: Sequence[Tensor]
) -> Tensor:
    r"""Add to a logit how well the features fit the classes that were said.

    .. math:: \psi(\phi(x)) + \langle \sum_k e_k(y_k), \phi(x) \rangle

    Args:
        logits: psi, (B,), what D says without any label.
        features: phi, (B, d).
        labels: y, (B, K) int64, a class of each of the K labels.
        tables: K of them, e_k of shape (n_k, d): row c is the vector of class c.

    Returns:
        (B,): the logits themselves where all tables are 0.

    Example:
        >>> table = torch.tensor([[1.0, 0.0], [0.0, 2.0]])
        >>> features, labels = torch.tensor([[3.0, 5.0]]), torch.tensor([[1]])
        >>> projection_logit(torch.tensor([0.5]), features, labels, [table]).item()
        10.5

    Lesson 11. Miyato and Koyama 2018, cGANs with projection discriminator,
    arXiv:1802.05637.
    """
    told = torch.zeros_like(features)
    for k, table in enumerate(tables):
        told = told + table[labels[:, k]]
    return logits + (told * features).sum(dim=1)


class ClassProjection(nn.Module):
    r"""How well features fit a class: what a discriminator adds to its logit.

    The inner product is the form that a logit's dependence on the class takes when the
    classes differ by a linear function of the features; at first it is close to 0.

    Args:
        n_classes: how many classes each of the K labels has.
        n_features: size of the features.

    Lesson 11. Miyato and Koyama 2018, cGANs with projection discriminator,
    arXiv:1802.05637.
    """

    def __init__(self, n_classes: tuple[int, ...], n_features: int) -> None:
        super().__init__()
        self.classes = nn.ModuleList(nn.Embedding(n, n_features) for n in n_classes)
        for of in self.classes:
            nn.init.normal_(of.weight, std=0.01)

    def forward(self, features: Tensor, labels: Tensor) -> Tensor:
        """The inner products.

        Args:
            features: (B, n_features).
            labels: (B, K) int64.

        Returns:
            (B,), to be added to the logits.
        """
        silent = torch.zeros_like(features[:, 0])
        return projection_logit(silent, features, labels, [of.weight for of in self.classes])


class ConditionalFrameDiscriminator(FrameDiscriminator):
    """Score single frames: is this a real frame, and of this class?

    Args:
        n_classes: how many classes each label has.
        sizes: what `FrameDiscriminator` takes.

    Lesson 11.
    """

    def __init__(self, *, n_classes: tuple[int, ...], **sizes: object) -> None:
        super().__init__(**sizes)
        self.projection = ClassProjection(n_classes, self.trunk.n_features)

    def forward(self, frames: Tensor, labels: Tensor) -> Tensor:
        """Score each frame by itself.

        Args:
            frames: (B, C, H, W) in [-1, 1].
            labels: (B, K) int64.

        Returns:
            Logits, (B,).
        """
        features = self.trunk.read(frames - self.black)
        return self.trunk.logits(features) + self.projection(features, labels)


class ConditionalClipDiscriminator(StridedClipDiscriminator):
    """Score short runs of frames: do they belong together, and to this class?

    Args:
        n_classes: how many classes each label has.
        sizes: what `StridedClipDiscriminator` takes.

    Lesson 11.
    """

    def __init__(self, *, n_classes: tuple[int, ...], **sizes: object) -> None:
        super().__init__(**sizes)
        self.projection = ClassProjection(n_classes, self.trunk.n_features)

    def forward(self, clips: Tensor, labels: Tensor, *, stride: int = 1) -> Tensor:
        """Score each clip by itself.

        Args:
            clips: (B, K, C, H, W) in [-1, 1].
            labels: (B, K) int64.
            stride: frames of the video per frame of the clip.

        Returns:
            Logits, (B,).
        """
        features = self.trunk.read(self.planes(clips, stride))
        return self.trunk.logits(features) + self.projection(features, labels)
