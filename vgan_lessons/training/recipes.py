"""Settings that were seen to train, by data set and budget."""

from vgan_lessons.runtime import BudgetName, steps
from vgan_lessons.training.config import VideoTrainConfig

_ONE_OBJECT = {"shapes", "digits", "mnist"}  # something small on an empty background


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
    settings: dict[str, object] = {"painter": "moving" if data in _ONE_OBJECT else "scene"}
    if budget == "gpu":
        settings |= _ONE_OBJECT_GPU if data in _ONE_OBJECT else _SCENE_GPU
    else:
        settings |= _ONE_OBJECT_CPU if data in _ONE_OBJECT else _SCENE_CPU
    if data == "shapes" and budget != "gpu":
        settings = dict(_SHAPES_CPU)
    if data not in _ONE_OBJECT and budget != "gpu" and (changes.get("image_size") or 0) > 32:
        settings |= _SCENE_LARGE
    if changes.get("model") in _RIVALS:
        settings |= _rival(changes["model"], data in _ONE_OBJECT, budget)
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
}
_DIFFUSION_CPU = {
    "n_steps": 4000,
    "batch_size": 8,
    "g_lr": 1e-3,
    "betas": (0.9, 0.99),
    "ema_decay": 0.998,
}
_DIFFUSION_GPU = _DIFFUSION_CPU | {"n_steps": 100_000, "batch_size": 64, "ema_decay": 0.9995}
