import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { AppError } from "../../../shared/base/errors.ts";
import { silentJob } from "../../../shared/base/job.ts";
import { queueName } from "../../../shared/fleet/fleet-names.ts";
import type { JobOutcome, JobTicket } from "../../../shared/fleet/job-ticket.ts";
import type { Profile } from "../../../shared/model/profile.ts";
import { temporaryFolder } from "../../disk/testing/temporary-folder.ts";
import { StageCache } from "../base/cache.ts";
import { hashBytes } from "../base/hash.ts";
import { doneHere } from "../jobs/here.ts";
import { importProto } from "../onnx/testing/test-backbone.ts";
import { residualNet } from "../onnx/testing/test-graphs.ts";
import { identifiedProfile } from "../profile/identified-profile.ts";
import { newProject, type Project } from "../project/project.ts";
import { encodeProject } from "../project/project-archive.ts";
import { doneBy, type Fleet } from "./client/on-fleet.ts";
import { openFleet } from "./client/open-fleet.ts";
import { checkThere, workersOf } from "./client/who-is-there.ts";
import { profileKind } from "./kinds/profile-kind.ts";
import { fetchBytes, fetchFile, putBytes } from "./server/objects.ts";
import { ownVersion } from "./server/own-version.ts";
import { cancel, onNextSubmitted, outcomeOf, publishOutcome, submit, take } from "./server/queue.ts";
import { sayGone, sayHere } from "./server/roll.ts";
import { names, openQueue, subjects } from "./server/streams.ts";
import { natsProgram, noNats, startNatsServer, type TestServer } from "./testing/nats-server.ts";
import { serveJobs } from "./worker/serve-jobs.ts";
import { describeWorker } from "./worker/worker-machine.ts";

if (!natsProgram) console.warn(`skipped: ${noNats}`);

const to = { worker: "board" };
const asked = {
  target: { provider: "cpu", threads: 1 },
  seconds: 0.2,
  heads: [{ kind: "gap-linear", options: {} }],
};

function ticket(id: string, more: Partial<JobTicket> = {}): JobTicket {
  return {
    format: "offramp-job",
    id: hashBytes(id),
    kind: "profile",
    edition: profileKind.edition,
    version: ownVersion,
    options: asked,
    inputs: {},
    to,
    needs: { seconds: 60, threads: 1 },
    ...more,
  };
}

function failureOf({ id }: JobTicket, message: string): JobOutcome {
  return { ok: false, id, worker: "board", instance: "0", tries: 1, code: "system", message };
}

describe.skipIf(!natsProgram)("with a server", () => {
  let server: TestServer;
  let fleet: Fleet;

  beforeAll(async () => {
    server = await startNatsServer();
    fleet = await openFleet({ server: server.url }, "offramp-test");
    await openQueue(fleet.connection, to);
  });

  afterAll(async () => {
    await fleet?.connection.close();
    await server?.stop();
  });

  describe("files", () => {
    it("come back as they were sent, and are sent once", async () => {
      const { inputs } = fleet.store;
      const bytes = Uint8Array.from({ length: 1_300_000 }, (_, at) => (at * 7) % 251);
      const reference = await putBytes(inputs, bytes);
      expect(reference).toEqual({ sha256: hashBytes(bytes), bytes: 1_300_000 });
      const first = await inputs.info(reference.sha256);
      await putBytes(inputs, bytes);
      expect((await inputs.info(reference.sha256))!.revision).toBe(first!.revision);
      expect(hashBytes(await fetchBytes(inputs, reference, 2e6))).toBe(reference.sha256);
      const path = join(await temporaryFolder(), "file");
      await fetchFile(inputs, reference, path, silentJob);
      expect(hashBytes(await readFile(path))).toBe(reference.sha256);
    });

    it.each([
      ["other bytes of the same length", Uint8Array.of(1, 2, 4)],
      ["more", Uint8Array.of(1, 2, 3, 4)],
      ["less", Uint8Array.of(1, 2)],
    ])("that are %s than their name says are refused", async (_, bytes) => {
      const sha256 = hashBytes(Uint8Array.of(1, 2, 3));
      await fleet.store.inputs.putBlob({ name: sha256 }, bytes);
      const reading = fetchBytes(fleet.store.inputs, { sha256, bytes: 3 }, 10);
      await expect(reading).rejects.toMatchObject({ code: "fleet-unavailable" });
      await expect(reading).rejects.toThrow(/isn't what its name says|is longer than it says/);
      const folder = await temporaryFolder();
      const kept = fetchFile(fleet.store.inputs, { sha256, bytes: 3 }, join(folder, "file"), silentJob);
      await expect(kept).rejects.toThrow(AppError);
      await expect(readFile(join(folder, "file"))).rejects.toThrow(/ENOENT/);
    });

    it("that aren't there or are too large aren't waited for", async () => {
      const missing = { sha256: hashBytes("never sent"), bytes: 3 };
      await expect(fetchBytes(fleet.store.inputs, missing, 10)).rejects.toThrow(/is gone/);
      await expect(fetchBytes(fleet.store.inputs, { ...missing, bytes: 11 }, 10)).rejects.toThrow(
        /takes 11 bytes, expected at most 10/,
      );
    });
  });

  describe("a queue", () => {
    it("has a job once, gives it again when it is given back, and forgets it when it is done", async () => {
      const { connection } = fleet;
      const own = ticket("once");
      await submit(connection, own);
      await submit(connection, own);
      const first = await take(connection, to);
      expect(first).toMatchObject({ id: own.id, ticket: own, tries: 1 });
      expect(await take(connection, to)).toBeUndefined();
      await first!.giveBack(0);
      const second = await expectJob();
      expect(second).toMatchObject({ id: own.id, tries: 2 });
      await second.finish();
      expect(await take(connection, to)).toBeUndefined();
      await submit(connection, own);
      await (await expectJob()).finish();
    });

    it("keeps a job from those that it isn't for", async () => {
      await openQueue(fleet.connection, { tag: "board" });
      await submit(fleet.connection, ticket("tagged", { to: { tag: "board" } }));
      expect(await take(fleet.connection, to)).toBeUndefined();
      await (await take(fleet.connection, { tag: "board" }))!.finish();
    });

    it("rings one of those who wait for a job of a tag, and each once", async () => {
      const { connection } = fleet;
      const other = await openFleet({ server: server.url }, "offramp-other");
      const tag = { tag: "bells" };
      await openQueue(connection, tag);
      const rung = [0, 0];
      const bells = [connection, other.connection].map((each, at) =>
        onNextSubmitted(each, tag, () => rung[at]++),
      );
      for (const each of [connection, other.connection]) await each.nats.flush();
      const heard = async (id: string) => {
        await submit(connection, ticket(id, { to: tag }));
        for (const each of [connection, other.connection]) await each.nats.flush();
        return [...rung].sort();
      };
      expect(await heard("first ring")).toEqual([0, 1]);
      expect(await heard("second ring")).toEqual([1, 1]);
      expect(await heard("third ring")).toEqual([1, 1]);
      for (const bell of bells) bell.unsubscribe();
      for (let jobs = 0; jobs < 3; jobs++) await (await take(connection, tag))!.finish();
      await other.connection.close();
    });

    it("has no place for a cancelled job", async () => {
      await submit(fleet.connection, ticket("cancelled"));
      await cancel(fleet.connection, to, ticket("cancelled").id);
      expect(await take(fleet.connection, to)).toBeUndefined();
    });

    it("keeps the first of two outcomes", async () => {
      const own = ticket("twice");
      expect(await publishOutcome(fleet.connection, failureOf(own, "first"))).toBe(true);
      expect(await publishOutcome(fleet.connection, failureOf(own, "second"))).toBe(false);
      expect(await outcomeOf(fleet.connection, own.id)).toMatchObject({ message: "first" });
    });

    it("keeps jobs and outcomes over the server's death", async () => {
      const own = ticket("outlives");
      await submit(fleet.connection, own);
      await server.restart();
      const lease = await expectJob();
      expect(lease.ticket).toEqual(own);
      await lease.finish();
      expect(await outcomeOf(fleet.connection, ticket("twice").id)).toMatchObject({ message: "first" });
    });

    /** What is given back, or waits behind a server that starts, comes in a moment. */
    async function expectJob() {
      for (;;) {
        const lease = await take(fleet.connection, to).catch(() => undefined);
        if (lease) return lease;
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    }
  });

  it("the roll has who says so, and nobody who only claims to", async () => {
    const { roll } = fleet.store;
    const identity = describeWorker({ name: "pi-5", tags: ["board"], cacheFolder: "" });
    const state = { ...identity, load: 0.5, upSeconds: 3, doing: null };
    await sayHere(roll, state);
    await roll.put("orin.0000000000000000", JSON.stringify(state));
    await roll.put("nano.0000000000000000", "{}");
    expect(await workersOf(fleet)).toEqual([state]);
    await sayGone(roll, state);
    expect(await workersOf(fleet)).toEqual([]);
  });

  it("who is of another version gets no jobs of a tag, and is named; where there is nobody else that is all", async () => {
    const { roll } = fleet.store;
    const state = (name: string, version: string) => {
      const identity = describeWorker({ name, tags: ["mixed"], cacheFolder: "" });
      return { ...identity, version, load: 0, upSeconds: 1, doing: null };
    };
    const [old, equal] = [state("old", "0.0.9"), state("equal", ownVersion)];
    await sayHere(roll, old);
    const words = `old has Offramp 0.0.9, here is ${ownVersion}; it gets no jobs until both are of the same version`;
    await expect(checkThere(fleet, { tag: "mixed" })).rejects.toMatchObject({ message: words });
    await sayHere(roll, equal);
    expect(await checkThere(fleet, { tag: "mixed" })).toEqual([words]);
    expect(await doneBy(fleet, { tag: "mixed" }).places!()).toBe(1);
    await sayGone(roll, old);
    await sayGone(roll, equal);
  });

  describe("a worker that lies", () => {
    let project: Project;
    let honest: Profile;
    let folder: string;

    afterAll(() => rm(folder, { recursive: true, force: true }));

    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), "offramp-test-"));
      project = newProject(await importProto(residualNet(2)));
      const context = { cache: new StageCache(folder), job: silentJob };
      honest = (await doneHere.run(profileKind, project, asked, context)).value;
      await sayHere(fleet.store.roll, {
        ...describeWorker({ name: "board", tags: [], cacheFolder: "" }),
        load: 0,
        upSeconds: 0,
        doing: null,
      });
    });

    /** Has the job done by one who answers with this. */
    async function answered(value: unknown): Promise<Profile> {
      const context = { cache: new StageCache(await temporaryFolder()), job: silentJob };
      const result = doneBy(fleet, to).run(profileKind, project, asked, context);
      result.catch(() => {});
      let lease = await take(fleet.connection, to);
      while (!lease) lease = await take(fleet.connection, to);
      const kept = await putBytes(fleet.store.results, new TextEncoder().encode(JSON.stringify(value)));
      const by = { id: lease.id, worker: "board", instance: "0", tries: 1 };
      await publishOutcome(fleet.connection, { ok: true, ...by, seconds: 1, value: kept, files: {} });
      await lease.finish();
      return (await result).value;
    }

    it("is believed as long as what it sends can be true", async () => {
      const good = identifiedProfile({ ...honest, quality: { trust: "poor", reasons: [] } });
      expect(await answered(good)).toEqual(good);
    });

    it.each<[string, (profile: Profile) => unknown, RegExp]>([
      ["no profile", () => ({ hello: "world" }), /no result of this job: Invalid/],
      ["one of another network", (own) => ({ ...own, graphSha256: "0" }), /of another network/],
      [
        "one that was changed",
        (own) => ({ ...own, final: own.backbone }),
        /its id isn't that of its content/,
      ],
      [
        "one of other threads",
        (own) => ({ ...own, target: { ...own.target, threads: 2 } }),
        /cpu with 2 threads/,
      ],
      ["one without heads", (own) => ({ ...own, heads: [] }), /no latency for head 'gap-linear'/],
      [
        "more runs than there was time for",
        (own) => ({ ...own, backbone: { ...own.backbone, count: 1e9 } }),
        /can't have run 1000000000 times/,
      ],
      [
        "a part longer than the whole",
        (own) => ({
          ...own,
          prefixes: own.prefixes.map((prefix) => ({
            ...prefix,
            meanMs: 3 * own.final.meanMs + 3 * own.backbone.meanMs,
          })),
        }),
        /takes longer to .* than to its end/,
      ],
    ])("and sends %s is found out", async (name, change, words) => {
      const lie = change(honest) as Profile;
      const value = name === "one that was changed" || !lie.graphSha256 ? lie : identifiedProfile(lie);
      const found = answered(value);
      await expect(found).rejects.toMatchObject({ code: "fleet-unavailable" });
      await expect(found).rejects.toThrow(words);
      await expect(found).rejects.toThrow(/^board: /);
    });
  });
});

describe.skipIf(!natsProgram)("a worker", () => {
  let server: TestServer;
  let fleet: Fleet;
  let folder: string;
  const stop = new AbortController();
  let working: Promise<void>[];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "offramp-test-"));
    server = await startNatsServer();
    fleet = await openFleet({ server: server.url }, "offramp-test");
    const small = { name: "small", tags: [], cacheFolder: folder, memoryBytes: 60e6 };
    const serve = (options: Parameters<typeof serveJobs>[1]) =>
      serveJobs(fleet, options, stop.signal, () => {});
    working = [serve({ name: "board", tags: [], cacheFolder: folder, threads: 1 }), serve(small)];
  });

  afterAll(async () => {
    stop.abort();
    await Promise.all(working);
    await fleet.connection.close();
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  });

  /** How the job ends that is put into a worker's queue by hand. */
  async function ended(own: JobTicket): Promise<JobOutcome> {
    await submit(fleet.connection, own);
    for (;;) {
      const outcome = await outcomeOf(fleet.connection, own.id);
      if (outcome) return outcome;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  it.each<[string, Partial<JobTicket>, RegExp]>([
    ["of another version", { version: "9.9.9" }, /board has Offramp .* the job is of Offramp 9\.9\.9/],
    ["of a kind that it doesn't know", { kind: "mine" }, /knows no job mine/],
    ["of another edition", { edition: 1000 }, /knows no job profile of edition 1000/],
    ["with options that there aren't", { options: { ...asked, more: 1 } }, /options that it can't have/],
    [
      "of more threads than it gives",
      { options: { ...asked, target: { provider: "cpu", threads: 2 } } },
      /wants 2 threads, this worker gives 1/,
    ],
    [
      "of more bytes than it takes",
      { inputs: { "project.offramp": { sha256: hashBytes("x"), bytes: 1e12 } } },
      /files take 1 TB, this worker takes/,
    ],
  ])("refuses a job %s", async (name, change, words) => {
    const outcome = await ended(ticket(name, change));
    expect(outcome).toMatchObject({
      ok: false,
      worker: "board",
      tries: 1,
      message: expect.stringMatching(words),
    });
  });

  it("fails at once where trying again is no use, in its own words", async () => {
    const file = await putBytes(fleet.store.inputs, new TextEncoder().encode("no project"));
    const outcome = await ended(ticket("no project", { inputs: { "project.offramp": file } }));
    expect(outcome).toMatchObject({ ok: false, tries: 1, code: "file-invalid" });
    expect(await readdir(join(folder, "fleet", "board", "jobs"))).toEqual([]);
  });

  it("fails after three tries where it could have gone better", async () => {
    const gone = { sha256: hashBytes("never sent"), bytes: 10 };
    const outcome = await ended(ticket("gone", { inputs: { "project.offramp": gone } }));
    expect(outcome).toMatchObject({
      ok: false,
      tries: 3,
      message: expect.stringMatching(/is gone.*\(3 tries\)$/),
    });
  });

  it("ends a job that takes more memory than it may", async () => {
    const project = encodeProject(newProject(await importProto(residualNet(2))));
    const inputs = { "project.offramp": await putBytes(fleet.store.inputs, project) };
    const outcome = await ended(ticket("large", { to: { worker: "small" }, inputs }));
    expect(outcome).toMatchObject({
      ok: false,
      worker: "small",
      tries: 3,
      message: expect.stringMatching(/the job's process was killed: it needed more than 0\.1 GB of memory/),
    });
  });
});

describe.skipIf(!natsProgram)("the example of a server that lets boards take jobs and nothing else", () => {
  let server: TestServer;
  let person: Fleet;
  let board: Fleet;

  beforeAll(async () => {
    const example = await readFile(join(import.meta.dirname, "../../../docs/fleet-server.conf"), "utf8");
    const users = example
      .slice(example.indexOf("authorization {"))
      .replace("$PERSON_PASSWORD", '"p-word"')
      .replace("$JETSON_1_PASSWORD", '"b-word"');
    server = await startNatsServer(users);
    person = await openFleet({ server: server.url, user: "person", password: "p-word" }, "offramp-test");
    board = await openFleet(
      { server: server.url, user: "jetson-1", password: "b-word" },
      "offramp-worker-jetson-1",
    );
  });

  afterAll(async () => {
    await board?.connection.close();
    await person?.connection.close();
    await server?.stop();
  });

  it("lets a board do a job", async () => {
    const stop = new AbortController();
    const folder = await temporaryFolder();
    const said: string[] = [];
    const options = { name: "jetson-1", tags: ["board"], cacheFolder: folder };
    let working: Promise<void> | undefined;
    await new Promise<void>((resolve, reject) => {
      working = serveJobs(
        board,
        options,
        stop.signal,
        (line) => void said.push(line),
        () => resolve(),
      );
      working.catch(reject);
    });
    const project = newProject(await importProto(residualNet(2)));
    const context = { cache: new StageCache(await temporaryFolder()), job: silentJob };
    for (const addressee of [{ worker: "jetson-1" }, { tag: "board" }]) {
      const { value } = await doneBy(person, addressee).run(profileKind, project, asked, context);
      expect(value.graphSha256).toBe(project.backbone.summary.graphSha256);
    }
    expect(said.filter((line) => line.startsWith("did profile"))).toHaveLength(2);
    stop.abort();
    await working;
    expect(await workersOf(person)).toEqual([]);
  });

  it("rings a board for jobs of its own and its tags, and for no others", async () => {
    const rung: string[] = [];
    for (const to of [{ worker: "jetson-1" }, { tag: "board" }, { worker: "pi-5" }])
      onNextSubmitted(board.connection, to, () => rung.push(queueName(to)));
    await board.connection.nats.flush();
    for (const to of [{ worker: "jetson-1" }, { tag: "board" }, { worker: "pi-5" }])
      await submit(person.connection, ticket(`rings ${queueName(to)}`, { to }));
    await board.connection.nats.flush();
    expect(rung).toEqual(["worker-jetson-1", "tag-board"]);
    for (const to of [{ worker: "jetson-1" }, { tag: "board" }])
      await (await take(board.connection, to))!.finish();
  });

  it("keeps it from everything else", async () => {
    const { nats, publisher, streams } = board.connection;
    const refused = /permissions violation|timeout/i;
    const others = subjects.job({ worker: "pi-5" }, "x");
    await expect(publisher.publish(others, "{}", { timeout: 1000 })).rejects.toThrow(refused);
    await expect(publisher.publish("$KV.offramp-roll.pi-5.0", "{}", { timeout: 1000 })).rejects.toThrow(
      refused,
    );
    await expect(publisher.publish("$O.offramp-inputs.M.x", "{}", { timeout: 1000 })).rejects.toThrow(
      refused,
    );
    await expect(streams.streams.delete(names.jobs)).rejects.toThrow(refused);
    await expect(streams.streams.purge("OFFRAMP_OUTCOMES")).rejects.toThrow(refused);
    await expect(openQueue(board.connection, { worker: "pi-5" })).rejects.toThrow(refused);
    await expect(take(board.connection, { worker: "pi-5" })).rejects.toThrow(refused);
    await submit(person.connection, ticket("not yours", { to: { worker: "pi-5" } }));
    expect(nats.isClosed()).toBe(false);
  });

  it("is entered by nobody else", async () => {
    const asStranger = openFleet({ server: server.url, user: "person", password: "guess" }, "offramp-test");
    await expect(asStranger).rejects.toThrow(/refuses these credentials/);
    await expect(openFleet({ server: server.url }, "offramp-test")).rejects.toThrow(
      /refuses these credentials/,
    );
  });
});
