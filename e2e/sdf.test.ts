import { beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { frontFileSchema } from "../shared/files/front-file.ts";
import { finishedRun, offramp, offrampJson, readJson } from "./testing/command-line.ts";

const flowSchema = z.object({
  expectedMs: z.number(),
  repetitions: z.array(z.number()),
  topologyMatrix: z.array(z.array(z.number())),
  graph: z.object({
    actors: z.array(z.object({ name: z.string(), site: z.string().optional(), firingMs: z.number() })),
  }),
  throughputs: z.array(
    z.object({ mapping: z.string(), samplesPerSecond: z.number(), bottleneck: z.string() }),
  ),
});

let run: Awaited<ReturnType<typeof finishedRun>>;

beforeAll(async () => {
  run = await finishedRun();
});

describe("sdf", () => {
  test("gives the recommended plan the latency that the search gave it", async () => {
    const { recommended } = await readJson(`${run.folder}/front.json`, frontFileSchema);
    const flow = await offrampJson(["sdf", run.project], flowSchema);
    expect(flow.expectedMs).toBeCloseTo(recommended.figures.latencyMs.mean, 9);
    // The repetition vector is in the null space of the topology matrix.
    for (const row of flow.topologyMatrix)
      expect(row.reduce((sum, tokens, actor) => sum + tokens * flow.repetitions[actor], 0)).toBeCloseTo(0, 9);
    const [together, apart] = flow.throughputs;
    expect(together.samplesPerSecond).toBeCloseTo(1000 / flow.expectedMs, 6);
    expect(apart.samplesPerSecond).toBeGreaterThanOrEqual(together.samplesPerSecond);
  });

  test("prints actors, matrix and throughput for a person", async () => {
    const { stdout } = await offramp(["sdf", run.project]);
    expect(stdout).toMatch(/ 2 {2}segment 1 +device +[\d.]+ ms +1 +[\d.]+ ms\n/);
    expect(stdout).toMatch(/\nchannel +1 +2 .*\n +1 → 2 +1 +-1\n/);
    expect(stdout).toMatch(/\none worker per target: [\d.e+]+ samples a second, limited by device /);
  });
});
