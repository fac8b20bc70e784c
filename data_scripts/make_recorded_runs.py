"""Play the ring of eight rightly and wrongly, and write down the games of lesson 04.

    python data_scripts/make_recorded_runs.py [--out FOLDER] [--only NAME ...]

Six games for the page and some twenty that only the check of `diagnose` sees: other seeds,
speeds, lengths and slips. One thread, seeded; two to five minutes on one CPU core.
"""

import argparse
import inspect
import json
import math
import re
import textwrap
import time
from pathlib import Path

import torch

from broken_games import (
    Game,
    Played,
    SquashedDiscriminator,
    d_step_that_forgets,
    g_step_cut_off,
    g_step_that_forgets,
    log_of_sigmoid_d_loss,
    play,
)
from vgan_lessons import storage
from vgan_lessons.plane import recorded

MOMENTS = (25, 100, 250, 500, 1000)
SHOWN = {"n_steps": 1000, "log_every": 25}
_ADAM = "g_optim = torch.optim.Adam(generator.parameters(), lr={})"
NAN = {"label": "nan", "d_loss_fn": log_of_sigmoid_d_loss}
SQUASHED = {"label": "double_sigmoid", "discriminator": SquashedDiscriminator}
COLLAPSE = {"label": "mode_collapse", "d_lr": 1e-3, "g_lr": 1e-2}
D_FORGETS = {"label": "no_zero_grad", "d_step": d_step_that_forgets}
G_FORGETS = {"label": "no_zero_grad", "g_step": g_step_that_forgets}


_FORGOTTEN = inspect.getsource(d_step_that_forgets)
_REMEMBERED = _FORGOTTEN.replace("_that_forgets", "").replace(" without zero_grad", "")
_SQUASHING = textwrap.dedent(inspect.getsource(SquashedDiscriminator.forward))


PAGE = {  # the names do not give the labels away
    "A": Game(seed=8, **COLLAPSE, **SHOWN, slip=_ADAM.format(1e-2), mended=_ADAM.format(1e-3)),
    "B": Game(
        seed=10,
        d_lr=5e-2,
        g_lr=5e-2,
        **NAN,
        **SHOWN,
        slip=inspect.getsource(log_of_sigmoid_d_loss),
        mended="F.softplus(-real_logits).mean() + F.softplus(fake_logits).mean()",
    ),
    "C": Game(seed=0, **SHOWN),
    "D": Game(
        seed=2,
        **D_FORGETS,
        **SHOWN,
        slip=_FORGOTTEN,
        mended=_REMEMBERED.replace("d_loss.back", "d_optim.zero_grad()\n    d_loss.back"),
    ),
    "E": Game(
        seed=6,
        **SQUASHED,
        **SHOWN,
        slip=_SQUASHING,
        mended=_SQUASHING.replace("torch.sigmoid(self", "self").replace("(1))", "(1)"),
    ),
    "F": Game(
        seed=5,
        label="d_won",
        g_lr=5e-6,
        **SHOWN,
        slip=_ADAM.format(5e-6),
        mended=_ADAM.format(5e-3),
    ),
}
HELD_OUT = (
    Game(seed=21),
    Game(seed=22, d_lr=1e-2, g_lr=1e-2, n_steps=600, log_every=30),
    Game(seed=23, batch_size=128, n_steps=400),
    Game(seed=24, n_critic=2, n_steps=500, log_every=50, width=32),
    Game(seed=31, label="d_won", g_step=g_step_cut_off, n_steps=400),
    Game(seed=32, label="d_won", g_lr=5e-6, n_steps=500, log_every=50),
    Game(seed=33, label="d_won", d_lr=1e-2, g_lr=1e-6, n_steps=300, width=32),
    Game(seed=44, **COLLAPSE, n_steps=600),
    Game(seed=42, label="mode_collapse", d_lr=5e-4, g_lr=5e-3, n_steps=600),
    Game(seed=43, label="mode_collapse", d_lr=1e-3, g_lr=2e-2, n_steps=600, batch_size=128),
    Game(seed=3, **SQUASHED, n_steps=300),
    Game(seed=4, **SQUASHED, n_steps=400, log_every=40),
    Game(seed=53, **SQUASHED, d_lr=1e-3, g_lr=1e-3),
    Game(seed=61, **D_FORGETS, n_steps=400, batch_size=128),
    Game(seed=62, **G_FORGETS),
    Game(seed=63, **(D_FORGETS | G_FORGETS), d_lr=1e-3, g_lr=1e-3),
    Game(seed=11, **NAN, d_lr=5e-2, g_lr=5e-2, n_steps=400),
    Game(seed=72, **NAN, d_lr=5e-2, g_lr=5e-2, n_steps=600, log_every=50, width=32),
    Game(seed=73, **NAN, d_lr=5e-2, g_lr=1e-5, n_steps=600),
)


def stored_curves(played: Played) -> dict[str, list[float | None]]:
    """Rows of a game as columns, to six digits; null where a number is not finite."""
    return {name: [_stored(row[name], 6) for row in played.rows] for name in played.rows[0]}


def stored_run(game: Game, played: Played) -> dict[str, object]:
    """A game for the page: its curves, its fakes to two decimals, and its slip."""
    points = [moment.flatten().tolist() for moment in played.points.values()]
    return {
        "label": game.label,
        "slip": game.slip,
        "mended": game.mended,
        "moments": list(played.points),
        "curves": stored_curves(played),
        "points": [[_stored(round(v, 2), 6) for v in moment] for moment in points],
    }


def _stored(value: float, digits: int) -> float | None:
    return float(f"{value:.{digits}g}") if math.isfinite(value) else None


def _write(path: Path, content: object) -> None:
    """One line a list, so that the file is small and its differences can be read."""
    text = json.dumps(content, indent=1, allow_nan=False)
    flat = re.sub(r"\[[^\[\]{}\"]*\]", lambda numbers: re.sub(r"\s+", "", numbers[0]), text)
    with storage.whole_file(path) as draft:
        draft.write_text(flat + "\n", encoding="utf-8")


def _told(name: str, game: Game, played: Played, began: float) -> None:
    last = "  ".join(f"{key} {value:.3g}" for key, value in played.rows[-1].items())
    print(f"{name:8} {game.label:15} {time.process_time() - began:5.1f} s  {last}", flush=True)


def main() -> None:
    """Play every game and write the two files, each as a whole."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    folder = Path(recorded.__file__).parent / "recordings"
    parser.add_argument("--out", type=Path, default=folder, help="folder to write into")
    parser.add_argument("--only", nargs="+", choices=PAGE, help="these games of the page alone")
    asked = parser.parse_args()
    torch.set_num_threads(1)
    page, held_out = {}, []
    for name in asked.only or PAGE:
        began = time.process_time()
        played = play(PAGE[name], MOMENTS)
        page[name] = stored_run(PAGE[name], played)
        _told(name, PAGE[name], played, began)
    _write(asked.out / "six_runs.json", page)
    for game in () if asked.only else HELD_OUT:
        began = time.process_time()
        played = play(game)
        held_out.append({"label": game.label, "curves": stored_curves(played)})
        _told("held out", game, played, began)
    if not asked.only:
        _write(asked.out / "held_out_runs.json", held_out)


if __name__ == "__main__":
    main()
