// PyTorch, which nothing but tuning needs: node ensure-torch.mjs installs Debian's where root may, and says what is missing
// where it can't, without failing.
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { findPython } from "./ensure-python.mjs";
import { findOrInstall } from "./system-packages.mjs";

/** Debian's names. */
const torchPackages = ["python3-torch", "python3-numpy"];

const modules = "torch, numpy";

/**
 * The first Python that has PyTorch and NumPy.
 * @param {readonly (string | undefined)[]} [candidates]
 */
export function findTorch(candidates) {
  return findPython(modules, candidates);
}

/**
 * The same, after Debian's packages were installed if there is none and this process may.
 * @param {(text: string) => void} [say] told before something is installed, and why it isn't
 * @param {readonly (string | undefined)[]} [candidates]
 * @returns {string | undefined}
 */
export function ensureTorch(say = console.error, candidates) {
  const packages = { user: "PyTorch", missing: ["PyTorch and NumPy for a Python"], wanted: torchPackages };
  return findOrInstall(() => findTorch(candidates), packages, say);
}

if (process.argv[1] && fileURLToPath(import.meta.url) === resolve(process.argv[1])) {
  const python = ensureTorch();
  console.error(python ? `PyTorch: ${python}` : "No PyTorch: tests that train with it are skipped.");
}
