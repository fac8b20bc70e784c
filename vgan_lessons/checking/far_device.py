"""A second device for machines that have none: marked tensors behave as if they were far away.

An answer must make new tensors where its inputs are. To see whether it does without a GPU,
marked tensors say that their device is `cuda:0`, new tensors made there are marked too, and
an operation that mixes marked and unmarked tensors fails as it would on a GPU. The numbers
stay in ordinary memory, so `.item()` and branches on values work as they do there.
"""

from collections.abc import Callable, Iterable
from typing import Any

import torch
from torch import Tensor
from torch.overrides import TorchFunctionMode

FAR = torch.device("cuda:0")
MAY_MIX = {
    "__getitem__",
    "__setitem__",
    "__get__",
    "__set__",
    "copy_",
    "type_as",
    "_has_compatible_shallow_copy_type",  # asked when a module moves
}
FETCHES = {"numpy", "__array__"}


class WrongDevice(RuntimeError):
    """Tensors of two devices met in one operation."""


class FarDevice(TorchFunctionMode):
    """While active, watches every torch function that Python code calls.

    Tensors are marked by their memory, so views, parameters and `.data` share the mark.
    Compiled code runs unseen: where `watched` stays 0, nothing can be said.

    Example:
        >>> far = FarDevice()
        >>> x = far.mark(torch.ones(2))
        >>> with far:
        ...     y = x + torch.zeros(2, device=x.device)
        >>> far.marked(y)
        True
        >>> with far:
        ...     x + torch.zeros(2)
        Traceback (most recent call last):
        ...
        vgan_lessons.checking.far_device.WrongDevice: add of tensors on cuda:0 and on the CPU
    """

    def __init__(self) -> None:
        super().__init__()
        self._marked: dict[int, Tensor] = {}  # keeps them alive, so that no address is reused
        self.watched = 0  # torch functions seen so far

    def mark(self, tensor: Tensor) -> Tensor:
        """Declare a tensor far away; tensors without numbers have no place."""
        if address := tensor.untyped_storage().data_ptr():
            self._marked[address] = tensor
        return tensor

    def marked(self, tensor: Tensor) -> bool:
        """Whether a tensor's memory is far away."""
        return tensor.untyped_storage().data_ptr() in self._marked

    def __torch_function__(
        self, func: Callable, types: Any, args: tuple = (), kwargs: dict | None = None
    ) -> Any:
        """Run one torch function as it would run with part of its tensors far away."""
        self.watched += 1
        kwargs, name = dict(kwargs or {}), func.__name__
        if func == torch.Tensor.device.__get__:
            return FAR if self.marked(args[0]) else func(*args)
        if name in ("to", "cpu", "cuda"):
            return self._moved(func, name, args, kwargs)
        tensors = list(_tensors((args, kwargs)))
        far = [self.marked(tensor) for tensor in tensors]
        if any(far) and name in FETCHES:
            raise WrongDevice(f"{name} of a tensor on {FAR}; .cpu() comes first")
        if any(far) and name not in MAY_MIX:
            near = (t for t, is_far in zip(tensors, far, strict=True) if not is_far)
            if any(t.ndim and t.numel() for t in near):
                raise WrongDevice(f"{name} of tensors on {FAR} and on the CPU")
        device = kwargs.pop("device", None)
        result = func(*args, **kwargs)
        if (any(far) if device is None else _is_far(device)) and name != "__set__":
            for tensor in _tensors(result):
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


def _tensors(value: Any) -> Iterable[Tensor]:
    if isinstance(value, Tensor):
        yield value
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _tensors(item)
    elif isinstance(value, dict):
        yield from _tensors(tuple(value.values()))
