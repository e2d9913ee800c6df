"""What stands in this folder: the recipe and weights."""
import json
import os
import sys
import zipfile
from pathlib import Path

import numpy as np
import torch

HERE = Path(__file__).resolve().parent


class Refused(Exception):
    """What a person can mend; its message is the one line that they read."""


def read_recipe():
    try:
        return json.loads((HERE / "recipe.json").read_text())
    except (OSError, ValueError) as error:
        print(json.dumps({"error": f"recipe.json can't be read ({error}); write the folder again"}), flush=True)
        sys.exit(3)


RECIPE = read_recipe()


def arrays(file, remedy="write the folder again, or copy it anew"):
    """The arrays of a .npz file by name; never a pickle."""
    try:
        with np.load(HERE / file) as archive:
            return dict(archive.items())
    except (OSError, ValueError, TypeError, AttributeError, EOFError, zipfile.BadZipFile) as error:
        raise Refused(f"{HERE / file} can't be read ({error}); {remedy}")


def load(network, file):
    """The weights of `file` in a module, by their names in its state_dict."""
    weights = {name: torch.from_numpy(array) for name, array in arrays(file).items()}
    missing, unexpected = network.load_state_dict(weights, strict=False)
    absent = [name for name in missing if not name.endswith("num_batches_tracked")]
    if unexpected or absent:
        raise Refused(f"{file} doesn't fit its module: {', '.join([*absent, *unexpected][:3])}")
    return network.eval()


def save(file, content):
    """Whole or not at all."""
    draft = HERE / f"{file}.draft.npz"
    try:
        np.savez(draft, **content)
        os.replace(draft, HERE / file)
    except OSError as error:
        draft.unlink(missing_ok=True)
        raise Refused(f"{HERE / file} can't be written ({error.strerror}); see to that, and the same command goes on from the last epoch")
