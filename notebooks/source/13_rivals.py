# %% [markdown]
# # 13 Rivals: GAN, VAE or diffusion: when is which the better choice? Your own project
#
# | you will be able to | you will write | you need | time and budget |
# |---|---|---|---|
# | take noise away step by step, say what a VAE pays for, choose among rivals by measurements with intervals, mark clips, and report a study that a machine can check | `q_sample`, `posterior_mean`, `ddim`, `pareto`, `ProvenanceMark`, `validate_report` | notebooks 08 and 09 | 13 min of reading, 61 of writing; any CPU, two minutes of computing |
#
# Taken for granted: the video GAN ([08](08_video_gan.ipynb)), FVD-small, seeds and intervals
# ([09](09_evaluation.ipynb)). Videos are (B, T, C, H, W) in [-1, 1]. Answers keep the dtype and the
# device of what comes in.

# %%
import json
from pathlib import Path

import torch
import torch.nn.functional as F

from vgan_lessons import runtime, widgets
from vgan_lessons.datasets import draw_shapes, load_videos
from vgan_lessons.display import curves
from vgan_lessons.display.clips import show_clips, show_film_strip
from vgan_lessons.display.tables import show_table
from vgan_lessons.evaluation.measured import measured_rivals
from vgan_lessons.evaluation.provenance import reencode
from vgan_lessons.exercises import (
    check,
    explain,
    hint,
    predict,
    progress,
    quiz,
    solution,
)
from vgan_lessons.layout import from_uint8, to_uint8
from vgan_lessons.metrics import motion_energy
from vgan_lessons.models.diffusion import DiffusionGenerator, alpha_bar
from vgan_lessons.models.vae import VideoVae

# %% [markdown]
# ## 13.1 A film drowned in noise
#
# A **diffusion model** (Ho et al. 2020, *Denoising diffusion probabilistic models*,
# arXiv:2006.11239) never plays a game. One network learns one thing: to say what a noisy film
# looked like before. Its training data are made by a **forward process** that is known in full.
# At time 0 a film is clean, at time 1 it is noise; $\bar\alpha$ says which share of the film's
# variance is left. Ours is $\cos^2(\pi t / 2)$.
#
# ### Exercise 13.1 `q_sample`  (4 min, easy, core)


# %% tags=["exercise", "q_sample"]
def my_q_sample(clean, abar, noise):
    """Add noise at once, as much as many small steps would have added."""
    ...  # your code


# %% tags=["check", "q_sample"]
q_sample = check("q_sample", my_q_sample)

# %% [markdown]
# **Predict.** At time 0.5, by which factor is the motion energy of a noisy film (mean squared
# change from frame to frame) larger than that of the clean one?

# %% tags=["predict", "motion-energy-at-half-time"]
predict("motion energy at half time", None)  # for example 2

# %%
rng = runtime.new_rng(0)
films = from_uint8(draw_shapes(64, rng=rng).frames).unflatten(0, (64, 16))
noise = torch.randn(films.shape, generator=rng)
half = q_sample(films, torch.full((64,), 0.5), noise)
factor = float(motion_energy(half).mean() / motion_energy(films).mean())
predict("motion energy at half time", measured=round(factor, 1))

# %%
print("more than ten times as much motion, none of it in the film:", factor > 10)
times = torch.tensor([0.0, 0.3, 0.6])
one = films[:1].expand(3, -1, -1, -1, -1)
show_film_strip(
    q_sample(one, alpha_bar(times), noise[:3])[:, ::6],
    caption="Every sixth frame of one film, at three times.",
    row_labels=[f"t {time:g}" for time in times.tolist()],
)

# %% [markdown]
# Noise is new in every frame, so the change over one frame is nearly all noise. The network has
# to find the film in it: by looking at many frames, as one sees a shape better in moving snow
# than in a still of it.
#
# ## 13.2 The denoiser that nobody can beat
#
# Trained with squared error, the best answer to "what was the clean film?" is the **posterior
# mean** $E[x_0 | x_t]$: the average of all films that could have become this one, each weighted
# by how well it fits. Where the law of the data is known, it can be computed.
#
# ### Exercise 13.2 `posterior_mean`  (11 min, hard, core)


# %% tags=["exercise", "posterior_mean"]
def my_posterior_mean(noisy, abar, centres, variance):
    """The best guess of the clean data where their law is known."""
    ...  # your code


# %% tags=["check", "posterior_mean"]
posterior_mean = check("posterior_mean", my_posterior_mean)

# %% [markdown]
# Here the law is a set of 48 films, each as likely as the others: centres without variance. One of
# them is drowned deeper and deeper, and the exact denoiser is asked for it.

# %%
train = films[:48]
deep = torch.tensor([0.90, 0.97, 0.99, 0.995])
drowned = q_sample(train[:1].expand(4, -1, -1, -1, -1), alpha_bar(deep), noise[:4])
guesses = posterior_mean(drowned, alpha_bar(deep), train, 0.0)
off = (guesses - train[:1]).square().mean((1, 2, 3, 4))
print("found again at t = 0.9:", bool(off[0] < 1e-4))
blur = posterior_mean(drowned[-1:], torch.zeros(1), train, 0.0)
is_mean = torch.allclose(blur[0], train.mean(0), atol=1e-4)
print("at abar 0 the guess is the mean film:", is_mean)
show_film_strip(
    guesses[:, ::2],
    caption="What the exact denoiser says of one film, by the time it was drowned.",
    row_labels=[f"t {time:g}" for time in deep.tolist()],
)

# %% [markdown]
# Near time 1, where sampling begins, the guess is an average of films; nearer to time 0 it is a
# single film. That is why one jump from noise to film gives a blur, and why diffusion goes in
# steps.
#
# ## 13.3 From noise to film: DDIM
#
# **DDIM** (Song et al. 2021, *Denoising diffusion implicit models*, arXiv:2010.02502) walks back
# without drawing anything new. It asks for the clean film, works out which noise must then have
# been added, and adds less of the same noise again.
#
# ### Exercise 13.3 `ddim`  (11 min, medium, core)


# %% tags=["exercise", "ddim"]
def my_ddim(denoise, noise, n_steps):
    """Turn noise into videos without drawing any more: the same noise, the same
    videos.
    """
    ...  # your code


# %% tags=["check", "ddim"]
ddim = check("ddim", my_ddim)

# %% [markdown]
# A test with a known end. Data of variance 4 around 0 have an exact denoiser, and the exact path
# doubles the noise. How far from 2 does your sampler end?

# %%
origin = torch.zeros(1, 1)


def exact(noisy, time):
    return posterior_mean(noisy, alpha_bar(time), origin, 4.0)


start = torch.ones(1, 1)
ends = {n: ddim(exact, start, n).item() for n in (1, 2, 5, 25, 400)}
print("  ".join(f"{n} steps {end:.3f}" for n, end in ends.items()))
print("one step gives the mean, 0:", abs(ends[1]) < 1e-6)
print("400 steps within 1 %:", abs(ends[400] / 2 - 1) < 0.01)

# %% [markdown]
# ### Break it: a perfect denoiser
#
# Now the exact denoiser of the 48 films, from fresh noise: the best network that could ever be
# trained on them, with a loss that none can go below.
#
# **Predict.** What does it sample: "new films", "mixtures" or "training films"?

# %% tags=["predict", "the-perfect-denoiser-samples"]
predict("the perfect denoiser samples", None)  # for example "mixtures"


# %%
def perfect(noisy, time):
    return posterior_mean(noisy, alpha_bar(time), train, 0.0)


fresh = torch.randn(4, 16, 3, 32, 32, generator=runtime.new_rng(1))
made = ddim(perfect, fresh, 12)
apart = torch.cdist(made.flatten(1), train.flatten(1))
copies = bool((apart.min(1).values < 0.5).all())
said = "training films" if copies else "mixtures"
predict("the perfect denoiser samples", measured=said)

# %%
print("every sample is a training film:", copies)
gaps = torch.cdist(train.flatten(1), train.flatten(1)) + 1e3 * torch.eye(48)
print("two training films are far from each other:", bool(gaps.min() > 10))
same = ddim(perfect, fresh[:1], 12)
print("the same noise, the same film:", torch.allclose(same, made[:1], atol=1e-3))
show_film_strip(made[:3, ::2], caption="Three samples of the perfect denoiser.")

# %% [markdown]
# Perfection copies. What a diffusion model makes anew, it makes because its network does *not*
# reach the exact denoiser of its training set: convolutions see neighbourhoods, few weights cannot
# store all films, and training stops early. So 09's held-out films and its ratio of copies belong
# to this family, too.
#
# A real network: a small **space-time denoiser** (Ho et al. 2022, *Video diffusion models*,
# arXiv:2204.03458): convolutions in space and in time in turns. It predicts a mixture of film and
# noise, the *velocity* (Salimans & Ho 2022, arXiv:2202.00512); the clean film is sqrt(abar) times
# the noisy one minus sqrt(1 - abar) times the velocity. It trains here on films of 8 frames of
# 16x16.

# %% tags=["train", "nbval-ignore-output"]
small = load_videos("shapes", image_size=16, n_frames=8, n_videos=512)
with torch.random.fork_rng(devices=[]):
    torch.manual_seed(0)
    sizes = {"image_size": 16, "channels_per_layer": (16, 32)}
    net = DiffusionGenerator(**sizes)
optim = torch.optim.Adam(net.parameters(), lr=3e-3, betas=(0.9, 0.99))
rng = runtime.new_rng(0)
for _ in range(runtime.steps(150)):
    clean = small.sample_clips(8, n_frames=8, rng=rng)
    time = (torch.arange(8) + torch.rand(8, generator=rng)) / 8
    noise = torch.randn(clean.shape, generator=rng)
    abar = alpha_bar(time)
    velocity = q_sample(noise, abar, -clean)  # sqrt(abar) noise - sqrt(1 - abar) clean
    loss = (net.denoiser(q_sample(clean, abar, noise), time) - velocity).square().mean()
    optim.zero_grad()
    loss.backward()
    optim.step()
print(f"{runtime.steps(150)} steps, last loss {loss:.2f}")

# %% tags=["nbval-ignore-output"]
with torch.no_grad():
    fresh = torch.randn(8, 8, 3, 16, 16, generator=runtime.new_rng(2))
    by_steps = {n: ddim(net.denoise, fresh, n) for n in (1, 5, 25)}
show_film_strip(
    torch.cat([clips[:1, ::2] for clips in by_steps.values()]),
    caption="The same noise in 1, 5 and 25 steps.",
    row_labels=["1", "5", "25"],
)

# %%
change = {n: motion_energy(clips).mean().item() for n, clips in by_steps.items()}
print("one step moves less than 25:", change[1] < change[25])

# %% [markdown]
# One step gives a blur, as the exact denoiser did; more steps commit to something. After so few
# updates colours glimmer in snow: this network is far from done. That is the family's bill: one
# network and one plain loss, paid for with many updates in training and many passes in sampling.
#
# ## 13.4 A VAE: what a film costs
#
# A **variational autoencoder** (Kingma & Welling 2014, *Auto-encoding variational Bayes*,
# arXiv:1312.6114) sends each film through a short code. The encoder answers with a mean and a
# variance for every number of the code; one code is drawn, and the decoder paints it. The **ELBO**
# (evidence lower bound), turned into a loss, is a bill with two items: pixels that come back wrong,
# and **nats** that the code told, the KL divergence from the prior. The weight
# $\beta$ is the price of a nat.


# %%
def elbo_loss(vae, films, noise, beta):
    """Half the squared error of a film, plus beta times the nats of its code."""
    mean, log_variance = vae.encoder(films)
    code = mean + (log_variance / 2).exp() * noise  # the reparametrisation trick
    wrong = (vae.decode(code) - films).square().flatten(1).sum(1)
    nats = (mean.square() + log_variance.exp() - 1 - log_variance).sum(1) / 2
    return (wrong / 2 + beta * nats).mean(), nats.mean()


# %% [markdown]
# **Predict.** Trained with beta = 0.02 the code of a film tells several tens of nats. How many
# with beta = 200?

# %% tags=["predict", "nats-at-beta-200"]
predict("nats at beta 200", None)  # for example 5

# %% tags=["train", "nbval-ignore-output"]
told, drawn = {}, []
for beta in (0.02, 200.0):
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        vae = VideoVae(image_size=16, n_frames=8, code_dim=16, base_channels=12)
    optim, rng = torch.optim.Adam(vae.parameters(), lr=3e-3), runtime.new_rng(0)
    for _ in range(runtime.steps(150)):
        clips = small.sample_clips(16, n_frames=8, rng=rng)
        code_noise = torch.randn(16, 16, generator=rng)
        loss, nats = elbo_loss(vae, clips, code_noise, beta)
        optim.zero_grad()
        loss.backward()
        optim.step()
    told[beta] = nats.item()
    with torch.no_grad():
        drawn.append(vae(vae.draw_latents(2, 8, runtime.new_rng(1))))
    print(f"beta {beta:g}: {told[beta]:.1f} nats")
predict("nats at beta 200", measured=round(told[200.0], 1))

# %%
print("dear nats, fewer of them:", told[200.0] < told[0.02] / 3)
apart = [(two[0] - two[1]).abs().mean().item() for two in drawn]
print("and samples that hardly differ:", apart[1] < apart[0] / 3)

# %% tags=["nbval-ignore-output"]
show_film_strip(
    torch.cat(drawn),
    caption="Two samples at either price.",
    row_labels=["0.02", "0.02", "200", "200"],
)

# %% [markdown]
# Where nats are dear, the code falls silent (a *collapsed posterior*), and the decoder paints the
# mean film for everyone. Where they are cheap, codes carry the film, but what the code leaves
# open is still averaged pixel by pixel: a VAE blurs where a GAN chooses.
#
# ## 13.5 The race
#
# The course's GAN, a VAE and a diffusion model, with as many weights to train, the same clips of
# `shapes` (32x32, 16 frames), the same CPU time. One command made these numbers:
# `python data_scripts/measure_rivals.py`.

# %%
study = measured_rivals()
arms = list(dict.fromkeys(run["arm"] for run in study["runs"]))
rows = {arm: [run for run in study["runs"] if run["arm"] == arm] for arm in arms}
distances = torch.tensor([[run["fvd_small"] for run in rows[arm]] for arm in arms])
sampling = [study["sampling"][arm]["seconds_of_each"] for arm in arms]
costs = torch.tensor(sampling).median(dim=1).values
print(study["data"], "|", study["seconds"], "CPU s each |", study["n"], "clips a side")
print(study["machine"]["processor"], "| load", study["machine"]["load at the start"])
print("weights to train:", sorted({run["weights"] for run in study["runs"]}))
print("steps:", {arm: [run["steps"] for run in rows[arm]] for arm in arms[:3]})

# %% [markdown]
# **Predict.** How many times as long as a clip of the GAN does one of the diffusion model take, in
# 25 steps?

# %% tags=["predict", "times-as-long"]
predict("times as long", None)  # for example 10

# %%
slower = float(costs[arms.index("diffusion, 25 steps")] / costs[arms.index("gan")])
predict("times as long", measured=round(slower))

# %% [markdown]
# Whom does nobody beat in both, quality and time? Three seeds give wide intervals: the quantile of
# Student's t is 4.303.
#
# ### Exercise 13.4 `pareto`  (9 min, medium, core)


# %% tags=["exercise", "pareto"]
def my_pareto(distances, costs, quantile=4.303):
    """Leave out only what another one beats at no greater cost, whatever the
    seeds.
    """
    ...  # your code


# %% tags=["check", "pareto"]
pareto = check("pareto", my_pareto)

# %%
low, high, on_front = pareto(distances, costs)
table = {}
for k, arm in enumerate(arms):
    table[arm] = {
        "FVD-small": f"{distances[k].mean():.2f}",
        "interval": f"{low[k]:.2f} to {high[k]:.2f}",
        "clips a second": f"{1 / costs[k]:.3g}",
        "front": "yes" if on_front[k] else "no",
    }
    for name in ("motion", "named", "one_object"):
        each = " ".join(f"{run[name]:.2f}" for run in rows[arm])
        table[arm][name.replace("_", " ")] = each
show_table(table, corner="rival")
print("real clips against real:", study["runs"][0]["floor"])

# %% [markdown]
# By seed: *motion* is the change over one frame as a share of that of real clips, *named* the share of
# clips in which the same one of three templates fits every frame, *one object* the share with exactly
# one object in every frame.
#
# **Centrepiece.** Ask all rivals at once, and wait. Who has something to show?

# %%
rivals = {
    arm: widgets.Rival(
        clips=study["clips"][arm],
        distance=(low[k].item(), distances[k].mean().item(), high[k].item()),
        seconds=costs[k].item(),
    )
    for k, arm in enumerate(arms)
}
widgets.rivals_explorer(rivals)

# %% [markdown]
# The same standing still after three seconds, and quality against time with the intervals:

# %%
widgets.show_rivals(rivals, 3.0)

# %% [markdown]
# Read the budget first: four minutes of one CPU thread. In them the GAN comes nearest to real clips by
# far, and nearly all of its shapes can be named. The VAE's objects are soft, mix colours and move half
# as much; it samples a little faster than the GAN, and that alone keeps it on the front. The diffusion
# model shows what its bill buys: with more DDIM steps its clips come nearer, and in 25 they move more
# than the VAE's and have the lower mean distance (the intervals overlap). But look at the wall: its
# objects change shape and colour on the way, and vanish. FVD-small likes them no less than the VAE's
# steady ones, the count of objects does. One number is never the verdict. Two warnings: the GAN's
# painter knows that there is one object in one colour, the others' networks do not; and four minutes
# say nothing about hours.
#
# Why then did the field move to diffusion? Because with compute to spare its bill is worth paying:
# one loss that falls instead of a game to be balanced, fewer lost modes, steering by text in every
# step, and quality that grows with size and time. None of that is measured in a race this short. A
# small GAN wins where clips of a narrow kind are needed at once, after minutes of training on a
# small machine, with a painter made for that kind: that much *is* measured, above. (Few-step
# students of diffusion models are often trained with a discriminator again: Sauer et al. 2023,
# arXiv:2311.17042.)
#
# ## 13.6 Who made this film?
#
# Films that nobody shot can deceive. Whoever publishes a generator can at least mark what it makes,
# so that clips can be traced to it.
#
# ### Exercise 13.5 `ProvenanceMark`  (14 min, hard, core)


# %% tags=["exercise", "ProvenanceMark"]
class my_ProvenanceMark:
    """Write bits into clips, and read them: a faint pattern that only the key
    knows.
    """

    def __init__(self, key):
        """Keep the key."""
        ...  # your code

    def embed(self, videos, bits):
        """Mark clips."""
        ...  # your code

    def read(self, videos, n_bits):
        """Find the bits."""
        ...  # your code


# %% tags=["check", "ProvenanceMark"]
ProvenanceMark = check("ProvenanceMark", my_ProvenanceMark)

# %% [markdown]
# **Predict.** Someone shifts all frames of marked clips by four pixels. Which share of the bits does
# the reader still get right?

# %% tags=["predict", "share-after-a-shift"]
predict("share after a shift", None)  # for example 0.9

# %%
mark, bits = ProvenanceMark(7), torch.randint(2, (64, 16), generator=runtime.new_rng(5))
marked = mark.embed(films, bits)
ways = {
    "bytes": from_uint8(to_uint8(marked)),
    "quality 75": reencode(marked, quality=75, grain=0.02, rng=runtime.new_rng(6)),
    "quality 50": reencode(marked, quality=50, grain=0.02, rng=runtime.new_rng(6)),
    "quality 10": reencode(marked, quality=10, grain=0.02, rng=runtime.new_rng(6)),
    "blurred": F.avg_pool2d(marked.flatten(0, 1), 5, 1, 2).view_as(marked),
    "shifted": marked.roll(4, dims=4),
    "unmarked": films,
}
right = {}
for name, clips in ways.items():
    right[name] = (mark.read(clips, 16) == bits).double().mean().item()
    print(f"{name:11} {right[name]:.2f}")
predict("share after a shift", measured=round(right["shifted"], 2))

# %%
print("bytes at least 0.99:", right["bytes"] >= 0.99)
print("quality 50 at least 0.90:", right["quality 50"] >= 0.90)
print("unmarked at most 0.55:", right["unmarked"] <= 0.55)
print("a shift costs bits:", right["shifted"] < right["bytes"] - 0.3)

# %% tags=["nbval-ignore-output"]
both = torch.cat([films[:1], marked[:1]])
show_clips(both, caption="Left a film, right the same marked.", strip_rows=0)

# %% [markdown]
# The mark says "written with this key", and no more. Its absence proves nothing: a shift by four
# pixels washes it out, and other makers mark nothing. Nor is it safe from forgers: whoever averages
# many clips marked with the same bits begins to see the pattern, and can copy it. Beside it belong what no
# code can do: ask those who are filmed, say on the clip that it is generated, and write down what a
# model is for.
#
# ## 13.7 Your own project
#
# **The capstone, and this lesson's open task:** change *one* thing, say beforehand what will happen,
# and report. A report is worth reading if its reader can see what was predicted, against what, on how
# many seeds. Most of that a machine can check.
#
# ### Exercise 13.6 `validate_report`  (12 min, medium, core)


# %% tags=["exercise", "validate_report"]
def my_validate_report(report):
    """Name every part of a report that is missing or does not hold; see the
    template.
    """
    ...  # your code


# %% tags=["check", "validate_report"]
validate_report = check("validate_report", my_validate_report)

# %% [markdown]
# A short example from the stored study. Question: do more DDIM steps help? Baseline 5 steps,
# changed 25. One number has no parts to leave out, so 10 steps stand in for the ablation.

# %%
of = dict(zip(("baseline", "ablation", "changed"), arms[2:], strict=True))
at = {name: arms.index(arm) for name, arm in of.items()}
day = study["machine"]["date"]
example = {
    "question": "Do more DDIM steps lower FVD-small of the diffusion model?",
    "change": "25 steps instead of 5, the same weights",
    "prediction": {"direction": "lower", "written_on": day},
    "measured_on": day,
    "protocol": {
        "data": study["data"],
        "metric": "FVD-small against clips that nobody trained on",
        "n": study["n"],
        "budget": f"{study['seconds']:g} CPU seconds a training",
        "machine": study["machine"]["processor"],
    },
    "seeds": [run["seed"] for run in rows[arms[2]]],
    "results": {name: distances[k].tolist() for name, k in at.items()},
    "intervals": {name: [low[k].item(), high[k].item()] for name, k in at.items()},
    "licence": "MIT, as the course; the data are drawn",
    "intended_use": "teaching; its clips show nobody",
}
print("missing:", validate_report(example))
print("without its ablation:", validate_report(example | {"results": {}})[:2])

# %% [markdown]
# Is the prediction kept? Ask the intervals, not the means alone:

# %%
kept = bool(high[at["changed"]] < low[at["baseline"]])
refuted = bool(low[at["changed"]] > high[at["baseline"]])
print("kept" if kept else "refuted" if refuted else "open: the intervals overlap")

# %% [markdown]
# Now yours. The next cell writes a template; it has a line for each part.
#
# 1. Pick one change: a field of `vgan-lessons train --set`, another data set, your own films, a loss
#    of lesson 02, a cell of lesson 07.
# 2. Fill in `question`, `change`, `prediction` and `protocol`, with today's date, *before* you train.
# 3. Train baseline, changed and ablation (the change without its main part) on seeds 0, 1, 2:
#    `vgan-lessons train --data shapes --seed 0 --minutes 4 --out runs/base-0`; its last line and
#    `metrics.json` hold FVD-small.
# 4. Fill in `measured_on`, results (a list for each), intervals (mean minus and plus
#    4.303 s / sqrt(3), as [low, high]), licence and intended use; run the cell after the template's
#    again.
# 5. Watch clips you did not choose, and write two sentences: what the numbers say, and what they hide.

# %%
template = Path("my_report.json")
if not template.exists():
    empty = {key: "" for key in example}
    for part in ("prediction", "protocol", "results", "intervals"):
        empty[part] = {name: "" for name in example[part]}
    empty["seeds"] = [0, 1, 2]
    template.write_text(json.dumps(empty, indent=2))
print("in the template:", len(json.loads(template.read_text())), "parts")

# %% tags=["nbval-ignore-output"]
print("still missing:", validate_report(json.loads(template.read_text())))

# %% [markdown]
# ## 13.8 On a GPU
#
# With `VGAN_BUDGET=gpu` the denoiser above trains for longer, and
# `python data_scripts/measure_rivals.py --seconds 3600` repeats the race at an hour each.

# %%
print("steps of the denoiser at this budget:", runtime.steps(150))

# %% [markdown]
# ## 13.9 Exit quiz

# %%
quiz(13)

# %%
quiz(13, None, None, None, None, None, None)

# %% [markdown]
# ## What you take along
#
# 1. Diffusion learns to denoise and pays at sampling; a VAE pays by the nat and averages what its
#    code leaves open; a GAN samples in one pass and has to be kept in balance.
# 2. A perfect denoiser copies. "Better" needs a budget, seeds and intervals.
# 3. A mark points to a key, its absence proves nothing. Write the prediction down first.
#
# | you wrote | it now lives in |
# |---|---|
# | `q_sample`, `posterior_mean`, `ddim` | `vgan_lessons/models/diffusion.py` |
# | `pareto` | `vgan_lessons/metrics/pareto.py` |
# | `ProvenanceMark` | `vgan_lessons/evaluation/provenance.py` |
# | `validate_report` | `vgan_lessons/evaluation/capstone.py` |
#
# Next: your own project. The course ends here; the README says what else the commands can do.
