import { describe, expect, it } from "vitest";
import { cancelledError, type Job, silentJob } from "../../../shared/base/job.ts";
import { randomNormal, seededRandom } from "../../../shared/base/random.ts";
import { temporaryFolder } from "../../disk/testing/temporary-folder.ts";
import { plainPolicies } from "../policies/index.ts";
import { confidenceTables, exitQualities, fitTemperatures, tableRow } from "./confidence-table.ts";

/** A folder of logits as a pass over a split leaves it. */
function logitsFolder(labels: readonly number[], outputs: readonly (readonly number[])[]): Promise<string> {
  const bytes = (array: Int32Array | Float32Array) => new Uint8Array(array.buffer);
  const files = outputs.map((logits, row) => [`${row}.f32`, bytes(Float32Array.from(logits))]);
  return temporaryFolder({ "labels.i32": bytes(Int32Array.from(labels)), ...Object.fromEntries(files) });
}

const { log } = Math;

/** Three classes, three samples of classes 0, 1, 2; an exit at temperature 2 and the backbone at 1. */
function handMade() {
  return logitsFolder(
    [0, 1, 2],
    [
      // Halved by the temperature: softmax 4:1:1, 1:2:1, and a tie of all.
      [2 * log(4), 0, 0, 5, 5 + 2 * log(2), 5, 7, 7, 7],
      // Softmax 1:1:2 (wrong), 1:6:1, 1:1:8, so far from zero that their powers overflow.
      [0, 0, log(2), -900, log(6) - 900, -900, 900, 900, 900 + log(8)],
    ],
  );
}

/** Entropy confidence of weights: 1 + sum p log p / log n. */
function certainty(...weights: number[]): number {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return 1 + weights.reduce((sum, w) => sum + (w / total) * log(w / total), 0) / log(weights.length);
}

describe("confidence tables", () => {
  it("hold each policy's confidence at the output's temperature", async () => {
    const tables = await confidenceTables(await handMade(), [2, 1], 3, plainPolicies, silentJob);
    const rounded = (policy: string) => Array.from(tables.get(policy)!.confidence, (x) => x.toFixed(4));
    const expected = (values: readonly number[]) => values.map((x) => x.toFixed(4));
    expect([...tables.keys()]).toEqual(["top1", "entropy", "margin"]);
    expect(rounded("top1")).toEqual(expected([4 / 6, 2 / 4, 1 / 3, 2 / 4, 6 / 8, 8 / 10]));
    expect(rounded("margin")).toEqual(expected([3 / 6, 1 / 4, 0, 1 / 4, 5 / 8, 7 / 10]));
    // By hand for 1:2:1: entropy 1.5 log 2, so 1 - 1.0397 / 1.0986.
    expect(rounded("entropy")[1]).toBe("0.0536");
    const entropies = [
      certainty(4, 1, 1),
      certainty(1, 2, 1),
      0,
      certainty(1, 1, 2),
      certainty(1, 6, 1),
      certainty(1, 1, 8),
    ];
    for (const [at, value] of entropies.entries())
      expect(tables.get("entropy")!.confidence[at]).toBeCloseTo(value, 4);
  });

  it("say what was answered and whether it is right; of equals the first class", async () => {
    const tables = await confidenceTables(await handMade(), [2, 1], 3, plainPolicies, silentJob);
    for (const { exits, samples, correct, predicted } of tables.values()) {
      expect([exits, samples]).toEqual([1, 3]);
      expect([...predicted!]).toEqual([0, 1, 0, 2, 1, 2]);
      expect([...correct]).toEqual([1, 1, 0, 0, 1, 1]);
    }
    const { confidence, correct } = tableRow(tables.get("top1")!, 1);
    expect([confidence.length, [...correct]]).toEqual([3, [0, 1, 1]]);
  });

  it("stop when cancelled", async () => {
    const reports: number[] = [];
    const job: Job = {
      report: (done) => reports.push(done),
      pause: () => Promise.reject(cancelledError()),
    };
    const folder = await handMade();
    const cancelled = { code: "cancelled" };
    await expect(confidenceTables(folder, [2, 1], 3, plainPolicies, job)).rejects.toMatchObject(cancelled);
    await expect(fitTemperatures(folder, 2, 3, job)).rejects.toMatchObject(cancelled);
    expect(reports).toEqual([1, 1]);
  });
});

describe("temperatures", () => {
  it("are fitted to each output on its own", async () => {
    const random = seededRandom(8);
    const labels: number[] = [];
    const logits: number[] = [];
    for (let sample = 0; sample < 6000; sample++) {
      const row = [randomNormal(random), randomNormal(random), randomNormal(random)].map((x) => 2 * x);
      const weights = row.map(Math.exp);
      let rest = random() * weights.reduce((sum, weight) => sum + weight, 0);
      const label = weights.findIndex((weight) => {
        rest -= weight;
        return rest < 0;
      });
      labels.push(label);
      logits.push(...row);
    }
    // The logits are calibrated by their making, so that what scales them is the temperature.
    const scaled = [4, 1, 0.25].map((factor) => logits.map((logit) => factor * logit));
    const found = await fitTemperatures(await logitsFolder(labels, scaled), 3, 3, silentJob);
    expect(found).toHaveLength(3);
    expect(found[0] / 4).toBeCloseTo(1, 1);
    expect(found[1]).toBeCloseTo(1, 1);
    expect(found[2] * 4).toBeCloseTo(1, 1);
    // The same samples, so the three differ by the factors alone.
    expect(found[0] / found[1]).toBeCloseTo(4, 1);
  });
});

describe("qualities", () => {
  it("are worked out per output, and per policy where confidence ranks", async () => {
    const tables = await confidenceTables(await handMade(), [2, 1], 3, plainPolicies, silentJob);
    const [exit, backbone] = exitQualities(tables, [2, 1], "top1");
    expect([exit.accuracy, exit.temperature]).toEqual([2 / 3, 2]);
    expect([backbone.accuracy, backbone.temperature]).toEqual([2 / 3, 1]);
    // Right at 0.6667 and 0.5, wrong at 0.3333, each in a bin of its own.
    expect(exit.expectedCalibrationError).toBeCloseTo((1 / 3 + 1 / 2 + 1 / 3) / 3, 6);
    // Right at 0.75 and 0.8, wrong at 0.5.
    expect(backbone.expectedCalibrationError).toBeCloseTo((1 / 4 + 1 / 5 + 1 / 2) / 3, 5);
    expect(exit.failurePredictionAuroc).toEqual({ top1: 1, entropy: 1, margin: 1 });
    expect(exit.reliability.filter(({ count }) => count > 0)).toHaveLength(3);
  });
});
