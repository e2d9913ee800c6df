import { expect, it } from "vitest";
import { halfBits } from "./half-float.ts";
import { countedAway, floatValues, measureBy, runClock, runtimeTensor } from "./runtime.ts";

it("reads float16 scores as numbers, so that negative ones are the least", () => {
  const scores = [-2, 0.5, 1.5, -0.25];
  const half = runtimeTensor("float16", Uint16Array.from(scores, halfBits), [1, 4]);
  expect(Array.from(floatValues(half))).toEqual(scores);
  const float = runtimeTensor("float32", Float32Array.from(scores), [1, 4]);
  expect(Array.from(floatValues(float))).toEqual(scores);
});

it("another program's clock goes on while something of a run is done elsewhere, and never else", async () => {
  const clock = { wallMs: () => 7, processorMs: () => 5 };
  const open = () => Promise.reject(new Error("nothing is opened here"));
  measureBy({ name: "far", providers: [], clock, allProcessorMs: () => 0, open });
  try {
    const wait = () => new Promise((resolve) => setTimeout(resolve, 30));
    const { wallMs, processorMs } = runClock();
    const before = wallMs();
    await wait();
    expect(wallMs()).toBe(before);
    await countedAway(wait());
    // Timers may be a millisecond early.
    expect(wallMs() - before).toBeGreaterThan(28);
    expect(processorMs()).toBe(5);
    const failed = wallMs();
    await expect(countedAway(wait().then(open))).rejects.toThrow("nothing is opened here");
    expect(wallMs() - failed).toBeGreaterThan(28);
  } finally {
    measureBy(undefined);
  }
});
