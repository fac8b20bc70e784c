"""Observing: call an answer on every case and probe of its exercise and keep the record.

Nothing here knows right from wrong. `observe` makes the same kind of record of a learner's
answer, of the reference and of a catalogued mistake; `judging` and `marking` compare records.
Both sides could live in two processes: a record holds tensors, numbers and strings only.
"""

import functools
import inspect
import linecache
import sys
import traceback
from collections.abc import Callable, Container, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import replace
from typing import Any, Literal

import torch
from torch import Tensor, nn

from vgan_lessons.checking.cells import codes_of
from vgan_lessons.checking.exercise import Case, Exercise
from vgan_lessons.checking.plain import plain, same_state, state_of, tensors_in
from vgan_lessons.checking.probes import PROBES, Probe, dress, probes_of
from vgan_lessons.checking.results import THE_CALL, Observation, Record, Trouble
from vgan_lessons.checking.surroundings.guard import refusing_replacements
from vgan_lessons.checking.surroundings.limits import TimeUp, time_limit
from vgan_lessons.checking.surroundings.session import (
    FarDevice,
    quietly,
    rare_switches,
    rare_switches_restored,
    session_untouched,
    watching,
)

_NO_LIMIT = 600.0  # seconds; for answers that are ours
_FILTERS = "the warning filters"  # an import inside the answer may change them, too
_LONGEST = 200  # characters of a message that still fit on the one line
_IN_PLAIN_WORDS = {  # what torch says -> what it means here
    "one of the variables needed for gradient computation has been modified": (
        "a tensor that the gradient still needs was changed in place"
    ),
    "Trying to backward through the graph a second time": (
        "the graph was already used up by a backward inside your code"
    ),
    "does not require grad and does not have a grad_fn": (
        "a gradient was asked of something that is cut off from the graph"
    ),
    "Can't call numpy() on Tensor that requires grad": (
        ".numpy() leaves torch, and the gradient with it; stay with torch's functions"
    ),
    "view size is not compatible with input tensor's size and stride": (
        "`view` needs memory in order; `reshape` takes any tensor"
    ),
}


def observe(
    exercise: Exercise,
    answer: Any,
    seed: int = 0,
    *,
    seconds: float = _NO_LIMIT,
    first: str = "",
    until: Callable[[str, Observation], bool] = lambda name, seen: False,
    known: Container[str] = (),
) -> Record:
    """Run an answer on all cases and probes of its exercise.

    Args:
        exercise: what is asked.
        answer: the learner's object, whatever it is.
        seed: draws the probe inputs.
        seconds: for all runs together.
        first: the name of the case or probe to begin with; the others keep their order.
        until: is told the name of every case and probe and what was seen there; once it says
            yes, nothing more is run.
        known: names of cases and probes that need no run.

    Returns:
        A record; it ends early if the answer cannot be called at all or takes too long.
    """
    record, name = Record(), THE_CALL
    with session_untouched(), rare_switches_restored(), quietly() as noise:
        if misfit := _misfit(exercise, answer):
            record.seen[THE_CALL] = Observation(trouble=misfit)
            return record
        try:
            with time_limit(seconds):
                runs = list(enumerate(_runs(exercise, answer, seed).items()))
                runs = [run for run in runs if run[1][0] not in known]
                for number, (name, run) in sorted(runs, key=lambda r: r[1][0] != first):
                    with _noticing_borrowed_code(exercise, record, active=number == 0):
                        record.seen[name] = run(seed * 1000 + number)
                    if until(name, record.seen[name]):
                        break
                else:
                    record.events = events_of(exercise, answer)
        except TimeUp:
            record.seen[name] = Observation(trouble=Trouble("too long", ""))
    record.printed, record.warned = noise.characters, tuple(noise.warned)
    return record


def events_of(exercise: Exercise, answer: Any) -> dict[str, tuple[str, ...]]:
    """What happens while an answer runs, where the exercise keeps a diary of it.

    Args:
        exercise: with `events`, or there is nothing to tell.
        answer: that a case has run already.
    """
    if exercise.events is None:
        return {}
    try:
        with session_untouched(), quietly(), refusing_replacements():
            return {track: tuple(noted) for track, noted in exercise.events(answer).items()}
    except KeyboardInterrupt:
        raise
    except BaseException:  # the cases have shown it, or there was no time left for a diary
        return {}


def _misfit(exercise: Exercise, answer: Any) -> Trouble | None:
    """Say why an answer cannot be called the way the exercise calls it, or None if it can."""
    if not callable(exercise.reference):
        return None
    if not callable(answer):
        what = "None" if answer is None else f"a {type(answer).__name__}"
        made = ", the result of a call" if isinstance(answer, Tensor | int | float) else ""
        wish = f"hand over my_{exercise.name} without brackets"
        return Trouble("no function", f"this is {what}{made}; {wish}")
    if isinstance(exercise.reference, type) and isinstance(answer, nn.Module):
        return Trouble("no function", "this is a module already built; hand over the class")
    if exercise.inputs is None:
        return None
    names = tuple(exercise.drawn(PROBES[0], seed=0))
    if exercise.call is not None and names != tuple(
        inspect.signature(exercise.reference).parameters
    ):
        return None  # it is not called on the inputs as they are
    by_name = _keyword_only(exercise)
    placed = [None for name in names if name not in by_name]
    try:
        inspect.signature(answer).bind(*placed, **dict.fromkeys(by_name & set(names)))
    except TypeError as error:
        called = ", ".join(f"{name}=..." if name in by_name else name for name in names)
        return Trouble("other arguments", f"it is called with ({called}): {error}")
    except ValueError:  # some built-ins have no signature; the call itself will tell
        pass
    return None


def _runs(
    exercise: Exercise, answer: Any, seed: int
) -> dict[str, Callable[[int], Observation]]:
    """Every case and probe by name, waiting for the seed of the global random sources."""
    runs = {
        case.name: lambda s, case=case: _on_case(case, answer, s) for case in exercise.cases
    }
    for probe in probes_of(exercise):
        runs[probe.name] = lambda s, probe=probe: _on_probe(
            exercise, probe, answer, drawn_by=seed, seed=s
        )
    return runs


@contextmanager
def _noticing_borrowed_code(
    exercise: Exercise, record: Record, *, active: bool
) -> Iterator[None]:
    """Notice whether the answer runs the library's own code instead of code of its own."""
    codes, before = codes_of(exercise.reference) if active else (), sys.getprofile()
    theirs = before is not None and not callable(before)  # a profiler in C, not ours to move
    if not codes or theirs:
        yield
        return

    ours = {id(code) for code in codes}  # equal code on equal lines is no borrowed code

    def note(frame: Any, event: str, _: Any) -> None:
        if event == "call" and id(frame.f_code) in ours:
            record.borrowed = True

    sys.setprofile(note)
    try:
        yield
    finally:
        sys.setprofile(before)


def _on_case(case: Case, answer: Any, seed: int) -> Observation:
    """Run one hand-worked case; `seed` sets the global sources, whose use is noted."""
    changed: set[str] = set()
    watched = _watching_inputs(answer, changed)
    seen = _noted(lambda: Observation(value=plain(case.run(watched))), answer, seed)
    return replace(seen, changed=tuple(sorted(changed)))


def _watching_inputs(answer: Any, changed: set[str]) -> Any:
    """A function that notes which tensors among its arguments it changes.

    Networks are left to the cases: what becomes of them is what a training step is about.
    """
    if not callable(answer) or isinstance(answer, type):
        return answer

    @functools.wraps(answer)
    def watched(*placed: Any, **named: Any) -> Any:
        given = _by_name(answer, placed, named)
        tensors = [t for t in tensors_in(given) if not isinstance(t[1], nn.Parameter)]
        before = [plain(tensor) for _, tensor in tensors]
        try:
            return answer(*placed, **named)
        finally:
            for (name, tensor), old in zip(tensors, before, strict=True):
                if not same_state(old, plain(tensor)):
                    changed.add(name)

    return watched


def _by_name(answer: Any, placed: tuple[Any, ...], named: dict[str, Any]) -> dict[str, Any]:
    try:
        given = inspect.signature(answer).bind(*placed, **named).arguments
    except (TypeError, ValueError):  # the call itself will tell
        return {}
    return {name: x for name, x in given.items() if not isinstance(x, nn.Module)}


def _on_probe(
    exercise: Exercise, probe: Probe, answer: Any, *, drawn_by: int, seed: int
) -> Observation:
    """Call the answer on one probe, and differentiate what comes back.

    Args:
        exercise: says what the inputs are.
        probe: says how they are dressed.
        answer: a learner's object, the reference or a mistake.
        drawn_by: seed of the inputs.
        seed: sets the global sources, whose use is noted.
    """

    def run() -> Observation:
        drawn = exercise.drawn(probe, drawn_by)
        inputs, leaves = dress(drawn, probe, exercise.free_gradients)
        seen, returned = _call(exercise, probe, answer, inputs)
        # weights keep their .grad in `after`; a tensor that came as a clone has it on its leaf
        pulled = [name for name, leaf in leaves.items() if _is_pulled(leaf)]
        seen = replace(seen, pulled=tuple(n for n in pulled if "." not in n))
        if probe.again or probe.far or not leaves:
            return seen
        try:
            first, second = _slopes(returned, leaves, twice=exercise.second_order)
        except Exception as error:
            return replace(seen, trouble=_trouble(error, answer, during="backward"))
        return replace(seen, gradients=first, second=second)

    return _noted(run, answer, seed, default_dtype=probe.default_dtype)


def _noted(
    run: Callable[[], Observation],
    answer: Any,
    seed: int,
    default_dtype: torch.dtype = torch.float32,
) -> Observation:
    """Make a run; note its exception, and what it did to global random sources and switches."""
    with watching(seed, default_dtype) as traces, rare_switches_restored():
        before = rare_switches()
        try:
            with refusing_replacements():
                seen = run()
        except (TimeUp, KeyboardInterrupt):
            raise
        except BaseException as error:
            seen = Observation(trouble=_trouble(error, answer))
        after = rare_switches()
    switched = tuple(name for name in before if before[name] != after[name])
    kept = traces.settings_kept and not set(switched) - {_FILTERS}
    return replace(seen, moved=traces.moved, settings_kept=kept, switched=switched)


def _is_pulled(leaf: Tensor) -> bool:
    return leaf.grad is not None and bool(leaf.grad.any())


def _call(
    exercise: Exercise, probe: Probe, answer: Any, inputs: dict[str, Any]
) -> tuple[Observation, list[Tensor]]:
    """Call the answer; note what came back and what became of the inputs."""
    call, far = _caller(exercise), FarDevice()
    if probe.far:
        for _, tensor in tensors_in(inputs):
            far.mark(tensor)
    before = {name: state_of(value) for name, value in inputs.items()}
    with far if probe.far else nullcontext():
        result = call(answer, inputs)
    after = {name: state_of(value) for name, value in inputs.items()}
    if probe.again:
        result = (result, call(answer, inputs))
    returned = [tensor for _, tensor in tensors_in(result)]
    seen = Observation(
        value=plain(result),
        before=before,
        after=after,
        changed=tuple(name for name in inputs if not same_state(before[name], after[name])),
        dtypes=tuple(str(tensor.dtype).removeprefix("torch.") for tensor in returned),
        devices=tuple("far" if far.marked(t) else "cpu" for t in returned if far.watched),
        attached=any(tensor.requires_grad for tensor in returned),
    )
    return seen, returned


def _caller(exercise: Exercise) -> Callable[[Any, dict[str, Any]], Any]:
    """How the engine uses an answer on named inputs, as the reference's signature wants it."""
    if exercise.call is not None:
        return lambda answer, inputs: exercise.call(answer, *inputs.values())
    by_name = _keyword_only(exercise)

    def call(answer: Any, inputs: dict[str, Any]) -> Any:
        placed = [value for name, value in inputs.items() if name not in by_name]
        return answer(*placed, **{n: v for n, v in inputs.items() if n in by_name})

    return call


def _keyword_only(exercise: Exercise) -> set[str]:
    parameters = inspect.signature(exercise.reference).parameters
    return {name for name, p in parameters.items() if p.kind is p.KEYWORD_ONLY}


@torch.enable_grad()  # whatever the answer left switched off
def _slopes(
    returned: list[Tensor], leaves: dict[str, Tensor], *, twice: bool
) -> tuple[dict[str, Tensor | None], dict[str, Tensor | None]]:
    """Gradients of what came back by every leaf, and the gradients of those."""
    first = _pull(returned, leaves, keep=twice)
    pulled = [gradient for gradient in first.values() if gradient is not None]
    second = _pull(pulled, leaves) if twice else {}
    return {name: plain(gradient) for name, gradient in first.items()}, second


def _pull(
    outputs: list[Tensor], leaves: dict[str, Tensor], *, keep: bool = False
) -> dict[str, Tensor | None]:
    """Differentiate one fixed mixture of all the outputs by every leaf."""
    outputs = [torch.view_as_real(t) if t.is_complex() else t for t in outputs]
    outputs = [tensor for tensor in outputs if tensor.requires_grad]
    if not outputs:
        return dict.fromkeys(leaves)
    mixture = 0
    for tensor in outputs:
        weights = torch.linspace(0.5, 1.5, tensor.numel(), dtype=tensor.dtype)
        mixture = mixture + (tensor.reshape(-1) * weights).sum()
    found = torch.autograd.grad(
        mixture, list(leaves.values()), allow_unused=True, create_graph=keep, retain_graph=True
    )
    with torch._C.DisableTorchFunctionSubclass():  # an answer may return a tensor of its own
        found = [None if slope is None else slope.as_subclass(Tensor) for slope in found]
    return dict(zip(leaves, found, strict=True))


def _trouble(
    error: BaseException, answer: Any, *, during: Literal["call", "backward"] = "call"
) -> Trouble:
    """Describe an exception from the learner's point of view; the engine's frames are dropped.

    Args:
        error: what was raised.
        answer: the learner's object; the deepest frame in its file is the line to show.
        during: what the engine was doing.
    """
    files = {code.co_filename for code in codes_of(answer)}
    own = [f for f in traceback.extract_tb(error.__traceback__) if f.filename in files]
    line = linecache.getline(own[-1].filename, own[-1].lineno or 0).strip() if own else ""
    message = str(error).strip().split("\n")[0]
    for theirs, ours in _IN_PLAIN_WORDS.items():
        if theirs in message:
            message = ours
    if len(message) > _LONGEST:
        message = message[:_LONGEST].rstrip() + " ..."
    return Trouble(type(error).__name__, message.rstrip("."), line, during)
