import type { ElectronApplication, Locator, Page } from "playwright-core";
import { expect } from "vitest";
import { type Plan, planSchema } from "../../../shared/model/plan.ts";
import type { LaunchedApp } from "./launch.ts";

/** What a person sees and does in the window, by the words on it. */

export async function openSample(page: Page): Promise<void> {
  await page.getByRole("button", { name: /^Open the sample/ }).click();
  await graph(page).waitFor();
  await page.getByText("engine ready").waitFor();
}

export function graph(page: Page): Locator {
  return page.getByRole("application", { name: /^(Backbone|Networks) and exits/ });
}

/** By its number, the first is 0. Of the backbone, which in a project of several networks is the one called model. */
export function cutPoint(page: Page, number: number): Locator {
  return page.getByLabel(new RegExp(`^Cut point ${number}( of model)?, `));
}

/** The exits on the graph, as the branches that they are. */
export function exits(page: Page): Locator {
  return page.getByLabel(/^Exit \d+ (after block|at the output)/);
}

export function stage(page: Page, name: string): Locator {
  return page
    .getByRole("navigation", { name: "Stages" })
    .getByRole("button", { name: new RegExp(`^${name}`) });
}

/** Nothing selected: the inspector shows the live plan. */
export async function showLivePlan(page: Page): Promise<void> {
  await page.keyboard.press("Escape");
  await page.getByRole("heading", { name: /^Live plan/ }).waitFor();
}

/** The live plan's column of the table of figures, by row. */
export async function liveFigures(page: Page): Promise<Record<string, string>> {
  const rows = await page.getByRole("complementary", { name: "Inspector" }).getByRole("row").all();
  const found: Record<string, string> = {};
  for (const row of rows) {
    const header = row.getByRole("rowheader");
    const cells = row.getByRole("cell");
    if ((await header.count()) === 0 || (await cells.count()) === 0) continue;
    found[await header.innerText()] = (await cells.first().innerText()).split("\n")[0];
  }
  return found;
}

/** The live plan as the window copies it. The clipboard is emptied first, so what is read can't be an earlier copy. */
export async function copiedPlan(app: ElectronApplication, page: Page): Promise<Plan> {
  await app.evaluate(({ clipboard }) => clipboard.clear());
  await runCommand(page, "Copy the plan as JSON");
  await expect.poll(() => app.evaluate(({ clipboard }) => clipboard.readText())).toContain("offramp-plan");
  return planSchema.parse(JSON.parse(await app.evaluate(({ clipboard }) => clipboard.readText())));
}

/** Runs a command by its name, from the palette. */
export async function runCommand(page: Page, title: string): Promise<void> {
  await page.keyboard.press("Control+K");
  const input = page.getByRole("combobox", { name: "Command" });
  await input.fill(title);
  await page
    .getByRole("option", { name: new RegExp(`^${title}`) })
    .first()
    .waitFor();
  await page.keyboard.press("Enter");
  await input.waitFor({ state: "detached" });
}

/** What the person chooses in the next dialogs of the system; they can't be driven by tests. */
export async function choosePaths(app: ElectronApplication, path: string): Promise<void> {
  await app.evaluate(({ dialog }, chosen) => {
    dialog.showOpenDialog = async () => ({ canceled: false, filePaths: [chosen] });
    dialog.showSaveDialog = async () => ({ canceled: false, filePath: chosen });
  }, path);
}

/** Exports the live plan into a folder and has it verified there. */
export async function exportVerified(app: ElectronApplication, page: Page, folder: string): Promise<void> {
  await choosePaths(app, folder);
  await runCommand(page, "Export");
  const dialog = page.getByRole("dialog");
  const press = (name: RegExp) => dialog.getByRole("button", { name });
  await press(/Choose|Folder/)
    .first()
    .click();
  await press(/^Export/)
    .last()
    .click();
  await dialog.getByText("Decision agreement").first().waitFor({ timeout: 180_000 });
}

/** Drags files or folders of this machine over the middle of the window. @returns lets them go there */
export async function dragOver(
  { app, page }: Pick<LaunchedApp, "app" | "page">,
  files: readonly string[],
): Promise<() => Promise<void>> {
  const session = await app.context().newCDPSession(page);
  const data = { items: [], files: [...files], dragOperationsMask: 1 };
  const send = (type: "dragEnter" | "dragOver" | "drop") =>
    session.send("Input.dispatchDragEvent", { type, x: 500, y: 400, data });
  const overlay = page.getByRole("heading", { name: /^Drop( \d+ files)?$/ });
  // A window that has just come up loses a drag.
  await expect
    .poll(async () => {
      await send("dragEnter");
      await send("dragOver");
      return overlay.count();
    })
    .toBe(1);
  return async () => {
    await send("drop");
    await overlay.waitFor({ state: "detached" });
  };
}

/** Opens a file in the window by the File menu, in place of what is open. */
export async function openByMenu(app: ElectronApplication, path: string): Promise<void> {
  await app.evaluate(
    ({ dialog, Menu }, chosen) =>
      new Promise<void>((resolve) => {
        dialog.showOpenDialog = async () => {
          resolve();
          return { canceled: false, filePaths: [chosen] };
        };
        Menu.getApplicationMenu()!.getMenuItemById("file.open")!.click();
      }),
    path,
  );
}

/** Hands a file to the running app as the system's file manager does. */
export async function openFromOutside(app: ElectronApplication, path: string): Promise<void> {
  await app.evaluate(({ app: electron }, file) => {
    electron.emit("open-file", { preventDefault: () => {} }, file);
  }, path);
}

export async function setTheme(page: Page, theme: "light" | "dark"): Promise<void> {
  await runCommand(page, `Theme: ${theme}`);
  await expect.poll(() => page.evaluate(() => document.documentElement.dataset.theme)).toBe(theme);
}

export async function setSize(
  app: ElectronApplication,
  page: Page,
  width: number,
  height: number,
): Promise<void> {
  await app.evaluate(
    ({ BrowserWindow }, size) => BrowserWindow.getAllWindows()[0].setContentSize(size.width, size.height),
    { width, height },
  );
  await expect.poll(() => page.evaluate(() => window.innerWidth)).toBe(width);
}
