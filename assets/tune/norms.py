"""Batch norms that exporters have folded into convolutions, taken apart for training and folded back."""
import copy
from collections import Counter

import torch
from torch import nn


class Normalised(nn.Module):
    """A convolution and a batch norm that begins with its output's statistics, so that at first it changes nothing."""

    def __init__(self, convolution):
        super().__init__()
        self.convolution = convolution
        self.norm = nn.BatchNorm2d(convolution.out_channels, momentum=None)  # None: the plain mean of all batches

    def forward(self, image):
        return self.norm(self.convolution(image))

    @torch.no_grad()
    def begin(self):
        """Filters become of length 1: with a norm behind them it makes no difference, but folded ones are so short that
        a step of the size that suits a batch norm's network would throw them over."""
        lengths = self.convolution.weight.flatten(1).norm(dim=1)
        longer = torch.where(lengths > 0, 1 / lengths, torch.ones_like(lengths))
        self.norm.bias.copy_(self.norm.running_mean)
        self.norm.running_mean *= longer
        self.norm.running_var *= longer**2
        self.norm.weight.copy_(torch.sqrt(self.norm.running_var + self.norm.eps) / longer)
        self.convolution.weight *= longer.view(-1, 1, 1, 1)
        self.convolution.bias *= longer
        self.norm.momentum = 0.1

    @torch.no_grad()
    def folded(self):
        convolution, norm = copy.deepcopy(self.convolution), self.norm
        scale = norm.weight / torch.sqrt(norm.running_var + norm.eps)
        convolution.weight *= scale.view(-1, 1, 1, 1)
        convolution.bias = nn.Parameter((convolution.bias - norm.running_mean) * scale + norm.bias)
        return convolution


@torch.no_grad()
def unfold_norms(network, batches):
    """Exporters fold batch norms into convolutions, which then have a bias; training wants the norms back."""
    # Layers that share a weight would be folded to different ones.
    holders = Counter(id(weight) for layer in network.children() for weight in layer.parameters())
    layers = {name: Normalised(layer) for name, layer in network.named_children()
              if isinstance(layer, nn.Conv2d) and layer.bias is not None and layer.weight.requires_grad
              and all(holders[id(weight)] == 1 for weight in layer.parameters())}
    for name, layer in layers.items():
        setattr(network, name, layer)
    # While they observe they let everything through unchanged, for the norms behind them.
    hooks = [layer.norm.train().register_forward_hook(lambda norm, inputs, output: inputs[0])
             for layer in layers.values()]
    for images in batches:
        network(images)
    for layer, hook in zip(layers.values(), hooks):
        hook.remove()
        layer.begin()
    network.eval()


def folded_state(network):
    """Weights by their names in network.py."""
    plain = copy.deepcopy(network).cpu()
    for name, layer in list(plain.named_children()):
        if isinstance(layer, Normalised):
            setattr(plain, name, layer.folded())
    state = {name: values.contiguous().numpy() for name, values in plain.state_dict().items()}
    return {name: values for name, values in state.items() if not name.endswith("num_batches_tracked")}
