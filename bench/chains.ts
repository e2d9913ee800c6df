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
import { parseArgs } from "node:util";
import {
  addProjectPolicies,
  defaultCacheFolder,
  exitPolicyById,
  networkNames,
  readProfile,
  StageCache,
} from "../electron/engine/index.ts";
import { silentJob } from "../shared/base/job.ts";
import { type BenchedProject, benchedProject, cifarProject, profiled } from "./plans/benched-project.ts";
import { list, machine, planFlags, say, toldStages, wishesOf } from "./plans/command.ts";
import { type Comparison, compareKinds } from "./plans/compare-kinds.ts";
import { describeComparison } from "./plans/describe-comparison.ts";
import { chainKinds } from "./plans/kinds-of-plans.ts";
import { bestOfAll, type Outcome, outcomesOf, runOutcomes } from "./plans/run-outcomes.ts";

const { values: asked } = parseArgs({
  options: {
    ...planFlags,
    cifar: { type: "string" },
    networks: { type: "string", default: "" },
    head: { type: "string", default: "mixed-hidden" },
    "train-images": { type: "string", default: "20000" },
    drops: { type: "string", default: "-0.2,0,0.5,1" },
    cache: { type: "string", default: defaultCacheFolder() },
  },
});

/** Whose plans are exported and run. */
const verifiedKinds: Readonly<Record<string, readonly string[]>> = {
  all: [...chainKinds.map(({ name }) => name), bestOfAll],
  best: [bestOfAll],
  none: [],
};

const runKinds = verifiedKinds[asked.verify] ?? [];
if (!(asked.verify in verifiedKinds)) {
  say(`--verify ${asked.verify}: choose from ${Object.keys(verifiedKinds).join(", ")}`);
  process.exit(2);
}
const cache = new StageCache(asked.cache);
const stages = toldStages(cache);
const wishes = wishesOf(asked);
const started = performance.now();
const networks = await openNetworks();
const policies = wishes.policies.map(exitPolicyById);
const opened = { ...networks, project: await addProjectPolicies(networks.project, policies, silentJob) };
try {
  const profile = asked.profile
    ? await readProfile(asked.profile)
    : await profiled(opened, Number(asked["profile-seconds"]), stages);
  const benched = { ...opened, profile };
  say("search");
  const comparison = await compareKinds(benched, wishes, chainKinds);
  const outcomes = await runOutcomes(
    benched,
    outcomesOf(comparison),
    { isRun: ({ kind }) => runKinds.includes(kind), seconds: Number(asked["verify-seconds"]) },
    say,
  );
  if (asked.json) printJson(benched, comparison, outcomes);
  else
    console.log(describeComparison({ ...benched, machine: machine(started), wishes }, comparison, outcomes));
} finally {
  await opened.data.source.close();
}

function openNetworks(): Promise<Omit<BenchedProject, "profile">> {
  const { cifar, networks, head } = asked;
  const wishes = { heads: list(head), trainImages: Number(asked["train-images"]) };
  if (cifar) return cifarProject(cifar, list(networks), wishes, stages);
  return benchedProject(asked, cache);
}

function printJson(
  { project, profile, data }: BenchedProject,
  comparison: Comparison,
  outcomes: readonly Outcome[],
): void {
  const { json: _json, ...options } = asked;
  const networks = networkNames(project).map(({ name, sha256 }) => ({ name, sha256 }));
  const { quality } = profile;
  const about = { machine: machine(started), seed: 1, options, networks, quality };
  const testSamples = data.splits.test.indices.length;
  console.log(JSON.stringify({ chains: { ...about, testSamples, ...comparison, outcomes } }));
}
