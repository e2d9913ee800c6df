"""For tests: runs the modules of folders named in arguments and prints, as JSON, what each computes beside what was expected.

A folder holds network.py, weights.npz, and expected.npz with `image` and `output-0`, `output-1`, ...
"""
import importlib.util
import json
import sys
from pathlib import Path

import numpy as np
import torch

torch.set_num_threads(1)


def network_of(folder):
    spec = importlib.util.spec_from_file_location(f"network_{folder.name}", folder / "network.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    network = module.Network()
    weights = {name: torch.from_numpy(array) for name, array in np.load(folder / "weights.npz").items()}
    missing, unexpected = network.load_state_dict(weights, strict=False)
    unfit = [*unexpected, *(name for name in missing if not name.endswith("num_batches_tracked"))]
    if unfit:
        raise ValueError(f"weights.npz doesn't fit: {unfit}")
    return network.eval()


@torch.no_grad()
def difference(folder):
    """The largest of all outputs, as a part of the largest number expected."""
    expected = np.load(folder / "expected.npz")
    outputs = network_of(folder)(torch.from_numpy(expected["image"]))
    worst = 0.0
    for index, output in enumerate(outputs):
        wanted = torch.from_numpy(expected[f"output-{index}"])
        if output.shape != wanted.shape:
            raise ValueError(f"shape {list(output.shape)}, expected {list(wanted.shape)}")
        worst = max(worst, ((output - wanted).abs().max() / wanted.abs().max().clamp(min=1e-6)).item())
    return worst


results = {}
for name in sys.argv[1:]:
    folder = Path(name)
    try:
        results[folder.name] = difference(folder)
    except Exception as problem:
        results[folder.name] = f"{type(problem).__name__}: {problem}"
print(json.dumps(results))
