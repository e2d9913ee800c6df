import {
  formatFactor,
  formatMs,
  formatPercent,
  formatPoints,
  formatSignedPercent,
} from "../../shared/base/format-number.ts";
import type { ExportResult } from "../../shared/ipc/channels.ts";
import { describeWeighting } from "../../shared/presentation/describe-weighting.ts";

export type Verification = NonNullable<ExportResult["verification"]>;

export interface Verdict {
  readonly tone: "good" | "plain" | "bad";
  readonly text: string;
}

/** Factors within this of 1 are no difference that a measurement on a desktop machine can tell. */
const sameSpeed = 0.02;

/** What the measurement says about the plan against the backbone, in one sentence; a loss is said plainly. */
export function verdictOf(verification: Verification): Verdict {
  const { speedup, accuracyDropPp: drop, accuracyDropHalfWidthPp: halfWidth } = verification;
  const faster = speedup > 1 + sameSpeed;
  const slower = speedup < 1 - sameSpeed;
  const lessAccurate = drop > halfWidth;
  const speed = faster
    ? `${formatFactor(speedup)} as fast as the backbone`
    : slower
      ? `${formatFactor(1 / speedup)} slower than the backbone`
      : "no faster than the backbone";
  const accuracy = accuracyWords(drop, halfWidth);
  if (slower || (!faster && lessAccurate))
    return { tone: "bad", text: `Worse than the backbone: ${speed}, ${accuracy}.` };
  const text = `${speed.charAt(0).toUpperCase()}${speed.slice(1)}, ${accuracy}.`;
  return { tone: faster ? "good" : "plain", text };
}

function accuracyWords(drop: number, halfWidth: number): string {
  const interval = `± ${formatPoints(halfWidth)}`;
  if (drop > halfWidth) return `${formatPoints(drop)} ${interval} less accurate`;
  if (-drop > halfWidth) return `${formatPoints(-drop)} ${interval} more accurate`;
  return `equally accurate within ${interval}`;
}

/** One line of the table: the same figure of the backbone, as predicted for the plan, and as measured. */
export interface ComparedFigure {
  readonly name: string;
  readonly backbone: string;
  readonly predicted: string;
  readonly measured: string;
}

export function comparedFigures({
  backbone,
  plan,
  speedup,
  speedupPredicted,
}: Verification): ComparedFigure[] {
  const { predicted, measured, exitRates } = plan;
  const latency = (name: string, key: keyof typeof measured.latencyMs): ComparedFigure => ({
    name,
    backbone: formatMs(backbone.latencyMs[key]),
    predicted: formatMs(predicted.latencyMs[key]),
    measured: formatMs(measured.latencyMs[key]),
  });
  const last = exitRates.measured.length - 1;
  return [
    {
      name: "Accuracy",
      backbone: withInterval(backbone),
      predicted: withInterval(predicted),
      measured: withInterval(measured),
    },
    ...exitRates.measured.map((rate, index) => ({
      name: index === last ? "Reach the end" : `Leave at exit ${index + 1}`,
      backbone: index === last ? formatPercent(1) : "",
      predicted: formatPercent(exitRates.predicted[index] ?? 0),
      measured: formatPercent(rate),
    })),
    latency("Mean latency", "mean"),
    latency("p50 latency", "p50"),
    latency("p95 latency", "p95"),
    {
      name: "Speed-up of the mean",
      backbone: "",
      predicted: formatFactor(speedupPredicted),
      measured: formatFactor(speedup),
    },
  ];
}

function withInterval({ accuracy, accuracyInterval }: Verification["backbone"]): string {
  const share = formatPercent(accuracy);
  if (!accuracyInterval) return share;
  const [low, high] = accuracyInterval.map((bound) => formatPercent(bound).replace(" %", ""));
  return `${share} (${low} to ${high})`;
}

/** How well the prediction held, line by line. */
export function agreementLines({
  accuracyDropPp,
  accuracyDropHalfWidthPp,
  latencyErrorPct,
  decisionAgreement,
  machineDriftPct,
}: Verification): { readonly name: string; readonly value: string }[] {
  return [
    {
      name: "Accuracy drop",
      value: `${formatPoints(accuracyDropPp)} ± ${formatPoints(accuracyDropHalfWidthPp)}`,
    },
    { name: "Error of the predicted mean latency", value: formatSignedPercent(latencyErrorPct) },
    { name: "Decisions as predicted", value: formatPercent(decisionAgreement) },
    {
      name: "Machine slower than when it was profiled",
      value: formatSignedPercent(machineDriftPct),
    },
  ];
}

/** All of it as text, for a message or a notebook. */
export function verificationText(verification: Verification): string {
  const rows = comparedFigures(verification).map(
    ({ name, backbone, predicted, measured }) =>
      `${name}: predicted ${predicted}, measured ${measured}${backbone && `, backbone ${backbone}`}`,
  );
  const agreement = agreementLines(verification).map(({ name, value }) => `${name}: ${value}`);
  const weighting = verification.weighted ? [describeWeighting(verification.weighted)] : [];
  return [verdictOf(verification).text, ...rows, ...agreement, ...weighting].join("\n");
}
