import { join } from "node:path";
import { plainName } from "../../shared/base/plain-name.ts";
import type { NetworkFigures, Summary } from "../../shared/files/summary.ts";
import { statementLine } from "../../shared/model/statement.ts";
import type { ReportData } from "../engine/index.ts";
import { compact, factor, interval, latencies, milliseconds, percent, table } from "./format.ts";

/** A network of several, on its own. */
function networkLine({
  name,
  accuracy,
  accuracyInterval,
  latencyMs,
  macs,
  parameters,
  speedup,
}: NetworkFigures) {
  const size = `${compact(macs)} MACs, ${compact(parameters)} parameters`;
  return `${plainName(name)} alone  ${percent(accuracy, 2)} ${interval(accuracyInterval)}, mean ${milliseconds(latencyMs.mean)} as profiled, ${factor(speedup)} as fast as the backbone; ${size}`;
}

/** A run's result as a person reads it in a terminal. */
export function describeRun({ summary }: Pick<ReportData, "summary">, folder: string): string[] {
  const { backbone, plan } = summary;
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
    ...table(["exit", "cut point", "head", "leaves if", "predicted", "measured"], [...exits, last]),
    "",
    figures("backbone ", backbone),
    figures("predicted", plan.predicted),
    figures("measured ", plan.measured),
    ...(summary.networks ?? []).map(networkLine),
    ...summary.references.map(({ name, accuracy, accuracyInterval, latencyMs, speedup }) => {
      const right = `${percent(accuracy, 2)}${accuracyInterval ? ` ${interval(accuracyInterval)}` : ""}`;
      return `${plainName(name)}  ${right}, mean ${milliseconds(latencyMs.mean)} as profiled, ${factor(speedup)} as fast as the backbone`;
    }),
    `predicted mean latency off by ${summary.latencyErrorPct.toFixed(1)} %, decisions agree on ${percent(summary.decisionAgreement, 2)} of the test samples`,
    "",
    `search: ${summary.search.algorithm}, ${summary.search.proven ? "front proven" : "front not proven"}, ${summary.search.evaluations} plans in ${summary.search.seconds.toFixed(1)} s`,
    `all of it took ${summary.wallSeconds.toFixed(0)} s; open ${join(folder, "report.html")}`,
    "",
    ...summary.verdict.map(statementLine),
  ];
}
