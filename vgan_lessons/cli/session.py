"""One training from the first step to the last file: progress, checkpoints, clips, card."""

import dataclasses
import os
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

import torch
from tqdm import tqdm

from vgan_lessons.calling import typed
from vgan_lessons.datasets import VideoBank
from vgan_lessons.display.files import save_clip, save_film_strip
from vgan_lessons.models.generators import generate
from vgan_lessons.runs import (
    RunConfig,
    RunError,
    append_log,
    checkpoints,
    load_checkpoint,
    save_checkpoint,
    step_name,
    trim_log,
)
from vgan_lessons.runtime import new_rng
from vgan_lessons.storage import write_json
from vgan_lessons.training import (
    StepLog,
    VideoGan,
    VideoTrainConfig,
    processes,
)
from vgan_lessons.training.kinds import given_to, train_further

if TYPE_CHECKING:
    from vgan_lessons.cli.beside import Beside

_N_SHOWINGS = 6  # times during a run that clips are written
_N_MEASURED = 512  # clips on each side of the metric card; `evaluate` takes more
_SHOWN_SEED = 7  # the same latents each time, so that showings can be compared


class _Stop:
    """Whether somebody asked, by Ctrl-C or SIGTERM, and the exit code that tells who."""

    code = 0  # 130 after Ctrl-C, 143 after SIGTERM, as shells count signals

    def ask(self, number: int, _: object) -> None:
        """Note the wish; a second Ctrl-C does not wait for it.

        Args:
            number: of the signal.
        """
        launched = "TORCHELASTIC_RUN_ID" in os.environ  # torchrun passes each signal on again
        if self.code == 130 and number == signal.SIGINT and not launched:
            raise KeyboardInterrupt
        if not self.code and os.environ.get("RANK", "0") == "0":
            again = " (Ctrl-C again stops at once)" if number == signal.SIGINT else ""
            with suppress(OSError):  # nobody may be there to read it
                os.write(2, f"\nstopping: saving a checkpoint first{again}\n".encode())
        self.code = self.code or 128 + number


@dataclasses.dataclass(frozen=True, kw_only=True)
class Session:
    """What one process needs to train a run."""

    folder: Path
    config: RunConfig
    bank: VideoBank  # on the training device
    held_out: VideoBank | None = None  # films that are measured against, there too
    processes: processes.Processes
    checkpoint_every: int  # steps
    with_card: bool  # whether it is measured while it trains, and a card made at the end
    with_board: bool = False  # whether TensorBoard's files are written

    @property
    def shown_from(self) -> VideoBank:
        """Real videos that a continuation is shown to begin with: held-out ones, if any."""
        return self.bank if self.held_out is None else self.held_out


def run_session(session: Session, gan: VideoGan) -> int:
    """Train a run to its end, or until it is stopped.

    Args:
        session: the run and its data; a checkpoint in its folder is gone on from.
        gan: the game before its first move, on the training device.

    Returns:
        0 when complete; when stopped after saving, 130 by Ctrl-C and 143 by SIGTERM.

    Raises:
        RunError: if the disk is full or a file cannot be written; it says what was kept.
    """
    with processes.one_for_all():
        _go_on(session, gan)
        beside = _beside(session, gan)
    with _stop_signals() as stop:
        for log, rate in _with_progress(session, gan, stop):
            done = gan.step >= session.config.train.n_steps
            stopping = processes.any_process(stop.code > 0) and not done
            saving = done or stopping or _crossed(gan.step, session.checkpoint_every, session)
            states = processes.gather_rng_states(gan.rng) if saving else []
            with processes.one_for_all(), _saying_what_is_kept(session, gan):
                if session.processes.rank == 0:
                    _keep(session, gan, log, rate, states)
                    if beside:
                        beside.go_on(gan, log)
            if stopping:
                if session.processes.rank == 0:
                    resume = typed("train", "--resume", session.folder)
                    print(f"\nstopped at step {gan.step}; go on with {resume}")
                return stop.code or 143
    if session.processes.rank == 0:
        try:
            _finish(session, gan)
            if beside and (said := beside.finish(gan)):
                print(said)
        except (KeyboardInterrupt, SystemExit):
            print(f"\ntrained and saved; measure it with {typed('evaluate', session.folder)}")
            raise
    return 0


def _beside(session: Session, gan: VideoGan) -> "Beside | None":
    """What looks at the training, if anything does: a bare training imports none of it."""
    if session.processes.rank > 0 or not (session.with_card or session.with_board):
        return None
    from vgan_lessons.cli.beside import Beside

    films = session.bank, session.held_out
    how = {"with_watch": session.with_card, "with_board": session.with_board}
    return Beside(session.folder, session.config, *films, gan, **how)


def _go_on(session: Session, gan: VideoGan) -> None:
    """Put the game where the run's newest checkpoint left it."""
    folder, first = session.folder, session.processes.rank == 0
    state = load_checkpoint(folder, gan.networks())
    if state:
        try:
            gan.restore(state, rank=session.processes.rank)
        except (AttributeError, LookupError, RuntimeError, TypeError, ValueError) as error:
            raise RunError(f"{folder}: state.pt is not of this run ({error})") from error
    if first:
        trim_log(folder, gan.step)
        if not state:
            save_film_strip(folder / "samples" / "real.png", _real(session))


def _with_progress(
    session: Session, gan: VideoGan, stop: _Stop
) -> Iterator[tuple[StepLog, float]]:
    """The loop's logs with clips/s, behind a progress bar."""
    many, on_cpu = session.processes.count > 1, gan.device.type == "cpu"

    def asked() -> bool:
        return processes.any_process(stop.code > 0)

    logs = train_further(
        gan,
        session.bank,
        session.config.train,
        n_processes=session.processes.count,
        average_gradients=processes.average_over_processes if many else None,
        stopping=asked if on_cpu or not many else None,  # GPUs would wait for each other
    )
    train, since, step = session.config.train, time.perf_counter(), gan.step
    bar_of = {"total": train.n_steps, "initial": step, "unit": "step"}
    bar_of["mininterval"] = 0.1 if sys.stderr.isatty() else 10  # a log file is no screen
    with tqdm(**bar_of, disable=session.processes.rank > 0) as bar:
        for log in logs:
            now = time.perf_counter()
            rate = (log.step - step) * train.batch_size / (now - since)
            bar.set_postfix_str(f"{log.words()} {rate:.0f} clips/s", refresh=False)
            bar.update(log.step - step)
            since, step = now, log.step
            yield log, rate


def _keep(
    session: Session, gan: VideoGan, log: StepLog, rate: float, states: list[torch.Tensor]
) -> None:
    """Write what is due at this step: a row, a checkpoint where there are states, clips."""
    train = session.config.train
    done = gan.step >= train.n_steps
    if done or gan.step % train.log_every == 0:
        row = dataclasses.asdict(log) | {"clips_per_second": round(rate, 1)}
        append_log(session.folder, row)
    if states:
        networks = gan.networks()
        save_checkpoint(session.folder, gan.step, networks, gan.state(states), session.config)
    if done or _crossed(gan.step, _showing_interval(session), session):
        clips = sample_run(gan.generator_ema, train, session.shown_from)
        place = session.folder / "samples" / step_name(gan.step)
        save_film_strip(place.with_suffix(".png"), clips[:8])
        save_clip(place.with_suffix(".webp"), clips)


@contextmanager
def _saying_what_is_kept(session: Session, gan: VideoGan) -> Iterator[None]:
    """Turn a full disk, or another that does not take a file, into a way to go on."""
    try:
        yield
    except OSError as error:
        kept = [path.name for path in checkpoints(session.folder)]
        resume = typed("train", "--resume", session.folder)
        raise RunError(
            f"stopped at step {gan.step}: {error.strerror or error} in {session.folder}. "
            f"Kept: {kept[-1] if kept else 'no checkpoint yet'}. When there is room again, go "
            f"on with {resume}"
        ) from error


def sample_run(
    generator: torch.nn.Module, config: VideoTrainConfig, bank: VideoBank
) -> torch.Tensor:
    """The sixteen clips that are shown of a run, always from the same latents.

    Args:
        generator: on any device.
        config: of the run.
        bank: real videos on that device; a continuation begins with frames of them.

    Returns:
        (16, T, 3, H, W) uint8.
    """
    device = next(generator.parameters()).device
    rng = new_rng(_SHOWN_SEED, device)
    given = given_to(config, bank, 16, rng)
    return generate(generator, 16, n_frames=config.n_frames, rng=rng, **given)


def _real(session: Session) -> torch.Tensor:
    rng = new_rng(_SHOWN_SEED, session.bank.frames.device)
    return session.bank.sample_clips(8, n_frames=session.config.train.n_frames, rng=rng)


def _finish(session: Session, gan: VideoGan) -> None:
    folder = session.folder
    clips = sample_run(gan.generator_ema, session.config.train, session.shown_from)
    save_film_strip(folder / "film_strip.png", clips[:8])
    for suffix in (".webp", ".gif"):
        save_clip(folder / f"clips{suffix}", clips)
    print(f"\ndone: {folder}/clips.webp moves, {folder}/film_strip.png lies still")
    if session.with_card:
        from vgan_lessons.cli.evaluate import card_of  # who wants no card waits for no metrics

        measured = {"name": folder.name, "n": _N_MEASURED, "seed": 0}
        sides = {"bank": session.bank, "held_out": session.held_out}
        card = card_of(gan.generator_ema, session.config.train, **sides, **measured)
        write_json(folder / "metrics.json", card.to_json())
        print(card.text())
    words = ("--n", 16, "--frames", 64, "--out", "longer.webp")
    print(f"next: {typed('sample', folder, *words)}")


def _showing_interval(session: Session) -> int:
    return max(1, session.config.train.n_steps // _N_SHOWINGS)


def _crossed(step: int, every: int, session: Session) -> bool:
    """Whether a multiple of `every` was passed since the log before this one."""
    return step // every > (step - session.config.train.log_every) // every


@contextmanager
def _stop_signals() -> Iterator[_Stop]:
    """Turn the first Ctrl-C, and every SIGTERM, into a wish to stop after the current step.

    SIGTERM is what Slurm, `docker stop` and machines that are taken back send first.
    """
    stop = _Stop()
    before = [signal.signal(number, stop.ask) for number in (signal.SIGINT, signal.SIGTERM)]
    try:
        yield stop
    finally:
        for number, handler in zip((signal.SIGINT, signal.SIGTERM), before, strict=True):
            signal.signal(number, handler)
