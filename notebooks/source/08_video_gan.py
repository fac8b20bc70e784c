# %% [markdown]
# # 08 The LSTM video GAN: who moves, and who is moved?
#
# | you will be able to | you will write | you need | time and budget |
# |---|---|---|---|
# | build a video GAN out of your own parts, train it, exchange who moves and how, and name what went wrong in a training | `sample_latents`, `VideoGenerator`, `windows`, `video_gan_round`, `train_video`, and as extras `swap_test` and `diagnose_video` | notebooks 04 and 05; 06 and 07 help | 13 min of reading, 62 of writing (22 more are extra); any CPU, three minutes of computing |
#
# Taken for granted: both turns and the average ([04](04_training.ipynb)), R1 and R2
# ([03](03_dynamics.ipynb)), the relativistic game ([02](02_objectives.ipynb)), a generator of
# frames ([05](05_frames.ipynb)). An LSTM turns a sequence of noise into a sequence of codes and
# carries a state from one to the next. Videos are (B, T, C, H, W) in [-1, 1].

# %%
import copy
import subprocess
import sys
from itertools import islice

import torch
from torch import nn

from vgan_lessons import runtime, widgets
from vgan_lessons.datasets import load_videos
from vgan_lessons.display.clips import show_clips, show_film_strip
from vgan_lessons.display.tables import show_table
from vgan_lessons.evaluation import frame_distance, measure_real, quick_card
from vgan_lessons.evaluation.content import read_content
from vgan_lessons.evaluation.recorded import measured_shapes_runs, recorded_video_runs
from vgan_lessons.evaluation.symptoms import looks, symptoms
from vgan_lessons.exercises import (
    check,
    explain,
    hint,
    predict,
    progress,
    quiz,
    solution,
)
from vgan_lessons.losses import relativistic_d_loss, relativistic_g_loss
from vgan_lessons.metrics import track
from vgan_lessons.models.generators import generate
from vgan_lessons.models.lstm_gan import VideoLatents
from vgan_lessons.models.motion import IndependentMotion, MotionLSTM
from vgan_lessons.models.painters import ObjectPainter
from vgan_lessons.models.scenes import scene_parts
from vgan_lessons.penalties import r1_penalty, r2_penalty, squared_gradient_norm
from vgan_lessons.runs import load_shipped, shipped_card
from vgan_lessons.training import (
    StepLog,
    ema_decay_at,
    ema_update,
    new_video_gan,
    recipe,
)
from vgan_lessons.training.windows import Window

# %% [markdown]
# ## 8.1 Two codes
#
# A clip of 16 frames could be made from 16 latents, one a frame. Then nothing says that frame 7
# shows the same thing as frame 6. MoCoGAN (Tulyakov et al. 2018, arXiv:1707.04993) splits the
# latent of frame t in two:
#
# $$
# z_t = [\,z_{\text{content}},\ m_t\,], \qquad
# m_1, \dots, m_T = \text{LSTM}(\varepsilon_1, \dots, \varepsilon_T)
# $$
#
# The **content code** is drawn once a clip: who or what is in it. There is one
# **motion code** $m_t$ a frame, and the LSTM links it to those before. The noise $\varepsilon_t$ may be
# fresh at every frame; our default repeats *one* draw at all frames.
#
# **Predict.** The same noise goes into an LSTM at each of 16 frames. How many different motion
# codes come out?

# %% tags=["predict", "different-codes"]
predict("different codes", None)  # for example 1

# %%
with torch.random.fork_rng(devices=[]):
    torch.manual_seed(0)
    paths = {"LSTM": MotionLSTM(), "no memory": IndependentMotion()}
same_noise = torch.randn(1, 1, 16, generator=runtime.new_rng(0)).expand(-1, 16, -1)
for name, motion in paths.items():
    n_codes = len(motion(same_noise)[0][0].detach().round(decimals=4).unique(dim=0))
    print(f"{name}: {n_codes} different codes")
    if name == "LSTM":
        predict("different codes", measured=n_codes)

# %% [markdown]
# The state still moves though the input does not. Without a memory the same noise
# gives the same code, so that baseline needs fresh noise at every frame.
#
# ### Exercise 8.1 `sample_latents`  (5 min, easy, core)


# %% tags=["exercise", "sample_latents"]
def my_sample_latents(draw_content, n, n_frames, noise_dim, rng, fresh=False):
    """Draw what n videos are made from: who is in them, and what drives their
    motion.
    """
    ...  # your code


# %% tags=["check", "sample_latents"]
sample_latents = check("sample_latents", my_sample_latents)

# %% [markdown]
# ## 8.2 The generator
#
# The **painter** turns a content code and a motion code into a frame. It is a generator of
# frames, as in lesson 05, and it knows nothing of time: B clips of K frames are B·K frames to
# it, **time folded into the batch**. Only the content code and the LSTM link two frames.
#
# Painting is what costs. A training step looks at a few frames of each clip, so paint those
# alone; the path is cheap and is walked as a whole.
#
# ### Exercise 8.2 `VideoGenerator`  (12 min, medium, core)
#
# `MotionLSTM` and `IndependentMotion` return codes (B, T, motion_dim) and a state.


# %% tags=["exercise", "VideoGenerator"]
class my_VideoGenerator(nn.Module):
    """Paint every frame from one content code and that frame's place on a motion
    path.
    """

    def __init__(self, painter, *, noise_dim=16, motion_dim=16, memory=True):
        super().__init__()
        ...  # your code

    def draw_latents(self, n, n_frames, rng):
        """Draw what n videos are made from."""
        ...  # your code

    def forward(self, latents, frame_index=None):
        """Make videos, or only the frames asked for of each."""
        ...  # your code


# %% tags=["check", "VideoGenerator"]
VideoGenerator = check("VideoGenerator", my_VideoGenerator)

# %% [markdown]
# Your class, with weights that come with the course. The painter `ObjectPainter` paints one object
# in one colour on black: it is built for data such as `shapes`, and film needs another one.


# %%
def new_generator(seed, memory=True):
    """Your class around the course's painter, untrained."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        painter = ObjectPainter(channels_per_layer=(32, 24, 24))
        return VideoGenerator(painter, noise_dim=16, motion_dim=16, memory=memory)


G = new_generator(seed=0)
G.load_state_dict(load_shipped("shapes").state_dict())
G = G.eval().requires_grad_(False)
latents = G.draw_latents(200, 16, runtime.new_rng(5))
videos = G(latents)
show_clips(videos[:4], caption="Your generator with trained weights.", strip_rows=1)

# %% [markdown]
# **Break it.** Give frame t of each clip the content of the t-th next clip: content *resampled per
# frame*. Then take one random frame of every clip and measure the Fréchet distance to real
# frames, as in lesson 05, on average over five draws of frames.
#
# **Predict.** By which factor does the frame distance grow?

# %% tags=["predict", "growth-of-the-frame-distance"]
predict("growth of the frame distance", None)  # for example 10

# %%
bank = load_videos("shapes")
real_videos = bank.sample_clips(200, n_frames=16, rng=runtime.new_rng(0))
mixed = []
for t in range(16):
    others = VideoLatents(latents[0].roll(t, 0), latents[1])
    mixed.append(G(others, torch.full((200, 1), t)))
mixed = torch.cat(mixed, dim=1)
rows = torch.arange(200)
growths = []
for seed in range(5):
    places = torch.randint(16, (200,), generator=runtime.new_rng(seed))
    seen = [clips[rows, places] for clips in (real_videos, videos, mixed)]
    growths.append(frame_distance(seen[0], seen[2]) / frame_distance(*seen[:2]))
growth = sum(growths) / len(growths)
print("less than twice as far:", growth < 2)
predict("growth of the frame distance", measured=round(growth, 1))

# %%
both = torch.cat([videos[:1], mixed[:1]])
show_film_strip(both, caption="One motion.", row_labels=["one content", "resampled"])

# %% [markdown]
# Every frame is still as good as before, and a **frame discriminator** has nothing to complain of:
# content and motion were drawn independently. A **clip discriminator**, which sees several
# frames at once, can see the fault. The frame discriminator stays beside it: it is cheap.

# %% [markdown]
# ## 8.3 One window a step
#
# The clip discriminator need not see all 16 frames. A step takes a **window**: K = 4 frames,
# `stride` apart. Neighbours show smooth motion; larger strides show more of the path. The frame
# discriminator gets two single frames of the same window. Reals are cut with the *same* stride: a
# difference in sampling would be an easy give-away. G's gradient runs through these frames only.
#
# **Predict.** At stride 5, from how many places can a window of 4 frames begin in a path of 16?

# %% tags=["predict", "places-for-a-window"]
predict("places for a window", None)  # for example 12

# %% [markdown]
# ### Exercise 8.3 `windows`  (7 min, medium, core)
#
# A `Window` is a named tuple; `window.pick(clips)` are the single frames, (B * n, C, H, W)
# for n single frames of each of B clips.


# %% tags=["exercise", "windows"]
def my_windows(config, step, n_clips, rng):
    """Choose a window of every path of a batch."""
    ...  # your code


# %% tags=["check", "windows"]
windows = check("windows", my_windows)

# %%
config = recipe("shapes", "cpu")
many = windows(config, 4, 1000, runtime.new_rng(0))
print(f"stride {many.stride}, {config.window_frames} of {config.n_frames} frames")
predict("places for a window", measured=len(many.index[:, 0].unique()))

# %% [markdown]
# ## 8.4 The whole round
#
# The discriminators' turn: two losses added, one optimiser, fakes **detached**. Every few rounds
# the penalty is due; on clips it is the squared gradient over all K·C·H·W numbers. Then G's turn,
# against the sum of both, while the discriminators collect no gradient. Then the average.
# `r1_penalty(discriminator, x, gamma)` and `r2_penalty` take any callable for the discriminator, so
# that a lambda can hold the stride.
#
# ### Exercise 8.4 `video_gan_round`  (30 min, hard, core)


# %% tags=["exercise", "video_gan_round"]
def my_video_gan_round(gan, config, real, latents, window):
    """Play one step of both discriminators, one of G, and one of the moving average."""
    ...  # your code


# %% tags=["check", "video_gan_round"]
video_gan_round = check("video_gan_round", my_video_gan_round)

# %% [markdown]
# ## 8.5 Who moves, and who is moved?
#
# We called one code content and the other motion. Does G obey? Exchange them:
# the content of one clip with the motion of another. If content decides the looks, clips of one
# content look alike whatever moves them.
#
# $$
# \text{score} = 1 - \frac{\text{squared distances within the groups}}{\text{in all}}
# $$
#
# ### Exercise 8.5 `swap_test`  (10 min, medium, extra)


# %% tags=["exercise", "swap_test"]
def my_swap_test(generator, contents, motions, look, path):
    """Measure whether content decides the looks and motion the path, by exchanging
    them.
    """
    ...  # your code


# %% tags=["check", "swap_test"]
swap_test = check("swap_test", my_swap_test)

# %% [markdown]
# `looks` returns colour, size and moments of the form; the path is how far the tracked object
# goes from frame to frame.
#
# **Predict.** How much of the path does the motion code decide?

# %% tags=["predict", "motion-score"]
predict("motion score", None)  # for example 0.5


# %%
def steps_of(videos):
    """(N, T, C, H, W) -> (N, 2 (T - 1)): the object's steps, in pixels."""
    return track(videos).positions.nan_to_num().diff(dim=1).flatten(1).float()


rng = runtime.new_rng(2)
pair = G.draw_latents(6, 16, rng), G.draw_latents(6, 16, rng)
content_score, motion_score = swap_test(G, *pair, looks, steps_of)
print(f"at least 0.8: content {content_score >= 0.8}, motion {motion_score >= 0.8}")
predict("motion score", measured=round(float(motion_score), 2))

# %% [markdown]
# `ObjectPainter` forces this: its motion code moves coordinates and nothing else, so that the content
# of an *untrained* one scores 1, too (its motion cannot be scored: there is no object to track yet).
# (Chance, with six contents and six motions, is 5/35 = 0.14.) A
# painter that reads both codes everywhere, as the people's does, has to learn the split: look at
# the grid below.

# %% [markdown]
# **Content and motion, exchanged.** A row has one content, a column one motion. Move a slider:
# only rows change, or only columns. Then choose digits, and people: their generators are also told
# labels, the digit's and the person's with the content, the action's with the motion.

# %% tags=["nbval-ignore-output"]
people = load_shipped("weizmann")
digits = load_shipped("digits")
widgets.swap_explorer({"shapes": G, "digits": digits, "people": people})

# %% [markdown]
# Does the split hold for people? The looks are a clip's mean over time now, wall and person; the
# path is *when* it moves. Each code carries its label: the content the person, the noise the action.
#
# **Predict.** How much of these looks does the content decide?

# %% tags=["predict", "looks-of-people"]
predict("looks of people", None)  # for example 0.9


# %%
def still(videos):
    """(N, T, C, H, W) -> (N, d): the clip's mean over time."""
    return videos.mean(1).flatten(1)


def rhythm(videos):
    """(N, T, C, H, W) -> (N, T - 1): change from frame to frame, its mean being 1."""
    change = videos.diff(dim=1).square().mean((2, 3, 4))
    return change / change.mean(1, keepdim=True)


def with_labels(latents, keep):
    """Codes, each with its label as one more number; keep=0 wipes the action."""
    action, person = latents.labels.T[..., None]  # (B, 1) each
    action = keep * action[:, None].expand(-1, 16, -1)
    content = torch.cat([latents.z_content, person], dim=1)
    return VideoLatents(content, torch.cat([latents.noise, action], dim=2))


def labelled_people(latents):
    """The people's generator, told the labels that the codes carry."""
    content, noise = latents
    labels = torch.stack([noise[:, 0, -1], content[:, -1]], dim=1).long()
    codes = {"z_content": content[:, :-1], "noise": noise[..., :-1]}
    return people(drawn[0]._replace(labels=labels, **codes))


# %% tags=["nbval-ignore-output"]
rng, scores = runtime.new_rng(0), []
drawn = [people.draw_latents(8, 16, rng) for _ in range(2)]
for keep, name in enumerate(("one action for all", "the action goes with the noise")):
    pair = (with_labels(latents, keep) for latents in drawn)
    scores.append(swap_test(labelled_people, *pair, still, rhythm))
    print(f"{name:30} content {scores[-1][0]:.2f}, motion {scores[-1][1]:.2f}")
predict("looks of people", measured=round(float(scores[1][0]), 2))

# %%
one_action, content = scores[0][0], scores[1][0]
print("of one action, content decides over 0.9 of the looks:", bool(one_action > 0.9))
print("of several, under 0.8:", bool(content < 0.8))

# %% [markdown]
# With one action the codes keep apart; the action's *label* does not. Each person did each action once, in a film with a wall
# of its own, so whoever changes the action changes the wall: in the real films, too, the person
# decides 0.44 of these looks (measured by us).

# %% [markdown]
# ## 8.6 Your video GAN
#
# ### Exercise 8.6 `train_video`  (8 min, medium, core)
#
# `windows` and `video_gan_round` are the names that `check` gave you above.


# %% tags=["exercise", "train_video"]
def my_train_video(gan, bank, config):
    """Train from where `gan` stands to `config.n_steps`."""
    ...  # your code


# %% tags=["check", "train_video"]
train_video = check("train_video", my_train_video)

# %% [markdown]
# Now put **your parts** together: generator, windows, round and loop (the library's where one of
# yours is missing), and train from nothing. The discriminators are the library's.
#
# A run that is stopped can go on if everything that it needs is kept: weights, optimisers, the
# averaged G, the random source and the step. Here `gan` holds all five, so each of the three cells
# below asks your loop for a new iterator, which goes on where the last one stopped.
#
# The course's recipe has 4,400 steps. Yours has 1,980, about two minutes on one core, in three cells.


# %%
def new_game(config, memory=True, on="cpu"):
    """Both discriminators of the course, your generator, its average and optimiser."""
    gan = new_video_gan(config, on=torch.device(on))
    gan.generator = new_generator(config.seed, memory).to(on)
    gan.generator_ema = copy.deepcopy(gan.generator).requires_grad_(False)
    weights = gan.generator.parameters()
    adam = {"lr": config.g_lr, "betas": config.betas, "fused": True}
    gan.g_optim = torch.optim.Adam(weights, **adam)
    return gan


def go_on(gan, n_logs=2):
    """Train for so many logs, then show three clips, always of the same noise."""
    for log in islice(train_video(gan, bank, config), n_logs):
        margins = f"clip {log.clip_margin:.2f}, frame {log.frame_margin:.2f}"
        losses = f"D {log.d_loss:.2f}, G {log.g_loss:.2f}"
        print(f"step {log.step}: {losses}; margins: {margins}")
    made = generate(gan.generator_ema, 3, n_frames=16, rng=runtime.new_rng(8))
    return show_film_strip(made, caption=f"After {gan.step} steps.")


log_every = runtime.steps(330)
config = recipe("shapes", "cpu", n_steps=runtime.steps(1980), log_every=log_every)
gan = new_game(config)

# %% tags=["train", "nbval-ignore-output"]
go_on(gan)

# %% [markdown]
# One object, in one colour, because the painter knows nothing else. Its form the discriminators still
# have to teach.

# %% tags=["train", "nbval-ignore-output"]
go_on(gan)

# %% [markdown]
# In its second half, from step 990 on, the learning rates fall: so a run has to know its whole length
# when it begins.

# %% tags=["train", "nbval-ignore-output"]
go_on(gan)

# %% tags=["nbval-ignore-output"]
made = generate(gan.generator_ema, 200, n_frames=16, rng=runtime.new_rng(1))
show_clips(made[:8], caption=f"Your video GAN after {gan.step} steps.")

# %% [markdown]
# **Predict.** Look at these clips. In what share of 200 will a drawn square, circle or triangle fit the
# object in all 16 frames, always the same one?

# %% tags=["predict", "share-that-can-be-named"]
predict("share that can be named", None)  # for example 0.5

# %% tags=["nbval-ignore-output"]
stored = measured_shapes_runs()


def of(model, column):
    """A column of the stored runs of one kind, a number a seed."""
    return [run[column] for run in stored["runs"] if run["model"] == model]


card = quick_card(made, measure_real(bank, n=200, quick=True))
distance, motion = card["fvd_small"], card["motion_energy"]
share = motion.value / motion.floor
named = read_content("shapes", made)["named"].double().mean().item()
print(f"clip distance {distance.value:.3f}, motion {share:.2f} of real")
predict("share that can be named", measured=round(named, 2))

# %%
baseline = of("independent", "clip_distance")
print("your game has played its six logs:", gan.step == 6 * log_every)
print("at most half of the baseline's distance:", distance.value <= min(baseline) / 2)
print("motion energy within 30 % of real:", abs(share - 1) <= 0.3)
print("a third can be named, or more:", named >= 1 / 3)

# %% [markdown]
# The baseline has no memory and fresh noise at every frame. A script trained and measured nine runs as
# long as yours, three seeds of each kind. In the third kind, "frames only", the clip discriminator
# says the same of all clips, so G is trained by the frame discriminator alone.
#
# **Predict.** By which factor is their clip distance larger than the whole GAN's?

# %% tags=["predict", "factor-without-a-clip-discriminator"]
predict("factor without a clip discriminator", None)  # for example 1.5

# %%
for run in stored["runs"]:
    frames = f"frames {run['frame_distance']:.3f}, " if "frame_distance" in run else ""
    print(
        f"{run['model']:11} seed {run['seed']}, {run['n_steps']} steps: "
        f"clips {run['clip_distance']:.3f}, {frames}"
        f"motion {run['motion']:.2f} of real, named {run['named']:.0%}"
    )
whole = stored["runs"][0]
(blind, *_) = [run for run in stored["runs"] if run["model"] == "frames only"]
by_frames, by_clips = (
    blind[f"{kind}_distance"] / whole[f"{kind}_distance"] for kind in ("frame", "clip")
)
predict("factor without a clip discriminator", measured=round(by_clips, 1))

# %%
print("by frames it is less than three times as far:", by_frames < 3)
print("by clips it is over five times as far:", by_clips > 5)

# %% [markdown]
# Their objects hardly move, a sixth of the real motion, and no single frame shows that. With fresh
# noise and no memory there is more than three times the real motion, and shapes can be named as well.
#
# In the whole GAN's clips a template names 64, 98 and 92 % of the shapes, seed by seed, and 95 to 97 %
# after 4,400 steps (three seeds, measured by us).
#
# ## 8.7 Real people
#
# The same loop, trained on nine people who wave, do jumping jacks and bend (the Weizmann actions, Gorelick et
# al. 2007). Both sides are also told who it is and what is done (lesson 11). The generator comes
# with the course; the films do not, so you see generated clips only.

# %% tags=["nbval-ignore-output"]
films = generate(people, 4, n_frames=16, rng=runtime.new_rng(3))
show_clips(films, caption="Clips that nobody filmed.", strip_rows=0)

# %% tags=["nbval-ignore-output"]
stated = shipped_card("weizmann")
print(f"{stated['steps']} steps, seed {stated['seed']}, {stated['minutes']} minutes")
rows = {row["metric"]: row for row in stated["metrics"]["rows"]}
for metric in ("fvd_small", "precision", "recall", "motion_energy"):
    row = rows[metric]
    print(f"{metric:14} {row['value']:.4f}   real clips {row['floor']:.4f}")

# %%
energy = rows["motion_energy"]
print("people move less than the real ones:", energy["value"] < energy["floor"])

# %% [markdown]
# Read the card as a panel: most real clips have a made one beside them (recall), most made clips lie
# among real ones (precision), they move a little less, and their distance is eight times that of
# real clips. It was taken against the films of the training: it does not see what was learned by heart.
#
# The painter has two streams (Vondrick et al. 2016): a **background**, painted once a clip from the
# content alone, and a moving foreground with a **mask** that says where it covers the background
# (white).

# %% tags=["nbval-ignore-output"]
parts = scene_parts(people, people.draw_latents(1, 16, runtime.new_rng(4)))
ground = parts.background[:, None].expand(-1, 16, -1, -1, -1)
mask = 2 * parts.mask.expand(-1, -1, 3, -1, -1) - 1
streams = torch.cat([parts.videos(), ground, parts.foreground, mask])
order = "From the top: clip, background, foreground, mask."
show_film_strip(streams[:, ::2], caption=order)

# %%
joined = parts.mask * parts.foreground + (1 - parts.mask) * ground
print("mask joins the two:", torch.allclose(joined, parts.videos(), atol=1e-5))

# %% [markdown]
# Nobody told the mask what an arm is, and it is no silhouette. The background keeps a body where
# most frames of this person have one, and where a frame has none, the foreground paints wall over
# it. White means: here the foreground is shown.
#
# **With a GPU** the next cell trains people at 64x64 pixels, if `VGAN_BUDGET=gpu` was set before the
# start and the films are there (`python3 start.py data fetch weizmann`). Elsewhere it prints its
# command; with `--budget cpu` a laptop does 32x32 in about a quarter of an hour of CPU time.

# %% tags=["train"]
full = runtime.budget() == "gpu"
words = ["train", "--data", "weizmann", "--budget", "gpu", "--out", "people-64"]
if full:
    subprocess.run([sys.executable, "-m", "vgan_lessons", *words], check=True)
print(*(["done:"] if full else ["on a GPU:"]), "vgan-lessons", *words)

# %% [markdown]
# ## 8.8 Open task: keep the digit
#
# On `digits` the object may turn into another digit on its way. Change one thing, of the
# generator, of a discriminator or of a window, so that identity lasts longer after the same
# number of steps. Put 200 of your clips, uint8 (200, 16, 3, 32, 32), in place of `entry`; train the
# course's recipe (`recipe("digits", "cpu", n_steps=...)`) for as many steps as yours to compare. On
# seed 0 it keeps 60 % of the identities after 2,400 steps, four minutes; the generator of the grid
# above was trained for 5,200.

# %% tags=["nbval-ignore-output"]
entry = None  # your clips
bank_of_digits = load_videos("digits", n_videos=200)
real_digits = bank_of_digits.frames.view(200, 16, *bank_of_digits.frames.shape[1:])
course = generate(digits, 200, n_frames=16, rng=runtime.new_rng(6))
kept = {}
for name, clips in (("real", real_digits), ("grid", course), ("yours", entry)):
    if clips is not None:
        seen = read_content("digits", clips)
        kept[name] = seen["identity"].double().mean().item()
        n_classes = len(seen["classes"].unique())
        print(f"{name}: identity kept in {kept[name]:.1%}, {n_classes} of 10 digits")

# %%
print("the grid's keep it in more than 80 %:", kept["grid"] > 0.8)

# %% [markdown]
# A generator that makes one digit only keeps its identity, too: read both numbers.
#
# ## 8.9 Exit quiz

# %%
quiz(8)

# %%
quiz(8, None, None, None, None, None)

# %% [markdown]
# ## What you take along
#
# 1. One content a clip, a path of motion codes, a painter that knows nothing of time.
# 2. Two discriminators on one window a step; reals and fakes through the same sampler.
# 3. A code means what a swap shows it to mean.
#
# | you wrote | it now lives in |
# |---|---|
# | `sample_latents`, `VideoGenerator` | `vgan_lessons/models/lstm_gan.py` |
# | `windows` | `draw_window` in `vgan_lessons/training/windows.py` |
# | `video_gan_round`, `train_video` | `video_gan_round`, `train_video_gan` in `vgan_lessons/training/video.py` |
# | `swap_test` | `vgan_lessons/models/swapping.py` |
# | `diagnose_video` | `vgan_lessons/evaluation/diagnosing.py` |
#
# Further reading: Vondrick et al. 2016, *Generating Videos with Scene Dynamics*, arXiv:1609.02612;
# Tulyakov et al. 2018, *MoCoGAN: Decomposing Motion and Content for Video Generation*,
# arXiv:1707.04993.
#
# Next: [09 Evaluation](09_evaluation.ipynb). Is it good, or does it only look good?

# %% [markdown]
# ## Further: six trainings
#
# Small trainings on 16x16 shapes: one is sound, five were broken on purpose. Two clips of
# each, and the median of the last five logs, where 64 clips were measured:
#
# - `motion`: change over one frame, real clips have 1;
# - `restless`: the change over one frame divided by the largest change over any number of frames, 1
#   for noise;
# - `comes_back`: the least change over three or more frames divided by the change over one; 0 is the
#   same frame again (a loop may be restless, too: ask for it first);
# - `content_change`: of colour, from beginning to end; `variety`: of the clips' colours, real 1.

# %%
runs = recorded_video_runs()
columns = ("clip_margin", "motion", "restless", "comes_back")
columns += ("content_change", "variety")
ends = {
    name: {word: getattr(run.curves, word)[-5:].median().item() for word in columns}
    for name, run in runs.items()
}
show_table(ends, form=".2f", corner="run")
clips = torch.cat([run.clips[:2] for run in runs.values()])
show_film_strip(clips, caption="A to F from the top, two clips of each.")

# %% [markdown]
# **Predict.** In one of them the clip discriminator is blind and G paints with a memory. Which?

# %% tags=["predict", "blind-with-memory"]
predict("blind, with memory", None)  # for example "A"

# %% [markdown]
# ### Exercise 8.7 `diagnose_video`  (12 min, medium, extra)


# %% tags=["exercise", "diagnose_video"]
def my_diagnose_video(run):
    """Name what happened to a training, by what its last logs say."""
    ...  # your code


# %% tags=["check", "diagnose_video"]
diagnose_video = check("diagnose_video", my_diagnose_video)

# %%
for name, run in runs.items():
    print(f"--- {name}: {diagnose_video(run.curves)}\n{run.slip.strip()}")
predict("blind, with memory", measured=sorted(runs)[1])

# %% [markdown]
# Frozen motion has two faces. A blind clip discriminator has margin 0; where G is trained on frame
# 0 alone (not shown), clips stand still and the margin is about 5: D tells them apart, and G
# cannot act on it.
