import { type BackboneSummary, scoreCount } from "../model/backbone.ts";

/** A place where a network may be partitioned between device and server. */
export interface PartitionPoint {
  /** The cut point's tensor, or the model's input. */
  readonly tensor: string;
  /** Order along the backbone, as of candidates: exits up to and at it stay on the device; -1 for the input. */
  readonly position: number;
  /** What crosses for one sample, as the model holds it: floats, or the integers of a quantised model. */
  readonly bytes: number;
}

const elementBytes = { float64: 8, float32: 4, int32: 4, float16: 2, uint8: 1, int8: 1 } as const;

/** All partition points, by rising position: the input, which leaves the device nothing, and every cut point. */
export function partitionPoints({ input, cutPoints }: BackboneSummary): PartitionPoint[] {
  const { name, type, channels, height, width } = input;
  return [
    { tensor: name, position: -1, bytes: channels * height * width * elementBytes[type] },
    ...cutPoints.map(({ tensor, index, activationBytes }) => ({
      tensor,
      position: index,
      bytes: activationBytes,
    })),
  ];
}

/** Bytes of one answer: the class scores. */
export function answerBytes({ output }: BackboneSummary): number {
  return scoreCount(output) * elementBytes[output.type];
}
