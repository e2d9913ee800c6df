import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  natsProgram,
  noNats,
  startNatsServer,
  type TestServer,
} from "../electron/engine/fleet/testing/nats-server.ts";
import {
  createNetworkPlaces,
  mayMakePlaces,
  type NetworkPlaces,
  noPlaces,
} from "../electron/engine/fleet/testing/network-places.ts";
import { profileSchema } from "../shared/model/profile.ts";
import { cliPath, ownFolder, type Running, readJson, shared, startProgram } from "./testing/command-line.ts";
import { exportHalves, halvesSchema } from "./testing/halves.ts";

const obstacle = !natsProgram ? noNats : !mayMakePlaces() ? noPlaces : undefined;
if (obstacle) console.warn(`skipped: ${obstacle}`);

/** The cable, each way. */
const link = { delayMs: 10, megabits: 20 };

const cutMs = process.env.CI ? 25_000 : 30_000;

describe.skipIf(obstacle !== undefined)("workers with a cable between them", () => {
  const folder = ownFolder();
  const workers: Running[] = [];
  let places: NetworkPlaces;
  let server: TestServer;

  /** Runs `offramp` at one end of the cable; the server is at the far one. */
  const startAt = (end: "near" | "far", args: readonly string[]) => {
    const host = end === "far" ? "127.0.0.1" : places.farAddress;
    const [program, ...rest] = [...places[end], process.execPath, cliPath, ...args];
    const environment = {
      OFFRAMP_SERVER: `nats://${host}:${server.port}`,
      OFFRAMP_FLEET: folder.path("none.json"),
      OMP_NUM_THREADS: "1",
    };
    return startProgram(program, rest, { environment, limitSeconds: 550 });
  };
  const startWorker = async (end: "near" | "far", name: string) => {
    const args = ["worker", "--name", name, "--threads", "1", "--cache", folder.path(`cache-${name}`)];
    const running = startAt(end, args);
    workers.push(running);
    await running.said(`${name} works for`);
    return running;
  };

  beforeAll(async () => {
    places = createNetworkPlaces();
    server = await startNatsServer("", { place: places.far });
  });

  afterAll(async () => {
    for (const { child } of workers) child.kill("SIGTERM");
    for (const { finished } of workers) await finished;
    await server?.stop();
    places?.remove();
  });

  test("run the halves of a plan over a shaped link, which is measured as it was shaped", async () => {
    const shaped = places.shape(link);
    if (shaped !== "all") console.warn(`no delay on the link, this kernel has no netem; shaped: ${shaped}`);
    const verifying = await exportHalves(folder);
    await startWorker("near", "board");
    await startWorker("far", "rack");
    const { code, stdout, stderr } = await startAt("far", [...verifying, "--on", "board,rack", "--json"])
      .finished;
    expect(code, stderr).toBe(0);
    const halves = halvesSchema.parse(JSON.parse(stdout));
    expect(halves.decisionAgreement).toBe(1);
    // A busy machine is slower than the link, never faster.
    if (shaped === "all") {
      expect(halves.link.latencyMs).toBeGreaterThan(0.9 * link.delayMs);
      expect(halves.link.latencyMs).toBeLessThan(2.5 * link.delayMs);
    }
    if (shaped !== "nothing") {
      expect(halves.link.bandwidthMbps).toBeLessThan(1.1 * link.megabits);
      expect(halves.link.bandwidthMbps).toBeGreaterThan(0.4 * link.megabits);
    }
    const { mean } = halves.prediction.predicted.latencyMs;
    console.info(
      `link ${halves.link.latencyMs.toFixed(2)} ms, ${halves.link.bandwidthMbps.toFixed(1)} Mbit/s; ` +
        `mean ${halves.plan.latencyMs.mean.toFixed(2)} ms measured, ${mean.toFixed(2)} ms predicted`,
    );
  });

  test("do a job all the same when the cable is pulled for half a minute in it, and it counts once", async () => {
    const worker = await startWorker("near", "away");
    const out = folder.path("away.json");
    const asked = startAt("far", [
      ...["profile", shared("fixed.onnx"), "--head", "gap-linear", "--profile-seconds", "2"],
      ...["--on", "away", "-o", out],
    ]);
    await worker.said("takes profile");
    places.cut();
    await delay(cutMs);
    places.mend();
    const { code, stderr } = await asked.finished;
    expect(code, stderr).toBe(0);
    expect((await readJson(out, profileSchema)).prefixes.length).toBeGreaterThan(0);
    await worker.said("did profile");
    expect(worker.heard().match(/takes profile/g)).toHaveLength(1);
  });
});
