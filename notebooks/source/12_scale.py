# %% [markdown]
# # 12 Scale: how does it get faster and stay right?
#
# | you will be able to | you will write | you need | time and budget |
# |---|---|---|---|
# | measure where a step's time and memory go, train in half precision, in parts, in several processes, resume bit for bit, and say what a larger model would need | `stopwatch`, `amp_step`, `accumulate`, `activation_bytes`, `average_gradients`, `take_checkpoint` | notebooks 04 and 08 | 11 min of reading, 64 of writing; any CPU, a minute of computing |
#
# Taken for granted: the round of the video GAN ([08](08_video_gan.ipynb)), R1
# ([03](03_dynamics.ipynb)), relativistic pairs ([02](02_objectives.ipynb)). Clips are
# (B, T, C, H, W) float32 in [-1, 1]; dtypes matter on this page and are named.

# %%
import io
import os
import socket
import subprocess
import sys
import time
from itertools import islice

import numpy
import torch
from PIL import Image
from torch import nn
from torch.utils.checkpoint import checkpoint

from vgan_lessons import runtime, widgets
from vgan_lessons.datasets import draw_shapes
from vgan_lessons.display.tables import show_table
from vgan_lessons.exercises import (
    check,
    explain,
    hint,
    predict,
    progress,
    quiz,
    solution,
)
from vgan_lessons.layout import from_uint8
from vgan_lessons.losses import relativistic_average_d_loss, relativistic_d_loss
from vgan_lessons.models.minibatch import minibatch_std
from vgan_lessons.penalties import r1_penalty, squared_gradient_norm
from vgan_lessons.runs.measured import measured_steps
from vgan_lessons.training import new_video_gan, recipe, train_video_gan
from vgan_lessons.training.checkpoint import restore_checkpoint

# %% [markdown]
# ## 12.1 Measure before you change
#
# A GPU answers before it has worked: calls only queue. First rounds are slow, and other programs
# disturb.
#
# ### Exercise 12.1 `stopwatch`  (7 min, easy, core)


# %% tags=["exercise", "stopwatch"]
def my_stopwatch(work, clock, synchronise, n_warm_up=2, n_rounds=5):
    """The usual time of a piece of work: warmed up, waited for, the median of some
    rounds.
    """
    ...  # your code


# %% tags=["check", "stopwatch"]
stopwatch = check("stopwatch", my_stopwatch)

# %% [markdown]
# **Predict.** D's forward and backward with R1 differentiates twice. How many times as long
# as forward and backward without R1 does it take?

# %% tags=["predict", "times-as-long-with-r1"]
predict("times as long with R1", None)  # for example 1.2

# %% tags=["nbval-ignore-output"]
CPU = torch.device("cpu")
game = new_video_gan(recipe("shapes", "cpu"), on=CPU)
bank = draw_shapes(256, rng=runtime.new_rng(0))
films = from_uint8(bank.frames).unflatten(0, (256, 16))
clips = films[:8, :4]  # four frames, as the clip discriminator takes them
score = game.clip_discriminator


def cpu_seconds(work):
    """On a CPU nothing is queued; only this process's own work counts."""
    return stopwatch(work, time.process_time, lambda: None)


plain = cpu_seconds(lambda: score(clips).mean().backward())


def with_r1():
    return score(clips).mean() + r1_penalty(score, clips, 1.0)


steep = cpu_seconds(lambda: with_r1().backward())
print(f"{1e3 * plain:.0f} ms without, {1e3 * steep:.0f} ms with R1")
predict("times as long with R1", measured=round(steep / plain, 1))

# %%
print("a penalty costs more than the step it is added to:", steep - plain > plain)

# %% [markdown]
# That is why our loop pays for it at every fourth step only (lesson 03).
#
# **Centrepiece: where does a step go?** Measured once by `data_scripts/measure_steps.py`, which
# plays the round of lesson 08 part by part; each row names its machine and day. Parts hold forward
# and backward. The penalty stands by itself: it is due at every fourth step, and shown is its mean
# over all steps.
#
# **Predict.** Which share of a step is data, optimisers and average together?

# %% tags=["predict", "share-of-the-rest"]
predict("share of the rest", None)  # for example 0.2

# %%
measured = measured_steps()
widgets.step_explorer(measured)

# %% [markdown]
# All of them, standing still:

# %%
widgets.show_steps(measured)

# %%
ours = next(entry for entry in measured if entry["device"] == "cpu")
ms = ours["parts"]["shapes 32x32, 4 of 16 frames"]["ms"]
rest = sum(ms[part] for part in ("data", "optimisers", "average")) / sum(ms.values())
predict("share of the rest", measured=round(rest, 2))
two = ms["frame D"] + ms["clip D"] + ms["penalty"]
print(f"both discriminators and their penalty: {two / sum(ms.values()):.0%}")
all_frames = ours["parts"]["shapes 32x32, all 16 frames"]["ms"]
longer = sum(all_frames.values()) / sum(ms.values())
print(f"all frames instead of four: {longer:.1f} times")
for name, row in ours["parts"].items():
    low, high = row["ms of a round, least to most"]
    print(f"{name}: {low}-{high} ms in {row['rounds']} rounds, load {row['load']}")
print("rows of a GPU:", sum(entry["device"] == "cuda" for entry in measured))

# %% [markdown]
# Rounds differ twofold: trust large shares only. Decoding, optimisers and average
# are not worth your evening *here*: clips lie in memory as bytes (lesson 06), and Adam updates all
# weights in one call (*fused*). The largest saving was to paint fewer frames. No GPU has been
# measured yet; `python data_scripts/measure_steps.py --device cuda` adds its row.
#
# ## 12.2 Half precision
#
# float16 halves memory, and GPUs multiply it much faster. Its smallest positive number is 6e-8,
# its largest 65,504. bfloat16 has float32's range and two to three digits, float16 three to
# four; our loop takes bfloat16 where the hardware does, without any scale. Under *autocast* the
# weights stay float32; only what layers compute is coarse.
#
# **Predict.** What is 1e-8 in float16?

# %% tags=["predict", "one-hundred-millionth"]
predict("1e-8 in float16", None)  # for example 1e-8

# %%
small = torch.tensor(1e-8)
predict("1e-8 in float16", measured=small.half().item())
back = (small * 65536).half().float() / 65536
print(f"times 65,536 and back: {back:.3g}; in bfloat16: {small.bfloat16():.3g}")

# %% [markdown]
# So **loss scaling** (Micikevicius et al. 2017, arXiv:1710.03740): multiply the loss, divide the
# gradient, and leave a step out where the scaled gradient overflows. Penalties square slopes:
# they stay in float32.
#
# ### Exercise 12.2 `amp_step`  (15 min, medium, core)


# %% tags=["exercise", "amp_step"]
def my_amp_step(
    discriminator,
    d_optim,
    d_loss_fn,
    penalty,
    real,
    fake,
    scale,
    max_norm,
):
    """D's step in mixed precision, with a scaled loss and a clipped gradient."""
    ...  # your code


# %% tags=["check", "amp_step"]
amp_step = check("amp_step", my_amp_step)

# %%
with torch.random.fork_rng(devices=[]):
    torch.manual_seed(0)
    layers = [nn.Linear(3072, 32), nn.LeakyReLU(0.2), nn.Linear(32, 1)]
    D = nn.Sequential(nn.Flatten(), *layers)
real, fake = films[:16, 0], films[16:32, 0].flip(2)
optim, scale, scales = torch.optim.SGD(D.parameters(), lr=0.01), 2.0**20, []
for _ in range(8):
    _, scale = amp_step(
        D,
        optim,
        lambda r, f: relativistic_d_loss(r[:, 0], f[:, 0]),
        lambda D, real, fake: r1_penalty(D, real, 0.1),
        real,
        fake,
        scale,
        10.0,
    )
    scales.append(scale)
print("the scale fell and then stayed:", scales[0] > scales[-1] == scales[-2])
seen = real.clone().requires_grad_()
flat = 1e-3 * D(seen)  # a D with slopes a thousand times smaller
(slopes,) = torch.autograd.grad(flat.sum(), seen)
there = (slopes.half() != 0).float().mean().item()
print("nearly all slopes are there in float16:", there > 0.9)
print("all their squares are 0:", not slopes.half().square().any())
print("not in float32:", bool(slopes.square().any()))

# %% [markdown]
# ## 12.3 A large batch in small parts
#
# What does not fit at once is differentiated in parts, and the gradients add up: **gradient
# accumulation**.
#
# ### Exercise 12.3 `accumulate`  (13 min, medium, core)


# %% tags=["exercise", "accumulate"]
def my_accumulate(discriminator, d_loss_fn, penalty, real, fake, k):
    """D's gradient of a whole batch, from k parts that are differentiated one by
    one.
    """
    ...  # your code


# %% tags=["check", "accumulate"]
accumulate = check("accumulate", my_accumulate)

# %% [markdown]
# **Predict.** Four games: relativistic pairs; relativistic *average* (against the mean score of
# the other side); pairs with batch norm in D; pairs with minibatch statistics. In how many do four
# parts give the gradient of the whole batch?

# %% tags=["predict", "games-that-survive-parts"]
predict("games that survive parts", None)  # for example 3


# %%
class Spread(nn.Module):
    """Lesson 04's minibatch statistics: one more feature, over all of the batch."""

    def forward(self, features):
        return minibatch_std(features, len(features))


def network(*between, width=8):
    """A small D in float64 on frames of 3,072 numbers."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        layers = [nn.Flatten(), nn.Linear(3072, 8), *between, nn.LeakyReLU(0.2)]
        layers += [nn.Linear(width, 1), nn.Flatten(0)]
        return nn.Sequential(*layers).double()


# %%
def gradient(D, loss, k):
    """What `accumulate` leaves, as one row of numbers."""
    nothing = torch.zeros((), requires_grad=True)  # instead of a penalty
    accumulate(D, loss, lambda *_: nothing, real.double(), fake.double(), k)
    return torch.cat([weight.grad.flatten() for weight in D.parameters()])


games = {
    "pairs": (network(), relativistic_d_loss),
    "average": (network(), relativistic_average_d_loss),
    "batch norm": (network(nn.BatchNorm1d(8)), relativistic_d_loss),
    "minibatch statistics": (network(Spread(), width=9), relativistic_d_loss),
}
survive = 0
for name, (D, loss) in games.items():
    whole, parts = (gradient(D, loss, k) for k in (1, 4))
    off = ((parts - whole).norm() / whole.norm()).item()
    survive += off < 1e-9
    print(f"{name:21} off by 1 % or more: {off > 0.01}")
predict("games that survive parts", measured=survive)

# %% [markdown]
# Accumulation is exact only where the objective is a mean over samples or pairs. The other three
# look at their batch, and a part is another batch. The same holds for parts on other processes.
# Minibatch statistics over fixed *groups* survive, if no part cuts a group.
#
# ## 12.4 What memory is spent on
#
# Weights are small here. What fills memory are **activations**: what each layer keeps from the
# forward to the backward pass.
#
# ### Exercise 12.4 `activation_bytes`  (14 min, hard, core)


# %% tags=["exercise", "activation_bytes"]
def my_activation_bytes(network, shape):
    """Predict how many bytes autograd keeps for the way back, without running
    anything.
    """
    ...  # your code


# %% tags=["check", "activation_bytes"]
activation_bytes = check("activation_bytes", my_activation_bytes)

# %% [markdown]
# Predicted, and measured by hooks on everything that autograd keeps. **Activation checkpointing**
# (Chen et al. 2016, arXiv:1604.06174) keeps the input of a block alone and computes the rest twice.
#
# **Predict.** For the clip discriminator as one block: which share of the bytes is left?

# %% tags=["predict", "share-left-by-checkpointing"]
predict("share left by checkpointing", None)  # for example 0.5


# %%
def kept_bytes(work, weights):
    """All that autograd keeps while `work` runs: every byte once, no weights."""
    known, kept = {weight.untyped_storage().data_ptr() for weight in weights}, {}

    def keep(value):
        place = value.untyped_storage()
        if place.data_ptr() not in known:
            kept[place.data_ptr()] = value, place.nbytes()
        return value

    with torch.autograd.graph.saved_tensors_hooks(keep, lambda value: value):
        work()
    return sum(n_bytes for _, n_bytes in kept.values())


# %%
block = score.trunk.features
planes = score.planes(clips, 1).contiguous(memory_format=torch.channels_last)
ways = {
    "as it is": lambda x: block(x),
    "checkpointed": lambda x: checkpoint(block, x, use_reentrant=False),
}
kept, results = {}, {}
for name, way in ways.items():
    block.zero_grad()  # the stopwatch left gradients behind
    kept[name] = kept_bytes(lambda way=way: way(planes), block.parameters())
    x = planes.clone().requires_grad_()
    made = way(x)
    slope = squared_gradient_norm(made.sum(1), x).mean()  # differentiated twice
    slope.backward()
    results[name] = [made.detach(), *(w.grad.clone() for w in block.parameters())]
predicted = activation_bytes(block, planes.shape)
print("prediction within 10 %:", abs(predicted / kept["as it is"] - 1) < 0.1)
same = zip(*results.values(), strict=True)
print("outputs and gradients equal:", all(torch.equal(a, b) for a, b in same))

# %% tags=["nbval-ignore-output"]
share = planes.numel() * 4 / kept["as it is"]
predict("share left by checkpointing", measured=round(share, 2))
times = [cpu_seconds(lambda w=w: w(planes).sum().backward()) for w in ways.values()]
print(f"{kept['as it is'] / 2**20:.2f} MiB; time {times[1] / times[0]:.2f} times")

# %% [markdown]
# What a checkpointed block keeps is its input (the hooks do not see it: autograd holds it as an
# argument). That share is what is left *between* forward and backward: on the way back the block is
# run again and all of it is there. So one block alone does not lower the peak of a step; many blocks
# do: one at a time is there again. A step of our recipe keeps some 30 MiB, so checkpointing would cost time and buy
# nothing: the course's loop has no such switch.
#
# Over a whole round the bytes are a constant and a multiple of the batch: two measurements predict
# a third.

# %%
TINY = {"image_size": 16, "generator_channels": (8, 8), "log_every": 1, "n_steps": 60}
TINY |= {"frame_channels": 4, "clip_channels": 4}
small_bank = draw_shapes(64, image_size=16, rng=runtime.new_rng(0))


def bytes_of_a_round(batch_size):
    """Kept by one round of the video GAN."""
    config = recipe("shapes", "cpu", batch_size=batch_size, **TINY)
    gan = new_video_gan(config, on=CPU)
    weights = [w for network in gan.networks().values() for w in network.parameters()]
    rounds = train_video_gan(gan, small_bank, config)
    return kept_bytes(lambda: next(rounds), weights)


four, eight, more = (bytes_of_a_round(n) for n in (4, 8, 24))
line = four + (24 - 4) * (eight - four) / (8 - 4)
print("24 clips predicted from 4 and 8 within 10 %:", abs(line / more - 1) < 0.1)

# %% [markdown]
# ## 12.5 Several processes
#
# **Data parallel** training: the same weights everywhere, each process its own clips and latents,
# and before every step one mean over all gradients (an *all-reduce*); with equal shares that is the
# gradient of the whole batch. `all_reduce` comes from
# PyTorch: NCCL between GPUs, gloo between CPUs.
#
# ### Exercise 12.5 `average_gradients`  (9 min, medium, core)


# %% tags=["exercise", "average_gradients"]
def my_average_gradients(gradients, all_reduce, n_processes):
    """Replace each gradient by its mean over all processes: that of the whole
    batch.
    """
    ...  # your code


# %% tags=["check", "average_gradients"]
average_gradients = check("average_gradients", my_average_gradients)

# %% [markdown]
# Now really: two processes over gloo, with the library's version of yours. Each differentiates four of eight pairs, R1 included; the
# mean is held against all eight in one process. `torchrun` sets RANK,
# LOCAL_RANK, WORLD_SIZE, MASTER_ADDR and MASTER_PORT likewise.

# %%
PROGRAM = """
import torch
from vgan_lessons import runtime
from vgan_lessons.losses import relativistic_d_loss
from vgan_lessons.penalties import r1_penalty
from vgan_lessons.training import new_video_gan, recipe
from vgan_lessons.training.processes import average_over_processes, joined_processes

config = recipe("shapes", "cpu", image_size=16, clip_channels=4)
D = new_video_gan(config, on=torch.device("cpu")).clip_discriminator.double()
shape, rng = (2, 8, 4, 3, 16, 16), runtime.new_rng(0)
real, fake = torch.randn(shape, generator=rng, dtype=torch.float64)

def gradients(rows):
    D.zero_grad()
    loss = relativistic_d_loss(D(real[rows]), D(fake[rows]))
    (loss + r1_penalty(D, real[rows], 1.0)).backward()
    return [weight.grad.clone() for weight in D.parameters()]

with joined_processes("cpu") as me:
    mine = gradients(slice(4 * me.rank, 4 * me.rank + 4))
    average_over_processes(mine)
whole = gradients(slice(0, 8))
print(max(float((a - b).abs().max()) for a, b in zip(mine, whole)))
"""

# %% tags=["nbval-ignore-output"]
with socket.socket() as free:
    free.bind(("127.0.0.1", 0))
    port = str(free.getsockname()[1])
told = {"WORLD_SIZE": "2", "MASTER_ADDR": "127.0.0.1", "MASTER_PORT": port}
told |= {"OMP_NUM_THREADS": "1"}
running = [
    subprocess.Popen(
        [sys.executable, "-c", PROGRAM],
        env={**os.environ, **told, "RANK": rank, "LOCAL_RANK": rank},
        stdout=subprocess.PIPE,
        text=True,
    )
    for rank in ("0", "1")
]
off = [float(process.communicate(timeout=300)[0]) for process in running]
print("largest difference on each rank:", off)

# %%
print("two processes, one gradient, to 1e-6:", max(off) < 1e-6)

# %% [markdown]
# **Predict.** Both processes begin with the same seed, data and latents included. How many times
# the variance of the gradient do you get, against different draws?

# %% tags=["predict", "variance-with-one-seed"]
predict("variance with one seed", None)  # for example 1


# %% tags=["nbval-ignore-output"]
def share_of_a_process(rng):
    """The gradient of four real frames that this process drew for itself."""
    D = games["pairs"][0]
    D.zero_grad()
    rows = torch.randint(256, (4,), generator=rng)
    nn.functional.softplus(-D(films[rows, 0].double())).mean().backward()
    return torch.cat([weight.grad.flatten() for weight in D.parameters()])


first, second = runtime.new_rng(1), runtime.new_rng(2)
shares = [(share_of_a_process(first), share_of_a_process(second)) for _ in range(200)]
different = torch.stack([(a + b) / 2 for a, b in shares]).var(dim=0).sum()
equal = torch.stack([(a + a) / 2 for a, _ in shares]).var(dim=0).sum()
ratio = (equal / different).item()
predict("variance with one seed", measured=round(ratio, 1))

# %%
print("the second process is wasted:", 1.4 < ratio < 2.8)

# %% [markdown]
# No loss looks odd; half of the work is thrown away. Weights begin from one
# seed, draws from a seed a rank. And only one process writes checkpoints and shows the average.
#
# The course's own loop does all this: `vgan-lessons train --processes 2`, or `torchrun` on several
# machines ([docs/cluster.md](../docs/cluster.md)). If one process is killed, the others end within
# seconds with one line, and `--resume` goes on.
#
# ## 12.6 Resume
#
# ### Exercise 12.6 `take_checkpoint`  (6 min, easy, core)


# %% tags=["exercise", "take_checkpoint"]
def my_take_checkpoint(networks, optims, rng, step):
    """Take down everything that the next step depends on, as it is now."""
    ...  # your code


# %% tags=["check", "take_checkpoint"]
take_checkpoint = check("take_checkpoint", my_take_checkpoint)

# %% [markdown]
# **Break it: leave one item out.** A training is stopped after ten rounds and goes on in a
# freshly built game for ten more. Each time one item is missing from the checkpoint, so that it has the value
# with which a run begins. Which missing item do the ten losses *never* show?

# %% tags=["predict", "what-no-loss-shows"]
predict("what no loss shows", None)  # for example "g_optim"


# %%
def parts_of(gan):
    """What a checkpoint takes, but for the step."""
    return gan.networks(), {"g_optim": gan.g_optim, "d_optim": gan.d_optim}, gan.rng


def go_on(gan, n):
    """Losses of D and of G, round by round."""
    rounds = islice(train_video_gan(gan, small_bank, config), n)
    return [(log.d_loss, log.g_loss) for log in rounds]


# %%
config = recipe("shapes", "cpu", batch_size=8, **TINY)
trained = new_video_gan(config, on=CPU)
go_on(trained, 10)
taken = take_checkpoint(*parts_of(trained), trained.step)
wanted, shown = go_on(trained, 10), {}
for missing in ("nothing", *taken["networks"], *taken["optims"], "rng", "step"):
    kept_parts = {
        key: {name: part for name, part in value.items() if name != missing}
        if isinstance(value, dict)
        else value
        for key, value in taken.items()
        if key != missing
    }
    gan = new_video_gan(config, on=CPU)
    gan.step = restore_checkpoint(kept_parts, *parts_of(gan))
    pairs = zip(go_on(gan, 10), wanted, strict=True)
    wrong = [
        f"round {n}, {player}"
        for n, (mine, right) in enumerate(pairs, 1)
        for player, a, b in zip("DG", mine, right, strict=True)
        if a != b
    ]
    shown[missing] = {"differs first": (wrong or ["never"])[0]}
show_table(shown, corner="missing")

# %%
unseen = [name for name, row in shown.items() if row["differs first"] == "never"]
predict("what no loss shows", measured=unseen[-1])
print("losses bit for bit equal:", ", ".join(unseen))

# %% [markdown]
# D's optimiser shows in G's loss of the same round, G's optimiser only one round later, in D's.
# The moving average takes part in no loss: lose it, and only the clips that you *show* are those of
# an untrained network. Without the step, the count begins at 0 and the
# penalty is due in other rounds. Test a checkpoint by what you use, not by its losses. With several
# processes the generators of *all* ranks belong into it, and in float16 the loss scale.
#
# ## 12.7 How cost grows
#
# Seconds and MiB of a step at several sizes, from the stored report `cpu-speed`. The **exponent** is the slope
# of log cost over log size: 1 is linear, 2 quadratic.
#
# **Predict.** By which exponent does time grow with the pixels *a side*?

# %% tags=["predict", "exponent-of-time-in-pixels"]
predict("exponent of time in pixels", None)  # for example 1


# %%
def exponent(curve, what):
    """Slope of a line through the logarithms."""
    x = torch.tensor([float(size) for size in curve]).log()
    y = torch.tensor([row[what] for row in curve.values()]).log()
    x, y = x - x.mean(), y - y.mean()
    return float((x * y).sum() / (x * x).sum())


powers = {
    grows: {"time": exponent(curve, "s"), "memory": exponent(curve, "MiB")}
    for grows, curve in ours["growth"].items()
}
show_table(powers, form=".2f", corner="exponent in")
for grows, curve in ours["growth"].items():
    rows = [f"{n}: {row['s']:.2f} s, {row['MiB']:.0f} MiB" for n, row in curve.items()]
    print(grows, "; ".join(rows))
one, two = (ours["processes"][n]["s"] for n in ("1", "2"))
ranges = [ours["processes"][n]["least to most"] for n in ("1", "2")]
dates = {row["date"] for curve in ours["growth"].values() for row in curve.values()}
print(f"two processes on two cores: {one / two:.2f} times as fast")
print("seconds of one, of two:", [[round(s, 2) for s in both] for both in ranges])
print(f"{ours['machine']}; measured {', '.join(sorted(dates))}")
in_pixels = powers["pixels a side"]["time"]
predict("exponent of time in pixels", measured=round(in_pixels, 2))

# %% [markdown]
# Two processes are far from twice as fast on two cores that others use, too. There was one round
# a size: exponents of time are good to a few tenths; memory is counted. Over frames it is a line with
# a constant, and that makes its exponent less than 1. Time bends upwards with the pixels: from size
# to size its exponent rises, so the fit is too low there (the last two sizes would give twice as many
# seconds). Over frames the times scatter.
#
# **On paper: 256x256 pixels, 128 frames, 64 GPUs.** Assumed: all frames painted and scored; the
# small recipe's widths, which would be too narrow; the powers hold twice beyond the
# largest sizes measured, 64 frames and 128 pixels; 512 clips a step, eight a GPU.

# %%
base = ours["growth"]["frames"]["16"]  # 32x32, 16 frames: an eighth; a batch of 16
grown = {
    what: 8 ** powers["frames"][what] * 8 ** powers["pixels a side"][what]
    for what in ("time", "memory")
}
gib = 8 * base["MiB"] / 16 * grown["memory"] / 1024
core_seconds = 8 * base["s"] / 16 * grown["time"]
weights = sum(w.numel() for net in game.networks().values() for w in net.parameters())
print("a clip, times:", {what: round(times) for what, times in grown.items()})
print(f"eight clips keep {gib:.0f} GiB: fits into 80 GiB: {gib < 80}")
print(f"and take about {core_seconds:.0f} s a step on one core of that machine")
print(f"gradients to average: at most {4 * weights / 2**20:.1f} MiB a step")

# %% [markdown]
# By this sketch memory allows eight clips a GPU, widths held; channels four times as wide take
# four times the memory and about sixteen times the time. How many cores a GPU is worth, nobody
# has measured for this model: without that number the seconds stay seconds of a core. The
# gradients are small beside the work; how long 64 processes wait for one another, or for the wire,
# must be measured.
#
# `torch.compile` on this page's machine: the generator had not compiled after six minutes, and a
# compiled D cannot be differentiated twice. It stays off on CPUs.
#
# ## 12.8 Open task: faster, the same losses
#
# A loop as one finds them. Make `entry` at least 5 times as fast in the same cell, in CPU time, with
# every loss equal. Nothing reads the preview or the checkpoint. Faults: at least seven; name what
# each costs.


# %%
def players():
    """Small G and D, always the same."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        G = nn.Sequential(nn.Linear(16, 3072), nn.Tanh(), nn.Unflatten(1, (3, 32, 32)))
        conv = [nn.Conv2d(3, 8, 4, 2, 1), nn.LeakyReLU(0.2), nn.Flatten()]
        return G, nn.Sequential(*conv, nn.Linear(2048, 1), nn.Flatten(0))


def strip_of(film):
    """A film (T, C, H, W) as people store it: a PNG with its frames side by side."""
    file = io.BytesIO()
    Image.fromarray(film.permute(2, 0, 3, 1).flatten(1, 2).numpy()).save(file, "png")
    return file.getvalue()


long_films = draw_shapes(32, n_frames=32, rng=runtime.new_rng(2))
strips = [strip_of(film) for film in long_films.frames.unflatten(0, (32, 32))]


# %%
def slow_loop(strips, n_steps):
    (G, D), rng, losses = players(), runtime.new_rng(0), []
    for step in range(n_steps):
        real = []
        for row in torch.randint(len(strips), (16,), generator=rng).tolist():
            picture = numpy.array(Image.open(io.BytesIO(strips[row])))
            pixels = torch.from_numpy(picture).view(32, 32, 32, 3) / 127.5 - 1
            real.append(pixels.permute(1, 3, 0, 2)[step % 32])
        real, z = torch.stack(real), torch.randn(16, 16, generator=rng)
        g_optim = torch.optim.SGD(G.parameters(), lr=0.01)
        d_optim = torch.optim.SGD(D.parameters(), lr=0.01)
        d_loss = relativistic_d_loss(D(real), D(G(z)))
        slope = r1_penalty(D, real, 1.0)
        d_optim.zero_grad()
        (d_loss + (slope if step % 8 == 0 else 0 * slope)).backward()
        d_optim.step()
        g_loss = relativistic_d_loss(D(G(z)), D(real))
        g_optim.zero_grad()
        g_loss.backward()
        g_optim.step()
        preview = [G(z[n % 16 : n % 16 + 1]).detach()[0] for n in range(16)]
        strip_of(((torch.stack(preview) + 1) * 127.5).byte())
        torch.save([G.state_dict(), D.state_dict()], io.BytesIO())
        losses.append((d_loss.item(), g_loss.item()))
    return losses


# %% tags=["nbval-ignore-output"]
entry = None  # your loop: (strips, n_steps) -> losses; it may decode the strips once
n_steps = runtime.steps(40)
seconds, losses = {}, {}
for name, loop in {"slow": slow_loop, "yours": entry}.items():
    if loop is not None:
        loop(strips, 2)  # warm up
        begin = time.process_time()
        losses[name] = torch.tensor(loop(strips, n_steps))
        seconds[name] = time.process_time() - begin
if "yours" in seconds:
    alike = torch.allclose(losses["yours"], losses["slow"], rtol=1e-5, atol=1e-6)
    ratio = seconds["slow"] / seconds["yours"]
    print(f"equal losses: {alike}; {ratio:.1f} times as fast")

# %%
print("losses of D and of G, finite:", bool(losses["slow"].isfinite().all()))

# %% [markdown]
# ## 12.9 On a GPU
#
# With `VGAN_BUDGET=gpu` this cell times D with a real queue.

# %%
on = runtime.device() if runtime.budget() == "gpu" else CPU
wait = torch.cuda.synchronize if on.type == "cuda" else lambda: None
moved, there = clips.to(on), new_video_gan(recipe("shapes", "cpu"), on=on)
took = stopwatch(lambda: there.clip_discriminator(moved), time.perf_counter, wait)
if on.type == "cuda":
    print(f"{torch.cuda.get_device_name(on)}: {1e3 * took:.2f} ms")
print("timed:", took > 0)

# %% [markdown]
# ## 12.10 Exit quiz

# %%
quiz(12)

# %%
quiz(12, None, None, None, None, None, None)

# %% [markdown]
# ## What you take along
#
# 1. Measure a step by its parts, warm and waited for, before you change anything.
# 2. Parts, processes and half precision leave the gradient as it was only under conditions: say
#    them, and test them.
# 3. A checkpoint is tested by what you use. Losses do not see the moving average.
#
# | you wrote | it now lives in |
# |---|---|
# | `stopwatch` | `vgan_lessons/training/stopwatch.py` |
# | `amp_step` | `vgan_lessons/training/precision.py` |
# | `accumulate` | `vgan_lessons/training/accumulation.py` |
# | `activation_bytes` | `vgan_lessons/models/memory.py` |
# | `average_gradients` | `vgan_lessons/training/averaging.py` |
# | `take_checkpoint` | `vgan_lessons/training/checkpoint.py` |
#
# Further reading: Micikevicius et al. 2017, *Mixed Precision Training*, arXiv:1710.03740; Chen et
# al. 2016, *Training Deep Nets with Sublinear Memory Cost*, arXiv:1604.06174; Goyal et al. 2017,
# *Accurate, Large Minibatch SGD: Training ImageNet in 1 Hour*, arXiv:1706.02677.
#
# Next: [13 Rivals](13_rivals.ipynb). GAN, VAE or diffusion: when is which the better choice?
