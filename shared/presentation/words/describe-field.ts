import {
  formatBarePoints,
  formatCount,
  formatCounted,
  formatMs,
  formatPercent,
  formatPoints,
  formatRange,
  formatSignedPoints,
} from "../../base/format-number.ts";
import type { FieldReport, RateChange } from "../../field/field-report.ts";
import type { PartitionedPlan } from "../../model/plan.ts";
import type { Statement } from "../../model/statement.ts";
import { type PlaceNames, placeOfEnd, whereExitStands } from "./describe-plan.ts";

/** The plan that was counted, as people call its parts. */
export interface CountedPlan {
  readonly plan: Pick<PartitionedPlan, "exits" | "chain">;
  readonly places: PlaceNames;
}

type Speaker = (report: FieldReport, counted: CountedPlan) => readonly Statement[];

/** Of the calibration samples fewer than this share of equal ones are left where the field is far away. */
const farShare = 0.3;

/** A share that is worth a word. */
const noticedShare = 0.01;

/** What counts from the field come to, in the order of reading. */
export function fieldStatements(report: FieldReport, counted: CountedPlan): Statement[] {
  return speakers.flatMap((speak) => speak(report, counted));
}

const speakers: readonly Speaker[] = [
  (report) => [fieldVerdict(report)],
  changedRates,
  changedSureness,
  latencyThere,
  accuracyThere,
  farField,
  newThresholds,
];

/** Whether the field looks like calibration. */
export function fieldVerdict({ isShifted, inputs, samples }: FieldReport): Statement {
  const counts = `${formatCount(inputs)} inputs against ${formatCount(samples)} calibration samples`;
  return {
    id: "field",
    tone: isShifted ? "warn" : "good",
    text: isShifted
      ? `The field is not like calibration (${counts}).`
      : `The field looks like calibration: exit rates and confidences differ by no more than chance (${counts}).`,
    values: { inputs, samples },
  };
}

function changedRates({ comparison: { rates } }: FieldReport, { plan, places }: CountedPlan): Statement[] {
  if (!rates.isShifted) return [];
  const size = ({ differencePp }: RateChange) => Math.abs(differencePp);
  const most = rates.exits.reduce((largest, own) => (size(own) > size(largest) ? own : largest));
  const index = rates.exits.indexOf(most);
  const isEnd = index === plan.exits.length;
  const where = isEnd ? `the ${placeOfEnd(plan, places.networks)}` : exitName(index, { plan, places });
  const change = most.differencePp > 0 ? "more" : "fewer";
  const range = most.intervalPp.map(formatBarePoints).join(" to ");
  return [
    {
      id: "exitRates",
      tone: "warn",
      text:
        `${wholePoints(most.differencePp)} ${change} than on calibration are answered by ${where}: ${formatPercent(most.field)} ` +
        `against ${formatPercent(most.calibration)} (95 %: ${range} pp).`,
      values: { differencePp: most.differencePp, field: most.field, calibration: most.calibration },
    },
  ];
}

function changedSureness(report: FieldReport, counted: CountedPlan): Statement[] {
  return report.comparison.sureness.flatMap(({ isShifted }, index) =>
    isShifted ? surenessAt(report, index, counted) : [],
  );
}

/** Whether an exit is surer in the field than on calibration, or less sure. @param index of the exit */
export function surenessAt({ comparison }: FieldReport, index: number, counted: CountedPlan): Statement {
  const { isShifted, differencePp, halfWidthPp, from } = comparison.sureness[index];
  const change = differencePp > 0 ? "more" : "fewer";
  const gap =
    `of those that reach it ${wholePoints(differencePp)} (± ${wholePoints(halfWidthPp)}) ${change} have a confidence of ` +
    `${from.toFixed(2)} or above`;
  const kind = differencePp > 0 ? "surer" : "less sure";
  const exit = capital(exitName(index, counted));
  return {
    id: "sureness",
    tone: isShifted ? "warn" : "good",
    text: isShifted
      ? `${exit} is ${kind}: ${gap}.`
      : `${exit} is as sure as on calibration: ${gap}, which is chance.`,
    values: { exit: index, differencePp, halfWidthPp, from },
  };
}

function latencyThere({ latency }: FieldReport): Statement[] {
  const { calibrationMs, fieldMs, intervalMs, measured } = latency;
  const clock = measured
    ? ` The runner's own clock says ${formatMs(measured.meanMs)} (${formatRange(measured.intervalMs, formatMs)}) of ${formatCount(measured.inputs)} inputs.`
    : "";
  return [
    {
      id: "latency",
      tone: intervalMs[0] > calibrationMs ? "warn" : "plain",
      text:
        `Mean latency there: ${formatMs(fieldMs)} (95 %: ${formatRange(intervalMs, formatMs)}) by the profile, ` +
        `on calibration ${formatMs(calibrationMs)}.${clock}`,
      values: { fieldMs, calibrationMs, ...(measured && { measuredMs: measured.meanMs }) },
    },
  ];
}

/** Of a field like calibration the weights say no more than chance. */
function accuracyThere({ isShifted, estimate }: FieldReport): Statement[] {
  if (!isShifted || !estimate) return [];
  const { accuracy, calibrationAccuracy, backboneAccuracy, effectiveSamples } = estimate;
  return [
    {
      id: "accuracy",
      tone: "plain",
      text:
        `If images of one confidence are as often right there as on calibration, ${formatPercent(accuracy)} are right there, on calibration ` +
        `${formatPercent(calibrationAccuracy)} (an estimate without labels, worth ${formatCount(effectiveSamples)} samples).`,
      values: { accuracy, calibrationAccuracy, backboneAccuracy, effectiveSamples },
    },
  ];
}

function farField({ samples, estimate }: FieldReport): Statement[] {
  if (!estimate) return [];
  const { effectiveSamples } = estimate;
  const unmatched = Math.max(estimate.unmatched, estimate.residual);
  const isFar = effectiveSamples < farShare * samples;
  if (!isFar && unmatched < noticedShare) return [];
  const missing =
    unmatched < noticedShare ? "" : `; ${formatPercent(unmatched)} of the inputs do what none of them does`;
  return [
    {
      id: "farField",
      tone: "warn",
      text:
        `Few calibration samples are like the field: they are worth ${formatCount(effectiveSamples)} of ${formatCount(samples)}${missing}. ` +
        "Labelled images from there would say more.",
      values: { effectiveSamples, samples, unmatched },
    },
  ];
}

function newThresholds({ isShifted, exits, refitted, latency }: FieldReport): Statement[] {
  if (!refitted)
    return [
      {
        id: "thresholds",
        tone: "bad",
        text: "No new thresholds are chosen: too few calibration samples are like the field.",
        values: {},
      },
    ];
  if (!isShifted)
    return [
      { id: "thresholds", tone: "plain", text: "There is no reason to change the thresholds.", values: {} },
    ];
  const { figures, gainPp, gainHalfWidthPp, intervalMs } = refitted;
  const meanMs = figures.latencyMs.mean;
  const lost = exits.length - refitted.exits.length;
  const without = lost === 0 ? "" : ` and without ${formatCounted(lost, "exit")},`;
  return [
    {
      id: "thresholds",
      tone: "plain",
      text:
        `With new thresholds${without} mean latency there is ${formatMs(meanMs)} (95 %: ${formatRange(intervalMs, formatMs)}), within the ` +
        `${formatMs(latency.calibrationMs)} on calibration; accuracy changes by ${formatSignedPoints(gainPp)} ± ${formatPoints(gainHalfWidthPp)}, estimated in the same way.`,
      values: { meanMs, gainPp, gainHalfWidthPp },
    },
  ];
}

function exitName(index: number, { plan, places }: CountedPlan): string {
  return `exit ${index + 1} ${whereExitStands(plan.exits[index], plan, places)}`;
}

/** Shares of counts are known to no more than a tenth. */
function wholePoints(points: number): string {
  return `${Math.abs(points).toFixed(1)} pp`;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
