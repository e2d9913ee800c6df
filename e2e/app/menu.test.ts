import { afterAll, beforeAll, expect, it } from "vitest";
import { commandIds, commandOf } from "../../shared/ipc/commands.ts";
import { type LaunchedApp, launchApp } from "./testing/launch.ts";
import { openSample } from "./testing/window.ts";

let launched: LaunchedApp;
beforeAll(async () => {
  launched = await launchApp();
  await openSample(launched.page);
});
afterAll(() => launched.close());

async function choose(id: string): Promise<void> {
  await launched.app.evaluate(({ Menu }, command) => {
    Menu.getApplicationMenu()!.getMenuItemById(command)!.click();
  }, id);
}

it("has an item for each command that belongs there", async () => {
  const inMenu = commandIds.filter((id) => commandOf(id).menu && commandOf(id).menu!.section !== "recent");
  const missing = await launched.app.evaluate(({ Menu }, ids) => {
    const menu = Menu.getApplicationMenu()!;
    return ids.filter((id) => !menu.getMenuItemById(id));
  }, inMenu);
  expect(missing).toEqual([]);
});

it("does in the window what it says", async () => {
  const { page } = launched;
  await choose("graph.find");
  await page.getByRole("textbox", { name: "Find in the graph" }).waitFor();
  await page.keyboard.press("Escape");

  await choose("help.shortcuts");
  await page.getByRole("dialog", { name: "Keyboard shortcuts" }).waitFor();
  await page.keyboard.press("Escape");
  await page.getByRole("dialog").waitFor({ state: "detached" });

  const theme = () => page.evaluate(() => document.documentElement.dataset.theme);
  for (const wanted of ["dark", "light"]) {
    await choose(`view.theme.${wanted}`);
    await expect.poll(theme).toBe(wanted);
  }

  await choose("view.pane.inspector");
  await expect.poll(async () => (await page.locator("[data-panel]#side").boundingBox())?.width).toBe(0);

  await choose("file.close");
  await page.getByRole("button", { name: /^Open the sample/ }).waitFor();
  expect(launched.errors).toEqual([]);
});

it("shows keys that the page hears", async () => {
  const { page } = launched;
  await openSample(page);
  await page.keyboard.press("Control+F");
  await page.getByRole("textbox", { name: "Find in the graph" }).waitFor();
  await page.keyboard.press("Escape");
  await page.keyboard.press("Control+/");
  await page.getByRole("dialog", { name: "Keyboard shortcuts" }).waitFor();
  await page.keyboard.press("Escape");
  await page.getByRole("dialog").waitFor({ state: "detached" });
  await page.keyboard.press("Control+W");
  await page.getByRole("button", { name: /^Open the sample/ }).waitFor();
});
