import { readdir, readFile } from "node:fs/promises";
import { unzipSync } from "fflate";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { hashBytes } from "../electron/engine/base/hash.ts";
import {
  natsProgram,
  noNats,
  startNatsServer,
  type TestServer,
} from "../electron/engine/fleet/testing/nats-server.ts";
import { frontFileSchema } from "../shared/files/front-file.ts";
import { robustnessSchema } from "../shared/files/robustness.ts";
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
import { largeSearch } from "./testing/large-search.ts";

if (!natsProgram) console.warn(`skipped: ${noNats}`);

describe.skipIf(!natsProgram)("work that two workers share", () => {
  const folder = ownFolder();
  let server: TestServer;
  let environment: Record<string, string>;
  const workers = new Map<string, Running>();

  const startWorker = async (name: string) => {
    const cache = ["--cache", folder.path(`cache-${name}`)];
    const running = start(["worker", "--name", name, "--tags", "farm", "--threads", "1", ...cache], {
      environment,
      limitSeconds: 900,
    });
    workers.set(name, running);
    await running.said(`${name} works for`);
    return running;
  };
  /** Ends a worker's whole process group, as a power cut does, once it has taken a job; then it is started again. */
  const killOnce = async (name: string, takes: string) => {
    const running = workers.get(name)!;
    await running.said(takes);
    process.kill(-running.child.pid!, "SIGKILL");
    const { stderr } = await running.finished;
    await startWorker(name);
    return stderr;
  };
  const sharing = ["--workers", "farm"];
  const fresh = (name: string) => ({
    environment: { ...environment, OFFRAMP_CACHE: folder.path(name) },
    limitSeconds: 500,
  });

  beforeAll(async () => {
    server = await startNatsServer();
    environment = { OFFRAMP_SERVER: server.url, OFFRAMP_FLEET: folder.path("none.json") };
    await startWorker("one");
    await startWorker("two");
  });

  afterAll(async () => {
    for (const { child } of workers.values()) child.kill("SIGTERM");
    for (const { finished } of workers.values()) await finished;
    await server?.stop();
  });

  test("train gives the project of one machine, byte for byte but for the time, though one is killed in the middle", async () => {
    const train = (out: string, ...more: string[]) => [
      ...["train", shared("model.onnx"), ...smallData(), "--epochs", "3"],
      ...["-o", folder.path(out), ...more],
    ];
    const trained = z.object({ outputs: z.array(z.unknown()) });
    await offrampJson(train("here.offramp"), trained, fresh("cache-train-here"));
    const [, said] = await Promise.all([
      offrampJson(train("there.offramp", ...sharing), trained, fresh("cache-train-there")),
      killOnce("one", "takes train"),
    ]);
    expect(said).not.toContain("did train");
    await workers.get("two")!.said("did train");
    await workers.get("two")!.said("did calibrate");
    const timeless = async (name: string) => {
      const {
        "seal.json": _seal,
        "runs/1.json": run,
        ...rest
      } = unzipSync(await readFile(folder.path(name)));
      const { startedAt: _start, seconds: _seconds, ...learnt } = JSON.parse(Buffer.from(run).toString());
      return { learnt, hashes: Object.entries(rest).map(([entry, bytes]) => [entry, hashBytes(bytes)]) };
    };
    expect(await timeless("there.offramp")).toEqual(await timeless("here.offramp"));
  });

  test("calibrate gives the tables of one machine, byte for byte, though one is killed in the middle", async () => {
    const { project } = await finishedRun();
    const calibrate = (out: string, ...more: string[]) => [
      ...["calibrate", project, "--data", shared("data", "test"), "--tables", folder.path(out), ...more],
    ];
    const calibrated = z.object({ outputs: z.array(z.unknown()) });
    const here = await offrampJson(calibrate("here"), calibrated, fresh("cache-calibrate-here"));
    const [there] = await Promise.all([
      offrampJson(calibrate("there", ...sharing), calibrated, fresh("cache-calibrate-there")),
      killOnce("two", "takes calibrate"),
    ]);
    expect(there).toEqual(here);
    const names = (await readdir(folder.path("here"))).sort();
    expect(names.length).toBeGreaterThan(3);
    expect((await readdir(folder.path("there"))).sort()).toEqual(names);
    for (const name of names) {
      const [own, other] = [folder.path("here", name), folder.path("there", name)];
      expect((await readFile(other)).equals(await readFile(own)), name).toBe(true);
    }
  });

  test("robustness finds what one machine finds", async () => {
    const { project } = await finishedRun();
    const robustness = (...more: string[]) => [
      ...["robustness", project, "--data", shared("data"), "--samples", "40"],
      ...["--corruptions", "gaussian-noise", "--severities", "5", ...more],
    ];
    const here = await offrampJson(robustness(), robustnessSchema, fresh("cache-robustness-here"));
    const there = fresh("cache-robustness-there");
    expect(await offrampJson(robustness(...sharing), robustnessSchema, there)).toEqual(here);
    const sent = (await readdir(folder.path("cache-robustness-there"))).filter((name) =>
      /^packed-/.test(name),
    );
    // As they are and with noise, in two parts each, whichever network reads them.
    expect(sent).toHaveLength(4);
  });

  test("search proves the front of one machine, though one is killed in the middle", async () => {
    const search = await largeSearch(folder.path(), {
      samples: 4000,
      positions: 13,
      maxExits: 4,
      levels: 32,
    });
    const here = await offrampJson(search, frontFileSchema, fresh("cache-search-here"));
    const [there] = await Promise.all([
      offrampJson([...search, ...sharing], frontFileSchema, fresh("cache-search-there")),
      killOnce("one", "takes search"),
    ]);
    await workers.get("two")!.said("did search");
    const [{ proven, front }] = there.searches;
    expect(proven).toBe(true);
    expect(front).toEqual(here.searches[0].front);
    expect(there.recommended).toEqual(here.recommended);
    expect(there.safe).toEqual(here.safe);
  });

  test("Ctrl-C here reaches all of them", async () => {
    const search = await largeSearch(folder.path(), {
      samples: 6000,
      positions: 20,
      maxExits: 5,
      levels: 32,
    });
    const asked = start([...search, ...sharing], fresh("cache-search-stopped"));
    const both = [await startWorker("three"), await startWorker("four")];
    for (const worker of both) await worker.said("takes search");
    asked.child.kill("SIGINT");
    expect((await asked.finished).code).toBe(130);
    for (const worker of both) await worker.said("cancelled search");
  });

  test("says who is there where nobody has the tag", async () => {
    await expectRefusal(
      ["calibrate", (await finishedRun()).project, "--data", shared("data"), "--workers", "nobody"],
      { says: /a worker with the tag nobody isn't there; there are .*one.*; tags: farm/ },
      { environment },
    );
  });
});
