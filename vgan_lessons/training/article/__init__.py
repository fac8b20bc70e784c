"""A published program with every fault in its place, the detectors, and the mended program.

Read in this order: `patient`, `faults`, `mended`. `program` says what a program is made of.
"""

from vgan_lessons.training.article.faults import FAULTS, Fault, examine, fault_table
from vgan_lessons.training.article.mended import MENDED
from vgan_lessons.training.article.patient import PATIENT
from vgan_lessons.training.article.program import Program
from vgan_lessons.training.article.ring import PlayedRing, play_on_the_ring
from vgan_lessons.training.article.watching import Line, Watched, watch_training

__all__ = [
    "FAULTS",
    "MENDED",
    "PATIENT",
    "Fault",
    "Line",
    "PlayedRing",
    "Program",
    "Watched",
    "examine",
    "fault_table",
    "play_on_the_ring",
    "watch_training",
]
