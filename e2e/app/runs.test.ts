import { copyFile, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { unzipSync, zipSync } from "fflate";
import type { Locator } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { openProject } from "../../electron/engine/index.ts";
import { finishedRun } from "../testing/command-line.ts";
import { seriousFaults } from "./testing/accessibility.ts";
import { appSession, keepScreenshot } from "./testing/launch.ts";
import { keepInAllLooks } from "./testing/looks.ts";
import { graph, runCommand, setSize, setTheme, stage } from "./testing/window.ts";

const session = appSession();
let folder: string;
let path: string;

const heads = (): Locator => session.page.getByRole("region", { name: "Heads", exact: true });
const dialog = (): Locator => session.page.getByRole("dialog", { name: "Training runs" });
const epochsField = (): Locator => heads().getByLabel("Epochs", { exact: true });
const lines = (place: Locator): Locator => place.locator("path.recharts-line-curve");
const limits = { timeout: 120_000, interval: 100 };

async function start(): Promise<void> {
  await session.start({ args: [path], size: { width: 1440, height: 900 } });
  await graph(session.page).waitFor();
  await session.page.getByText("engine ready").waitFor();
}

async function setField(label: string, value: string): Promise<void> {
  const field = heads().getByLabel(label, { exact: true });
  await field.fill(value);
  await field.press("Enter");
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "offramp-runs-"));
  path = join(folder, "net.offramp");
  await copyFile((await finishedRun()).project, path);
  await start();
}, 180_000);
afterAll(async () => {
  await session.end();
  await rm(folder, { recursive: true, force: true });
});

it("shows how every head learnt, and while others learn how these do", async () => {
  const { page } = session;
  await stage(page, "Heads").click();
  await heads().getByText("Run 1", { exact: true }).waitFor();
  // A head per cut point.
  await expect.poll(() => lines(heads()).count(), limits).toBe(6);
  await heads().getByText("Training options").click();
  await setField("Epochs", "40");
  await setField("Patience", "40");
  await setField("Batch size", "16");
  await heads()
    .getByRole("button", { name: /^Train \d+ heads again/ })
    .click();
  await expect.poll(() => lines(heads()).count(), limits).toBeGreaterThan(1);
  expect(await heads().getByRole("button", { name: "Stop" }).isVisible()).toBe(true);
  await keepScreenshot(page, "runs-live");
  await heads().getByText("Run 2", { exact: true }).waitFor({ timeout: 180_000 });
  await expect.poll(() => lines(heads()).count(), limits).toBe(6);
});

it("names the head that is pointed at, and shows losses as well", async () => {
  const { page } = session;
  const figure = heads().getByRole("figure", { name: "Learning curves" });
  await figure.getByText(/^Accuracy: on training images that are set aside/).waitFor();
  await figure.scrollIntoViewIfNeeded();
  const line = (await lines(figure).last().boundingBox())!;
  await page.mouse.move(line.x + line.width, line.y + 1);
  await figure.getByText(/: [\d.]+ % after epoch \d+/).waitFor();
  await page.mouse.move(0, 0);
  await figure.getByLabel("Figure of the curves").selectOption("Loss");
  await figure.getByText(/^Loss: cross-entropy on training images/).waitFor();
  await keepInAllLooks(session, "runs-heads");
});

it("compares runs, and keeps a note on one", async () => {
  const { page } = session;
  expect(await epochsField().inputValue()).toBe("40");
  await heads().getByRole("button", { name: "Compare 2 runs…" }).click();
  await expect.poll(() => dialog().getByRole("row").count()).toBe(3);
  const [latest, first] = [1, 2].map((row) => dialog().getByRole("row").nth(row));
  expect(await latest.innerText()).toMatch(/Epochs 40\s+Batch size 16\s+/);
  expect(await latest.innerText()).toMatch(/\s\d\d\.\d\s%\s+\d\d\.\d\s%/);
  await expect.poll(() => lines(dialog()).count()).toBe(6);
  await first.getByRole("checkbox").check();
  await expect.poll(() => lines(dialog()).count()).toBe(2);
  await dialog().getByText("run 2", { exact: true }).waitFor();
  const note = dialog().getByLabel("Note on run 2");
  await note.fill("longer, no better");
  await note.press("Enter");
  expect(await seriousFaults(page)).toEqual([]);
  // The palette, which changes the theme, doesn't open over a dialog.
  for (const theme of ["dark", "light"] as const) {
    await page.keyboard.press("Escape");
    await dialog().waitFor({ state: "detached" });
    await setTheme(page, theme);
    await runCommand(page, "Compare training runs");
    for (const [width, height] of [
      [1024, 700],
      [1440, 900],
    ]) {
      await setSize(session.app, page, width, height);
      await keepScreenshot(page, `runs-dialog-${theme}-${width}`);
    }
  }
  await dialog().getByLabel("Lines of the curves").selectOption("every head");
  await expect.poll(() => lines(dialog()).count()).toBe(12);
});

it("takes the options of a run again", async () => {
  await dialog().getByRole("row").nth(2).getByRole("button", { name: "Take options" }).click();
  await dialog().waitFor({ state: "detached" });
  const { runs } = await openProject((await finishedRun()).project);
  expect(await epochsField().inputValue()).toBe(String(runs[0].options.training.epochs));
  expect(await heads().getByLabel("Batch size").inputValue()).toBe("256");
});

it("finds runs and notes in the saved project again, without a run that was damaged meanwhile", async () => {
  await runCommand(session.page, "Pin the plan");
  await session.page.getByRole("tab", { name: "Pinned (1)" }).click();
  const pinNote = session.page.getByLabel(/^Note on (plan 1|backbone)/);
  await pinNote.fill("for the small board");
  await pinNote.press("Enter");
  await keepScreenshot(session.page, "runs-pinned");
  await runCommand(session.page, "Save");
  await session.page.getByText("Saved net.offramp").waitFor();
  const { runs, design } = await openProject(path);
  expect(runs.map(({ number }) => number)).toEqual([1, 2]);
  expect(design?.runNotes).toEqual({ 2: "longer, no better" });
  expect(design?.pinned[0].note).toBe("for the small board");
  await session.kill();
  const entries = unzipSync(await readFile(path));
  entries["runs/1.json"][40] ^= 1;
  await writeFile(path, zipSync(entries));
  await start();
  await session.page.getByText("1 training run of the project can't be read and is left out").waitFor();
  await runCommand(session.page, "Compare training runs");
  expect(await dialog().getByLabel("Note on run 2").inputValue()).toBe("longer, no better");
  expect(await dialog().getByRole("row").count()).toBe(2);
});
