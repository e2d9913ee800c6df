import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { expect, test } from "vitest";
import { type Summary, summarySchema } from "../shared/files/summary.ts";
import { newFolder, offrampJson, start } from "./testing/command-line.ts";

/** The goal is 6; a busy machine takes some of it away. */
const minSpeedup = 4.5;

test("the demo: from the embedded sample to a verified network, within minutes; again, within seconds", async () => {
  const folder = await newFolder();
  const options = { environment: { OFFRAMP_CACHE: join(folder, "cache") }, limitSeconds: 500 };
  const demo = (out: string) => ["demo", "--out", join(folder, out)];

  // Ctrl-C with a real backbone at work, too.
  const interrupted = start(demo("first"), options);
  await interrupted.said("\ntrain …");
  await delay(2000);
  const signalled = performance.now();
  process.kill(-interrupted.child.pid!, "SIGINT");
  expect((await interrupted.finished).code).toBe(130);
  expect(performance.now() - signalled).toBeLessThan(1000);
  expect((await readdir(folder)).sort()).toEqual(["cache"]);

  const first = await offrampJson(demo("first"), summarySchema, options);
  console.info(`demo: ${describe(first)}`);
  expect(first.backbone.accuracy).toBeGreaterThan(0.93);
  const [backbone, small] = first.networks!;
  expect([backbone.name, small.name]).toEqual(["model", "small"]);
  expect(small.accuracy).toBeGreaterThan(0.9);
  expect(first.plan.chain).toEqual([small.sha256, backbone.sha256]);
  expect(first.data.samples).toEqual({ train: 20_000, calibration: 10_000, test: 10_000 });
  expect(first.decisionAgreement).toBeGreaterThanOrEqual(0.999);
  expect(first.search).toMatchObject({ algorithm: "exact", proven: true });
  expect(first.plan.feasible).toBe(true);
  expect(first.accuracyDropPp - first.accuracyDropHalfWidthPp).toBeLessThanOrEqual(0.5);
  expect(first.speedup).toBeGreaterThanOrEqual(minSpeedup);
  expect(first.wallSeconds).toBeLessThan(300);

  const second = await offrampJson(demo("second"), summarySchema, options);
  console.info(`again: ${describe(second)}`);
  expect(second.stageSeconds.train).toBeLessThan(5);
  expect(second.outputs).toEqual(first.outputs);
  expect(second.plan.exits).toEqual(first.plan.exits.map((exit) => ({ ...exit, rate: expect.any(Number) })));
});

function describe({ speedup, accuracyDropPp, accuracyDropHalfWidthPp, ...rest }: Summary): string {
  const stages = Object.entries(rest.stageSeconds).map(
    ([stage, seconds]) => `${stage} ${seconds.toFixed(1)}`,
  );
  return [
    `${speedup.toFixed(2)}x faster`,
    `drop ${accuracyDropPp.toFixed(2)} ± ${accuracyDropHalfWidthPp.toFixed(2)} pp`,
    `latency predicted within ${rest.latencyErrorPct.toFixed(1)} %`,
    `${rest.wallSeconds.toFixed(0)} s (${stages.join(", ")})`,
    `${(rest.peakRssBytes / 1e6).toFixed(0)} MB`,
  ].join(", ");
}
