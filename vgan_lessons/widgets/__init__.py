"""The interactive centrepieces: sliders and one picture that follows them.

Each has a pure function that computes the picture's numbers, an `*_explorer` that shows it
with sliders, and a `show_*` that draws the same story standing still, for a page without a
kernel. Core ipywidgets only, on what versions 7.7 and 8 share.
"""

from vgan_lessons.widgets.arena import show_points
from vgan_lessons.widgets.duel import DuelPanel, live_duel, show_duel
from vgan_lessons.widgets.explorer import Explorer
from vgan_lessons.widgets.films import film_explorer
from vgan_lessons.widgets.game import game_explorer, game_numbers, show_game
from vgan_lessons.widgets.logits import logits_explorer, show_logits
from vgan_lessons.widgets.memory import memory_explorer, memory_numbers, show_memory
from vgan_lessons.widgets.objectives import (
    OBJECTIVES,
    generator_arrows,
    objective_explorer,
    show_objectives,
)
from vgan_lessons.widgets.phase import phase_explorer, phase_numbers, show_phase
from vgan_lessons.widgets.rivals import Rival, rivals_explorer, show_rivals
from vgan_lessons.widgets.rollout import rollout_explorer, show_rollout
from vgan_lessons.widgets.sample_size import (
    sample_size_explorer,
    sample_size_numbers,
    show_sample_sizes,
)
from vgan_lessons.widgets.step_bars import show_steps, step_explorer
from vgan_lessons.widgets.swapping import swap_explorer
from vgan_lessons.widgets.timelapse import latent_plane, show_timelapse, timelapse_explorer
from vgan_lessons.widgets.treatments import clip_viewer

__all__ = [
    "OBJECTIVES",
    "DuelPanel",
    "Explorer",
    "Rival",
    "clip_viewer",
    "film_explorer",
    "game_explorer",
    "game_numbers",
    "generator_arrows",
    "latent_plane",
    "live_duel",
    "logits_explorer",
    "memory_explorer",
    "memory_numbers",
    "objective_explorer",
    "phase_explorer",
    "phase_numbers",
    "rivals_explorer",
    "rollout_explorer",
    "sample_size_explorer",
    "sample_size_numbers",
    "show_duel",
    "show_game",
    "show_logits",
    "show_memory",
    "show_objectives",
    "show_phase",
    "show_points",
    "show_rivals",
    "show_rollout",
    "show_sample_sizes",
    "show_steps",
    "show_timelapse",
    "step_explorer",
    "swap_explorer",
    "timelapse_explorer",
]
