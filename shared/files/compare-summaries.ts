import { formatFactor, formatMs, formatPercent, formatPoints } from "../base/format-number.ts";
import type { Summary } from "./summary.ts";

/** Something that two runs have not in common, as people read it. */
export interface Difference {
  readonly what: string;
  readonly before: string;
  readonly after: string;
}

type Aspect = readonly [what: string, read: (summary: Summary) => string];

/** What is compared, in the order of reading: what it ran on, what it found, what came of it. */
const aspects: readonly Aspect[] = [
  ["Offramp", ({ recorded }) => recorded?.version ?? "not said"],
  ["Node", ({ recorded }) => recorded?.node ?? "not said"],
  ["runtime", ({ target }) => `${target.runtime}, ${target.provider}, threads: ${target.threads}`],
  ["device", ({ target }) => `${target.device}, ${target.operatingSystem}`],
  ["model", ({ model }) => model.sha256],
  ["classes", ({ data }) => data.classNames.join(", ")],
  [
    "samples",
    ({ data: { samples } }) =>
      `${samples.train} train, ${samples.calibration} calibration, ${samples.test} test`,
  ],
  ["profile", ({ profile }) => profile],
  ["networks of the plan", ({ plan }) => (plan.chain ?? ["the model"]).join(", ")],
  ["exits of the plan", ({ plan }) => plan.exits.map(exitText).join("; ") || "none"],
  ["front proven", ({ search }) => (search.proven ? "yes" : "no")],
  ["hypervolume", ({ search }) => search.hypervolume.toPrecision(4)],
  ["accuracy of the backbone", ({ backbone }) => formatPercent(backbone.accuracy, 2)],
  ["accuracy of the plan, calibration", ({ plan }) => formatPercent(plan.calibration.accuracy, 2)],
  ["accuracy of the plan, test", ({ plan }) => formatPercent(plan.measured.accuracy, 2)],
  ["accuracy drop", ({ accuracyDropPp }) => formatPoints(accuracyDropPp)],
  ["exit rates", ({ plan }) => plan.exitRates.measured.map((rate) => formatPercent(rate, 2)).join(", ")],
  ["decisions that agree", ({ decisionAgreement }) => formatPercent(decisionAgreement, 2)],
  ["latency of the backbone", ({ backbone }) => formatMs(backbone.latencyMs.mean)],
  ["latency of the plan", ({ plan }) => formatMs(plan.measured.latencyMs.mean)],
  ["speed-up", ({ speedup }) => formatFactor(speedup)],
  ["speed-up predicted", ({ speedupPredicted }) => formatFactor(speedupPredicted)],
];

/** Which figures, plan and versions of two runs differ, to the digits that are shown. */
export function compareSummaries(before: Summary, after: Summary): Difference[] {
  return aspects
    .map(([what, read]) => ({ what, before: read(before), after: read(after) }))
    .filter((found) => found.before !== found.after);
}

function exitText({ cutPoint, head, policy, threshold }: Summary["plan"]["exits"][number]): string {
  return `${head} at ${cutPoint}, ${policy} from ${Number(threshold.toPrecision(5))}`;
}
