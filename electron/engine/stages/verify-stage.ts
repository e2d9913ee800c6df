import { AppError } from "../../../shared/base/errors.ts";
import type { Job } from "../../../shared/base/job.ts";
import { evaluatePlan } from "../../../shared/evaluate/evaluate-plan.ts";
import { planFile } from "../../../shared/files/plan-file.ts";
import type { CrossFitEstimate } from "../../../shared/model/cross-fit.ts";
import type { Plan, PlanFigures } from "../../../shared/model/plan.ts";
import type { Profile } from "../../../shared/model/profile.ts";
import type { TargetOptions, VerifyOptions } from "../../../shared/model/stage-options.ts";
import { planSpace } from "../../../shared/offload/partition-space.ts";
import { fromPlanExits } from "../../../shared/space/plan-exits.ts";
import { type ClassWeights, weighSamples } from "../../../shared/space/sample-weights.ts";
import type { SearchSpace } from "../../../shared/space/search-space.ts";
import { takeSamples } from "../../../shared/space/split-space.ts";
import type { DecodableSplit, ImageSplit } from "../dataset/splits/image-split.ts";
import { imageTensor } from "../dataset/splits/run-images.ts";
import { checkPlanModel, type DesignImage } from "../export/design.ts";
import { entryModel, entryOf, type ImageReader, type NetworkEntry } from "../export/network-entry.ts";
import type { Backbone } from "../onnx/backbone.ts";
import { encodeModel } from "../onnx/codec.ts";
import { type InferenceSession, openSession, type RuntimeTensor } from "../onnx/runtime.ts";
import { checkTarget } from "../profile/target.ts";
import type { CalibratedModel, Member, Project } from "../project/project.ts";
import { crossFitOfPlan } from "../search/cross-fit-of-plan.ts";
import { searchInputs } from "../search/search-inputs.ts";
import { type DeployedNetwork, openDeployed } from "../verify/deployed-network.ts";
import { pictureBytes, pictureMaker } from "../verify/picture-bytes.ts";
import { type RoutedNetwork, routePlan } from "../verify/route-plan.ts";
import { type Making, type NetworkImages, type SampleImage, tensorOf } from "../verify/sample-images.ts";
import {
  compareRuns,
  type ModelRuns,
  runModels,
  type Verification,
  type VerifyInputs,
  verifyModel,
} from "../verify/verify-model.ts";
import { planDesign } from "./plan-design.ts";

/** A plan where it is used. */
export interface PlanInUse {
  readonly project: Project;
  readonly profile: Profile;
  readonly plan: Plan;
  /** How often each class occurs there. */
  readonly classWeights?: ClassWeights;
}

/** The space of a plan's networks on the test split, under all policies that were timed: only for reporting, never for a choice. */
export function testSpace({ project, profile, plan, classWeights }: PlanInUse): SearchSpace {
  return planSpace({ ...searchInputs(project, "test", profile), classWeights }, { chain: plan.chain }).space;
}

/**
 * What a verification says of accuracy: where the plan was chosen on the test images too, what the halves say that took
 * turns, and no interval around what it does on images that it was chosen on.
 */
export function claimsOf(used: PlanInUse, verification: Verification) {
  const crossFit = crossFitOfPlan(used.project, used.profile, used.plan, used.classWeights);
  const { plan, accuracyDropPp, accuracyDropHalfWidthPp, weighted } = verification;
  const { accuracyInterval, ...measured } = plan;
  return {
    crossFit,
    measured: crossFit ? measured : plan,
    accuracyDropPp,
    accuracyDropHalfWidthPp,
    weighted,
    ...(crossFit?.pooled && dropOf(crossFit.pooled)),
  };
}

function dropOf({ accuracyDropPp, accuracyDropHalfWidthPp, weighted }: CrossFitEstimate) {
  return { accuracyDropPp, accuracyDropHalfWidthPp, weighted };
}

/** The test split's space over the samples that were run. @param space of the whole split */
export function verifiedSpace(
  used: PlanInUse,
  places: Int32Array,
  space: SearchSpace = testSpace(used),
): SearchSpace {
  const [{ labels }] = used.project.tables.test.values();
  const ofPlaces = labels && Int32Array.from(places, (place) => labels[place]);
  return {
    ...takeSamples(space, Uint32Array.from(places)),
    weights: weighSamples(places.length, ofPlaces, used),
  };
}

/** What profile and table said beforehand, beside what was measured. */
export interface Prediction {
  /** At the machine's speed when it was profiled. */
  readonly profiled: PlanFigures;
  /** Latencies at the machine's speed at verification: scaled by the drift. */
  readonly predicted: PlanFigures;
  /** Of the mean latency. */
  readonly speedup: number;
  /** Predicted against measured mean latency, signed, per cent of the measured one. */
  readonly latencyErrorPct: number;
  /** The same of the energy; absent where it wasn't measured, or not predicted. */
  readonly energyErrorPct?: number;
  /** Whether predicted mean latency and speed-up lie in the 95 % intervals of the measured ones, where there are such. */
  readonly isMeanWithin?: boolean;
  readonly isSpeedupWithin?: boolean;
  /** How much slower the backbone ran at verification (mean) than when it was profiled, per cent (means). */
  readonly machineDriftPct: number;
}

/** Predicts a plan on the samples of the test split that it was verified on, and compares both. */
export function predictFigures(used: PlanInUse, verification: Verification): Prediction {
  const { profile, plan } = used;
  const space = verifiedSpace(used, verification.places);
  const profiled = evaluatePlan(space, fromPlanExits(space, plan.exits));
  const drift = verification.backbone.latencyMs.mean / profile.backbone.meanMs;
  const { mean, p50, p95, worst } = profiled.latencyMs;
  const latencyMs = { mean: mean * drift, p50: p50 * drift, p95: p95 * drift, worst: worst * drift };
  const speedup = profile.backbone.meanMs / mean;
  const energyMillijoules = energyNow(profiled, profile, verification);
  const { energyMillijoules: measured } = verification.plan;
  return {
    profiled,
    predicted: { ...profiled, latencyMs, energyMillijoules },
    speedup,
    ...compareMeans(latencyMs.mean, speedup, verification),
    ...(energyMillijoules !== undefined &&
      measured !== undefined && { energyErrorPct: 100 * (energyMillijoules / measured - 1) }),
    machineDriftPct: 100 * (drift - 1),
  };
}

/** The energy as the sensor counts at verification, by what it counts of the backbone; as profiled where it counts nothing. */
function energyNow(
  { energyMillijoules }: PlanFigures,
  { backbone }: Profile,
  verification: Verification,
): number | undefined {
  const now = verification.backbone.energyMillijoules;
  if (energyMillijoules === undefined || now === undefined || !backbone.energyMillijoules)
    return energyMillijoules;
  return (energyMillijoules * now) / backbone.energyMillijoules;
}

/** A predicted mean latency (ms) and speed-up beside what was measured. */
export function compareMeans(
  meanMs: number,
  speedup: number,
  { plan, speedupInterval }: Verification,
): Pick<Prediction, "isMeanWithin" | "isSpeedupWithin" | "latencyErrorPct"> {
  return {
    isMeanWithin: isWithin(meanMs, plan.latencyMs.meanInterval),
    isSpeedupWithin: isWithin(speedup, speedupInterval),
    latencyErrorPct: 100 * (meanMs / plan.latencyMs.mean - 1),
  };
}

function isWithin(value: number, interval: readonly [number, number] | undefined): boolean | undefined {
  return interval && value >= interval[0] && value <= interval[1];
}

/** What an export is verified with, beside its own project. */
interface VerifiedBeside {
  /** The backbone that drop and speed-up refer to, if it is another form of the plan's. */
  readonly against?: Backbone;
  /** The test split as another network of the project reads it, for plans that go through one. */
  readonly testOf?: (member: Member) => DecodableSplit;
  /** Opens the export otherwise than as a whole. */
  readonly open?: typeof openDeployed;
}

/**
 * Runs an exported file or staged folder over the test split, or as much of it as the time allows, beside the plain backbone.
 * @throws AppError 'file-not-found', 'file-invalid' if it is no export of this plan, 'usage' if this machine is no such
 *   target, 'cancelled'
 */
export async function verifyExport(
  used: PlanInUse,
  path: string,
  test: ImageSplit,
  how: VerifyOptions & { readonly target: TargetOptions },
  job: Job,
  beside: VerifiedBeside = {},
): Promise<Verification> {
  const expected = expectedOf(used);
  const runs = await runExport(used, path, { test, expected }, how, job, beside);
  return compareRuns({ plan: used.plan, expected, classWeights: used.classWeights }, runs);
}

/** What a verification of runs that were made elsewhere says, as `verifyExport` says it of its own. */
export function verificationOfRuns(used: PlanInUse, runs: ModelRuns): Verification {
  const { plan, classWeights } = used;
  return compareRuns({ plan, expected: expectedOf(used), classWeights }, runs);
}

/** What the tables say of each test sample. */
export function expectedOf({ plan, project }: Pick<PlanInUse, "plan" | "project">): VerifyInputs["expected"] {
  const [{ labels }] = project.tables.test.values();
  return { ...routePlan(plan, [project, ...project.members].map(routedNetwork)), labels };
}

/**
 * Runs an exported file or staged folder, and the plain backbone beside it; what of the project is used are its networks.
 * @param images that they are run on, and what is expected of them
 * @throws AppError as `verifyExport` does
 */
export async function runExport(
  { plan, project }: Pick<PlanInUse, "plan" | "project">,
  path: string,
  { test, expected }: Pick<VerifyInputs, "test" | "expected">,
  { target, seconds }: VerifyOptions & { readonly target: TargetOptions },
  job: Job,
  { against = project.backbone, testOf, open = openDeployed }: VerifiedBeside = {},
): Promise<ModelRuns> {
  checkPlanModel(project.backbone, plan);
  await checkTarget(target);
  const { summary } = project.backbone;
  const images = imagesOfPlan(project, plan);
  const byteImages = () => bytesOf(project, plan);
  job.report(0, 1, "running the exported files once");
  const deployed = await open(path, { plan, backbone: summary, images, byteImages }, target, job);
  const { given, pictures = [] } = deployed;
  const isBackbonesAlone = !plan.chain && given !== "bytes" && pictures.length === 0;
  const read = { images: given === "bytes" ? byteImages() : images, given, pictures };
  const made = isBackbonesAlone ? undefined : await madeImages(project, read, { test, testOf }, target);
  try {
    const inputs = {
      backbone: against.summary,
      backboneFile: encodeModel(against.proto),
      deployed,
      test,
      images: made?.images,
      plan,
      expected,
      seconds,
    };
    return await runModels(inputs, target, job);
  } finally {
    await made?.release();
    await deployed.release();
  }
}

/**
 * Runs a static network over the test split beside the backbone, as `verifyExport` runs a plan.
 * @param file ONNX file with one image as its input and the class scores as its output
 * @throws AppError 'cancelled'
 */
export async function verifyStatic(
  file: Uint8Array,
  { project: { backbone, tables }, classWeights }: Omit<PlanInUse, "plan">,
  test: ImageSplit,
  { target, seconds }: VerifyOptions & { readonly target: TargetOptions },
  job: Job,
): Promise<Verification> {
  const session = await openSession(file, target);
  const deployed = {
    run: async (image: SampleImage) => {
      const [input] = session.inputNames;
      const [output] = session.outputNames;
      return { logits: (await session.run({ [input]: await tensorOf(image) }))[output], exit: 0 };
    },
    release: () => session.release(),
  };
  try {
    const [{ samples, labels }] = tables.test.values();
    const { summary, proto } = backbone;
    const plan = planFile(summary.sha256, { exits: [] });
    const expected = { exit: new Uint8Array(samples), predicted: undefined, labels };
    const backboneFile = encodeModel(proto);
    const inputs = { backbone: summary, backboneFile, deployed, test, plan, expected, classWeights, seconds };
    return await verifyModel(inputs, target, job);
  } finally {
    await deployed.release();
  }
}

/** See `Design`. */
function imagesOfPlan(project: Project, plan: Plan): readonly DesignImage[] {
  if (plan.chain) return planDesign(project, plan).images;
  const { backbone, preprocess } = project;
  const { input } = backbone.summary;
  return [{ name: input.name, backbone, input, preprocess }];
}

/**
 * The test split as the plan's files are given it. An image that isn't the backbone's costs the plan what its profile says: it
 * is made while the clock runs, of the decoded image; or the operators that would make it of the backbone's run once.
 */
async function madeImages(
  project: Project,
  { images, given, pictures }: GivenImages,
  { test, testOf }: Pick<VerifyInputs, "test"> & Pick<VerifiedBeside, "testOf">,
  target: TargetOptions,
) {
  const sessions: InferenceSession[] = [];
  const release = async () => {
    for (const session of sessions) await session.release();
  };
  const memberOf = (image: DesignImage) =>
    project.members.find(({ backbone }) => backbone === image.backbone);
  const makingOf = async (member: Member, split: DecodableSplit): Promise<Making | undefined> => {
    const entry = entryBeside(project, member);
    if (entry.kind === "same") return undefined;
    if (entry.kind === "own") return ofDecoded(member, split);
    const model = entryModel(entry.operators, project.backbone.proto);
    const session = await openSession(encodeModel(model), target);
    sessions.push(session);
    return { kind: "operators", run: (first) => session.run({ [session.inputNames[0]]: first }) };
  };
  try {
    const made: NetworkImages[] = [];
    for (const image of images) {
      const { summary } = image.backbone;
      const member = memberOf(image);
      const reader = given === "bytes" ? readerOf(member ?? project) : undefined;
      const bytes = reader && ((tensor: RuntimeTensor) => pictureBytes(tensor, reader));
      if (!member) made.push({ summary, images: test, given: bytes });
      else {
        const split = splitOf(member, testOf);
        made.push({ summary, images: split, making: await makingOf(member, split), given: bytes });
      }
    }
    const crossing = pictures.map((at) => pictureOf(memberOf(images[at]) ?? project, made[at]));
    return { images: [...made, ...crossing], release };
  } catch (cause) {
    await release();
    throw cause;
  }
}

/** The network's image, made of the decoded one. */
function ofDecoded({ backbone: { summary } }: Member, images: DecodableSplit): Making {
  const prepare = images.preparer();
  return { kind: "decoded", images, make: (image, place) => imageTensor(summary, prepare(image, place), 1) };
}

/**
 * What crosses of a network's image. Where that is made of the decoded one, so is the picture, cut to the network's size while the clock
 * runs; else the backbone's image was made of it, and nothing has to be done for it.
 */
function pictureOf(
  network: Pick<Project, "backbone" | "preprocess">,
  { summary, images, making }: NetworkImages,
): NetworkImages {
  const reader = readerOf(network);
  if (making?.kind === "decoded")
    return { summary, images, making: { ...making, make: pictureMaker(reader) } };
  return { summary, images, given: (image) => pictureBytes(image, reader) };
}

interface GivenImages extends Pick<DeployedNetwork, "given">, Required<Pick<DeployedNetwork, "pictures">> {
  readonly images: readonly DesignImage[];
}

/** @throws AppError 'usage' where nothing says how the network's image is made of bytes */
function readerOf({
  backbone: { summary },
  preprocess,
}: Pick<Project, "backbone" | "preprocess">): ImageReader {
  if (preprocess) return { input: summary.input, preprocess };
  throw new AppError(
    "usage",
    `nothing says of which bytes ${summary.name} makes its image, which crosses to the server; open the data set with --preprocess`,
  );
}

/** @throws AppError 'usage' where nothing says how images are made of bytes */
function bytesOf(project: Project, plan: Plan): readonly DesignImage[] {
  if (project.preprocess) return planDesign(project, plan, "bytes").images;
  throw new AppError(
    "usage",
    "a file for uint8 images is verified with the project's preprocessing, which a worker isn't sent; verify it on this machine",
  );
}

/** How a member's image follows from the backbone's. */
export function entryBeside({ backbone, preprocess }: Project, own: Member): NetworkEntry {
  if (!preprocess) return { kind: "own" };
  return entryOf(
    { input: own.backbone.summary.input, preprocess: own.preprocess },
    { input: backbone.summary.input, preprocess },
  );
}

/** The test split as a further network reads it. @throws AppError 'usage' if there is none */
export function splitOf(member: Member, testOf: VerifiedBeside["testOf"]): DecodableSplit {
  if (testOf) return testOf(member);
  throw new AppError(
    "usage",
    `the plan reads images as ${member.backbone.summary.name} does, and the data set was opened for the backbone alone`,
  );
}

function routedNetwork({ backbone, heads, tables }: CalibratedModel): RoutedNetwork {
  return { sha256: backbone.summary.sha256, heads, tables: tables.test };
}
