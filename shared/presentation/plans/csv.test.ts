import { expect, test } from "vitest";
import { outputHead } from "../../model/plan.ts";
import { backbone, charted, exit, figures } from "../testing/test-plans.ts";
import { networkTitles } from "../words/network-titles.ts";
import type { EvaluatedPlan } from "./charted-plans.ts";
import { toCsv } from "./csv.ts";
import { networksColumn, placesColumn } from "./plan-columns.ts";
import { planRows } from "./plan-rows.ts";
import { plansCsv } from "./plans-csv.ts";
import { type ColumnBasis, columnsOfPlans, withOutlook } from "./table-columns.ts";

const titles = networkTitles([
  { name: "big", sha256: "big" },
  { name: "small", sha256: "small" },
]);

test("cells with commas, quotes and lines are quoted, formulas are disarmed, negative numbers stay", () => {
  expect(
    toCsv(
      ["a", "b"],
      [
        ['x,"y"', -1.5],
        ["=1+1", null],
        ["-cmd", 2],
      ],
    ),
  ).toBe('a,b\r\n"x,""y""",-1.5\r\n\'=1+1,\r\n\'-cmd,2\r\n');
});

const basis: ColumnBasis = {
  plans: [],
  backbone,
  titles,
  numberOf: (tensor) => ({ "conv,1": 4, a: 1 })[tensor],
  partitions: [{ cut: "input" }],
  partitionName: () => "the input",
};

function linesOf(plans: readonly EvaluatedPlan[], outlookOf?: Parameters<typeof withOutlook>[2]): string[] {
  const columns = withOutlook(columnsOfPlans({ ...basis, plans }), plans, outlookOf);
  return plansCsv(planRows(plans), columns, backbone, (id) => `<${id}>`, titles).split("\r\n");
}

test("energy is a column where it is known of a plan, and empty where it isn't of another", () => {
  const unknown = charted("a", 0.8, 0.5);
  const known = charted("b", 0.8, 0.5, {
    exits: [exit("conv,1")],
    figures: figures(0.8, 0.5, { energyMillijoules: 3.25 }),
  });
  const [header, ...lines] = linesOf([unknown, known]);
  const at = header.split(",").indexOf("mean_energy_mj");
  expect(at).toBeGreaterThan(0);
  expect(lines.slice(0, 2).map((line) => line.split(",")[at])).toEqual(["", "3.25"]);
  expect(linesOf([unknown])[0]).not.toContain("energy");
});

test("a plan is a line of plain numbers, with every column that there is and all who found it", () => {
  const plan = charted("a", 0.8, 0.5, { exits: [exit("conv,1", 0.75)] });
  const [header, line] = linesOf([plan, { ...plan, series: "scheme:uniform" }]);
  expect(header).toBe(
    "series,accuracy_change_pp,mean_latency_ms,speed_up,p95_latency_ms,exits_at,accuracy,exits,early_share," +
      "p50_latency_ms,worst_latency_ms,mean_macs,bytes,plan",
  );
  expect(line).toBe(
    '<search:exact>; <scheme:uniform>,-9.999999999999998,0.5,4,1,4,0.8,1,0.75,0.25,1.5,50,600,"conv,1 ≥ 0.750"',
  );
});

test("the partition is its tensor, and what is expected on new images is left open where it isn't known", () => {
  const plan = charted("a", 0.8, 0.5, { exits: [exit("conv,1", 0.75)] });
  const partitioned = linesOf([plan, { ...plan, cut: "input" }]);
  expect(partitioned[0]).toContain(",exits_at,cut,accuracy,");
  expect(partitioned[1]).toContain(",1,4,,0.8,");
  expect(partitioned[2]).toContain(",1,4,input,0.8,");
  const [header, line] = linesOf([plan], () => ({ upperBoundPp: 0.9 }));
  expect(header).toMatch(/,bytes,drop_bound_pp,kept_probability,plan$/);
  expect(line).toMatch(/,600,0\.9,,"conv,1 ≥ 0\.750"$/);
});

test("a plan's networks stand in a column of their own, if any goes through others than the backbone", () => {
  const output = { ...exit("scores", 0.625), member: "small", head: outputHead };
  const chained = charted("c", 0.8, 0.5, { exits: [output, exit("a")], chain: ["small", "big"] });
  const alone = charted("s", 0.8, 0.5, { exits: [], chain: ["small"] });
  const [header, ...lines] = linesOf([chained, alone, charted("a", 0.8, 0.5)]);
  expect(header).toContain(",exits_at,networks,accuracy,");
  expect(lines[0]).toContain(",small output → big 1,small → big,0.8,");
  expect(lines[0]).toMatch(/,600,"small: output ≥ 0\.625, then big: a ≥ 0\.500"$/);
  expect(lines[1]).toMatch(/,small,small,0\.8,.*,600,small alone$/);
  expect(lines[2]).toMatch(/,1,big,0\.8,.*,600,a ≥ 0\.500$/);
});

test("the column of networks sorts by their number, the backbone alone first", () => {
  const plans = [{ chain: ["small", "big"] }, { chain: ["small"] }, {}, { chain: ["big", "small"] }];
  const column = networksColumn(plans, titles);
  const values = plans.map((plan) => column.of(figures(0.8, 1), backbone, { exits: [], ...plan }));
  expect(values).toEqual([3, 1, 0, 2]);
  expect(values.map(column.format)).toEqual(["small → big", "small", "big", "big → small"]);
});

test("exits' places sort number by number, the backbone alone first, and an own output behind them", () => {
  const number = (tensor: string) => (tensor === "scores" ? undefined : Number(tensor));
  const plans = [["10"], ["0", "3"], [], ["0"], ["0", "scores"]].map((tensors) => ({
    exits: tensors.map((tensor) =>
      tensor === "scores" ? { ...exit(tensor), head: outputHead } : exit(tensor),
    ),
  }));
  const column = placesColumn(plans, titles, number);
  const values = plans.map((plan) => column.of(figures(0.8, 1), backbone, plan));
  expect(values).toEqual([4, 2, 0, 1, 3]);
  expect(values.map(column.format)).toEqual(["10", "0, 3", "", "0", "0, output"]);
  expect(values.map(column.brief!.format)).toEqual(["10", "0, 3", "–", "0", "0, out"]);
  const chained = { exits: [{ ...exit("1"), member: "small" }], chain: ["small", "big"] };
  expect(placesColumn([chained], titles, number).brief!.format(0)).toBe("1 → –");
  // One that wasn't among them when the column was made.
  expect(column.format(column.of(figures(0.8, 1), backbone, { exits: [exit("7")] }))).toBe("–");
});
