import { type Command, InvalidArgumentError, Option } from "commander";
import { z } from "zod";
import { AppError } from "../../shared/base/errors.ts";
import {
  type Constraint,
  constraints,
  type Unit,
  units,
  withDefaultDrop,
} from "../../shared/model/constraints.ts";
import { type Link, linkSchema } from "../../shared/model/link.ts";
import { type RobustnessOptions, robustnessOptionsSchema } from "../../shared/model/robustness-options.ts";
import { fieldsOf } from "../../shared/model/schema-fields.ts";
import {
  defaultSplitLimits,
  type ProfileOptions,
  profileOptionsSchema,
  type QuantiseOptions,
  quantiseOptionsSchema,
  type SearchOptions,
  searchOptionsSchema,
  splitOptionsSchema,
  type TargetOptions,
  targetOptionsSchema,
  trainOptionsSchema,
  type VerifyOptions,
  verifyOptionsSchema,
} from "../../shared/model/stage-options.ts";
import { type TuneOptions, tuneOptionsSchema } from "../../shared/model/tune-options.ts";
import { type UseCase, useCaseSchema } from "../../shared/model/use-case.ts";
import { searchAlgorithmById, searchAlgorithms } from "../../shared/search/index.ts";
import {
  type ClassChoice,
  defaultExitCount,
  energySensorText,
  exitPolicies,
  exitPolicyById,
  type HeadWish,
  headKindById,
  headKinds,
  loadPreprocess,
  type MemberRequest,
  maxMembers,
  type Preprocess,
  type RunRequest,
  readClassChoice,
  readClassWeights,
} from "../engine/index.ts";
import { numberIn, type Parsed, type SchemaOptions, schemaOptions } from "./schema-options.ts";
import { addVariantOptions, variantOptions } from "./variant-options.ts";

const splitting = schemaOptions(splitOptionsSchema, {
  calibrationFrom: { value: "where" },
  calibrationShare: { value: "share" },
  testShare: { value: "share" },
  trainLimit: null,
  calibrationLimit: null,
  testLimit: null,
  nothingLearns: null,
  seed: null,
});
const sampling = schemaOptions(splitOptionsSchema, {
  calibrationFrom: null,
  calibrationShare: null,
  testShare: null,
  trainLimit: { flag: "--train-samples", fallback: defaultSplitLimits.trainLimit },
  calibrationLimit: { flag: "--calibration-samples", fallback: defaultSplitLimits.calibrationLimit },
  testLimit: { flag: "--test-samples", fallback: defaultSplitLimits.testLimit },
  nothingLearns: null,
});
const training = schemaOptions(trainOptionsSchema, {
  learningRate: { value: "rate" },
  distillation: { value: "share" },
  crop: { value: "share" },
  flip: { flag: "--no-flip", purpose: "mirror none of them" },
  seed: null,
});
const target = schemaOptions(targetOptionsSchema, { provider: { value: "name" } });
const profiling = schemaOptions(profileOptionsSchema, {
  target: null,
  seconds: { flag: "--profile-seconds", value: "s" },
});
const verifying = schemaOptions(verifyOptionsSchema, {
  seconds: { flag: "--verify-seconds", value: "s" },
});
const trying = schemaOptions(robustnessOptionsSchema, {
  corruptions: null,
  severities: null,
  samples: {
    flag: "--corrupted-samples",
    purpose: "also try the plan on so many corrupted test images, as `offramp robustness` does",
    fallback: undefined,
  },
  seed: null,
});
const quantising = schemaOptions(quantiseOptionsSchema, {
  images: { flag: "--range-images" },
  ranges: { value: "how" },
});
const searching = {
  algorithm: null,
  algorithmOptions: null,
  policies: null,
  seed: null,
  timeLimit: { value: "s" },
  threads: { flag: "--search-threads" },
  useCase: null,
} as const;
const search = schemaOptions(searchOptionsSchema, {
  ...searching,
  goal: { value: "what", fallback: "front" },
  compare: { flag: "--no-compare", purpose: "leave the other algorithms out of the front file" },
});
const searchOfEach = schemaOptions(searchOptionsSchema, {
  ...searching,
  goal: null,
  compare: null,
  crossFit: null,
});
const tuning = schemaOptions(tuneOptionsSchema, {
  learningRate: { value: "rate" },
  warmUp: { value: "share" },
  distillation: { value: "share" },
  teacher: { value: "which" },
  averaging: { value: "share" },
  clip: { value: "length" },
  crop: { value: "share" },
  frozen: { value: "share" },
  heldOut: { value: "share" },
  flip: { flag: "--no-flip", purpose: "mirror none of the training images" },
  batchNorm: {
    flag: "--no-batch-norm",
    purpose: "put no batch norms behind convolutions that have lost theirs",
  },
  protect: {
    flag: "--no-protect",
    purpose: "let the last output become less accurate where the exits gain more",
  },
});
const { latency, axis, confidence } = useCaseSchema.shape;
const measure = schemaOptions(z.object({ latency, axis }), {
  latency: { value: "kind" },
  axis: { value: "what" },
});
const certainty = schemaOptions(z.object({ confidence }), { confidence: { value: "share" } });
const link = schemaOptions(linkSchema, {
  latencyMs: linkSpelling("latencyMs", "--link-latency", "ms"),
  bandwidthMbps: linkSpelling("bandwidthMbps", "--link-bandwidth", "mbit/s"),
});

/** A link that isn't given is none, so its defaults are told and not taken. */
function linkSpelling(key: keyof Link, flag: string, value: string) {
  const { description, fallback } = fieldsOf(linkSchema)[key];
  return { flag, value, purpose: `${description} (default: ${fallback})`, fallback: undefined };
}

function add(command: Command, ...groups: readonly SchemaOptions<unknown>[]): Command {
  for (const option of groups.flatMap(({ options }) => options)) command.addOption(option);
  return command;
}

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
function addReadingOptions(command: Command): Command {
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
  const compared = command.option(
    "--compare <file>",
    "say which blocks differ from those of this ONNX file or .offramp project",
  );
  return addReadingOptions(compared.option("--data <path>", `look at this data set too; ${dataPurpose}`));
}

/** Continue even if the backbone is no better than chance on the data. */
export function addForceOption(command: Command): Command {
  return command.option("--force", "train though the backbone is no better than chance");
}

export function addDataOptions(command: Command): Command {
  addReadingOptions(command).requiredOption("--data <path>", dataPurpose);
  return addSampleOptions(add(command, splitting));
}

/** How much of each split is used. */
export function addSampleOptions(command: Command): Command {
  return add(command, sampling);
}

/** Where a command chooses by chance in one place alone. */
export function seedOption(purpose: string): Option {
  const { seed } = searchOptionsSchema.shape;
  return schemaOptions(z.object({ seed }), { seed: { purpose } }).options[0];
}

export function preprocessOption(parsed: Parsed): Promise<Preprocess> {
  return loadPreprocess(String(parsed.preprocess));
}

export function addHeadOptions(command: Command): Command {
  const kinds = headKinds.map(({ id }) => id);
  command.option(
    "--head <kinds>",
    `kinds of head to train, comma-separated: ${kinds.join(", ")}, or ${noHeads}, where a network brings its exits ` +
      `(default: ${noHeads} for those that do, ${kinds[0]} for others)`,
    list,
  );
  return addVariantOptions(command, headKinds);
}

/** The word for no heads beside those that came with a network. */
const noHeads = "none";

/** @throws AppError 'usage' for an unknown kind, or none beside others */
export function headWish(parsed: Parsed): HeadWish {
  const named = parsed.head as readonly string[] | undefined;
  const ids = new Set(named ?? [headKinds[0].id]);
  if (ids.has(noHeads) && ids.size > 1)
    throw new AppError("usage", `--head ${noHeads} goes with no other kind; give either`);
  ids.delete(noHeads);
  const heads = [...ids].map((id) => {
    const kind = headKindById(id);
    return { kind, options: variantOptions(kind, parsed) };
  });
  return named ? { heads } : { heads, spareReady: true };
}

export function addTrainingOptions(command: Command): Command {
  return add(command, training);
}

/** What training depends on besides model, data and preprocessing. */
export function trainRequestOptions(
  parsed: Parsed,
): Pick<RunRequest, keyof HeadWish | "splits" | "training"> {
  const splits = splitOptions(parsed);
  const { seed } = splits;
  return {
    splits,
    ...headWish(parsed),
    training: trainOptionsSchema.parse({ ...training.read(parsed), seed }),
  };
}

export function addTargetOptions(command: Command): Command {
  return add(command, target).option(
    "--energy-sensor <which>",
    `what counts the energy that runs take: ${energySensorText}, which say a number and its unit (J, mJ, uJ so far, or W, mW)`,
    "auto",
  );
}

/** @throws AppError 'usage' if a sensor is named for a worker, which takes the first that it has */
export function targetOptions(parsed: Parsed): TargetOptions {
  const energySensor = parsed.energySensor as string | undefined;
  if (parsed.on !== undefined && energySensor !== "auto")
    throw new AppError("usage", "--energy-sensor names a sensor of this machine; leave it out, or --on");
  return { ...targetOptionsSchema.parse(target.read(parsed)), energySensor };
}

export function addProfileOptions(command: Command): Command {
  return add(addTargetOptions(command), profiling);
}

/** How long to measure, for commands that measure what is missing of a profile. */
export function addProfileSeconds(command: Command): Command {
  return add(command, profiling);
}

export function profileSeconds(parsed: Parsed): ProfileOptions["seconds"] {
  return profileOptionsSchema.shape.seconds.parse(profiling.read(parsed).seconds);
}

/** What a measurement goes by. */
export function profileOptions(parsed: Parsed): ProfileOptions & { readonly target: TargetOptions } {
  const own = profileOptionsSchema.parse({ ...profiling.read(parsed), target: target.read(parsed) });
  return { ...own, target: targetOptions(parsed) };
}

const durationUnits: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600 };

function duration(text: string): number {
  const match = /^(\d+(?:\.\d+)?)([smh])$/.exec(text.trim());
  const seconds = match ? Number(match[1]) * durationUnits[match[2]] : 0;
  if (seconds >= 10 && seconds <= 7 * 24 * 3600) return seconds;
  throw new InvalidArgumentError("expected a duration from 10s to 168h, such as 90s, 15m or 1h.");
}

/** Whether a run tries its plan on corrupted images. */
export function addRobustnessOption(command: Command): Command {
  return add(command, trying);
}

/** With the seed of every random choice; undefined where it isn't wanted. */
export function runRobustness(parsed: Parsed): RobustnessOptions | undefined {
  const { samples } = trying.read(parsed);
  return samples === undefined ? undefined : robustnessOptionsSchema.parse({ samples, seed: parsed.seed });
}

/** How long a whole run may take. */
export function addTimeBudget(command: Command): Command {
  return command.option(
    "--time-budget <duration>",
    "how long all may take, such as 90s, 15m or 1h: it is shared among the stages, which say what they settle for",
    duration,
  );
}

export function addVerifyOptions(command: Command): Command {
  return add(command, verifying);
}

export function verifyOptions(parsed: Parsed): VerifyOptions {
  return verifyOptionsSchema.parse(verifying.read(parsed));
}

/** What a run depends on from profiling onwards. */
export function deployRequestOptions(
  parsed: Parsed,
): Pick<
  RunRequest,
  "target" | "profileSeconds" | "verifySeconds" | "timeBudgetSeconds" | "search" | "outFolder"
> {
  const { target, seconds } = profileOptions(parsed);
  return {
    target,
    profileSeconds: seconds,
    verifySeconds: verifyOptions(parsed).seconds,
    timeBudgetSeconds: parsed.timeBudget as number | undefined,
    search: searchOptions(parsed),
    outFolder: parsed.out as string,
  };
}

/** Which network learns with which exits, where, and how. */
export function addTuneOptions(command: Command): Command {
  const count = numberIn({ type: "integer", min: 1 });
  return add(
    command
      .option("--member <name>", "the network of the project that learns; the backbone if absent")
      .option("--data <path>", "where the project's data set lies now")
      .option(
        "--exits <which>",
        "auto: those that the front uses most; a plan.json: its own; or cut points by number or name, comma-separated",
        "auto",
      )
      .option("--exit-count <n>", "exits where they are chosen", count, defaultExitCount)
      .option(
        "--train-samples <n>",
        "most images that are learnt from; all of the train split if absent",
        count,
      )
      .option("-o, --out <file>", "the .offramp project to write")
      .option("--folder <folder>", "where the training is written, and goes on from; beside --out if absent")
      .option("--python <program>", "a Python that has PyTorch and NumPy", "python3")
      .option("--launcher <command>", 'what starts train.py instead, such as "torchrun --nproc-per-node 4"')
      .option("--write-only", "write the folder and train nothing")
      .option("--results <folder>", "take back what was trained in this folder, here or elsewhere")
      .option(
        "--image-budget <GB>",
        "disk that training images may take; past it they are decoded from their own files as they are asked for, by Pillow",
        numberIn({ type: "number", min: 0 }),
        8,
      ),
    tuning,
  );
}

export function tuneOptions(parsed: Parsed): TuneOptions {
  return tuneOptionsSchema.parse(tuning.read(parsed));
}

export function addQuantiseOptions(command: Command): Command {
  return add(command, quantising);
}

export function quantiseOptions(parsed: Parsed): QuantiseOptions {
  return quantiseOptionsSchema.parse(quantising.read(parsed));
}

/** How a data set is divided, for commands that train nothing. */
export function splitOptions(parsed: Parsed): RunRequest["splits"] {
  return { ...splitting.read(parsed), ...sampling.read(parsed) };
}

/** Static networks beside the plans, brought along or made of the backbone. */
export function addRivalOptions(command: Command, kinds: readonly RivalKind[] = ["int8"]): Command {
  const purpose = kinds.map((kind) => rivalKinds[kind]).join("; ");
  const rivals = new Option("--rival <kind>", purpose).choices(kinds);
  return addQuantiseOptions(addReferenceOption(command).addOption(rivals));
}

const rivalKinds = {
  int8: "make a static network of the backbone to compare with: the same with 8-bit integers",
  "int8-exits": "int8-exits puts exits into that one too, and sets all three beside the backbone",
} as const;
type RivalKind = keyof typeof rivalKinds;

/** The same where exits can be put into it as well. */
export function addRunRivalOptions(command: Command): Command {
  return addRivalOptions(command, ["int8", "int8-exits"]);
}

/** What a run makes of its backbone to compare with. */
export function runRivals(parsed: Parsed): Pick<RunRequest, "references" | "quantised" | "quantisedExits"> {
  return {
    references: parsed.reference as string[],
    quantised: rivalOptions(parsed),
    quantisedExits: parsed.rival === "int8-exits",
  };
}

/** How the backbone is quantised as a rival, if that is wanted. */
export function rivalOptions(parsed: Parsed): QuantiseOptions | undefined {
  return parsed.rival === undefined ? undefined : quantiseOptions(parsed);
}

/** Static networks that are brought along. */
export function addReferenceOption(command: Command): Command {
  return command.option(
    "--reference <file>",
    "another ONNX classifier for the same classes, to compare with; may be given several times",
    (path: string, others: readonly string[]) => [...others, path],
    [],
  );
}

/** Networks that plans may begin with. */
export function addMemberOptions(command: Command): Command {
  const collect = (value: string, others: readonly string[]) => [...others, value];
  return command
    .option(
      "--member <file>",
      `another ONNX classifier for the same classes that plans may go through first; up to ${maxMembers} of them`,
      collect,
      [],
    )
    .option(
      "--member-preprocess <name|file>",
      "how images become a member's input, once per member in their order: preset, JSON file, or " +
        `${unsaid} for the backbone's way at the member's size (the default)`,
      collect,
      [],
    )
    .option(
      "--member-classes <file>",
      "a member's classes in the order of its scores, once per member in their order: a file as for --classes, or " +
        `${unsaid} to match them by its own names or by number (the default)`,
      collect,
      [],
    );
}

/** The word that leaves what is said of a member to the default. */
const unsaid = "same";

/** @throws AppError 'usage' if more is said of members than there are; what `loadPreprocess` and `readClassChoice` throw */
export async function memberRequests(parsed: Parsed): Promise<MemberRequest[]> {
  const paths = parsed.member as readonly string[];
  const said = <Result>(key: string, flag: string, read: (text: string) => Promise<Result>) => {
    const texts = parsed[key] as readonly string[];
    if (texts.length > paths.length)
      throw new AppError(
        "usage",
        `${flag} is given more often (${texts.length}) than --member (${paths.length}); give it at most once per member`,
      );
    const text = (index: number) => texts[index] ?? unsaid;
    return async (index: number) => (text(index) === unsaid ? undefined : read(text(index)));
  };
  const preprocessOf = said("memberPreprocess", "--member-preprocess", loadPreprocess);
  const classesOf = said("memberClasses", "--member-classes", readClassChoice);
  return Promise.all(
    paths.map(async (path, index) => ({
      path,
      preprocess: await preprocessOf(index),
      classes: await classesOf(index),
    })),
  );
}

/** A second target, and the link to it. */
export function addOffloadOptions(command: Command): Command {
  return add(
    command.option("--server <file>", "profile of a server that may take over behind a partition"),
    link,
  );
}

/**
 * The server's profile and the link to it, if one is given.
 * @throws AppError 'usage' if a link is given without a server
 */
export function offloadOptions(parsed: Parsed): { readonly server: string; readonly link: Link } | undefined {
  const { server } = parsed;
  const given = link.read(parsed);
  if (typeof server === "string") return { server, link: linkSchema.parse(given) };
  if (Object.keys(given).length === 0) return undefined;
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
  return addSearch(command, search);
}

/** The same for fronts of several targets that are compared, on one split and by one algorithm. */
export function addSearchOfEach(command: Command): Command {
  return addSearch(command, searchOfEach);
}

function addSearch(command: Command, group: SchemaOptions<unknown>): Command {
  const algorithms = searchAlgorithms.map(({ id }) => id);
  command
    .addOption(new Option("--algorithm <id>", "search algorithm").choices(algorithms).default(algorithms[0]))
    .addOption(policyOption("exit policies").default([exitPolicies[0].id]));
  add(command, group, measure);
  for (const constraint of constraints) command.addOption(constraintOption(constraint));
  addClassWeights(add(command, certainty));
  return addVariantOptions(command, searchAlgorithms);
}

export function searchOptions(parsed: Parsed): SearchOptions {
  const algorithm = searchAlgorithmById(parsed.algorithm as string);
  const { goal, ...chosen } = search.read(parsed);
  return searchOptionsSchema.parse({
    ...chosen,
    // The whole front is what a front file without a goal is of.
    ...(goal === "best" ? { goal } : {}),
    algorithm: algorithm.id,
    algorithmOptions: variantOptions(algorithm, parsed),
    policies: policyChoices(parsed).map(({ id }) => id),
    seed: parsed.seed,
    useCase: parseUseCase(parsed),
  });
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

function constraintOption({ flag, placeholder, description, unit, range: [min, max] }: Constraint) {
  const { show } = typedInFlags(unit);
  const parser = numberIn({ type: "number", min: show(min), max: max === Infinity ? undefined : show(max) });
  return new Option(`${flag} <${placeholder}>`, description).argParser(parser);
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
  const wish = { ...measure.read(parsed), ...certainty.read(parsed), ...Object.fromEntries(stated) };
  return withDefaultDrop(useCaseSchema.parse(wish));
}
