import { describe, expect, it } from "vitest";
import { seededRandom } from "../../../shared/base/random.ts";
import { encodeModel } from "../onnx/codec.ts";
import { graph, model, opset, value } from "../onnx/graph-builder.ts";
import { openSession, runtimeTensor } from "../onnx/runtime.ts";
import { entropy } from "./entropy.ts";
import { exitPolicies } from "./index.ts";
import { margin } from "./margin.ts";
import { perClass } from "./per-class.ts";
import { top1 } from "./top1.ts";

function probabilitiesOf(seed: number, classes: number): Float64Array {
  const random = seededRandom(seed);
  const weights = Float64Array.from({ length: classes }, () => random() ** 4);
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return weights.map((weight) => weight / sum);
}

it("gives hand-checked confidences", () => {
  const probabilities = Float64Array.of(0.5, 0.25, 0.25, 0);
  const offsets = Float32Array.of(Math.log(4), 1, 2, 3);
  expect(top1.confidence(probabilities, offsets)).toBe(0.5);
  expect(margin.confidence(probabilities, offsets)).toBe(0.25);
  // H = 1.5 bits of at most 2
  expect(entropy.confidence(probabilities, offsets)).toBeCloseTo(0.25, 12);
  // even odds times 4, and 1 to 3 times 4
  expect(perClass(top1).confidence(probabilities, offsets)).toBeCloseTo(0.8, 6);
  expect(perClass(margin).confidence(probabilities, offsets)).toBeCloseTo(4 / 7, 6);
});

describe.each(exitPolicies)("policy $id", (policy) => {
  it("is 1 for a certain and smallest for a uniform distribution", () => {
    const offsets = Float32Array.of(0.5, 0.5, 0.5);
    const confidence = (...probabilities: number[]) =>
      policy.confidence(Float64Array.from(probabilities), offsets);
    expect(confidence(0, 1, 0)).toBeCloseTo(1, 12);
    const uniform = confidence(1 / 3, 1 / 3, 1 / 3);
    for (let seed = 0; seed < 20; seed++)
      expect(confidence(...probabilitiesOf(seed, 3))).toBeGreaterThanOrEqual(uniform - 1e-12);
  });

  it.each([7, 9, 13, 18, 21])("computes the same in ONNX Runtime at opset %i", async (version) => {
    const classes = 7;
    const rows = 6;
    const classOffsets = Float32Array.from({ length: classes }, (_, index) => index / 2 - 1);
    const fragment = policy.nodes({
      logits: "l",
      probabilities: "p",
      confidence: "c",
      classes,
      opset: version,
      classOffsets,
    });
    const like = model(graph("like", fragment, [], []));
    const bytes = encodeModel(
      model(
        graph(
          "policy",
          fragment,
          ["l", "p"].map((name) => value(name, "float32", [rows, classes])),
          [value("c", "float32", [rows])],
        ),
        { ...like, irVersion: 8n, opsetImport: [opset(version)] },
      ),
    );
    const session = await openSession(bytes, { threads: 1 });
    const samples = Array.from({ length: rows }, (_, seed) => probabilitiesOf(seed, classes));
    const data = Float32Array.from(samples.flatMap((sample) => [...sample]));
    const { c } = await session.run({
      l: runtimeTensor("float32", data.map(Math.log), [rows, classes]),
      p: runtimeTensor("float32", data, [rows, classes]),
    });
    expect(c.dims).toEqual([rows]);
    samples.forEach((sample, row) => {
      expect(Number(c.data[row])).toBeCloseTo(policy.confidence(sample, classOffsets), 5);
    });
    await session.release();
  });
});
