// npm run package [-- --all] [--json]: builds, packages the app with the Electron that there is, and prints what takes how
// many bytes. By default it makes the app's folder, which needs no tools; --all makes every target configured for this
// platform (their tools are downloaded). OFFRAMP_TEST_BUILD=1 leaves the one fuse on that Playwright needs, and packages
// elsewhere, so that it can't be taken for one to pass on.
import { execFileSync } from "node:child_process";
import { statSync } from "node:fs";
import { join, relative } from "node:path";
import { getCurrentFuseWire } from "@electron/fuses";
import { log } from "builder-util";
import { build, Platform } from "electron-builder";
import { packagingConfig } from "../../electron-builder.config.mjs";
import { projectRoot } from "./electron-folder.mjs";
import { describeContents, megabytes, packageContents } from "./package-contents.mjs";
import { resolveElectron } from "./resolve-electron.mjs";

try {
  const made = await makePackage(process.argv.includes("--all"));
  console.log(process.argv.includes("--json") ? JSON.stringify(made) : describe(made));
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
  const made = { folder: "", executable: "" };
  const config = packagingConfig({
    electronDist: electron.folder,
    electronVersion: electron.version,
    fuseCount: Object.keys(fuses).length,
    testBuild: process.env.OFFRAMP_TEST_BUILD === "1",
    packed: (context) =>
      Object.assign(made, { folder: context.appOutDir, executable: executableOf(context) }),
  });
  quietBuilder();
  const installers = await build({
    projectDir: projectRoot,
    targets: Platform.current().createTarget(all ? null : "dir"),
    config,
    publish: "never",
  });
  return {
    ...made,
    electron: electron.version,
    seconds: Math.round((Date.now() - startedAt) / 1000),
    ...packageContents(made.folder),
    installers: installers.map((path) => ({ path, bytes: statSync(path).size })),
  };
}

/** @param {import("electron-builder").AfterPackContext} context */
function executableOf({ appOutDir, electronPlatformName, packager: { appInfo } }) {
  const { productFilename } = appInfo;
  if (electronPlatformName === "darwin")
    return join(appOutDir, `${productFilename}.app`, "Contents", "MacOS", productFilename);
  return join(appOutDir, electronPlatformName === "win32" ? `${productFilename}.exe` : appInfo.name);
}

/** Progress goes to stderr, without a line of many kilobytes about packages that share dependencies. */
function quietBuilder() {
  Object.assign(log, { stream: process.stderr });
  const inform = log.info.bind(log);
  log.info = (fields, message) => message === "duplicate dependency references" || inform(fields, message);
}

/** @param {Awaited<ReturnType<typeof makePackage>>} made */
function describe({ folder, electron, seconds, installers, ...contents }) {
  const short = (/** @type {string} */ path) => relative(process.cwd(), path) || ".";
  return [
    `Packaged with Electron ${electron} in ${seconds} s, in ${short(folder)}:`,
    describeContents(contents),
    ...installers.map(({ path, bytes }) => `${short(path)}: ${megabytes(bytes)} MB`),
  ].join("\n");
}
