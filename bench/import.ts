/**
 * Which models of a folder does Offramp open, what does it see in them, and how long does that take?
 *
 *     npm run bench -- import FOLDER [--input-size 224x224] [--json]
 *
 * Every .onnx file in the folder and below it, one after the other; where a model leaves its image size open, the size
 * given counts.
 */
import { readdir } from "node:fs/promises";
import os from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { compact, table } from "../electron/cli/format.ts";
import { importModel } from "../electron/engine/index.ts";
import { AppError } from "../shared/base/errors.ts";
import { silentJob } from "../shared/base/job.ts";
import type { BackboneSummary } from "../shared/model/backbone.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { json: { type: "boolean" }, "input-size": { type: "string", default: "224x224" } },
});
const [folder] = positionals;
if (!folder) {
  console.error("name a folder: npm run bench -- import FOLDER [--input-size 224x224] [--json]");
  process.exit(2);
}

interface Outcome {
  readonly model: string;
  readonly imports: boolean;
  readonly seconds: number;
  /** Absent where it isn't imported. */
  readonly cutPoints?: number;
  readonly readyExits?: number;
  readonly macs?: number;
  readonly parameters?: number;
  readonly classes?: number;
  readonly input?: string;
  readonly anyBatch?: boolean;
  /** Codes. */
  readonly warnings?: readonly string[];
  /** Why it isn't imported. */
  readonly code?: string;
  readonly message?: string;
}

const [height, width = height] = values["input-size"].split("x").map(Number);
const files = (await readdir(folder, { recursive: true })).filter((name) => name.endsWith(".onnx")).sort();
const outcomes: Outcome[] = [];
for (const [at, model] of files.entries()) {
  if (!values.json) process.stderr.write(`\r\x1b[K${at + 1} of ${files.length}: ${model}`);
  outcomes.push(await outcomeOf(model));
}
if (!values.json) process.stderr.write("\r\x1b[K");

const imported = outcomes.filter(({ imports }) => imports).length;
const machine = `${os.cpus()[0].model}, ${os.availableParallelism()} threads, node ${process.version}`;
if (values.json) console.log(JSON.stringify({ machine, imported, models: outcomes }));
else {
  const head = [
    "model",
    "cuts",
    "MACs",
    "classes",
    "input",
    "batch",
    "seconds",
    "warnings, or why it isn't imported",
  ];
  console.log(
    `${machine}\n\n${table(head, outcomes.map(rowOf)).join("\n")}\n\n${imported} of ${outcomes.length} imported`,
  );
}

async function outcomeOf(model: string): Promise<Outcome> {
  const start = performance.now();
  const seconds = () => (performance.now() - start) / 1000;
  try {
    const { summary } = await opened(join(folder, model));
    return { model, imports: true, seconds: seconds(), ...seen(summary) };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return { model, imports: false, seconds: seconds(), code: error.code, message: error.message };
  }
}

function opened(path: string) {
  return importModel(path, {}, silentJob).catch((error: AppError) => {
    if (error.details?.missing !== "inputSize") throw error;
    return importModel(path, { inputSize: [height, width] }, silentJob);
  });
}

function seen({ input, output, cutPoints, readyExits, macs, parameters, warnings }: BackboneSummary) {
  return {
    cutPoints: cutPoints.length,
    readyExits: readyExits.length,
    macs,
    parameters,
    classes: output.classes,
    input: `${input.channels}x${input.height}x${input.width} ${input.type}`,
    anyBatch: input.dynamicBatch,
    warnings: warnings.map(({ code }) => code),
  };
}

function rowOf(outcome: Outcome): string[] {
  const {
    model,
    imports,
    seconds,
    macs = 0,
    classes,
    input = "",
    anyBatch,
    warnings,
    message = "",
  } = outcome;
  if (!imports) return [model, "-", "-", "-", "-", "-", seconds.toFixed(2), message];
  return [
    model,
    String(outcome.cutPoints),
    compact(macs),
    String(classes),
    input,
    anyBatch ? "any" : "1",
    seconds.toFixed(2),
    warnings!.join(", "),
  ];
}
