import type { Random } from "../../../shared/base/random.ts";
import type { Mutator } from "../mutator.ts";
import { changeField } from "./change-field.ts";
import type { WireField } from "./wire-fields.ts";
import type { WireSubject } from "./wire-subject.ts";

/** A mutator of one field somewhere in a message. @param change gives what stands in its place */
export function onField(
  id: string,
  change: (field: WireField, random: Random, whole: Uint8Array) => Uint8Array,
): Mutator<WireSubject> {
  return {
    id,
    mutate: (subject, random) => {
      const changed = changeField(subject.bytes, random, (field) => change(field, random, subject.bytes));
      if (changed) subject.bytes = changed;
      return changed !== undefined;
    },
  };
}
