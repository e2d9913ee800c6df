import { expect, test } from "vitest";
import type { Profile } from "../../model/profile.ts";
import { chainBackbone, operatorNode } from "../testing/test-graphs.ts";
import { cutPointName, divideIntoBlocks, divideMember, labelOf } from "./blocks.ts";

test("blocks end at the cut points, and the rest is the last block", () => {
  const backbone = chainBackbone(["Conv", "Relu", "Conv", "Relu", "Flatten", "Gemm"], [1, 3]);
  const blocks = divideIntoBlocks(backbone);
  expect(blocks.map(({ nodes }) => nodes.map(({ name }) => name))).toEqual([
    ["n0", "n1"],
    ["n2", "n3"],
    ["n4", "n5"],
  ]);
  expect(blocks.map(({ cutPoint }) => cutPoint?.index)).toEqual([0, 1, undefined]);
});

test("an operator belongs to the block that needs it, wherever the file lists it", () => {
  const backbone = chainBackbone(["Conv", "Relu", "Add", "Gemm"], [1, 2]);
  const [conv, relu, add, gemm] = backbone.nodes;
  const scale = operatorNode("scale", "ConstantOfShape", [], "scale");
  const withScale = { ...add, inputs: ["t1", "scale"] };
  const blocks = divideIntoBlocks({ ...backbone, nodes: [scale, conv, relu, withScale, gemm] });
  expect(blocks.map(({ nodes }) => nodes.map(({ name }) => name))).toEqual([
    ["n0", "n1"],
    ["scale", "n2"],
    ["n3"],
  ]);
});

test("what only an exit needs that came with the network is in no block", () => {
  const backbone = chainBackbone(["Conv", "Relu", "Conv", "Gemm"], [1]);
  const nodes = [
    ...backbone.nodes,
    operatorNode("branch", "Conv", ["t1"], "branch"),
    operatorNode("early", "Gemm", ["branch"], "early"),
  ];
  const output = { ...backbone.output, name: "t3" };
  const readyExits = [{ output: "early", cutPoint: "t1" }];
  const blocks = divideIntoBlocks({ ...backbone, nodes, output, readyExits });
  expect(blocks.map((block) => block.nodes.map(({ name }) => name))).toEqual([
    ["n0", "n1"],
    ["n2", "n3"],
  ]);
});

test("without cut points everything is one block", () => {
  const blocks = divideIntoBlocks(chainBackbone(["Conv", "Gemm"], []));
  expect(blocks.map(({ nodes }) => nodes.length)).toEqual([2]);
});

test("costs add up; latency is known where the profile names an operator", () => {
  const backbone = chainBackbone(["Conv", "Relu", "Conv", "Relu", "Gemm"], [1, 3]);
  const profile = {
    nodes: [
      { node: "n0", meanMs: 0.25 },
      { node: "n2", meanMs: 0.5 },
    ],
  } as unknown as Profile;
  const blocks = divideIntoBlocks(backbone, profile);
  expect(blocks.map(({ cost }) => cost.latencyMs)).toEqual([0.25, 0.5, undefined]);
  // Convolutions and Gemm have 100 MACs and 10 parameters each, every operator 4 bytes.
  expect(blocks.map(({ cost }) => cost.macs)).toEqual([100, 100, 100]);
  expect(blocks.map(({ cost }) => cost.parameters)).toEqual([10, 10, 10]);
  expect(blocks.map(({ cost }) => cost.activationBytes)).toEqual([8, 8, 4]);
});

test("a further network's blocks take what one prefix takes longer than the one before", () => {
  const network = { ...chainBackbone(["Conv", "Relu", "Gemm"], [0, 1]), sha256: "small" };
  const timed = (meanMs: number) => ({ meanMs, medianMs: meanMs, p5Ms: meanMs, p95Ms: meanMs, count: 9 });
  const prefixes = [
    { ...timed(0.25), cutPoint: "t0" },
    // Noise can't make a block take less than nothing.
    { ...timed(0.2), cutPoint: "t1" },
  ];
  const blocks = divideMember(network, { prefixes, backbone: timed(0.7) });
  expect(blocks.map(({ member, cost }) => [member, cost.latencyMs])).toEqual([
    ["small", 0.25],
    ["small", 0],
    ["small", expect.closeTo(0.5)],
  ]);
  expect(divideMember(network).map(({ cost }) => cost.latencyMs)).toEqual([undefined, undefined, undefined]);
});

test("a block is called by the module that its operators share or end in, else by its operators", () => {
  const named = (...names: string[]) => names.map((name) => operatorNode(name, "Conv", [], name));
  expect(labelOf(named("/layer2/layer2.1/conv1/Conv", "/layer2/layer2.1/Relu"))).toBe("layer2.1");
  expect(labelOf(named("/features/features.2/block/block.0/block.0.0/Conv"))).toBe("features.2");
  expect(labelOf(named("/features/features.0/Conv", "/features/features.1/conv/Conv"))).toBe("features.1");
  expect(labelOf(named("net_1/conv_3/Conv", "net_1/relu_3/Relu"), 1)).toBe("relu_3");
  expect(labelOf(named("/pool/Pool", "/Flatten"))).toBe("Conv ×2");
  expect(labelOf(named("n1", "n12"))).toBe("Conv ×2");
  expect(labelOf([operatorNode("a", "MaxPool", [], "a"), operatorNode("b", "Flatten", [], "b")])).toBe(
    "MaxPool Flatten",
  );
});

test("blocks that would share a name are numbered, and a cut point goes by its block, else by its tensor", () => {
  const blocks = divideIntoBlocks(chainBackbone(["Conv", "Conv", "MaxPool", "Gemm"], [0, 1, 2]));
  expect(blocks.map(({ label }) => label)).toEqual(["Conv (0)", "Conv (1)", "MaxPool", "Gemm"]);
  expect(["t0", "t2", "t9"].map((tensor) => cutPointName(blocks, tensor))).toEqual([
    "Conv (0)",
    "MaxPool",
    "t9",
  ]);
});
