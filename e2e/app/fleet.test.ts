import { readFile } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  natsProgram,
  noNats,
  startNatsServer,
  type TestServer,
} from "../../electron/engine/fleet/testing/nats-server.ts";
import { ownFolder, type Running, start } from "../testing/command-line.ts";
import { seriousFaults } from "./testing/accessibility.ts";
import { keepScreenshot, type LaunchedApp, launchApp } from "./testing/launch.ts";
import { choosePaths, openSample, runCommand, setSize, stage } from "./testing/window.ts";

if (!natsProgram) console.warn(`skipped: ${noNats}`);

describe.skipIf(!natsProgram)("a fleet in the window", () => {
  const folder = ownFolder();
  let server: TestServer;
  const workers: Running[] = [];
  let launched: LaunchedApp;

  const startWorker = async (name: string) => {
    const running = start(
      ["worker", "--name", name, "--cache", folder.path(`cache-${name}`), "--tags", "board"],
      {
        environment: { OFFRAMP_SERVER: server.url, OMP_NUM_THREADS: "1" },
        limitSeconds: 600,
      },
    );
    workers.push(running);
    await running.said(`${name} works for`);
    return running;
  };

  beforeAll(async () => {
    server = await startNatsServer();
    await startWorker("jetson-1");
    launched = await launchApp({
      env: { OFFRAMP_FLEET: folder.path("none.json"), OFFRAMP_SERVER: "" },
      size: { width: 1440, height: 900 },
    });
    launched.page.setDefaultTimeout(60_000);
    await openSample(launched.page);
  });

  afterAll(async () => {
    await launched?.close();
    for (const { child } of workers) child.kill("SIGTERM");
    for (const { finished } of workers) await finished;
    await server?.stop();
  });

  const panel = () => launched.page.getByRole("region", { name: "Profile", exact: true });
  const fleet = () => panel().getByRole("region", { name: "Fleet" });
  const dialog = () => launched.page.getByRole("dialog");

  /** What is shown, at both sizes and in both themes. */
  async function pictures(name: string, show: () => Promise<void> = async () => {}): Promise<void> {
    const { app, page } = launched;
    for (const theme of ["dark", "light"] as const)
      for (const [width, height] of [
        [1024, 700],
        [1440, 900],
      ] as const) {
        await page.emulateMedia({ colorScheme: theme });
        await setSize(app, page, width, height);
        await show();
        await keepScreenshot(page, `${name}-${width}-${theme}`);
      }
    expect(await seriousFaults(page)).toEqual([]);
  }

  it("without a server says how to start one", async () => {
    const { app, page } = launched;
    await runCommand(page, "Theme: as the system").catch(() => {});
    await stage(page, "Profile").click();
    await fleet().getByText("nats-server -js -sd offramp-fleet").waitFor();
    await fleet().getByRole("button", { name: "Copy commands" }).click();
    await expect
      .poll(() => app.evaluate(({ clipboard }) => clipboard.readText()))
      .toBe("nats-server -js -sd offramp-fleet\nofframp worker --server nats://HOST:4222 --name jetson-1");
    await fleet().scrollIntoViewIfNeeded();
    await pictures("fleet-none", () => fleet().scrollIntoViewIfNeeded());
  });

  it("a server is named in Settings, tried and kept", async () => {
    const { page, userData } = launched;
    await fleet().getByRole("button", { name: "Name the server…" }).click();
    await dialog().getByLabel("Server").fill("nats://127.0.0.1:1");
    await dialog().getByRole("button", { name: "Try" }).click();
    await dialog()
      .getByText(/the server 127\.0\.0\.1:1 isn't there .*name another in Settings/)
      .waitFor();
    await dialog().getByLabel("Server").fill("lab");
    await page.keyboard.press("Tab");
    await dialog().getByText("Expected nats://HOST:4222 or tls://HOST:4222").waitFor();
    await dialog().getByLabel("Server").fill(server.url);
    await dialog().getByRole("button", { name: "Try" }).click();
    await dialog().getByText(`127.0.0.1:${server.port} answers; 1 worker: jetson-1.`).waitFor();
    await pictures("fleet-settings");
    await page.keyboard.press("Escape");
    const kept = JSON.parse(await readFile(`${userData}/settings.json`, "utf8"));
    expect(kept.fleet).toEqual({ server: server.url, token: null, creds: null });
  });

  it("lists who is there, and a worker that goes is seen going", async () => {
    const { page } = launched;
    const second = await startWorker("pi-5");
    await fleet().getByText("pi-5").waitFor();
    await fleet()
      .getByText(/free, up/)
      .first()
      .waitFor();
    const menu = page
      .locator("label")
      .filter({ hasText: /^Target/ })
      .locator("select")
      .first();
    await menu.focus();
    await expect
      .poll(() => menu.locator("optgroup[label='Profile on'] option").allInnerTexts())
      .toEqual([
        expect.stringMatching(/^jetson-1 · .* · free, up/),
        expect.stringMatching(/^pi-5 · .* · free, up/),
      ]);
    second.child.kill("SIGTERM");
    await second.finished;
    await fleet()
      .getByText(/gone for \d+ s/)
      .waitFor();
    await pictures("fleet-there", () => fleet().scrollIntoViewIfNeeded());
    expect(await fleet().getByLabel(/pi-5/).isDisabled()).toBe(true);
  });

  it("profiles on a worker, and is stopped on one", async () => {
    const { page } = launched;
    await panel()
      .getByLabel(/Measure at most/)
      .fill("30");
    await page.keyboard.press("Tab");
    await fleet()
      .getByLabel(/jetson-1/)
      .check();
    await fleet().getByRole("button", { name: "Profile on jetson-1" }).click();
    await fleet().getByRole("progressbar", { name: "Profiling on jetson-1" }).waitFor();
    await fleet()
      .getByText(/busy: profiling/)
      .waitFor({ timeout: 60_000 });
    await pictures("fleet-profiling", () => fleet().scrollIntoViewIfNeeded());
    await fleet().getByRole("button", { name: "Stop" }).click();
    await fleet().getByRole("button", { name: "Profile on jetson-1" }).waitFor();
    await fleet()
      .getByText(/free, up/)
      .waitFor({ timeout: 30_000 });
    const targets = panel().getByRole("listitem").filter({ hasText: "Backbone" });
    const before = await targets.count();

    await panel()
      .getByLabel(/Measure at most/)
      .fill("1");
    // A target that the sample lacks wherever it was profiled, which may have been here on one.
    await panel()
      .getByLabel(/^Threads/)
      .fill("2");
    await page.keyboard.press("Tab");
    await fleet().getByRole("button", { name: "Profile on jetson-1" }).click();
    await expect.poll(() => targets.count(), { timeout: 120_000 }).toBe(before + 1);
    await page
      .getByLabel("Compare with target")
      .selectOption({ label: `Live plan on all ${before + 1} targets` });
    await pictures("fleet-targets");
  });

  it("verifies an export on the worker that was designed for", async () => {
    const { app, page } = launched;
    await runCommand(page, "Export…");
    await dialog().getByLabel("Verify on").selectOption({ index: 1 });
    await dialog().getByLabel("Time to verify (s)").fill("20");
    await choosePaths(app, folder.path("exported"));
    await dialog().getByRole("button", { name: "Choose…" }).click();
    await pictures("fleet-verify-on");
    await dialog()
      .getByRole("button", { name: /^Export/ })
      .last()
      .click();
    await dialog().getByText("Measured on jetson-1").waitFor({ timeout: 240_000 });
    await pictures("fleet-verified");
    expect(launched.errors).toEqual([]);
  });
});
