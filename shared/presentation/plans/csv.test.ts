import { expect, test } from "vitest";
import { outputHead } from "../../model/plan.ts";
import { backbone, charted, exit, figures } from "../testing/test-plans.ts";
import { networkTitles } from "../words/network-titles.ts";
import { toCsv } from "./csv.ts";
import { networksColumn, outlookColumns } from "./plan-columns.ts";
import { plansCsv } from "./plans-csv.ts";

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

test("energy is a column where it is known of a plan, and empty where it isn't of another", () => {
  const unknown = charted("a", 0.8, 0.5);
  const known = charted("b", 0.8, 0.5, { figures: figures(0.8, 0.5, { energyMillijoules: 3.25 }) });
  const [header, ...lines] = plansCsv([unknown, known], backbone, () => "Exact", titles).split("\r\n");
  const at = header.split(",").indexOf("mean_energy_mj");
  expect(at).toBeGreaterThan(0);
  expect(lines.slice(0, 2).map((line) => line.split(",")[at])).toEqual(["", "3.25"]);
});

test("a plan is a line of plain numbers", () => {
  const plan = charted("a", 0.8, 0.5, { exits: [exit("conv,1", 0.75)] });
  const [header, line] = plansCsv([plan], backbone, () => "Exact", titles).split("\r\n");
  expect(header).toBe(
    "series,exits,accuracy,accuracy_change_pp,mean_latency_ms,speed_up,p95_latency_ms,worst_latency_ms,mean_macs,bytes,plan",
  );
  const partitioned = plansCsv([plan, { ...plan, cut: "input" }], backbone, () => "Exact", titles).split(
    "\r\n",
  );
  expect(partitioned[0]).toBe(header.replace(",plan", ",cut,plan"));
  expect(partitioned.slice(1, 3)).toEqual([
    line.replace(',"conv', ',,"conv'),
    line.replace(',"conv', ',input,"conv'),
  ]);
  const drop = { upperBoundPp: 0.9 };
  const more = outlookColumns((_, { accuracy }) => (accuracy === 0.8 ? drop : undefined));
  const known = plansCsv([plan], backbone, () => "Exact", titles, more).split("\r\n");
  expect(known[0]).toBe(header.replace(",plan", ",drop_bound_pp,kept_probability,plan"));
  expect(known[1]).toBe(line.replace(',"conv', ',0.9,,"conv'));
  expect(line).toBe('Exact,1,0.8,-9.999999999999998,0.5,4,1,1.5,50,600,"conv,1 ≥ 0.750"');
});

test("a plan's networks stand in a column of their own, if any goes through others than the backbone", () => {
  const output = { ...exit("scores", 0.625), member: "small", head: outputHead };
  const chained = charted("c", 0.8, 0.5, { exits: [output, exit("a")], chain: ["small", "big"] });
  const alone = charted("s", 0.8, 0.5, { exits: [], chain: ["small"] });
  const [header, ...lines] = plansCsv(
    [chained, alone, charted("a", 0.8, 0.5)],
    backbone,
    String,
    titles,
  ).split("\r\n");
  expect(header).toMatch(/,bytes,networks,plan$/);
  expect(lines[0]).toMatch(/,600,small → big,"small: output ≥ 0\.625, then big: a ≥ 0\.500"$/);
  expect(lines[1]).toMatch(/,600,small,small alone$/);
  expect(lines[2]).toMatch(/,600,big,a ≥ 0\.500$/);
});

test("the column of networks sorts by their number, the backbone alone first", () => {
  const plans = [{ chain: ["small", "big"] }, { chain: ["small"] }, {}, { chain: ["big", "small"] }];
  const column = networksColumn(plans, titles);
  const values = plans.map((plan) => column.of(figures(0.8, 1), backbone, { exits: [], ...plan }));
  expect(values).toEqual([3, 1, 0, 2]);
  expect(values.map(column.format)).toEqual(["small → big", "small", "big", "big → small"]);
});
