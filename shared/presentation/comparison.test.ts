import { expect, test } from "vitest";
import {
  backboneColumn,
  comparedExits,
  comparedFigures,
  comparisonCsv,
  comparisonMarkdown,
} from "./comparison.ts";
import { backbone, exit, figures } from "./testing/test-plans.ts";

const plans = [
  { name: "live plan", exits: [exit("a")], figures: figures(0.88, 1) },
  {
    name: "fast|one",
    exits: [exit("a"), exit("b", 0.25)],
    figures: figures(0.86, 0.5, { exitRates: [0.5, 0.3, 0.2] }),
  },
  backboneColumn(backbone),
];
const row = (title: string) => comparedFigures(plans, backbone).find((one) => one.title === title)!.cells;

test("differences are to the first column, and say which way is better", () => {
  expect(row("Accuracy")).toEqual([
    { text: "88.00 %", difference: null, verdict: null },
    { text: "86.00 %", difference: "\u22122.00 pp", verdict: "worse" },
    { text: "90.00 %", difference: "+2.00 pp", verdict: "better" },
  ]);
  expect(row("Mean latency")[1]).toEqual({ text: "0.50 ms", difference: "\u22120.50 ms", verdict: "better" });
  expect(row("Speed-up")[1]).toEqual({ text: "4.0x", difference: "+100.0 %", verdict: "better" });
  // Equal sizes differ in nothing.
  expect(row("Size")[1]).toEqual({ text: "600 B", difference: null, verdict: null });
});

test("plans that don't fit have no figures", () => {
  const cells = comparedFigures([plans[0], { ...plans[1], figures: null }], backbone)[0].cells;
  expect(cells[1]).toEqual({ text: "–", difference: null, verdict: null });
});

test("exits stand side by side with their rates", () => {
  const name = (cutPoint: string) => cutPoint.toUpperCase();
  expect(comparedExits(plans, name)).toEqual([
    [
      { place: "A", how: "linear, top1 ≥ 0.500", rate: "75.0 %" },
      { place: "A", how: "linear, top1 ≥ 0.500", rate: "50.0 %" },
      null,
    ],
    [null, { place: "B", how: "linear, top1 ≥ 0.250", rate: "30.0 %" }, null],
  ]);
});

const names = { exit: (cutPoint: string) => cutPoint, partition: (cut?: string) => cut ?? "nowhere" };

test("where a server takes over stands in a row of its own, if it does in any plan", () => {
  const partitioned = [{ ...plans[0], cut: "input" }, plans[1]];
  expect(comparisonMarkdown(partitioned, backbone, names)).toContain(
    "| Server takes over | input | nowhere |",
  );
  expect(comparisonMarkdown(plans, backbone, names)).not.toContain("Server");
  const [header, first, second] = comparisonCsv(partitioned, backbone).split("\r\n");
  expect(header).toMatch(/,bytes,cut,exits$/);
  expect(first).toMatch(/,600,input,a linear top1 0\.5$/);
  expect(second).toMatch(/,600,,a linear/);
});

test("Markdown escapes names, CSV holds plain numbers", () => {
  const lines = comparisonMarkdown(plans, backbone, names).split("\n");
  expect(lines[0]).toBe("|  | live plan | fast\\|one | backbone |");
  expect(lines[1]).toBe("| --- | --- | --- | --- |");
  expect(lines[2]).toBe("| Accuracy | 88.00 % | 86.00 % (\u22122.00 pp) | 90.00 % (+2.00 pp) |");
  expect(comparisonCsv(plans, backbone).split("\r\n")[3]).toBe("backbone,0.9,0,2,1,2,2,2,1000,500,");
});
