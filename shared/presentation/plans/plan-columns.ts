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
  outputHead,
  type PartitionedPlan,
  type PlanFigures,
  type PlanWay,
} from "../../model/plan.ts";
import { planNetworks } from "../../model/plan-networks.ts";
import { chainLabel } from "../words/describe-plan.ts";
import type { NetworkTitles } from "../words/network-titles.ts";
import type { BackbonePoint } from "./backbone-point.ts";

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
  /** What stands where there is little room; the same if absent. */
  readonly brief?: BriefForm;
  /** Whether it shows names, which there may be no room for. */
  readonly isText?: boolean;
  /** What a CSV file says instead of the name that is shown. */
  inFile?(plan: PartitionedPlan): string | null;
  /** What 1 stands for as people write the number: 0.01 of a share in per cent; 1 if absent. */
  readonly writtenUnit?: number;
  /** Whether the table of plans shows it unless a person chooses otherwise. */
  readonly inTable: boolean;
  /** Left out where it is known of no plan. */
  readonly ifKnown?: boolean;
  /** How two values differ, where plans are compared side by side. */
  readonly difference?: (from: number, to: number) => string;
  /** Its axis of the parallel coordinates, if it has one. */
  readonly axis?: ColumnAxis;
}

interface BriefForm {
  /** Left out of the values: it stands with the title. */
  readonly unit?: string;
  format(value: number): string;
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
    brief: withoutUnit("ms", formatMs),
    difference: (from, to) => formatSignedMs(to - from),
    ...places,
  };
}

/** As people write shares. */
const percent = 0.01;

function withoutUnit(unit: string, format: (value: number) => string): BriefForm {
  return { unit, format: (value) => format(value).replace(` ${unit}`, "") };
}

/** The unit is in the title: side by side the axes have little room. */
const plainMs = withoutUnit("ms", formatMs).format;

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
    writtenUnit: percent,
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
    brief: withoutUnit("%", (value) => formatPercent(value, 2)),
    writtenUnit: percent,
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
    brief: withoutUnit("pp", formatSignedPoints),
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

export const allColumns: readonly PlanColumn[] = Object.values(planColumns);

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
    inFile: ({ cut }) => cut ?? null,
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
    ...inOrder(labels, (plan) => chainLabel(plan, titles)),
    isText: true,
    inTable: true,
  };
}

/** Values of a column that shows labels: their places in an order. */
function inOrder(
  labels: readonly string[],
  labelOf: (plan: PartitionedPlan) => string,
): Pick<PlanColumn, "of" | "format"> {
  const places = new Map(labels.map((label, index) => [label, index]));
  return {
    of: (_figures, _backbone, plan) => places.get(labelOf(plan)) ?? Number.NaN,
    format: (value) => labels[value] ?? "–",
  };
}

/** Numbers the cut points of a network as the command line does. @returns 0 for the first; undefined if there is no such tensor */
export type CutPointNumber = (tensor: string, member?: string) => number | undefined;

/**
 * Where plans' exits stand, by the numbers of their cut points, sorted from the input on.
 * @param plans that the column is for
 */
export function placesColumn(
  plans: readonly Pick<PartitionedPlan, "exits" | "chain">[],
  titles: NetworkTitles,
  numberOf: CutPointNumber,
): PlanColumn {
  const placesOf = ({ exits }: Pick<PartitionedPlan, "exits">) =>
    exits.map(({ head, cutPoint, member }) =>
      head === outputHead ? Number.POSITIVE_INFINITY : (numberOf(cutPoint, member) ?? Number.NaN),
    );
  const labelOf = (plan: Pick<PartitionedPlan, "exits" | "chain">) => placesLabel(plan, titles, placesOf);
  const labels = new Map(plans.map((plan) => [labelOf(plan), plan]));
  const sorted = [...labels].sort(([, one], [, other]) => compareNumbers(placesOf(one), placesOf(other)));
  const briefLabels = sorted.map(([, plan]) => briefPlaces(plan, titles, placesOf));
  return {
    id: "places",
    title: "Exits at",
    fullTitle: "Exits at",
    description: "Cut points that the exits stand at, by their numbers on the graph",
    csv: "exits_at",
    better: null,
    ...inOrder(
      sorted.map(([label]) => label),
      labelOf,
    ),
    brief: { format: (value) => briefLabels[value] ?? "–" },
    isText: true,
    inTable: true,
  };
}

/** Cut points' numbers; endless at a network's own output. */
type PlacesOf = (plan: Pick<PartitionedPlan, "exits">) => readonly number[];

/** "3, 7"; in a plan of other networks "small 1, output → model 11", and "small" where it has no exit. */
function placesLabel(
  plan: Pick<PartitionedPlan, "exits" | "chain">,
  titles: NetworkTitles,
  placesOf: PlacesOf,
): string {
  if (!plan.chain) return listedPlaces(placesOf(plan));
  return planNetworks(plan, titles.backbone)
    .map(({ member, exits }) => `${titles.short(member)} ${listedPlaces(placesOf({ exits }))}`.trim())
    .join(" → ");
}

/** "1, out → 11": the same without the networks' names. */
function briefPlaces(
  plan: Pick<PartitionedPlan, "exits" | "chain">,
  titles: NetworkTitles,
  placesOf: PlacesOf,
): string {
  return planNetworks(plan, titles.backbone)
    .map(({ exits }) => listedPlaces(placesOf({ exits }), "out") || "–")
    .join(" → ");
}

function listedPlaces(places: readonly number[], output = "output"): string {
  return places.map((place) => (Number.isFinite(place) ? place : place > 0 ? output : "?")).join(", ");
}

/** Number by number; of two that begin the same the shorter one first. */
function compareNumbers(one: readonly number[], other: readonly number[]): number {
  for (const [index, value] of one.entries()) {
    const against = other[index];
    if (against === undefined) return 1;
    if (value !== against) return value < against ? -1 : 1;
  }
  return one.length - other.length;
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
      writtenUnit: percent,
    },
  ];
}
