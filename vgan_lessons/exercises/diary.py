"""A diary of a training: who got a gradient, who stepped, what moved, in which order.

A case hands an answer small networks and optimisers; `Diary` watches them while it runs. What
is noted belongs to the contract (whose turn, before what, on top of what), not to the manner:
where `zero_grad` stands is seen only by what a gradient is added to.
"""

from collections.abc import Callable
from typing import Any

from torch import Tensor, nn

ENDED = "an exception ends it"
LONGEST = 60  # entries; a loop that never ends is noted no further


class Diary:
    """Notes what happens to networks, in words, in the order in which it happens."""

    def __init__(self) -> None:
        self.entries: list[str] = []
        self._waiting: dict[str, bool] = {}  # networks that just got a gradient; on an old one?
        self._since_step: dict[str, set[int]] = {}  # weights that got a gradient since
        self._networks: dict[str, nn.Module] = {}
        self._versions: dict[str, tuple[nn.Module, int]] = {}

    def note(self, what: str) -> None:
        """Add an entry, after what the networks did since the last one."""
        self.flush()
        self._append(what)

    def flush(self) -> tuple[str, ...]:
        """Write down what is still waiting.

        Returns:
            All entries so far.
        """
        if self._waiting:
            names = " and ".join(sorted(self._waiting))
            old = " on top of an old one" if any(self._waiting.values()) else ""
            self._waiting = {}
            self._append(f"a gradient reaches {names}{old}")
        for name, (network, before) in self._versions.items():
            if (now := _version(network)) != before:
                self._versions[name] = network, now
                self._append(f"{name} moves")
        return tuple(self.entries)

    def read(self, run: Callable[[], Any]) -> tuple[str, ...]:
        """Run something that is watched, and read what happened.

        Returns:
            The entries; an exception is the last of them.
        """
        try:
            run()
        except Exception:
            self.note(ENDED)
        return self.flush()

    def watch_gradients(self, name: str, network: nn.Module) -> None:
        """Note whenever a backward reaches a network, and whether an old gradient is there."""
        reached = self._since_step.setdefault(name, set())
        self._networks[name] = network

        def noted(weight: nn.Parameter) -> Callable[[Tensor], None]:
            def hook(_: Tensor) -> None:
                stale = weight.grad is not None and bool(weight.grad.any())
                old = stale and id(weight) not in reached
                reached.add(id(weight))
                if name not in self._waiting:
                    self._see_moves()
                self._waiting[name] = self._waiting.get(name, False) or old

            return hook

        for weight in network.parameters():
            weight.register_hook(noted(weight))

    def watch_moves(self, name: str, network: nn.Module) -> None:
        """Note whenever the weights of a network change in place."""
        self._versions[name] = network, _version(network)

    def watch_steps(self, name: str, optimiser: Any, *networks: str) -> None:
        """Note every step of an optimiser; afterwards gradients of its networks are old.

        Args:
            name: of the optimiser.
            optimiser: its `step` is exchanged for one that is noted.
            networks: names of those it moves, whose gradients are watched.
        """
        step = optimiser.step

        def noted(*args: Any, **kwargs: Any) -> Any:
            moved = [w for one in networks for w in self._networks[one].parameters()]
            blank = all(w.grad is None or not w.grad.any() for w in moved)
            self.note(f"{name} steps" + (" without a gradient" if blank else ""))
            for network in networks:
                self._since_step[network].clear()
            return step(*args, **kwargs)

        optimiser.step = noted

    def watch_draws(self, what: str, draw: Callable[[], Any]) -> Callable[[], Any]:
        """The same draw, with a note of every call."""

        def noted() -> Any:
            self.note(f"{what} are drawn")
            return draw()

        return noted

    def _see_moves(self) -> None:
        if not self._waiting:
            self.flush()

    def _append(self, what: str) -> None:
        if len(self.entries) < LONGEST:
            self.entries.append(what)


def _version(network: nn.Module) -> int:
    """Goes up with every change in place."""
    return sum(weight._version for weight in network.parameters())
