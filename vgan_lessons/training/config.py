"""Every number a training depends on, with its meaning, and those that were seen to train."""

from dataclasses import dataclass

from vgan_lessons.runtime import BudgetName, steps

_ONE_OBJECT = {"shapes", "digits", "mnist"}  # something small on an empty background

_ALONG_A_PATH = ("lstm", "independent")  # models with a motion path and a painter


@dataclass(frozen=True, kw_only=True)
class VideoTrainConfig:
    """What is trained and how; a field that nothing reads may not exist. Lesson 08."""

    model: str = "lstm"  # which generator: a name in models.generators.MODELS
    image_size: int = 32  # pixels; a power of two
    n_frames: int = 16  # frames of the motion path, and of the clips that are shown
    seed: int = 0  # weights and every draw of the loop follow from it
    n_steps: int = 2000  # generator updates
    batch_size: int = 32  # clips per step, over all processes together

    content_dim: int = 32  # size of z_content; the painter of objects counts its own
    noise_dim: int = 16  # size of the noise that drives the motion; small: less identity leaks
    painter: str = "moving"  # what paints the frames: a name in models.generators.PAINTERS
    generator_channels: tuple[int, ...] = (32, 32)  # channels entering each of its layers
    background_channels: tuple[int, ...] = (64, 32)  # the same of the still part of a scene
    n_classes: tuple[int, ...] = ()  # of each label that G and D are told; () tells none
    frame_channels: int = 24  # first layer of the frame discriminator
    n_sampling_steps: int = 25  # of a diffusion model: passes of a clip through its denoiser
    kl_weight: float = 0.02  # beta of a VAE: the variance that it grants each pixel
    frame_pooling: bool = False  # it scores what is there, wherever; False: place by place
    clip_channels: int = 48  # first layer of the clip discriminator
    black_is_zero: bool = False  # what both see on black; False: black is -1

    window_frames: int = 6  # frames painted and scored per step, out of the path's n_frames
    single_frames: int = 1  # of these, how many the frame discriminator sees one by one
    max_stride: int = 3  # the window takes every 1st, 2nd, ... max_stride-th frame in turn

    augment: float = 0.0  # probability that both discriminators see a clip altered; 0: never
    mirror: bool = False  # flip each real clip left to right with probability one half

    g_lr: float = 1.6e-3  # Adam step size of G
    d_lr: float = 1.6e-3  # Adam step size of both discriminators
    betas: tuple[float, float] = (0.5, 0.99)  # Adam moments of both; 0.5 is the GAN habit
    r1_gamma: float = 0.1  # weight of the slope penalty at real clips
    r2_gamma: float = 0.1  # weight of the slope penalty at generated clips
    penalty_every: int = 4  # steps between two penalties, each weighted up by this number
    ema_decay: float = 0.998  # per step; how slowly the shown generator follows

    log_every: int = 20  # steps between two logs; reading a loss makes a GPU wait

    def __post_init__(self) -> None:
        span = (self.window_frames - 1) * self.max_stride + 1
        if span > self.n_frames:
            raise ValueError(
                f"a window of {self.window_frames} frames at stride {self.max_stride} spans "
                f"{span} frames, but the path has n_frames={self.n_frames}"
            )
        if abs(self.seed) > 10**15:  # the loop multiplies it
            raise ValueError(f"a seed is a whole number up to 10^15, got {self.seed}")
        for name in ("n_steps", "batch_size", "log_every", "penalty_every", "window_frames"):
            if getattr(self, name) < 1:
                raise ValueError(f"{name} must be at least 1, got {getattr(self, name)}")
        if self.n_classes and not self.can_be_told:
            what = "a painter of objects" if self.model in _ALONG_A_PATH else self.model
            raise ValueError(f"{what} cannot be told labels: leave n_classes empty")
        if self.augment and self.has_no_d:
            raise ValueError(f"augment alters what D sees, and {self.model} has no D")
        if not self.kl_weight > 0:
            raise ValueError(f"kl_weight must be above 0, got {self.kl_weight}")
        if not 0 <= self.augment <= 1:
            raise ValueError(f"augment is a probability from 0 to 1, got {self.augment}")
        if not 1 <= self.single_frames <= self.window_frames:
            raise ValueError(
                f"single_frames must be from 1 to window_frames={self.window_frames}, "
                f"got {self.single_frames}"
            )

    @property
    def can_be_told(self) -> bool:
        """Whether this generator has a place for labels; forms and colours have their own."""
        return self.model in _ALONG_A_PATH and self.painter != "object"

    @property
    def has_no_d(self) -> bool:
        """Whether this model is trained by one loss, without a game."""
        return self.model in ("diffusion", "vae")

    @property
    def sees_first_frame(self) -> bool:
        """Whether G is shown how each video begins; its clips show the discriminators, too."""
        return self.model == "continuation"

    def generator_sizes(self) -> dict[str, object]:
        """What the constructor of this configuration's generator takes."""
        if self.model == "diffusion":  # it begins with noise of the size of the clips
            return {
                "image_size": self.image_size,
                "channels_per_layer": self.generator_channels,
                "n_sampling_steps": self.n_sampling_steps,
            }
        sizes: dict[str, object] = {"image_size": self.image_size}
        if self.model == "vae":  # one code for what is seen and how it moves
            return sizes | {
                "n_frames": self.n_frames,
                "code_dim": self.content_dim,
                "base_channels": self.generator_channels[0],
            }
        sizes["noise_dim"] = self.noise_dim
        if self.model == "conv3d":  # its length is fixed, and every layer doubles its channels
            return sizes | {
                "content_dim": self.content_dim,
                "n_frames": self.n_frames,
                "base_channels": self.generator_channels[0],
            }
        if self.sees_first_frame:
            return sizes | {
                "content_dim": self.content_dim,
                "channels_per_layer": self.generator_channels,
            }
        if self.n_classes:
            sizes["n_classes"] = self.n_classes
        sizes |= {"painter": self.painter, "channels_per_layer": self.generator_channels}
        if self.painter == "scene":
            sizes["background_channels"] = self.background_channels
        return sizes if self.painter == "object" else sizes | {"content_dim": self.content_dim}

    def rate_at(self, step: int) -> float:
        """The share of the learning rates in force: 1, then falling to 0.1 at the end.

        Args:
            step: updates made so far.

        Returns:
            1 over the first half of the run, 0.1 at its last step, a line between.
        """
        left = min(1.0, 2 * (1 - step / self.n_steps))
        return 0.1 + 0.9 * left


def recipe(data: str, budget: BudgetName, **changes: object) -> VideoTrainConfig:
    """The settings to start from for a data set.

    Args:
        data: a data set's name; one object on an empty background is painted on a moving grid,
            everything else (people, your own clips) as a still background and what moves
            before it. For a camera that moves change `painter` to "dense".
        budget: "cpu" trains 32x32 in minutes on two cores; "gpu" 64x64 on one GPU; "smoke" is
            "cpu" with a fiftieth of its steps.
        changes: fields of VideoTrainConfig to set otherwise; None leaves one as it is.

    Returns:
        A configuration.

    Raises:
        TypeError: if a change names no field.
        ValueError: if the changed numbers do not fit together.

    Used in lesson 08.
    """
    begun = changes.get("model") == "continuation"  # from pictures of any kind: as for scenes
    one_object = data in _ONE_OBJECT and not begun
    settings: dict[str, object] = {"painter": "moving" if one_object else "scene"}
    if budget == "gpu":
        settings |= _ONE_OBJECT_GPU if one_object else _SCENE_GPU
    else:
        settings |= _ONE_OBJECT_CPU if one_object else _SCENE_CPU
    if data == "shapes" and one_object and budget != "gpu":
        settings = dict(_SHAPES_CPU)
    if not one_object and budget != "gpu" and (changes.get("image_size") or 0) > 32:
        settings |= _SCENE_LARGE
    if changes.get("model") in _RIVALS:
        settings |= _rival(changes["model"], one_object, budget)
    settings["n_steps"] = steps(settings["n_steps"], budget)
    if data in ("digits", "mnist"):
        settings |= {"r1_gamma": 0.3, "r2_gamma": 0.3}
    return VideoTrainConfig(**settings | {k: v for k, v in changes.items() if v is not None})


def _rival(model: str, one_object: bool, budget: BudgetName) -> dict[str, object]:
    """Widths that give a rival as many weights to train as the course's model has in all."""
    size = "gpu" if budget == "gpu" else "object" if one_object else "scene"
    channels = {"generator_channels": _RIVALS[model][size]}
    if model == "conv3d":  # it plays by the same rules as the course's
        return channels
    if model == "vae":
        return channels | (_VAE_GPU if budget == "gpu" else _VAE_CPU)
    return channels | (_DIFFUSION_GPU if budget == "gpu" else _DIFFUSION_CPU)


_SHAPES_CPU = {
    "painter": "object",
    "n_steps": 4400,
    "batch_size": 16,
    "generator_channels": (32, 24, 24),
    "frame_channels": 32,
    "frame_pooling": True,
    "clip_channels": 32,
    "black_is_zero": True,
    "window_frames": 4,
    "single_frames": 2,
    "max_stride": 5,
    "g_lr": 8e-4,
    "d_lr": 1.6e-3,
    "r1_gamma": 0.05,
    "r2_gamma": 0.05,
    "ema_decay": 0.995,
}
_ONE_OBJECT_CPU = {"n_steps": 2400, "generator_channels": (64, 32)}
_SCENE_CPU = {"n_steps": 4000, "batch_size": 16, "generator_channels": (128, 64, 32)}
_SCENE_LARGE = {  # 64 pixels on a CPU: seen to train people in 45 minutes of one thread
    "generator_channels": (128, 128, 64, 32),
    "background_channels": (64, 64, 32),
    "g_lr": 1e-3,
    "d_lr": 1e-3,
    "r1_gamma": 0.5,  # the penalty grows with the picture: at 0.1 it diverged
    "r2_gamma": 0.5,
}
_ONE_OBJECT_GPU = {
    "image_size": 64,
    "n_steps": 20_000,
    "batch_size": 64,
    "generator_channels": (64, 64, 32),
    "frame_channels": 32,
    "clip_channels": 64,
    "ema_decay": 0.999,
}
_SCENE_GPU = _ONE_OBJECT_GPU | {
    "generator_channels": (256, 128, 64, 32),
    "background_channels": (64, 64, 32),
    "g_lr": 1e-3,
    "d_lr": 1e-3,
    "r1_gamma": 0.5,  # at 0.1, as for 32 pixels, a training of people diverged
    "r2_gamma": 0.5,
}
_RIVALS = {
    "conv3d": {"object": (5,), "scene": (32,), "gpu": (23,)},
    "diffusion": {"object": (40, 48, 64), "scene": (48, 80, 160), "gpu": (64, 128, 208, 208)},
    "vae": {"object": (24,), "scene": (60,), "gpu": (60,)},
}
_VAE_CPU = {"n_steps": 8000, "batch_size": 8, "g_lr": 2e-3, "betas": (0.9, 0.99)}
_VAE_GPU = _VAE_CPU | {"n_steps": 50_000, "batch_size": 64, "ema_decay": 0.999}
_DIFFUSION_CPU = {
    "n_steps": 4000,
    "batch_size": 8,
    "g_lr": 1e-3,
    "betas": (0.9, 0.99),
    "ema_decay": 0.998,
}
_DIFFUSION_GPU = _DIFFUSION_CPU | {"n_steps": 100_000, "batch_size": 64, "ema_decay": 0.9995}
