import { networkOf, type ProjectView } from "../../../shared/files/project-view.ts";
import type { TableView } from "../../../shared/ipc/channels.ts";
import { outputHead, type PlanExit } from "../../../shared/model/plan.ts";
import { tableRow } from "../../../shared/space/calibrated-exits.ts";
import { tablesOf, useProject } from "../../state/project-store.ts";

/** An exit's place in the calibration table of its policy. */
export interface ExitRow {
  readonly table: TableView;
  readonly row: number;
}

/** @returns undefined if there is no such table or head; the parts are the same objects until the project changes */
export function useExitRow(
  exit: Pick<PlanExit, "member" | "cutPoint" | "head" | "policy">,
): Partial<ExitRow> {
  const table = useProject((state) => tablesOf(state, exit.member).get(exit.policy));
  const row = useProject(({ project }) => (project ? exitRow(project, exit) : -1));
  return row < 0 || !table ? {} : { table, row };
}

/** A network's own output is the last row. */
function exitRow(project: ProjectView, exit: Pick<PlanExit, "member" | "cutPoint" | "head">): number {
  const network = networkOf(project, exit.member);
  if (!network) return -1;
  return exit.head === outputHead ? network.heads.length : tableRow(network.heads, exit);
}

/** Class that the exit answers per sample [samples]; undefined if the table doesn't say. */
export function predictedAt({ table, row }: ExitRow): Int32Array | undefined {
  return table.predicted?.subarray(row * table.samples, (row + 1) * table.samples);
}
