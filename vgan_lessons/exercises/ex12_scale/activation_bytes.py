"""12.4: what a network keeps for its way back, by arithmetic."""

import torch
from torch import nn

from vgan_lessons.checking import Case, Exercise, Mistake
from vgan_lessons.models import memory


def _built(make) -> nn.Sequential:
    """Anew for every answer, and without drawing from the session's randomness."""
    with torch.random.fork_rng(devices=[]):
        return make()


def _chain(*layers):
    return lambda: nn.Sequential(*(kind(*numbers) for kind, *numbers in layers))


_CONVS = _chain(
    (nn.Conv2d, 3, 8, 4, 2, 1), (nn.LeakyReLU,), (nn.Conv2d, 8, 16, 4, 2, 1), (nn.LeakyReLU,),
    (nn.Flatten,), (nn.Linear, 256, 400),
)  # fmt: skip
_PLAIN = _chain((nn.Linear, 10, 20), (nn.ReLU,), (nn.Linear, 20, 30), (nn.Tanh,))
_ODD = _chain(
    (nn.Conv2d, 1, 4, 3), (nn.Tanh,), (nn.Conv2d, 4, 20, (3, 1), (2, 1)), (nn.LeakyReLU,)
)
_WIDE = _chain(
    (nn.ReLU,), (nn.Flatten,), (nn.Linear, 12, 7), (nn.LeakyReLU,), (nn.Linear, 7, 9), (nn.ReLU,)
)  # fmt: skip


def _of(make, *shape: int):
    def run(answer) -> float:
        return float(answer(_built(make), shape))

    return run


def _runs(answer) -> dict[str, bool]:
    network, called = _built(_CONVS), []
    hooks = [
        layer.register_forward_pre_hook(lambda layer, _: called.append(layer))
        for layer in network
    ]
    try:
        answer(network, (2, 3, 16, 16))
    finally:
        for hook in hooks:
            hook.remove()
    return {"a layer is called": bool(called)}


_KEPT = "kept[place] = math.prod(shape)\n        if isinstance(layer, nn.Linear)"
_LINEAR = "shape = (*shape[:-1], layer.out_features)"
_CONV = "shape = (shape[0], layer.out_channels, *sides)"
_SIDES = "(n + 2 * p - k) // s + 1"
_INPUT = "if isinstance(layer, _KEEP_INPUT):"
_OUTPUT = "if isinstance(layer, _KEEP_OUTPUT):"
_RETURN = "return 4 * sum(kept.values())"
_MOVES = "if not isinstance(layer, nn.Flatten):"

# fmt: off
ACTIVATION_BYTES = Exercise(
    name="activation_bytes",
    number="12.4",
    minutes=14,
    difficulty="hard",
    contract=(
        "network is an `nn.Sequential` of Conv2d, Linear, LeakyReLU, ReLU, Tanh and Flatten, none inside another; shape is that of its float32 input, (B, C, H, W) or (B, n). Convolutions have dilation 1, "
        "stride and padding in numbers; Flatten keeps axis 0.",
        "Kept for the way back are the input of each Conv2d, Linear and LeakyReLU, and the output of each ReLU and Tanh. What two layers would keep is there once. The output of a Flatten is its "
        "input, in the same memory.",
        "Return the bytes of all that is kept, 4 a number; weights do not count. Up to 10 % off is right.",
        "No layer is called.",
    ),
    reference=memory.activation_bytes,
    tolerance=0.1,
    cases=(
        # 1536 + 1024 + 1024 + 512 + 512
        Case("a small discriminator", _of(_CONVS, 2, 3, 16, 16), 18432.0,
             "Numbers: 1536 of the input, 1024 before and 1024 after the first LeakyReLU, 512 and 512 at the second; Flatten adds nothing."),
        # 50 + 100 + 150: the ReLU's output is the second layer's input
        Case("ReLU and Tanh", _of(_PLAIN, 5, 10), 1200.0,
             "Numbers: 50 of the input, 100 after the ReLU (and before the second layer: once), 150 after the Tanh. What lies before them is not kept."),
        # 45 + 4 * 7 * 3 = 84 + 20 * 3 * 3 = 180
        Case("odd sides", _of(_ODD, 1, 1, 9, 5), 1236.0,
             "9x5 becomes 7x3, then 3x3: numbers 45, 84 and 180."),
        # 72: Flatten hands the ReLU's output on; 42; 42; 54
        Case("Flatten in between", _of(_WIDE, 6, 3, 2, 2), 840.0,
             "Numbers: 72 after the first ReLU (Flatten hands them on to the Linear, in the same memory), 42 and 42 at the LeakyReLU, 54 after the last ReLU."),
        Case("nothing is run", _runs, {"a layer is called": False},
             "Work with the layers' sizes: out_channels, kernel_size, stride, padding, out_features.", "side effects"),
    ),
    hints=(
        "Walk along the chain with a shape in your hand. At each layer: does it keep what comes in, what goes out, or nothing?",
        "Give each tensor between two layers a number, and collect sizes in a dictionary by that number: then what two layers keep is there once. A convolution's side: (n + 2 p - k) // s + 1.",
        "`kept, place = {}, 0`; per layer: if it keeps its input `kept[place] = math.prod(shape)`; compute the new shape; `place += 1` unless it is a Flatten; if it keeps its output "
        "`kept[place] = math.prod(shape)`. At the end `4 * sum(kept.values())`.",
    ),
    mistakes=(
        Mistake("a LeakyReLU keeps its output, too", {"if isinstance(layer, _KEEP_OUTPUT):": "if isinstance(layer, (*_KEEP_OUTPUT, nn.LeakyReLU)):"}, "A LeakyReLU keeps its input alone: its output is not kept for it."),
        Mistake("numbers, not bytes", {_RETURN: "return sum(kept.values())"}, "These are numbers: a float32 has 4 bytes."),
        Mistake("every tensor", {_INPUT: "if True:", _OUTPUT: "if True:"}, "Every tensor of the chain is counted: some are never needed again."),
        Mistake("no input of a LeakyReLU", {_INPUT: "if isinstance(layer, (nn.Conv2d, nn.Linear)):"}, "A LeakyReLU keeps its input: with a negative slope of 0.2 its sign decides the way back."),
        Mistake("a ReLU keeps its input, too", {_INPUT: "if isinstance(layer, (*_KEEP_INPUT, nn.ReLU, nn.Tanh)):"}, "ReLU and Tanh need their output alone; their input is not kept."),
        Mistake("a LeakyReLU keeps its output instead", {_INPUT: "if isinstance(layer, (nn.Conv2d, nn.Linear)):", _OUTPUT: "if isinstance(layer, (*_KEEP_OUTPUT, nn.LeakyReLU)):"}, "A LeakyReLU keeps its input: its output is kept only where the next layer asks for it."),
        Mistake("outputs of no use", {_OUTPUT: "if isinstance(layer, (*_KEEP_OUTPUT, nn.Conv2d, nn.Linear)):"}, "The outputs of Conv2d and Linear are counted, even if no layer keeps them."),
        Mistake("no output of a ReLU or Tanh", {_OUTPUT: "if False:"}, "ReLU and Tanh keep their output."),
        Mistake("no outputs of Tanh", {_OUTPUT: "if isinstance(layer, nn.ReLU):"}, "A Tanh keeps its output: its slope is 1 minus its square."),
        Mistake("a Flatten copies", {_MOVES: "if True:"}, "A Flatten makes no new memory: its output is its input."),
        Mistake("counted twice", {_OUTPUT: "if isinstance(layer, _KEEP_OUTPUT):\n            kept[-place] = math.prod(shape)\n        if False:"},
                "What a ReLU or Tanh keeps and the next layer keeps is one tensor: count it once."),
        Mistake("one sample", {"tuple(shape), 0": "(1, *shape[1:]), 0"}, "The batch is left out: every sample is kept."),
        Mistake("with the weights", {_RETURN: "return 4 * (sum(kept.values()) + sum(weight.numel() for weight in network.parameters()))"}, "Weights are counted as well: they do not grow with the batch, and are left out here."),
        Mistake("stride forgotten", {_SIDES: "n + 2 * p - k + 1"}, "The stride is left out: a stride of 2 halves the sides."),
        Mistake("the kernel forgotten", {_SIDES: "n // s"}, "Kernel and padding are left out: (n + 2 p - k) // s + 1."),
        Mistake("square pictures", {_CONV: "shape = (shape[0], layer.out_channels, sides[0], sides[0])"}, "The width is taken from the height."),
        Mistake("the channels that come in", {_CONV: "shape = (shape[0], shape[1], *sides)"}, "The channels stay as they came in: out_channels go on."),
        Mistake("Linear changes nothing", {_LINEAR: "pass"}, "A Linear changes the last axis to out_features."),
        Mistake("convolutions only", {_INPUT: "if isinstance(layer, nn.Conv2d):", _OUTPUT: "if False:"}, "Only convolutions are counted; Linear and activations keep something, too."),
        Mistake("run and measured", {"kept, shape, place = {}, tuple(shape), 0": "kept, shape, place = {}, tuple(shape), 0\n    network[0](torch.zeros(shape))"},
                "A layer is called: predict from its sizes.", "side effects"),
    ),
)
