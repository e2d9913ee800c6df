import { existsSync, readFileSync, watch } from "node:fs";
import { cp, mkdir, readdir, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { expect, test } from "vitest";
import { hashFile } from "../electron/engine/base/hash.ts";
import { encodeModel } from "../electron/engine/onnx/codec.ts";
import { endless } from "../electron/engine/onnx/testing/hostile-models.ts";
import { frontFileSchema } from "../shared/files/front-file.ts";
import { summarySchema } from "../shared/files/summary.ts";
import { planSchema } from "../shared/model/plan.ts";
import { childrenOf } from "./testing/children.ts";
import {
  type Finished,
  finishedRun,
  newFolder,
  offramp,
  offrampJson,
  type Running,
  readJson,
  shared,
  smallData,
  start,
} from "./testing/command-line.ts";

/** What a person waits at most between Ctrl-C and the prompt; one where nothing else runs, a busy machine takes longer. */
const maxSeconds = 5;

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

/** Arguments of a command that takes a minute. */
function profiling({ out }: { readonly out: string }): string[] {
  return ["profile", shared("model.onnx"), "--profile-seconds", "60", "-o", join(out, "p.json")];
}

/** A process that was killed is listed until its parent has noticed. */
function isRunning(pid: number): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    return !/^[ZX]/.test(stat.slice(stat.lastIndexOf(")") + 2));
  } catch {
    return false;
  }
}

async function expectNothingLeft({ cache, temporary, out }: Awaited<ReturnType<typeof places>>) {
  expect(existsSync(out)).toBe(false);
  expect(await readdir(temporary)).toEqual([]);
  // Nothing may have been kept yet.
  const kept = existsSync(cache) ? await readdir(cache) : [];
  expect(kept.filter((name) => !/^[a-z-]+-[0-9a-f]{32}$/.test(name))).toEqual([]);
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

  let said = "";
  for (const stage of ["profile", "search"]) {
    const running = start([...args, ...slow], { environment });
    await running.said(`\n${stage} …`);
    await delay(300);
    const stopped = await interrupt(running);
    expectStopped(stopped);
    expect(stopped.stderr).toContain(`\n${stage} stopped, `);
    await expectNothingLeft(where);
    said = stopped.stderr;
  }

  const summary = await offrampJson([...args, ...slow, "--no-compare"], summarySchema, { environment });
  expect(summary.decisionAgreement).toBeGreaterThanOrEqual(0.999);
  // A poor profile, as a busy machine gives, isn't kept.
  if (!said.includes("The profile is poor")) expect(summary.stageSeconds.profile).toBeLessThan(1);
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

  const running = start(profiling(where), { environment: where.environment });
  await running.said("\nprofile …");
  await delay(1000);
  expectStopped(await interrupt(running));
  await expectNothingLeft(where);
});

test("Ctrl-C while a model that never ends is tried out ends the process that tries it too", async () => {
  const where = await places();
  await mkdir(where.cache);
  const model = join(where.cache, "..", "endless.onnx");
  await writeFile(model, encodeModel(endless()));
  const running = start(["inspect", model], { environment: where.environment });
  await running.said("import …");
  const worker = await childOf(running.child.pid!);
  const child = await childOf(worker);
  expectStopped(await interrupt(running));
  for (const pid of [worker, child]) expect(isRunning(pid)).toBe(false);
  await expectNothingLeft(where);
});

test("a second Ctrl-C ends a command that is deaf, whatever keeps its thread busy", async () => {
  const where = await places();
  const running = start(profiling(where), { environment: where.environment });
  await running.said("\nprofile …");
  const worker = await childOf(running.child.pid!);
  process.kill(worker, "SIGSTOP");
  running.child.kill("SIGINT");
  await delay(1000);
  expect(isRunning(worker)).toBe(true);
  const stopped = await interrupt(running);
  expect(stopped).toMatchObject({ code: 130, stdout: "" });
  expect(stopped.stderr).toMatch(/\nofframp: stopped at once; what was finished is kept[^\n]*\n$/);
  expect(stopped.seconds).toBeLessThan(maxSeconds);
  expect(isRunning(worker)).toBe(false);
});

test("what `npm run` passes on of one Ctrl-C is no second one", async () => {
  const where = await places();
  const running = start(profiling(where), { environment: where.environment });
  await running.said("\nprofile …");
  await delay(300);
  running.child.kill("SIGINT");
  expectStopped(await interrupt(running));
  await expectNothingLeft(where);
});

test("a killed command takes the process that works with it, and the next start sweeps what they left", async () => {
  const where = await places();
  const running = start(
    ["train", shared("model.onnx"), ...smallData(), "--epochs", "40", "-o", join(where.out, "p.offramp")],
    { environment: where.environment },
  );
  await running.said("\ntrain …");
  const worker = await childOf(running.child.pid!);
  const isDraft = (name: string) => name.endsWith(".draft");
  await until(async () => (await readdir(where.cache).catch(() => [])).some(isDraft));
  const maker = (await readdir(where.cache)).find(isDraft)!.split(".")[1];
  expect(maker).toMatch(new RegExp(`^${worker}-`));
  await mkdir(join(where.temporary, `offramp-probe-${maker}-abcdef`));
  running.child.kill("SIGKILL");
  await running.finished;
  await until(async () => !isRunning(worker));
  expect((await readdir(where.cache)).some(isDraft)).toBe(true);

  const next = await offramp(
    ["train", shared("model.onnx"), ...smallData(), "--epochs", "1", "-o", join(where.out, "p.offramp")],
    { environment: where.environment },
  );
  expect(next.code, next.stderr).toBe(0);
  await rm(where.out, { recursive: true });
  await expectNothingLeft(where);
});

test("a kill while results take the place of older ones leaves all old or all new ones", async () => {
  const { folder, project } = await finishedRun();
  const own = await newFolder();
  const at = (name: string) => join(own, name);
  const plan = await readJson(join(folder, "plan.json"), planSchema);
  const { searches } = await readJson(join(folder, "front.json"), frontFileSchema);
  const designs = searches[0].front.map(({ exits }) => exits).filter(({ length }) => length > 0);
  const exporting = (design: string, out: string) => [
    ...["export", project, "--plan", at(`${design}.json`), "-o", at(out), "--quiet"],
  ];
  const whole: Record<string, Record<string, string>> = {};
  for (const [design, exits] of [
    ["small", designs[0]],
    ["large", designs.at(-1)!],
  ] as const) {
    await writeFile(at(`${design}.json`), JSON.stringify({ ...plan, exits }));
    expect((await offramp(exporting(design, design))).code).toBe(0);
    whole[design] = await hashes(at(design));
  }
  expect(whole.small).not.toEqual(whole.large);

  await cp(at("small"), at("out"), { recursive: true });
  let held = "small";
  // At so many changes of the folder, of which a swap makes some thirty.
  for (const changes of [1, 2, 5, 10, 15, 20, 25, 30]) {
    const next = held === "small" ? "large" : "small";
    const { child, finished } = start(exporting(next, "out"));
    let left = changes;
    const watcher = watch(at("out"), { recursive: false }, () => {
      if (--left === 0) process.kill(-child.pid!, "SIGKILL");
    });
    await finished.finally(() => watcher.close());
    const found = await hashes(at("out"));
    if (JSON.stringify(found) !== JSON.stringify(whole[held])) held = next;
    expect(found, `killed at change ${changes}`).toEqual(whole[held]);
  }
  expect((await offramp(exporting("large", "out"))).code).toBe(0);
  expect(await hashes(at("out"))).toEqual(whole.large);
  expect((await readdir(own)).sort()).toEqual(["large", "large.json", "out", "small", "small.json"]);
});

/** Hashes of the files below a folder, as one who follows links finds them. */
async function hashes(folder: string): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const name of (await readdir(folder, { recursive: true })).sort()) {
    const path = join(folder, name);
    if ((await stat(path).catch(() => undefined))?.isFile()) found[name] = await hashFile(path);
  }
  return found;
}

test("a signal to the command alone stops it as well", async () => {
  const where = await places();
  const running = start(profiling(where), { environment: where.environment });
  await running.said("\nprofile …");
  running.child.kill("SIGTERM");
  expect((await running.finished).code).toBe(130);
  await expectNothingLeft(where);
});

/** When an entry was made: its seal is written once, the folder's own time changes with each use. */
async function sealTime(cache: string, entry: string): Promise<number> {
  return (await stat(join(cache, entry, "seal.json"))).mtimeMs;
}

/** Process id of the only child, as soon as there is one. */
async function childOf(parent: number): Promise<number> {
  await until(async () => (await childrenOf(parent)).length > 0);
  return (await childrenOf(parent))[0];
}
