"""Look for every fault in a program, and write down which are there."""

from collections.abc import Iterable

import torch

from vgan_lessons.article.loop_faults import LOOP_FAULTS
from vgan_lessons.article.player_faults import PLAYER_FAULTS
from vgan_lessons.article.program import Fault, Program

FAULTS = PLAYER_FAULTS + LOOP_FAULTS


def examine(program: Program) -> dict[str, bool | None]:
    """Look for every fault in a program.

    Args:
        program: the published one, the mended one, or one of your own.

    Returns:
        Name of the fault -> whether it is there; None where the program stops before that
        can be told. The global random state is afterwards as it was.

    Example:
        >>> from vgan_lessons.article.published import PUBLISHED
        >>> sum(examine(PUBLISHED).values()), len(FAULTS)
        (13, 13)
    """
    with torch.random.fork_rng(devices=[]):
        return {fault.name: _verdict(fault, program) for fault in FAULTS}


def fault_table(**programs: Program) -> str:
    """Write down which faults each program has, one line for each fault.

    Args:
        programs: by the word that stands above their column, at most 16 letters each.

    Returns:
        A table in plain text, the same at every call; its last line counts the faults.
    """
    found = {name: examine(program) for name, program in programs.items()}
    words = {True: "there", False: "-", None: "cannot tell"}
    lines = [_row("fault", found)]
    for fault in FAULTS:
        lines.append(_row(fault.name, [words[seen[fault.name]] for seen in found.values()]))
    counts = [sum(there is not False for there in seen.values()) for seen in found.values()]
    return "\n".join([*lines, _row("to be mended", map(str, counts))])


def _row(first: str, cells: Iterable[str]) -> str:
    return f"{first:<26}" + "".join(f"{cell:<18}" for cell in cells).rstrip()


def _verdict(fault: Fault, program: Program) -> bool | None:
    try:
        return bool(fault.is_in(program))
    except Exception:  # the program is a reader's own and may stop anywhere
        return None
