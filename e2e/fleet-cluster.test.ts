import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { StageCache } from "../electron/engine/base/cache.ts";
import { doneBy, type Fleet } from "../electron/engine/fleet/client/on-fleet.ts";
import { openFleet } from "../electron/engine/fleet/client/open-fleet.ts";
import { profileKind } from "../electron/engine/fleet/kinds/profile-kind.ts";
import { names } from "../electron/engine/fleet/server/streams.ts";
import {
  natsProgram,
  noNats,
  startNatsCluster,
  type TestServer,
} from "../electron/engine/fleet/testing/nats-server.ts";
import { importModel } from "../electron/engine/onnx/import/import-model.ts";
import { newProject, type Project } from "../electron/engine/project/project.ts";
import { silentJob } from "../shared/base/job.ts";
import { expectRefusal, ownFolder, type Running, shared, start } from "./testing/command-line.ts";

if (!natsProgram) console.warn(`skipped: ${noNats}`);

describe.skipIf(!natsProgram)("a cluster of three servers", () => {
  const folder = ownFolder();
  const person = "offramp-test";
  let servers: TestServer[] = [];
  let server: string;
  let environment: Record<string, string>;
  let fleet: Fleet;
  let project: Project;
  let worker: Running;

  beforeAll(async () => {
    servers = await startNatsCluster(await documentedConfiguration());
    server = servers.map(({ url }) => url).join(",");
    environment = { OFFRAMP_SERVER: server, OFFRAMP_FLEET: folder.path("none.json"), OMP_NUM_THREADS: "1" };
    fleet = await openReady(server, person);
    project = newProject(await importModel(shared("fixed.onnx"), {}, silentJob));
    const args = ["worker", "--name", "board", "--tags", "board", "--threads", "1"];
    worker = start([...args, "--cache", folder.path("cache")], { environment, limitSeconds: 550 });
    await worker.said("board works for");
  });

  afterAll(async () => {
    worker?.child.kill("SIGTERM");
    await worker?.finished;
    await fleet?.connection.close();
    for (const each of servers) await each.stop();
  });

  /** Asks for a profile, which differs by its seconds, as the command line does. */
  const ask = (seconds: number) => {
    const target = { provider: "cpu", threads: 1 };
    const options = { target, seconds, heads: [{ kind: "gap-linear", options: {} }] };
    const context = { cache: new StageCache(folder.path("cache-client")), job: silentJob };
    return doneBy(fleet, { tag: "board" }).run(profileKind, project, options, context);
  };
  const times = (words: RegExp) => worker.heard().match(words)?.length ?? 0;
  const serverOf = async (client: string) => {
    for (const each of servers) if ((await each.clients()).includes(client)) return each;
    throw new Error(`${client} is connected to none`);
  };

  test("keeps everything on all of them", async () => {
    for (const stream of [names.jobs, names.outcomes, `OBJ_${names.inputs}`, `KV_${names.roll}`]) {
      const { config, cluster } = await fleet.connection.streams.streams.info(stream);
      expect([stream, config.num_replicas, cluster?.replicas?.length]).toEqual([stream, 3, 2]);
    }
  });

  test.each([
    ["the worker", "offramp-worker-board", 3],
    ["who asked", person, 3.5],
  ])(
    "goes on with a job when the one that %s is connected to is killed, and counts it once",
    async (_, client, seconds) => {
      const before = times(/takes profile/g);
      const result = ask(seconds);
      await expect.poll(() => times(/takes profile/g), { timeout: 60_000 }).toBe(before + 1);
      const killed = await serverOf(client);
      await killed.kill();
      const { value } = await result;
      expect(value.graphSha256).toBe(project.backbone.summary.graphSha256);
      await expect.poll(() => times(/did profile/g), { timeout: 60_000 }).toBe(before + 1);
      const left = async () => (await fleet.connection.streams.streams.info(names.jobs)).state.messages;
      await expect.poll(left, { timeout: 60_000 }).toBe(0);
      expect(times(/takes profile/g)).toBe(before + 1);
      await killed.restart();
      const peers = async () => (await fleet.connection.streams.streams.info(names.jobs)).cluster?.replicas;
      await expect
        .poll(async () => (await peers().catch(() => []))?.every(({ current }) => current), {
          timeout: 60_000,
        })
        .toBe(true);
    },
  );

  test("of which two are gone says that it isn't ready", async () => {
    for (const each of servers.slice(1)) await each.kill();
    // The one that is left notices in a moment.
    const answers = () =>
      openFleet({ server }, "offramp-left").then(
        ({ connection }) => connection.close().then(() => "open"),
        () => "closed",
      );
    await expect.poll(answers, { timeout: 120_000, interval: 500 }).toBe("closed");
    await expectRefusal(
      ["fleet"],
      { says: /isn't ready .*of a cluster more than half has to be there/ },
      { environment },
    );
    for (const each of servers.slice(1)) await each.restart();
    await openReady(server, "offramp-back").then(({ connection }) => connection.close());
  });
});

/** The lines that docs/fleet.md gives to each server of a cluster; tests say themselves where a server keeps things. */
async function documentedConfiguration(): Promise<string> {
  const text = await readFile(join(import.meta.dirname, "../docs/fleet.md"), "utf8");
  const lines = text.slice(text.indexOf("    server_name: fleet-1")).split("\n");
  return lines
    .slice(0, lines.indexOf(""))
    .filter((line) => !line.includes("jetstream {"))
    .join("\n");
}

/** Servers find each other and choose who leads in a moment. */
async function openReady(server: string, name: string): Promise<Fleet> {
  for (;;) {
    const fleet = await openFleet({ server }, name).catch(() => undefined);
    if (fleet) return fleet;
    await new Promise((resolve) => setTimeout(resolve, 300));
  }
}
