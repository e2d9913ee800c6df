// Generates the ONNX codec and the search kernel if their sources are newer, packs the sample's images, then bundles command line, main process,
// preload, engine process and window into dist/. Files are replaced in place, so a running build doesn't disturb a running app.
import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readdirSync, rmSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { build } from "esbuild";
import { packFashionMnist } from "./electron/engine/samples/pack-fashion-mnist.mjs";
import { buildKernel } from "./shared/evaluate/kernel/assembly/build-kernel.mjs";

const proto = "electron/engine/onnx/onnx.proto";
const codec = "electron/engine/onnx/gen/onnx_pb.ts";
if (!existsSync(codec) || statSync(codec).mtimeMs < statSync(proto).mtimeMs)
  execFileSync(
    process.execPath,
    [createRequire(import.meta.url).resolve("@bufbuild/buf/bin/buf"), "generate", "electron/engine/onnx"],
    {
      stdio: "inherit",
    },
  );

await buildKernel();
packFashionMnist();

const common = { outdir: "dist", bundle: true, sourcemap: true, metafile: true, logLevel: "warning" };

/** The command line, plain Node: packages stay where npm put them. */
const commandLine = build({
  ...common,
  entryPoints: {
    "cli/offramp": "electron/cli/offramp.ts",
    "cli/command-line": "electron/cli/command-line.ts",
    "cli/program": "electron/cli/program.ts",
    "engine/model-probe-child": "electron/engine/onnx/probe/model-probe-child.ts",
    "engine/job-child": "electron/engine/fleet/worker/job-child.ts",
  },
  splitting: true,
  platform: "node",
  format: "esm",
  target: "node18",
  packages: "external",
});

/** Electron's own processes load CommonJS; only packages with native parts stay outside. */
const desktop = build({
  ...common,
  entryPoints: {
    "main/main": "electron/main/main.ts",
    "engine/engine": "electron/engine/process/engine-process.ts",
    "engine/model-probe-child": "electron/engine/onnx/probe/model-probe-child.ts",
    "engine/probe-guard": "electron/engine/onnx/probe/probe-guard.ts",
    "engine/search-worker": "electron/engine/search/search-worker.ts",
  },
  outExtension: { ".js": ".cjs" },
  platform: "node",
  format: "cjs",
  target: "node18",
  external: ["electron", "onnxruntime-node", "sharp"],
  define: { "import.meta.url": "bundleUrl" },
  banner: { js: 'const bundleUrl = require("node:url").pathToFileURL(__filename).href;' },
});

/** A sandboxed preload script knows no file name and can require Electron alone. */
const preload = build({
  ...common,
  entryPoints: { preload: "electron/preload.ts" },
  outExtension: { ".js": ".cjs" },
  platform: "browser",
  format: "cjs",
  target: "chrome114",
  external: ["electron"],
});

const renderer = build({
  ...common,
  outdir: "dist/renderer",
  entryPoints: { main: "renderer/main.tsx", "layout-worker": "renderer/graph/geometry/layout-worker.ts" },
  platform: "browser",
  format: "esm",
  target: "chrome114",
  jsx: "automatic",
  // renderer/ui/jsx-runtime.ts, by the imports of package.json.
  jsxImportSource: "#window",
  alias: { "react-remove-scroll": "./renderer/ui/remove-scroll.tsx" },
  minify: true,
  define: { "process.env.NODE_ENV": '"production"' },
  // Shared pieces lie in a cascade layer below the modules that compose them, so the order of files doesn't matter.
  logOverride: { "undefined-composes-from": "silent" },
});

const { metafile } = await commandLine;
for (const name of readdirSync("dist"))
  if (/^chunk-/.test(name) && !(`dist/${name}` in metafile.outputs)) rmSync(`dist/${name}`);
await Promise.all([desktop, preload, renderer]);
mkdirSync("dist/renderer", { recursive: true });
cpSync("renderer/index.html", "dist/renderer/index.html");
