import { type BackboneSummary, scoreCount } from "../model/backbone.ts";
import { imageFrame, type Preprocess } from "../model/preprocess.ts";

/** A place where a network may be partitioned between device and server. */
export interface PartitionPoint {
  /** The cut point's tensor. */
  readonly tensor: string;
  /** Order along the network, as of candidates: exits up to and at it stay on the device. */
  readonly position: number;
  /** What crosses for one sample, as the model holds it: floats, or the integers of a quantised one. */
  readonly bytes: number;
}

/** What crosses where a network starts on the server. */
export interface CrossingImage {
  /** Networks with the same frame see the same image, but for its colours. */
  readonly frame: string;
  readonly bytes: number;
}

/** A network whose images are prepared in some way; null or absent where nobody has said which. */
export interface PreparedNetwork {
  readonly backbone: BackboneSummary;
  readonly preprocess?: Preprocess | null;
}

/**
 * How an image is counted on the link: as the network's input tensor, or a byte a value, as it is before it is scaled, which
 * the server then does. With several networks that is what crosses, for each of them scales it in its own way.
 */
export const imageForms = ["tensor", "bytes"] as const;
export type ImageForm = (typeof imageForms)[number];

const elementBytes = { float64: 8, float32: 4, int32: 4, float16: 2, uint8: 1, int8: 1 } as const;

/** All cut points, by rising position. */
export function partitionPoints({ cutPoints }: Pick<BackboneSummary, "cutPoints">): PartitionPoint[] {
  return cutPoints.map(({ tensor, index, activationBytes }) => ({
    tensor,
    position: index,
    bytes: activationBytes,
  }));
}

export function crossingImage({ backbone, preprocess }: PreparedNetwork, form: ImageForm): CrossingImage {
  const { channels, height, width, type } = backbone.input;
  return {
    frame: imageFrame(backbone.input, preprocess ?? undefined),
    bytes: channels * height * width * (form === "tensor" ? elementBytes[type] : 1),
  };
}

/**
 * Bytes of all that networks have to be given: where some see the same frame the image with the most colours serves them all.
 */
export function imageBytes(images: readonly CrossingImage[]): number {
  const largest = new Map<string, number>();
  for (const { frame, bytes } of images) largest.set(frame, Math.max(bytes, largest.get(frame) ?? 0));
  return [...largest.values()].reduce((sum, bytes) => sum + bytes, 0);
}

/** Bytes of one answer: the class scores. */
export function answerBytes({ output }: BackboneSummary): number {
  return scoreCount(output) * elementBytes[output.type];
}
