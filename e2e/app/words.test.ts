import { afterAll, beforeAll, expect, it } from "vitest";
import { seriousFaults } from "./testing/accessibility.ts";
import { keepScreenshot, type LaunchedApp, launchApp } from "./testing/launch.ts";
import { keepInAllLooks } from "./testing/looks.ts";
import { openSample, runCommand, showLivePlan } from "./testing/window.ts";

let launched: LaunchedApp;
beforeAll(async () => {
  launched = await launchApp();
  await openSample(launched.page);
});
afterAll(() => launched.close());

it("says what a word of the field means under the pointer", async () => {
  const { page } = launched;
  await showLivePlan(page);
  const figures = page.getByRole("button", { name: /^Figures/ });
  await figures.getByText("calibration", { exact: true }).hover();
  await page.getByRole("tooltip").filter({ hasText: "on images that nothing has learnt from" }).waitFor();
  await keepScreenshot(page, "words-hover");
});

it("lists all of them in Help, for whoever has no pointer", async () => {
  const { page } = launched;
  await runCommand(page, "Glossary");
  const dialog = page.getByRole("dialog", { name: "Glossary" });
  await dialog.waitFor();
  expect(await dialog.getByRole("term").allInnerTexts()).toEqual([
    "calibration",
    "corruption",
    "distillation",
    "ECE",
    "gap",
    "hypervolume",
    "policy",
    "pp",
    "temperature",
  ]);
  expect(await seriousFaults(page)).toEqual([]);
  await keepScreenshot(page, "words-dialog");
  await page.keyboard.press("Escape");
  await dialog.waitFor({ state: "detached" });
});

it("looks well on the panels that have such words", async () => {
  const { page } = launched;
  await page
    .getByRole("navigation", { name: "Stages" })
    .getByRole("button", { name: /^Search/ })
    .click();
  await page.getByRole("region", { name: "Search", exact: true }).waitFor();
  await keepInAllLooks(launched, "words-search");
  expect(launched.errors).toEqual([]);
});
