"""What is wrong with the patient: one name, one sentence and one detector for each fault.

A detector runs a program and says whether the fault is there. It never reads source, and it
finds its fault whatever else is wrong, so a program can be mended one fault at a time.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import torch

from vgan_lessons.article import loop_faults, player_faults
from vgan_lessons.article.program import Program


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong.

    Args:
        name: a few words.
        sentence: what is done, and what comes of it.
        part: where it is to be mended: a field of `Program`, or "text" for its objectives.
        is_in: the detector, of a program.
    """

    name: str
    sentence: str
    part: Literal["build_players", "train", "text"]
    is_in: Callable[[Program], bool]


FAULTS = (
    Fault(
        "frames of one pixel",
        "G only ever halves: 100 pixels become 50, 25, 13, 7, 4, 2 and 1, and three more "
        "halvings of that 1 do nothing.",
        "build_players",
        player_faults.frames_are_one_pixel,
    ),
    Fault(
        "no activation in G",
        "Convolutions with nothing between them are one affine map, however many they are.",
        "build_players",
        player_faults.generator_is_affine,
    ),
    Fault(
        "no activation in D",
        "Up to its last sigmoid D is affine: it can tell two clouds apart by a straight cut, "
        "and nothing else.",
        "build_players",
        player_faults.discriminator_is_affine,
    ),
    Fault(
        "no tanh",
        "G's pixels may be any number, the data's lie in [-1, 1]: D needs no more than that.",
        "build_players",
        player_faults.range_is_not_the_data_s,
    ),
    Fault(
        "no fully connected layer",
        "The text promises one in G and the code has none, so G cannot start from a plain "
        "code: its noise must already have the layout of a picture.",
        "build_players",
        player_faults.no_layer_is_fully_connected,
    ),
    Fault(
        "no time axis",
        "G makes single pictures and D judges single pictures: nothing in the program is a "
        "video.",
        "build_players",
        player_faults.time_axis_is_missing,
    ),
    Fault(
        "noise drawn once",
        "The noise is drawn before the loop: whatever the number of rounds, G is only ever "
        "asked about one batch.",
        "train",
        loop_faults.noise_is_drawn_once,
    ),
    Fault(
        "batch size undefined",
        "The noise is drawn for a batch size that is defined nowhere: the program stops "
        "before its first round.",
        "train",
        loop_faults.batch_size_is_undefined,
    ),
    Fault(
        "losses leave the graph",
        "A loss is turned into a plain number before the gradient is asked for: every "
        "gradient is None, and an optimiser passes over None without a word.",
        "train",
        loop_faults.losses_leave_the_graph,
    ),
    Fault(
        "updates swapped",
        "What is called D's turn moves G, and the other way round: each player follows the "
        "other's loss.",
        "train",
        loop_faults.updates_are_swapped,
    ),
    Fault(
        "no real data",
        "No real sample has a say in any loss, so nobody can know what G is to imitate.",
        "train",
        loop_faults.real_data_never_appear,
    ),
    Fault(
        "both minimise the score",
        "Both players minimise D's raw score of the fakes: they agree, and G learns to be "
        "caught.",
        "train",
        loop_faults.raw_score_is_minimised,
    ),
    Fault(
        "text and code disagree",
        "The text gives both players expectations of logarithms, the code gives them the "
        "bare score: whoever checks one has not checked the other.",
        "text",
        loop_faults.text_and_code_disagree,
    ),
)


def examine(program: Program) -> dict[str, bool | None]:
    """Look for every fault in a program.

    Args:
        program: the patient, the mended one, or one of your own.

    Returns:
        Name of the fault -> whether it is there; None where the program stops before that
        can be told. The global random state is afterwards as it was.

    Example:
        >>> from vgan_lessons.article.patient import PATIENT
        >>> sum(examine(PATIENT).values()), len(FAULTS)
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


def _row(first: str, cells: object) -> str:
    return f"{first:<26}" + "".join(f"{cell:<18}" for cell in cells).rstrip()


def _verdict(fault: Fault, program: Program) -> bool | None:
    try:
        return bool(fault.is_in(program))
    except Exception:  # the program is a reader's own and may stop anywhere
        return None
