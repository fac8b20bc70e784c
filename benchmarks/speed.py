"""How fast contestants train: steps a second, times as fast as a rival."""

import time
from collections.abc import Mapping
from dataclasses import dataclass

from benchmarks.clock import Name, Spent, Spread, in_turns, spend, spread
from benchmarks.contestant import Contestant, Setting, load_bank
from benchmarks.lineup import LINEUP, RIVALS
from benchmarks.report import Part, Table
from vgan_lessons.datasets import VideoBank
from vgan_lessons.runtime import has_fast_bfloat16

NOISE_LIMIT = 0.15  # the same contestant twice may differ by this much
MOST_ROUNDS = 15
BLOCK_SECONDS = {"cpu": 4.0, "cuda": 1.0}  # least length of a block


@dataclass(frozen=True)
class Pace:
    """What one contestant's blocks cost, each divided by its steps."""

    block: int  # steps
    spent: list[Spent]

    @property
    def walls(self) -> list[float]:
        """Wall seconds a step, block by block."""
        return [spent.wall for spent in self.spent]


def measure_speed(setting: Setting, names: list[str], seconds: float) -> Part:
    """Train contestants in turns until the time is up; one round is always made."""
    deadline = time.perf_counter() + seconds
    bank = load_bank(setting)
    fast = setting.smoke or has_fast_bfloat16(setting.on)
    present = [name for name in names if fast or not LINEUP[name].needs_bfloat16]
    contestants = {name: LINEUP[name].build(setting, bank) for name in present}
    paces = train_in_turns(contestants, setting, deadline - time.perf_counter())
    part = Part(title=f"Training at {setting.label}, batch {setting.batch_size}")
    part.tables = [_speeds(setting, names, paces)]
    if _rivals(paces):
        part.tables.append(_ratios(paces))
    part.notes = _notes(setting, contestants, paces, bank)
    for name, pace in paces.items():
        a_second = 1 / spread(pace.walls).median
        part.values[f"steps/s {name}"] = a_second
        part.values[f"clips/s {name}"] = setting.batch_size * a_second
        for rival in _rivals(paces):
            part.values[f"{name} / {rival}"] = _ratio(paces, rival, name).median
    part.failures = _noise(paces)
    part.raw = {name: [spent._asdict() for spent in pace.spent] for name, pace in paces.items()}
    return part


def train_in_turns(
    contestants: Mapping[Name, Contestant], setting: Setting, seconds: float
) -> dict[Name, Pace]:
    """Time the steps of contestants, in blocks that are long enough for a clock.

    Args:
        contestants: by name or size, trained on in place.
        setting: the device, and whether this is a smoke run.
        seconds: for all of it; one round is always made.
    """
    deadline = time.perf_counter() + seconds
    least = 0.05 if setting.smoke else BLOCK_SECONDS[setting.on.type]
    works, blocks = {}, {}
    for name, contestant in contestants.items():
        first = spend(lambda c=contestant: c.train(c.period), setting.on).wall
        if first < least:  # a long first block is warm enough, and tells enough
            first = spend(lambda c=contestant: c.train(c.period), setting.on).wall
        blocks[name] = contestant.period * max(1, round(least / first))
        works[name] = lambda c=contestant, n=blocks[name]: c.train(n)
    left = deadline - time.perf_counter()
    costs = in_turns(works, setting.on, seconds=left, most_rounds=MOST_ROUNDS)
    paces = {}
    for name, spent in costs.items():
        n = blocks[name]
        paces[name] = Pace(n, [Spent(cost.wall / n, cost.cpu / n) for cost in spent])
    return paces


def _speeds(setting: Setting, names: list[str], paces: dict[str, Pace]) -> Table:
    columns = ["contestant", "steps/s", "clips/s", "CPU s a step"]
    table = Table(title="Speed of training", columns=columns)
    for name in names:
        title = f"`{name}`: {LINEUP[name].title}"
        if name not in paces:
            table.rows.append([title, "not on this machine", "-", "-"])
            continue
        steps = spread(1 / wall for wall in paces[name].walls)
        cpu = spread(spent.cpu for spent in paces[name].spent)
        clips = steps.median * setting.batch_size
        table.rows.append([title, steps, clips, cpu])
    return table


def _rivals(paces: dict[str, Pace]) -> list[str]:
    return [name for name in RIVALS if name in paces]


def _ratio(paces: dict[str, Pace], slow: str, fast: str) -> Spread:
    """How many times as fast, round by round."""
    pairs = zip(paces[slow].walls, paces[fast].walls, strict=True)
    return spread(a / b for a, b in pairs)


def _ratios(paces: dict[str, Pace]) -> Table:
    rivals = _rivals(paces)
    columns = ["contestant", *(f"as `{name}`" for name in rivals)]
    rows = [[f"`{n}`", *(_ratio(paces, rival, n) for rival in rivals)] for n in paces]
    return Table(title="Times as fast, round by round", columns=columns, rows=rows)


def _notes(
    setting: Setting,
    contestants: dict[str, Contestant],
    paces: dict[str, Pace],
    bank: VideoBank,
) -> list[str]:
    told = [
        f"All take their batches from the same {bank.frames.numel() / 2**20:.0f} MiB of bytes "
        f"({setting.data}, {bank.n_videos} videos); blocks take turns in one process, the "
        "first of each round another one.",
    ]
    alike: dict[str, list[str]] = {}
    for name, contestant in contestants.items():
        alike.setdefault(contestant.says, []).append(f"`{name}` ({paces[name].block} a block)")
    return told + [f"A step of {', '.join(names)}: {says}." for says, names in alike.items()]


def _noise(paces: dict[str, Pace]) -> list[str]:
    """The same contestant twice: how far apart two equals come out."""
    told = []
    for again, name in ((n, LINEUP[n].twin_of) for n in paces):
        if name in paces:
            apart = abs(_ratio(paces, name, again).median - 1)
            if apart > NOISE_LIMIT:
                told.append(
                    f"`{name}` timed twice differs by {apart:.0%}, more than "
                    f"{NOISE_LIMIT:.0%}: the machine is too busy for its ratios to be believed"
                )
    return told
