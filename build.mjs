// Bundles the command line and the engine's child-process entries into dist/; packages stay external.
import { rm } from "node:fs/promises";
import { build } from "esbuild";

await rm("dist", { recursive: true, force: true });
await build({
  entryPoints: {
    "cli/offramp": "electron/cli/offramp.ts",
    "engine/model-probe-child": "electron/engine/onnx/model-probe-child.ts",
  },
  outdir: "dist",
  bundle: true,
  splitting: true,
  platform: "node",
  format: "esm",
  target: "node18",
  packages: "external",
  sourcemap: true,
  logLevel: "warning",
});
