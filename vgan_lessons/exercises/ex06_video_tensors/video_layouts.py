"""6.2: three layouts, and the six ways between them."""

import torch
from torch import Tensor

from vgan_lessons import layout
from vgan_lessons.checking import Case, Draw, Exercise, Mistake

_B, _T, _C, _H, _W = 2, 3, 2, 1, 2


def _coded(order: str) -> Tensor:
    """Each number says where it belongs: 1000 b + 100 t + 10 c + w, in the axes asked for."""
    sizes = {"b": _B, "t": _T, "c": _C, "h": _H, "w": _W}
    worth = {"b": 1000, "t": 100, "c": 10, "h": 0, "w": 1}
    total = torch.zeros([sizes[axis] for axis in order])
    for place, axis in enumerate(order):
        along = [1] * len(order)
        along[place] = sizes[axis]
        total = total + worth[axis] * torch.arange(sizes[axis]).view(along)
    return total


_VIDEOS = _coded("btchw")
_VOLUMES = _coded("bcthw")
_FRAMES = torch.stack([_VIDEOS[b, t] for b in range(_B) for t in range(_T)])
_LAYOUTS = {"videos": _VIDEOS, "frames": _FRAMES, "volumes": _VOLUMES}


def _ways(*pairs: tuple[str, str]):
    """A case body: the coded numbers, carried from each first layout to its second."""
    return lambda answer: tuple(
        answer(_LAYOUTS[given].clone(), given, wanted, _T) for given, wanted in pairs
    )


def _right(*pairs: tuple[str, str]) -> tuple[Tensor, ...]:
    return tuple(_LAYOUTS[wanted] for _, wanted in pairs)


_FOLD = (("videos", "frames"), ("frames", "videos"))
_TURN = (("videos", "volumes"), ("volumes", "videos"))
_ACROSS = (("frames", "volumes"), ("volumes", "frames"))
_SAME = (("videos", "videos"), ("frames", "frames"), ("volumes", "volumes"))


def _inputs(draw: Draw) -> dict:
    n_frames = draw.size("T")
    given, wanted = [
        ("videos", "frames"), ("volumes", "videos"), ("frames", "volumes"),
    ][n_frames % 3]  # fmt: skip
    shape = {"videos": "B T C H W", "volumes": "B C T H W", "frames": "N C H W"}[given]
    return {"clips": draw.normal(shape), "given": given, "wanted": wanted, "n_frames": n_frames}


_OUT_FRAMES = "return frames_from_videos(clips)"
_OUT_VOLUMES = "volumes_from_videos(clips)"
_IN_FRAMES = "videos_from_frames(clips, n_frames)"
_IN_VOLUMES = "videos_from_volumes(clips)"

# fmt: off
VIDEO_LAYOUTS = Exercise(
    name="video_layouts",
    number="6.2",
    minutes=8,
    difficulty="easy",
    contract=(
        'given and wanted are each one of "videos" (B, T, C, H, W), "frames" (B * T, C, H, W) and "volumes" (B, C, T, H, W); `n_frames` is T.',
        "Return the clips in the wanted layout; given and wanted may be the same.",
        "Among frames, frame t of clip b stands in row b * T + t: all frames of one clip, then those of the next.",
        "Every number keeps its clip, its time, its channel and its pixel.",
    ),
    reference=layout.change_layout,
    inputs=_inputs,
    sizes={"T": (3, 2, 4), "N": (6, 2, 8)},
    cases=(
        Case("time folded into the batch and back", _ways(*_FOLD), _right(*_FOLD),
             "The numbers tell where they belong: 1000 b + 100 t + 10 c + w. Row 1 is frame 1 of clip 0.", "axes"),
        Case("volumes and back", _ways(*_TURN), _right(*_TURN),
             "Time and channels change places: permute, for view and reshape only cut the same row of numbers anew.", "axes"),
        Case("frames to volumes and back", _ways(*_ACROSS), _right(*_ACROSS),
             "Both ways at once: go by videos.", "axes"),
        Case("a layout to itself", _ways(*_SAME), _right(*_SAME), "Where given and wanted agree there is nothing to do.", "axes"),
    ),
    hints=(
        "Six ways, but only four steps: into videos from each of the others, and out again. Every way goes through videos.",
        'einops writes the step down: `rearrange(x, "b t c h w -> (b t) c h w")`. In the brackets the last letter runs fastest. '
        "On the way back it needs one size: `t=n_frames`.",
        'Two steps. If given is "frames" or "volumes", bring clips into videos. Then, if wanted is "frames" or "volumes", carry them on; else return them.',
    ),
    mistakes=(
        Mistake("cut anew, not turned", {_OUT_VOLUMES: "clips.reshape(clips.shape[0], clips.shape[2], clips.shape[1], *clips.shape[3:])",
                                         _IN_VOLUMES: "clips.reshape(clips.shape[0], clips.shape[2], clips.shape[1], *clips.shape[3:])"},
                "The shape is right and the numbers are not: reshape keeps the row of numbers and cuts it anew; permute turns the axes. There and back it undoes itself, so a round trip does not show it.", "axes"),
        Mistake("time before batch", {_OUT_FRAMES: "return clips.transpose(0, 1).flatten(0, 1)", _IN_FRAMES: "clips.unflatten(0, (n_frames, -1)).transpose(0, 1)"},
                "The rows run over the clips first, frame 0 of each: folded and unfolded alike a round trip hides it. It is (b t), not (t b).", "axes"),
        Mistake("unfolded the wrong way", {_IN_FRAMES: "clips.unflatten(0, (n_frames, -1)).transpose(0, 1)"},
                "Folding is right, unfolding is not: the first T rows are one clip.", "axes"),
        Mistake("batch and time exchanged", {_IN_FRAMES: "clips.unflatten(0, (n_frames, -1))"},
                "The result is (T, B, ...): unfold into (B, T), with T = n_frames.", "axes"),
        Mistake("time with the width", {_OUT_VOLUMES: "clips.permute(0, 2, 3, 4, 1)", _IN_VOLUMES: "clips.permute(0, 4, 1, 2, 3)"},
                "Volumes are (B, C, T, H, W): time stands right behind the channels.", "axes"),
        Mistake("volumes folded as they are", {_IN_VOLUMES: "clips"},
                "Volumes are taken for videos: bring time in front of the channels first.", "axes"),
        Mistake("frames to videos only", {'if given == "frames":': 'if given == "frames" and wanted == "videos":'},
                "From frames there is a way to videos and none to volumes: go by videos.", "axes"),
        Mistake("frames folded again", {'if given == "frames":': "if False:"},
                "Frames are taken for videos: unfold their first axis first.", "axes"),
        Mistake("always folded", {'if wanted == "frames":': 'if wanted != "volumes":'},
                "Whoever wants videos gets frames.", "axes"),
        Mistake("never turned", {'if wanted == "volumes" else clips': 'if wanted == "volume" else clips'},
                "Whoever wants volumes gets videos.", "axes"),
        Mistake("always turned", {'if wanted == "volumes" else clips': 'if wanted != "" else clips'},
                "Whoever wants videos gets volumes.", "axes"),
        Mistake("turned even if they were volumes", {'if given == "volumes":': 'if given == "volumes" and wanted != given:'},
                "From volumes to volumes there is nothing to do.", "axes"),
        Mistake("volumes cut anew on the way in", {_IN_VOLUMES: "clips.reshape(clips.shape[0], clips.shape[2], clips.shape[1], *clips.shape[3:])"},
                "Volumes that come in are reshaped: that cuts the row of numbers anew. permute or transpose(1, 2) turns the axes.", "axes"),
        Mistake("volumes cut anew on the way out", {_OUT_VOLUMES: "clips.reshape(clips.shape[0], clips.shape[2], clips.shape[1], *clips.shape[3:])"},
                "Volumes that go out are reshaped: that cuts the row of numbers anew. permute or transpose(1, 2) turns the axes.", "axes"),
        Mistake("height and width exchanged", {_OUT_VOLUMES: "clips.permute(0, 2, 1, 4, 3)"},
                "In the volumes that go out height and width have changed places, too.", "axes"),
        Mistake("height and width exchanged both ways", {_OUT_VOLUMES: "clips.permute(0, 2, 1, 4, 3)", _IN_VOLUMES: "clips.permute(0, 2, 1, 4, 3)"},
                "Volumes are (B, C, T, H, W): here height and width have changed places, in and out, which a round trip hides.", "axes"),
        Mistake("what came in is folded", {"return frames_from_videos(clips)": "return given_clips.flatten(0, 1)", 'if given == "frames":': 'given_clips = clips\n    if given == "frames":'},
                "What came in is flattened, whatever its layout: bring it to videos first, then fold those.", "axes"),
        Mistake("nothing for videos", {'if wanted == "volumes" else clips': 'if wanted == "volumes" else None'},
                "Whoever wants videos gets None: the last way through your code returns nothing.", "axes"),
    ),
)
