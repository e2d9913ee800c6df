import type { ProjectView } from "../../../shared/files/project-view.ts";
import type { TableView } from "../../../shared/ipc/channels.ts";
import type { PlanExit } from "../../../shared/model/plan.ts";
import { tableRow } from "../../../shared/space/calibrated-exits.ts";

/** One head's offsets per class [classes], as a view; undefined under a policy with the same threshold for all. */
export function classOffsetsAt({ classOffsets, exits }: TableView, row: number): Float32Array | undefined {
  if (!classOffsets) return undefined;
  const classes = classOffsets.length / exits;
  return classOffsets.subarray(row * classes, (row + 1) * classes);
}

/** The same for an exit of a plan; undefined as well if the project has no such table or head. */
export function classOffsetsOf(
  { heads }: Pick<ProjectView, "heads">,
  tables: ReadonlyMap<string, TableView>,
  exit: PlanExit,
): Float32Array | undefined {
  const table = tables.get(exit.policy);
  const row = tableRow(heads, exit);
  return table && row >= 0 ? classOffsetsAt(table, row) : undefined;
}
