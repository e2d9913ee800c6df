// Counts exits and confidences where a staged network is used: a few numbers for `offramp monitor`, no images and no classes.

import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";

const bins = 64;

/** Counts what a network runs from now on; `save` adds it to a file, which counts one export alone. */
export class FieldCounts {
  #points = new Map();

  constructor(network, path) {
    if (!network.manifest.plan)
      throw new Error(
        "the manifest doesn't say which plan it is of, so nothing could be compared with the counts; export again",
      );
    Object.assign(this, { network, path });
    this.#read();
    network.watch = (point, passed) => this.#seen(point, passed);
  }

  /** By exit that a sample reached, which left at the last of them: how sure it was. */
  #seen(name, passed) {
    const point = this.#at(name);
    point.inputs++;
    point.exits[passed.length - 1].left++;
    for (const [exit, confidence] of passed.entries()) {
      const bin = Number.isNaN(confidence) ? bins - 1 : Math.floor(confidence * bins);
      point.exits[exit].confidence[Math.min(Math.max(0, bin), bins - 1)]++;
    }
  }

  /** What an input took that was run at the network's point. */
  timed(ms) {
    const point = this.#at(this.network.point());
    point.latency = added(point.latency, { inputs: 1, sumMs: ms, sumSquaresMs: ms * ms });
  }

  #at(name) {
    const blank = () => ({ left: 0, confidence: new Array(bins).fill(0) });
    if (!this.#points.has(name)) {
      const thresholds = this.network.thresholdsOf(name);
      const exits = [...thresholds, null].map(blank);
      this.#points.set(name, { name, thresholds: [...thresholds], inputs: 0, exits });
    }
    return this.#points.get(name);
  }

  /** Adds what was counted since it was saved last; the file is written whole or not at all. */
  save() {
    const counts = this.#read();
    const known = new Map(counts.points.map((point) => [point.name, point]));
    for (const [name, point] of this.#points) known.set(name, joined(known.get(name), point));
    const part = `${this.path}.${process.pid}.part`;
    writeFileSync(part, `${JSON.stringify({ ...counts, points: [...known.values()] })}\n`);
    renameSync(part, this.path);
    this.#points.clear();
  }

  /** What was counted before. */
  #read() {
    const { manifestSha256, manifest } = this.network;
    const { plan } = manifest;
    if (!existsSync(this.path))
      return { format: "offramp-field-counts", version: 1, manifestSha256, plan, points: [] };
    const counts = parsed(readFileSync(this.path, "utf8"));
    if (counts?.format !== "offramp-field-counts" || counts.version !== 1)
      throw new Error(`${this.path} holds no counts of version 1, or is damaged; name another file`);
    if (counts.manifestSha256 !== manifestSha256)
      throw new Error(`${this.path} counts another export; name another file`);
    return counts;
  }
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** What was counted at one point, earlier and now. */
function joined(before, point) {
  const sums = ["inputs", "exits", "latency"].map((key) => [key, added(before?.[key], point[key])]);
  return { ...point, ...Object.fromEntries(sums) };
}

/** Numbers, arrays and objects of them, added up; what is undefined counts nothing. */
function added(before, more) {
  if (before === undefined || more === undefined) return before ?? more;
  if (Array.isArray(more)) return more.map((each, index) => added(before[index], each));
  if (typeof more !== "object") return before + more;
  return Object.fromEntries(Object.entries(more).map(([key, each]) => [key, added(before[key], each)]));
}
