"""Whether network.py computes what the ONNX graph computes, before anything is trained."""
import json
import sys

import torch

from data import scaled
from folder import HERE, Refused, arrays
from network import Network


@torch.no_grad()
def compare(network):
    """Refuses a network whose logits aren't those that ONNX Runtime gave, naming the first layer that differs."""
    reference = arrays("reference.npz")
    for index, own in enumerate(network(scaled(torch.from_numpy(reference["images"])))):
        wanted = torch.from_numpy(reference[f"logits-{index}"])
        off = ((own - wanted).abs().max() / wanted.abs().max()).item()
        if not off <= 1e-4:
            layer = first_difference(network, reference)
            raise Refused(f"output {index + 1} is {off:.1e} off the original's, at most 1e-4 is allowed{layer}")


def first_difference(network, reference):
    """Compares forward line by line with what ONNX Runtime gave for the first image."""
    lines, found, pending = json.loads((HERE / "lines.json").read_text()), [], []

    def differs(values, tensor):
        """Both sides are at most 64 numbers of the tensor, evenly spread."""
        flat, wanted = values.float().flatten(), torch.from_numpy(reference[f"line-{tensor}"])
        own = flat[torch.arange(len(wanted)) * (len(flat) - 1) // max(1, len(wanted) - 1)]
        return not torch.allclose(own, wanted, rtol=1e-3, atol=1e-3 * wanted.abs().max().item())

    def each_line(frame, event, _):
        """Python calls this before a line, so what is pending is what the line before has computed."""
        for entry, number in pending:
            if not found and differs(frame.f_locals[entry["variable"]], number):
                found.append(entry)
        pending[:] = [(entry, number) for number, entry in enumerate(lines) if entry["line"] == frame.f_lineno]
        return each_line

    def each_call(frame, event, _):
        return each_line if frame.f_code is Network.forward.__code__ else None

    sys.settrace(each_call)
    network(scaled(torch.from_numpy(reference["images"][:1])))
    sys.settrace(None)
    if not found:
        return ""
    return f"; the first layer that differs is {found[0]['tensor']} (network.py, line {found[0]['line']})"
