import { type Command, InvalidArgumentError, Option } from "commander";
import { AppError } from "../../shared/base/errors.ts";
import {
  type Constraint,
  constraints,
  type Unit,
  units,
  withDefaultDrop,
} from "../../shared/model/constraints.ts";
import { type Link, linkSchema } from "../../shared/model/link.ts";
import type {
  SearchOptions,
  SplitOptions,
  TargetOptions,
  TrainOptions,
} from "../../shared/model/stage-options.ts";
import {
  defaultProfileSeconds,
  defaultSplitLimits,
  searchOptionsSchema,
  targetOptionsSchema,
  trainOptionsSchema,
} from "../../shared/model/stage-options.ts";
import { confidenceRange, type UseCase, useCaseSchema } from "../../shared/model/use-case.ts";
import { searchAlgorithmById, searchAlgorithms } from "../../shared/search/index.ts";
import {
  type ClassChoice,
  exitPolicies,
  exitPolicyById,
  type HeadChoice,
  headKindById,
  headKinds,
  loadPreprocess,
  type Preprocess,
  type RunRequest,
  readClassChoice,
  readClassWeights,
} from "../engine/index.ts";
import { addVariantOptions, variantOptions } from "./variant-options.ts";

type Parsed = Record<string, unknown>;

const training = trainOptionsSchema.parse({});
const target = targetOptionsSchema.parse({});
const search = searchOptionsSchema.parse({ useCase: {} });

/** A parser of numbers in a range, for a flag's value. */
function number(least: number, most: number, whole = false) {
  return (text: string): number => {
    const value = Number(text);
    if (
      text.trim() !== "" &&
      Number.isFinite(value) &&
      value >= least &&
      value <= most &&
      (!whole || Number.isInteger(value))
    )
      return value;
    const range = most === Number.POSITIVE_INFINITY ? `of at least ${least}` : `from ${least} to ${most}`;
    throw new InvalidArgumentError(`expected a${whole ? " whole" : ""} number ${range}.`);
  };
}

const most = Number.POSITIVE_INFINITY;

function list(text: string): string[] {
  return text.split(",").map((item) => item.trim());
}

function inputSize(text: string): RunRequest["importOptions"]["inputSize"] {
  const match = /^([1-9]\d{0,4})(?:x([1-9]\d{0,4}))?$/.exec(text);
  if (!match) throw new InvalidArgumentError("expected HEIGHTxWIDTH, such as 224x224.");
  return [Number(match[1]), Number(match[2] ?? match[1])];
}

export function addModelOptions(command: Command): Command {
  return command
    .option("--input-size <HxW>", "image size, for models that leave it open", inputSize)
    .option("--output <name>", "tensor with the class scores, for models of several outputs");
}

export function importOptions(parsed: Parsed): RunRequest["importOptions"] {
  return {
    inputSize: parsed.inputSize as RunRequest["importOptions"]["inputSize"],
    output: parsed.output as string | undefined,
  };
}

const dataPurpose =
  "labelled data set: image folder, table of images, Parquet, .npz/.npy, MNIST idx or CIFAR";

/** How a data set is read for a model. */
export function addReadingOptions(command: Command): Command {
  return addClassesOption(
    command.option(
      "--preprocess <name|file>",
      "preset or JSON file: how images become the model's input",
      "unit",
    ),
  );
}

export function addClassesOption(command: Command): Command {
  return command.option(
    "--classes <file>",
    "the model's classes in the order of its scores: names one a line, or JSON (a list, name to index, index to name)",
  );
}

/** @returns the list that was given, if one was */
export async function chosenClasses(parsed: Parsed): Promise<ClassChoice | undefined> {
  return parsed.classes === undefined ? undefined : readClassChoice(parsed.classes as string);
}

/** A data set to look at. */
export function addInspectOptions(command: Command): Command {
  return addReadingOptions(command.option("--data <path>", `look at this data set too; ${dataPurpose}`));
}

/** Continue even if the backbone is no better than chance on the data. */
export function addForceOption(command: Command): Command {
  return command.option("--force", "train though the backbone is no better than chance");
}

export function addDataOptions(command: Command): Command {
  addReadingOptions(command)
    .requiredOption("--data <path>", dataPurpose)
    .option(
      "--calibration-share <share>",
      "share for calibration where the data has no such split",
      number(0.01, 0.9),
    )
    .option("--test-share <share>", "share for the test split where the data has none", number(0.01, 0.9));
  return addSampleOptions(command);
}

/** How much of each split is used. */
export function addSampleOptions(command: Command): Command {
  return command
    .option(
      "--train-samples <n>",
      "most images that heads train on",
      number(1, most, true),
      defaultSplitLimits.trainLimit,
    )
    .option(
      "--calibration-samples <n>",
      "most images that thresholds are chosen on",
      number(1, most, true),
      defaultSplitLimits.calibrationLimit,
    )
    .option(
      "--test-samples <n>",
      "most images that results are reported on",
      number(1, most, true),
      defaultSplitLimits.testLimit,
    )
    .addOption(seedOption("seed of every random choice"));
}

export function seedOption(purpose: string): Option {
  return new Option("--seed <n>", purpose).argParser(number(0, 2 ** 31, true)).default(1);
}

function splitOptions(parsed: Parsed): SplitOptions {
  return {
    calibrationShare: parsed.calibrationShare as number | undefined,
    testShare: parsed.testShare as number | undefined,
    trainLimit: parsed.trainSamples as number,
    calibrationLimit: parsed.calibrationSamples as number,
    testLimit: parsed.testSamples as number,
    seed: parsed.seed as number,
  };
}

export function preprocessOption(parsed: Parsed): Promise<Preprocess> {
  return loadPreprocess(String(parsed.preprocess));
}

export function addHeadOptions(command: Command): Command {
  const kinds = headKinds.map(({ id }) => id);
  command.option("--head <kinds>", `head kinds, comma-separated: ${kinds.join(", ")}`, list, [kinds[0]]);
  return addVariantOptions(command, headKinds);
}

export function headChoices(parsed: Parsed): HeadChoice[] {
  return [...new Set(parsed.head as string[])].map((id) => {
    const kind = headKindById(id);
    return { kind, options: variantOptions(kind, parsed) };
  });
}

export function addTrainingOptions(command: Command): Command {
  return command
    .option("--epochs <n>", "most passes over the train split", number(1, 1000, true), training.epochs)
    .option("--batch-size <n>", "images per training step", number(1, 65_536, true), training.batchSize)
    .option("--learning-rate <rate>", "peak learning rate", number(1e-6, 1), training.learningRate)
    .option(
      "--distillation <share>",
      "share of the backbone's own softmax in the target",
      number(0, 1),
      training.distillation,
    )
    .option(
      "--patience <n>",
      "epochs without improvement before training stops",
      number(1, 1000, true),
      training.patience,
    );
}

function trainingOptions(parsed: Parsed): TrainOptions {
  return {
    epochs: parsed.epochs as number,
    batchSize: parsed.batchSize as number,
    learningRate: parsed.learningRate as number,
    distillation: parsed.distillation as number,
    patience: parsed.patience as number,
    seed: parsed.seed as number,
  };
}

/** What training depends on besides model, data and preprocessing. */
export function trainRequestOptions(parsed: Parsed): Pick<RunRequest, "splits" | "heads" | "training"> {
  return { splits: splitOptions(parsed), heads: headChoices(parsed), training: trainingOptions(parsed) };
}

export function addTargetOptions(command: Command): Command {
  return command
    .option("--threads <n>", "threads of the target", number(1, 1024, true), target.threads)
    .option("--provider <name>", "ONNX Runtime execution provider of the target", target.provider);
}

export function targetOptions(parsed: Parsed): TargetOptions {
  return { threads: parsed.threads as number, provider: parsed.provider as string };
}

export function addProfileOptions(command: Command): Command {
  return addTargetOptions(command).option(
    "--profile-seconds <s>",
    "how long to measure",
    number(0.1, 3600),
    defaultProfileSeconds,
  );
}

/** What a run depends on from profiling onwards. */
export function deployRequestOptions(
  parsed: Parsed,
): Pick<RunRequest, "target" | "profileSeconds" | "search" | "outFolder"> {
  return {
    target: targetOptions(parsed),
    profileSeconds: parsed.profileSeconds as number,
    search: searchOptions(parsed),
    outFolder: parsed.out as string,
  };
}

/** A second target, and the link to it. */
export function addOffloadOptions(command: Command): Command {
  const { latencyMs, bandwidthMbps } = linkSchema.shape;
  const fallback = linkSchema.parse({});
  return command
    .option("--server <file>", "profile of a server that may take over behind a partition")
    .option(
      "--link-latency <ms>",
      `${latencyMs.description} (default: ${fallback.latencyMs})`,
      number(0, most),
    )
    .option(
      "--link-bandwidth <mbit/s>",
      `${bandwidthMbps.description} (default: ${fallback.bandwidthMbps})`,
      number(0.001, most),
    );
}

/**
 * The server's profile and the link to it, if one is given.
 * @throws AppError 'usage' if a link is given without a server
 */
export function offloadOptions(parsed: Parsed): { readonly server: string; readonly link: Link } | undefined {
  const { server, linkLatency, linkBandwidth } = parsed;
  if (typeof server === "string")
    return { server, link: linkSchema.parse({ latencyMs: linkLatency, bandwidthMbps: linkBandwidth }) };
  if (linkLatency === undefined && linkBandwidth === undefined) return undefined;
  throw new AppError("usage", "a link without a server: give --server with the server's profile");
}

export function policyOption(purpose: string): Option {
  const ids = exitPolicies.map(({ id }) => id).join(", ");
  return new Option("--policy <ids>", `${purpose}, comma-separated: ${ids}`).argParser(list);
}

/** Each policy once. */
export function policyChoices(parsed: Parsed) {
  return [...new Set(parsed.policy as string[])].map(exitPolicyById);
}

export function addSearchOptions(command: Command): Command {
  const algorithms = searchAlgorithms.map(({ id }) => id);
  command
    .addOption(new Option("--algorithm <id>", "search algorithm").choices(algorithms).default(algorithms[0]))
    .addOption(policyOption("exit policies").default([exitPolicies[0].id]))
    .option("--max-exits <n>", "most exits of a plan", number(1, 16, true), search.maxExits)
    .option("--levels <n>", "threshold levels per exit", number(1, 1024, true), search.levels)
    .option(
      "--budget <n>",
      "most plans that a heuristic algorithm evaluates",
      number(1, most, true),
      search.budget,
    )
    .addOption(
      new Option("--goal <what>", searchOptionsSchema.shape.goal.description)
        .choices(["front", "best"])
        .default("front"),
    )
    .option("--time-limit <s>", searchOptionsSchema.shape.timeLimit.description!, number(0.01, most))
    .option("--search-threads <n>", searchOptionsSchema.shape.threads.description!, number(1, 1024, true))
    .option("--refine", searchOptionsSchema.shape.refine.description)
    .option("--no-compare", "leave the other algorithms out of the front file")
    .addOption(
      new Option("--latency <kind>", "which latency constraints and front speak of")
        .choices(useCaseSchema.shape.latency.unwrap().options)
        .default("mean"),
    );
  for (const constraint of constraints) command.addOption(constraintOption(constraint));
  command.option(
    "--confidence <share>",
    "guarantee the drop or the accuracy with this probability, such as 0.95, by tests on part of the calibration split",
    number(...confidenceRange),
  );
  addClassWeights(command);
  return addVariantOptions(command, searchAlgorithms);
}

export function searchOptions(parsed: Parsed): SearchOptions {
  const algorithm = searchAlgorithmById(parsed.algorithm as string);
  return {
    algorithm: algorithm.id,
    algorithmOptions: variantOptions(algorithm, parsed),
    policies: policyChoices(parsed).map(({ id }) => id),
    maxExits: parsed.maxExits as number,
    levels: parsed.levels as number,
    budget: parsed.budget as number,
    seed: parsed.seed as number,
    goal: parsed.goal === "best" ? "best" : undefined,
    timeLimit: parsed.timeLimit as number | undefined,
    threads: parsed.searchThreads as number | undefined,
    refine: parsed.refine as boolean | undefined,
    compare: parsed.compare as boolean,
    useCase: parseUseCase(parsed),
  };
}

export function addClassWeights(command: Command): Command {
  return command.option(
    "--class-weights <file>",
    "how often classes come in deployment, JSON or CSV: name or number, weight; classes left out weigh 1",
  );
}

/** @returns weights by name or number, none if no file was given */
export async function classWeights(parsed: Parsed): Promise<ReadonlyMap<string, number> | undefined> {
  return parsed.classWeights === undefined ? undefined : readClassWeights(parsed.classWeights as string);
}

function constraintOption({ flag, placeholder, description, unit, range: [least, greatest] }: Constraint) {
  const { show } = typedInFlags(unit);
  return new Option(`${flag} <${placeholder}>`, description).argParser(number(show(least), show(greatest)));
}

/** Flags take bytes as they are; everything else is typed as in a form. */
function typedInFlags(unit: Constraint["unit"]): Pick<Unit, "read" | "show"> {
  return unit === "bytes" ? { read: (bytes) => bytes, show: (bytes) => bytes } : units[unit];
}

function parseUseCase(parsed: Parsed): UseCase {
  const stated = constraints.flatMap((constraint) => {
    const typed = parsed[constraintOption(constraint).attributeName()] as number | undefined;
    return typed === undefined ? [] : [[constraint.field, typedInFlags(constraint.unit).read(typed)]];
  });
  const { latency, confidence } = parsed;
  return withDefaultDrop(useCaseSchema.parse({ latency, confidence, ...Object.fromEntries(stated) }));
}
