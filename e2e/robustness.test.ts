import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { robustnessSchema } from "../shared/files/robustness.ts";
import {
  expectRefusal,
  finishedRun,
  offrampJson,
  ownFolder,
  readJson,
  shared,
  start,
} from "./testing/command-line.ts";

const own = ownFolder();
const printedSchema = robustnessSchema.safeExtend({ verdict: z.array(z.object({ id: z.string() })) });

let run: Awaited<ReturnType<typeof finishedRun>>;
beforeAll(async () => {
  run = await finishedRun();
});

const robustness = (...more: string[]) => ["robustness", run.project, "--data", shared("data"), ...more];

describe("robustness", () => {
  test("says what plan and front do on images that are made worse, and writes file and chart", async () => {
    const [out, chart] = [own.path("robustness.json"), own.path("chart.svg")];
    const args = robustness(
      "--corruptions",
      "contrast,jpeg",
      "--severities",
      "1,5",
      "-o",
      out,
      "--chart",
      chart,
    );
    const { verdict, ...found } = await offrampJson(args, printedSchema);
    expect(await readJson(out, robustnessSchema)).toEqual(found);
    expect(verdict.map(({ id }) => id)).toContain("average");
    expect(await readFile(chart, "utf8")).toMatch(/^<svg.*Contrast.*JPEG compression/s);

    const { summary } = run;
    const [clean, ...worse] = found.conditions;
    expect([found.samples, found.available]).toEqual([240, 240]);
    // Images as they are: what the run has said of them.
    expect(clean.backbone.accuracy).toBeCloseTo(summary.backbone.accuracy, 9);
    expect(clean.plan.accuracy).toBeCloseTo(summary.plan.predicted.accuracy, 9);
    expect(clean.plan.latencyMs.mean).toBeCloseTo(summary.plan.profiled.latencyMs.mean, 9);
    expect(worse.map(({ corruption, severity }) => [corruption, severity])).toEqual([
      ["contrast", 1],
      ["contrast", 5],
      ["jpeg", 1],
      ["jpeg", 5],
    ]);
    // Of stripes on grey 0.15 of the contrast is hardly seen, and nobody is as sure of them.
    expect(worse[1].backbone.accuracy).toBeLessThan(clean.backbone.accuracy - 0.1);
    expect(worse[1].plan.exitRates).not.toEqual(clean.plan.exitRates);
    for (const { front, plan } of found.conditions) {
      expect(front).toHaveLength(found.front.length);
      expect(plan.exitRates.reduce((sum, rate) => sum + rate, 0)).toBeCloseTo(1, 9);
    }
  });

  test("stops when it is told to, and goes on from there", async () => {
    const cache = own.path("cache");
    const args = robustness("--severities", "1..5", "--corruptions", "gaussian-noise", "--cache", cache);
    const running = start(args);
    const entries = async () =>
      (await readdir(cache).catch(() => [])).filter((name) => /^robustness-[0-9a-f]{32}$/.test(name));
    await running.said("robustness …");
    while ((await entries()).length === 0) await new Promise((resolve) => setTimeout(resolve, 20));
    process.kill(-running.child.pid!, "SIGINT");
    const { code, stdout } = await running.finished;
    expect([code, stdout]).toEqual([130, ""]);
    const kept = await entries();
    const found = await offrampJson(args, printedSchema);
    expect(found.conditions).toHaveLength(6);
    expect(await entries()).toEqual(expect.arrayContaining(kept));
  });

  test("refuses what it doesn't know", async () => {
    await expectRefusal(robustness("--corruptions", "fog"), {
      code: 2,
      says: /expected some of gaussian-noise/,
    });
    await expectRefusal(robustness("--severities", "5..1"), { code: 2, says: /whole numbers from 1 to 5/ });
    const folder = join(own.path(), "missing", "data");
    await expectRefusal(["robustness", run.project, "--data", folder], { says: /missing/ });
  });
});
