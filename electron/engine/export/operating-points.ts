import { z } from "zod";
import { AppError } from "../../../shared/base/errors.ts";
import { longestPointName, sharesExits } from "../../../shared/model/operating-points.ts";
import { type Plan, planFiguresSchema } from "../../../shared/model/plan.ts";
import type { GraphProto } from "../onnx/gen/onnx_pb.ts";
import { value } from "../onnx/graph-builder.ts";
import type { GraphModel } from "../onnx/graph-model.ts";

/** What thresholds are predicted to take and to get right, on the samples that plans are chosen on; a runner sorts its points by it. */
export const pointPredictionSchema = planFiguresSchema.pick({
  accuracy: true,
  exitRates: true,
  latencyMs: true,
});

export type PointPrediction = Readonly<z.infer<typeof pointPredictionSchema>>;

/** Thresholds that an export may be run with instead of its own, by exit in the plan's order. */
export const operatingPointSchema = z.object({
  name: z.string().min(1).max(longestPointName),
  thresholds: z.array(z.number()),
  /** Absent where the project has no profile. */
  predicted: pointPredictionSchema.optional(),
});

export type OperatingPoint = Readonly<z.infer<typeof operatingPointSchema>>;

/** Key of the metadata of a single file that has operating points. */
export const pointsKey = "offramp.points";

/** Key of what is predicted of the file's own thresholds, beside its points. */
export const predictedKey = "offramp.predicted";

/** The threshold of stage k, or an exit's of a plan; an optional input where a file has operating points. */
export function thresholdName(stage: number): string {
  return `offramp/${stage}/threshold`;
}

/**
 * Another plan as an operating point of an exported one.
 * @throws AppError 'usage' if they differ in more than thresholds
 */
export function operatingPoint(exported: Plan, name: string, plan: Plan): OperatingPoint {
  if (sharesExits(exported, plan)) return { name, thresholds: plan.exits.map(({ threshold }) => threshold) };
  throw new AppError(
    "usage",
    `the point ${name} has other exits, heads or policies than the exported plan; points of one export differ in thresholds alone`,
  );
}

/** Brings the thresholds out of their branches: optional inputs, whose values in the file are the plan's own. */
export function withThresholdInputs(proto: GraphModel, exits: number): GraphModel {
  const names = new Set(Array.from({ length: exits }, (_, exit) => thresholdName(exit)));
  const lifted = takeInitializers(proto.graph, names);
  proto.graph.initializer.push(...lifted);
  proto.graph.input.push(...lifted.map(({ name }) => value(name, "float32", [])));
  // Before, no initializer gives way to an input.
  return { ...proto, irVersion: proto.irVersion < 4n ? 4n : proto.irVersion };
}

function takeInitializers(graph: GraphProto, names: ReadonlySet<string>): GraphProto["initializer"] {
  const taken = graph.initializer.filter(({ name }) => names.has(name));
  graph.initializer = graph.initializer.filter(({ name }) => !names.has(name));
  for (const { attribute } of graph.node)
    for (const { g } of attribute) if (g) taken.push(...takeInitializers(g, names));
  return taken;
}
