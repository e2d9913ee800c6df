import { expect, test } from "vitest";
import { divideIntoBlocks } from "../../../shared/presentation/graph/blocks.ts";
import { chainBackbone } from "../../../shared/presentation/testing/test-graphs.ts";
import { graphSvg, type Picture } from "./graph-svg.ts";
import { heatMeasures } from "./heat.ts";
import { heatScaleOf } from "./heat-scale.ts";
import { layoutGraph } from "./layout.ts";

function picture(change: Partial<Picture> = {}, operators = ["Conv", "Relu", "Gemm"]): Picture {
  const backbone = chainBackbone(operators, [0, 1]);
  const scene = layoutGraph(divideIntoBlocks(backbone), new Map(), { width: 4000, height: 100 });
  const palette = {
    surface: "#fff",
    raised: "#fff",
    sunken: "#eee",
    ink: "#000",
    soft: "#333",
    border: "#ccc",
    strong: "#888",
    live: "#d50",
  };
  const exits = [{ cutPoint: "t1", head: "linear", policy: "top1", threshold: 0.9152 }];
  const heat = heatScaleOf(heatMeasures[0], scene);
  return { scene, backbone, exits, exitRates: [0.4, 0.6], heat, palette, ...change };
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

test("where a server takes over is marked, between the marker's block and the next", () => {
  expect(graphSvg(picture()).svg).not.toContain("server");
  const { scene, backbone } = picture();
  const { x, y } = scene.cuts.find(({ cut }) => cut.tensor === "t1")!.centre;
  expect(graphSvg(picture({ cut: "t1" })).svg).toContain(`<path d="M${x},${y - 37}V${y + 25}"`);
  const { svg } = graphSvg(picture({ cut: backbone.input.name }));
  expect(svg).toContain(`<path d="M${scene.input.x + scene.input.width + 11},`);
  expect(svg).toMatch(/>device<.*\n.*>server</);
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
