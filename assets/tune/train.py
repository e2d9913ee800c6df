"""Trains network.py's backbone and exits together, from where they stand. Needs PyTorch and NumPy alone.

    python3 train.py                                   one CPU or GPU
    torchrun --nproc-per-node 4 train.py               several processes (DistributedDataParallel)

Everything that can be chosen stands in recipe.json. Writes tuned.npz beside itself, after every epoch checkpoint.npz,
from which the same command goes on. What is printed is one JSON object a line.
"""
import copy
import json
import math
import os
import sys
import time
from pathlib import Path

import numpy as np
import torch
import torch.distributed as dist
from torch import nn
from torch.nn import functional as F

from network import Network

HERE = Path(__file__).resolve().parent
RECIPE = json.loads((HERE / "recipe.json").read_text())
RANK, WORLD = int(os.environ.get("RANK", 0)), int(os.environ.get("WORLD_SIZE", 1))


def say(**facts):
    if RANK == 0:
        print(json.dumps(facts), flush=True)


def refuse(why):
    say(error=why)
    sys.exit(3)


# ---------------------------------------------------------------------------------------------------------- network

def load_network():
    """The network as it came, compared with what ONNX Runtime gave."""
    network = Network()
    weights = {name: torch.from_numpy(array) for name, array in np.load(HERE / "weights.npz").items()}
    missing, unexpected = network.load_state_dict(weights, strict=False)
    if unexpected or any(not name.endswith("num_batches_tracked") for name in missing):
        refuse(f"weights.npz doesn't fit network.py: {', '.join([*missing, *unexpected][:3])}")
    return network.eval()


@torch.no_grad()
def compare(network):
    """Refuses a network whose logits aren't the original's, naming the first layer that differs."""
    reference = np.load(HERE / "reference.npz")
    logits = network(scaled(torch.from_numpy(reference["images"])))
    for index, own in enumerate(logits):
        wanted = torch.from_numpy(reference[f"logits-{index}"])
        off = ((own - wanted).abs().max() / wanted.abs().max()).item()
        if not off <= 1e-4:
            refuse(f"output {index + 1} is {off:.1e} off the original's, at most 1e-4 is allowed{first_difference(network)}")


def first_difference(network):
    """Compares line by line of forward with what ONNX Runtime gave for one image."""
    reference, lines, found = np.load(HERE / "reference.npz"), json.loads((HERE / "lines.json").read_text()), []

    def compare_line(frame, variable, tensor):
        wanted = torch.from_numpy(reference[f"line-{tensor}"])
        own = sample(frame.f_locals[variable])
        if not torch.allclose(own, wanted, rtol=1e-3, atol=1e-3 * wanted.abs().max().item()):
            found.append(lines[tensor])

    def trace(frame, event, _):
        if frame.f_code.co_name != "forward" or frame.f_code.co_filename != sys.modules["network"].__file__:
            return None
        pending = []

        def each_line(frame, event, _):
            if pending and not found:
                compare_line(frame, *pending.pop())
            pending[:] = [(entry["variable"], number) for number, entry in enumerate(lines) if entry["line"] == frame.f_lineno]
            return each_line

        return each_line

    sys.settrace(trace)
    network(scaled(torch.from_numpy(reference["images"][:1])))
    sys.settrace(None)
    return f"; the first layer that differs is {found[0]['tensor']} (network.py, line {found[0]['line']})" if found else ""


def sample(values):
    """At most 64 numbers of a tensor, evenly spread, as the reference has them."""
    flat = values.detach().float().flatten()
    count = min(64, len(flat))
    return flat[torch.arange(count) * (len(flat) - 1) // max(1, count - 1)]


class Normalised(nn.Module):
    """A convolution and a batch norm that begins with the statistics of its output, so that at first it changes nothing."""

    def __init__(self, convolution):
        super().__init__()
        self.convolution = convolution
        self.norm = nn.BatchNorm2d(convolution.out_channels)

    def forward(self, image):
        return self.norm(self.convolution(image))

    @torch.no_grad()
    def folded(self):
        convolution, norm = copy.deepcopy(self.convolution), self.norm
        scale = norm.weight / torch.sqrt(norm.running_var + norm.eps)
        convolution.weight *= scale.view(-1, 1, 1, 1)
        bias = 0 if convolution.bias is None else convolution.bias
        convolution.bias = nn.Parameter((bias - norm.running_mean) * scale + norm.bias)
        return convolution


@torch.no_grad()
def unfold_norms(network, batches):
    """Exporters fold batch norms into convolutions; training wants them back."""
    for name, layer in list(network.named_children()):
        if isinstance(layer, nn.Conv2d) and layer.bias is not None:
            setattr(network, name, Normalised(layer))
    norms = [layer.norm for layer in network.children() if isinstance(layer, Normalised)]
    for norm in norms:
        norm.momentum = None  # the plain mean of all batches
    # With weights of 1 and biases of 0 a norm would change what the next one sees, so each learns from unchanged outputs.
    hooks = [norm.register_forward_hook(lambda norm, inputs, _: measured(norm, inputs[0])) for norm in norms]
    for images, _ in batches:
        network(images)
    for norm, hook in zip(norms, hooks):
        hook.remove()
        norm.weight.copy_(torch.sqrt(norm.running_var + norm.eps))
        norm.bias.copy_(norm.running_mean)
        norm.momentum = 0.1


def measured(norm, output):
    norm.train()
    F.batch_norm(output, norm.running_mean, norm.running_var, training=True, momentum=1 / (norm.num_batches_tracked.item() + 1))
    norm.num_batches_tracked += 1
    norm.eval()
    return output


def state_of(network):
    """Weights by their names in network.py, batch norms folded back."""
    plain = copy.deepcopy(network).cpu()
    for name, layer in list(plain.named_children()):
        if isinstance(layer, Normalised):
            setattr(plain, name, layer.folded())
    return {name: values.numpy() for name, values in plain.state_dict().items() if not name.endswith("num_batches_tracked")}


# ------------------------------------------------------------------------------------------------------------- data

class Images:
    """Memory-mapped images [N, C, H, W] and their labels, in shards."""

    def __init__(self, split):
        shards = sorted((HERE / "images").glob(f"{split}-*.npy"))
        self.shards = [np.load(path, mmap_mode="r") for path in shards]
        self.starts = np.cumsum([0, *map(len, self.shards)])
        self.labels = torch.from_numpy(np.load(HERE / "images" / f"{split}.labels.npy")).long()

    def __len__(self):
        return len(self.labels)

    def batch(self, indices):
        rows = [self.shards[shard][index - self.starts[shard]] for index in indices
                for shard in [np.searchsorted(self.starts, index, side="right") - 1]]
        return torch.from_numpy(np.stack(rows)), self.labels[torch.as_tensor(indices)]

    def batches(self, order, size):
        for start in range(0, len(order), size):
            yield self.batch(order[start:start + size])


def scaled(images):
    """From pixels to what the network reads, per channel."""
    scale, mean, deviation = RECIPE["scale"], torch.tensor(RECIPE["mean"]), torch.tensor(RECIPE["standardDeviation"])
    shape = (1, -1, 1, 1) if RECIPE["layout"] == "NCHW" else (1, 1, 1, -1)
    return (images.float() * scale - mean.to(images.device).view(shape)) / deviation.to(images.device).view(shape)


def augmented(images, random):
    """Each image moved by up to `crop` of its side over a mirrored border, and half of them flipped."""
    turned = images if RECIPE["layout"] == "NCHW" else images.permute(0, 3, 1, 2)
    count, _, height, width = turned.shape
    border = max(1, round(RECIPE["crop"] * max(height, width))) if RECIPE["crop"] > 0 else 0
    if border:
        wide = F.pad(turned.float(), (border,) * 4, mode="reflect").to(turned.dtype)
        top, left = (torch.randint(0, 2 * border + 1, (count, 1), generator=random) for _ in range(2))
        rows, columns = top + torch.arange(height), left + torch.arange(width)
        turned = wide[torch.arange(count)[:, None, None], :, rows[:, :, None], columns[:, None, :]].permute(0, 3, 1, 2)
    if RECIPE["flip"]:
        flipped = torch.rand(count, generator=random) < 0.5
        turned = torch.where(flipped.view(-1, 1, 1, 1), turned.flip(3), turned)
    return turned if RECIPE["layout"] == "NCHW" else turned.permute(0, 2, 3, 1)


# --------------------------------------------------------------------------------------------------------- training

def exits_behind(network, image):
    """For every parameter the number of outputs that it has a part in."""
    network.eval()
    counts = {name: 0 for name, _ in network.named_parameters()}
    for logits in network(image):
        network.zero_grad()
        logits.sum().backward(retain_graph=True)
        for name, parameter in network.named_parameters():
            counts[name] += parameter.grad is not None and bool(parameter.grad.abs().sum() >= 0)
    network.zero_grad(set_to_none=True)
    return counts


def loss_of(outputs, labels, teacher):
    """Cross-entropy and distillation from the original network at every output, the last one weighted more."""
    share, heat = RECIPE["distillation"], RECIPE["temperature"]
    weights = [1.0] * (len(outputs) - 1) + [RECIPE["lastWeight"]]
    soft = F.softmax(teacher / heat, 1)
    losses = [
        (1 - share) * F.cross_entropy(logits, labels)
        + share * heat**2 * F.kl_div(F.log_softmax(logits / heat, 1), soft, reduction="batchmean")
        for logits in outputs
    ]
    return sum(weight * loss for weight, loss in zip(weights, losses)) / sum(weights)


@torch.no_grad()
def accuracies(network, images, indices, device):
    """Share of images that each output has right."""
    network.eval()
    right = torch.zeros(len(RECIPE["outputs"]))
    for batch, labels in images.batches(indices, RECIPE["batchSize"]):
        outputs = network(scaled(batch.to(device)))
        right += torch.stack([(logits.argmax(1).cpu() == labels).sum() for logits in outputs])
    return (right / max(1, len(indices))).tolist()


def learning_rate(step, steps):
    """Warm-up, then a half cosine."""
    warm = max(1, round(RECIPE["warmUp"] * steps))
    if step < warm:
        return (step + 1) / warm
    return 0.5 * (1 + math.cos(math.pi * (step - warm) / max(1, steps - warm)))


def save(path, arrays):
    """Whole or not at all."""
    draft = path.with_suffix(".draft.npz")
    np.savez(draft, **arrays)
    os.replace(draft, path)


def main():
    device = torch.device(f"cuda:{os.environ.get('LOCAL_RANK', 0)}" if torch.cuda.is_available() else "cpu")
    if WORLD > 1:
        dist.init_process_group("nccl" if device.type == "cuda" else "gloo")
    torch.manual_seed(RECIPE["seed"])
    torch.use_deterministic_algorithms(device.type == "cpu")
    network = load_network()
    compare(network)
    say(compared=len(RECIPE["outputs"]))
    if RECIPE["epochs"] == 0:
        return

    images = Images("train")
    order = np.random.default_rng(RECIPE["seed"]).permutation(len(images))
    held = max(1, round(RECIPE["heldOut"] * len(order)))
    held_out, train = np.sort(order[:held]), order[held:]
    size = RECIPE["batchSize"]
    original = copy.deepcopy(network).to(device).requires_grad_(False)
    behind = exits_behind(network, scaled(images.batch(train[:2])[0]))
    if RECIPE["batchNorm"]:
        unfold_norms(network, ((scaled(batch), None) for batch, _ in images.batches(train[: 8 * size], size)))
    network.to(device)
    counts = [behind[name.replace(".convolution.", ".").replace(".norm.", ".")] if not name.endswith((".norm.weight", ".norm.bias"))
              else behind[name.replace(".norm.weight", ".weight").replace(".norm.bias", ".weight")] for name, _ in network.named_parameters()]
    parameters = list(network.parameters())
    shared = [(parameter, count) for parameter, count in zip(parameters, counts) if count > 1]
    optimiser = torch.optim.SGD(
        [{"params": [p for p in parameters if p.ndim > 1], "weight_decay": RECIPE["weightDecay"]},
         {"params": [p for p in parameters if p.ndim <= 1]}],
        lr=RECIPE["learningRate"], momentum=0.9, nesterov=True)
    averaged = copy.deepcopy(network).requires_grad_(False)
    model = nn.parallel.DistributedDataParallel(network) if WORLD > 1 else network

    before = accuracies(original, images, held_out, device)
    say(epoch=0, of=RECIPE["epochs"], accuracies=before)
    floor = before[-1] - RECIPE["protect"]
    best, tuned, waited, step, begun = -1.0, None, 0, 0, time.time()
    steps_each = len(train) // (size * WORLD)
    for epoch in range(RECIPE["epochs"]):
        order = np.random.default_rng([RECIPE["seed"], epoch]).permutation(train)[RANK::WORLD]
        random = torch.Generator().manual_seed(RECIPE["seed"] * 1000 + epoch * WORLD + RANK)
        network.train()
        total = 0.0
        for number in range(steps_each):
            batch, labels = images.batch(order[number * size:(number + 1) * size])
            seen = scaled(augmented(batch, random).to(device))
            for group in optimiser.param_groups:
                group["lr"] = RECIPE["learningRate"] * learning_rate(step, steps_each * RECIPE["epochs"])
            with torch.no_grad():
                teacher = original(seen)[-1]
            loss = loss_of(model(seen), labels.to(device), teacher)
            optimiser.zero_grad()
            loss.backward()
            for parameter, count in shared:
                parameter.grad /= count
            optimiser.step()
            step += 1
            with torch.no_grad():
                for mean, now in zip(averaged.state_dict().values(), network.state_dict().values()):
                    if mean.is_floating_point():
                        mean.lerp_(now, 1 - RECIPE["averaging"])
                    else:
                        mean.copy_(now)
            total += loss.item()
            if number % 20 == 0:
                say(epoch=epoch + 1, step=number, steps=steps_each, loss=total / (number + 1), seconds=time.time() - begun)
        found = accuracies(averaged, images, held_out, device)
        say(epoch=epoch + 1, of=RECIPE["epochs"], loss=total / max(1, steps_each), accuracies=found, seconds=time.time() - begun)
        score = sum(found) / len(found) if found[-1] >= floor else found[-1] - 1
        waited = 0 if score > best else waited + 1
        if score > best:
            best, tuned = score, state_of(averaged)
            if RANK == 0:
                save(HERE / "tuned.npz", tuned)
        if waited >= RECIPE["patience"]:
            break
    say(done=True, accuracies=before if tuned is None else None)


if __name__ == "__main__":
    main()
