"""For tests where Python has no onnxruntime: one that asks ONNX Runtime for Node, and says that it is on a GPU.

It claims CUDA, under which all runs on the processor, and TensorRT, from which it falls back as the real one does where
libraries are missing.
"""

import json
import os
import struct
import subprocess
from types import SimpleNamespace

import numpy

__version__ = "0.0.1"

ARRAYS = {"float32": "<f4", "int64": "<i8", "bool": "?"}


class SessionOptions(SimpleNamespace):
    enable_profiling = False
    profile_file_prefix = ""
    graph_optimization_level = "all"


GraphOptimizationLevel = SimpleNamespace(ORT_DISABLE_ALL="disabled")


def get_available_providers():
    return ["TensorrtExecutionProvider", "CUDAExecutionProvider", "CPUExecutionProvider"]


script = os.path.join(os.path.dirname(os.path.abspath(__file__)), "run-sessions.mjs")
node = None


def ask(request, payload=b""):
    global node
    if node is None:
        node = subprocess.Popen(["node", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    text = json.dumps({**request, "bytes": len(payload)}).encode()
    node.stdin.write(struct.pack("<I", len(text)) + text + payload)
    node.stdin.flush()
    answer = json.loads(node.stdout.read(*struct.unpack("<I", node.stdout.read(4))))
    if "error" in answer:
        raise RuntimeError(answer["error"])
    return answer, node.stdout.read(answer["bytes"])


class InferenceSession:
    def __init__(self, model, options, providers):
        self.providers = ["CPUExecutionProvider"] if "Tensorrt" in providers[0] else providers
        self.names, _ = ask(
            {
                "do": "open",
                "threads": options.intra_op_num_threads,
                "level": options.graph_optimization_level,
                "prefix": options.profile_file_prefix if options.enable_profiling else None,
            },
            model,
        )

    def get_providers(self):
        return self.providers

    def get_inputs(self):
        return [SimpleNamespace(name=name) for name in self.names["inputs"]]

    def get_outputs(self):
        return [SimpleNamespace(name=name) for name in self.names["outputs"]]

    def run(self, outputs, feeds):
        arrays = [numpy.ascontiguousarray(array) for array in feeds.values()]
        described = [
            {"name": name, "type": array.dtype.name, "dims": list(value.shape), "bytes": array.nbytes}
            for (name, value), array in zip(feeds.items(), arrays)
        ]
        request = {"do": "run", "session": self.names["session"], "feeds": described, "outputs": outputs}
        answer, payload = ask(request, b"".join(array.tobytes() for array in arrays))
        results, at = [], 0
        for tensor in answer["tensors"]:
            part = payload[at : at + tensor["bytes"]]
            results.append(numpy.frombuffer(part, ARRAYS[tensor["type"]]).reshape(tensor["dims"]))
            at += tensor["bytes"]
        return results

    def end_profiling(self):
        ask({"do": "end", "session": self.names["session"]})

    def __del__(self):
        ask({"do": "release", "session": self.names["session"]})
