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
import { expectRefusal, offrampJson, ownFolder, readJson } from "./testing/command-line.ts";
import { croppedChain } from "./testing/cropped-chain.ts";
import { exportHalves, halvesSchema, startHalves } from "./testing/halves.ts";

if (!natsProgram) console.warn(`skipped: ${noNats}`);

/** Between the device and the fleet's server, one way. */
const link = { delayMs: 20, bytesPerMs: 2500 };

describe.skipIf(!natsProgram)("a plan whose halves two workers run", () => {
  const folder = ownFolder();
  let server: TestServer;
  let slow: SlowLink;
  let stopWorkers: (() => Promise<void>) | undefined;
  let environment: Record<string, string>;
  let verifying: string[];

  beforeAll(async () => {
    server = await startNatsServer();
    slow = await startSlowLink(server.port, link);
    environment = { OFFRAMP_SERVER: server.url, OFFRAMP_FLEET: folder.path("none.json") };
    verifying = await exportHalves(folder);
    const board = `nats://127.0.0.1:${slow.port}`;
    stopWorkers = await startHalves(folder, environment, { board, rack: server.url });
  }, 300_000);

  afterAll(async () => {
    await stopWorkers?.();
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

  test("a network's image is made of the decoded one on the device, and so is what crosses of it", async () => {
    const chain = await croppedChain(folder);
    const ways = {
      "made-here": await chain.verifying("made-here", ["member", "backbone"], {
        of: "backbone",
        tensor: "block3",
      }),
      "cut-here": await chain.verifying("cut-here", ["backbone", "member"], {
        of: "member",
        tensor: "image",
      }),
    };
    for (const [name, verify] of Object.entries(ways)) {
      const on = ["--server-profile", chain.profile, "--on", "board,rack"];
      const halves = await offrampJson([...verify("staged"), ...on], halvesSchema, {
        environment,
        limitSeconds: 400,
      });
      expect(halves.decisionAgreement, name).toBe(1);
      expect(halves.plan.exitRates).toEqual(halves.prediction.predicted.exitRates);
      expect(Math.min(...halves.plan.exitRates)).toBeGreaterThan(0);
    }
    const { crossing } = await readJson(folder.path("cut-here", "staged", "manifest.json"), manifestSchema);
    expect(crossing).toMatchObject({ bytes: 12 * 12 * 3, images: [{ shape: [12, 12, 3] }] });
  }, 900_000);

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
