"""8.6: the loop of the video GAN, from a bank of clips to logs."""

from itertools import groupby, islice

import torch
from torch import Tensor

from vgan_lessons.checking import Case, Exercise, Mistake
from vgan_lessons.exercises.ex08_video_gan.tiny_video_gan import pixel_gan
from vgan_lessons.training import VideoTrainConfig, video

_NUMBERS = {
    "n_frames": 1,
    "window_frames": 1,
    "max_stride": 2,
    "batch_size": 2,
    "g_lr": 0.5,
    "d_lr": 0.25,
    "r1_gamma": 0.02,
    "r2_gamma": 0.04,
    "ema_decay": 0.25,
}
_MOST_CALLS = 60  # a loop that never ends is stopped here


class _Bank:
    """Always the pixels 1 and 3, and a list of all that was asked for."""

    n_classes = ()

    def __init__(self, image_size: int = 32) -> None:
        self.image_size, self.asked = image_size, []

    def sample_clips(
        self, n: int, *, n_frames: int, stride: int = 1, rng: torch.Generator
    ) -> Tensor:
        """(n, n_frames, 1, 1, 1)."""
        self.asked.append((n, n_frames, stride, rng))
        if len(self.asked) > _MOST_CALLS:
            raise RuntimeError("the loop goes on after config.n_steps")
        pixels = torch.tensor([1.0, 3.0]).repeat(n)[:n]
        return pixels.view(n, 1, 1, 1, 1).repeat(1, n_frames, 1, 1, 1)

    def sample_labelled(self, n: int, **how: object) -> tuple[Tensor, None]:
        """The same clips; they have no labels."""
        return self.sample_clips(n, **how), None


class _Game:
    """A game on pixels before step `begin + 1`, and what was seen of it."""

    def __init__(
        self,
        answer,
        *,
        begin: int = 0,
        bank: _Bank | None = None,
        slope: float = 1.0,
        seed: int = 0,
        **changes,
    ) -> None:
        self.config = VideoTrainConfig(**_NUMBERS | changes)
        self.gan, self.bank, self.paths = pixel_gan(begin), bank or _Bank(), []
        self.gan.clip_discriminator.slope.data.fill_(slope)
        self.gan.rng.manual_seed(seed)
        self.shown: list[list] = []  # frames that G was asked for
        draw, paint = self.gan.generator.draw_latents, self.gan.generator.forward

        def recorded(n, n_frames, rng):
            self.paths.append((n, n_frames, rng is self.gan.rng))
            return draw(n, n_frames, rng)

        def painted(latents, frame_index):
            self.shown.append(frame_index.tolist())
            return paint(latents, frame_index)

        self.gan.generator.draw_latents = recorded
        self.gan.generator.forward = painted
        self.logs = answer(self.gan, self.bank, self.config)


def _steps(answer) -> dict[str, tuple]:
    def logged(**kind) -> tuple:
        return tuple(log.step for log in _Game(answer, **kind).logs)

    return {
        "7 steps, a log every 3": logged(n_steps=7, log_every=3),
        "from step 4": logged(begin=4, n_steps=7, log_every=3),
        "nothing left to do": logged(begin=7, n_steps=7, log_every=3),
    }


def _values(answer) -> dict[str, tuple[float, ...]]:
    logs = list(_Game(answer, n_steps=4, log_every=3).logs)
    names = ("d_loss", "g_loss", "clip_margin", "frame_margin")
    return {f"step {log.step}": tuple(float(getattr(log, n)) for n in names) for log in logs}


def _margins(answer) -> dict[str, float]:
    """Of a round in which the clip discriminator is twice as steep as the other."""
    (log,) = _Game(answer, n_steps=1, log_every=1, slope=2.0).logs
    return {"clip_margin": float(log.clip_margin), "frame_margin": float(log.frame_margin)}


def _weights(answer) -> dict[str, float]:
    game = _Game(answer, n_steps=4, log_every=1)
    list(game.logs)
    gan = game.gan
    return {
        "clip D": float(gan.clip_discriminator.slope),
        "frame D": float(gan.frame_discriminator.slope),
        "G": float(gan.generator.slope),
        "average": float(gan.generator_ema.slope),
        "step": gan.step,
    }


def _rates(answer) -> dict[str, tuple[float, ...]]:
    game = _Game(answer, n_steps=4, log_every=1)
    seen = [
        (gan.g_optim.param_groups[0]["lr"], gan.d_optim.param_groups[0]["lr"])
        for gan in (game.gan for _ in game.logs)
    ]
    return {"G": tuple(g for g, _ in seen), "both D": tuple(d for _, d in seen)}


def _windows_seen(answer) -> dict[str, bool]:
    """Whether the windows follow from gan.rng: two games of one seed, and one of another."""
    frames = []
    for seed in (0, 0, 1):
        game = _Game(answer, seed=seed, n_steps=2, log_every=1, n_frames=40, window_frames=3)
        list(game.logs)
        frames.append(game.shown)
    first, again, other = frames
    return {"one seed, the same": first == again, "another seed, others": first != other}


def _asked(answer) -> dict[str, tuple]:
    game = _Game(
        answer,
        n_steps=3,
        log_every=1,
        n_frames=7,
        window_frames=3,
        single_frames=2,
        batch_size=6,
    )
    list(game.logs)
    told = game.gan.clip_discriminator.strides  # a round may ask as often as it likes
    return {
        "clips, frames and stride of the reals": tuple(asked[:3] for asked in game.bank.asked),
        "drawn from gan.rng": all(asked[3] is game.gan.rng for asked in game.bank.asked),
        "paths": tuple(game.paths),
        "strides told": tuple(stride for stride, _ in groupby(told)),
    }


def _handed_out(answer) -> dict[str, object]:
    game = _Game(answer, n_steps=9, log_every=2)
    first = next(iter(game.logs))
    return {
        "rounds played for the first log": game.gan.step,
        "plain numbers": all(
            isinstance(value, float) for value in (first.d_loss, first.clip_margin)
        ),
        "logs after two more": len(list(islice(iter(game.logs), 2))),
    }


def _other_size(answer) -> str:
    try:
        list(_Game(answer, bank=_Bank(image_size=64), n_steps=2).logs)
    except ValueError:
        return "ValueError"
    return "no error"


_CONDITION = "gan.step % config.log_every == 0 or gan.step == config.n_steps"
_REAL = "n_clips, n_frames=config.window_frames, stride=window.stride, rng=gan.rng"
_RATE = 'optim.param_groups[0]["lr"] = lr * config.rate_at(gan.step)'
_YIELD = "yield StepLog(gan.step, *(loss.item() for loss in losses), *margins.tolist())"

# fmt: off
TRAIN_VIDEO = Exercise(
    name="train_video",
    number="8.6",
    minutes=8,
    difficulty="medium",
    contract=(
        "Play rounds until gan.step is config.n_steps. gan.step counts them: it goes up by 1 before each, and may begin anywhere.",
        "Before each round set both learning rates, `gan.g_optim.param_groups[0][\"lr\"]` and d_optim's, to config.g_lr and config.d_lr "
        "times `config.rate_at(gan.step)`.",
        "A round: the window of `windows(config, gan.step, config.batch_size, gan.rng)`; reals from `bank.sample_clips(config.batch_size, "
        "n_frames=config.window_frames, stride=window.stride, rng=gan.rng)`, those three by keyword; latents of whole paths, from `gan.generator.draw_latents("
        "config.batch_size, config.n_frames, gan.rng)`; then `video_gan_round(gan, config, real, latents, window)`.",
        "After every config.log_every-th step, and after the last, yield `StepLog(step, d_loss, g_loss, clip_margin, frame_margin)` with plain "
        "numbers. Rounds are played when a log is asked for, not before.",
        "If bank.image_size is not config.image_size, raise ValueError.",
    ),
    reference=video.train_video_gan,
    stub='''def my_train_video(gan, bank, config):
    """Train from where `gan` stands to `config.n_steps`."""
    ...  # your code
''',
    cases=(  # by hand: G(z) = 2 z of z = 0 and 0.1, reals 1 and 3, both discriminators x
        Case("which steps are logged", _steps, {"7 steps, a log every 3": (3, 6, 7), "from step 4": (6, 7), "nothing left to do": ()},
             "Every log_every-th step and the last; gan.step may begin anywhere.", "side effects"),
        Case("weights after four steps", _weights, {"clip D": 1.1267375, "frame D": 1.1267375, "G": 2.1379943, "average": 2.1423398, "step": 4},
             "Step 3 has 0.55 of the rates, step 4 a tenth; at step 4 a penalty is due."),
        Case("losses and margins of steps 3 and 4", _values, {"step 3": (0.3314816, 4.6008103, 2.0908912, 2.0908912), "step 4": (0.3222784, 4.5897625, 2.1376545, 2.1376545)},
             "One call of video_gan_round a step, its results in the order d_loss, g_loss, margins."),
        # reals of mean 2, fakes of mean 0.1: 1.9, and twice that
        Case("both margins", _margins, {"clip_margin": 3.8, "frame_margin": 1.9},
             "Reals 1 and 3, fakes 0 and 0.2; the clip discriminator is 2 x. margins come as video_gan_round has them: clips, then frames."),
        Case("learning rates of four steps", _rates, {"G": (0.5, 0.5, 0.275, 0.05), "both D": (0.25, 0.25, 0.1375, 0.025)},
             "rate_at of the step that comes now: 1, 1, 0.55, 0.1."),
        Case("which windows are drawn", _windows_seen, {"one seed, the same": True, "another seed, others": True}, "The windows are drawn from gan.rng.", "dtype/device/seed"),
        Case("what is drawn", _asked,
             {"clips, frames and stride of the reals": ((6, 3, 2), (6, 3, 1), (6, 3, 2)), "drawn from gan.rng": True,
              "paths": ((6, 7, True),) * 3, "strides told": (2, 1, 2)},
             "Reals: window_frames at the window's stride. Paths: n_frames.", "side effects"),
        Case("what is handed out", _handed_out, {"rounds played for the first log": 2, "plain numbers": True, "logs after two more": 2},
             "Yield inside the loop; .item() makes numbers.", "side effects"),
        Case("clips of another size", _other_size, "ValueError", "Compare bank.image_size with config.image_size before the first round.", "side effects"),
    ),
    hints=(
        "You have the round; around it stand a counter, two learning rates, a window, two draws and a log.",
        "`while gan.step < config.n_steps:`, and first of all in it `gan.step += 1`, for rates, strides and penalties are those of the step that comes.",
        "`d_loss, g_loss, margins = video_gan_round(gan, config, real, latents, window)`; `if gan.step % config.log_every == 0 or gan.step == config.n_steps:` "
        "`yield StepLog(gan.step, d_loss.item(), g_loss.item(), *margins.tolist())`.",
    ),
    mistakes=(
        Mistake("windows from a source of their own", {"draw_window(config, gan.step, n_clips, gan.rng)": "draw_window(config, gan.step, n_clips, torch.Generator().manual_seed(gan.step))"},
                "The windows are drawn from a source of their own: the same ones whatever gan.rng is.", "dtype/device/seed"),
        Mistake("always from step 0", {"while gan.step < config.n_steps:": "gan.step = 0\n    while gan.step < config.n_steps:"},
                "The loop begins at step 0 wherever the game stands: a training that was interrupted starts again.", "side effects"),
        Mistake("counted afterwards", {"gan.step += 1": "pass", "due = gan.step %": "gan.step += 1\n        due = gan.step %"},
                "gan.step goes up after the round: rates, stride and penalty are those of the step before."),
        Mistake("one step too few", {"while gan.step < config.n_steps": "while gan.step < config.n_steps - 1"},
                "The last step is missing.", "side effects"),
        Mistake("a log at every step", {_CONDITION: "True"},
                "Every step is logged: reading a loss makes a GPU wait, so log every log_every-th.", "side effects"),
        Mistake("the last step not logged", {" or gan.step == config.n_steps": ""},
                "The last step is logged only if it happens to be a multiple of log_every.", "side effects"),
        Mistake("constant rates", {_RATE: "optim.param_groups[0][\"lr\"] = lr"},
                "The learning rates never fall: multiply by what rate_at says of gan.step, a whole number."),
        Mistake("rates multiplied again and again", {_RATE: "optim.param_groups[0][\"lr\"] *= config.rate_at(gan.step)"},
                "The rate is multiplied into the last one: start from config's in every step."),
        Mistake("rates exchanged", {"(gan.g_optim, config.g_lr), (gan.d_optim, config.d_lr)": "(gan.g_optim, config.d_lr), (gan.d_optim, config.g_lr)"},
                "G has the rate of the discriminators, and they have G's."),
        Mistake("only G's rate falls", {"((gan.g_optim, config.g_lr), (gan.d_optim, config.d_lr))": "((gan.g_optim, config.g_lr),)"},
                "The discriminators' rate is never set."),
        Mistake("reals at stride 1", {_REAL: _REAL.replace("window.stride", "1")},
                "Reals are cut at stride 1 while the fakes have the window's: the pace gives them away.", "side effects"),
        Mistake("whole clips of reals", {_REAL: _REAL.replace("config.window_frames", "config.n_frames")},
                "Reals come with as many frames as a whole path: the discriminators see windows.", "side effects"),
        Mistake("paths of another length", {"draw_latents(n_clips, config.n_frames,": "draw_latents(n_clips, 2 * config.n_frames,"},
                "The paths are not config.n_frames long: the window is chosen from that many.", "side effects"),
        Mistake("a random source of its own", {_REAL: _REAL.replace("gan.rng", "torch.Generator().manual_seed(gan.step)")},
                "Reals are drawn from another source than gan.rng: a resumed training would not be the same.", "side effects"),
        Mistake("losses exchanged", {"*losses, margins = video_gan_round(": "second, first, margins = video_gan_round(", "for loss in losses)": "for loss in (first, second))"},
                "d_loss and g_loss are exchanged."),
        Mistake("tensors in the log", {"*(loss.item() for loss in losses), *margins.tolist()": "*losses, *margins"},
                "The log holds tensors: .item() and .tolist() make numbers.", "side effects"),
        Mistake("all rounds at once", {"while gan.step < config.n_steps:": "logs = []\n    while gan.step < config.n_steps:", _YIELD: _YIELD.replace("yield ", "logs.append(") + ")\n    return logs"},
                "All rounds are played before the first log is handed out: use yield, so that the caller can look and stop.", "side effects"),
        Mistake("any size of clips", {"n_clips = clips_a_process(bank, config, n_processes)": "n_clips = config.batch_size"},
                "Clips of another size are not refused: the networks would fail later, and say less.", "side effects"),
        Mistake("margins exchanged", {"*margins.tolist())": "*margins.flip(0).tolist())"},
                "clip_margin and frame_margin are exchanged."),
        Mistake("the rate of the step before", {_RATE: "optim.param_groups[0][\"lr\"] = lr * config.rate_at(gan.step - 1)"},
                "rate_at is asked about the step before: gan.step has gone up already."),
        Mistake("G's rate for all", {"(gan.d_optim, config.d_lr)": "(gan.d_optim, config.g_lr)"},
                "The discriminators have G's rate: config.d_lr is theirs."),
        Mistake("n_steps more rounds", {"while gan.step < config.n_steps:": "for _ in range(config.n_steps):"},
                "n_steps rounds are played wherever the game stands: play until gan.step is n_steps.", "side effects"),
        Mistake("paths of a window's length", {"draw_latents(n_clips, config.n_frames,": "draw_latents(n_clips, config.window_frames,"},
                "The paths are as long as a window: a window is cut out of a path of config.n_frames.", "side effects"),
        Mistake("return for yield", {_YIELD: _YIELD.replace("yield", "return")},
                "`return` ends the loop at its first log: `yield` hands a log out and goes on.", "side effects"),
    ),
)
