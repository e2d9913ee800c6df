import { expect, test } from "vitest";
import type { ChartedPlan } from "../../shared/files/front-file.ts";
import { type Benched, describeBench, fastest } from "./describe-bench.ts";

const front = [
  { latencyMs: 1, accuracy: 0.8 },
  { latencyMs: 2, accuracy: 0.895 },
  { latencyMs: 3, accuracy: 0.9 },
] as ChartedPlan[];

test("the fastest plan that loses no more than is wished", () => {
  expect(fastest(front, 0.9)?.latencyMs).toBe(3);
  // 0.9 - 0.5 / 100 is 0.8950000000000001 or so.
  expect(fastest(front, 0.9 - 0.5 / 100)?.latencyMs).toBe(2);
  expect(fastest(front, 0.91)).toBeUndefined();
});

test("what was found is a table of both", () => {
  const kind = { hypervolume: 0.5, isProven: true, plans: 3 };
  const verified = { speedup: 1.9, dropPp: 0.41, dropHalfWidthPp: 0.3 };
  const found = {
    machine: "m",
    python: { python: "3.11", torch: "2.1", numpy: "1.26", gpus: [] },
    networks: ["net", "net tuned"],
    samples: 100,
    testSamples: 200,
    frozen: { ...kind, speedups: [{ wishPp: 0.5, speedup: 1 }] },
    tuned: { ...kind, speedups: [{ wishPp: 0.5, speedup: 2, verified }] },
    processes: { one: [1, 0.5], two: [1.01, 0.52] },
  } as unknown as Benched;
  expect(describeBench(found).split("\n")).toEqual([
    "machine   m; PyTorch 2.1",
    "networks  net, net tuned",
    "samples   100 to choose on, 200 to verify on",
    "",
    "networks  hypervolume  plans  front",
    "frozen         0.5000      3  proven",
    "tuned          0.5000      3  proven",
    "",
    "networks  drop up to  speed-up  measured   measured drop",
    "frozen       0.50 pp     1.00x     1.00x         0.00 pp",
    "tuned        0.50 pp     2.00x     1.90x  0.41 ± 0.30 pp",
    "",
    "loss per epoch in one process 1.000, 0.5000; in two 1.010, 0.5200",
  ]);
});
