import { useMemo } from "react";
import type { PlanColumn } from "../../shared/presentation/plans/plan-columns.ts";
import {
  type ColumnChoice,
  columnChoiceIn,
  orderedColumns,
  usualColumns,
  withColumnMoved,
  withColumnShown,
} from "../../shared/presentation/plans/table-columns.ts";
import { usePlanColumns } from "../state/plan-columns.ts";
import { useRemembered } from "../state/settings-store.ts";

interface ChosenColumns {
  /** All that there are, in the person's order. */
  readonly columns: readonly PlanColumn[];
  readonly choice: ColumnChoice;
  readonly change: {
    show(id: string, isShown: boolean): void;
    /** To where another one stands. */
    move(id: string, target: string): void;
    reset(): void;
  };
}

/** The table's columns as the person has chosen them; remembered between runs. */
export function useColumnChoice(): ChosenColumns {
  const available = usePlanColumns();
  const [kept, keep] = useRemembered<unknown>("plans.columns", usualColumns);
  const choice = useMemo(() => columnChoiceIn(kept), [kept]);
  const columns = useMemo(() => orderedColumns(available, choice), [available, choice]);
  return {
    columns,
    choice,
    change: {
      show: (id, isShown) => keep(withColumnShown(choice, id, isShown)),
      move: (id, target) => keep(withColumnMoved(choice, columns, id, target)),
      reset: () => keep(usualColumns),
    },
  };
}
