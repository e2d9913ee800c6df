"""What stands in this folder: the recipe and weights."""
import json
import os
from pathlib import Path

import numpy as np
import torch

HERE = Path(__file__).resolve().parent
RECIPE = json.loads((HERE / "recipe.json").read_text())


class Refused(Exception):
    """What a person can mend; its message is the one line that they read."""


def load(network, file):
    """The weights of `file` in a module, by their names in its state_dict."""
    weights = {name: torch.from_numpy(array) for name, array in np.load(HERE / file).items()}
    missing, unexpected = network.load_state_dict(weights, strict=False)
    absent = [name for name in missing if not name.endswith("num_batches_tracked")]
    if unexpected or absent:
        raise Refused(f"{file} doesn't fit its module: {', '.join([*absent, *unexpected][:3])}")
    return network.eval()


def save(file, arrays):
    """Whole or not at all."""
    draft = HERE / f"{file}.draft.npz"
    np.savez(draft, **arrays)
    os.replace(draft, HERE / file)
