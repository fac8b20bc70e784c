"""Every number that a training of a video GAN depends on, with its meaning."""

from dataclasses import dataclass

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
        if self.augment and self.model == "diffusion":
            raise ValueError("augment alters what D sees, and a diffusion model has no D")
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

    def generator_sizes(self) -> dict[str, object]:
        """What the constructor of this configuration's generator takes."""
        if self.model == "diffusion":  # it begins with noise of the size of the clips
            return {
                "image_size": self.image_size,
                "channels_per_layer": self.generator_channels,
                "n_sampling_steps": self.n_sampling_steps,
            }
        sizes = {"image_size": self.image_size, "noise_dim": self.noise_dim}
        if self.model == "conv3d":  # its length is fixed, and every layer doubles its channels
            return sizes | {
                "content_dim": self.content_dim,
                "n_frames": self.n_frames,
                "base_channels": self.generator_channels[0],
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
