import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import {
  natsProgram,
  noNats,
  startNatsServer,
  type TestServer,
} from "../electron/engine/fleet/testing/nats-server.ts";
import { findPython, noPython } from "../electron/runtime/ensure-python.mjs";
import { workerStateSchema } from "../shared/fleet/worker-state.ts";
import { profileSchema } from "../shared/model/profile.ts";
import {
  expectRefusal,
  finishedRun,
  offrampJson,
  ownFolder,
  type Running,
  shared,
  smallData,
  start,
} from "./testing/command-line.ts";

/** A Python with the real runtime, on the processor; and one that is told of a stand-in that says it has a GPU. */
const runtimes = [
  {
    kind: "onnxruntime",
    python: findPython("onnxruntime"),
    provider: "cpu",
    path: undefined,
    missing: noPython("onnxruntime"),
  },
  {
    kind: "a stand-in for onnxruntime on a GPU",
    python: findPython("numpy"),
    provider: "cuda",
    path: join(import.meta.dirname, "testing", "stand-in"),
    missing: noPython("numpy"),
  },
];

for (const { kind, python, missing } of runtimes) if (!python) console.warn(`${kind}, skipped: ${missing}`);
if (!natsProgram) console.warn(`skipped: ${noNats}`);

describe.each(runtimes)("a worker that measures by a Python with $kind", ({ python, provider, path }) => {
  describe.skipIf(!natsProgram || !python)("", () => {
    const folder = ownFolder();
    let server: TestServer;
    let worker: Running;
    let environment: Record<string, string>;

    beforeAll(async () => {
      server = await startNatsServer();
      environment = { OFFRAMP_SERVER: server.url, OFFRAMP_FLEET: folder.path("none.json") };
      const own: Record<string, string> = path === undefined ? {} : { PYTHONPATH: path };
      worker = start(
        ["worker", "--name", "far", "--runtime", python!, "--cache", folder.path("cache"), "--threads", "1"],
        { environment: { ...environment, ...own, OMP_NUM_THREADS: "1" }, limitSeconds: 550 },
      );
      await worker.said("far works for");
    });

    afterAll(async () => {
      worker?.child.kill("SIGTERM");
      await worker?.finished;
      await server?.stop();
    });

    // The stand-in's runs cross to a further program, which takes longer than the network and scatters: what is left of half a second of them can be nothing.
    const seconds = path === undefined ? "0.5" : "3";
    const profiling = ["profile", shared("fixed.onnx"), "--head", "gap-linear", "--profile-seconds", seconds];

    test("says which runtime it has", async () => {
      const schema = z.object({ workers: z.array(workerStateSchema) });
      const { workers } = await offrampJson(["fleet"], schema, { environment, limitSeconds: 500 });
      expect(workers[0].runtime).toMatch(/^onnxruntime \d+\.\d+\.\d+ \(Python 3\.\d+\.\d+\)$/);
      expect(workers[0].providers).toContain(provider);
    });

    test("gives the profile that any worker gives, of its own runtime and provider", async () => {
      const out = folder.path("profile.json");
      const asked = [...profiling, "--on", "far", "--provider", provider, "-o", out];
      const profile = await offrampJson(asked, profileSchema, { environment, limitSeconds: 500 });
      expect(profile.target).toMatchObject({ provider, threads: 1 });
      expect(profile.target.runtime).toMatch(/^onnxruntime .* \(Python /);
      const here = await offrampJson([...profiling, "-o", folder.path("here.json")], profileSchema, {
        limitSeconds: 500,
      });
      expect(profile.graphSha256).toBe(here.graphSha256);
      const cuts = (of: typeof here) => of.prefixes.map(({ cutPoint }) => cutPoint);
      expect(cuts(profile)).toEqual(cuts(here));
      expect(profile.nodes.map(({ node }) => node).sort()).toEqual(here.nodes.map(({ node }) => node).sort());
      // No more than the network takes, though each run crosses to another program: that isn't counted.
      if (path === undefined) expect(profile.backbone.meanMs).toBeLessThan(10 * here.backbone.meanMs);
      for (const { meanMs } of [profile.backbone, profile.final, ...profile.prefixes])
        expect(meanMs).toBeGreaterThan(0);
    });

    test("decides as this machine does", async () => {
      const { folder: run, project } = await finishedRun();
      const schema = z.object({
        decisionAgreement: z.number(),
        plan: z.object({ accuracy: z.number(), exitRates: z.array(z.number()) }),
      });
      const verifying = ["verify", join(run, "staged"), "--project", project, "--data", smallData()[1]];
      const asked = [...verifying, "--verify-seconds", "30"];
      const here = await offrampJson(asked, schema, { limitSeconds: 500 });
      const there = await offrampJson([...asked, "--on", "far", "--provider", provider], schema, {
        environment,
        limitSeconds: 500,
      });
      expect(there.decisionAgreement).toBe(here.decisionAgreement);
      expect(there.plan).toEqual(here.plan);
    });

    test("says which providers there are, and that one has fallen back", async () => {
      const refused = (other: string, says: RegExp) =>
        expectRefusal(
          [...profiling, "--on", "far", "--provider", other, "-o", folder.path("never.json")],
          { code: 2, says },
          { environment, limitSeconds: 500 },
        );
      await refused("rocm", /far: no execution provider 'rocm' on this machine; choose from .*cpu/);
      if (path !== undefined)
        await refused(
          "tensorrt",
          /far: execution provider 'tensorrt' doesn't work on this machine.*CPUExecutionProvider in place of Tensorrt/,
        );
    });
  });
});

describe.skipIf(!natsProgram)("a runtime that isn't one", () => {
  test("is refused before any job", async () => {
    const server = await startNatsServer();
    const starting = (program: string) => [
      "worker",
      "--name",
      "far",
      "--server",
      server.url,
      "--runtime",
      program,
    ];
    try {
      await expectRefusal(starting("no-such-python"), { code: 2, says: /no-such-python can't be started/ });
      await expectRefusal(starting(process.execPath), { code: 2, says: /node ended with code 1/ });
    } finally {
      await server.stop();
    }
  });
});
