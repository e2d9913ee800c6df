import { expect, it } from "vitest";
import { Admission } from "./admission.ts";

function lets(admission: Admission, requests: number, running = 0): number {
  let count = 0;
  for (let request = 0; request < requests; request++)
    try {
      admission.enter(running);
      count++;
    } catch (error) {
      expect(error).toMatchObject({ code: "busy" });
    }
  return count;
}

it("of a flood lets in the first 250, and 100 more in each second", () => {
  let now = 1000;
  const admission = new Admission(() => now);
  expect(lets(admission, 10_000)).toBe(250);
  now += 100;
  expect(lets(admission, 10_000)).toBe(10);
  now += 3_600_000;
  expect(lets(admission, 10_000)).toBe(250);
});

it("waits for answers while 100 are owed", () => {
  const admission = new Admission(() => 0);
  expect(lets(admission, 1, 99)).toBe(1);
  expect(lets(admission, 1, 100)).toBe(0);
});
