import { writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { newFolder, shared } from "../testing/command-line.ts";
import { keepScreenshot, type LaunchedApp, launchApp } from "./testing/launch.ts";
import { samplePath } from "./testing/sample-path.ts";
import { choosePaths, graph, openSample, runCommand, setTheme } from "./testing/window.ts";

let launched: LaunchedApp;
beforeAll(async () => {
  launched = await launchApp();
  await openSample(launched.page);
});
afterAll(() => launched.close());

async function compareWith(path: string): Promise<void> {
  await choosePaths(launched.app, path);
  await runCommand(launched.page, "Compare the graph with another");
}

it("says block by block that a project's network is the same as itself", async () => {
  const { page } = launched;
  await compareWith(resolve(samplePath));
  const dialog = page.getByRole("dialog", { name: /^Compare with / });
  await dialog.getByText(/^Blocks of both backbones: 19 same\./).waitFor({ timeout: 60_000 });
  const rows = dialog.locator("tbody").getByRole("row");
  expect(await rows.count()).toBe(19);
  expect(await rows.first().innerText()).toMatch(/^0 stem\.0\t0 stem\.0\tsame/);
  await keepScreenshot(page, "compare-model");
  await page.keyboard.press("Escape");
  await dialog.waitFor({ state: "detached" });
});

it("marks on the graph what differs, until that is put away", async () => {
  const { page } = launched;
  await compareWith(shared("model.onnx"));
  const dialog = page.getByRole("dialog", { name: /^Compare with / });
  await dialog.getByText(/^Blocks of both backbones: /).waitFor({ timeout: 60_000 });
  await page.keyboard.press("Escape");
  const comparison = page.getByRole("region", { name: "Comparison of the graph" });
  await comparison.getByText(/only here/).waitFor();
  const marked = graph(page).getByRole("group", { name: /; beside .*: only here$/ });
  expect(await marked.count()).toBeGreaterThan(0);
  for (const theme of ["light", "dark"] as const) {
    await setTheme(page, theme);
    await keepScreenshot(page, `compare-model-graph-${theme}`);
  }
  await comparison.getByRole("button", { name: "Put the comparison away" }).click();
  await comparison.waitFor({ state: "detached" });
  expect(await marked.count()).toBe(0);
});

it("what is no model closes the comparison and says so", async () => {
  const { page } = launched;
  const path = join(await newFolder(), "notes.onnx");
  await writeFile(path, "nothing");
  await compareWith(path);
  await page
    .getByText(/notes\.onnx/)
    .first()
    .waitFor();
  expect(await page.getByRole("dialog").count()).toBe(0);
});
