# %% [markdown]
# # 01 What does a perfect discriminator know?
#
# | you will be able to | you will write | you need | time and budget |
# |---|---|---|---|
# | derive the best discriminator and what the game is then worth; say where the Jensen-Shannon divergence has no slope | `optimal_logit`, `game_value`, `mc_game_value`, `value_by_batch_size`, `value_of_any_d`, `fit_line_d`, `share_in_order`, `js_vs_w1`, and two extras | notebook 00; derivatives and integrals in one variable | 13 min of reading, 61 of writing (9 more are extra); any CPU, under a minute of computing |
#
# Taken for granted: [00](00_start_here.ipynb) (what a clip is, how checks work). What stands under
# *Further*, at the end, no later lesson needs.

# %%
import math

import torch
from torch import nn
from torch.nn import functional as F

from vgan_lessons import runtime, widgets
from vgan_lessons.datasets import draw_shapes
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
from vgan_lessons.layout import from_uint8

# %% [markdown]
# ## 1.1 Two densities on a line
#
# A GAN is a game of two (Goodfellow et al. 2014, *Generative adversarial nets*, arXiv:1406.2661).
# The **generator** G draws fakes; the **discriminator** D looks at one sample at a time and says
# how real it looks. Behind the samples stand two densities: **p**, that of the real data, and
# **q**, that of the fakes.
#
# This lesson puts the game on a line, where every integral can be computed: reals are drawn from
# N(0, 1), fakes from N(2, 1). A clip of 16 frames of 64x64 is 196,608 numbers instead of one;
# nothing we derive asks how many there are.


# %%
def log_normal(x, mean=0.0, scale=1.0):
    return -(((x - mean) / scale) ** 2) / 2 - math.log(scale * math.sqrt(2 * math.pi))


x = torch.linspace(-15, 25, 4001, dtype=torch.float64)
log_p, log_q = log_normal(x), log_normal(x, mean=2.0)
p, q = log_p.exp(), log_q.exp()
shown = slice(1000, 2201)  # x from -5 to 7
curves.show(
    x[shown],
    {"p, reals": p[shown], "q, fakes": q[shown]},
    x_label="x",
    y_label="density (1 / unit of x)",
)

# %% [markdown]
# D answers with a **logit** $l(x)$, any real number, larger for "more real". Squashed to a
# probability it is $D(x) = \mathrm{sigmoid}(l(x))$. The value of the game is
#
# $$
# V(D) = \mathbb{E}_{x \sim p}[\log D(x)] + \mathbb{E}_{x \sim q}[\log(1 - D(x))]
# $$
#
# D wants V large: $D$ near 1 on reals, near 0 on fakes, would bring it to its ceiling, 0. G
# moves q to make V small. A silent D, one half everywhere, earns $-\log 4 = -1.386$: a game whose
# D begins silent starts there, and returns there if G wins.

# %% [markdown]
# ## 1.2 The best discriminator, point by point
#
# Write both expectations as one integral:
#
# $$
# V(D) = \int p(x) \log D(x) + q(x) \log(1 - D(x)) \, dx
# $$
#
# No term ties D at one place to D at another. Fix one $x$, call $a = p(x)$ and $b = q(x)$, and look
# for the number $D$ that makes $h(D) = a \log D + b \log(1 - D)$ largest.
#
# **Predict.** At which $x$ will the best D say exactly one half?

# %% tags=["predict", "d-is-one-half-at-x"]
predict("D* is one half at x", None)  # for example 0.5

# %% [markdown]
# Before any calculus, try: at three places $x$, compute $h$ for a thousand values of $D$.

# %%
d = torch.linspace(0.001, 0.999, 999, dtype=torch.float64)
h, peaks = {}, []
for place in (0.3, 1.0, 1.7):
    here = torch.tensor(place)
    a, b = log_normal(here).exp(), log_normal(here, mean=2.0).exp()
    curve = a * d.log() + b * (1 - d).log()
    best = curve.argmax()
    h[f"x = {place}"] = curve
    peaks.append((d[best], curve[best]))
    print(f"x = {place}: best D by trying {d[best]:.3f}, p / (p + q) {a / (a + b):.3f}")
crossing = x[(log_p - log_q).abs().argmin()].item()
predict("D* is one half at x", measured=round(crossing, 2))

# %% [markdown]
# The best try is marked:

# %%
curves.show(
    d,
    h,
    x_label="D(x)",
    y_label="h(D), nats / unit of x",
    y_limits=(-1.2, -0.2),
    dots={"best of 999": tuple(zip(*peaks, strict=True))},
)

# %% [markdown]
# Each curve is a hill with one top, at $p / (p + q)$. Calculus says why:
#
# $$
# h'(D) = \frac{a}{D} - \frac{b}{1 - D} = 0
# \quad\Longleftrightarrow\quad
# D^*(x) = \frac{p(x)}{p(x) + q(x)}
# $$
#
# and $h''(D) < 0$, so there is no other top. As a logit it is shorter still:
#
# $$
# l^*(x) = \log\frac{D^*}{1 - D^*} = \log p(x) - \log q(x)
# $$
#
# **A perfect discriminator knows the ratio of the two densities, and nothing else.**

# %% [markdown]
# ### Exercise 1.1 `optimal_logit`  (3 min, easy, core)
#
# <details><summary>Stuck?</summary> <code>hint("optimal_logit")</code>, again for the next one,
# then <code>solution("optimal_logit")</code>. <code>explain("optimal_logit")</code> repeats
# what is asked. This works for every exercise, and <code>progress()</code> in a new cell says
# how far you
# are.</details>


# %% tags=["exercise", "optimal_logit"]
def my_optimal_logit(log_p, log_q):
    """The logit of the best discriminator: the log of the density ratio."""
    ...  # your code


# %% tags=["check", "optimal_logit"]
optimal_logit = check("optimal_logit", my_optimal_logit)

# %% [markdown]
# In three places, one far out:

# %%
at = torch.tensor([0.3, 1.0])
logit = optimal_logit(log_normal(at), log_normal(at, 2.0))
swapped = optimal_logit(log_normal(at, 2.0), log_normal(at))
print("D* at 0.3 and 1.0:", [round(v, 6) for v in torch.sigmoid(logit).tolist()])
print("swapping p and q negates the logit:", torch.equal(swapped, -logit))
far = torch.tensor(50.0)
far_p, far_q = log_normal(far).exp(), log_normal(far, 2.0).exp()
far_logit = optimal_logit(log_normal(far), log_normal(far, 2.0))
print(f"at 50: p / (p + q) = {far_p / (far_p + far_q):g}, logit = {far_logit:g}")

# %% [markdown]
# For this pair $l^*(x) = 2 - 2x$: a straight line. And the last line is the first reason why this
# course never lets a network return a probability: at $x = 50$ both densities are 0 in 32-bit
# floats and their ratio is 0/0, while the logit says $-98$.

# %% [markdown]
# ## 1.3 What the game is worth
#
# Put $D^*$ back into V, and write $m = (p + q)/2$ for the mixture, so that $p + q = 2m$:
#
# $$
# V(D^*) = \int p \log\frac{p}{2m} + q \log\frac{q}{2m} \, dx
#        = -2\log 2 + \mathrm{KL}(p \,\|\, m) + \mathrm{KL}(q \,\|\, m)
# $$
#
# The last two terms are, by definition, twice the **Jensen-Shannon divergence**:
#
# $$
# V(D^*) = -\log 4 + 2\,\mathrm{JS}(p, q), \qquad 0 \le \mathrm{JS} \le \log 2
# $$
#
# So D's best effort *measures a distance* between reals and fakes, and G makes that distance
# small. (Logarithms are natural: JS is in **nats**. $\log 2$ nats are one bit.)
#
# **Predict.** The fakes move away, from mean 2 to mean 8. What is the game worth now?

# %% tags=["predict", "game-value-at-shift-8"]
predict("game value at shift 8", None)  # for example -0.3

# %% [markdown]
# ### Exercise 1.2 `game_value`  (8 min, medium, core)
#
# `torch.trapezoid(values, x)` is the trapezoid rule.


# %% tags=["exercise", "game_value"]
def my_game_value(p, q, x):
    """The value of the game when D is the best there is."""
    ...  # your code


# %% tags=["check", "game_value"]
game_value = check("game_value", my_game_value)

# %% [markdown]
# JS on its own path, from the two KL divergences to the mixture, so that the identity above is
# tested and not assumed:


# %%
def kl(p, q):
    return torch.trapezoid(torch.xlogy(p, p / q), x)


for shift in (0, 1, 2, 4, 8):
    q_shifted = log_normal(x, mean=shift).exp()
    mixture = (p + q_shifted) / 2
    js = (kl(p, mixture) + kl(q_shifted, mixture)) / 2
    value = game_value(p, q_shifted, x)
    identity = -math.log(4) + 2 * js
    print(f"shift {shift}: V(D*) = {value:.4f}, -log 4 + 2 JS = {identity:.4f}")
predict("game value at shift 8", measured=round(value.item(), 4))

# %% [markdown]
# The columns agree. At shift 0 the fakes are perfect and the best D is silent. From shift 4 to 8
# hardly anything is left to happen; section 1.8 shows what that costs G.

# %% [markdown]
# ## 1.4 From samples only
#
# In training nobody knows p or q. There are $N$ real samples $x_i$ and $M$ fakes $G(z_j)$,
# and the expectations become means, a **Monte-Carlo estimate**:
#
# $$
# V \approx \frac1N \sum_{i=1}^{N} \log D(x_i) + \frac1M \sum_{j=1}^{M} \log(1 - D(G(z_j)))
# $$
#
# With the softplus $s(t) = \log(1 + e^t)$ these terms are $\log D = -s(-l)$ and
# $\log(1 - D) = -s(l)$, which stay finite for every logit.
#
# The second function measures a batch's error.
#
# ### Exercise 1.3 `mc_game_value`, `value_by_batch_size`  (13 min, medium, core)


# %% tags=["exercise", "mc_game_value", "value_by_batch_size"]
def my_mc_game_value(real_logits, fake_logits):
    """The value of the game estimated from samples, as a training loop sees it."""
    ...  # your code


def my_value_by_batch_size(real_logits, fake_logits, sizes):
    """How far a batch may err about the value of the game, for several sizes of
    batches.
    """
    ...  # your code


# %% tags=["check", "mc_game_value"]
mc_game_value, value_by_batch_size = check(
    "1.3",
    my_mc_game_value,
    my_value_by_batch_size,
)

# %% [markdown]
# **Predict.** You estimate V from 100 reals and 100 fakes. How many of each do you need to
# make the error ten times smaller?

# %% tags=["predict", "samples-for-a-tenth-of-the-error"]
predict("samples for a tenth of the error", None)  # for example 1000

# %%
rng = runtime.new_rng(0)
best_value = game_value(p, q, x)


def variance(weights, values):  # of values drawn with this density
    mean = torch.trapezoid(weights * values, x)
    return torch.trapezoid(weights * (values - mean) ** 2, x)


of_one = variance(p, F.logsigmoid(2 - 2 * x)) + variance(q, F.logsigmoid(2 * x - 2))
print(f"one real and one fake, by integrals: error {of_one.sqrt():.3f}")
real, fake = torch.randn(2, 2_000_000, generator=rng)
sizes = [32, 100, 1000, 10_000]
rows = value_by_batch_size(2 - 2 * real, 2 - 2 * (2 + fake), sizes)
for n, row in zip(sizes, rows.tolist(), strict=True):
    value, standard_error, error, predicted = row
    right = abs(value - best_value.item()) < 4 * standard_error
    print(
        f"batches of {n}: error {error:.2g}, predicted {predicted:.2g},",
        f"right on average: {right}",
    )
power = math.log(rows[1, 2] / rows[3, 2]) / math.log(100)
print(f"the error falls as n to the power -{power:.1f}")
samples = int(100 * 10 ** (1 / round(power, 1)))
predict("samples for a tenth of the error", measured=samples)

# %% [markdown]
# The estimate is right on average, its error $0.796/\sqrt n$ (**Monte Carlo error**). A
# tenth of the error costs a hundred times the samples. A batch of 32 reads the game to ±0.14
# nats, a fifth of its value: **from one step to the next the loss changes mostly by noise**; look at
# averages.

# %% [markdown]
# ### Break it: the logarithm of a probability
#
# The formula on paper says `log(1 - sigmoid(l))`. Type it that way and give it a fake that a
# careless D finds convincing, with a logit of 20.

# %%
fake_logit = torch.tensor([20.0], requires_grad=True)
for name, loss in {
    "log of 1 - sigmoid": torch.log(1 - torch.sigmoid(fake_logit)).sum(),
    "minus softplus": -F.softplus(fake_logit).sum(),
}.items():
    (slope,) = torch.autograd.grad(loss, fake_logit)
    print(f"{name}: value {loss.item():g}, slope {slope.item():g}")

# %% [markdown]
# 32-bit floats round $\mathrm{sigmoid}(20)$ to 1, the logarithm sees 0, and the slope is NaN. One
# such sample writes NaN into every weight. Softplus gives the right $-20$ and the right slope
# $-1$. Two habits follow: networks return logits, and losses take logits.

# %% [markdown]
# ## 1.5 Any other discriminator reports less
#
# You never own $D^*$; you own a network. How far off is its value? Subtract, point by point:
#
# $$
# V(D^*) - V(D) = \int (p + q)\,\Big[ D^* \log\frac{D^*}{D}
#     + (1 - D^*) \log\frac{1 - D^*}{1 - D} \Big] dx \;\ge\; 0
# $$
#
# The bracket is the KL divergence between two coins, one with probability $D^*$ and one with $D$:
# never negative, and 0 only where they are the same. So **every discriminator gives a lower
# bound**, and training D pushes the bound up.
#
# ### Exercise 1.4 `value_of_any_d`  (5 min, medium, core)
#
# `F.logsigmoid(l)` is $\log D$, and $1 - D(l) = D(-l)$.


# %% tags=["exercise", "value_of_any_d"]
def my_value_of_any_d(logits, p, q, x):
    """The value of the game for a discriminator that need not be the best one."""
    ...  # your code


# %% tags=["check", "value_of_any_d"]
value_of_any_d = check("value_of_any_d", my_value_of_any_d)

# %% [markdown]
# Disturb the best logits in 200 random smooth ways: is any of them better?

# %%
best_logits = optimal_logit(log_p, log_q)
gains = []
for _ in range(200):
    a, b, c = torch.randn(3, generator=rng, dtype=torch.float64)
    wave = a * torch.sin(x + 3 * b) + c * torch.cos(2 * x)
    gains.append((value_of_any_d(best_logits + wave, p, q, x) - best_value).item())
print("disturbed ones that beat the best:", sum(gain > 0 for gain in gains), "of 200")
undisturbed = value_of_any_d(best_logits, p, q, x) - best_value
print("undisturbed, the bound is reached:", bool(undisturbed.abs() < 1e-6))

# %% [markdown]
# None of 200. Now leave $D^*$ along three ways:

# %%
sizes = torch.linspace(-3, 3, 61, dtype=torch.float64)
constant, slope, wave = torch.ones_like(x), x - 1, torch.sin(3 * x)
directions = {"a constant": constant, "a slope": slope, "a wave": wave}
values = {
    name: [value_of_any_d(best_logits + size * way, p, q, x).item() for size in sizes]
    for name, way in directions.items()
}
curves.show(
    sizes,
    values,
    x_label="size of the disturbance added to the best logit",
    y_label="V(D), nats",
    marks={"best D": 0.0},
)

# %% [markdown]
# Three hills with one top, and no second one:
# $\log \mathrm{sigmoid}(l)$ bends downwards in $l$, and so do sums of such functions. D's task is
# easy *as a function*; it becomes hard because a network cannot reach every function.

# %% [markdown]
# ## 1.6 A discriminator that learns
#
# In training D climbs V on samples: each step moves its weights by a rate $h$ times V's slope
# (**gradient ascent**). Begin with a D of two weights, the line $l(x) = a + bx$:
#
# $$
# a \leftarrow a + h\, \frac{\partial V}{\partial a}, \qquad
# b \leftarrow b + h\, \frac{\partial V}{\partial b}
# $$
#
# ### Exercise 1.5 `fit_line_d`  (12 min, medium, core)


# %% tags=["exercise", "fit_line_d"]
def my_fit_line_d(real, fake, n_steps, step_size):
    """Train the straight-line discriminator l(x) = a + b x on samples, by gradient
    ascent.
    """
    ...  # your code


# %% tags=["check", "fit_line_d"]
fit_line_d = check("fit_line_d", my_fit_line_d)

# %%
reals, fakes = torch.randn(2, 4000, generator=rng)
for n_steps in (1, 10, 100, 300):
    a, b = fit_line_d(reals, 2 + fakes, n_steps, 0.5)
    print(f"{n_steps} steps: l(x) = {a:.1f} + {b:.1f} x")
print("within 0.2 of 2 - 2x:", bool((a - 2).abs() < 0.2 and (b + 2).abs() < 0.2))

# %% [markdown]
# It never saw a density, and finds $2 - 2x$. Now a network that may bend: 32 hidden units, 300
# steps.


# %%
def train_discriminator(loss_fn, n_steps=300, seed=0):
    rng = runtime.new_rng(seed)
    D = nn.Sequential(nn.Linear(1, 32), nn.Tanh(), nn.Linear(32, 1))
    for weights in D.parameters():
        nn.init.normal_(weights, std=0.3, generator=rng)
    optim = torch.optim.Adam(D.parameters(), lr=0.02)
    for _ in range(runtime.steps(n_steps)):
        real = torch.randn(256, 1, generator=rng)
        fake = 2 + torch.randn(256, 1, generator=rng)
        loss = loss_fn(D(real), D(fake))
        optim.zero_grad()
        loss.backward()
        optim.step()
    with torch.no_grad():
        return D(x.float().unsqueeze(1)).squeeze(1).double()


learned = train_discriminator(lambda real, fake: -mc_game_value(real, fake))
value = value_of_any_d(learned, p, q, x)
print(f"the best D is worth {best_value:.4f}")
print("the learned one less, by under 0.01:", bool(0 <= best_value - value < 0.01))

# %% [markdown]
# Its logits, beside the best:

# %%
curves.show(
    x[500:3001],
    {"learned": learned[500:3001], "best: log p - log q": best_logits[500:3001]},
    x_label="x",
    y_label="logit",
    marks={"reals": 0.0, "fakes": 2.0},
    alt="Logit against x from -10 to 15. The learned curve lies on the straight line "
    "2 - 2x where samples fall, -2 to 4, and bends away to flat levels outside.",
)

# %% [markdown]
# Where samples are crowded and where there are none:

# %%
crowded = (x > -1) & (x < 3)
empty = (x > 10) & (x < 15)
error = (learned - best_logits).abs()
print("largest error between -1 and 3 is under 0.5:", bool(error[crowded].max() < 0.5))
print("smallest error between 10 and 15 is over 5:", bool(error[empty].min() > 5))

# %% [markdown]
# Where samples fall, the network lies on the line; elsewhere no sample came, so no gradient did. A trained D knows the density ratio *where it was shown data*, and
# invents the rest.

# %% [markdown]
# ## 1.7 "D says one half, so the fakes are good"
#
# With a perfect D, $D = \tfrac12$ everywhere means $p = q$. The sentence fails as soon as D
# is weak. Take reals N(0, 1) and fakes N(0, 2.5²): the same centre, two and a half times too
# wide. Let D be your straight line.
#
# **Predict.** What is the best value that a straight-line D can reach here?

# %% tags=["predict", "best-straight-line"]
predict("best straight line", None)  # for example -1.1

# %%
wide_q = log_normal(x, scale=2.5).exp()
lines = {
    (a, b): value_of_any_d(a + b * x, p, wide_q, x).item()
    for a in torch.linspace(-2, 2, 17).tolist()
    for b in torch.linspace(-2, 2, 17).tolist()
}
(a, b), value = max(lines.items(), key=lambda item: item[1])
predict("best straight line", measured=round(value, 4))
print(f"best of {len(lines)} straight lines: {a:g} + {b:g} x, worth {value:.4f}")
trained = fit_line_d(reals, 2.5 * fakes, 300, 0.1)
print("yours, trained: both within 0.1 of 0:", all(w.abs() < 0.1 for w in trained))
print(f"best of all discriminators: {game_value(p, wide_q, x):.4f}")

# %% [markdown]
# The best straight line is $0 + 0x$: silence, the very numbers that a perfect generator would
# produce. And the fakes are plainly wrong: a better D reaches $-1.0993$. **One half means that
# this D sees no difference, not that there is none.**
#
# ### The same on clips
#
# Reals are clips of one moving shape; the fakes are other such clips with their frames
# shuffled: no clip of this kind moves like that. Two linear discriminators climb V. One is shown a
# frame (at 8x8), the other a frame and how much each place changes to the next one.
#
# **Predict.** Take a real and a shuffled clip that neither D has seen, and compare their mean
# logits. In what share of such pairs does the D of *frames* put the real clip first?

# %% tags=["predict", "share-for-the-d-of-frames"]
predict("share for the D of frames", None)  # for example 0.9

# %% [markdown]
# ### Exercise 1.6 `share_in_order`  (10 min, medium, core)


# %% tags=["exercise", "share_in_order"]
def my_share_in_order(real, fake, n_train, n_steps, step_size):
    """Train a linear discriminator on some clips and let it sort the others."""
    ...  # your code


# %% tags=["check", "share_in_order"]
share_in_order = check("share_in_order", my_share_in_order)

# %%
clips = from_uint8(draw_shapes(600, rng=runtime.new_rng(0)).frames)  # (B * T, C, H, W)
clips = F.avg_pool2d(clips, 4).unflatten(0, (600, 16))
real_clips, fake_clips = clips[:300], clips[300:].clone()
order_rng = runtime.new_rng(1)
for clip in fake_clips:
    clip[:] = clip[torch.randperm(16, generator=order_rng)]

# %% [markdown]
# What each D is shown:

# %%
views = {
    "frames": lambda c: c.flatten(2),
    "pairs": lambda c: torch.cat([c[:, :-1], c.diff(dim=1).abs()], dim=2).flatten(2),
}


def learned_from(view, fakes):
    """Weights and share of a D that is shown this view of 200 clips of each side."""
    real, fake = view(real_clips), view(fakes)  # (B, T, numbers)
    return share_in_order(real, fake, 200, runtime.steps(200), 0.02)


share = {name: float(learned_from(v, fake_clips)[1]) for name, v in views.items()}
print("the D of frames tosses a coin:", abs(share["frames"] - 0.5) < 0.1)
print("the D of pairs is right in over 0.95:", share["pairs"] > 0.95)
predict("share for the D of frames", measured=round(share["frames"], 1))

# %% [markdown]
# The share is the area under D's **ROC curve** (AUC): 0.5 is chance. Shuffling changes no frame, so
# p and q are *equal* for a D of frames. For pairs they differ. **D's logit is a density ratio of
# what it is shown**: a video GAN needs a D that is shown time.

# %% [markdown]
# ## 1.8 One distance goes deaf, the other does not
#
# If p and q do not overlap at all, then wherever one of them lives the other is 0, $D^*$ is exactly
# 1 or 0, and JS is $\log 2$. G, which learns from the slope of V, is told nothing.
#
# The **Wasserstein-1** distance is the least work (mass times way) that turns p into q. On a line it
# needs only the distribution functions P and Q, since $|P(x) - Q(x)|$ is the mass that has to be
# carried past $x$:
#
# $$
# W_1(p, q) = \int |P(x) - Q(x)| \, dx
# $$
#
# **Predict.** Two tent-shaped densities, each one unit wide, stand 2 units apart, then 10. JS
# was 0.693 at 2. What is it at 10?

# %% tags=["predict", "js-at-gap-10"]
predict("JS at gap 10", None)  # for example 0.9

# %% [markdown]
# ### Exercise 1.7 `js_vs_w1`  (10 min, medium, core)
#
# `torch.cumulative_trapezoid(y, x)` gives running integrals, one entry shorter than `y`: the
# integral up to the first point is 0.


# %% tags=["exercise", "js_vs_w1"]
def my_js_vs_w1(p, q, x):
    """Jensen-Shannon divergence and Wasserstein-1 distance of two densities on a
    line.
    """
    ...  # your code


# %% tags=["check", "js_vs_w1"]
js_vs_w1 = check("js_vs_w1", my_js_vs_w1)

# %% [markdown]
# Two tents, moved apart:


# %%
def tent(centre):
    return 2 * F.relu(1 - 2 * (x - centre).abs())  # one unit wide, integral 1


gaps = torch.linspace(0, 10, 41).tolist()
pairs = [js_vs_w1(tent(0.0), tent(gap), x) for gap in gaps]
js, w1 = ([value.item() for value in column] for column in zip(*pairs, strict=True))
for row in (2, 4, 8, 40):
    print(f"gap {gaps[row]:g}: JS = {js[row]:.4f}, W1 = {w1[row]:.4f}")
predict("JS at gap 10", measured=round(js[-1], 4))

# %% [markdown]
# As curves:

# %%
shared = {"x": gaps, "x_label": "gap (units of x)"}
curves.side_by_side(
    curves.Chart(lines={"JS": js}, y_label="JS (nats)", **shared),
    curves.Chart(lines={"W1": w1}, y_label="W1 (units of x)", **shared),
)

# %% [markdown]
# On the left JS climbs to 0.693 by gap 1, the width of a tent, and stays there: slope 0, no
# information. On the right $W_1$ is the gap itself, slope 1 at every distance. Arjovsky and Bottou
# (2017, *Towards principled methods for training GANs*, arXiv:1701.04862) argue that real images
# fill a vanishing part of pixel space, and early fakes another: a good D becomes perfect, and the
# slope of the game vanishes. The answers are other losses (lesson 02) and a smooth D (lesson 03).

# %% [markdown]
# ### The whole game under two sliders
#
# You set the mean and the scale of the fakes. Upper left: p and q. Below: $D^*$. Upper right: what
# each $x$ contributes to $2\,\mathrm{JS}$. Lower right: two gauges. Run the cell for the sliders.
# Try: mean 0 and scale 4; mean 5, then 8; mean 2 and scale 0.25.

# %%
widgets.game_explorer()

# %% [markdown]
# Standing still, for fakes at 0.5, 2 and 8:

# %%
widgets.show_game([(0.5, 1.0), (2.0, 1.0), (8.0, 1.0)])

# %% [markdown]
# The two gauges at those settings:

# %%
for mean, scale in ((0.0, 4.0), (5.0, 1.0), (8.0, 1.0), (2.0, 0.25)):
    numbers = widgets.game_numbers(mean, scale)
    print(f"mean {mean:g}, scale {scale:g}: JS {numbers.js:.3f}, W1 {numbers.w1:.2f}")

# %% [markdown]
# From left to right the bells part, $D^*$ turns from a gentle slope into a switch, and the area
# fills up to $2 \log 2$. Between mean 5 and mean 8 the JS gauge moves by 0.017 nats and the $W_1$
# gauge by 3 units.

# %% [markdown]
# ## 1.9 Open task: fool the D of pairs
#
# Rearrange the frames of clips so that the D of *pairs* tosses a coin (a share under 0.6), and a
# person rejects them at once: the change of the change (`stutter`) must be at least 1.5 times that
# of real clips. Shuffling has the stutter and is caught; playing backwards fools D and nobody minds.


# %%
def my_order(n_frames):
    """Indices of the frames to show, n_frames of them."""
    return None  # for example list(reversed(range(n_frames)))


# %%
def stutter(c):
    return c.diff(n=2, dim=1).square().mean()


orders = {"backwards": list(reversed(range(16))), "yours": my_order(16)}
for name, order in orders.items():
    if order is not None:
        trial = clips[300:, order]
        times = (stutter(trial) / stutter(real_clips)).item()
        fooled = bool(learned_from(views["pairs"], trial)[1] < 0.6)
        print(f"{name}: D fooled: {fooled}, stutter over 1.5: {times > 1.5}")

# %% [markdown]
# ## 1.10 Exit quiz

# %%
quiz(1)

# %%
quiz(1, None, None, None, None, None)

# %% [markdown]
# ## What you take along
#
# 1. The best discriminator's logit is $\log p - \log q$: a density ratio, not a verdict on
#    quality.
# 2. At that D the game is worth $-\log 4 + 2\,\mathrm{JS}$; any other D reports less, and a
#    batch of samples reports it with noise.
# 3. JS stops at $\log 2$ when reals and fakes no longer overlap, and G is left without a
#    slope.
#
# | you wrote | it now lives in |
# |---|---|
# | `js_vs_w1`, `share_in_order` | `vgan_lessons/divergences/`: `distances.py`, `linear.py` |
# | all others | `vgan_lessons/divergences/game.py` |
# | extra: `article_d_loss` | `vgan_lessons/losses/logistic.py` |
#
# Next: [02 Objectives](02_objectives.ipynb). The value of the game is one thing, the slope that G
# feels is another.

# %% [markdown]
# ## Further: how often do reals come?
#
# We showed D as many reals as fakes. Suppose a share $\pi$ of what it sees is real. By Bayes'
# rule the best answer to "is this one real?" becomes
#
# $$
# D^*_\pi(x) = \frac{\pi\, p(x)}{\pi\, p(x) + (1 - \pi)\, q(x)},
# \qquad
# l^*_\pi(x) = \log\frac{p(x)}{q(x)} + \log\frac{\pi}{1 - \pi}
# $$
#
# The probability depends on the mix; the density ratio does not. The mix only shifts all
# logits by one constant.
#
# ### Exercise 1.8 `optimal_d_prior`  (4 min, easy, extra)


# %% tags=["exercise", "optimal_d_prior"]
def my_optimal_d_prior(p, q, pi):
    """The best discriminator's probability when reals and fakes are not shown half
    and half.
    """
    ...  # your code


# %% tags=["check", "optimal_d_prior"]
optimal_d_prior = check("optimal_d_prior", my_optimal_d_prior)

# %% [markdown]
# Perfect fakes first, then the shift of the logits:

# %%
at_equal = optimal_d_prior(p, p, 0.25)[1500]  # x = 0
print(f"perfect fakes, one real in four: D* = {at_equal:g}")
shift = torch.logit(optimal_d_prior(p, q, 0.25)) - best_logits
inner = shift[shown]
print(f"shift of the logit from {inner.min():.4f} to {inner.max():.4f}")
print(f"log(0.25 / 0.75) = {math.log(0.25 / 0.75):.4f}")

# %% [markdown]
# With one real in four, *perfect* fakes get 0.25, not 0.5. So "D = 0.25" says nothing about
# quality until you know the mix. What survives any mix is the ratio $p/q = e^{l^*}$, and it
# can be used: as **importance weight** it turns an average over fakes into one over reals,
# provided that $q > 0$ wherever $p > 0$. (What G never makes, no weight brings back.)
#
# $$
# \mathbb{E}_{q}\big[e^{l^*(x)} f(x)\big] = \int q\,\frac{p}{q}\,f \, dx = \mathbb{E}_{p}[f(x)]
# $$

# %%
fakes = 1 + torch.randn(200_000, generator=rng)  # N(1, 1), reals are N(0, 1)
weights = optimal_logit(log_normal(fakes), log_normal(fakes, 1.0)).exp()
weighted = (weights * fakes).mean()
print(f"mean of the fakes: {fakes.mean():.1f}")
print("mean of the weighted fakes is within 0.03 of 0:", bool(weighted.abs() < 0.03))

# %% [markdown]
# Fakes with mean 1, weighted by what D knows, have mean 0, that of the reals. A discriminator
# is a **density-ratio estimator** that happens to be used as a teacher.

# %% [markdown]
# ## Further: a game that cannot be won
#
# The article this course grew out of prints another objective for D. In our notation, D is to
# *minimise*
#
# $$
# A(D) = \mathbb{E}_{p}[\log(1 - D(x))] + \mathbb{E}_{q}[\log D(x)]
# $$
#
# It looks like our game with the labels swapped and the sign turned, and for a silent D it
# even has the same value, $-1.386$. Is it the same game?
#
# ### Exercise 1.9 `article_d_loss`  (5 min, medium, extra)


# %% tags=["exercise", "article_d_loss"]
def my_article_d_loss(real_logits, fake_logits):
    """What a popular slip tells D to minimise: the right direction, but no bottom."""
    ...  # your code


# %% tags=["check", "article_d_loss"]
article_d_loss = check("article_d_loss", my_article_d_loss)

# %% [markdown]
# Look at one place where p and q are equal, so that the best answer is one half. On the left
# what D *minimises* there as a function of its logit, in our game and in the article's; on
# the right what a single **real** sample contributes.

# %%
logits = torch.linspace(-6, 6, 121)
ours_fake, ours_real = F.softplus(logits), F.softplus(-logits)
curves.side_by_side(
    curves.Chart(
        x=logits,
        lines={"ours": ours_real + ours_fake, "the article's": -ours_real - ours_fake},
        x_label="logit of D where p = q",
        y_label="to be minimised (nats)",
    ),
    curves.Chart(
        x=logits,
        lines={"ours": ours_real, "the article's": -ours_fake},
        x_label="logit of D at a real sample",
        y_label="to be minimised (nats)",
    ),
)

# %% [markdown]
# Left: ours is a bowl with its bottom at logit 0. The article's is an **arch**: at
# $D = \tfrac12$ it has a top, and it falls without end on both sides. In general $A$
# pointwise is $a \log(1 - D) + b \log D$, whose only stationary point, $D = q/(p+q)$, is a
# maximum. So there is no optimal D and no smallest value. Right: on a real sample both curves
# fall to the right, so the gradient still says "raise this score". But ours is steep where D
# is wrong (left) and rests where D is right; the article's is flat where D is wrong, and
# pushes ever on where D is right.

# %% [markdown]
# Measure all three claims: no bottom, right signs, reversed strength.

# %%
for size in (0.0, 10.0, 100.0):
    sure = torch.full((4,), size)
    value = article_d_loss(sure, -sure).item()
    print(f"all logits ±{size:g}, all correct: loss {value:.4f}")
for level in (-5.0, 0.0, 5.0):
    l_real = torch.tensor([level], requires_grad=True)
    (article,) = torch.autograd.grad(article_d_loss(l_real, torch.zeros(1)), l_real)
    (ours,) = torch.autograd.grad(-mc_game_value(l_real, torch.zeros(1)), l_real)
    slopes = f"{ours.item():.4f} ours, {article.item():.4f} the article's"
    print(f"real at {level:g}: slope {slopes}")

# %% [markdown]
# The loss goes to $-200$ and as low as you like; the slopes agree in sign, and where ours is
# strong the article's is weak. What does that do to a network? Train the one of section 1.6
# on it:

# %%
runaway = train_discriminator(article_d_loss)
right = torch.trapezoid(p * (runaway > 0) + q * (runaway < 0), x) / 2
seen = (x > -2) & (x < 4)
print("our largest logit is under 10:", bool(learned[seen].abs().max() < 10))
print("the article's is over 100:", bool(runaway[seen].abs().max() > 100))
print("its V is under -20:", bool(value_of_any_d(runaway, p, q, x) < -20))
print("it still sorts over two thirds correctly:", bool(right > 2 / 3))

# %% [markdown]
# The same small network, the same data, 300 steps: with the article's objective its logits
# run away into the hundreds, because running is rewarded. It still tells most reals from
# fakes, since every slope had the right sign; but it says "certainly" everywhere, even at
# $x = 1$ where nobody can know, and has lost the density ratio. The repair: exchange the two
# logarithms and turn the sign, so that D minimises $-V$.

# %% [markdown]
# ## Further: on a GPU, the same game on clips
#
# Reals are clips of pure noise, fakes the same with every pixel shifted by $\delta$.
# Integrals over so many dimensions are out of reach, but means of logits are not. Densities
# of independent pixels multiply, so their logs add:
#
# $$
# l^*(x) = \sum_{k=1}^{n} \Big( \tfrac{\delta^2}{2} - \delta\, x_k \Big), \qquad
# \text{and only the length } \|\delta\| = \delta \sqrt n \text{ matters.}
# $$
#
# We choose $\delta = 2/\sqrt n$. The `cpu` budget plays on 192 numbers a clip; set
# `VGAN_BUDGET=gpu` before you start and it plays on 16x3x64x64 = 196,608.

# %%
on = runtime.device()
rng = runtime.new_rng(1, on=on)
full = runtime.budget() == "gpu"
shape = (16, 3, 64, 64) if full else (4, 3, 4, 4)  # (T, C, H, W)
n_batches, batch = (200, 256) if full else (20, 1000)
delta = 2 / math.sqrt(math.prod(shape))
values = []
for _ in range(n_batches):
    real, fake = torch.randn(2, batch, *shape, device=on, generator=rng)
    real_logits = (delta**2 / 2 - delta * real).flatten(1).sum(1)
    fake_logits = (delta**2 / 2 - delta * (fake + delta)).flatten(1).sum(1)
    values.append(mc_game_value(real_logits, fake_logits))
values = torch.stack(values).double().cpu()
standard_error = values.std() / math.sqrt(n_batches)
print(f"on the line {best_value:.1f}, on clips {values.mean():.1f}; ", end="")
off = (values.mean() - best_value).abs()
print("within 4 standard errors:", bool(off < 4 * standard_error))

# %% [markdown]
# The same value as on the line: the game does not care how many numbers a sample has, only
# how far apart the densities are. Note how small the difference is in each pixel: at 196,608
# numbers $\delta = 0.0045$, invisible to you, and yet D is right as often as between two
# bells that stand two units apart. In high dimensions a D that knows p and q has it easy.
# That is why G's life is hard.
