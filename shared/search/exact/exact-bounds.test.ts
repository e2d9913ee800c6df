import { expect, test } from "vitest";
import type { UseCase } from "../../model/use-case.ts";
import type { Candidate, SearchSpace } from "../../space/search-space.ts";
import { createSearchTarget } from "../engine/search-target.ts";
import { createBound, emptyPrefix } from "./exact-bounds.ts";

function head(position: number, prefixMs: number, headMs: number): Candidate {
  return {
    position,
    cutPoint: `cut-${position}`,
    head: "linear",
    policy: "top1",
    prefixMs,
    headMs,
    prefixMacs: 0,
    headMacs: 0,
    headBytes: 0,
    confidence: new Float32Array(10),
    correct: new Uint8Array(10),
  };
}

// Leaving at the first exit costs 2 ms, at the second 4 + 1, at the end 10.
const space: SearchSpace = {
  samples: 10,
  candidates: [head(0, 2, 0), head(1, 4, 1)],
  backboneCorrect: new Uint8Array(10),
  backboneMs: 10,
  backboneMacs: 0,
  backboneBytes: 0,
  maxExits: 3,
  levels: 1,
};

/** Whether a front of these [right, latency] leaves no hope, with the first exit next. */
function isHopeless(
  front: readonly (readonly [number, number])[],
  exitsAfterNext: boolean,
  hope: { atNext: number; inTheEnd: number },
  latency: UseCase["latency"] = "mean",
  prefix = emptyPrefix(space),
): boolean {
  const useCase = { latency };
  const target = createSearchTarget<string>("front", space, useCase, new Float64Array(11));
  for (const [right, latencyMs] of front) target.offer(right, latencyMs, "");
  return target.beats(createBound({ space, useCase }, exitsAfterNext)(prefix, 0, hope));
}

const hope = { atNext: 7, inTheEnd: 9 };

test("with the backbone behind the next exit, each further right sample costs 8 ms more, 0.8 in the mean", () => {
  // The line is 7 right at 2 ms, 8 at 2.8, 9 at 3.6.
  expect(
    isHopeless(
      [
        [7, 1.9],
        [8, 2.7],
        [9, 3.5],
      ],
      false,
      hope,
    ),
  ).toBe(true);
  expect(isHopeless([[9, 1.9]], false, hope)).toBe(true);
  expect(
    isHopeless(
      [
        [7, 2.1],
        [8, 2.7],
        [9, 3.5],
      ],
      false,
      hope,
    ),
  ).toBe(false);
  expect(
    isHopeless(
      [
        [7, 1.9],
        [8, 2.9],
        [9, 3.5],
      ],
      false,
      hope,
    ),
  ).toBe(false);
  expect(
    isHopeless(
      [
        [7, 1.9],
        [8, 2.7],
        [9, 3.7],
      ],
      false,
      hope,
    ),
  ).toBe(false);
});

test("with an exit between, going on costs 3 ms more, 0.3 in the mean", () => {
  expect(
    isHopeless(
      [
        [7, 1.9],
        [8, 2.2],
        [9, 2.5],
      ],
      true,
      hope,
    ),
  ).toBe(true);
  expect(
    isHopeless(
      [
        [7, 1.9],
        [8, 2.7],
        [9, 3.5],
      ],
      true,
      hope,
    ),
  ).toBe(false);
});

test("a percentile may stay where it is while samples go on", () => {
  expect(
    isHopeless(
      [
        [7, 1.9],
        [9, 2.1],
      ],
      false,
      hope,
      "p95",
    ),
  ).toBe(false);
  expect(isHopeless([[9, 1.9]], false, hope, "p95")).toBe(true);
});

test("what the prefix has cost and got right counts", () => {
  // 4 samples at 1 ms, 6 more at 0.5 + 2: 1.9 in the mean; 3 right already.
  const prefix = { ...emptyPrefix(space), exits: [{ candidate: 0, level: 0 }], counts: [4], costs: [1] };
  const under = { ...prefix, right: 3, remaining: 6, headsMs: 0.5 };
  const none = { atNext: 5, inTheEnd: 5 };
  expect(isHopeless([[8, 1.89]], false, none, "mean", under)).toBe(true);
  expect(isHopeless([[8, 1.91]], false, none, "mean", under)).toBe(false);
  expect(isHopeless([[7, 1.89]], false, none, "mean", under)).toBe(false);
  expect(isHopeless([[8, 2.49]], false, none, "p95", under)).toBe(true);
  expect(isHopeless([[8, 2.51]], false, none, "p95", under)).toBe(false);
});
