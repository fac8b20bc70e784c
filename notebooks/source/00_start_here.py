# %% [markdown]
# # 00 Start here: can noise become a film?
#
# | you will be able to | you will write | you need | time and budget |
# |---|---|---|---|
# | run a lesson, make clips with a trained video GAN, train one yourself, have an answer checked, ask for hints | `from_uint8`, one line | this page; no GPU | 13 min of reading, 3 of writing; any CPU, a minute or two of computing |

# %%
import os
import platform
import sys

import torch
from IPython.display import display
from torch import nn

from vgan_lessons import layout, runtime
from vgan_lessons.datasets import load_videos
from vgan_lessons.display.clips import show_clips, show_film_strip
from vgan_lessons.exercises import check, hint, predict, progress, quiz, solution
from vgan_lessons.models.generators import generate
from vgan_lessons.runs import load_shipped
from vgan_lessons.training import new_video_gan, recipe, train_video_gan
from vgan_lessons.widgets import film_explorer

# %% [markdown]
# ## 0.1 What you will have made
#
# A **generator** turns random numbers into a film. The one below was trained by the methods
# of this course and comes with it. It has never seen the clips that it shows you here: each
# starts from its own draw of noise. An LSTM, a network with a memory, decides how the object
# moves; a convolutional network paints every frame.

# %%
rng = runtime.new_rng(0)
generator = load_shipped("shapes")
fake_videos = generate(generator, 8, n_frames=16, rng=rng)
show_clips(fake_videos, caption="Eight films made from noise.")

# %% [markdown]
# Look at one clip for a while. The object keeps its shape and its colour, and it moves along
# a path instead of jumping about. The generator is built so that one part of the noise stands
# for the looks and another for the motion, and so that an object has a single colour; what a
# square is, which colours there are, and how things move, it had to learn from examples. Its teacher was the **discriminator**, a second network that tries to
# tell films of the generator from real ones. The two learned against each other, and that
# contest is what "adversarial" means in *generative adversarial network*, GAN.
#
# The generator knows nothing but the noise that it is given, so other noise makes other films.
# Move the slider (click on it, then use the arrow keys): each position is another seed, the
# number from which the random numbers are drawn.


# %%
def films_of(seed):
    made = generate(generator, 4, n_frames=16, rng=runtime.new_rng(seed))
    return show_clips(made, caption=f"Films of seed {seed}.", strip_rows=1)


film_explorer(films_of)

# %% [markdown]
# The same seed always brings the same films back. Shape, colour, size, place and path all
# hang on the noise, and a small step in the noise is a small step in the film. (Without a
# running kernel the slider is missing and you see the films of seed 0.)
#
# Here are two clips as **film strips**: time runs from left to right. One of them is real,
# drawn by a short program that knows what a circle is; the other is generated.

# %%
real_videos = load_videos("shapes", n_videos=64).sample_clips(8, n_frames=16, rng=rng)
pair = torch.cat([layout.to_uint8(real_videos[:1]), fake_videos[2:3]])
show_film_strip(pair, caption="One real clip, one generated.", row_labels=["A", "B"])

# %% [markdown]
# **Predict.** Which row is the generated one, A or B? Write your guess into the next cell
# in place of `None`, with its quotation marks, and run it. (`Shift` + `Enter` runs a cell.)
# The answer in the cell below it is folded until you run that cell too.

# %% tags=["predict", "generated-row"]
predict("generated row", None)  # for example "A"

# %%
predict("generated row", measured="B")

# %% [markdown]
# If you had to look twice, the generator did its work. If you saw it at once, you have done
# a discriminator's work: an edge that trembles, or an object that the frame cuts off, gave it
# away. Real objects always stay whole. Lesson 09 replaces such impressions by measurements.
#
# ## 0.2 This machine
#
# Every lesson runs on an ordinary laptop. A graphics processor (GPU) is an extra: the same
# code then trains larger models. One word, the **budget**, makes the difference.

# %% tags=["nbval-ignore-output"]
print(f"Python {platform.python_version()}, torch {torch.__version__}")
print(f"{os.cpu_count()} cores; networks would run on: {runtime.device()}")

# %%
torch_version = tuple(int(part) for part in torch.__version__.split(".")[:2])
recent = sys.version_info >= (3, 11) and torch_version >= (2, 11)
print(f"recent enough: {recent}; budget: {runtime.budget()}")

# %% [markdown]
# `recent enough: True` means that all lessons run here. The first two lines describe your
# own machine, so they may differ from what a friend reads.
#
# ## 0.3 A clip is a block of numbers
#
# To a network, a batch of videos is one tensor with five axes, always in this order:
#
# $$(B,\ T,\ C,\ H,\ W)$$
#
# batch (which video), time (which frame), channel (red, green, blue), height, width.
#
# **Predict.** How many numbers make up *one* of the clips above? It has 16 frames of 32 x 32
# pixels in colour.

# %% tags=["predict", "numbers-in-a-clip"]
predict("numbers in a clip", None)  # for example 1000

# %%
B, T, C, H, W = fake_videos.shape
print(f"{B} videos, {T} frames, {C} channels, {H} x {W} pixels; {fake_videos.dtype}")
predict("numbers in a clip", measured=T * C * H * W)
print("made from", generator.painter.content_dim, "+", generator.noise_dim, "numbers")

# %% [markdown]
# 49,152 numbers, made from 36 that are drawn at random: 20 say what the object looks like
# (6 pick a form, 8 vary it, 6 pick a colour), and 16 say how it moves. What lies between is
# the subject of this course.
#
# The clips are kept as `uint8`: whole numbers from 0 (black) to 255 (white), one byte each.
# Networks prefer floats around 0. Our generators end in a tanh, whose values lie between -1
# and 1, so real clips must be brought to the same range. That is your first exercise.
#
# ## 0.4 Your first exercise
#
# In every exercise you fill in a function called `my_...`, and `check` compares it with the
# library's. First see what `check` says about an answer that is **wrong**. This one brings
# the bytes to the range from 0 to 1:

# %%
_ = check("from_uint8", lambda stored: stored / 255)

# %% [markdown]
# Read the line from left to right: which exercise, the verdict, the input that showed it,
# what was expected and what came, and, where the numbers betray the mistake, its name. It
# ends with how the page goes on: **with the library's version**. A wrong or a missing answer
# never stops a later cell.
#
# ### Exercise 0.1 `from_uint8`  (3 min, easy, core)
#
# What is asked stands under the cell. Replace the line with the three dots, run the cell, then
# run the check below it.
#
# <details><summary>Stuck?</summary> The cell after the check gives a hint. Each
# <code>hint("from_uint8")</code> gives the next one; there are three.</details>


# %% tags=["exercise", "from_uint8"]
def my_from_uint8(stored):
    """Turn bytes 0...255 into floats -1...1."""
    ...  # your code


# %% tags=["check", "from_uint8"]
from_uint8 = check("from_uint8", my_from_uint8)

# %% [markdown]
# The name on the left, `from_uint8`, is what the rest of the page uses: your function once
# it has passed, the library's until then. Your own name, `my_from_uint8`, stays yours, so
# that you can change it and run both cells again as often as you like.

# %%
hint("from_uint8", 1)

# %% [markdown]
# Do you give up, or would you like to compare? Write `True` below. The library's own lines
# appear, and the table at the end of the page remembers that you have seen them.

# %%
show_the_solution = False
if show_the_solution:
    solution("from_uint8")

# %% [markdown]
# Now use what you wrote. Brought to floats and back, a clip must not change by a single byte.

# %%
videos = from_uint8(fake_videos)
print(f"range {videos.min():.3g} to {videos.max():.3g}, as {videos.dtype}")
print("every byte comes back:", torch.equal(layout.to_uint8(videos), fake_videos))

# %% [markdown]
# **Break it.** Write 128 where 127.5 belongs and run the check again. White, byte 255, then
# comes out as 0.992, a difference nobody can see (no pixel above is quite white: its 254 gives
# 0.992 by the right rule). What could a discriminator make of it, if only the *real* clips were
# scaled so? (Where fakes are stored as bytes and scaled rightly, one pixel of 1 gives them away.
# Lesson 04 hunts such leaks.)
#
# ## 0.5 Longer than it was trained
#
# The generator was trained on films of 16 frames. Its memory does not know that.
#
# **Predict.** Asked for 48 frames, will the objects still move at the end? Motion energy
# measures the change from frame to frame. Guess how much of it is left in the last 16 frames,
# as a share of that in the first 16.

# %% tags=["predict", "share-of-motion"]
predict("share of motion", None)  # for example 0.5

# %%
long_videos = generate(generator, 32, n_frames=48, rng=runtime.new_rng(1))
changes = from_uint8(long_videos).diff(dim=1).square().mean(dim=(0, 2, 3, 4))  # (47,)
share = (changes[-15:].mean() / changes[:15].mean()).item()
predict("share of motion", measured=round(share, 1))

# %%
show_clips(long_videos[:4], caption="Four films, three times as long as in training.")

# %% [markdown]
# There is as much motion at the end as at the beginning. An LSTM carries its state from frame
# to frame and can be asked for more; a network that makes all frames at once cannot. But look
# closely: after a while most of these films go round the same loop. Lesson 11 measures that,
# and asks what a *good* longer film would be.
#
# **With a GPU** the same course trains on people who wave, bend and walk, at four times the
# pixels. In a terminal: `python3 start.py train --data weizmann --budget gpu`. A laptop does
# it at a smaller size in about eight minutes: `--budget cpu`.
#
# ## 0.6 Watch one learn
#
# So far somebody else did the training. Now you: from weights that know nothing to moving
# shapes, in half a minute or a little more. In every step two discriminators see real and generated films: the
# **frame discriminator** looks at single pictures, the **clip discriminator** at several in a
# row. Both are changed to tell them apart better, and G to be told apart less. Two films of the
# same noise, as they stand after more and more steps:


# %% tags=["train", "nbval-ignore-output"]
def watch(gan, config):
    """Train to the end and show two films on the way; returns the motion of 64."""
    for log in train_video_gan(gan, bank, config):
        films = generate(gan.generator_ema, 64, n_frames=16, rng=runtime.new_rng(3))
        caption = f"After {log.step} steps."
        display(show_film_strip(films[:2], caption=caption))
    return from_uint8(films).diff(dim=1).square().mean().item()


bank = load_videos("shapes")
n_steps, log_every = runtime.steps(300), runtime.steps(100)
config = recipe("shapes", "cpu", n_steps=n_steps, log_every=log_every)
motion = watch(new_video_gan(config, on=runtime.device()), config)

# %% [markdown]
# The first steps bring one object of one colour, and it moves; its form takes longer. Squares and
# triangles are not there yet: the generator of section 0.1 is this one after 4,400 steps.
#
# **Predict.** Once more, the same steps, without the clip discriminator. The frame
# discriminator still sees every picture. What will be missing: colour, outline or motion?

# %% tags=["predict", "what-is-missing"]
predict("what is missing", None)  # "colour", "outline" or "motion"


# %% tags=["train", "nbval-ignore-output"]
class SeesNothing(nn.Module):
    def forward(self, clips, stride):
        return 0 * clips.flatten(1).sum(dim=1)  # the same logit for every clip


gan = new_video_gan(config, on=runtime.device())
gan.clip_discriminator = SeesNothing()
motion_without = watch(gan, config)

# %%
much_less = motion_without < motion / 2
print("less than half of the motion is left:", much_less)
predict("what is missing", measured="motion" if much_less else "nothing")

# %% [markdown]
# Every single picture is as good as before, and the films hardly move: no single picture says
# how it should go on, so nobody told G. Why good frames can make a bad film is the question of
# lesson 06; lessons 01 to 08 take the loop apart that ran here.
#
# ## 0.7 Three questions before you go
#
# Put a number, or the letter of an option in quotation marks, in place of each `None`.

# %%
quiz(0)

# %%
quiz(0, None, None, None)

# %% [markdown]
# ## 0.8 Where you stand
#
# Your progress is kept on this machine, in one small file. No account, nothing is sent. A
# number shows one lesson; `progress()`, without a number, shows the whole course.

# %%
progress(0)

# %% [markdown]
# If it says `not yet` although you never typed an answer: that was the wrong one of section
# 0.4. A right answer replaces it, and once passed stays passed.

#
# ## 0.9 What comes
#
# Fourteen lessons, each built on the ones before. Those with a link can be opened now.
#
# | lesson | the question | you write |
# |---|---|---|
# | [01 The game](01_the_game.ipynb) | What does a perfect discriminator know? | the value of the game, and its best reply |
# | [02 Objectives](02_objectives.ipynb) | What does each objective really ask for? | pairs of losses |
# | [03 Dynamics](03_dynamics.ipynb) | Why do GANs run in circles, and what stops them? | steps that circle, penalties that damp |
# | [04 Training](04_training.ipynb) | How do you trust a loop that has no right answer? | both steps, the average, the whole loop |
# | [05 Frames](05_frames.ipynb) | How does noise become one picture? | generator and discriminator for frames, and their loop |
# | [06 Video tensors](06_video_tensors.ipynb) | Why can good frames make a bad film? | motion energy, layouts, a discriminator for clips |
# | [07 LSTM](07_lstm.ipynb) | What does a memory remember? | an LSTM, gate by gate |
# | [08 The video GAN](08_video_gan.ipynb) | Who moves, and who is moved? | the generator of section 0.1, and its training |
# | [09 Evaluation](09_evaluation.ipynb) | Is it good, or does it only look good? | six metrics, and what each cannot see |
# | [10 Little data](10_little_data.ipynb) | What if there are only a hundred clips? | augmentation that does not leak |
# | [11 Longer films](11_longer_films.ipynb) | What happens after the last frame? | drift, periods, going on from one frame |
# | [12 Scale](12_scale.ipynb) | How does it get faster and stay right? | half precision, parts, processes, a checkpoint |
# | [13 Rivals](13_rivals.ipynb) | GAN, VAE or diffusion: when is which the better choice? | DDIM, a fair comparison, your own project |
#
# **The short road to video**: this page, the core exercises of 01 and 04, then 05, 06, 07 and
# 08. What is marked *extra* can wait. Each page says at its top what it takes for granted.
#
# Where it comes from: Vondrick et al. 2016, *Generating videos with scene dynamics*,
# arXiv:1609.02612; Tulyakov et al. 2018, *MoCoGAN*, arXiv:1707.04993.
#
# **In three lines.** A video is a tensor (B, T, C, H, W). A generator makes one from noise, and
# a discriminator teaches it by telling its films from real ones. Here you write the parts,
# `check` compares them with the library, and every page runs even while you are still thinking.
#
# | you wrote | it lives in |
# |---|---|
# | `from_uint8` | `vgan_lessons/layout.py` |
#
# Next: [01 The game](01_the_game.ipynb), where two densities and one curve show what a
# discriminator can know.
