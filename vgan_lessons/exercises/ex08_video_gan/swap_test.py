"""8.5: content of one video, motion of another, and a score for each."""

from itertools import product

import torch
from torch import Tensor, nn

from vgan_lessons.checking import Case, Exercise, Mistake
from vgan_lessons.models import swapping
from vgan_lessons.models.lstm_gan import VideoLatents


def _latents(contents: list[float], motions: list[float]) -> tuple[VideoLatents, VideoLatents]:
    """Contents and motions of one number each; what is not used holds 99."""
    content, motion = (torch.tensor(part)[:, None] for part in (contents, motions))
    return (
        VideoLatents(content, torch.full((len(content), 3, 1), 99.0)),
        VideoLatents(torch.full((len(motion), 1), 99.0), motion[:, None].expand(-1, 3, -1)),
    )


class _Mixing(nn.Module):
    """Videos of 3 frames of 2 pixels: what is looked at, and where it is.

    Args:
        leak: how much of the other code mixes into each.
    """

    def __init__(self, leak: float = 0.0) -> None:
        super().__init__()
        self.leak = nn.Parameter(torch.tensor(leak))
        self.seen: list[tuple[float, float]] = []

    def forward(self, latents: VideoLatents) -> Tensor:
        """(N, 3, 1, 1, 2)."""
        content, motion = latents.z_content[:, 0], latents.noise[:, 0, 0]
        self.seen += list(zip(content.tolist(), motion.tolist(), strict=True))
        pixels = torch.stack([content + self.leak * motion, motion + self.leak * content], 1)
        return pixels[:, None, None, None].expand(-1, 3, -1, -1, -1)


def _look(videos: Tensor) -> Tensor:
    return videos[:, 0, 0, :, 0]


def _path(videos: Tensor) -> Tensor:
    return videos[:, :, 0, 0, 1]


def _scores(contents: list[float], motions: list[float], leak: float, look=_look, path=_path):
    def run(answer) -> tuple[float, ...]:
        found = answer(_Mixing(leak), *_latents(contents, motions), look, path)
        return tuple(torch.as_tensor(score).item() for score in found)

    return run


def _pairs(answer) -> dict[str, bool]:
    """Which combinations the generator is asked for."""
    generator = _Mixing()
    answer(generator, *_latents([1.0, 2.0], [3.0, 4.0, 5.0]), _look, _path)
    wanted = set(product((1.0, 2.0), (3.0, 4.0, 5.0)))
    return {
        "every pair": wanted <= set(generator.seen),
        "no other": set(generator.seen) <= wanted,
    }


def _two_features(videos: Tensor) -> Tensor:
    """A small spread of content, beside a large one of motion."""
    both = videos[:, 0, 0, 0]
    return torch.stack([both[:, 0], 3 * both[:, 1]], dim=1)


def _product(videos: Tensor) -> Tensor:
    """Neither code says this by itself."""
    return videos[:, 0, 0, :, 0] * videos[:, 0, 0, :, 1]


# fmt: off
SWAP_TEST = Exercise(
    name="swap_test",
    number="8.5",
    minutes=10,
    difficulty="medium",
    importance="extra",
    contract=(
        "`contents` and `motions` are latents, (z_content, noise), of R and of M videos. Make the R * M videos that combine each content of "
        "`contents` with each noise of `motions`, by `generator(VideoLatents(z_content, noise))`, and no others.",
        "`look(videos)` (N, d) says what they look like, `path(videos)` (N, e) how they move; columns are numbers of any size.",
        "Of the looks, the videos of one content are a group; of the paths, those of one motion.",
        "A score is 1 - within / total. within: the squared distances of all rows to the mean of their group, added up; total: those to "
        "the mean of all rows, added up. All columns count as they are.",
        "Return (content score, motion score): of the looks, then of the paths.",
    ),
    reference=swapping.swap_test,
    stub='''def my_swap_test(generator, contents, motions, look, path):
    """Measure whether content decides the looks and motion the path, by exchanging
    them.
    """
    ...  # your code
''',
    cases=(
        Case("codes that keep apart", _scores([0.0, 4.0], [1.0, 2.0, 6.0], 0.0), (1.0, 1.0),
             "Looks follow from the content alone, paths from the motion alone: nothing differs within a group."),
        # 0, 0 and 0, 4 in both directions: within 8, total 12
        Case("looks that take both codes", _scores([0.0, 2.0], [0.0, 2.0], 0.0, look=_product, path=_product), (1 / 3, 1 / 3),
             "Products 0, 0 and 0, 4: the share that lies within the groups is 8/12, and 1 minus that is the score."),
        # looks 0, 0.5, 1 and 3, 3.5, 4: within 1, total 14.5; paths 0, 1.5 | 1, 2.5 | 2, 3.5: within 3.375, total 7.375
        Case("two contents, three motions", _scores([0.0, 3.0], [0.0, 1.0, 2.0], 0.5), (0.931034, 0.542373),
             "Looks are 0, 0.5, 1 and 3, 3.5, 4; paths 0, 1.5 and 1, 2.5 and 2, 3.5. Which rows belong together?"),
        # columns 0, 0, 2, 2 and 0, 6, 0, 6: within 0 + 36, total 4 + 36
        Case("columns of different size", _scores([0.0, 2.0], [0.0, 2.0], 0.0, look=_two_features), (0.1, 1.0),
             "Add up the squares of all columns before you divide."),
        Case("which pairs are made", _pairs, {"every pair": True, "no other": True},
             "Every content with every motion: z_content of the first latents, noise of the second."),
    ),
    hints=(
        "Row r * M + m of one large batch has content r and motion m. Groups are then the rows of a table R x M, or its columns.",
        "`z_content.repeat_interleave(M, 0)` beside `noise.repeat(R, 1, 1)`; `look(videos).unflatten(0, (R, M))`; for the paths exchange the first two axes.",
        "score = 1 - (values - values.mean(1, keepdim=True)).square().sum() / (values - values.mean((0, 1))).square().sum()",
    ),
    mistakes=(
        Mistake("noise of the first latents", {"generator(crossed(contents, motions))": "generator(VideoLatents(contents.z_content.repeat_interleave(len(motions.noise), 0), contents.noise.repeat(9, 1, 1)[: len(motions.noise)].repeat(R, 1, 1)))"},
                "The noise is that of `contents`: take it from `motions`."),
        Mistake("arguments exchanged", {"crossed(contents, motions)": "crossed(VideoLatents(motions.z_content[:1].expand(R, -1), contents.noise), VideoLatents(contents.z_content, motions.noise))"},
                "The contents are those of `motions`."),
        Mistake("side by side only", {"generator(crossed(contents, motions))": "generator(crossed(VideoLatents(contents.z_content[:1].expand(R, -1), contents.noise), motions))"},
                "Only one content meets all motions: every pair is wanted."),
        Mistake("clips that nobody asked for", {"R = len(contents.z_content)": "R = len(contents.z_content)\n    generator(contents)"},
                "The generator is asked for other videos, too: R * M of them are enough."),
        Mistake("groups exchanged", {"(r m) d -> r m d": "(r m) d -> m r d", "(r m) d -> m r d": "(r m) d -> r m d"},
                "Looks are grouped by motion, and paths by content: it is the other way round."),
        Mistake("paths grouped by content", {"(r m) d -> m r d": "(r m) d -> r m d"},
                "Paths are grouped by content: a group of paths has one motion."),
        Mistake("rows in the wrong order", {"(r m) d -> r m d": "(m r) d -> r m d"},
                "Rows are cut apart in another order than they were put together."),
        Mistake("scores exchanged", {"for values in (looks, paths)": "for values in (paths, looks)"},
                "The motion score comes first: content, then motion."),
        Mistake("the root of the share", {"_decided(values)": "1 - (1 - _decided(values)) ** 0.5"},
                "Distances instead of squared ones: their squares add up, they do not."),
        Mistake("every column by itself", {"_decided(values)": "sum(_decided(values[..., k : k + 1]) for k in range(values.shape[2])) / values.shape[2]"},
                "Scores of the columns are averaged: a column in which nothing differs counts as much as the others."),
        Mistake("the share within", {"_decided(values)": "1 - _decided(values)"},
                "This is the share of the spread within the groups: the score is 1 minus it."),
        Mistake("distances to 0", {"_decided(values)": "(1 - (values - values.mean(1, keepdim=True)).square().sum() / values.square().sum()).item()"},
                "In the total the distances to 0 are added up: those to the mean of all rows are asked for."),
        Mistake("one mean for all columns", {"_decided(values)": "(1 - (values - values.mean(1, keepdim=True)).square().sum() / (values - values.mean()).square().sum()).item()"},
                "The mean of all rows has a number for each column: mean over axis 0, or (0, 1), alone."),
        Mistake("both repeated alike", {"generator(crossed(contents, motions))": "generator(VideoLatents(contents.z_content.repeat(len(motions.noise), 1), motions.noise.repeat(R, 1, 1)))"},
                "Contents and motions are repeated in the same way: row r * M + m has another content than r. repeat_interleave keeps one content for M rows."),
    ),
)
