"""Runs networks for a worker of Offramp where ONNX Runtime for Node lacks the board's provider, such as CUDA or TensorRT.

Needs onnxruntime alone (and NumPy, which that brings). Requests come on standard input and answers go to standard output: a
length (uint32, little endian), as much JSON, and the bytes that the JSON speaks of. Runs are timed here, so the way between
the two programs is in no time. Arguments: pid of the worker's process, and the bytes of memory that this one may take.
"""

import json
import os
import struct
import sys
import threading
import time

import numpy
import onnxruntime

SUFFIX = "ExecutionProvider"


def providers():
    """ONNX Runtime's names of the providers that there are, by the short ones that Offramp has for them."""
    return {name.removesuffix(SUFFIX).lower(): name for name in onnxruntime.get_available_providers()}


def guard(parent, most_bytes):
    """Ends this process with the worker's, or once it takes too much: a network keeps the main thread busy."""
    page = os.sysconf("SC_PAGE_SIZE") if hasattr(os, "sysconf") else 0
    while os.getppid() == parent:
        if page and os.path.exists("/proc/self/statm"):
            with open("/proc/self/statm") as file:
                if int(file.read().split()[1]) * page > most_bytes:
                    break
        time.sleep(0.05)
    os._exit(9)


class Sessions:
    def __init__(self):
        self.open_ones = {}

    def open(self, request, payload):
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = request["threads"]
        options.inter_op_num_threads = 1
        options.log_severity_level = 4
        if not request["optimise"]:
            options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
        if request.get("profilePrefix"):
            options.enable_profiling = True
            options.profile_file_prefix = request["profilePrefix"]
        known = providers()
        wanted = known[request["provider"]]
        # What TensorRT doesn't take is to stay on the device.
        device = [known[name] for name in ("cuda",) if request["provider"] == "tensorrt" and name in known]
        chosen = [wanted, *device]
        session = onnxruntime.InferenceSession(payload, options, providers=chosen)
        used = session.get_providers()[0]
        if used != wanted:
            raise RuntimeError(f"ONNX Runtime took {used} in place of {wanted}: its libraries are missing or don't fit")
        self.open_ones[request["session"]] = session, bool(request.get("profilePrefix"))
        inputs = [tensor.name for tensor in session.get_inputs()]
        outputs = [tensor.name for tensor in session.get_outputs()]
        return {"inputs": inputs, "outputs": outputs}, []

    def run(self, request, payload):
        session, _ = self.open_ones[request["session"]]
        feeds, at = {}, 0
        for tensor in request["feeds"]:
            part = payload[at : at + tensor["bytes"]]
            feeds[tensor["name"]] = numpy.frombuffer(part, tensor["type"]).reshape(tensor["dims"])
            at += tensor["bytes"]
        used, wall = time.process_time_ns(), time.perf_counter_ns()
        results = session.run(request["outputs"], feeds)
        wall, used = time.perf_counter_ns() - wall, time.process_time_ns() - used
        arrays = [numpy.ascontiguousarray(result) for result in results]
        tensors = [
            {"name": name, "type": array.dtype.name, "dims": list(result.shape), "bytes": array.nbytes}
            for name, array, result in zip(request["outputs"], arrays, results)
        ]
        return {"tensors": tensors, "wallMs": wall / 1e6, "processorMs": used / 1e6}, arrays

    def release(self, request, _payload):
        session, is_profiled = self.open_ones.pop(request["session"])
        if is_profiled:
            session.end_profiling()
        return {}, []

    def facts(self, _request, _payload):
        version = ".".join(map(str, sys.version_info[:3]))
        return {"name": f"onnxruntime {onnxruntime.__version__} (Python {version})", "providers": list(providers())}, []


def main():
    requests = sys.stdin.buffer
    # Libraries may print; what they print is no answer.
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    parent, most_bytes = int(sys.argv[1]), float(sys.argv[2])
    threading.Thread(target=guard, args=(parent, most_bytes), daemon=True).start()
    sessions = Sessions()
    while head := requests.read(4):
        request = json.loads(requests.read(*struct.unpack("<I", head)))
        payload = requests.read(request["bytes"])
        try:
            answer, arrays = getattr(sessions, request["do"])(request, payload)
        except Exception as error:
            answer, arrays = {"error": str(error) or type(error).__name__}, []
        answer["allProcessorMs"] = time.process_time_ns() / 1e6
        answer["bytes"] = sum(array.nbytes for array in arrays)
        text = json.dumps(answer).encode()
        answers.write(struct.pack("<I", len(text)) + text)
        for array in arrays:
            answers.write(array.tobytes())
        answers.flush()


main()
