import { expect, it } from "vitest";
import type { ExitOutputs } from "./exit-outputs.ts";
import { confidentPatience, patience } from "./patience.ts";

/** Answers of three exits and the end, each with 0.75 of the probability. */
function answering(...answers: readonly (readonly number[])[]): ExitOutputs {
  const logProbabilities = answers.map((own) =>
    Float32Array.from(
      own.flatMap((answer) => [0, 1].map((index) => Math.log(index === answer ? 0.75 : 0.25))),
    ),
  );
  return { classes: 2, labels: new Int32Array(answers[0].length), logProbabilities };
}

const outputs = answering([0, 0, 1], [0, 1, 1], [0, 1, 0], [0, 1, 1]);

it("counts how many successive exits agree", () => {
  const [policy] = patience.fit(outputs);
  const counts = policy.columns(outputs).map(({ confidence }) => [...confidence]);
  expect(counts).toEqual([
    [1, 1, 1],
    [2, 1, 2],
    [3, 2, 1],
    [4, 3, 1],
  ]);
});

it("breaks ties by confidence, and counts up to so many", () => {
  const scores = confidentPatience
    .fit(outputs)
    .map((policy) =>
      policy.columns(outputs).map(({ confidence }) => [...confidence].map((own) => own - 0.75)),
    );
  expect(scores).toHaveLength(2);
  const [two, three] = scores.map((rows) => rows.map((row) => row.map((own) => Math.round(own))));
  expect(two[2]).toEqual([1, 1, 0]);
  expect(three[2]).toEqual([2, 1, 0]);
  expect(three[1]).toEqual([1, 0, 1]);
});

it("answers what the exits answer", () => {
  const [policy] = patience.fit(outputs);
  expect(policy.columns(outputs).map(({ correct }) => [...correct])).toEqual([
    [1, 1, 0],
    [1, 0, 0],
    [1, 0, 1],
    [1, 0, 0],
  ]);
});
