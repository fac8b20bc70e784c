"""What it costs to draw a batch: a strip decoded for every item, or bytes gathered."""

import tempfile
from pathlib import Path

from benchmarks.clock import spend, spread
from benchmarks.report import Part, Table
from benchmarks.setting import Setting, load_bank
from benchmarks.strips import StripItems, write_strips
from vgan_lessons.runtime import new_rng

N_ROUNDS = 5


def measure_loading(setting: Setting) -> Part:
    """Draw frames and clips both ways, in turns.

    Args:
        setting: data, size, batch and device.
    """
    bank = load_bank(setting, n_videos=256)
    B, on, rng = setting.batch_size, setting.on, new_rng(setting.seed)
    part = Part(title=f"Drawing a batch of {B} at {setting.label}")
    table = Table(
        title="Milliseconds a batch", columns=["items", "decoded", "gathered", "ratio"]
    )
    with tempfile.TemporaryDirectory() as folder:
        paths = write_strips(bank, Path(folder))
        for what, n_frames in (("frames", None), ("clips", setting.n_frames)):
            items = StripItems(paths, n_frames)

            def decode(items: StripItems = items) -> None:
                for index in range(B):
                    items[index % len(paths), 0.5].to(on)

            def gather(n_frames: int = n_frames or 1) -> None:
                bank.sample_clips(B, n_frames=n_frames, rng=rng)

            gather()
            turns = [(spend(decode, on), spend(gather, on)) for _ in range(N_ROUNDS)]
            ratio = spread(slow.wall / fast.wall for slow, fast in turns)
            ways = zip(*turns, strict=True)
            slow, fast = (spread(1e3 * spent.wall for spent in way) for way in ways)
            table.rows.append([what, slow, fast, ratio])
            part.values[f"gathered / decoded {what}"] = ratio.median
    part.tables = [table]
    part.notes = [
        f"Decoded: each of the {B} items opens its PNG strip and decodes all of it, one after "
        "the other; gathered: one index into bytes in memory, then one division.",
    ]
    return part
