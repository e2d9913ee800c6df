// Compiles the sweep kernel to WebAssembly and writes its bytes into a module, if the source is newer. Bytes in a
// module load alike in Node, in a worker and in a window, without a file to find.
import { existsSync, mkdirSync, statSync, writeFileSync } from "node:fs";
import asc from "assemblyscript/asc";

const source = "shared/evaluate/kernel/assembly/sweep-kernel.ts";
const target = "shared/evaluate/kernel/gen/sweep-kernel-bytes.ts";

export async function buildKernel() {
  if (existsSync(target) && statSync(target).mtimeMs >= statSync(source).mtimeMs) return;
  const flags = ["--runtime", "stub", "--enable", "simd", "-O3", "--noAssert", "--importMemory"];
  let binary;
  const { error, stderr } = await asc.main([source, "--outFile", "kernel.wasm", ...flags], {
    writeFile: (_name, contents) => {
      binary = contents;
    },
  });
  if (error) throw new Error(`${source} doesn't compile:\n${stderr.toString()}`);
  mkdirSync("shared/evaluate/kernel/gen", { recursive: true });
  writeFileSync(
    target,
    `// Written by shared/evaluate/kernel/assembly/build-kernel.mjs.\nexport const sweepKernelBytes = Uint8Array.of(${binary.join()});\n`,
  );
}
