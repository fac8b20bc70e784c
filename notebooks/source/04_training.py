# %% [markdown]
# # 04 How do you trust a training loop that has no right answer?
#
# | you will be able to | you will write | you need | time and budget |
# |---|---|---|---|
# | write D's turn, G's turn and the loop around them; measure what a generator covers; tell from curves what is wrong with a run; mend a published program | `d_step`, `g_step`, `mode_coverage`, `ema_update`, `minibatch_std`, `diagnose`, `shared_preprocessing`, `repair_the_article`, `repair_the_players` | notebooks 02 and 03; you know `loss.backward()` | 20 min of reading, 90 of writing (12 more are extra); any CPU, about a minute of computing |

# %%
import copy
import statistics
import textwrap

import torch
from torch import nn
from torch.nn.utils import parametrize

from vgan_lessons import article, runtime, widgets
from vgan_lessons.datasets import draw_shapes, ring_centres, ring_of_gaussians
from vgan_lessons.display import curves
from vgan_lessons.exercises import (
    check,
    explain,
    hint,
    predict,
    progress,
    quiz,
    solution,
)
from vgan_lessons.losses import non_saturating_d_loss, non_saturating_g_loss
from vgan_lessons.metrics import leak_features, leaky_pair, probe_accuracy
from vgan_lessons.models.points import new_point_players
from vgan_lessons.penalties import gradient_penalty, r1_penalty
from vgan_lessons.plane.league import PointLeague
from vgan_lessons.plane.recorded import LABELS, recorded_runs

# %% [markdown]
# ## 4.1 Eight heaps on a ring
#
# A classifier's loop can be trusted by its loss: it falls, or something is wrong. A GAN's
# loop has no such number. Each player's loss measures the other player, and lesson 03 showed
# that going round in circles is the normal case. So we build the loop on data where the truth
# is known and can be *seen*: points in the plane, in eight heaps on a ring of radius 2, each
# heap a Gaussian with $\sigma = 0.1$.
#
# The players are as small as the data: two hidden layers of 64 units each. G takes two
# normal numbers to a point; D takes a point to a logit.

# %%
centres, SIGMA = ring_centres(), 0.1
G, D = new_point_players(seed=0)
rng = runtime.new_rng(0)
untrained = G(G.draw_latents(300, rng))
widgets.show_points({"before training": untrained}, discriminators=[D])

# %% [markdown]
# Blue dots are reals, orange triangles are fakes: one small heap in the empty middle. Shades
# are D's opinion: white where it says "real", dark where "fake", and so far one light grey.
#
# A D that knows nothing and says 0 everywhere is *silent*. Make one, by clearing the last
# layer, and read the two losses where every training starts:

# %%
silent = copy.deepcopy(D)
for weights in silent.layers[-1].parameters():
    nn.init.zeros_(weights)
real = ring_of_gaussians(128, rng=rng)
real_logits, fake_logits = silent(real), silent(untrained)
print(f"D loss {non_saturating_d_loss(real_logits, fake_logits):.6f} = 2 ln 2")
print(f"G loss {non_saturating_g_loss(real_logits, fake_logits):.6f} = ln 2")

# %% [markdown]
# If the first line of your own log is far from 1.386 and 0.693 in the logistic game, stop:
# the networks start too loud, or the loss is another than you think.

# %% [markdown]
# ## 4.2 D's turn
#
# One round has two turns. In **D's turn** reals and fakes are scored, D's loss is
# differentiated, D moves. Three things go wrong in published code, and none of them raises an
# error:
#
# * The fakes carry G's graph along. It costs time, and leaves gradients on G that its own next
#   step may add in. Cut the graph: *in D's turn G stands still*.
# * PyTorch **adds** new gradients to old ones. Without `zero_grad` D follows the sum of all
#   its past.
# * The latents are drawn once. Draw them anew in every turn; so they are an argument here.
#
# ### Exercise 4.1 `d_step`  (10 min, medium, core)
#
# <details><summary>Stuck?</summary> <code>hint("d_step")</code>, again for the next one, then
# <code>solution("d_step")</code>. <code>explain("d_step")</code> repeats what is asked and
# what the last check found.
# </details>


# %% tags=["exercise", "d_step"]
def my_d_step(generator, discriminator, d_optim, d_loss_fn, real, z, penalty=None):
    """Move D once, so that it tells this batch better, while G stands still."""
    ...  # your code


# %% tags=["check", "d_step"]
d_step = check("d_step", my_d_step)

# %% [markdown]
# ## 4.3 G's turn
#
# In **G's turn** the fakes are scored by the D that has just moved, and the gradient runs
# *through* D into G. D must not move. Here the trap is the opposite one: cut the graph between
# G and D, by habit, and G gets no gradient at all.
#
# The backward pass also fills D's `.grad`, which is not D's to use. Clear it, or do not let it
# be filled: `backward(inputs=...)` names the tensors that may receive a gradient.
#
# ### Exercise 4.2 `g_step`  (10 min, medium, core)
#
# `g_loss_fn` takes the real logits too: relativistic games compare with them. They need no
# graph.


# %% tags=["exercise", "g_step"]
def my_g_step(generator, discriminator, g_optim, g_loss_fn, real, z):
    """Move G once: fakes that D scores better, while D stands still."""
    ...  # your code


# %% tags=["check", "g_step"]
g_step = check("g_step", my_g_step)

# %% [markdown]
# The cheapest test of any GAN code, also of code that you did not write: a checksum of each
# player before and after each turn.


# %%
def checksum(network):
    return sum(w.detach().double().sum().item() for w in network.parameters())


def moved(turn):
    before = checksum(D), checksum(G)
    loss = turn().item()
    return checksum(D) != before[0], checksum(G) != before[1], loss


game = (non_saturating_d_loss, non_saturating_g_loss)
d_optim, g_optim = (torch.optim.Adam(p.parameters(), lr=3e-3) for p in (D, G))
z = G.draw_latents(128, rng)
print(
    "D's turn: D moved {}, G moved {}, loss {:.2f}".format(
        *moved(lambda: d_step(G, D, d_optim, game[0], real, z))
    )
)
print(
    "G's turn: D moved {}, G moved {}, loss {:.2f}".format(
        *moved(lambda: g_step(G, D, g_optim, game[1], real, z))
    )
)

# %% [markdown]
# ## 4.4 The loop, in full
#
# Nothing is left but to take turns. The loop is an *iterator*: after every round it hands the
# losses to whoever called it. Plots, logs and early stops are then ordinary code around a
# `for`, and the loop needs to know nothing of them.


# %%
def play(
    G,
    D,
    d_loss_fn,
    g_loss_fn,
    draw_real,
    draw_z,
    n_rounds,
    *,
    n_critic=1,
    d_lr=3e-3,
    g_lr=3e-3,
    penalty=None,
):
    """Play rounds: n_critic turns of D, then one of G.
    Yields (round, D loss, G loss).
    """
    adam = {"betas": (0.5, 0.9), "fused": True}
    d_optim = torch.optim.Adam(D.parameters(), lr=d_lr, **adam)
    g_optim = torch.optim.Adam(G.parameters(), lr=g_lr, **adam)
    for step in range(1, n_rounds + 1):
        for _ in range(n_critic):
            real = draw_real()
            d_loss = d_step(G, D, d_optim, d_loss_fn, real, draw_z(), penalty)
        g_loss = g_step(G, D, g_optim, g_loss_fn, real, draw_z())
        yield step, d_loss, g_loss


# %% [markdown]
# Adam's first number, 0.5 instead of the usual 0.9, is the GAN habit: lesson 03 showed what
# momentum does to a game that turns.
#
# **Predict.** The run below goes well: the fakes end on the ring. D's loss starts at 1.386.
# Where will it be at the end?

# %% tags=["predict", "d-loss-of-a-good-run"]
predict("D loss of a good run", None)  # for example 0.1


# %% tags=["train", "nbval-ignore-output"]
def draws(rng):
    return lambda: ring_of_gaussians(128, rng=rng), lambda: G.draw_latents(128, rng)


G, D = new_point_players(seed=0)
shown_z = G.draw_latents(1000, runtime.new_rng(1))
history, films = [], {"start": G(shown_z).detach()}
to_film = {runtime.steps(n): f"round {n}" for n in (30, 100, 300, 1000)}
n_rounds = runtime.steps(1000)
for step, d_loss, g_loss in play(G, D, *game, *draws(runtime.new_rng(2)), n_rounds):
    history.append((d_loss.item(), g_loss.item()))
    if step in to_film:
        films[to_film[step]] = G(shown_z).detach()
d_losses, g_losses = zip(*history, strict=True)
predict("D loss of a good run", measured=statistics.mean(d_losses[-200:]))

# %%
curves.show(
    range(1, n_rounds + 1, 10),
    {"D": d_losses[::10], "G": g_losses[::10]},
    x_label="round",
    y_label="loss (nats)",
    y_limits=(0, 3),
    alt="Losses against rounds. Both swing in the first 200 rounds, then D's settles a "
    "little under 1.386 and G's a little over 0.693, where a silent D began.",
)
late = [statistics.mean(losses[-200:]) for losses in (d_losses, g_losses)]
print("D's loss ends within 0.2 of 2 ln 2:", abs(late[0] - 1.386) < 0.2)
print("G's loss ends within 0.2 of ln 2:", abs(late[1] - 0.693) < 0.2)

# %% tags=["nbval-ignore-output"]
moments = {name: points for name, points in films.items() if name != "start"}
widgets.show_points(moments)

# %% [markdown]
# Read the two figures together. The losses swing for 200 rounds and then lie where they
# *began*, near $2 \ln 2$ and $\ln 2$. The fakes meanwhile went from the blob in the middle over
# a streak and a ribbon to eight heaps. **The loss curves of a success end where those of a
# silent D start.** Whoever looks at losses alone sees a run in which nothing was learned.

# %% [markdown]
# ## 4.5 Count what is covered
#
# So measure the fakes themselves. A point is of **high quality** if it lies within $3\sigma$
# of a centre. Three numbers follow: how many of the modes hold such a point; what share of all
# points is of high quality; and how evenly the good ones are shared out, as the divergence of
# their shares $h_k$ from equal ones,
#
# $$
# \mathrm{KL}(h \,\|\, u) = \sum_k h_k \log (K h_k)
# $$
#
# which is 0 for equal shares, and $\log 2 = 0.693$ if half of the modes are missing. Quality
# and coverage are two things: a G that paints one perfect point has quality 1 and one mode.
#
# ### Exercise 4.3 `mode_coverage`  (12 min, medium, core)


# %% tags=["exercise", "mode_coverage"]
def my_mode_coverage(points, centres, sigma):
    """Count the modes that a generator reaches, and how evenly and how cleanly it
    does.
    """
    ...  # your code


# %% tags=["check", "mode_coverage"]
mode_coverage = check("mode_coverage", my_mode_coverage)

# %% [markdown]
# First on points whose answer is known, then on the run above:

# %%
reals = ring_of_gaussians(2000, rng=rng)
half = reals[torch.cdist(reals, centres).argmin(dim=1) < 4]
for name, points in {"reals": reals, "half the modes": half}.items():
    n_modes, kl, quality = mode_coverage(points, centres, SIGMA)
    print(f"{name}: {n_modes} modes, KL {kl:.2f}, quality {quality:.2f}")

# %% tags=["train", "nbval-ignore-output"]
for name, points in films.items():
    n_modes, kl, quality = mode_coverage(points, centres, SIGMA)
    print(f"{name:10}: {n_modes} modes, KL {kl:.2f}, quality {quality:.2f}")

# %%
n_modes, kl, quality = mode_coverage(films["round 1000"], centres, SIGMA)
print("all eight modes:", n_modes == 8, "| evenly, KL under 0.2:", kl < 0.2)
print("quality over 0.6:", quality > 0.6)

# %% [markdown]
# Here is the number that the losses did not give: 8 modes, evenly, and about four fifths of
# the points where points should be. The rest is on its way from one heap to the next: G is
# continuous, and to cover eight separate heaps it has to stretch somewhere.

# %% [markdown]
# ## 4.6 Show the average, not the last step
#
# G circles around its goal. The average of a circle is its centre, and an average of G's
# *weights* over the last steps is a better generator than any single one of them. Keep a copy
# that follows slowly:
#
# $$
# \bar\theta \leftarrow \beta\, \bar\theta + (1 - \beta)\, \theta
# $$
#
# **Predict.** With $\beta = 0.999$, after how many steps has the copy gone half of the way to
# a G that stands still?

# %% tags=["predict", "half-life-of-the-average"]
predict("half-life of the average", None)  # for example 500

# %% [markdown]
# ### Exercise 4.4 `ema_update`  (8 min, easy, core)
#
# No graph may grow from step to step.


# %% tags=["exercise", "ema_update"]
def my_ema_update(average, model, decay):
    """Move every averaged weight a little towards the model's."""
    ...  # your code


# %% tags=["check", "ema_update"]
ema_update = check("ema_update", my_ema_update)

# %%
average, model = nn.Linear(1, 1), nn.Linear(1, 1)
for network, value in ((average, 0.0), (model, 1.0)):
    for weights in network.parameters():
        nn.init.constant_(weights, value)
for n_updates in range(1, 1000):
    ema_update(average, model, 0.999)
    if n_updates == 100:
        left = 1 - average.weight.item()
        print(f"left after 100 steps: {left:.4f} = 0.999 to the 100")
    if average.weight.item() >= 0.5:
        break
predict("half-life of the average", measured=n_updates)

# %% [markdown]
# Half of the way takes $\ln 2 / (1 - \beta) = 693$ steps. For a run of a thousand rounds that
# is too slow; we take 0.99, half in 69. Play 400 more rounds with a follower:

# %% tags=["train", "nbval-ignore-output"]
G_average = copy.deepcopy(G)
single, averaged = [], []
for step, *_ in play(G, D, *game, *draws(runtime.new_rng(3)), runtime.steps(400)):
    ema_update(G_average, G, 0.99)
    if step > runtime.steps(200) and step % runtime.steps(10) == 0:
        for player, list_of_qualities in ((G, single), (G_average, averaged)):
            points = player(shown_z).detach()
            list_of_qualities.append(mode_coverage(points, centres, SIGMA)[2])
for name, found in {"G itself": single, "its average": averaged}.items():
    middle = statistics.median(found)
    print(f"{name}: quality {middle:.2f}, from {min(found):.2f} to {max(found):.2f}")

# %%
print("the average is better:", statistics.median(averaged) > statistics.median(single))
print("and steadier:", statistics.stdev(averaged) < statistics.stdev(single))

# %% [markdown]
# Same training, same cost, a better generator that also holds still. From here to the end of
# the course, every model that is shown or measured is an average.

# %% [markdown]
# ## 4.7 Play it yourself
#
# Now be the loop. **D's step** and **G's step** move one player; the triangle runs rounds in
# slow motion, as many to a picture as the slider says. Arrows show where G's loss pulls a
# fake, longer where it pulls harder. Objective and R1 may be changed in the middle of a game.
#
# Try: ten steps of D in a row, then look at the arrows. Ten steps of G in a row: what does it
# do when D stands still? Then run it to the ring, switch to Wasserstein, and go on.

# %%
widgets.live_duel()

# %% [markdown]
# The same game standing still, first with the non-saturating objective, then with R1
# ($\gamma = 1$) added:

# %% tags=["train", "nbval-ignore-output"]
rounds = [runtime.steps(n) for n in (30, 100, 400)]
widgets.show_duel([0, *rounds])

# %% tags=["train", "nbval-ignore-output"]
widgets.show_duel(rounds, r1_gamma=1.0)

# %% [markdown]
# In the first row D's shades swing round like a searchlight, and the fakes run before them:
# round 30 all to one side, round 100 to another. That is lesson 03's circle, seen from above.
# In the second row D is soft, the swings are smaller, and the fakes take the ring at once; but
# a soft D also draws soft borders, and at round 400 the heaps are less sharp. Damping has a
# price.

# %% [markdown]
# ## 4.8 Six objectives, three seeds each
#
# One run is an anecdote. Each objective of lesson 02 gets three seeds: 0, 1, 2. For one seed
# all objectives start from the same weights and see the same data, so that we compare games
# and not luck. To save your time the games of one cell run *side by side*: every weight
# matrix gets one more axis, one loss is the sum of all, and your loop does not notice. First
# make sure that nothing leaks from game to game:

# %% tags=["train"]
league = PointLeague(["non-saturating"], seeds=(0, 1, 2))
alone = PointLeague(["non-saturating"], seeds=(1,))
for one in (league, alone):
    turns = (one.d_loss, one.g_loss, one.draw_real, one.draw_z)
    losses = [loss.item() for _, loss, _ in play(*one.players, *turns, 20)]
apart = league.fakes(100)["non-saturating"][1] - alone.fakes(100)["non-saturating"][0]
print("game 1 of three = game 1 alone:", bool(apart.abs().max() < 1e-3))

# %% [markdown]
# **Predict.** How many of the six reach all eight modes in 400 rounds, with every seed?

# %% tags=["predict", "objectives-that-reach-all-modes"]
predict("objectives that reach all modes", None)  # for example 6

# %%
results = {}


def compete(label, names, n_rounds=400, change=None, **habits):
    """Play a league to its end; print median (smallest-largest) over the seeds."""
    league = PointLeague(names, seeds=(0, 1, 2))
    if change:
        change(league.discriminator)
    turns = (league.d_loss, league.g_loss, league.draw_real, league.draw_z)
    for _ in play(*league.players, *turns, runtime.steps(n_rounds), **habits):
        pass
    for name, clouds in league.fakes().items():
        found = [mode_coverage(cloud, centres, SIGMA) for cloud in clouds]
        modes, _, quality = (sorted(column) for column in zip(*found, strict=True))
        results[name + label] = (modes, quality, clouds[0])
        print(f"{name + label:29} {modes[1]} modes ({modes[0]}-{modes[2]})", end="")
        print(f"   quality {quality[1]:.2f} ({quality[0]:.2f}-{quality[2]:.2f})")
    return league


# %% tags=["train", "nbval-ignore-output"]
_ = compete("", ["non-saturating", "least squares", "hinge"])

# %% tags=["train", "nbval-ignore-output"]
_ = compete("", ["Wasserstein", "relativistic pairs", "relativistic average"])

# %%
reach_all = [name for name, (modes, *_) in results.items() if modes[0] == 8]
predict("objectives that reach all modes", measured=len(reach_all))
print("all modes, every seed:", ", ".join(reach_all))
others = [quality[1] for name, (_, quality, _) in results.items() if name in reach_all]
print("their median qualities are all over 0.25:", min(others, default=0) > 0.25)
print("Wasserstein's is under 0.1:", results["Wasserstein"][1][1] < 0.1)

# %% [markdown]
# Seed 0 of each:

# %% tags=["nbval-ignore-output"]
widgets.show_points({name: cloud for name, (_, _, cloud) in results.items()}, columns=3)

# %% [markdown]
# Five games arrive, some sooner than others. Do not read a ranking off the table: it is one
# moment of runs that still improve, at one learning rate, and **three seeds rank nothing**. The
# minimax game comes in 4.9.
#
# Wasserstein fails: its D may grow without limit, and its loss is a straight line in every
# score. Lesson 03's alternating steps would circle in such a game; with a momentum of 0.5 they
# spiral outwards. It needs a leash. Which one?

# %% [markdown]
# ### Leashes, measured
#
# Lesson 03 wrote three. The **gradient penalty**, weight 10, as in WGAN-GP, with one step of D
# a round (the paper takes five). From here on we stop at 300 rounds:

# %% tags=["train", "nbval-ignore-output"]
mix_rng = runtime.new_rng(4)


def in_one_batch(D, n_games=3):
    return lambda points: D(points.unflatten(0, (-1, n_games))).flatten()


def wgan_gp(D, real, fake):
    mix = torch.rand(real.shape[:2].numel(), generator=mix_rng)
    pair = real.flatten(0, 1), fake.flatten(0, 1)
    return 3 * gradient_penalty(in_one_batch(D), *pair, mix, 10.0)


_ = compete(" + GP", ["Wasserstein"], 300, penalty=wgan_gp)

# %% [markdown]
# **Spectral norm**: every weight matrix divided by its largest singular value, so that D's
# slope is at most 1. Here on the hinge game, which was fine without it, and beside it the same
# game with each of the three matrices multiplied again, so that the slope is at most 4:


# %% tags=["train", "nbval-ignore-output"]
class Bounded(nn.Module):
    """Lesson 03's power iteration, one round a call, for all games at once."""

    def __init__(self, weights, largest):  # (games, n_in, n_out)
        super().__init__()
        self.largest = largest
        self.v = torch.ones_like(weights[:, 0, :, None])

    def forward(self, weights):
        with torch.no_grad():
            u = nn.functional.normalize(weights @ self.v, dim=1)
            self.v = nn.functional.normalize(weights.mT @ u, dim=1)
        return self.largest * weights / (u.mT @ weights @ self.v)


def tame(D, slope=1.0):
    for layer in D.layers[::2]:
        bound = Bounded(layer.weight, slope ** (1 / 3))
        parametrize.register_parametrization(layer, "weight", bound)


tamed = [
    compete(" + SN, slope 1", ["hinge"], 300, change=tame),
    compete(" + SN, slope 4", ["hinge"], 300, change=lambda D: tame(D, 4.0)),
]
logits = [torch.stack(league.logits()["hinge"]) for league in tamed]
inside = [(scores.abs() < 1).float().mean().item() for scores in logits]
print("scores inside the margin of 1: {:.0%} and {:.0%}".format(*inside))

# %% [markdown]
# And **R1**, $\gamma = 1$, zero slope at the reals, on the game that failed:


# %% tags=["train", "nbval-ignore-output"]
def r1(D, real, fake):
    return 3 * r1_penalty(in_one_batch(D), real.flatten(0, 1), 1.0)


_ = compete(" + R1", ["Wasserstein"], 300, penalty=r1)


# %%
def arrived(name):
    return results[name][0][1] >= 7 and results[name][1][1] > 0.1


for name in (name for name in results if " + " in name):
    print(f"{name}: 7 modes or more, a tenth of the points clean: {arrived(name)}")
print("scores inside the hinge's margin, over 90 % in both:", min(inside) > 0.9)

# %% [markdown]
# Read this table twice, for it contradicts common advice.
#
# *Wasserstein + GP* still fails in this budget: a bound on the slope keeps the game from
# exploding, but damps nothing, and the fakes run in circles. *Wasserstein + R1* arrives: R1 is
# friction, as lesson 03's eigenvalues said.
#
# *Hinge + SN* fails at slope 1 although hinge alone was fine, and with slope 4 it arrives: **what
# fails is a scale, not a method.** A tempting explanation is that with slope 1 no score can leave
# the margin, and that inside the margin the hinge loss is $2 + l_{fake} - l_{real}$, the
# Wasserstein loss. The last line forbids it as the whole reason: at slope 4 the scores end
# inside the margin too. On images, where distances are large, hinge + SN is a good recipe. Do not
# carry a leash from one data set to another without looking.

# %% [markdown]
# ## 4.9 Break it: two ways to lose the balance
#
# Take the same loop and make D fast and G slow: five turns of D a round, at ten milli a step,
# G at 0.3. First the minimax loss, then the non-saturating one.
#
# **Predict.** After 200 rounds of the non-saturating game, how many modes are left?

# %% tags=["predict", "modes-under-a-fast-d"]
predict("modes under a fast D", None)  # for example 8

# %% tags=["train", "nbval-ignore-output"]
fast_d = {"n_critic": 5, "d_lr": 1e-2, "g_lr": 3e-4}
beaten = compete(", fast D", ["minimax", "non-saturating"], 200, **fast_d)
for name, (real_logits, fake_logits) in beaten.logits().items():
    d_loss = non_saturating_d_loss(real_logits, fake_logits)
    gap = (real_logits.mean() - fake_logits.mean()).item()
    print(f"{name}: D loss {d_loss:.1g}, logit gap {gap:.0f}")
predict("modes under a fast D", measured=results["non-saturating, fast D"][0][1])

# %%
print("minimax, no mode with any seed:", results["minimax, fast D"][0] == [0, 0, 0])
print("non-saturating, at most 3 modes:", results["non-saturating, fast D"][0][2] <= 3)
print("and yet clean, quality over 0.3:", results["non-saturating, fast D"][1][1] > 0.3)

# %% [markdown]
# One D, two ways to die, and lesson 02 foretold both. In the minimax game **D has won**: its
# loss is 0 to many digits, the gap is tens of logits wide, and G, whose slope is
# $\mathrm{sigmoid}(l) \approx 0$, is told nothing for ever. The non-saturating G is pulled
# with full strength, to wherever D is weakest, and all fakes go there together: **mode
# collapse**, at a quality that any single picture would be praised for.
#
# The opposite imbalance, a D that lags behind, is the more treacherous:

# %% tags=["train", "nbval-ignore-output"]
slow_d = {"d_lr": 3e-4, "g_lr": 1e-2}
lagging = compete(", slow D", ["non-saturating"], 300, **slow_d)
real_logits, fake_logits = lagging.logits()["non-saturating"]
d_loss = non_saturating_d_loss(real_logits, fake_logits).item()
g_loss = non_saturating_g_loss(real_logits, fake_logits).item()
print(f"D loss {d_loss:.2f}, G loss {g_loss:.2f}")

# %% tags=["nbval-ignore-output"]
names = ["minimax, fast D", "non-saturating, fast D", "non-saturating, slow D"]
widgets.show_points({name: results[name][2] for name in names}, columns=3)

# %%
print("slow D: at most 3 modes:", results["non-saturating, slow D"][0][1] <= 3)
print("D's loss within 0.2 of 2 ln 2:", abs(d_loss - 1.386) < 0.2)
print("G's loss within 0.2 of ln 2:", abs(g_loss - 0.693) < 0.2)

# %% [markdown]
# The losses of the third game are those of a perfect equilibrium, and G makes next to
# nothing of the ring: it runs to wherever D looks kindly, and has left before D can learn.
# **Losses near $2 \ln 2$ and $\ln 2$ mean success, ignorance, or a chase.** Only the fakes
# tell.

# %% [markdown]
# ## 4.10 Let D see the crowd
#
# D scores one point at a time, so a G that makes one good point 128 times passes 128 times. A
# remedy: tell D how much the samples of a batch *differ*. Within a group take the standard
# deviation at each place, average it to one number, and append it to every sample as one more
# channel (Karras et al., 2018).
#
# ### Exercise 4.5 `minibatch_std`  (10 min, medium, core)


# %% tags=["exercise", "minibatch_std"]
def my_minibatch_std(features, group_size):
    """Tell D how much the samples of a group differ, so that a collapsed G gives
    itself away.
    """
    ...  # your code


# %% tags=["check", "minibatch_std"]
minibatch_std = check("minibatch_std", my_minibatch_std)

# %% [markdown]
# One number gives a collapsed G away, and a D that is handed it, under the same fast D as
# above, keeps G from collapsing:


# %% tags=["train", "nbval-ignore-output"]
class CrowdDiscriminator(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = nn.Sequential(
            nn.Linear(3, 64),
            nn.LeakyReLU(0.2),
            nn.Linear(64, 64),
            nn.LeakyReLU(0.2),
            nn.Linear(64, 1),
            nn.Flatten(0),
        )

    def forward(self, points):
        return self.layers(minibatch_std(points, group_size=len(points)))


collapsed = results["non-saturating, fast D"][2][:128]
crowds = (reals[:128], collapsed)
spread = [minibatch_std(points, 128)[0, -1].item() for points in crowds]
print(f"spread of 128 reals {spread[0]:.2f}, of 128 collapsed fakes {spread[1]:.2f}")
G, _ = new_point_players(seed=0)
with torch.random.fork_rng(devices=[]):
    torch.manual_seed(0)
    D = CrowdDiscriminator()
for _ in play(G, D, *game, *draws(runtime.new_rng(0)), runtime.steps(200), **fast_d):
    pass
n_modes, kl, quality = mode_coverage(G(shown_z).detach(), centres, SIGMA)
print(f"with the crowd: {n_modes} modes, KL {kl:.2f}, quality {quality:.2f}")

# %%
print("the collapsed cloud is less than half as wide:", spread[1] < spread[0] / 2)
print("with the crowd in sight, over 5 modes:", n_modes > 5)

# %% [markdown]
# The collapse is gone, and the quality is still low: D now wins by other means. Minibatch
# statistics forbid one failure; they do not make a game fair. Two warnings: D's scores now
# depend on the company a sample is in, so penalties that assume one slope per sample (lesson
# 03) must be looked at again, and the batch must be the same size for reals and fakes.

# %% [markdown]
# ## 4.11 Six runs, one healthy: name the trouble
#
# Here are six recorded runs of one program on our ring; five have a slip. Nothing is made up:
# each was played by code with that slip in it.

# %%
runs = recorded_runs()
for label, meaning in LABELS.items():
    print(f"{label:14}  {meaning}")
last_fakes = {f"run {name}": run.points[-1] for name, run in runs.items()}
widgets.show_points(last_fakes, columns=6)

# %% [markdown]
# Their losses, on one scale:

# %%
for names in ("ABC", "DEF"):
    charts = [
        curves.Chart(
            x=runs[name].curves.step,
            lines={"D": runs[name].curves.d_loss, "G": runs[name].curves.g_loss},
            x_label="step",
            y_label="loss (nats)",
            title=f"run {name}",
            y_limits=(0, 6),
        )
        for name in names
    ]
    curves.side_by_side(*charts)

# %% [markdown]
# And the numbers that should stand in every log beside them, at the end of each run:

# %%
columns = [
    "d_loss",
    "g_loss",
    "real_logit",
    "fake_logit",
    "d_grad_norm",
    "g_grad_norm",
    "modes",
]
print("run " + "".join(f"{column:>12}" for column in columns))
for name, run in runs.items():
    ends = [getattr(run.curves, column)[-1].item() for column in columns]
    print(f"{name:4}" + "".join(f"{value:12.3g}" for value in ends))

# %% [markdown]
# Look in this order, because what is broken comes before what it leads to:
#
# | you see | it is | why |
# |---|---|---|
# | any number that is not finite | `nan` | it never heals; look for a log of a probability (lesson 01) |
# | a gradient norm that grows into the hundreds | `no_zero_grad` | old gradients pile up |
# | all "logits" between 0 and 1, D's loss stuck above 1.006 | `double_sigmoid` | $s(-1) + s(0) = 1.0064$ is the best it can do |
# | D's loss stays near 0 | `d_won` | G gets nowhere: balance, or a leak (4.12) |
# | none of these, but one or two modes | `mode_collapse` | only the fakes show it |
# | none of these, and the modes are there | `healthy` | the losses may look like anything |
#
# ### Exercise 4.6 `diagnose`  (15 min, medium, core)
#
# Turn the table into a function of a run's curves. It is tried on runs you have not seen.


# %% tags=["exercise", "diagnose"]
def my_diagnose(run):
    """Name what is wrong with a logistic game on the ring of eight from its
    curves.
    """
    ...  # your code


# %% tags=["check", "diagnose"]
diagnose = check("diagnose", my_diagnose)

# %%
for name, run in runs.items():
    found = diagnose(run.curves)
    print(f"run {name}: {found:14} right: {found == run.label}")

# %% [markdown]
# And what had been slipped into the five, beside the code as it should be (in run A, D plays
# at a rate of 0.001):

# %%
for name, run in runs.items():
    if run.slip:
        print(f"--- run {name}, {run.label}:")
        print(textwrap.indent(run.slip.strip(), "    "))
        print(f"as it should be:\n{textwrap.indent(run.mended.strip(), '    ')}")

# %% [markdown]
# ## 4.12 When D wins honestly: a leak
#
# Sometimes D wins and nothing is wrong with the game: it has found something that is *true*
# about the reals and cannot be true of fakes. Files hold bytes, so real pixels lie on a grid
# of 256 levels, often in a frame that is exactly black. A generator paints floats. A D that
# sees the grid never needs to look at the picture.
#
# Below both sides show the **same kind** of pictures, as good as fakes can ever be; only the
# storage differs. A straight line through five plain numbers plays D, tried on pictures it
# has not seen.
#
# **Predict.** What share of them does it sort correctly? (0.5 is guessing.)

# %% tags=["predict", "share-sorted-by-a-straight-line"]
predict("share sorted by a straight line", None)  # for example 0.6

# %%
bank = draw_shapes(400, n_frames=1, rng=runtime.new_rng(5))
pictures = bank.frames / 127.5 - 1
stored, painted = leaky_pair(pictures, border=2, rng=runtime.new_rng(6))
print(f"real {tuple(stored.shape)}, fake {tuple(painted.shape)}")
share = probe_accuracy(leak_features(stored), leak_features(painted))
predict("share sorted by a straight line", measured=share)

# %% [markdown]
# All of them. The remedy is one function that **both** sides pass through before D looks: cut
# the frame off, put every pixel on the grid. Rounding has slope 0, and would cut G off from
# D; so the gradient is let through as if nothing had been rounded.
#
# ### Exercise 4.7 `shared_preprocessing`  (10 min, medium, core)


# %% tags=["exercise", "shared_preprocessing"]
def my_shared_preprocessing(images, border):
    """Cut off the ring at the border and put every pixel on the 8-bit grid."""
    ...  # your code


# %% tags=["check", "shared_preprocessing"]
shared_preprocessing = check("shared_preprocessing", my_shared_preprocessing)

# %%
sides = {"untouched": (stored, painted)}
sides["reals alone"] = (shared_preprocessing(stored, 2), painted[..., 2:-2, 2:-2])
sides["both"] = (shared_preprocessing(stored, 2), shared_preprocessing(painted, 2))
for name, pair in sides.items():
    share = probe_accuracy(*map(leak_features, pair))
    print(f"{name:12} {share:.2f}   at most 0.6: {share <= 0.6}")

# %% [markdown]
# Treating the reals alone changes nothing: the difference stays, and D finds it. When D wins
# within a hundred steps and stays ahead whatever you do, suspect a leak before you suspect the
# balance: resizing, JPEG, value range, padding, and time stamps in file order have all done
# it.

# %% [markdown]
# ## 4.13 Mend a published program
#
# The article that this course grew out of prints a whole program for a video GAN. We wrote it
# again in PyTorch, fault for fault.
#
# **Predict.** You will see its loop in exercise 4.8 and its networks in 4.9. How many faults
# does the whole program have?

# %% tags=["predict", "faults-of-the-published-program"]
predict("faults of the published program", None)  # for example 3

# %% [markdown]
# ### Exercise 4.8 `repair_the_article`  (15 min, medium, core)
#
# Mend the loop. You wrote all of its parts today.


# %% tags=["exercise", "repair_the_article"]
def my_repair_the_article(
    generator, discriminator, g_optim, d_optim, real_batches, sample_latents
):
    """Mend this loop: it never reaches its first round, and there is more."""
    noise = sample_latents(batch_size)
    for _ in real_batches:
        # the discriminator's turn
        score = discriminator(generator(noise)).mean().item()
        d_loss = torch.tensor(score, requires_grad=True)
        g_optim.zero_grad()
        d_loss.backward()
        g_optim.step()

        # the generator's turn
        score = discriminator(generator(noise)).mean().item()
        g_loss = torch.tensor(score, requires_grad=True)
        d_optim.zero_grad()
        g_loss.backward()
        d_optim.step()
        yield d_loss.item(), g_loss.item()


# %% tags=["check", "repair_the_article"]
repair_the_article = check("repair_the_article", my_repair_the_article)

# %% [markdown]
# ### Exercise 4.9 `repair_the_players`  (12 min, medium, extra)
#
# Mend the networks. The smallest pair that makes a clip at all will do; lesson 05 builds better
# frames, lesson 08 real motion.


# %% tags=["exercise", "repair_the_players"]
def my_repair_the_players(*, n_frames, frame_size, latent_dim, width):
    """Mend these players: G takes a picture of noise and makes pictures of one
    pixel.
    """

    def halving(n_in, n_out):
        same = nn.Conv2d(n_in, n_out, 3, padding=1)
        return [same, nn.Conv2d(n_out, n_out, 3, stride=2, padding=1)]

    g_layers, d_layers, n_in = [], [], 3
    for stage, times in enumerate([1, 2, 4, 8, 16, 16, 8, 4, 2, 1]):
        g_layers += halving(n_in, times * width)
        if stage < 5:
            d_layers += halving(n_in, times * width)
        n_in = times * width
    g_layers += [nn.Conv2d(n_in, 3, 3, padding=1), nn.Conv2d(3, 3, 3, padding=1)]
    side = (frame_size + 31) // 32  # what five halvings leave
    d_layers += [nn.Flatten(), nn.Linear(16 * width * side * side, 1)]
    d_layers += [nn.Sigmoid(), nn.Flatten(0)]
    return nn.Sequential(*g_layers), nn.Sequential(*d_layers)


# %% tags=["check", "repair_the_players"]
repair_the_players = check("repair_the_players", my_repair_the_players)

# %% [markdown]
# Every fault has a detector that runs the program and never reads its text. The published one
# beside the mended one, which is yours wherever your answer passed:

# %%
mended = article.Program(
    build_players=repair_the_players,
    train=repair_the_article,
    d_objective=non_saturating_d_loss,
    g_objective=non_saturating_g_loss,
)
print(article.fault_table(published=article.PUBLISHED, mended=mended))
predict("faults of the published program", measured=len(article.FAULTS))

# %% [markdown]
# What each of them does:

# %%
for fault in article.FAULTS:
    words = f"{fault.name}: {fault.sentence}"
    print(textwrap.fill(words, 84, subsequent_indent="    "))

# %% [markdown]
# Now let both loops play on our ring. The published one stops before its first round, because
# nothing defines the batch size; lend it one, so that it plays at all:

# %% tags=["train", "nbval-ignore-output"]
as_published = article.train_on_the_ring(article.PUBLISHED.train, n_rounds=100)
as_mended = article.train_on_the_ring(repair_the_article, n_rounds=runtime.steps(600))
widgets.show_points({"published": as_published.points, "mended": as_mended.points})

# %%
for name, end in {"published": as_published, "mended": as_mended}.items():
    modes = end.coverage.n_modes
    print(f"{name}: any weight moved: {end.moved}, all eight modes: {modes == 8}")
noise, codes = torch.randn(2, 3, 100, 100), torch.randn(2, 16)
sizes = {"n_frames": 4, "frame_size": 100, "latent_dim": 16, "width": 2}
for program, given in ((article.PUBLISHED, noise), (mended, codes)):
    G_built, _ = program.build_players(**sizes)
    print(f"a batch of two comes out as {tuple(G_built(given).shape)}")

# %% [markdown]
# Once somebody lends it a batch size, the published program can run for a week: no weight
# moves, no error is raised, and every "frame" is one pixel. Its losses would even look calm.
# Your checksum of section 4.3 finds that in one round.

# %% [markdown]
# ## 4.14 On a GPU: sixty-four seeds
#
# Three seeds could not rank five games. The `cpu` budget plays a taste of this cell; with
# `VGAN_BUDGET=gpu` set before the start it plays 64 seeds of each game side by side for 3000
# rounds, and 64 numbers are enough for an interval.

# %% tags=["train"]
full = runtime.budget() == "gpu"
seeds, n_rounds = (range(64), 3000) if full else (range(3), 30)
league = PointLeague(["non-saturating", "hinge"], seeds=seeds, on=runtime.device())
turns = (league.d_loss, league.g_loss, league.draw_real, league.draw_z)
for _ in play(*league.players, *turns, n_rounds):
    pass
shares = {}
for name, clouds in league.fakes().items():
    found = [mode_coverage(cloud.cpu(), centres, SIGMA) for cloud in clouds]
    shares[name] = sum(n_modes == 8 for n_modes, _, _ in found) / len(found)
if full:
    print(shares)
print("games played:", len(shares) * len(seeds))

# %% [markdown]
# ## 4.15 Exit quiz
#
# Put your answers in place of `None`, letters in quotes, numbers without.

# %%
quiz(4)

# %%
quiz(4, None, None, None, None, None)

# %% [markdown]
# ## What you take along
#
# 1. Two turns, each with its own latents, its own `zero_grad`, and one player standing still.
#    A checksum before and after each turn is the cheapest test there is.
# 2. Losses near $2 \ln 2$ and $\ln 2$ mean success, ignorance or a chase: measure the fakes,
#    show the average, and never believe one seed.
# 3. When D wins, look for a leak first, then at the balance, then at the leash, whose scale
#    must fit the data.
#
# | you wrote | it now lives in |
# |---|---|
# | `d_step`, `g_step`, and the loop around them | `vgan_lessons/training/steps.py` |
# | `ema_update`, `diagnose` | `vgan_lessons/training/ema.py`, `vgan_lessons/plane/diagnosing.py` |
# | `mode_coverage`, `shared_preprocessing` | `vgan_lessons/metrics/modes.py`, `leaks.py` |
# | `minibatch_std` | `vgan_lessons/models/minibatch.py` |
# | `repair_the_article`, `repair_the_players` | `vgan_lessons/article/mended.py` |
#
# Next: **05 Frame GANs**. The same loop, with pictures instead of points: convolutions,
# normalisation and its side effects, and the first frames that look like something.
