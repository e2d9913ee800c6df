// How fast the real app is: npm run bench:app [-- --json]. Under Xvfb where there is no display, on the software
// renderer where there is no GPU.
import { mkdtemp, rm } from "node:fs/promises";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { _electron, type ElectronApplication, type Page } from "playwright-core";
import { leaveOutTour } from "../e2e/app/testing/leave-out-tour.ts";
import { gratings } from "../e2e/testing/gratings.ts";
import { defaultNetwork, writeSmallNetwork } from "../e2e/testing/small-network.ts";
import { electronCommand, resolveElectron } from "../electron/runtime/resolve-electron.mjs";
import { ensureSystemPackages } from "../electron/runtime/system-packages.mjs";
import { startDisplay } from "../electron/runtime/with-display.mjs";

interface Launched {
  readonly app: ElectronApplication;
  readonly page: Page;
  /** From starting the process to a welcome view that can be used. */
  readonly usableMs: number;
}

const launches = 3;
const whatIfSteps = 120;
const settledMs = 1500;
const panSeconds = 4;
const idleSeconds = 5;

const asJson = process.argv.includes("--json");
const folder = await mkdtemp(join(tmpdir(), "offramp-bench-app-"));
const runtime = await resolveElectron({ quiet: true });
ensureSystemPackages({ executable: runtime.executable });
const { display, stop } = await startDisplay();
try {
  const usable: number[] = [];
  for (let round = 0; round < launches; round++) {
    const { app, usableMs } = await launch(`usable-${round}`);
    usable.push(usableMs);
    await quit(app);
  }
  const { app, page } = await launch("bench");
  const opened: number[] = [];
  for (const blocks of [97, 98, 99]) opened.push(await openMs(app, page, await chain(blocks)));
  const panFps = await panning(app, page, await chain(198));
  await page.getByRole("banner").waitFor();
  await quit(app);
  const sample = await launch("sample");
  const whatIfMs = await whatIf(sample.page);
  const { idleCpuPct, rendererMb } = await idle(sample.app);
  await quit(sample.app);
  const result = {
    usableMs: median(usable),
    openMs: median(opened),
    whatIfMs,
    panFps,
    idleCpuPct,
    rendererMb,
  };
  if (asJson) console.log(JSON.stringify(result));
  else print(result);
} finally {
  await stop();
  await rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
}

async function launch(name: string): Promise<Launched> {
  const { executable, args, env } = await electronCommand(process.cwd(), { electron: runtime, quiet: true });
  const userData = join(folder, name);
  await leaveOutTour(userData);
  const started = performance.now();
  const app = await _electron.launch({
    executablePath: executable,
    args: [...args, `--user-data-dir=${userData}`],
    env: { ...env, ...(display ? { DISPLAY: display } : {}) },
  });
  const page = await app.firstWindow();
  await page.getByRole("button", { name: /sample/i }).waitFor();
  return { app, page, usableMs: performance.now() - started };
}

async function quit(app: ElectronApplication): Promise<void> {
  const gone = new Promise((resolve) => app.process().once("exit", resolve));
  app.process().kill("SIGKILL");
  await gone;
}

/** A residual chain of five operators a block, some more around it. */
async function chain(blocks: number): Promise<string> {
  const path = join(folder, `chain-${blocks}.onnx`);
  const form = { ...defaultNetwork, blocks, channels: 8 };
  await writeSmallNetwork(path, gratings(4, 1), form);
  return path;
}

/** From the file being chosen in the window to its graph on the screen. */
async function openMs(app: ElectronApplication, page: Page, path: string): Promise<number> {
  const name = path.split("/").at(-1)!.replace(".onnx", "");
  const started = performance.now();
  await app.evaluate(({ dialog, Menu }, file) => {
    dialog.showOpenDialog = async () => ({ canceled: false, filePaths: [file] });
    Menu.getApplicationMenu()!.getMenuItemById("file.open")!.click();
  }, path);
  await page.getByRole("heading", { level: 1, name }).waitFor();
  await page.locator(".react-flow__node").first().waitFor();
  return performance.now() - started;
}

/** Frames a second while all blocks are expanded and the graph is dragged about. */
async function panning(app: ElectronApplication, page: Page, path: string): Promise<number> {
  await openMs(app, page, path);
  await runPaletteCommand(page, "Expand all blocks");
  await page.locator(".react-flow__node").nth(20).waitFor();
  const box = (await page.locator(".react-flow__pane").boundingBox())!;
  const [x, y] = [box.x + box.width / 2, box.y + box.height - 12];
  await page.evaluate(() => {
    const counted = window as unknown as { frames: number };
    counted.frames = 0;
    const count = () => {
      counted.frames++;
      requestAnimationFrame(count);
    };
    requestAnimationFrame(count);
  });
  const frames = () => page.evaluate(() => (window as unknown as { frames: number }).frames);
  await page.mouse.move(x, y);
  await page.mouse.down();
  const before = await frames();
  const started = performance.now();
  for (let step = 0; performance.now() - started < 1000 * panSeconds; step++)
    await page.mouse.move(x + 200 * Math.sin(step / 20), y + 20 * Math.cos(step / 15));
  const fps = ((await frames()) - before) / ((performance.now() - started) / 1000);
  await page.mouse.up();
  return fps;
}

async function runPaletteCommand(page: Page, title: string): Promise<void> {
  await page.keyboard.press("Control+K");
  await page.getByRole("combobox").fill(title);
  await page.keyboard.press("Enter");
}

/**
 * Moves a threshold of a plan with five exits on the sample: from the key's event to the end of the frame that shows
 * what it changes, without the wait for the screen's next refresh.
 */
async function whatIf(page: Page): Promise<{ p50: number; p95: number }> {
  await page.getByRole("button", { name: /sample/i }).click();
  await page.locator(".react-flow__node").first().waitFor();
  for (const number of [4, 6]) await page.getByLabel(new RegExp(`^Cut point ${number} of`)).click();
  const slider = page.getByRole("slider", { name: /threshold/i }).first();
  await slider.focus();
  // What comes with the exits just placed, its pictures for one, is not what a threshold's move costs.
  await page.waitForTimeout(settledMs);
  const times = await page.evaluate(async (steps) => {
    const measured: number[] = [];
    for (let step = 0; step < steps; step++) {
      const key = step % 20 < 10 ? "ArrowLeft" : "ArrowRight";
      const time = await new Promise<number>((resolve) => {
        requestAnimationFrame(() => {
          const started = performance.now();
          const target = document.activeElement!;
          target.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
          target.dispatchEvent(new KeyboardEvent("keyup", { key, bubbles: true, cancelable: true }));
          const { port1, port2 } = new MessageChannel();
          port1.onmessage = () => resolve(performance.now() - started);
          // Runs after this frame's style, layout and paint.
          port2.postMessage(0);
        });
      });
      measured.push(time);
      await new Promise((resolve) => setTimeout(resolve, 30));
    }
    return measured;
  }, whatIfSteps);
  times.sort((a, b) => a - b);
  return { p50: times[Math.floor(0.5 * times.length)], p95: times[Math.floor(0.95 * times.length)] };
}

async function idle(app: ElectronApplication): Promise<{ idleCpuPct: number; rendererMb: number }> {
  const metrics = () => app.evaluate(({ app: electron }) => electron.getAppMetrics());
  await new Promise((resolve) => setTimeout(resolve, 3000));
  await metrics();
  await new Promise((resolve) => setTimeout(resolve, 1000 * idleSeconds));
  const found = await metrics();
  const renderer = found.find(({ type }) => type === "Tab");
  return {
    idleCpuPct: found.reduce((sum, { cpu }) => sum + cpu.percentCPUUsage, 0),
    rendererMb: (renderer?.memory.workingSetSize ?? 0) / 1024,
  };
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1];
}

function print(result: {
  usableMs: number;
  openMs: number;
  whatIfMs: { p50: number; p95: number };
  panFps: number;
  idleCpuPct: number;
  rendererMb: number;
}): void {
  const screen = display === process.env.DISPLAY ? "the display" : "Xvfb, no GPU";
  console.log(`machine   ${cpus()[0].model}, ${cpus().length} cores; Electron ${runtime.version}; ${screen}`);
  console.log(`usable    ${result.usableMs.toFixed(0)} ms after launch`);
  console.log(`open      ${result.openMs.toFixed(0)} ms from file to graph, 500 operators`);
  console.log(
    `what-if   p50 ${result.whatIfMs.p50.toFixed(1)} ms, p95 ${result.whatIfMs.p95.toFixed(1)} ms, 10 000 samples, 5 exits`,
  );
  console.log(`pan       ${result.panFps.toFixed(0)} frames a second, 1 000 operators`);
  console.log(`idle      ${result.idleCpuPct.toFixed(1)} % CPU, all processes`);
  console.log(`renderer  ${result.rendererMb.toFixed(0)} MB with the sample open`);
}
