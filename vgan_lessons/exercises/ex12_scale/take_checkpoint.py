"""12.6: what a checkpoint has to hold."""

import io

import torch
from torch import nn

from vgan_lessons.checking import Case, Exercise, Mistake
from vgan_lessons.training import checkpoint


class _Counting(nn.Module):
    """Times a weight, beside a buffer that counts the calls."""

    def __init__(self, weight: float) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.tensor([weight]))
        self.register_buffer("calls", torch.zeros(1))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """(B,) -> (B,)."""
        self.calls += 1
        return self.weight * x + 0.01 * self.calls


class _Momentum:
    """Descent with momentum, with the verbs of torch's optimisers."""

    def __init__(self, network: nn.Module, velocity: float = 0.0) -> None:
        self.weight, self.velocity = network.weight, torch.tensor([velocity])
        self.param_groups = [{"params": [network.weight], "lr": 0.1}]

    def zero_grad(self) -> None:
        """Forget the gradient."""
        self.weight.grad = None

    @torch.no_grad()
    def step(self) -> None:
        """Walk on."""
        self.velocity.mul_(0.9).add_(self.weight.grad)
        self.weight -= self.param_groups[0]["lr"] * self.velocity

    def state_dict(self) -> dict:
        """As torch's: the state, and the groups without their tensors."""
        groups = [{"params": [0], "lr": self.param_groups[0]["lr"]}]
        return {"state": {0: {"momentum": self.velocity}}, "param_groups": groups}

    def load_state_dict(self, state: dict) -> None:
        """Copied, as torch does."""
        self.velocity = state["state"][0]["momentum"].clone()
        self.param_groups[0]["lr"] = state["param_groups"][0]["lr"]


def _begun(seed: int) -> torch.Generator:
    """A source that something was drawn from already."""
    rng = torch.Generator().manual_seed(seed)
    torch.randn(4, generator=rng)
    return rng


class _Game:
    """Two lines that chase each other."""

    def __init__(self, seed: int = 0, g: float = 2.0, d: float = 3.0) -> None:
        self.networks = {"G": _Counting(g), "D": _Counting(d)}
        self.optims = {
            "g": _Momentum(self.networks["G"], 0.5),
            "d": _Momentum(self.networks["D"], -0.25),
        }
        self.rng, self.step = _begun(seed), 7

    def parts(self) -> tuple:
        return self.networks, self.optims, self.rng, self.step

    def losses(self, n: int) -> list[float]:
        """Play on, with a rate that follows the step."""
        found = []
        for _ in range(n):
            self.step += 1
            for name, sign in (("d", -1.0), ("g", 1.0)):
                z = torch.randn(4, generator=self.rng)
                self.optims[name].param_groups[0]["lr"] = 1 / (10 + self.step)
                loss = sign * self.networks["D"](self.networks["G"](z)).tanh().mean()
                self.optims[name].zero_grad()
                loss.backward()
                self.optims[name].step()
                found.append(loss.item())
        return found


def _contents(answer) -> dict:
    game = _Game()
    drawn = _begun(0).get_state()
    taken = answer(*game.parts())
    return {
        "networks": {name: dict(state) for name, state in taken["networks"].items()},
        "optims": {name: _in_words(state) for name, state in taken["optims"].items()},
        "the random state": torch.equal(taken["rng"], drawn),
        "step": int(taken["step"]),
        "keys": tuple(sorted(taken)),
        "networks in train()": all(net.training for net in game.networks.values()),
    }


def _in_words(state: dict) -> dict:
    """A momentum and a rate by name; what is not there is left out."""
    momenta = {f"momentum {n}": part["momentum"] for n, part in state["state"].items()}
    return momenta | {f"rate {n}": g["lr"] for n, g in enumerate(state["param_groups"])}


def _through_a_file(answer) -> str:
    file = io.BytesIO()
    torch.save(answer(*_Game().parts()), file)
    file.seek(0)
    try:
        torch.load(file, weights_only=True)
    except Exception as error:
        return type(error).__name__
    return "loads"


def _goes_on(answer) -> tuple[list[float], list[float]]:
    """Ten more losses of each side, in a game of other beginnings and in the game itself."""
    game = _Game()
    game.losses(3)
    taken = answer(*game.parts())
    wanted = game.losses(10)  # whatever is not a copy moves on meanwhile
    other = _Game(seed=5, g=-1.0, d=0.5)
    other.step = checkpoint.restore_checkpoint(taken, other.networks, other.optims, other.rng)
    return other.losses(10), wanted


_FRESH = {
    "networks": {
        name: {"weight": torch.tensor([weight]), "calls": torch.zeros(1)}
        for name, weight in (("G", 2.0), ("D", 3.0))
    },
    "optims": {
        name: {"momentum 0": torch.tensor([momentum]), "rate 0": 0.1}
        for name, momentum in (("g", 0.5), ("d", -0.25))
    },
    "the random state": True,
    "step": 7,
    "keys": ("networks", "optims", "rng", "step"),
    "networks in train()": True,
}
_NETWORKS = "{name: network.state_dict() for name, network in networks.items()}"
_OPTIMS = "{name: optim.state_dict() for name, optim in optims.items()}"
_RNG = '"rng": rng.get_state()'
_STEP = '"step": step'

# fmt: off
TAKE_CHECKPOINT = Exercise(
    name="take_checkpoint",
    number="12.6",
    minutes=6,
    difficulty="easy",
    contract=(
        "networks and optims are dictionaries, name -> network and name -> optimiser; rng is the `torch.Generator` of every draw, step the number of updates made so far.",
        "Return a dictionary: \"networks\" and \"optims\", each by name with that part's `state_dict()`; \"rng\", the state of the generator, a tensor; \"step\". Nothing else is in it.",
        "It is a copy: nothing that is trained later changes it. `torch.load(..., weights_only=True)` reads it after `torch.save`.",
    ),
    reference=checkpoint.take_checkpoint,
    cases=(
        Case("what is in it", _contents, _FRESH,
             "Of each part its state_dict(), buffers and momentum included; rng.get_state(); the step."),
        Case("the next ten losses", _goes_on, "equal to those of the game itself, bit for bit",
             "The game goes on after the checkpoint is taken. A state_dict holds the very tensors that are trained, so it moves with them: copy.deepcopy.", "side effects",
             holds=lambda seen: list(seen[0]) == list(seen[1])),
        Case("through a file", _through_a_file, "loads",
             "Tensors, Python's numbers, text and containers of them can be read with weights_only=True; a network or a NumPy number cannot.", "side effects"),
    ),
    hints=(
        "Four things decide the next step: weights, what the optimisers remember, what will be drawn, and which step it is.",
        "`network.state_dict()` and `optim.state_dict()` give the live tensors; `rng.get_state()` gives a copy.",
        "`copy.deepcopy({\"networks\": {name: net.state_dict() for name, net in networks.items()}, \"optims\": {...}, \"rng\": rng.get_state(), \"step\": step})`.",
    ),
    mistakes=(
        Mistake("not a copy", {"copy.deepcopy(": "("}, "The checkpoint holds the live tensors, which go on training: copy them.", "side effects"),
        Mistake("networks not copied", {"return copy.deepcopy(": "return (lambda made: made | {'optims': copy.deepcopy(made['optims'])})("}, "The networks' tensors are the live ones: copy them, too.", "side effects"),
        Mistake("optimisers not copied", {"return copy.deepcopy(": "return (lambda made: made | {'networks': copy.deepcopy(made['networks'])})("}, "The optimisers' momenta are the live ones: copy them, too.", "side effects"),
        Mistake("the networks themselves", {_NETWORKS: "dict(networks)"}, "The networks themselves are stored: take their state_dict()."),
        Mistake("weights without buffers", {_NETWORKS: "{name: {k: w.detach() for k, w in network.named_parameters()} for name, network in networks.items()}"},
                "Buffers, such as a batch norm's statistics, are missing: parameters are not all of a state."),
        Mistake("a NumPy number", {_STEP: '"step": __import__("numpy").int64(step)'}, "The step is a NumPy number, which weights_only=True refuses: int(step).", "side effects"),
        Mistake("networks along with it", {_STEP: '"step": step, "extra": list(networks.values())'}, "There is a key that was not asked for, with the networks themselves: their state is in \"networks\" already."),
        Mistake("optimisers forgotten", {_OPTIMS: "{}"}, "What the optimisers remember is missing: Adam begins anew, with a jolt."),
        Mistake("one optimiser", {_OPTIMS: "{name: optim.state_dict() for name, optim in [*optims.items()][:1]}"}, "Only the first optimiser is stored."),
        Mistake("rates without momenta", {_OPTIMS: "{name: {'state': {}, 'param_groups': optim.state_dict()['param_groups']} for name, optim in optims.items()}"}, "The rates are stored, and the momenta are not: take the whole state_dict."),
        Mistake("one state for all", {_NETWORKS: "{name: next(iter(networks.values())).state_dict() for name in networks}"}, "Every name holds the state of the first network."),
        Mistake("the seed", {_RNG: '"rng": rng.manual_seed(rng.initial_seed()).get_state()'}, "The seed says where the generator began, not where it stands: take get_state().", "values"),
        Mistake("the generator itself", {_RNG: '"rng": rng'}, "The generator itself is stored: take its state, rng.get_state()."),
        Mistake("the global source", {_RNG: '"rng": torch.get_rng_state()'}, "This is torch's global random state: the draws come from rng.", "dtype/device/seed"),
        Mistake("randomness forgotten", {_RNG + ",": ""}, "The state of the generator is missing: other data and latents would be drawn."),
        Mistake("from the beginning", {_STEP: '"step": 0'}, "The step is 0: rates, strides and penalties would begin anew."),
        Mistake("one step on", {_STEP: '"step": step + 1'}, "The step is one too far: it counts updates made."),
        Mistake("step forgotten", {_STEP + ",": ""}, "The step is missing: rates, strides and penalties follow it."),
    ),
)
