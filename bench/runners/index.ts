/**
 * What do the runners of an export take, in each language? The single file and the staged models sample by sample, and how many
 * samples a second the runners for batches answer. All are run on the same images of the test split, in turns, and
 * their decisions are compared with what the tables say.
 *
 *     npm run bench -- runners [--json] [--project FILE [--data PATH]] [--plan FILE] [--images 1000] [--batches 1,8,32]
 *         [--threads 1] [--seconds 2] [--rounds 3] [--python PROGRAM] [--cache FOLDER]
 *
 * Without a project it is the sample, without a plan the project's own. Times are the median round's. Python's runners need numpy
 * and onnxruntime, C++'s are built with CMake and ONNX Runtime's headers; where those aren't there, that is said. Beside them
 * stands what `offramp verify` measures of the same files, in this process.
 */
import { mkdtempSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { choosePlan } from "../../electron/cli/choose-plan.ts";
import { defaultCacheFolder, StageCache } from "../../electron/engine/index.ts";
import { benchedProject } from "../plans/benched-project.ts";
import { list, machine, say } from "../plans/command.ts";
import { describeRunners } from "./describe-runners.ts";
import { prepareExport } from "./prepared-export.ts";
import { runInTurns } from "./run-in-turns.ts";
import { runnerPrograms } from "./runner-programs.ts";

const { values: asked } = parseArgs({
  options: {
    json: { type: "boolean", default: false },
    project: { type: "string" },
    data: { type: "string" },
    plan: { type: "string" },
    images: { type: "string", default: "1000" },
    batches: { type: "string", default: "1,8,32" },
    threads: { type: "string", default: "1" },
    seconds: { type: "string", default: "2" },
    rounds: { type: "string", default: "3" },
    python: { type: "string" },
    cache: { type: "string", default: defaultCacheFolder() },
  },
});

const started = performance.now();
const cache = new StageCache(asked.cache);
const threads = Number(asked.threads);
const seconds = Number(asked.seconds);
const opened = await benchedProject(asked, cache);
const folder = mkdtempSync(join(tmpdir(), "offramp-runners-"));
try {
  const plan = await choosePlan(opened.project, asked.plan, asked.project ?? "the sample");
  const [profile] = opened.project.profiles;
  const wishes = { folder, images: Number(asked.images), threads, seconds: seconds * Number(asked.rounds) };
  const prepared = await prepareExport({ ...opened, profile }, plan, wishes);
  const { arrays } = prepared;
  const batches = list(asked.batches).map(Number);
  const programs = runnerPrograms({ folder, arrays, batches, threads, seconds }, asked.python, say);
  const runners = runInTurns(programs, prepared, Number(asked.rounds));
  const verified = {
    "single file": await prepared.verifiedMs("model.onnx"),
    staged: await prepared.verifiedMs("staged"),
  };
  const found = { machine: machine(started), exits: plan.exits.length, threads, verified, runners };
  if (asked.json) console.log(JSON.stringify(found));
  else console.log(describeRunners(found));
} finally {
  await opened.data.source.close();
  await rm(folder, { recursive: true, force: true });
}
