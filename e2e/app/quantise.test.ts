import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { InferenceSession } from "onnxruntime-node";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type LaunchedApp, launchApp } from "./testing/launch.ts";
import { choosePaths, openSample, runCommand, stage } from "./testing/window.ts";

let launched: LaunchedApp;
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "offramp-quantised-"));
  launched = await launchApp();
  const { page } = launched;
  await openSample(page);
  // The sample's own target is the machine that it was made on.
  await stage(page, "Profile").click();
  await panel().getByLabel("Measure at most").fill("1");
  await panel().getByRole("button", { name: "Profile this machine" }).click();
  await quantiseButton().waitFor({ timeout: 60_000 });
});
afterAll(async () => {
  await launched.close();
  await rm(folder, { recursive: true, force: true });
});

const panel = () => launched.page.getByRole("region", { name: "Profile", exact: true });
const quantiseButton = () => panel().locator("button:enabled", { hasText: "Quantise…" });
const dialog = () => launched.page.getByRole("dialog", { name: "Quantise the backbone" });

async function quantise(images: string): Promise<void> {
  await runCommand(launched.page, "Quantise the backbone");
  await dialog().getByLabel("Calibration images").fill(images);
  await dialog().getByRole("button", { name: "Quantise", exact: true }).click();
  await dialog().waitFor({ state: "detached" });
}

it("stopped, it leaves nothing behind", async () => {
  await quantise("10000");
  await panel().getByText("Quantising", { exact: true }).waitFor();
  await panel().getByRole("button", { name: "Stop" }).click();
  await quantiseButton().waitFor({ timeout: 30_000 });
  expect(await panel().getByText("model.int8").count()).toBe(0);
  expect(
    await panel()
      .getByRole("button", { name: /^Remove model/ })
      .count(),
  ).toBe(0);
});

it("makes a point on the chart that says how right and how fast it is, and saves the network", async () => {
  const { app, page } = launched;
  await page.keyboard.press("Escape");
  await quantise("32");
  // The panel is open at its progress, wherever the command was given.
  await panel().getByText("Quantising", { exact: true }).waitFor();
  const said = page.getByText(/^model\.int8 is on the chart: 9[2-4]\.\d % right, \d/);
  await said.waitFor({ timeout: 120_000 });
  await page.locator("svg").getByText("model.int8", { exact: true }).waitFor();
  const saved = join(folder, "small.onnx");
  await choosePaths(app, join(folder, "small"));
  await panel().getByRole("button", { name: "Save model.int8 as ONNX…" }).click();
  await page.getByText("Saved small.onnx").waitFor({ timeout: 60_000 });
  // A byte for each of 560 k weights, scales and graph beside them.
  expect((await stat(saved)).size).toBeLessThan(900_000);
  const session = await InferenceSession.create(saved);
  expect(session.outputNames).toEqual(["logits"]);
  await session.release();
  await panel().getByRole("button", { name: "Remove model.int8" }).click();
  await page.locator("svg").getByText("model.int8", { exact: true }).waitFor({ state: "detached" });
  expect(launched.errors).toEqual([]);
});
