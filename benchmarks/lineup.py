"""Who takes part: one line a contestant, by the name that `--rows` and the reports use."""

from functools import partial

from benchmarks.contestant import Entry
from benchmarks.mocogan import Mocogan
from benchmarks.ours import Ours

RIVALS = ("mocogan",)  # whom the speed of ours is compared with
RACERS = ("ours", "mocogan-slim", "conv3d", "diffusion", "vae")  # as many weights to train each
LINEUP = {
    "mocogan": Entry(title="MoCoGAN as published, data in memory", build=Mocogan),
    "mocogan-bf16": Entry(
        title="MoCoGAN as published, bfloat16",
        build=partial(Mocogan, bfloat16=True),
        needs_bfloat16=True,
    ),
    "mocogan-slim": Entry(
        title="MoCoGAN with as many weights to train as ours",
        build=partial(Mocogan, as_large_as=Ours),
    ),
    "mocogan-slim-bf16": Entry(
        title="the same, bfloat16",
        build=partial(Mocogan, as_large_as=Ours, bfloat16=True),
        needs_bfloat16=True,
    ),
    "conv3d": Entry(
        title="3-D convolution GAN, our losses, discriminators and loop",
        build=partial(Ours, model="conv3d", bfloat16=True),  # where it is native
        planned=True,
    ),
    "diffusion": Entry(
        title="video diffusion, sampled by DDIM",
        build=partial(Ours, model="diffusion", bfloat16=True),
        planned=True,
    ),
    "vae": Entry(
        title="variational autoencoder, its decoder the 3-D generator",
        build=partial(Ours, model="vae", bfloat16=True),
        planned=True,
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
}
