import { AppError } from "../../../shared/base/errors.ts";
import { listNames } from "../../../shared/base/plain-name.ts";
import { scoreCount } from "../../../shared/model/backbone.ts";
import type { Backbone } from "../onnx/backbone.ts";
import { decodeModel, encodeModel } from "../onnx/codec.ts";
import type { NodeProto } from "../onnx/gen/onnx_pb.ts";
import { node } from "../onnx/graph-builder.ts";
import type { GraphModel } from "../onnx/graph-model.ts";
import { metadataClasses } from "../onnx/import/metadata-classes.ts";
import { modelIdentity } from "../onnx/model-identity.ts";
import { intTensor } from "../onnx/tensors.ts";
import { openBackbone } from "../project/project-models.ts";
import type { StageContext } from "./stage-context.ts";

/** How a member's classes are found among the data's. */
type ClassMatch =
  /** By number: it names none, or the same in the same order. */
  | { readonly kind: "number" }
  /** By number, though it names others. */
  | { readonly kind: "other names"; readonly names: readonly string[] }
  /** By name: for each class of the data its number among the member's own. */
  | { readonly kind: "name"; readonly places: readonly number[] };

/** @param classNames the data's, in the order of the backbone's scores */
export function matchClasses(member: Backbone, classNames: readonly string[]): ClassMatch {
  const lists = metadataClasses(member.proto).filter(({ names }) => names.length === classNames.length);
  const matches = lists.map(({ names }) => classNames.map((name) => names.indexOf(name)));
  const isWhole = (places: readonly number[]) => places.every((place) => place >= 0);
  const places = matches.find(isWhole);
  if (places?.every((place, index) => place === index)) return { kind: "number" };
  if (places) return { kind: "name", places };
  const areNumbers = classNames.every((name, index) => name === String(index));
  return lists.length === 0 || areNumbers
    ? { kind: "number" }
    : { kind: "other names", names: lists[0].names };
}

/**
 * The member with its scores in the order of the data's classes, and a word on what was made of its names.
 * @throws AppError 'data-mismatch' if they are in another order that can't be changed; 'cancelled'
 */
export async function withClassesOf(
  member: Backbone,
  classNames: readonly string[],
  context: StageContext,
): Promise<Backbone> {
  const { job } = context;
  const match = matchClasses(member, classNames);
  const { name } = member.summary;
  if (match.kind === "other names")
    job.warn?.(
      `${name} names its classes ${listNames(match.names)}, and the data's are ${listNames(classNames)}: they were ` +
        "matched by number",
    );
  if (match.kind !== "name") return member;
  job.warn?.(
    `${name} names its classes in another order than the data's: its scores were brought into that order`,
  );
  return inOrder(member, match.places, classNames, context);
}

async function inOrder(
  { summary, proto }: Backbone,
  places: readonly number[],
  classNames: readonly string[],
  { cache, job }: StageContext,
): Promise<Backbone> {
  const scores = scoreCount(summary.output);
  if (scores !== places.length)
    throw new AppError(
      "data-mismatch",
      `${summary.name} tells its classes apart by ${scores} score, in another order than the data's; ` +
        "export it with a score for each class",
    );
  const reordered = decodeModel(encodeModel(proto), summary.name);
  for (const { name } of reordered.graph.output) reorderOutput(reordered, name, places);
  nameClasses(reordered, classNames);
  return openBackbone(reordered, modelIdentity(reordered), summary, { job, cache });
}

/** What it says of its classes from now on, so that nobody reorders them again. */
function nameClasses(model: GraphModel, classNames: readonly string[]): void {
  const [{ key }, ...others] = metadataClasses(model);
  const stale = new Set(others.map((list) => list.key));
  const kept = model.metadataProps.filter((entry) => entry.key === key || !stale.has(entry.key));
  for (const entry of kept) if (entry.key === key) entry.value = JSON.stringify(classNames);
  model.metadataProps = kept;
}

/** The output keeps its name; what made it gets another. */
function reorderOutput({ graph }: GraphModel, output: string, places: readonly number[]): void {
  const own = `${output}/own-order`;
  const renamed = (name: string) => (name === output ? own : name);
  for (const made of graph.node as NodeProto[]) {
    made.input = made.input.map(renamed);
    made.output = made.output.map(renamed);
  }
  const order = `${output}/order`;
  graph.initializer.push(intTensor(order, places));
  graph.node.push(node("Gather", [own, order], [output], { axis: -1 }));
}
