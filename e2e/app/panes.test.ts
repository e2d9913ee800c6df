import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { appSession } from "./testing/launch.ts";
import { graph, openSample, runCommand, stage } from "./testing/window.ts";

const launched = appSession();
beforeAll(async () => {
  await launched.start();
  await openSample(launched.page);
});
afterAll(() => launched.end());

const heightOf = async (page: Page) => (await graph(page).boundingBox())?.height ?? 0;
const side = (page: Page) => page.locator("[data-panel]#side");
const widthOf = async (page: Page) => (await side(page).boundingBox())?.width ?? 0;

it("panes are hidden and shown by keys and commands, one of the main ones always shown", async () => {
  const { page } = launched;
  await page.keyboard.press("Control+I");
  await expect.poll(() => widthOf(page)).toBe(0);
  await stage(page, "Search").click();
  await expect.poll(() => widthOf(page)).toBeGreaterThan(200);
  await stage(page, "Search").click();
  await expect.poll(() => widthOf(page)).toBe(0);
  const before = await heightOf(page);
  await page.keyboard.press("Control+J");
  await page.keyboard.press("Control+L");
  await expect.poll(() => heightOf(page)).toBeGreaterThan(1.5 * before);
  await page.keyboard.press("Control+G");
  expect(await heightOf(page)).toBeGreaterThan(1.5 * before);
  await runCommand(page, "Show or hide: plans");
  await expect.poll(() => heightOf(page)).toBeLessThan(1.1 * before);
});

it("what was hidden is hidden in the next run", async () => {
  await launched.kill();
  await launched.start();
  const { page } = launched;
  await openSample(page);
  await expect.poll(() => widthOf(page)).toBe(0);
  expect(await page.getByRole("application", { name: /^Accuracy against/ }).isVisible()).toBe(false);
  await page.keyboard.press("Control+I");
  await expect.poll(() => widthOf(page)).toBeGreaterThan(200);
});
