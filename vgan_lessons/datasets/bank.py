"""Videos held as bytes in one tensor, and clips cut from them without a Python loop."""

import hashlib
from dataclasses import dataclass, field, replace

import torch
from torch import Tensor

from vgan_lessons import layout
from vgan_lessons.datasets.cards import Card, DataError


@dataclass(frozen=True, kw_only=True, repr=False)
class VideoBank:
    """Every frame of a data set, end to end, on the device that trains.

    Decoding happens once, before training; a batch is one gather and one division, so the
    device that computes never waits for a file.

    Raises:
        ValueError: if the parts do not fit together.

    Lesson 06.
    """

    frames: Tensor  # (F, C, H, W) uint8, all videos end to end
    lengths: Tensor  # (N,) int64, frames of each video
    card: Card
    truth: dict[str, Tensor] = field(default_factory=dict)  # each (N, ...): what made a video
    label_names: dict[str, tuple[str, ...]] = field(default_factory=dict)  # see `labels`
    first_frames: Tensor | None = None  # (N,) int64, where each video begins; None: end to end
    films: Tensor | None = None  # (N,) int64: videos of one number come from one film; None: N
    film_names: tuple[str, ...] = ()  # by the numbers in `films`; () for data that are drawn
    step: int = 1  # a video is every step-th frame from its first on
    _fitting: dict[int, Tensor] = field(default_factory=dict, init=False)

    def __post_init__(self) -> None:
        if self.frames.dtype != torch.uint8 or self.frames.ndim != 4:
            raise ValueError(
                f"frames must be uint8 (F, C, H, W), got {self.frames.dtype} "
                f"{tuple(self.frames.shape)}"
            )
        if self.first_frames is None:
            object.__setattr__(self, "first_frames", self.lengths.cumsum(0) - self.lengths)
        if self.films is None:
            object.__setattr__(self, "films", torch.arange(self.n_videos).to(self.lengths))
        ends = self.first_frames + (self.lengths - 1) * self.step + 1
        if ends.device.type == "cpu" and (ends > len(self.frames)).any():
            raise ValueError(f"videos end at frame {ends.max()} of {len(self.frames)}")
        for name, values in {**self.truth, "films": self.films}.items():
            if len(values) != self.n_videos:
                raise ValueError(f"{name} has {len(values)} rows for {self.n_videos} videos")
        if unknown := self.label_names.keys() - self.truth.keys():
            raise ValueError(f"labels without values in truth: {', '.join(sorted(unknown))}")

    def __repr__(self) -> str:
        return (
            f"VideoBank({self.card.name}: {self.n_videos} videos of {self.image_size} x "
            f"{self.image_size}, truth: {', '.join(self.truth) or 'none'})"
        )

    @property
    def n_videos(self) -> int:
        """N, how many videos there are."""
        return len(self.lengths)

    @property
    def n_films(self) -> int:
        """How many films the videos come from: what is held out is held out by the film."""
        return len(self.films.unique())

    @property
    def n_classes(self) -> tuple[int, ...]:
        """How many classes each label has; () without labels."""
        return tuple(len(names) for names in self.label_names.values())

    def labels(self, index: Tensor) -> Tensor:
        """What kind of video each is: those parts of `truth` whose values have names.

        Args:
            index: (B,) int64, which videos.

        Returns:
            (B, K) int64: column k holds places in the names of the k-th of `label_names`.

        Lesson 11.
        """
        columns = [self.truth[name][index] for name in self.label_names]
        if not columns:
            return torch.empty(len(index), 0, dtype=torch.int64, device=self.frames.device)
        return torch.stack(columns, dim=1)

    @property
    def channels(self) -> int:
        """C, 3 in every data set of the course."""
        return self.frames.shape[1]

    @property
    def image_size(self) -> int:
        """H, which equals W in every data set of the course."""
        return self.frames.shape[2]

    def to(self, device: torch.device | str) -> "VideoBank":
        """The same videos on another device, as bytes.

        Args:
            device: where the clips are wanted.
        """
        return replace(
            self,
            frames=self.frames.to(device),
            lengths=self.lengths.to(device),
            first_frames=self.first_frames.to(device),
            films=self.films.to(device),
            truth={name: values.to(device) for name, values in self.truth.items()},
        )

    def select(self, index: Tensor) -> "VideoBank":
        """Some of the videos; no pixel is copied.

        Args:
            index: (M,) int64, which videos, in the wanted order.

        Returns:
            A bank of M videos that shares the frames of this one.
        """
        index = index.to(self.lengths.device)
        return replace(
            self,
            lengths=self.lengths[index],
            first_frames=self.first_frames[index],
            films=self.films[index],
            truth={name: values[index] for name, values in self.truth.items()},
        )

    def part(self, films: tuple[str, ...]) -> tuple["VideoBank", "VideoBank | None"]:
        """The videos of all other films, and those of these.

        Args:
            films: names, as in `film_names`.

        Returns:
            Two banks that share the frames of this one; this one and None without any name.

        Raises:
            DataError: if there is no film of a name.
        """
        if not films:
            return self, None
        if gone := set(films) - set(self.film_names):
            raise DataError(
                f"{self.card.name} has changed: held out was {', '.join(sorted(gone))}, which "
                "is not there now"
            )
        places = torch.tensor([self.film_names.index(name) for name in films])
        chosen = torch.isin(self.films, places.to(self.films))
        return self.select((~chosen).nonzero()[:, 0]), self.select(chosen.nonzero()[:, 0])

    def video(self, place: int) -> Tensor:
        """One video as it is stored.

        Args:
            place: 0 to n_videos - 1.

        Returns:
            (T, C, H, W) uint8, a view of the frames.
        """
        first, length = int(self.first_frames[place]), int(self.lengths[place])
        return self.frames[first : first + length * self.step : self.step]

    def fingerprint(self) -> str:
        """What tells these videos from others: every byte, every length, every label.

        Returns:
            16 hexadecimal digits; the same for the same videos on any device, from any folder.
        """
        told = (self.frames.shape[1:], self.lengths.tolist(), self.label_names)
        digest = hashlib.sha256(repr(told).encode())
        digest.update(self.labels(torch.arange(self.n_videos)).cpu().numpy())
        for place in range(self.n_videos):
            digest.update(self.video(place).cpu().contiguous().numpy())
        return digest.hexdigest()[:16]

    def clips(self, index: Tensor, start: Tensor, *, n_frames: int, stride: int = 1) -> Tensor:
        """Cut one clip out of each of the named videos.

        Args:
            index: (B,) int64, which video.
            start: (B,) int64, the first frame within its video.
            n_frames: T, frames in each clip.
            stride: take every stride-th frame; the clip spans (n_frames - 1) * stride + 1.

        Returns:
            (B, T, C, H, W) float32 in [-1, 1].

        Raises:
            ValueError: if a clip would leave its video.

        Lesson 06.
        """
        index, start = index.to(self.frames.device), start.to(self.frames.device)
        span = _span(n_frames, stride)
        outside = (start < 0) | (start + span > self.lengths[index])
        if outside.any():
            worst = int(outside.nonzero()[0])
            raise ValueError(
                f"a clip of {span} frames from frame {int(start[worst])} does not fit into "
                f"video {int(index[worst])} of {int(self.lengths[index[worst]])} frames"
            )
        return self._gather(index, start, n_frames, stride)

    def sample_clips(
        self, n: int, *, n_frames: int, stride: int = 1, rng: torch.Generator
    ) -> Tensor:
        """Draw clips: each from a video chosen evenly, from a start chosen evenly.

        Args:
            n: B, how many; drawn with replacement.
            n_frames: T, frames in each clip.
            stride: take every stride-th frame; videos too short for the span are never chosen.
            rng: the random source; draws on its own device.

        Returns:
            (B, T, C, H, W) float32 in [-1, 1], on the device of the frames.

        Raises:
            ValueError: if no video is long enough.

        Lesson 06.
        """
        return self.sample_labelled(n, n_frames=n_frames, stride=stride, rng=rng)[0]

    def sample_labelled(
        self, n: int, *, n_frames: int, stride: int = 1, rng: torch.Generator
    ) -> tuple[Tensor, Tensor]:
        """Draw clips as `sample_clips` does, each with its video's labels.

        Args:
            n: B, how many; drawn with replacement.
            n_frames: T, frames in each clip.
            stride: take every stride-th frame.
            rng: the random source; equal ones draw the clips of `sample_clips`.

        Returns:
            Clips (B, T, C, H, W) float32 in [-1, 1], and labels (B, K) int64.

        Raises:
            ValueError: if no video is long enough.

        Lesson 11.
        """
        span = _span(n_frames, stride)
        fitting = self._videos_that_fit(span)
        device = self.frames.device
        exact = torch.float32 if rng.device.type == "mps" else torch.float64  # it has no more
        draws = torch.rand(2, n, generator=rng, device=rng.device, dtype=exact)
        draws = draws.to(device)
        index = fitting[(draws[0] * len(fitting)).long()]
        start = (draws[1] * (self.lengths[index] - span + 1)).long()
        return self._gather(index, start, n_frames, stride), self.labels(index)

    def _gather(self, index: Tensor, start: Tensor, n_frames: int, stride: int) -> Tensor:
        steps = start[:, None] + torch.arange(n_frames, device=self.frames.device) * stride
        rows = self.first_frames[index, None] + steps * self.step  # (B, T)
        return layout.from_uint8(self.frames[rows])

    def _videos_that_fit(self, span: int) -> Tensor:
        """Which videos hold a clip of this span; kept, since finding out stalls a GPU."""
        if span not in self._fitting:
            self._fitting[span] = (self.lengths >= span).nonzero().squeeze(1)
        if not len(self._fitting[span]):
            raise ValueError(
                f"no video holds a clip of {span} frames; the longest has "
                f"{int(self.lengths.max()) if self.n_videos else 0}"
            )
        return self._fitting[span]


def _span(n_frames: int, stride: int) -> int:
    if n_frames < 1 or stride < 1:
        raise ValueError(f"n_frames and stride must be at least 1, got {n_frames} and {stride}")
    return (n_frames - 1) * stride + 1
