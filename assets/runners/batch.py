#!/usr/bin/env python3
"""Runs a staged early-exit network on many images, each stage on full batches: python3 batch.py --batch 8 images.npy

Samples that go on wait at the next stage until there are as many as --batch says, so that later stages, which few samples reach,
work on batches as large as the first one's. --wait MS is the longest that a sample waits at a stage; without it, until the
images end. --time SECONDS runs the images again and again for so long, uncounted, and says on the error stream how many were
answered a second. With --budget-ms a sample takes its share of the time of each batch that it is in, and keeps the point of its
first; --counts counts no times, for those of batches aren't an image's own. All else, also what is printed, is as with run.py.
"""

import json
import sys
import time
from collections import deque
from typing import NamedTuple, Optional

import numpy as np

from run import array_batches, argument_parser, handed_on, line_of, open_asked, picture_batches, run_stage, tell_spent, watchers_of


def now_ms():
    return 1000 * time.monotonic()


class Waiting(NamedTuple):
    key: object
    images: tuple
    values: np.ndarray
    carried: Optional[np.ndarray]
    since: float
    point: Optional[str] = None
    passed: tuple = ()
    ms: float = 0.0


class Answer(NamedTuple):
    key: object
    logits: np.ndarray
    exit: int
    confidence: np.float32
    point: Optional[str]
    ms: float


class Batcher:
    """Answers samples of a stream. `add` each as it comes, `poll` while none comes, and `finish` when no more are to come.

    All three return what was answered meanwhile, each with the key that it was added by, the point that it was decided at, and what
    it took: its share of the time of each batch that it was in.
    """

    def __init__(self, network, size=8, wait_ms=float("inf"), control=None):
        """`wait_ms` is how long the first sample at a stage waits for the batch to fill; `control` is a `BudgetController`, which says at
        which point samples set out instead of the network, and is told what each took.
        """
        if size < 1:
            raise ValueError(f"a batch of {size} can't be made")
        if size > 1 and any(stage["input"]["shape"][0] is not None for stage in network.stages):
            raise ValueError("the network takes one image at a time: its batch is fixed at 1; take run.py")
        self.network, self.size, self.wait_ms, self.control = network, size, wait_ms, control
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
        if k == 0:
            # Kept on the whole way: half at one point and half at another would be no point's decision.
            point = (self.control or self.network).point
            samples = [sample._replace(point=point) for sample in samples]
        started = now_ms()
        values = [sample.images[stage["image"]] if "image" in stage else sample.values for sample in samples]
        said = [sample.carried for sample in samples if sample.carried is not None]
        carried = np.concatenate(said) if said else None
        made = run_stage(stage, self.network.sessions[k], np.concatenate(values), carried)
        share = (now_ms() - started) / len(samples)
        samples = [sample._replace(ms=sample.ms + share) for sample in samples]
        sure = np.zeros(len(samples), bool)
        if stage["logits"] is not None:
            confidence = made[stage["confidence"]]
            samples = [sample._replace(passed=(*sample.passed, each)) for sample, each in zip(samples, confidence)]
            sure = self.are_sure(k, samples, confidence)
        for row in np.flatnonzero(~sure):
            values, carried = (made[name][row : row + 1] if name else None for name in handed_on(stage))
            self.waiting[k + 1].append(samples[row]._replace(values=values, carried=carried, since=now_ms()))
        leaving = np.flatnonzero(sure)
        self.tell([samples[row] for row in leaving])
        return [self.answer(k, samples[row], made[stage["logits"]][row]) for row in leaving]

    def are_sure(self, k, samples, confidence):
        if self.network.stages[k]["threshold"] is None:
            return np.ones(len(samples), bool)
        limits = [self.network.thresholds_of(sample.point)[self.exits[k]] for sample in samples]
        return ~(confidence < np.array(limits, np.float32))

    def tell(self, leaving):
        """Who counts of samples that leave at one exit, and who holds a budget."""
        if self.network.watch:
            for point in {sample.point for sample in leaving}:
                self.network.watch(point, np.array([sample.passed for sample in leaving if sample.point == point]).T)
        if self.control:
            for sample in leaving:
                self.control.spend(sample.ms)

    def answer(self, k, sample, logits):
        return Answer(sample.key, logits, self.exits[k], sample.passed[-1], sample.point, sample.ms)


def answers_to(batcher, samples):
    """All answers, in the order of the samples."""
    answers = []
    for key, images in enumerate(samples):
        answers += batcher.add(key, *images)
    answers += batcher.finish()
    return sorted(answers, key=lambda answer: answer.key)


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
        counts, control = watchers_of(network, asked, asked.batch * len(network.stages))
        batcher = Batcher(network, asked.batch, asked.wait, control)
    except ValueError as error:
        sys.exit(f"batch.py: {error}")
    batches = array_batches if asked.images[0].endswith(".npy") else picture_batches
    samples = [
        [read[row : row + 1] for read in images]
        for images in batches(network, asked.images)
        for row in range(len(images[0]))
    ]
    if samples and (counts or control):
        network.warm_up(*samples[0])
    answers = answers_to(batcher, samples)
    for answer in answers:
        point = {"point": answer.point} if control else {}
        label = network.classes_of(answer.logits[None])[0]
        print(line_of(network, label, answer.exit, answer.confidence, **point))
    if counts:
        counts.save()
    if control and answers:
        tell_spent("batch.py", [answer.ms for answer in answers], control.budget)
    if asked.time > 0:
        tell_pace(batcher, samples, asked.time)


if __name__ == "__main__":
    main()
