import { join } from "node:path";
import { AppError } from "../../../shared/base/errors.ts";
import type { Job } from "../../../shared/base/job.ts";
import type { Plan } from "../../../shared/model/plan.ts";
import type { TargetOptions } from "../../../shared/model/stage-options.ts";
import { inputArray, pixelWriter } from "../dataset/splits/input-pixels.ts";
import { type Manifest, manifestFile } from "../export/staged.ts";
import { imageOfType, imageTypes } from "../onnx/image-types.ts";
import type { ObservedTensor } from "../onnx/probe/model-probe.ts";
import type { RuntimeTensor } from "../onnx/runtime.ts";
import { elementCount } from "../onnx/tensors.ts";
import {
  type Answer,
  answerOf,
  atBatchOne,
  type DeployedDesign,
  imagesOf,
  openStages,
  statedTensor,
} from "./deployed-network.ts";
import { readManifest } from "./exported-files.ts";
import { type SampleImage, tensorOf } from "./sample-images.ts";

/**
 * What crosses from device to server for one sample, as the manifest says it: the tensor that the server goes on from, if it does, and
 * then the pictures of the images that its networks start from.
 */
export type Crossing = readonly RuntimeTensor[];

/** The half of a partitioned plan that the device runs, opened from its stages. */
export interface DeviceHalf {
  /** See `DeployedNetwork`: they are what crosses. */
  readonly pictures: readonly number[];
  /**
   * @param images the plan's, and behind them the pictures
   * @returns how the sample leaves, or what it hands on to the server
   */
  run(...images: readonly SampleImage[]): Promise<Answer | { readonly crossing: Crossing }>;
  release(): Promise<void>;
}

/** The half that the server runs. */
export interface ServerHalf {
  /**
   * @returns how the sample leaves, counted as in the whole plan
   * @throws AppError 'data-mismatch' if what crossed isn't what the manifest says
   */
  run(crossing: Crossing): Promise<Answer>;
  release(): Promise<void>;
}

/**
 * Opens the stages that the device runs; the server's needn't be there.
 * @throws AppError as `openDeployed` does; 'usage' if the plan isn't partitioned
 */
export async function openDeviceHalf(
  folder: string,
  design: DeployedDesign,
  target: TargetOptions,
  job: Job,
): Promise<DeviceHalf> {
  const images = imagesOf(design).map(atBatchOne);
  const { manifest, crossing } = await readPartition(folder, design.plan, images.length);
  const pictures = (crossing.images ?? []).map((picture) => widestImage(folder, manifest, picture));
  const stages = await openStages(folder, manifest, { design, images, side: "device" }, target, job);
  return {
    pictures,
    run: async (...given) => {
      const imageOf = (image: number) => tensorOf(given[image]);
      const went = await stages.run(imageOf);
      if ("logits" in went) return went;
      const tensors = crossing.name === undefined ? [] : [went.handedOn ?? (await imageOf(0))];
      for (const picture of given.slice(images.length)) tensors.push(await tensorOf(picture));
      return { crossing: tensors };
    },
    release: stages.release,
  };
}

/**
 * Opens the stages that the server runs; the device's needn't be there. Images are made of what crosses as the manifest says.
 * @throws AppError as `openDeviceHalf` does
 */
export async function openServerHalf(
  folder: string,
  design: Pick<DeployedDesign, "plan" | "backbone">,
  target: TargetOptions,
  job: Job,
): Promise<ServerHalf> {
  const { manifest, crossing } = await readPartition(folder, design.plan);
  const { images = [] } = manifest;
  const tensors = crossing.name === undefined ? [] : [statedTensor(manifestTensor(folder, crossing))];
  const pictures = crossing.images ?? [];
  const expected: ObservedTensor[] = [
    ...tensors,
    ...pictures.map(({ type, shape }) => ({ type, dims: shape })),
  ];
  const makers = new Map<number, (crossed: Crossing) => RuntimeTensor>();
  for (const [place, picture] of pictures.entries())
    for (const image of picture.of) {
      const make = imageMaker(folder, images[image], picture);
      makers.set(image, (crossed) => make(crossed[tensors.length + place]));
    }
  checkServed(folder, manifest, tensors.length > 0, makers);
  const asked = { design, images: images.map(statedTensor), side: "server" } as const;
  const stages = await openStages(folder, manifest, asked, target, job);
  const firstServer = manifest.stages.findIndex((stage) => stage.target === "server");
  const before = manifest.stages.slice(0, firstServer).filter(({ threshold }) => threshold !== null).length;
  return {
    run: async (crossed) => {
      checkCrossed(crossed, expected);
      const handedOn = tensors.length > 0 ? crossed[0] : undefined;
      const went = await stages.run((image) => makers.get(image)!(crossed), handedOn);
      const { logits, exit } = answerOf(folder, went);
      return { logits, exit: before + exit };
    },
    release: stages.release,
  };
}

type StatedCrossing = NonNullable<Manifest["crossing"]>;
type StatedPicture = NonNullable<StatedCrossing["images"]>[number];
type StatedImage = NonNullable<Manifest["images"]>[number];

/** @throws AppError 'usage' */
async function readPartition(folder: string, plan: Plan, given?: number) {
  const manifest = await readManifest(folder, plan, given);
  const { crossing, stages } = manifest;
  if (crossing && stages.some(({ target }) => target === "server")) return { manifest, crossing };
  throw new AppError("usage", `${folder} is of no plan that is partitioned between two targets`);
}

/** Which of the images that are made of a picture has all of it: its channels, and colours if any has. */
function widestImage(folder: string, { images = [] }: Manifest, { of, shape }: StatedPicture): number {
  const whole = of.filter((image) => images[image]?.frame?.[2] === shape[2]);
  const inColour = whole.find((image) => images[image].preprocess?.channels !== "grey");
  const found = inColour ?? whole[0];
  if (found !== undefined) return found;
  throw unserved(folder, "lets an image cross that no network reads");
}

/** How an image becomes what a network of the server reads. */
function imageMaker(
  folder: string,
  image: StatedImage | undefined,
  { shape: [height, width, channels] }: StatedPicture,
): (picture: RuntimeTensor) => RuntimeTensor {
  const type = imageTypes.find((each) => each === image?.type);
  if (!image?.preprocess || !image.layout || !type)
    throw unserved(folder, "doesn't say how the server makes an image of what crosses");
  const { name, layout, preprocess, quantisation } = image;
  const { dims } = statedTensor(image);
  const input = {
    ...{ name, type, layout, quantisation, height, width, dynamicBatch: false },
    channels: elementCount(dims) / (height * width),
  };
  const writer = pixelWriter(preprocess, input);
  return ({ data }) => {
    const into = inputArray(input, 1);
    const framed = { image: { width, height, channels, data: data as Uint8Array }, top: 0, left: 0 };
    writer.write(framed, into, 0, name);
    return imageOfType(type, into, dims);
  };
}

function manifestTensor(folder: string, { name, type, shape }: StatedCrossing) {
  if (name !== undefined && type !== undefined && shape) return { name, type, shape };
  throw unserved(folder, "doesn't say what tensor crosses");
}

/** Whether all that the server's stages start from crosses. */
function checkServed(
  folder: string,
  { stages }: Manifest,
  isHandedOn: boolean,
  makers: ReadonlyMap<number, unknown>,
): void {
  const own = stages.filter(({ target }) => target === "server");
  const isServed = own.every(({ image }, k) =>
    image === undefined ? k > 0 || isHandedOn : makers.has(image),
  );
  if (!isServed) throw unserved(folder, "has a stage of the server whose image doesn't cross");
}

function unserved(folder: string, what: string): AppError {
  return new AppError("file-invalid", `${join(folder, manifestFile)} ${what}; export again`);
}

function checkCrossed(crossed: Crossing, expected: readonly ObservedTensor[]): void {
  const described = (all: readonly { readonly type: string; readonly count: number }[]) =>
    all.map(({ type, count }) => `${count} ${type}`).join(" and ");
  const [came, due] = [
    described(crossed.map(({ type, size }) => ({ type, count: size }))),
    described(expected.map(({ type, dims }) => ({ type, count: elementCount(dims) }))),
  ];
  if (came === due) return;
  throw new AppError("data-mismatch", `what crosses holds ${came || "nothing"}, expected ${due}`);
}
