#!/usr/bin/env python3
"""Draws the front of a project or a front.json with matplotlib: python3 draw_front.py net.offramp [front.png]"""

import sys

import matplotlib
import offramp

matplotlib.use("Agg")
from matplotlib import pyplot, ticker  # noqa: E402

path, picture = [*sys.argv[1:], "front.png"][:2]
front = offramp.open_front(path) if path.endswith(".json") else offramp.open_project(path).front
figure, axes = pyplot.subplots(figsize=(8, 5))
best, *others = front.searches
axes.step(best.latency_ms, 100 * best.accuracy, where="post", label=best.title)
for found in [*others, *front.schemes]:
    axes.plot(found.latency_ms, 100 * found.accuracy, ".", alpha=0.5, label=found.title)
figures = front.recommended["figures"]
latency = front.document["useCase"]["latency"]
axes.plot(figures["latencyMs"][latency], 100 * figures["accuracy"], "k*", markersize=12, label="recommended")
axes.plot(front.backbone["latencyMs"], 100 * front.backbone["accuracy"], "ks", label="backbone")
axes.set(xlabel=f"{latency} latency (ms)", ylabel="accuracy (%)", xscale="log")
axes.xaxis.set_major_locator(ticker.LogLocator(subs=(1, 2, 5)))
axes.xaxis.set_major_formatter("{x:g}")
axes.xaxis.set_minor_formatter(ticker.NullFormatter())
axes.legend(loc="center left", bbox_to_anchor=(1, 0.5), frameon=False)
figure.savefig(picture, dpi=150, bbox_inches="tight")
print(f"{picture}: {len(best.plans)} plans of {best.title}")
