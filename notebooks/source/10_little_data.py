# %% [markdown]
# # 10 Little data: what if there are only a hundred clips?
#
# | you will be able to | you will write | you need | time and budget |
# |---|---|---|---|
# | see a discriminator learn its films by heart, augment video without teaching the augmentation, say which augmentations leak, and read a study with three seeds honestly | `overfit_gap`, `diff_augment`, `augmented_round`, `is_invertible`, `data_sweep`, and as an extra `ada_update` | notebooks 04 and 06; 08 and 09 help | 13 min of reading, 59 of writing (6 more are extra); any CPU, a minute of computing |
#
# Taken for granted: the two steps of a GAN ([04](04_training.ipynb)), the relativistic pairing
# ([02](02_objectives.ipynb)), FVD-small and held-out films ([09](09_evaluation.ipynb)). Videos are
# (B, T, C, H, W) in [-1, 1].

# %%
from functools import partial

import torch
from torch import nn

from vgan_lessons import runtime, widgets
from vgan_lessons.augment import (
    cut_out,
    scale_contrast,
    scale_saturation,
    shift_brightness,
    translate,
)
from vgan_lessons.datasets import draw_shapes
from vgan_lessons.display.clips import show_clips, show_film_strip
from vgan_lessons.display.tables import show_table
from vgan_lessons.evaluation.little_data import little_data_clips, little_data_study
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
from vgan_lessons.models.clips import ClipDiscriminator
from vgan_lessons.models.generators import generate
from vgan_lessons.runs import load_shipped

# %% [markdown]
# ## 10.1 What D remembers
#
# `weizmann` has 36 films: nine persons, four actions each. A study trains small video GANs on 9, 18
# or 27 of them, with their mirror images. The other 9, one of each person, are **held out** from
# every run, with theirs. Three seeds of each, with and without augmentation. Of each run the study
# tells
#
# - `films` (their number), `seed`, and `augment`: the probability of an alteration, 0.0 or 0.6;
# - `looks`, four of them, each with its `step`: 100, 200, 300 or 400;
# - in a look `to_train` and `to_held_out`: FVD-small of G's clips, to the training films and to those
#   held out;
# - `clip_gap` and `frame_gap`: the gap of Exercise 10.1, of the clip and of the frame discriminator;
# - with seed 0 `logits` of the clip discriminator for three kinds of clips: `train`, `held_out`
#   and `fake` (made by G).

# %%
study = little_data_study()
size, machine = study["size"], study["machine"]
films = sorted({run["films"] for run in study["runs"]})
counts = {n: sum(run["films"] == n for run in study["runs"]) for n in films}
print(f"runs of {size['n_steps']} steps by number of films: {counts}")
print(f"{machine['date']}, {machine['processor']}, a thread, torch {machine['torch']}")
print(f"logits of {size['n_logits']} clips a kind, FVD-small of {size['n_clips']} each")
seconds = sorted(run["cpu_seconds"] for run in study["runs"])
print(f"{seconds[0]} to {seconds[-1]} s of CPU a run")
show_clips(
    torch.cat([little_data_clips(n, 0.0) for n in (9, 27)]),
    caption="Made by seed 0: above after 9 films, below after 27. 16 pixels.",
    strip_rows=0,
)

# %% [markdown]
# A run is too short for good people. What does D do meanwhile? It sees 9 films again and again, and
# may learn to know *them* instead of what real films have in common. This is **overfitting**. It shows
# when D scores films that it never saw.
#
# ### Exercise 10.1 `overfit_gap`  (6 min, easy, core)


# %% tags=["exercise", "overfit_gap"]
def my_overfit_gap(train_logits, held_out_logits, fake_logits):
    """Two signs of an overfitting D, of which only one works in every game."""
    ...  # your code


# %% tags=["check", "overfit_gap"]
overfit_gap = check("overfit_gap", my_overfit_gap)

# %% [markdown]
# **Predict.** After the last step on 9 films, without augmentation: how far has a new film gone from
# "trained on" (0) to "fake" (1)?

# %% tags=["predict", "gap-after-nine-films"]
predict("gap after nine films", None)  # for example 0.1


# %%
def run_of(films, augment, seed=0):
    """One run of the study."""
    wanted = {"films": films, "augment": augment, "seed": seed}
    return next(r for r in study["runs"] if wanted.items() <= r.items())


last = run_of(9, 0.0)["looks"][-1]["logits"]
sides = [torch.tensor(last[name]) for name in ("train", "held_out", "fake")]
gap, sign = (float(part) for part in overfit_gap(*sides))
_, moved = (float(part) for part in overfit_gap(*(side - 20 for side in sides)))
predict("gap after nine films", measured=round(gap, 2))
print(f"mean sign {sign:.2f}; with 20 taken off every logit {moved:.2f}")

# %%
again, _ = overfit_gap(*(side - 20 for side in sides))
print("the gap does not notice:", abs(float(again) - gap) < 1e-3)

# %% [markdown]
# A relativistic loss sees differences of logits only, so all of them may drift together. The mean
# sign needs no held-out films, and so ADA (adaptive discriminator augmentation, under *Further*)
# uses it; in our game it says nothing. The gap does.
#
# **Centrepiece.** Move the number of films. Where do the new films stand, with their own kind or
# with the fakes?

# %% tags=["nbval-ignore-output"]
widgets.logits_explorer(study["runs"])

# %% [markdown]
# The same standing still, after the last step:

# %%
widgets.show_logits(study["runs"], size["n_steps"])

# %% [markdown]
# ## 10.2 Alter what D sees
#
# Show D each clip a little altered, each time anew, and it can no longer know it by heart. For
# clips there are rules: **one draw a clip** for all of its frames, and a gradient, so that G can
# learn through the alteration. Five functions are given. Each takes clips (B, T, C, H, W), and
# further arguments with one number a clip, (B,), for all its frames:
#
# | call | what the numbers say | changes nothing |
# |---|---|---|
# | `shift_brightness(clips, amount)` | what is added to every pixel | 0 |
# | `scale_saturation(clips, factor)` | times a pixel's distance from its grey (the mean of its colours) | 1 |
# | `scale_contrast(clips, factor)` | times a pixel's distance from the mean of its clip | 1 |
# | `translate(clips, down, right)` | rows down and columns right, int64; up and left below 0; grey (0) comes in | 0, 0 |
# | `cut_out(clips, top, left, size)` | first row, first column and side of a grey square, int64; it may lie partly outside | size 0 |

# %%
person = generate(load_shipped("weizmann"), 1, n_frames=16, rng=runtime.new_rng(3))
person = from_uint8(person)
number = torch.tensor
altered = {
    "as it is": person,
    "brightness": shift_brightness(person, number([0.4])),
    "saturation": scale_saturation(person, number([2.0])),
    "contrast": scale_contrast(person, number([0.5])),
    "translate": translate(person, number([3]), number([-4])),
    "cut_out": cut_out(person, number([8]), number([4]), number([16])),
}
show_film_strip(
    torch.cat([*altered.values()])[:, ::3].clamp(-1, 1),
    caption="A clip that nobody filmed, and five alterations of it.",
    row_labels=[*altered],
)

# %% [markdown]
# ### Exercise 10.2 `diff_augment`  (15 min, medium, core)


# %% tags=["exercise", "diff_augment"]
def my_diff_augment(clips, probability, rng):
    """Alter the colours of clips, move them and cut a hole: one draw a clip for
    all frames.
    """
    ...  # your code


# %% tags=["check", "diff_augment"]
diff_augment = check("diff_augment", my_diff_augment)

# %%
six = person.expand(6, -1, -1, -1, -1)
show_film_strip(
    diff_augment(six, 1.0, runtime.new_rng(1))[:, ::3].clamp(-1, 1),
    caption="One clip altered six times, each time by one draw for all frames.",
)

# %% [markdown]
# ## 10.3 Both sides, both turns
#
# Where does the alteration belong? On the reals only? Zhao et al. 2020 (DiffAugment,
# arXiv:2006.10738) alter reals *and* fakes, in D's turn *and* in G's.
#
# ### Exercise 10.3 `augmented_round`  (14 min, medium, core)


# %% tags=["exercise", "augmented_round"]
def my_augmented_round(generator, discriminator, g_optim, d_optim, real, z, alter):
    """Move D once and G once on altered clips, the same ones in both turns."""
    ...  # your code


# %% tags=["check", "augmented_round"]
augmented_round = check("augmented_round", my_augmented_round)

# %% [markdown]
# To see what an augmentation teaches, take a G that can do nothing but learn it. Its `Painter` gets
# a film of an upright triangle and chooses three things: by how many quarter turns it is turned, how
# much light is added, and how much to each frame by itself (*flicker*). The films have
# no turn, no added light, no flicker, and are there in plenty: here D does not overfit. `play` trains
# a painter and a D by your round. A *law* is a function of clips and a random source that alters each
# clip by a draw of its own; with `fakes=False` it alters the reals only.


# %%
class Painter(nn.Module):
    """Films -> the same films, turned and lit as it chooses."""

    def __init__(self):
        super().__init__()
        layers = [nn.Linear(8, 32), nn.LeakyReLU(0.2), nn.Linear(32, 9)]
        self.choose = nn.Sequential(*layers)

    def choices(self, z):
        """Shares of the four turns (B, 4), and light added to each frame (B, 4)."""
        turns, light, flicker = self.choose(z).split([4, 1, 4], dim=1)
        return (4 * turns).softmax(1), (light + flicker) / 2

    def forward(self, latents):
        z, films = latents
        turns, light = self.choices(z)
        ways = torch.stack([films.rot90(k, (3, 4)) for k in range(4)], dim=1)
        seen = torch.einsum("bk,bktchw->btchw", turns, ways)
        return seen + light[..., None, None, None]


bank = draw_shapes(400, n_frames=4, image_size=16, rng=runtime.new_rng(0))
is_triangle = bank.truth["shape"] == 2
triangles = from_uint8(bank.frames).unflatten(0, (400, 4))[is_triangle]


# %%
def play(law, fakes=True, seed=0):
    """Train a painter while clips are altered by `law(clips, rng)`."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        G, D = Painter(), ClipDiscriminator(n_frames=4, image_size=16, base_channels=16)
    rates, rng = {"betas": (0.5, 0.99)}, runtime.new_rng(seed)
    g_optim = torch.optim.Adam(G.parameters(), lr=5e-3, **rates)
    d_optim = torch.optim.Adam(D.parameters(), lr=2e-3, **rates)

    def alter(real, fake):
        return law(real, rng), law(fake, rng) if fakes else fake

    for _ in range(runtime.steps(150)):
        real, films = triangles[torch.randint(len(triangles), (2, 16), generator=rng)]
        latents = torch.randn(16, 8, generator=rng), films
        augmented_round(G, D, g_optim, d_optim, real, latents, alter)
    return G


def habits(G):
    """What a painter does: shares of its turns, spread of its light, flicker."""
    with torch.no_grad():
        turns, light = G.choices(torch.randn(512, 8, generator=runtime.new_rng(9)))
    flicker = (light - light.mean(1, keepdim=True)).std().item()
    return turns.mean(0).tolist(), light.mean(1).std().item(), flicker


# %%
def unaltered(clips, rng):
    return clips


def lit(clips, rng, frames=1):
    """Four clips in five with light added, once a clip or frame by frame."""
    coins, u = torch.rand(2, len(clips), frames, generator=rng)
    return clips + ((coins < 0.8) * (u - 0.5))[..., None, None, None]


# %% [markdown]
# **Predict.** The augmentation adds light with a standard deviation of 0.26. Reals only are altered.
# What is the standard deviation of the light that G adds?

# %% tags=["predict", "light-of-reals-only"]
predict("light, reals only", None)  # for example 0.05

# %% tags=["train", "nbval-ignore-output"]
painters = {
    "nobody altered": play(unaltered),
    "both sides": play(lit),
    "reals only": play(lit, fakes=False),
}
light = {name: habits(G)[1] for name, G in painters.items()}
for name, spread in light.items():
    print(f"{name:15} light of G: {spread:.2f}")
predict("light, reals only", measured=round(light["reals only"], 2))

# %%
lights = light["reals only"] > 1.25 * light["both sides"]
print("reals only: G lights its films:", lights)

# %% [markdown]
# With reals only, G is on its way to what D calls real: lit films. With both sides altered, a G that
# adds no light of its own matches: light added to light spreads wider.
#
# **Predict.** Now light is drawn for *each frame*: altered films flicker. Does G learn to flicker when
# both sides are altered? (1 yes, 0 no)

# %% tags=["predict", "flicker-both-sides"]
predict("flicker, both sides", None)  # for example 1

# %% tags=["train", "nbval-ignore-output"]
by_frame = partial(lit, frames=4)
flickering = {"both sides": play(by_frame), "reals only": play(by_frame, fakes=False)}
flicker = {"nobody altered": habits(painters["nobody altered"])[2]}
flicker |= {name: habits(G)[2] for name, G in flickering.items()}
for name, amount in flicker.items():
    print(f"{name:15} flicker of G: {amount:.2f}")
learnt = flicker["both sides"] > 2 * flicker["nobody altered"]
predict("flicker, both sides", measured=int(learnt))

# %%
print("reals only teach flicker:", flicker["reals only"] > 0.15)
print("both sides do not:", flicker["both sides"] < 0.15)

# %% [markdown]
# So flicker on both sides is no leak. Then why one draw a clip? Because D looks for *motion*: films
# that all flicker hide small changes from frame to frame. Draw once, and time stays readable.
#
# ## 10.4 What leaks
#
# "Both sides alike" is not quite enough. Turn every film by 0, 1, 2 or 3 quarters, evenly: upright
# films and films lying on their side then look the same to D. The distribution of the altered films
# must not come from two different distributions of films. For turns this is a matrix that must be
# invertible (Karras et al. 2020, arXiv:2006.06676).
#
# Keep two shares apart. The **drawn share**: for how many clips a turn is drawn, evenly from all four,
# "no turn" included (the probability that Karras et al. advise to keep below 0.8). The **turned
# share**: how many clips end up turned. With a drawn share of 0.4 it is 0.3.
#
# ### Exercise 10.4 `is_invertible`  (10 min, medium, core)


# %% tags=["exercise", "is_invertible"]
def my_is_invertible(shares):
    """Whether the law of the clips can be told from that of the turned clips, and
    how well.
    """
    ...  # your code


# %% tags=["check", "is_invertible"]
is_invertible = check("is_invertible", my_is_invertible)

# %%
for drawn in (0.4, 0.8, 1.0):
    shares = torch.full((4,), drawn / 4) + (1 - drawn) * torch.eye(4)[0]
    least, safe = is_invertible(shares)
    print(f"drawn {drawn}, turned {1 - shares[0]:.2f}:", end=" ")
    print(f"smallest eigenvalue {float(least):.2f}, safe {safe}")

# %% [markdown]
# (The smallest modulus of the eigenvalues, 1 minus the drawn share.)
#
# **Break it.** Turn films *upside down* (two quarters, nothing else), both sides alike, with a turned
# share of 0.5 or of 0.8.
#
# **Predict.** Which of the two leaks?

# %% tags=["predict", "which-leaks"]
predict("which leaks", None)  # for example 0.8


# %%
def turned(clips, rng, shares):
    """Each clip turned by some quarters; `shares` says how often by which."""
    marks = torch.tensor(shares).cumsum(0)[:-1]
    quarters = torch.bucketize(torch.rand(len(clips), generator=rng), marks).tolist()
    pairs = zip(clips, quarters, strict=True)
    return torch.stack([clip.rot90(k, (2, 3)) for clip, k in pairs])


# %% tags=["train", "nbval-ignore-output"]
laws = {
    "upside down, 0.5 turned": (0.5, 0.0, 0.5, 0.0),
    "upside down, 0.8 turned": (0.2, 0.0, 0.8, 0.0),
    "quarters, 0.4 drawn": (0.7, 0.1, 0.1, 0.1),
    "quarters, all drawn": (0.25, 0.25, 0.25, 0.25),
}
upright, strip = {}, []
for name, shares in laws.items():
    G = play(partial(turned, shares=shares))
    upright[name] = habits(G)[0][0]
    least, _ = is_invertible(torch.tensor(shares))
    print(f"{name}: smallest eigenvalue {least:.2f}, upright {upright[name]:.2f}")
    latents = torch.randn(1, 8, generator=runtime.new_rng(9)), triangles[:1]
    strip.append(G(latents).detach())
show_film_strip(
    torch.cat(strip).clamp(-1, 1),
    caption="What G makes of the same upright film.",
    row_labels=[*laws],
)
half, most = (upright[f"upside down, {share} turned"] for share in (0.5, 0.8))
predict("which leaks", measured=0.5 if half < most else 0.8)

# %%
print("upside down, 0.5 turned, leaks:", half < 0.5)
print("upside down, 0.8 turned, does not:", most > 0.8)
print("quarters, all drawn, leak:", upright["quarters, all drawn"] < 0.5)
print("quarters, 0.4 drawn, do not:", upright["quarters, 0.4 drawn"] > 0.8)

# %% [markdown]
# *More* turning leaks less: with a turned share of 0.8 most real films stand on their heads, and only an
# upright G gets that share. At 0.5 both ways look the same, and G paints whichever it finds first. So
# "below 0.8" is advice for one kind of turning; what decides is the smallest eigenvalue. Mirroring half
# of the reals alone (`train --mirror`) is a leak that is wanted: G *shall* paint mirrored films, too.
#
# ## 10.5 What the study says
#
# Distances of three seeds, with and without. Seeds differ in weights *and* in films (with 27, in weights
# only); two runs of one seed share both, so compare them **in pairs**. For 95 %, Student's t for three
# differences is 4.303: with few seeds an interval is wide.
#
# ### Exercise 10.5 `data_sweep`  (14 min, medium, core)


# %% tags=["exercise", "data_sweep"]
def my_data_sweep(runs, t):
    """Compare runs with and without augmentation, seed by seed, for each number of
    films.
    """
    ...  # your code


# %% tags=["check", "data_sweep"]
data_sweep = check("data_sweep", my_data_sweep)

# %% [markdown]
# **Predict.** 9 films, distance to the held-out ones: what does augmentation with probability 0.6
# change, on average? (Below 0: it helps. Without it the distance is about 1.)

# %% tags=["predict", "change-with-nine-films"]
predict("change with nine films", None)  # for example -0.3


# %%
whole = [n for n in films if counts[n] == 6]  # three seeds with and three without


def measured(name):
    """All runs with the value of one measure after their last step."""
    return [run | {"distance": run["looks"][-1][name]} for run in study["runs"]]


def tell(name):
    """The sweep of one measure, as a table."""
    sweep = data_sweep([run for run in measured(name) if run["films"] in whole], 4.303)
    columns = ("without", "with", "change", "low", "high")
    rows = {
        f"{n} films: {verdict}": dict(zip(columns, numbers, strict=True))
        for n, (*numbers, verdict) in sweep.items()
    }
    show_table(rows, form=".2f", corner=name)
    return sweep


held_out = tell("to_held_out")
gaps = tell("clip_gap")
change = held_out[9][2]
predict("change with nine films", measured=round(change, 2))

# %% [markdown]
# With 9 films the gap falls in all three seeds, and its interval lies below 0. Does D know less by
# heart, or less altogether? Look at both parts of the ratio, and at how often a clip of a training
# film scores above a fake (guessing: 0.5). Seed 0, two looks:


# %%
def skill(look):
    """What the clip discriminator tells apart, and the gap that comes of it."""
    train, held_out, fake = (
        torch.tensor(look["logits"][kind]) for kind in ("train", "held_out", "fake")
    )
    return {
        "train minus held-out": float(train.mean() - held_out.mean()),
        "train minus fake": float(train.mean() - fake.mean()),
        "gap": look["clip_gap"],
        "train above fake": float((train[:, None] > fake).float().mean()),
    }


skills = {
    f"{'with' if augment else 'without'}, step {look['step']}": skill(look)
    for augment in (0.0, 0.6)
    for look in run_of(9, augment)["looks"][2:]
}
show_table(skills, form=".2f", corner="9 films")

# %% [markdown]
# **Part of the smaller gap may be a D of smaller skill.** After the last step the augmented D tells
# training films from fakes by 0.11 instead of 0.53, and in fewer pairs: what is divided by 0.11 is shaky.
# It is hardly all: at step 300 the augmented D sorts more pairs (0.80, not 0.60), and only the D without
# augmentation puts new films lower, by 0.34. How large either part is, two looks do not say.
#
# Now the clips. `films_themselves` holds the distances of exact copies of the training films:

# %%
for n in films:
    runs = [run for run in study["runs"] if run["films"] == n and not run["augment"]]
    copies = sorted(run["films_themselves"]["to_held_out"] for run in runs)
    print(f"{n} films copied exactly would come to {copies[len(copies) // 2]:.2f}")
on_gap, on_distance = gaps[9][-1], held_out[9][-1]
print(f"9 films: augmentation {on_gap} on the gap; on the distance: {on_distance}")

# %% [markdown]
# Whether the *clips* get better these runs do not tell, for any number of films: the intervals of
# the distance hold 0. (So do those of the gap with 18 and 27 films.) Exact copies would come 3.5 to 7.4
# times nearer, run by run: in so few steps G is far from copying. Nor is an effect of more films told
# apart: 27 against 9, without augmentation, in pairs: -0.08 ± 0.31.

# %% [markdown]
# ## 10.6 Open task: which checkpoint to keep
#
# Nobody trains longer: a rule says which of a run's four looks to keep. It sees `step`, `to_train`,
# `clip_gap` and `frame_gap` of each, never `to_held_out`, which judges it.
#
# A rule is judged **within one kind of run**: a number of films, with or without augmentation. Across
# kinds one could win without a rule: with 9 films the last look is at 1.06 without augmentation and
# at 1.02 with it (means), which 10.5 did not tell apart. Beside it stands the **oracle**, who knows
# `to_held_out` and keeps the best look of each run: no rule does better.
#
# Make your rule with the runs of 9 films. Those of 18 and 27 judge it: how far above the oracle is it,
# on average? Beat "last".


# %%
def kept(run, rule):
    """The held-out distance of the look that a rule keeps."""
    seen = ("step", "to_train", "clip_gap", "frame_gap")
    told = [{name: look[name] for name in seen} for look in run["looks"]]
    return run["looks"][rule(told)]["to_held_out"]


def score(runs, rule):
    """Mean distance of what a rule keeps; lower is better."""
    return sum(kept(run, rule) for run in runs) / len(runs)


def oracle(runs):
    """Mean distance of the best look of each run."""
    best = [min(look["to_held_out"] for look in run["looks"]) for run in runs]
    return sum(best) / len(best)


# %%
entry = None  # yours: the four looks of a run -> the index of the one to keep
rules = {
    "first": lambda looks: 0,
    "last": lambda looks: len(looks) - 1,
    "least gap": lambda looks: min(range(4), key=lambda k: abs(looks[k]["clip_gap"])),
    "yours": entry,
}
rules = {name: rule for name, rule in rules.items() if rule is not None}
rows = {}
for n in films:
    for augment in (0.0, 0.6):
        kind = [r for r in study["runs"] if (r["films"], r["augment"]) == (n, augment)]
        row = {name: score(kind, rule) for name, rule in rules.items()}
        name = f"{n} films, {'with' if augment else 'without'}"
        ends = [run["looks"][-1]["to_held_out"] for run in kind]
        rows[name] = row | {"oracle": oracle(kind), "spread": max(ends) - min(ends)}
show_table(rows, form=".3f", corner="to held-out")

# %%
new = [run for run in study["runs"] if run["films"] > 9]
for name, rule in rules.items():
    print(f"{name:9} {score(new, rule) - oracle(new):.3f} above the oracle")
better = [run["looks"][-1]["to_held_out"] > oracle([run]) for run in study["runs"]]
print(f"runs whose best look is not the last: {sum(better)} of {len(better)}")

# %% [markdown]
# **What these numbers support:** little. In most runs the last look *is* the best, so a few runs decide
# all that a rule can win, at most 0.04 for any kind, while the last looks of three seeds lie up to
# 0.24 apart (`spread`). Each look was measured once, on 128 clips, and part of the oracle's lead is
# the luck of the smallest of four numbers. One set of held-out films judges everything. And a small
# distance to the *training* films would be a bad guide once G copies them. What would you need, to
# trust a rule? (Other seeds, and films that neither runs nor rule have seen.)
#
# ## 10.7 On a GPU, or overnight
#
# The command trains with augmentation and keeps the checkpoint with the best FVD-small on held-out
# films; the script makes the whole study again. Both need the films
# (`vgan-lessons data fetch weizmann`). `train` has a fixed probability and no ADA (see *Further*):
# a controller needs many held-out clips, and the gap of a few jumps from look to look.

# %%
print(
    "vgan-lessons train --data weizmann --hold-out 0.25 --augment 0.6",
    "--budget gpu --out runs/few",
)
print("python data_scripts/study_little_data.py --out study.json")

# %% [markdown]
# ## 10.8 Exit quiz

# %%
quiz(10)

# %%
quiz(10, None, None, None, None, None, None)

# %% [markdown]
# ## What you take along
#
# 1. D overfits before anyone sees it in the clips: score films that it never saw.
# 2. Alter both sides, in both turns, one draw a clip, and only by what can be undone.
# 3. A study with three seeds says little more than its intervals: report them, and what they do not
#    tell apart.
#
# | you wrote | it now lives in |
# |---|---|
# | `overfit_gap` | `vgan_lessons/metrics/overfitting.py` |
# | `diff_augment`, `is_invertible` | `vgan_lessons/augment/` |
# | `augmented_round` | `vgan_lessons/training/augmented.py` |
# | `data_sweep` | `vgan_lessons/evaluation/little_data.py` |
# | extra: `ada_update` | `vgan_lessons/augment/how_much.py` |
#
# Further reading: Zhao et al. 2020, *Differentiable Augmentation for Data-Efficient GAN Training*,
# arXiv:2006.10738; Karras et al. 2020, *Training Generative Adversarial Networks with Limited Data*,
# arXiv:2006.06676.
#
# Next: [11 Longer films](11_longer_films.ipynb). What happens after the last frame?

# %% [markdown]
# ## Further: how much
#
# With many films augmentation only makes D's task harder. ADA (adaptive discriminator augmentation,
# Karras et al. 2020) lets the overfitting decide, while the training runs.
#
# ### Exercise 10.6 `ada_update`  (6 min, easy, extra)


# %% tags=["exercise", "ada_update"]
def my_ada_update(probability, gap, *, target=0.6, n_clips, n_to_full=500000):
    """Move the probability of augmentation one step towards what the overfitting
    asks for.
    """
    ...  # your code


# %% tags=["check", "ada_update"]
ada_update = check("ada_update", my_ada_update)

# %% [markdown]
# Let it look at the stored gaps, run by run, as if it had been there. (A replay: the runs were made
# with a fixed probability, so its choice changes nothing. A few thousand clips stand for ADA's half
# million.)

# %%
ends = {}
for n in films:
    run, probability, path = run_of(n, 0.0), 0.0, []
    for look in run["looks"]:
        n_clips = 8 * size["look_every"]  # a batch of 8
        probability = ada_update(
            probability, look["clip_gap"], target=0.2, n_clips=n_clips, n_to_full=4000
        )
        path.append(round(probability, 2))
    ends[n] = probability
    gaps = [look["clip_gap"] for look in run["looks"]]
    print(f"{n} films: gaps {gaps}, probability {path}")
print("never outside 0 to 1:", all(0 <= end <= 1 for end in ends.values()))

# %% [markdown]
# The gap jumps from look to look: it is a difference of means of a few clips, divided by another.
# So the controller takes small steps, and the sign only.
