import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { openProject, saveProject } from "../../electron/engine/index.ts";
import { countedProfile } from "../../shared/space/testing/test-profile.ts";
import { keepScreenshot, type LaunchedApp, launchApp } from "./testing/launch.ts";
import { samplePath } from "./testing/sample-path.ts";
import { runCommand, setSize, setTheme } from "./testing/window.ts";

let launched: LaunchedApp;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "offramp-energy-"));
  const path = join(folder, "counted.offramp");
  const project = await openProject(samplePath);
  const [own] = project.profiles;
  await saveProject({ ...project, profiles: [own, countedProfile(own, 9, "Counted board")] }, path);
  launched = await launchApp({ args: [path], size: { width: 1440, height: 900 } });
  launched.page.setDefaultTimeout(90_000);
  await launched.page.getByText("engine ready").waitFor();
});
afterAll(async () => {
  await launched?.close();
  await rm(folder, { recursive: true, force: true });
});

const axis = () => launched.page.getByRole("combobox", { name: "Horizontal axis" });
const titles = () => axis().locator("option").allTextContents();

it("offers energy as an axis where the target's profile has it, and else not", async () => {
  const { page } = launched;
  await axis().waitFor();
  expect(await titles()).toEqual(["Mean latency", "p50 latency", "p95 latency", "MACs", "Size"]);
  await page
    .getByRole("combobox", { name: /^Target/ })
    .selectOption({ label: "Counted board · cpu, 1 thread" });
  await expect.poll(titles).toContain("Energy");
  await axis().selectOption("energy");
  await page.getByText("mean energy per sample, mJ").waitFor();
  await page.getByText("times less than the backbone").waitFor();
  await page
    .getByRole("grid", { name: "Plans" })
    .getByRole("columnheader", { name: /^Energy/ })
    .waitFor();
});

it("limits energy, in the use case's words and as a line on the chart", async () => {
  const { page } = launched;
  const menu = page.getByRole("button", { name: /^Use case ./ });
  await menu.click();
  await page.getByLabel(/^Front of/).selectOption("energy");
  const limit = page.getByRole("spinbutton", { name: /^Largest energy/ });
  await limit.fill("3");
  await limit.press("Enter");
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: /^Use case .*energy ≤ 3\.00 mJ, front of energies/ }).waitFor();
  for (const theme of ["light", "dark"] as const) {
    await setTheme(page, theme);
    await menu.click();
    await limit.waitFor();
    await keepScreenshot(page, `energy-use-case-${theme}`);
    await page.keyboard.press("Escape");
  }
  await page.getByText("energy ≤ 3.00 mJ", { exact: true }).first().waitFor();
  for (const [width, height] of [
    [1440, 900],
    [1024, 700],
  ]) {
    await setSize(launched.app, page, width, height);
    for (const theme of ["light", "dark"] as const) {
      await setTheme(page, theme);
      await keepScreenshot(page, `energy-${width}-${theme}`);
    }
  }
  for (let step = 0; step < 2; step++) await runCommand(page, "Undo");
  await expect.poll(() => page.getByText("energy ≤ 3.00 mJ", { exact: true }).count()).toBe(0);
  expect(launched.errors).toEqual([]);
});
