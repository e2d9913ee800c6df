import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { exactShareInterval } from "../../../shared/base/binomial.ts";
import { cancelledError, type Job, silentJob } from "../../../shared/base/job.ts";
import type { BackboneCheck } from "../../../shared/model/backbone-check.ts";
import { preprocessSchema } from "../../../shared/model/preprocess.ts";
import { temporaryFolder } from "../../disk/testing/temporary-folder.ts";
import { encodeNpz } from "../base/npz.ts";
import { type DataRequest, openData } from "../dataset/open/open-data.ts";
import type { Backbone } from "../onnx/backbone.ts";
import { node } from "../onnx/graph-builder.ts";
import { floatTensor } from "../onnx/tensors.ts";
import { importProto } from "../onnx/testing/test-backbone.ts";
import {
  brightness,
  colourNetwork,
  plainImages,
  strongestColour,
} from "../stages/testing/test-colour-network.ts";
import { checkBackbone, refuseChance } from "./check-backbone.ts";

const colours = [
  [200, 20, 20],
  [20, 200, 20],
  [20, 20, 200],
] as const;

/** An array file of red, green and blue images in turn, with these labels in turn; a fifth of it is for testing. */
async function colourData(perColour: number, labels: readonly number[], floats = false): Promise<string> {
  const count = 3 * perColour;
  const bytes = plainImages(Array.from({ length: count }, (_, at) => colours[at % 3]));
  const arrays = {
    x: { shape: [count, 4, 4, 3], data: floats ? Float32Array.from(bytes, (byte) => byte / 255) : bytes },
    y: { shape: [count], data: Int32Array.from({ length: count }, (_, at) => labels[at % 3]) },
  };
  const path = join(await temporaryFolder(), "data.npz");
  await writeFile(path, encodeNpz(arrays));
  return path;
}

const unit = preprocessSchema.parse({});

async function checked(
  backbone: Backbone,
  request: Partial<DataRequest> & Pick<DataRequest, "path">,
  job: Job = silentJob,
  seconds?: number,
): Promise<BackboneCheck> {
  const filled = { preprocess: unit, splits: {}, ...request };
  const data = await openData(backbone, filled, silentJob);
  try {
    return await checkBackbone(backbone, data, filled.preprocess, job, seconds);
  } finally {
    await data.source.close();
  }
}

describe("checkBackbone", () => {
  it("measures the backbone on training images and finds nothing better than all right", async () => {
    const backbone = await importProto(colourNetwork(strongestColour));
    // Of 300 images 60 % are for training.
    const check = await checked(backbone, { path: await colourData(100, [0, 1, 2]) });
    expect(check).toEqual({
      images: 180,
      accuracy: 1,
      // All of 180: the low end is 0.025^(1/180).
      interval: [expect.closeTo(0.025 ** (1 / 180), 9), 1],
      chance: 1 / 3,
      alternatives: [],
    });
    expect(() => refuseChance(check)).not.toThrow();
  });

  it("looks at 500 images at most", async () => {
    const backbone = await importProto(colourNetwork(strongestColour));
    const { images } = await checked(backbone, { path: await colourData(300, [0, 1, 2]) });
    expect(images).toBe(500);
  });

  it("looks at fifty and tries nothing else where there is no time", async () => {
    const backbone = await importProto(colourNetwork(strongestColour));
    const path = await colourData(300, [2, 1, 0]);
    const hurried = await checked(backbone, { path }, silentJob, 1e-9);
    expect(hurried.images).toBe(50);
    // Red and blue are called each other's name: which orders of the classes fit costs no pass, other pixels do.
    expect(hurried.accuracy).toBeLessThan(0.5);
    expect(hurried.alternatives.every(({ remedy }) => !remedy.includes("--preprocess"))).toBe(true);
    const unhurried = await checked(backbone, { path }, silentJob, 1e6);
    expect(unhurried.images).toBe(500);
    expect(unhurried).toEqual(await checked(backbone, { path }));
  });

  it("finds that red and blue are swapped", async () => {
    const backbone = await importProto(colourNetwork(strongestColour));
    const preprocess = preprocessSchema.parse({ channels: "bgr" });
    const check = await checked(backbone, { path: await colourData(100, [0, 1, 2]), preprocess });
    // Green alone is right: 60 of 180.
    expect(check.accuracy).toBeCloseTo(1 / 3, 12);
    expect(check.interval).toEqual(exactShareInterval(60, 180, 0.05));
    expect(check.alternatives[0]).toEqual({
      what: "channels as RGB",
      accuracy: 1,
      remedy: "--preprocess unit",
      preprocess: unit,
    });
    expect(() => refuseChance(check)).toThrow(
      expect.objectContaining({
        code: "backbone-at-chance",
        message:
          "the backbone is right on 33.3 % of 180 training images (95 %: 26.5 to 40.7), which is no better than " +
          "guessing (33.3 %); with channels as RGB it would be 100.0 %",
        details: { missing: "trainAnyway", remedy: "--preprocess unit" },
      }),
    );
  });

  it("leaves out the scales that the network fails on", async () => {
    const proto = colourNetwork(strongestColour);
    const { graph } = proto;
    graph.node.at(-1)!.output = ["raw"];
    // Looks up entry 0 of 1 for pixels of 0 to 1, and entry 2 for 0 to 255.
    graph.node.push(
      node("ReduceMax", ["second"], ["largest"], { keepdims: 0 }),
      node("Div", ["largest", "hundred"], ["entry"]),
      node("Cast", ["entry"], ["index"], { to: 7 }),
      node("Gather", ["table", "index"], ["nothing"]),
      node("Add", ["raw", "nothing"], ["scores"]),
    );
    graph.initializer.push(floatTensor("hundred", [100], []), floatTensor("table", [0], [1]));
    const backbone = await importProto(proto);
    const path = await colourData(100, [0, 1, 2]);
    const swapped = await checked(backbone, {
      path,
      preprocess: preprocessSchema.parse({ channels: "bgr" }),
    });
    expect(swapped.alternatives[0]).toMatchObject({ what: "channels as RGB", accuracy: 1 });
    const asBytes = checked(backbone, { path, preprocess: preprocessSchema.parse({ scale: 1 }) });
    await expect(asBytes).rejects.toMatchObject({
      code: "model-unsupported",
      message: expect.stringMatching(/^ONNX Runtime failed while running the network on an image: .*Gather/),
    });
  });

  it("finds that pixels should be scaled, also where arrays hold 0 to 1", async () => {
    const backbone = await importProto(colourNetwork(brightness));
    const count = 200;
    const bytes = plainImages(
      Array.from({ length: count }, (_, at) => (at % 2 ? [220, 220, 220] : [20, 20, 20])),
    );
    const labels = { shape: [count], data: Int32Array.from({ length: count }, (_, at) => at % 2) };
    const folder = await temporaryFolder();
    await writeFile(
      join(folder, "bytes.npz"),
      encodeNpz({ x: { shape: [count, 4, 4, 3], data: bytes }, y: labels }),
    );
    const floats = Float32Array.from(bytes, (byte) => byte / 255);
    await writeFile(
      join(folder, "unit.npz"),
      encodeNpz({ x: { shape: [count, 4, 4, 3], data: floats }, y: labels }),
    );
    // 20 is far above 1/2: everything is bright.
    const raw = await checked(backbone, {
      path: join(folder, "bytes.npz"),
      preprocess: preprocessSchema.parse({ scale: 1 }),
    });
    expect(raw.accuracy).toBe(0.5);
    expect(raw.alternatives[0]).toMatchObject({
      what: "pixels scaled to 0 to 1",
      accuracy: 1,
      preprocess: unit,
    });
    const wide = await checked(backbone, {
      path: join(folder, "unit.npz"),
      preprocess: preprocessSchema.parse({ scale: 255 }),
    });
    expect(wide.alternatives[0]).toMatchObject({
      what: "pixels scaled to 0 to 1",
      accuracy: 1,
      preprocess: unit,
    });
    expect((await checked(backbone, { path: join(folder, "unit.npz") })).accuracy).toBe(1);
  });

  it("finds that the classes stand in another order", async () => {
    const backbone = await importProto(colourNetwork(strongestColour));
    // The model's classes are a, b, c; the list says b, a, c, so that images of "a" (red) bear 1.
    const classes = { chosen: { names: ["b", "a", "c"], from: "list.txt" } };
    const check = await checked(backbone, { path: await colourData(100, [1, 0, 2]), classes });
    expect(check.accuracy).toBeCloseTo(1 / 3, 12);
    expect(check.alternatives).toEqual([
      {
        what: "classes sorted by name (a, b, c)",
        accuracy: 1,
        // The list only names the numbers, so another list of these names would change nothing.
        remedy: "--classes with a file that lists 1, 0, 2, one a line",
        classNames: ["a", "b", "c"],
      },
    ]);
    const told = { chosen: { names: ["1", "0", "2"], from: "numbers.txt" } };
    const turned = await checked(backbone, { path: await colourData(100, [1, 0, 2]), classes: told });
    expect(turned.accuracy).toBe(1);
    expect(turned.ownOrder).toEqual({ accuracy: expect.closeTo(1 / 3, 12), moved: 2 });
    const mended = { chosen: { names: ["a", "b", "c"], from: "the list" } };
    const folder = await colourData(100, [0, 1, 2]);
    expect((await checked(backbone, { path: folder, classes: mended })).accuracy).toBe(1);
  });

  it("finds an order that nobody has named in the answers themselves, and judges it on other images", async () => {
    const backbone = await importProto(colourNetwork(strongestColour));
    // Red bears 2, which the list calls a; the backbone answers it with 0.
    const classes = { chosen: { names: ["c", "b", "a"], from: "list.txt" } };
    const check = await checked(backbone, { path: await colourData(100, [1, 2, 0]), classes });
    expect(check.accuracy).toBe(0);
    expect(check.alternatives).toEqual([
      {
        what: "classes in the order that it answers them (b, a, c)",
        accuracy: 1,
        remedy: "--classes with a file that lists 1, 2, 0, one a line",
        classNames: ["b", "a", "c"],
      },
    ]);
  });

  it("goes by the names in the model's metadata", async () => {
    const metadata = { names: "{0: 'red', 1: 'green', 2: 'blue'}" };
    const backbone = await importProto(colourNetwork({ ...strongestColour, metadata }));
    const path = await colourData(100, [0, 1, 2]);
    const data = await openData(backbone, { path, preprocess: unit, splits: {} }, silentJob);
    expect(data.source.classNames).toEqual(["red", "green", "blue"]);
    await data.source.close();
  });

  it("takes guessing among the classes that have images as chance", async () => {
    const names = Array.from({ length: 10 }, (_, at) => `class ${at}`);
    const weights = Array.from({ length: 30 }, (_, at) => (at % 10 === Math.floor(at / 10) ? 1 : 0));
    const backbone = await importProto(colourNetwork({ weights, biases: new Array(10).fill(0) }));
    const classes = { chosen: { names, from: "list.txt" } };
    const check = await checked(backbone, { path: await colourData(100, [0, 1, 2]), classes });
    expect(check).toMatchObject({ accuracy: 1, chance: 1 / 3 });
  });

  it("says nothing from a handful of images", async () => {
    const backbone = await importProto(colourNetwork(strongestColour));
    const check = await checked(backbone, {
      path: await colourData(20, [1, 2, 0]),
      splits: { trainLimit: 29 },
    });
    expect(check).toMatchObject({ images: 29, accuracy: 0, alternatives: [] });
    expect(() => refuseChance(check)).not.toThrow();
  });

  it("stops when it is told to", async () => {
    const backbone = await importProto(colourNetwork(strongestColour));
    let pauses = 0;
    const job: Job = {
      report: () => {},
      pause: async () => {
        if (++pauses > 2) throw cancelledError();
      },
    };
    const path = await colourData(100, [1, 0, 2]);
    await expect(checked(backbone, { path }, job)).rejects.toMatchObject({ code: "cancelled" });
  });
});
