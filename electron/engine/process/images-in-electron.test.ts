import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { projectRoot } from "../../runtime/electron-folder.mjs";

const guard = fileURLToPath(new URL("./images-in-electron.cjs", import.meta.url));

/** Which build of sharp a process takes that holds itself for Electron or not, and the first pixel that it reads back. */
function imagesIn(versions: Record<string, string>) {
  const script = `
    Object.defineProperty(process, "versions", { value: { ...process.versions, ...${JSON.stringify(versions)} } });
    require(${JSON.stringify(guard)});
    const sharp = require("sharp");
    const image = sharp({ create: { width: 4, height: 4, channels: 3, background: "#ff8800" } });
    image.png().toBuffer().then((png) => sharp(png).raw().toBuffer()).then((pixels) =>
      console.log(JSON.stringify({ wasm: "emscripten" in sharp.versions, pixel: [...pixels.subarray(0, 3)] })));`;
  const stdio: ["ignore", "pipe", "ignore"] = ["ignore", "pipe", "ignore"];
  return JSON.parse(
    execFileSync(process.execPath, ["-e", script], { encoding: "utf8", stdio, cwd: projectRoot }),
  );
}

test("in Electron on Linux, and only there, images are read by the WebAssembly build", () => {
  const wasm = process.platform === "linux";
  expect(imagesIn({ electron: "45.4.1" })).toEqual({ wasm, pixel: [255, 136, 0] });
  expect(imagesIn({})).toEqual({ wasm: false, pixel: [255, 136, 0] });
});
