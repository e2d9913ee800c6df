import type { BackboneSummary, GraphNode } from "../../model/backbone.ts";
import { divideIntoBlocks, divideMember } from "../graph/blocks.ts";
import { type GraphNetwork, orderNetworks, type ShownNetwork } from "../graph/graph-network.ts";

/** An operator for tests: 100 MACs and 10 parameters if it is Conv or Gemm. */
export function operatorNode(name: string, operator: string, inputs: string[], output: string): GraphNode {
  const weighted = operator === "Conv" || operator === "Gemm";
  return {
    name,
    operator,
    inputs,
    outputs: [{ name: output, shape: [1, 1, 1, 1], type: "float32" }],
    macs: weighted ? 100 : 0,
    parameters: weighted ? 10 : 0,
    activationBytes: 4,
    attributes: {},
  };
}

/** A chain of operators n0, n1, … over tensors t0, t1, … with cut points after the operators of these indices. */
export function chainBackbone(operators: readonly string[], cuts: readonly number[]): BackboneSummary {
  const nodes = operators.map((operator, index) =>
    operatorNode(`n${index}`, operator, [index === 0 ? "image" : `t${index - 1}`], `t${index}`),
  );
  return {
    name: "chain",
    sha256: "chain",
    graphSha256: "chain",
    fileSha256: "chain",
    producer: "",
    irVersion: 8,
    opset: 17,
    input: {
      name: "image",
      type: "float32",
      layout: "NCHW",
      channels: 1,
      height: 1,
      width: 1,
      dynamicBatch: true,
    },
    output: { name: "logits", classes: 10, kind: "logits", type: "float32" },
    precision: "float32",
    nodes,
    cutPoints: cuts.map((node, index) => ({
      index,
      tensor: `t${node}`,
      boundary: `t${node}`,
      shape: [1, 1, 1, 1],
      layout: "channels-first",
      type: "float32",
      node: `n${node}`,
      macs: 0,
      macsShare: 0,
      activationBytes: 4,
    })),
    readyExits: [],
    otherOutputs: [],
    warnings: [],
    macs: 0,
    parameters: 0,
    parameterBytes: 0,
    peakActivationBytes: 0,
  };
}

/** A project's networks by their names, the first one its backbone: each as `chainBackbone` makes it, with that name for SHA-256. */
export function graphNetworks(
  networks: Readonly<Record<string, readonly [operators: readonly string[], cuts: readonly number[]]>>,
): readonly GraphNetwork[] {
  return Object.entries(networks).map(([name, [operators, cuts]], index) => {
    const summary = { ...chainBackbone(operators, cuts), name, sha256: name, graphSha256: name };
    return index === 0
      ? { sha256: name, name, summary, blocks: divideIntoBlocks(summary) }
      : { sha256: name, member: name, name, summary, blocks: divideMember(summary) };
  });
}

/** A project's only network, as the graph shows it. */
export function onlyNetwork(operators: readonly string[], cuts: readonly number[]): readonly ShownNetwork[] {
  return orderNetworks(graphNetworks({ chain: [operators, cuts] }));
}
