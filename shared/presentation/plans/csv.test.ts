import { expect, test } from "vitest";
import { backbone, charted, exit } from "../testing/test-plans.ts";
import { toCsv } from "./csv.ts";
import { outlookColumns } from "./plan-columns.ts";
import { plansCsv } from "./plans-csv.ts";

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

test("a plan is a line of plain numbers", () => {
  const plan = charted("a", 0.8, 0.5, { exits: [exit("conv,1", 0.75)] });
  const [header, line] = plansCsv([plan], backbone, () => "Exact").split("\r\n");
  expect(header).toBe(
    "series,exits,accuracy,accuracy_change_pp,mean_latency_ms,speed_up,p95_latency_ms,worst_latency_ms,mean_macs,bytes,plan",
  );
  const partitioned = plansCsv([plan, { ...plan, cut: "input" }], backbone, () => "Exact").split("\r\n");
  expect(partitioned[0]).toBe(header.replace(",plan", ",cut,plan"));
  expect(partitioned.slice(1, 3)).toEqual([
    line.replace(',"conv', ',,"conv'),
    line.replace(',"conv', ',input,"conv'),
  ]);
  const drop = { upperBoundPp: 0.9 };
  const more = outlookColumns((_, { accuracy }) => (accuracy === 0.8 ? drop : undefined));
  const known = plansCsv([plan], backbone, () => "Exact", more).split("\r\n");
  expect(known[0]).toBe(header.replace(",plan", ",drop_bound_pp,kept_probability,plan"));
  expect(known[1]).toBe(line.replace(',"conv', ',0.9,,"conv'));
  expect(line).toBe('Exact,1,0.8,-9.999999999999998,0.5,4,1,1.5,50,600,"conv,1 ≥ 0.750"');
});
