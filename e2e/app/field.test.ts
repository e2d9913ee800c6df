import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { newFolder } from "../testing/command-line.ts";
import { countedOn, countsFile, openSampleField } from "../testing/sample-field.ts";
import { keepScreenshot, type LaunchedApp, launchApp } from "./testing/launch.ts";
import { samplePath } from "./testing/sample-path.ts";
import { choosePaths, copiedPlan, exits, openSample, runCommand, showLivePlan } from "./testing/window.ts";

let launched: LaunchedApp;
beforeAll(async () => {
  launched = await launchApp();
  await openSample(launched.page);
});
afterAll(() => launched.close());

it("lays the field's confidences over calibration's, says how it differs, and takes thresholds for it", async () => {
  const { page, app } = launched;
  const { plan, mostlyTops } = await openSampleField(samplePath);
  const path = join(await newFolder(), "counts.json");
  await writeFile(path, countsFile(plan, countedOn(mostlyTops, plan)));
  await choosePaths(app, path);
  await runCommand(page, "Open field counts");
  const inspector = page.getByRole("complementary", { name: "Inspector" });
  await inspector.getByText("The field is not like calibration").waitFor();
  await keepScreenshot(page, "field-plan");

  await exits(page).first().click();
  await inspector.getByRole("img", { name: /^Confidences in the field over those of calibration/ }).waitFor();
  expect(await inspector.innerText()).toMatch(/is less sure: of those that reach it \d\d\.\d pp/);
  await keepScreenshot(page, "field-exit");

  await showLivePlan(page);
  const before = await copiedPlan(app, page);
  await inspector.getByRole("button", { name: "Take the new thresholds" }).click();
  await expect
    .poll(async () => (await copiedPlan(app, page)).exits[0].threshold)
    .not.toBe(before.exits[0].threshold);
  await inspector.getByRole("button", { name: "Close the field counts" }).click();
  await expect.poll(() => inspector.getByText("The field is not like calibration").count()).toBe(0);
});
