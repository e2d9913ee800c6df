import {
  formatCount,
  formatEnergy,
  formatEnergyRange,
  formatExactFactor,
  formatFactor,
  formatMs,
  formatPercent,
  formatPoints,
  formatRange,
  formatSignedEnergy,
  formatSignedMs,
  formatSignedPercent,
  formatSignedPoints,
} from "../../base/format-number.ts";
import type { Summary } from "../../files/summary.ts";
import type { LatencyFigures } from "../../model/plan.ts";
import { planColumns } from "../plans/plan-columns.ts";

/** What running the exported files says beside what was predicted of them. */
export type Verified = Pick<
  Summary,
  | "backbone"
  | "plan"
  | "speedup"
  | "verification"
  | "speedupPredicted"
  | "accuracyDropPp"
  | "accuracyDropHalfWidthPp"
  | "crossFit"
  | "latencyErrorPct"
  | "energyErrorPct"
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
    ...accuracyRows(verified),
    ...latencies.map(({ id, fullTitle }) => latencyRow(verified, id as LatencyId, fullTitle)),
    ...energyRows(verified),
    ...rateRows(verified, chosenRates),
    ...ratioRows(verified),
  ];
}

type LatencyId = keyof LatencyFigures;

const crossFitted = "cross-fitted";
const asChosen = "on images that the plan was chosen on";

/** Of a plan that was chosen on the very images the figures are as they are; the estimate has a row of its own. */
function accuracyRows(verified: Verified): VerifiedRow[] {
  const { crossFit } = verified;
  const row = accuracyRow(verified);
  if (!crossFit) return [row];
  const own = { ...row, title: `${row.title}, ${asChosen}` };
  const { pooled } = crossFit;
  if (!pooled) return [own];
  const { accuracy, accuracyInterval, backboneAccuracy } = pooled;
  return [
    own,
    {
      title: `${row.title}, ${crossFitted}`,
      backbone: shareFigure(backboneAccuracy),
      predicted: shareFigure(accuracy, accuracyInterval),
    },
  ];
}

function accuracyRow(verified: Verified): VerifiedRow {
  const { measured, predicted } = verified.plan;
  return {
    title: planColumns.accuracy.fullTitle,
    ...everyColumn(verified, ({ accuracy, accuracyInterval }) => shareFigure(accuracy, accuracyInterval)),
    difference: formatSignedPoints(100 * (measured.accuracy - predicted.accuracy)),
  };
}

function shareFigure(accuracy: number, interval?: readonly [number, number]): Figure {
  return {
    text: formatPercent(accuracy),
    interval: interval?.map((bound) => (100 * bound).toFixed(1)).join(" to "),
    exact: formatPercent(accuracy, 3),
  };
}

function latencyRow(verified: Verified, id: LatencyId, title: string): VerifiedRow {
  const { measured, predicted } = verified.plan;
  const columns = everyColumn(verified, ({ latencyMs }) => ({
    text: formatMs(latencyMs[id]),
    interval:
      id === "mean" && latencyMs.meanInterval ? formatRange(latencyMs.meanInterval, formatMs) : undefined,
    exact: `${latencyMs[id].toFixed(5)} ms`,
  }));
  return {
    title,
    ...(id === "mean" ? withPredictedInterval(columns, verified) : columns),
    difference: formatSignedMs(measured.latencyMs[id] - predicted.latencyMs[id]),
  };
}

/** Nothing where nobody knows an energy. */
function energyRows(verified: Verified): VerifiedRow[] {
  const { backbone, plan } = verified;
  const [measured, predicted] = [plan.measured, plan.predicted].map((own) => own.energyMillijoules);
  if (measured === undefined && predicted === undefined) return [];
  const profiled = plan.predictedInterval?.energyMillijoules;
  const figure = (
    energy: number | undefined,
    interval: readonly [number, number] | undefined,
  ): Figure | undefined =>
    energy === undefined
      ? undefined
      : {
          text: formatEnergy(energy),
          interval: interval && formatEnergyRange(interval),
          exact: `${energy.toFixed(5)} mJ`,
        };
  return [
    {
      title: planColumns.energy.fullTitle,
      backbone: figure(backbone.energyMillijoules, backbone.energyIntervalMillijoules),
      calibration: figure(plan.calibration.energyMillijoules, undefined),
      predicted: figure(predicted, undefined),
      profiled: figure(plan.profiled.energyMillijoules, profiled),
      measured: figure(measured, plan.measured.energyIntervalMillijoules),
      ...(measured !== undefined &&
        predicted !== undefined && { difference: formatSignedEnergy(measured - predicted) }),
    },
  ];
}

/** By the profile's intervals, at its pace and at that of the verification. */
function withPredictedInterval(columns: ReturnType<typeof everyColumn>, { plan }: Verified) {
  const { predictedInterval, predicted, profiled } = plan;
  if (!predictedInterval) return columns;
  const drift = predicted.latencyMs.mean / profiled.latencyMs.mean;
  const interval = (pace: number) =>
    formatRange([predictedInterval.meanMs[0] * pace, predictedInterval.meanMs[1] * pace], formatMs);
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

function rateRows({ plan: { exitRates, chain } }: Verified, chosenRates: readonly number[]): VerifiedRow[] {
  const { predicted, measured } = exitRates;
  const end = chain ? "Reach the end" : "Reach the backbone's output";
  return measured.map((rate, index) => {
    const isLast = index === measured.length - 1;
    return {
      title: isLast ? end : `Leave at exit ${index + 1}`,
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
  const { backbone, plan, speedupPredicted } = verified;
  const speedups = plan.predictedInterval?.speedup.map((bound) => formatFactor(bound)).join(" to ");
  return [
    {
      title: "Speed-up of the mean",
      predicted: { text: formatFactor(speedupPredicted), interval: speedups },
      measured: speedupFigure(verified),
    },
    {
      title: "Speed-up of the p50",
      measured: { text: formatFactor(backbone.latencyMs.p50 / plan.measured.latencyMs.p50) },
    },
    dropRow(verified),
  ];
}

function dropRow({ backbone, plan, crossFit, ...verified }: Verified): VerifiedRow {
  const { accuracyDropPp, accuracyDropHalfWidthPp } = verified;
  const bounds = [accuracyDropPp - accuracyDropHalfWidthPp, accuracyDropPp + accuracyDropHalfWidthPp];
  const drop: Figure = {
    text: formatPoints(accuracyDropPp),
    interval: bounds.map((bound) => formatPoints(bound).replace(" pp", "")).join(" to "),
  };
  if (crossFit?.pooled) return { title: `Accuracy drop, ${crossFitted}`, predicted: drop };
  const predicted = { text: formatPoints(100 * (backbone.accuracy - plan.predicted.accuracy)) };
  if (crossFit) return { title: `Accuracy drop, ${asChosen}`, predicted, measured: { text: drop.text } };
  return { title: "Accuracy drop", predicted, measured: drop };
}

function speedupFigure({ speedup, verification }: Pick<Verified, "speedup" | "verification">): Figure {
  const interval = verification?.speedupInterval;
  if (!interval) return { text: formatFactor(speedup) };
  return {
    text: formatExactFactor(speedup),
    interval: formatRange(interval, formatExactFactor),
  };
}

/** With its interval if there is one: "3.52x (3.45 to 3.60)". */
export function speedupText(verified: Pick<Verified, "speedup" | "verification">): string {
  return figureText(speedupFigure(verified));
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
  const { plan, crossFit, accuracyDropPp, accuracyDropHalfWidthPp, verification } = verified;
  const asProfiledPct = 100 * (plan.profiled.latencyMs.mean / plan.measured.latencyMs.mean - 1);
  const isClear = Math.abs(accuracyDropPp) > accuracyDropHalfWidthPp;
  return [
    {
      name: "Latency error",
      value: formatSignedPercent(verified.latencyErrorPct),
      note: `predicted mean against measured${withinText(verification?.isMeanWithin)}; ${formatSignedPercent(asProfiledPct)} as profiled`,
    },
    {
      name: "Machine drift",
      value: formatSignedPercent(verified.machineDriftPct),
      note: "mean of the backbone here against its mean in the profile",
    },
    ...energyAgreement(verified),
    {
      name: "Decision agreement",
      value: formatPercent(verified.decisionAgreement, 2),
      note: "samples whose exit and class are the table's",
    },
    {
      name: crossFit ? `Accuracy drop, ${crossFit.pooled ? crossFitted : asChosen}` : "Accuracy drop",
      value: isClear ? "beyond chance" : "within chance",
      note: `the 95 % interval ${isClear ? "leaves 0 out" : "includes 0"}, worked out sample by sample`,
    },
    ...(verification ? howVerified(verified, verification) : []),
  ];
}

function energyAgreement({ energyErrorPct }: Verified): Agreement[] {
  if (energyErrorPct === undefined) return [];
  return [
    {
      name: "Energy error",
      value: formatSignedPercent(energyErrorPct),
      note: "predicted against measured mean energy, by what the sensor counted of the backbone",
    },
  ];
}

function withinText(isWithin: boolean | undefined): string {
  if (isWithin === undefined) return "";
  return isWithin ? ", within its 95 % interval" : ", outside its 95 % interval";
}

function howVerified(
  { speedupPredicted }: Verified,
  { samples, available, isSpeedupWithin, blocks, leftOutBlocks }: NonNullable<Verified["verification"]>,
): Agreement[] {
  const agreements: Agreement[] = [];
  if (isSpeedupWithin !== undefined)
    agreements.push({
      name: "Predicted speed-up",
      value: isSpeedupWithin ? "within" : "outside",
      note: `${formatExactFactor(speedupPredicted)} is ${isSpeedupWithin ? "within" : "outside"} the 95 % interval of the measured one`,
    });
  agreements.push({
    name: "Samples run",
    value:
      samples < available
        ? `${formatCount(samples)} of ${formatCount(available)}`
        : `all ${formatCount(samples)}`,
    note:
      samples < available
        ? "of the test split, drawn class by class: as many as the time for verification allowed"
        : "of the test split",
  });
  if (leftOutBlocks > 0)
    agreements.push({
      name: "Bursts left out",
      value: `${leftOutBlocks} of ${blocks}`,
      note: "blocks of turns in which the machine held up one network alone; mean latencies and speed-up are of the others",
    });
  return agreements;
}
