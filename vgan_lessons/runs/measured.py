"""Times of training steps that were measured once and are shown on the page."""

import json
from pathlib import Path

STORE = Path(__file__).parent / "recordings" / "steps.json"


def measured_steps() -> list[dict]:
    """Where the time of a step went, machine by machine.

    Returns:
        One entry a machine and device, as `data_scripts/measure_steps.py` wrote it: "machine",
        "device" ("cpu" or "cuda") and "torch"; "parts", by setting the milliseconds a step
        of each part; "growth", by what grows and its size the seconds and MiB of a step;
        "processes", by their number the seconds of a step of 32 clips.

    Used in lesson 12.
    """
    return json.loads(STORE.read_text(encoding="utf-8"))
