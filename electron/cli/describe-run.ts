import { join } from "node:path";
import { formatBytes } from "../../shared/base/format-number.ts";
import { plainName } from "../../shared/base/plain-name.ts";
import type { NetworkFigures, Summary } from "../../shared/files/summary.ts";
import { statementLine } from "../../shared/model/statement.ts";
import { onChosenImages } from "../../shared/presentation/words/describe-cross-fit.ts";
import { describeChain, placeOfEnd } from "../../shared/presentation/words/describe-plan.ts";
import { describePrediction, describeQuality } from "../../shared/presentation/words/describe-quality.ts";
import { type NetworkTitles, networkTitles } from "../../shared/presentation/words/network-titles.ts";
import type { ReportData } from "../engine/index.ts";
import { exitCells } from "./describe-exits.ts";
import { describeOffered } from "./describe-offered.ts";
import { describeTunedFront } from "./describe-tuned-front.ts";
import {
  compact,
  factor,
  interval,
  latencies,
  milliseconds,
  percent,
  points,
  samplesRun,
  spread,
  table,
  within,
} from "./format.ts";

/** A network of several, on its own. */
function networkLine(
  { sha256, latencyMs, macs, parameters, speedup, ...one }: NetworkFigures,
  titles: NetworkTitles,
): string {
  const size = `${compact(macs)} MACs, ${compact(parameters)} parameters`;
  const figures = `${accuracyText(one)}, mean ${milliseconds(latencyMs.mean)} as profiled`;
  return sha256 === titles.backbone
    ? `${titles.whole(sha256)}, the backbone  ${figures}; ${size}`
    : `${titles.whole(sha256)} alone  ${figures}, ${factor(speedup)} as fast as the backbone; ${size}`;
}

/** A run's result as a person reads it in a terminal. */
export function describeRun(
  { summary, front, backbone: model }: Pick<ReportData, "summary" | "front" | "backbone">,
  folder: string,
): string[] {
  const { backbone, plan, crossFit, verification } = summary;
  const networks = summary.networks ?? [];
  const titles = networkTitles(networks);
  const exits = plan.exits.map((exit, index) => [
    `${index + 1}`,
    ...exitCells(exit, plan, titles),
    `${exit.policy} >= ${exit.threshold.toFixed(4)}`,
    percent(plan.exitRates.predicted[index]),
    percent(plan.exitRates.measured[index]),
  ]);
  const last = [
    "-",
    placeOfEnd(plan, titles),
    "",
    "",
    ...[plan.exitRates.predicted, plan.exitRates.measured].map((rates) => percent(rates.at(-1)!)),
  ];
  const chain = describeChain(plan, titles);
  const figures = (name: string, network: Summary["backbone"]) =>
    `${name}  ${accuracyText(network)}${crossFit && !network.accuracyInterval ? ` (${onChosenImages})` : ""}, ${latencies(network.latencyMs)}`;
  return [
    "",
    ...table(["exit", "cut point", "head", "leaves if", "predicted", "measured"], [...exits, last]),
    ...(chain ? [`goes through ${chain}`] : []),
    "",
    figures("backbone ", backbone),
    figures("predicted", plan.predicted),
    figures("measured ", plan.measured),
    ...(plan.predictedInterval ? [describePrediction(plan.predictedInterval)] : []),
    `profile: ${describeQuality(summary.profileQuality)}`,
    ...(crossFit?.pooled ? [figures("cross-fitted", crossFit.pooled)] : []),
    ...networks.map((network) => networkLine(network, titles)),
    ...summary.references.map(
      ({ name, latencyMs, speedup, ...one }) =>
        `${plainName(name)}  ${accuracyText(one)}, mean ${milliseconds(latencyMs.mean)} as profiled, ${factor(speedup)} as fast as the backbone`,
    ),
    ...describeCompared(summary, model.parameterBytes),
    `speed-up ${factor(summary.speedup)}${spread(verification?.speedupInterval)}, predicted ${factor(summary.speedupPredicted)}${within(verification?.isSpeedupWithin)}`,
    `predicted mean latency off by ${summary.latencyErrorPct.toFixed(1)} %${within(verification?.isMeanWithin)}; decisions agree on ${percent(summary.decisionAgreement, 2)} of ${verification ? samplesRun(verification) : "the test samples"}`,
    ...describeOffered(front, titles),
    ...describeTunedFront(summary.tuning?.speedups ?? [], summary.useCase),
    "",
    `search: ${summary.search.algorithm}, ${summary.search.proven ? "front proven" : "front not proven"}, ${summary.search.evaluations} plans in ${summary.search.seconds.toFixed(1)} s`,
    `all of it took ${summary.wallSeconds.toFixed(0)} s; open ${join(folder, "report.html")}`,
    "",
    ...summary.verdict.map(statementLine),
  ];
}

/** Early exits, int8 and both together beside the backbone; nothing where there is no int8. */
function describeCompared({ compared, backbone }: Summary, backboneBytes: number): string[] {
  if (compared.length === 0) return [];
  const rows = compared.map(({ name, speedup, bytes, latencyMs, ...one }) => [
    name,
    accuracyText(one),
    points(one.accuracyDropPp, one.accuracyDropHalfWidthPp),
    milliseconds(latencyMs.mean),
    factor(speedup),
    formatBytes(bytes),
  ]);
  const backboneMean = milliseconds(backbone.latencyMs.mean);
  const float = ["backbone", accuracyText(backbone), "", backboneMean, factor(1), formatBytes(backboneBytes)];
  return ["", ...table(["network", "accuracy", "drop", "mean", "as fast", "weights"], [float, ...rows]), ""];
}

function accuracyText({
  accuracy,
  accuracyInterval,
}: Pick<Summary["backbone"], "accuracy" | "accuracyInterval">): string {
  return `${percent(accuracy, 2)}${accuracyInterval ? ` ${interval(accuracyInterval)}` : ""}`;
}
