import {
  formatFactor,
  formatMs,
  formatPercent,
  formatPoints,
  formatSignedMs,
  formatSignedPercent,
  formatSignedPoints,
} from "../../base/format-number.ts";
import type { Summary } from "../../files/summary.ts";
import { planColumns } from "../plans/plan-columns.ts";

/** What running the exported files says beside what was predicted of them. */
export type Verified = Pick<
  Summary,
  | "backbone"
  | "plan"
  | "speedup"
  | "speedupPredicted"
  | "accuracyDropPp"
  | "accuracyDropHalfWidthPp"
  | "latencyErrorPct"
  | "machineDriftPct"
  | "decisionAgreement"
  | "weighted"
>;

/** A figure in words. */
export interface Figure {
  readonly text: string;
  /** Low and high of its 95 % interval: "92.4 to 93.5". */
  readonly interval?: string;
  /** With more digits than people read. */
  readonly exact?: string;
}

/** One figure of plan and backbone, by where it comes from; all are of the test split but for `calibration`. */
export interface VerifiedRow {
  readonly title: string;
  readonly backbone?: Figure;
  readonly measured?: Figure;
  readonly predicted?: Figure;
  /** Measured less predicted. */
  readonly difference?: string;
  /** As predicted, at the pace of the profile. */
  readonly profiled?: Figure;
  readonly calibration?: Figure;
}

const latencies = [planColumns.mean, planColumns.p50, planColumns.p95, planColumns.worst];

/** @param chosenRates exit rates on the calibration split, where they are known */
export function verifiedRows(verified: Verified, chosenRates: readonly number[] = []): VerifiedRow[] {
  return [
    accuracyRow(verified),
    ...latencies.map(({ id, fullTitle }) => latencyRow(verified, id as LatencyId, fullTitle)),
    ...rateRows(verified, chosenRates),
    ...ratioRows(verified),
  ];
}

type LatencyId = keyof Summary["backbone"]["latencyMs"];

function accuracyRow(verified: Verified): VerifiedRow {
  const { measured, predicted } = verified.plan;
  return {
    title: planColumns.accuracy.fullTitle,
    ...everyColumn(verified, ({ accuracy, accuracyInterval }) => ({
      text: formatPercent(accuracy),
      interval: accuracyInterval?.map((bound) => (100 * bound).toFixed(1)).join(" to "),
      exact: formatPercent(accuracy, 3),
    })),
    difference: formatSignedPoints(100 * (measured.accuracy - predicted.accuracy)),
  };
}

function latencyRow(verified: Verified, id: LatencyId, title: string): VerifiedRow {
  const { measured, predicted } = verified.plan;
  const columns = everyColumn(verified, ({ latencyMs }) => ({
    text: formatMs(latencyMs[id]),
    exact: `${latencyMs[id].toFixed(5)} ms`,
  }));
  return {
    title,
    ...(id === "mean" ? withPredictedInterval(columns, verified) : columns),
    difference: formatSignedMs(measured.latencyMs[id] - predicted.latencyMs[id]),
  };
}

/** By the profile's intervals, at its pace and at that of the verification. */
function withPredictedInterval(columns: ReturnType<typeof everyColumn>, { plan }: Verified) {
  const { predictedInterval, predicted, profiled } = plan;
  if (!predictedInterval) return columns;
  const drift = predicted.latencyMs.mean / profiled.latencyMs.mean;
  const interval = (pace: number) =>
    predictedInterval.meanMs.map((bound) => formatMs(bound * pace).replace(" ms", "")).join(" to ");
  return {
    ...columns,
    predicted: { ...columns.predicted, interval: interval(drift) },
    profiled: { ...columns.profiled, interval: interval(1) },
  };
}

function everyColumn({ backbone, plan }: Verified, figure: (figures: Summary["backbone"]) => Figure) {
  return {
    backbone: figure(backbone),
    calibration: figure(plan.calibration),
    predicted: figure(plan.predicted),
    profiled: figure(plan.profiled),
    measured: figure(plan.measured),
  };
}

function rateRows({ plan: { exitRates } }: Verified, chosenRates: readonly number[]): VerifiedRow[] {
  const { predicted, measured } = exitRates;
  return measured.map((rate, index) => {
    const isLast = index === measured.length - 1;
    return {
      title: isLast ? "Reach the backbone's output" : `Leave at exit ${index + 1}`,
      backbone: isLast ? share(1) : undefined,
      calibration: chosenRates[index] === undefined ? undefined : share(chosenRates[index]),
      predicted: share(predicted[index] ?? 0),
      measured: share(rate),
      difference: formatSignedPoints(100 * (rate - (predicted[index] ?? 0))),
    };
  });
}

function share(rate: number): Figure {
  return { text: formatPercent(rate) };
}

function ratioRows(verified: Verified): VerifiedRow[] {
  const { backbone, plan, speedup, speedupPredicted, accuracyDropPp, accuracyDropHalfWidthPp } = verified;
  const bounds = [accuracyDropPp - accuracyDropHalfWidthPp, accuracyDropPp + accuracyDropHalfWidthPp];
  const speedups = plan.predictedInterval?.speedup.map((bound) => formatFactor(bound)).join(" to ");
  const predictedDropPp = 100 * (backbone.accuracy - plan.predicted.accuracy);
  return [
    {
      title: "Speed-up of the mean",
      predicted: { text: formatFactor(speedupPredicted), interval: speedups },
      measured: { text: formatFactor(speedup) },
    },
    {
      title: "Speed-up of the p50",
      measured: { text: formatFactor(backbone.latencyMs.p50 / plan.measured.latencyMs.p50) },
    },
    {
      title: "Accuracy drop",
      predicted: { text: formatPoints(predictedDropPp) },
      measured: {
        text: formatPoints(accuracyDropPp),
        interval: bounds.map((bound) => formatPoints(bound).replace(" pp", "")).join(" to "),
      },
    },
  ];
}

/** In one line: "93.2 % (92.7 to 93.7)"; nothing for no figure. */
export function figureText(figure: Figure | undefined): string {
  if (!figure) return "";
  return figure.interval ? `${figure.text} (${figure.interval})` : figure.text;
}

/** How well the prediction held. */
export interface Agreement {
  readonly name: string;
  readonly value: string;
  readonly note: string;
}

export function agreements(verified: Verified): Agreement[] {
  const { plan, accuracyDropPp, accuracyDropHalfWidthPp } = verified;
  const asProfiledPct = 100 * (plan.profiled.latencyMs.mean / plan.measured.latencyMs.mean - 1);
  const isClear = Math.abs(accuracyDropPp) > accuracyDropHalfWidthPp;
  return [
    {
      name: "Latency error",
      value: formatSignedPercent(verified.latencyErrorPct),
      note: `predicted mean against measured; ${formatSignedPercent(asProfiledPct)} as profiled`,
    },
    {
      name: "Machine drift",
      value: formatSignedPercent(verified.machineDriftPct),
      note: "mean of the backbone here against its mean in the profile",
    },
    {
      name: "Decision agreement",
      value: formatPercent(verified.decisionAgreement, 2),
      note: "samples whose exit and class are the table's",
    },
    {
      name: "Accuracy drop",
      value: isClear ? "beyond chance" : "within chance",
      note: `the 95 % interval ${isClear ? "leaves 0 out" : "includes 0"}, worked out sample by sample`,
    },
  ];
}
