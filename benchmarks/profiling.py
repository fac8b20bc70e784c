"""Where a step goes: the operators that take most of it, by torch's own profiler."""

from torch.profiler import ProfilerActivity, profile

from benchmarks.clock import synchronise
from benchmarks.report import Part, Table
from benchmarks.rows import ROWS
from benchmarks.setting import Setting, load_bank

N_OPERATORS = 12


def measure_profile(setting: Setting, names: tuple[str, ...]) -> Part:
    """Profile a few steps of each contestant after a warm-up.

    Args:
        setting: data, size, device.
        names: of the rows.
    """
    part = Part(title=f"Where a step goes at {setting.label}")
    bank = load_bank(setting, n_videos=64)
    for name in names:
        contestant = ROWS[name].build(setting, bank)
        contestant.play(contestant.period)
        on_gpu = setting.on.type == "cuda"
        activities = [ProfilerActivity.CPU] + [ProfilerActivity.CUDA] * on_gpu
        with profile(activities=activities) as seen:
            contestant.play(contestant.period)
            synchronise(setting.on)
        part.tables.append(_operators(name, seen, on_gpu, contestant.period))
    part.notes = ["Self time: an operator without the operators it calls; shares of all of it."]
    return part


def _operators(name: str, seen: profile, on_gpu: bool, n_steps: int) -> Table:
    """The heaviest operators; on a GPU by the time of their kernels."""

    def own(event: object) -> float:
        return event.self_device_time_total if on_gpu else event.self_cpu_time_total

    events = sorted(seen.key_averages(), key=own, reverse=True)
    total = sum(map(own, events)) or 1.0
    calls = sum(e.count for e in events if e.key.startswith("aten::"))
    where = "GPU" if on_gpu else "CPU"
    title = f"`{name}`: {calls / n_steps:.0f} operator calls a step, heaviest by {where} time"
    table = Table(title=title, columns=["operator", "share", "ms a step", "calls a step"])
    for event in events[:N_OPERATORS]:
        share = f"{own(event) / total:.1%}"
        row = [event.key, share, own(event) / 1e3 / n_steps, event.count / n_steps]
        table.rows.append(row)
    return table
