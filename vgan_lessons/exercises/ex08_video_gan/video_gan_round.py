"""8.4: the whole round of the video GAN, against one put together from earlier lessons."""

import torch

from vgan_lessons.checking import Case, Exercise, Mistake
from vgan_lessons.exercises.diary import Diary
from vgan_lessons.exercises.ex08_video_gan.taught_round import taught_round
from vgan_lessons.exercises.ex08_video_gan.tiny_video_gan import (
    bent_gan,
    bent_inputs,
    pixel_gan,
    weights_of,
)
from vgan_lessons.models.lstm_gan import VideoLatents
from vgan_lessons.training import VideoTrainConfig, video
from vgan_lessons.training.windows import Window

_CONFIG = VideoTrainConfig(
    n_frames=9,
    window_frames=3,
    max_stride=2,
    single_frames=2,
    penalty_every=4,
    r1_gamma=0.02,
    r2_gamma=0.04,
    ema_decay=0.25,
)
_STEEP = {"r1_gamma": 0.9, "r2_gamma": 0.3, "penalty_every": 2}


def _by_hand(answer, step: int, reached: list[float] | None = None):
    """One clip of two pixels: reals 1 and 3, noise 1 and 0; frame 1 is looked at singly.

    Whenever a gradient reaches G, `reached` notes where the clip discriminator stands.
    """
    gan = pixel_gan(step)
    if reached is not None:
        gan.generator.slope.register_hook(
            lambda _: reached.append(gan.clip_discriminator.slope.item())
        )
    real = torch.tensor([1.0, 3.0]).view(1, 2, 1, 1, 1)
    latents = VideoLatents(torch.zeros(1, 1), torch.tensor([[[9.0], [1.0], [9.0], [0.0]]]))
    window = Window(2, torch.tensor([[1, 3]]), torch.tensor([[1]]))
    return gan, answer(gan, _CONFIG, real, latents, window)


def _losses(answer) -> dict:
    _, (d_loss, g_loss, margins) = _by_hand(answer, 1)
    return {
        "d_loss": float(d_loss),
        "g_loss": float(g_loss),
        "margins": torch.as_tensor(margins),
    }


def _weights(answer, step: int) -> dict[str, float]:
    gan, _ = _by_hand(answer, step)
    return {
        "clip D": float(gan.clip_discriminator.slope),
        "frame D": float(gan.frame_discriminator.slope),
        "G": float(gan.generator.slope),
        "average": float(gan.generator_ema.slope),
    }


def _against_the_steps(answer) -> dict[str, float | str]:
    """Four rounds in float64 beside four of earlier lessons' steps: the largest differences."""
    config = VideoTrainConfig(
        n_frames=9, window_frames=3, max_stride=2, single_frames=2, ema_decay=0.5, **_STEEP
    )
    mine, theirs, off = bent_gan(1, 3, 0), bent_gan(1, 3, 0), 0.0
    for step in range(1, 5):
        mine.step = theirs.step = step
        real, latents = bent_inputs(step, 5, 3)
        window = video.draw_window(config, step, 5, torch.Generator().manual_seed(step))
        margins = _margins(theirs, real, latents, window)
        made = answer(mine, config, real, latents, window)
        right = taught_round(theirs, config, real, latents, window)
        off = max(
            off, *(abs(float(m) - float(r)) for m, r in zip(made[:2], right, strict=True))
        )
        pairs = zip(made[2], margins, strict=True)  # an answer may hand out float32
        off = max(off, *(abs(float(m) - float(r)) / 1e4 for m, r in pairs))
    apart = (weights_of(mine) - weights_of(theirs)).abs()
    sizes = [sum(w.numel() for w in net.parameters()) for net in mine.networks().values()]
    names = ("G", "average", "frame D", "clip D")
    parts = zip(names, apart.split(sizes), strict=True)
    return {"losses": off} | {name: float(part.max()) for name, part in parts}


@torch.no_grad()
def _margins(gan, real, latents, window) -> tuple[torch.Tensor, torch.Tensor]:
    """Mean logit of reals minus that of fakes, before the round, of clips and of frames."""
    fake, how = gan.generator(latents, window.index), {"stride": window.stride}
    clips = [gan.clip_discriminator(part, **how).mean() for part in (real, fake)]
    frames = [gan.frame_discriminator(window.pick(part)).mean() for part in (real, fake)]
    return clips[0] - clips[1], frames[0] - frames[1]


def _left_behind(answer) -> dict[str, bool]:
    """Gradients and switches after a round."""
    reached: list[float] = []
    gan, (d_loss, g_loss, margins) = _by_hand(answer, 1, reached)
    slopes = (gan.clip_discriminator.slope, gan.frame_discriminator.slope)
    # minus the gradients of D's own turn: 2 sigmoid(-2) and 3 sigmoid(-3)
    own = torch.tensor([-0.2384058, -0.1422776])
    left = torch.stack([slope.grad for slope in slopes])
    return {
        "a gradient reaches G before D's step": 1.0 in reached,
        "gan.step": gan.step,
        "G's turn adds to the discriminators' gradients": bool((left - own).abs().max() > 1e-4),
        "weights stay trainable": all(s.requires_grad for s in (*slopes, gan.generator.slope)),
        "the average stays frozen": not gan.generator_ema.slope.requires_grad,
        "results without a graph": not any(
            torch.as_tensor(r).requires_grad for r in (d_loss, g_loss, margins)
        ),
        "margins are a tensor (2,)": isinstance(margins, torch.Tensor)
        and margins.shape == (2,),
    }


def _events(answer) -> dict[str, tuple[str, ...]]:
    """What happens in a round without a penalty, and in one with it."""
    return {f"round {step}": _in_a_round(answer, step) for step in (1, 4)}


def _in_a_round(answer, step: int) -> tuple[str, ...]:
    diary, gan = Diary(), bent_gan(1, 3, step)
    diary.watch_gradients("G", gan.generator)
    diary.watch_gradients("the clip discriminator", gan.clip_discriminator)
    diary.watch_gradients("the frame discriminator", gan.frame_discriminator)
    diary.watch_steps("g_optim", gan.g_optim, "G")
    both = "the clip discriminator", "the frame discriminator"
    diary.watch_steps("d_optim", gan.d_optim, *both)
    diary.watch_moves("the average", gan.generator_ema)
    window = video.draw_window(_CONFIG, step, 5, torch.Generator().manual_seed(step))
    return diary.read(lambda: answer(gan, _CONFIG, *bent_inputs(step, 5, 3), window))


_STUB = '''def my_video_gan_round(gan, config, real, latents, window):
    """Play one step of both discriminators, one of G, and one of the moving average."""
    ...  # your code
'''
_LAZY = "lazy_penalty(slopes, gan.step, config.penalty_every)"
_G_LOSS = "g_loss = sum(map(relativistic_g_loss, real_logits, fake_logits))"
_EMA = "ema_update(gan.generator_ema, gan.generator, ema_decay_at(gan.step, config.ema_decay))"
_FRAMES = "frames = torch.cat([window.pick(real), window.pick(still)])"

# fmt: off
VIDEO_GAN_ROUND = Exercise(
    name="video_gan_round",
    number="8.4",
    minutes=30,
    difficulty="hard",
    contract=(
        "`gan` has generator, generator_ema, frame_discriminator, clip_discriminator, g_optim, d_optim and step, the number "
        "of this round from 1 on; d_optim holds both discriminators. Change them in place; gan.step stays.",
        "Fakes: `gan.generator(latents, window.index)`, (B, K, C, H, W), as `real` is. Scores: "
        "`gan.clip_discriminator(clips, stride=window.stride)` and `gan.frame_discriminator(window.pick(clips))`, of reals and fakes alike.",
        "The discriminators' turn: the sum of `relativistic_d_loss` of both; where gan.step is a multiple of "
        "config.penalty_every, for each of them R1 at what it was shown of the reals (config.r1_gamma) and R2 at what it was shown "
        "of the fakes (config.r2_gamma), times penalty_every. One step of d_optim; nothing reaches G.",
        "Then G's turn against the discriminators as they stand now: the sum of `relativistic_g_loss` of both, one step of g_optim; "
        "no weight and no gradient of a discriminator changes.",
        "Then the average: `ema_update` with the decay `ema_decay_at(gan.step, config.ema_decay)`.",
        "Gradients of earlier rounds do not count, and what can be trained before can be trained afterwards.",
        "Return d_loss and g_loss, each before its step and without the penalty, and the margins, a tensor (2,): mean real minus "
        "mean fake logit in the discriminators' turn, of clips, then of frames. No result has a graph.",
    ),
    reference=video.video_gan_round,
    events=_events,
    stub=_STUB,
    cases=(  # by hand: logits 4 and 2 of clips, 3 and 0 of frames
        Case("losses and margins", _losses, {"d_loss": 0.1755154, "g_loss": 5.5925714, "margins": torch.tensor([2.0, 3.0])},
             "G(z) = 2 z, both discriminators add up pixels; reals 1 and 3, fakes 2 and 0, and the second frame is picked. d_loss is ln(1 + e^-2) + ln(1 + e^-3)."),
        Case("the weights after round 1", lambda answer: _weights(answer, 1), {"clip D": 1.1192029, "frame D": 1.0711388, "G": 2.5056815, "average": 2.9591939},
             "No penalty is due; G's turn sees the discriminators after their step; the average keeps 2/11."),
        Case("the weights after round 4, with a penalty", lambda answer: _weights(answer, 4), {"clip D": 0.8792029, "frame D": 0.9511388, "G": 2.3749844, "average": 3.0312383},
             "Squared slopes: 2 a^2 of clips of two pixels, b^2 of frames; times (0.02 + 0.04) / 2, times penalty_every."),
        Case("four rounds beside the steps of lessons 02 to 04", _against_the_steps, "nothing above 1e-9",
             holds=lambda off: max(off.values()) < 1e-9,
             nudge="In float64 the losses and all four networks agree with d_step, g_step, r1_penalty, r2_penalty and ema_update to 1e-9. Which is the first that does not?"),
        Case("what a round leaves behind", _left_behind,
             {"a gradient reaches G before D's step": False, "gan.step": 1, "G's turn adds to the discriminators' gradients": False, "weights stay trainable": True, "the average stays frozen": True, "results without a graph": True, "margins are a tensor (2,)": True},
             "D's turn ends at the fakes, which are detached. G's loss goes through the discriminators: let backward collect for G's weights alone.", "side effects"),
    ),
    hints=(
        "Lesson 04's two turns with two discriminators: add up two losses, take one step. What is new is what each is shown, and that fakes are made once.",
        "`fake.detach()` for the discriminators' turn. For the penalty, inputs that require a gradient and `squared_gradient_norm(logits, inputs)`, or "
        "`r1_penalty(score, reals, gamma)` with score a function of clips or of frames. `g_loss.backward(inputs=[*gan.generator.parameters()])`.",
        "score = lambda clips: (gan.clip_discriminator(clips, stride=window.stride), gan.frame_discriminator(window.pick(clips))); "
        "d_loss = sum(map(relativistic_d_loss, score(real), score(fake.detach()))), plus the penalty; zero_grad, backward, step; then g_loss with score(real) "
        "under no_grad and score(fake); ema_update.",
    ),
    mistakes=(  # name, edits of the reference, diagnosis, kind
        Mistake("clips only", {"d_loss = sum(relativistic_d_loss(*half) for half in halves)": "d_loss = relativistic_d_loss(*halves[0])", _G_LOSS: "g_loss = relativistic_g_loss(real_logits[0], fake_logits[0])"},
                "Only the clip discriminator takes part: nobody looks at single frames closely."),
        Mistake("frames only", {"d_loss = sum(relativistic_d_loss(*half) for half in halves)": "d_loss = relativistic_d_loss(*halves[1])", _G_LOSS: "g_loss = relativistic_g_loss(real_logits[1], fake_logits[1])"},
                "Only the frame discriminator takes part: nobody asks whether frames follow one another."),
        Mistake("G faces clips only", {_G_LOSS: "g_loss = relativistic_g_loss(real_logits[0], fake_logits[0])"},
                "Both discriminators learn, and G is told by one of them alone."),
        Mistake("a mean over the discriminators", {"d_loss = sum(relativistic_d_loss(*half) for half in halves)": "d_loss = sum(relativistic_d_loss(*half) for half in halves) / 2"},
                "The losses of both are added, not averaged."),
        Mistake("losses exchanged", {"relativistic_d_loss(*half)": "relativistic_g_loss(*half)", _G_LOSS: "g_loss = sum(map(relativistic_d_loss, real_logits, fake_logits))"},
                "Each side minimises the other's loss."),
        Mistake("the game without pairs", {"relativistic_d_loss(*half)": "F.softplus(-half[0]).mean() + F.softplus(half[1]).mean()", _G_LOSS: "g_loss = sum(F.softplus(-logits).mean() for logits in fake_logits)"},
                "These are the logistic losses: the relativistic ones compare each real with a fake."),
        Mistake("no penalty", {" + " + _LAZY: ""},
                "No slope penalty is ever added: the clip discriminator becomes as steep as it likes."),
        Mistake("a penalty in every round", {_LAZY: "slopes()", "requires_grad_(due)": "requires_grad_(True)"},
                "The penalty comes in every round; it is due where gan.step is a multiple of penalty_every."),
        Mistake("a lazy penalty without its factor", {_LAZY: "(slopes() if due else 0)"},
                "A penalty that comes every n-th round has to count n times as much."),
        Mistake("a penalty on clips alone", {"sum(map(partial(_slope_penalty, config), both, (clips, frames)))": "_slope_penalty(config, both[0], clips)"},
                "The frame discriminator has no penalty: R1 and R2 belong to each."),
        Mistake("no zero_grad before D's step", {"gan.d_optim.zero_grad()": "pass"},
                "The discriminators' gradients of the last round are still there: clear them first."),
        Mistake("no zero_grad before G's step", {"gan.g_optim.zero_grad()": "pass"},
                "G's gradient of the last round is still there: clear it first."),
        Mistake("G cut off", {"fake_logits = _score(gan, fake, window.pick(fake)": "fake = 0 * fake + still\n    fake_logits = _score(gan, fake, window.pick(fake)"},
                "G does not move: it takes no step, or its turn scores fakes that are detached."),
        Mistake("G's gradient left on the discriminators", {"g_loss.backward(inputs=_weights_of(gan.g_optim))": "g_loss.backward()"},
                "G's backward leaves gradients on the discriminators: name G's weights in `inputs`, or freeze them for this turn.", "side effects"),
        Mistake("discriminators left frozen", {"gan.g_optim.zero_grad()": "gan.g_optim.zero_grad()\n    gan.clip_discriminator.requires_grad_(False)\n    gan.frame_discriminator.requires_grad_(False)"},
                "A discriminator that was frozen for G's turn is never thawed.", "side effects"),
        Mistake("the old scores in G's turn", {_G_LOSS: "g_loss = sum(map(relativistic_g_loss, [half[0].detach() for half in halves], fake_logits))"},
                "G's turn compares with the reals' scores from before the discriminators' step: score them again."),
        Mistake("the average stands still", {_EMA: "pass"},
                "The average never moves."),
        Mistake("one decay all along", {"ema_decay_at(gan.step, config.ema_decay)": "config.ema_decay"},
                "A young average forgets faster: ema_decay_at says how fast."),
        Mistake("the average becomes G", {_EMA: "gan.generator_ema.load_state_dict(gan.generator.state_dict())"},
                "The average is overwritten with G: it keeps a share of itself."),
        Mistake("the first frames picked", {_FRAMES: "frames = torch.cat([real[:, 0], still[:, 0]])"},
                "The frame discriminator sees the first frame of every window, not those that were picked."),
        Mistake("other frames of the reals", {_FRAMES: "frames = torch.cat([window.pick(real.flip(1)), window.pick(still)])"},
                "Reals and fakes are picked differently: one sampler for both, or it gives them away."),
        Mistake("always stride 1", {"both = _score(gan, clips, frames, window.stride)": "both = _score(gan, clips, frames, 1)"},
                "The clip discriminator is told stride 1 whatever the window's is."),
        Mistake("the whole beginning instead of the window", {"gan.generator(latents, window.index)": "gan.generator(latents, window.index - window.index[:, :1])"},
                "The fakes are frames from the beginning of each path, not those of the window."),
        Mistake("losses with their graph", {"return d_loss.detach(), g_loss.detach(), margins": "return d_loss, g_loss, margins"},
                "The losses still hold their graph: detach what is handed out.", "side effects"),
        Mistake("margins exchanged", {"for r, f in halves])": "for r, f in halves[::-1]])"},
                "The margins come as frames, clips; clips come first."),
        Mistake("the penalty a round late", {_LAZY: "lazy_penalty(slopes, gan.step - 1, config.penalty_every)", "due = gan.step %": "due = (gan.step - 1) %"},
                "The penalty comes where gan.step - 1 is a multiple of penalty_every: rounds count from 1, and gan.step itself decides."),
        Mistake("the whole penalty in every round", {_LAZY: "(config.penalty_every * slopes())", "requires_grad_(due)": "requires_grad_(True)"},
                "The penalty comes in every round with the weight of several: it is due where gan.step is a multiple of penalty_every."),
        Mistake("the penalty returned with the loss", {"gan.d_optim.zero_grad()": f"gan.d_optim.zero_grad()\n    d_loss = d_loss + {_LAZY}", f"(d_loss + {_LAZY}).backward()": "d_loss.backward()"},
                "d_loss comes with the penalty in it: the loss alone is asked for."),
        Mistake("one weight for both penalties", {"partial(_slope_penalty, config)": "partial(_slope_penalty, type(config)(**(vars(config) | {'r2_gamma': config.r1_gamma})))"},
                "R2 has the weight of R1: config.r2_gamma is its own."),
        Mistake("never told the stride", {"both = _score(gan, clips, frames, window.stride)": "both = _score(gan, clips, frames, 1)", "_score(gan, real, window.pick(real), window.stride)": "_score(gan, real, window.pick(real), 1)", "_score(gan, fake, window.pick(fake), window.stride)": "_score(gan, fake, window.pick(fake), 1)"},
                "The clip discriminator is never told the window's stride: stride=window.stride, in both turns."),
        Mistake("fakes left attached", {"fake.detach()": "fake", "seen.requires_grad_(due)": "pass", f"(d_loss + {_LAZY}).backward()": f"(d_loss + {_LAZY}).backward(retain_graph=True)"},
                "The discriminators' backward runs on into G: detach the fakes for their turn.", "side effects"),
        Mistake("gan.step moved on", {"return d_loss.detach(), g_loss.detach(), margins": "gan.step += 1\n    return d_loss.detach(), g_loss.detach(), margins"},
                "gan.step goes up inside of the round: the loop counts.", "side effects"),
        Mistake("R2 at the reals", {"partial(_slope_penalty, config)": "(lambda logits, inputs: (config.r1_gamma + config.r2_gamma) / 2 * squared_gradient_norm(logits, inputs).chunk(2)[0].mean())"},
                "Both penalties are taken at the reals: R2 belongs to the fakes."),
        Mistake("the discriminators take no step", {"_step(gan.d_optim, average)": "average([])"},
                "The discriminators' gradients are computed and no step is taken: d_optim.step()."),
        Mistake("G drawn back to the average", {_EMA: _EMA.replace("gan.generator_ema, gan.generator,", "gan.generator, gan.generator_ema,")},
                "ema_update moves its first argument: here G is drawn back to its average."),
        Mistake("losses in another order", {"return d_loss.detach(), g_loss.detach(), margins": "return g_loss.detach(), d_loss.detach(), margins"},
                "g_loss comes first here: d_loss, g_loss, margins is the order."),
        Mistake("margins turned round", {"(r.mean() - f.mean())": "(f.mean() - r.mean())"},
                "The margins have the other sign: the mean logit of the reals minus that of the fakes."),
        Mistake("G faces frames only", {_G_LOSS: "g_loss = relativistic_g_loss(real_logits[1], fake_logits[1])"},
                "Both discriminators learn, and G is told by that of frames alone."),
    ),
)
