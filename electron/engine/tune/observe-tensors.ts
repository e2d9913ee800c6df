import { create } from "@bufbuild/protobuf";
import type { BackboneInput } from "../../../shared/model/backbone.ts";
import { encodeModel } from "../onnx/codec.ts";
import { ValueInfoProtoSchema } from "../onnx/gen/onnx_pb.ts";
import type { GraphModel } from "../onnx/graph-model.ts";
import { imageOfType } from "../onnx/image-types.ts";
import { openSession, type RuntimeTensor } from "../onnx/runtime.ts";
import { elementTypeName } from "../onnx/tensors.ts";

/** An image as a network's input holds it, with its batch of 1. */
export interface ObservedImage {
  readonly values: Float32Array;
  readonly dims: readonly number[];
}

/** What some tensors of a network hold for one image; nothing is optimised away before. */
export async function observeTensors(
  proto: GraphModel,
  image: ObservedImage,
  names: readonly string[],
): Promise<Readonly<Record<string, RuntimeTensor>>> {
  if (names.length === 0) return {};
  const output = names.map((name) => create(ValueInfoProtoSchema, { name }));
  const seen = { ...proto, graph: { ...proto.graph, output } };
  const session = await openSession(encodeModel(seen), { threads: 1, optimise: false });
  try {
    return await session.run(feedOf(proto, image));
  } finally {
    await session.release();
  }
}

/** One image as a session of the network takes it. */
export function feedOf(
  { graph }: GraphModel,
  { values, dims }: ObservedImage,
): Record<string, RuntimeTensor> {
  const [{ name, type }] = graph.input;
  const element = type?.value.case === "tensorType" ? type.value.value.elemType : 0;
  return { [name]: imageOfType(elementTypeName(element) as BackboneInput["type"], values, dims) };
}
