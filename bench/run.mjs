// Runs one benchmark: npm run bench -- NAME [ARGUMENTS], or lists them.
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";
import { buildKernel } from "../shared/evaluate/kernel/assembly/build-kernel.mjs";

/** Scripts that look for files beside themselves run where they lie. */
const leaveScripts = {
  name: "leave-scripts",
  /** @param {import("esbuild").PluginBuild} setUp */
  setup: (setUp) =>
    setUp.onResolve({ filter: /\/runtime\/[^/]+\.mjs$/ }, ({ path, resolveDir }) => ({
      path: pathToFileURL(resolve(resolveDir, path)).href,
      external: true,
    })),
};

// One file a question, or a folder where there are several.
const here = new URL(".", import.meta.url);
const sources = Object.fromEntries(
  readdirSync(here).flatMap((entry) => {
    if (entry.endsWith(".ts")) return [[entry.slice(0, -3), `bench/${entry}`]];
    return existsSync(new URL(`${entry}/index.ts`, here)) ? [[entry, `bench/${entry}/index.ts`]] : [];
  }),
);
const names = Object.keys(sources);
const [name, ...rest] = process.argv.slice(2);
if (!names.includes(name)) {
  console.error(`choose a benchmark: ${names.join(", ")}`);
  process.exit(2);
}
const outfile = `dist/bench/${name}.js`;
await buildKernel();
await build({
  entryPoints: [sources[name]],
  outfile,
  inject: ["bench/tell-failure.mjs"],
  bundle: true,
  platform: "node",
  format: "esm",
  target: "node18",
  packages: "external",
  plugins: [leaveScripts],
  logLevel: "warning",
});
process.exit(spawnSync(process.execPath, [outfile, ...rest], { stdio: "inherit" }).status ?? 1);
