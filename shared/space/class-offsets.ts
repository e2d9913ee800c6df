import { type CostedHead, tableRow } from "./calibrated-exits.ts";

/** What a policy's table says of thresholds per class. */
interface OffsetTable {
  readonly exits: number;
  /** Row-major [exits, classes], log odds; only under policies of thresholds per class. */
  readonly classOffsets?: Float32Array;
}

/** One head's offsets per class [classes], as a view; undefined under a policy with the same threshold for all. */
export function classOffsetsAt({ classOffsets, exits }: OffsetTable, row: number): Float32Array | undefined {
  if (!classOffsets) return undefined;
  const classes = classOffsets.length / exits;
  return classOffsets.subarray(row * classes, (row + 1) * classes);
}

/** The same for an exit of a plan; undefined as well if there is no such table or head. */
export function classOffsetsOf(
  heads: readonly Pick<CostedHead, "cutPoint" | "kind">[],
  tables: ReadonlyMap<string, OffsetTable>,
  exit: { readonly cutPoint: string; readonly head: string; readonly policy: string },
): Float32Array | undefined {
  const table = tables.get(exit.policy);
  const row = tableRow(heads, exit);
  return table && row >= 0 ? classOffsetsAt(table, row) : undefined;
}
