import type { HeadCurve, HeadEpoch } from "../../model/head-curve.ts";

/** What curves of heads show, epoch by epoch. */
export const curveMetrics = {
  accuracy: {
    title: "Accuracy",
    hint: "on training images that are set aside",
    most: 1,
    /** Of the axis, where all values are closer. */
    least: 0.02,
  },
  loss: {
    title: "Loss",
    hint: "cross-entropy on training images that are set aside",
    most: Infinity,
    least: 0.01,
  },
  trainLoss: {
    title: "Training loss",
    hint: "on the images that are learnt from, against labels and the backbone's own answers",
    most: Infinity,
    least: 0.01,
  },
} as const satisfies Record<Exclude<keyof HeadEpoch, "epoch">, object>;

export type CurveMetric = keyof typeof curveMetrics;

export interface CurvePoint {
  readonly epoch: number;
  readonly value: number;
}

/** The points of a head's curve; epochs without a number leave none. */
export function curvePoints({ epochs }: Pick<HeadCurve, "epochs">, metric: CurveMetric): CurvePoint[] {
  return epochs.flatMap((each) => {
    const value = each[metric];
    return value === null ? [] : [{ epoch: each.epoch, value }];
  });
}

/** The mean over heads, epoch by epoch; one that has stopped counts with its last value. */
export function meanPoints(curves: readonly Pick<HeadCurve, "epochs">[], metric: CurveMetric): CurvePoint[] {
  const all = curves.map((curve) => curvePoints(curve, metric)).filter((points) => points.length > 0);
  const epochs = [...new Set(all.flatMap((points) => points.map(({ epoch }) => epoch)))].sort(
    (a, b) => a - b,
  );
  return epochs.map((epoch) => {
    const values = all.map((points) => (points.findLast((point) => point.epoch <= epoch) ?? points[0]).value);
    return { epoch, value: values.reduce((sum, value) => sum + value, 0) / values.length };
  });
}

/**
 * Where each head sits in its network, from 0 (first) to 1 (last).
 * @param order of the networks' cut points
 */
export function depthsOf(
  curves: readonly Pick<HeadCurve, "network" | "cutPoint">[],
  order: (network: string | undefined) => readonly string[],
): number[] {
  return curves.map(({ network, cutPoint }) => {
    const cuts = order(network);
    return Math.max(0, cuts.indexOf(cutPoint)) / Math.max(1, cuts.length - 1);
  });
}

/** Points on the screen, px. */
interface Place {
  readonly x: number;
  readonly y: number;
}

/** Which line passes nearest to a place, if one passes within reach (px). */
export function nearestLine(
  lines: readonly (readonly Place[])[],
  place: Place,
  reach: number,
): number | undefined {
  const distances = lines.map((line) => distanceToLine(line, place));
  const least = Math.min(...distances);
  return least <= reach ? distances.indexOf(least) : undefined;
}

function distanceToLine(line: readonly Place[], place: Place): number {
  if (line.length === 1) return Math.hypot(line[0].x - place.x, line[0].y - place.y);
  const segments = line.slice(1).map((end, index) => distanceToSegment(line[index], end, place));
  return Math.min(Infinity, ...segments);
}

function distanceToSegment(start: Place, end: Place, place: Place): number {
  const [dx, dy] = [end.x - start.x, end.y - start.y];
  const along = ((place.x - start.x) * dx + (place.y - start.y) * dy) / (dx * dx + dy * dy || 1);
  const share = Math.min(1, Math.max(0, along));
  return Math.hypot(start.x + share * dx - place.x, start.y + share * dy - place.y);
}
