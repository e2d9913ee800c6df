import { expect, test } from "vitest";
import type { DifferenceRow } from "../../../shared/presentation/graph/compare-networks.ts";
import { orderNetworks } from "../../../shared/presentation/graph/graph-network.ts";
import { graphNetworks, onlyNetwork } from "../../../shared/presentation/testing/test-graphs.ts";
import { graphSvg, type Picture } from "./graph-svg.ts";
import { heatMeasures } from "./heat.ts";
import { heatScaleOf } from "./heat-scale.ts";
import { layoutGraph } from "./layout.ts";

function picture(change: Partial<Picture> = {}, operators = ["Conv", "Relu", "Gemm"]): Picture {
  const scene = layoutGraph(onlyNetwork(operators, [0, 1]), new Map(), { width: 4000, height: 100 });
  const palette = {
    surface: "#fff",
    raised: "#fff",
    sunken: "#eee",
    ink: "#000",
    soft: "#333",
    border: "#ccc",
    strong: "#888",
    live: "#d50",
    accent: "#05d",
    warn: "#850",
  };
  const exits = [{ cutPoint: "t1", head: "linear", policy: "top1", threshold: 0.9152 }];
  const heat = heatScaleOf(heatMeasures[0], scene);
  return { scene, exits, exitRates: [0.4, 0.6], heat, differing: new Map(), palette, ...change };
}

test("the picture says what the plan does, with lines as wide as their share", () => {
  const { svg } = graphSvg(picture());
  expect(svg).toContain("≥ 0.915");
  expect(svg).toContain("40.0 %");
  expect(svg).toContain("60.0 %");
  // All samples before the exit, four tenths on its branch, six tenths after it.
  expect(svg.match(/stroke-width="10"/g)).toHaveLength(4);
  expect(svg.match(/stroke-width="4"/g)).toHaveLength(1);
  expect(svg.match(/stroke-width="6"/g)).toHaveLength(2);
});

test("a chain's networks are named, its lines as wide as the share that goes on, and others are faint", () => {
  const networks = graphNetworks({
    large: [["Conv", "Gemm"], [0]],
    small: [["Conv", "Gemm"], [0]],
    unused: [["Conv", "Gemm"], [0]],
  });
  const scene = layoutGraph(orderNetworks(networks, ["small", "large"]), new Map(), {
    width: 1000,
    height: 600,
  });
  const exits = [{ member: "small", cutPoint: "logits", head: "output", policy: "top1", threshold: 0.8 }];
  const { svg } = graphSvg(picture({ scene, exits, exitRates: [0.75, 0.25] }));
  for (const word of [
    ">small<",
    ">large<",
    ">unused<",
    "1  own output",
    "≥ 0.800",
    "75.0 %",
    "not in the plan",
  ])
    expect(svg).toContain(word);
  const { input } = scene.networks[1];
  const border = `<path d="M${input.x + input.width + 11},${input.y + 19 - 37}V`;
  expect(graphSvg(picture({ scene, cut: "image" })).svg).toContain(border);
  expect(graphSvg(picture({ scene, cut: "image", cutMember: "small" })).svg).not.toContain(border);
  // All samples to the small one's marker (four pieces and to its marker), a quarter to the large one and through it.
  expect(svg.match(/stroke-width="10"/g)).toHaveLength(5);
  expect(svg.match(/stroke-width="7.5"/g)).toHaveLength(1);
  expect(svg.match(/stroke-width="2.5"/g)).toHaveLength(5);
  // Of the unused one: four lines, two blocks, a marker, input and output.
  expect(svg.match(/<g opacity="0.45">/g)).toHaveLength(9);
});

test("where a server takes over is marked, between the marker's block and the next", () => {
  expect(graphSvg(picture()).svg).not.toContain("server");
  const { scene } = picture();
  const { x, y } = scene.cuts.find(({ cutPoint }) => cutPoint === "t1")!.centre;
  expect(graphSvg(picture({ cut: "t1" })).svg).toContain(`<path d="M${x},${y - 37}V${y + 25}"`);
  const { svg } = graphSvg(picture({ cut: "image" }));
  const { input } = scene.networks[0];
  expect(svg).toContain(`<path d="M${input.x + input.width + 11},`);
  expect(svg).toMatch(/>device<.*\n.*>server</);
  // Before a further network that has none of that name: nowhere.
  expect(graphSvg(picture({ cut: "image", cutMember: "small" })).svg).not.toContain("server");
});

test("names out of a file can't break out of the text", () => {
  const { svg } = graphSvg(picture({}, ['<script>&"', "a\u0000b", "Gemm"]));
  expect(svg).not.toContain("<script");
  expect(svg).toContain("&lt;script");
  expect(svg).toContain("a\uFFFDb");
});

test("colours come with their legend", () => {
  const { scene } = picture();
  const heat = heatScaleOf(heatMeasures.find(({ id }) => id === "macs")!, scene);
  const { svg, height } = graphSvg(picture({ heat }));
  expect(height).toBe(graphSvg(picture()).height + 30);
  expect(svg).toContain("MACs  0");
  expect(svg).toContain(">100<");
});

test("blocks that another model has otherwise are marked", () => {
  const row: DifferenceRow = { state: "weights", here: { index: 1, label: "b" }, changes: [] };
  const { svg } = graphSvg(picture({ differing: new Map([[1, row]]) }));
  expect(svg.match(/width="4" height="38" fill="#05d"/g)).toHaveLength(1);
});
