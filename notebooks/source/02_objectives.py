# %% [markdown]
# # 02 What does each objective really ask for?
#
# | you will be able to | you will write | you need | time and budget |
# |---|---|---|---|
# | say where each of six objectives stops pushing and what it asks for; read losses without being fooled | six pairs of losses, their slopes, a table of them all, and extras | notebook 01 | 13 min of reading, 60 of writing (26 more are extra); any CPU, under a minute of computing |
#
# Taken for granted: [01](01_the_game.ipynb) (the value of the game, JS, W1). What stands under
# *Further*, at the end, no later lesson needs.

# %%
import math

import torch
from torch import nn
from torch.nn import functional as F

from vgan_lessons import runtime, widgets
from vgan_lessons.datasets import draw_shapes
from vgan_lessons.display import curves
from vgan_lessons.display.tables import show_table
from vgan_lessons.divergences import game_value, js_vs_w1
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
from vgan_lessons.losses import article_d_loss

# %% [markdown]
# ## 2.1 The logistic game, as two losses
#
# Both players now minimise: each has a loss of the logits of a real and of a fake batch. All
# objectives here have this form, so that a training loop can swap them.
#
# With the softplus $s(t) = \log(1 + e^t)$ we have $-\log D = s(-l)$ and
# $-\log(1 - D) = s(l)$. D's loss is the value of lesson 01 with the sign turned:
#
# $$
# L_D = \mathbb{E}[s(-l_{real})] + \mathbb{E}[s(l_{fake})]
# $$
#
# G has two choices. In the **minimax** game it minimises what D maximises; in the
# **non-saturating** game it raises the log-probability of "real":
#
# $$
# L_G^{minimax} = \mathbb{E}[\log(1 - D)] = -\mathbb{E}[s(l_{fake})],
# \qquad
# L_G^{ns} = -\mathbb{E}[\log D] = \mathbb{E}[s(-l_{fake})]
# $$
#
# **Predict.** A silent D gives logit 0 to everything. What does its loss read?

# %% tags=["predict", "silent-d"]
predict("silent d", None)  # for example 0.5

# %% [markdown]
# ### Exercise 2.1 `non_saturating_d_loss`, `non_saturating_g_loss`, `minimax_g_loss`, `g_grad_wrt_logit`  (15 min, medium, core)
#
# G's losses take `real_logits` too: other objectives need it. The fourth function says how hard
# G's two losses pull on the logit of one fake, minimax (`saturating`) first. The slope of $s$ is
# the sigmoid, so both have a closed form.


# %% tags=["exercise", "non_saturating_d_loss", "non_saturating_g_loss", "minimax_g_loss", "g_grad_wrt_logit"]
def my_non_saturating_d_loss(real_logits, fake_logits):
    """Logistic game, D's side: say "real" to the reals and "fake" to the fakes."""
    ...  # your code


def my_non_saturating_g_loss(real_logits, fake_logits):
    """Logistic game, G's side as it is played: raise the log-probability of
    "real".
    """
    ...  # your code


def my_minimax_g_loss(real_logits, fake_logits):
    """Logistic game, G's side as it was derived: lower the log-probability of
    "fake".
    """
    ...  # your code


def my_g_grad_wrt_logit(fake_logits):
    """How hard the two logistic generator losses pull on the logit of each fake."""
    ...  # your code


# %% tags=["check", "non_saturating_d_loss"]
non_saturating_d_loss, non_saturating_g_loss, minimax_g_loss, g_grad_wrt_logit = check(
    "2.1",
    my_non_saturating_d_loss,
    my_non_saturating_g_loss,
    my_minimax_g_loss,
    my_g_grad_wrt_logit,
)

# %% [markdown]
# A batch of two reals and two fakes, for the whole lesson:

# %%
real, fake = torch.tensor([2.0, 0.0]), torch.tensor([1.0, -1.0])
silent = torch.zeros(4)
print(f"D: {non_saturating_d_loss(real, fake):.6f}")
print(f"G: {non_saturating_g_loss(real, fake):.6f} non-saturating,", end=" ")
print(f"{minimax_g_loss(real, fake):.6f} minimax")
predict("silent d", measured=round(non_saturating_d_loss(silent, silent).item(), 4))

# %% [markdown]
# The silent D reads $2 \log 2 = 1.386$, half from each side. The loss is one number; each fake
# moves along its gradient.

# %% [markdown]
# ## 2.2 Where does the push vanish?
#
# With $s'(t) = \mathrm{sigmoid}(t)$, for one fake with logit $l$,
#
# $$
# \frac{d}{dl} \log(1 - D) = -\mathrm{sigmoid}(l),
# \qquad
# \frac{d}{dl}(-\log D) = -\mathrm{sigmoid}(-l) = -(1 - \mathrm{sigmoid}(l))
# $$
#
# Early in training fakes are bad and D knows it: say $l = -5$.
#
# **Predict.** How strongly does the *minimax* loss pull on that fake? (The strongest pull is
# -1.)

# %% tags=["predict", "minimax-pull"]
predict("minimax pull", None)  # for example -0.5

# %% [markdown]
# Your slopes beside autograd in your losses:

# %%
logits = torch.linspace(-8, 8, 161, requires_grad=True)
saturating, non_saturating = g_grad_wrt_logit(logits.detach())
for name, loss, formula in (
    ("minimax", minimax_g_loss, saturating),
    ("non-saturating", non_saturating_g_loss, non_saturating),
):
    (slope,) = torch.autograd.grad(161 * loss(None, logits), logits)
    agrees = bool((slope - formula).abs().max() < 1e-6)
    print(f"{name}: autograd agrees to 1e-6: {agrees}")
at_minus_5 = [pull.item() for pull in g_grad_wrt_logit(torch.tensor(-5.0))]
print(f"at -5: {at_minus_5[0]:.6f} and {at_minus_5[1]:.6f},", end=" ")
print(f"ratio {at_minus_5[1] / at_minus_5[0]:.2f}, e^5 = {math.exp(5):.2f}")
predict("minimax pull", measured=round(at_minus_5[0], 4))

# %% [markdown]
# Both slopes over all logits:

# %%
curves.show(
    logits,
    {"minimax": saturating, "non-saturating": non_saturating},
    x_label="logit of a fake (left: D is sure it is fake)",
    y_label="slope of G's loss",
    marks={"silent D": 0.0},
)

# %% [markdown]
# Left of 0, where bad fakes lie, the minimax curve is flat: **the better D sees through a fake,
# the less G is told**. At $-5$ it pulls 148 times more weakly than the non-saturating loss, which
# is strongest exactly there. *Saturating* means saturated where G is losing.

# %% [markdown]
# ## 2.3 The switch changes the goal
#
# So everybody switches, and you will often read that the goal stays the same. Measure it. Reals are N(0, 1), G shifts noise by $\theta$: $x = z + \theta$.
# Let D be the best one, $l^*(x) = \theta^2/2 - \theta x$, and hold it still while G takes a step.
# By the chain rule, with $dx/d\theta = 1$ and $dl^*/dx = -\theta$,
#
# $$
# g_{minimax} = \mathbb{E}_q[-D^* \cdot (-\theta)] = \theta\, \mathbb{E}_q[D^*],
# \qquad
# g_{ns} = \theta\, \mathbb{E}_q[1 - D^*]
# $$
#
# ### Exercise 2.2 `implied_gradient`  (12 min, hard, core)


# %% tags=["exercise", "implied_gradient"]
def my_implied_gradient(theta, x):
    """The two logistic generator gradients, for a G that shifts N(0, 1) by theta."""
    ...  # your code


# %% tags=["check", "implied_gradient"]
implied_gradient = check("implied_gradient", my_implied_gradient)

# %% [markdown]
# Beside it, on an independent path: twice the slope of JS by lesson 01's `js_vs_w1`.

# %%
x = torch.linspace(-12, 20, 3201, dtype=torch.float64)


def normal(mean=0.0, scale=1.0):
    height = 1 / (scale * math.sqrt(2 * math.pi))
    return height * torch.exp(-(((x - mean) / scale) ** 2) / 2)


def js(mean):
    return js_vs_w1(normal(), normal(mean), x)[0]


for shift in (0.5, 1.0, 2.0, 4.0, 8.0):
    theta = torch.tensor(shift, dtype=torch.float64)
    minimax, ns = implied_gradient(theta, x)
    slope = 2 * (js(theta + 1e-3) - js(theta - 1e-3)) / 2e-3
    both = f"2 JS' {slope:.4f}; ns {ns:.4f}; sum {minimax + ns:.4f}"
    print(f"theta {shift}: minimax {minimax:.4f} = {both}")

# %% [markdown]
# Curves:

# %%
thetas = torch.linspace(0, 6, 61, dtype=torch.float64)
pulls = torch.stack([torch.stack(implied_gradient(theta, x)) for theta in thetas])
curves.show(
    thetas,
    {"minimax": pulls[:, 0], "non-saturating": pulls[:, 1], "their sum": pulls.sum(1)},
    x_label="theta, distance of the fakes (units of x)",
    y_label="gradient that G follows downhill",
)

# %% [markdown]
# The minimax gradient grows until $\theta = 1.6$ (0.467), then fades: 0.137 at 4, 0.0004 at
# 8. The non-saturating one grows with the distance, and the two always add up to $\theta$, the
# slope of $\theta^2/2$, which is $\mathrm{KL}(q\|p)$ for two unit bells. That holds for any q
# (*Further* shows why; Arjovsky and Bottou 2017, *Towards principled methods for training GANs*,
# arXiv:1701.04862):
#
# $$
# g_{ns} = \frac{d}{d\theta}\Big[ \mathrm{KL}(q \,\|\, p) - 2\,\mathrm{JS}(p, q) \Big]
# $$
#
# **Another goal, not another spelling.** $\mathrm{KL}(q\|p)$ is large where q puts fakes that p
# never makes, and minds little when q leaves reals out; $-2\,\mathrm{JS}$ even rewards it.
#
# **Predict.** Reals have two modes, at -3 and +3. G can only make one bell, N(m, s²). Which
# `s` does the non-saturating goal choose: about 1 (sit on one mode), or about 3 (cover both)?

# %% tags=["predict", "non-saturating-width"]
predict("non-saturating width", None)  # for example 3.0

# %%
two_modes = (normal(-3.0) + normal(3.0)) / 2
goals = {"minimax, 2 JS": {}, "non-saturating, KL(q|p) - 2 JS": {}}
minimax_goal, ns_goal = goals.values()
for m in torch.linspace(0, 4, 17).tolist():
    for s in torch.linspace(0.5, 4, 36).tolist():
        q = normal(m, s)
        kl = torch.trapezoid(torch.xlogy(q, q / two_modes), x).item()
        minimax_goal[m, s] = 2 * js_vs_w1(two_modes, q, x)[0].item()
        ns_goal[m, s] = kl - minimax_goal[m, s]
for name, values in goals.items():
    m, s = min(values, key=values.get)
    print(f"{name}: smallest {values[m, s]:.3f} at mean {m:.1f}, scale {s:.1f}")
wide, single = min(minimax_goal, key=minimax_goal.get), (m, s)
print(f"KL(q|p) - 2 JS is {ns_goal[wide]:.3f} there and {ns_goal[single]:.3f} here")
predict("non-saturating width", measured=round(s, 1))

# %% [markdown]
# The JS goal spreads one bell of scale 3.1 over both modes. The non-saturating goal sits on one mode,
# scale 1.0, and forgets half of the data: **mode seeking**. The objective asked for it.

# %% [markdown]
# ## 2.4 Least squares: no logarithm at all
#
# Pull real scores to 1, fake scores to 0, and let G pull its fakes to 1:
#
# $$
# L_D = \tfrac12 \mathbb{E}[(l_{real} - 1)^2] + \tfrac12 \mathbb{E}[l_{fake}^2],
# \qquad
# L_G = \tfrac12 \mathbb{E}[(l_{fake} - 1)^2]
# $$
#
# **Predict.** A fake scores 3, far above the target. Does G's loss ask to raise or to lower
# it? Commit to the slope.

# %% tags=["predict", "slope-at-score-3"]
predict("slope at score 3", None)  # for example -1

# %% [markdown]
# ### Exercise 2.3 `least_squares_d_loss`, `least_squares_g_loss`  (5 min, easy, core)


# %% tags=["exercise", "least_squares_d_loss", "least_squares_g_loss"]
def my_least_squares_d_loss(real_logits, fake_logits):
    """Least-squares game, D's side: reals to 1, fakes to 0, and no further."""
    ...  # your code


def my_least_squares_g_loss(real_logits, fake_logits):
    """Least-squares game, G's side: bring the fakes to the target of the reals."""
    ...  # your code


# %% tags=["check", "least_squares_d_loss"]
least_squares_d_loss, least_squares_g_loss = check(
    "2.3", my_least_squares_d_loss, my_least_squares_g_loss
)

# %% [markdown]
# Ask autograd:

# %%
score = torch.tensor([3.0], requires_grad=True)
(slope,) = torch.autograd.grad(least_squares_g_loss(None, score), score)
predict("slope at score 3", measured=slope.item())

# %% [markdown]
# The slope is $l - 1 = +2$, so G *lowers* the score: least squares dislikes fakes that are
# "too real". At $l = -5$ it pulls with $-6$, harder than any logistic loss can.

# %% [markdown]
# ## 2.5 Hinge: +1 is enough
#
# The hinge game gives D a margin of 1, and G none:
#
# $$
# L_D = \mathbb{E}[\max(0, 1 - l_{real})] + \mathbb{E}[\max(0, 1 + l_{fake})],
# \qquad
# L_G = -\mathbb{E}[l_{fake}]
# $$
#
# The Wasserstein game has the same G and no margin: D pushes the two mean scores apart.
#
# $$
# L_D = \mathbb{E}[l_{fake}] - \mathbb{E}[l_{real}], \qquad L_G = -\mathbb{E}[l_{fake}]
# $$
#
# **Predict.** A real scores 2. By how much does D's hinge loss change if D
# raises it to 2.1?

# %% tags=["predict", "past-the-margin"]
predict("past the margin", None)  # for example -0.1

# %% [markdown]
# ### Exercise 2.4 `hinge_d_loss`, `hinge_g_loss`, `wasserstein_d_loss`, `wasserstein_g_loss`  (11 min, easy, core)


# %% tags=["exercise", "hinge_d_loss", "hinge_g_loss", "wasserstein_d_loss", "wasserstein_g_loss"]
def my_hinge_d_loss(real_logits, fake_logits):
    """Hinge game, D's side: stop pushing a score once it clears a margin of 1."""
    ...  # your code


def my_hinge_g_loss(real_logits, fake_logits):
    """Hinge game, G's side: raise the score of the fakes, without any margin."""
    ...  # your code


def my_wasserstein_d_loss(real_logits, fake_logits):
    """Wasserstein game, D's side (there called the critic): widen the gap between
    the means.
    """
    ...  # your code


def my_wasserstein_g_loss(real_logits, fake_logits):
    """Wasserstein game, G's side: raise the mean score of the fakes."""
    ...  # your code


# %% tags=["check", "hinge_d_loss"]
hinge_d_loss, hinge_g_loss, wasserstein_d_loss, wasserstein_g_loss = check(
    "2.4",
    my_hinge_d_loss,
    my_hinge_g_loss,
    my_wasserstein_d_loss,
    my_wasserstein_g_loss,
)

# %% [markdown]
# The change, and what a real costs D in three games:

# %%
two, more = torch.tensor([2.0]), torch.tensor([2.1])
change = hinge_d_loss(more, silent) - hinge_d_loss(two, silent)
predict("past the margin", measured=change.item())
scores = torch.linspace(-3, 3, 121)
curves.show(
    scores,
    {
        "logistic": F.softplus(-scores),
        "hinge": F.relu(1 - scores),
        "least squares": (scores - 1) ** 2 / 2,
    },
    x_label="score of a real sample",
    y_label="its share of D's loss",
)

# %% [markdown]
# Right of +1 the hinge is flat: no slope, no push. The logistic curve keeps a little slope; least
# squares comes *up* again.

# %% [markdown]
# ## 2.6 Wasserstein: no margin, no squash
#
# Three measurements: all scores times 10; what a D of slope 1, $l(x) = -x$, reports about reals
# N(0, 1) and fakes N(2, 1); and the article's objective, $A(D)$ of lesson 01, beside this one.

# %%
rng, p, q = runtime.new_rng(0), normal(), normal(2.0)
for times in (1, 10, 100):
    print(f"scores x {times}: {wasserstein_d_loss(times * real, times * fake):g}")
z = torch.randn(2, 100_000, generator=rng)
reported = -wasserstein_d_loss(-z[0], -(z[1] + 2))
print(f"slope-1 D reports {reported:.1f}; W1 = {js_vs_w1(p, q, x)[1]:.1f}")
a, b = 3 * torch.randn(2, 64, generator=rng)
difference = wasserstein_d_loss(a, b) - non_saturating_d_loss(a, b)
same = bool((article_d_loss(a, b) - difference).abs() < 1e-4)
print("the article's = Wasserstein - logistic:", same)

# %% [markdown]
# Unlimited, the loss has no bottom. With slopes limited to 1 (**Lipschitz**), the best
# reachable value is $W_1(p, q)$, here 2 (Kantorovich and Rubinstein's theorem; Arjovsky et al.
# 2017, *Wasserstein GAN*, arXiv:1701.07875). And the article's objective is an unbounded
# Wasserstein loss minus ours, because $s(l) - s(-l) = l$.

# %% [markdown]
# ## 2.7 Relativistic: more real than *what*?
#
# All games so far score a sample alone. The relativistic one (RpGAN; Jolicoeur-Martineau 2018,
# *The relativistic discriminator*, arXiv:1807.00734) asks whether a real scores higher than a
# fake: softplus of minus the difference, real $i$ against fake $i$.
#
# $$
# L_D^{Rp} = \mathbb{E}\big[s\big(l_{fake} - l_{real}\big)\big]
# $$
#
# G plays the same game with the two sides exchanged.
#
# ### Exercise 2.5 `relativistic_d_loss`, `relativistic_g_loss`  (7 min, medium, core)


# %% tags=["exercise", "relativistic_d_loss", "relativistic_g_loss"]
def my_relativistic_d_loss(real_logits, fake_logits):
    """Relativistic paired game (RpGAN), D's side: score each real above its own
    fake.
    """
    ...  # your code


def my_relativistic_g_loss(real_logits, fake_logits):
    """Relativistic paired game (RpGAN), G's side: score each fake above its own
    real.
    """
    ...  # your code


# %% tags=["check", "relativistic_d_loss"]
relativistic_d_loss, relativistic_g_loss = check(
    "2.5", my_relativistic_d_loss, my_relativistic_g_loss
)

# %% [markdown]
# **Predict.** D adds 10 to every logit, real and fake alike. RpGAN's D loss on our batch was
# 0.3133. What is it now?

# %% tags=["predict", "rp-after-adding-10"]
predict("rp after adding 10", None)  # for example 0.5


# %%
def moved(name, loss):
    plain, lifted = loss(real, fake), loss(real + 10, fake + 10)
    reverse = loss(real, fake.flip(0))
    print(f"{name}: {plain:.4f}, all + 10: {lifted:.4f}, fakes reversed: {reverse:.4f}")


moved("non-saturating", non_saturating_d_loss)
moved("pairs", relativistic_d_loss)
lifted = relativistic_d_loss(real + 10, fake + 10)
predict("rp after adding 10", measured=round(lifted.item(), 4))

# %% [markdown]
# A common offset leaves the relativistic loss where it was.
# Reversing the fakes moves it: it depends on who meets whom.

# %%
r, f = real.clone().requires_grad_(), fake.clone().requires_grad_()
to_real, to_fake = torch.autograd.grad(relativistic_d_loss(r, f), (r, f))
print("D's step, slope at reals:", [round(v, 4) for v in to_real.tolist()])
print("D's step, slope at fakes:", [round(v, 4) for v in to_fake.tolist()])

# %% [markdown]
# ## 2.8 All of them on one page
#
# ### Exercise 2.6 `objective_table`  (10 min, medium, core)
#
# Any objectives on one batch: what losses read, whom they push.


# %% tags=["exercise", "objective_table"]
def my_objective_table(objectives, real_logits, fake_logits):
    """Compare objectives on one batch of scores: their losses, and who is still
    pushed.
    """
    ...  # your code


# %% tags=["check", "objective_table"]
objective_table = check("objective_table", my_objective_table)

# %% [markdown]
# Our batch; a silent D, as training starts; a sure D, with scores of ±4:

# %%
objectives = {
    "non-saturating": (non_saturating_d_loss, non_saturating_g_loss),
    "minimax": (non_saturating_d_loss, minimax_g_loss),
    "least squares": (least_squares_d_loss, least_squares_g_loss),
    "hinge": (hinge_d_loss, hinge_g_loss),
    "Wasserstein": (wasserstein_d_loss, wasserstein_g_loss),
    "relativistic pairs": (relativistic_d_loss, relativistic_g_loss),
}
sure = torch.full((4,), 4.0)
situations = {
    "our batch": (real, fake),
    "silent D": (silent, silent),
    "sure D": (sure, -sure),
}
for situation, scores in situations.items():
    table = {
        name: {column: float(number) + 0.0 for column, number in row.items()}
        for name, row in objective_table(objectives, *scores).items()
    }
    show_table(table, form=".3f", corner=situation)

# %% [markdown]
# At ±4 minimax hardly pulls G, least squares five times as hard as the four others, and only the hinge's
# D rests. (That of least squares rests at 1 and 0.)
#
# | objective | with the best D, G minimises |
# |---|---|
# | minimax | 2 JS |
# | non-saturating | KL(q‖p) - 2 JS |
# | least squares | Pearson χ² (for targets -1, 1, 0: *Further*), foreseeing D's reply |
# | hinge | TV, but through a flat D |
# | Wasserstein | W₁, if D's slope is at most 1 |
# | relativistic pairs | a distance without a simple name |

# %% [markdown]
# ## 2.9 Where does the arrow die?
#
# A pull on the logit is half of the story. What moves a fake is the product
#
# $$
# \text{arrow at } x = -\frac{dL_G}{dl} \cdot \frac{dl}{dx}
# $$
#
# Reals are N(0, width²), grey; the fakes are five samples of N(3, width²). Narrower bells make the
# best D sharper. First give all objectives the **same D**, $\log p - \log q$; then switch to
# **each its own best D** (for Wasserstein: the best of slope 1). Lengths are logarithmic, a cross
# is an arrow shorter than 0.01.

# %%
widgets.objective_explorer()

# %% [markdown]
# Standing still:

# %%
widgets.show_objectives([(2.0, "shared"), (0.5, "shared"), (0.5, "own")])

# %% [markdown]
# The mean pulls:

# %%
panels = ((2.0, "shared"), (0.5, "shared"), (0.5, "own"))
for name in widgets.OBJECTIVES:
    row = ""
    for width, which_d in panels:
        arrows = widgets.generator_arrows(name, gap=3.0, width=width, which_d=which_d)
        row += f"{arrows.pulls.mean().item():12.3g}"
    print(f"{name:21}" + row)

# %% [markdown]
# *Left*, a mild D: every objective pulls towards the reals, minimax weakest on the far fakes.
# *Middle*, the same D, sharp: minimax is dead at these five ($-8 \cdot 10^{-5}$); all others pull
# harder and harder, because D's own slope is 12. *Right*, each with
# the D its own game ends in: least squares dies too, since its best D is a flat 0 and 1; hinge is
# dead exactly; Wasserstein keeps length 1 at every width, the others their 12.
#
# **The loss chooses how to react to a score; the smoothness of D decides whether there is anything
# to react to.**

# %% [markdown]
# ## 2.10 How to read losses
#
# "My D loss is 0.4 and my G loss is 3: is my GAN working?" Hold G still, so that the fakes stay
# N(2, 1), and let D learn: its logits go from 0 to $l^* = 2 - 2x$.
#
# **Predict.** G's non-saturating loss starts at 0.693. The fakes do not change. Where does it
# end?

# %% tags=["predict", "g-loss-of-a-still-generator"]
predict("G loss of a still generator", None)  # for example 0.693

# %%
reals, fakes = z[0], z[1] + 2  # N(0, 1) and N(2, 1), 100 000 of each
print("knowledge   D loss   G loss   logit gap   pairs in order")
for knowledge in (0.0, 0.25, 0.5, 1.0):
    r, f = knowledge * (2 - 2 * reals), knowledge * (2 - 2 * fakes)
    d_loss, g_loss = non_saturating_d_loss(r, f), non_saturating_g_loss(r, f)
    gap = (r.mean() - f.mean()).item()
    in_order = ((r > f).float() + (r == f).float() / 2).mean().item()
    print(f"{knowledge:9.0%}{d_loss:9.2f}{g_loss:9.2f}{gap:12.1f}{in_order:17.2f}")
predict("G loss of a still generator", measured=round(g_loss.item(), 2))

# %% [markdown]
# G's loss more than tripled and not one sample changed: **G's loss measures D as much as G.**
#
# A D loss that stays at its silent value, with a gap of 0: D cannot tell. One that falls to 0: D has
# won. A G loss that drifts by hundreds in the Wasserstein game: D's scores have an arbitrary offset.
#
# So log two more numbers: the **gap** between the mean real and the mean fake logit, and the share
# of **pairs in order**, a real scored above a fake.
#
# ### The same on clips
#
# Reals are clips of four frames, the fakes are other such clips with their frames in the order
# 3, 1, 4, 2. D sees how much each pixel changes from frame to frame. Five equal D each train for
# 150 steps on one of your D losses, and are then measured on clips that they have not seen.
#
# **Predict.** One of the five ends with a gap a hundred times as large as that of any other. In
# what share of pairs does it put the real clip first? (The four others: 0.89 to 0.91.)

# %% tags=["predict", "pairs-in-order-at-the-largest-gap"]
predict("pairs in order at the largest gap", None)  # for example 0.99

# %%
games = {
    "non-saturating": non_saturating_d_loss,
    "least squares": least_squares_d_loss,
    "hinge": hinge_d_loss,
    "Wasserstein": wasserstein_d_loss,
    "relativistic": relativistic_d_loss,
}
drawn = draw_shapes(1600, n_frames=4, image_size=16, rng=runtime.new_rng(0))
clips = from_uint8(drawn.frames).unflatten(0, (1600, 4))  # (B, T, C, H, W)


def changes(clips):
    """From each frame to the next: (B, T, C, H, W) -> (B, T - 1, H, W)."""
    return (clips[:, 1:] - clips[:, :-1]).abs().mean(dim=2)


real_changes, fake_changes = changes(clips[:800]), changes(clips[800:, [2, 0, 3, 1]])


# %%
def seen_in_clips(d_loss_fn, seed=0):
    """Train on 400 clips of each kind; measure gap and order of the others."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        hidden = nn.Linear(real_changes[0].numel(), 64), nn.LeakyReLU(0.2)
        deeper = nn.Linear(64, 64), nn.LeakyReLU(0.2)
        layers = nn.Flatten(), *hidden, *deeper, nn.Linear(64, 1), nn.Flatten(0)
        D = nn.Sequential(*layers)
    optim, rng = torch.optim.Adam(D.parameters(), lr=1e-3), runtime.new_rng(seed)
    for _ in range(runtime.steps(150)):
        rows = torch.randint(400, (32,), generator=rng)
        loss = d_loss_fn(D(real_changes[rows]), D(fake_changes[rows]))
        optim.zero_grad()
        loss.backward()
        optim.step()
    with torch.no_grad():
        r, f = D(real_changes[400:]), D(fake_changes[400:])
    return (r.mean() - f.mean()).item(), (r[:, None] > f).double().mean().item()


# %% [markdown]
# The five trainings:

# %% tags=["train", "nbval-ignore-output"]
clip_gap, clip_order = {}, {}
for name, d_loss_fn in games.items():
    clip_gap[name], clip_order[name] = seen_in_clips(d_loss_fn)
    print(f"{name:15}{clip_gap[name]:8.1f} gap{clip_order[name]:8.2f} in order")
widest = max(clip_gap, key=clip_gap.get)
predict("pairs in order at the largest gap", measured=round(clip_order[widest], 2))

# %%
second = sorted(clip_gap.values())[-2]
trained = runtime.budget() != "smoke"
print(f"widest gap: {widest}; fifty times the next: {clip_gap[widest] > 50 * second}")
spread = max(clip_order.values()) - min(clip_order.values())
print("the five order pairs alike, within 0.05:", not trained or spread < 0.05)

# %% [markdown]
# Gaps from 0.6 (least squares) to 1,000 (Wasserstein), and the same 0.88 to 0.91 of unseen pairs in
# order (seeds 0, 1 and 2): scores times ten make the Wasserstein loss ten times better, though D
# knows no more. **Gaps of different objectives cannot be compared; pairs in order can.** On the
# clips that they were trained on the five read 0.92 to 0.999: measure on others.

# %% [markdown]
# ## 2.11 Break it: four suspects
#
# Each of these D losses has one slip: *labels swapped* · *sum instead of mean* · *a sigmoid before
# a loss that applies its own* · *a relativistic loss computed and then overwritten*.
# Which is which?


# %%
def suspect_a(real_logits, fake_logits):
    real_probs, fake_probs = torch.sigmoid(real_logits), torch.sigmoid(fake_logits)
    ones, zeros = torch.ones_like(real_probs), torch.zeros_like(fake_probs)
    real_part = F.binary_cross_entropy_with_logits(real_probs, ones)
    return real_part + F.binary_cross_entropy_with_logits(fake_probs, zeros)


def suspect_b(real_logits, fake_logits):
    d_loss = F.softplus(fake_logits - real_logits).mean()
    d_loss = F.softplus(-real_logits).mean() + F.softplus(fake_logits).mean()
    return d_loss


def suspect_c(real_logits, fake_logits):
    return F.softplus(real_logits).mean() + F.softplus(-fake_logits).mean()


def suspect_d(real_logits, fake_logits):
    return F.softplus(fake_logits - real_logits).sum()


# %% [markdown]
# Our batch is also reversed and doubled:

# %%
far = torch.full((4,), 100.0)
situations = {
    "silent": (silent, silent),
    "sure": (far, -far),
    "our batch": (real, fake),
    "reversed": (real, fake.flip(0)),
    "doubled": (real.repeat(2), fake.repeat(2)),
}
print(" " * 9 + "".join(f"{name:>11}" for name in situations))
for loss in (suspect_a, suspect_b, suspect_c, suspect_d):
    row = [loss(*pair).item() for pair in situations.values()]
    print(loss.__name__ + "".join(f"{value:11.4f}" for value in row))

# %% [markdown]
# <details><summary>The four, unmasked</summary>
#
# **A** squashes twice: its sure D cannot get below $s(-1) + s(0) = 1.0064$. **B** throws its
# relativistic line away: a paired loss must change when the fakes are reversed. **C** has its
# labels swapped: the surer D is, the worse it is told it did. **D** sums: twice the batch, twice
# the loss.
# </details>

# %% [markdown]
# ## 2.12 Open task: an objective of your own
#
# Invent a D loss that is none of the above. It must raise reals and lower fakes at every score,
# stay finite, and keep its value when all logits rise by 10. Then it trains the discriminator of
# clips of section 2.10 on three seeds: the score is the smallest share of unseen pairs in order.
# Beat the relativistic pairs.


# %%
def my_own_d_loss(real_logits, fake_logits):
    """(B,) and (B,) -> one number that D minimises."""
    return None  # for example F.softplus(fake_logits - real_logits).mean()


# %% tags=["train", "nbval-ignore-output"]
def keeps_the_rules(loss):
    """Whether its slopes point the right way and offsets do nothing."""
    for scale in (0.1, 1.0, 10.0):
        r, f = (scale * torch.randn(2, 8, generator=rng)).requires_grad_().unbind()
        slopes = torch.autograd.grad(loss(r, f), (r, f))
        up, down = (slopes[0] <= 0).all(), (slopes[1] >= 0).all()
        stays = (loss(r + 10, f + 10) - loss(r, f)).abs() < 1e-3
        if not (up and down and stays and loss(r, f).isfinite()):
            return False
    return True


entries = {"relativistic": relativistic_d_loss}
if my_own_d_loss(silent, silent) is not None:
    entries["yours"] = my_own_d_loss
for name, loss in entries.items():
    worst = min(seen_in_clips(loss, seed)[1] for seed in (0, 1, 2))
    print(f"{name}: keeps the rules: {keeps_the_rules(loss)},", end=" ")
    print(f"smallest share of pairs in order {worst:.2f}")

# %% [markdown]
# ## 2.13 Exit quiz

# %%
quiz(2)

# %%
quiz(2, None, None, None, None, None)

# %% [markdown]
# ## What you take along
#
# 1. The non-saturating switch changes the goal from 2 JS to KL(q‖p) - 2 JS: livelier, and
#    mode seeking.
# 2. An arrow is the loss's slope times D's slope; it dies in the first factor (minimax) or in
#    the second (a flat best D).
# 3. Losses measure the other network. Read the logit gap, the pairs in order, samples.
#
# | you wrote | it now lives in |
# |---|---|
# | all losses | `vgan_lessons/losses/`: `logistic.py`, `margins.py`, `relativistic.py` |
# | the slopes and values, the table | `vgan_lessons/divergences/`: `implied.py`, `compared.py` |
#
# Next: [03 Dynamics](03_dynamics.ipynb). Let both move at once.

# %% [markdown]
# ## Further: why the sum is a KL divergence
#
# In three steps, for any q:
#
# 1. *Minimax.* At its top, V does not change to first order when D moves, so holding D still
#    makes no difference: the gradient is that of $-\log 4 + 2\,\mathrm{JS}$.
# 2. *Link.* $\log D - \log(1 - D) = l$, so $-\log D = -l - \log(1 - D)$: the non-saturating
#    gradient is that of $\mathbb{E}_q[-l^*]$, minus the minimax one.
# 3. *KL.* $\mathbb{E}_q[-l^*] = \mathbb{E}_q[\log q - \log p]$ with the bracket held still.
#    Letting its $\log q$ move as well would add
#    $\int q\, \frac{\partial \log q}{\partial \theta} dx = \frac{d}{d\theta}\int q\,dx = 0$.
#    So this is the slope of $\mathrm{KL}(q \| p)$.

# %% [markdown]
# ## Further: which distances, with the best D?
#
# What does G minimise if D is at its best? Take targets $-1$ for fakes, $+1$ for reals and 0
# for G, for which the answer has a name. Pointwise D minimises
# $\tfrac12 p (d - 1)^2 + \tfrac12 q (d + 1)^2$; setting the slope to 0 gives
# $D^* = (p - q)/(p + q)$, and
#
# $$
# 2C = \mathbb{E}_p[D^{*2}] + \mathbb{E}_q[D^{*2}] = \int \frac{(p - q)^2}{p + q}\, dx
# $$
#
# which is Pearson's $\chi^2$ distance between $p + q$ and $2q$: bounded by 2, and 0 only for
# $p = q$. It is the minimum of a G that knows how D will answer. A G that takes a step against
# a D held still sees only $\mathbb{E}_q[D^{*2}]$, and not D's reply: the cell below measures how
# much less that is.
#
# ### Exercise 2.7 `lsgan_value`  (6 min, medium, extra)
#
# The number is $2C$.


# %% tags=["exercise", "lsgan_value"]
def my_lsgan_value(p, q, x):
    """What the least-squares G minimises when D is at its best, with targets (-1,
    1, 0).
    """
    ...  # your code


# %% tags=["check", "lsgan_value"]
lsgan_value = check("lsgan_value", my_lsgan_value)

# %% [markdown]
# And the best hinge D? Pointwise $p \max(0, 1 - d) + q \max(0, 1 + d)$ is made of straight
# pieces; between $-1$ and $1$ it is $p + q + (q - p)\,d$, lowest at an end:
# $D^* = \mathrm{sign}(p - q)$, worth $2 \min(p, q)$. So
#
# $$
# \min_D L_D = 2 \int \min(p, q)\, dx = 2\,(1 - \mathrm{TV}(p, q)),
# \qquad
# \mathrm{TV} = \tfrac12 \int |p - q|\, dx
# $$
#
# ### Exercise 2.8 `hinge_value`  (5 min, medium, extra)


# %% tags=["exercise", "hinge_value"]
def my_hinge_value(p, q, x):
    """D's hinge loss at the best D, which is the sign of p - q."""
    ...  # your code


# %% tags=["check", "hinge_value"]
hinge_value = check("hinge_value", my_hinge_value)

# %% [markdown]
# Both closed forms against their definitions, for N(0, 1) and N(2, 1):

# %%
total_variation = torch.trapezoid((p - q).abs(), x) / 2
chi_squared = torch.trapezoid((p + q - 2 * q) ** 2 / (p + q).clamp(min=1e-300), x)
print(f"hinge {hinge_value(p, q, x):.4f} = 2 (1 - TV) {2 * (1 - total_variation):.4f}")
print(f"least squares {lsgan_value(p, q, x):.4f} = chi squared {chi_squared:.4f}")
shift = torch.tensor(0.5, dtype=torch.float64, requires_grad=True)
near = torch.exp(-((x - shift) ** 2) / 2) / math.sqrt(2 * math.pi)
frozen_d = ((p - near) / (p + near)).detach()
of_g = torch.trapezoid(near * frozen_d**2, x) / 2
of_distance = lsgan_value(p, near, x) / 2
for name, worth in {"a frozen D": of_g, "chi squared / 2": of_distance}.items():
    (slope,) = torch.autograd.grad(worth, shift, retain_graph=True)
    print(f"slope of {name} at shift 0.5: {slope:.4f}")
identity = -math.log(4) + 2 * js(2.0)
print(f"logistic {game_value(p, q, x):.4f} = -log 4 + 2 JS {identity:.4f}")

# %% [markdown]
# Three games, three distances between the same two bells. In the logistic game G and D share one
# number, and a frozen best D gives G the very gradient of the distance. In the least-squares game
# they do not: at shift 0.5 eighteen times less of it arrives, at shift 2 it is 2.4 times less. The
# hinge's best D is a step, $+1$ here and $-1$ there: the gradient of its distance sits in the jump,
# where almost no sample lies, and at every other sample G feels **exactly nothing**. A hinge D works
# because it is *never* at its best: a penalty or spectral norm (lesson 03) keeps it smooth.

# %% [markdown]
# ## Further: against the average, and all pairs
#
# **Average** (RaGAN): each score against the mean of the other side; G plays with the two sides
# exchanged.
#
# $$
# L_D^{Ra} = \mathbb{E}\big[s\big(\bar l_{fake} - l_{real}\big)\big]
#     + \mathbb{E}\big[s\big(l_{fake} - \bar l_{real}\big)\big]
# $$
#
# Which real meets which fake is chance. In **all pairs** each real meets each fake, and D's paired
# loss is averaged over all $N \cdot M$ of them.
#
# ### Exercise 2.9 `relativistic_average_d_loss`, `relativistic_average_g_loss`, `all_pairs_d_loss`  (15 min, medium, extra)


# %% tags=["exercise", "relativistic_average_d_loss", "relativistic_average_g_loss", "all_pairs_d_loss"]
def my_relativistic_average_d_loss(real_logits, fake_logits):
    """Relativistic average game (RaGAN), D's side: each score against the other
    side's mean.
    """
    ...  # your code


def my_relativistic_average_g_loss(real_logits, fake_logits):
    """Relativistic average game (RaGAN), G's side: the same game with the sides
    exchanged.
    """
    ...  # your code


def my_all_pairs_d_loss(real_logits, fake_logits):
    """D's paired loss averaged over every pairing of a real with a fake."""
    ...  # your code


# %% tags=["check", "relativistic_average_d_loss"]
relativistic_average_d_loss, relativistic_average_g_loss, all_pairs_d_loss = check(
    "2.9",
    my_relativistic_average_d_loss,
    my_relativistic_average_g_loss,
    my_all_pairs_d_loss,
)

# %%
moved("pairs", relativistic_d_loss)
moved("average", relativistic_average_d_loss)
moved("all pairs", all_pairs_d_loss)

# %% [markdown]
# Reversing the fakes moves only "pairs": 0.3133 and 0.6809 are the two possible pairings of this
# batch, and "all pairs", 0.4971, is their mean. Shuffled batches make pairing an unbiased, slightly
# noisy estimate of it.

# %% [markdown]
# ## Further: on a GPU, the price of pairing
#
# RpGAN draws one pairing of $N \cdot M$. How much noise does that add? Compute all pairs,
# then many random pairings. The `cpu` budget takes 1,024 reals and fakes (a million pairs);
# with `VGAN_BUDGET=gpu` set before the start it is 16,384 (268 million pairs at once).

# %%
n = 16_384 if runtime.budget() == "gpu" else 1024
on = runtime.device()
rng = runtime.new_rng(0, on=on)
r = 2 - 2 * torch.randn(n, device=on, generator=rng)
f = -2 - 2 * torch.randn(n, device=on, generator=rng)
every = all_pairs_d_loss(r, f)
paired = []
for _ in range(200):
    shuffled = f[torch.randperm(n, device=on, generator=rng)]
    paired.append(relativistic_d_loss(r, shuffled))
paired = torch.stack(paired)
off, standard_error = (paired.mean() - every).abs(), paired.std() / math.sqrt(200)
print("unbiased, within 4 standard errors:", bool(off < 4 * standard_error))
all_noise = F.softplus(shuffled - r).var() / n  # of the batch and of its pairing
own_noise = (all_noise - paired.var()).sqrt()
print("its spread is below the batch's own noise:", bool(paired.std() < own_noise))

# %% [markdown]
# One pairing is right on average, and the luck of the pairing adds less noise than the batch
# has anyway from its finite size. So pairing is not what limits you, and it costs $N$ terms
# instead of $N^2$.
