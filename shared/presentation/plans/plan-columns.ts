import {
  formatBytes,
  formatEnergy,
  formatFactor,
  formatMs,
  formatPercent,
  formatPoints,
  formatQuantity,
  formatSignedEnergy,
  formatSignedMs,
  formatSignedPercent,
  formatSignedPoints,
} from "../../base/format-number.ts";
import type { DropOutlook } from "../../guarantee/drop-outlook.ts";
import {
  isSameChain,
  isSamePartition,
  type LatencyFigures,
  type PartitionedPlan,
  type PlanFigures,
  type PlanWay,
} from "../../model/plan.ts";
import { chainLabel } from "../words/describe-plan.ts";
import type { NetworkTitles } from "../words/network-titles.ts";
import type { BackbonePoint } from "./backbone-point.ts";
import type { EvaluatedPlan } from "./charted-plans.ts";

/** A figure of a plan, the same in table, comparison, parallel coordinates, report and CSV. */
export interface PlanColumn {
  readonly id: string;
  readonly title: string;
  /** Where the title is alone: "Mean latency". */
  readonly fullTitle: string;
  readonly description: string;
  /** Heading in a CSV file, with the unit of the plain number. */
  readonly csv: string;
  /** Which way is better; none if neither. */
  readonly better: "more" | "less" | null;
  of(figures: PlanFigures, backbone: BackbonePoint, plan: PartitionedPlan): number;
  format(value: number): string;
  /** Whether it shows names, which there may be no room for. */
  readonly isText?: boolean;
  /** Whether the table of plans has it, and the CSV file of that table. */
  readonly inTable: boolean;
  /** Left out where it is known of no plan. */
  readonly ifKnown?: boolean;
  /** How two values differ, where plans are compared side by side. */
  readonly difference?: (from: number, to: number) => string;
  /** Its axis of the parallel coordinates, if it has one. */
  readonly axis?: ColumnAxis;
}

interface ColumnAxis {
  readonly title: string;
  /** Where there is no room for all, those with the highest number go first. */
  readonly rank: number;
  /** The column's own if absent. */
  readonly format?: (value: number) => string;
  /** Left out where all plans have the same. */
  readonly ifDiffering?: boolean;
}

function latency(
  id: keyof LatencyFigures,
  title: string,
  description: string,
  places: Pick<PlanColumn, "inTable" | "axis">,
): PlanColumn {
  return {
    id,
    title,
    fullTitle: `${title} latency`,
    description,
    csv: `${id}_latency_ms`,
    better: "less",
    of: ({ latencyMs }) => latencyMs[id],
    format: formatMs,
    difference: (from, to) => formatSignedMs(to - from),
    ...places,
  };
}

/** The unit is in the title: side by side the axes have little room. */
function plainMs(value: number): string {
  return formatMs(value).replace(" ms", "");
}

function ratio(from: number, to: number): string {
  return formatSignedPercent(100 * (to / from - 1));
}

/** Every figure of a plan, in the order in which all of the places that show some of them do. */
export const planColumns = {
  exits: {
    id: "exits",
    title: "Exits",
    fullTitle: "Exits",
    description: "Number of exits",
    csv: "exits",
    better: null,
    of: (_figures, _backbone, { exits }) => exits.length,
    format: String,
    inTable: true,
    axis: { title: "exits", rank: 3 },
  },
  networks: {
    id: "networks",
    title: "Networks",
    fullTitle: "Networks",
    description: "Number of networks that the plan goes through",
    csv: "networks",
    better: null,
    of: (_figures, _backbone, { chain }) => chain?.length ?? 1,
    format: String,
    inTable: false,
    axis: { title: "networks", rank: 4, ifDiffering: true },
  },
  early: {
    id: "early",
    title: "Early",
    fullTitle: "Early exits",
    description: "Share of samples that leave before the end of the plan",
    csv: "early_share",
    better: null,
    of: ({ exitRates }) => 1 - exitRates[exitRates.length - 1],
    format: (value) => formatPercent(value, 0),
    inTable: false,
    axis: { title: "early", rank: 7 },
  },
  accuracy: {
    id: "accuracy",
    title: "Accuracy",
    fullTitle: "Accuracy",
    description: "Share of right answers on the samples that plans are chosen on",
    csv: "accuracy",
    better: "more",
    of: ({ accuracy }) => accuracy,
    format: (value) => formatPercent(value, 2),
    inTable: true,
    difference: (from, to) => formatSignedPoints(100 * (to - from)),
    axis: { title: "accuracy", rank: 0, format: formatPercent },
  },
  drop: {
    id: "drop",
    title: "Change",
    fullTitle: "Against backbone",
    description: "Accuracy against the backbone, percentage points",
    csv: "accuracy_change_pp",
    better: "more",
    of: ({ accuracy }, backbone) => 100 * (accuracy - backbone.accuracy),
    format: formatSignedPoints,
    inTable: true,
    difference: (from, to) => formatSignedPoints(to - from),
  },
  mean: latency("mean", "Mean", "Mean latency", {
    inTable: true,
    axis: { title: "mean, ms", rank: 1, format: plainMs },
  }),
  speedUp: {
    id: "speedUp",
    title: "Speed-up",
    fullTitle: "Speed-up",
    description: "Backbone's latency over the plan's mean latency",
    csv: "speed_up",
    better: "more",
    of: ({ latencyMs }, backbone) => backbone.latencyMs / latencyMs.mean,
    format: formatFactor,
    inTable: true,
    difference: ratio,
  },
  p50: latency("p50", "p50", "Median latency", { inTable: false }),
  p95: latency("p95", "p95", "95th percentile of latency", {
    inTable: true,
    axis: { title: "p95, ms", rank: 2, format: plainMs },
  }),
  worst: latency("worst", "Worst", "Worst-case latency", { inTable: true }),
  energy: {
    id: "energy",
    title: "Energy",
    fullTitle: "Mean energy",
    description: "Mean energy per sample",
    csv: "mean_energy_mj",
    better: "less",
    of: ({ energyMillijoules }) => energyMillijoules ?? Number.NaN,
    format: (value) => (Number.isNaN(value) ? "–" : formatEnergy(value)),
    inTable: true,
    ifKnown: true,
    difference: (from, to) => (Number.isNaN(to - from) ? "–" : formatSignedEnergy(to - from)),
    axis: { title: "energy", rank: 8 },
  },
  macs: {
    id: "macs",
    title: "MACs",
    fullTitle: "MACs",
    description: "Mean multiply-accumulate operations per sample",
    csv: "mean_macs",
    better: "less",
    of: ({ macs }) => macs,
    format: formatQuantity,
    inTable: true,
    difference: ratio,
    axis: { title: "MACs", rank: 5 },
  },
  bytes: {
    id: "bytes",
    title: "Size",
    fullTitle: "Size",
    description: "Weights of networks and heads",
    csv: "bytes",
    better: "less",
    of: ({ bytes }) => bytes,
    format: formatBytes,
    inTable: true,
    difference: ratio,
    axis: { title: "size", rank: 6 },
  },
} as const satisfies Readonly<Record<string, PlanColumn>>;

const allColumns: readonly PlanColumn[] = Object.values(planColumns);

/** Those whose figures anybody knows of these plans. */
export function knownColumns<Column extends Pick<PlanColumn, "ifKnown" | "of">>(
  columns: readonly Column[],
  plans: readonly (PartitionedPlan & { readonly figures: PlanFigures | null })[],
  backbone: BackbonePoint,
): Column[] {
  const isKnown = ({ of }: Column) =>
    plans.some((plan) => plan.figures && !Number.isNaN(of(plan.figures, backbone, plan)));
  return columns.filter((column) => !column.ifKnown || isKnown(column));
}

export const tableColumns = allColumns.filter(({ inTable }) => inTable);

export const comparedColumns = allColumns.flatMap(({ difference, ...column }) =>
  difference ? [{ ...column, difference }] : [],
);

/** An axis of the parallel coordinates. */
export type Dimension = Pick<PlanColumn, "id" | "of" | "ifKnown"> &
  Required<Pick<ColumnAxis, "format">> &
  Omit<ColumnAxis, "format">;

export const dimensions: readonly Dimension[] = allColumns.flatMap(({ id, of, format, ifKnown, axis }) =>
  axis ? [{ id, of, format, ifKnown, ...axis }] : [],
);

/** @returns null if there is no such dimension */
export function dimensionValue(plan: EvaluatedPlan, id: string, backbone: BackbonePoint): number | null {
  return dimensions.find((one) => one.id === id)?.of(plan.figures, backbone, plan) ?? null;
}

/**
 * Where the server takes over, sorted from the input on, the device alone last.
 * @param places all partitions that plans may have, by rising position within each chain
 */
export function partitionColumn(
  places: readonly PlanWay[],
  nameOf: (partition: PlanWay) => string,
): PlanColumn {
  return {
    id: "cut",
    title: "Partition",
    fullTitle: "Server takes over",
    description: "Where the server takes over",
    csv: "cut",
    better: null,
    of: (_figures, _backbone, plan) =>
      plan.cut === undefined
        ? places.length
        : places.findIndex((place) => isSamePartition(place, plan) && isSameChain(place, plan)),
    format: (value) => (value === places.length ? "–" : nameOf(places[value])),
    isText: true,
    inTable: true,
  };
}

/** Whether any of the plans goes through another network than the backbone. */
export function areChained(plans: readonly Pick<PartitionedPlan, "chain">[]): boolean {
  return plans.some(({ chain }) => chain !== undefined);
}

/**
 * The networks that plans go through, sorted by their number, the backbone alone first.
 * @param plans that the column is for
 */
export function networksColumn(
  plans: readonly Pick<PartitionedPlan, "chain">[],
  titles: NetworkTitles,
): PlanColumn {
  const chains = new Map(plans.map((plan) => [chainLabel(plan, titles), plan.chain]));
  const labels = [...chains]
    .sort(
      ([one, a], [other, b]) =>
        (a?.length ?? 0) - (b?.length ?? 0) || (one < other ? -1 : Number(one > other)),
    )
    .map(([label]) => label);
  return {
    ...planColumns.networks,
    id: "chain",
    description: "The networks that samples go through, one after the other",
    of: (_figures, _backbone, plan) => labels.indexOf(chainLabel(plan, titles)),
    format: (value) => labels[value],
    isText: true,
    inTable: true,
  };
}

/**
 * What is to be expected of plans on new images.
 * @param outlookOf undefined where a plan's can't be told
 */
export function outlookColumns(
  outlookOf: (plan: PartitionedPlan, figures: PlanFigures) => DropOutlook | undefined,
): PlanColumn[] {
  const shared = { better: null, inTable: true } as const;
  return [
    {
      ...shared,
      id: "dropBound",
      title: "Drop ≤",
      fullTitle: "Largest drop on new images",
      description: "Bound of the accuracy drop on new images, choosing the plan included",
      csv: "drop_bound_pp",
      of: (figures, _backbone, plan) => outlookOf(plan, figures)?.upperBoundPp ?? Number.NaN,
      format: (value) => (Number.isNaN(value) ? "–" : formatPoints(value)),
    },
    {
      ...shared,
      id: "kept",
      title: "Kept",
      fullTitle: "Wish kept",
      description: "Probability that what is wanted of the accuracy is kept on new images",
      csv: "kept_probability",
      of: (figures, _backbone, plan) => outlookOf(plan, figures)?.keptProbability ?? Number.NaN,
      format: (value) => (Number.isNaN(value) ? "–" : formatPercent(value, 0)),
    },
  ];
}
