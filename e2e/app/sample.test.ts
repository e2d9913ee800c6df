import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { formatPercent } from "../../shared/base/format-number.ts";
import { frontFileSchema } from "../../shared/files/front-file.ts";
import { newFolder, offramp } from "../testing/command-line.ts";
import { expectFigures, figuresOf } from "./testing/figures.ts";
import { type LaunchedApp, launchApp } from "./testing/launch.ts";
import { samplePath } from "./testing/sample-path.ts";
import { copiedPlan, exits, liveFigures, openSample, runCommand, showLivePlan } from "./testing/window.ts";

let launched: LaunchedApp;
beforeAll(async () => {
  launched = await launchApp();
  await openSample(launched.page);
});
afterAll(() => launched.close());

it("opens already explored, with the figures that the command line finds", async () => {
  const { app, page } = launched;
  const folder = await newFolder();
  const { code, stderr } = await offramp([
    "search",
    samplePath,
    "--max-drop",
    "0.5",
    "--no-compare",
    "-o",
    folder,
  ]);
  expect(code, stderr).toBe(0);
  const front = frontFileSchema.parse(JSON.parse(await readFile(join(folder, "front.json"), "utf8")));
  expect((await copiedPlan(app, page)).exits).toEqual(front.recommended.exits);
  await showLivePlan(page);
  expectFigures(await liveFigures(page), front.recommended.figures);
  await expect.poll(() => exits(page).count()).toBe(front.recommended.exits.length);
  for (const [index, rate] of front.recommended.figures.exitRates.slice(0, -1).entries())
    expect(await exits(page).nth(index).getAttribute("aria-label")).toContain(
      `${formatPercent(rate)} of the samples leave here`,
    );
});

it("takes any plan of the front, and shows that plan's figures", async () => {
  const { app, page } = launched;
  await page.getByRole("application", { name: /^Accuracy against/ }).focus();
  for (let step = 0; step < 3; step++) await page.keyboard.press("ArrowRight");
  await page.keyboard.press("Enter");
  await showLivePlan(page);
  const plan = await copiedPlan(app, page);
  expectFigures(await liveFigures(page), await figuresOf(samplePath, plan));
});

it("says nothing in the console that a developer would have to look at", async () => {
  await runCommand(launched.page, "Keyboard shortcuts");
  await launched.page.getByRole("dialog").getByRole("button", { name: "Close" }).click();
  expect(launched.errors).toEqual([]);
});
