#!/usr/bin/env python3
"""Runs a staged early-exit network with onnxruntime and numpy: python3 run.py photo.jpg [more.png ...]

Pictures are files that Pillow reads; they are resized, cropped and scaled as the manifest says. What is preprocessed already comes
as arrays: python3 run.py images.npy [further.npy ...], one image a row, of the type and shape that the first stage's input expects.
Where the manifest lists several images, each is a file of its own with the same rows, in that order.
--point NAME takes the manifest's thresholds of that name; --threads N and --spin set how each session works, see session_options.
With --budget-ms X the runner moves along all points so that an image
takes X ms on average, or with --quantile 0.95 so that 95 % take no longer; images are then run one at a time.
With --counts FILE it counts exits and confidences, for `offramp monitor`; a file that is there is added to.
Prints a JSON line per image: the class, its name if the manifest has names, the exit it left at (from 0) and the confidence there;
where a budget is held also the point (null: the plan's own thresholds).
"""

import argparse
import hashlib
import json
import math
import sys
import time
from pathlib import Path

import numpy as np
import onnxruntime

from control import BudgetController
from counts import FieldCounts
from images import make_input, read_picture


def session_options(threads=1, spin=False):
    """Threads of each session: one, as Offramp measures unless told otherwise; 0 is one a core.

    Threads that wait sleep, for each session has its own: those of a stage that is done would else spin on while the next one works.
    """
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.add_session_config_entry("session.intra_op.allow_spinning", "1" if spin else "0")
    return options


def handed_on(stage):
    """Names of what the next stage starts from and of what the exits so far said, None where it is given no such thing."""
    return stage["next"], stage.get("carries", {}).get("output")


def run_stage(stage, session, values, carried):
    """What a stage makes of a batch, by its names; `carried` is what the exits before it said, where it goes by that."""
    feeds = {stage["input"]["name"]: values}
    if (further := stage.get("carries", {}).get("input")) is not None:
        feeds[further] = carried
    names = [name for name in (stage["logits"], stage["confidence"], *handed_on(stage)) if name is not None]
    return dict(zip(names, session.run(names, feeds)))


class StagedNetwork:
    """`run` takes a batch; samples that are sure leave, only the rest goes on to the next stage."""

    def __init__(self, folder, options=None):
        folder = Path(folder)
        text = (folder / "manifest.json").read_bytes()
        self.manifest_sha256 = hashlib.sha256(text).hexdigest()
        manifest = json.loads(text)
        if manifest["format"] != "offramp-staged" or manifest["version"] not in (1, 2, 3):
            raise ValueError(f"{folder / 'manifest.json'} is not a staged network of version 1, 2 or 3")
        self.score = manifest.get("score")
        self.names = manifest.get("classNames")
        self.plan = manifest.get("plan")
        points = manifest.get("points", [])
        self.points = {point["name"]: point["thresholds"] for point in points}
        self.predicted = {None: manifest.get("predicted"), **{point["name"]: point.get("predicted") for point in points}}
        self.stages = manifest["stages"]
        self.images = manifest.get("images", [self.stages[0]["input"]])
        self.own = [stage["threshold"] for stage in self.stages if stage["threshold"] is not None]
        self.choose()
        self.watch = None
        options = options or session_options()
        self.sessions = [onnxruntime.InferenceSession(str(folder / stage["file"]), options) for stage in self.stages]

    def choose(self, point=None):
        """Switches to an operating point of the manifest, or back to the plan's own thresholds."""
        self.thresholds = self.thresholds_of(point)
        self.point = point

    def thresholds_of(self, point):
        return self.own if point is None else self.points[point]

    def by_cost(self):
        """The operating points, None for the plan's own thresholds, from the one that is predicted to take the least time."""
        if not self.points or None in self.predicted.values():
            raise ValueError("the manifest doesn't list operating points and what they take; export again with --point, from a project with a profile")
        return sorted(self.predicted, key=lambda point: self.predicted[point]["latencyMs"]["mean"])

    def warm_up(self, *images):
        """A session's first run takes longer than those after it: this one goes through all stages and is watched by nobody."""
        kept = self.thresholds, self.watch
        self.thresholds, self.watch = [math.inf] * len(self.own), None
        self.run(*images)
        self.thresholds, self.watch = kept

    def run(self, *images):
        """images [batch, ...], an array for each of `self.images` -> logits [batch, classes] or the one score of two, exit [batch], confidence [batch]

        `self.watch`, if somebody sets it, is told of samples that leave: their point, and by exit that they reached how sure it was of each.
        """
        count = len(images[0])
        logits = None
        exits = np.zeros(count, np.int64)
        confidence = np.zeros(count, np.float32)
        travelling = np.arange(count)
        values, carried = images[0], None
        passed = []
        for stage, session in zip(self.stages, self.sessions):
            if "image" in stage:
                # Where another network takes over, it starts from the image again.
                values = images[stage["image"]][travelling]
            made = run_stage(stage, session, values, carried)
            if stage["logits"] is None:
                # Nobody leaves where the device hands over to the server.
                values = made[stage["next"]]
                continue
            answers, sureness = made[stage["logits"]], made[stage["confidence"]]
            sure = np.ones(len(travelling), bool)
            if stage["threshold"] is not None:
                sure = ~(sureness < np.float32(self.thresholds[len(passed)]))
            passed.append(sureness)
            if self.watch and sure.any():
                self.watch(self.point, [reached[sure] for reached in passed])
            leaving = travelling[sure]
            if logits is None:
                logits = np.zeros((count, *answers.shape[1:]), np.float32)
            logits[leaving], exits[leaving], confidence[leaving] = answers[sure], len(passed) - 1, sureness[sure]
            passed = [reached[~sure] for reached in passed]
            travelling = travelling[~sure]
            if len(travelling) == 0:
                break
            values, carried = (made[name][~sure] if name else None for name in handed_on(stage))
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


def array_batches(network, paths, alone=False):
    if len(paths) != len(network.images):
        sys.exit(f"run.py: the network reads {len(network.images)} images a sample, {len(paths)} files are given")
    images = [read_images(path, expected) for path, expected in zip(paths, network.images)]
    for path, read in zip(paths, images):
        if len(read) != len(images[0]):
            sys.exit(f"run.py: {path} holds {len(read)} images, {paths[0]} {len(images[0])}")
    step = 1 if alone or network.images[0]["shape"][0] == 1 else 32
    for start in range(0, len(images[0]), step):
        yield [read[start : start + step] for read in images]


def picture_batches(network, paths, alone=False):
    for path in paths:
        try:
            yield network.inputs_of(path)
        except (OSError, ValueError) as error:
            sys.exit(f"run.py: {path}: {error}")


def argument_parser(program, more=""):
    watching = "[--budget-ms X] [--quantile Q] [--counts FILE]"
    usage = f"{program} {more}[--point NAME] {watching} [--threads N] [--spin] photo.jpg ..."
    parser = argparse.ArgumentParser(prog=program, usage=usage)
    parser.add_argument("images", nargs="+")
    parser.add_argument("--point")
    parser.add_argument("--budget-ms", type=float)
    parser.add_argument("--quantile", type=float)
    parser.add_argument("--counts")
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


def line_of(network, answer, exit, confidence, **more):
    """What is printed of an answer."""
    name = {"name": network.names[answer]} if network.names else {}
    return json.dumps({"class": int(answer), **name, "exit": int(exit), "confidence": float(confidence), **more})


def watchers_of(network, asked, under_way=1):
    """Who counts and who holds the budget, where that is asked for, of so many images at once."""
    if asked.point is not None and asked.budget_ms is not None:
        raise ValueError("--point stays at one point and --budget-ms moves along all; give one of them")
    if asked.quantile is not None and asked.budget_ms is None:
        raise ValueError("--quantile says how many images take --budget-ms at most; give that too")
    counts = FieldCounts(network, asked.counts) if asked.counts else None
    control = None
    if asked.budget_ms is not None:
        control = BudgetController(network.by_cost(), asked.budget_ms, asked.quantile, max(5, under_way))
    return counts, control


def timed_run(network, images, counts, control, spent):
    """Runs a batch, where a budget is held at the point that it allows; what an image took by itself counts."""
    if control:
        network.choose(control.point)
    started = time.perf_counter()
    results = network.run(*images)
    spent.append(1000 * (time.perf_counter() - started))
    if control:
        control.spend(spent[-1])
    if counts and len(images[0]) == 1:
        counts.timed(spent[-1])
    return results


def tell_spent(program, spent, budget):
    within = sum(ms <= budget for ms in spent) / len(spent)
    print(f"{program}: {sum(spent) / len(spent):.3f} ms on average, {100 * within:.1f} % within {budget:g} ms", file=sys.stderr)


def main():
    asked = argument_parser("run.py").parse_args()
    network = open_asked("run.py", asked)
    try:
        counts, control = watchers_of(network, asked)
    except ValueError as error:
        sys.exit(f"run.py: {error}")
    spent = []
    batches = array_batches if asked.images[0].endswith(".npy") else picture_batches
    for images in batches(network, asked.images, control is not None):
        if not spent and (counts or control):
            network.warm_up(*images)
        logits, exits, confidence = timed_run(network, images, counts, control, spent)
        point = {"point": network.point} if control else {}
        for answer in zip(network.classes_of(logits), exits, confidence):
            print(line_of(network, *answer, **point))
    if counts:
        counts.save()
    if control and spent:
        tell_spent("run.py", spent, control.budget)


if __name__ == "__main__":
    main()
