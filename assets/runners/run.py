#!/usr/bin/env python3
"""Runs a staged early-exit network with onnxruntime and numpy: python3 run.py photo.jpg [more.png ...]

Pictures are files that Pillow reads; they are resized, cropped and scaled as the manifest says. What is preprocessed already comes
as arrays: python3 run.py images.npy [further.npy ...], one image a row, of the type and shape that the first stage's input expects.
Where the manifest lists several images, each is a file of its own with the same rows, in that order.
--point NAME takes the manifest's thresholds of that name; --threads N and --spin set how each session works, see session_options.
Prints a JSON line per image: the class, its name if the manifest has names, the exit it left at (from 0) and the confidence there.
"""

import argparse
import json
import sys
from pathlib import Path

import numpy as np
import onnxruntime

from images import make_input, read_picture


def session_options(threads=1, spin=False):
    """Threads of each session: one, as Offramp measures unless told otherwise; 0 is one a core.

    Threads that wait sleep, for each session has its own: those of a stage that is done would else spin on while the next one works.
    """
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.add_session_config_entry("session.intra_op.allow_spinning", "1" if spin else "0")
    return options


class StagedNetwork:
    """`run` takes a batch; samples that are sure leave, only the rest goes on to the next stage."""

    def __init__(self, folder, options=None):
        folder = Path(folder)
        manifest = json.loads((folder / "manifest.json").read_text())
        if manifest["format"] != "offramp-staged" or manifest["version"] not in (1, 2):
            raise ValueError(f"{folder / 'manifest.json'} is not a staged network of version 1 or 2")
        self.score = manifest.get("score")
        self.names = manifest.get("classNames")
        self.points = {point["name"]: point["thresholds"] for point in manifest.get("points", [])}
        self.stages = manifest["stages"]
        self.images = manifest.get("images", [self.stages[0]["input"]])
        self.own = [stage["threshold"] for stage in self.stages if stage["threshold"] is not None]
        self.thresholds = self.own
        options = options or session_options()
        self.sessions = [onnxruntime.InferenceSession(str(folder / stage["file"]), options) for stage in self.stages]

    def choose(self, point=None):
        """Switches to an operating point of the manifest, or back to the plan's own thresholds."""
        self.thresholds = self.own if point is None else self.points[point]

    def run(self, *images):
        """images [batch, ...], an array for each of `self.images` -> logits [batch, classes] or the one score of two, exit [batch], confidence [batch]"""
        count = len(images[0])
        logits = None
        exits = np.zeros(count, np.int64)
        confidence = np.zeros(count, np.float32)
        travelling = np.arange(count)
        values = images[0]
        index = 0
        for stage, session in zip(self.stages, self.sessions):
            if "image" in stage:
                # Where another network takes over, it starts from the image again.
                values = images[stage["image"]][travelling]
            if stage["logits"] is None:
                # Nobody leaves where the device hands over to the server.
                (values,) = session.run([stage["next"]], {stage["input"]["name"]: values})
                continue
            names = [stage["logits"], stage["confidence"]] + ([stage["next"]] if stage["next"] else [])
            results = session.run(names, {stage["input"]["name"]: values})
            sure = np.ones(len(travelling), bool)
            if stage["threshold"] is not None:
                sure = ~(results[1] < np.float32(self.thresholds[index]))
            leaving = travelling[sure]
            if logits is None:
                logits = np.zeros((count, *results[0].shape[1:]), np.float32)
            logits[leaving], exits[leaving], confidence[leaving] = results[0][sure], index, results[1][sure]
            travelling = travelling[~sure]
            if len(travelling) == 0:
                break
            values = results[2][~sure] if stage["next"] else None
            index += 1
        return logits, exits, confidence

    def inputs_of(self, path):
        """What `run` takes of a picture's file."""
        turned = [(image, (image["preprocess"] or {}).get("exifOrientation", False)) for image in self.images]
        return [make_input(read_picture(path, upright), image) for image, upright in turned]

    def classes_of(self, logits):
        """The largest, or 1 where the one score of two classes is above the middle."""
        if self.score is None:
            return logits.argmax(axis=1)
        return (logits.reshape(len(logits)) > (0.5 if self.score == "probability" else 0)).astype(int)


def read_images(path, expected):
    images = np.load(path)
    shape = expected["shape"]
    if images.dtype.name != expected["type"] or list(images.shape[1:]) != shape[1:]:
        found, wanted = (", ".join(map(str, dims)) for dims in (images.shape, ["images", *shape[1:]]))
        sys.exit(f"run.py: {path} holds {images.dtype} [{found}], expected {expected['type']} [{wanted}]")
    return images


def array_batches(network, paths):
    if len(paths) != len(network.images):
        sys.exit(f"run.py: the network reads {len(network.images)} images a sample, {len(paths)} files are given")
    images = [read_images(path, expected) for path, expected in zip(paths, network.images)]
    for path, read in zip(paths, images):
        if len(read) != len(images[0]):
            sys.exit(f"run.py: {path} holds {len(read)} images, {paths[0]} {len(images[0])}")
    step = 1 if network.images[0]["shape"][0] == 1 else 32
    for start in range(0, len(images[0]), step):
        yield [read[start : start + step] for read in images]


def picture_batches(network, paths):
    for path in paths:
        try:
            yield network.inputs_of(path)
        except (OSError, ValueError) as error:
            sys.exit(f"run.py: {path}: {error}")


def argument_parser(program, more=""):
    usage = f"{program} {more}[--point NAME] [--threads N] [--spin] photo.jpg ..."
    parser = argparse.ArgumentParser(prog=program, usage=usage)
    parser.add_argument("images", nargs="+")
    parser.add_argument("--point")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--spin", action="store_true")
    return parser


def open_asked(program, asked):
    """The network beside this file, as the arguments say."""
    network = StagedNetwork(Path(__file__).parent, session_options(asked.threads, asked.spin))
    if asked.point is not None and asked.point not in network.points:
        sys.exit(f"{program}: --point takes one of {', '.join(network.points) or 'no names: the export has none'}")
    network.choose(asked.point)
    return network


def line_of(network, answer, exit, confidence):
    """What is printed of an answer."""
    name = {"name": network.names[answer]} if network.names else {}
    return json.dumps({"class": int(answer), **name, "exit": int(exit), "confidence": float(confidence)})


def main():
    asked = argument_parser("run.py").parse_args()
    network = open_asked("run.py", asked)
    batches = array_batches if asked.images[0].endswith(".npy") else picture_batches
    for images in batches(network, asked.images):
        logits, exits, confidence = network.run(*images)
        for answer in zip(network.classes_of(logits), exits, confidence):
            print(line_of(network, *answer))


if __name__ == "__main__":
    main()
