import { expect, test } from "vitest";
import { divideIntoBlocks } from "../../../shared/presentation/graph/blocks.ts";
import { orderNetworks } from "../../../shared/presentation/graph/graph-network.ts";
import {
  chainBackbone,
  graphNetworks,
  onlyNetwork,
  operatorNode,
} from "../../../shared/presentation/testing/test-graphs.ts";
import { arrangeRows, type Item } from "./arrange-rows.ts";
import { chainAt } from "./chain-at.ts";
import { layoutInColumns } from "./column-layout.ts";
import { nextFocus } from "./focus-order.ts";
import { layoutGraph } from "./layout.ts";
import { nearestCut } from "./nearest-cut.ts";
import { givenShapes, operatorGraphOf, operatorHeight, outside } from "./operator-graph.ts";
import { layoutOperators } from "./operator-layout.ts";

const wide = { width: 4000, height: 100 };

/** Two Conv-Relu blocks and a last one: image n0 n1 | n2 n3 | n4. */
const backbone = onlyNetwork(["Conv", "Relu", "Conv", "Relu", "Gemm"], [1, 3]);
const { blocks } = backbone[0];

test("items fill rows from left to right and stand on each row's middle line", () => {
  const item: Item = { width: 100, height: 40, gapBefore: 20, tail: 0, hang: 30 };
  const square = arrangeRows([[item, item, item, item]], 0, { width: 230, height: 130 });
  const [{ rows, lefts }] = square.lanes;
  expect(rows.map(({ first, end }) => [first, end])).toEqual([
    [0, 2],
    [2, 4],
  ]);
  expect(lefts).toEqual([0, 120, 0, 120]);
  // 20 above the line, 30 hang below it, 26 between the rows.
  expect(rows.map(({ middle }) => middle)).toEqual([20, 96]);
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
  const rowsIn = (pane: { width: number; height: number }) => arrangeRows([items], 0, pane).lanes[0].rows;
  expect(rowsIn({ width: 3000, height: 100 })).toHaveLength(1);
  expect(rowsIn({ width: 500, height: 400 }).length).toBeGreaterThan(2);
});

test("what could not be read as a whole goes on below the pane, in rows that can be read", () => {
  const item: Item = { width: 110, height: 38, gapBefore: 44, tail: 42, hang: 68 };
  const pane = { width: 900, height: 320 };
  const { width, height } = arrangeRows([Array.from({ length: 120 }, () => item)], 0, pane);
  expect(pane.width / width).toBeGreaterThanOrEqual(0.5);
  expect(pane.width / width).toBeLessThan(0.6);
  expect(pane.height / height).toBeLessThan(0.5);
});

test("collapsed blocks stand in one line with their markers between them", () => {
  const scene = layoutGraph(backbone, new Map(), wide);
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
  const scene = layoutGraph(backbone, new Map([["block:1", layout]]), wide);
  const frame = scene.blocks[1];
  expect(scene.blocks.map(({ expanded }) => expanded)).toEqual([false, true, false]);
  expect(scene.operators.map(({ node }) => node.name)).toEqual(["n2", "n3"]);
  for (const { x, y, width, height } of scene.operators) {
    expect(x).toBeGreaterThan(frame.x);
    expect(y).toBeGreaterThan(frame.y);
    expect(x + width).toBeLessThan(frame.x + frame.width);
    expect(y + height).toBeLessThan(frame.y + frame.height);
  }
  // The last operator goes on on the line that the block stands on.
  const last = scene.operators[1];
  expect(last.y + last.height / 2).toBe(frame.y + frame.height / 2);
  expect(scene.flow.find(({ from }) => from === "block:1")?.path).toContain(`,${frame.y + frame.height / 2}`);
  // From the frame's left side, between the two, and to its right side.
  expect(scene.lines.map(({ from, to }) => [from, to])).toEqual([
    ["block:1", "operator:n2"],
    ["operator:n2", "operator:n3"],
    ["operator:n3", "block:1"],
  ]);
});

test("edges say the shape that an operator gives where that is another than what it reads", () => {
  const conv = operatorNode("a", "Conv", ["image"], "x");
  const withShape = (name: string, inputs: string[], output: string, shape: number[]) => ({
    ...conv,
    name,
    inputs,
    outputs: [{ name: output, shape, type: "float32" }],
  });
  const nodes = [
    withShape("first", ["image"], "x", [1, 16, 28, 28]),
    withShape("same", ["x"], "y", [1, 16, 28, 28]),
    withShape("smaller", ["y"], "z", [1, 32, 14, 14]),
  ];
  expect(givenShapes({ nodes })).toEqual(["16×28×28", undefined, "32×14×14"]);
});

test("a chain's networks stand one below the other, each followed one's output with a marker of its own", () => {
  const networks = graphNetworks({
    large: [["Conv", "Relu", "Gemm"], [1]],
    small: [["Conv", "Gemm"], [0]],
    unused: [["Gemm"], []],
  });
  const scene = layoutGraph(orderNetworks(networks, ["small", "large"]), new Map(), {
    width: 1500,
    height: 700,
  });
  expect(scene.networks.map(({ network, top }) => [network.name, network.isOn, top])).toEqual([
    ["small", true, 0],
    // A header of 36 with 12 below it, 19 above the line, 68 below it, and 32 between two networks.
    ["large", true, 167],
    ["unused", false, 334],
  ]);
  expect(scene.networks.map(({ header }) => header?.y)).toEqual([0, 167, 334]);
  expect(scene.cuts.map(({ member, cutPoint, index, isOn }) => [member, cutPoint, index, isOn])).toEqual([
    ["small", "t0", 0, true],
    ["small", "logits", 1, true],
    [undefined, "t1", 0, true],
  ]);
  // Behind the output, which is 104 wide, and 22 on.
  const { output } = scene.networks[0];
  expect(scene.cuts[1].centre).toEqual({ x: output.x + 104 + 22, y: output.y + 19 });
  const handover = scene.flow.find(({ to }) => to === "input")!;
  expect(handover).toMatchObject({ from: "small/cut:1", member: "small", part: 2, isOn: true });
  // Between the networks, 16 from each, and into the input of the second, whose line is 48 + 19 below its top.
  expect(handover.path).toContain(`,${167 - 16}`);
  expect(handover.path).toMatch(/L0,234$/);
  expect(scene.flow.filter(({ isOn }) => !isOn).map(({ id }) => id)).toEqual([
    "unused/input>unused/block:0",
    "unused/block:0>unused/output",
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
  const { cuts } = layoutGraph(backbone, new Map(), wide);
  expect(nearestCut(cuts, { x: 240, y: 30 })?.index).toBe(0);
  expect(nearestCut(cuts, { x: 900, y: 0 })?.index).toBe(1);
  expect(nearestCut([], { x: 0, y: 0 })).toBeUndefined();
});

test("arrow keys go along the backbone, down to an exit and into an expanded block", () => {
  const layout = layoutOperators(operatorGraphOf(blocks[1]));
  const scene = layoutGraph(backbone, new Map([["block:1", layout]]), wide);
  const go = (focus: string, step: Parameters<typeof nextFocus>[3]) =>
    nextFocus(scene, ["exit:0", "exit:1"], focus, step);
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

test("arrow keys go up to a network's header, and from header to header", () => {
  const networks = graphNetworks({ large: [["Conv", "Gemm"], [0]], small: [["Conv", "Gemm"], [0]] });
  const scene = layoutGraph(orderNetworks(networks, ["small", "large"]), new Map(), wide);
  const exits = ["small/exit:0", "small/exit:1", "exit:0"];
  const go = (focus: string, step: Parameters<typeof nextFocus>[3]) => nextFocus(scene, exits, focus, step);
  expect(go("small/block:0", "up")).toBe("small/network");
  expect(go("small/network", "down")).toBe("small/block:0");
  expect(go("small/network", "up")).toBe("small/network");
  expect(go("small/network", "right")).toBe("small/block:0");
  expect(go("small/block:0", "down")).toBe("network");
  expect(go("network", "up")).toBe("small/network");
  // The output of a network that is followed has a marker behind it.
  expect(go("small/output", "right")).toBe("small/cut:1");
  expect(go("small/cut:1", "down")).toBe("small/exit:1");
  expect(go("small/exit:1", "right")).toBe("exit:0");
  expect(go("small/exit:1", "down")).toBe("network");
  expect(go("output", "right")).toBe("output");
});

test("a dragged network comes where its header is nearest", () => {
  const networks = graphNetworks({
    large: [["Conv", "Gemm"], [0]],
    small: [["Conv", "Gemm"], [0]],
    unused: [["Conv", "Gemm"], [0]],
  });
  const at = (chain: string[], dragged: string, top: number) => {
    const scene = layoutGraph(orderNetworks(networks, chain), new Map(), { width: 1500, height: 700 });
    return chainAt(scene.networks, dragged, top, chain.includes(dragged));
  };
  // Headers stand at 0, 167 and 334.
  expect(at(["small", "large"], "small", 70)).toEqual(["small", "large"]);
  expect(at(["small", "large"], "small", 100)).toEqual(["large", "small"]);
  expect(at(["small", "large"], "large", 70)).toEqual(["large", "small"]);
  // One that is off stays so where it is; lifted a little it is the last, further up it comes between.
  expect(at(["small", "large"], "unused", 320)).toEqual(["small", "large"]);
  expect(at(["small", "large"], "unused", 290)).toEqual(["small", "large", "unused"]);
  expect(at(["small", "large"], "unused", 170)).toEqual(["small", "unused", "large"]);
  expect(at(["small", "large"], "unused", -50)).toEqual(["unused", "small", "large"]);
  expect(at(["small"], "small", 900)).toEqual(["small"]);
});
