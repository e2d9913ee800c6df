import { encodeBits } from "../../../shared/base/bit-text.ts";
import { AppError } from "../../../shared/base/errors.ts";
import type { Job } from "../../../shared/base/job.ts";
import { partOfJob } from "../../../shared/base/job.ts";
import { listNames } from "../../../shared/base/plain-name.ts";
import type { BackboneInput } from "../../../shared/model/backbone.ts";
import type { Preprocess } from "../../../shared/model/preprocess.ts";
import type { Profile } from "../../../shared/model/profile.ts";
import type { ReferenceModel } from "../../../shared/model/reference-model.ts";
import { countRight } from "../../../shared/space/reference-point.ts";
import { renamedClasses } from "../check/renamed-classes.ts";
import type { OpenData } from "../dataset/open/open-data.ts";
import { type ImageSplit, imageSplit } from "../dataset/splits/image-split.ts";
import { checkPreprocess } from "../dataset/splits/preprocess.ts";
import { runImages } from "../dataset/splits/run-images.ts";
import type { Backbone } from "../onnx/backbone.ts";
import { encodeModel } from "../onnx/codec.ts";
import type { InputSize } from "../onnx/import/analysis/image-input.ts";
import { importModel } from "../onnx/import/import-model.ts";
import { floatValues, openSession } from "../onnx/runtime.ts";
import { answeredClasses } from "../onnx/scores.ts";
import { referenceLatency, withReferences } from "../profile/time-references.ts";
import type { TrainedProject } from "../project/project.ts";
import type { StageRunner } from "./stage-context.ts";

/**
 * Reads another classifier for the same classes.
 * @param openSize of its images if it leaves that open; the backbone's if absent
 * @throws AppError as `importModel` does; 'data-mismatch' if it has other classes
 */
export async function importReference(
  path: string,
  output: string | undefined,
  { summary }: Backbone,
  job: Job,
  openSize: InputSize = [summary.input.height, summary.input.width],
): Promise<Backbone> {
  const reference = await importSized(path, output, openSize, job);
  const { name, output: own } = reference.summary;
  if (own.classes === summary.output.classes) return reference;
  throw new AppError(
    "data-mismatch",
    `${name} tells ${own.classes} classes apart, the project's model ${summary.output.classes}; give a model for the same classes`,
  );
}

async function importSized(
  path: string,
  output: string | undefined,
  inputSize: InputSize,
  job: Job,
): Promise<Backbone> {
  try {
    return await importModel(path, { output }, job);
  } catch (error) {
    if (!(error instanceof AppError) || error.details.missing !== "inputSize") throw error;
    return importModel(path, { output, inputSize }, job);
  }
}

/** What a reference model is compared on. */
export type ComparedProject = Pick<TrainedProject, "backbone" | "preprocess" | "tables">;

/**
 * Measures another classifier on the project's calibration and test split and on a profile's target.
 * @throws AppError 'data-mismatch' if images can't be brought to its input, its classes stand in another order, or the data set
 *   is another one than the tables were made with; 'usage' if it can't be timed here and the profile doesn't have it; 'cancelled'
 */
export async function measureReference(
  reference: Backbone,
  project: ComparedProject,
  data: OpenData,
  profile: Profile,
  job: Job,
): Promise<ReferenceModel> {
  const { name, sha256, macs, parameterBytes, input } = reference.summary;
  const preprocess = preprocessFor(project.preprocess, project.backbone.summary.input, input);
  checkPreprocess(preprocess, input);
  const rightOf = async (split: "calibration" | "test", part: Job) => {
    const images = imageSplit(data.source, data.splits[split], preprocess, input);
    const answered = await answeredImages(reference, images, part);
    checkSamples(answered.labels.length, project, split, data);
    checkClassOrder(reference, answered, data);
    return rightAnswers(answered);
  };
  const calibration = await rightOf("calibration", partOfJob(job, 0, 0.35));
  const test = await rightOf("test", partOfJob(job, 0.35, 0.7));
  const latency = await referenceLatency(reference, project.backbone, profile, partOfJob(job, 0.7, 1));
  return {
    name,
    sha256,
    accuracy: countRight(calibration) / calibration.length,
    right: { calibration: encodeBits(calibration), test: encodeBits(test) },
    latencyMs: { mean: latency.meanMs, p50: latency.medianMs, p95: latency.p95Ms },
    ...(latency.energyMillijoules !== undefined && { energyMillijoules: latency.energyMillijoules }),
    macs,
    bytes: parameterBytes,
    target: profile.id,
  };
}

/**
 * Reads all reference models that are wanted, before any long work. One that plans may go through needs no place beside them: its
 * plans are searched.
 * @throws AppError as `importReference` does
 */
export async function importReferences(
  paths: readonly string[] = [],
  backbone: Backbone,
  stages: StageRunner,
  members: readonly { readonly backbone: Backbone }[] = [],
): Promise<Backbone[]> {
  const references = new Map<string, Backbone>();
  for (const path of paths)
    await stages.run("import", async ({ job }) => {
      const reference = await importReference(path, undefined, backbone, job);
      const { sha256, fileSha256 } = reference.summary;
      const same = members.find(({ backbone: { summary } }) => summary.fileSha256 === fileSha256);
      if (!same) references.set(sha256, reference);
      else
        job.warn?.(
          `${path} is a network that plans go through, alone as well: it is searched, and not compared with them as a reference`,
        );
    });
  return [...references.values()];
}

/** The profile with their latencies, timed on this machine. @throws AppError 'cancelled' */
export async function profileReferences(
  profile: Profile,
  backbone: Backbone,
  references: readonly Backbone[],
  stages: StageRunner,
  energySensor?: string,
): Promise<Profile> {
  if (references.length === 0) return profile;
  return stages.run("references", ({ job }) =>
    withReferences(profile, backbone, references, job, energySensor),
  );
}

/** Measures them one after the other. @throws AppError as `measureReference` does */
export async function measureReferences(
  references: readonly Backbone[],
  project: ComparedProject,
  data: OpenData,
  profile: Profile,
  stages: StageRunner,
): Promise<ReferenceModel[]> {
  if (references.length === 0) return [];
  return stages.run("references", async ({ job }) => {
    const measured: ReferenceModel[] = [];
    for (const [index, reference] of references.entries()) {
      const part = partOfJob(job, index / references.length, (index + 1) / references.length);
      measured.push(await measureReference(reference, project, data, profile, part));
    }
    return measured;
  });
}

/** The preprocessing for another size of input: a crop keeps its share of the picture, else all of it is resized. */
export function preprocessFor(preprocess: Preprocess, from: BackboneInput, to: BackboneInput): Preprocess {
  if (from.height === to.height && from.width === to.width) return preprocess;
  const { resize, centreCrop, ...rest } = preprocess;
  const size: [number, number] = [to.height, to.width];
  if (centreCrop === undefined || typeof resize !== "number") return { ...rest, resize: size };
  const scale = Math.max(to.height / from.height, to.width / from.width);
  return { ...rest, resize: Math.ceil(resize * scale), centreCrop: size };
}

/** The class that a network answers to every readable image of a split, and the right one; in the split's order as tables have it. */
interface AnsweredImages {
  readonly answers: number[];
  readonly labels: number[];
}

/** 1 right, 0 wrong, per image. */
function rightAnswers({ answers, labels }: AnsweredImages): Uint8Array {
  return Uint8Array.from(answers, (answer, sample) => (answer === labels[sample] ? 1 : 0));
}

/** @throws AppError 'data-mismatch' if the network would be right far more often with its classes in another order */
function checkClassOrder(
  { summary }: Backbone,
  answered: AnsweredImages,
  { source: { classNames } }: OpenData,
): void {
  const { answers, labels } = answered;
  const renamed = renamedClasses(answers, labels, summary.output.classes);
  if (!renamed) return;
  const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
  const own = percent(countRight(rightAnswers(answered)) / labels.length);
  const theirs = renamed.places.map((_, place) => classNames[renamed.places.indexOf(place)]);
  throw new AppError(
    "data-mismatch",
    `${summary.name} has its classes in another order: it is right on ${own} of the images, and on ${percent(renamed.accuracy)} ` +
      `with its classes as ${listNames(theirs)}; export it with them as ${listNames(classNames)}`,
  );
}

/** Runs a network on every readable image. @throws AppError 'cancelled' */
export async function answeredImages(
  { summary, proto }: Backbone,
  images: ImageSplit,
  job: Job,
): Promise<AnsweredImages> {
  const session = await openSession(encodeModel(proto));
  const { output } = summary;
  const all: AnsweredImages = { answers: [], labels: [] };
  try {
    for await (const { labels, rows, results } of runImages(session, summary, images, job)) {
      all.answers.push(...answeredClasses(output, floatValues(results[output.name]), rows));
      all.labels.push(...labels.subarray(0, rows));
    }
  } finally {
    await session.release();
  }
  return all;
}

function checkSamples(
  samples: number,
  { tables }: ComparedProject,
  split: "calibration" | "test",
  { source }: OpenData,
): void {
  const [table] = tables[split].values();
  if (!table || table.samples === samples) return;
  throw new AppError(
    "data-mismatch",
    `${source.path} has changed: it gives ${samples} ${split} images, the project was made with ${table.samples}; train again`,
  );
}
