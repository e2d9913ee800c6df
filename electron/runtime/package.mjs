// npm run package [-- --all]: builds, and packages the app with the Electron that there is. By default it makes the app's
// folder, which needs no tools; --all makes every target configured for this platform (their tools are downloaded).
// OFFRAMP_TEST_BUILD=1 leaves the one fuse on that Playwright needs.
import { execFileSync } from "node:child_process";
import { readdirSync, statSync } from "node:fs";
import { join, relative } from "node:path";
import { getCurrentFuseWire } from "@electron/fuses";
import { log } from "builder-util";
import { build, Platform } from "electron-builder";
import { packagingConfig } from "../../electron-builder.config.mjs";
import { projectRoot } from "./electron-folder.mjs";
import { resolveElectron } from "./resolve-electron.mjs";

try {
  await makePackage(process.argv.includes("--all"));
} catch (error) {
  console.error(/** @type {Error} */ (error).message);
  process.exit(1);
}

/** @param {boolean} all */
async function makePackage(all) {
  const startedAt = Date.now();
  execFileSync(process.execPath, [join(projectRoot, "build.mjs")], { cwd: projectRoot, stdio: "inherit" });
  const electron = await resolveElectron();
  if (electron.origin === "fallback") {
    if (all)
      throw new Error(
        `Installers are made with the official Electron only, but only the fallback ${electron.version} can be had here.`,
      );
    console.error("Warning: this package is for trying only; shipped builds need the official Electron.");
  }
  const { version: _wireVersion, ...fuses } = await getCurrentFuseWire(electron.executable);
  const config = packagingConfig({
    electronDist: electron.folder,
    electronVersion: electron.version,
    fuseCount: Object.keys(fuses).length,
    testBuild: process.env.OFFRAMP_TEST_BUILD === "1",
  });
  // One line of many kilobytes, about packages that share dependencies, says nothing.
  const inform = log.info.bind(log);
  log.info = (fields, message) => message === "duplicate dependency references" || inform(fields, message);
  await build({
    projectDir: projectRoot,
    targets: Platform.current().createTarget(all ? null : "dir"),
    config,
    publish: "never",
  });
  const output = join(projectRoot, config.directories.output);
  const seconds = Math.round((Date.now() - startedAt) / 1000);
  console.log(`Packaged in ${seconds} s, in ${relative(process.cwd(), output) || "."}:`);
  for (const entry of readdirSync(output, { withFileTypes: true }))
    if (entry.isDirectory() || /\.(AppImage|deb|exe|dmg)$/.test(entry.name))
      console.log(`  ${entry.name}  ${(bytesIn(join(output, entry.name)) / 1e6).toFixed(0)} MB`);
}

/** @param {string} path a file or a folder */
function bytesIn(path) {
  const entry = statSync(path);
  if (!entry.isDirectory()) return entry.size;
  return readdirSync(path, { recursive: true, encoding: "utf8" })
    .map((name) => statSync(join(path, name)))
    .reduce((sum, file) => sum + (file.isFile() ? file.size : 0), 0);
}
