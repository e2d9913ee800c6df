import { joinHalves } from "../../../shared/cross-fit/join-tables.ts";
import type { PolicyTables } from "../calibrate/confidence-table.ts";
import type { Project } from "./project.ts";

/** The tables of the samples that plans are chosen on: calibration's; all held-out ones since a search that takes turns. */
export function choiceTables({ tables, front }: Pick<Project, "tables" | "front">): PolicyTables {
  return front?.crossFit ? joinHalves(tables) : tables.calibration;
}
