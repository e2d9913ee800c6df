import { afterAll, beforeAll, expect, it } from "vitest";
import { keepScreenshot, type LaunchedApp, launchApp } from "./testing/launch.ts";
import { openSample, showLivePlan, stage } from "./testing/window.ts";

let launched: LaunchedApp;
beforeAll(async () => {
  launched = await launchApp();
  await openSample(launched.page);
  await stage(launched.page, "Search").click();
});
afterAll(() => launched.close());

const panel = () => launched.page.getByRole("region", { name: "Search", exact: true });
const stop = () => panel().getByRole("button", { name: "Stop", exact: true });

const status = () => launched.page.getByRole("contentinfo").last();

it("runs, grows its front on the chart, is cancelled within a second, and then all is as it was", async () => {
  const { page } = launched;
  const before = await status().innerText();
  await panel()
    .getByLabel(/^Most exits/i)
    .fill("5");
  await page.keyboard.press("Tab");
  await panel().getByRole("button", { name: /^Run/ }).click();
  await stop().waitFor();
  await page.waitForTimeout(1500);
  const pressed = performance.now();
  await panel().getByRole("button", { name: "Cancel" }).click();
  await panel().getByRole("button", { name: /^Run/ }).waitFor();
  expect(performance.now() - pressed).toBeLessThan(1500);
  expect(await status().innerText()).toBe(before);
});

it("stopped, it keeps what it has found with the gap that is left, and goes on where it was", async () => {
  const { page } = launched;
  const evaluated = async () => {
    const [, number, prefix] = /([\d.]+) ?([kMG]?) plans/.exec(await status().innerText())!;
    return Number(number) * { "": 1, k: 1e3, M: 1e6, G: 1e9 }[prefix]!;
  };
  await panel()
    .getByLabel(/^Most exits/i)
    .fill("6");
  await page.keyboard.press("Tab");
  await panel().getByLabel("Compare with the other algorithms").uncheck();
  await panel().getByRole("button", { name: /^Run/ }).click();
  await page.waitForTimeout(1500);
  await stop().click();
  const goOn = panel().getByRole("button", { name: "Continue the search" });
  await goOn.waitFor();
  await page.getByRole("button", { name: /^front, gap [\d.]+ %: show/ }).waitFor();
  const before = await evaluated();
  await goOn.click();
  await page.waitForTimeout(1000);
  await stop().click();
  await goOn.waitFor();
  await expect.poll(evaluated).toBeGreaterThan(before);
  await panel().getByLabel("Threshold levels").fill("31");
  await page.keyboard.press("Tab");
  await panel().getByRole("button", { name: "Run the search" }).waitFor();
});

it("runs again, to the end, with another algorithm", async () => {
  const { page } = launched;
  await panel()
    .getByLabel(/^Most exits/i)
    .fill("2");
  await panel()
    .getByRole("combobox", { name: /algorithm/i })
    .selectOption("nsga2");
  await panel()
    .getByLabel(/budget|^Most plans/i)
    .fill("4000");
  await page.keyboard.press("Tab");
  await panel().getByRole("button", { name: /^Run/ }).click();
  await page.getByText(/front not proven · nsga2/).waitFor({ timeout: 120_000 });
});

it("earlier searches are remembered, and their fronts laid over the chart, into the table too", async () => {
  const { page } = launched;
  const earlier = panel().getByRole("region", { name: "Earlier searches" });
  // The sample's own is the first; those that were stopped, or found by other means, stand behind it.
  const first = earlier.getByLabel(/^Search 1: drop ≤ 0\.50 pp/);
  await first.scrollIntoViewIfNeeded();
  await earlier
    .getByText(/^Exact \(branch and bound\), seed 1 · .* · \d+ plans · hypervolume \d\d\.\d %/)
    .last()
    .waitFor();
  await first.check();
  const legend = page.getByRole("list", { name: "Series on the chart" });
  await legend.getByRole("button", { name: "Search 1" }).waitFor();
  const rows = page.getByRole("grid", { name: "Plans" });
  await page.getByRole("button", { name: "Filter by column" }).click();
  await page.getByLabel("Filter Series").fill("search 1");
  await expect.poll(() => rows.getByRole("row", { name: /Search 1/ }).count()).toBeGreaterThan(5);
  await keepScreenshot(page, "search-history");
  await page.getByLabel("Filter Series").fill("");
  await page.getByRole("button", { name: "Filter by column" }).click();
  await first.uncheck();
  await expect.poll(() => legend.getByRole("button", { name: "Search 1" }).count()).toBe(0);
});

it("guarantees a plan that is tested, and of any other it says what the drop may be on new images", async () => {
  const { page } = launched;
  await panel()
    .getByRole("combobox", { name: /algorithm/i })
    .selectOption("exact");
  await page.getByRole("button", { name: /^Use case drop/ }).click();
  await page.getByLabel("Guarantee of drop and accuracy").selectOption("0.9");
  await page.getByLabel("Largest accuracy drop (pp)").fill("1");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: /^Use case drop ≤ 1.00 pp, guaranteed 90 %/ }).waitFor();
  await panel().getByRole("button", { name: /^Run/ }).click();
  const said =
    /drop ≤ 1\.00 pp is guaranteed with 90 % confidence: on 6 667 calibration samples .* upper bound (0\.\d\d|1\.00) pp/i;
  await panel().getByText(said).waitFor({ timeout: 120_000 });
  await page.locator("svg text", { hasText: /^guaranteed: 9\d\.\d %, 0\.\d+ ms/ }).waitFor();
  await page.locator("svg text", { hasText: /^without guarantee: 9\d\.\d %/ }).waitFor();
  await panel().getByRole("button", { name: "Take the recommended plan" }).click();
  await showLivePlan(page);
  const inspector = page.getByRole("complementary", { name: "Inspector" });
  await inspector.getByText(said).waitFor();
  await stage(page, "Search").click();
  await panel()
    .getByRole("button", { name: /^Without guarantee: / })
    .click();
  await showLivePlan(page);
  await inspector.getByText(/nothing is guaranteed of this plan/).waitFor();
  await inspector
    .getByText(
      /^On new images the drop is at most 1\.\d\d pp \(90 %\), and drop ≤ 1\.00 pp is kept with \d+ %/,
    )
    .waitFor();
  await inspector.getByRole("button", { name: "Take safe" }).waitFor();
});
