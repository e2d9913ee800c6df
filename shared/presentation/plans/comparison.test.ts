import { expect, test } from "vitest";
import { outputHead } from "../../model/plan.ts";
import { backbone, exit, figures } from "../testing/test-plans.ts";
import { networkTitles } from "../words/network-titles.ts";
import {
  backboneColumn,
  comparedFigures,
  comparedNetworks,
  comparisonCsv,
  comparisonMarkdown,
} from "./comparison.ts";

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

const places = {
  networks: networkTitles([
    { name: "big", sha256: "big" },
    { name: "small", sha256: "small" },
  ]),
  cutPoint: (tensor: string) => tensor.toUpperCase(),
  partition: ({ cut }: { readonly cut?: string }) => cut ?? "nowhere",
};

test("exits stand side by side with their rates", () => {
  expect(comparedNetworks(plans, places)).toEqual([
    {
      title: null,
      answered: ["100.0 %", "100.0 %", "100.0 %"],
      exits: [
        [
          { place: "A", how: "linear, top1 ≥ 0.500", rate: "75.0 %" },
          { place: "A", how: "linear, top1 ≥ 0.500", rate: "50.0 %" },
          null,
        ],
        [null, { place: "B", how: "linear, top1 ≥ 0.250", rate: "30.0 %" }, null],
      ],
    },
  ]);
});

test("exits stand under their networks, with what each of these answers", () => {
  const output = { ...exit("scores", 0.75), member: "small", head: outputHead };
  const chained = {
    name: "chained",
    exits: [{ ...exit("a"), member: "small" }, output, exit("b", 0.25)],
    chain: ["small", "big"],
    figures: figures(0.9, 1, { exitRates: [0.5, 0.25, 0.125, 0.125] }),
  };
  const [small, big] = comparedNetworks([chained, plans[0]], places);
  expect(small).toEqual({
    title: "small",
    answered: ["75.0 %", null],
    exits: [
      [{ place: "A", how: "linear, top1 ≥ 0.500", rate: "50.0 %" }, null],
      [{ place: "output", how: "top1 ≥ 0.750", rate: "25.0 %" }, null],
    ],
  });
  expect(big.title).toBe("big");
  expect(big.answered).toEqual(["25.0 %", "100.0 %"]);
  expect(big.exits).toEqual([
    [
      { place: "B", how: "linear, top1 ≥ 0.250", rate: "12.5 %" },
      { place: "A", how: "linear, top1 ≥ 0.500", rate: "75.0 %" },
    ],
  ]);
  const markdown = comparisonMarkdown([chained, plans[0]], backbone, places);
  expect(markdown).toContain("| Networks | small → big | big |\n");
  expect(markdown).toContain("| Answered by small | 75.0 % | – |\n");
  expect(markdown).toContain("| small, exit 2 | output: top1 ≥ 0.750, 25.0 % |  |\n");
  const [header, line] = comparisonCsv([chained, plans[0]], backbone, places.networks).split("\r\n");
  expect(header).toMatch(/,bytes,networks,exits$/);
  expect(line).toMatch(
    /,small → big,small: a linear top1 0\.5; small: scores output top1 0\.75; big: b linear top1 0\.25$/,
  );
});

test("where a server takes over stands in a row of its own, if it does in any plan", () => {
  const partitioned = [{ ...plans[0], cut: "input" }, plans[1]];
  expect(comparisonMarkdown(partitioned, backbone, places)).toContain(
    "| Server takes over | input | nowhere |",
  );
  expect(comparisonMarkdown(plans, backbone, places)).not.toContain("Server");
  const [header, first, second] = comparisonCsv(partitioned, backbone, places.networks).split("\r\n");
  expect(header).toMatch(/,bytes,cut,exits$/);
  expect(first).toMatch(/,600,input,a linear top1 0\.5$/);
  expect(second).toMatch(/,600,,a linear/);
});

test("what a person says of a plan stands at the end, if there is anything", () => {
  const noted = [plans[0], { ...plans[1], note: "=for the | small board" }];
  expect(comparisonMarkdown(noted, backbone, places)).toMatch(
    /\n\| Note \| {2}\| =for the \\\| small board \|\n$/,
  );
  expect(comparisonMarkdown(plans, backbone, places)).not.toContain("Note");
  const [header, first, second] = comparisonCsv(noted, backbone, places.networks).split("\r\n");
  expect(header).toMatch(/,exits,note$/);
  expect(first).toMatch(/,$/);
  // No formula for a spreadsheet.
  expect(second).toMatch(/,'=for the \| small board$/);
});

test("Markdown escapes names, CSV holds plain numbers", () => {
  const lines = comparisonMarkdown(plans, backbone, places).split("\n");
  expect(lines[0]).toBe("|  | live plan | fast\\|one | backbone |");
  expect(lines[1]).toBe("| --- | --- | --- | --- |");
  expect(lines[2]).toBe("| Accuracy | 88.00 % | 86.00 % (\u22122.00 pp) | 90.00 % (+2.00 pp) |");
  expect(comparisonCsv(plans, backbone, places.networks).split("\r\n")[3]).toBe(
    "backbone,0.9,0,2,1,2,2,2,1000,500,",
  );
});
