import { AppError } from "../base/errors.ts";
import { formatBytes, formatEnergy, formatMs, formatPercent, formatPoints } from "../base/format-number.ts";
import type { PlanFigures } from "./plan.ts";
import { type ConstraintField, frontMeasure, type UseCase } from "./use-case.ts";

/** How values of a kind are written and typed. */
export interface Unit {
  readonly format: (value: number) => string;
  /** Formats a difference of two values. */
  readonly formatGap: (gap: number) => string;
  /** What people type values in, and how that becomes the use case's own unit and back. */
  readonly symbol: string;
  readonly read: (typed: number) => number;
  readonly show: (value: number) => number;
}

function unit(symbol: string, format: Unit["format"], others: Partial<Unit> = {}): Unit {
  const same = (value: number) => value;
  return { symbol, format, formatGap: format, read: same, show: same, ...others };
}

/** A wish is shown as it was stated, however small. */
function formatBudget(ms: number): string {
  const text = formatMs(ms);
  return ms > 0 && Number.parseFloat(text) === 0 ? `${Number(ms.toPrecision(1))} ms` : text;
}

export const units = {
  milliseconds: unit("ms", formatBudget),
  millijoules: unit("mJ", formatEnergy),
  points: unit("pp", formatPoints),
  share: unit("%", (share) => formatPercent(share, 2), {
    formatGap: (gap) => formatPoints(100 * gap),
    read: (percent) => percent / 100,
    show: (share) => Number((100 * share).toFixed(4)),
  }),
  bytes: unit("MB", formatBytes, {
    read: (megabytes) => Math.round(megabytes * 1e6),
    show: (bytes) => bytes / 1e6,
  }),
} as const satisfies Record<string, Unit>;

/** What a plan is judged by. */
export interface Judged {
  readonly figures: PlanFigures;
  /** On the same split (0-1). */
  readonly backboneAccuracy: number;
}

/** One constraint of a use case: how a plan's figures are read for it, and how it is worded. */
export interface Constraint {
  readonly field: ConstraintField;
  /** Whether the wanted value is the largest or the smallest that is allowed. */
  readonly bound: "max" | "min";
  readonly about: "accuracy" | "speed" | "size";
  /** The constraint as a form's label. */
  readonly title: string;
  /** The command line's flag, its value's name, and what it says in help. */
  readonly flag: string;
  readonly placeholder: string;
  readonly description: string;
  readonly unit: keyof typeof units;
  /** The smallest and the largest value that make sense, in the use case's own unit. */
  readonly range: readonly [number, number];
  /** What is limited, and the same in a word or two; the measure is the use case's latency. */
  readonly name: (measure: UseCase["latency"]) => string;
  readonly shortName: (measure: UseCase["latency"]) => string;
  /** What the plan attains, in the use case's own unit. */
  readonly got: (judged: Judged, measure: UseCase["latency"]) => number;
  /** By how much the plan exceeds what was wanted, as share of it; not above 0 if it meets it. */
  readonly excess: (wanted: number, judged: Judged, measure: UseCase["latency"]) => number;
}

/** A limit from above on a figure. */
function atMost(field: ConstraintField, rest: Omit<Constraint, "field" | "bound" | "excess">): Constraint {
  const excess: Constraint["excess"] = (wanted, judged, measure) => {
    const got = rest.got(judged, measure);
    return wanted > 0 ? got / wanted - 1 : got;
  };
  return { field, bound: "max", ...rest, excess };
}

/** By which share of a floor an accuracy stays below it; not above 0 if it doesn't. */
export function shortfall(accuracy: number, floor: number): number {
  return floor > 0 ? 1 - accuracy / floor : 0;
}

/** Every constraint that a use case may state, in the order that people read them. */
export const constraints: readonly Constraint[] = [
  {
    field: "maxDropPp",
    bound: "max",
    about: "accuracy",
    title: "Largest accuracy drop",
    flag: "--max-drop",
    placeholder: "pp",
    description: "largest accuracy drop against the backbone, percentage points",
    range: [0, 100],
    unit: "points",
    name: () => "accuracy drop",
    shortName: () => "drop",
    got: ({ figures, backboneAccuracy }) => 100 * (backboneAccuracy - figures.accuracy),
    excess: (wanted, { figures, backboneAccuracy }) =>
      shortfall(figures.accuracy, backboneAccuracy - wanted / 100),
  },
  {
    field: "minAccuracy",
    bound: "min",
    about: "accuracy",
    title: "Least accuracy",
    flag: "--min-accuracy",
    placeholder: "percent",
    description: "accuracy floor, such as 93",
    range: [0.01, 1],
    unit: "share",
    name: () => "accuracy",
    shortName: () => "accuracy",
    got: ({ figures }) => figures.accuracy,
    excess: (wanted, { figures }) => shortfall(figures.accuracy, wanted),
  },
  atMost("maxLatencyMs", {
    about: "speed",
    title: "Latency budget",
    flag: "--max-latency",
    placeholder: "ms",
    description: "latency budget",
    range: [1e-6, Number.POSITIVE_INFINITY],
    unit: "milliseconds",
    name: (measure) => `${measure} latency`,
    shortName: (measure) => measure,
    got: ({ figures }, measure) => figures.latencyMs[measure],
  }),
  atMost("maxP95Ms", {
    about: "speed",
    title: "Largest p95 latency",
    flag: "--max-p95",
    placeholder: "ms",
    description: "largest 95th percentile of the latency, beside whatever --latency speaks of",
    range: [1e-6, Number.POSITIVE_INFINITY],
    unit: "milliseconds",
    name: () => "p95 latency",
    shortName: () => "p95",
    got: ({ figures }) => figures.latencyMs.p95,
  }),
  atMost("maxWorstMs", {
    about: "speed",
    title: "Largest worst-case latency",
    flag: "--max-worst",
    placeholder: "ms",
    description: "largest latency of any sample",
    range: [1e-6, Number.POSITIVE_INFINITY],
    unit: "milliseconds",
    name: () => "worst-case latency",
    shortName: () => "worst",
    got: ({ figures }) => figures.latencyMs.worst,
  }),
  atMost("maxBackboneRate", {
    about: "speed",
    title: "Largest share to the end",
    flag: "--max-backbone-rate",
    placeholder: "percent",
    description: "largest share of samples that travel to the backbone's end, such as a server's load",
    range: [0, 1],
    unit: "share",
    name: () => "share that reaches the end",
    shortName: () => "to the end",
    got: ({ figures }) => figures.exitRates[figures.exitRates.length - 1],
  }),
  atMost("maxEnergyMillijoules", {
    about: "speed",
    title: "Largest energy",
    flag: "--max-energy",
    placeholder: "mJ",
    description: "largest mean energy of a sample, where the profile says what energy things take",
    range: [1e-6, Number.POSITIVE_INFINITY],
    unit: "millijoules",
    name: () => "energy",
    shortName: () => "energy",
    // Where energy isn't known nobody can say that a plan keeps within it.
    got: ({ figures }) => figures.energyMillijoules ?? Number.POSITIVE_INFINITY,
  }),
  atMost("maxBytes", {
    about: "size",
    title: "Largest size of all weights",
    flag: "--max-bytes",
    placeholder: "n",
    description: "largest size of all weights",
    range: [1, Number.POSITIVE_INFINITY],
    unit: "bytes",
    name: () => "size of all weights",
    shortName: () => "size",
    got: ({ figures }) => figures.bytes,
  }),
  atMost("maxMemoryBytes", {
    about: "size",
    title: "Largest memory",
    flag: "--max-memory",
    placeholder: "n",
    description: "largest size of all weights and peak activations together",
    range: [1, Number.POSITIVE_INFINITY],
    unit: "bytes",
    name: () => "memory of weights and activations",
    shortName: () => "memory",
    // Where activations aren't known a search refuses the constraint; elsewhere no plan is to blame.
    got: ({ figures }) => figures.bytes + (figures.peakActivationBytes ?? 0),
  }),
];

/** The limit on what the front counts. */
export function budgetField(useCase: Pick<UseCase, "axis" | "latency">) {
  return frontMeasure(useCase) === "energy" ? "maxEnergyMillijoules" : "maxLatencyMs";
}

const spreadFields = [
  "maxLatencyMs",
  "maxP95Ms",
  "maxWorstMs",
  "maxBackboneRate",
  "maxEnergyMillijoules",
] as const;

/** The use case's limits on how samples spread over the exits, which neither accuracy nor size nor what the front counts determines. */
export function spreadLimits(
  useCase: UseCase,
): readonly { readonly field: (typeof spreadFields)[number]; readonly wanted: number }[] {
  const budget = budgetField(useCase);
  return spreadFields.flatMap((field) => {
    const wanted = useCase[field];
    return field === budget || wanted === undefined ? [] : [{ field, wanted }];
  });
}

export function constraintOf(field: ConstraintField): Constraint {
  const found = constraints.find((constraint) => constraint.field === field);
  if (!found) throw new AppError("internal", `no constraint '${field}'`);
  return found;
}

/** A constraint in a few words: `drop ≤ 0.50 pp`. */
export function describeConstraint(
  field: ConstraintField,
  wanted: number,
  measure: UseCase["latency"],
): string {
  const constraint = constraintOf(field);
  return `${constraint.shortName(measure)} ${limitText(constraint, wanted)}`;
}

/** `≤ 0.50 pp`. */
export function limitText({ bound, unit }: Constraint, wanted: number): string {
  return `${bound === "max" ? "≤" : "≥"} ${units[unit].format(wanted)}`;
}

/** The drop assumed acceptable where the use case states neither accuracy nor speed, percentage points. */
const DEFAULT_MAX_DROP_PP = 0.5;

/** The use case with the default drop where it wants neither accuracy nor speed, or a guarantee of no accuracy. */
export function withDefaultDrop(useCase: UseCase): UseCase {
  const speaks: readonly Constraint["about"][] =
    useCase.confidence === undefined ? ["accuracy", "speed"] : ["accuracy"];
  const isSilent = constraints.every(
    ({ about, field }) => !speaks.includes(about) || useCase[field] === undefined,
  );
  return isSilent ? { ...useCase, maxDropPp: DEFAULT_MAX_DROP_PP } : useCase;
}

/** The use case without its limits on how samples spread over the exits. */
export function withoutSpreadLimits(useCase: UseCase): UseCase {
  return { ...useCase, ...Object.fromEntries(spreadLimits(useCase).map(({ field }) => [field, undefined])) };
}

/** A constraint beside what a plan attains. */
export interface ConstraintCheck {
  readonly constraint: Constraint;
  readonly wanted: number;
  readonly got: number;
  readonly excess: number;
  readonly isMet: boolean;
}

/** Shares of samples are exact, differences and percentages of them aren't. */
export const ROUNDING = 1e-9;

/** Every constraint that the use case states, the default drop included. */
export function checkConstraints(useCase: UseCase, judged: Judged): ConstraintCheck[] {
  const stated = withDefaultDrop(useCase);
  const { latency } = stated;
  return constraints.flatMap((constraint) => {
    const wanted = stated[constraint.field];
    if (wanted === undefined) return [];
    const excess = constraint.excess(wanted, judged, latency);
    const got = constraint.got(judged, latency);
    return [{ constraint, wanted, got, excess, isMet: excess <= ROUNDING }];
  });
}
