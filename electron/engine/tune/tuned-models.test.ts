import { expect, test } from "vitest";
import { memoryRange } from "../base/byte-range.ts";
import { encodeNpz } from "../base/npz.ts";
import { untrainedHeads } from "../heads/head.ts";
import { mixedHidden } from "../heads/mixed-hidden.ts";
import { multiExitModel, ownLogits } from "../heads/multi-exit-model.ts";
import { readyHeads } from "../heads/ready-head.ts";
import { type Backbone, imageDims } from "../onnx/backbone.ts";
import { graph, model, node, value } from "../onnx/graph-builder.ts";
import type { GraphModel } from "../onnx/graph-model.ts";
import { halfBits } from "../onnx/half-float.ts";
import { modelIdentity } from "../onnx/model-identity.ts";
import { elementCount, floatTensor, numbersTensor, tensorNumbers } from "../onnx/tensors.ts";
import { importProto } from "../onnx/testing/test-backbone.ts";
import { widenFloats } from "./network/graph/widen-floats.ts";
import type { NetworkWeight } from "./network/python/python-layers.ts";
import { noise, noiseTensor } from "./network/testing/written.ts";
import { encodeWeights, readWeights } from "./network-weights.ts";
import { noTorch, torchPython } from "./testing/find-torch.ts";
import { compareInPytorch } from "./testing/pytorch.ts";
import { exitOutputs, type TunedNetwork, writeTunedNetwork } from "./tuned-graph.ts";
import { withWeights } from "./tuned-models.ts";

const conv = (from: string, weight: string, to: string) =>
  node("Conv", [from, weight], [to], { pads: [1, 1, 1, 1] });

/** Weights as exporters leave them: by Identity, in a Constant, shared, turned, and batch norms; a classifier of its own on the way. */
function manyWays(): GraphModel {
  const nodes = [
    node("Identity", ["a.weight"], ["handed"]),
    node("Constant", [], ["held"], { value: noiseTensor("", [4, 4, 3, 3], 8) }),
    node("Transpose", ["fc.weight"], ["turned"], { perm: [1, 0] }),
    conv("image", "stem.weight", "s"),
    node("BatchNormalization", ["s", "bn.weight", "bn.bias", "bn.mean", "bn.var"], ["n"]),
    node("Relu", ["n"], ["r0"]),
    conv("r0", "a.weight", "c1"),
    node("Relu", ["c1"], ["r1"]),
    node("GlobalAveragePool", ["r1"], ["early-pool"]),
    node("Flatten", ["early-pool"], ["early-flat"]),
    node("Gemm", ["early-flat", "early.weight", "early.bias"], ["early"], { transB: 1 }),
    conv("r1", "handed", "c2"),
    node("Relu", ["c2"], ["r2"]),
    conv("r2", "held", "c3"),
    node("Relu", ["c3"], ["r3"]),
    node("GlobalAveragePool", ["r3"], ["pool"]),
    node("Flatten", ["pool"], ["flat"]),
    node("MatMul", ["flat", "turned"], ["product"]),
    node("Add", ["product", "fc.bias"], ["scores"]),
  ];
  const initializers = [
    noiseTensor("stem.weight", [4, 3, 3, 3]),
    noiseTensor("a.weight", [4, 4, 3, 3], 6),
    noiseTensor("bn.weight", [4]),
    noiseTensor("bn.bias", [4], 6),
    noiseTensor("bn.mean", [4], 7),
    floatTensor("bn.var", [0.5, 1, 1.5, 2]),
    noiseTensor("early.weight", [5, 4]),
    noiseTensor("early.bias", [5]),
    noiseTensor("fc.weight", [5, 4], 9),
    noiseTensor("fc.bias", [5], 10),
  ];
  const scores = ["early", "scores"].map((name) => value(name, "float32", ["N", 5]));
  return model(graph("many", { nodes, initializers }, [value("image", "float32", ["N", 3, 8, 8])], scores));
}

/** A network of half floats behind an image of floats. */
function halves(): GraphModel {
  const half = (name: string, dims: readonly number[], seed: number) =>
    numbersTensor(name, "float16", Uint16Array.from(noise(elementCount(dims), seed), halfBits), dims);
  const nodes = [
    node("Cast", ["image"], ["i"], { to: 10 }),
    conv("i", "a.weight", "c1"),
    node("Relu", ["c1"], ["r1"]),
    conv("r1", "b.weight", "c2"),
    node("Relu", ["c2"], ["r2"]),
    node("GlobalAveragePool", ["r2"], ["pool"]),
    node("Flatten", ["pool"], ["flat"]),
    node("Gemm", ["flat", "fc.weight"], ["half-scores"]),
    node("Cast", ["half-scores"], ["scores"], { to: 1 }),
  ];
  const initializers = [
    half("a.weight", [4, 3, 3, 3], 5),
    half("b.weight", [4, 4, 3, 3], 6),
    half("fc.weight", [4, 5], 7),
  ];
  const scores = value("scores", "float32", ["N", 5]);
  return model(
    graph("halves", { nodes, initializers }, [value("image", "float32", ["N", 3, 8, 8])], [scores]),
  );
}

async function tunedNetwork(proto: GraphModel): Promise<TunedNetwork> {
  const backbone = await importProto(proto, { output: "scores" });
  const options = { hidden: 6 };
  const heads = [
    ...readyHeads(backbone),
    ...untrainedHeads(backbone, [{ kind: mixedHidden, options }]).slice(-1),
  ];
  return { backbone, heads };
}

/** What training could have made: every weight a little other, shared ones together. */
function trained(weights: readonly NetworkWeight[]): Uint8Array {
  const changed = new Map<string, Float32Array>();
  weights.forEach(({ key, tensor, sharedWith }, at) => {
    const numbers = tensorNumbers(tensor);
    const change = noise(numbers.length, at + 20);
    const own = Float32Array.from(numbers, (number, place) => number * (1 + 0.2 * change[place]));
    changed.set(key, changed.get(sharedWith ?? "") ?? own);
  });
  return encodeNpz(
    Object.fromEntries(weights.map(({ key, dims }) => [key, { shape: dims, data: changed.get(key)! }])),
  );
}

async function putBack(network: TunedNetwork, file: Uint8Array): Promise<TunedNetwork> {
  const { python } = await writeTunedNetwork(network);
  const models = withWeights(network, await readWeights(memoryRange("tuned.npz", file), python.weights));
  return { backbone: { ...network.backbone, proto: models.backbone }, heads: models.heads };
}

test("trained weights stand where the old ones stood: written out again, they are the same", async () => {
  const network = await tunedNetwork(manyWays());
  const before = await writeTunedNetwork(network);
  expect(network.heads.map(({ kind }) => kind)).toEqual(["early", "mixed-hidden"]);
  const file = trained(before.python.weights);
  const tuned = await putBack(network, file);
  const after = await writeTunedNetwork(tuned);
  expect(after.python.source).toBe(before.python.source);
  expect(encodeWeights(after.python.weights)).toEqual(file);
  const identities = [network, tuned].map(({ backbone }) => modelIdentity(backbone.proto));
  expect(identities[1].graphSha256).toBe(identities[0].graphSha256);
  expect(identities[1].sha256).not.toBe(identities[0].sha256);
});

test("a classifier that came with the network is put back into its graph, too", async () => {
  const network = await tunedNetwork(manyWays());
  const before = await writeTunedNetwork(network);
  const tuned = await putBack(network, trained(before.python.weights));
  const inHead = tuned.heads[0].model.graph.initializer.find(({ name }) => name === "early.weight")!;
  const inGraph = tuned.backbone.proto.graph.initializer.find(({ name }) => name === "early.weight")!;
  const old = network.backbone.proto.graph.initializer.find(({ name }) => name === "early.weight")!;
  expect(tensorNumbers(inGraph)).toEqual(tensorNumbers(inHead));
  expect(tensorNumbers(inGraph)).not.toEqual(tensorNumbers(old));
});

test("half floats are trained as floats and stored as half ones again", async () => {
  const network = await tunedNetwork(halves());
  const { python } = await writeTunedNetwork(network);
  expect(python.source).not.toContain("half(");
  const file = trained(python.weights);
  const tuned = await putBack(network, file);
  const [stored] = tuned.backbone.proto.graph.initializer.filter(({ name }) => name === "b.weight");
  expect(stored.dataType).toBe(10);
  const wanted = await readWeights(memoryRange("tuned.npz", file), python.weights);
  const off = tensorNumbers(stored).map((number, at) =>
    Math.abs(number - tensorNumbers(wanted.get("b.weight")!)[at]),
  );
  // Half floats near 1 are 0.001 apart.
  expect(Math.max(...off)).toBeLessThan(0.0006);
  expect(Math.max(...off)).toBeGreaterThan(0);
  const tooLarge = new Map(wanted).set(
    "b.weight",
    floatTensor("b.weight", new Float32Array(144).fill(1e6), [4, 4, 3, 3]),
  );
  expect(() => withWeights(network, tooLarge)).toThrow("'b.weight' has grown too large for float16");
});

test("with trained weights put back ONNX Runtime computes what PyTorch does, at every output", async (context) => {
  context.skip(torchPython === undefined, noTorch);
  const networks = new Map();
  for (const [name, proto] of Object.entries({ manyWays: manyWays(), halves: halves() })) {
    const network = await tunedNetwork(proto);
    const { python, outputs } = await writeTunedNetwork(network);
    const weights = trained(python.weights);
    const { backbone, heads } = await putBack(network, weights);
    const joint = multiExitModel(backbone, exitOutputs({ backbone, heads }), ownLogits(backbone));
    networks.set(name, {
      proto: widenFloats(joint),
      python,
      outputs: outputs.map(({ tensor }) => tensor),
      weights,
      ...images(backbone),
    });
  }
  const off = await compareInPytorch(networks);
  expect(off.manyWays).toBeLessThan(1e-5);
  // Half floats tell three digits.
  expect(off.halves).toBeLessThan(5e-3);
});

function images({ summary }: Backbone): { values: Float32Array; dims: number[] } {
  const dims = imageDims(summary, 1) as number[];
  return { dims, values: noise(elementCount(dims)) };
}
