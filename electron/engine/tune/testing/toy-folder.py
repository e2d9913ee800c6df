"""Writes a training's folder as Offramp does, of a network of three convolutions with an exit behind each of the first two.

    python3 toy-folder.py FOLDER '{"epochs": 2}'      what its recipe has otherwise
"""
import json
import shutil
import sys
from pathlib import Path

import numpy as np
import torch

FOLDER, OVERRIDES = Path(sys.argv[1]), json.loads(sys.argv[2])
RECIPE = dict(
    epochs=3, batchSize=32, learningRate=0.05, warmUp=0.05, weightDecay=5e-4, distillation=0, temperature=2, lastWeight=1,
    sharedGradients="mean", averaging=0.8, clip=5, crop=0.125, flip=True, batchNorm=True, frozen=0, precision="float32",
    heldOut=0.2, patience=5, protect=True, seed=1, outputs=["exit_0", "exit_1", "logits"], layout="NCHW", scale=1 / 255,
    mean=[0.5, 0.5, 0.5], standardDeviation=[0.25, 0.25, 0.25], accuracyOnNewImages=1)
NETWORK = '''from torch import nn
from torch.nn import functional as F


class Network(nn.Module):
    def __init__(self):
        super().__init__()
        self.first = nn.Conv2d(3, 8, 3, padding=1)
        self.second = nn.Conv2d(8, 8, 3, stride=2, padding=1)
        self.third = nn.Conv2d(8, 8, 3, padding=1)
        self.exit_0 = nn.Linear(8, 4)
        self.exit_1 = nn.Linear(8, 4)
        self.last = nn.Linear(8, 4)

    def forward(self, image):
        first = self.first(image)
        x = F.relu(first)
        exit_0 = self.exit_0(x.mean((2, 3)))
        second = self.second(x)
        x = F.relu(second)
        exit_1 = self.exit_1(x.mean((2, 3)))
        x = F.relu(self.third(x))
        logits = self.last(x.mean((2, 3)))
        return [exit_0, exit_1, logits]
'''
(FOLDER / "images").mkdir(parents=True)
for script in (Path(__file__).parents[4] / "assets" / "tune").glob("*.py"):
    shutil.copy(script, FOLDER)
(FOLDER / "network.py").write_text(NETWORK)
sys.path.insert(0, str(FOLDER))
from network import Network

torch.manual_seed(7)
network, random = Network().eval(), np.random.default_rng(7)
labels = random.integers(0, 4, 640).astype(np.int32)
# A class is a tint under noise.
tints = np.array([[30, 0, 0], [0, 30, 0], [0, 0, 30], [-15, -15, -15]])
images = (tints[labels][:, :, None, None] + random.normal(128, 60, (640, 3, 12, 12))).clip(0, 255).astype(np.uint8)
np.save(FOLDER / "images" / "train-0000.npy", images[:400])
np.save(FOLDER / "images" / "train-0001.npy", images[400:])
np.save(FOLDER / "images" / "train.labels.npy", labels)
np.savez(FOLDER / "weights.npz", **{name: values.numpy() for name, values in network.state_dict().items()})
(FOLDER / "recipe.json").write_text(json.dumps({**RECIPE, **OVERRIDES}))

numbers = {text.split(" = ")[0].strip(): number for number, text in enumerate(NETWORK.splitlines(), 1)}
lines = [{"variable": name, "tensor": f"/{name}/Conv_output_0", "line": numbers[name]} for name in ("first", "second")]
(FOLDER / "lines.json").write_text(json.dumps(lines))
with torch.no_grad():
    inputs = (torch.from_numpy(images[:64]).float() / 255 - 0.5) / 0.25
    first = network.first(inputs[:1])
    computed = [first, network.second(torch.relu(first))]
    logits = network(inputs)


def sampled(values):
    flat = values.flatten().numpy()
    return flat[np.arange(64) * (len(flat) - 1) // 63]


np.savez(FOLDER / "reference.npz", images=images[:64], **{f"logits-{at}": values.numpy() for at, values in enumerate(logits)},
         **{f"line-{at}": sampled(values) for at, values in enumerate(computed)})
