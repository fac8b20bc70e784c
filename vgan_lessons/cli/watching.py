"""How good a run is while it trains: FVD-small of clips now and then, and the best one kept."""

import json
import time
from pathlib import Path

import torch
from torch import nn

from vgan_lessons.datasets import VideoBank
from vgan_lessons.evaluation import measure_real, quick_card
from vgan_lessons.models.generators import generate
from vgan_lessons.runs import RunConfig
from vgan_lessons.runs.best import best_card, save_best
from vgan_lessons.runtime import new_rng
from vgan_lessons.storage import write_json
from vgan_lessons.training.kinds import given_to

_N = 256  # clips on each side
_MOST_LOOKS = 20  # a run, at steps that are known before
_MOST_TIME = 0.05  # share of the time spent so far that looking may take
_FILE = "watched.json"


class Watch:
    """Looks at a run now and then, as often as a twentieth of its time allows.

    Looking draws from a random source of its own: the training does not notice. Which steps
    are looked at depends on the machine's speed, what is trained does not.

    Args:
        folder: a run folder; watched.json and best/ are written there.
        config: of the run.
        real: what clips are compared with: films held out, or those trained on.
        against: what these are, in words.
        step: how far the run is; later rows of an interrupted run are forgotten.
        device: that computes.

    Raises:
        ValueError: if no real video is long enough to be measured.
    """

    def __init__(
        self,
        folder: Path,
        config: RunConfig,
        real: VideoBank,
        *,
        against: str,
        step: int,
        device: torch.device,
    ) -> None:
        self._began = time.perf_counter()
        self._folder, self._train, self._against = folder, config.train, against
        self._begun = given_to(self._train, real, _N, new_rng(0, device))
        self._real = measure_real(real, n=_N, quick=True, device=device)
        self._n_frames = max(self._real.protocol["n_frames"], config.train.n_frames)
        path = folder / _FILE
        before = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {"rows": []}
        self._rows = [row for row in before["rows"] if row["step"] <= step]
        self._spent = self._last = time.perf_counter() - self._began
        if self._train.model == "diffusion":  # a clip takes so many passes: look rarely
            self._last *= self._train.n_sampling_steps

    def due(self, step: int, step_before: int) -> bool:
        """Whether to look now.

        Args:
            step: of the run.
            step_before: when this was asked last.
        """
        every = max(1, self._train.n_steps // _MOST_LOOKS)
        if step // every == step_before // every:
            return False
        passed = time.perf_counter() - self._began
        return self._spent + self._last <= _MOST_TIME * passed

    def look(self, generator: nn.Module, step: int) -> float:
        """Measure, write watched.json, and keep the generator if none was better.

        Args:
            generator: the averaged one.
            step: of the run.

        Returns:
            FVD-small.
        """
        began = time.perf_counter()
        rng = new_rng(0, next(generator.parameters()).device)
        clips = generate(generator, _N, n_frames=self._n_frames, rng=rng, **self._begun)
        card = quick_card(clips, self._real)
        row = {"step": step} | {row.metric: row.value for row in card.rows}
        if row["fvd_small"] <= min((r["fvd_small"] for r in self._rows), default=torch.inf):
            save_best(self._folder, generator, row | {"n": _N, "against": self._against})
        self._rows.append(row)
        self._last = time.perf_counter() - began
        self._spent += self._last
        write_json(
            self._folder / _FILE,
            {
                "against": self._against,
                "n": _N,
                "rows": self._rows,
                "seconds": round(self._spent, 2),
                "share_of_time": round(self.share_of_time, 4),
            },
        )
        return row["fvd_small"]

    @property
    def share_of_time(self) -> float:
        """Time spent looking, of all the time since the watch began."""
        return self._spent / max(time.perf_counter() - self._began, 1e-9)

    def summary(self, generator: nn.Module, step: int) -> str:
        """Look once more, and say what was seen; nothing where there was no time to look.

        Args:
            generator: the averaged one.
            step: the last of the run.

        Returns:
            A line, or nothing.
        """
        if not self._rows:
            return ""
        n_looks, share = len(self._rows), self.share_of_time
        if self._rows[-1]["step"] < step:
            self.look(generator, step)
        best = best_card(self._folder)
        return (
            f"FVD-small against {self._against} (n={_N}): {self._rows[-1]['fvd_small']:.3g} at "
            f"the end, best {best['fvd_small']:.3g} at step {best['step']} (sample --best); "
            f"looking {n_looks} times took {100 * share:.1f} % of the time"
        )
