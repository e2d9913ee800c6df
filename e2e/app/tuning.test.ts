import { execFileSync } from "node:child_process";
import { readlinkSync } from "node:fs";
import { copyFile, mkdtemp, readdir, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Locator } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openProject } from "../../electron/engine/index.ts";
import { noTorch, torchPython } from "../../electron/engine/tune/testing/find-torch.ts";
import { finishedRun } from "../testing/command-line.ts";
import { seriousFaults } from "./testing/accessibility.ts";
import { enginePid } from "./testing/engine-pid.ts";
import { appSession, keepScreenshot } from "./testing/launch.ts";
import {
  choosePaths,
  copiedPlan,
  exportVerified,
  graph,
  runCommand,
  setSize,
  setTheme,
  stage,
} from "./testing/window.ts";

const session = appSession();
let folder: string;
let path: string;
/** Absolute, as a dialog gives it. */
let python: string;

const panel = (name: string): Locator => session.page.getByRole("region", { name, exact: true });
const tuning = (): Locator => panel("Tuning");
const button = (name: string | RegExp): Locator => tuning().getByRole("button", { name });

async function start(): Promise<void> {
  await session.start({ args: [path], size: { width: 1440, height: 900 }, env: { OMP_NUM_THREADS: "1" } });
  await graph(session.page).waitFor();
  await session.page.getByText("engine ready").waitFor();
}

async function setField(label: string, value: string): Promise<void> {
  const field = tuning().getByLabel(label, { exact: true });
  await field.fill(value);
  await field.press("Enter");
}

/** Stripes that are mirrored are another class. */
async function setRecipe(epochs: number): Promise<void> {
  await setField("Epochs", String(epochs));
  await setField("Learning rate", "0.00001");
  const recipe = tuning().getByText("Recipe", { exact: true });
  if (!(await tuning().getByLabel("Flip").isVisible())) await recipe.click();
  await tuning().getByLabel("Flip").uncheck();
  await setField("Crop", "0");
  await recipe.click();
}

/** Progress of a training of 5000 epochs that has come to an epoch or gone by it: small epochs pass faster than anybody looks. */
function epochFrom(first: number): RegExp {
  const later = Array.from({ length: 2000 }, (_, index) => first + index);
  return new RegExp(`epoch (${later.join("|")}) of 5000`);
}

/** Processes that work in a folder, and the processes that these have started. */
async function processesIn(place: string): Promise<number[]> {
  const real = await realpath(place).catch(() => place);
  const pids = execFileSync("ps", ["-eo", "pid"], { encoding: "utf8" }).split("\n").map(Number);
  return pids.filter((pid) => {
    try {
      return pid > 0 && readlinkSync(`/proc/${pid}/cwd`) === real;
    } catch {
      return false;
    }
  });
}

const limits = { timeout: 120_000, interval: 200 };

describe.skipIf(torchPython === undefined)(`with PyTorch${torchPython ? "" : ` (${noTorch})`}`, () => {
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "offramp-tuning-"));
    path = join(folder, "net.offramp");
    python = execFileSync(torchPython!, ["-c", "import sys; print(sys.executable)"], {
      encoding: "utf8",
    }).trim();
    await copyFile((await finishedRun()).project, path);
    await start();
  }, 180_000);
  afterAll(async () => {
    await session.end();
    await rm(folder, { recursive: true, force: true });
  });

  it("says at once whether a Python has PyTorch, and remembers the one that was chosen", async () => {
    const { app, page } = session;
    await runCommand(page, "Tune with PyTorch");
    await choosePaths(app, process.execPath);
    await button("Other Python…").click();
    await tuning()
      .getByRole("alert")
      .getByText(/PyTorch/)
      .waitFor();
    expect(await button(/^Tune model/).isDisabled()).toBe(true);
    await keepScreenshot(page, "tuning-no-pytorch");
    await choosePaths(app, python);
    await button("Other Python…").click();
    await tuning()
      .getByText(/^PyTorch [\d.]+.* · NumPy [\d.]+.* · Python 3/)
      .waitFor();
    await keepScreenshot(page, "tuning-form");
    expect(await seriousFaults(page)).toEqual([]);
    await session.kill();
    await start();
    await runCommand(session.page, "Tune with PyTorch");
    await tuning().getByText(python, { exact: true }).waitFor();
  });

  it("tunes the backbone with curves of every exit, and the result is one more network", async () => {
    const { page } = session;
    await setRecipe(2);
    await button(/^Tune model/).click();
    await tuning()
      .getByText(/epoch [12] of 2/)
      .waitFor({ timeout: 120_000 });
    // Six exits, the network's own output and the loss.
    await expect.poll(() => tuning().locator("path.recharts-line-curve").count(), limits).toBe(8);
    await keepScreenshot(page, "tuning-runs");
    await page
      .getByText(/^model tuned is in the project: [\d.]+ % right, model [\d.]+ %/)
      .waitFor({ timeout: 120_000 });
    await keepScreenshot(page, "tuning-done");
    const rows = tuning().getByRole("table").last().getByRole("row");
    expect(await rows.count()).toBe(8);
    expect(await rows.last().innerText()).toMatch(/^output\s+92\.1 %\s+\d/);
    await runCommand(page, "Save");
    await page.getByText("Saved net.offramp").waitFor();
    const { backbone, members } = await openProject(path);
    expect(members.map((member) => [member.backbone.summary.name, member.tunedFrom])).toEqual([
      ["model tuned", backbone.summary.sha256],
    ]);
    expect(await readdir(join(folder, "net-training"))).toEqual(
      expect.arrayContaining(["network.py", "train.py", "recipe.json", "tuned.npz"]),
    );
  });

  it("is searched, taken, exported and verified", async () => {
    const { app, page } = session;
    expect(await stage(page, "Search").innerText()).toMatch(/stale/);
    await button(/^Next: search/).click();
    await expect.poll(() => stage(page, "Search").innerText(), limits).toMatch(/done/);
    await keepScreenshot(page, "tuning-searched");
    await runCommand(page, "Take the best plan");
    const { members } = await openProject(path);
    const tuned = members[0].backbone.summary.sha256;
    const plan = await copiedPlan(app, page);
    expect(plan.chain === undefined || plan.chain.includes(tuned)).toBe(true);
    const out = join(folder, "out");
    await exportVerified(app, page, out);
    await keepScreenshot(page, "tuning-exported");
    await page.keyboard.press("Escape");
    expect(await readdir(out)).toContain("plan.json");
  });

  it("is cancelled within a second, goes on from its last epoch, and ends with the engine", async () => {
    const { app, page } = session;
    const training = join(folder, "net-training-2");
    await runCommand(page, "Tune with PyTorch");
    await setRecipe(5000);
    await button(/^Tune model/).click();
    await tuning().getByText(epochFrom(3)).waitFor({ timeout: 120_000 });
    expect((await processesIn(training)).length).toBeGreaterThan(0);
    const asked = performance.now();
    await button("Stop").click();
    await tuning()
      .getByText(/^Stopped after epoch \d+ of 5000\./)
      .waitFor();
    // Ten times what it may take where nothing else runs.
    expect(performance.now() - asked).toBeLessThan(10_000);
    await expect.poll(() => processesIn(training), limits).toEqual([]);
    const stopped = Number(/after epoch (\d+)/.exec(await tuning().innerText())![1]);
    await keepScreenshot(page, "tuning-stopped");

    await button("Go on tuning model").click();
    await tuning()
      .getByText(epochFrom(stopped + 2))
      .waitFor({ timeout: 120_000 });
    expect((await processesIn(training)).length).toBeGreaterThan(0);
    process.kill(enginePid(app.process().pid!), "SIGKILL");
    await page.getByText(/your project is as you left it/).waitFor();
    await expect.poll(() => processesIn(training), limits).toEqual([]);
    await keepScreenshot(page, "tuning-engine-gone");
    expect(await stage(page, "Heads").innerText()).toMatch(/done/);
  });

  it("is written for elsewhere, and what was trained there is taken back", async () => {
    const { app, page } = session;
    const elsewhere = join(folder, "elsewhere");
    await runCommand(page, "Tune with PyTorch");
    await setRecipe(1);
    await choosePaths(app, elsewhere);
    await button("Write folder only…").click();
    await page.getByText(/^All that the training needs is in /).waitFor({ timeout: 60_000 });
    await button("Take results…").click();
    await tuning()
      .getByRole("alert")
      .getByText(/has no tuned\.npz: nothing was trained there yet/)
      .waitFor();
    execFileSync(python, ["train.py"], {
      cwd: elsewhere,
      env: { ...process.env, OMP_NUM_THREADS: "1" },
      stdio: "ignore",
    });
    await button("Take results…").click();
    await page.getByText(/^model tuned is in the project: /).waitFor({ timeout: 120_000 });
    expect(session.errors).toEqual([]);
  });

  it("looks well in the dark and in a small window", async () => {
    const { app, page } = session;
    await setTheme(page, "dark");
    await keepScreenshot(page, "tuning-dark");
    expect(await seriousFaults(page)).toEqual([]);
    await setSize(app, page, 1024, 700);
    await keepScreenshot(page, "tuning-dark-small");
    await setTheme(page, "light");
    await keepScreenshot(page, "tuning-small");
    expect(session.errors).toEqual([]);
  });
});
