import { type Random, randomInteger } from "../../../shared/base/random.ts";
import { chance } from "../drawing/draw.ts";
import { joinBytes, lengthDelimited, splitFields, type WireField, wireMessage } from "./wire-fields.ts";

const shareDeeper = 0.75;

/**
 * Changes a field somewhere in a message, at any depth; lengths around it are made to fit.
 * @param change gives what stands in the field's place
 */
export function changeField(
  bytes: Uint8Array,
  random: Random,
  change: (field: WireField) => Uint8Array,
): Uint8Array | undefined {
  const fields = splitFields(bytes);
  if (!fields || fields.length === 0) return undefined;
  const at = randomInteger(random, fields.length);
  const field = fields[at];
  const value = field.bytes.subarray(field.valueStart);
  const inside =
    field.type === lengthDelimited && chance(random, shareDeeper)
      ? changeField(value, random, change)
      : undefined;
  const replacement = inside ? wireMessage(field.number, inside) : change(field);
  return joinBytes(fields.map((each, index) => (index === at ? replacement : each.bytes)));
}
