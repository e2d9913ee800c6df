import { AppError } from "../../../shared/base/errors.ts";
import { checkEnsemble } from "../../../shared/memory/check-ensemble.ts";
import { isNameOf } from "../../../shared/model/backbone.ts";
import { outputHead, type Plan, type StatedExit } from "../../../shared/model/plan.ts";
import type { Preprocess } from "../../../shared/model/preprocess.ts";
import type { ImageForm } from "../../../shared/offload/partition-points.ts";
import type { Head } from "../heads/head.ts";
import { type Backbone, cutPointByTensor } from "../onnx/backbone.ts";
import { type UniqueNames, uniqueNames } from "../onnx/unique-names.ts";
import { decidingPolicy } from "../policies/index.ts";
import { top1 } from "../policies/top1.ts";
import { type Decision, type DesignEnd, type DesignExit, exportedName, outputNames } from "./decision.ts";
import { bytesReader, entryFromBytes, entryOf, type ImageReader } from "./network-entry.ts";
import type { OperatingPoint, PointPrediction } from "./operating-points.ts";
import type { PlannedImage, PlannedNetwork } from "./stages.ts";

/** A head with what calibration gave it. */
export interface CalibratedHead {
  readonly head: Head;
  readonly temperature: number;
  /** By policy of thresholds per class, see `Decision.classOffsets`. */
  readonly classOffsets: ReadonlyMap<string, Float32Array>;
}

/** A network with what calibration gave it. */
export interface DesignNetwork {
  readonly backbone: Backbone;
  readonly heads: readonly CalibratedHead[];
  /** Of its own output. */
  readonly temperature: number;
  /** How an image becomes its input. */
  readonly preprocess: Preprocess;
}

/** The project's own network. Its preprocessing is needed only beside others. */
export type OwnNetwork = Omit<DesignNetwork, "preprocess"> & { readonly preprocess?: Preprocess | null };

/** A fixed threshold, as plans have it. */
export type PlannedExit = DesignExit & { readonly threshold: number };

/** Whether an export is given what the networks read, or the bytes of pictures that this is made of. */
export type GivenForm = "tensors" | "bytes";

/** An image that the deployed plan is given, and how it is made. */
export type DesignImage = PlannedImage & { readonly preprocess: Preprocess | null };

/** A plan joined with everything that its deployment needs. */
export interface Design {
  /** What drops refer to; its own output says in which form the plan answers. */
  readonly backbone: Backbone;
  readonly plan: Plan;
  /** Those that the plan goes through, without any that nothing reads, in the order in which a sample meets them. */
  readonly networks: readonly PlannedNetwork<PlannedExit>[];
  /** The backbone's, or that of the first network where the plan leaves the backbone out, is the first. */
  readonly images: readonly DesignImage[];
  readonly given: GivenForm;
  /** How an image that crosses to a server is counted. */
  readonly imageForm: ImageForm;
  /** In the order of the scores, where the data set names them. */
  readonly classNames?: readonly string[];
  /** Thresholds beside the plan's own; none if absent. */
  readonly points?: readonly OperatingPoint[];
  /** Of the plan's own thresholds, as of the points. */
  readonly predicted?: PointPrediction;
}

/** @throws AppError 'file-invalid' if the plan was made for another model */
export function checkPlanModel({ summary }: Backbone, { backboneSha256 }: Plan): void {
  if (isNameOf(summary, backboneSha256)) return;
  const short = (sha256: string) => `SHA-256 ${sha256.slice(0, 8)}…`;
  throw new AppError(
    "file-invalid",
    `the plan was made for another model (${short(backboneSha256)}) than ${summary.name} ` +
      `(${short(summary.sha256)})`,
    { missing: "plan" },
  );
}

/**
 * @param members the project's further networks
 * @throws AppError 'file-invalid' if the plan names a network, cut point or head that isn't there, or was made for another
 *   model, or is partitioned where it can't be; 'model-unsupported' if a network's image can't be made of bytes
 */
export function assembleDesign(
  own: OwnNetwork,
  plan: Plan,
  members: readonly DesignNetwork[] = [],
  given: GivenForm = "tensors",
): Design {
  const { backbone } = own;
  checkPlanModel(backbone, plan);
  checkEnsemble(plan, backbone.summary.output.classes);
  const chain = chainOf(own, plan, members);
  const onDevice = sharesOfDevice(backbone, plan, chain);
  const placed = exitsByNetwork(backbone, plan, chain);
  const planned = chain.map((network, place) => {
    const isLast = place === chain.length - 1;
    const outputs = placed[place].filter(({ head }) => head === outputHead);
    const exits = placed[place]
      .filter(({ head }) => head !== outputHead)
      .map((exit) => exitOf(network, exit));
    const end = isLast ? finalOf(network, plan) : outputs.map((exit) => endOf(network, exit))[0];
    return { network, exits, end, onDevice: onDevice?.[place] };
  });
  // Nothing reads a network that no sample may leave.
  const read = planned.filter(({ exits, end }) => exits.length > 0 || end);
  const { images, entries } = given === "bytes" ? byteImagesOf(read, own) : imagesOf(read, own);
  const networks = read.map(({ network, exits, end, onDevice }, place) => ({
    backbone: network.backbone,
    exits,
    end,
    onDevice,
    heads: network.heads.map(({ head }) => head),
    ...entries[place],
  }));
  const imageForm = members.length > 0 ? "bytes" : "tensor";
  return { backbone, plan, networks, images, given, imageForm };
}

/**
 * How much of each network of a chain the device runs.
 * @throws AppError 'file-invalid' if the partition lies in no network of the chain, or where that can't be partitioned
 */
function sharesOfDevice(
  backbone: Backbone,
  { cut, cutMember }: Plan,
  chain: readonly OwnNetwork[],
): NonNullable<PlannedNetwork["onDevice"]>[] | undefined {
  if (cut === undefined) return undefined;
  const sha256 = cutMember ?? backbone.summary.sha256;
  const parted = chain.findIndex((network) => isNameOf(network.backbone.summary, sha256));
  if (parted < 0)
    throw new AppError(
      "file-invalid",
      `the plan is partitioned at '${cut}' of a network (SHA-256 ${sha256.slice(0, 8)}…) that it doesn't go through`,
      { missing: "plan" },
    );
  return chain.map(({ backbone: { summary } }, place) => {
    if (place !== parted) return place < parted ? "all" : "nothing";
    return cut === summary.input.name ? "nothing" : cutPointByTensor(summary, cut);
  });
}

/** @throws AppError 'file-invalid' */
function chainOf(own: OwnNetwork, { chain }: Plan, members: readonly DesignNetwork[]): readonly OwnNetwork[] {
  if (!chain) return [own];
  return chain.map((sha256) => {
    const found = [own, ...members].find(({ backbone }) => isNameOf(backbone.summary, sha256));
    if (found) return found;
    throw new AppError(
      "file-invalid",
      `the plan goes through a network (SHA-256 ${sha256.slice(0, 8)}…) that the project doesn't hold`,
      { missing: "plan" },
    );
  });
}

/**
 * The plan's exits by network of the chain.
 * @throws AppError 'file-invalid' if one is of no network there, or they aren't in the order in which samples meet them
 */
function exitsByNetwork(backbone: Backbone, { exits }: Plan, chain: readonly OwnNetwork[]): StatedExit[][] {
  const placed = chain.map((): StatedExit[] => []);
  let last = 0;
  for (const exit of exits) {
    const sha256 = exit.member ?? backbone.summary.sha256;
    const place = chain.findIndex((network) => isNameOf(network.backbone.summary, sha256));
    const before = placed[last].at(-1);
    const isBehind = place > last || (place === last && before?.head !== outputHead);
    const isLast = place === chain.length - 1;
    const isOutput = chain[place]?.backbone.summary.output.name === exit.cutPoint;
    const isAllowed = exit.head !== outputHead || (isOutput && !isLast);
    if (place < 0 || !isBehind || !isAllowed)
      throw new AppError(
        "file-invalid",
        `the plan's exit at '${exit.cutPoint}' has no place in its networks`,
        {
          missing: "plan",
        },
      );
    last = place;
    placed[place].push(exit);
  }
  return placed;
}

/** @throws AppError 'file-invalid' if there is no such head, or it isn't calibrated for the policy */
function exitOf(
  { backbone, heads }: OwnNetwork,
  { cutPoint, head: kind, policy: id, threshold }: StatedExit,
): PlannedExit {
  const found = heads.find(({ head }) => head.cutPoint === cutPoint && head.kind === kind);
  if (!found)
    throw new AppError(
      "file-invalid",
      `the plan wants a head '${kind}' at '${cutPoint}', and none was trained there`,
    );
  const policy = decidingPolicy(id);
  const classOffsets = found.classOffsets.get(id);
  if (policy.base && !classOffsets)
    throw new AppError(
      "file-invalid",
      `the plan's exit at '${cutPoint}' goes by policy '${id}', and the project isn't calibrated for it`,
      { missing: "policyTable", policy: id },
    );
  const cut = cutPointByTensor(backbone.summary, cutPoint);
  return { cut, head: found.head, temperature: found.temperature, policy, classOffsets, threshold };
}

/** A network's own output has no thresholds per class: their policies stand for the plain one there. */
function endOf({ temperature }: OwnNetwork, { policy: id, threshold }: StatedExit): DesignEnd {
  const policy = decidingPolicy(id);
  return { policy: policy.base ?? policy, temperature, threshold };
}

function finalOf({ temperature }: OwnNetwork, { exits }: Plan): Decision {
  const id = exits.at(-1)?.policy;
  const last = id === undefined ? top1 : decidingPolicy(id);
  return { policy: last.base ?? last, temperature };
}

/** A network that reads an image, on a server if it begins there. */
type ReadNetwork = Pick<PlannedNetwork, "onDevice"> & { readonly network: OwnNetwork };

function hostOf(read: readonly ReadNetwork[], own: OwnNetwork): OwnNetwork {
  return (read.find(({ network }) => network === own) ?? read[0]).network;
}

/** Names that nothing of the network bears whose tensors keep theirs. */
function freeNames({ backbone }: OwnNetwork): UniqueNames {
  const names = uniqueNames();
  const taken = [...Object.values(outputNames), ...namesIn(backbone).map(exportedName)];
  for (const name of taken) names.take(name);
  return names;
}

/** The bytes of which the networks' images are made: one picture serves all that see the same of it. */
function byteImagesOf(read: readonly ReadNetwork[], own: OwnNetwork) {
  const host = hostOf(read, own);
  const names = freeNames(host);
  const images: (DesignImage & { readonly of: ImageReader })[] = [];
  const entryFor = (network: OwnNetwork) => {
    const reader = bytesRead(network);
    for (const [image, { of }] of images.entries()) {
      const entry = entryFromBytes(reader, of);
      if (entry.kind !== "own") return { entry, image };
    }
    const entry = entryFromBytes(reader, reader);
    if (entry.kind === "own")
      throw noBytes(network, "reads whole numbers that no plain scale makes of bytes");
    const { backbone } = network;
    images.push({ name: names.take("pixels"), backbone, ...bytesReader(reader), of: reader });
    return { entry, image: images.length - 1 };
  };
  // The network that keeps its names reads the first image.
  const ofHost = entryFor(host);
  const entries = read.map(({ network }) => (network === host ? ofHost : entryFor(network)));
  return { images, entries };
}

function bytesRead(network: OwnNetwork): ImageReader {
  const reader = readerOf(network);
  const { channels } = network.backbone.summary.input;
  if (!reader) throw noBytes(network, "comes with no preprocessing");
  if (channels !== 1 && channels !== 3) throw noBytes(network, `reads ${channels} channels, expected 1 or 3`);
  return reader;
}

function noBytes({ backbone: { summary } }: OwnNetwork, why: string): AppError {
  return new AppError(
    "model-unsupported",
    `${summary.name} can't be exported for uint8 images: it ${why}; export the other formats`,
  );
}

/** Which images the networks need, and how each comes by its own: of the first that serves it. */
function imagesOf(read: readonly ReadNetwork[], own: OwnNetwork) {
  const host = hostOf(read, own);
  const { summary } = host.backbone;
  const names = freeNames(host);
  const images: (DesignImage & { readonly reader?: ImageReader })[] = [
    imageFor(host, exportedName(summary.input.name)),
  ];
  const entries = read.map(({ network, onDevice }) => {
    if (network === host) return { entry: { kind: "same" as const }, image: 0 };
    const reader = readerOf(network);
    for (const [image, given] of images.entries()) {
      const entry = reader && given.reader ? entryOf(reader, given.reader) : undefined;
      // No colours cross that the server has no use for.
      const isLean = given.reader?.input.channels === reader?.input.channels;
      if (entry && entry.kind !== "own" && (isLean || onDevice !== "nothing")) return { entry, image };
    }
    images.push(imageFor(network, names.take(network.backbone.summary.name)));
    return { entry: { kind: "same" as const }, image: images.length - 1 };
  });
  return { images, entries };
}

function imageFor(network: OwnNetwork, name: string) {
  const { backbone, preprocess = null } = network;
  return { name, backbone, input: backbone.summary.input, preprocess, reader: readerOf(network) };
}

function readerOf({ backbone, preprocess }: OwnNetwork): ImageReader | undefined {
  return preprocess ? { input: backbone.summary.input, preprocess } : undefined;
}

function namesIn({ summary, proto: { graph } }: Backbone): string[] {
  const made = graph.node.flatMap(({ output }) => output);
  return [summary.input.name, ...made, ...graph.initializer.map(({ name }) => name)];
}
