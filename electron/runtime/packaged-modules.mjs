// Which npm packages the built app needs beside it; all others are bundled into the window's scripts, or tools.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/**
 * The production packages that nothing in the built main process, preload script and engine asks for.
 * @param {string} root the folder of package.json, package-lock.json, node_modules and dist
 * @param {object} [known]
 * @param {string[]} [known.also] packages that are asked for by other packages only, without being declared there
 * @param {string[]} [known.onlyToInstall] packages that are declared, but only asked for while another one is installed
 * @returns {string[]} their folders relative to root, such as node_modules/react
 */
export function unneededModules(root, { also = [], onlyToInstall = [] } = {}) {
  const needed = new Set(neededModules(root, [...namedModules(root), ...also], onlyToInstall));
  const { packages } = readJson(join(root, "package-lock.json"));
  return Object.keys(packages).filter(
    (folder) => folder && !packages[folder].dev && !needed.has(folder) && existsSync(join(root, folder)),
  );
}

/**
 * Packages and all that they need.
 * @param {string} root the folder of node_modules
 * @param {string[]} names
 * @param {string[]} onlyToInstall packages that are declared, but only asked for while another one is installed
 * @returns {string[]} their folders relative to root
 */
export function neededModules(root, names, onlyToInstall) {
  const needed = new Set();
  const queue = names.map((name) => `node_modules/${name}`);
  for (let folder = queue.pop(); folder; folder = queue.pop()) {
    if (needed.has(folder)) continue;
    needed.add(folder);
    const { dependencies, optionalDependencies } = readJson(join(root, folder, "package.json"));
    for (const name of Object.keys({ ...dependencies, ...optionalDependencies })) {
      if (onlyToInstall.includes(name)) continue;
      const found = locate(root, folder, name);
      if (found) queue.push(found);
    }
  }
  return [...needed];
}

/**
 * The dependencies of package.json that a built script requires, or imports on demand, as themselves or as the start of a
 * path.
 * @param {string} root
 */
function namedModules(root) {
  const { dependencies } = readJson(join(root, "package.json"));
  const scripts = builtScripts(join(root, "dist"))
    .map((file) => readFileSync(file, "utf8"))
    .join("\n");
  const request = /\b(?:require(?:\.resolve)?|import)\(\s*["'`]((?:@[\w.-]+\/)?[\w.-]+)(?:\/[\w./-]*)?["'`]/g;
  const named = new Set(Array.from(scripts.matchAll(request), ([, name]) => name));
  return Object.keys(dependencies).filter((name) => named.has(name));
}

/**
 * What Electron's own processes run; the command line's scripts end in .js.
 * @param {string} dist
 */
function builtScripts(dist) {
  return readdirSync(dist, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".cjs"))
    .map((name) => join(dist, name));
}

/**
 * Where Node finds a package from inside another: nearest node_modules first.
 * @param {string} root
 * @param {string} folder
 * @param {string} name
 */
function locate(root, folder, name) {
  for (let from = folder; ; from = from.slice(0, from.lastIndexOf("/node_modules/"))) {
    const nested = `${from}/node_modules/${name}`;
    if (existsSync(join(root, nested, "package.json"))) return nested;
    if (!from.includes("/node_modules/")) break;
  }
  const top = `node_modules/${name}`;
  return existsSync(join(root, top, "package.json")) ? top : undefined;
}

/** @param {string} file */
function readJson(file) {
  return JSON.parse(readFileSync(file, "utf8"));
}
