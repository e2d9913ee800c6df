import {
  formatBytes,
  formatFactor,
  formatMs,
  formatPercent,
  formatQuantity,
  formatSignedPoints,
} from "../../shared/base/format-number.ts";
import type { PartitionedPlan, PlanExit, PlanFigures } from "../../shared/model/plan.ts";

/** The backbone as it came, on the chosen target: what plans are compared with. */
export interface BackbonePoint {
  readonly accuracy: number;
  readonly latencyMs: number;
  readonly macs: number;
  readonly bytes: number;
}

/** A figure of a plan, the same on table, comparison, tooltip and CSV. */
export interface PlanColumn {
  readonly id: string;
  readonly title: string;
  /** The heading in full. */
  readonly description: string;
  /** Heading in a CSV file, with the unit of the plain number. */
  readonly csv: string;
  /** Which way is better; none if neither. */
  readonly better: "more" | "less" | null;
  of(figures: PlanFigures, backbone: BackbonePoint, plan: PartitionedPlan): number;
  format(value: number): string;
}

const latency = (id: "mean" | "p50" | "p95" | "worst", title: string, description: string): PlanColumn => ({
  id,
  title,
  description,
  csv: `${id}_latency_ms`,
  better: "less",
  of: ({ latencyMs }) => latencyMs[id],
  format: formatMs,
});

export const planColumns = {
  exits: {
    id: "exits",
    title: "Exits",
    description: "Number of exits",
    csv: "exits",
    better: null,
    of: (_figures, _backbone, { exits }) => exits.length,
    format: String,
  },
  accuracy: {
    id: "accuracy",
    title: "Accuracy",
    description: "Share of right answers on the calibration split",
    csv: "accuracy",
    better: "more",
    of: ({ accuracy }) => accuracy,
    format: (value) => formatPercent(value, 2),
  },
  drop: {
    id: "drop",
    title: "Change",
    description: "Accuracy against the backbone, percentage points",
    csv: "accuracy_change_pp",
    better: "more",
    of: ({ accuracy }, backbone) => 100 * (accuracy - backbone.accuracy),
    format: formatSignedPoints,
  },
  mean: latency("mean", "Mean", "Mean latency"),
  p50: latency("p50", "p50", "Median latency"),
  p95: latency("p95", "p95", "95th percentile of latency"),
  worst: latency("worst", "Worst", "Worst-case latency"),
  speedUp: {
    id: "speedUp",
    title: "Speed-up",
    description: "Backbone's latency over the plan's mean latency",
    csv: "speed_up",
    better: "more",
    of: ({ latencyMs }, backbone) => backbone.latencyMs / latencyMs.mean,
    format: formatFactor,
  },
  macs: {
    id: "macs",
    title: "MACs",
    description: "Mean multiply-accumulate operations per sample",
    csv: "mean_macs",
    better: "less",
    of: ({ macs }) => macs,
    format: formatQuantity,
  },
  bytes: {
    id: "bytes",
    title: "Size",
    description: "Weights of backbone and heads",
    csv: "bytes",
    better: "less",
    of: ({ bytes }) => bytes,
    format: formatBytes,
  },
} as const satisfies Readonly<Record<string, PlanColumn>>;

export type PlanColumnId = keyof typeof planColumns;

export const tableColumns: readonly PlanColumn[] = [
  planColumns.exits,
  planColumns.accuracy,
  planColumns.drop,
  planColumns.mean,
  planColumns.speedUp,
  planColumns.p95,
  planColumns.worst,
  planColumns.macs,
  planColumns.bytes,
];

/**
 * Where the server takes over, sorted from the input on, the device alone last.
 * @param places tensors at all partitions by rising position
 */
export function partitionColumn(places: readonly string[], nameOf: (cut: string) => string): PlanColumn {
  return {
    id: "cut",
    title: "Partition",
    description: "Where the server takes over",
    csv: "cut",
    better: null,
    of: (_figures, _backbone, { cut }) => (cut === undefined ? places.length : places.indexOf(cut)),
    format: (value) => (value === places.length ? "–" : nameOf(places[value])),
  };
}

/** The exits in one line: `block 3 ≥ 0.915, block 7 ≥ 0.670`. @param nameOf a cut point's short name */
export function describeExits(exits: readonly PlanExit[], nameOf: (cutPoint: string) => string): string {
  if (exits.length === 0) return "backbone alone";
  return exits.map(({ cutPoint, threshold }) => `${nameOf(cutPoint)} ≥ ${threshold.toFixed(3)}`).join(", ");
}
