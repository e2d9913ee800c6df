// npm start [-- ARGUMENTS]: builds, finds Electron, and opens the app.
import { execFileSync, spawn } from "node:child_process";
import { join } from "node:path";
import { projectRoot } from "./electron-folder.mjs";
import { passOn } from "./pass-on.mjs";
import { electronCommand, resolveElectron } from "./resolve-electron.mjs";
import { ensureSystemPackages, hasDisplay } from "./system-packages.mjs";

try {
  process.exit(await start(process.argv.slice(2)));
} catch (error) {
  console.error(/** @type {Error} */ (error).message);
  process.exit(1);
}

/** @param {string[]} own the app's arguments */
async function start(own) {
  if (!hasDisplay()) {
    console.error(
      "Offramp is a desktop app and needs a display, but neither DISPLAY nor WAYLAND_DISPLAY is set; `npm run demo` runs the same engine in the terminal.",
    );
    return 1;
  }
  execFileSync(process.execPath, [join(projectRoot, "build.mjs")], { cwd: projectRoot, stdio: "inherit" });
  const electron = await resolveElectron();
  ensureSystemPackages({ executable: electron.executable });
  const { executable, args, env } = await electronCommand(projectRoot, { electron });
  // npm runs scripts in the project's root; a relative path among the arguments is meant from where npm was called.
  const cwd = process.env.INIT_CWD ?? process.cwd();
  return passOn(spawn(executable, [...args, ...own], { stdio: "inherit", env, cwd }));
}
