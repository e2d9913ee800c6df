import type { TableView } from "../../../shared/ipc/channels.ts";
import type { PlanExit } from "../../../shared/model/plan.ts";
import { tableRow } from "../../../shared/space/calibrated-exits.ts";
import { useProject } from "../../state/project-store.ts";

/** An exit's place in the calibration table of its policy. */
export interface ExitRow {
  readonly table: TableView;
  readonly row: number;
}

/** @returns undefined if there is no such table or head; the parts are the same objects until the project changes */
export function useExitRow(exit: Pick<PlanExit, "cutPoint" | "head" | "policy">): Partial<ExitRow> {
  const table = useProject(({ tables }) => tables.get(exit.policy));
  const row = useProject(({ project }) => (project ? tableRow(project.heads, exit) : -1));
  return row < 0 || !table ? {} : { table, row };
}

/** Class that the exit answers per sample [samples]; undefined if the table doesn't say. */
export function predictedAt({ table, row }: ExitRow): Int32Array | undefined {
  return table.predicted?.subarray(row * table.samples, (row + 1) * table.samples);
}
