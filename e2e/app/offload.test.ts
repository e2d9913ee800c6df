import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import {
  flowOfPlan,
  offloadTo,
  openProject,
  saveProject,
  searchInputs,
} from "../../electron/engine/index.ts";
import type { Plan } from "../../shared/domain/plan.ts";
import type { Profile } from "../../shared/domain/profile.ts";
import { formatMs } from "../../shared/format-number.ts";
import { keepScreenshot, type LaunchedApp, launchApp } from "./launch.ts";
import { samplePath } from "./sample-path.ts";
import { copiedPlan, liveFigures, runCommand, showLivePlan } from "./window.ts";

const link = { latencyMs: 0.05, bandwidthMbps: 1000 };

let launched: LaunchedApp;
let folder: string;
let path: string;

/** The same machine, `factor` times as slow. */
function paced(profile: Profile, factor: number, device: string): Profile {
  const text = JSON.stringify(profile, (key, value) => (key.endsWith("Ms") ? factor * value : value));
  return { ...JSON.parse(text), target: { ...profile.target, device } };
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "offramp-offload-"));
  path = join(folder, "two.offramp");
  const project = await openProject(samplePath);
  const [own] = project.profiles;
  await saveProject({ ...project, profiles: [own, paced(own, 0.05, "Big server")] }, path);
  launched = await launchApp({ args: [path], size: { width: 1440, height: 900 } });
  await launched.page.getByText("engine ready").waitFor();
});
afterAll(async () => {
  await launched.close();
  await rm(folder, { recursive: true, force: true });
});

/** The mean latency that the command line gives a plan, ms. */
async function meanLatency(plan: Plan): Promise<number> {
  const { backbone, heads, tables, profiles } = await openProject(path);
  const inputs = {
    ...searchInputs(backbone, heads, tables.calibration, profiles[0]),
    offload: offloadTo(backbone, profiles[1], link),
  };
  return flowOfPlan(inputs, plan).expectedMs;
}

it("cuts the live plan for a server, with the command line's figures, and undoes it", async () => {
  const { app, page } = launched;
  await showLivePlan(page);
  const before = await liveFigures(page);
  await page.getByLabel("Server", { exact: true }).selectOption({ label: "Big server · cpu, 1 thread" });
  await page.getByLabel("One way (ms)").fill(String(link.latencyMs));
  await page.getByLabel("Bandwidth (Mbit/s)").fill(String(link.bandwidthMbps));
  await page.getByLabel("Bandwidth (Mbit/s)").press("Enter");
  await page.getByRole("button", { name: "Best cut" }).click();
  const cut = page.getByLabel("The server takes over");
  await expect.poll(() => cut.inputValue()).not.toBe("");
  const best = await copiedPlan(app, page);
  expect(best.cut).toBe(await cut.inputValue());
  expect((await liveFigures(page))["mean latency"]).toBe(formatMs(await meanLatency(best)));

  await cut.selectOption({ index: 10 });
  const ninth = await copiedPlan(app, page);
  expect(ninth.cut).not.toBe(best.cut);
  const shown = await liveFigures(page);
  expect(shown["mean latency"]).toBe(formatMs(await meanLatency(ninth)));
  expect(await meanLatency(best)).toBeLessThan(await meanLatency(ninth));
  expect(shown.accuracy).toBe(before.accuracy);
  await expect.poll(() => page.getByText("Busy per sample: server").count()).toBe(1);
  await runCommand(page, "Theme: dark");
  await cut.scrollIntoViewIfNeeded();
  await keepScreenshot(page, "offload-dark");

  for (let step = 0; step < 5; step++) await runCommand(page, "Undo");
  expect((await liveFigures(page))["mean latency"]).toBe(before["mean latency"]);
  expect((await copiedPlan(app, page)).cut).toBeUndefined();
  expect(launched.errors).toEqual([]);
});
