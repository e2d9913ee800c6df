// npm run screenshots: the README's pictures of the window, taken of the real app with the sample.
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { _electron } from "playwright-core";
import { electronCommand, resolveElectron } from "../electron/runtime/resolve-electron.mjs";
import { ensureSystemPackages } from "../electron/runtime/system-packages.mjs";
import { startDisplay } from "../electron/runtime/with-display.mjs";

const electron = await resolveElectron({ quiet: true });
ensureSystemPackages({ executable: electron.executable });
const { display, stop } = await startDisplay();
const userData = await mkdtemp(join(tmpdir(), "offramp-screenshots-"));
await writeFile(join(userData, "settings.json"), JSON.stringify({ hasSeenTour: true }));
const { executable, args, env } = await electronCommand(process.cwd(), { electron, quiet: true });
const app = await _electron.launch({
  executablePath: executable,
  args: [...args, `--user-data-dir=${userData}`],
  env: { ...env, ...(display ? { DISPLAY: display } : {}) },
});
try {
  const page = await app.firstWindow();
  await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0].setContentSize(1440, 900));
  await page.getByRole("button", { name: /^Open the sample/ }).click();
  await page.getByLabel(/^Exit 2 at the output of small/).waitFor();
  await page.getByRole("combobox", { name: "Colour" }).selectOption({ label: "Measured latency" });
  await chooseTheme("light");
  await page.mouse.move(0, 0);
  await page.waitForTimeout(1500);
  await page.screenshot({ path: "docs/window.png" });
  await page.getByLabel(/^Exit 2 at the output of small/).click();
  await chooseTheme("dark");
  await page.mouse.move(0, 0);
  await page.waitForTimeout(3000);
  await page.screenshot({ path: "docs/exit.png" });

  async function chooseTheme(/** @type {string} */ theme) {
    await page.keyboard.press("Control+K");
    await page.getByRole("combobox", { name: "Command" }).fill(`Theme: ${theme}`);
    await page.keyboard.press("Enter");
  }
} finally {
  app.process().kill("SIGKILL");
  await stop();
  await rm(userData, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
}
