import { rename } from "node:fs/promises";
import { afterAll, beforeAll, expect, it } from "vitest";
import { finishedRun, newFolder, offramp, shared } from "../testing/command-line.ts";
import { keepScreenshot, type LaunchedApp, launchApp } from "./testing/launch.ts";
import { choosePaths, graph, setSize, setTheme, showLivePlan, stage } from "./testing/window.ts";

let launched: LaunchedApp;

/** The small network with all its heads as further outputs. */
beforeAll(async () => {
  const folder = await newFolder();
  const { project } = await finishedRun();
  const made = await offramp(["export", project, "--format", "training-graph", "-o", folder]);
  expect(made.code, made.stderr).toBe(0);
  await rename(`${folder}/training.onnx`, `${folder}/early.onnx`);
  launched = await launchApp({ args: [`${folder}/early.onnx`], size: { width: 1440, height: 900 } });
});
afterAll(() => launched.close());

it("shows the exits of a network on its graph before there is any data", async () => {
  const { app, page } = launched;
  await graph(page).waitFor();
  await page.getByText("6 exits came with the network. Labelled images calibrate them").waitFor();
  expect(await page.getByLabel(/^Cut point \d, .*: an exit came with the network/).count()).toBe(6);
  expect(
    await graph(page)
      .getByText(/^exit_\d_mixed-hidden$/)
      .count(),
  ).toBe(6);
  await stage(page, "Heads done").waitFor();
  await stage(page, "Heads").click();
  const heads = page.getByRole("region", { name: "Heads" });
  await heads.getByRole("heading", { name: "6 exits came with the network" }).waitFor();
  const rows = await heads.getByRole("row").allInnerTexts();
  expect(rows.slice(1).map((row) => row.split(/\s+/).slice(0, 2))).toEqual([
    ["0", "exit_0_mixed-hidden"],
    ["1", "exit_1_mixed-hidden"],
    ["2", "exit_2_mixed-hidden"],
    ["3", "exit_3_mixed-hidden"],
    ["4", "exit_4_mixed-hidden"],
    ["5", "exit_5_mixed-hidden"],
  ]);
  expect(await heads.getByRole("checkbox", { checked: true }).count()).toBe(0);
  await keepScreenshot(page, "ready-exits");
  await setSize(app, page, 1024, 700);
  await setTheme(page, "dark");
  await keepScreenshot(page, "ready-exits-dark-small");
  await setTheme(page, "light");
  await setSize(app, page, 1440, 900);
});

it("goes from data to plans without training anything", async () => {
  const { app, page } = launched;
  await stage(page, "Data").click();
  const data = page.getByRole("region", { name: "Data" });
  await choosePaths(app, shared("data", "test"));
  await data.getByLabel("Mean").fill("0.5");
  await data.getByLabel("Standard deviation").fill("0.25");
  await data.getByLabel("Interpolation").selectOption("Bicubic");
  await data.getByLabel("Turn photographs upright (EXIF)").check();
  await page.keyboard.press("Enter");
  await data.getByRole("button", { name: "Choose folder…" }).click();
  await data.getByText("Image folder, 4 classes: 0 images to train, 120 to calibrate, 120 to test").waitFor();
  await keepScreenshot(page, "ready-exits-data");
  await stage(page, "Heads ready").waitFor();
  await stage(page, "Profile needs you").waitFor();
  await data.getByRole("button", { name: "Next: target" }).click();
  const target = page.getByRole("region", { name: "Profile" });
  await target.getByText(/^Calibrates the 6 exits that came with the network, profiles them/).waitFor();
  await target.getByLabel("Measure at most (s)").fill("1");
  await page.keyboard.press("Tab");
  await keepScreenshot(page, "ready-exits-target");
  await target.getByRole("button", { name: "Run all" }).last().click();
  for (const name of ["Heads", "Profile", "Search"])
    await stage(page, `${name} done`).waitFor({ timeout: 120_000 });
  await showLivePlan(page);
  await keepScreenshot(page, "ready-exits-explored");
  await stage(page, "Heads").click();
  const heads = page.getByRole("region", { name: "Heads" });
  await heads.getByRole("heading", { name: "6 exits came with the network" }).waitFor();
  await heads.getByRole("heading", { name: "Train more heads" }).waitFor();
  await keepScreenshot(page, "ready-exits-heads");
});

it("trains more heads beside them where a person wants that, with images kept back to learn from", async () => {
  const { page } = launched;
  const heads = page.getByRole("region", { name: "Heads" });
  await heads.getByRole("checkbox", { name: "Average pool, linear" }).check();
  await heads.getByRole("button", { name: "Train 6 heads", exact: true }).click();
  await heads.getByRole("heading", { name: "12 heads" }).waitFor({ timeout: 120_000 });
  await stage(page, "Data").click();
  const data = page.getByRole("region", { name: "Data" });
  await data.getByText("Image folder, 4 classes: 144 images to train, 48 to calibrate, 48 to test").waitFor();
  // The six heads have no latencies yet.
  await stage(page, "Profile needs you").waitFor();
  expect(launched.errors).toEqual([]);
});
