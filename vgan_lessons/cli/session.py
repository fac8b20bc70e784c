"""One training from the first step to the last file: progress, checkpoints, clips, card."""

import dataclasses
import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import torch
from tqdm import tqdm

from vgan_lessons.datasets import VideoBank
from vgan_lessons.display.files import save_clip, save_film_strip
from vgan_lessons.models.generators import generate
from vgan_lessons.runs import RunConfig, append_log, load_checkpoint, save_checkpoint, trim_log
from vgan_lessons.runtime import new_rng
from vgan_lessons.storage import write_json
from vgan_lessons.training import (
    StepLog,
    VideoGan,
    processes,
    train_video_gan,
)

_N_SHOWINGS = 6  # times during a run that clips are written
_N_MEASURED = 512  # clips on each side of the metric card; `evaluate` takes more
_SHOWN_SEED = 7  # the same latents each time, so that showings can be compared


@dataclasses.dataclass(frozen=True, kw_only=True)
class Session:
    """What one process needs to train a run."""

    folder: Path
    config: RunConfig
    bank: VideoBank  # on the training device
    processes: processes.Processes
    checkpoint_every: int  # steps
    with_card: bool  # whether the metric card is made at the end


def run_session(session: Session, gan: VideoGan) -> int:
    """Train a run to its end, or until it is stopped.

    Args:
        session: the run and its data; a checkpoint in its folder is gone on from.
        gan: the game before its first move, on the training device.

    Returns:
        0 when complete, 130 when stopped by Ctrl-C after saving.
    """
    first = session.processes.rank == 0
    state = load_checkpoint(session.folder, gan.networks())
    if state:
        gan.restore(state, rank=session.processes.rank)
    if first:
        trim_log(session.folder, gan.step)
        if not state:
            save_film_strip(session.folder / "samples" / "real.png", _real(session))
    with _stop_signal() as stop:
        for log, rate in _with_progress(session, gan):
            if first:
                append_log(
                    session.folder,
                    dataclasses.asdict(log) | {"clips_per_second": round(rate, 1)},
                )
            done = gan.step >= session.config.train.n_steps
            stopping = processes.any_process(stop.asked)
            if done or stopping or _crossed(gan.step, session.checkpoint_every, session):
                _save(session, gan)
            if first and (done or _crossed(gan.step, _showing_interval(session), session)):
                _show(session, gan)
            if stopping and not done:
                if first:
                    print(f"\nstopped at step {gan.step}; go on with --resume {session.folder}")
                return 130
    if first:
        _finish(session, gan)
    return 0


def _with_progress(session: Session, gan: VideoGan) -> Iterator[tuple[StepLog, float]]:
    """The loop's logs with clips/s, behind a progress bar."""
    many = session.processes.count > 1
    logs = train_video_gan(
        gan,
        session.bank,
        session.config.train,
        n_processes=session.processes.count,
        average_gradients=processes.average_gradients if many else None,
    )
    train, since, step = session.config.train, time.perf_counter(), gan.step
    hidden = session.processes.rank > 0
    with tqdm(total=train.n_steps, initial=step, unit="step", disable=hidden) as bar:
        for log in logs:
            now = time.perf_counter()
            rate = (log.step - step) * train.batch_size / (now - since)
            bar.update(log.step - step)
            bar.set_postfix_str(f"D {log.d_loss:.2f} G {log.g_loss:.2f} {rate:.0f} clips/s")
            since, step = now, log.step
            yield log, rate


def _save(session: Session, gan: VideoGan) -> None:
    states = processes.gather_rng_states(gan.rng)  # every process takes part
    if session.processes.rank == 0:
        save_checkpoint(session.folder, gan.step, gan.networks(), gan.state(states))


def _show(session: Session, gan: VideoGan) -> None:
    clips = sample_run(gan.generator_ema, session.config.train.n_frames)
    name = f"step-{gan.step:06d}"
    save_film_strip(session.folder / "samples" / f"{name}.png", clips[:8])
    save_clip(session.folder / "samples" / f"{name}.webp", clips)


def sample_run(generator: torch.nn.Module, n_frames: int) -> torch.Tensor:
    """The sixteen clips that are shown of a run, always from the same latents.

    Args:
        generator: on any device.
        n_frames: T.

    Returns:
        (16, T, 3, H, W) uint8.
    """
    device = next(generator.parameters()).device
    return generate(generator, 16, n_frames=n_frames, rng=new_rng(_SHOWN_SEED, device))


def _real(session: Session) -> torch.Tensor:
    rng = new_rng(_SHOWN_SEED, session.bank.frames.device)
    return session.bank.sample_clips(8, n_frames=session.config.train.n_frames, rng=rng)


def _finish(session: Session, gan: VideoGan) -> None:
    folder = session.folder
    clips = sample_run(gan.generator_ema, session.config.train.n_frames)
    save_film_strip(folder / "film_strip.png", clips[:8])
    for suffix in (".webp", ".gif"):
        save_clip(folder / f"clips{suffix}", clips)
    print(f"\ndone: {folder}/clips.webp moves, {folder}/film_strip.png lies still")
    if session.with_card:
        from vgan_lessons.cli.evaluate import card_of  # who wants no card waits for no metrics

        measured = {"name": folder.name, "n": _N_MEASURED, "seed": 0}
        card = card_of(gan.generator_ema, session.config.train, session.bank, **measured)
        write_json(folder / "metrics.json", card.to_json())
        print(card.text())
    print(f"next: vgan-lessons sample {folder} --n 16 --frames 64 --out longer.webp")


def _showing_interval(session: Session) -> int:
    return max(1, session.config.train.n_steps // _N_SHOWINGS)


def _crossed(step: int, every: int, session: Session) -> bool:
    """Whether a multiple of `every` was passed since the log before this one."""
    return step // every > (step - session.config.train.log_every) // every


@contextmanager
def _stop_signal() -> Iterator["_Stop"]:
    """Turn the first Ctrl-C into a wish to stop after the current step; the second stops."""
    stop = _Stop()
    before = signal.signal(signal.SIGINT, stop.ask)
    try:
        yield stop
    finally:
        signal.signal(signal.SIGINT, before)


class _Stop:
    asked = False

    def ask(self, *_: object) -> None:
        if self.asked:
            raise KeyboardInterrupt
        self.asked = True
        os.write(2, b"\nstopping: saving a checkpoint first (Ctrl-C again stops at once)\n")
