"""Run folders, checkpoints in them, and the trained generators that ship with the package."""

from vgan_lessons.runs.folder import (
    RunConfig,
    RunError,
    RunWarning,
    UnknownSetting,
    create_run,
    read_config,
    write_config,
)
from vgan_lessons.runs.lock import sole_writer
from vgan_lessons.runs.log import append_log, read_log, trim_log
from vgan_lessons.runs.saving import (
    checkpoints,
    load_checkpoint,
    load_generator,
    save_checkpoint,
    saved_config,
    step_name,
)

__all__ = [
    "RunConfig",
    "RunError",
    "RunWarning",
    "UnknownSetting",
    "append_log",
    "checkpoints",
    "create_run",
    "load_checkpoint",
    "load_generator",
    "load_shipped",
    "read_config",
    "read_log",
    "save_checkpoint",
    "saved_config",
    "ship",
    "shipped_card",
    "shipped_names",
    "sole_writer",
    "step_name",
    "trim_log",
    "write_config",
]


def __getattr__(name: str) -> object:
    """The shelf of shipped generators is imported when it is asked for: a training is not."""
    if name not in __all__:
        raise AttributeError(f"module {__name__} has no attribute {name!r}")
    from vgan_lessons.runs import shipped

    return getattr(shipped, name)
