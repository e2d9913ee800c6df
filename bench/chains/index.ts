/**
 * What do chains of networks gain? Exits in the backbone alone, static networks alone, chains without exits and chains with
 * exits: the front of each on the calibration split, searched to a proof on the same tables and profile, and its fastest plan
 * for some drops; and for each drop the best chain alone, of more exits than a front is proven for. All are exported as one
 * file and run on the test split in turns with the backbone.
 *
 *     npm run bench -- chains [--json] [--project FILE [--data PATH]]
 *         [--cifar FOLDER --networks BIG.onnx,SMALL.onnx[,MIDDLE.onnx] [--head mixed-hidden] [--train-images 20000]]
 *         [--policy top1] [--exits 3] [--best-exits 4] [--levels 32] [--drops=-0.2,0,0.5,1] [--limit 300]
 *         [--profile FILE] [--profile-seconds 30] [--verify all] [--verify-seconds 300] [--cache FOLDER]
 *
 * Without a project or a folder of CIFAR-10 (`train/CLASS/`, `test/CLASS/`) it is the sample. On CIFAR-10 the networks stay
 * as they are, and heads are trained first. A negative drop is a wish for more accuracy than the backbone's. `--verify best`
 * runs the best chains alone, `none` nothing. Latencies are measured here, unless a profile is given.
 */
import os from "node:os";
import { parseArgs } from "node:util";
import { factor, percent, points, spread, table } from "../../electron/cli/format.ts";
import {
  createStageRunner,
  defaultCacheFolder,
  networkNames,
  readProfile,
  StageCache,
} from "../../electron/engine/index.ts";
import { silentJob } from "../../shared/base/job.ts";
import { type ChosenPlan, isSamePlan } from "../../shared/model/plan.ts";
import { describeQuality } from "../../shared/presentation/words/describe-quality.ts";
import { type BenchedProject, cifarProject, profiled, projectOf, sampleProject } from "./benched-project.ts";
import { type Choice, type Comparison, compareKinds, type SearchEnd } from "./compare-kinds.ts";
import { kinds } from "./kinds-of-plans.ts";
import { type VerifiedFigures, verifyChoice } from "./verified-choice.ts";

const { values: asked } = parseArgs({
  options: {
    json: { type: "boolean", default: false },
    project: { type: "string" },
    data: { type: "string" },
    cifar: { type: "string" },
    networks: { type: "string", default: "" },
    head: { type: "string", default: "mixed-hidden" },
    "train-images": { type: "string", default: "20000" },
    policy: { type: "string", default: "top1" },
    exits: { type: "string", default: "3" },
    "best-exits": { type: "string", default: "4" },
    levels: { type: "string", default: "32" },
    drops: { type: "string", default: "-0.2,0,0.5,1" },
    limit: { type: "string", default: "300" },
    profile: { type: "string" },
    "profile-seconds": { type: "string", default: "30" },
    verify: { type: "string", default: "all" },
    "verify-seconds": { type: "string", default: "300" },
    cache: { type: "string", default: defaultCacheFolder() },
  },
});

const bestChain = "best chain";
/** Whose plans are exported and run. */
const verifiedKinds: Readonly<Record<string, readonly string[]>> = {
  all: [...kinds, bestChain],
  best: [bestChain],
  none: [],
};

/** A plan as it was chosen, and what its file did, if it was run. */
interface Outcome extends Choice {
  readonly kind: string;
  readonly goesThrough?: string;
  readonly verified?: VerifiedFigures;
}

const cache = new StageCache(asked.cache);
const stages = createStageRunner(cache, (name, network) => {
  say([network, name].filter((word) => word !== undefined).join(": "));
  return { ...silentJob, warn: say };
});
const started = performance.now();
const opened = await openNetworks();
try {
  const profile = asked.profile
    ? await readProfile(asked.profile)
    : await profiled(opened, Number(asked["profile-seconds"]), stages);
  const benched = { ...opened, profile };
  say("search");
  const comparison = await compareKinds(benched, {
    policies: list(asked.policy),
    levels: Number(asked.levels),
    exits: Number(asked.exits),
    bestExits: Number(asked["best-exits"]),
    dropsPp: list(asked.drops).map(Number),
    limitSeconds: Number(asked.limit),
  });
  const outcomes = await verified(benched, outcomesOf(comparison));
  if (asked.json) printJson(benched, comparison, outcomes);
  else print(benched, comparison, outcomes);
} finally {
  await opened.data.source.close();
}

function say(text: string): void {
  console.error(text);
}

function list(text: string): string[] {
  return text.split(",").filter((item) => item !== "");
}

function openNetworks(): Promise<Omit<BenchedProject, "profile">> {
  const { cifar, project, data, networks, head } = asked;
  const wishes = { heads: list(head), trainImages: Number(asked["train-images"]) };
  if (cifar) return cifarProject(cifar, list(networks), wishes, stages);
  return project ? projectOf(project, data, cache) : sampleProject(cache);
}

function outcomesOf({ kinds: compared, best }: Comparison): Outcome[] {
  const ofKinds = kinds.flatMap((kind) => compared[kind].choices.map((choice) => ({ kind, ...choice })));
  const ofBest = best.map(({ wishPp, chosen }) => ({ kind: bestChain, wishPp, chosen }));
  return [...ofKinds, ...ofBest];
}

/** Each plan once, though several wishes may call for it; the backbone alone is what all are compared with. */
async function verified(benched: BenchedProject, outcomes: readonly Outcome[]): Promise<Outcome[]> {
  const run: { readonly plan: ChosenPlan; readonly figures: VerifiedFigures }[] = [];
  const results: Outcome[] = [];
  for (const outcome of outcomes) {
    const { kind, chosen, wishPp } = outcome;
    if (!chosen || !verifiedKinds[asked.verify].includes(kind) || isBackbone(chosen.plan)) {
      results.push({ ...outcome, goesThrough: chosen && namesOf(benched, chosen.plan) });
      continue;
    }
    let known = run.find(({ plan }) => isSamePlan(plan, chosen.plan));
    if (!known) {
      say(`verify: ${kind} at ${wishPp} pp`);
      const figures = await verifyChoice(benched, chosen.plan, Number(asked["verify-seconds"]));
      known = { plan: chosen.plan, figures };
      run.push(known);
    }
    results.push({ ...outcome, goesThrough: namesOf(benched, chosen.plan), verified: known.figures });
  }
  return results;
}

function isBackbone({ chain, exits }: ChosenPlan): boolean {
  return chain === undefined && exits.length === 0;
}

function namesOf({ project }: BenchedProject, { chain }: ChosenPlan): string {
  const networks = networkNames(project);
  const names = chain?.map((sha256) => networks.find((network) => network.sha256 === sha256)?.name);
  return names ? names.join(", then ") : networks[0].name;
}

function machine(): string {
  return `${os.cpus()[0].model}, ${os.availableParallelism()} cores, load ${os.loadavg()[0].toFixed(1)}, node ${process.version}`;
}

function printJson(
  { project, profile, data }: BenchedProject,
  comparison: Comparison,
  outcomes: readonly Outcome[],
): void {
  const { json: _json, ...options } = asked;
  const networks = networkNames(project).map(({ name, sha256 }) => ({ name, sha256 }));
  const { quality } = profile;
  const about = { machine: machine(), seed: 1, seconds: seconds(), options, networks, quality };
  const testSamples = data.splits.test.indices.length;
  console.log(JSON.stringify({ chains: { ...about, testSamples, ...comparison, outcomes } }));
}

function print(
  { project, profile, data }: BenchedProject,
  { samples, backboneAccuracy, kinds: compared, best }: Comparison,
  outcomes: readonly Outcome[],
): void {
  const wishes = list(asked.drops).map(Number);
  const speedups = (choices: readonly Choice[]) =>
    choices.map(({ chosen }) => (chosen ? factor(chosen.speedup) : "none"));
  const fronts = kinds.map((kind) => {
    const { hypervolume, plans, choices, unbeaten, ...end } = compared[kind];
    return [
      kind,
      hypervolume.toFixed(4),
      ...speedups(choices),
      String(plans),
      String(unbeaten),
      ...endOf(end),
    ];
  });
  const bestRows = best.map((found) => [`${found.wishPp}`, ...speedups([found]), ...endOf(found)]);
  const lines = [
    `machine   ${machine()}; ${seconds().toFixed(0)} s`,
    `networks  ${networkNames(project)
      .map(({ name }) => name)
      .join(", ")}`,
    `samples   ${samples} to choose on, the backbone is right on ${percent(backboneAccuracy, 2)}; ${data.splits.test.indices.length} to verify on`,
    `profile   ${describeQuality(profile.quality)}`,
    "",
    `speed-up on the calibration split at a drop of at most (pp); plans of up to ${asked.exits} exits; unbeaten: plans that no chain with exits is as good as`,
    ...table(
      ["plans", "hypervolume", ...wishes.map(String), "front", "unbeaten", "proven", "in", "evaluated"],
      fronts,
    ),
    "",
    `the best chain alone, of up to ${asked["best-exits"]} exits`,
    ...table(["drop, pp", "speed-up", "proven", "in", "evaluated"], bestRows),
    "",
    "exported files on the test split; the wish is kept, or lies in the drop's 95 % interval, or is missed",
    ...table(
      [
        "plans",
        "wish, pp",
        "drop, pp",
        "wish",
        "speed-up",
        "predicted",
        "decisions agree",
        "exits",
        "through",
      ],
      outcomes.flatMap(verifiedRow),
    ),
  ];
  console.log(lines.join("\n"));
}

function verifiedRow({ kind, wishPp, chosen, goesThrough, verified: found }: Outcome): string[][] {
  if (!chosen || !found) return [];
  return [
    [
      kind,
      String(wishPp),
      points(found.dropPp, found.dropHalfWidthPp),
      wishWord(wishPp, found),
      `${factor(found.speedup)}${spread(found.speedupInterval)}`,
      `${factor(found.predictedSpeedup)}${found.isSpeedupWithin === false ? ", outside" : ""}`,
      percent(found.decisionAgreement, 2),
      String(chosen.plan.exits.length),
      goesThrough ?? "",
    ],
  ];
}

function wishWord(wishPp: number, { dropPp, dropHalfWidthPp }: VerifiedFigures): string {
  if (dropPp <= wishPp) return "kept";
  return dropPp - dropHalfWidthPp <= wishPp ? "within" : "missed";
}

function endOf({ proven, gap, seconds: took, evaluations }: SearchEnd): string[] {
  const end = proven ? "yes" : gap === undefined ? "no" : `gap ${percent(gap, 2)}`;
  return [end, `${took.toFixed(1)} s`, `${(evaluations / 1e6).toFixed(1)} M`];
}

function seconds(): number {
  return (performance.now() - started) / 1000;
}
