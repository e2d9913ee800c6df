import { afterAll, beforeAll, expect, it } from "vitest";
import { type LaunchedApp, launchApp } from "./launch.ts";
import { openSample, stage } from "./window.ts";

let launched: LaunchedApp;
beforeAll(async () => {
  launched = await launchApp();
  await openSample(launched.page);
  await stage(launched.page, "Search").click();
});
afterAll(() => launched.close());

const panel = () => launched.page.getByRole("region", { name: "Search", exact: true });
const stop = () => launched.page.getByRole("button", { name: /^Stop/ }).first();

it("runs, grows its front on the chart, stops within a second, and keeps what was there", async () => {
  const { page } = launched;
  const before = await page.getByRole("contentinfo").last().innerText();
  await panel()
    .getByLabel(/^Most exits/i)
    .fill("5");
  await page.keyboard.press("Tab");
  await panel().getByRole("button", { name: /^Run/ }).click();
  await stop().waitFor();
  await page.waitForTimeout(1500);
  const pressed = performance.now();
  await stop().click();
  await panel().getByRole("button", { name: /^Run/ }).waitFor();
  expect(performance.now() - pressed).toBeLessThan(1500);
  expect(await page.getByRole("contentinfo").last().innerText()).toBe(before);
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
