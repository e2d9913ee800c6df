import type { PartitionedPlan, PlanFigures, PlanWay } from "../../model/plan.ts";
import type { NetworkTitles } from "../words/network-titles.ts";
import type { BackbonePoint } from "./backbone-point.ts";
import { arePartitioned } from "./comparison.ts";
import {
  allColumns,
  areChained,
  type CutPointNumber,
  knownColumns,
  networksColumn,
  outlookColumns,
  type PlanColumn,
  partitionColumn,
  placesColumn,
  planColumns,
} from "./plan-columns.ts";

/** What the columns of a table of plans are made from. */
export interface ColumnBasis {
  readonly plans: readonly (PartitionedPlan & { readonly figures: PlanFigures | null })[];
  /** Null while there is nothing to compare with, and so to show. */
  readonly backbone: BackbonePoint | null;
  readonly titles: NetworkTitles;
  readonly numberOf: CutPointNumber;
  /** All partitions that plans may have, see `partitionColumn`. */
  readonly partitions: readonly PlanWay[];
  partitionName(partition: PlanWay): string;
}

/** What matters first stands first; columns that aren't named here stand behind. */
const byImportance = ["drop", "mean", "speedUp", "p95", "places", "chain", "cut", "accuracy", "exits"];

/**
 * Every column that a table of these plans may have, the most important first: with the networks where any plan goes through
 * others than the backbone, with the partition where any plan has one, and without what is known of none.
 */
export function columnsOfPlans(basis: ColumnBasis): PlanColumn[] {
  const { plans, backbone, titles, numberOf, partitions, partitionName } = basis;
  const known = backbone ? knownColumns(allColumns, plans, backbone) : allColumns;
  const columns = [
    ...known.filter((column) => column !== planColumns.networks),
    placesColumn(plans, titles, numberOf),
    ...(areChained(plans) ? [networksColumn(plans, titles)] : []),
    ...(arePartitioned(plans) ? [partitionColumn(partitions, partitionName)] : []),
  ];
  const rank = ({ id }: PlanColumn) => {
    const named = byImportance.indexOf(id);
    return named < 0 ? byImportance.length : named;
  };
  return columns.sort((one, other) => rank(one) - rank(other));
}

/**
 * The same with what is to be expected on new images, unless a server takes over in any of the plans.
 * @param outlookOf absent where nothing can be told
 */
export function withOutlook(
  columns: readonly PlanColumn[],
  plans: readonly PartitionedPlan[],
  outlookOf: Parameters<typeof outlookColumns>[0] | undefined,
): readonly PlanColumn[] {
  return outlookOf && !arePartitioned(plans) ? [...columns, ...outlookColumns(outlookOf)] : columns;
}

/** What a person has made of a table's columns. */
export interface ColumnChoice {
  /** Ids of columns in their order; those that aren't named stand behind in their usual one. */
  readonly order: readonly string[];
  /** Whether a column is shown, by its id; as usual if absent. */
  readonly shown: Readonly<Record<string, boolean>>;
}

export const usualColumns: ColumnChoice = { order: [], shown: {} };

/** All columns in the chosen order. */
export function orderedColumns(columns: readonly PlanColumn[], { order }: ColumnChoice): PlanColumn[] {
  const place = ({ id }: PlanColumn) => {
    const chosen = order.indexOf(id);
    return chosen < 0 ? order.length : chosen;
  };
  return [...columns].sort((one, other) => place(one) - place(other));
}

export function isColumnShown({ id, inTable }: PlanColumn, { shown }: ColumnChoice): boolean {
  return shown[id] ?? inTable;
}

export function withColumnShown(choice: ColumnChoice, id: string, isShown: boolean): ColumnChoice {
  return { ...choice, shown: { ...choice.shown, [id]: isShown } };
}

/**
 * Puts a column where another one stands, which makes room for it.
 * @param columns in the order in which they are
 */
export function withColumnMoved(
  choice: ColumnChoice,
  columns: readonly PlanColumn[],
  id: string,
  target: string,
): ColumnChoice {
  const order = columns.map((column) => column.id);
  const [from, to] = [order.indexOf(id), order.indexOf(target)];
  if (from < 0 || to < 0 || from === to) return choice;
  order.splice(to, 0, ...order.splice(from, 1));
  return { ...choice, order };
}

/** What is kept of an earlier run, which may be of another version. */
export function columnChoiceIn(kept: unknown): ColumnChoice {
  const { order, shown } = (kept ?? {}) as Partial<ColumnChoice>;
  return {
    order: Array.isArray(order) ? order.filter((id) => typeof id === "string") : [],
    shown: typeof shown === "object" && shown !== null ? shown : {},
  };
}
