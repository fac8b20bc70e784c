"""6.1: the smallest film, drawn frame by frame."""

import torch
from torch import Tensor

from vgan_lessons.checking import Case, Exercise, Mistake
from vgan_lessons.datasets.bounce import bounce
from vgan_lessons.exercises.refusals import what_is_raised


def _way(start: tuple, velocity: tuple, n_frames: int, image_size: int):
    """A case body: x and y of a sprite of one white pixel, frame by frame."""

    def run(answer) -> list[tuple[int, int]]:
        film = answer(torch.ones(1, 1, 1), start, velocity, n_frames, image_size)
        places = [frame.flatten().argmax().item() for frame in film]
        return [(place % image_size, place // image_size) for place in places]

    return run


def _one_frame(answer) -> Tensor:
    sprite = torch.tensor([[[-0.2, 1.0, -1.0], [0.3, 0.5, 0.7]]])
    return answer(sprite, (0, 1), (1, 1), 2, 4)[1].int()


def _as_stored(answer) -> str:
    film = answer(torch.rand(2, 2, 3), (0, 1), (1, 1), 4, 6)
    return f"{film.dtype}, {tuple(film.shape)}"


def _no_room(answer) -> list[str]:
    sprites = torch.ones(1, 4, 2), torch.ones(1, 2, 4)
    return what_is_raised(answer, [(sprite, (0, 0), (0, 0), 2, 4) for sprite in sprites])


def _for_a_long_time(answer) -> dict[str, bool]:
    """Fifty frames of a sprite of 2 x 3 pixels: whole in all of them, and there again."""
    film = answer(torch.ones(1, 2, 3), (1, 2), (2, -3), 50, 8).flatten(1).float() / 255
    return {
        "whole": bool((film.sum(1) == 6).all()),
        "there again": bool((film[:30] == film[20:]).all()),
    }


# what the mistakes exchange in the reference
_WAY = "fold(torch.tensor(start) + ways, room)"
_STORE = "to_uint8(frames)"


def _walked(
    sprite, start, velocity, n_frames, image_size, *, stop=False, turns=True, both=False
) -> Tensor:
    """A sprite that goes step by step, and does one thing wrong at a wall."""
    C, height, width = sprite.shape
    places, velocity = list(start), list(velocity)
    room = [image_size - width, image_size - height]
    if min(room) < 1:
        raise ValueError("no room")
    frames = -torch.ones(n_frames, C, image_size, image_size)
    for frame in frames:
        x, y = places
        frame[:, y : y + height, x : x + width] = sprite
        for axis in range(2):
            there = places[axis] + velocity[axis]
            beyond = there - min(max(there, 0), room[axis])
            places[axis] = there - beyond if stop else there - 2 * beyond
            if beyond < 0 or (beyond and turns):
                velocity[axis] *= -1
                velocity[1 - axis] *= -1 if both else 1
    return ((frames + 1) * 127.5).round().to(torch.uint8)


# fmt: off
BOUNCE = Exercise(
    name="bounce",
    number="6.1",
    minutes=10,
    difficulty="medium",
    contract=(
        "sprite is (C, h, w) in [-1, 1]; start (x, y) and velocity (vx, vy) are whole numbers: where its upper left pixel stands "
        "in frame 0, and pixels a frame to the right and downwards. Everything around it is black, -1.",
        "On each axis by itself the sprite keeps its speed and stays inside. The last place is r = `image_size` - w for x, "
        "`image_size` - h for y. A step that would pass a wall is reflected: r + 1 becomes r - 1, and -1 becomes 1; from then on it goes the other way.",
        "No speed is greater than r, so that no step meets two walls. A sprite as high or as wide as the frame has no room to move: raise `ValueError`.",
        "Return uint8 `(n_frames, C, image_size, image_size)`: v is stored as (v + 1) * 127.5, rounded to the nearest whole number.",
    ),
    reference=bounce,
    cases=(
        Case("a touch of the right wall", _way((3, 0), (2, 0), 4, 6), ((3, 0), (5, 0), (3, 0), (1, 0)),
             "In 6 pixels a sprite of 1 goes from 0 to 5: from 5 it turns back."),
        Case("steps that would pass a wall", _way((4, 1), (3, -2), 4, 6), ((4, 1), (3, 1), (0, 3), (3, 5)),
             "From x = 4 three steps lead to 7, two beyond the wall at 5: reflected, 3. From y = 1 two up lead to -1: reflected, 1."),
        Case("a sprite that is wider than high", _one_frame, torch.tensor([[[0, 0, 0, 0], [0, 0, 0, 0], [0, 102, 255, 0], [0, 166, 191, 217]]]),
             "Frame 1 has the sprite at x = 1, y = 2. 0.3 is stored as 1.3 * 127.5 = 165.75, rounded 166."),
        Case("fifty frames", _for_a_long_time, {"whole": True, "there again": True},  # to and fro is 10 and 12 pixels: 5 and 4 steps
             "The sprite stays whole, and after 20 frames it has been to and fro a whole number of times on both axes."),
        Case("no room to move", _no_room, ("ValueError", "ValueError"), "Compare both sides of the sprite with image_size, and raise ValueError.", "side effects"),
        Case("how it is stored", _as_stored, "torch.uint8, (4, 2, 6, 6)", "Bytes, time first.", "axes"),
    ),
    hints=(
        "Keep a place and a velocity for each axis, and move them once a frame. What is beyond a wall has to come back by as much.",
        "Start from a film of black, `torch.full((n_frames, C, image_size, image_size), -1.0)`, and copy the sprite into a slice of "
        "each frame: rows y to y + h, columns x to x + w.",
        "First the ValueError. After `x = x + vx`: `if x > r: x, vx = 2 * r - x, -vx`, and `if x < 0: x, vx = -x, -vx`; y likewise with its own r. "
        "At the end `((film + 1) * 127.5).round().to(torch.uint8)`.",
    ),
    mistakes=(
        Mistake("both axes turn at once", lambda sprite, start, velocity, n_frames, image_size: _walked(sprite, start, velocity, n_frames, image_size, both=True),
                "A wall that x meets turns y as well: each axis has its own velocity."),
        Mistake("comes back on the other side", {_WAY: "(torch.tensor(start) + ways) % (room + 1)"},
                "The sprite leaves on one side and comes back on the other: it has to turn round."),
        Mistake("stops at the wall", {_WAY: "(torch.tensor(start) + ways).clamp(min=torch.zeros_like(room), max=room)"},
                "The sprite stays at the wall: its velocity has to change its sign."),
        Mistake("waits at the wall", {_WAY: "(lambda u: torch.minimum(u % (2 * room + 2), 2 * room + 1 - u % (2 * room + 2)))(torch.tensor(start) + ways)"},
                "The sprite stands at the wall for a frame more: r + 1 is reflected to r - 1, not to r."),
        Mistake("x and y exchanged", {"x, y = corners[t]": "y, x = corners[t]"},
                "x counts columns and y rows: the way is mirrored at the diagonal."),
        Mistake("upwards", {"torch.tensor(velocity)": "torch.tensor([velocity[0], -velocity[1]])"},
                "y grows downwards: a positive vy moves the sprite down."),
        Mistake("one frame late", {"torch.arange(n_frames)": "torch.arange(1, n_frames + 1)"},
                "Frame 0 shows the sprite at `start`: paint first, then move."),
        Mistake("a trail", {"return to_uint8(frames)": "return to_uint8(frames.cummax(0).values)"},
                "Old places are not painted over: begin every frame from black."),
        Mistake("h and w exchanged at the walls", {"image_size - width, image_size - height": "image_size - height, image_size - width"},
                "The room for x is image_size minus the sprite's width, for y minus its height."),
        Mistake("cut off, not rounded", {_STORE: "((frames + 1) * 127.5).to(torch.uint8)"},
                "`.to(torch.uint8)` drops what stands after the point: round first, or every film becomes a little darker."),
        Mistake("from [0, 1]", {_STORE: "(frames.clamp(0, 1) * 255).round().to(torch.uint8)"},
                "-1 is black here, not 0: add 1 before scaling, by 127.5."),
        Mistake("grey around the sprite", {"-torch.ones": "torch.zeros"},
                "0 is middle grey: black is -1."),
        Mistake("the wall one pixel early", {"image_size - width, image_size - height": "image_size - width - 1, image_size - height - 1"},
                "The last place is image_size minus the sprite's size: it may touch the wall."),
        Mistake("the velocity is lost after a while", {"torch.arange(n_frames)[:, None]": "torch.arange(n_frames).clamp(max=12)[:, None]"},
                "The sprite comes to rest: it keeps its speed for good."),
        Mistake("any size let through", {"raise ValueError(f\"a sprite of {height}x{width} has no room in {image_size} pixels\")": "room = room.clamp(min=1)"},
                "A sprite as large as the frame is let through: raise ValueError before anything is drawn.", "side effects"),
        Mistake("only the width compared", {"room.min() < 1": "room[0] < 1"},
                "Both sides need room: compare the height, too.", "side effects"),
        Mistake("0 to 255 as floats", {_STORE: "to_uint8(frames).float()"}, "The numbers are right and come as floats: `.to(torch.uint8)` stores them as bytes.", "dtype/device/seed"),
        Mistake("floats", {_STORE: "frames"}, "These are floats in [-1, 1]: films are stored as uint8.", "axes"),
        Mistake("channels before time", {_STORE: "to_uint8(frames).transpose(0, 1)"},
                "The axes are (C, T, H, W): time comes first.", "axes"),
        Mistake("the wall eats the rest of a step", lambda sprite, start, velocity, n_frames, image_size: _walked(sprite, start, velocity, n_frames, image_size, stop=True),
                "At the wall the sprite is set on it and turns: what is left of the step goes back at once, r + 1 to r - 1."),
        Mistake("no way back from the far wall", lambda sprite, start, velocity, n_frames, image_size: _walked(sprite, start, velocity, n_frames, image_size, turns=False),
                "The place is reflected and the velocity is not: in the next step the sprite runs into the wall again."),
        Mistake("times 128", {_STORE: "((frames + 1) * 128).round().clamp(0, 255).to(torch.uint8)"},
                "(v + 1) * 127.5 leads from [-1, 1] to [0, 255]; 128 makes everything brighter."),
        Mistake("stored by a wrap", {_STORE: "((frames + 1) * 128).round().to(torch.uint8)"},
                "(1 + 1) * 128 is 256, which no byte holds: white becomes black. The factor is 127.5."),
        Mistake("start as row and column", {"fold(torch.tensor(start) + ways, room)": "fold(torch.tensor(start[::-1]) + ways, room)"},
                "start is taken for (y, x): it is (x, y), as velocity is."),
    ),
)
