import { existsSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { newFolder } from "../testing/command-line.ts";
import { keepScreenshot, type LaunchedApp, launchApp } from "./testing/launch.ts";
import {
  choosePaths,
  copiedPlan,
  liveFigures,
  openSample,
  runCommand,
  showLivePlan,
} from "./testing/window.ts";

let launched: LaunchedApp;
beforeAll(async () => {
  launched = await launchApp({ size: { width: 1440, height: 900 } });
  await openSample(launched.page);
});
afterAll(() => launched.close());

const inspector = () => launched.page.getByRole("complementary", { name: "Inspector" });
const dialog = () => launched.page.getByRole("dialog");
/** A plan that the chart names, with an arrow before it where it lies outside. */
const named = (word: string) => launched.page.locator("svg text", { hasText: new RegExp(`^(↓ )?${word}: `) });

/** Colour of the bar beside all that is said, and the theme's own for what is good and what is bad. */
async function bar(): Promise<{ shown: string; good: string; bad: string }> {
  const list = dialog().getByRole("list", { name: "Verdict" });
  return list.evaluate((element) => {
    const probe = document.body.appendChild(document.createElement("i"));
    const colour = (name: string) => {
      probe.style.color = `var(--${name})`;
      return getComputedStyle(probe).color;
    };
    const found = {
      shown: getComputedStyle(element).borderLeftColor,
      good: colour("good"),
      bad: colour("bad"),
    };
    probe.remove();
    return found;
  });
}

async function want(field: string, value: string): Promise<void> {
  const { page } = launched;
  await page.getByRole("button", { name: /^Use case / }).click();
  await page.getByLabel(field, { exact: true }).fill(value);
  await page.keyboard.press("Tab");
  await page.keyboard.press("Escape");
}

it("B takes the plan that the chart calls best, and so does Take recommended", async () => {
  const { app, page } = launched;
  await runCommand(page, "Remove every exit");
  await showLivePlan(page);
  await want("Largest accuracy drop (pp)", "1");
  const label = await named("best").innerHTML();
  const [accuracy, latency] = label.replace("best: ", "").split(", ");
  await page.keyboard.press("b");
  await expect.poll(async () => (await liveFigures(page)).accuracy).toBe(accuracy);
  expect((await liveFigures(page))["mean latency"]).toBe(latency);
  await inspector()
    .getByText("The use case is met on the calibration split: accuracy drop ≤ 1.00 pp.")
    .waitFor();
  const taken = await copiedPlan(app, page);
  await runCommand(page, "Remove every exit");
  await inspector().getByRole("button", { name: "Take recommended" }).click();
  await expect.poll(async () => (await copiedPlan(app, page)).exits).toEqual(taken.exits);
  expect(await dialog().count()).toBe(0);
});

it("asks before it takes a plan that misses, and says by how much", async () => {
  const { app, page } = launched;
  const before = await copiedPlan(app, page);
  await want("Latency budget (ms)", "0.01");
  await named("nearest").waitFor();
  expect(await named("best").count()).toBe(0);
  const missed = /^The use case is missed: at most 0\.010 ms mean latency wanted\. /;
  await inspector().getByText(missed).waitFor();
  await page.keyboard.press("b");
  await dialog().getByText("No plan meets the use case", { exact: true }).waitFor();
  const said = await dialog().getByRole("listitem").allTextContents();
  expect(said.length).toBeGreaterThan(0);
  for (const text of said)
    expect(text).toMatch(
      /The nearest plan has [\d.]+ (ms|pp) on the calibration split, [\d.]+ (ms|pp) off\.$/,
    );
  await keepScreenshot(page, "verdict-take-a-miss");
  await dialog().getByRole("button", { name: "Cancel" }).click();
  await dialog().waitFor({ state: "detached" });
  expect((await copiedPlan(app, page)).exits).toEqual(before.exits);

  await inspector().getByRole("button", { name: "Take recommended" }).click();
  await dialog().getByRole("button", { name: "Take the nearest plan" }).click();
  await dialog().waitFor({ state: "detached" });
  const latency = (await named("nearest").innerHTML()).split(", ")[1];
  await expect.poll(async () => (await liveFigures(page))["mean latency"]).toBe(latency);
});

it("asks before it exports a plan that misses; nothing green stands beside it", async () => {
  const { app, page } = launched;
  const folder = join(await newFolder(), "missed");
  await choosePaths(app, folder);
  await page.keyboard.press("Control+E");
  await dialog().getByRole("button", { name: "Choose…" }).click();
  await dialog().getByText(folder).waitFor();
  if (await dialog().getByRole("checkbox", { name: "Verify" }).isEnabled())
    await dialog().getByRole("checkbox", { name: "Verify" }).uncheck();
  await dialog()
    .getByText(/^The use case is missed: .* [\d.]+ (ms|pp) off\.$/)
    .first()
    .waitFor();
  await keepScreenshot(page, "verdict-export-before");
  const before = await bar();
  expect(before.shown).toBe(before.bad);
  await dialog().getByRole("button", { name: "Export", exact: true }).click();
  await dialog().getByRole("alert").filter({ hasText: "misses the use case" }).waitFor();
  await keepScreenshot(page, "verdict-export-asks");
  expect(existsSync(folder)).toBe(false);
  await dialog().getByRole("button", { name: "Back" }).click();
  await dialog().getByRole("button", { name: "Export", exact: true }).click();
  await dialog().getByRole("button", { name: "Export anyway" }).click();
  await dialog().getByText("Exported", { exact: true }).waitFor({ timeout: 60_000 });
  expect(existsSync(join(folder, "model.onnx"))).toBe(true);
  const after = await bar();
  expect(after.shown).toBe(after.bad);
  expect(after.shown).not.toBe(after.good);
  await page.keyboard.press("Escape");
  expect(launched.errors).toEqual([]);
});

it("has room for all of it in a small window, light and dark", async () => {
  const { app, page } = launched;
  for (const [width, height] of [
    [1440, 900],
    [1024, 700],
  ])
    for (const theme of ["light", "dark"]) {
      await app.evaluate(
        ({ BrowserWindow }, size) => BrowserWindow.getAllWindows()[0].setContentSize(size.width, size.height),
        { width, height },
      );
      await runCommand(page, `Theme: ${theme}`);
      await showLivePlan(page);
      const list = inspector().getByRole("list", { name: "Verdict" });
      await list.scrollIntoViewIfNeeded();
      expect(await list.evaluate((element) => element.scrollWidth - element.clientWidth)).toBe(0);
      await keepScreenshot(page, `verdict-inspector-${width}-${theme}`);
      await runCommand(page, "Export…");
      await dialog().waitFor();
      await keepScreenshot(page, `verdict-export-${width}-${theme}`);
      await page.keyboard.press("Escape");
      await dialog().waitFor({ state: "detached" });
    }
});
