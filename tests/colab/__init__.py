"""What Google Colab's runtime has, and a stand-in for it."""

from pathlib import Path

PINS = Path(__file__).parent / "pins.txt"


def colab_has() -> dict[str, str]:
    """Colab's version of everything that our pages touch, Python and torch included."""
    lines = PINS.read_text(encoding="utf-8").splitlines()
    pinned = dict(line.split("==") for line in lines if not line.startswith("#"))
    return {"python": "3.13", "torch": "2.11.0", **pinned}
