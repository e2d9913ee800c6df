import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { encodeModel } from "../../electron/engine/onnx/codec.ts";
import { endless } from "../../electron/engine/onnx/testing/hostile-models.ts";
import { isRunning } from "../../electron/engine/onnx/testing/running.ts";
import { nodeProcesses } from "./testing/engine-pid.ts";
import { type LaunchedApp, launchApp } from "./testing/launch.ts";

/** Less than the time that a model's first run has, so that whatever ends it isn't that. */
const noticing = { timeout: 15_000, interval: 50 };

let folder: string;
let launched: LaunchedApp;
/** The engine, and the process in which the model runs for ever. */
let engine: number;
let probe: number;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "offramp-hostile-"));
  const path = join(folder, "endless.onnx");
  await writeFile(path, encodeModel(endless()));
  launched = await launchApp({ args: [path] });
  const app = launched.app.process().pid!;
  await expect.poll(() => nodeProcesses(app).length, { timeout: 30_000 }).toBe(2);
  [engine, probe] = nodeProcesses(app);
  // In the middle of its run: what was done before takes less.
  await expect.poll(() => launched.page.getByText(/running the model/).count(), { timeout: 30_000 }).toBe(1);
  await launched.page.waitForTimeout(1000);
});
afterEach(async () => {
  await launched.close();
  await rm(folder, { recursive: true });
});

it("a model that runs for ever ends with the app that is killed", async () => {
  expect(isRunning(probe)).toBe(true);
  await launched.kill();
  await expect.poll(() => isRunning(probe), noticing).toBe(false);
  await expect.poll(() => isRunning(engine), noticing).toBe(false);
});

it("and with the engine that is killed, even where the app can't see to it", async () => {
  const app = launched.app.process().pid!;
  process.kill(app, "SIGSTOP");
  try {
    process.kill(engine, "SIGKILL");
    await expect.poll(() => isRunning(probe), noticing).toBe(false);
  } finally {
    process.kill(app, "SIGCONT");
  }
  // The app goes on, with another engine.
  await launched.page.getByText(/^The engine works again\. Before that, it was killed/).waitFor();
  await expect.poll(() => nodeProcesses(app), noticing).toEqual([expect.any(Number)]);
  expect(nodeProcesses(app)).not.toContain(engine);
});
