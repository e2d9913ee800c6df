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
import { formatMs } from "../../shared/base/format-number.ts";
import type { FrontFile } from "../../shared/files/front-file.ts";
import type { Plan } from "../../shared/model/plan.ts";
import { pacedProfile } from "../../shared/space/testing/test-profile.ts";
import { expectFigures } from "./testing/figures.ts";
import { keepScreenshot, type LaunchedApp, launchApp } from "./testing/launch.ts";
import { samplePath } from "./testing/sample-path.ts";
import { choosePaths, copiedPlan, liveFigures, runCommand, showLivePlan, stage } from "./testing/window.ts";

const link = { latencyMs: 0.05, bandwidthMbps: 1000 };

let launched: LaunchedApp;
let folder: string;
let path: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "offramp-offload-"));
  path = join(folder, "two.offramp");
  const project = await openProject(samplePath);
  const [own] = project.profiles;
  await saveProject({ ...project, profiles: [own, pacedProfile(own, 0.05, "Big server")] }, path);
  launched = await launchApp({ args: [path], size: { width: 1440, height: 900 } });
  await launched.page.getByText("engine ready").waitFor();
});
afterAll(async () => {
  await launched.close();
  await rm(folder, { recursive: true, force: true });
});

/** The mean latency that the command line gives a plan, ms. */
async function meanLatency(plan: Plan): Promise<number> {
  const project = await openProject(path);
  const { profiles } = project;
  const inputs = {
    ...searchInputs(project, "calibration", profiles[0]),
    offload: offloadTo(project, profiles[1], link),
  };
  return flowOfPlan(inputs, plan).expectedMs;
}

it("partitions the live plan for a server, with the command line's figures, and undoes it", async () => {
  const { app, page } = launched;
  await showLivePlan(page);
  const before = await liveFigures(page);
  await page.getByLabel("Server", { exact: true }).selectOption({ label: "Big server · cpu, 1 thread" });
  await page.getByLabel("One way (ms)").fill(String(link.latencyMs));
  await page.getByLabel("Bandwidth (Mbit/s)").fill(String(link.bandwidthMbps));
  await page.getByLabel("Bandwidth (Mbit/s)").press("Enter");
  await page.getByRole("button", { name: "Best partition" }).click();
  const partition = page.getByLabel("The server takes over");
  await expect.poll(() => partition.inputValue()).not.toBe("");
  const best = await copiedPlan(app, page);
  expect(best.cut).toBe(await partition.inputValue());
  expect((await liveFigures(page))["mean latency"]).toBe(formatMs(await meanLatency(best)));

  await partition.selectOption({ index: 10 });
  const ninth = await copiedPlan(app, page);
  expect(ninth.cut).not.toBe(best.cut);
  const shown = await liveFigures(page);
  expect(shown["mean latency"]).toBe(formatMs(await meanLatency(ninth)));
  expect(await meanLatency(best)).toBeLessThan(await meanLatency(ninth));
  expect(shown.accuracy).toBe(before.accuracy);
  await expect.poll(() => page.getByText("Busy per sample: server").count()).toBe(1);
  await runCommand(page, "Theme: dark");
  await partition.scrollIntoViewIfNeeded();
  await keepScreenshot(page, "offload-dark");

  for (let step = 0; step < 5; step++) await runCommand(page, "Undo");
  expect((await liveFigures(page))["mean latency"]).toBe(before["mean latency"]);
  expect((await copiedPlan(app, page)).cut).toBeUndefined();
  expect(launched.errors).toEqual([]);
});

const inspector = () => launched.page.getByRole("complementary", { name: "Inspector" });
const table = () => launched.page.getByRole("grid", { name: "Plans" });
const frontTag = (name: RegExp) => launched.page.getByRole("button", { name });

it("searches the partition too, and a plan that is taken has the front's figures", async () => {
  const { app, page } = launched;
  await runCommand(page, "Theme: light");
  await showLivePlan(page);
  await page.getByLabel("Server", { exact: true }).selectOption({ label: "Big server · cpu, 1 thread" });
  await page.getByLabel("One way (ms)").fill(String(link.latencyMs));
  await page.getByLabel("Bandwidth (Mbit/s)").fill("2000");
  await page.getByLabel("Bandwidth (Mbit/s)").press("Enter");
  await frontTag(/^front of the device alone/).waitFor();
  await inspector().getByRole("button", { name: "Search for plans…" }).click();
  const panel = page.getByRole("region", { name: "Search", exact: true });
  await panel.getByText("Server: Big server · cpu, 1 thread; link 0.050 ms one way, 2000 Mbit/s.").waitFor();
  await panel.getByLabel(/^Most exits/i).fill("2");
  await page.keyboard.press("Tab");
  await panel.getByText(/plans to choose from, on the device alone and at \d+ partitions/).waitFor();
  await panel.getByLabel("Compare with the other algorithms").uncheck();
  await panel.getByRole("button", { name: /^Run/ }).click();
  await page.getByText(/^proven front · partitions searched · exact/).waitFor({ timeout: 120_000 });
  await frontTag(/^proven front: show/).waitFor();
  await panel.getByText(/^Big server takes over /).waitFor();
  await panel.getByRole("button", { name: "Take the recommended plan" }).click();
  await keepScreenshot(page, "offload-search");

  await choosePaths(app, path);
  await runCommand(page, "Save as");
  await page.getByText("Saved two.offramp").waitFor();
  const { front, design } = await openProject(path);
  const { recommended, offload } = front!;
  expect(offload?.link).toEqual({ ...link, bandwidthMbps: 2000 });
  expect(recommended.cut).toBeDefined();
  expect(design?.offload?.cut).toBe(recommended.cut);
  expect(design?.exits).toEqual(recommended.exits);
  await showLivePlan(page);
  expectFigures(await liveFigures(page), recommended.figures);
  expect((await copiedPlan(app, page)).cut).toBe(recommended.cut);
  expect(recommended.figures.latencyMs.mean).toBeLessThan(fastestAsAccurate(front!));
  // The table says where each plan is partitioned.
  await table().getByRole("columnheader", { name: "Partition" }).waitFor();
  expect(launched.errors).toEqual([]);
});

/** The mean latency of the fastest plan of the device alone that meets the use case, ms. */
function fastestAsAccurate({ offload, backbone, useCase }: FrontFile): number {
  const min = backbone.accuracy - useCase.maxDropPp! / 100;
  return Math.min(
    ...offload!.alone.filter(({ accuracy }) => accuracy >= min).map(({ latencyMs }) => latencyMs),
  );
}

it("says what the front is of when the second target is another one or none, and takes plans as they are", async () => {
  const { page } = launched;
  await showLivePlan(page);
  const found = await liveFigures(page);
  await page.getByLabel("One way (ms)").fill("0.2");
  await page.getByLabel("One way (ms)").press("Enter");
  await frontTag(/^front of another server or link/).waitFor();
  await runCommand(page, "Undo");
  await frontTag(/^proven front: show/).waitFor();

  await page.getByLabel("Server", { exact: true }).selectOption({ label: "none" });
  await frontTag(/^proven front: show/).waitFor();
  await expect.poll(() => table().getByRole("columnheader", { name: "Partition" }).count()).toBe(0);
  const alone = await liveFigures(page);
  expect(alone["mean latency"]).not.toBe(found["mean latency"]);
  await runCommand(page, "Search panel");
  await page.getByRole("button", { name: "Take the recommended plan" }).click();
  await showLivePlan(page);
  await expect.poll(() => page.getByLabel("The server takes over").count()).toBe(1);
  await expect.poll(() => liveFigures(page)).toEqual(found);

  await table().getByRole("columnheader", { name: "Partition" }).getByRole("button").click();
  const first = table().getByRole("row").nth(1);
  await expect.poll(() => first.getByRole("gridcell").nth(7).innerText()).toBe("before model");
  await first.click();
  await expect.poll(() => page.getByLabel("The server takes over").inputValue()).toBe("image");
  await runCommand(page, "Undo");
  await expect.poll(() => liveFigures(page)).toEqual(found);
  expect(launched.errors).toEqual([]);
});

it("stopped, the search keeps the partitioned plans that it knows, and goes on where it was", async () => {
  const { page } = launched;
  await stage(page, "Search").click();
  const panel = page.getByRole("region", { name: "Search", exact: true });
  await panel.getByLabel(/^Most exits/i).fill("6");
  await page.keyboard.press("Tab");
  await panel.getByRole("button", { name: /^Run/ }).click();
  await page.waitForTimeout(1500);
  await panel.getByRole("button", { name: "Stop", exact: true }).click();
  const goOn = panel.getByRole("button", { name: "Continue the search" });
  await goOn.waitFor();
  await frontTag(/^front, gap [\d.]+ %: show/).waitFor();
  await table().getByRole("columnheader", { name: "Partition" }).waitFor();
  await panel.getByLabel("Search for the best partitions too").uncheck();
  await panel.getByRole("button", { name: "Run the search" }).waitFor();
  await panel.getByLabel("Search for the best partitions too").check();
  await goOn.click();
  await panel.getByRole("button", { name: "Cancel" }).click();
  await goOn.waitFor();
  expect(launched.errors).toEqual([]);
});

it("is opened as it was saved", async () => {
  const again = await launchApp({ args: [path], size: { width: 1440, height: 900 } });
  try {
    await again.page.getByText("engine ready").waitFor();
    await showLivePlan(again.page);
    const { front } = await openProject(path);
    expectFigures(await liveFigures(again.page), front!.recommended.figures);
    await again.page.getByRole("button", { name: /^proven front: show/ }).waitFor();
    expect(again.errors).toEqual([]);
  } finally {
    await again.close();
  }
});
