# %% [markdown]
# # 05 Frames: how does noise become one picture?
#
# | you will be able to | you will write | you need | time and budget |
# |---|---|---|---|
# | build and check a generator and a discriminator for frames, see where checkerboards come from, train the pair by a modern recipe, walk in latent space | `FrameGenerator`, `FrameDiscriminator`, `overlap_map`, `raising_convolution`, `train_frames`, `article_frames`, and as an extra `walk_in_latent_space` | notebook 04; you know what a convolution is | 11 min of reading, 61 of writing (10 more are extra); any CPU, about a minute of computing |
#
# Taken for granted: [04](04_training.ipynb) (both turns, the average),
# [03](03_dynamics.ipynb) (R1 and R2), [02](02_objectives.ipynb) (the relativistic game).
# Frames are (B, C, H, W) in [-1, 1].

# %%
import copy
import time

import torch
from torch import nn

from vgan_lessons import article, runtime, widgets
from vgan_lessons.datasets import draw_shapes
from vgan_lessons.datasets.digits import bundled_digits
from vgan_lessons.display.clips import show_film_strip
from vgan_lessons.evaluation import frame_distance
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
from vgan_lessons.losses import relativistic_d_loss, relativistic_g_loss
from vgan_lessons.penalties import r1_penalty, r2_penalty
from vgan_lessons.training import d_step, ema_decay_at, ema_update, g_step

# %% [markdown]
# ## 5.1 From a latent to a frame
#
# A strided convolution makes pictures smaller. Its transpose makes them larger: every input
# place lays a whole kernel on the output, `stride` places from its neighbour, and what overlaps
# is added. With padding p the rim of p places is cut off. Height H becomes
#
# $$
# H' = (H - 1)\, \text{stride} + \text{kernel} - 2\, \text{padding}
# $$
#
# A generator starts from a **dense layer**, so that every number of the latent reaches every
# pixel: as long as the picture has 4x4 places, that is cheap. Then transposed convolutions
# double it (DCGAN, Radford et al. 2016, arXiv:1511.06434).
#
# **Predict.** 4x4 goes through three layers of kernel 4, stride 2, padding 1. How wide is the
# result?

# %% tags=["predict", "width-after-three-layers"]
predict("width after three layers", None)  # for example 12

# %%
features = torch.zeros(1, 8, 4, 4)
for _ in range(3):
    features = nn.ConvTranspose2d(8, 8, 4, stride=2, padding=1)(features)
predict("width after three layers", measured=features.shape[-1])

# %% [markdown]
# ### Exercise 5.1 `FrameGenerator`  (10 min, medium, core)
#
# After the dense layer, and after every convolution but the last, put an activation and
# something that keeps the signal's size.
# Small random weights shrink it from layer to layer; that is what **initialisation** and
# **normalisation** are for. Batch norm takes its statistics over the batch, so that one frame
# depends on its neighbours. `nn.GroupNorm(1, width)` takes them within one sample.


# %% tags=["exercise", "FrameGenerator"]
class my_FrameGenerator(nn.Module):
    """Turn latents into frames: a dense layer to 4x4, then double until the size
    is reached.
    """

    def __init__(self, *, latent_dim=64, image_size=32, channels=3, base_channels=24):
        super().__init__()
        ...  # your code

    def forward(self, z):
        """Paint one frame for each latent."""
        ...  # your code


# %% tags=["check", "FrameGenerator"]
FrameGenerator = check("FrameGenerator", my_FrameGenerator)

# %% [markdown]
# ## 5.2 From a frame to a logit
#
# The discriminator is the generator backwards: convolutions with stride 2 down to 4x4, then one
# dense layer to one logit. The part of the frame that a unit sees is its **receptive field**;
# the dense layer makes the logit's cover everything.
#
# ### Exercise 5.2 `FrameDiscriminator`  (8 min, medium, core)


# %% tags=["exercise", "FrameDiscriminator"]
class my_FrameDiscriminator(nn.Module):
    """Score single frames: does this look like a frame of a real video?"""

    def __init__(self, *, image_size=32, channels=3, base_channels=24):
        super().__init__()
        ...  # your code

    def forward(self, frames):
        """Score each frame by itself."""
        ...  # your code


# %% tags=["check", "FrameDiscriminator"]
FrameDiscriminator = check("FrameDiscriminator", my_FrameDiscriminator)

# %% [markdown]
# **Break it.** Many published discriminators hold batch norm (DCGAN's on all layers but the first),
# and score reals and fakes in
# separate batches. Below, one D begins with batch norm on its input. The "fakes" are the reals
# themselves at a third of their contrast and brighter: grey fog, which anybody tells from a
# picture.
#
# **Predict.** How far do D's mean logits of reals and of fog lie apart, as a share of the
# spread of its logits of reals?

# %% tags=["predict", "margin-with-batch-norm"]
predict("margin with batch norm", None)  # for example 1.0

# %%
sizes = {"image_size": 32, "channels": 3, "base_channels": 8}
shapes = from_uint8(draw_shapes(600, n_frames=1, rng=runtime.new_rng(1)).frames)


def margin(D, real, fake):
    with torch.no_grad():
        real_logits, fake_logits = D(real), D(fake)
    return ((real_logits.mean() - fake_logits.mean()) / real_logits.std()).abs().item()


with torch.random.fork_rng(devices=[]):
    torch.manual_seed(0)
    plain = FrameDiscriminator(**sizes)
normed = nn.Sequential(nn.BatchNorm2d(3), plain)
real, fog = shapes[:200], shapes[:200] / 3 + 0.5
print("without batch norm the margin is over 1:", margin(plain, real, fog) > 1)
predict("margin with batch norm", measured=round(margin(normed, real, fog), 2))

# %% [markdown]
# Nothing is left of the difference. Batch norm gives every *batch* mean 0 and spread 1, and
# brightness and contrast are what it takes away: this D can never see fog, however long it
# trains. A D also needs a slope for each sample (lesson 03), and with batch norm every logit
# depends on the whole batch.

# %% [markdown]
# ## 5.3 Checkerboards
#
# Generated pictures often show a fine regular pattern, the **checkerboard artefact** (Odena et
# al. 2016, doi:10.23915/distill.00003). Look for the cause where kernels overlap.
#
# ### Exercise 5.3 `overlap_map`  (8 min, easy, core)


# %% tags=["exercise", "overlap_map"]
def my_overlap_map(kernel, stride, n_in):
    """Count how many input places reach each output place of a transposed
    convolution.
    """
    ...  # your code


# %% tags=["check", "overlap_map"]
overlap_map = check("overlap_map", my_overlap_map)

# %% [markdown]
# **Predict.** Which kernel gives an uneven interior at stride 2: 2, 3 or 4?

# %% tags=["predict", "uneven-kernel"]
predict("uneven kernel", None)  # for example 4

# %%
uneven = []
for kernel in (2, 3, 4):
    inner = overlap_map(kernel, 2, 8)[kernel:-kernel]
    print(f"kernel {kernel}: {inner.tolist()}")
    if len(inner.unique()) > 1:
        uneven.append(kernel)
predict("uneven kernel", measured=uneven[0])

# %% [markdown]
# Two summands are stronger than one. Is that the cause? Intervene: change the kernel, and read
# the pattern off the **spectrum**. A pattern of period 2 is the highest frequency a picture
# holds. We take the mean power of every pixel over 200 random layers fed with noise, and ask by
# what share it alternates from pixel to pixel.


# %%
def period_two(upsample):
    """How much of the power map alternates from pixel to pixel, along x, y or both."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        noise = torch.randn(200, 16, 8, 8)
        made = torch.cat([upsample()(one[None]) for one in noise])
    power = made.detach().square().mean((0, 1))[2:-2, 2:-2]
    spectrum = torch.fft.fft2(power[:12, :12]).abs()
    return (max(spectrum[0, 6], spectrum[6, 0], spectrum[6, 6]) / spectrum[0, 0]).item()


layers = {
    "kernel 3": lambda: nn.ConvTranspose2d(16, 3, 3, 2, padding=1, output_padding=1),
    "kernel 4": lambda: nn.ConvTranspose2d(16, 3, 4, stride=2, padding=1),
    "enlarge, then convolve": lambda: nn.Sequential(
        nn.Upsample(scale_factor=2), nn.Conv2d(16, 3, 3, padding=1)
    ),
}
patterns = {name: period_two(layer) for name, layer in layers.items()}
for name, share in patterns.items():
    print(f"{name:22} over 0.2: {share > 0.2}   under 0.1: {share < 0.1}")

# %% [markdown]
# The pattern goes with its cause, up to what single random weights leave. Training can still put patterns in, but it has to learn them.
#
# ### Exercise 5.4 `raising_convolution`  (6 min, easy, core)
#
# Write a layer that doubles without the pattern of kernel 3, in whatever way. By such a step
# the generator of the final video GAN doubles its pictures.


# %% tags=["exercise", "raising_convolution"]
def my_raising_convolution(in_channels, out_channels):
    """A layer that doubles height and width without a pattern of its own."""
    ...  # your code


# %% tags=["check", "raising_convolution"]
raising_convolution = check("raising_convolution", my_raising_convolution)

# %%
layers["yours, or the course's"] = lambda: raising_convolution(16, 3)
share = period_two(layers["yours, or the course's"])
print(f"{'your layer':22} over 0.2: {share > 0.2}   under 0.1: {share < 0.1}")

# %% [markdown]
# ## 5.5 The whole loop
#
# A modern baseline needs few parts (Huang et al. 2024, arXiv:2501.05441), and you wrote
# nearly all: the relativistic game, R1 and R2 as penalty, an average of G's weights, no batch
# norm. They are imported here; put them in order.

#
# ### Exercise 5.5 `train_frames`  (15 min, medium, core)
#
# `d_step(generator, discriminator, d_optim, d_loss_fn, real, z, penalty)`,
# `g_step(generator, discriminator, g_optim, g_loss_fn, real, z)`,
# `r1_penalty(discriminator, real, gamma)`, `r2_penalty(discriminator, fake, gamma)`,
# and `ema_update(average, generator, decay)` are those of lessons 03 and 04. New is
# `ema_decay_at(step, decay)`: a smaller decay in the first rounds, so that the average forgets
# the untrained start. The penalty that d_step wants is a function of (discriminator, real, fake).


# %% tags=["exercise", "train_frames"]
def my_train_frames(
    generator, discriminator, g_optim, d_optim, draw_real, draw_z, n_steps, gamma, decay
):
    """Play the relativistic game with R1 and R2, and keep an average of the
    generator.
    """
    ...  # your code


# %% tags=["check", "train_frames"]
train_frames = check("train_frames", my_train_frames)

# %% [markdown]
# The data: 1,797 handwritten digits, 16x16. How good are the fakes? We take the **Fréchet
# distance** of their features in a frozen network (lesson 09 opens that box): 0 for equal sets,
# lower is better, and only comparable at equal sample sizes.
#
# **Predict.** After 300 rounds, what share of the untrained generator's distance is left?

# %% tags=["predict", "share-of-the-distance"]
predict("share of the distance", None)  # for example 0.5

# %%
images, _ = bundled_digits()
digits = nn.Upsample(size=16, mode="bilinear")(images[:, None] * 2 - 1)
digits = digits.repeat(1, 3, 1, 1)


def new_pair(build_g, build_d, seed):
    """Both players and their optimisers, from one seed."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        players = build_g(), build_d()
    adam = {"lr": 2e-3, "betas": (0.5, 0.99), "fused": True}
    return *players, *(torch.optim.Adam(p.parameters(), **adam) for p in players)


def draws(data, batch_size, seed, on="cpu"):
    """Fresh reals and fresh latents, from one random source."""
    rng = runtime.new_rng(seed, on)
    size = {"generator": rng, "device": on}

    def draw_real():
        return data[torch.randint(len(data), (batch_size,), **size)]

    return draw_real, lambda: torch.randn(batch_size, 64, **size)


# %% tags=["train", "nbval-ignore-output"]
small = {"image_size": 16, "base_channels": 16}
builders = (lambda: FrameGenerator(**small)), (lambda: FrameDiscriminator(**small))
pair = new_pair(*builders, seed=0)
shown_z = torch.randn(500, 64, generator=runtime.new_rng(9))
moments, history = {0: copy.deepcopy(pair[0])}, []
kept = [runtime.steps(n) for n in (10, 50, 100, 200, 300)]
rounds = train_frames(*pair, *draws(digits, 32, seed=0), kept[-1], 0.5, 0.99)
for step, (d_loss, g_loss, average) in enumerate(rounds, 1):
    history.append((d_loss, g_loss))
    if step in kept:
        moments[step] = copy.deepcopy(average)
with torch.no_grad():
    made = {n: G(shown_z) for n, G in moments.items()}
    distances = {n: frame_distance(digits[:500], made[n]) for n in made}
    last = frame_distance(digits[:500], pair[0](shown_z))
for n, distance in distances.items():
    print(f"after {n:4} rounds: {distance:.3f}")
print(f"the last G instead of the average: {last:.3f}")
predict("share of the distance", measured=distances[kept[-1]] / distances[0])

# %%
print("at most a quarter is left:", distances[kept[-1]] <= distances[0] / 4)

# %% [markdown]
# One run is one seed, and lesson 04 showed how far seeds lie apart. Two more, shorter:

# %% tags=["train", "nbval-ignore-output"]
shares = [distances[kept[-1]] / distances[0]]
for seed in (1, 2):
    pair = new_pair(*builders, seed)
    rounds = train_frames(*pair, *draws(digits, 32, seed), runtime.steps(80), 0.5, 0.99)
    *_, (_, _, average) = rounds
    with torch.no_grad():
        far = frame_distance(digits[:500], average(shown_z))
    shares.append(far / distances[0])
print("shares of the untrained distance:", [f"{share:.3f}" for share in shares])

# %%
print("at most a quarter is left in each:", all(share <= 1 / 4 for share in shares))

# %% [markdown]
# The same twelve latents at each moment, from the untrained generator down:

# %% tags=["nbval-ignore-output"]
widgets.show_timelapse(moments, shown_z[:12])

# %% [markdown]
# First all frames are alike; then bars, strokes, and at last digits, some of them half one digit and
# half another.
#
# **The time-lapse explorer.** Scrub through the training, and walk over a plane through three
# latents. Early the whole plane is one picture. Where does one digit end and the next begin?

# %% tags=["nbval-ignore-output"]
widgets.timelapse_explorer(moments, shown_z[:3])

# %% [markdown]
# Sampling from a trained G is *amortised*: the cost lies in the training, and each new frame takes
# one forward pass.

# %% [markdown]
# ## 5.6 The article's frames
#
# The article makes frames of 100x100 in three colours. Its generator takes noise with the
# layout of a picture, (B, 3, 100, 100), and passes it through ten stages. Each is a convolution
# of kernel 3, padding 1, which keeps the size, and one more of kernel 3, stride 2, padding 1.
#
# **Predict.** How wide is what comes out?

# %% tags=["predict", "width-of-the-article-s-frames"]
predict("width of the article's frames", None)  # for example 100

# %%
sizes = {"n_frames": 1, "frame_size": 100, "latent_dim": 8, "width": 2}
G, _ = article.PUBLISHED.build_players(**sizes)
picture, sides = torch.randn(1, 3, 100, 100, generator=runtime.new_rng(2)), []
with torch.no_grad():
    for layer in G:
        picture = layer(picture)
        sides.append(picture.shape[-1])
print("width after each layer:", sides)
predict("width of the article's frames", measured=picture.shape[-1])

# %% [markdown]
# Every stage halves where it should double (two more convolutions follow the ten stages),
# there is no activation in between, and no latent: the output is one pixel. You know how to mend
# it; what you wrote above may be used. Channels that double at *every* stage cost too much: stop
# at 8 * width.
#
# ### Exercise 5.6 `article_frames`  (14 min, hard, core)


# %% tags=["exercise", "article_frames"]
def my_article_frames(*, frame_size, latent_dim, width):
    """Build a pair of convolutional players for colour frames of any size."""
    ...  # your code


# %% tags=["check", "article_frames"]
article_frames = check("article_frames", my_article_frames)

# %% [markdown]
# Frames of 100x100 in three colours, 160 rounds with your own loop. A frame has 39 times as many
# numbers as a digit, and the penalty is on D's gradient over all of them, so it needs another
# weight: gamma is 20 here.

# %% tags=["train", "nbval-ignore-output"]
large = draw_shapes(400, n_frames=1, image_size=100, rng=runtime.new_rng(3))
large = from_uint8(large.frames)
with torch.random.fork_rng(devices=[]):
    torch.manual_seed(0)
    built = article_frames(frame_size=100, latent_dim=64, width=8)
pair = new_pair(lambda: built[0], lambda: built[1], seed=0)
with torch.no_grad():
    before = pair[0](shown_z[:150])
rounds = train_frames(*pair, *draws(large, 8, 0), runtime.steps(160), 20, 0.98)
for n_rounds, (_, _, average) in enumerate(rounds, 1):
    if n_rounds == runtime.steps(50):
        with torch.no_grad():
            early = average(shown_z[:8])
with torch.no_grad():
    after = average(shown_z[:150])
show_film_strip(
    torch.stack([large[:8], before[:8], early, after[:8]]),
    caption="Real frames; the untrained pair's, after 50 rounds, after 160.",
    row_labels=["real", "untrained", "50 rounds", "160 rounds"],
)

# %%
far, near = (frame_distance(large[:150], frames) for frames in (before, after))
print("100x100 in three colours:", tuple(after.shape[1:]) == (3, 100, 100))
print("at most half of the untrained distance:", near <= far / 2)

# %% [markdown]
# One object on a dark ground in nearly every frame, in another place and of another outline for
# each latent; one colour for all, and no corner yet (so it was on seeds 0, 1 and 2). The digits
# could be read after 200 rounds.
# What the article promised needs an architecture that works *and* the time: train longer
# (`runtime.steps(2000)`, on a GPU) and look again.

# %% [markdown]
# ## 5.7 Walks in latent space  (extra)
#
# Normal latents of d numbers have length near $\sqrt d$: they lie in a thin shell. The middle of
# a straight line between two of them lies inside, where G was hardly ever trained.
#
# **Predict.** How long is that middle, as a share of the length of the ends?

# %% tags=["predict", "length-of-the-middle"]
predict("length of the middle", None)  # for example 1.0

# %%
start, end = torch.randn(2, 2000, 64, generator=runtime.new_rng(4))
shares = ((start + end) / 2).norm(dim=1) / start.norm(dim=1)
predict("length of the middle", measured=round(shares.mean().item(), 2))

# %% [markdown]
# ### Exercise 5.7 `walk_in_latent_space`  (10 min, medium, extra)
#
# An arc keeps the length (spherical interpolation; White 2016, arXiv:1609.04468).


# %% tags=["exercise", "walk_in_latent_space"]
def my_walk_in_latent_space(start, end, n_steps):
    """Walk from one latent to another along an arc, at constant speed."""
    ...  # your code


# %% tags=["check", "walk_in_latent_space"]
walk_in_latent_space = check("walk_in_latent_space", my_walk_in_latent_space)

# %% tags=["nbval-ignore-output"]
ways = [walk_in_latent_space(shown_z[i], shown_z[i + 1], 10) for i in range(3)]
with torch.no_grad():
    frames = torch.stack([moments[kept[-1]](way) for way in ways])
show_film_strip(frames, caption="Three walks between digits.")

# %% [markdown]
# ## 5.8 Open task: a small generator
#
# Build the best G for the digits with at most 60,000 parameters and 45 seconds of training. Any
# architecture, any D, any settings: the cell trains them with your loop until the time is over,
# and says where yours stands between the untrained G and the course's. Which buys more in 45
# seconds: a larger G, a larger D, or more rounds with smaller ones?


# %%
def my_small_pair():
    """Your G: (B, 64) -> (B, 3, 16, 16), your D, and what trains them."""
    return None  # for example: G, D, {"lr": 2e-3, "gamma": 0.5, "batch_size": 32}


# %%
def race(entry, seconds):
    """Train against the clock: parameters of G, rounds, share of the distance."""
    G, D, settings = entry
    adam = {"lr": settings["lr"], "betas": (0.5, 0.99)}
    optims = [torch.optim.Adam(player.parameters(), **adam) for player in (G, D)]
    given = draws(digits, settings["batch_size"], 0)
    end, rounds = time.monotonic() + seconds, 0
    given = (*given, 99_999, settings["gamma"], 0.99)
    game = iter(train_frames(G, D, *optims, *given))
    while time.monotonic() < end:
        played, rounds = next(game), rounds + 1
    with torch.no_grad():
        share = frame_distance(digits[:500], played[2](shown_z)) / distances[0]
    return sum(weight.numel() for weight in G.parameters()), rounds, share


# %% tags=["nbval-ignore-output"]
entry = my_small_pair()
if entry is not None:
    size, rounds, share = race(entry, seconds=45)
    verdict = "within the budget" if size <= 60_000 else "over the 60,000 allowed"
    print(f"{size:,} parameters ({verdict}), {rounds} rounds")
    print(f"left of the untrained distance: {share:.3f} (the course: {shares[0]:.3f})")
else:
    size = sum(weight.numel() for weight in moments[0].parameters())
    print(f"the course's G has {size:,} parameters")

# %% [markdown]
# ## 5.9 On a GPU
#
# With `VGAN_BUDGET=gpu` set before the start, this cell trains digits for 5,000 rounds on
# three seeds; elsewhere it plays two rounds.

# %% tags=["train"]
full, device = runtime.budget() == "gpu", runtime.device()
n_steps = 5000 if full else 2
ratios = []
for seed in range(3 if full else 1):
    pair = new_pair(
        lambda: FrameGenerator(**small).to(device),
        lambda: FrameDiscriminator(**small).to(device),
        seed,
    )
    on_device = draws(digits.to(device), 64, seed, device)
    *_, (_, _, average) = train_frames(*pair, *on_device, n_steps, 0.5, 0.999)
    with torch.no_grad():
        made = average(shown_z.to(device)).cpu()
    ratios.append(frame_distance(digits[:500], made) / distances[0])
if full:
    print([round(ratio, 4) for ratio in ratios])
print("seeds played:", len(ratios) == (3 if full else 1))

# %% [markdown]
# ## 5.10 Exit quiz

# %%
quiz(5)

# %%
quiz(5, None, None, None, None, None, None)

# %% [markdown]
# ## What you take along
#
# 1. A dense layer, doublings, a tanh: every number of z reaches every pixel; D is the way back,
#    and each logit belongs to one frame.
# 2. Kernels divisible by the stride, no batch norm: the built-in checkerboard and the blind spot go.
# 3. Relativistic game, R1 and R2, an average: a baseline you can name every part of.
#
# | you wrote | it now lives in |
# |---|---|
# | `FrameGenerator`, `FrameDiscriminator` | `vgan_lessons/models/frames.py` and `trunk.py` |
# | `overlap_map`, `raising_convolution` | `vgan_lessons/models/upsampling.py` |
# | `train_frames` | `vgan_lessons/training/frames.py` |
# | `article_frames` | `vgan_lessons/article/frames.py` |
# | `walk_in_latent_space` | `vgan_lessons/models/latent_walks.py` |
#
# Next: [06 Video tensors](06_video_tensors.ipynb). Every frame can be good and the film still bad: the axis of time.
