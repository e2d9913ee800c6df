import type { Mutator } from "../mutator.ts";
import { flipBytes, splice, truncate } from "./mutators/bytes.ts";
import { group, nest, repeatField } from "./mutators/depth.ts";
import { dropField, swapNumber, unknownField, wrongWireType } from "./mutators/fields.ts";
import { hugeVarint, packedNumbers, stretchVarint, wrongLength } from "./mutators/varints.ts";
import type { WireSubject } from "./wire-subject.ts";

/** Every way to damage any file. */
export const byteMutators: readonly Mutator<WireSubject>[] = [flipBytes, truncate, splice];

/** Every way to damage an encoded protocol buffer. */
export const wireMutators: readonly Mutator<WireSubject>[] = [
  ...byteMutators,
  stretchVarint,
  hugeVarint,
  wrongWireType,
  unknownField,
  group,
  wrongLength,
  repeatField,
  nest,
  packedNumbers,
  dropField,
  swapNumber,
];
