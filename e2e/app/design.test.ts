import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Locator } from "playwright-core";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { decodeNpy } from "../../electron/engine/base/npy.ts";
import { newFolder } from "../testing/command-line.ts";
import { expectFigures, figuresOf } from "./testing/figures.ts";
import { keepScreenshot, type LaunchedApp, launchApp } from "./testing/launch.ts";
import { samplePath } from "./testing/sample-path.ts";
import {
  choosePaths,
  copiedPlan,
  cutPoint,
  exits,
  graph,
  liveFigures,
  openSample,
  runCommand,
  setSize,
  showLivePlan,
  stage,
} from "./testing/window.ts";

let launched: LaunchedApp;
beforeAll(async () => {
  launched = await launchApp();
  await openSample(launched.page);
});
afterAll(() => launched.close());
beforeEach(async () => {
  if ((await exits(launched.page).count()) > 0) await runCommand(launched.page, "Remove every exit");
  await expect.poll(() => exits(launched.page).count()).toBe(0);
});

async function expectWindowAgreesWithEvaluator(): Promise<void> {
  const { app, page } = launched;
  await showLivePlan(page);
  const plan = await copiedPlan(app, page);
  expectFigures(await liveFigures(page), await figuresOf(samplePath, plan));
}

async function placedCutPoints(): Promise<string[]> {
  return (await copiedPlan(launched.app, launched.page)).exits.map(({ cutPoint: name }) => name);
}

it("places exits by mouse, moves and removes them, and undoes it all", async () => {
  const { page } = launched;
  await cutPoint(page, 1).click();
  await cutPoint(page, 8).click();
  await expect.poll(() => exits(page).count()).toBe(2);
  const [first, second] = await placedCutPoints();
  expect(first).toContain("blocks.0");
  expect(second).toContain("blocks.7");
  await expectWindowAgreesWithEvaluator();

  const from = (await exits(page).nth(1).boundingBox())!;
  const to = (await cutPoint(page, 10).boundingBox())!;
  await page.mouse.move(from.x + from.width / 2, from.y + from.height / 2);
  await page.mouse.down();
  await page.mouse.move(to.x, to.y + 20, { steps: 8 });
  await page.mouse.move(to.x + to.width / 2, to.y + to.height / 2, { steps: 4 });
  await page.mouse.up();
  await expect.poll(async () => (await placedCutPoints())[1]).toContain("blocks.9");

  await exits(page).first().click();
  await page.keyboard.press("Delete");
  await expect.poll(() => exits(page).count()).toBe(1);
  await page.keyboard.press("Control+Z");
  await expect.poll(() => exits(page).count()).toBe(2);
  await page.keyboard.press("Control+Z");
  await expect.poll(async () => (await placedCutPoints())[1]).toContain("blocks.7");
  await page.keyboard.press("Control+Shift+Z");
  await expect.poll(async () => (await placedCutPoints())[1]).toContain("blocks.9");
});

it("drags an exit from the palette onto the backbone", async () => {
  const { page } = launched;
  const chip = (await page
    .getByRole("toolbar", { name: "Graph tools" })
    .getByText("Exit", { exact: true })
    .boundingBox())!;
  const to = (await cutPoint(page, 5).boundingBox())!;
  await page.mouse.move(chip.x + chip.width / 2, chip.y + chip.height / 2);
  await page.mouse.down();
  await page.mouse.move(chip.x + 40, chip.y + 60, { steps: 4 });
  await page.mouse.move(to.x + to.width / 2, to.y + to.height / 2, { steps: 8 });
  await page.mouse.up();
  await expect.poll(() => exits(page).count()).toBe(1);
  expect((await placedCutPoints())[0]).toContain("blocks.4");
});

it("does the same from the keyboard alone", async () => {
  const { page } = launched;
  await graph(page).focus();
  await page.keyboard.press("Home");
  for (let step = 0; step < 40; step++) {
    const active = await graph(page).getAttribute("aria-activedescendant");
    const label = active && (await page.locator(`[id="${active}"]`).first().getAttribute("aria-label"));
    if (label && /^Cut point 4( of model)?,/.test(label)) break;
    await page.keyboard.press("ArrowRight");
  }
  await page.keyboard.press("Enter");
  await expect.poll(() => exits(page).count()).toBe(1);
  expect((await placedCutPoints())[0]).toContain("blocks.3");
  await graph(page).focus();
  await page.keyboard.press("Alt+ArrowRight");
  await expect.poll(async () => (await placedCutPoints())[0]).toContain("blocks.4");
  await graph(page).focus();
  await page.keyboard.press("Delete");
  await expect.poll(() => exits(page).count()).toBe(0);
});

it("moves a threshold by slider and by dragging its line, one step of undo each, and agrees with the evaluator", async () => {
  const { app, page } = launched;
  await cutPoint(page, 2).click();
  await cutPoint(page, 7).click();
  await exits(page).first().click();
  const threshold = async () => (await copiedPlan(app, page)).exits[0].threshold;
  const before = await threshold();
  const line = page.getByRole("slider", { name: /threshold/i }).first();
  await line.focus();
  for (let step = 0; step < 5; step++) await page.keyboard.press("ArrowRight");
  await expect.poll(threshold).not.toBe(before);
  await expectWindowAgreesWithEvaluator();

  await exits(page).first().click();
  const grip = page.getByRole("slider", { name: /threshold/i }).last();
  await grip.scrollIntoViewIfNeeded();
  const box = (await grip.boundingBox())!;
  const start = await threshold();
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width / 2 - 60, box.y + box.height / 2, { steps: 12 });
  await page.mouse.up();
  const dragged = await threshold();
  expect(dragged).toBeLessThan(start);
  await expectWindowAgreesWithEvaluator();
  await runCommand(page, "Undo");
  await expect.poll(threshold).toBe(start);
});

it("changes head and policy", async () => {
  const { app, page } = launched;
  await cutPoint(page, 3).click();
  await page.getByRole("combobox", { name: /policy/i }).selectOption("entropy");
  await expect.poll(async () => (await copiedPlan(app, page)).exits[0].policy).toBe("entropy");
  await expectWindowAgreesWithEvaluator();
});

it("a target has the name that it's given, wherever it's named, and shares are the same on graph and inspector", async () => {
  const { page } = launched;
  await stage(page, "Profile").click();
  const name = page.getByRole("textbox", { name: "Name of the target" }).first();
  await name.fill("board in the lab");
  await name.press("Enter");
  const target = page.getByRole("toolbar", { name: "Project" }).getByRole("combobox", { name: "Target" });
  await expect.poll(() => target.locator("option:checked").innerText()).toBe("board in the lab");
  await page.getByRole("button", { name: "Remove the profile of board in the lab" }).waitFor();
  await cutPoint(page, 3).click();
  const pill = await exits(page).first().innerText();
  const [rate] = pill.match(/[\d.]+ %/)!;
  await showLivePlan(page);
  await page.getByRole("complementary", { name: "Inspector" }).getByText(rate).first().waitFor();
  await runCommand(page, "Undo");
  await runCommand(page, "Undo");
  await expect.poll(() => target.locator("option:checked").innerText()).toMatch(/cpu, 1 thread$/);
});

it("what is said of something on the graph or the chart stands beside it, whole, in a small window too", async () => {
  const { app, page } = launched;
  await setSize(app, page, 1024, 700);
  for (const number of [1, 8, 16]) await cutPoint(page, number).click();
  await showLivePlan(page);
  const spoken = [
    cutPoint(page, 1),
    cutPoint(page, 16),
    cutPoint(page, 12),
    exits(page).first(),
    exits(page).last(),
  ];
  for (const element of spoken) {
    await page.mouse.move(2, 2);
    await page.getByRole("tooltip").waitFor({ state: "detached" });
    await element.hover();
    await page.getByRole("tooltip").waitFor();
    await expectBeside(page.getByRole("tooltip"), element);
  }
  const last = (await exits(page).last().boundingBox())!;
  const to = (await cutPoint(page, 12).boundingBox())!;
  await page.mouse.move(last.x + last.width / 2, last.y + last.height / 2);
  await page.mouse.down();
  await page.mouse.move(to.x + to.width / 2, to.y + to.height / 2, { steps: 6 });
  const said = page.getByRole("status").filter({ hasText: /^after block 12/ });
  await said.waitFor();
  await expectBeside(said, cutPoint(page, 12));
  await keepScreenshot(page, "dragged-exit-1024");
  await page.keyboard.press("Escape");
  await page.mouse.up();
  await setSize(app, page, 1440, 900);
});

it("an operator is found by its name first, and shows its kernel, its weights and what they are saved as", async () => {
  const { app, page } = launched;
  await runCommand(page, "Find in the graph");
  await page.getByRole("textbox", { name: "Find in the graph" }).fill("stem.0/Conv");
  await page.keyboard.press("Enter");
  await page
    .getByLabel(/^Conv, .*stem\.0\/Conv/)
    .first()
    .waitFor();
  const inspector = page.getByRole("complementary", { name: "Inspector" });
  await inspector.getByRole("heading", { name: /^Weights/ }).waitFor();
  await inspector.getByRole("img", { name: "Histogram of its values" }).first().waitFor();
  await inspector.getByText("16 × 1 × 3 × 3 float32").waitFor();
  await page.getByText("Conv 3×3", { exact: true }).first().waitFor();
  const folder = await newFolder();
  const path = join(folder, "weight.npy");
  await choosePaths(app, path);
  await inspector
    .getByRole("button", { name: /^Save .* as \.npy/ })
    .first()
    .click();
  await page.getByText("Saved weight.npy").waitFor();
  const { shape, data } = await decodeNpy(await readFile(path));
  expect([shape, data.length]).toEqual([[16, 1, 3, 3], 144]);
  await page.keyboard.press("Escape");
});

/** Within the window, and over nothing of what it speaks of. */
async function expectBeside(said: Locator, of: Locator): Promise<void> {
  const [tip, about] = [(await said.boundingBox())!, (await of.boundingBox())!];
  const { innerWidth, innerHeight } = await launched.page.evaluate(() => ({
    innerWidth: window.innerWidth,
    innerHeight: window.innerHeight,
  }));
  expect(tip.x).toBeGreaterThanOrEqual(0);
  expect(tip.y).toBeGreaterThanOrEqual(0);
  expect(tip.x + tip.width).toBeLessThanOrEqual(innerWidth);
  expect(tip.y + tip.height).toBeLessThanOrEqual(innerHeight);
  const isApart =
    tip.x >= about.x + about.width ||
    about.x >= tip.x + tip.width ||
    tip.y >= about.y + about.height ||
    about.y >= tip.y + tip.height;
  expect(isApart).toBe(true);
}
