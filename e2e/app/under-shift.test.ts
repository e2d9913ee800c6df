import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { openProject } from "../../electron/engine/index.ts";
import { saveProject } from "../../electron/engine/project/project-archive.ts";
import { madeUpRobustness } from "../../shared/presentation/robustness/testing/made-up-robustness.ts";
import { newFolder } from "../testing/command-line.ts";
import { seriousFaults } from "./testing/accessibility.ts";
import { type LaunchedApp, launchApp } from "./testing/launch.ts";
import { samplePath } from "./testing/sample-path.ts";
import { choosePaths, openSample, runCommand } from "./testing/window.ts";

let launched: LaunchedApp;
beforeAll(async () => {
  launched = await launchApp();
  await openSample(launched.page);
});
afterAll(() => launched.close());

const view = () => launched.page.getByRole("tabpanel", { name: "Under shift" });

it("a plan is tried by a command, which shows how far it is and can be stopped", async () => {
  const { page } = launched;
  await runCommand(page, "Try the live plan on corrupted images");
  await view().getByText("Trying corrupted images", { exact: true }).waitFor({ timeout: 60_000 });
  await view().getByRole("button", { name: "Stop" }).click();
  await view().getByRole("button", { name: "Try the live plan" }).waitFor({ timeout: 60_000 });
  expect(await view().getByRole("table").count()).toBe(0);
});

it("what was found is in the project's file: chart, words and table, and whose plan it was", async () => {
  const { app, page } = launched;
  const path = join(await newFolder(), "tried.offramp");
  const sample = await openProject(samplePath);
  const { sha256 } = sample.backbone.summary;
  const [{ cutPoint, kind: head }] = sample.heads;
  await saveProject({ ...sample, robustness: madeUpRobustness(sha256, { cutPoint, head }) }, path);
  await choosePaths(app, path);
  await runCommand(page, "Open…");
  await view()
    .getByRole("img", { name: /^Accuracy and mean latency/ })
    .waitFor();
  await view().getByText("under contrast of severity 5: 10.00 pp").waitFor();
  const row = view().getByRole("row", { name: /^Contrast 5/ });
  expect(await row.getByRole("cell").allInnerTexts()).toEqual(
    expect.arrayContaining(["50.0 %", "40.0 %", "0.80 ms", "1.25x", "1 of 2"]),
  );
  await view()
    .getByText("Out of date: of another plan than the live one, another target and another front.")
    .waitFor();
  expect(await view().getByRole("button", { name: "Try the live plan" }).isVisible()).toBe(true);
  expect(await seriousFaults(page)).toEqual([]);
  expect(launched.errors).toEqual([]);
});
