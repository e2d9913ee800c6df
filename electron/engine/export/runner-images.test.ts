import { spawnSync } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { describe, expect, it, onTestFinished } from "vitest";
import { seededRandom } from "../../../shared/base/random.ts";
import type { BackboneInput } from "../../../shared/model/backbone.ts";
import { findOnnxruntime } from "../../runtime/ensure-onnxruntime.mjs";
import { findPython, noPython } from "../../runtime/ensure-python.mjs";
import { assetPath } from "../base/assets.ts";
import type { RawImage } from "../dataset/images/raw-image.ts";
import { frameImage } from "../dataset/splits/image-geometry.ts";
import { inputArray, pixelWriter } from "../dataset/splits/input-pixels.ts";
import { parsePreprocess } from "../dataset/splits/preprocess.ts";
import { imageTensor } from "../dataset/splits/run-images.ts";
import { importProto } from "../onnx/testing/test-backbone.ts";
import { describeImages } from "./describe-networks.ts";
import type { DesignImage } from "./design.ts";
import { testNetworks } from "./testing/test-networks.ts";

const imagenet = { mean: [0.485, 0.456, 0.406], standardDeviation: [0.229, 0.224, 0.225] };
const size: Partial<BackboneInput> = { height: 14, width: 18 };

/** What a network reads, and the preprocessing that is stated for it. */
const cases: readonly [string, Partial<BackboneInput>, Parameters<typeof parsePreprocess>[0]][] = [
  ["float32, as it is", { height: 23, width: 37 }, imagenet],
  ["channels last, swapped", { ...size, layout: "NHWC" }, { ...imagenet, resize: [14, 18], channels: "bgr" }],
  ["the shorter side, cropped", { height: 14, width: 14 }, { ...imagenet, resize: 16, centreCrop: 14 }],
  ["enlarged", { height: 50, width: 60 }, { ...imagenet, resize: [50, 60], interpolation: "bicubic" }],
  ["bicubic", size, { ...imagenet, resize: [14, 18], interpolation: "bicubic" }],
  ["nearest", size, { ...imagenet, resize: [14, 18], interpolation: "nearest" }],
  ["bilinear without antialias", size, { resize: [14, 18], antialias: false }],
  ["bicubic without antialias", size, { resize: [14, 18], antialias: false, interpolation: "bicubic" }],
  [
    "one channel",
    { ...size, channels: 1 },
    { mean: [0.1307], standardDeviation: [0.3081], resize: [14, 18] },
  ],
  ["grey in three channels", size, { ...imagenet, channels: "grey", resize: [14, 18] }],
  ["flat", { ...size, channels: 1, dims: [1, 252] }, { resize: [14, 18] }],
  ["float16", { ...size, type: "float16" }, { ...imagenet, resize: [14, 18] }],
  ["float64", { ...size, type: "float64" }, { ...imagenet, resize: [14, 18] }],
  ["bytes", { ...size, type: "uint8" }, { ...imagenet, resize: [14, 18] }],
  ["signed bytes", { ...size, type: "int8" }, { ...imagenet, resize: [14, 18] }],
  [
    "whole numbers in pixels",
    { ...size, type: "int32" },
    { scale: 1, mean: [100, 110, 120], resize: [14, 18] },
  ],
  [
    "steps that the graph undoes",
    { ...size, type: "int8", quantisation: { scale: 0.05, zeroPoint: -10 } },
    { mean: [0.5], standardDeviation: [0.25], resize: [14, 18] },
  ],
];

const random = seededRandom(4);
const picture: RawImage = {
  width: 37,
  height: 23,
  channels: 3,
  data: Uint8Array.from({ length: 37 * 23 * 3 }, (_, at) => 128 + 100 * Math.sin(at / 40) + 27 * random()),
};

const backbone = await importProto(testNetworks[0].proto);

/** What the network is given of the picture, as the engine makes it, and what an export says of it. */
function givenOf(changes: Partial<BackboneInput>, options: unknown) {
  const input = { ...backbone.summary.input, channels: 3, ...changes };
  const summary = { ...backbone.summary, input };
  const preprocess = parsePreprocess(options, "p");
  const into = inputArray(input, 1);
  pixelWriter(preprocess, input).write(frameImage(picture, preprocess, input, "p"), into, 0, "p");
  const image: DesignImage = { name: "image", backbone, input, preprocess };
  const [described] = JSON.parse(JSON.stringify(describeImages({ images: [image] }, null)));
  return { expected: imageTensor(summary, into, 1), described };
}

describe.each(cases)("a picture for %s", (_, changes, options) => {
  it("is made by images.mjs as the engine makes it", async () => {
    const { expected, described } = givenOf(changes, options);
    const { makeInput } = await import(pathToFileURL(assetPath("runners", "images.mjs")).href);
    const { data, dims } = makeInput(picture, described);
    expect(dims).toEqual(expected.dims);
    expect(data).toEqual(expected.data);
  });
});

/** For another language: what is given of each case, in a folder, and the picture's pixels. */
async function givenFolder() {
  const folder = await mkdtemp(join(tmpdir(), "offramp-images-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const given = cases.map(([, changes, options]) => givenOf(changes, options));
  await writeFile(join(folder, "images.json"), JSON.stringify(given.map(({ described }) => described)));
  await writeFile(join(folder, "picture"), picture.data as Uint8Array);
  return { folder, given };
}

/** Compares files that are called by the cases' numbers, and the dimensions that were said line by line. */
async function expectMade({ folder, given }: Awaited<ReturnType<typeof givenFolder>>, said: string) {
  for (const [number, { expected }] of given.entries()) {
    const label = cases[number][0];
    expect(JSON.parse(said.split("\n")[number]), label).toEqual(expected.dims);
    const bytes = await readFile(join(folder, `${number}`));
    const { buffer, byteOffset, byteLength } = expected.data as Uint8Array;
    expect(bytes.equals(Buffer.from(buffer, byteOffset, byteLength)), label).toBe(true);
  }
}

it("is made by images.py as the engine makes it", async (context) => {
  const python = findPython("numpy")!;
  context.skip(!python, noPython("numpy"));
  const given = await givenFolder();
  const program = `
import json, sys
import numpy as np
sys.dont_write_bytecode = True
sys.path.insert(0, sys.argv[1])
from images import make_input
picture = np.fromfile("picture", np.uint8).reshape(${picture.height}, ${picture.width}, 3)
for number, image in enumerate(json.load(open("images.json"))):
    made = make_input(picture, image)
    made.tofile(str(number))
    print(json.dumps(made.shape))
`;
  const runners = dirname(assetPath("runners", "images.py"));
  const { status, stdout, stderr } = spawnSync(python, ["-c", program, runners], {
    cwd: given.folder,
    encoding: "utf8",
  });
  expect(status, stderr).toBe(0);
  await expectMade(given, stdout);
});

it("is made by offramp.hpp as the engine makes it", async (context) => {
  const kit = findOnnxruntime();
  context.skip(
    !kit,
    "C++ and ONNX Runtime's headers aren't there; see electron/runtime/ensure-onnxruntime.mjs",
  );
  const given = await givenFolder();
  const program = `
#include "offramp.hpp"
#include <iostream>
std::string read(const char* path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}
int main() {
  const std::string bytes = read("picture");
  const offramp::Picture picture{${picture.height}, ${picture.width}, {bytes.begin(), bytes.end()}};
  int number = 0;
  for (const auto& image : offramp::read_images(offramp::Json::parse(read("images.json")))) {
    const Ort::Value made = offramp::make_input(picture, image);
    const auto shape = made.GetTensorTypeAndShapeInfo().GetShape();
    for (std::size_t axis = 0; axis < shape.size(); axis++) std::cout << (axis ? "," : "[") << shape[axis];
    std::cout << "]\\n";
    const std::size_t size = image.type.back() == '8' ? 1 : image.type == "float16" ? 2 : image.type == "float64" ? 8 : 4;
    std::ofstream file(std::to_string(number++), std::ios::binary);
    file.write(made.GetTensorData<char>(), size * made.GetTensorTypeAndShapeInfo().GetElementCount());
  }
}
`;
  await writeFile(join(given.folder, "make.cpp"), program);
  const headers = [dirname(assetPath("runners", "cpp", "offramp.hpp")), kit!.include];
  const { library } = kit!;
  const flags = ["-std=c++17", "-ffp-contract=off", ...headers.flatMap((folder) => ["-I", folder])];
  const linked = [library, `-Wl,-rpath,${dirname(library)}`, "-o", "make"];
  const built = spawnSync("c++", [...flags, "make.cpp", ...linked], { cwd: given.folder, encoding: "utf8" });
  expect(built.status, built.stderr).toBe(0);
  const { status, stdout, stderr } = spawnSync("./make", { cwd: given.folder, encoding: "utf8" });
  expect(status, stderr).toBe(0);
  await expectMade(given, stdout);
});
