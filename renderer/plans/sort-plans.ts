import type { BackbonePoint } from "../../shared/presentation/plans/backbone-point.ts";
import type { PlanColumn } from "../../shared/presentation/plans/plan-columns.ts";
import type { PlanRow } from "../../shared/presentation/plans/plan-rows.ts";

export interface Sorting {
  /** Id of a column, or "series". */
  readonly column: string;
  readonly falling: boolean;
}

/** Sorts by a column; equal ones keep their order. @param column none for the order of the series */
export function sortRows(
  rows: readonly PlanRow[],
  column: PlanColumn | undefined,
  falling: boolean,
  backbone: BackbonePoint,
): PlanRow[] {
  if (!column) return falling ? [...rows].reverse() : [...rows];
  const sign = falling ? -1 : 1;
  return rows
    .map((row) => ({ row, value: column.of(row.plan.figures, backbone, row.plan) }))
    .sort((a, b) => {
      // Where nothing is known of a plan it comes behind all others.
      if (Number.isNaN(a.value) || Number.isNaN(b.value))
        return Number(Number.isNaN(a.value)) - Number(Number.isNaN(b.value));
      return sign * (a.value - b.value);
    })
    .map(({ row }) => row);
}

/** A press on a heading: the better end first, then the other one. */
export function nextSorting(current: Sorting, column: PlanColumn | undefined, id: string): Sorting {
  if (current.column === id) return { column: id, falling: !current.falling };
  return { column: id, falling: column?.better === "more" };
}
