import type { Job } from "../../../shared/base/job.ts";
import { type Random, randomInteger, seededRandom } from "../../../shared/base/random.ts";
import type { Preprocess } from "../../../shared/model/preprocess.ts";
import type { Latency, Profile } from "../../../shared/model/profile.ts";
import type { TargetOptions } from "../../../shared/model/stage-options.ts";
import type { RawImage } from "../dataset/images/raw-image.ts";
import { frameImage } from "../dataset/splits/image-geometry.ts";
import { inputArray, pixelWriter } from "../dataset/splits/input-pixels.ts";
import { type EntryOperators, entryModel, entryOf, type ImageReader } from "../export/network-entry.ts";
import { type Backbone, imageDims } from "../onnx/backbone.ts";
import { encodeModel } from "../onnx/codec.ts";
import { type InferenceSession, openSession } from "../onnx/runtime.ts";
import { energyShare } from "./energy/energy-counter.ts";
import { energyRatio, ratioOfEnergies } from "./energy/energy-ratio.ts";
import { estimatedEnergy } from "./energy/fit-energies.ts";
import { estimateRatio } from "./estimate/estimate-ratio.ts";
import { estimatedLatency } from "./estimate/estimated-latency.ts";
import type { Estimate } from "./estimate/fit-latencies.ts";
import type { Timing } from "./estimate/timing.ts";
import { atRaisedPriority } from "./machine/priority.ts";
import { stopwatchFor } from "./machine/stopwatch.ts";
import { measureRounds, type Timed } from "./measure-rounds.ts";
import { emptyModel, noise, randomImage, type TimedModel } from "./timed-models.ts";

/** A network and how its images are made. */
export interface PreprocessedNetwork {
  readonly backbone: Backbone;
  readonly preprocess: Preprocess;
}

/** Of a decoded image. */
export type ImageSize = Pick<RawImage, "height" | "width" | "channels">;

export interface EntryOptions extends TargetOptions {
  readonly seconds: number;
  readonly seed: number;
  /** Of decoded images as the data has them; what the preprocessing says of it if absent. */
  readonly imageSize?: ImageSize;
}

/**
 * What a sample costs before a member starts, at the profile's pace of the backbone: the operators that make its image
 * of the backbone's, or, where that can't be, framing and scaling a decoded image once more, as the host does it.
 * Decoding it is nobody's, for the backbone's image takes that too.
 * @returns undefined if both read the same
 * @throws AppError 'data-mismatch' if the image can't be brought to the member's input, 'cancelled'
 */
export async function timeEntry(
  member: PreprocessedNetwork,
  backbone: PreprocessedNetwork,
  profile: Profile,
  options: EntryOptions,
  job: Job,
): Promise<Latency | undefined> {
  const [own, given] = [member, backbone].map(readerOf);
  const entry = entryOf(own, given);
  if (entry.kind === "same") return undefined;
  const random = seededRandom(options.seed);
  const sessions = new Sessions(options);
  try {
    const network = await sessions.open({
      proto: backbone.backbone.proto,
      feeds: randomImage(backbone.backbone, random),
    });
    const subject =
      entry.kind === "own"
        ? preparing(own, imageOfNoise(options.imageSize ?? decodedSize(own, given), random))
        : await sessions.open(operatorsModel(entry.operators, backbone.backbone, random));
    const nothing = entry.kind === "own" ? undefined : await sessions.open(emptyModel(backbone.backbone));
    const groups = [subject, network, ...(nothing ? [nothing] : [])].map((timed) => [timed]);
    const measurement = { groups, stopwatch: stopwatchFor(options), seconds: options.seconds };
    const isCounted = await atRaisedPriority(async () => {
      await measureRounds(measurement, random, job);
      const others = nothing ? [nothing] : [];
      return energyRatio(subject, network, others, options, energyShare * options.seconds, job);
    });
    const shareOf = ({ timings }: Timed) => estimateOf(timings, network.timings, options.seed);
    const estimate = nothing ? without(shareOf(subject), shareOf(nothing)) : shareOf(subject);
    const energyOf = (timed: Timed) => ratioOfEnergies(timed, network);
    const energy = nothing ? without(energyOf(subject), energyOf(nothing)) : energyOf(subject);
    return {
      ...estimatedLatency(estimate, profile.backbone.meanMs, subject.timings),
      ...(isCounted && estimatedEnergy(energy, profile.backbone)),
    };
  } finally {
    await sessions.release();
  }
}

/** What something takes of the backbone's time. */
function estimateOf(own: readonly Timing[], backbone: readonly Timing[], seed: number): Estimate {
  return estimateRatio(own, backbone, 1 + (backbone.at(-1)?.round ?? -1), seededRandom(seed));
}

/** What is left of it beside what running nothing takes. */
function without(all: Estimate, nothing: Estimate): Estimate {
  return {
    ratio: Math.max(0, all.ratio - nothing.ratio),
    halfWidth: Math.hypot(all.halfWidth, nothing.halfWidth),
  };
}

function readerOf({ backbone, preprocess }: PreprocessedNetwork): ImageReader {
  return { input: backbone.summary.input, preprocess };
}

/** Sessions that are open while something is timed. */
class Sessions {
  readonly #sessions: InferenceSession[] = [];

  constructor(private readonly target: TargetOptions) {}

  async open({ proto, feeds }: TimedModel): Promise<Timed> {
    const session = await openSession(encodeModel(proto), this.target);
    this.#sessions.push(session);
    return { run: () => session.run(feeds, session.outputNames), timings: [], energies: [] };
  }

  async release(): Promise<void> {
    for (const session of this.#sessions) await session.release();
  }
}

/** The operators alone, from the backbone's image to the member's. */
function operatorsModel(operators: EntryOperators, { proto }: Backbone, random: Random): TimedModel {
  const { from } = operators;
  const feeds = { given: noise(from.type, imageDims({ input: from }, 1) as number[], random) };
  return { proto: entryModel(operators, proto), feeds };
}

/** Brings a decoded image to a network's input, again and again. */
function preparing({ input, preprocess }: ImageReader, image: RawImage): Timed {
  const writer = pixelWriter(preprocess, input);
  const into = inputArray(input, 1);
  const run = async () => {
    const where = "the image that is timed";
    writer.write(frameImage(image, preprocess, input, where), into, 0, where);
  };
  return { run, timings: [], energies: [] };
}

function imageOfNoise(size: ImageSize, random: Random): RawImage {
  const length = size.height * size.width * size.channels;
  return { ...size, data: Uint8Array.from({ length }, () => randomInteger(random, 256)) };
}

/**
 * How large images are where no data is at hand: whose preprocessing takes them as they are says it; else they are as large
 * as the backbone's preprocessing makes them.
 */
function decodedSize(own: ImageReader, given: ImageReader): ImageSize {
  const fixed = [own, given].find(({ preprocess }) => preprocess.resize === undefined) ?? given;
  const [height, width] = framedSize(fixed);
  const readsGrey = own.input.channels === 1 && given.input.channels === 1;
  return { height, width, channels: readsGrey ? 1 : Math.max(3, given.input.channels) };
}

/** Height and width before anything is cropped. */
function framedSize({ input, preprocess: { resize } }: ImageReader): readonly [number, number] {
  if (resize === undefined) return [input.height, input.width];
  return typeof resize === "number" ? [resize, resize] : resize;
}
