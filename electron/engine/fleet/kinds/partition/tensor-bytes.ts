import { z } from "zod";
import { AppError } from "../../../../../shared/base/errors.ts";
import { type RuntimeTensor, runtimeTensor } from "../../../onnx/runtime.ts";
import type { Message } from "./talk.ts";

/** How ONNX Runtime's tensors lie in memory; half floats are bits. */
const arrays = {
  float32: Float32Array,
  float64: Float64Array,
  float16: Uint16Array,
  int32: Int32Array,
  int8: Int8Array,
  uint8: Uint8Array,
} as const;

type Type = keyof typeof arrays;

const aboutSchema = z.object({
  type: z.enum(Object.keys(arrays) as [Type, ...Type[]]),
  dims: z.array(z.number().int().nonnegative()).max(16),
});

/** A tensor as a message holds it. @throws AppError 'usage' if it is of a type that doesn't cross */
export function tensorMessage(kind: string, tensor: RuntimeTensor, more: object = {}): Message {
  const { type, dims, data } = tensor;
  if (!(type in arrays)) throw new AppError("usage", `a tensor of ${type} can't cross to a server`);
  const { buffer, byteOffset, byteLength } = data as Float32Array;
  return { kind, about: { ...more, type, dims }, bytes: new Uint8Array(buffer, byteOffset, byteLength) };
}

/** @throws AppError 'fleet-unavailable' if the message holds none */
export function tensorIn({ about, bytes }: Required<Message>): RuntimeTensor {
  const { data } = aboutSchema.safeParse(about);
  const size = data && arrays[data.type].BYTES_PER_ELEMENT;
  const count = data?.dims.reduce((product, side) => product * side, 1);
  if (!data || !size || count === undefined || bytes.length !== count * size)
    throw new AppError("fleet-unavailable", "the other half of the plan sent no tensor");
  const values = new arrays[data.type](bytes.slice().buffer);
  return runtimeTensor(data.type, values as Float32Array, data.dims);
}
