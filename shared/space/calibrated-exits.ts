import { AppError } from "../base/errors.ts";
import type { BackboneSummary, CutPoint } from "../model/backbone.ts";

/** What is known about a head beside its confidences and latency; rows of the tables follow this order. */
export interface CalibratedExit {
  /** Order of its cut point along the backbone. */
  readonly position: number;
  readonly cutPoint: string;
  readonly head: string;
  readonly prefixMacs: number;
  readonly headMacs: number;
  readonly headBytes: number;
}

/** A trained head, as far as a search space needs it. */
export interface CostedHead {
  readonly cutPoint: string;
  readonly kind: string;
  readonly macs: number;
  readonly bytes: number;
}

/** A network with its heads, but for the tables and latencies. */
export interface CalibratedNetwork {
  readonly exits: readonly CalibratedExit[];
  /** How many places along the network there are, with an exit or without; those of the exits if absent. */
  readonly places?: number;
  readonly backboneMacs: number;
  readonly backboneBytes: number;
  /** Absent, like the output's name, where only tables are known. */
  readonly peakActivationBytes?: number;
  /** Tensor of the class scores: the cut point of an exit that is the whole network. */
  readonly output?: string;
}

/**
 * Joins heads with their places along the backbone, in the heads' order.
 * @throws AppError 'file-invalid' if a head stands at none of them
 */
export function calibratedExits(
  places: readonly Pick<CutPoint, "tensor" | "index" | "macs">[],
  heads: readonly CostedHead[],
): CalibratedExit[] {
  const byTensor = new Map(places.map((place) => [place.tensor, place]));
  return heads.map(({ cutPoint, kind, macs, bytes }) => {
    const place = byTensor.get(cutPoint);
    if (!place)
      throw new AppError(
        "file-invalid",
        `there is a head at '${cutPoint}', but the network is known up to ${[...byTensor.keys()].join(", ") || "no place"} only`,
      );
    return {
      position: place.index,
      cutPoint,
      head: kind,
      prefixMacs: place.macs,
      headMacs: macs,
      headBytes: bytes,
    };
  });
}

/** @throws AppError 'file-invalid' if a head stands at none of the backbone's cut points */
export function calibratedNetwork(
  backbone: BackboneSummary,
  heads: readonly CostedHead[],
): CalibratedNetwork {
  return {
    exits: calibratedExits(backbone.cutPoints, heads),
    places: backbone.cutPoints.length,
    backboneMacs: backbone.macs,
    backboneBytes: backbone.parameterBytes,
    peakActivationBytes: backbone.peakActivationBytes,
    output: backbone.output.name,
  };
}

/** The row that a plan's exit has in every table of these heads; -1 if there is no such head. */
export function tableRow(
  heads: readonly Pick<CostedHead, "cutPoint" | "kind">[],
  { cutPoint, head }: { readonly cutPoint: string; readonly head: string },
): number {
  return heads.findIndex((own) => own.cutPoint === cutPoint && own.kind === head);
}
