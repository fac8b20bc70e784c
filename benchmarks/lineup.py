"""Who takes part: one line a contestant, by the name that `--rows` and the reports use."""

from functools import partial

from benchmarks.contestant import Entry
from benchmarks.mocogan import Mocogan
from benchmarks.ours import Ours

RIVALS = ("mocogan",)  # whom ours is compared with
LINEUP = {
    "mocogan": Entry(title="MoCoGAN as published, data in memory", build=Mocogan),
    "mocogan-again": Entry(
        title="the same once more (noise floor)", build=Mocogan, twin_of="mocogan"
    ),
    "mocogan-bf16": Entry(
        title="MoCoGAN as published, bfloat16",
        build=partial(Mocogan, bfloat16=True),
        needs_bfloat16=True,
    ),
    "ours": Entry(title="LSTM video GAN, float32", build=Ours, planned=True),
    "ours-again": Entry(
        title="the same once more (noise floor)", build=Ours, planned=True, twin_of="ours"
    ),
    "ours-bf16": Entry(
        title="LSTM video GAN, bfloat16",
        build=partial(Ours, bfloat16=True),
        planned=True,
        needs_bfloat16=True,
    ),
    "ours-all-frames": Entry(
        title="LSTM video GAN, rendering and scoring all frames",
        build=partial(Ours, all_frames=True),
        planned=True,
    ),
    "ours-wide": Entry(
        title="the same widened to about MoCoGAN's operations",
        build=partial(Ours, all_frames=True, widened=3.6),
        planned=True,
    ),
}
