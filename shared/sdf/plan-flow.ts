import { evaluatePlan } from "../evaluate/evaluate-plan.ts";
import type { DesignSpace } from "../space/design-space.ts";
import type { ThresholdedExit } from "../space/thresholded-exit.ts";
import { type Mapping, mappings } from "./mappings.ts";
import { planGraph } from "./plan-graph.ts";
import { repetitionVector } from "./repetition-vector.ts";
import type { SdfGraph } from "./sdf-graph.ts";

/** What keeps a worker busy per sample, on average. */
export interface WorkerLoad {
  readonly worker: string;
  readonly msPerSample: number;
}

/** What a plan sustains if its workers run in parallel, each on a different sample. */
export interface Throughput {
  readonly mapping: string;
  readonly title: string;
  readonly loads: readonly WorkerLoad[];
  /** As many samples a second as the busiest worker can take; infinite if nothing takes any time. */
  readonly samplesPerSecond: number;
  /** The busiest worker. */
  readonly bottleneck: string;
}

/** A plan seen as a dataflow graph. */
export interface PlanFlow {
  readonly graph: SdfGraph;
  /** Firings per sample [actors]. */
  readonly repetitions: readonly number[];
  /** Sum over actors of firings times time: the same mean latency as `evaluatePlan`'s. */
  readonly expectedMs: number;
  /** Share of samples that cross to the server; 0 where the plan isn't partitioned. */
  readonly crossingRate: number;
  /** Per mapping. */
  readonly throughputs: readonly Throughput[];
}

/**
 * A plan's graph, how often each of its actors fires, and what follows from that, on the space's split.
 * @throws AppError 'file-invalid' if the exits don't rise along the backbone
 */
export function planFlow(on: DesignSpace, exits: readonly ThresholdedExit[]): PlanFlow {
  return flowOfRates(on, exits, evaluatePlan(on.space, exits).exitRates);
}

/**
 * The same for a plan that is evaluated already.
 * @param exitRates share of samples that leaves at each exit, the backbone's own output last
 */
export function flowOfRates(
  on: DesignSpace,
  exits: readonly ThresholdedExit[],
  exitRates: readonly number[],
): PlanFlow {
  const placed = exits.map(({ candidate }) => candidate);
  const graph = planGraph(on, placed, exitRates);
  const repetitions = repetitionVector(graph);
  const busyMs = graph.actors.map(({ firingMs }, actor) => repetitions[actor] * firingMs);
  return {
    graph,
    repetitions,
    expectedMs: busyMs.reduce((sum, ms) => sum + ms, 0),
    crossingRate: repetitions[graph.actors.findIndex(({ site }) => site === "uplink")] ?? 0,
    throughputs: mappings.map((mapping) => throughput(graph, busyMs, mapping)),
  };
}

/** @param busyMs per actor and sample [actors] */
function throughput({ actors }: SdfGraph, busyMs: readonly number[], mapping: Mapping): Throughput {
  const loads = new Map<string, number>();
  for (const [index, actor] of actors.entries()) {
    const worker = mapping.worker(actor);
    if (worker !== undefined) loads.set(worker, (loads.get(worker) ?? 0) + busyMs[index]);
  }
  const sorted = [...loads].map(([worker, msPerSample]) => ({ worker, msPerSample }));
  const busiest = sorted.reduce((max, load) => (load.msPerSample > max.msPerSample ? load : max));
  return {
    mapping: mapping.id,
    title: mapping.title,
    loads: sorted,
    samplesPerSecond: 1000 / busiest.msPerSample,
    bottleneck: busiest.worker,
  };
}
