import { join } from "node:path";
import type { Summary } from "../../shared/files/summary.ts";
import type { Guarantee } from "../../shared/guarantee/guarantee.ts";
import { type Constraint, constraintOf } from "../../shared/model/constraints.ts";
import type { Miss, UseCase } from "../../shared/model/use-case.ts";
import { describeGuarantee, untestedGuarantee } from "../../shared/presentation/describe-guarantee.ts";
import { describeWeighting } from "../../shared/presentation/describe-weighting.ts";
import { factor, interval, latencies, milliseconds, percent, points, table } from "./format.ts";

const formats: Readonly<Record<Constraint["unit"], (value: number) => string>> = {
  milliseconds,
  points,
  share: (share) => percent(share, 2),
  bytes: (bytes) => `${bytes} bytes`,
};

/** A constraint that a plan breaks, in words. */
export function missText({ constraint, wanted, got }: Miss, measure: UseCase["latency"]): string {
  const { name, bound, unit } = constraintOf(constraint);
  const format = formats[unit];
  return `${name(measure)} ${format(got)}, wanted at ${bound} ${format(wanted)}`;
}

/** What is guaranteed of the recommended plan, if a confidence was wanted. */
export function guaranteeLines(
  { confidence }: UseCase,
  guarantee: Guarantee | undefined,
  exits: number,
): string[] {
  if (confidence === undefined) return [];
  return [`guarantee: ${guarantee ? describeGuarantee(guarantee, exits) : untestedGuarantee}`];
}

/** A run's result as text for a terminal. */
export function describeSummary(summary: Summary, folder: string): string {
  const { backbone, plan, useCase } = summary;
  const exits = plan.exits.map(({ cutPoint, head, policy, threshold }, index) => [
    `${index + 1}`,
    cutPoint,
    head,
    `${policy} >= ${threshold.toFixed(4)}`,
    percent(plan.exitRates.predicted[index]),
    percent(plan.exitRates.measured[index]),
  ]);
  const last = [
    "-",
    "backbone",
    "",
    "",
    ...[plan.exitRates.predicted, plan.exitRates.measured].map((rates) => percent(rates.at(-1)!)),
  ];
  const figures = (name: string, { accuracy, accuracyInterval, latencyMs }: Summary["backbone"]) =>
    `${name}  ${percent(accuracy, 2)}${accuracyInterval ? ` ${interval(accuracyInterval)}` : ""}, ${latencies(latencyMs)}`;
  return [
    "",
    table(["exit", "cut point", "head", "leaves if", "predicted", "measured"], [...exits, last]),
    "",
    figures("backbone ", backbone),
    figures("predicted", plan.predicted),
    figures("measured ", plan.measured),
    "",
    verdict(summary),
    ...(summary.weighted ? [describeWeighting(summary.weighted)] : []),
    `predicted mean latency off by ${summary.latencyErrorPct.toFixed(1)} %, decisions agree on ${percent(summary.decisionAgreement, 2)} of the test samples`,
    ...(plan.feasible
      ? []
      : [
          `the use case can't be met; nearest plan: ${plan.misses.map((miss) => missText(miss, useCase.latency)).join("; ")}`,
        ]),
    ...guaranteeLines(useCase, summary.guarantee, plan.exits.length),
    ...unreadableNote(summary.data.unreadable),
    `search: ${summary.search.algorithm}, ${summary.search.proven ? "front proven" : "front not proven"}, ${summary.search.evaluations} plans in ${summary.search.seconds.toFixed(1)} s`,
    `all of it took ${summary.wallSeconds.toFixed(0)} s; open ${join(folder, "report.html")}`,
  ].join("\n");
}

function unreadableNote(paths: readonly string[]): string[] {
  if (paths.length === 0) return [];
  const named = paths.slice(0, 3).join(", ");
  return [
    `${paths.length} images could not be read and were left out: ${named}${paths.length > 3 ? ", …" : ""}`,
  ];
}

function verdict({ speedup, speedupP50, accuracyDropPp, accuracyDropHalfWidthPp, plan }: Summary): string {
  if (plan.exits.length === 0) return "no plan with exits beats the backbone alone here";
  const pace = speedup >= 1 ? "faster" : "SLOWER than the backbone";
  return `${factor(speedup)} ${pace} on average (${factor(speedupP50)} at the median), accuracy drop ${points(accuracyDropPp, accuracyDropHalfWidthPp)}`;
}
