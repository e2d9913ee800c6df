import { afterAll, expect, it } from "vitest";
import { seriousFaults } from "./testing/accessibility.ts";
import { appSession, keepScreenshot } from "./testing/launch.ts";
import { graph, runCommand } from "./testing/window.ts";

const session = appSession();
afterAll(() => session.end());

const step = (number: number) => session.page.getByRole("region", { name: `Tour, step ${number} of 5` });
const focused = () => session.page.evaluate(() => document.activeElement?.textContent);

it("shows itself over the sample when the app is started for the first time, a control a step", async () => {
  await session.start({ isFirst: true });
  const { page } = session;
  await step(1).getByText("Exits are where the network may stop").waitFor();
  await graph(page).waitFor();
  await expect.poll(focused).toBe("Next");
  expect(await seriousFaults(page)).toEqual([]);
  await keepScreenshot(page, "tour-1");
  await page.keyboard.press("Enter");
  await step(2).waitFor();
  // The first exit is selected, so that its threshold is there to be dragged.
  await page.getByRole("slider", { name: "Threshold", exact: true }).waitFor();
  await keepScreenshot(page, "tour-2");
  await page.keyboard.press("ArrowLeft");
  await expect.poll(focused).toBe("Back");
  await page.keyboard.press("Enter");
  await step(1).getByRole("button", { name: "Next" }).click();
  await step(2).getByRole("button", { name: "Next" }).click();
  await step(3).getByRole("button", { name: "Next" }).click();
  await step(4).getByRole("button", { name: "Next" }).click();
  // Nothing is blocked meanwhile.
  await page.getByRole("tab", { name: "Parallel" }).click();
  await step(5).getByRole("button", { name: "Done" }).click();
  expect(await page.getByRole("region", { name: /^Tour/ }).count()).toBe(0);
  expect(session.errors).toEqual([]);
});

it("stays away from then on, and comes again when it is asked for, over the sample if nothing is open", async () => {
  await session.kill();
  await session.start({ isFirst: true });
  const { page } = session;
  await page.getByRole("button", { name: /^Open the sample/ }).waitFor();
  expect(await page.getByRole("region", { name: /^Tour/ }).count()).toBe(0);
  await runCommand(page, "Tour");
  await step(1).waitFor();
  await page.keyboard.press("Escape");
  await step(1).waitFor({ state: "detached" });
  await runCommand(page, "Tour");
  await step(1).getByRole("button", { name: "Skip" }).click();
  await step(1).waitFor({ state: "detached" });
});
