// A Python for what exports and projects bring for one: node ensure-python.mjs makes one with ONNX Runtime, of the version that
// Offramp uses, in the user's cache where pip can; it says what is missing where it can't, without failing.
import { execFileSync, spawnSync } from "node:child_process";
import { readFileSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { cacheFolder, projectRoot } from "./electron-folder.mjs";

/** What runners, reader and notebook import. */
const modules = "numpy, onnxruntime, PIL, matplotlib";

const installSeconds = 300;

function cachedFolder() {
  return join(cacheFolder(), "python");
}

function cachedPython() {
  const place = process.platform === "win32" ? ["Scripts", "python.exe"] : ["bin", "python"];
  return join(cachedFolder(), ...place);
}

/** The one that a person names, the first on the path, the system's, the one that was made. */
function pythons() {
  return [process.env.OFFRAMP_TEST_PYTHON, "python3", "/usr/bin/python3", cachedPython()];
}

/**
 * The first Python that has some modules.
 * @param {string} wanted as after `import`
 * @param {readonly (string | undefined)[]} [candidates]
 * @returns {string | undefined}
 */
export function findPython(wanted, candidates = pythons()) {
  return candidates.find(
    (python) => python && spawnSync(python, ["-c", `import ${wanted}`], { stdio: "ignore" }).status === 0,
  );
}

/**
 * Why something isn't tried.
 * @param {string} wanted as for {@link findPython}
 */
export function noPython(wanted) {
  return `no Python has ${wanted}: electron/runtime/ensure-python.mjs makes one, or name one in OFFRAMP_TEST_PYTHON`;
}

/**
 * One that has all modules, made if there is none and pip can.
 * @param {(text: string) => void} [say] told before it is made, and why it isn't
 * @returns {string | undefined}
 */
export function ensurePython(say = console.error) {
  const found = findPython(modules);
  if (found) return found;
  say(`Making a Python with ${modules}…`);
  const folder = cachedFolder();
  try {
    rmSync(folder, { recursive: true, force: true });
    run("python3", ["-m", "venv", folder]);
    const { dependencies } = JSON.parse(readFileSync(join(projectRoot, "package.json"), "utf8"));
    const runtime = `onnxruntime==${dependencies["onnxruntime-node"]}`;
    const quickly = ["--quiet", "--disable-pip-version-check", "--retries", "1", "--timeout", "20"];
    run(cachedPython(), ["-m", "pip", "install", ...quickly, runtime, "numpy", "Pillow", "matplotlib"]);
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    const { stderr, message } = /** @type {Error & { stderr?: string }} */ (error);
    say(`It wasn't made: ${(stderr || message).trim().split("\n").at(-1)}`);
  }
  return findPython(modules);
}

/**
 * @param {string} program
 * @param {readonly string[]} args
 * @throws {Error} with what the program wrote as `stderr`
 */
function run(program, args) {
  execFileSync(program, args, {
    encoding: "utf8",
    stdio: ["ignore", "ignore", "pipe"],
    timeout: 1000 * installSeconds,
  });
}

if (process.argv[1] && fileURLToPath(import.meta.url) === resolve(process.argv[1])) {
  const python = ensurePython();
  console.error(
    python ? `ONNX Runtime: ${python}` : "No Python with ONNX Runtime: tests that run it are skipped.",
  );
}
