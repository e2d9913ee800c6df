import { AppError } from "../../../shared/base/errors.ts";
import type { ConfidenceTable } from "../../../shared/model/confidence-table.ts";
import { outputHead, type Plan } from "../../../shared/model/plan.ts";
import { type CostedHead, tableRow } from "../../../shared/space/calibrated-exits.ts";

/** A network of a plan, as far as its samples' ways depend on it. */
export interface RoutedNetwork {
  readonly sha256: string;
  readonly heads: readonly Pick<CostedHead, "cutPoint" | "kind">[];
  /** By policy: a row for each head, that of its own output last. */
  readonly tables: ReadonlyMap<string, ConfidenceTable>;
}

/** What a plan decides of each sample. */
export interface Decisions {
  /** Index into the plan's exits per sample; their number stands for the end of the last network. */
  readonly exit: Uint8Array;
  /** The class it answers; undefined where the tables don't say. */
  readonly predicted: Int32Array | undefined;
}

/** A row of a table. */
interface Row {
  readonly table: ConfidenceTable;
  readonly row: number;
}

/**
 * Sends every sample through a plan's exits by the networks' own tables, without any search space: what an exported
 * network has to decide.
 * @param networks the backbone first, whose exits name no network
 * @throws AppError 'file-invalid' if the plan has an exit or a network that they don't have
 */
export function routePlan({ exits, chain }: Plan, networks: readonly RoutedNetwork[]): Decisions {
  const networkOf = (sha256: string | undefined) => {
    const found = sha256 === undefined ? networks[0] : networks.find((each) => each.sha256 === sha256);
    if (found) return found;
    throw missing(`network (SHA-256 ${sha256!.slice(0, 8)}…)`);
  };
  const rows = exits.map((exit): Row => {
    const { heads, tables } = networkOf(exit.member);
    const row = exit.head === outputHead ? heads.length : tableRow(heads, exit);
    const table = tables.get(exit.policy);
    if (table && row >= 0) return { table, row };
    throw missing(`exit at '${exit.cutPoint}' under policy ${exit.policy}`);
  });
  const last = networkOf(chain?.at(-1));
  const [table] = last.tables.values();
  if (!table) throw missing("network's tables");
  const thresholds = exits.map(({ threshold }) => Math.fround(threshold));
  const exit = Uint8Array.from({ length: table.samples }, (_, sample) => {
    const taken = rows.findIndex(
      (each, k) => !(each.table.confidence[each.row * table.samples + sample] < thresholds[k]),
    );
    return taken < 0 ? exits.length : taken;
  });
  return { exit, predicted: answersAt([...rows, { table, row: last.heads.length }], exit) };
}

function answersAt(rows: readonly Row[], exit: Uint8Array): Int32Array | undefined {
  const classes = rows.map(({ table, row }) =>
    table.predicted?.subarray(row * table.samples, (row + 1) * table.samples),
  );
  if (classes.includes(undefined)) return undefined;
  return Int32Array.from(exit, (taken, sample) => classes[taken]![sample]);
}

function missing(what: string): AppError {
  return new AppError(
    "file-invalid",
    `the plan's ${what} is not in the project; was it made for another one?`,
    {
      missing: "plan",
    },
  );
}
