import { afterAll, beforeAll, expect, it } from "vitest";
import {
  flowOfPlan,
  offloadTo,
  openProject,
  saveProject,
  searchInputs,
} from "../../electron/engine/index.ts";
import { formatExactFactor, formatMs } from "../../shared/base/format-number.ts";
import { pacedProfile } from "../../shared/space/testing/test-profile.ts";
import { ownFolder } from "../testing/command-line.ts";
import { seriousFaults } from "./testing/accessibility.ts";
import { keepScreenshot, type LaunchedApp, launchApp } from "./testing/launch.ts";
import { samplePath } from "./testing/sample-path.ts";
import { copiedPlan, liveFigures, setSize, setTheme, showLivePlan } from "./testing/window.ts";

const link = { latencyMs: 0.05, bandwidthMbps: 1000 };
const folder = ownFolder();
let launched: LaunchedApp;
let path: string;

beforeAll(async () => {
  path = folder.path("targets.offramp");
  const project = await openProject(samplePath);
  const [own] = project.profiles;
  const old = pacedProfile(own, 2, "Old board, 2 cores");
  const profiles = [
    own,
    pacedProfile(own, 0.05, "Big server"),
    pacedProfile(own, 3, "Raspberry Pi 5, 4 cores, 8 GiB"),
    pacedProfile(own, 1.6, "Jetson Orin Nano, 6 cores"),
    { ...old, heads: old.heads.slice(1) },
  ];
  await saveProject({ ...project, profiles }, path);
  launched = await launchApp({ args: [path], size: { width: 1440, height: 900 } });
  await launched.page.getByText("engine ready").waitFor();
});
afterAll(() => launched?.close());

const comparison = () => launched.page.getByLabel("Compare with target");
const openFigures = () => launched.page.getByRole("button", { name: "4 of 5 targets" });
const figures = () => launched.page.getByRole("dialog");
/** Cells of each target's row, by its name. */
async function rows(): Promise<Record<string, string[]>> {
  const found: Record<string, string[]> = {};
  for (const row of (await figures().getByRole("row").all()).slice(1)) {
    const [name] = (await row.getByRole("rowheader").innerText()).split("\n");
    found[name] = await row.getByRole("cell").allInnerTexts();
  }
  return found;
}

/** What the command line gives the live plan on each of the targets, ms. */
async function predicted(): Promise<number[]> {
  const { app, page } = launched;
  const plan = await copiedPlan(app, page);
  const project = await openProject(path);
  const [, server] = project.profiles;
  return project.profiles.slice(0, 4).map((profile) => {
    const inputs = {
      ...searchInputs(project, "calibration", profile),
      offload: offloadTo(project, server, link),
    };
    return flowOfPlan(inputs, plan).expectedMs;
  });
}

it("without a server shows the live plan on all targets, as they are by themselves", async () => {
  const { page } = launched;
  await showLivePlan(page);
  await comparison().selectOption({ label: "Live plan on all 5 targets" });
  await page.getByText("Raspberry Pi 5 · cpu, 1 thread").last().waitFor();
  expect(await openFigures().count()).toBe(0);
  await keepScreenshot(page, "compare-targets-alone");
});

it("has a partitioned plan continue on the server on all of them, with the command line's figures", async () => {
  const { page } = launched;
  const alone = await liveFigures(page);
  await page.getByLabel("Server", { exact: true }).selectOption({ label: "Big server · cpu, 1 thread" });
  await page.getByLabel("One way (ms)").fill(String(link.latencyMs));
  await page.getByLabel("Bandwidth (Mbit/s)").fill(String(link.bandwidthMbps));
  await page.getByLabel("Bandwidth (Mbit/s)").press("Enter");
  await openFigures().click();
  await figures()
    .getByText("This plan isn't partitioned: every target does all of it, and server and link don't count.")
    .waitFor();
  const [onDevice] = Object.values(await rows());
  expect(onDevice[0]).toBe(alone["mean latency"]);
  await page.keyboard.press("Escape");

  await page.getByRole("button", { name: "Best partition" }).click();
  await expect.poll(() => page.getByLabel("The server takes over").inputValue()).not.toBe("");
  const expected = await predicted();
  await openFigures().click();
  await figures()
    .getByText(
      "On every target Big server · cpu, 1 thread takes over before model. Server and link are the same for all; " +
        "the link counts as stated, 0.050 ms one way, 1000 Mbit/s, without an interval.",
    )
    .waitFor();
  const shown = await rows();
  const project = await openProject(path);
  const [here, server, pi, jetson] = expected;
  const names = ["AMD EPYC", "Big server", "Raspberry Pi 5", "Jetson Orin Nano"].map(
    (name) => `${name} · cpu, 1 thread`,
  );
  expect(Object.keys(shown)).toEqual([...names, "Old board · cpu, 1 thread"]);
  for (const [index, ms] of [here, server, pi, jetson].entries()) {
    const [latency, interval, speedUp] = shown[names[index]];
    expect(latency, names[index]).toBe(formatMs(ms));
    const [low, high] = interval.split(" to ").map(Number);
    expect(low).toBeLessThanOrEqual(Number.parseFloat(latency));
    expect(high).toBeGreaterThanOrEqual(Number.parseFloat(latency));
    expect(speedUp).toBe(formatExactFactor(project.profiles[index].backbone.meanMs / ms));
  }
  const [low, high] = shown[names[2]][1].split(" to ").map(Number);
  expect(low).toBeLessThan(pi);
  expect(high).toBeGreaterThan(pi);
  // The same that is said of the live plan itself, and not what it takes without the server.
  expect(shown[names[0]][0]).toBe((await liveFigures(page))["mean latency"]);
  expect(shown[names[0]][0]).not.toBe(alone["mean latency"]);
  expect(shown["Old board · cpu, 1 thread"]).toEqual([
    "its profile lacks some of the heads; profile it again",
  ]);
  expect(await seriousFaults(page)).toEqual([]);
});

it("is legible at both sizes and in both themes", async () => {
  const { app, page } = launched;
  for (const theme of ["dark", "light"] as const) {
    await page.keyboard.press("Escape");
    await setTheme(page, theme);
    for (const [width, height] of [
      [1024, 700],
      [1440, 900],
    ]) {
      await setSize(app, page, width, height);
      await keepScreenshot(page, `compare-targets-${theme}-${width}`);
      expect(await cutOff()).toEqual([]);
      await openFigures().click();
      await figures().waitFor();
      await keepScreenshot(page, `compare-targets-figures-${theme}-${width}`);
      await page.keyboard.press("Escape");
    }
  }
  expect(launched.errors).toEqual([]);
});

/** Tools above the chart that don't stand wholly in their pane, or whose words don't in them. */
async function cutOff(): Promise<string[]> {
  return launched.page.getByRole("toolbar", { name: "Chart tools" }).evaluate((bar) => {
    const { right } = bar.getBoundingClientRect();
    return [...bar.querySelectorAll("button, select")]
      .filter((tool) => tool.getBoundingClientRect().right > right || tool.scrollWidth > tool.clientWidth)
      .map((tool) => tool.getAttribute("aria-label") ?? tool.textContent ?? "");
  });
}
