"""What an answer runs inside of: silence, a watched session, a pretended device.

All of it is undone afterwards: the learner's session is as it was. Four parts, in this order:
`quietly` swallows prints and collects warnings; `session_untouched` and `watching` look after
global random sources and the switches of torch that many answers turn; `rare_switches` are
those that few turn; `FarDevice` shows on a machine without a GPU whether an answer would run
on one. `limits` stops what runs too long, and `guard` refuses what would end or wedge the
session.
"""

import random
import sys
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.random  # numpy would fetch it in the middle of the first check
import torch
from torch import Tensor, nn
from torch._C import _len_torch_function_stack, _pop_torch_function_stack
from torch.overrides import TorchFunctionMode

from vgan_lessons.checking.plain import tensors_in
from vgan_lessons.checking.surroundings.guard import refusals

_FAR = torch.device("cuda:0")
_MAY_MIX = {
    "__getitem__",
    "__setitem__",
    "__get__",
    "__set__",
    "copy_",
    "type_as",
    "_has_compatible_shallow_copy_type",  # asked when a module moves
}
_FETCHES = {"numpy", "__array__"}


@dataclass
class _Noise:
    """How many characters were printed, and which warnings came; prints are not kept."""

    characters: int = 0
    warned: list[str] = field(default_factory=list)

    def write(self, text: str) -> int:
        """Count instead of keeping: an answer may print megabytes."""
        self.characters += len(text)
        return len(text)

    def flush(self) -> None:
        """Nothing is held back."""


@contextmanager
def quietly() -> Iterator[_Noise]:
    """Swallow prints and collect warnings, so that a check stays one line."""
    noise = _Noise()
    with (
        redirect_stdout(noise),
        redirect_stderr(noise),
        warnings.catch_warnings(record=True) as caught,
    ):
        warnings.simplefilter("always")
        yield noise
    noise.warned = sorted({str(warning.message).split("\n")[0] for warning in caught})


@contextmanager
def session_untouched() -> Iterator[None]:
    """Put global random states and torch's switches back as the learner had them.

    So are what watches Python's calls and lines, and torch's stack of modes: a block that is
    stopped in the middle may leave them behind. What `guard` refuses is refused inside.
    """
    states = torch.default_generator.get_state(), np.random.get_state(), random.getstate()
    on_gpu = torch.cuda.get_rng_state_all() if torch.cuda.is_initialized() else None
    switches, threads = _switches(), torch.get_num_threads()
    watchers, n_modes = (sys.getprofile(), sys.gettrace()), _len_torch_function_stack()
    torch.set_num_threads(1)  # on a busy machine, threads make small tensors slow
    try:
        with refusals(), _light_gradients():
            yield
    finally:
        if (sys.getprofile(), sys.gettrace()) != watchers:  # a profiler in C is left alone
            sys.setprofile(watchers[0])
            sys.settrace(watchers[1])
        while _len_torch_function_stack() > n_modes:
            _pop_torch_function_stack()
        torch.default_generator.set_state(states[0])
        np.random.set_state(states[1])
        random.setstate(states[2])
        if on_gpu is not None:
            torch.cuda.set_rng_state_all(on_gpu)
        _set_switches(*switches)
        torch.set_num_threads(threads)


@contextmanager
def _light_gradients() -> Iterator[None]:
    """Spare `grad_outputs` the import of sympy: seconds, only to compare two shapes.

    Torch itself is asked about all but ordinary tensors of real numbers.
    """
    torchs = getattr(torch.autograd, "_make_grads", None)
    if torchs is None or "torch.fx.experimental.symbolic_shapes" in sys.modules:
        yield
        return

    def make_grads(outputs: Any, gradients: Any, *rest: Any, **named: Any) -> tuple:
        pairs = list(zip(outputs, gradients, strict=False))
        if any(rest) or any(named.values()) or not all(_are_plain(*pair) for pair in pairs):
            return torchs(outputs, gradients, *rest, **named)
        for n, (output, gradient) in enumerate(pairs):
            if output.shape != gradient.shape:
                shapes = f"{tuple(gradient.shape)}, the output of {tuple(output.shape)}"
                raise RuntimeError(f"grad_outputs, number {n}, has a shape of {shapes}")
        return tuple(gradients)

    torch.autograd._make_grads = make_grads
    try:
        yield
    finally:
        torch.autograd._make_grads = torchs


def _are_plain(*tensors: Any) -> bool:
    """Whether these are ordinary tensors of real numbers."""
    return all(
        type(t) in (Tensor, nn.Parameter) and not t.is_nested and not t.is_complex()
        for t in tensors
    )


@dataclass
class Traces:
    """What a run left in the global state of the session.

    Args:
        moved: random sources that were used, with a fingerprint of their new state.
        settings_kept: whether torch's default dtype and gradient mode are as they were.
    """

    moved: dict[str, int] = field(default_factory=dict)
    settings_kept: bool = True


@contextmanager
def watching(seed: int, default_dtype: torch.dtype) -> Iterator[Traces]:
    """Seed the global random sources, set torch's switches, note what the block does to both.

    Nothing is put back here; `session_untouched` does that, around all runs of an answer.

    Args:
        seed: of torch's CPU source, numpy and random.
        default_dtype: torch's global default while the block runs; gradients are on.
    """
    _set_switches(default_dtype, True)
    torch.default_generator.manual_seed(seed)
    np.random.seed(seed)
    random.seed(seed)
    before, traces = _fingerprints(), Traces()
    yield traces
    traces.settings_kept = _switches() == (default_dtype, True)
    after = _fingerprints()
    traces.moved = {name: after[name] for name in after if after[name] != before[name]}


def _fingerprints() -> dict[str, int]:
    """A fingerprint of each global random source."""
    numpy_state = np.random.get_state()
    return {
        "torch": hash(torch.default_generator.get_state().numpy().tobytes()),
        "numpy": hash((numpy_state[1].tobytes(), numpy_state[2:])),
        "random": hash(random.getstate()),
    }


def _switches() -> tuple[torch.dtype, bool]:
    """The switches of torch that a careless answer leaves turned."""
    return torch.get_default_dtype(), torch.is_grad_enabled()


def _set_switches(default_dtype: torch.dtype, gradients: bool) -> None:
    torch.set_default_dtype(default_dtype)
    torch.set_grad_enabled(gradients)


def rare_switches() -> dict[str, Any]:
    """Global switches that few answers touch, by the name that a message gives them."""
    return {
        "torch's anomaly mode": (
            torch.is_anomaly_enabled(),
            torch.is_anomaly_check_nan_enabled(),
        ),
        "torch's deterministic algorithms": (
            torch.are_deterministic_algorithms_enabled(),
            torch.is_deterministic_algorithms_warn_only_enabled(),
        ),
        "torch's precision of matrix products": torch.get_float32_matmul_precision(),
        "torch's number of threads": torch.get_num_threads(),
        "numpy's handling of errors": np.geterr(),
        "the warning filters": tuple(map(str, warnings.filters)),
    }


@contextmanager
def rare_switches_restored() -> Iterator[None]:
    """Anomaly mode is off in the block; behind it every rare switch is as it was before."""
    before, filters = rare_switches(), warnings.filters[:]
    anomaly, deterministic, precision, threads, errors, _ = before.values()
    torch.set_anomaly_enabled(False)  # it would refuse a NaN that the statement allows
    try:
        yield
    finally:
        torch.set_anomaly_enabled(*anomaly)
        if rare_switches()["torch's deterministic algorithms"] != deterministic:
            torch.use_deterministic_algorithms(deterministic[0], warn_only=deterministic[1])
        torch.set_float32_matmul_precision(precision)
        torch.set_num_threads(threads)
        np.seterr(**errors)
        warnings.filters[:] = filters


class WrongDevice(RuntimeError):
    """Tensors of two devices met in one operation."""


class FarDevice(TorchFunctionMode):
    """A second device for machines that have none: marked tensors behave as if far away.

    While active, it watches every torch function that Python code calls. Marked tensors say
    that their device is `cuda:0`, new tensors made there are marked too, and an operation that
    mixes marked and unmarked tensors fails as it would on a GPU. The numbers stay in ordinary
    memory, so `.item()` and branches on values work as they do there. Tensors are marked by
    their memory, so views, parameters and `.data` share the mark. Compiled code runs unseen:
    where `watched` stays 0, nothing can be said.

    Example:
        >>> far = FarDevice()
        >>> x = far.mark(torch.ones(2))
        >>> with far:
        ...     y = x + torch.zeros(2, device=x.device)
        >>> far.marked(y)
        True
        >>> with far:  # doctest: +IGNORE_EXCEPTION_DETAIL
        ...     x + torch.zeros(2)
        Traceback (most recent call last):
        ...
        WrongDevice: add of tensors on cuda:0 and on the CPU
    """

    def __init__(self) -> None:
        super().__init__()
        self._marked: dict[int, Tensor] = {}  # keeps them alive, so that no address is reused
        self.watched = 0  # torch functions seen so far

    def mark(self, tensor: Tensor) -> Tensor:
        """Declare a tensor of any shape far away; one without numbers has no place."""
        if address := tensor.untyped_storage().data_ptr():
            self._marked[address] = tensor
        return tensor

    def marked(self, tensor: Tensor) -> bool:
        """Whether the memory of a tensor, of any shape, is far away."""
        return tensor.untyped_storage().data_ptr() in self._marked

    def __torch_function__(
        self, func: Callable, types: Any, args: tuple = (), kwargs: dict | None = None
    ) -> Any:
        """Run one torch function as it would run with part of its tensors far away."""
        self.watched += 1
        kwargs, name = dict(kwargs or {}), func.__name__
        if func == torch.Tensor.device.__get__:
            return _FAR if self.marked(args[0]) else func(*args)
        if name in ("to", "cpu", "cuda"):
            return self._moved(func, name, args, kwargs)
        tensors = [tensor for _, tensor in tensors_in((args, kwargs))]
        far = [self.marked(tensor) for tensor in tensors]
        if any(far) and name in _FETCHES:
            raise WrongDevice(f"{name} of a tensor on {_FAR}; .cpu() comes first")
        if any(far) and name not in _MAY_MIX:
            near = (t for t, is_far in zip(tensors, far, strict=True) if not is_far)
            if any(t.ndim and t.numel() for t in near):
                raise WrongDevice(f"{name} of tensors on {_FAR} and on the CPU")
        device = kwargs.pop("device", None)
        result = func(*args, **kwargs)
        if (any(far) if device is None else _is_far(device)) and name != "__set__":
            for _, tensor in tensors_in(result):
                self.mark(tensor)
        return result

    def _moved(self, func: Callable, name: str, args: tuple, kwargs: dict) -> Tensor:
        tensor, rest = args[0], args[1:]
        targets = [a for a in rest if isinstance(a, str | torch.device)]
        targets += [kwargs["device"]] if kwargs.get("device") is not None else []
        likes = [a for a in rest if isinstance(a, Tensor)]
        was_far = self.marked(tensor)
        far = {"cpu": False, "cuda": True}.get(name, was_far)
        far = self.marked(likes[0]) if likes else _is_far(targets[0]) if targets else far
        dtypes = [a for a in rest if isinstance(a, torch.dtype)] + [t.dtype for t in likes]
        dtype = kwargs.get("dtype") or (dtypes or [tensor.dtype])[0]
        result = tensor.to(dtype, copy=far != was_far or kwargs.get("copy", False))
        return self.mark(result) if far else result


def _is_far(device: Any) -> bool:
    return torch.device(device).type != "cpu"
