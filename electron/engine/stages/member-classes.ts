import { create } from "@bufbuild/protobuf";
import { AppError } from "../../../shared/base/errors.ts";
import { listNames } from "../../../shared/base/plain-name.ts";
import { scoreCount } from "../../../shared/model/backbone.ts";
import type { ClassChoice } from "../dataset/classes/order-classes.ts";
import type { Backbone } from "../onnx/backbone.ts";
import { decodeModel, encodeModel } from "../onnx/codec.ts";
import { type NodeProto, StringStringEntryProtoSchema } from "../onnx/gen/onnx_pb.ts";
import { node } from "../onnx/graph-builder.ts";
import type { GraphModel } from "../onnx/graph-model.ts";
import { metadataClasses } from "../onnx/import/metadata-classes.ts";
import { modelIdentity } from "../onnx/model-identity.ts";
import { intTensor } from "../onnx/tensors.ts";
import { openBackbone } from "../project/project-models.ts";
import type { MemberModel } from "./member-stage.ts";
import type { StageContext } from "./stage-context.ts";

/** How a member's classes are found among the data's. */
type ClassMatch =
  /** By number: it names none, or the same in the same order. */
  | { readonly kind: "number" }
  /** By number, though it names others. */
  | { readonly kind: "other names"; readonly names: readonly string[] }
  /** By name: for each class of the data its number among the member's own. */
  | { readonly kind: "name"; readonly places: readonly number[]; readonly from: string };

/** A further network and what a person said of its classes. */
type Classified = Pick<MemberModel, "backbone" | "classes">;

/**
 * @param classNames the data's, in the order of the backbone's scores
 * @throws AppError 'data-mismatch' if the person's list isn't of these classes
 */
export function matchClasses({ backbone, classes }: Classified, classNames: readonly string[]): ClassMatch {
  if (classes) {
    checkListed(backbone, classes, classNames);
    return byName(classes.names, classNames, classes.from) ?? { kind: "number" };
  }
  const lists = metadataClasses(backbone.proto).filter(({ names }) => names.length === classNames.length);
  const [match] = lists.flatMap(({ names }) => byName(names, classNames, "its metadata") ?? []);
  if (match) return match;
  const areNumbers = classNames.every((name, index) => name === String(index));
  return lists.length === 0 || areNumbers
    ? { kind: "number" }
    : { kind: "other names", names: lists[0].names };
}

/** Nothing if a class of the data isn't among them. */
function byName(
  names: readonly string[],
  classNames: readonly string[],
  from: string,
): ClassMatch | undefined {
  const places = classNames.map((name) => names.indexOf(name));
  if (places.includes(-1)) return undefined;
  return places.every((place, index) => place === index)
    ? { kind: "number" }
    : { kind: "name", places, from };
}

function checkListed(
  { summary }: Backbone,
  { names, from }: ClassChoice,
  classNames: readonly string[],
): void {
  const missing = classNames.filter((name) => !names.includes(name));
  if (missing.length === 0 && names.length === classNames.length) return;
  const fault =
    missing.length === 0
      ? `it lists ${names.length} classes`
      : `the class "${listNames(missing.slice(0, 1))}" isn't among ${listNames(names)}`;
  throw new AppError(
    "data-mismatch",
    `${from} is no list of the classes of ${summary.name}: ${fault}; list ${listNames(classNames)}, spelt like that, in the ` +
      "order of its scores",
  );
}

/**
 * The member with its scores in the order of the data's classes, and a word on what was made of its names.
 * @throws AppError 'data-mismatch' if they are in another order that can't be changed; 'cancelled'
 */
export async function withClassesOf(
  member: Classified,
  classNames: readonly string[],
  context: StageContext,
): Promise<Backbone> {
  const { job } = context;
  const match = matchClasses(member, classNames);
  const { backbone } = member;
  const { name } = backbone.summary;
  if (match.kind === "other names")
    job.warn?.(
      `${name} names its classes ${listNames(match.names)}, and the data's are ${listNames(classNames)}: they were ` +
        "matched by number; list its classes in the data's words with --member-classes if that isn't their order",
    );
  if (match.kind !== "name") return backbone;
  job.warn?.(
    `${name} has its classes in another order than the data (${match.from}): its scores were brought into that order`,
  );
  return inOrder(backbone, match.places, classNames, context);
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
  const stale = new Set(metadataClasses(model).map(({ key }) => key));
  const kept = model.metadataProps.filter(({ key }) => !stale.has(key));
  const named = { key: "names", value: JSON.stringify(classNames) };
  model.metadataProps = [...kept, create(StringStringEntryProtoSchema, named)];
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
