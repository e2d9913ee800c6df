import { execFileSync, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { afterEach, describe, expect, test, vi } from "vitest";
import { startDisplay } from "./with-display.mjs";

const script = fileURLToPath(new URL("./with-display.mjs", import.meta.url));
const socketOf = (display: string) => `/tmp/.X11-unix/X${display.slice(1)}`;

function hasXvfb() {
  try {
    execFileSync("sh", ["-c", "command -v Xvfb"]);
    return process.platform === "linux";
  } catch {
    return false;
  }
}

afterEach(() => void vi.unstubAllEnvs());

test("a display that is there is used as it is", async () => {
  vi.stubEnv("DISPLAY", ":42");
  const { display, stop } = await startDisplay();
  expect(display).toBe(":42");
  await stop();
});

test("a command's exit code passes through", () => {
  const env = { ...process.env, DISPLAY: ":42" };
  expect(() => execFileSync(process.execPath, [script, "sh", "-c", "exit 5"], { env })).toThrow(
    expect.objectContaining({ status: 5 }),
  );
});

describe.runIf(hasXvfb())("with Xvfb", () => {
  test("two screens at once have different numbers, and each goes when stopped", async () => {
    vi.stubEnv("DISPLAY", undefined);
    vi.stubEnv("WAYLAND_DISPLAY", undefined);
    const screens = await Promise.all([startDisplay(), startDisplay()]);
    const sockets = screens.map(({ display }) => socketOf(display!));
    expect(new Set(sockets).size).toBe(2);
    expect(sockets.map((path) => existsSync(path))).toEqual([true, true]);
    await Promise.all(screens.map(({ stop }) => stop()));
    expect(sockets.map((path) => existsSync(path))).toEqual([false, false]);
  });

  test("no screen outlives a process that is killed", async () => {
    const { DISPLAY: _display, WAYLAND_DISPLAY: _wayland, ...env } = process.env;
    const child = spawn(process.execPath, [script, "sh", "-c", "echo $DISPLAY; exec sleep 5"], {
      env,
      stdio: ["ignore", "pipe", "inherit"],
    });
    const display = await new Promise<string>((done) =>
      child.stdout.once("data", (text) => done(String(text).trim())),
    );
    expect(existsSync(socketOf(display))).toBe(true);
    child.kill("SIGKILL");
    await vi.waitFor(() => expect(existsSync(socketOf(display))).toBe(false), { timeout: 4_000 });
  });
});
