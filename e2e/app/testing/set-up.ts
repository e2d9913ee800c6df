import type { TestProject } from "vitest/node";
import {
  type ElectronRuntime,
  electronCommand,
  resolveElectron,
} from "../../../electron/runtime/resolve-electron.mjs";
import { ensureSystemPackages } from "../../../electron/runtime/system-packages.mjs";
import { startDisplay } from "../../../electron/runtime/with-display.mjs";

declare module "vitest" {
  interface ProvidedContext {
    /** How the app is started: everything but its own arguments. `flags` are those of `args` that a packaged app takes. */
    electron: { executable: string; args: string[]; flags: string[]; env: Record<string, string> };
  }
}

/** A packaged app's executable, to be tested instead of the sources (npm run e2e:packaged). */
const packaged = process.env.OFFRAMP_PACKAGED;

/** Finds Electron and a screen, once before all tests of the app. */
export default async function setUp(project: TestProject): Promise<() => Promise<void>> {
  const runtime: ElectronRuntime = await resolveElectron();
  ensureSystemPackages({ executable: runtime.executable });
  const { display, stop } = await startDisplay();
  const { executable, args, env } = await electronCommand(process.cwd(), { electron: runtime, quiet: true });
  const flags = args.filter((argument) => argument.startsWith("--"));
  project.provide("electron", {
    executable: packaged ?? executable,
    args: packaged ? flags : args,
    flags,
    env: { ...env, ...(display ? { DISPLAY: display } : {}) },
  });
  return stop;
}
