import { expect, test } from "vitest";
import { repetitionVector } from "./repetition-vector.ts";
import { type Channel, topologyMatrix } from "./sdf-graph.ts";

function graph(actors: number, channels: readonly (readonly [number, number, number, number])[]) {
  return {
    actors: Array.from(
      { length: actors },
      (_, k) => ({ name: `${k}`, kind: "segment", firingMs: 1 }) as const,
    ),
    channels: channels.map(([from, to, produced, consumed]): Channel => ({ from, to, produced, consumed })),
  };
}

test("Lee and Messerschmitt's balance: two become three, three become one", () => {
  // q0 * 3 = q1 * 2, q1 * 1 = q2 * 3, and round the side q0 * 1 = q2 * 2.
  const sdf = graph(3, [
    [0, 1, 3, 2],
    [1, 2, 1, 3],
    [0, 2, 1, 2],
  ]);
  expect(topologyMatrix(sdf)).toEqual([
    [3, -2, 0],
    [0, 1, -3],
    [1, 0, -2],
  ]);
  const firings = repetitionVector(sdf);
  expect(firings).toEqual([1, 1.5, 0.5].map((value) => expect.closeTo(value, 12)));
});

test("an actor that nothing reaches never fires", () => {
  expect(repetitionVector(graph(2, [[0, 1, 0, 1]]))).toEqual([1, 0]);
});

test("rates that contradict each other, and graphs in parts, are refused", () => {
  const contradiction = graph(2, [
    [0, 1, 1, 1],
    [0, 1, 2, 1],
  ]);
  expect(() => repetitionVector(contradiction)).toThrow(
    "rank 2 over 2 actors, expected 1: the channels' rates",
  );
  expect(() => repetitionVector(graph(3, [[0, 1, 1, 1]]))).toThrow(
    "rank 1 over 3 actors, expected 2: it falls",
  );
});
