import { expect, test } from "vitest";
import type { BackboneOutput } from "../../../shared/model/backbone.ts";
import { encodeModel } from "./codec.ts";
import { answerNodes, answerValue, joinFragments, logitsNodes } from "./compose.ts";
import { graph, model, value } from "./graph-builder.ts";
import { openSession, runtimeTensor } from "./runtime.ts";
import { answeredClasses } from "./scores.ts";

function output(kind: BackboneOutput["kind"], shape: number[], logitsTensor?: string): BackboneOutput {
  return { name: "s", type: "float32", classes: Math.max(2, ...shape), kind, shape, logitsTensor };
}

/** The logits that scores of two images make, and what an export makes of these logits. */
async function through(own: BackboneOutput, dims: readonly number[], scores: readonly number[], opset = 13) {
  const summary = { output: own, opset };
  const fragment = joinFragments([
    logitsNodes(summary, "s", "logits"),
    answerNodes(summary, "N", "logits", "answer", "offramp/answer/"),
  ]);
  const outputs = [value("logits", "float32", ["N", own.classes]), answerValue(summary, "answer", "N")];
  const proto = model(graph("g", fragment, [value("s", "float32", [...dims])], outputs));
  const session = await openSession(encodeModel(proto));
  const { logits, answer } = await session.run({
    s: runtimeTensor("float32", Float32Array.from(scores), dims),
  });
  await session.release();
  return {
    logits: Array.from(logits.data as Float32Array),
    answer: Array.from(answer.data as Float32Array),
    dims: answer.dims,
  };
}

test("one logit z is the logits 0 and z, and is given back as it came", async () => {
  for (const [shape, dims] of [
    [
      [1, 1],
      [2, 1],
    ],
    [[1], [2]],
    [
      [1, 1, 1, 1],
      [2, 1, 1, 1],
    ],
  ]) {
    const found = await through(output("logits", shape, "s"), dims, [-1.5, 0.25]);
    expect(found).toEqual({ logits: [0, -1.5, 0, 0.25], answer: [-1.5, 0.25], dims });
  }
});

test("one probability p is the logarithms of 1 - p and p, and comes back as a probability", async () => {
  const { logits, answer, dims } = await through(output("probabilities", [1, 1]), [2, 1], [0.25, 1]);
  // ln 0.75, ln 0.25; a vanishing probability counts as 1e-30.
  for (const [at, expected] of [-0.287682, -1.386294, -69.077553, 0].entries())
    expect(logits[at]).toBeCloseTo(expected, 5);
  expect(answer[0]).toBeCloseTo(0.25, 6);
  expect(answer[1]).toBe(1);
  expect(dims).toEqual([2, 1]);
});

test("where a probability's logit is seen, it is the logit that is read, and a probability that is given", async () => {
  const { logits, answer } = await through(output("probabilities", [1], "z"), [2], [0, Math.log(3)]);
  expect(logits).toEqual([0, 0, 0, Math.fround(Math.log(3))]);
  expect(answer[0]).toBe(0.5);
  expect(answer[1]).toBeCloseTo(0.75, 6);
});

test("scores of several classes are rows, in whatever shape they come", async () => {
  const scores = [1, 2, 3, 4, 5, 6];
  for (const [shape, dims] of [
    [
      [1, 3],
      [2, 3],
    ],
    [
      [1, 1, 3],
      [2, 1, 3],
    ],
    [
      [1, 3, 1, 1],
      [2, 3, 1, 1],
    ],
  ])
    expect(await through(output("logits", shape, "s"), dims, scores)).toEqual({
      logits: scores,
      answer: scores,
      dims: [2, 3],
    });
});

test("one score answers class 1 above the middle of its kind, several the first of the largest", () => {
  expect([...answeredClasses(output("logits", [1, 1], "s"), [-0.1, 0, 0.1], 3)]).toEqual([0, 0, 1]);
  expect([...answeredClasses(output("probabilities", [1]), [0.4, 0.5, 0.6], 3)]).toEqual([0, 0, 1]);
  expect([...answeredClasses(output("logits", [1, 3], "s"), [1, 3, 3, 9, 0, 0], 2)]).toEqual([1, 0]);
});
