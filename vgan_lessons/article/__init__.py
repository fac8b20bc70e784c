"""A published program with every fault in its place, the detectors, and the mended program.

Read in this order: `patient`, `faults`, `mended`. `program` says what a program is made of.
"""

from vgan_lessons.article.faults import FAULTS, Fault, examine, fault_table
from vgan_lessons.article.mended import MENDED
from vgan_lessons.article.patient import PATIENT
from vgan_lessons.article.program import Program
from vgan_lessons.article.ring import PlayedRing, play_on_the_ring
from vgan_lessons.article.watching import Line, Watched, watch_training

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
