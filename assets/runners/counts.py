"""Counts exits and confidences where a staged network is used: a few numbers for `offramp monitor`, no images and no classes."""

import json
import os
from pathlib import Path

import numpy as np

BINS = 64


class FieldCounts:
    """Counts what a network runs from now on; `save` adds it to a file, which counts one export alone."""

    def __init__(self, network, path):
        if network.plan is None:
            raise ValueError("the manifest doesn't say which plan it is of, so nothing could be compared with the counts; export again")
        self.network = network
        self.path = Path(path)
        self.points = {}
        self.read()
        network.watch = self.seen

    def seen(self, point, passed):
        """By exit that samples reached which left at the last of them: how sure it was of each."""
        point = self.at(point)
        point["inputs"] += len(passed[0])
        point["exits"][len(passed) - 1]["left"] += len(passed[0])
        for counted, confidence in zip(point["exits"], passed):
            bins = np.clip((np.nan_to_num(confidence, nan=1) * BINS).astype(int), 0, BINS - 1)
            counted["confidence"] = added(counted["confidence"], np.bincount(bins, minlength=BINS).tolist())

    def timed(self, ms):
        """What an input took that was run alone at the network's point."""
        point = self.at(self.network.point)
        taken = {"inputs": 1, "sumMs": ms, "sumSquaresMs": ms * ms}
        point["latency"] = added(point.get("latency"), taken)

    def at(self, name):
        if name not in self.points:
            thresholds = list(self.network.thresholds_of(name))
            exits = [{"left": 0, "confidence": [0] * BINS} for _ in [*thresholds, None]]
            self.points[name] = {"name": name, "thresholds": thresholds, "inputs": 0, "exits": exits}
        return self.points[name]

    def save(self):
        """Adds what was counted since it was saved last; the file is written whole or not at all."""
        counts = self.read()
        known = {point["name"]: point for point in counts["points"]}
        for name, point in self.points.items():
            known[name] = joined(known.get(name), point)
        part = self.path.with_name(f"{self.path.name}.{os.getpid()}.part")
        part.write_text(json.dumps({**counts, "points": list(known.values())}) + "\n")
        os.replace(part, self.path)
        self.points = {}

    def read(self):
        """What was counted before."""
        own = {"manifestSha256": self.network.manifest_sha256, "plan": self.network.plan}
        if not self.path.exists():
            return {"format": "offramp-field-counts", "version": 1, **own, "points": []}
        try:
            counts = json.loads(self.path.read_text())
            is_counts = (counts["format"], counts["version"]) == ("offramp-field-counts", 1)
        except (ValueError, KeyError, TypeError):
            is_counts = False
        if not is_counts:
            raise ValueError(f"{self.path} holds no counts of version 1, or is damaged; name another file")
        if counts["manifestSha256"] != own["manifestSha256"]:
            raise ValueError(f"{self.path} counts another export; name another file")
        return counts


def joined(before, point):
    """What was counted at one point, earlier and now."""
    if before is None:
        return point
    sums = {key: added(before.get(key), point.get(key)) for key in ("inputs", "exits", "latency")}
    return {**point, **{key: value for key, value in sums.items() if value is not None}}


def added(before, more):
    """Numbers, lists and dictionaries of them, added up; what is None counts nothing."""
    if before is None or more is None:
        return before if more is None else more
    if isinstance(more, list):
        return [added(one, other) for one, other in zip(before, more)]
    if isinstance(more, dict):
        return {key: added(before[key], value) for key, value in more.items()}
    return before + more
