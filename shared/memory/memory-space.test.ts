import { expect, it } from "vitest";
import { seededRandom } from "../base/random.ts";
import { evaluatePlan } from "../evaluate/evaluate-plan.ts";
import { plainColumns } from "./exit-outputs.ts";
import { memorySpace } from "./memory-space.ts";
import { madeUpOutputs, spaceOfOutputs } from "./testing/made-up-outputs.ts";

const outputs = madeUpOutputs(seededRandom(1), 300, 2);
const space = spaceOfOutputs(outputs, 8);
const plans = [0.4, 0.8].flatMap((early) => [0.5, 0.9].map((late) => [early, late]));

it("costs and delivers what plans without memory do where the policy has none and every exit is named", () => {
  const own = memorySpace(space, [0, 1], plainColumns(outputs), [0, 0, 0]);
  for (const thresholds of plans) {
    const exits = thresholds.map((threshold, candidate) => ({ candidate, threshold }));
    const [found, wanted] = [evaluatePlan(own, exits), evaluatePlan(space, exits)];
    expect(found.latencyMs.mean).toBeCloseTo(wanted.latencyMs.mean, 12);
    expect(found.macs).toBeCloseTo(wanted.macs, 6);
    expect([found.accuracy, found.bytes, found.exitRates]).toEqual([
      wanted.accuracy,
      wanted.bytes,
      wanted.exitRates,
    ]);
  }
});

it("has an exit paid for that lets nobody leave, and what the policy adds", () => {
  const own = memorySpace(space, [0, 1], plainColumns(outputs), [0.01, 0.02, 0.04]);
  // All leave at the second exit: 2 ms, two heads of 0.1 ms, and 0.03 ms of the policy.
  expect(evaluatePlan(own, [{ candidate: 1, threshold: 0 }]).latencyMs.mean).toBeCloseTo(2.23, 12);
  // None leaves early: 3 ms, the two heads, and 0.07 ms.
  expect(evaluatePlan(own, []).latencyMs.mean).toBeCloseTo(3.27, 12);
});
