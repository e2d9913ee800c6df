import { copyFile } from "node:fs/promises";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { newFolder, shared } from "../testing/command-line.ts";
import { nodeProcesses } from "./testing/engine-pid.ts";
import { appSession, keepScreenshot } from "./testing/launch.ts";
import { samplePath } from "./testing/sample-path.ts";
import {
  choosePaths,
  cutPoint,
  exits,
  graph,
  openFromOutside,
  runCommand,
  setTheme,
  stage,
} from "./testing/window.ts";

const launched = appSession();
let first: Page;
let second: Page;
let firstPath: string;
let secondPath: string;
/** Exits of the sample's plan. */
let placed: number;

beforeAll(async () => {
  const folder = await newFolder();
  firstPath = join(folder, "first.offramp");
  secondPath = join(folder, "second.offramp");
  await Promise.all([firstPath, secondPath].map((path) => copyFile(samplePath, path)));
  await launched.start({ args: [firstPath] });
  first = launched.page;
  await graph(first).waitFor();
  placed = await exits(first).count();
});
afterAll(() => launched.end());

const heading = (page: Page, name: string) => page.getByRole("heading", { level: 1, name, exact: true });
const engines = () => nodeProcesses(launched.app.process().pid!);
const isUnsaved = (page: Page) => page.getByTitle("There are changes that are not saved").count();

/** The next window that comes up while something is done. */
async function newWindow(act: () => Promise<unknown>): Promise<Page> {
  const [page] = await Promise.all([launched.app.waitForEvent("window"), act()]);
  page.setDefaultTimeout(20_000);
  return page;
}

/** Has the person close a window. Its title follows what it shows. */
async function closeWindow(title: string): Promise<void> {
  const close = () =>
    launched.app.evaluate(({ BrowserWindow }, named) => {
      const window = BrowserWindow.getAllWindows().find((other) => other.getTitle().startsWith(named));
      window?.close();
      return window !== undefined;
    }, title);
  await expect.poll(close).toBe(true);
}

/** What the person answers to "Save changes?" from now on; how often it was asked is counted. */
async function answerUnsaved(response: number): Promise<void> {
  await launched.app.evaluate(({ dialog }, answer) => {
    const counted = globalThis as unknown as { questions: number };
    counted.questions = 0;
    dialog.showMessageBox = async () => {
      counted.questions++;
      return { response: answer, checkboxChecked: false };
    };
  }, response);
}

const questions = () =>
  launched.app.evaluate(() => (globalThis as unknown as { questions: number }).questions);

it("opens a project in a window and an engine of its own", async () => {
  await choosePaths(launched.app, secondPath);
  second = await newWindow(() => first.keyboard.press("Control+Shift+O"));
  await heading(second, "second").waitFor();
  await graph(second).waitFor();
  expect(engines()).toHaveLength(2);
  const titles = await launched.app.evaluate(({ BrowserWindow }) =>
    BrowserWindow.getAllWindows().map((window) => window.getTitle()),
  );
  expect(titles.sort()).toEqual(["first.offramp - Offramp", "second.offramp - Offramp"]);
});

it("what is changed in one doesn't show in the other, undone neither", async () => {
  await cutPoint(second, 10).click();
  await expect.poll(() => exits(second).count()).toBe(placed + 1);
  await expect.poll(() => isUnsaved(second)).toBe(1);
  expect(await exits(first).count()).toBe(placed);
  await first.keyboard.press("Control+Z");
  expect(await isUnsaved(first)).toBe(0);
  expect(await exits(second).count()).toBe(placed + 1);
});

it("a theme that is chosen in one is the other's too", async () => {
  await setTheme(first, "dark");
  await expect.poll(() => second.evaluate(() => document.documentElement.dataset.theme)).toBe("dark");
  await keepScreenshot(second, "windows-second-dark");
  await setTheme(second, "light");
  await expect.poll(() => first.evaluate(() => document.documentElement.dataset.theme)).toBe("light");
});

it("a project that is open in one is shown there, and isn't saved over", async () => {
  const { app } = launched;
  await choosePaths(app, firstPath);
  await second.keyboard.press("Control+O");
  await first.getByText("first.offramp is open in this window already.").waitFor();
  await keepScreenshot(first, "windows-open-already");
  await second.keyboard.press("Control+Shift+S");
  const refusal = second.getByRole("alert").filter({ hasText: "is open in another window" });
  await refusal.waitFor();
  await refusal.getByRole("button", { name: "Dismiss" }).click();
  await openFromOutside(app, secondPath);
  await second.getByText("second.offramp is open in this window already.").waitFor();
  expect(app.windows()).toHaveLength(2);
  await heading(second, "second *").waitFor();
});

it("says in one that the other keeps the machine busy, for as long as it does", async () => {
  await stage(first, "Profile").click();
  await stage(second, "Profile").click();
  const note = second.getByText(/^! Another window is working: first\.offramp\./);
  expect(await note.count()).toBe(0);
  await first.getByRole("button", { name: "Profile this machine" }).click();
  await note.waitFor();
  await keepScreenshot(second, "windows-other-work");
  await first.getByRole("button", { name: /^Stop/ }).first().click();
  await note.waitFor({ state: "detached" });
});

it("one's engine is killed and starts again, the other's lives", async () => {
  const [kept, killed] = engines();
  process.kill(killed, "SIGKILL");
  await second.getByText(/^The engine works again/).waitFor();
  expect(await exits(second).count()).toBe(placed + 1);
  expect(engines()).toContain(kept);
  expect(await first.getByText(/^The engine (works|is started) again/).count()).toBe(0);
});

it("a file from outside leaves open projects alone, and goes with its window", async () => {
  const { app } = launched;
  const third = await newWindow(() => openFromOutside(app, shared("model.onnx")));
  await heading(third, "model").waitFor();
  await expect.poll(() => engines().length).toBe(3);
  await heading(first, "first").waitFor();
  await heading(second, "second *").waitFor();
  const gone = third.waitForEvent("close");
  await answerUnsaved(1);
  await closeWindow("model");
  await gone;
  await expect.poll(() => engines().length).toBe(2);
  expect(await exits(second).count()).toBe(placed + 1);
});

it("quitting asks of each that is unsaved, and stays as soon as the person wants to", async () => {
  const { app } = launched;
  await cutPoint(first, 10).click();
  await expect.poll(() => isUnsaved(first)).toBe(1);
  await answerUnsaved(2);
  await app.evaluate(({ app: electron }) => electron.quit());
  await expect.poll(questions).toBe(1);
  await first.waitForTimeout(300);
  expect(await questions()).toBe(1);
  expect(app.windows()).toHaveLength(2);
});

it("after a crash both offer what was unsaved, each its own", async () => {
  // The journals are written within half a second.
  await first.waitForTimeout(1000);
  await launched.kill();
  await launched.start();
  const { app } = launched;
  await expect.poll(() => app.windows().length).toBe(2);
  const names: string[] = [];
  for (const page of app.windows()) {
    const offer = page.getByRole("region", { name: "Unsaved work" });
    await offer.waitFor();
    const name = await offer.locator("strong").innerText();
    names.push(name);
    if (page === app.windows()[0]) await keepScreenshot(page, "windows-recovery");
    await offer.getByRole("button", { name: "Recover" }).click();
    await heading(page, `${name} *`).waitFor();
    await expect.poll(() => exits(page).count(), { timeout: 20_000 }).toBe(placed + 1);
  }
  expect(names.sort()).toEqual(["first", "second"]);
});

it("quits without what the person gives up, and offers none of it again", async () => {
  const { app } = launched;
  const gone = new Promise<void>((resolve) => app.process().once("exit", () => resolve()));
  await answerUnsaved(1);
  await app.evaluate(({ app: electron }) => {
    setTimeout(() => electron.quit(), 10);
  });
  await gone;
  await launched.start();
  const page = launched.page;
  await page.getByRole("button", { name: /^Open the sample/ }).waitFor();
  expect(launched.app.windows()).toHaveLength(1);
  expect(await page.getByRole("region", { name: "Unsaved work" }).count()).toBe(0);
  await page.getByText("second.offramp").first().waitFor();
});

it("a new window starts with nothing open, and the list of recent files", async () => {
  const page = await newWindow(() => runCommand(launched.page, "New window"));
  await page.getByRole("button", { name: /^Open the sample/ }).waitFor();
  await page.getByText("first.offramp").first().waitFor();
});

it("files that come at once get a window each, a free one first", async () => {
  const { app } = launched;
  const free = await newWindow(() => runCommand(launched.page, "New window"));
  await free.getByRole("button", { name: /^Open the sample/ }).waitFor();
  const other = await newWindow(async () => {
    await openFromOutside(app, shared("model.onnx"));
    await openFromOutside(app, secondPath);
  });
  await heading(free, "model").waitFor();
  await heading(other, "second").waitFor();
  expect(app.windows()).toHaveLength(4);
});
