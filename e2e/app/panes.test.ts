import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { appSession, keepScreenshot } from "./testing/launch.ts";
import { copiedPlan, exits, graph, openSample, runCommand, stage } from "./testing/window.ts";

const launched = appSession();
beforeAll(async () => {
  await launched.start();
  await openSample(launched.page);
});
afterAll(() => launched.end());

/** The name of what has the keyboard, or its role. */
const focused = (page: Page) =>
  page.evaluate(() => {
    const { activeElement: element } = document;
    const named = element instanceof HTMLSelectElement ? element.labels[0]?.firstChild : element;
    return element?.getAttribute("aria-label") ?? named?.textContent ?? "";
  });

/** Presses F6 until the keyboard is there. */
async function goTo(page: Page, name: RegExp, key = "F6"): Promise<void> {
  await expect
    .poll(async () => {
      await page.keyboard.press(key);
      return focused(page);
    })
    .toMatch(name);
}

/** Types into the palette and takes what is offered first. */
async function type(page: Page, query: string, offered: RegExp): Promise<void> {
  await page.keyboard.press("Control+K");
  const input = page.getByRole("combobox", { name: "Command" });
  await input.fill(query);
  await expect.poll(() => page.locator("[cmdk-item][aria-selected=true]").innerText()).toMatch(offered);
  await page.keyboard.press("Enter");
  await input.waitFor({ state: "detached" });
}

it("F6 goes through the panes and back, each where the keyboard was in it", async () => {
  const { page } = launched;
  const seen: string[] = [];
  for (let pane = 0; pane < 6; pane++) {
    await page.keyboard.press("F6");
    seen.push(await focused(page));
  }
  expect(seen.map((name) => name.slice(0, 12))).toEqual([
    "Target",
    expect.stringMatching(/^Model/),
    "Networks and",
    "Accuracy aga",
    "Plans",
    expect.anything(),
  ]);
  await goTo(page, /^Networks and/, "Shift+F6");
  await goTo(page, /^Model/, "Shift+F6");
  await page.keyboard.press("ArrowDown");
  expect(await focused(page)).toMatch(/^Data/);
  await goTo(page, /^Networks and/);
  await page.keyboard.press("Shift+F6");
  expect(await focused(page)).toMatch(/^Data/);
});

it("at most five keys lead from the graph to a threshold, and Escape back", async () => {
  const { app, page } = launched;
  const count = await exits(page).count();
  expect(count).toBeGreaterThan(1);
  await graph(page).focus();
  for (const key of ["X", "X", "Enter"]) await page.keyboard.press(key);
  await expect.poll(() => focused(page)).toBe("Threshold in the histogram");
  await page.getByRole("heading", { name: /^Exit 2/ }).waitFor();
  const threshold = async () => (await copiedPlan(app, page)).exits[1].threshold;
  const before = await threshold();
  await page.keyboard.press("PageDown");
  await expect.poll(threshold).toBeLessThan(before);
  await page.keyboard.press("Escape");
  await expect.poll(() => focused(page)).toMatch(/^Networks and/);
  await page.keyboard.press("T");
  await expect.poll(() => focused(page)).toBe("Threshold in the histogram");
});

it("the palette takes values of what it finds, and goes to the control of any", async () => {
  const { app, page } = launched;
  await type(page, "drop 0.3", /Largest accuracy drop\s+0\.3 pp/);
  await page.getByRole("button", { name: /Use case.*drop ≤ 0\.30 pp/ }).waitFor();
  await type(page, "threshold 2 0.75", /Exit 2\s*Threshold\s+0\.75/);
  await expect.poll(async () => (await copiedPlan(app, page)).exits[1].threshold).toBe(0.75);
  await type(page, "exit 2 policy entropy", /Exit policy\s+.*[Ee]ntropy/);
  await expect.poll(async () => (await copiedPlan(app, page)).exits[1].policy).toBe("entropy");
  await type(page, "most exits 2", /Most exits\s+2/);
  await type(page, "most exits", /Most exits/);
  await expect.poll(() => page.evaluate(() => (document.activeElement as HTMLInputElement).value)).toBe("2");
  await type(page, "class weight bag 2", /Class weight\s*Bag\s+2/);
  await type(page, "class weight bag 1", /Class weight\s*Bag\s+1/);
  await type(page, "search entropy on", /Search\s*Entropy.*\s+on/);
  await type(page, "search entropy", /Search\s*Entropy.*\s+on/);
  await type(page, "training graph off", /Export\s*.*raining graph.*\s+off/);
  await type(page, "largest memory", /Largest memory/);
  await page.getByRole("spinbutton", { name: /^Largest memory/ }).waitFor();
  await expect
    .poll(() => page.evaluate(() => document.activeElement?.id))
    .toBe(await page.getByRole("spinbutton", { name: /^Largest memory/ }).getAttribute("id"));
  await page.keyboard.press("Escape");
  await page.keyboard.press("Control+K");
  await page.getByRole("combobox", { name: "Command" }).fill("drop 300");
  await page.getByText("expected a number from 0 to 100 pp").waitFor();
  await keepScreenshot(page, "palette-value");
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Close this panel" }).click();
});

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
