import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmdirSync, writeFileSync } from "node:fs";
import { cp, readdir, readFile, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { StageCache } from "../electron/engine/base/cache.ts";
import { hashBytes } from "../electron/engine/base/hash.ts";
import { doneBy, type Fleet } from "../electron/engine/fleet/client/on-fleet.ts";
import { openFleet } from "../electron/engine/fleet/client/open-fleet.ts";
import { workersOf } from "../electron/engine/fleet/client/who-is-there.ts";
import { profileKind } from "../electron/engine/fleet/kinds/profile-kind.ts";
import { putBytes } from "../electron/engine/fleet/server/objects.ts";
import { ownVersion } from "../electron/engine/fleet/server/own-version.ts";
import { outcomeOf, submit, take } from "../electron/engine/fleet/server/queue.ts";
import { sayHere } from "../electron/engine/fleet/server/roll.ts";
import { names, openQueue, subjects } from "../electron/engine/fleet/server/streams.ts";
import {
  natsProgram,
  noNats,
  startNatsServer,
  type TestServer,
} from "../electron/engine/fleet/testing/nats-server.ts";
import { describeWorker } from "../electron/engine/fleet/worker/worker-machine.ts";
import { importModel } from "../electron/engine/onnx/import/import-model.ts";
import { newProject, type Project } from "../electron/engine/project/project.ts";
import { silentJob } from "../shared/base/job.ts";
import type { Addressee } from "../shared/fleet/fleet-names.ts";
import type { JobTicket } from "../shared/fleet/job-ticket.ts";
import { profileSchema } from "../shared/model/profile.ts";
import {
  cliPath,
  expectRefusal,
  nodeModules,
  offramp,
  ownFolder,
  type Running,
  readJson,
  shared,
  start,
  startProgram,
} from "./testing/command-line.ts";
import { startRelay } from "./testing/relay.ts";

if (!natsProgram) console.warn(`skipped: ${noNats}`);

/** How long the network is cut: longer than a lease, and than a worker may be silent and still be there. */
const cutMs = process.env.CI ? 25_000 : 30_000;

describe.skipIf(!natsProgram)("a fleet in which things go wrong", () => {
  const folder = ownFolder();
  const workers: Running[] = [];
  let server: TestServer;
  let environment: Record<string, string>;
  let fleet: Fleet;
  let project: Project;

  beforeAll(async () => {
    server = await startNatsServer();
    environment = {
      OFFRAMP_SERVER: server.url,
      OFFRAMP_FLEET: folder.path("none.json"),
      OMP_NUM_THREADS: "1",
    };
    fleet = await openFleet({ server: server.url }, "offramp-test");
    project = newProject(await importModel(shared("fixed.onnx"), {}, silentJob));
  });

  afterAll(async () => {
    for (const { child } of workers) signal(child.pid, "SIGCONT");
    for (const { child } of workers) child.kill("SIGTERM");
    for (const { finished } of workers) await finished;
    await fleet?.connection.close();
    await server?.stop();
  });

  /** Starts a worker, in a process group of its own, and waits until it takes jobs. */
  const startWorker = async (
    name: string,
    { url = server.url, cache = `cache-${name}`, tags = "board" } = {},
  ) => {
    const running = startNamed(name, url, cache, tags);
    await running.said(`${name} works for`);
    return running;
  };
  const startNamed = (name: string, url: string, cache: string, tags: string) => {
    const args = ["worker", "--name", name, "--tags", tags, "--cache", folder.path(cache), "--threads", "1"];
    const running = start([...args, "--server", url], { environment, limitSeconds: 550 });
    workers.push(running);
    return running;
  };
  const options = (seconds: number) => ({
    target: { provider: "cpu", threads: 1 },
    seconds,
    heads: [{ kind: "gap-linear", options: {} }],
  });
  /** Asks for a profile, as the command line does. */
  const ask = (to: Addressee, seconds: number) => {
    const context = { cache: new StageCache(folder.path("cache-client")), job: silentJob };
    return doneBy(fleet, to).run(profileKind, project, options(seconds), context);
  };
  const profiling = (name: string, seconds: string) => [
    ...["profile", shared("fixed.onnx"), "--head", "gap-linear", "--profile-seconds", seconds],
    ...["--on", name, "-o", folder.path(`${name}.json`)],
  ];
  const times = (running: Running, words: RegExp) => running.heard().match(words)?.length ?? 0;
  const isThere = async (name: string) => (await workersOf(fleet)).some((worker) => worker.name === name);

  test("a server that is killed in a job and comes back has the result, and the job was done once", async () => {
    const worker = await startWorker("nano");
    const asked = start(profiling("nano", "2"), { environment, limitSeconds: 300 });
    await worker.said("takes profile");
    await server.kill();
    // The job ends while there is nobody to tell.
    await delay(8000);
    await server.restart();
    const { code, stderr } = await asked.finished;
    expect(code, stderr).toBe(0);
    expect((await readJson(folder.path("nano.json"), profileSchema)).prefixes.length).toBeGreaterThan(0);
    await worker.said("did profile");
    expect(times(worker, /takes profile/g)).toBe(1);
  });

  test("a network that is cut in a job is waited for; who is cut off is seen going and coming", async () => {
    const relay = await startRelay(server.port);
    try {
      const worker = await startWorker("far", { url: `nats://127.0.0.1:${relay.port}` });
      const asked = start(profiling("far", "2"), { environment, limitSeconds: 300 });
      await worker.said("takes profile");
      relay.cut();
      const cutAt = performance.now();
      await expect.poll(() => isThere("far"), { timeout: 60_000, interval: 500 }).toBe(false);
      await delay(Math.max(0, cutMs - (performance.now() - cutAt)));
      relay.mend();
      const { code, stderr } = await asked.finished;
      expect(code, stderr).toBe(0);
      await worker.said("did profile");
      expect(times(worker, /takes profile/g)).toBe(1);
      await expect.poll(() => isThere("far"), { timeout: 60_000, interval: 500 }).toBe(true);
    } finally {
      relay.close();
    }
  });

  test("a worker that hangs loses its job to the next of its tag, and what it says later is too late", async () => {
    const pair = [
      await startWorker("twin-a", { tags: "pair" }),
      await startWorker("twin-b", { tags: "pair" }),
    ];
    const result = ask({ tag: "pair" }, 4);
    await Promise.race(pair.map((worker) => worker.said("takes profile")));
    const hung = pair.find((worker) => worker.heard().includes("takes profile"))!;
    const other = pair.find((worker) => worker !== hung)!;
    signal(hung.child.pid, "SIGSTOP");
    await other.said("try 2");
    const { value } = await result;
    expect(value.graphSha256).toBe(project.backbone.summary.graphSha256);
    expect(times(other, /did profile/g)).toBe(1);
    signal(hung.child.pid, "SIGCONT");
    // It goes on with what it had, and with the next.
    await hung.said("did profile");
    await expect
      .poll(async () => (await workersOf(fleet)).filter(({ doing }) => doing), { timeout: 60_000 })
      .toEqual([]);
    expect(await jobsLeft()).toBe(0);
  });

  test("of two workers of one name that come at the same moment one gives way, and the other does the job", async () => {
    const both = ["one", "two"].map((cache) =>
      startNamed("same", server.url, `cache-same-${cache}`, "board"),
    );
    const first = await Promise.race(both.map(async (worker, at) => ({ at, ...(await worker.finished) })));
    expect(first.code).toBe(1);
    expect(first.stderr).toMatch(/a worker named same is there already \(process \d+ on /);
    const stays = both[1 - first.at];
    await stays.said("same works for");
    await ask({ worker: "same" }, 0.3);
    expect(times(stays, /did profile/g)).toBe(1);
    expect((await workersOf(fleet)).filter(({ name }) => name === "same")).toHaveLength(1);
  });

  test("a client that is killed and comes back has what was made meanwhile", async () => {
    const worker = await startWorker("kept");
    const killed = start(profiling("kept", "3"), { environment });
    await worker.said("takes profile");
    process.kill(-killed.child.pid!, "SIGKILL");
    await killed.finished;
    await worker.said("did profile");
    const again = start(profiling("kept", "3"), { environment });
    expect((await again.finished).code).toBe(0);
    expect(times(worker, /takes profile/g)).toBe(1);
  });

  test.skipIf(!mayMount())(
    "a full disk at the worker fails in its own words, and goes well once there is room",
    async () => {
      const disk = folder.path("disk");
      mkdirSync(disk);
      execFileSync("mount", ["-t", "tmpfs", "-o", "size=256k", "tmpfs", disk]);
      try {
        const worker = await startWorker("small", { cache: "disk" });
        writeFileSync(folder.path("disk", "others"), new Uint8Array(180_000));
        await expectRefusal(
          profiling("small", "0.5"),
          { says: /small: .*(no space|full).*\(3 tries\)/i },
          { environment },
        );
        expect(times(worker, /failed profile/g)).toBe(3);
        execFileSync("mount", ["-o", "remount,size=64m", disk]);
        const again = start(profiling("small", "0.5"), { environment });
        const { code, stderr } = await again.finished;
        expect(code, stderr).toBe(0);
        worker.child.kill("SIGTERM");
        await worker.finished;
      } finally {
        execFileSync("umount", ["-l", disk]);
      }
    },
  );

  const ticket = (id: string, to: Addressee, more: Partial<JobTicket> = {}): JobTicket => ({
    ...{ format: "offramp-job", id: hashBytes(id), kind: "profile", edition: profileKind.edition },
    ...{ version: ownVersion, options: options(1), inputs: {}, to, needs: { seconds: 60, threads: 1 } },
    ...more,
  });

  test("versions that differ are refused on both sides, by a line that names both", async () => {
    const old = describeWorker({ name: "old", tags: [], cacheFolder: "" });
    await sayHere(fleet.store.roll, { ...old, version: "0.0.9", load: 0, upSeconds: 1, doing: null });
    await expectRefusal(
      profiling("old", "0.5"),
      { says: new RegExp(`old has Offramp 0\\.0\\.9, here is ${ownVersion.replaceAll(".", "\\.")}`) },
      { environment },
    );
    await startWorker("new");
    const job = ticket("of an older version", { worker: "new" }, { version: "0.0.9" });
    await submit(fleet.connection, job);
    await expect
      .poll(() => outcomeOf(fleet.connection, job.id), { timeout: 60_000 })
      .toMatchObject({
        ok: false,
        message: `new has Offramp ${ownVersion} and the job is of Offramp 0.0.9; install the same version on both`,
      });
  });

  test("a worker of another version gets no job of its tag, is shown as unfit, and who is of the same does it", async () => {
    const older = await startOlder("older");
    const worker = await startWorker("equal", { tags: "mixed" });
    await ask({ tag: "mixed" }, 0.3);
    expect(times(worker, /did profile/g)).toBe(1);
    expect(older.heard()).not.toMatch(/takes|refused/);
    const { stdout } = await offramp(["fleet"], { environment });
    expect(stdout).toMatch(/\nolder .* 0\.0\.9 .* nothing: unfit /);
    expect(stdout).toMatch(/\nwarning: older has Offramp 0\.0\.9, here is .*; it gets no jobs until/);
  });

  /** A worker of the same program under an older version. */
  async function startOlder(name: string): Promise<Running> {
    const install = folder.path("older-offramp");
    await cp(dirname(dirname(cliPath)), join(install, "dist"), {
      recursive: true,
      filter: (path) => !/\.map$|\/(renderer|samples)$/.test(path),
    });
    await symlink(nodeModules, join(install, "node_modules"));
    for (const file of await readdir(join(install, "dist")))
      if (file.endsWith(".js")) {
        const path = join(install, "dist", file);
        const text = await readFile(path, "utf8");
        await writeFile(path, text.replace(`version: "${ownVersion}"`, 'version: "0.0.9"'));
      }
    const args = ["worker", "--name", name, "--tags", "mixed", "--cache", folder.path(`cache-${name}`)];
    const program = [join(install, "dist", "cli", "offramp.js"), ...args];
    const running = startProgram(process.execPath, program, { environment, limitSeconds: 550 });
    workers.push(running);
    await running.said(`${name} works for`);
    return running;
  }

  describe("a hostile worker", () => {
    const to = { worker: "evil" };
    const bytesOf = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));

    /** Takes the job that was asked for, and says that it ended like this. */
    const answered = async (says: (id: string) => Promise<unknown>) => {
      const identity = describeWorker({ name: "evil", tags: [], cacheFolder: "" });
      await sayHere(fleet.store.roll, { ...identity, load: 0, upSeconds: 0, doing: null });
      await openQueue(fleet.connection, to);
      const result = ask(to, 0.5);
      result.catch(() => {});
      let lease = await take(fleet.connection, to);
      while (!lease) lease = await take(fleet.connection, to);
      const text = await says(lease.id);
      const outcome = typeof text === "string" ? text : JSON.stringify(text);
      await fleet.connection.publisher.publish(subjects.outcome(lease.id), outcome);
      await lease.finish();
      return { id: lease.id, result };
    };
    const done = (id: string, value: { sha256: string; bytes: number }, files = {}) => ({
      ...{ ok: true, id, worker: "evil", instance: "0", tries: 1, seconds: 1 },
      value,
      files,
    });
    const small = { sha256: hashBytes("whatever"), bytes: 8 };

    test.each<[string, (id: string) => Promise<unknown>, RegExp]>([
      ["of which there is no result", async (id) => done(id, small), /evil: the file .* is gone/],
      [
        "whose result isn't what its hash says",
        async (id) => {
          const value = { sha256: hashBytes("something else"), bytes: 2 };
          await fleet.store.results.putBlob({ name: value.sha256 }, bytesOf({}));
          return done(id, value);
        },
        /isn't what its name says/,
      ],
      [
        "whose result is no profile",
        async (id) => done(id, await putBytes(fleet.store.results, bytesOf({ id }))),
        /is no result of this job/,
      ],
      [
        "whose result is no JSON",
        async (id) => done(id, await putBytes(fleet.store.results, new TextEncoder().encode("{]"))),
        /it is no JSON/,
      ],
      [
        "that is too large to be fetched",
        async (id) => done(id, { ...small, bytes: 1e12 }),
        /takes 1000000000000 bytes/,
      ],
      [
        "with too much beside it",
        async (id) => done(id, small, { x: { ...small, bytes: 1e12 } }),
        /its files take 1000000000000 bytes/,
      ],
      ["in no words at all", async () => "{]", /is no outcome of a job/],
      ["of another job", async () => done(hashBytes("another"), small), /is no outcome of a job/],
      [
        "with the person's own cancel",
        async (id) => ({
          ...{ ok: false, id, worker: "evil", instance: "0", tries: 1 },
          code: "cancelled",
          message: "\u001b[2Jgone",
        }),
        /^evil: [^\p{Cc}]*gone$/u,
      ],
    ])("that ends a job %s is found out, and nothing of it counts the next time", async (_, says, words) => {
      const { id, result } = await answered(says);
      await expect(result).rejects.toMatchObject({ code: "fleet-unavailable" });
      await expect(result).rejects.toThrow(words);
      expect(await jobsLeft()).toBe(0);
      expect(await outcomeOf(fleet.connection, id)).toBeUndefined();
    });
  });

  /** Jobs that wait or are worked on. */
  async function jobsLeft(): Promise<number> {
    return (await fleet.connection.streams.streams.info(names.jobs)).state.messages;
  }
});

/** To a whole process group: a worker and its children. */
function signal(pid: number | undefined, name: NodeJS.Signals): void {
  try {
    process.kill(-pid!, name);
  } catch {
    // It has ended.
  }
}

/** Whether this process may mount a file system, as root outside most containers may. */
function mayMount(): boolean {
  const place = mkdtempSync(join(tmpdir(), "offramp-mount-"));
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=64k", "tmpfs", place], { stdio: "ignore" });
    execFileSync("umount", [place], { stdio: "ignore" });
    return true;
  } catch {
    console.warn("skipped: a full disk needs root and the right to mount");
    return false;
  } finally {
    rmdirSync(place);
  }
}
