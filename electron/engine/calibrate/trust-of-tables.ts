import { type DataTrust, dataTrust, type TrainTrust } from "../../../shared/model/data-trust.ts";
import { top1 } from "../policies/top1.ts";
import { type PolicyTables, tableRow } from "./confidence-table.ts";

/** How the backbone does on calibration, and on what heads learn from, beside test; undefined before there are tables of its plain confidences. */
export function trustOfTables(
  tables: Readonly<Record<"calibration" | "test", PolicyTables>>,
  train?: TrainTrust,
): DataTrust | undefined {
  const [calibration, test] = [tables.calibration, tables.test].map((own) => {
    const table = own.get(top1.id);
    return table && { ...tableRow(table, table.exits), labels: table.labels };
  });
  return calibration && test && { ...dataTrust(calibration, test), train };
}
