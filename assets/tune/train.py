"""Trains network.py's backbone and exits together, from where they stand. Needs PyTorch and NumPy alone.

    python3 train.py                                   one CPU or GPU
    torchrun --nproc-per-node 4 train.py               several processes (DistributedDataParallel)

All that can be chosen stands in recipe.json. After every epoch checkpoint.npz is written, from which the same command
goes on; the best weights are tuned.npz. What is printed is one JSON object a line.
"""
import copy
import json
import math
import os
import stat
import threading
import time
from pathlib import Path

import numpy as np
import torch
import torch.distributed as dist
from torch import nn
from torch.nn import functional as F

from checkpoint import read_checkpoint, write_checkpoint
from compare import compare
from data import augmented, scaled
from files import training_images
from folder import HERE, RECIPE, Refused, arrays, load, save
from network import Network
from norms import folded_state, unfold_norms

RANK, WORLD = int(os.environ.get("RANK", 0)), int(os.environ.get("WORLD_SIZE", 1))


def say(**facts):
    if RANK == 0:
        print(json.dumps(facts), flush=True)


# ----------------------------------------------------------------------------------------------------------- recipe

def loss_of(outputs, labels, teacher):
    """Cross-entropy and distillation at every output, the last one weighted more."""
    share, heat = RECIPE["distillation"], RECIPE["temperature"]
    soft = F.softmax(teacher.float() / heat, 1)

    def one(logits):
        distilled = F.kl_div(F.log_softmax(logits / heat, 1), soft, reduction="batchmean")
        return (1 - share) * F.cross_entropy(logits, labels) + share * heat**2 * distilled

    *exits, last = [one(logits.float()) for logits in outputs]
    return sum(exits) + RECIPE["lastWeight"] * last


def outputs_behind(network, parameters, image):
    """For every parameter, the number of outputs that it has a part in."""
    counts = [0] * len(parameters)
    for logits in network(image):
        if not logits.requires_grad:
            continue  # all that it is made of is frozen
        gradients = torch.autograd.grad(logits.sum(), parameters, retain_graph=True, allow_unused=True)
        counts = [count + (gradient is not None) for count, gradient in zip(counts, gradients)]
    return counts


def rate_at(done):
    """The share of the peak learning rate when a share of all steps is done: warm-up, then a half cosine."""
    warm = RECIPE["warmUp"]
    return done / warm if done <= warm else 0.5 * (1 + math.cos(math.pi * (done - warm) / (1 - warm)))


@torch.no_grad()
def average(averaged, network, step):
    """A moving average of the weights, which follows closely at first and slowly later."""
    keep = min(RECIPE["averaging"], (1 + step) / (10 + step))
    for mean, now in zip(averaged.state_dict().values(), network.state_dict().values()):
        if mean.is_floating_point():
            mean.lerp_(now, 1 - keep)
        else:
            mean.copy_(now)


# --------------------------------------------------------------------------------------------------------- training

def load_teacher(network):
    """What every output learns from: the project's original network where it was written, else this one as it came."""
    if not (HERE / "teacher.py").exists():
        return copy.deepcopy(network)
    from teacher import Network as Teacher
    return load(Teacher(), "teacher.npz")


def device_of_this_process():
    if torch.cuda.is_available():
        os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":4096:8")  # what cuBLAS needs to give the same twice
        torch.cuda.set_device(int(os.environ.get("LOCAL_RANK", 0)))
        return torch.device("cuda", torch.cuda.current_device())
    if "OMP_NUM_THREADS" not in os.environ:
        cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
        torch.set_num_threads(max(1, cores // int(os.environ.get("LOCAL_WORLD_SIZE", WORLD))))
    return torch.device("cpu")


def has_bfloat16(device):
    """Whether the processor or GPU computes in it itself."""
    if device.type == "cuda":
        return torch.cuda.is_bf16_supported()
    processor = Path("/proc/cpuinfo")
    return processor.exists() and any(flag in processor.read_text() for flag in ("avx512_bf16", "amx_bf16"))


def learns_in_bfloat16(network, image, device):
    """Whether PyTorch has the gradients of all layers in it, too; older ones lack ReLU6's."""
    try:
        with torch.autocast(device.type, torch.bfloat16):
            outputs = copy.deepcopy(network).to(device)(image.to(device))
        sum(logits.float().sum() for logits in outputs).backward()
        return True
    except RuntimeError:
        return False


def freeze(network, image):
    """Keeps the weights of the backbone's first layers; returns these layers."""
    layers = [layer for layer in network.children() if any(True for _ in layer.parameters())]
    parameters = [next(layer.parameters()) for layer in layers]
    last = torch.autograd.grad(network(image)[-1].sum(), parameters, allow_unused=True)
    backbone = [layer for layer, gradient in zip(layers, last) if gradient is not None]
    return [layer.requires_grad_(False) for layer in backbone[:round(RECIPE["frozen"] * len(backbone))]]


@torch.no_grad()
def results(network):
    """Weights by their names in network.py, and what they give for the reference's images."""
    state = folded_state(network)
    plain = Network().eval()
    plain.load_state_dict({name: torch.from_numpy(values) for name, values in state.items()}, strict=False)
    logits = plain(scaled(torch.from_numpy(arrays("reference.npz")["images"])))
    return {**state, **{f"logits-{index}": values.numpy() for index, values in enumerate(logits)}}


class Training:
    """A network, the data that it learns from, and how far it has come."""

    def __init__(self, network, images, device):
        self.images, self.device = images, device
        order = np.random.default_rng(RECIPE["seed"]).permutation(len(images))
        held = max(1, round(RECIPE["heldOut"] * len(order)))
        self.held_out, self.train = np.sort(order[:held]), order[held:]
        self.size = min(RECIPE["batchSize"], len(self.train)) // WORLD
        if self.size < 2:
            raise Refused(f"a step takes 2 images for each of {WORLD} processes; take a larger batch size")
        self.steps = len(self.train) // (self.size * WORLD)

        def placed(module):
            return module.to(device).to(memory_format=torch.channels_last)

        two = scaled(images.batch(self.train[:2])[0])
        self.is_half = RECIPE["precision"] == "bfloat16" or (
            RECIPE["precision"] == "auto" and has_bfloat16(device) and learns_in_bfloat16(network, two, device))
        self.teacher = placed(load_teacher(network)).requires_grad_(False)
        self.frozen = freeze(network, two)
        if RECIPE["batchNorm"]:
            # Always the same images, so that every process begins alike.
            unfold_norms(network, (scaled(batch) for batch, _ in images.batches(self.train[:8 * self.size], self.size)))
        self.parameters = parameters = [each for each in network.parameters() if each.requires_grad]
        behind = outputs_behind(network, parameters, two) if RECIPE["sharedGradients"] == "mean" else []
        self.shared = [(parameter, count) for parameter, count in zip(parameters, behind) if count > 1]
        self.network = placed(network)
        self.averaged = copy.deepcopy(self.network).requires_grad_(False)
        self.model = nn.parallel.DistributedDataParallel(self.network) if WORLD > 1 else self.network
        self.optimiser = torch.optim.SGD(
            [{"params": [p for p in parameters if p.ndim > 1], "weight_decay": RECIPE["weightDecay"]},
             {"params": [p for p in parameters if p.ndim <= 1]}],
            lr=RECIPE["learningRate"], momentum=0.9, nesterov=True)
        self.seconds, self.history = 0.0, []

    @property
    def epoch(self):
        """How many have been trained; the history begins with the accuracies before the first."""
        return max(0, len(self.history) - 1)

    def half(self):
        return torch.autocast(self.device.type, torch.bfloat16, enabled=self.is_half)

    def step(self, images, labels, number):
        with self.half():
            with torch.no_grad():
                teacher = self.teacher(images)[-1]
            outputs = self.model(images)
        loss = loss_of(outputs, labels, teacher)
        if not torch.isfinite(loss):
            raise Refused("the loss is no longer a number; take a smaller learning rate")
        for group in self.optimiser.param_groups:
            group["lr"] = RECIPE["learningRate"] * rate_at((number + 1) / (self.steps * RECIPE["epochs"]))
        self.optimiser.zero_grad()
        loss.backward()
        for parameter, count in self.shared:
            parameter.grad /= count
        nn.utils.clip_grad_norm_(self.parameters, RECIPE["clip"])
        self.optimiser.step()
        average(self.averaged, self.network, number)
        return loss.item()

    def run_epoch(self):
        """One pass over the training images; returns its mean loss."""
        random = np.random.default_rng([RECIPE["seed"], self.epoch])
        order = random.permutation(self.train)[RANK::WORLD]
        torch.manual_seed(int(random.integers(2**62)) + RANK)
        moves = torch.Generator().manual_seed(int(random.integers(2**62)) + RANK)
        self.network.train()
        for layer in self.frozen:
            layer.eval()
        begun, total = time.time(), 0.0
        for number in range(self.steps):
            images, labels = self.images.batch(order[number * self.size:(number + 1) * self.size])
            images, labels = augmented(images.to(self.device), moves), labels.to(self.device)
            total += self.step(scaled(images), labels, self.epoch * self.steps + number)
            if number % 10 == 0:
                say(epoch=self.epoch + 1, step=number, steps=self.steps, loss=total / (number + 1))
        self.seconds += time.time() - begun
        return total / self.steps

    @torch.no_grad()
    def accuracies(self, network):
        """Share of the held-out images that each output has right; every process looks at its part of them."""
        network.eval()
        right = torch.zeros(len(RECIPE["outputs"]), device=self.device)
        for images, labels in self.images.batches(self.held_out[RANK::WORLD], self.size):
            with self.half():
                outputs = network(scaled(images.to(self.device)))
            right += torch.stack([(logits.argmax(1) == labels.to(self.device)).sum() for logits in outputs])
        if WORLD > 1:
            dist.all_reduce(right)
        return [count / len(self.held_out) for count in right.tolist()]

    def note(self, network, **facts):
        facts = dict(epoch=len(self.history), of=RECIPE["epochs"], accuracies=self.accuracies(network), **facts)
        self.history.append({**facts, "seconds": round(self.seconds, 1)})
        say(**self.history[-1])

    def best(self):
        """The epoch with the best mean accuracy, if `protect` among those that leave the last output as it was.

        The network has mostly learnt from the held-out images before, and first forgets them: what comes before the
        lowest point is better on them alone, and the last output is held to what it had right of new images.
        """
        before, *epochs = [facts["accuracies"] for facts in self.history]
        lowest = min(range(len(epochs)), key=lambda number: sum(epochs[number]))
        later = range(lowest, len(epochs))
        known = min(before[-1], RECIPE["accuracyOnNewImages"])
        slack = math.sqrt(known * (1 - known) / len(self.held_out))
        kept = [number for number in later if not RECIPE["protect"] or epochs[number][-1] >= known - slack]
        if kept:
            return 1 + max(kept, key=lambda number: sum(epochs[number])), True
        return 1 + max(later, key=lambda number: epochs[number][-1]), False

    def run(self):
        for facts in self.history:
            say(**facts, again=True)
        if not self.history:
            self.note(self.network)
        while self.epoch < RECIPE["epochs"] and (self.epoch == 0 or self.epoch - self.best()[0] < RECIPE["patience"]):
            loss = self.run_epoch()
            if WORLD > 1:
                for values in self.averaged.state_dict().values():
                    dist.broadcast(values, 0)  # each process has batch statistics of its own
            self.note(self.averaged, loss=loss)
            if RANK == 0 and self.best()[0] == self.epoch:
                save("tuned.npz", results(self.averaged))
            if RANK == 0:
                write_checkpoint(self)


# ------------------------------------------------------------------------------------------------------------- main

def end_with_stdin():
    """Where Offramp has started this, it ends with Offramp. Launchers that give their processes no input end them themselves."""
    def watch():
        while os.read(0, 4096):
            pass
        os._exit(130)

    kind = os.fstat(0).st_mode
    if os.environ.get("OFFRAMP_STDIN") == "watch" and (stat.S_ISFIFO(kind) or stat.S_ISSOCK(kind)):
        threading.Thread(target=watch, daemon=True).start()


def main():
    end_with_stdin()
    device = device_of_this_process()
    if WORLD > 1:
        dist.init_process_group("nccl" if device.type == "cuda" else "gloo")
    torch.manual_seed(RECIPE["seed"])
    torch.use_deterministic_algorithms(True, warn_only=device.type == "cuda")
    network = load(Network(), "weights.npz")
    compare(network)
    say(compared=len(RECIPE["outputs"]))
    if RECIPE["epochs"] == 0:
        return
    training = Training(network, training_images(), device)
    read_checkpoint(training)
    training.run()
    epoch, is_protected = training.best()
    say(done=True, epoch=epoch, protected=is_protected)


def reason(error):
    """What has stopped a training, in one line; nothing if that is for a programmer to read."""
    text = str(error)
    if isinstance(error, Refused):
        return text
    if isinstance(error, MemoryError) or "out of memory" in text or "can't allocate memory" in text:
        return f"out of memory with {RECIPE['batchSize']} images a step; take a smaller batch size, or more processes"
    if "not implemented for 'BFloat16'" in text:
        return "this PyTorch has no gradient in bfloat16 for one of the layers; take --precision float32"
    if WORLD > 1 and any(word in text for word in ("onnection", "gloo", "NCCL", "imed out")):
        why = text.splitlines()[0]
        return f"another of the {WORLD} processes was lost ({why}); start it again, it goes on from its last epoch"
    return None


if __name__ == "__main__":
    try:
        main()
    except (Refused, RuntimeError, MemoryError) as error:
        if reason(error) is None:
            raise
        print(json.dumps({"error": reason(error)}), flush=True)
        os._exit(3)  # at once: the other processes may be waiting for this one
