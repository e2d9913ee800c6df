/**
 * What does tuning bring? The front of plans through frozen networks and the one of plans through tuned networks too, with exits in
 * the backbone alone and in chains, on the calibration split; the fastest plans for some drops, all against the original
 * backbone; and their exported files, run on the test split in turns with it.
 *
 *     npm run bench -- tune [--json] [--project FILE [--data PATH]] [--tuned FILE] [--epochs 10] [--python PROGRAM] [--folder FOLDER]
 *         [--train-images N] [--exits 3] [--best-exits 4] [--policy top1] [--levels 32] [--drops=0.2,0.5,1] [--limit 300]
 *         [--profile FILE] [--profile-seconds 30] [--verify all] [--verify-seconds 300] [--processes-epochs 1] [--cache FOLDER]
 *
 * Without a project it is the sample. All its networks are tuned, the backbone first, unless `--tuned` names a project where that is done.
 * Trainings are kept in --folder, where another run goes on. Then one process is compared with two by DistributedDataParallel on
 * loopback, unless `--processes-epochs 0`. Without --python it is one that has PyTorch, or Debian's package where root may install
 * it; where there is none, that is said.
 */
import { parseArgs } from "node:util";
import {
  addProjectPolicies,
  askPython,
  defaultCacheFolder,
  exitPolicyById,
  networkNames,
  openProject,
  readProfile,
  StageCache,
  trainedProject,
} from "../../electron/engine/index.ts";
import { ensureTorch } from "../../electron/runtime/ensure-torch.mjs";
import { AppError } from "../../shared/base/errors.ts";
import { silentJob } from "../../shared/base/job.ts";
import { tuneOptionsSchema } from "../../shared/model/tune-options.ts";
import { type BenchedProject, benchedProject, profiled } from "../plans/benched-project.ts";
import { machine, planFlags, say, toldStages, wishesOf } from "../plans/command.ts";
import { type Comparison, compareKinds } from "../plans/compare-kinds.ts";
import { describeComparison } from "../plans/describe-comparison.ts";
import { type Outcome, outcomesOf, runOutcomes } from "../plans/run-outcomes.ts";
import { compareProcesses, type Processes } from "./compare-processes.ts";
import { describeProcesses } from "./describe-processes.ts";
import { processFolder, type Tuning, tuneAll } from "./tune-networks.ts";
import { tuningKinds } from "./tuning-kinds.ts";

const { values: asked } = parseArgs({
  options: {
    ...planFlags,
    tuned: { type: "string" },
    epochs: { type: "string", default: "10" },
    python: { type: "string" },
    folder: { type: "string", default: "artifacts/bench-tune" },
    "train-images": { type: "string" },
    drops: { type: "string", default: "0.2,0.5,1" },
    "processes-epochs": { type: "string", default: "1" },
    cache: { type: "string", default: defaultCacheFolder() },
  },
});

const cache = new StageCache(asked.cache);
const stages = toldStages(cache);
const wishes = wishesOf(asked);
const started = performance.now();
const isTrained = asked.tuned === undefined || Number(asked["processes-epochs"]) > 0;
const python = isTrained ? await chosenPython() : "";
const file = asked.project;
const frozen = await benchedProject(asked, cache);
try {
  const tuning: Tuning = {
    options: tuneOptionsSchema.parse({ epochs: Number(asked.epochs) }),
    python,
    folder: asked.folder,
    trainLimit: asked["train-images"] === undefined ? undefined : Number(asked["train-images"]),
    onEpoch: (name, epoch) => say(`${name}: ${JSON.stringify(epoch)}`),
  };
  const tuned = asked.tuned
    ? trainedProject(await openProject(asked.tuned))
    : await tuneAll(frozen, tuning, stages);
  const project = await addProjectPolicies(tuned, wishes.policies.map(exitPolicyById), silentJob);
  const benched = { ...frozen, project, profile: await measured({ ...frozen, project }) };
  say("search");
  const comparison = await compareKinds(benched, wishes, tuningKinds(project));
  const isRun = () => asked.verify !== "none";
  const running = { isRun, seconds: Number(asked["verify-seconds"]) };
  const outcomes = await runOutcomes(benched, outcomesOf(comparison), running, say);
  const processes = await comparedProcesses(tuning);
  if (asked.json) printJson(benched, comparison, outcomes, processes);
  else {
    const about = { ...benched, machine: machine(started), wishes };
    console.log(describeComparison(about, comparison, outcomes));
    if (processes) console.log(`\n${describeProcesses(processes)}`);
  }
} finally {
  await frozen.data.source.close();
}

/** A Python with PyTorch; what is missing is said in one line. */
async function chosenPython(): Promise<string> {
  const found = asked.python ?? ensureTorch(say);
  const why =
    found === undefined
      ? "no Python with PyTorch and NumPy: install python3-torch, or name one with --python"
      : await unusable(found);
  if (found !== undefined && why === undefined) return found;
  if (asked.json) console.log(JSON.stringify({ tune: { missing: why } }));
  else say(`${why}`);
  process.exit(1);
}

async function unusable(program: string): Promise<string | undefined> {
  try {
    await askPython(program);
    return undefined;
  } catch (error) {
    if (error instanceof AppError) return error.message;
    throw error;
  }
}

function measured(opened: Omit<BenchedProject, "profile">) {
  if (asked.profile) return readProfile(asked.profile);
  return profiled(opened, Number(asked["profile-seconds"]), stages);
}

async function comparedProcesses(tuning: Tuning): Promise<Processes | undefined> {
  const epochs = Number(asked["processes-epochs"]);
  if (epochs === 0) return undefined;
  say("processes");
  const written = await processFolder(frozen, tuning, stages);
  return compareProcesses(written, python, epochs);
}

/** The kinds of plans by their names: what issue and readers ask for are `frozen` and `tuned`. */
function printJson(
  { project, profile, data }: BenchedProject,
  { kinds, ...comparison }: Comparison,
  outcomes: readonly Outcome[],
  processes: Processes | undefined,
): void {
  const { json: _json, ...options } = asked;
  const networks = networkNames(project).map(({ name, sha256 }) => ({ name, sha256 }));
  const figures = Object.entries(kinds).map(([kind, { choices, ...found }]) => [
    kind,
    { ...found, speedup: speedups(choices), choices },
  ]);
  const about = { machine: machine(started), seed: 1, project: file ?? "sample", options, networks };
  const testSamples = data.splits.test.indices.length;
  const { quality } = profile;
  console.log(
    JSON.stringify({
      tune: {
        ...about,
        quality,
        testSamples,
        ...comparison,
        ...Object.fromEntries(figures),
        outcomes,
        processes,
      },
    }),
  );
}

/** By drop in percentage points. */
function speedups(choices: Comparison["kinds"][string]["choices"]): Record<string, number | null> {
  return Object.fromEntries(choices.map(({ wishPp, chosen }) => [wishPp, chosen?.speedup ?? null]));
}
