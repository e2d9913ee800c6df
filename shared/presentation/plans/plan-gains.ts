import {
  formatBytes,
  formatEnergy,
  formatFactor,
  formatMs,
  formatPercent,
  formatPoints,
  formatQuantity,
  formatSignedPoints,
} from "../../base/format-number.ts";
import { shareInterval } from "../../base/intervals.ts";
import type { PredictedInterval } from "../../evaluate/predicted-interval.ts";
import type { PlanFigures } from "../../model/plan.ts";

/** A plan's figure beside the backbone's, and what is gained: more than 1x is good. */
export interface PlanGain {
  readonly label: string;
  /** What is left out where the column is narrow. */
  readonly unit?: string;
  readonly plan: string;
  readonly backbone: string;
  readonly gain: string;
  readonly isWorse: boolean;
  /** 95 % intervals of the plan's value and of the gain. */
  readonly intervals?: readonly [string, string];
}

/** How far figures can be trusted; the difference is that of the same samples, percentage points. */
interface GainEvidence {
  readonly samples: number;
  readonly differencePp: number;
  readonly halfWidthPp: number;
  /** Where the mean latency lies by the profile's intervals. */
  readonly predicted?: PredictedInterval;
}

/** @param evidence none where only figures are known; there are no intervals then */
export function planGains(plan: PlanFigures, backbone: PlanFigures, evidence?: GainEvidence): PlanGain[] {
  const predicted = evidence?.predicted;
  const differencePp = evidence?.differencePp ?? 100 * (plan.accuracy - backbone.accuracy);
  const accuracy: PlanGain = {
    label: "accuracy",
    plan: formatPercent(plan.accuracy),
    backbone: formatPercent(backbone.accuracy),
    gain: formatSignedPoints(differencePp),
    isWorse: differencePp < 0,
    ...(evidence && { intervals: accuracyTexts(plan, evidence) }),
  };
  const latencies = (["mean", "p50", "p95", "worst"] as const).map((id) => ({
    ...costGain(id, plan.latencyMs[id], backbone.latencyMs[id], formatMs),
    unit: "latency",
    ...(id === "mean" && predicted && { intervals: predictedTexts(predicted) }),
  }));
  return [
    accuracy,
    ...latencies,
    ...energyGain(plan, backbone, predicted),
    costGain("mean MACs", plan.macs, backbone.macs, formatQuantity),
    costGain("size", plan.bytes, backbone.bytes, formatBytes),
  ];
}

function accuracyTexts({ accuracy }: PlanFigures, { samples, halfWidthPp }: GainEvidence): [string, string] {
  const [low, high] = shareInterval(accuracy * samples, samples);
  return [`${(100 * low).toFixed(1)}–${(100 * high).toFixed(1)}`, `± ${formatPoints(halfWidthPp)}`];
}

/** Nothing where one isn't known. */
function energyGain(
  { energyMillijoules: own }: PlanFigures,
  { energyMillijoules: whole }: PlanFigures,
  predicted: PredictedInterval | undefined,
): PlanGain[] {
  if (own === undefined || whole === undefined) return [];
  const bounds = predicted?.energyMillijoules;
  return [
    {
      ...costGain("mean energy", own, whole, formatEnergy),
      ...(bounds && { intervals: intervalTexts(bounds, formatEnergy, whole) }),
    },
  ];
}

/** Of an energy and of how many times less it is than the backbone's. */
function intervalTexts(
  [low, high]: readonly [number, number],
  format: (value: number) => string,
  whole: number,
): [string, string] {
  return [`${format(low)}–${format(high)}`, `${formatFactor(whole / high)}–${formatFactor(whole / low)}`];
}

function predictedTexts({ meanMs, speedup }: PredictedInterval): [string, string] {
  const [latencies, factors] = [meanMs.map(formatMs), speedup.map(formatFactor)];
  return [latencies, factors].map(([low, high]) => `${low.replace(" ms", "")}–${high}`) as [string, string];
}

function costGain(
  label: string,
  plan: number,
  backbone: number,
  format: (value: number) => string,
): PlanGain {
  return {
    label,
    plan: format(plan),
    backbone: format(backbone),
    gain: formatFactor(backbone / plan),
    isWorse: plan > backbone,
  };
}
