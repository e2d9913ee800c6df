import { existsSync } from "node:fs";
import { join } from "node:path";
import { _electron } from "playwright-core";
import { afterEach, beforeEach, expect, inject, it } from "vitest";
import { appSession } from "./testing/launch.ts";

const launched = appSession();
beforeEach(async () => {
  await launched.start();
  // Its first words stand there once the page listens.
  await launched.page.waitForFunction(() => document.body.innerText.trim() !== "");
});
afterEach(() => launched.end());

const exited = () => new Promise<void>((resolve) => launched.app.process().once("exit", () => resolve()));

function closeWindow(): Promise<void> {
  // A timer, for the answer to this would not come back once the app is gone.
  return launched.app.evaluate(({ BrowserWindow }) => {
    setTimeout(() => BrowserWindow.getAllWindows()[0].close(), 10);
  });
}

function quit(): Promise<void> {
  return launched.app.evaluate(({ app }) => {
    setTimeout(() => app.quit(), 10);
  });
}

it.each([
  ["is closed", closeWindow],
  ["quits", quit],
])("ends at once if it %s with nothing unsaved, and remembers where the window stood", async (_, end) => {
  const gone = exited();
  const started = performance.now();
  await end();
  await gone;
  // Less than what a page that doesn't answer is given.
  expect(performance.now() - started).toBeLessThan(4_500);
  expect(existsSync(join(launched.userData, "window.json"))).toBe(true);
  expect(existsSync(join(launched.userData, "journal"))).toBe(false);
});

it("ends without a page that hangs", async () => {
  const gone = exited();
  await launched.app.evaluate(({ BrowserWindow }) => {
    BrowserWindow.getAllWindows()[0]
      .webContents.executeJavaScript("for (;;);")
      .catch(() => {});
  });
  await closeWindow();
  await gone;
});

it("a second start hands its file over and ends", async () => {
  await launched.page.evaluate(() => {
    const { offramp } = globalThis as unknown as {
      offramp: { on(event: string, listener: (payload: unknown) => void): void };
    };
    const opened: unknown[] = [];
    Object.assign(globalThis, { opened });
    offramp.on("open", (payload) => opened.push(payload));
  });
  const electron = inject("electron");
  const model = join(inject("workspace"), "model.onnx");
  await _electron
    .launch({
      executablePath: electron.executable,
      args: [...electron.args, `--user-data-dir=${launched.userData}`, model],
      env: electron.env,
    })
    .catch(() => {});
  await expect
    .poll(() => launched.page.evaluate(() => (globalThis as unknown as { opened: unknown[] }).opened), {
      timeout: 20_000,
    })
    .toEqual([{ path: model }]);
});
