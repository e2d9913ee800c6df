import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { BackboneInput } from "../../../../shared/model/backbone.ts";
import { preprocessPresets } from "../../../../shared/model/preprocess.ts";
import { temporaryFolder } from "../../../disk/testing/temporary-folder.ts";
import { checkPreprocess, loadPreprocess, parsePreprocess } from "./preprocess.ts";

describe("preprocessing", () => {
  it("finds every preset by name", async () => {
    expect(preprocessPresets.map(({ id }) => id)).toEqual([
      "imagenet",
      "cifar",
      "mnist",
      "fashion-mnist",
      "unit",
      "none",
    ]);
    for (const { id, preprocess } of preprocessPresets) expect(await loadPreprocess(id)).toBe(preprocess);
    expect(await loadPreprocess("imagenet")).toEqual({
      resize: 256,
      interpolation: "bilinear",
      antialias: true,
      exifOrientation: false,
      centreCrop: 224,
      scale: 1 / 255,
      mean: [0.485, 0.456, 0.406],
      standardDeviation: [0.229, 0.224, 0.225],
      channels: "rgb",
    });
    expect(await loadPreprocess("none")).toMatchObject({ scale: 1, mean: [0], standardDeviation: [1] });
  });

  it("names the presets when it knows none of that name", async () => {
    await expect(loadPreprocess("imagnet")).rejects.toMatchObject({
      code: "usage",
      message:
        'unknown preprocessing "imagnet": use one of imagenet, cifar, mnist, fashion-mnist, unit, none, or the path of a JSON file',
    });
  });

  it("reads a JSON file and fills in the defaults", async () => {
    const folder = await temporaryFolder({ "p.json": '{"resize": [30, 40], "channels": "bgr"}' });
    expect(await loadPreprocess(join(folder, "p.json"))).toEqual({
      resize: [30, 40],
      interpolation: "bilinear",
      antialias: true,
      exifOrientation: false,
      scale: 1 / 255,
      mean: [0],
      standardDeviation: [1],
      channels: "bgr",
    });
  });

  it("says what is wrong with a file", async () => {
    const folder = await temporaryFolder({ "bad.json": "{", "p.json": '{"mean": []}' });
    await expect(loadPreprocess(join(folder, "none.json"))).rejects.toMatchObject({ code: "file-not-found" });
    await expect(loadPreprocess(folder)).rejects.toMatchObject({ code: "file-unreadable" });
    await expect(loadPreprocess(join(folder, "bad.json"))).rejects.toThrow(/bad\.json: is no JSON/);
    await expect(loadPreprocess(join(folder, "p.json"))).rejects.toThrow(/p\.json: "mean": /);
  });

  it.each([
    [{ resize: 0.5 }, /"resize": expected a number of pixels from 1 to 16384, or \[height, width\]/],
    [{ centreCrop: [224] }, /"centreCrop": expected/],
    [{ standardDeviation: [1, 0, 1] }, /"standardDeviation\.1": /],
    [{ mean: "0.5" }, /"mean": /],
    [{ channels: "hsv" }, /"channels": /],
    [{ interpolation: "lanczos" }, /"interpolation": /],
    [{ antialias: "no" }, /"antialias": /],
    [{ std: [1] }, /Unrecognized key: "std"/],
    [null, /p\.json: /],
  ])("names the wrong field of %j", (value, message) => {
    expect(() => parsePreprocess(value, "p.json")).toThrow(message);
  });

  it("needs one mean, or one per channel of the model", async () => {
    const grey = { name: "image", channels: 1 } as BackboneInput;
    expect(() => checkPreprocess(parsePreprocess({ mean: [0.1, 0.2, 0.3] }, "p"), grey)).toThrow(
      /mean has 3 values, but the model's input "image" has 1 channels: give one value or 1/,
    );
    expect(() =>
      checkPreprocess(parsePreprocess({ mean: [0.1] }, "p"), { ...grey, channels: 3 }),
    ).not.toThrow();
  });

  it.each([
    [
      { mean: [123.675] },
      /mean: 123\.675 is beyond the scaled pixels' range, 0 to 1: set "scale" to 1, or divide it by 255/,
    ],
    [{ mean: [0.5], standardDeviation: [58.4] }, /standardDeviation: 58\.4 is beyond .*, 0 to 1:/],
    // 255 * 0.017 = 4.335.
    [
      { scale: 0.017, mean: [103.94] },
      /103\.94 is beyond .*, 0 to 4\.335: .*multiply it by the scale, 0\.017/,
    ],
  ])("refuses %j, which no pixel reaches", (value, message) => {
    const input = { name: "image", channels: 3, type: "float32" } as BackboneInput;
    expect(() => checkPreprocess(parsePreprocess(value, "p"), input)).toThrow(message);
    // Bytes are taken as they are.
    expect(() => checkPreprocess(parsePreprocess(value, "p"), { ...input, type: "uint8" })).not.toThrow();
  });

  it.each([
    [{ scale: 1, mean: [123.675], standardDeviation: [58.4] }],
    [{ mean: [1], standardDeviation: [1] }],
    [{ scale: 1 / 127.5, mean: [1] }],
    [{ scale: 1 / 256 }],
    [{ scale: 1 / 65_535, mean: [0.485], standardDeviation: [0.229] }],
  ])("takes %j", (value) => {
    const input = { name: "image", channels: 3, type: "float32" } as BackboneInput;
    expect(() => checkPreprocess(parsePreprocess(value, "p"), input)).not.toThrow();
  });
});
