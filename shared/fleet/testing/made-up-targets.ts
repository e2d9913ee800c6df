import type { ChartedPlan, FrontFile } from "../../files/front-file.ts";
import type { PlanExit } from "../../model/plan.ts";
import type { Latency, Profile } from "../../model/profile.ts";
import type { SearchSpace } from "../../space/search-space.ts";
import type { RankedNetwork } from "../ranked.ts";
import { figuresOn, type TargetDesign } from "../transfer.ts";

export const networks: readonly RankedNetwork[] = [
  { sha256: "net", graphSha256: "graph", cutPoints: [{ tensor: "a" }, { tensor: "b" }] },
];

/** What two targets take for one network of two cut points, ms. */
export interface MadeUpTarget {
  readonly device: string;
  readonly a: number;
  readonly b: number;
  readonly heads?: number;
  /** Whether its latencies have intervals. */
  readonly isMeasured?: boolean;
}

const wholeMs = 4;

export function profileOf({ device, a, b, heads = 0.5, isMeasured = true }: MadeUpTarget): Profile {
  const latency = (meanMs: number, halfWidthMs: number): Latency => ({
    medianMs: meanMs,
    meanMs,
    p5Ms: meanMs,
    p95Ms: meanMs,
    count: 10,
    ...(isMeasured && { intervalMs: [meanMs - halfWidthMs, meanMs + halfWidthMs] }),
  });
  const head = (cutPoint: string) => ({ cutPoint, head: "linear", policy: "top1", ...latency(heads, 0.02) });
  return {
    format: "offramp-profile",
    version: 2,
    id: device,
    graphSha256: "graph",
    target: { device, operatingSystem: "none", runtime: "none", provider: "cpu", threads: 1 },
    backbone: latency(wholeMs, 0.3),
    final: latency(wholeMs, 0.05),
    prefixes: [
      { cutPoint: "a", ...latency(a, 0.1) },
      { cutPoint: "b", ...latency(b, 0.2) },
    ],
    heads: ["a", "b"].map(head),
    nodes: [],
  };
}

/** Of four samples the backbone has all right; a is sure and right of the first two, b of the first three. */
function spaceOf({ prefixes, heads, final }: Profile): SearchSpace {
  const candidate = (position: number, confidence: number[], correct: number[]) => ({
    position,
    cutPoint: prefixes[position].cutPoint,
    head: "linear",
    policy: "top1",
    prefixMs: prefixes[position].meanMs,
    headMs: heads[position].meanMs,
    prefixMacs: 10 * (position + 1),
    headMacs: 1,
    headBytes: 4,
    confidence: Float32Array.from(confidence),
    correct: Uint8Array.from(correct),
  });
  return {
    samples: 4,
    candidates: [
      candidate(0, [0.9, 0.8, 0.3, 0.2], [1, 1, 0, 1]),
      candidate(1, [0.9, 0.9, 0.9, 0.1], [1, 1, 1, 0]),
    ],
    backboneCorrect: Uint8Array.of(1, 1, 1, 1),
    backboneMs: final.meanMs,
    backboneMacs: 40,
    backboneBytes: 100,
    maxExits: 2,
    levels: 4,
  };
}

function exitAt(cutPoint: string, threshold: number): PlanExit {
  return { cutPoint, head: "linear", policy: "top1", threshold };
}

/** All right: half of the samples leave at a, or three of four at b. */
export const early = [exitAt("a", 0.8)];
export const late = [exitAt("b", 0.9)];
/** One of four wrong: three leave at a. */
export const hasty = [exitAt("a", 0.25)];

/** A target for which these exits were chosen, and whose front holds these plans. */
export function designOf(
  target: MadeUpTarget,
  exits: readonly PlanExit[],
  front: readonly (readonly PlanExit[])[],
): TargetDesign {
  const profile = profileOf(target);
  const on = { profile, spaces: [{ space: spaceOf(profile) }] };
  const charted = front.map((plan): ChartedPlan => {
    const { accuracy, latencyMs } = figuresOn(on, { exits: plan });
    return { exits: [...plan], accuracy, latencyMs: latencyMs.mean };
  });
  const figures = figuresOn(on, { exits });
  const recommended: FrontFile["recommended"] = { exits: [...exits], figures, feasible: true, misses: [] };
  const search = { algorithm: "exact", options: {}, seed: 1, evaluations: 1, seconds: 1, hypervolume: 0.5 };
  return {
    ...on,
    front: {
      recommended,
      searches: [{ ...search, proven: true, gap: 0, front: charted }],
      backbone: { accuracy: 1, latencyMs: profile.backbone.meanMs },
    },
  };
}

/** Its network takes as long everywhere, so that leaving early pays. */
export const evenTarget: MadeUpTarget = { device: "even", a: 1, b: 3 };
/** Nearly all of its time goes before the first cut point, so that leaving there saves little. */
export const steepTarget: MadeUpTarget = { device: "steep", a: 3, b: 3.25 };

/** The even target, whose plan leaves early, and the steep one, whose plan leaves late. */
export function evenAndSteep(): [TargetDesign, TargetDesign] {
  return [designOf(evenTarget, early, [hasty, early]), designOf(steepTarget, late, [hasty, late])];
}
