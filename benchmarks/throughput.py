"""Speed: contestants take turns in blocks, so that a slow minute of the machine hits all."""

import time
from dataclasses import dataclass, field, replace

from benchmarks.clock import Spent, Spread, spend, spread
from benchmarks.contestants import Contestant
from benchmarks.floor import work_of
from benchmarks.report import Part, Table
from benchmarks.rows import ROWS
from benchmarks.setting import Setting, load_bank
from vgan_lessons.datasets import VideoBank
from vgan_lessons.runtime import has_fast_bfloat16

NOISE_LIMIT = 0.15  # the same contestant twice may differ by this much
MOST_ROUNDS = 15
BLOCK_SECONDS = {"cpu": 4.0, "cuda": 1.0}  # least length of a block
TWINS = {"mocogan-again": "mocogan", "ours-again": "ours"}
COLUMNS = ["contestant", "steps/s", "clips/s", "CPU s a step", "data wait", "GFLOP a step"]


@dataclass
class Lane:
    """One contestant and what its blocks cost, each divided by its steps."""

    contestant: Contestant
    block: int = 0  # steps
    spent: list[Spent] = field(default_factory=list)
    wait: float = 0.0  # share of its wall time

    @property
    def walls(self) -> list[float]:
        """Wall seconds a step, block by block."""
        return [spent.wall for spent in self.spent]


def measure_throughput(
    setting: Setting, names: list[str], seconds: float, *, main: bool = True
) -> Part:
    """Alternate the rows in blocks until the time is up.

    Args:
        setting: data, size, device.
        names: of the rows, in order.
        seconds: for everything; one round is always made.
        main: whether targets speak of this setting.
    """
    deadline = time.perf_counter() + seconds
    bank = load_bank(setting, n_videos=64 if setting.smoke else None)
    absent = [
        name
        for name in names
        if ROWS[name].needs_bfloat16 and not (setting.smoke or has_fast_bfloat16(setting.on))
    ]
    operations = _count(setting, [name for name in names if name not in absent])
    lanes = {n: Lane(ROWS[n].build(setting, bank)) for n in names if n not in absent}
    for lane in lanes.values():
        _warm_up(lane, setting)
    rounds, order = 0, list(lanes)
    while rounds < MOST_ROUNDS:
        since = time.perf_counter()
        for name in order[rounds % len(order) :] + order[: rounds % len(order)]:
            _play_block(lanes[name], setting)
        rounds += 1
        if 2 * time.perf_counter() - since > deadline:  # another round would not fit
            break
    for lane in lanes.values():
        _measure_wait(lane, setting)
    part = Part(title=f"Training at {setting.label}, batch {setting.batch_size}")
    part.tables = [_speeds(setting, names, lanes, operations), _ratios(lanes)]
    part.notes = _notes(setting, lanes, bank)
    part.values = _values(setting, lanes, operations, "" if main else f"{setting.label} ")
    part.failures = _noise(lanes)
    part.raw = {name: [spent._asdict() for spent in lane.spent] for name, lane in lanes.items()}
    return part


def _count(setting: Setting, names: list[str]) -> dict[str, float]:
    """GFLOP a step of each row, counted on a batch of one: all of it grows with the batch."""
    one = replace(setting, batch_size=1)
    bank = load_bank(one, n_videos=8)
    counted = {}
    for name in names:
        if name not in TWINS and name not in ("mocogan-loader", "mocogan-workers"):
            contestant = ROWS[name].build(one, bank)
            total = work_of(lambda c=contestant: c.play(c.period)).flop
            counted[name] = total / contestant.period * setting.batch_size / 1e9
    return counted


def _warm_up(lane: Lane, setting: Setting) -> None:
    """Let caches fill, then choose how many steps a block needs to be long enough."""
    period = lane.contestant.period
    first = spend(lambda: lane.contestant.play(period), setting.on).wall
    least = 0.05 if setting.smoke else BLOCK_SECONDS[setting.on.type]
    if first < least:  # a long first block is warm enough, and tells enough
        first = spend(lambda: lane.contestant.play(period), setting.on).wall
    lane.block = period * max(1, round(least / first))


def _play_block(lane: Lane, setting: Setting) -> None:
    lane.contestant.watch.seconds = 0.0
    spent = spend(lambda: lane.contestant.play(lane.block), setting.on)
    per_step = (None if x is None else x / lane.block for x in spent)
    lane.spent.append(Spent(*per_step))
    lane.wait = lane.contestant.watch.seconds / spent.wall


def _measure_wait(lane: Lane, setting: Setting) -> None:
    """On a GPU the watch slows the loop: one more block for it alone."""
    watch = lane.contestant.watch
    if watch.active:
        return
    watch.active = True
    spent = spend(lambda: lane.contestant.play(lane.block), setting.on)
    watch.active, lane.wait = False, watch.seconds / spent.wall


def _speeds(
    setting: Setting, names: list[str], lanes: dict[str, Lane], operations: dict[str, float]
) -> Table:
    table = Table(title="Speed of training", columns=COLUMNS)
    if setting.on.type == "cuda":
        table.columns = [*COLUMNS, "GPU s a step"]
    for name in names:
        title = f"`{name}`: {ROWS[name].title}"
        if name not in lanes:
            table.rows.append([title, "not on this machine", *["-"] * (len(table.columns) - 2)])
            continue
        lane = lanes[name]
        steps = spread(1 / wall for wall in lane.walls)
        clips = steps.median * setting.batch_size
        cpu = spread(spent.cpu for spent in lane.spent)
        row = [title, steps, clips, cpu, f"{lane.wait:.1%}", operations.get(name)]
        if setting.on.type == "cuda":
            row.append(spread(spent.gpu for spent in lane.spent))
        table.rows.append(row)
    return table


def _ratio(lanes: dict[str, Lane], slow: str, fast: str) -> Spread:
    """How many times as fast, round by round."""
    pairs = zip(lanes[slow].walls, lanes[fast].walls, strict=True)
    return spread(a / b for a, b in pairs)


def _ratios(lanes: dict[str, Lane]) -> Table:
    table = Table(title="Times as fast, round by round", columns=["contestant"])
    opponents = [n for n in ("mocogan", "mocogan-loader", "mocogan-workers") if n in lanes]
    table.columns += [f"as `{name}`" for name in opponents]
    table.rows = [
        [f"`{name}`", *(_ratio(lanes, slow, name) for slow in opponents)] for name in lanes
    ]
    return table


def _notes(setting: Setting, lanes: dict[str, Lane], bank: VideoBank) -> list[str]:
    told = [
        f"All take their batches from the same {bank.frames.numel() / 2**20:.0f} MiB of bytes "
        f"({setting.data}, {bank.n_videos} videos); blocks take turns in one process, the "
        "first of each round another one.",
    ]
    alike: dict[str, list[str]] = {}
    for name, lane in lanes.items():
        alike.setdefault(lane.contestant.says, []).append(f"`{name}` ({lane.block} a block)")
    told += [f"A step of {', '.join(names)}: {says}." for says, names in alike.items()]
    return told


def _values(
    setting: Setting, lanes: dict[str, Lane], operations: dict[str, float], prefix: str
) -> dict[str, float]:
    values = {}
    for name, lane in lanes.items():
        values[f"steps_per_second {name}"] = 1 / spread(lane.walls).median
        values[f"clips_per_second {name}"] = setting.batch_size / spread(lane.walls).median
        values[f"data_wait {name}"] = lane.wait
        for slow in ("mocogan", "mocogan-loader", "mocogan-workers"):
            if slow in lanes:
                values[f"{name} / {slow}"] = _ratio(lanes, slow, name).median
    values |= {f"gflop {name}": counted for name, counted in operations.items()}
    return {prefix + name: value for name, value in values.items()}


def _noise(lanes: dict[str, Lane]) -> list[str]:
    """The same contestant twice: how far apart two equals come out."""
    told = []
    for again, name in TWINS.items():
        if again in lanes and name in lanes:
            apart = abs(_ratio(lanes, name, again).median - 1)
            if apart > NOISE_LIMIT:
                told.append(
                    f"`{name}` timed twice differs by {apart:.0%}, more than "
                    f"{NOISE_LIMIT:.0%}: the machine is too busy for its ratios to be believed"
                )
    return told
