import { readdir } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { manifestSchema } from "../electron/engine/export/staged.ts";
import {
  natsProgram,
  noNats,
  startNatsServer,
  type TestServer,
} from "../electron/engine/fleet/testing/nats-server.ts";
import { type SlowLink, startSlowLink } from "../electron/engine/fleet/testing/slow-link.ts";
import {
  expectRefusal,
  offrampJson,
  ownFolder,
  type Running,
  readJson,
  start,
} from "./testing/command-line.ts";
import { exportChain, exportHalves, halvesSchema } from "./testing/halves.ts";

if (!natsProgram) console.warn(`skipped: ${noNats}`);

/** Between the device and the fleet's server, one way. */
const link = { delayMs: 20, bytesPerMs: 2500 };

describe.skipIf(!natsProgram)("a plan whose halves two workers run", () => {
  const folder = ownFolder();
  const workers: Running[] = [];
  let server: TestServer;
  let slow: SlowLink;
  let environment: Record<string, string>;
  let verifying: string[];

  const startWorker = async (name: string, url: string) => {
    const running = start(["worker", "--name", name, "--cache", folder.path(`cache-${name}`)], {
      environment: { ...environment, OFFRAMP_SERVER: url, OMP_NUM_THREADS: "1" },
      limitSeconds: 500,
    });
    workers.push(running);
    await running.said(`${name} works for`);
  };

  beforeAll(async () => {
    server = await startNatsServer();
    slow = await startSlowLink(server.port, link);
    environment = { OFFRAMP_SERVER: server.url, OFFRAMP_FLEET: folder.path("none.json") };
    verifying = await exportHalves(folder);
    await startWorker("board", `nats://127.0.0.1:${slow.port}`);
    await startWorker("rack", server.url);
  }, 300_000);

  afterAll(async () => {
    for (const { child } of workers) child.kill("SIGTERM");
    for (const { finished } of workers) await finished;
    await slow?.stop();
    await server?.stop();
  });

  test("decides as the whole does, and what it takes stands beside what was predicted with the link as measured", async () => {
    const halves = await offrampJson([...verifying, "--on", "board,rack"], halvesSchema, {
      environment,
      limitSeconds: 400,
    });
    expect(halves.decisionAgreement).toBe(1);
    expect(halves.plan.exitRates).toEqual(halves.prediction.predicted.exitRates);
    // Each way crosses the slow link once; a busy machine is slower than the link, never faster.
    expect(halves.link.latencyMs).toBeGreaterThanOrEqual(link.delayMs - 1);
    expect(halves.link.latencyMs).toBeLessThan(10 * link.delayMs);
    expect(halves.link.bandwidthMbps).toBeLessThan(1.1 * 8 * (link.bytesPerMs / 1000));
    const [, ...later] = halves.plan.exitRates;
    const crossing = later.reduce((sum, rate) => sum + rate, 0);
    expect(crossing).toBeGreaterThan(0);
    expect(halves.plan.latencyMs.mean).toBeGreaterThan(crossing * 2 * (link.delayMs - 1));
    const { mean } = halves.prediction.predicted.latencyMs;
    expect(mean).toBeGreaterThan(crossing * 2 * halves.link.latencyMs);
    console.info(
      `link ${halves.link.latencyMs.toFixed(2)} ms, ${halves.link.bandwidthMbps.toFixed(1)} Mbit/s; ` +
        `mean ${halves.plan.latencyMs.mean.toFixed(2)} ms measured, ${mean.toFixed(2)} ms predicted`,
    );
    const manifest = await readJson(folder.path("out", "staged", "manifest.json"), manifestSchema);
    expect(manifest.stages.map(({ target }) => target)).toContain("server");
    expect(await readdir(folder.path("cache-board", "fleet", "board", "jobs"))).toEqual([]);
  }, 450_000);

  test("through two networks, of which the server runs the second on images that cross as bytes", async () => {
    const args = [...(await exportChain(folder)), "--on", "board,rack"];
    const halves = await offrampJson(args, halvesSchema, { environment, limitSeconds: 400 });
    expect(halves.decisionAgreement).toBe(1);
    const { predicted, profiled } = halves.prediction;
    expect(halves.plan.exitRates).toEqual(predicted.exitRates);
    const [, crossing] = halves.plan.exitRates;
    expect(crossing).toBeGreaterThan(0.2);
    expect(crossing).toBeLessThan(0.8);
    // A byte a value there, four scores back.
    const { latencyMs, bandwidthMbps } = halves.link;
    const linkMs = 2 * latencyMs + (8 * (3 * 16 * 16 + 4 * 4)) / (1000 * bandwidthMbps);
    expect(predicted.latencyMs.mean).toBeGreaterThan(crossing * linkMs);
    // What is left is what both machines take, each at its pace.
    const ownMs = (figures: typeof predicted) => figures.latencyMs.mean - crossing * linkMs;
    const paces = [halves.prediction.machineDriftPct, halves.prediction.serverDriftPct].map(
      (pct) => 1 + pct / 100,
    );
    expect(ownMs(predicted)).toBeGreaterThan(0.999 * Math.min(...paces) * ownMs(profiled));
    expect(ownMs(predicted)).toBeLessThan(1.001 * Math.max(...paces) * ownMs(profiled));
    expect(halves.plan.latencyMs.mean).toBeGreaterThan(crossing * 2 * (link.delayMs - 1));
  }, 450_000);

  test("says what doesn't go", async () => {
    await expectRefusal(
      [...verifying, "--on", "board"],
      { code: 2, says: /--server-profile goes with two workers: --on device,server/ },
      { environment },
    );
    await expectRefusal(
      [...verifying, "--on", "board,rack,third"],
      { code: 2, says: /--on names 3 workers; give one, or device,server/ },
      { environment },
    );
  });
});
