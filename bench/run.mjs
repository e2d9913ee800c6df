// Runs one benchmark: npm run bench -- NAME [ARGUMENTS], or lists them.
import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";

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

const names = readdirSync(new URL(".", import.meta.url))
  .filter((file) => file.endsWith(".ts"))
  .map((file) => file.slice(0, -3));
const [name, ...rest] = process.argv.slice(2);
if (!names.includes(name)) {
  console.error(`choose a benchmark: ${names.join(", ")}`);
  process.exit(2);
}
const outfile = `dist/bench/${name}.js`;
await build({
  entryPoints: [`bench/${name}.ts`],
  outfile,
  bundle: true,
  platform: "node",
  format: "esm",
  target: "node18",
  packages: "external",
  plugins: [leaveScripts],
  logLevel: "warning",
});
process.exit(spawnSync(process.execPath, [outfile, ...rest], { stdio: "inherit" }).status ?? 1);
