import { type HeldOutPart, joinHalves } from "../../../shared/cross-fit/join-tables.ts";
import type { PolicyTables } from "../calibrate/confidence-table.ts";
import type { CalibratedModel, Project } from "./project.ts";

/** Which samples plans are chosen on: calibration's; all held-out ones since a search that takes turns. */
export function choicePart({ front }: Pick<Project, "front">): HeldOutPart {
  return front?.crossFit ? "both" : "calibration";
}

/** The backbone's tables of the samples that plans are chosen on. */
export function choiceTables(project: Pick<Project, "tables" | "front">): PolicyTables {
  return tablesOn(project.tables, choicePart(project));
}

/** A network's tables of a part of the held-out samples. */
export function tablesOn(tables: CalibratedModel["tables"], part: HeldOutPart): PolicyTables {
  return part === "both" ? joinHalves(tables) : tables[part];
}
