import { expect, test } from "vitest";
import { preprocessPresets, preprocessSchema } from "../../shared/model/preprocess.ts";
import {
  likelyPreset,
  presetOf,
  presetsFor,
  readNumbers,
  readScale,
  readSize,
  writeNumbers,
  writeScale,
  writeSize,
} from "./preprocess-text.ts";

const value = (read: { ok: boolean; value?: unknown }) => (read.ok ? read.value : "refused");

test("sizes: one side, height x width, or nothing", () => {
  expect(value(readSize(" 256 "))).toBe(256);
  expect(value(readSize("224x320"))).toEqual([224, 320]);
  expect(value(readSize("224 × 320"))).toEqual([224, 320]);
  expect(value(readSize(""))).toBeUndefined();
  for (const bad of ["0", "-1", "1.5", "a", "16385", "1x2x3", "x", "3x", "1e3"])
    expect(value(readSize(bad)), bad).toBe("refused");
});

test("numbers: one to four, apart by commas or spaces", () => {
  expect(value(readNumbers("0.485, 0.456 0.406"))).toEqual([0.485, 0.456, 0.406]);
  expect(value(readNumbers("-1"))).toEqual([-1]);
  for (const bad of ["", "a", "1, b", "1 2 3 4 5", "Infinity", "NaN"])
    expect(value(readNumbers(bad)), bad).toBe("refused");
  expect(value(readNumbers("0", { above: 0 }))).toBe("refused");
  expect(value(readNumbers("0.1, 0", { above: 0 }))).toBe("refused");
});

test("a scale may be a fraction", () => {
  expect(value(readScale("1/255"))).toBe(1 / 255);
  expect(value(readScale("0.5"))).toBe(0.5);
  for (const bad of ["", "/", "1/", "1/0", "0", "-1", "1/2/3", "a"])
    expect(value(readScale(bad)), bad).toBe("refused");
});

test("what is written is read back as it was", () => {
  for (const { preprocess } of preprocessPresets) {
    const again = {
      ...preprocess,
      resize: value(readSize(writeSize(preprocess.resize))),
      centreCrop: value(readSize(writeSize(preprocess.centreCrop))),
      scale: value(readScale(writeScale(preprocess.scale))),
      mean: value(readNumbers(writeNumbers(preprocess.mean))),
      standardDeviation: value(readNumbers(writeNumbers(preprocess.standardDeviation), { above: 0 })),
    };
    expect(presetOf(preprocessSchema.parse(again))?.preprocess).toEqual(preprocess);
  }
});

test("presets that fit a model's channels; where to start for its input", () => {
  expect(presetsFor(1).map(({ id }) => id)).toEqual(["mnist", "fashion-mnist", "unit", "none"]);
  expect(presetsFor(3).map(({ id }) => id)).toContain("imagenet");
  expect(likelyPreset({ channels: 3, height: 224 }).id).toBe("imagenet");
  expect(likelyPreset({ channels: 3, height: 32 }).id).toBe("cifar");
  expect(likelyPreset({ channels: 1, height: 28 }).id).toBe("unit");
});
