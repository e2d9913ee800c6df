"""What a training goes on from: weights, their average, the optimiser's momentum, and how far it has come."""
import hashlib
import json

import numpy as np
import torch

from folder import HERE, Refused, arrays, save


def fingerprint():
    """What a checkpoint belongs to."""
    digest = hashlib.sha256()
    for file in ("recipe.json", "network.py", "weights.npz", "teacher.npz"):
        if (HERE / file).exists():
            digest.update((HERE / file).read_bytes())
    return digest.hexdigest()


def tensors_of(training):
    """Everything that changes while it trains, by name."""
    tensors = {f"network/{name}": values for name, values in training.network.state_dict().items()}
    tensors.update({f"averaged/{name}": values for name, values in training.averaged.state_dict().items()})
    parameters = [parameter for group in training.optimiser.param_groups for parameter in group["params"]]
    for number, parameter in enumerate(parameters):
        memory = training.optimiser.state[parameter]
        tensors[f"momentum/{number}"] = memory.setdefault("momentum_buffer", torch.zeros_like(parameter))
    return tensors


def write_checkpoint(training):
    tensors = {name: values.cpu().contiguous().numpy() for name, values in tensors_of(training).items()}
    facts = {"of": fingerprint(), "seconds": training.seconds, "history": training.history}
    save("checkpoint.npz", {**tensors, "facts": np.array(json.dumps(facts))})


@torch.no_grad()
def read_checkpoint(training):
    """Takes up what an earlier run of the same recipe has left, if there was one."""
    if not (HERE / "checkpoint.npz").exists():
        return
    anew = "delete it to begin anew"
    found = arrays("checkpoint.npz", anew)
    facts = json.loads(str(found.get("facts", "{}")))
    if facts.get("of") != fingerprint():
        raise Refused(f"checkpoint.npz is of another recipe or other weights; restore them, or {anew}")
    training.seconds, training.history = facts["seconds"], facts["history"]
    for name, values in tensors_of(training).items():
        if name not in found or found[name].shape != values.shape:
            raise Refused(f"checkpoint.npz is damaged at {name}; {anew}")
        values.copy_(torch.from_numpy(found[name]))
