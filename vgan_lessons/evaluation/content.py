"""Which data sets have a reader of their own for what their clips show, and its rows."""

from collections.abc import Callable

from torch import Tensor

from vgan_lessons.evaluation.digits_seen import largest_share, n_classes, see_digits
from vgan_lessons.evaluation.shapes_seen import rarest_share, see_shapes

N_SEEN = 200  # clips looked at: reading them costs more than their features
ContentReader = Callable[[Tensor], dict[str, Tensor]]  # clips -> row -> (N,) per clip
_READERS: dict[str, ContentReader] = {"shapes": see_shapes, "digits": see_digits}


def _share(seen: Tensor) -> Tensor:
    return seen.double().mean()


CONTENT_ROWS: dict[str, Callable[[Tensor], Tensor]] = {  # row -> from all clips to its value
    "named": _share,
    "rarest_shape": rarest_share,
    "one_object": _share,
    "colour": _share,
    "identity": _share,
    "classes": n_classes,
    "largest_share": largest_share,
}


def read_content(data: str, clips: Tensor) -> dict[str, Tensor]:
    """What the first clips show, where the data set is one whose clips can be read.

    Args:
        data: name of the real data.
        clips: (N, 16, 3, 32, 32) uint8; the first 200 are read.

    Returns:
        Per clip, what each of some rows of CONTENT_ROWS is made from; empty for other data.

    Lesson 09 opens this box.
    """
    reader = _READERS.get(data)
    return {} if reader is None else reader(clips[:N_SEEN].cpu())
