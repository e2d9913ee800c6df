// Generates the ONNX codec if onnx.proto is newer, then bundles the command line and the engine's child process
// into dist/; packages stay external. Files are replaced in place, so a running build doesn't disturb a running app.
import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, rmSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { build } from "esbuild";

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

const { metafile } = await build({
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
  metafile: true,
  logLevel: "warning",
});
for (const name of readdirSync("dist"))
  if (/^chunk-/.test(name) && !(`dist/${name}` in metafile.outputs)) rmSync(`dist/${name}`);
