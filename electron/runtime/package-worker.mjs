// npm run package:worker [-- --platform linux-arm64,win32-x64] [--json]: makes a tarball for each platform that ONNX Runtime's
// package brings, of one JavaScript file and its two dependencies, ONNX Runtime and the NATS client. On a fresh board:
//   tar xf offramp-worker-VERSION-linux-arm64.tar.gz
//   ./offramp-worker --server nats://HOST:4222 --name NAME
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  chmodSync,
  cpSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join, relative, sep } from "node:path";
import { build } from "esbuild";
import { projectRoot } from "./electron-folder.mjs";
import { megabytes } from "./package-contents.mjs";
import { neededModules } from "./packaged-modules.mjs";

const outputFolder = join(projectRoot, "artifacts", "worker");
const program = "offramp-worker";
const oldestNode = 18;

/** What stays outside the file: the one is native, the other is there to be looked at and replaced. */
const runtimePackage = "onnxruntime-node";
const natsPackages = ["jetstream", "kv", "obj", "transport-node"].map((name) => `@nats-io/${name}`);
const onlyToInstall = ["adm-zip", "global-agent"];

/** Of a package, what no program reads: types, maps, sources and scripts that install it. */
const unread =
  /\.(map|[cm]?ts|md|markdown)$|onnxruntime-(node|common)\/(script|lib)\/|onnxruntime-common\/dist\/(esm|ort)/;

try {
  const made = await packageWorkers();
  console.log(process.argv.includes("--json") ? JSON.stringify(made) : made.map(describe).join("\n"));
} catch (error) {
  console.error(/** @type {Error} */ (error).message);
  process.exit(1);
}

/** @typedef {{platform: string, path: string, bytes: number, sha256: string}} Tarball */

/** @returns {Promise<Tarball[]>} */
async function packageWorkers() {
  const wanted = wantedPlatforms();
  const staged = join(outputFolder, "staged");
  rmSync(outputFolder, { recursive: true, force: true });
  mkdirSync(staged, { recursive: true });
  await bundle(staged);
  writeFileSync(join(staged, "package.json"), `${JSON.stringify(description(), null, 2)}\n`);
  cpSync(join(projectRoot, "LICENSE"), join(staged, "LICENSE"));
  cpSync(join(projectRoot, "assets", "runtime"), join(staged, "assets", "runtime"), { recursive: true });
  writeStarters(staged);
  copyModules(staged);
  const made = wanted.map((platform) => pack(staged, platform));
  rmSync(staged, { recursive: true });
  return made;
}

/** Such as linux-arm64, by the names that Node has for them. */
function availablePlatforms() {
  const folder = join(projectRoot, "node_modules", runtimePackage, "bin", "napi-v6");
  return readdirSync(folder).flatMap((system) =>
    readdirSync(join(folder, system)).map((processor) => `${system}-${processor}`),
  );
}

function wantedPlatforms() {
  const available = availablePlatforms();
  const at = process.argv.indexOf("--platform");
  if (at < 0) return available;
  const wanted = (process.argv[at + 1] ?? "").split(",");
  const unknown = wanted.find((platform) => !available.includes(platform));
  if (unknown === undefined) return wanted;
  throw new Error(`--platform ${unknown}: ONNX Runtime's package brings ${available.join(", ")}`);
}

/** @param {string} folder */
async function bundle(folder) {
  await build({
    entryPoints: { [program]: join(projectRoot, "electron", "offramp-worker.ts") },
    outdir: folder,
    outExtension: { ".js": ".cjs" },
    bundle: true,
    platform: "node",
    format: "cjs",
    target: `node${oldestNode}`,
    external: [runtimePackage, "@nats-io/*"],
    // Images travel preprocessed.
    alias: { sharp: join(projectRoot, "electron", "runtime", "undecoded-images.mjs") },
    define: { "import.meta.url": "bundleUrl" },
    banner: { js: 'const bundleUrl = require("node:url").pathToFileURL(__filename).href;' },
    logLevel: "warning",
  });
}

/** Says what it is and which versions lie beside it. */
function description() {
  const { version, license, dependencies } = readJson(join(projectRoot, "package.json"));
  const beside = [runtimePackage, ...natsPackages].map((name) => [name, dependencies[name]]);
  return {
    name: program,
    version,
    license,
    private: true,
    engines: { node: `>=${oldestNode}` },
    bin: `${program}.cjs`,
    dependencies: Object.fromEntries(beside),
  };
}

/**
 * Starts the file with the Node that there is, or says what is missing.
 * @param {string} folder
 */
function writeStarters(folder) {
  const missing = `${program} needs Node ${oldestNode} or newer (https://nodejs.org)`;
  const test = `process.exit(parseInt(process.versions.node) < ${oldestNode} ? 1 : 0)`;
  const shell = [
    "#!/bin/sh",
    'here=$(CDPATH= cd -- "$(dirname -- "$0")" && pwd)',
    `node -e '${test}' 2>/dev/null || { echo "${missing}" >&2; exit 1; }`,
    `exec node "$here/${program}.cjs" "$@"`,
  ];
  writeFileSync(join(folder, program), `${shell.join("\n")}\n`);
  chmodSync(join(folder, program), 0o755);
  const batch = ["@echo off", `node "%~dp0${program}.cjs" %*`];
  writeFileSync(join(folder, `${program}.cmd`), `${batch.join("\r\n")}\r\n`);
}

/** @param {string} folder */
function copyModules(folder) {
  const names = [runtimePackage, ...natsPackages];
  for (const module of neededModules(projectRoot, names, onlyToInstall)) {
    const from = join(projectRoot, module);
    const isRead = (/** @type {string} */ path) => {
      const inside = relative(join(projectRoot, "node_modules"), path).split(sep).join("/");
      return !unread.test(`${inside}${statSync(path).isDirectory() ? "/" : ""}`);
    };
    cpSync(from, join(folder, module), { recursive: true, dereference: true, filter: isRead });
  }
}

/**
 * @param {string} staged
 * @param {string} platform
 * @returns {Tarball}
 */
function pack(staged, platform) {
  const { version } = readJson(join(projectRoot, "package.json"));
  const path = join(outputFolder, `${program}-${version}-${platform}.tar.gz`);
  const [system] = platform.split("-");
  const others = availablePlatforms().filter((other) => other !== platform);
  const unneeded = others.map((other) =>
    other.startsWith(`${system}-`) ? other.replace("-", "/") : other.slice(0, other.indexOf("-")),
  );
  const exclude = unneeded.map((name) => `--exclude=./node_modules/${runtimePackage}/bin/napi-v6/${name}`);
  // Flat, so that what is unpacked can be started in the next command.
  execFileSync("tar", ["-czf", path, ...exclude, "-C", staged, "."], { stdio: "inherit" });
  const bytes = readFileSync(path);
  return { platform, path, bytes: bytes.length, sha256: createHash("sha256").update(bytes).digest("hex") };
}

/** @param {Tarball} made */
function describe({ path, bytes, sha256 }) {
  return `${relative(process.cwd(), path)}: ${megabytes(bytes)} MB, SHA-256 ${sha256}`;
}

/** @param {string} file */
function readJson(file) {
  return JSON.parse(readFileSync(file, "utf8"));
}
