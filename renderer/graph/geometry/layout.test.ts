import { expect, test } from "vitest";
import { divideIntoBlocks } from "../../../shared/presentation/graph/blocks.ts";
import { chainBackbone, operatorNode } from "../../../shared/presentation/testing/test-graphs.ts";
import { arrangeRows, type Item } from "./arrange-rows.ts";
import { layoutInColumns } from "./column-layout.ts";
import { nextFocus } from "./focus-order.ts";
import { layoutGraph } from "./layout.ts";
import { nearestCut } from "./nearest-cut.ts";
import { operatorGraphOf, operatorHeight, outside } from "./operator-graph.ts";
import { layoutOperators } from "./operator-layout.ts";

const wide = { width: 4000, height: 100 };

/** Two Conv-Relu blocks and a last one: image n0 n1 | n2 n3 | n4. */
const blocks = divideIntoBlocks(chainBackbone(["Conv", "Relu", "Conv", "Relu", "Gemm"], [1, 3]));

test("items fill rows from left to right and stand on each row's middle line", () => {
  const item: Item = { width: 100, height: 40, gapBefore: 20, tail: 0, hang: 30 };
  const square = arrangeRows([item, item, item, item], { width: 230, height: 130 });
  expect(square.rows.map(({ first, end }) => [first, end])).toEqual([
    [0, 2],
    [2, 4],
  ]);
  expect(square.lefts).toEqual([0, 120, 0, 120]);
  // 20 above the line, 30 hang below it, 26 between the rows.
  expect(square.rows.map(({ middle }) => middle)).toEqual([20, 96]);
  expect([square.width, square.height]).toEqual([220, 126]);
});

test("a wide pane gets one row, a narrow one several", () => {
  const items = Array.from({ length: 12 }, () => ({
    width: 90,
    height: 40,
    gapBefore: 30,
    tail: 20,
    hang: 60,
  }));
  expect(arrangeRows(items, { width: 3000, height: 100 }).rows).toHaveLength(1);
  expect(arrangeRows(items, { width: 500, height: 400 }).rows.length).toBeGreaterThan(2);
});

test("collapsed blocks stand in one line with their markers between them", () => {
  const scene = layoutGraph(blocks, new Map(), wide);
  // Input 88 wide, 22 apart; blocks 110 wide, 44 apart; the marker in the middle of the gap.
  expect(scene.blocks.map(({ x }) => x)).toEqual([110, 264, 418]);
  expect(scene.cuts.map(({ centre }) => centre)).toEqual([
    { x: 242, y: 19 },
    { x: 396, y: 19 },
  ]);
  expect(scene.flow.map(({ id, part }) => [id, part])).toEqual([
    ["input>block:0", 0],
    ["block:0>cut:0", 0],
    ["cut:0>block:1", 1],
    ["block:1>cut:1", 1],
    ["cut:1>block:2", 2],
    ["block:2>output", 2],
  ]);
  expect(scene.operators).toEqual([]);
});

test("a block expands in place, and its operators stay inside its frame", () => {
  const layout = layoutOperators(operatorGraphOf(blocks[1]));
  const scene = layoutGraph(blocks, new Map([[1, layout]]), wide);
  const frame = scene.blocks[1];
  expect(scene.blocks.map(({ expanded }) => expanded)).toEqual([false, true, false]);
  expect(scene.operators.map(({ node }) => node.name)).toEqual(["n2", "n3"]);
  for (const { x, y, width, height } of scene.operators) {
    expect(x).toBeGreaterThan(frame.x);
    expect(y).toBeGreaterThan(frame.y);
    expect(x + width).toBeLessThan(frame.x + frame.width);
    expect(y + height).toBeLessThan(frame.y + frame.height);
  }
  // From the frame's left side, between the two, and to its right side.
  expect(scene.lines.map(({ from, to }) => [from, to])).toEqual([
    ["block:1", "operator:n2"],
    ["operator:n2", "operator:n3"],
    ["operator:n3", "block:1"],
  ]);
});

test("a block's edges: what comes in, what goes out, each pair once", () => {
  const backbone = chainBackbone(["Conv", "Relu", "Add", "Gemm"], [0, 2]);
  const [conv, relu, add, gemm] = backbone.nodes;
  const residual = { ...add, inputs: ["t1", "t0"] };
  const [, middle] = divideIntoBlocks({ ...backbone, nodes: [conv, relu, residual, gemm] });
  expect(operatorGraphOf(middle).edges).toEqual([
    [outside, 0],
    [0, 1],
    [outside, 1],
    [1, outside],
  ]);
});

for (const [name, layoutOf] of [
  ["dagre", layoutOperators],
  ["columns", layoutInColumns],
] as const) {
  test(`${name}: a long chain is folded into rows without overlaps`, () => {
    const [block] = divideIntoBlocks(chainBackbone(new Array<string>(120).fill("Conv"), []));
    const { positions, width, height, rowOf } = layoutOf(operatorGraphOf(block));
    expect(width / height).toBeGreaterThan(1);
    expect(width / height).toBeLessThan(6);
    expect(Math.max(...rowOf)).toBeGreaterThan(2);
    const places = positions.map(({ x, y }) => `${Math.round(x)} ${Math.round(y)}`);
    expect(new Set(places).size).toBe(120);
    // Along a row to the right, then on to the next one below.
    for (let k = 1; k < positions.length; k++)
      if (rowOf[k] === rowOf[k - 1]) expect(positions[k].x).toBeGreaterThan(positions[k - 1].x + 40);
      else expect(positions[k].y).toBeGreaterThan(positions[k - 1].y + operatorHeight);
  });

  test(`${name}: parallel branches don't overlap`, () => {
    const nodes = [
      operatorNode("in", "Conv", ["image"], "a"),
      operatorNode("left", "Conv", ["a"], "b"),
      operatorNode("right", "Conv", ["a"], "c"),
      operatorNode("join", "Concat", ["b", "c"], "d"),
    ];
    const [block] = divideIntoBlocks({ ...chainBackbone([], []), nodes });
    const { positions } = layoutOf(operatorGraphOf(block));
    expect(positions[1].x).toBeCloseTo(positions[2].x);
    expect(Math.abs(positions[1].y - positions[2].y)).toBeGreaterThanOrEqual(operatorHeight);
    expect(positions[3].x).toBeGreaterThan(positions[1].x);
  });
}

test("an exit lands on the nearest cut point", () => {
  const { cuts } = layoutGraph(blocks, new Map(), wide);
  expect(nearestCut(cuts, { x: 240, y: 30 })?.cut.index).toBe(0);
  expect(nearestCut(cuts, { x: 900, y: 0 })?.cut.index).toBe(1);
  expect(nearestCut([], { x: 0, y: 0 })).toBeUndefined();
});

test("arrow keys go along the backbone, down to an exit and into an expanded block", () => {
  const layout = layoutOperators(operatorGraphOf(blocks[1]));
  const scene = layoutGraph(blocks, new Map([[1, layout]]), wide);
  const go = (focus: string, step: Parameters<typeof nextFocus>[3]) => nextFocus(scene, [0, 1], focus, step);
  expect(go("block:0", "right")).toBe("cut:0");
  expect(go("block:0", "left")).toBe("block:0");
  expect(go("block:0", "last")).toBe("output");
  expect(go("cut:0", "down")).toBe("exit:0");
  expect(go("exit:0", "right")).toBe("exit:1");
  expect(go("exit:1", "up")).toBe("cut:1");
  expect(go("block:1", "down")).toBe("operator:n2");
  expect(go("operator:n2", "right")).toBe("operator:n3");
  expect(go("operator:n3", "up")).toBe("block:1");
  // What is gone leads back to the start.
  expect(go("operator:gone", "right")).toBe("block:0");
});
