"""Pauses in moving pictures: Pillow stores equal frames as one, here each is one again.

A frame that repeats the one before is stored as a single transparent pixel, so a clip of T
frames reads back as T frames at even times, everywhere, and is hardly larger.
"""

import struct
from collections.abc import Iterator

_CLEAR_VP8L = bytes.fromhex(
    "2f00000010071011118888fe07"
)  # one transparent pixel, lossless WebP
_CLEAR_GIF = bytes.fromhex("2c00000000010001008000000000000002024401 00")  # 1 x 1, 2 colours


def repeat_in_webp(picture: bytes, duration: int) -> bytes:
    """Give a pause in a WebP one frame for each of the frames it was made from.

    Args:
        picture: an animated WebP in which each frame lasts a multiple of `duration`.
        duration: of one frame, milliseconds.

    Returns:
        The same animation with frames of equal duration; a still is returned as it is.
    """
    clear = struct.pack("<4sI", b"VP8L", len(_CLEAR_VP8L)) + _CLEAR_VP8L + b"\0"
    again = (
        bytes(12) + duration.to_bytes(3, "little") + b"\0" + clear
    )  # at 0, 0; 1 x 1; blended
    body, n_added = b"WEBP", 0
    for name, content in _chunks(picture):
        n_frames = 1
        if name == b"ANMF":
            n_frames = max(1, round(int.from_bytes(content[12:15], "little") / duration))
            content = content[:12] + duration.to_bytes(3, "little") + content[15:]
        body += _chunk(name, content) + (n_frames - 1) * _chunk(b"ANMF", again)
        n_added += n_frames - 1
    if not n_added:
        return picture
    flags = body.index(b"VP8X") + 8
    body = body[:flags] + bytes([body[flags] | 0x10]) + body[flags + 1 :]  # "has opacity"
    return struct.pack("<4sI", b"RIFF", len(body)) + body


def repeat_in_gif(picture: bytes, duration: int) -> bytes:
    """Give a pause in a GIF one frame for each of the frames it was made from.

    Args:
        picture: a GIF in which each frame lasts a multiple of `duration`.
        duration: of one frame, hundredths of a second.

    Returns:
        The same animation with frames of equal duration.
    """
    told = struct.pack(
        "<HBBHBB", 0xF921, 4, 0b00000101, duration, 0, 0
    )  # stays; colour 0 is clear
    place, parts, n_frames = _end_of_table(picture, 10, 13), [], 1
    parts.append(picture[:place])
    while picture[place] != 0x3B:  # the end
        if picture[place] == 0x2C:  # an image
            end = _end_of_blocks(picture, _end_of_table(picture, place + 9, place + 10) + 1)
            parts.append(picture[place:end] + (n_frames - 1) * (told + _CLEAR_GIF))
            n_frames = 1
        else:
            end = _end_of_blocks(picture, place + 2)
            block = picture[place:end]
            if block[1] == 0xF9:  # how long the next image is shown
                n_frames = max(1, round(int.from_bytes(block[4:6], "little") / duration))
                block = block[:4] + duration.to_bytes(2, "little") + block[6:]
            parts.append(block)
        place = end
    return b"".join(parts) + picture[place:]


def _chunks(picture: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Name and content of each part of a WebP."""
    place = 12
    while place < len(picture):
        name, size = struct.unpack_from("<4sI", picture, place)
        yield name, picture[place + 8 : place + 8 + size]
        place += 8 + size + size % 2


def _chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack("<4sI", name, len(content)) + content + bytes(len(content) % 2)


def _end_of_table(picture: bytes, flags: int, place: int) -> int:
    """Where a GIF goes on behind a table of colours, if there is one at `place`."""
    has_table, size = picture[flags] & 0x80, 3 * 2 ** ((picture[flags] & 7) + 1)
    return place + (size if has_table else 0)


def _end_of_blocks(picture: bytes, place: int) -> int:
    """Where a GIF goes on behind blocks that each begin with their length; 0 ends them."""
    while picture[place]:
        place += picture[place] + 1
    return place + 1
