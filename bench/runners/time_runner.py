"""Times an export's two forms in Python's ONNX Runtime: python3 time_runner.py FORM EXPORT THREADS SECONDS images.npy ...

Does what time-runner.mjs does.
"""

import json
import sys
import time
from pathlib import Path

import numpy as np
import onnxruntime

form, folder, threads, seconds, *paths = sys.argv[1:]
folder = Path(folder).resolve()
sys.path.insert(0, str(folder / "staged"))
from run import StagedNetwork, array_batches, line_of, session_options

options = session_options(int(threads))
network = StagedNetwork(folder / "staged", options)


def single_file():
    session = onnxruntime.InferenceSession(str(folder / "model.onnx"), options)
    names = [image["name"] for image in network.images]

    def run(*images):
        logits, exit, confidence = session.run(["logits", "exit", "confidence"], dict(zip(names, images)))
        return logits, exit.reshape(1), confidence

    return run


run = network.run if form == "staged" else single_file()
samples = [
    [read[row : row + 1] for read in images]
    for images in array_batches(network, paths)
    for row in range(len(images[0]))
]
for images in samples:
    logits, exit, confidence = run(*images)
    print(line_of(network, network.classes_of(logits)[0], exit[0], confidence[0]))
times = []
end = time.perf_counter() + float(seconds)
while time.perf_counter() < end:
    for images in samples:
        start = time.perf_counter()
        run(*images)
        times.append(1000 * (time.perf_counter() - start))
mean = float(np.mean(times))
median, p95 = (float(np.quantile(times, share)) for share in (0.5, 0.95))
told = {"samples": len(times), "meanMs": mean, "medianMs": median, "p95Ms": p95, "perSecond": 1000 / mean}
print(json.dumps(told), file=sys.stderr)
