#!/usr/bin/env python3
"""Runs a staged early-exit network with onnxruntime and numpy: python3 run.py images.npy

images.npy holds preprocessed images, one a row, of the type and shape that the first stage's input expects.
Prints a JSON line per image: the class, the exit it left at (from 0) and the confidence there.
"""

import json
import sys
from pathlib import Path

import numpy as np
import onnxruntime


class StagedNetwork:
    """`run` takes a batch; samples that are sure leave, only the rest goes on to the next stage."""

    def __init__(self, folder):
        folder = Path(folder)
        manifest = json.loads((folder / "manifest.json").read_text())
        if manifest["format"] != "offramp-staged" or manifest["version"] != 1:
            raise ValueError(f"{folder / 'manifest.json'} is not a staged network of version 1")
        self.score = manifest.get("score")
        self.stages = manifest["stages"]
        self.sessions = [onnxruntime.InferenceSession(str(folder / stage["file"])) for stage in self.stages]

    def run(self, images):
        """images [batch, ...] -> logits [batch, classes] or the one score of two, exit [batch], confidence [batch]"""
        count = len(images)
        logits = None
        exits = np.zeros(count, np.int64)
        confidence = np.zeros(count, np.float32)
        travelling = np.arange(count)
        values = images
        index = 0
        for stage, session in zip(self.stages, self.sessions):
            if stage["logits"] is None:
                # Nobody leaves where the device hands over to the server.
                (values,) = session.run([stage["next"]], {stage["input"]["name"]: values})
                continue
            names = [stage["logits"], stage["confidence"]] + ([stage["next"]] if stage["next"] else [])
            results = session.run(names, {stage["input"]["name"]: values})
            sure = np.ones(len(travelling), bool)
            if stage["threshold"] is not None:
                sure = ~(results[1] < np.float32(stage["threshold"]))
            leaving = travelling[sure]
            if logits is None:
                logits = np.zeros((count, *results[0].shape[1:]), np.float32)
            logits[leaving], exits[leaving], confidence[leaving] = results[0][sure], index, results[1][sure]
            travelling = travelling[~sure]
            if len(travelling) == 0:
                break
            values = results[2][~sure]
            index += 1
        return logits, exits, confidence

    def classes_of(self, logits):
        """The largest, or 1 where the one score of two classes is above the middle."""
        if self.score is None:
            return logits.argmax(axis=1)
        return (logits.reshape(len(logits)) > (0.5 if self.score == "probability" else 0)).astype(int)


def main():
    if len(sys.argv) != 2:
        sys.exit("run.py: say which images to run: python3 run.py images.npy")
    network = StagedNetwork(Path(__file__).parent)
    images = np.load(sys.argv[1])
    expected = network.stages[0]["input"]
    shape = expected["shape"]
    if images.dtype.name != expected["type"] or list(images.shape[1:]) != shape[1:]:
        found, wanted = (", ".join(map(str, dims)) for dims in (images.shape, ["images", *shape[1:]]))
        sys.exit(f"run.py: {sys.argv[1]} holds {images.dtype} [{found}], expected {expected['type']} [{wanted}]")
    step = 1 if shape[0] == 1 else 32
    for start in range(0, len(images), step):
        logits, exits, confidence = network.run(images[start : start + step])
        for answer, exit, sureness in zip(network.classes_of(logits), exits, confidence):
            print(json.dumps({"class": int(answer), "exit": int(exit), "confidence": float(sureness)}))


if __name__ == "__main__":
    main()
