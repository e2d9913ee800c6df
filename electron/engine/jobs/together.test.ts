import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cancelledError, silentJob } from "../../../shared/base/job.ts";
import { allTogether, divideEvenly } from "./together.ts";

describe("dividing a row of things", () => {
  it("gives shares of neighbours that are about alike", () => {
    expect(divideEvenly([4, 4, 4, 4, 4, 1], 2)).toEqual([
      { from: 0, to: 3 },
      { from: 3, to: 6 },
    ]);
    expect(divideEvenly([64, 64, 64, 64, 32], 2)).toEqual([
      { from: 0, to: 2 },
      { from: 2, to: 5 },
    ]);
    expect(divideEvenly([1, 1], 5)).toEqual([
      { from: 0, to: 1 },
      { from: 1, to: 2 },
    ]);
    expect(divideEvenly([], 3)).toEqual([]);
  });

  it("leaves nothing out, gives nothing twice, and never more shares than wanted", () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1, maxLength: 40 }),
        fc.integer({ min: 1, max: 12 }),
        (weights, wanted) => {
          const shares = divideEvenly(weights, wanted);
          expect(shares.length).toBeLessThanOrEqual(wanted);
          expect(shares[0].from).toBe(0);
          expect(shares.at(-1)!.to).toBe(weights.length);
          for (const [at, { from, to }] of shares.entries()) {
            expect(to).toBeGreaterThan(from);
            if (at > 0) expect(from).toBe(shares[at - 1].to);
          }
        },
      ),
      { seed: 2 },
    );
  });
});

describe("things that are done at once", () => {
  it("fill the whole by their weights, and say how many are done", async () => {
    const told: [number, string?][] = [];
    const job = {
      ...silentJob,
      report: (done: number, total: number, note?: string) => void told.push([done / total, note]),
    };
    await allTogether("ranges", [3, 1], job, async (index, part) => {
      if (index === 0) part.report(1, 2, "one: half");
    });
    expect(told[0]).toEqual([0.375, "0 of 2 ranges; one: half"]);
    expect(told.at(-1)).toEqual([1, "2 of 2 ranges"]);
  });

  it("all stop once one fails or the whole is cancelled, and nothing goes on after the end", async () => {
    let isRunning = false;
    const failing = allTogether("ranges", [1, 1], silentJob, async (index, part) => {
      if (index === 1) throw new Error("out of luck");
      isRunning = true;
      try {
        for (;;) {
          await new Promise((resolve) => setTimeout(resolve, 1));
          await part.pause();
        }
      } finally {
        isRunning = false;
      }
    });
    await expect(failing).rejects.toThrow("out of luck");
    expect(isRunning).toBe(false);
    const cancelling = {
      ...silentJob,
      pause: async () => {
        throw cancelledError();
      },
    };
    const begun: number[] = [];
    const cancelled = allTogether("ranges", new Array(100).fill(1), cancelling, async (index, part) => {
      begun.push(index);
      await part.pause();
    });
    await expect(cancelled).rejects.toMatchObject({ code: "cancelled" });
    expect(begun.length).toBeLessThan(100);
  });
});
