"""Many small networks run as one, so that a game can be played from several seeds at once."""

import copy
from collections.abc import Sequence

import torch
from torch import Tensor, nn


class StackedLinear(nn.Module):
    """Several linear layers of one shape, each for a batch of its own.

    Args:
        layers: one or more `nn.Linear` of the same sizes, with biases; copied.
    """

    def __init__(self, layers: Sequence[nn.Linear]) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.stack([layer.weight.detach().T for layer in layers]))
        self.bias = nn.Parameter(torch.stack([layer.bias.detach()[None] for layer in layers]))

    def forward(self, inputs: Tensor) -> Tensor:
        """Multiply the samples of network i by weight i.

        Args:
            inputs: (B, n, n_in).

        Returns:
            (B, n, n_out).
        """
        batches = inputs.transpose(0, 1)  # (n, B, n_in)
        return torch.baddbmm(self.bias, batches, self.weight).transpose(0, 1)


def side_by_side(networks: Sequence[nn.Module]) -> nn.Module:
    """One network that is several: each `nn.Linear` becomes a `StackedLinear`.

    Nothing passes from one to another: network i sees place i of every sample alone, and under
    a loss that is a sum over the networks each gets the gradient it would get by itself. A few
    large products in the place of many small ones are what CPUs and GPUs like. The batch stays
    the first axis, so that two batches can be joined and parted as usual.

    Args:
        networks: one or more of the same architecture, made of linear layers and of functions
            that treat every number, or every last axis, by itself; copied.

    Returns:
        A network from (B, n, ...) to (B, n, ...), with n times the weights.

    Raises:
        ValueError: if there is no network.
    """
    if not networks:
        raise ValueError("side_by_side needs at least one network")
    together = copy.deepcopy(networks[0])
    for name, module in networks[0].named_modules():
        if isinstance(module, nn.Linear):
            layers = [network.get_submodule(name) for network in networks]
            together.set_submodule(name, StackedLinear(layers))
    return together
