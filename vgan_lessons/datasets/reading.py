"""From files to frames: one door for films, animated pictures, film strips and stills."""

from collections.abc import Iterator

from vgan_lessons.datasets.films import read_film
from vgan_lessons.datasets.framing import Frame, Gap, UnreadableClip
from vgan_lessons.datasets.listing import FILMS, ClipFiles, usual_step
from vgan_lessons.datasets.pictures import read_picture


def read_frames(clip: ClipFiles, image_size: int) -> Iterator[Frame | Gap]:
    """Decode a clip frame by frame.

    Args:
        clip: what to read.
        image_size: to which frames will be shrunk; those of films may come half done.

    Yields:
        Frames, upright and over black; between stills a gap where one is missing or damaged.

    Raises:
        UnreadableClip: if the file is damaged or ends early.
        DataError: if a film needs a decoder that is not installed.
    """
    if len(clip.paths) > 1:
        yield from _stills(clip)
    elif not clip.paths[0].stat().st_size:
        raise UnreadableClip("it is empty")
    elif clip.paths[0].suffix.lower() in FILMS:
        yield from read_film(clip.paths[0], enough=image_size)
    else:
        yield from read_picture(clip.paths[0])


def _stills(clip: ClipFiles) -> Iterator[Frame | Gap]:
    step = usual_step(clip.numbers)
    last, last_path = None, None
    for number, path in zip(clip.numbers, clip.paths, strict=True):
        if last is not None and step is not None and number - last > step:
            missing = round((number - last) / step) - 1
            yield Gap(f"{missing} missing after {last_path.name}")
        last, last_path = number, path
        try:
            yield next(read_picture(path))
        except UnreadableClip as error:
            yield Gap(str(error), damaged=path.name)
