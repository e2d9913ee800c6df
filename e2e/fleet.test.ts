import { readdir } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import {
  natsProgram,
  noNats,
  startNatsServer,
  type TestServer,
} from "../electron/engine/fleet/testing/nats-server.ts";
import { workerStateSchema } from "../shared/fleet/worker-state.ts";
import { profileSchema } from "../shared/model/profile.ts";
import {
  expectRefusal,
  finishedRun,
  offramp,
  offrampJson,
  ownFolder,
  type Running,
  readJson,
  shared,
  smallData,
  start,
} from "./testing/command-line.ts";
import { croppedChain } from "./testing/cropped-chain.ts";

if (!natsProgram) console.warn(`skipped: ${noNats}`);

const fleetSchema = z.object({ server: z.string(), workers: z.array(workerStateSchema) });
const verificationSchema = z.object({
  samples: z.number(),
  available: z.number(),
  backbone: z.object({ accuracy: z.number(), latencyMs: z.object({ mean: z.number() }) }),
  plan: z.object({ accuracy: z.number(), exitRates: z.array(z.number()) }),
  accuracyDropPp: z.number(),
  decisionAgreement: z.number(),
  prediction: z.object({ predicted: z.object({ exitRates: z.array(z.number()) }) }),
  verdict: z.array(z.unknown()),
});

describe.skipIf(!natsProgram)("a fleet", () => {
  const folder = ownFolder();
  let server: TestServer;
  let environment: Record<string, string>;
  const workers = new Map<string, Running>();

  /** Starts a worker and waits until it takes jobs. */
  const startWorker = async (name: string, ...more: string[]) => {
    const running = start(["worker", "--name", name, "--cache", folder.path(`cache-${name}`), ...more], {
      environment: { ...environment, OMP_NUM_THREADS: "1" },
      limitSeconds: 500,
    });
    workers.set(name, running);
    await running.said(`${name} works for`);
    return running;
  };
  const fleet = async () => (await offrampJson(["fleet"], fleetSchema, { environment })).workers;
  const profiling = (seconds: string, ...more: string[]) => [
    "profile",
    shared("fixed.onnx"),
    "--head",
    "gap-linear",
    "--profile-seconds",
    seconds,
    ...more,
  ];

  beforeAll(async () => {
    server = await startNatsServer();
    environment = { OFFRAMP_SERVER: server.url, OFFRAMP_FLEET: folder.path("none.json") };
    await startWorker("jetson-1", "--tags", "board,gpu", "--threads", "1");
    await startWorker("pi-5", "--tags", "board");
  });

  afterAll(async () => {
    for (const { child } of workers.values()) child.kill("SIGTERM");
    for (const { finished } of workers.values()) await finished;
    await server?.stop();
  });

  test("says who is there", async () => {
    const there = await fleet();
    expect(there.map(({ name, tags, doing }) => ({ name, tags, doing }))).toEqual([
      { name: "jetson-1", tags: ["board", "gpu"], doing: null },
      { name: "pi-5", tags: ["board"], doing: null },
    ]);
    expect(there[0].limits.threads).toBe(1);
    const { stdout } = await offramp(["fleet"], { environment });
    expect(stdout).toMatch(
      /^name .* device .* cores .* does +since\njetson-1 +board,gpu .* nothing .*\npi-5 +board /,
    );
  });

  test("profiles on both at once, a file each, and takes a worker's profile of before", async () => {
    const both = await offrampJson(
      [...profiling("0.5"), "--on", "jetson-1,pi-5", "-o", folder.path("profiles")],
      z.record(z.string(), profileSchema),
      { environment },
    );
    expect(Object.keys(both).sort()).toEqual(["jetson-1", "pi-5"]);
    expect((await readdir(folder.path("profiles"))).sort()).toEqual(["jetson-1.json", "pi-5.json"]);
    const here = await offrampJson([...profiling("0.5"), "-o", folder.path("here.json")], profileSchema);
    for (const [name, profile] of Object.entries(both)) {
      expect(await readJson(folder.path("profiles", `${name}.json`), profileSchema)).toEqual(profile);
      expect(profile.graphSha256).toBe(here.graphSha256);
      expect(profile.target).toEqual(here.target);
      expect(profile.prefixes.map(({ cutPoint }) => cutPoint)).toEqual(
        here.prefixes.map(({ cutPoint }) => cutPoint),
      );
    }
    expect(both["jetson-1"].id).not.toBe(both["pi-5"].id);
  });

  test("verifies files on a worker with the decisions of this machine", async () => {
    const { folder: run, project } = await finishedRun();
    const verifying = (path: string) => [
      "verify",
      path,
      "--project",
      project,
      "--data",
      smallData()[1],
      "--verify-seconds",
      "30",
    ];
    for (const exported of ["model.onnx", "staged"]) {
      const path = `${run}/${exported}`;
      const here = await offrampJson(verifying(path), verificationSchema);
      const there = await offrampJson([...verifying(path), "--on", "pi-5"], verificationSchema, {
        environment,
      });
      expect(there.samples).toBe(240);
      const { samples, available, accuracyDropPp, decisionAgreement } = here;
      expect(there).toMatchObject({ samples, available, accuracyDropPp, decisionAgreement });
      expect(there.plan).toMatchObject(here.plan);
      expect(there.backbone.accuracy).toBe(here.backbone.accuracy);
    }
  });

  test("makes a network's image of the decoded one on the worker, and decides as this machine does", async () => {
    const chain = await croppedChain(folder);
    const verifying = await chain.verifying("cropped", ["member", "backbone"]);
    for (const format of ["model.onnx", "staged"] as const) {
      const here = await offrampJson(verifying(format), verificationSchema);
      const there = await offrampJson([...verifying(format), "--on", "pi-5"], verificationSchema, {
        environment,
      });
      const { samples, available, accuracyDropPp, decisionAgreement } = here;
      expect(there).toMatchObject({ samples: 240, available, accuracyDropPp, decisionAgreement });
      expect(samples).toBe(240);
      expect(decisionAgreement).toBe(1);
      expect(there.plan).toMatchObject({ accuracy: here.plan.accuracy, exitRates: here.plan.exitRates });
      // Some leave at the small network's end, and some go on.
      expect(Math.min(...there.plan.exitRates)).toBeGreaterThan(0);
    }
  });

  test("says who is there instead of a worker that isn't, and what a worker refuses", async () => {
    const out = ["-o", folder.path("never.json")];
    await expectRefusal(
      [...profiling("0.5"), "--on", "orin", ...out],
      { says: /orin isn't there; there are jetson-1, pi-5; tags: board, gpu/ },
      { environment },
    );
    await expectRefusal(
      [...profiling("0.5"), "--threads", "2", "--on", "jetson-1", ...out],
      { code: 2, says: /jetson-1: the job wants 2 threads, this worker gives 1/ },
      { environment },
    );
    await expectRefusal(
      ["fleet"],
      { says: /the server 127\.0\.0\.1:1 isn't there / },
      { environment: { OFFRAMP_SERVER: "nats://127.0.0.1:1" } },
    );
    await expectRefusal(
      ["fleet"],
      { code: 2, says: /no server is named/ },
      { environment: { OFFRAMP_SERVER: "", OFFRAMP_FLEET: folder.path("none.json") } },
    );
    const twin = start(["worker", "--name", "pi-5", "--cache", folder.path("cache-twin")], { environment });
    expect((await twin.finished).stderr).toMatch(/a worker named pi-5 is there already \(process \d+ on /);
  });

  test("Ctrl-C here ends the job there", async () => {
    const asked = start([...profiling("300"), "--on", "jetson-1", "-o", folder.path("never.json")], {
      environment,
    });
    await expect.poll(async () => (await fleet())[0].doing?.kind, { timeout: 60_000 }).toBe("profile");
    asked.child.kill("SIGINT");
    const { code } = await asked.finished;
    expect(code).toBe(130);
    await workers.get("jetson-1")!.said("cancelled profile");
    await expect.poll(async () => (await fleet())[0].doing, { timeout: 60_000 }).toBeNull();
  });

  test("a job whose worker is killed is done by the next, once", async () => {
    const killed = await startWorker("orin", "--tags", "spare");
    const asked = start([...profiling("6"), "--on", "orin", "-o", folder.path("orin.json")], { environment });
    await killed.said("takes profile");
    // The whole process group, as a power cut takes it; what worked on the job ends by itself.
    process.kill(-killed.child.pid!, "SIGKILL");
    await killed.finished;
    const next = await startWorker("orin", "--tags", "spare");
    const { code, stdout } = await asked.finished;
    expect(code).toBe(0);
    expect(stdout).toMatch(/wrote .*orin\.json/);
    await next.said("did profile");
    expect((await readJson(folder.path("orin.json"), profileSchema)).prefixes.length).toBeGreaterThan(0);
    next.child.kill("SIGTERM");
    expect((await next.finished).stderr).toMatch(/takes profile [0-9a-f]{8}, try 2\n/);
    workers.delete("orin");
  });
});
