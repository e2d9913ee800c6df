import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { afterEach, expect, inject, it } from "vitest";
import { enginePid } from "./testing/engine-pid.ts";
import { appSession } from "./testing/launch.ts";
import { openSample, runCommand } from "./testing/window.ts";

const launched = appSession();
afterEach(() => launched.end());

interface Outcome {
  readonly ok: boolean;
  readonly value: Record<string, unknown>;
  readonly error?: { readonly code: string; readonly message: string };
}

let calls = 0;

function invoke(page: Page, channel: string, request: unknown): Promise<Outcome> {
  return page.evaluate(
    ([name, call, given]) => {
      const { offramp } = globalThis as unknown as {
        offramp: { invoke(...call: unknown[]): Promise<unknown> };
      };
      return offramp.invoke(name, call, given) as Promise<Outcome>;
    },
    [channel, `recovery-${++calls}`, request] as const,
  );
}

const recovery = async (page: Page) => (await invoke(page, "app.info", {})).value.recovery;

const design = {
  exits: [{ cutPoint: "a", head: "gap-linear", policy: "top1", threshold: 0.75 }],
  pinned: [],
  useCase: { latency: "mean", maxDropPp: 0.25 },
  target: null,
};

/** Starts the app with a model and waits until its window has opened it. */
async function launchWithModel(): Promise<string> {
  const model = join(inject("workspace"), "model.onnx");
  await launched.start({ args: [model] });
  await expect
    .poll(async () => (await invoke(launched.page, "app.info", {})).value.recent, { timeout: 30_000 })
    .toMatchObject([{ path: model, kind: "model" }]);
  return model;
}

it("a killed app offers its work at the next start, and opens it with its design", async () => {
  const model = await launchWithModel();
  expect(await invoke(launched.page, "journal.write", { design, edited: true })).toMatchObject({ ok: true });
  await launched.kill();

  await launched.start();
  expect(await recovery(launched.page)).toMatchObject({ name: "model" });
  const recovered = await invoke(launched.page, "journal.recover", {});
  expect(recovered).toMatchObject({
    ok: true,
    value: { project: { name: "model", projectPath: null, modelPath: model }, design },
  });
  expect(await recovery(launched.page)).toBeNull();
});

it("a project that was closed, its changes given up, isn't offered after a crash", async () => {
  await launched.start();
  const { app, page } = launched;
  await openSample(page);
  await runCommand(page, "Remove every exit");
  await page.getByTitle("There are changes that are not saved").waitFor();
  await expect.poll(() => existsSync(join(launched.userData, "journal", "design.json"))).toBe(true);
  await app.evaluate(({ dialog }) => {
    // Don't save
    dialog.showMessageBox = async () => ({ response: 1, checkboxChecked: false });
  });
  await runCommand(page, "Close project");
  await page.getByRole("button", { name: /^Open the sample/ }).waitFor();
  await launched.kill();
  await launched.start();
  expect(await recovery(launched.page)).toBeNull();
});

it("an engine that is killed is told, starts again and has what was open", async () => {
  const model = await launchWithModel();
  const { page } = launched;
  await page.evaluate(() => {
    const { offramp } = globalThis as unknown as {
      offramp: { on(event: string, listener: (payload: unknown) => void): void };
    };
    const told: unknown[] = [];
    Object.assign(globalThis, { told });
    offramp.on("engine", (state) => told.push(state));
    offramp.on("reopened", (payload) =>
      told.push((payload as { project: { modelPath: string } }).project.modelPath),
    );
  });
  const pending = invoke(page, "model.open", { path: model });
  await page.waitForTimeout(100);
  process.kill(enginePid(launched.app.process().pid!), "SIGKILL");
  expect(await pending).toMatchObject({
    ok: false,
    error: { code: "engine-crashed", message: expect.stringMatching(/it was killed/) },
  });
  await expect
    .poll(() => page.evaluate(() => (globalThis as unknown as { told: unknown[] }).told), { timeout: 30_000 })
    .toEqual([
      { state: "restarting", reason: expect.stringMatching(/it was killed/) },
      model,
      { state: "ready", reason: null },
    ]);
  expect(await invoke(page, "engine.describe", {})).toMatchObject({ ok: true });
});

it("a page that crashes comes back behind the same walls, with its work offered", async () => {
  await launchWithModel();
  await invoke(launched.page, "journal.write", { design, edited: true });
  const offered = await launched.app.evaluate(async ({ BrowserWindow }) => {
    const [{ webContents: contents }] = BrowserWindow.getAllWindows();
    const loaded = new Promise<void>((resolve) => contents.once("did-finish-load", () => resolve()));
    contents.forcefullyCrashRenderer();
    await loaded;
    const info = await contents.executeJavaScript("offramp.invoke('app.info', 'after-the-crash', {})");
    const worlds = await contents.executeJavaScript(`(() => {
      const frame = document.body.appendChild(document.createElement("iframe"));
      return [globalThis, frame.contentWindow].map((world) => typeof world.RTCPeerConnection);
    })()`);
    return [info.value.recovery, worlds];
  });
  expect(offered).toMatchObject([{ name: "model" }, ["undefined", "undefined"]]);
});
