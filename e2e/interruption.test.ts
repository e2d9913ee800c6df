import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { expect, test } from "vitest";
import { encodeModel } from "../electron/engine/onnx/codec.ts";
import { endless } from "../electron/engine/onnx/testing/hostile-models.ts";
import { summarySchema } from "../shared/files/summary.ts";
import {
  type Finished,
  newFolder,
  offrampJson,
  type Running,
  shared,
  smallData,
  start,
} from "./testing/command-line.ts";

/** What a person waits at most between Ctrl-C and the prompt; the machine may be busy with other tests. */
const maxSeconds = 1;

/** Ctrl-C in a terminal reaches the whole process group. */
async function interrupt({ child, finished }: Running): Promise<Finished & { seconds: number }> {
  const started = performance.now();
  process.kill(-child.pid!, "SIGINT");
  const result = await finished;
  return { ...result, seconds: (performance.now() - started) / 1000 };
}

function expectStopped(stopped: Finished & { seconds: number }): void {
  expect(stopped.code).toBe(130);
  expect(stopped.stderr).toMatch(/\nofframp: stopped; what was finished is kept[^\n]*\n$/);
  expect(stopped.stdout).toBe("");
  expect(stopped.seconds).toBeLessThan(maxSeconds);
}

async function cacheEntries(cache: string, stage: string): Promise<string[]> {
  const names = await readdir(cache).catch(() => []);
  return names.filter((name) => name.startsWith(`${stage}-`) && !name.endsWith(".draft")).sort();
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) await delay(20);
}

/** Folders of their own, so that whatever is left behind is seen. */
async function places() {
  const folder = await newFolder();
  const [cache, temporary, out] = ["cache", "tmp", "out"].map((name) => join(folder, name));
  await mkdir(temporary);
  return { cache, temporary, out, environment: { OFFRAMP_CACHE: cache, TMPDIR: temporary } };
}

async function expectNothingLeft({ cache, temporary, out }: Awaited<ReturnType<typeof places>>) {
  expect(existsSync(out)).toBe(false);
  expect(await readdir(temporary)).toEqual([]);
  expect((await readdir(cache)).filter((name) => !/^[a-z-]+-[0-9a-f]{32}$/.test(name))).toEqual([]);
}

test("Ctrl-C stops every stage at once, leaves nothing half-made, and the next run goes on from there", async () => {
  const where = await places();
  const { cache, environment, out } = where;
  const args = ["run", shared("model.onnx"), ...smallData(), "--out", out, "--max-drop", "0.5"];
  // Long enough in every stage to be caught in it.
  const slow = ["--epochs", "40", "--patience", "40", "--profile-seconds", "4", "--budget", "3000000"];

  const training = start([...args, ...slow], { environment });
  await until(async () => (await cacheEntries(cache, "head")).length >= 2);
  expectStopped(await interrupt(training));
  await expectNothingLeft(where);
  const heads = await cacheEntries(cache, "head");
  const made = await Promise.all(heads.map((name) => sealTime(cache, name)));
  expect(heads.length).toBeGreaterThanOrEqual(2);
  expect(heads.length).toBeLessThan(6);

  for (const stage of ["profile", "search"]) {
    const running = start([...args, ...slow], { environment });
    await running.said(`\n${stage} …`);
    await delay(300);
    const stopped = await interrupt(running);
    expectStopped(stopped);
    expect(stopped.stderr).toContain(`\n${stage} stopped, `);
    await expectNothingLeft(where);
  }

  const summary = await offrampJson([...args, ...slow, "--no-compare"], summarySchema, { environment });
  expect(summary.decisionAgreement).toBeGreaterThanOrEqual(0.999);
  expect(summary.stageSeconds.profile).toBeLessThan(1);
  expect(await Promise.all(heads.map((name) => sealTime(cache, name)))).toEqual(made);
});

test("Ctrl-C while features are extracted, and while a profile is measured by itself", async () => {
  const where = await places();
  const training = start(
    ["train", shared("model.onnx"), ...smallData(), "-o", join(where.out, "p.offramp")],
    {
      environment: where.environment,
    },
  );
  await training.said("\ntrain …");
  expectStopped(await interrupt(training));
  await expectNothingLeft(where);

  const args = ["profile", shared("model.onnx"), "--profile-seconds", "60", "-o", join(where.out, "p.json")];
  const profiling = start(args, { environment: where.environment });
  await profiling.said("\nprofile …");
  await delay(1000);
  expectStopped(await interrupt(profiling));
  await expectNothingLeft(where);
});

test("Ctrl-C while a model that never ends is tried out ends the process that tries it too", async () => {
  const where = await places();
  await mkdir(where.cache);
  const model = join(where.cache, "..", "endless.onnx");
  await writeFile(model, encodeModel(endless()));
  const running = start(["inspect", model], { environment: where.environment });
  await running.said("import …");
  const child = await childOf(running.child.pid!);
  expectStopped(await interrupt(running));
  expect(existsSync(`/proc/${child}`)).toBe(false);
  await expectNothingLeft(where);
});

test("a signal to the command alone stops it as well", async () => {
  const where = await places();
  const args = ["profile", shared("model.onnx"), "--profile-seconds", "60", "-o", join(where.out, "p.json")];
  const running = start(args, { environment: where.environment });
  await running.said("\nprofile …");
  running.child.kill("SIGTERM");
  expect((await running.finished).code).toBe(130);
  await expectNothingLeft(where);
});

/** When an entry was made: its seal is written once, the folder's own time changes with each use. */
async function sealTime(cache: string, entry: string): Promise<number> {
  return (await stat(join(cache, entry, "seal.json"))).mtimeMs;
}

/** Process id of the only child, as soon as there is one; 0 where the system doesn't say. */
async function childOf(parent: number): Promise<number> {
  const list = `/proc/${parent}/task/${parent}/children`;
  if (!existsSync(list)) return delay(1500, 0);
  const children = async () => (await readFile(list, "utf8")).trim();
  await until(async () => (await children()) !== "");
  return Number((await children()).split(" ")[0]);
}
