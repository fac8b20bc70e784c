"""What is known about a data set before it is used, and how its absence is told."""

from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple


class DataError(Exception):
    """A data set is missing, unreadable or unfit; the message says what to do about it."""


class DataWarning(UserWarning):
    """Some files of a data set were left out; the message names and counts them."""


@dataclass(frozen=True, kw_only=True)
class Card:
    """The label on the box: what is in a data set, whence it comes, what may be done with it.

    Lesson 09.
    """

    name: str  # the word `load_videos` takes
    what: str  # one line: what a clip shows
    source: str  # who made it and where it is published
    licence: str  # what may be done with it
    size: str  # how many clips, how long
    shape: str  # pixels as stored here, and what is done to them
    how_made: str  # by which steps the clips came to be
    citation: str = ""  # the work to cite, if any
    notes: tuple[str, ...] = ()  # what a user should know: labels, gaps, files left out

    def text(self) -> str:
        """The card as readable lines, one field a line, notes at the end.

        Returns:
            Lines `field: value`; empty fields are left out.
        """
        fields = ("what", "source", "licence", "size", "shape", "how_made", "citation")
        lines = [f"{self.name}"]
        for field in fields:
            if value := getattr(self, field):
                lines.append(f"  {field.replace('_', ' ')}: {value}")
        lines += [f"  note: {note}" for note in self.notes]
        return "\n".join(lines)


_MANIFESTS = Path(__file__).parent / "manifests"  # every file's SHA-256, size and path


class KnownFile(NamedTuple):
    """A file whose content is known before it is fetched."""

    path: str  # below the data set's folder, with forward slashes
    size: int  # bytes
    sha256: str  # hexadecimal


def files_of(name: str) -> tuple[KnownFile, ...]:
    """The files of a data set, in the order of their paths.

    Args:
        name: of a data set that can be fetched.

    Example:
        >>> len(files_of("weizmann")), files_of("mnist")[0].path
        (72, 't10k-images-idx3-ubyte.gz')
    """
    lines = (_MANIFESTS / f"{name}.sha256").read_text(encoding="ascii").splitlines()
    rows = (line.split() for line in lines)
    return tuple(KnownFile(path, int(size), sha256) for sha256, size, path in rows)


_SHAPES = Card(
    name="shapes",
    what="one coloured shape moving over black; what it is and how it moves is known",
    source="drawn by this library, nothing to download",
    licence="MIT, as the library",
    size="3072 clips of 16 frames unless asked otherwise; any number, any length",
    shape="RGB, any square size; lengths below are in pixels of a 32 x 32 frame",
    how_made=(
        "content: square, circle or triangle of equal area, 6 colours, radius 5.5 to 8; "
        "motion: line (to and fro), bounce (off the walls), circle or zigzag, "
        "at one speed between 1 and 2.5 per frame; edges anti-aliased, never cut by the frame"
    ),
    notes=(
        "truth: shape, colour, motion (places in SHAPES, COLOURS, MOTIONS), size (radius of "
        "the circle of equal area), speed (pixels per frame), positions (x, y of the centroid; "
        "a pixel's centre is a whole number)",
    ),
)
_DIGITS = Card(
    name="digits",
    what="one real handwritten digit drifting over black and bouncing off the walls",
    source="1797 images of 8 x 8, bundled: UCI ML repository no. 80, as scikit-learn has them",
    licence="CC BY 4.0 (UCI, Alpaydin and Kaynak)",
    size="3072 clips of 16 frames unless asked otherwise; any number, any length",
    shape="grey shown as RGB, any square size; a digit's square is 7/16 of the frame",
    how_made="images resized smoothly, moved by fractions of a pixel at 0.7 to 1.6 per frame",
    citation="Alpaydin and Kaynak 1998, Optical Recognition of Handwritten Digits, UCI",
    notes=("truth: label (0 to 9), source (which image), speed, positions (x, y)",),
)
_MNIST = Card(
    name="mnist",
    what="one MNIST digit drifting over black and bouncing off the walls",
    source="MNIST's 10,000 test digits, as published by LeCun, Cortes and Burges; fetched",
    licence="freely used for research and teaching; not part of this project",
    size="3072 clips of 16 frames unless asked otherwise; any number, any length",
    shape="grey shown as RGB, any square size; a digit's square is 7/16 of the frame",
    how_made="images resized smoothly, moved by fractions of a pixel at 0.7 to 1.6 per frame",
    citation="LeCun et al. 1998, Gradient-based learning applied to document recognition",
    notes=("truth: label (0 to 9), source (which image), speed, positions (x, y)",),
)
_WEIZMANN = Card(
    name="weizmann",
    what="nine people wave with one hand, with both, do jumping jacks and bend",
    source="GitHub sergeytulyakov/mocogan, commit 937a99d, data/actions; fetched",
    licence="research and teaching; not to be passed on, so not part of this project",
    size="72 clips of 51 to 146 frames: 4 actions x 9 people x 2 (each and its mirror image)",
    shape="RGB, published at 64 x 64, resized to any square size",
    how_made=(
        "cut by the MoCoGAN authors from the Weizmann 'Actions as Space-Time Shapes' videos; "
        "a PNG strip per clip, decoded once"
    ),
    citation=(
        "Gorelick et al. 2005, Actions as Space-Time Shapes, ICCV; "
        "Tulyakov et al. 2018, MoCoGAN, arXiv:1707.04993"
    ),
    notes=(
        "labels: action (wave1, wave2, jack, bend) and person (person1 to person9)",
        "truth: action (place in ACTIONS), scene (0 to 35, a clip and its mirror image share "
        "one), person (0 to 8)",
        "action is the publisher's folder; scene was verified pixel by pixel; person is read "
        "from the file numbers (eight in a row each) and agrees by eye, though some people "
        "changed clothes between actions",
    ),
)
_FOLDER = Card(
    name="folder:PATH",
    what="your own clips: films, animated pictures, film strips, folders of numbered stills",
    source="the folder you name",
    licence="whatever applies to your files; ask before you train on faces",
    size="every clip of at least n_frames frames",
    shape="RGB, upright, opacity over black; cut to the middle square a viewer sees, resized",
    how_made=(
        "each stored frame once, decoded into a cache: films by PyAV (FFmpeg's libraries), "
        "pictures by imageio; 16 bits scaled to 8"
    ),
    notes=(
        "sub-folders are classes, where every clip lies in one of several",
        "a picture of 8 or more squares in a row is a film strip; fewer need strip in the name",
        "stills whose names differ in one number are a clip; a damaged or missing one ends it",
        "links to folders are not followed; names that begin with a dot are left alone",
    ),
)
CARDS = {card.name: card for card in (_SHAPES, _DIGITS, _MNIST, _WEIZMANN, _FOLDER)}
