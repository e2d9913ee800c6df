import { expect, test } from "vitest";
import { backbone, charted } from "../testing/test-plans.ts";
import { networkTitles } from "../words/network-titles.ts";
import { planRows } from "./plan-rows.ts";
import {
  columnChoiceIn,
  columnsOfPlans,
  isColumnShown,
  orderedColumns,
  usualColumns,
  withColumnMoved,
  withColumnShown,
} from "./table-columns.ts";

const columns = columnsOfPlans({
  plans: [charted("a", 0.8, 0.5)],
  backbone,
  titles: networkTitles([{ name: "net", sha256: "0" }]),
  numberOf: () => 1,
  partitions: [],
  partitionName: () => "",
});

const ids = (choice = usualColumns) =>
  orderedColumns(columns, choice)
    .filter((column) => isColumnShown(column, choice))
    .map(({ id }) => id);

test("what matters first stands first", () => {
  expect(ids()).toEqual([
    "drop",
    "mean",
    "speedUp",
    "p95",
    "places",
    "accuracy",
    "exits",
    "worst",
    "macs",
    "bytes",
  ]);
});

test("columns are shown, hidden and moved, and newcomers stand behind", () => {
  const without = withColumnShown(withColumnShown(usualColumns, "worst", false), "p50", true);
  expect(ids(without).slice(-4)).toEqual(["exits", "p50", "macs", "bytes"]);
  const moved = withColumnMoved(without, orderedColumns(columns, without), "p50", "mean");
  expect(ids(moved).slice(0, 4)).toEqual(["drop", "p50", "mean", "speedUp"]);
  const back = withColumnMoved(moved, orderedColumns(columns, moved), "p50", "speedUp");
  expect(ids(back).slice(0, 4)).toEqual(["drop", "mean", "speedUp", "p50"]);
  expect(withColumnMoved(moved, columns, "unknown", "mean")).toBe(moved);
  const older = { ...moved, order: moved.order.filter((id) => id !== "drop") };
  expect(ids(older).at(-1)).toBe("drop");
});

test("what an earlier run has kept is taken as far as it can be read", () => {
  expect(columnChoiceIn(undefined)).toEqual(usualColumns);
  expect(columnChoiceIn({ order: ["mean", 3], shown: null })).toEqual({ order: ["mean"], shown: {} });
});

test("a plan that several have found is one row that names them all", () => {
  const plan = charted("a", 0.8, 0.5);
  const rows = planRows([
    plan,
    charted("b", 0.9, 1),
    { ...plan, id: "again", series: "search:nsga2" },
    { ...plan, id: "third", series: "search:nsga2" },
    { ...plan, id: "elsewhere", chain: ["small"] },
  ]);
  expect(rows.map(({ plan: { id }, series }) => [id, ...series])).toEqual([
    ["a", "search:exact", "search:nsga2"],
    ["b", "search:exact"],
    ["elsewhere", "search:exact"],
  ]);
});
