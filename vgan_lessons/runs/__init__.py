"""Run folders, checkpoints in them, and the trained generators that ship with the package."""

from vgan_lessons.runs.folder import (
    RunConfig,
    RunError,
    append_log,
    create_run,
    read_config,
    read_log,
    trim_log,
)
from vgan_lessons.runs.saving import (
    checkpoints,
    load_checkpoint,
    load_generator,
    save_checkpoint,
)

__all__ = [
    "RunConfig",
    "RunError",
    "append_log",
    "checkpoints",
    "create_run",
    "load_checkpoint",
    "load_generator",
    "load_shipped",
    "read_config",
    "read_log",
    "save_checkpoint",
    "ship",
    "shipped_card",
    "shipped_names",
    "trim_log",
]


def __getattr__(name: str) -> object:
    """The shelf of shipped generators is imported when it is asked for: a training is not."""
    if name not in __all__:
        raise AttributeError(f"module {__name__} has no attribute {name!r}")
    from vgan_lessons.runs import shipped

    return getattr(shipped, name)
