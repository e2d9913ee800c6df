import { afterAll, beforeAll, expect, it } from "vitest";
import { enginePid } from "./testing/engine-pid.ts";
import { appSession, keepScreenshot } from "./testing/launch.ts";
import { copiedPlan, cutPoint, exits, openSample, stage } from "./testing/window.ts";

const launched = appSession();
/** Exits of the sample's plan and one more. */
let placed: number;
beforeAll(async () => {
  await launched.start();
  await openSample(launched.page);
});
afterAll(() => launched.end());

it("a design that was not saved is there again after kill -9", async () => {
  const { app, page } = launched;
  placed = (await copiedPlan(app, page)).exits.length + 1;
  await cutPoint(page, 10).click();
  await expect.poll(() => exits(page).count()).toBe(placed);
  const plan = await copiedPlan(app, page);
  // The journal is written within half a second.
  await page.waitForTimeout(1000);
  await launched.kill();

  await launched.start();
  await launched.page.getByRole("region", { name: "Unsaved work" }).waitFor();
  await launched.page.getByRole("button", { name: "Recover" }).click();
  // Opens a project, which takes more than a moment on a busy machine.
  await expect.poll(() => exits(launched.page).count(), { timeout: 20_000 }).toBe(placed);
  expect((await copiedPlan(launched.app, launched.page)).exits).toEqual(plan.exits);
  await launched.page.getByRole("heading", { level: 1, name: "fashion-mnist *" }).waitFor();
});

it("an engine killed in the middle of a search is told in words, and the window goes on", async () => {
  const { app, page } = launched;
  await stage(page, "Search").click();
  const panel = page.getByRole("region", { name: "Search", exact: true });
  await panel.getByLabel(/^Most exits/i).fill("6");
  await page.keyboard.press("Tab");
  const search = panel.getByRole("button", { name: /^(Run the search|Search)$/ });
  await search.click();
  await page.getByRole("button", { name: /^Stop/ }).first().waitFor();
  await page.waitForTimeout(500);
  process.kill(enginePid(app.process().pid!), "SIGKILL");
  await page.getByText(/^The engine works again; .* Before that, it was killed, by the system/).waitFor();
  await keepScreenshot(page, "notice-engine");
  // One event, one notice.
  expect(
    await page
      .locator("[aria-live=polite] p")
      .filter({ hasText: /engine/ })
      .count(),
  ).toBe(1);
  expect(await exits(page).count()).toBe(placed);

  await panel.getByLabel(/^Most exits/i).fill("1");
  await page.keyboard.press("Tab");
  await search.click();
  await page.getByText(/Recommended plan/).waitFor();
  await page.getByRole("button", { name: /^Search (done|stale)/ }).waitFor({ timeout: 60_000 });
});
