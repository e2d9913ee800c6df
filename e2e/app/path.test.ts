import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { manifestSchema } from "../../electron/engine/export/staged.ts";
import { planSchema } from "../../shared/model/plan.ts";
import { newFolder, offramp, readJson, shared } from "../testing/command-line.ts";
import { expectFigures, figuresOf } from "./testing/figures.ts";
import { keepScreenshot, type LaunchedApp, launchApp } from "./testing/launch.ts";
import { keepInAllLooks } from "./testing/looks.ts";
import { choosePaths, copiedPlan, liveFigures, runCommand, showLivePlan, stage } from "./testing/window.ts";

let launched: LaunchedApp;
beforeAll(async () => {
  launched = await launchApp({ args: [shared("model.onnx")] });
  await launched.page.getByRole("region", { name: "Data" }).waitFor({ timeout: 120_000 });
});
afterAll(() => launched.close());

/** Banner of the graph, chart and table say the same of what is to be done next. */
const allSay = async (words: string) => {
  const places = launched.page.getByText(words, { exact: true });
  await places.first().waitFor();
  await expect.poll(() => places.count()).toBe(3);
};

/** The step of the way that is lit. */
const litStep = () =>
  launched.page
    .getByRole("list", { name: "From a new model to its plans" })
    .locator("[aria-current=step]")
    .allInnerTexts();

/** What doesn't work on this machine can't be chosen, and says why. */
async function offersWhatRuns(): Promise<void> {
  const options = launched.page.getByLabel("Provider").locator("option");
  await options.nth(1).waitFor({ state: "attached", timeout: 60_000 });
  expect(await options.filter({ hasText: /^cpu$/ }).isEnabled()).toBe(true);
  const broken = options.filter({ hasText: ": not here" });
  for (const option of await broken.all()) expect(await option.isDisabled()).toBe(true);
  const count = await broken.count();
  if (count === 0) return;
  await launched.page.getByText(/^Why not /).click();
  const reasons = launched.page.getByRole("group").filter({ hasText: "Why not" }).getByRole("definition");
  expect((await reasons.allInnerTexts()).filter((reason) => reason.length > 10)).toHaveLength(count);
}

it("takes a new model and an image folder through data, target, run all", async () => {
  const { app, page } = launched;
  const data = page.getByRole("region", { name: "Data" });
  await allSay("Choose a data set, in the Data panel.");
  expect((await litStep()).join()).toMatch(/Data$/);
  await choosePaths(app, shared("data"));
  await data.getByLabel("Mean").fill("0.5");
  await data.getByLabel("Standard deviation").fill("0.25");
  await data.getByLabel("Interpolation").selectOption("Bicubic");
  await data.getByLabel("Turn photographs upright (EXIF)").check();
  await page.keyboard.press("Enter");
  await data.getByRole("button", { name: "Choose folder…" }).click();
  await data
    .getByText("Image folder, 4 classes: 400 images to train, 160 to calibrate, 240 to test")
    .waitFor();
  expect(
    await data.getByRole("list", { name: "Images as the network sees them" }).getByRole("listitem").count(),
  ).toBe(40);
  expect(await data.getByText(/^The backbone is right on/).innerText()).toMatch(/8\d\.\d %|9\d\.\d %/);
  await allSay("Choose the target and run all…");
  await stage(page, "Heads ready").waitFor();
  await stage(page, "Profile needs you").waitFor();
  expect((await litStep()).join()).toMatch(/Target$/);
  await keepInAllLooks(launched, "next-step");
  await data.getByRole("button", { name: "Next: target" }).click();

  const target = page.getByRole("region", { name: "Profile" });
  await target.getByLabel("Measure at most (s)").fill("1");
  await page.keyboard.press("Tab");
  expect((await litStep()).join()).toMatch(/Target$/);
  await allSay("Choose the target and run all, in the Profile panel.");
  await offersWhatRuns();
  await keepScreenshot(page, "next-step-target");
  await target.getByRole("button", { name: "Run all" }).last().click();
  for (const name of ["Heads", "Profile", "Search"])
    await stage(page, `${name} done`).waitFor({ timeout: 120_000 });
});

it("saves a project that the command line agrees with", async () => {
  const { app, page } = launched;
  const path = join(await newFolder(), "small.offramp");
  await showLivePlan(page);
  await choosePaths(app, path);
  await page.keyboard.press("Control+S");
  await expect.poll(() => existsSync(path)).toBe(true);
  await page.getByText("Saved small.offramp").waitFor();
  expectFigures(await liveFigures(page), await figuresOf(path, await copiedPlan(app, page)));
  const { code, stderr } = await offramp(["search", path, "--no-compare", "-o", await newFolder()]);
  expect(code, stderr).toBe(0);
});

/** Pins the live plan with its first threshold halved, and leaves it as it was. */
async function pinFaster(threshold: number): Promise<void> {
  const { page } = launched;
  const setThreshold = async (to: number) => {
    await page.keyboard.press("Control+K");
    await page.getByRole("combobox", { name: "Command" }).fill(`threshold 1 ${to}`);
    await page.getByRole("option", { name: /^Exit 1\s*Threshold/ }).waitFor();
    await page.keyboard.press("Enter");
  };
  await setThreshold(threshold / 2);
  await runCommand(page, "Pin the plan");
  await setThreshold(threshold);
}

it("exports with an operating point and verifies both, and shows what was measured beside what was predicted", async () => {
  const { app, page } = launched;
  const plan = await copiedPlan(app, page);
  await pinFaster(plan.exits[0].threshold);
  const folder = join(await newFolder(), "out");
  await choosePaths(app, folder);
  await page.keyboard.press("Control+E");
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("button", { name: "Choose…" }).click();
  await dialog.getByText(folder).waitFor();
  await dialog.getByRole("checkbox", { name: "plan 1" }).check();
  await dialog.getByRole("button", { name: "Export", exact: true }).click();
  const table = dialog.getByRole("table", { name: /^Predicted and measured/ });
  await table.waitFor({ timeout: 120_000 });
  for (const name of ["model.onnx", "staged/manifest.json", "training.onnx", "plan.json", "report.html"])
    expect(existsSync(join(folder, name)), name).toBe(true);
  const written = planSchema.parse(JSON.parse(await readFile(join(folder, "plan.json"), "utf8")));
  expect(written.exits).toEqual(plan.exits);

  const accuracy = await table
    .getByRole("row", { name: /^Accuracy \d/ })
    .getByRole("cell")
    .allInnerTexts();
  expect(accuracy[0]).toBe(accuracy[1]);
  for (const number of plan.exits.keys()) {
    const [predicted, measured] = await table
      .getByRole("row", { name: new RegExp(`^Leave at exit ${number + 1}`) })
      .getByRole("cell")
      .allInnerTexts();
    expect(predicted).toBe(measured);
  }
  // The same files decide as the point's table says, too.
  const point = dialog.getByRole("row", { name: /^plan 1/ });
  expect(await point.getByText("100.00 %", { exact: true }).count()).toBe(1);
  const manifest = await readJson(join(folder, "staged", "manifest.json"), manifestSchema);
  expect(manifest.points).toMatchObject([
    {
      name: "plan 1",
      thresholds: [plan.exits[0].threshold / 2, ...plan.exits.slice(1).map((exit) => exit.threshold)],
    },
  ]);
  const [predicted, ...measured] = await table
    .getByRole("row", { name: /^Mean latency/ })
    .getByRole("cell")
    .allInnerTexts();
  // With an interval as well, where the profile knows its own.
  expect(predicted).toMatch(/^[\d.]+ ms( \([\d.]+ to [\d.]+\))?$/);
  for (const text of measured) expect(text).toMatch(/^[\d.]+ ms \([\d.]+ to [\d.]+\)$/);
  const samples = dialog.getByText(/^all \d+$/);
  expect(await samples.count()).toBe(1);
  // Window and report say the same of one verification.
  const said = await dialog.getByRole("list", { name: "Verdict" }).getByRole("listitem").allTextContents();
  expect(said.length).toBeGreaterThan(1);
  const report = (await readFile(join(folder, "report.html"), "utf8")).replaceAll("&#39;", "'");
  for (const text of said) expect(report).toContain(text.replace(/^\w+: /, ""));
  await page.keyboard.press("Escape");
  await dialog.waitFor({ state: "detached" });
});

it("exports the same plan with exits that answer together, and measures that", async () => {
  const { app, page } = launched;
  const plan = await copiedPlan(app, page);
  const folder = join(await newFolder(), "together");
  await choosePaths(app, folder);
  await page.keyboard.press("Control+E");
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("button", { name: "Export again…" }).click();
  await dialog.getByRole("button", { name: "Change…" }).click();
  await dialog.getByText(folder).waitFor();
  await dialog.getByRole("checkbox", { name: /^Exits answer together/ }).check();
  const both = dialog.getByText(/^Predicted on the calibration split: together /);
  await both.waitFor({ timeout: 120_000 });
  const [together, alone] = [...(await both.innerText()).matchAll(/([\d.]+) %/g)].map(([, share]) =>
    Number(share),
  );
  expect(together).toBeGreaterThanOrEqual(alone);
  await dialog.getByText(/Worse than the backbone: /).waitFor();
  expect(await dialog.getByRole("checkbox", { name: "Report" }).isEnabled()).toBe(false);
  expect(await dialog.getByRole("checkbox", { name: "plan 1" }).isEnabled()).toBe(false);
  await dialog.getByRole("button", { name: "Export", exact: true }).click();
  const table = dialog.getByRole("table", { name: /^Predicted and measured/ });
  await table.waitFor({ timeout: 120_000 });
  const [predicted, measured] = await table
    .getByRole("row", { name: /^Accuracy \d/ })
    .getByRole("cell")
    .allInnerTexts();
  expect(predicted).toBe(measured);
  expect(await dialog.getByText("100.00 %", { exact: true }).count()).toBe(1);
  const written = planSchema.parse(JSON.parse(await readFile(join(folder, "plan.json"), "utf8")));
  expect(written.ensemble).toHaveLength(plan.exits.length + 1);
  expect(written.exits.map(({ cutPoint }) => cutPoint)).toEqual(plan.exits.map(({ cutPoint }) => cutPoint));
  await page.keyboard.press("Escape");
  await dialog.waitFor({ state: "detached" });
});

it("measures the target again: it stays in use, and the front says that it is of the older figures", async () => {
  const { page } = launched;
  await stage(page, "Profile").click();
  const panel = page.getByRole("region", { name: "Profile" });
  await panel.getByRole("button", { name: "Profile this machine" }).click();
  await page.getByRole("button", { name: /^front of an older measurement/ }).waitFor({ timeout: 60_000 });
  await stage(page, "Search stale").waitFor();
  expect(await panel.getByText("in use").count()).toBe(1);
  expect(await panel.getByRole("button", { name: /^Remove the profile of / }).count()).toBe(1);
  await showLivePlan(page);
  expect((await liveFigures(page))["mean latency"]).toMatch(/^[\d.]+ ms$/);
  expect(launched.errors).toEqual([]);
});
