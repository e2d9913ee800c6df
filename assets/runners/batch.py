#!/usr/bin/env python3
"""Runs a staged early-exit network on many images, each stage on full batches: python3 batch.py --batch 8 images.npy

Samples that go on wait at the next stage until there are as many as --batch says, so that later stages, which few samples reach,
work on batches as large as the first one's. --wait MS is the longest that a sample waits at a stage; without it, until the
images end. --time SECONDS runs the images again and again for so long, and says on the error stream how many were answered a
second. All else, also what is printed, is as with run.py.
"""

import json
import sys
import time
from collections import deque
from typing import NamedTuple, Optional

import numpy as np

from run import array_batches, argument_parser, handed_on, line_of, open_asked, picture_batches, run_stage


def now_ms():
    return 1000 * time.monotonic()


class Waiting(NamedTuple):
    key: object
    images: tuple
    values: np.ndarray
    carried: Optional[np.ndarray]
    since: float


class Batcher:
    """Answers samples of a stream. `add` each as it comes, `poll` while none comes, and `finish` when no more are to come.

    All three return what was answered meanwhile, each with the key that it was added by: (key, logits, exit, confidence).
    """

    def __init__(self, network, size=8, wait_ms=float("inf")):
        """`wait_ms` is how long the first sample at a stage waits for the batch to fill."""
        if size < 1:
            raise ValueError(f"a batch of {size} can't be made")
        if size > 1 and any(stage["input"]["shape"][0] is not None for stage in network.stages):
            raise ValueError("the network takes one image at a time: its batch is fixed at 1; take run.py")
        self.network, self.size, self.wait_ms = network, size, wait_ms
        self.waiting = [deque() for _ in network.stages]
        decides = [stage["logits"] is not None for stage in network.stages]
        self.exits = [sum(decides[:k]) for k in range(len(decides))]

    def add(self, key, *images):
        """An array of batch 1 for each of the network's images."""
        self.waiting[0].append(Waiting(key, images, images[0], None, now_ms()))
        return self.poll()

    def poll(self):
        due = now_ms() - self.wait_ms
        return self.run_while(lambda first: first.since <= due)

    def finish(self):
        """Runs what waits, in smaller batches where there is no more."""
        return self.run_while(lambda _: True)

    def run_while(self, is_due):
        answers = []
        while (stage := self.ready_stage(is_due)) is not None:
            answers += self.run_stage(stage)
        return answers

    def ready_stage(self, is_due):
        """The last that has a full batch, so that few samples are under way; else the first where somebody has waited enough."""
        full = [k for k, samples in enumerate(self.waiting) if len(samples) >= self.size]
        due = [k for k, samples in enumerate(self.waiting) if samples and is_due(samples[0])]
        return full[-1] if full else due[0] if due else None

    def run_stage(self, k):
        stage, waiting = self.network.stages[k], self.waiting[k]
        samples = [waiting.popleft() for _ in range(min(self.size, len(waiting)))]
        values = [sample.images[stage["image"]] if "image" in stage else sample.values for sample in samples]
        said = [sample.carried for sample in samples if sample.carried is not None]
        carried = np.concatenate(said) if said else None
        made = run_stage(stage, self.network.sessions[k], np.concatenate(values), carried)
        sure = np.zeros(len(samples), bool)
        if stage["logits"] is not None:
            sure = self.are_sure(k, made[stage["confidence"]])
        for row, sample in enumerate(samples):
            if not sure[row]:
                values, carried = (made[name][row : row + 1] if name else None for name in handed_on(stage))
                self.waiting[k + 1].append(sample._replace(values=values, carried=carried, since=now_ms()))
        return [
            (samples[row].key, made[stage["logits"]][row], self.exits[k], made[stage["confidence"]][row])
            for row in np.flatnonzero(sure)
        ]

    def are_sure(self, k, confidence):
        if self.network.stages[k]["threshold"] is None:
            return np.ones(len(confidence), bool)
        return ~(confidence < np.float32(self.network.thresholds[self.exits[k]]))


def answers_to(batcher, samples):
    """All answers, in the order of the samples."""
    answers = {}
    for key, images in enumerate(samples):
        answers.update((answer[0], answer[1:]) for answer in batcher.add(key, *images))
    answers.update((answer[0], answer[1:]) for answer in batcher.finish())
    return [answers[key] for key in range(len(samples))]


def tell_pace(batcher, samples, seconds):
    start, count = time.monotonic(), 0
    while count == 0 or time.monotonic() - start < seconds:
        answers_to(batcher, samples)
        count += len(samples)
    rate = count / (time.monotonic() - start)
    print(json.dumps({"samples": count, "batch": batcher.size, "perSecond": rate}), file=sys.stderr)


def main():
    parser = argument_parser("batch.py", "[--batch N] [--wait MS] [--time SECONDS] ")
    parser.add_argument("--batch", type=int, default=8)
    parser.add_argument("--wait", type=float, default=float("inf"))
    parser.add_argument("--time", type=float, default=0)
    asked = parser.parse_args()
    network = open_asked("batch.py", asked)
    try:
        batcher = Batcher(network, asked.batch, asked.wait)
    except ValueError as error:
        sys.exit(f"batch.py: {error}")
    batches = array_batches if asked.images[0].endswith(".npy") else picture_batches
    samples = [
        [read[row : row + 1] for read in images]
        for images in batches(network, asked.images)
        for row in range(len(images[0]))
    ]
    for logits, exit, confidence in answers_to(batcher, samples):
        print(line_of(network, network.classes_of(logits[None])[0], exit, confidence))
    if asked.time > 0:
        tell_pace(batcher, samples, asked.time)


if __name__ == "__main__":
    main()
