"""Films read by PyAV: every stored frame once, upright, opaque, with its time stamp.

PyAV carries FFmpeg's libraries, so no program has to be found. A pipe to ffmpeg gave no time
stamps: it filled pauses with repeats, and it was 60 MB larger.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from vgan_lessons.datasets.cards import DataError
from vgan_lessons.datasets.framing import Frame, UnreadableClip, over_black, turned

if TYPE_CHECKING:
    from av import VideoFrame
    from av.container import InputContainer
    from av.video.codeccontext import VideoCodecContext
    from av.video.stream import VideoStream

_LOST = 0.5  # seconds by which a whole film may end before the time its header promises
_BACK = 1.0  # seconds by which time must go back to begin anew, and not be out of order
_HDR = (16, 18)  # FFmpeg's numbers of the transfer functions PQ and HLG
_PROMISING = ("mov", "matroska", "flv")  # containers whose headers tell the length
_WITH_OPACITY = {"vp8": "libvpx", "vp9": "libvpx-vp9"}  # FFmpeg's own decoders leave it out


def read_film(path: Path, *, enough: int | None = None) -> Iterator[Frame]:
    """Decode the pictures of a film as they were stored: none repeated, none dropped.

    Args:
        path: any film that FFmpeg knows.
        enough: how many pixels of a frame's short side are needed; a frame of four times as
            many comes shrunk to twice, which reads full HD three times as fast.

    Yields:
        Frames at the film's own size, which may change on the way.

    Raises:
        UnreadableClip: if it is damaged, cut off or without pictures, after the frames before
            the damage.
        DataError: if PyAV is not installed.
    """
    try:
        import av  # 100 MB, so an extra, and imported only for films
    except ImportError as error:
        raise DataError(f"{path} is a film, which needs PyAV: pip install av") from error
    # Titles may be in any alphabet, which PyAV minds up to version 18 unless it is told.
    told = {} if int(av.__version__.split(".")[0]) > 18 else {"metadata_errors": "replace"}
    try:
        with av.open(str(path), **told) as film:
            yield from _frames(film, enough)
    except av.error.InvalidDataError as error:
        why = f"damaged, cut off or no film: {error.strerror}"
        raise UnreadableClip(why) from error
    except (av.FFmpegError, OSError) as error:
        raise UnreadableClip(error.strerror or str(error)) from error


def _frames(film: "InputContainer", enough: int | None) -> Iterator[Frame]:
    stream = film.streams.best("video")
    if stream is None or stream.disposition.attached_pic in stream.disposition:
        raise UnreadableClip("it has no moving pictures, only sound")
    if stream.codec_context is None:
        raise UnreadableClip("its codec is unknown")
    aspect = float(stream.sample_aspect_ratio or 1) or 1.0
    unit = float(stream.time_base)
    first, begin, seconds = None, 0.0, 0.0
    for frame in _decoded(film, stream):
        stamp = frame.dts if frame.pts is None else frame.pts
        if first is None:
            first = (stamp or 0) * unit
        else:
            following = begin + (seconds or 1e-3)
            told = following if stamp is None else stamp * unit - first
            if told < begin - _BACK:  # two films in one file: the second begins anew
                first, told = stamp * unit - following, following
            begin = told if told > begin else following  # an AVI may have stamps out of order
        seconds = (frame.duration or 0) * unit
        pixels, turn = _pixels(frame, enough), _turn(frame)
        seen_aspect = 1 / aspect if turn[0] else aspect
        yield Frame(turned(pixels, *turn), begin, seconds, seen_aspect, _oddity(frame))
    if first is None:
        raise UnreadableClip("it has no pictures")


def _decoded(film: "InputContainer", stream: "VideoStream") -> Iterator["VideoFrame"]:
    """Every picture of the stream; the end of every stream tells whether the film is whole."""
    decoder = _decoder(stream)
    end = 0.0
    joined = film.format.name == "mpegts"  # where recordings are joined packets seem corrupt
    for packet in film.demux():
        begin = packet.dts if packet.pts is None else packet.pts  # an AVI may have dts alone
        if begin is not None:
            last = begin + (packet.duration or 0)
            end = max(end, last * float(packet.time_base))
        if packet.stream.index != stream.index or (not packet.size and packet.dts is not None):
            continue  # a packet of no bytes says: as before
        frames = decoder.decode(packet if packet.size else None)
        if (packet.is_corrupt and not joined) or any(frame.is_corrupt for frame in frames):
            raise UnreadableClip(f"damaged or cut off after {end:.1f} s")
        yield from frames
    if end < (promised := _promised(film, stream)) - _LOST:
        raise UnreadableClip(f"cut off: it ends after {end:.1f} of {promised:.1f} s")


def _promised(film: "InputContainer", stream: "VideoStream") -> float:
    """The seconds that the header tells; 0 where FFmpeg guesses them from what is there."""
    name = film.format.name.split(",")[0]
    if name == "avi" and stream.average_rate:
        return stream.frames / float(stream.average_rate)
    return (film.duration or 0) / 1e6 if name in _PROMISING else 0.0


def _decoder(stream: "VideoStream") -> "VideoCodecContext":
    own = stream.codec_context
    if own.name in _WITH_OPACITY and stream.metadata.get("alpha_mode") == "1":
        other = own.create(_WITH_OPACITY[own.name], "r")
        other.extradata = own.extradata
        return other
    stream.thread_type = "AUTO"
    return own


def _pixels(frame: "VideoFrame", enough: int | None) -> np.ndarray:
    """(H, W, 3) uint8, colours interpolated as carefully as FFmpeg can."""
    from av.video.reformatter import Interpolation as How

    careful = How.ACCURATE_RND | How.FULL_CHR_H_INT | How.FULL_CHR_H_INP
    short = min(frame.width, frame.height)
    factor = short // (2 * enough) if enough and short >= 4 * enough else 1
    width, height = round(frame.width / factor), round(frame.height / factor)
    careful |= How.BICUBIC if factor == 1 else How.AREA
    clear = frame.format.name == "pal8" or any(c.is_alpha for c in frame.format.components)
    form = "rgba" if clear else "rgb24"
    pixels = frame.reformat(width, height, form, interpolation=careful).to_ndarray()
    return over_black(pixels) if clear else pixels


def _oddity(frame: "VideoFrame") -> str:
    if frame.interlaced_frame:
        return "interlaced, so a frame shows two moments"
    return "of high dynamic range, so colours look pale" if frame.color_trc in _HDR else ""


def _turn(frame: "VideoFrame") -> tuple[bool, bool, bool]:
    """How the camera was held, as `turned` wants it: from the film's display matrix."""
    matrix = frame.side_data.get("DISPLAYMATRIX")
    if matrix is None:
        return False, False, False
    a, b, _, c, d = np.frombuffer(bytes(matrix), np.int32)[:5]  # x' = a x + c y, y' = b x + d y
    if abs(b) > abs(a):
        return True, bool(b < 0), bool(c < 0)
    return False, bool(d < 0), bool(a < 0)
