import {
  formatCount,
  formatFactor,
  formatMs,
  formatPercent,
  formatPoints,
  formatSignedPercent,
} from "../../../shared/base/format-number.ts";
import { asSentence } from "../../../shared/base/sentence.ts";
import type { Summary } from "../../../shared/files/summary.ts";
import { type ConstraintCheck, constraintChecks, missedBy } from "./constraint-checks.ts";
import type { ReportData } from "./report-data.ts";

/** Speed-ups this close to 1 are called as fast. */
const sameSpeed = 0.005;

/** Above these a person should know before trusting the predictions, per cent. */
const notableLatencyErrorPct = 10;
const notableDriftPct = 10;
const notableDisagreement = 0.001;

/** What the run says, in one sentence of measured figures. */
export function outcomeSentence(summary: Summary): string {
  const { exits, exitRates } = summary.plan;
  const early = exitRates.measured.slice(0, exits.length).reduce((sum, rate) => sum + rate, 0);
  const opening =
    exits.length === 0
      ? "The plan has no exits and is the backbone alone"
      : `${exits.length} ${exits.length === 1 ? "exit answers" : "exits answer"} ${formatPercent(early, 0)} of the inputs early`;
  return `${opening}: ${speedClause(summary.speedup)}, ${accuracyClause(summary)}.`;
}

function speedClause(speedup: number): string {
  if (Math.abs(speedup - 1) < sameSpeed) return "as fast as the backbone on average";
  return speedup > 1
    ? `${formatFactor(speedup)} faster on average`
    : `${formatFactor(1 / speedup)} slower on average`;
}

function accuracyClause({ accuracyDropPp: drop, accuracyDropHalfWidthPp: halfWidth }: Summary): string {
  const loss = Math.abs(drop);
  const points = formatPoints(loss);
  const [low, high] = [loss - halfWidth, loss + halfWidth].map((bound) =>
    formatPoints(bound).replace(" pp", ""),
  );
  const interval = `(95 % interval ${low} to ${high})`;
  if (Number.parseFloat(points) === 0) return `as accurate as the backbone ${interval}`;
  return `${points} ${drop > 0 ? "less" : "more"} accurate ${interval}`;
}

/** What a reader should know before relying on the plan, worst first; empty if nothing. */
export function caveats(data: ReportData): string[] {
  const { summary, backbone } = data;
  return [
    ...worseThanBackbone(summary),
    ...constraintChecks(data).flatMap((check) => missedConstraint(check, summary)),
    ...[...backbone.warnings, ...summary.data.warnings].map(({ text }) => asSentence(text)),
    ...unreliablePredictions(summary),
    ...limitedEvidence(summary),
  ];
}

function worseThanBackbone({ speedup, accuracyDropPp, plan }: Summary): string[] {
  if (plan.exits.length === 0 || speedup >= 1 - sameSpeed) return [];
  const accuracy = accuracyDropPp > 0 ? " and less accurate" : "";
  return [
    `This plan is slower${accuracy} than the backbone that it starts from. Deploy the backbone instead.`,
  ];
}

function missedConstraint(check: ConstraintCheck, { accuracyDropHalfWidthPp }: Summary): string[] {
  const { title, bound, wanted, chosen, measured, format, formatGap } = check;
  const wish = `at ${bound} ${format(wanted)} ${title}`;
  const chosenGap = missedBy(check, chosen);
  const measuredGap = missedBy(check, measured);
  const test =
    measuredGap > 0
      ? `${format(measured)} measured on the test split, ${formatGap(measuredGap)} off`
      : `${format(measured)} measured on the test split, which keeps to it`;
  if (chosenGap > 0)
    return [
      `The use case is missed: ${wish} wanted. The nearest plan has ${format(chosen)} on the calibration split, ${formatGap(chosenGap)} off; ${test}.`,
    ];
  if (measuredGap === 0) return [];
  const withinInterval = format === formatPoints && measuredGap <= accuracyDropHalfWidthPp;
  const chance = withinInterval ? " The miss is within the 95 % interval." : "";
  return [
    `The use case is met on the calibration split but missed on the test split: ${wish} wanted, ${test}.${chance}`,
  ];
}

function unreliablePredictions(summary: Summary): string[] {
  const { latencyErrorPct, machineDriftPct, decisionAgreement, data, plan } = summary;
  const notes: string[] = [];
  if (Math.abs(machineDriftPct) >= notableDriftPct)
    notes.push(
      `The machine changed under the run: the backbone took ${formatSignedPercent(machineDriftPct)} at verification against its profile. Predictions are scaled by that; as profiled, the plan's mean would be ${formatMs(plan.profiled.latencyMs.mean)}.`,
    );
  if (Math.abs(latencyErrorPct) >= notableLatencyErrorPct)
    notes.push(`The predicted mean latency is ${formatSignedPercent(latencyErrorPct)} off the measured one.`);
  if (decisionAgreement < 1 - notableDisagreement)
    notes.push(
      `The exported file decides otherwise than the confidence table on ${formatCount((1 - decisionAgreement) * data.samples.test)} of ${formatCount(data.samples.test)} test samples.`,
    );
  return notes;
}

function limitedEvidence({ search, data }: Summary): string[] {
  const notes: string[] = [];
  if (!search.proven) notes.push("The front is not proven: plans that the search did not try may be better.");
  if (data.unreadable.length > 0)
    notes.push(
      `${formatCount(data.unreadable.length)} files of the data set could not be read and were left out.`,
    );
  return notes;
}
