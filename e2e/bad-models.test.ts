import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import sharp from "sharp";
import { beforeAll, describe, expect, test } from "vitest";
import { encodeModel } from "../electron/engine/onnx/codec.ts";
import type { ModelProto } from "../electron/engine/onnx/gen/onnx_pb.ts";
import { endless, hungry } from "../electron/engine/onnx/testing/hostile-models.ts";
import { childrenOf } from "./testing/children.ts";
import {
  expectRefusal,
  finishedRun,
  offramp,
  ownFolder,
  shared,
  smallData,
  smallRun,
  start,
} from "./testing/command-line.ts";
import { detector, languageModel, withExternalData, withoutConvolution } from "./testing/odd-models.ts";

const { path } = ownFolder();

beforeAll(async () => {
  const model = await readFile(shared("model.onnx"));
  const whiteSquare = { width: 8, height: 8, channels: 3, background: "white" } as const;
  await mkdir(path("model"));
  const files: Record<string, Uint8Array | string | ModelProto> = {
    "empty.onnx": "",
    "half.onnx": model.subarray(0, model.length / 2),
    "almost.onnx": model.subarray(0, -1),
    "text.onnx": "This is not a model.\n".repeat(20),
    "picture.onnx": await sharp({ create: whiteSquare }).png().toBuffer(),
    "checkpoint.onnx": Buffer.from("PK\x03\x04archive/data.pkl", "latin1"),
    "detector.onnx": detector(),
    "language.onnx": languageModel(),
    "dense.onnx": withoutConvolution(),
    "outside.onnx": withExternalData("../secret.bin"),
    "absolute.onnx": withExternalData("/etc/hostname"),
    "missing-weights.onnx": withExternalData("weights.bin"),
    "hungry.onnx": hungry(1e15),
  };
  for (const [name, content] of Object.entries(files)) {
    const isProto = typeof content === "object" && "$typeName" in content;
    await writeFile(path(name), isProto ? encodeModel(content) : content);
  }
  await writeFile(path("..", "secret.bin"), new Uint8Array(32 * 3 * 9 * 4));
});

describe("a file that is no model is refused, and the message says what it is instead", () => {
  test.concurrent.each([
    ["no-such.onnx", /no-such\.onnx does not exist; expected an ONNX file/],
    ["model", /model is a folder; expected an ONNX file/],
    ["empty.onnx", /empty\.onnx is empty \(0 bytes\)/],
    ["half.onnx", /half\.onnx is not an ONNX model, or is cut short/],
    ["almost.onnx", /almost\.onnx is not an ONNX model, or is cut short/],
    ["text.onnx", /text\.onnx is not an ONNX model/],
    ["picture.onnx", /picture\.onnx is not an ONNX model: it is a PNG image/],
    ["checkpoint.onnx", /it is a ZIP archive \(PyTorch checkpoints/],
  ])("%s", (name, says) => expectRefusal(["inspect", path(name)], { says }));

  test("a device", () =>
    expectRefusal(["inspect", "/dev/zero"], { says: /\/dev\/zero is not a regular file/ }));
});

describe("a model that is no image classifier is refused, and the message says what was expected", () => {
  test.concurrent.each([
    [
      "detector.onnx",
      /no image classifier: its outputs are .*float32 \[1, 256, 4\].*; expected class scores/,
    ],
    ["language.onnx", /reads tokens: int64 \[\?, \?\]; expected an image/],
    ["dense.onnx", /no convolution|no place to cut/],
  ])("%s", (name, says) => expectRefusal(["inspect", path(name)], { says }));

  test("our own export", async () => {
    const run = await finishedRun();
    const says = /is an early-exit network that Offramp exported; open the model it was made from/;
    await expectRefusal(["inspect", join(run.folder, "model.onnx")], { says });
  });
});

describe("external data stays inside the model's folder", () => {
  test.concurrent.each([
    ["outside.onnx", /wants its data from "\.\.\/secret\.bin", which leads out of the folder/],
    ["absolute.onnx", /wants its data from "\/etc\/hostname", which is absolute/],
    ["missing-weights.onnx", /weights\.bin/],
  ])("%s", (name, says) => expectRefusal(["inspect", path(name)], { says }));
});

describe("a model that ONNX Runtime doesn't survive ends only a child process", () => {
  test("one that asks for more memory than there can be", () =>
    expectRefusal(["inspect", path("hungry.onnx")], {
      says: /hungry\.onnx: ONNX Runtime's process ran out of memory while running the model/,
    }));

  test.skipIf(process.platform !== "linux")("one that crashes it", async () => {
    await writeFile(path("endless.onnx"), encodeModel(endless()));
    const { child, finished } = start(["inspect", path("endless.onnx"), "--quiet"]);
    // What a crash looks like from outside: the process that runs the model is gone, by this signal.
    process.kill(await childRunning(child.pid!), "SIGSEGV");
    expect(await finished).toEqual({
      code: 1,
      stdout: "",
      stderr:
        "offramp: endless.onnx: ONNX Runtime's process died of SIGSEGV while running the model; the file may be damaged\n",
    });
  });
});

test("every command that takes a model refuses bad ones, before it makes anything", async () => {
  const out = path("results", "deep");
  const says = /half\.onnx is not an ONNX model, or is cut short/;
  for (const args of [
    smallRun(out, path("half.onnx")),
    ["train", path("half.onnx"), ...smallData(), "-o", join(out, "p.offramp")],
    ["profile", path("half.onnx"), "-o", join(out, "p.json")],
  ])
    await expectRefusal(args, { says });
  expect(existsSync(path("results"))).toBe(false);
});

test("a model of fixed batch size goes through all stages", async () => {
  const out = path("fixed");
  const { code, stderr } = await offramp([...smallRun(out, shared("fixed.onnx")), "--max-drop", "2"]);
  expect(code, stderr).toBe(0);
  expect(await readdir(out)).toContain("summary.json");
});

/** Process id of the working process's child once it has begun to run the model, which it does at full speed. */
async function childRunning(launcher: number): Promise<number> {
  for (;;) {
    const [worker] = await childrenOf(launcher);
    const [child] = worker ? await childrenOf(worker) : [];
    if (child && (await processorSeconds(child)) > 1) return child;
    await delay(50);
  }
}

async function processorSeconds(pid: number): Promise<number> {
  const fields = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => "");
  const [user, system] = fields.split(" ").slice(13, 15).map(Number);
  return (user + system) / 100;
}
