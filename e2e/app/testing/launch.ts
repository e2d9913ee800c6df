import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { _electron, type ElectronApplication, type Page } from "playwright-core";
import { inject } from "vitest";
import { leaveOutTour } from "./leave-out-tour.ts";

export interface LaunchOptions {
  /** The app's own arguments: files to open. */
  readonly args?: readonly string[];
  /** Its user data; a new folder, removed at the end, if absent. */
  readonly userData?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Whether the tour comes by itself, as it does for a person who starts the app for the first time. */
  readonly isFirst?: boolean;
  /** A packaged app to start instead of the one under test. */
  readonly packaged?: string;
  readonly size?: { readonly width: number; readonly height: number };
}

export interface LaunchedApp {
  readonly app: ElectronApplication;
  readonly page: Page;
  readonly userData: string;
  /** What the window logged as errors; security faults show up here. */
  readonly errors: readonly string[];
  /** Closes without asking about unsaved changes. */
  close(): Promise<void>;
  /** Ends every process at once, as a power cut would. */
  kill(): Promise<void>;
}

/** Starts the real app, as `npm start` does. */
export async function launchApp({
  args = [],
  userData,
  env = {},
  isFirst = false,
  packaged,
  size,
}: LaunchOptions = {}): Promise<LaunchedApp> {
  const electron = inject("electron");
  const folder = userData ?? (await mkdtemp(join(tmpdir(), "offramp-app-")));
  if (!isFirst) await leaveOutTour(folder);
  const app = await _electron.launch({
    executablePath: packaged ?? electron.executable,
    args: [...(packaged ? electron.flags : electron.args), `--user-data-dir=${folder}`, ...args],
    env: { ...electron.env, ...env },
    timeout: 60_000,
  });
  const errors: string[] = [];
  const page = await app.firstWindow({ timeout: 60_000 });
  page.setDefaultTimeout(20_000);
  page.on("console", (message) => message.type() === "error" && errors.push(message.text()));
  page.on("pageerror", (error) => errors.push(String(error)));
  if (size)
    await app.evaluate(({ BrowserWindow }, { width, height }) => {
      BrowserWindow.getAllWindows()[0].setContentSize(width, height);
    }, size);
  // Playwright forgets the process once the app has ended by itself.
  const child = app.process();
  const gone = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  const finish = async () => {
    if (child.exitCode === null) child.kill("SIGKILL");
    await gone;
    if (!userData) await rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
  };
  return {
    app,
    page,
    userData: folder,
    errors,
    close: finish,
    kill: finish,
  };
}

/** An app that is started more than once with the same user data. */
export interface AppSession extends Omit<LaunchedApp, "close"> {
  start(options?: Omit<LaunchOptions, "userData">): Promise<void>;
  /** Ends it and forgets its user data. */
  end(): Promise<void>;
}

export function appSession(): AppSession {
  let launched: LaunchedApp | undefined;
  let userData: string | undefined;
  return {
    get app() {
      return launched!.app;
    },
    get page() {
      return launched!.page;
    },
    get errors() {
      return launched!.errors;
    },
    get userData() {
      return userData!;
    },
    async start(options = {}) {
      userData ??= await mkdtemp(join(tmpdir(), "offramp-session-"));
      launched = await launchApp({ ...options, userData });
    },
    kill: async () => launched?.kill(),
    async end() {
      await launched?.kill();
      if (userData) await rm(userData, { recursive: true, force: true, maxRetries: 5 });
      launched = undefined;
      userData = undefined;
    },
  };
}

/** Keeps a picture of the window among the artifacts. */
export async function keepScreenshot(page: Page, name: string): Promise<void> {
  await mkdir("artifacts/screenshots", { recursive: true });
  await page.screenshot({ path: `artifacts/screenshots/${name}.png` });
}
