"""A published program with every fault in its place, the detectors, and the mended program.

Read in this order: `program` (what a program and a fault are), `published`, `mended`. The
detectors run a program: `player_faults` asks its networks with `probing`, `loop_faults` runs
its loop with `watching`; `faults` lists what they find. `ring` measures what a loop is worth.
"""

from vgan_lessons.article.faults import FAULTS, examine, fault_table
from vgan_lessons.article.program import Program
from vgan_lessons.article.published import PUBLISHED
from vgan_lessons.article.ring import train_on_the_ring
from vgan_lessons.article.watching import Line, Watched, watch_training

__all__ = [
    "FAULTS",
    "PUBLISHED",
    "Line",
    "Program",
    "Watched",
    "examine",
    "fault_table",
    "train_on_the_ring",
    "watch_training",
]
