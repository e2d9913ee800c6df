import { z } from "zod";
import { AppError } from "../../../../../shared/base/errors.ts";
import { type RuntimeTensor, runtimeTensor } from "../../../onnx/runtime.ts";
import { elementCount } from "../../../onnx/tensors.ts";
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

const tensorSchema = z.object({
  type: z.enum(Object.keys(arrays) as [Type, ...Type[]]),
  dims: z.array(z.number().int().nonnegative()).max(16),
});

const aboutSchema = z.object({ tensors: z.array(tensorSchema).max(64) });

/** Tensors as a message holds them, one behind the other. @throws AppError 'usage' if one is of a type that doesn't cross */
export function tensorsMessage(kind: string, tensors: readonly RuntimeTensor[], more: object = {}): Message {
  const stated = tensors.map(({ type, dims }) => ({ type, dims }));
  const parts = tensors.map(({ type, data }) => {
    if (!(type in arrays)) throw new AppError("usage", `a tensor of ${type} can't cross to a server`);
    const { buffer, byteOffset, byteLength } = data as Float32Array;
    return new Uint8Array(buffer, byteOffset, byteLength);
  });
  const bytes = parts.length === 1 ? parts[0] : Buffer.concat(parts);
  return { kind, about: { ...more, tensors: stated }, bytes };
}

/** @throws AppError 'fleet-unavailable' if the message holds other bytes than those of tensors */
export function tensorsIn({ about, bytes }: Required<Message>): RuntimeTensor[] {
  const stated = aboutSchema.safeParse(about).data?.tensors ?? [];
  const ends: number[] = [];
  for (const { type, dims } of stated)
    ends.push((ends.at(-1) ?? 0) + elementCount(dims) * arrays[type].BYTES_PER_ELEMENT);
  if (ends.at(-1) !== bytes.length)
    throw new AppError("fleet-unavailable", "the other half of the plan sent no tensors");
  return stated.map(({ type, dims }, index) => {
    const values = new arrays[type](bytes.slice(ends[index - 1] ?? 0, ends[index]).buffer);
    return runtimeTensor(type, values as Float32Array, dims);
  });
}
